"""The window: views that ask and paint."""
