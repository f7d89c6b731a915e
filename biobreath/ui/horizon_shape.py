"""The breath as a landscape that comes towards a point: it rises with "in" and sinks with "out"."""

from math import ceil, floor
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from biobreath.ui.breathing_shape import BreathingShape, BreathSource, Floats
from biobreath.ui.theme import Theme, colour

WIDEST_PX = 760
BEHIND_S, AHEAD_S = 5.0, 11.0
"""What is behind the point and what comes: the next turn is always in sight."""
_STEP_PX = 6.0
_DOT_PX = 17.0
_MARGIN_S = 4.0
"""How much further than it shows the land is drawn: so long it only has to be moved."""
_HIGHEST, _LOWEST = 0.28, 0.72
"""Where the edge of the fullest and of the emptiest breath lies, as a share of the height."""


class _Land(NamedTuple):
    """A picture, the moment (in dots of the screen) that it begins with, and its edge."""

    picture: QPixmap
    begins: int
    times: Floats
    heights: Floats
    guide: object
    """The one that it was drawn for."""

    def height_at(self, t: float) -> float:
        """Return the y of the edge at ``t``."""
        step_s = float(self.times[1] - self.times[0])
        place = min(max(0.0, (t - float(self.times[0])) / step_s), self.times.size - 1.001)
        before = int(place)
        low, high = float(self.heights[before]), float(self.heights[before + 1])
        return low + (place - before) * (high - low)


