"""The verbs of the command line: each works without a window."""
