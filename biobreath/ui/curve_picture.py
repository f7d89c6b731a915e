"""The heart's line over the breath's pale hill as a picture, drawn by pyqtgraph.

Importing pyqtgraph takes longer than showing a shape, so this is loaded after the first window.
"""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from biobreath.ui.theme import Theme, colour

Floats = NDArray[np.float64]

PAST_S = 50.0
AHEAD_S = 7.6
MARGIN_S = 1.2
"""How much further than it shows the past is drawn: so long it only has to be moved."""
AHEAD_MARGIN_S = 5.0
"""The same of what comes, which no beat changes."""
_HEIGHT_FROM, _HEIGHT_TO = -0.04, 1.04


class CurvePicture:
    """Two pictures with times on their left-to-right axis: what has been, and what comes.

    Every ``x`` is in s after the moment of drawing, every ``y`` 0-1 from bottom to top.
    """

    def __init__(self, theme: Theme, dots: float) -> None:
        """Make the lines; pyqtgraph counts a pen's width in the screen's ``dots`` per pixel."""
        self._paper = colour(theme.paper)
        self._dots = dots
        self._width = self._height = 0
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self._view = pg.GraphicsView(background=self._paper)
        self._view.setFrameShape(self._view.Shape.NoFrame)
        self._view.setCentralItem(self._box)
        self._box.disableAutoRange()
        # It is laid out like any widget, but never seen: its pictures are.
        self._view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        # Or the program would go on after its window is closed.
        self._view.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)  # noqa: FBT003  Qt's name
        self._view.setUpdatesEnabled(False)
        clear = pg.mkPen(None)
        self._hill = pg.PlotCurveItem(
            pen=clear, brush=colour(theme.breath_pale, 0.75), fillLevel=-0.1, antialias=True
        )
        ahead = pg.mkPen(colour(theme.breath, 0.35), width=4 * dots, style=Qt.PenStyle.DotLine)
        ahead.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._ahead = pg.PlotCurveItem(pen=ahead, antialias=True)
        line = pg.mkPen(colour(theme.heart), width=3 * dots)
        line.setCapStyle(Qt.PenCapStyle.RoundCap)
        # Lines drawn one by one: a thick antialiased polyline costs ten times as much.
        self._line = pg.PlotCurveItem(pen=line, antialias=True, connect="finite")
        self._line.setSegmentedLineMode("on")
        petal = pg.mkPen(colour(theme.heart, 0.45), width=7 * dots)
        petal.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._petals = pg.PlotCurveItem(pen=petal, antialias=True, connect="pairs")
        own = pg.mkPen(colour(theme.breath, 0.75), width=1.5 * dots)
        self._own = pg.PlotCurveItem(pen=own, antialias=True, connect="finite")
        self._own.setSegmentedLineMode("on")
        for item in (self._hill, self._ahead, self._petals, self._own, self._line):
            self._box.addItem(item, ignoreBounds=True)

    def resize(self, width: int, height: int) -> None:
        """Draw ``width`` x ``height`` px, not counting the margin."""
        self._width, self._height = width, height
        whole = width + round(AHEAD_MARGIN_S / self.pixel_s)
        self._view.resize(whole, height)
        self._view.show()
        span_s = whole * self.pixel_s
        tall = _HEIGHT_TO - _HEIGHT_FROM
        self._box.setRange(QRectF(-PAST_S, _HEIGHT_FROM, span_s, tall), padding=0.0)

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
        return round(PAST_S / self.pixel_s)

    def height_px(self, y: float) -> float:
        """Return how far down ``y`` is drawn."""
        return self._height * (_HEIGHT_TO - y) / (_HEIGHT_TO - _HEIGHT_FROM)

    def set_heart(self, x: Floats, y: Floats) -> None:
        """Draw this line, broken at every ``nan``."""
        self._line.setData(x, y)

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
        self._ahead.setData(x, y)

    def past(self) -> QPixmap:
        """Return what has been until now, and the margin."""
        return self._drawn(ahead=False, left=0, right=self.now_px + round(MARGIN_S / self.pixel_s))

    def ahead(self) -> QPixmap:
        """Return what comes, and the margin."""
        return self._drawn(ahead=True, left=self.now_px, right=self._view.width())

    def _drawn(self, *, ahead: bool, left: int, right: int) -> QPixmap:
        self._ahead.setVisible(ahead)
        for item in (self._hill, self._petals, self._own, self._line):
            item.setVisible(not ahead)
        size = (right - left, self._height)
        picture = QPixmap(*(round(side * self._dots) for side in size))
        picture.setDevicePixelRatio(self._dots)
        picture.fill(self._paper)
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            target, source = QRectF(0, 0, *size), QRect(left, 0, *size)
            self._view.render(painter, target, source)
        return picture