class HorizonShape(BreathingShape):
    """A soft hill in one tone, and a round point that follows its edge.

    The land is a picture that is moved by whole pixels of the screen: drawing it at every frame
    costs ten times as much.
    """

    wide = True

    def __init__(self, source: BreathSource, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(source, theme, parent)
        self._land: _Land | None = None
        self._ink = colour(theme.ink)
        self._point = QPixmap()
        self._word_at = QRectF()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the land anew."""
        super().resizeEvent(event)
        self._land = None
        self._point = self._drawn_point()
        x = self.width() * BEHIND_S / (BEHIND_S + AHEAD_S)
        self._word_at = self._word_box(x)

    def _dots_a_second(self) -> float:
        return self.width() * self.devicePixelRatioF() / (BEHIND_S + AHEAD_S)

    def _places(self, times: Floats, fullness: Floats, /) -> Floats:
        """Return where time is, in pixels: each whole one of the screen can be seen."""
        if self._source.paused:
            return self.height() * (_LOWEST - (_LOWEST - _HIGHEST) * fullness)
        dots = self.devicePixelRatioF()
        return np.floor(times * self._dots_a_second()) / dots

    def _height(self, fullness: float) -> float:
        """Return the y of a fullness."""
        return self.height() * (_LOWEST - (_LOWEST - _HIGHEST) * fullness)

    def changed(self, _before: float, /) -> QRect:
        """Return what the edge reaches: above it there is only paper, below it only ground."""
        reach = _DOT_PX + 6
        top = floor(self._height(1.0) - reach)
        return QRect(0, top, self.width(), ceil(self._height(0.0) + reach) - top)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lay the land where it belongs now, and the point and the word on it."""
        dots, a_second = self.devicePixelRatioF(), self._dots_a_second()
        now_s = floor(self._source.now() * a_second) / a_second
        land = self._land_at(now_s)
        left = round((now_s - BEHIND_S) * a_second) - land.begins
        shown = event.rect()
        x, y, wide, high = shown.x(), shown.y(), shown.width(), shown.height()
        with QPainter(self) as painter:
            painter.drawPixmap(
                x, y, wide, high, land.picture,
                left + round(x * dots), round(y * dots), round(wide * dots), round(high * dots),
            )  # fmt: skip
            self._lay_point(painter, land.height_at(now_s))
            if self._word_at.bottom() > y and self._word_at.top() < y + high:
                self._paint_word(painter, self._word_at, self._ink)

    def _lay_point(self, painter: QPainter, y: float) -> None:
        dots = self.devicePixelRatioF()
        half = self._point.width() / dots / 2
        x = self.width() * BEHIND_S / (BEHIND_S + AHEAD_S)
        # On whole pixels of the screen: between them it would have to be blended anew.
        at = QPointF(*(round((each - half) * dots) / dots for each in (x, y)))
        painter.drawPixmap(at, self._point)

    def _drawn_point(self) -> QPixmap:
        """Return the point with its rim of paper."""
        dots, rim = self.devicePixelRatioF(), _DOT_PX + 4
        side = 2 * ceil((rim + 1) * dots)
        picture = QPixmap(side, side)
        picture.setDevicePixelRatio(dots)
        picture.fill(Qt.GlobalColor.transparent)
        middle = QPointF(side / dots / 2, side / dots / 2)
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for ink, radius in ((self._theme.paper, rim), (self._theme.breath, _DOT_PX)):
                painter.setBrush(colour(ink))
                painter.drawEllipse(middle, radius, radius)
        return picture

    def _word_box(self, x: float) -> QRectF:
        """Return a place under the point; large text in a low window stands beside it."""
        tall = 1.25 * self._font.pixelSize()
        ground = self.height() * (1.0 - _LOWEST) - _DOT_PX - 4
        if tall <= ground:
            return QRectF(x - 100, self.height() * 0.78, 200, max(60.0, tall))
        return QRectF(x + 40, self.height() - tall, 5.0 * tall, tall)

    def _guide(self) -> object:
        """Return what the land depends on: the guide, or where it rests how full the breath is."""
        guiding = self._source.guiding
        return self._cue.fullness if guiding is None else guiding

    def _heights(self, times: Floats) -> Floats:
        """Return the y of the land's edge."""
        # While the guide rests, and before it began, the land lies level.
        fullness = np.nan_to_num(self._source.fullness(times), nan=self._cue.fullness)
        return self.height() * (_LOWEST - (_LOWEST - _HIGHEST) * fullness)

    def _land_at(self, now_s: float) -> _Land:
        """Return a picture that reaches from behind to ahead, and shows the guide as it is."""
        land = self._land
        reaches = land is not None and land.times[-1] >= now_s + AHEAD_S
        if land is None or not reaches or land.guide != self._guide():
            self._land = land = self._drawn(now_s)
        return land

    def _drawn(self, now_s: float) -> _Land:
        guide = self._guide()
        dots, a_second = self.devicePixelRatioF(), self._dots_a_second()
        begins = round((now_s - BEHIND_S) * a_second)
        step_s = _STEP_PX * dots / a_second
        # On a grid fixed in time, so that nothing shimmers from picture to picture.
        first = floor((now_s - BEHIND_S) / step_s)
        last = floor((now_s + AHEAD_S + _MARGIN_S) / step_s) + 2
        times: Floats = step_s * np.arange(first, last + 1, dtype=np.float64)
        heights = self._heights(times)
        x = (times * a_second - begins) / dots
        edge = QPolygonF([QPointF(*at) for at in zip(x.tolist(), heights.tolist(), strict=True)])
        wide = self.width() * (1.0 + _MARGIN_S / (BEHIND_S + AHEAD_S))
        picture = QPixmap(round(wide * dots), round(self.height() * dots))
        picture.setDevicePixelRatio(dots)
        picture.fill(colour(self._theme.paper))
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_hill(painter, edge)
        return _Land(picture, begins, times[:-2], heights[:-2], guide)

    def _paint_hill(self, painter: QPainter, edge: QPolygonF) -> None:
        ground = QPolygonF(edge)
        ground.append(QPointF(edge.at(edge.size() - 1).x(), self.height()))
        ground.append(QPointF(edge.at(0).x(), self.height()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(self._theme.breath_pale, 0.75))
        painter.drawPolygon(ground)
        painter.setPen(QPen(self._breath(0.5), 1))
        painter.drawPolyline(edge)
