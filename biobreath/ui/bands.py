"""Which part of the disc must be painted anew: a change that nobody can see waits.

Painting every pixel of disc and halo at every frame is most of what a sitting costs. When the
breath moves by a pixel, the disc's edge has to follow at once; but the far halo changes by a third
of one of 255 steps of colour. So disc and halo are divided into bands of even steepness, and each
is painted anew when some colour in it would be off by more than two steps.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from biobreath.ui.shades import DISC, HALO

MOST_STEPS_OFF = 2.0
"""How many of 255 steps of colour may be seen of an earlier radius."""
_EDGE_PX = 3.0
"""The band around the disc's edge reaches so far to both sides."""
_ROUNDED_PX = 1.0
"""Where bands lie is worked out for whole pixels, and so much more is painted."""


class _Lie(NamedTuple):
    """Where the bands of a disc begin, where the last one ends, and how far each may be off."""

    edges: list[float]
    may_be_off_px: list[float]


class Bands:
    """Tells what has to be painted when the disc goes from one radius to another.

    Each band is painted anew where the disc passes certain radii, the same on its way out and on
    its way in: so what is due depends on the two radii alone, and every breath asks for the same.

    Parameters
    ----------
    contrast
        How many steps lie between the paper and the breath's colour.
    outer
        Tells where the halo of a disc of some radius ends.
    radii
        The least and the most that the disc is drawn with, in px.
    step
        How far apart, in px, the radii are that it is drawn with.
    """

    def __init__(
        self,
        contrast: float,
        outer: Callable[[float], float],
        radii: tuple[float, float],
        step: float,
    ) -> None:
        self._contrast = contrast
        self._outer = outer
        self._lies: dict[int, _Lie] = {}
        self._first, self._last = round(radii[0] / step), round(radii[1] / step)
        self._step = step

    @cached_property
    def _cells(self) -> list[tuple[int, ...]]:
        return list(self._walk())

    def _walk(self) -> Iterator[tuple[int, ...]]:
        """Yield for each radius how often each band has been painted on the way there."""
        least = self._first * self._step
        painted_at = [least] * len(self._lie(least).may_be_off_px)
        times = [0] * len(painted_at)
        for place in range(self._first, self._last + 1):
            radius = place * self._step
            off = self._lie(radius).may_be_off_px
            due = [band for band, at in enumerate(painted_at) if radius - at > off[band]]
            # What lies between two of them is painted with them, and counts.
            for band in range(due[0], due[-1] + 1) if due else ():
                painted_at[band] = radius
                times[band] += 1
            yield tuple(times)

    def all(self, radius: float) -> tuple[float, float]:
        """Return from where to where (px from the middle) a disc and its halo reach."""
        return 0.0, self._lie(radius).edges[-1] + _ROUNDED_PX

    def due(self, before: float, after: float) -> tuple[float, float]:
        """Return from where to where (px from the middle) to paint on the way to ``after``."""
        pairs = enumerate(zip(self._cell(before), self._cell(after), strict=True))
        due = [band for band, (was, now) in pairs if was != now]
        if not due:
            return 0.0, 0.0
        # Where the bands were, and where they are now.
        old, new = self._lie(before).edges, self._lie(after).edges
        inner = min(old[due[0]], new[due[0]])
        outer = max(old[due[-1] + 1], new[due[-1] + 1])
        return max(0.0, inner - _ROUNDED_PX), outer + _ROUNDED_PX

    def _cell(self, radius: float) -> tuple[int, ...]:
        place = min(max(self._first, round(radius / self._step)), self._last)
        return self._cells[place - self._first]

    def _lie(self, radius: float) -> _Lie:
        whole = round(radius)
        lie = self._lies.get(whole)
        if lie is None:
            lie = self._lies[whole] = _Lie(self._edges(whole), self._may_be_off(whole))
        return lie

    def _edges(self, radius: float) -> list[float]:
        halo = self._outer(radius) - radius
        inside = [share * radius for share, _ in DISC[:-1]]
        outside = [radius + share * halo for share, _ in HALO[1:]]
        return [*inside, radius - _EDGE_PX, radius + _EDGE_PX, *outside]

    def _may_be_off(self, radius: float) -> list[float]:
        """Return by how many pixels of radius each band changes by the most it may be off."""
        halo = self._outer(radius) - radius
        narrower = 1.0 - (self._outer(radius + 1.0) - self._outer(radius))
        # A disc that grows carries its colours outwards with it, those of the middle least. Its
        # halo becomes narrower by so much a pixel: its end is carried less far than its beginning.
        inside = [steep * far / radius for _, far, steep in _slopes(DISC)]
        outside = [steep * (1.0 - near * narrower) / halo for near, _, steep in _slopes(HALO)]
        steps = [self._contrast * steep for steep in (*inside, *outside)]
        off = [MOST_STEPS_OFF / each for each in steps]
        off.insert(len(inside), 0.0)  # the edge itself
        return off


def _slopes(shades: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float, float]]:
    """Yield from where to where each straight piece goes, and how steep it is."""
    for (near, from_value), (far, to_value) in pairwise(shades):
        yield near, far, abs(to_value - from_value) / (far - near)
