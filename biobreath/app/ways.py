"""What the parts of the window's program ask it for; no part knows another's inside."""

from collections.abc import Callable
from typing import Protocol

from biobreath.practice.patterns import Pattern
from biobreath.practice.protocols import Protocol as BreathCourse
from biobreath.session.practice_sitting import PracticeSitting
from biobreath.session.sitting import Sitting
from biobreath.settings import Settings
from biobreath.ui.window import Window


class Ways(Protocol):
    """The program, as its parts see it; used in the window's thread."""

    @property
    def window(self) -> Window:
        """The window as it is dressed now."""
        ...

    @property
    def settings(self) -> Settings:
        """What the person chose."""
        ...

    @property
    def sitting(self) -> Sitting | None:
        """The sitting under way."""
        ...

    @property
    def playing(self) -> PracticeSitting | None:
        """The practice under way."""
        ...

    @property
    def sitting_over(self) -> Callable[[], None]:
        """Called when a sitting has ended and nothing moves on the screen."""
        ...

    def go(self, place: str) -> None:
        """Go to a page, with what is known now on it."""
        ...

    def choose(self, settings: Settings) -> None:
        """Take new settings: they hold at once and are kept."""
        ...

    def notice(self, sentence: str) -> None:
        """Show a quiet line, wherever one is."""
        ...

    def begin(
        self, pattern: Pattern, minutes: int, *, protocol: BreathCourse | None = None
    ) -> None:
        """Begin to breathe, for ``minutes`` (0: as long as one likes) or along a ``protocol``."""
        ...

    def begin_practice(self, pack_id: str, minutes: int, *, flare: bool = False) -> None:
        """Begin a practice, ``minutes`` long (0: all of it); ``flare`` for a hard day."""
        ...

    def breathe_gently(self) -> None:
        """Plan the lighter breath, as somebody told us to be careful."""
        ...

    def connect_pages(self) -> None:
        """Listen to the pages; they are made anew with every theme."""
        ...

    def refresh(self) -> None:
        """Show on the pages what is known and chosen now."""
        ...

    def watch_strap(self) -> None:
        """Open the line to the strap that is remembered, or close it."""
        ...
