"""The breath as a landscape that comes towards a point: it rises with "in" and sinks with "out"."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF

from biobreath.ui.breathing_shape import BreathingShape
from biobreath.ui.theme import colour

WIDEST_PX = 760
BEHIND_S, AHEAD_S = 5.0, 11.0
"""What is behind the point and what comes: the next turn is always in sight."""
_STEP_PX = 6.0
_DOT_PX = 17.0


class HorizonShape(BreathingShape):
    """A soft hill in one tone, and a round point that follows its edge."""

    wide = True

    def _pixels_a_second(self) -> float:
        return self.width() / (BEHIND_S + AHEAD_S)

    def _place_now(self) -> float:
        if self._source.paused:
            return self._height(self._cue.fullness)
        return self._source.now() * self._pixels_a_second()

    def _height(self, fullness: float) -> float:
        """Return the y of a fullness."""
        return self.height() * (0.72 - 0.44 * fullness)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint paper, hill, edge, point and word."""
        self._painted = self._place_now()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), colour(self._theme.paper))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            edge = self._edge()
            self._paint_hill(painter, edge)
            at = QPointF(BEHIND_S * self._pixels_a_second(), self._height(self._cue.fullness))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(self._theme.paper))
            painter.drawEllipse(at, _DOT_PX + 4, _DOT_PX + 4)
            painter.setBrush(colour(self._theme.breath))
            painter.drawEllipse(at, _DOT_PX, _DOT_PX)
            box = QRectF(at.x() - 100, self.height() * 0.78, 200, 60)
            self._paint_word(painter, box, colour(self._theme.ink))

    def _edge(self) -> QPolygonF:
        """Return the edge of the hill from left to right, on a grid fixed in time."""
        a_second = self._pixels_a_second()
        now = self._source.now()
        step_s = _STEP_PX / a_second
        first = np.floor((now - BEHIND_S) / step_s) * step_s
        times = np.arange(first, now + AHEAD_S + 2 * step_s, step_s)
        # While the guide rests, and before it began, the land lies level.
        fullness = np.nan_to_num(self._source.fullness(times), nan=self._cue.fullness)
        x = (times - now + BEHIND_S) * a_second
        y = self.height() * (0.72 - 0.44 * fullness)
        return QPolygonF([QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)])

    def _paint_hill(self, painter: QPainter, edge: QPolygonF) -> None:
        ground = QPolygonF(edge)
        ground.append(QPointF(edge.at(edge.size() - 1).x(), self.height()))
        ground.append(QPointF(edge.at(0).x(), self.height()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(self._theme.breath_pale, 0.75))
        painter.drawPolygon(ground)
        painter.setPen(QPen(self._breath(0.5), 1))
        painter.drawPolyline(edge)
