"""The breath as a bar that fills: for those who want little motion."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen

from biobreath.ui.breathing_shape import BreathingShape, Floats
from biobreath.ui.theme import colour

WIDTH_PX = 88
_STEPS = 24
"""The bar fills in so many steps: some a second, and nothing glides."""


class BarShape(BreathingShape):
    """An upright bar with a line for full and one for empty."""

    def _places(self, _times: Floats, fullness: Floats, /) -> Floats:
        return np.round(fullness * _STEPS) / _STEPS * self._box().height()

    def _box(self) -> QRectF:
        height = self.height() * 0.78
        middle = QRectF(self.rect()).center()
        return QRectF(middle.x() - WIDTH_PX / 2, middle.y() - height / 2, WIDTH_PX, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bar and the word beside it."""
        filled = self._place
        box = self._box()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), colour(self._theme.paper))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            outline = QPainterPath()
            outline.addRoundedRect(box, WIDTH_PX / 2, WIDTH_PX / 2)
            painter.fillPath(outline, colour(self._theme.breath_pale))
            painter.save()
            painter.setClipPath(outline)
            level = QRectF(box.left(), box.bottom() - filled, box.width(), filled)
            painter.fillRect(level, colour(self._theme.breath))
            painter.restore()
            painter.setPen(QPen(self._breath(0.5), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(outline)
            word = QRectF(box.right() + 8, box.center().y() - 30, 160, 60)
            self._paint_word(painter, word, colour(self._theme.ink))
