"""The heart's line over the breath's pale hill as a picture, drawn by pyqtgraph.

Importing pyqtgraph takes longer than showing a shape, so this is loaded after the first window.
"""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform

from biobreath.ui.theme import Theme, colour

Floats = NDArray[np.float64]

PAST_S = 50.0
AHEAD_S = 7.6
MARGIN_S = 1.2
"""How much further than it shows the past is drawn: so long it only has to be moved."""
GUIDE_MARGIN_S = 8.0
"""The same of the guide, which no beat changes."""
_OVERLAP_PX = 0.5
"""So much closes a thick line where it bends by up to a third of a right angle."""
_HEIGHT_FROM, _HEIGHT_TO = -0.04, 1.04


def pieces(x: Floats, y: Floats, px_per_x: float, px_per_y: float) -> tuple[Floats, Floats]:
    """Cut a line into pieces that reach a little over both their ends; none touches a ``nan``."""
    along, up = np.diff(x), np.diff(y)
    length_px = np.hypot(along * px_per_x, up * px_per_y)
    kept = length_px > 0
    over = np.divide(_OVERLAP_PX, length_px, out=np.zeros_like(length_px), where=kept)

    def ends(of: Floats, step: Floats) -> Floats:
        return np.column_stack([of[:-1] - over * step, of[1:] + over * step])[kept].ravel()

    return ends(x, along), ends(y, up)


class CurvePicture:
    """The guide's hill, the heart's line over it, and what comes; time goes from left to right.

    The hill and what comes change only with the guide, so a beat lays its line over a copy of the
    hill. Every ``x`` is in s after the moment of drawing, every ``y`` 0-1 from bottom to top.
    """

    def __init__(self, theme: Theme, dots: float) -> None:
        """Make the lines; pyqtgraph counts a pen's width in the screen's ``dots`` per pixel."""
        self._paper = colour(theme.paper)
        self.dots = dots
        """The pictures' dots per px, whatever screen they are shown on."""
        self._width = self._height = 0
        clear = pg.mkPen(None)
        self._hill = pg.PlotCurveItem(
            pen=clear, brush=colour(theme.breath_pale, 0.75), fillLevel=-0.1, antialias=True
        )
        ahead = pg.mkPen(colour(theme.breath, 0.35), width=4 * dots, style=Qt.PenStyle.DotLine)
        ahead.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._dotted = pg.PlotCurveItem(pen=ahead, antialias=True)
        line = pg.mkPen(colour(theme.heart), width=3 * dots)
        # Pieces drawn one by one: a thick antialiased polyline costs seven times as much. Their
        # ends are flat and lie over each other: round ones cost five times as much.
        line.setCapStyle(Qt.PenCapStyle.FlatCap)
        self._line = pg.PlotCurveItem(pen=line, antialias=True, connect="pairs")
        self._line.setSegmentedLineMode("on")
        petal = pg.mkPen(colour(theme.heart, 0.45), width=7 * dots)
        petal.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._petals = pg.PlotCurveItem(pen=petal, antialias=True, connect="pairs")
        own = pg.mkPen(colour(theme.breath, 0.75), width=1.5 * dots)
        self._own = pg.PlotCurveItem(pen=own, antialias=True, connect="finite")
        self._own.setSegmentedLineMode("on")

    def resize(self, width: int, height: int) -> None:
        """Draw ``width`` x ``height`` px, not counting the margins."""
        self._width, self._height = width, height

    @property
    def has_size(self) -> bool:
        """Whether there is anything to draw on: it has been laid out."""
        return self._width > 0 and self._height > 0

    @property
    def pixel_s(self) -> float:
        """How many seconds a pixel is wide."""
        return (PAST_S + AHEAD_S) / max(1, self._width)

    @property
    def now_px(self) -> int:
        """Where the moment of drawing is."""
        return self._px(PAST_S)

    def _px(self, seconds: float) -> int:
        return round(seconds / self.pixel_s)

    @property
    def _past_px(self) -> int:
        return self.now_px + self._px(MARGIN_S)

    @property
    def _hill_px(self) -> int:
        return self._past_px + self._px(GUIDE_MARGIN_S)

    def height_px(self, y: float) -> float:
        """Return how far down ``y`` is drawn."""
        return self._px_per_height * (_HEIGHT_TO - y)

    @property
    def _px_per_height(self) -> float:
        return self._height / (_HEIGHT_TO - _HEIGHT_FROM)

    def set_heart(self, x: Floats, y: Floats) -> None:
        """Draw this line, broken at every ``nan``."""
        self._line.setData(*pieces(x, y, 1.0 / self.pixel_s, self._px_per_height))

    def set_petals(self, x: Floats, low: float, tall: Floats) -> None:
        """Draw an upright petal at each ``x``."""
        y = np.column_stack([np.full(tall.size, low), low + tall]).ravel()
        self._petals.setData(np.repeat(x, 2), y)

    def set_own_breath(self, x: Floats, y: Floats) -> None:
        """Draw the person's own breath."""
        self._own.setData(x, y)

    def set_guide(self, x: Floats, y: Floats) -> None:
        """Draw the guide: a hill until now, dots ahead; ``nan`` where it rests."""
        # Where the guide rested there is no hill: below the picture.
        self._hill.setData(x, np.nan_to_num(y, nan=-0.1))
        self._dotted.setData(x, y)

    def hill(self) -> QPixmap:
        """Return the guide from the left edge until now, and the margins."""
        picture = self._empty(self._hill_px)
        with QPainter(picture) as painter:
            self._paint(painter, 0, self._hill)
        return picture

    def ahead(self) -> QPixmap:
        """Return what comes, and its margin."""
        wide = self._width + self._px(GUIDE_MARGIN_S) - self.now_px
        picture = self._empty(wide)
        with QPainter(picture) as painter:
            self._paint(painter, self.now_px, self._dotted)
        return picture

    def past(self, hill: QPixmap, moved: int) -> QPixmap:
        """Return what has been until now, and the margin, over a hill that has since ``moved``."""
        left, wide = (round(px * self.dots) for px in (moved, self._past_px))
        picture = hill.copy(left, 0, wide, hill.height())
        with QPainter(picture) as painter:
            self._paint(painter, 0, self._petals, self._own, self._line)
        return picture

    def _paint(self, painter: QPainter, left: int, *lines: pg.PlotCurveItem) -> None:
        """Paint lines over each other, px ``left`` at the left edge of the picture.

        Without a scene: finding what of it is seen takes as long as painting the heart's line.
        """
        px_per_s, px_per_height = 1.0 / self.pixel_s, self._px_per_height
        from_left, from_top = PAST_S * px_per_s - left, _HEIGHT_TO * px_per_height
        painter.setTransform(QTransform(px_per_s, 0.0, 0.0, -px_per_height, from_left, from_top))
        for line in lines:
            line.paint(painter, None, None)

    def _empty(self, width: int) -> QPixmap:
        picture = QPixmap(*(round(side * self.dots) for side in (width, self._height)))
        picture.setDevicePixelRatio(self.dots)
        picture.fill(self._paper)
        return picture
