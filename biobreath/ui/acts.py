"""What a question of a practice can ask the screen to do."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Acts:
    """The ways on from a question."""

    tell: Callable[[Callable[[float], None]], None]
    """Tells the player something at the session time it happens, and shows what follows."""
    go_on: Callable[[], None]
    easier: Callable[[], None]
    edit_ladder: Callable[[], None]
    stop: Callable[[str], None]
    """Stops for a reason."""
    stop_no_more: Callable[[], None]
    """Goes back from the reasons to stop."""
