"""Which part of the disc must be painted anew: a change that nobody can see waits.

Painting every pixel of disc and halo at every frame is most of what a sitting costs. When the
breath moves by a pixel, the disc's edge has to follow at once; but the far halo changes by a third
of one of 255 steps of colour. So disc and halo are divided into bands of even steepness, and each
is painted anew when some colour in it would be off by more than a step and a half.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from biobreath.ui.shades import DISC, HALO

MOST_STEPS_OFF = 1.5
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
    """The radius that each band was last painted for.

    Parameters
    ----------
    contrast
        How many steps lie between the paper and the breath's colour.
    outer
        Tells where the halo of a disc of some radius ends.
    """

    def __init__(self, contrast: float, outer: Callable[[float], float]) -> None:
        self._contrast = contrast
        self._outer = outer
        self._lies: dict[int, _Lie] = {}
        self._painted: list[float] = []

    def forget(self) -> None:
        """Hold nothing for painted, in a disc of another size."""
        self._painted = []
        self._lies.clear()

    def due(self, radius: float) -> tuple[float, float]:
        """Return from where to where (px from the middle) to paint now; it counts as painted."""
        lie, painted = self._lie(radius), self._painted
        if not painted:
            self._painted = [radius] * len(lie.may_be_off_px)
            return 0.0, lie.edges[-1] + _ROUNDED_PX
        first = last = -1
        for band, off_px in enumerate(lie.may_be_off_px):
            if abs(radius - painted[band]) > off_px:
                first, last = band if first < 0 else first, band
        if first < 0:
            return 0.0, 0.0
        # Where a band was when it was painted, and where it is now.
        inner = min(lie.edges[first], self._lie(painted[first]).edges[first])
        outer = max(lie.edges[last + 1], self._lie(painted[last]).edges[last + 1])
        painted[first : last + 1] = [radius] * (last + 1 - first)
        return max(0.0, inner - _ROUNDED_PX), outer + _ROUNDED_PX

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
        # A disc that grows carries its colours outwards with it, those of the middle least; its
        # halo becomes narrower, so it is carried by less than the disc's edge.
        inside = [steep * share / radius for share, steep in _slopes(DISC)]
        outside = [steep / halo for _, steep in _slopes(HALO)]
        steps = [self._contrast * steep for steep in (*inside, *outside)]
        off = [MOST_STEPS_OFF / each for each in steps]
        off.insert(len(inside), 0.0)  # the edge itself
        return off


def _slopes(shades: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Yield where each straight piece ends, and how steep it is."""
    for (from_share, from_value), (to_share, to_value) in pairwise(shades):
        yield to_share, abs(to_value - from_value) / (to_share - from_share)
