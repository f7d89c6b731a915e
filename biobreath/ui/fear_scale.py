"""The person's own number for a step: from at ease to very much on guard."""

from biobreath.ui.rating_scale import RatingScale
from biobreath.ui.theme import Theme

_ASK = "How worried or on guard does this make you?"


def fear_scale(theme: Theme, fear: float | None = None) -> RatingScale:
    """Make the scale, as a part of a form; ``fear`` is what was told before."""
    made = RatingScale(theme, within=True)
    made.ask(_ASK, "At ease", "Very much on guard", 0, 10)
    made.choose(None if fear is None else round(fear))
    return made


def fear_told(value: int | None, before: float) -> float:
    """Return the number told now; what stood there before where nothing new was told."""
    return before if value is None or value == round(before) else float(value)
