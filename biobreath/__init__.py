"""biobreath: practise slow breathing and see how the heart answers."""

__version__ = "0.1.0"
