"""The heart's line over the breath's pale hill, flowing by.

A picture is drawn anew with every beat, and moved by whole pixels between them: that costs a
fraction of drawing it for every move. The guide changes with no beat, so it has pictures of its
own, drawn in a frame in which no beat came.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from biobreath.ui.curve_picture import AHEAD_S, GUIDE_MARGIN_S, MARGIN_S, PAST_S, CurvePicture
from biobreath.ui.frame_clock import FRAME_S
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
_DOT_SIDE_PX = 19
_RENEWED_S = 3.0
"""So long before hill and dots end they are drawn on, in a frame without a beat."""


class CurveSource(Protocol):
    """What the curve asks for."""

    @property
    def guiding(self) -> object:
        """The guide in force: while it is equal, so is what it foretells."""
        ...

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


class _Place(NamedTuple):
    """Where a picture is shown, and how much of it in dots of the screen."""

    left: int
    wide: int
    high: int
    wide_dots: int
    high_dots: int


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
        self._step = -1
        self._due_at = 0.0
        """Before this moment (s) nothing is seen to move."""
        self._waits = False
        """Whether what has been drawn is not shown yet."""
        self._past: _Drawn | None = None
        self._hill: _Drawn | None = None
        self._ahead: _Drawn | None = None
        self._guide: object = None
        """The one that hill and dots were drawn for."""
        self._guide_due = False
        self._newest: tuple[int, int] | None = None
        """The step of time (in pixels) and the height in px of the newest beat."""
        self._dot = _dot(theme, self.devicePixelRatioF())
        self._picture = CurvePicture(theme, self.devicePixelRatioF())
        self._find_places()
        self.shows_own_breath = False
        self.setAccessibleName("Your heart, and the breath behind it")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew at the next frame."""
        super().resizeEvent(event)
        self._picture.resize(self.width(), self.height())
        self._find_places()
        self._past = self._hill = self._ahead = None
        self._due_at = 0.0

    def _find_places(self) -> None:
        self._pixel_s, self._now_px = self._picture.pixel_s, self._picture.now_px
        dots, high = self._picture.dots, self.height()
        self._past_place, self._ahead_place = (
            _Place(left, wide, high, round(wide * dots), round(high * dots))
            for left, wide in ((0, self._now_px), (self._now_px, self.width() - self._now_px))
        )

    def show_own_breath(self, *, shown: bool) -> None:
        """Draw the person's own breath over the guide's, or leave it out."""
        self.shows_own_breath = shown
        self._picture.set_own_breath(np.array([]), np.array([]))
        self._past = None
        self._due_at = 0.0

    def beat_arrived(self) -> None:
        """Draw the newest beats at once, and let the scale follow; the next frame shows it."""
        self._draw()
        self._due_at = 0.0

    def advance(self, now: float | None = None, *, alone: bool = False) -> None:
        """Move the picture if by now it would move by a whole pixel.

        ``alone`` says that nothing else moves in this frame: then it waits for the next one, which
        the shape mostly shares with it. A frame painted for a single pixel costs as much as any.
        """
        now = self._now() if now is None else now
        if now < self._due_at or (alone and now < self._due_at + FRAME_S):
            return
        step = int(now / self._pixel_s)
        if self._guide_due and self._past is not None:
            # One that is only drawn on looks the same under the line as the one before.
            is_another = self._guide != self._source.guiding
            self._draw_guide(step)
            if is_another:
                self._draw()
        if step == self._step and self._past is not None and not self._waits:
            return
        self._moved_to(step)
        if self._past is None or not self._reaches(self._past, MARGIN_S):
            self._draw()
        self._waits = False
        self.update()

    def _moved_to(self, step: int) -> None:
        self._step = step
        self._due_at = (step + 1) * self._pixel_s

    def _step_now(self) -> int:
        return int(self._now() / self._pixel_s)

    def _reaches(self, drawn: "_Drawn | None", margin_s: float) -> bool:
        """Tell whether a picture can still be moved to where it belongs."""
        if drawn is None:
            return False
        return 0 <= self._step - drawn.step <= int(margin_s / self._pixel_s)

    def _draw(self) -> None:
        if not self._picture.has_size:
            return
        step = self._step_now()
        self._moved_to(step)
        # On a grid of pixels fixed in time, so that nothing shimmers from picture to picture.
        now = step * self._pixel_s
        hill = self._hill_at(step)
        self._draw_heart(now)
        self._draw_petals(now)
        if self.shows_own_breath:
            at, level = self._source.breath_points(now - PAST_S)
            self._picture.set_own_breath(at - now, 0.02 + 0.72 * level)
        self._past = _Drawn(self._picture.past(hill.picture, step - hill.step), step)
        self._waits = True

    def _hill_at(self, step: int) -> "_Drawn":
        """Return a hill that reaches; one that soon will not, or is wrong, waits for a frame."""
        hill = self._hill
        # The picture that is laid on it now is moved on by as much as its own margin.
        if hill is None or not self._reaches(hill, GUIDE_MARGIN_S - MARGIN_S):
            return self._draw_guide(step)
        soon_short = not self._reaches(hill, GUIDE_MARGIN_S - _RENEWED_S)
        if soon_short or self._guide != self._source.guiding:
            self._guide_due, self._due_at = True, 0.0
        return hill

    def _draw_guide(self, step: int) -> "_Drawn":
        now = step * self._pixel_s
        # On a grid fixed in time, too.
        first = int((now - PAST_S) // _HILL_STEP_S)
        last = int((now + AHEAD_S + GUIDE_MARGIN_S) / _HILL_STEP_S) + 1
        times: Floats = _HILL_STEP_S * np.arange(first, last + 1, dtype=np.float64)
        self._guide = self._source.guiding
        self._picture.set_guide(times - now, 0.02 + 0.72 * self._source.fullness(times))
        self._hill = hill = _Drawn(self._picture.hill(), step)
        self._ahead = _Drawn(self._picture.ahead(), step)
        self._guide_due = False
        return hill

    def _draw_heart(self, now: float) -> None:
        times, rates = self._source.heart_points(now - PAST_S - 5.0)
        self._follow_scale(now, rates)
        span = max(1e-9, self._high - self._low)
        heights = 0.06 + 0.88 * (rates - self._low) / span
        self._picture.set_heart(times - now, heights)
        known = np.flatnonzero(np.isfinite(heights))
        if known.size:
            t, y = float(times[known[-1]]), float(heights[known[-1]])
            self._newest = round(t / self._pixel_s), round(self._picture.height_px(y))
        else:
            self._newest = None

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

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Lay the pictures where they belong now, and the newest beat on them."""
        with QPainter(self) as painter:
            if self._past is None or self._ahead is None:
                painter.fillRect(self.rect(), colour(self._theme.paper))
                return
            self._lay(painter, self._past, self._past_place)
            self._lay(painter, self._ahead, self._ahead_place)
            if self._newest is not None:
                at, high = self._newest
                middle = _DOT_SIDE_PX // 2
                left = self._now_px + at - self._step - middle
                painter.drawPixmap(left, high - middle, self._dot)

    def _lay(self, painter: QPainter, drawn: "_Drawn", place: "_Place") -> None:
        """Show as much of a picture as has its place, moved as far as time has gone on."""
        moved = round((self._step - drawn.step) * self._picture.dots)
        left, wide, high, wide_dots, high_dots = place
        painter.drawPixmap(left, 0, wide, high, drawn.picture, moved, 0, wide_dots, high_dots)


def _dot(theme: Theme, dots: float) -> QPixmap:
    """Return the newest beat: it is moved as often as the line, and always looks the same."""
    side = round(_DOT_SIDE_PX * dots)
    picture = QPixmap(side, side)
    picture.setDevicePixelRatio(dots)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(theme.heart))
        middle = _DOT_SIDE_PX // 2
        painter.drawEllipse(QPointF(middle, middle), _DOT_RADIUS_PX, _DOT_RADIUS_PX)
    return picture
