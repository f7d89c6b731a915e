"""The heart's line over the breath's pale hill, flowing by.

A picture is drawn anew with every beat, and moved by whole pixels between them: that costs a
fraction of drawing it for every move.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from biobreath.ui.curve_picture import AHEAD_MARGIN_S, AHEAD_S, MARGIN_S, PAST_S, CurvePicture
from biobreath.ui.theme import Theme, colour

Floats = NDArray[np.float64]

_HILL_STEP_S = 0.2
_LEAST_SPAN_BPM = 14.0
"""Small wanderings are not blown up to look like waves."""
_MOST_SWING_BPM = 30.0
"""A breath that swings so far has the tallest petal; no scale is shown, and no aim."""
_PETAL_HEIGHT = 0.16
_EASING_S = 10.0
"""The scale follows the heart slowly, so that the picture itself never jumps."""
_DOT_RADIUS_PX = 7.5


class CurveSource(Protocol):
    """What the curve asks for."""

    def heart_points(self, since: float) -> tuple[Floats, Floats]:
        """Return beat times in s and heart rates in bpm; a ``nan`` breaks the line at a gap."""
        ...

    def breath_swings(self, since: float) -> tuple[Floats, Floats]:
        """Return when each whole breath ended, in s, and its swing in bpm."""
        ...

    def breath_points(self, since: float) -> tuple[Floats, Floats]:
        """Return times in s and the person's own breath, about 0-1, where it is measured."""
        ...

    def fullness(self, times: Floats) -> Floats:
        """Return the guide's fullness 0-1 at each time, past or ahead, ``nan`` where it rests."""
        ...


class _Drawn(NamedTuple):
    """A picture, and the step of time (in pixels) that it was drawn for."""

    picture: QPixmap
    step: int


class _Guide(NamedTuple):
    """The guide's fullness, every ``_HILL_STEP_S`` from the step of time ``first`` on."""

    first: int
    fullness: Floats

    def agrees(self, other: "_Guide", since: int) -> bool:
        """Tell whether two guides are one from the step ``since`` on, as far as both go."""
        until = min(each.first + each.fullness.size for each in (self, other))
        mine, others = (
            each.fullness[since - each.first : until - each.first] for each in (self, other)
        )
        return np.allclose(mine, others, rtol=0.0, atol=0.01, equal_nan=True)


