"""The heart's line over the breath's hill: it flows, and never jumps."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from biobreath.ui import theme as look
from biobreath.ui.curve_picture import pieces
from biobreath.ui.frame_clock import FRAME_S
from biobreath.ui.heart_curve import HeartCurve

WIDTH, HEIGHT = 576, 100
PIXEL_S = 0.1


class Breathing:
    """A heart that swings with a breath of ten seconds, beating every second."""

    def __init__(self):
        self.guiding = 10.0
        self.t = 100.0
        self.until = 100.0

    def now(self):
        return self.t

    def heart_points(self, since):
        times = np.arange(np.ceil(since), self.until)
        return times, 65.0 - 10.0 * np.cos(2 * np.pi * times / 10.0)

    def breath_swings(self, since):
        ended = np.arange(np.ceil(since / 10.0) * 10.0, self.until, 10.0)
        return ended, np.full(ended.size, 20.0)

    def breath_points(self, since):
        times = np.arange(since, self.t, 0.1)
        return times, np.full(times.size, 0.5)

    def fullness(self, times):
        return 0.5 - 0.5 * np.cos(2 * np.pi * times / self.guiding)


@pytest.fixture
def breathing():
    return Breathing()


@pytest.fixture
def curve(qtbot, breathing):
    made = HeartCurve(breathing, breathing.now, look.chosen("light"))
    qtbot.addWidget(made)
    made.resize(WIDTH, HEIGHT)
    made.show()
    made.beat_arrived()
    return made


def pixels(curve) -> np.ndarray:
    image = curve.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4)[..., :3].copy()


def test_between_beats_the_picture_only_moves(curve, breathing):
    before = pixels(curve)
    breathing.t += 5 * PIXEL_S
    curve.advance()
    now_px = 500
    assert np.array_equal(pixels(curve)[:, : now_px - 20], before[:, 5 : now_px - 15])


def test_a_picture_drawn_anew_stands_where_the_moved_one_stood(curve, breathing):
    breathing.t += 7 * PIXEL_S
    curve.advance()
    moved = pixels(curve).astype(int)
    curve.beat_arrived()  # no new beat: the same picture, drawn anew
    drawn = pixels(curve).astype(int)
    assert np.mean(np.abs(moved - drawn).max(axis=2) > 24) < 0.01


def test_the_hill_ends_now_and_dots_lie_ahead(curve):
    seen = pixels(curve)
    paper = seen[0, 0]
    coloured = np.any(np.abs(seen.astype(int) - paper.astype(int)).max(axis=2) > 20, axis=0)
    hill = np.abs(seen[95].astype(int) - paper.astype(int)).max(axis=1) > 8
    assert hill[:495].mean() > 0.9
    assert not hill[505:].any()
    assert 0.1 < coloured[505:].mean() < 1.0


def test_long_without_a_beat_the_breath_goes_on(curve, breathing):
    for _ in range(100):
        breathing.t += PIXEL_S
        curve.advance()
    seen = pixels(curve)
    hill = np.abs(seen[95].astype(int) - seen[0, 0].astype(int)).max(axis=1) > 8
    assert hill[:495].mean() > 0.9


def test_another_guide_is_drawn_in_the_frame_after_the_next_beat(curve, breathing):
    before = pixels(curve)
    breathing.guiding = 4.0
    curve.beat_arrived()
    curve.advance()
    after = pixels(curve)
    assert (before[:, 505:] != after[:, 505:]).any()
    curve.beat_arrived()
    curve.advance()
    assert np.array_equal(pixels(curve), after)


def test_on_a_screen_of_double_density_the_pictures_are_laid_in_their_own_dots(curve, monkeypatch):
    before = pixels(curve)
    monkeypatch.setattr(HeartCurve, "devicePixelRatioF", lambda _self: 2.0)
    curve.resize(WIDTH + 1, HEIGHT)
    curve.resize(WIDTH, HEIGHT)
    curve.beat_arrived()
    assert np.array_equal(pixels(curve), before)


def test_nothing_is_drawn_over_a_gap(curve, breathing):
    whole = pixels(curve)
    plain = breathing.heart_points

    def with_a_gap(since):
        times, rates = plain(since)
        rates[(times > 70) & (times < 80)] = np.nan
        return times, rates

    breathing.heart_points = with_a_gap
    curve.beat_arrived()
    broken = pixels(curve)
    gap = slice(round((70 + 50 - 100 + 2) / PIXEL_S), round((80 + 50 - 100 - 2) / PIXEL_S))
    assert (whole[:, gap] != broken[:, gap]).any()


def test_the_own_breath_is_drawn_only_when_wanted(curve):
    without = pixels(curve)
    curve.show_own_breath(shown=True)
    curve.advance()
    assert (pixels(curve) != without).any()
    curve.show_own_breath(shown=False)
    curve.advance()
    assert np.array_equal(pixels(curve), without)


def test_what_is_drawn_unseen_does_not_keep_the_program_open(curve, qapp):
    keeping = [
        widget
        for widget in qapp.topLevelWidgets()
        if widget.isVisible() and widget.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    ]
    assert keeping == [curve]


def test_a_line_is_cut_into_pieces_that_lie_over_each_other_and_touch_no_gap():
    x = np.array([0.0, 3.0, 6.0, np.nan, 9.0, 9.0, 12.0])
    y = np.array([0.0, 4.0, 4.0, np.nan, 1.0, 1.0, 1.0])
    piece_x, piece_y = pieces(x, y, 1.0, 1.0)
    assert piece_x == pytest.approx([-0.3, 3.3, 2.5, 6.5, 8.5, 12.5])
    assert piece_y == pytest.approx([-0.4, 4.4, 4.0, 4.0, 1.0, 1.0])


def test_of_a_single_point_there_is_no_piece():
    assert pieces(np.array([1.0]), np.array([1.0]), 1.0, 1.0)[0].size == 0
    assert pieces(np.array([]), np.array([]), 1.0, 1.0)[0].size == 0


def updates(curve, qtbot):
    """Return how often the curve has been painted since."""
    seen = []

    class Watch(QObject):
        def eventFilter(self, _watched, event):
            if event.type() is QEvent.Type.Paint:
                seen.append(event.type())
            return False

    watch = Watch(curve)
    curve.installEventFilter(watch)
    curve.show()
    qtbot.waitExposed(curve)
    QApplication.processEvents()
    seen.clear()
    return seen


def test_where_nothing_else_moves_it_waits_for_the_next_frame(curve, breathing, qtbot):
    curve.advance()
    painted = updates(curve, qtbot)
    breathing.t += 1.01 * PIXEL_S
    curve.advance(alone=True)
    QApplication.processEvents()
    assert not painted
    breathing.t += FRAME_S
    curve.advance(alone=True)
    QApplication.processEvents()
    assert painted


def test_a_beat_is_shown_in_the_next_frame_also_where_nothing_else_moves(curve, qtbot):
    painted = updates(curve, qtbot)
    curve.beat_arrived()
    QApplication.processEvents()
    assert not painted
    curve.advance(alone=True)
    QApplication.processEvents()
    assert painted
