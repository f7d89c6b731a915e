"""The breathing shape as one gradient: opaque, in order, with its edge and its rings in place."""

import pytest
from PySide6.QtGui import QColor

from biobreath.ui.shades import Ring, Shades, blended

PAPER = QColor(255, 255, 255)
BREATH = QColor(0, 100, 100)
LINE = QColor(200, 180, 160)


def shades(radius=100.0, outer=160.0, edge=0.5):
    return Shades(PAPER, BREATH, radius, outer, edge)


@pytest.mark.parametrize("radius", [75.0, 80.0, 199.0, 200.0])
def test_the_stops_rise_within_reach_and_let_nothing_through(radius):
    rings = [Ring(200.0, LINE), Ring(75.0, QColor(0, 0, 0, 60))]
    stops = list(shades(radius, radius + 60).stops(rings, 248.0))
    places = [at for at, _ in stops]
    assert places == sorted(set(places))
    assert places[0] == 0
    assert places[-1] == 248.0
    assert all(ink.alpha() == 255 for _, ink in stops)


def test_the_disc_ends_within_its_soft_edge():
    disc, halo = shades().at(99.4), shades().at(100.6)
    assert disc.red() < 100
    assert halo.red() > 160


def test_the_halo_fades_into_the_paper():
    assert shades().at(160.0) == blended(PAPER, BREATH, 0.0)
    assert shades().at(500.0) == blended(PAPER, BREATH, 0.0)


def test_a_ring_is_drawn_in_its_ink_and_two_pixels_wide():
    stops = dict(shades().stops([Ring(200.0, LINE)], 248.0))
    inked = [at for at, ink in stops.items() if ink == blended(PAPER, LINE, 1.0)]
    assert inked == [199.5, 200.5]
