"""The weeks of one scale as a soft band with a line in it."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from biobreath.practice.trends import TOP, Week
from biobreath.ui.theme import Theme, colour

_HEIGHT_PX = 112
_LINE_PX = 3.0
_SOFT_PX = 14.0
"""How wide the edge of the band is painted: also weeks that were all alike have a band."""


class TrendPicture(QWidget):
    """Weeks as a soft band with a line in it; no numbers, no arrow, no goal."""

    def __init__(self, theme: Theme, weeks: Sequence[Week]) -> None:
        super().__init__()
        self._theme = theme
        self._weeks = tuple(weeks)
        self.setMinimumHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("A soft picture of these weeks")

    def sizeHint(self) -> QSize:
        """Return a calm strip."""
        return QSize(480, _HEIGHT_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint band and line; weeks without an answer are simply not there."""
        if len(self._weeks) < 2:
            return
        box = QRectF(self.rect()).adjusted(_SOFT_PX, _SOFT_PX, -_SOFT_PX, -_SOFT_PX)
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(_round(theme.breath_pale, _SOFT_PX))
            painter.setBrush(colour(theme.breath_pale))
            painter.drawPath(self._band(box))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(_round(theme.breath, _LINE_PX))
            painter.drawPath(self._line(box))

    def _at(self, box: QRectF, week: Week, value: float) -> QPointF:
        first, last = self._weeks[0].number, self._weeks[-1].number
        x = box.left() + box.width() * (week.number - first) / max(1, last - first)
        return QPointF(x, box.bottom() - box.height() * value / TOP)

    def _line(self, box: QRectF) -> QPainterPath:
        path = QPainterPath(self._at(box, self._weeks[0], self._weeks[0].median))
        for week in self._weeks[1:]:
            path.lineTo(self._at(box, week, week.median))
        return path

    def _band(self, box: QRectF) -> QPainterPath:
        path = QPainterPath(self._at(box, self._weeks[0], self._weeks[0].low))
        for week in self._weeks[1:]:
            path.lineTo(self._at(box, week, week.low))
        for week in reversed(self._weeks):
            path.lineTo(self._at(box, week, week.high))
        path.closeSubpath()
        return path


def _round(value: str, width_px: float) -> QPen:
    style, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(colour(value), width_px, style, cap, join)
