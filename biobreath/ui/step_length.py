"""How long a step takes: seconds or minutes, or as long as it takes."""

from biobreath.ui.stepper import Stepper
from biobreath.ui.theme import Theme

_SECONDS = (10, 20, 30, 45)
_MINUTES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 45, 60)
LENGTHS_S = tuple(float(s) for s in (*_SECONDS, *(60 * m for m in _MINUTES)))
OPEN = "as long as it takes"


def lengths_with(seconds: float | None) -> tuple[float, ...]:
    """Return the lengths to choose from, ``seconds`` among them."""
    return tuple(sorted({*LENGTHS_S, *(() if seconds is None else (seconds,))}))


class StepLength(Stepper):
    """A length among many that people use; none at the low end."""

    def __init__(self, theme: Theme, seconds: float | None = None) -> None:
        self._lengths = lengths_with(seconds)
        ends = (0.0, float(len(self._lengths)))
        super().__init__("How long", ends, 1.0, self._say_length, theme)
        self.set_value(0.0 if seconds is None else self._lengths.index(seconds) + 1.0)
        self.refresh()

    @property
    def seconds(self) -> float | None:
        """The length in s; None for as long as it takes."""
        place = round(self.value)
        return None if place == 0 else self._lengths[place - 1]

    def _say_length(self, place: float) -> str:
        if place < 1:
            return OPEN
        minutes, seconds = divmod(round(self._lengths[round(place) - 1]), 60)
        told = (f"{minutes} min" if minutes else "", f"{seconds} s" if seconds else "")
        return " ".join(part for part in told if part)
