"""Numbers about beats and breaths: pure functions on arrays."""
