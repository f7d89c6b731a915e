"""Sound for closed eyes: tones that follow the breath, and a bed under them."""