class HeartCurve(QWidget):
    """A strip of the last fifty seconds, now at its right, and the next breath dotted ahead."""

    def __init__(
        self,
        source: CurveSource,
        now: Callable[[], float],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._now = now
        self._theme = theme
        self._low: float = 0.0
        self._high: float = 0.0
        self._scaled_at = 0.0
        self._drawn_step = self._step = -1
        self._past: _Drawn | None = None
        self._ahead: _Drawn | None = None
        self._ahead_due = False
        self._guide = self._guide_ahead = _Guide(0, np.array([]))
        """As it is now, and as it was when what comes was drawn."""
        self._newest: tuple[float, float] | None = None
        """Time in s and height 0-1 of the newest beat."""
        self._picture = CurvePicture(theme, self.devicePixelRatioF())
        self._pixel_s = self._picture.pixel_s
        self.shows_own_breath = False
        self.setAccessibleName("Your heart, and the breath behind it")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew at the next frame."""
        super().resizeEvent(event)
        self._picture.resize(self.width(), self.height())
        self._pixel_s = self._picture.pixel_s
        self._past = self._ahead = None

    def show_own_breath(self, *, shown: bool) -> None:
        """Draw the person's own breath over the guide's, or leave it out."""
        self.shows_own_breath = shown
        self._past = None

    def beat_arrived(self) -> None:
        """Draw the newest beats at once, and let the scale follow."""
        self._draw()

    def advance(self) -> None:
        """Move the picture if it would move by a whole pixel."""
        if self._ahead_due and self._past is not None:
            self._draw_ahead()
            self.update()
        step = self._step_now()
        if step == self._step and self._past is not None:
            return
        self._step = step
        if self._past is None or not self._reaches(self._past, MARGIN_S):
            self._draw()
        self.update()

    def _step_now(self) -> int:
        return int(self._now() / self._pixel_s)

    def _reaches(self, drawn: "_Drawn", margin_s: float) -> bool:
        """Tell whether a picture can still be moved to where it belongs."""
        return 0 <= self._step - drawn.step <= int(margin_s / self._pixel_s)

    def _draw(self) -> None:
        if not self._picture.has_size:
            return
        self._step = self._drawn_step = self._step_now()
        # On a grid of pixels fixed in time, so that nothing shimmers from picture to picture.
        now = self._drawn_step * self._picture.pixel_s
        self._draw_heart(now)
        self._draw_guide(now)
        self._draw_petals(now)
        if self.shows_own_breath:
            at, level = self._source.breath_points(now - PAST_S)
            self._picture.set_own_breath(at - now, 0.02 + 0.72 * level)
        else:
            self._picture.set_own_breath(np.array([]), np.array([]))
        self._past = _Drawn(self._picture.past(), self._drawn_step)
        self._look_ahead(now)
        self.update()

    def _look_ahead(self, now: float) -> None:
        """Draw what comes if it must be: a frame later where that can wait."""
        if self._ahead is None or not self._reaches(self._ahead, AHEAD_MARGIN_S):
            self._draw_ahead()
            return
        reaches_on = self._reaches(self._ahead, AHEAD_MARGIN_S - 2 * MARGIN_S)
        same = self._guide.agrees(self._guide_ahead, int(now / _HILL_STEP_S))
        self._ahead_due = not (reaches_on and same)

    def _draw_ahead(self) -> None:
        self._ahead = _Drawn(self._picture.ahead(), self._drawn_step)
        self._guide_ahead, self._ahead_due = self._guide, False

    def _draw_heart(self, now: float) -> None:
        times, rates = self._source.heart_points(now - PAST_S - 5.0)
        self._follow_scale(now, rates)
        span = max(1e-9, self._high - self._low)
        heights = 0.06 + 0.88 * (rates - self._low) / span
        self._picture.set_heart(times - now, heights)
        known = np.flatnonzero(np.isfinite(heights))
        last = int(known[-1]) if known.size else -1
        self._newest = (float(times[last]), float(heights[last])) if known.size else None

    def _draw_petals(self, now: float) -> None:
        """Draw one quiet petal for each breath: the further the heart swung, the taller."""
        ended, swings_bpm = self._source.breath_swings(now - PAST_S)
        tall = _PETAL_HEIGHT * np.minimum(1.0, swings_bpm / _MOST_SWING_BPM)
        self._picture.set_petals(ended - now, 0.03, tall)

    def _follow_scale(self, now: float, rates: Floats) -> None:
        known = rates[np.isfinite(rates)]
        if not known.size:
            return
        low, high = float(known.min()), float(known.max())
        if high - low < _LEAST_SPAN_BPM:
            middle = (high + low) / 2
            low, high = middle - _LEAST_SPAN_BPM / 2, middle + _LEAST_SPAN_BPM / 2
        if self._high == self._low:
            self._low, self._high = low, high
        share = min(1.0, max(0.0, (now - self._scaled_at) / _EASING_S))
        self._low += (low - self._low) * share
        self._high += (high - self._high) * share
        self._scaled_at = now

    def _draw_guide(self, now: float) -> None:
        # On a grid fixed in time, too.
        first = int(np.floor((now - PAST_S) / _HILL_STEP_S))
        last = int((now + AHEAD_S + AHEAD_MARGIN_S) / _HILL_STEP_S) + 1
        times: Floats = _HILL_STEP_S * np.arange(first, last + 1, dtype=np.float64)
        self._guide = _Guide(first, self._source.fullness(times))
        self._picture.set_guide(times - now, 0.02 + 0.72 * self._guide.fullness)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lay the pictures where they belong now, and the newest beat on them."""
        with QPainter(self) as painter:
            if self._past is None or self._ahead is None:
                painter.fillRect(self.rect(), colour(self._theme.paper))
                return
            now_px, height = self._picture.now_px, self.height()
            for drawn, left, wide in (
                (self._past, 0, now_px),
                (self._ahead, now_px, self.width() - now_px),
            ):
                dots, moved = drawn.picture.devicePixelRatio(), self._step - drawn.step
                shown = QRect(*(round(each * dots) for each in (moved, 0, wide, height)))
                painter.drawPixmap(QRect(left, 0, wide, height), drawn.picture, shown)
            self._paint_newest(painter)

    def _paint_newest(self, painter: QPainter) -> None:
        if self._newest is None:
            return
        t, y = self._newest
        x = self._picture.now_px + t / self._picture.pixel_s - self._step
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(self._theme.heart))
        at = QPointF(x, self._picture.height_px(y))
        painter.drawEllipse(at, _DOT_RADIUS_PX, _DOT_RADIUS_PX)
