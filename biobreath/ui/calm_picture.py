"""A quiet picture above the words of a practice: hills in a few colours, or the person's own."""

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from biobreath.practice.calm import CalmScene
from biobreath.ui import theme as look
from biobreath.ui.theme import Theme, colour

_WIDEST_PX = 820
_STEPS = 48
_VEILS = {"dark": 0.15, "bedtime": 0.55}
"""How much of the paper lies over the picture: a bright sky is no sight for the night."""


class CalmPicture(QWidget):
    """It stands still and asks for nothing; a screen reader passes it by."""

    def __init__(self, theme: Theme, scene: CalmScene | None, own: QPixmap | None = None) -> None:
        super().__init__()
        self._scene, self._own = scene, own
        self._veil = colour(theme.paper, _VEILS.get(theme.name, 0.0))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(120)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture with round corners, in the middle."""
        wide = min(self.width(), _WIDEST_PX)
        box = QRectF((self.width() - wide) / 2, 0, wide, self.height())
        frame = QPainterPath()
        frame.addRoundedRect(box, look.CARD_RADIUS, look.CARD_RADIUS)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setClipPath(frame)
            if self._own is not None:
                painter.drawPixmap(box, self._own, _middle_of(self._own, box))
            elif self._scene is not None:
                _paint_hills(painter, box, self._scene)
            painter.fillRect(box, self._veil)


def _middle_of(pixmap: QPixmap, box: QRectF) -> QRectF:
    """Return the part of ``pixmap`` that fills ``box`` without being bent."""
    whole = QRectF(pixmap.rect())
    scale = min(whole.width() / box.width(), whole.height() / box.height())
    part = QRectF(0, 0, box.width() * scale, box.height() * scale)
    part.moveCenter(whole.center())
    return part


def _paint_hills(painter: QPainter, box: QRectF, scene: CalmScene) -> None:
    """Paint the sky, and hills before it, the nearest darkest."""
    sky, *hills = scene.colours
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillRect(box, colour(sky))
    for number, ink in enumerate(hills, 1):
        painter.setBrush(colour(ink))
        painter.drawPath(_hill(box, number, number / (len(hills) + 1)))


def _hill(box: QRectF, number: int, depth: float) -> QPainterPath:
    """Return the ``number``-th hill; it begins ``depth`` (0-1) below the top."""
    path = QPainterPath(box.bottomLeft())
    for step in range(_STEPS + 1):
        along = step / _STEPS
        swell = math.sin(2 * math.pi * (along * (0.6 + 0.35 * number) + 0.29 * number))
        down = depth + 0.07 * swell
        path.lineTo(QPointF(box.left() + along * box.width(), box.top() + down * box.height()))
    path.lineTo(box.bottomRight())
    path.closeSubpath()
    return path
