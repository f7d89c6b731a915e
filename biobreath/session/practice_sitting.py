"""A sitting with a practice: the player says where it is, the guide and the heart go along."""

from biobreath.practice.patterns import Pattern
from biobreath.practice.player import Player
from biobreath.session.sitting import Sitting
from biobreath.signal.signal_state import UNSURE


class PracticeSitting:
    """Keeps the guide of a sitting where its player is. Owned by one thread.

    Every act goes to the player first; the guide follows at once, so that both tell the same.
    """

    def __init__(self, sitting: Sitting, player: Player) -> None:
        self.sitting = sitting
        self.player = player
        self._pattern: Pattern | None = None
        self._follow()

    def now(self) -> float:
        """Return the session time."""
        return self.sitting.now()

    def tick(self) -> None:
        """Let what time brings happen."""
        self.player.tick(self.now())
        self._follow()

    def pause_or_go_on(self) -> None:
        """Let it all rest where it is, or go on."""
        player, now = self.player, self.now()
        if player.paused:
            player.resume(now)
            if self._pattern is not None:
                self.sitting.go_on()
        else:
            player.pause(now)
            if self._pattern is not None:
                self.sitting.pause()
        self._follow()

    def _follow(self) -> None:
        player = self.player
        wanted = player.pattern(self.now())
        if wanted != self._pattern:
            self._pattern = wanted
            self.sitting.lead(wanted)
        elif wanted is not None and player.paused != self.sitting.paused:
            # A card came or went: time stood still for the breath as well.
            if player.paused:
                self.sitting.pause()
            else:
                self.sitting.go_on()

    @property
    def patchy(self) -> bool:
        """Whether so much of the signal is doubtful that a line would not be true."""
        reading = self.sitting.reading()
        return reading.signal_reason in UNSURE
