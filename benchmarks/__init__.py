"""What the program's numbers are worth and what they cost, measured; nothing here is installed."""
