"""The shape that breathes: it asks where the breath is, it never counts."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleValueChangeEvent,
    QColor,
    QPainter,
    QPaintEvent,
    QPen,
    QRadialGradient,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from biobreath.practice.pacer import BreathCue, BreathPhase
from biobreath.ui import theme as look
from biobreath.ui.theme import Theme, colour

WORDS = {
    BreathPhase.INHALE: "in",
    BreathPhase.HOLD_FULL: "rest",
    BreathPhase.EXHALE: "out",
    BreathPhase.HOLD_EMPTY: "rest",
}

_EMPTY_SHARE = 0.374
"""Radius of the emptiest disc as a share of the fullest: never so small that it is lost."""
_REACH = 1.22
"""How far the halo of the fullest disc reaches, as a share of its radius."""


class BreathingShape(QWidget):
    """A disc with a soft halo between two faint rings, for the fullest and the emptiest."""

    def __init__(
        self,
        cue_now: Callable[[], BreathCue],
        resting: Callable[[], bool],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._cue_now = cue_now
        self._theme = theme
        self._cue = cue_now()
        self._resting = resting
        self._painted_radius = -1.0
        self._word = ""
        self.show_words = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 240)
        self.setAccessibleName("The breath")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sizeHint(self) -> QSize:
        """Return the size of the sketch."""
        return QSize(560, 560)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Paint anew at the next frame."""
        self._painted_radius = -1.0

    @property
    def full_radius(self) -> float:
        """Radius of the outer ring in pixels."""
        return min(self.width(), self.height()) / 2 / _REACH

    def _radius(self) -> float:
        return self.full_radius * (_EMPTY_SHARE + (1 - _EMPTY_SHARE) * self._cue.fullness)

    def advance(self) -> None:
        """Ask where the breath is and repaint if that can be seen: half a device pixel."""
        self._cue = self._cue_now()
        word = self._word_now()
        moved = abs(self._radius() - self._painted_radius) * self.devicePixelRatioF()
        if moved >= 0.5 or word != self._word:
            self.update(self._box())
        if word != self._word:
            self._word = word
            self.setAccessibleDescription(f"{word}, {self._cue.left_s:.0f} seconds")
            QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, word))

    def _box(self):  # noqa: ANN202
        reach = self.full_radius * _REACH + 2
        box = QRectF(-reach, -reach, 2 * reach, 2 * reach)
        return box.translated(QRectF(self.rect()).center()).toAlignedRect()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint halo, rings, disc and word."""
        radius = self._radius()
        self._painted_radius = radius
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), colour(self._theme.paper))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            centre = QRectF(self.rect()).center()
            self._paint_halo(painter, centre, radius)
            self._paint_ring(painter, centre, self.full_radius)
            self._paint_disc(painter, centre, radius)
            self._paint_ring(painter, centre, self.full_radius * _EMPTY_SHARE, inside=True)
            if self.show_words:
                painter.setFont(look.font(look.WORD_PX, 600))
                painter.setPen(colour(self._theme.on_breath))
                box = QRectF(centre.x() - 100, centre.y() - 30, 200, 60)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._word_now())

    def _word_now(self) -> str:
        """Say the part of the breath; a resting guide asks for nothing."""
        return "rest" if self._resting() else WORDS[self._cue.phase]

    def _paint_halo(self, painter: QPainter, centre: QPointF, radius: float) -> None:
        width = self.full_radius * (0.2 + 0.27 * (1.0 - self._cue.fullness))
        outer = radius + width
        gradient = QRadialGradient(centre, outer)
        for share, alpha in ((0.0, 0.3), (0.3, 0.16), (0.65, 0.05), (1.0, 0.0)):
            gradient.setColorAt((radius + share * width) / outer, self._breath(alpha))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawEllipse(centre, outer, outer)

    def _paint_disc(self, painter: QPainter, centre: QPointF, radius: float) -> None:
        gradient = QRadialGradient(centre, radius)
        gradient.setColorAt(0.0, self._breath(0.98))
        gradient.setColorAt(0.55, self._breath(0.9))
        gradient.setColorAt(1.0, self._breath(0.7))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(self._theme.paper))
        painter.drawEllipse(centre, radius - 0.5, radius - 0.5)
        painter.setBrush(gradient)
        painter.drawEllipse(centre, radius, radius)

    def _paint_ring(
        self, painter: QPainter, centre: QPointF, radius: float, *, inside: bool = False
    ) -> None:
        ink = self._breath(0.25) if inside else colour(self._theme.line)
        painter.setPen(QPen(ink, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, radius, radius)

    def _breath(self, alpha: float) -> QColor:
        return colour(self._theme.breath, alpha)
