"""Where heartbeats come from: straps, the simulated heart, recordings."""
