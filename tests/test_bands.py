"""Only what moved is painted, and nobody can see that."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from biobreath.practice.patterns import LONG_OUT
from biobreath.session.sitting import Sitting
from biobreath.ui import theme as look
from biobreath.ui.bands import Bands
from biobreath.ui.rings import Rings
from biobreath.ui.shades import Shades, contrast
from biobreath.ui.shapes import SHAPES
from tests.fakes import FakeClock

PAPER, BREATH = QColor("#F5F2EC"), QColor("#1B7F84")
LEAST, FULL, STEP = 75.0, 200.0, 0.5
SEEN_OFF = 3
"""So many of 255 steps, and a border's own, may be left of an earlier radius."""


def halo_end(radius):
    return radius + FULL * (0.2 + 0.27 * (FULL - radius) / FULL)


def colours(radius):
    """Return the red of every pixel from the middle outwards."""
    shades = Shades(PAPER, BREATH, radius, halo_end(radius), 0.5)
    return np.array([255 * shades.at(at + 0.5).redF() for at in range(260)])


@settings(max_examples=40)
@given(st.lists(st.floats(-3.0, 3.0), min_size=1, max_size=40), st.floats(80.0, 190.0))
def test_no_colour_is_seen_further_off_than_a_few_steps(moves, radius):
    bands = Bands(contrast(PAPER, BREATH), halo_end, (LEAST, FULL), STEP)
    shown = np.full(260, np.nan)
    before = None
    for move in [0.0, *moves]:
        radius = round(min(FULL, max(LEAST, radius + move)) / STEP) * STEP
        inner, outer = bands.all(radius) if before is None else bands.due(before, radius)
        before = radius
        at = np.arange(260) + 0.5
        painted = (at >= inner) & (at <= outer)
        shown[painted] = colours(radius)[painted]
        end = int(halo_end(radius))
        # A band's border moves, too, so a few pixels are off by a little of both bands.
        assert np.nanmax(np.abs(shown[:end] - colours(radius)[:end])) < SEEN_OFF


def test_the_whole_reaches_from_the_middle_to_the_end_of_the_halo():
    inner, outer = Bands(200.0, halo_end, (LEAST, FULL), STEP).all(100.0)
    assert inner == 0
    assert outer > halo_end(100.0)


def test_where_nothing_moves_nothing_is_due():
    assert Bands(200.0, halo_end, (LEAST, FULL), STEP).due(100.0, 100.0) == (0.0, 0.0)


def test_the_edge_is_painted_where_it_was_and_where_it_is():
    inner, outer = Bands(200.0, halo_end, (LEAST, FULL), STEP).due(100.0, 100.5)
    assert inner < 99
    assert outer > 101.5


def test_the_way_in_is_the_way_out():
    bands = Bands(200.0, halo_end, (LEAST, FULL), STEP)
    radii = np.arange(LEAST, FULL, STEP)
    there = [bands.due(a, b) for a, b in pairwise(radii)]
    assert there == [bands.due(b, a) for a, b in pairwise(radii)]
    assert len(set(there)) > 100


@pytest.mark.parametrize(("inner", "outer"), [(0, 30), (10, 50), (140, 160), (150, 222)])
def test_the_strips_hold_the_whole_ring_and_lie_once(inner, outer):
    within = QRect(0, 0, 460, 460)
    middle = QRect(130, 200, 200, 60)
    strips = Rings(QPoint(230, 230), within, middle).between(inner, outer)
    assert strips.over_middle == strips.region.intersects(middle)
    for angle in np.linspace(0, 2 * np.pi, 200):
        for r in (inner, (inner + outer) / 2, outer - 1):
            at = QPoint(int(230 + r * np.cos(angle)), int(230 + r * np.sin(angle)))
            assert strips.region.contains(at)
    area = sum(rect.width() * rect.height() for rect in strips.rects)
    assert area == sum(rect.width() * rect.height() for rect in strips.region)


def pixels(image):
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows.reshape(image.height(), image.width(), 4)[..., :3].astype(int)


def on_the_ring(shape):
    """Tell of every pixel whether it lies beside the outer ring of a disc."""
    from_middle = np.arange(shape.width()) + 0.5 - shape.width() / 2
    radius = np.hypot(from_middle, from_middle[:, np.newaxis])
    return np.abs(radius - getattr(shape, "full_radius", -9.0)) < 2.0


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("theme", [look.LIGHT, look.DARK, look.CONTRAST], ids=lambda t: t.name)
def test_what_was_painted_bit_by_bit_looks_like_what_is_painted_at_once(qtbot, kind, theme):
    clock = FakeClock()
    sitting = Sitting(clock, lambda _fact: None, LONG_OUT, 0.0)
    shape = SHAPES[kind](sitting, theme)
    qtbot.addWidget(shape)
    shape.resize(480, 480)
    shape.show()
    qtbot.waitExposed(shape)
    for frame in range(1, 660):
        clock.t = frame / 60
        if frame % 47 == 0:
            shape.mover.asked_for = -1.0  # else the edge may be seen up to half a pixel off
        shape.advance()
        QApplication.processEvents()
        if frame % 47 == 0:
            seen = pixels(shape.screen().grabWindow(shape.winId()).toImage())
            wanted = pixels(shape.grab().toImage())
            off = np.abs(seen - wanted).max(axis=2)
            # Pixels of the edge differ by how Qt rounds the beginning of a line; those of the still
            # ring, strong in high contrast, by how it rounds the place of a colour.
            ring = on_the_ring(shape)
            assert np.count_nonzero(off[~ring] > SEEN_OFF) <= 40
            assert off[~ring].max() < 40
            assert off.max() < 48
