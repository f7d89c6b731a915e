"""The breath as a disc with a soft halo between two faint rings: the fullest and the emptiest."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRadialGradient, QResizeEvent
from PySide6.QtWidgets import QWidget

from biobreath.ui.breathing_shape import BreathingShape, BreathSource
from biobreath.ui.shades import Ring, Shades
from biobreath.ui.theme import Theme, colour

_EMPTY_SHARE = 0.374
"""Radius of the emptiest disc as a share of the fullest: never so small that it is lost."""
_FREE_SHARE = 0.66
"""The disc of free breathing: it stands still, and is wide enough for its words."""
_WORD_SHARE = 1.8
"""How much of its radius a word may take in width."""
_FINE = 4.0
"""Radii are drawn to a quarter of a pixel."""
_REACH = 1.22
"""How far the halo of the fullest disc reaches, as a share of its radius."""


class DiscShape(BreathingShape):
    """A disc; the whole of it is one opaque gradient."""

    def __init__(self, source: BreathSource, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(source, theme, parent)
        self._painted_reach = 0.0
        self._moving_reach = 0.0
        self._moving_box = QRect()
        self._gradients: dict[float, QRadialGradient] = {}
        """By radius: every breath passes the same ones."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Forget the colours of another size."""
        self._gradients.clear()
        super().resizeEvent(event)

    @property
    def full_radius(self) -> float:
        """Radius of the outer ring in pixels."""
        return min(self.width(), self.height()) / 2 / _REACH

    def _place_now(self) -> float:
        if self._source.free:
            return self.full_radius * _FREE_SHARE
        return self.full_radius * (_EMPTY_SHARE + (1 - _EMPTY_SHARE) * self._cue.fullness)

    def _changed_box(self) -> QRect:
        """Return what a frame can change: as far as the halo reaches, now or a frame ago."""
        reach = max(self._outer(self._place_now()), self._painted_reach) + 2
        box = QRectF(-reach, -reach, 2 * reach, 2 * reach)
        self._moving_reach = reach
        self._moving_box = box.translated(QRectF(self.rect()).center()).toAlignedRect()
        return self._moving_box

    def _outer(self, radius: float) -> float:
        """Return where the halo of a disc of ``radius`` ends: wider around an emptier breath."""
        fullness = (radius / self.full_radius - _EMPTY_SHARE) / (1 - _EMPTY_SHARE)
        return radius + self.full_radius * (0.2 + 0.27 * (1.0 - fullness))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint halo, rings and disc in one go, and the word over them."""
        radius = self._place_now()
        self._painted = radius
        self._painted_reach = self._outer(radius)
        with QPainter(self) as painter:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            everything = self._everything_round(round(radius * _FINE) / _FINE)
            centre = QRectF(self.rect()).center()
            if event.rect() == self._moving_box:
                # Beyond the halo's circle nothing has changed: a fifth of the box.
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(everything)
                painter.drawEllipse(centre, self._moving_reach, self._moving_reach)
            else:
                painter.fillRect(event.rect(), everything)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            wide = radius * _WORD_SHARE
            box = QRectF(centre.x() - wide / 2, centre.y() - 30, wide, 60)
            self._paint_word(painter, box, colour(self._theme.on_breath))

    def _everything_round(self, radius: float) -> QRadialGradient:
        """Return paper, halo, disc and rings as one opaque gradient: each pixel is painted once.

        Several translucent shapes over each other cost three times as much a frame.
        """
        if (known := self._gradients.get(radius)) is not None:
            return known
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
        self._gradients[radius] = gradient
        return gradient
