"""The colours from the middle of the breathing shape outwards, each opaque."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtGui import QColor

_RING_HALF_PX = 1.0
DISC = ((0.0, 0.98), (0.55, 0.9), (1.0, 0.7))
"""How much of the breath's colour at each share of the disc's radius."""
HALO = ((0.0, 0.3), (0.3, 0.16), (0.65, 0.05), (1.0, 0.0))
"""The same at each share of the halo's width."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A thin circle of ``radius`` px in an ink that may let through what is under it."""

    radius: float
    ink: QColor


@dataclass(frozen=True, slots=True)
class Shades:
    """A disc of ``radius`` px and a halo until ``outer`` on paper; ``edge`` px of soft edge."""

    paper: QColor
    breath: QColor
    radius: float
    outer: float
    edge: float

    def at(self, r: float) -> QColor:
        """Return the colour ``r`` px from the middle."""
        if r < self.radius:
            return blended(self.paper, self.breath, _between(DISC, r / self.radius))
        share = (r - self.radius) / (self.outer - self.radius)
        return blended(self.paper, self.breath, _between(HALO, min(1.0, share)))

    def stops(self, rings: Sequence[Ring], reach: float) -> Iterator[tuple[float, QColor]]:
        """Yield distances (px, rising, up to ``reach``) with their colours, straight between."""
        bends = [share * self.radius for share, _ in DISC[:-1]]
        bends += [self.radius - self.edge, self.radius + self.edge]
        bends += [self.radius + share * (self.outer - self.radius) for share, _ in HALO[1:]]
        ringed = [edge for ring in rings for edge in self._ring_edges(ring)]
        for r in sorted({min(r, reach) for r in [*bends, *ringed, reach] if r >= 0}):
            yield r, self._with_rings(r, rings)

    def _ring_edges(self, ring: Ring) -> list[float]:
        inner, outer = ring.radius - _RING_HALF_PX, ring.radius + _RING_HALF_PX
        return [inner - self.edge, inner + self.edge, outer - self.edge, outer + self.edge]

    def _with_rings(self, r: float, rings: Sequence[Ring]) -> QColor:
        ink = self.at(r)
        for ring in rings:
            if abs(r - ring.radius) < _RING_HALF_PX:
                ink = blended(ink, ring.ink, ring.ink.alphaF())
        return ink


def blended(under: QColor, over: QColor, share: float) -> QColor:
    """Return ``under`` with ``share`` (0-1) of ``over`` laid on it."""
    keep = 1.0 - share
    return QColor.fromRgbF(
        under.redF() * keep + over.redF() * share,
        under.greenF() * keep + over.greenF() * share,
        under.blueF() * keep + over.blueF() * share,
    )


def contrast(one: QColor, other: QColor) -> float:
    """Return how many of 255 steps two colours are apart, in the channel where they are most."""
    red, green, blue = one.red(), one.green(), one.blue()
    away = red - other.red(), green - other.green(), blue - other.blue()
    return float(max(abs(steps) for steps in away))


def _between(steps: Sequence[tuple[float, float]], share: float) -> float:
    """Return the value at ``share`` on the straight lines through ``steps``."""
    for (from_share, from_value), (to_share, to_value) in pairwise(steps):
        if share <= to_share:
            done = (share - from_share) / (to_share - from_share)
            return from_value + done * (to_value - from_value)
    return steps[-1][1]
