"""What the first sitting needs is loaded before it, while nothing on the screen moves."""

from functools import cache
from importlib import import_module

from biobreath.session.rehearsal import rehearse


@cache
def prepare() -> None:
    """Load the pictures of the heart and all that the analysis will use; once is enough."""
    import_module("biobreath.ui.heart_curve")
    rehearse()
