"""How much of the heart is shown: four levels, from nothing to numbers."""

from collections.abc import Iterable
from enum import StrEnum


class Display(StrEnum):
    """A level; each shows what the one before it shows, and more."""

    HIDDEN = "hidden"
    """Nothing from the sensor; it is still recorded."""
    AMBIENT = "ambient"
    """The guide, and a halo that follows the breath."""
    WAVE = "wave"
    """The heart's line under the guide, without numbers."""
    NUMBERS = "numbers"

    @property
    def rank(self) -> int:
        """0 for the level that shows least."""
        return list(Display).index(self)

    @property
    def has_wave(self) -> bool:
        """Whether the heart's line is shown."""
        return self.rank >= Display.WAVE.rank


def least(levels: Iterable[Display]) -> Display:
    """Return the level that shows least."""
    return min(levels, key=lambda level: level.rank)


NO_WAVE_FLAGS = frozenset({"hide_heart", "hrv_off"})
"""What a person told of themselves that keeps the heart's line and its numbers away."""


def effective(
    wanted: Display, user: Display, flags: Iterable[str], *, patchy: bool = False
) -> Display:
    """Return what is shown: never more than the part, the person and their flags allow.

    ``patchy`` is a signal with so many doubtful beats that a line would lie.
    """
    levels = [wanted, user]
    if patchy or NO_WAVE_FLAGS.intersection(flags):
        levels.append(Display.AMBIENT)
    return least(levels)
