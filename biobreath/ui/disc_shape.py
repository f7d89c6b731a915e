"""The breath as a disc with a soft halo between two faint rings: the fullest and the emptiest."""

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QPainter,
    QPaintEvent,
    QPen,
    QRadialGradient,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from biobreath.ui.bands import Bands
from biobreath.ui.breathing_shape import NEVER, BreathingShape, BreathSource, Floats
from biobreath.ui.rings import Rings, Strips
from biobreath.ui.shades import Ring, Shades, contrast
from biobreath.ui.theme import Theme, colour

_EMPTY_SHARE = 0.374
"""Radius of the emptiest disc as a share of the fullest: never so small that it is lost."""
_FREE_SHARE = 0.66
"""The disc of free breathing: it stands still, and is wide enough for its words."""
_WORD_SHARE = 1.8
"""How much of its radius a word may take in width."""
_REACH = 1.22
"""How far the halo of the fullest disc reaches, as a share of its radius."""
_NO_PEN = QPen(Qt.PenStyle.NoPen)


class DiscShape(BreathingShape):
    """A disc; the whole of it is one opaque gradient, of which only what moved is painted."""

    def __init__(self, source: BreathSource, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(source, theme, parent)
        self.full_radius = 0.0
        """Radius of the outer ring in pixels."""
        self._centre = QPointF()
        self._word_box = QRectF()
        self._free_word_box = QRectF()
        """On a disc that stands still there is a sentence, and no frame that has to be quick."""
        self._rings = Rings(QPoint(), QRect(), QRect())
        self._asked: Strips | None = None
        self._brushes: dict[float, QBrush] = {}
        """By radius: every breath passes the same ones."""
        self._ink = colour(theme.on_breath)
        self._step_px = 0.5
        """Radii are drawn to half a pixel of the screen: less cannot be seen."""
        self._contrast = contrast(colour(theme.paper), colour(theme.breath))
        self._bands: Bands | None = None
        self._moves: dict[tuple[float, float], Strips] = {}
        """By the radius before and after: what to paint; every breath makes the same moves."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Forget what was painted in another size."""
        super().resizeEvent(event)
        self.full_radius = min(self.width(), self.height()) / 2 / _REACH
        self._centre = QRectF(self.rect()).center()
        self._word_box = self._round_the_centre(self._widest_word_px() + 8)
        self._free_word_box = self._round_the_centre(self.full_radius * _FREE_SHARE * _WORD_SHARE)
        self._step_px = 0.5 / self.devicePixelRatioF()
        self._rings = Rings(self._centre.toPoint(), self.rect(), self._word_box.toAlignedRect())
        self._asked = None
        self._brushes.clear()
        self._moves.clear()
        radii = self.full_radius * _EMPTY_SHARE, self.full_radius
        self._bands = Bands(self._contrast, self._outer, radii, self._step_px)

    def _round_the_centre(self, wide: float) -> QRectF:
        tall = 1.5 * self._font.pixelSize()
        return QRectF(self._centre.x() - wide / 2, self._centre.y() - tall / 2, wide, tall)

    def _places(self, times: Floats, fullness: Floats, /) -> Floats:
        shares = _EMPTY_SHARE + (1 - _EMPTY_SHARE) * fullness
        if self._free:
            shares = np.full(times.size, _FREE_SHARE)
        return np.round(self.full_radius * shares / self._step_px) * self._step_px

    def changed(self, before: float, /) -> QRegion:
        """Return the bands whose colours would be seen to be off."""
        if self._bands is None:
            return QRegion()  # not laid out yet
        after = self.mover.asked_for
        moved = self._moves.get((before, after))
        if moved is None:
            bands = self._bands
            due = bands.all(after) if before == NEVER else bands.due(before, after)
            moved = self._moves[before, after] = self._rings.between(*due)
        self._asked = moved
        return moved.region

    def _outer(self, radius: float) -> float:
        """Return where the halo of a disc of ``radius`` ends: wider around an emptier breath."""
        fullness = (radius / self.full_radius - _EMPTY_SHARE) / (1 - _EMPTY_SHARE)
        return radius + self.full_radius * (0.2 + 0.27 * (1.0 - fullness))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what was asked for: halo, rings and disc in one go, and the word over them."""
        asked, ours = event.region(), self._asked
        if ours is not None and asked == ours.region:
            rects, has_word = ours.rects, ours.over_middle
        else:
            rects, has_word = [asked.boundingRect()], True
        with QPainter(self) as painter:
            painter.setPen(_NO_PEN)
            painter.setBrush(self._brush())
            painter.drawRects(rects)
            if has_word:
                box = self._free_word_box if self._free else self._word_box
                self._paint_word(painter, box, self._ink)

    def _brush(self) -> QBrush:
        made = self._brushes.get(self.mover.asked_for)
        return self._everything_round(self._place) if made is None else made

    def _everything_round(self, radius: float) -> QBrush:
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
        gradient = QRadialGradient(self._centre, reach)
        for at, ink in shades.stops(rings, reach):
            gradient.setColorAt(at / reach, ink)
        self._brushes[radius] = made = QBrush(gradient)
        return made
