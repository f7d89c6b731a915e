"""The shapes there are, by the name that the settings know them by."""

from PySide6.QtWidgets import QWidget

from biobreath.ui.bar_shape import BarShape
from biobreath.ui.breathing_shape import BreathingShape, BreathSource
from biobreath.ui.disc_shape import DiscShape
from biobreath.ui.horizon_shape import HorizonShape
from biobreath.ui.theme import Theme

SHAPES: dict[str, type[BreathingShape]] = {
    "disc": DiscShape,
    "horizon": HorizonShape,
    "bar": BarShape,
}
LITTLE_MOTION = "bar"
"""Whoever chose this shape wants nothing to glide anywhere."""


def make_shape(kind: str, source: BreathSource, theme: Theme, parent: QWidget) -> BreathingShape:
    """Return a new shape of this kind; a disc where the kind is not known."""
    return SHAPES.get(kind, DiscShape)(source, theme, parent)
