"""The shape that breathes: it asks where the breath is, it never counts."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleValueChangeEvent,
    QColor,
    QPainter,
    QPaintEvent,
    QRadialGradient,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from biobreath.practice.pacer import BreathCue, BreathPhase
from biobreath.ui import theme as look
from biobreath.ui.shades import Ring, Shades
from biobreath.ui.theme import Theme, colour

WORDS = {
    BreathPhase.INHALE: "in",
    BreathPhase.TOP: "a sip",
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
        self._painted_reach = 0.0
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
            self.update(self._changed_box())
        if word != self._word:
            self._word = word
            self.setAccessibleDescription(f"{word}, {self._cue.left_s:.0f} seconds")
            QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, word))

    def _changed_box(self) -> QRect:
        """Return what a frame can change: as far as the halo reaches, now or a frame ago."""
        reach = max(self._outer(self._radius()), self._painted_reach) + 2
        box = QRectF(-reach, -reach, 2 * reach, 2 * reach)
        return box.translated(QRectF(self.rect()).center()).toAlignedRect()

    def _outer(self, radius: float) -> float:
        """Return where the halo of a disc of ``radius`` ends: wider around an emptier breath."""
        fullness = (radius / self.full_radius - _EMPTY_SHARE) / (1 - _EMPTY_SHARE)
        return radius + self.full_radius * (0.2 + 0.27 * (1.0 - fullness))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint halo, rings and disc in one go, and the word over them."""
        radius = self._radius()
        self._painted_radius = radius
        self._painted_reach = self._outer(radius)
        with QPainter(self) as painter:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.fillRect(event.rect(), self._everything_round(radius))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            if self.show_words:
                painter.setFont(look.font(look.WORD_PX, 600))
                painter.setPen(colour(self._theme.on_breath))
                centre = QRectF(self.rect()).center()
                box = QRectF(centre.x() - 100, centre.y() - 30, 200, 60)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._word_now())

    def _everything_round(self, radius: float) -> QRadialGradient:
        """Return paper, halo, disc and rings as one opaque gradient: each pixel is painted once.

        Several translucent shapes over each other cost three times as much a frame.
        """
        rings = [
            Ring(self.full_radius, colour(self._theme.line)),
            Ring(self.full_radius * _EMPTY_SHARE, self._breath(0.25)),
        ]
        shades = Shades(
            paper=colour(self._theme.paper),
            breath=colour(self._theme.breath),
            radius=radius,
            outer=self._outer(radius),
            edge=0.5 / self.devicePixelRatioF(),
        )
        reach = self.full_radius * _REACH + 4
        gradient = QRadialGradient(QRectF(self.rect()).center(), reach)
        for at, ink in shades.stops(rings, reach):
            gradient.setColorAt(at / reach, ink)
        return gradient

    def _word_now(self) -> str:
        """Say the part of the breath; a resting guide asks for nothing."""
        return "rest" if self._resting() else WORDS[self._cue.phase]

    def _breath(self, alpha: float) -> QColor:
        return colour(self._theme.breath, alpha)
