"""Rings as regions of strips: what is painted of a disc that moved."""

from collections.abc import Iterator
from math import ceil, floor, sqrt
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QRegion

_STRIP_PX = 12
"""Strips of few lines keep a gradient in one thread; waking others costs more than it saves."""
_ROUNDED_PX = 4
"""Rings are rounded outwards to this, so that a breath passes the same few again."""


class Strips(NamedTuple):
    """A region, the rectangles it is made of, and whether it meets what stands in the middle."""

    region: QRegion
    rects: list[QRect]
    over_middle: bool


class Rings:
    """Rings around one point, each made once."""

    def __init__(self, centre: QPoint, within: QRect, middle: QRect) -> None:
        self._centre = centre
        self._within = within
        self._middle = middle
        self._made: dict[tuple[int, int], Strips] = {}

    def between(self, inner: float, outer: float) -> Strips:
        """Return all of a ring, and a little more."""
        borders = floor(inner / _ROUNDED_PX), ceil(outer / _ROUNDED_PX)
        made = self._made.get(borders)
        if made is None:
            made = self._made[borders] = self._cut(*(_ROUNDED_PX * border for border in borders))
        return made

    def _cut(self, inner: int, outer: int) -> Strips:
        rects = [strip.translated(self._centre) for strip in _strips(inner, outer)]
        region = QRegion()
        for rect in rects:
            region += rect.intersected(self._within)
        return Strips(region, rects, region.intersects(self._middle))


def _strips(inner: int, outer: int) -> Iterator[QRect]:
    """Yield them from top to bottom and left to right: so a region takes them up at once."""
    rows = [(top, min(top + _STRIP_PX, outer)) for top in range(0, outer, _STRIP_PX)]
    for near, far in reversed(rows):
        yield from _row(-far, near, far, inner, outer)
    for near, far in rows:
        yield from _row(near, near, far, inner, outer)


def _row(top: int, near: int, far: int, inner: int, outer: int) -> Iterator[QRect]:
    """Yield the strips from ``near`` to ``far`` px from the middle line."""
    wide = ceil(sqrt(outer**2 - near**2))
    hole = floor(sqrt(inner**2 - far**2)) if far < inner else 0
    if not hole:
        yield QRect(-wide, top, 2 * wide, far - near)
        return
    yield QRect(-wide, top, wide - hole, far - near)
    yield QRect(hole, top, wide - hole, far - near)
