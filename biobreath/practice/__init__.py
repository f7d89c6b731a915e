"""What the person practises: pacer and patterns, as pure state."""
