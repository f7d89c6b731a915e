"""The heart's line over the breath's pale hill, flowing by; drawn by pyqtgraph.

Loaded after the first painted window: importing pyqtgraph takes longer than showing a shape.
The picture moves only when its offset changes by a whole pixel, and a beat is added once.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGraphicsRectItem, QVBoxLayout, QWidget

from biobreath.ui.theme import Theme, colour

Floats = NDArray[np.float64]

PAST_S = 50.0
AHEAD_S = 7.6
_HILL_STEP_S = 0.2
_BREATH_REDRAWN_S = 0.5
_LEAST_SPAN_BPM = 14.0
"""Small wanderings are not blown up to look like waves."""
_MOST_SWING_BPM = 30.0
"""A breath that swings so far has the tallest petal; no scale is shown, and no aim."""
_PETAL_HEIGHT = 0.16
_EASING_S = 10.0
"""The scale follows the heart slowly, so that the picture itself never jumps."""


class CurveSource(Protocol):
    """What the curve asks for."""

    def heart_points(self, since: float) -> tuple[Floats, Floats]:
        """Return beat times in s and heart rates in bpm; a ``nan`` breaks the line at a gap."""
        ...

    def breath_swings(self, since: float) -> tuple[Floats, Floats]:
        """Return when each whole breath ended, in s, and its swing in bpm."""
        ...

    def breath_points(self, since: float) -> tuple[Floats, Floats]:
        """Return times in s and the person's own breath, about 0-1, where it is measured."""
        ...

    def fullness(self, times: Floats) -> Floats:
        """Return the guide's fullness 0-1 at each time, past or ahead, ``nan`` where it rests."""
        ...


class HeartCurve(QWidget):
    """A strip of the last fifty seconds, now at its right, and the next breath dotted ahead."""

    def __init__(
        self,
        source: CurveSource,
        now: Callable[[], float],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._source = source
        self._now = now
        self._step = -1
        self._low: float = 0.0
        self._high: float = 0.0
        self._scaled_at = 0.0
        self._origin = 0.0
        self._drawn_at = -1.0
        self.shows_own_breath = False
        self.setAccessibleName("Your heart, and the breath behind it")
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self._plot = _bare_view(theme, self._box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._plot)
        self._make_items(theme)

    def _make_items(self, theme: Theme) -> None:
        # pyqtgraph counts a pen's width in the screen's own dots.
        dots = self.devicePixelRatioF()
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
        self._dot = pg.ScatterPlotItem(
            size=15, pen=clear, brush=colour(theme.heart), antialias=True, pxMode=True
        )
        self._hill.setParentItem(self._pane(-PAST_S, 0.0))
        self._ahead.setParentItem(self._pane(0.0, AHEAD_S))
        for item in (self._petals, self._own, self._line, self._dot):
            self._box.addItem(item, ignoreBounds=True)
        # A move by whole pixels then only moves what is drawn already.
        for item in (self._hill, self._ahead, self._petals, self._own, self._line):
            item.setCacheMode(item.CacheMode.DeviceCoordinateCache)

    def _pane(self, left_s: float, right_s: float) -> QGraphicsRectItem:
        """Return a part of the picture that shows nothing of its own and cuts what is in it."""
        pane = QGraphicsRectItem(QRectF(left_s, -0.1, right_s - left_s, 1.2))
        pane.setPen(pg.mkPen(None))
        pane.setFlag(pane.GraphicsItemFlag.ItemClipsChildrenToShape)
        self._box.addItem(pane, ignoreBounds=True)
        return pane

    def clear(self) -> None:
        """Forget the picture: another sitting begins."""
        self._step = -1
        self._drawn_at = -1.0
        self._high = self._low = 0.0
        for item in (self._hill, self._ahead, self._petals, self._own, self._line):
            item.setData([], [])
        self._dot.setData([], [])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew at the next frame."""
        super().resizeEvent(event)
        self._step = -1
        self._drawn_at = -1.0

    @property
    def _pixel_s(self) -> float:
        return (PAST_S + AHEAD_S) / max(1, self._plot.width())

    def beat_arrived(self) -> None:
        """Take the newest beats into the line and let the scale follow."""
        now = self._now()
        times, rates = self._source.heart_points(now - PAST_S - 5.0)
        self._follow_scale(now, rates)
        self._origin = now
        span = max(1e-9, self._high - self._low)
        shown = times - now
        heights = 0.06 + 0.88 * (rates - self._low) / span
        self._line.setData(shown, heights)
        known = np.flatnonzero(np.isfinite(heights))
        last = known[-1:] if known.size else known
        self._dot.setData(shown[last], heights[last])
        self._draw_petals(now)
        if self.shows_own_breath:
            at, level = self._source.breath_points(now - PAST_S)
            self._own.setData(at - now, 0.02 + 0.72 * level)
        self._step = -1

    def _draw_petals(self, now: float) -> None:
        """Draw one quiet petal for each breath: the further the heart swung, the taller."""
        ended, swings_bpm = self._source.breath_swings(now - PAST_S)
        tall = _PETAL_HEIGHT * np.minimum(1.0, swings_bpm / _MOST_SWING_BPM)
        x = np.repeat(ended - now, 2)
        y = np.column_stack([np.full(tall.size, 0.03), 0.03 + tall]).ravel()
        self._petals.setData(x, y)

    def show_own_breath(self, *, shown: bool) -> None:
        """Draw the person's own breath over the guide's, or leave it out."""
        self.shows_own_breath = shown
        if not shown:
            self._own.setData([], [])

    def _follow_scale(self, now: float, rates: Floats) -> None:
        known = rates[np.isfinite(rates)]
        if not known.size:
            return
        low, high = float(known.min()), float(known.max())
        if high - low < _LEAST_SPAN_BPM:
            middle = (high + low) / 2
            low, high = middle - _LEAST_SPAN_BPM / 2, middle + _LEAST_SPAN_BPM / 2
        if self._high == self._low:
            self._low, self._high = low, high
        share = min(1.0, max(0.0, (now - self._scaled_at) / _EASING_S))
        self._low += (low - self._low) * share
        self._high += (high - self._high) * share
        self._scaled_at = now

    def advance(self) -> None:
        """Move the picture if it would move by a whole pixel."""
        now = self._now()
        step = int(now / self._pixel_s)
        if step == self._step:
            return
        self._step = step
        if not 0.0 <= now - self._drawn_at < _BREATH_REDRAWN_S:
            self._draw_breath(now)
        for item, origin in (
            (self._line, self._origin),
            (self._own, self._origin),
            (self._petals, self._origin),
            (self._dot, self._origin),
            (self._hill, self._drawn_at),
            (self._ahead, self._drawn_at),
        ):
            item.setPos(origin - step * self._pixel_s, 0.0)

    def _draw_breath(self, now: float) -> None:
        """Draw the guide a little further than it shows: for some moves the picture is ready."""
        self._drawn_at = now
        until = now + AHEAD_S + _BREATH_REDRAWN_S + _HILL_STEP_S
        # On a grid fixed in time, so that the hill does not shimmer while it moves.
        first = np.floor((now - PAST_S) / _HILL_STEP_S) * _HILL_STEP_S
        times = np.arange(first, until, _HILL_STEP_S)
        heights = 0.02 + 0.72 * self._source.fullness(times)
        past = times <= now + _BREATH_REDRAWN_S + _HILL_STEP_S
        # Where the guide rested there is no hill: below the picture.
        self._hill.setData(times[past] - now, np.nan_to_num(heights[past], nan=-0.1))
        ahead = times >= now - _HILL_STEP_S
        self._ahead.setData(times[ahead] - now, heights[ahead])


def _bare_view(theme: Theme, box: pg.ViewBox) -> pg.GraphicsView:
    """Return a picture with nothing of its own: no axes, no mouse, no menus, no autorange."""
    view = pg.GraphicsView(background=colour(theme.paper))
    view.setCentralItem(box)
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.setInteractive(False)
    view.setFrameShape(view.Shape.NoFrame)
    view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    view.setAccessibleName("Heart-rate curve")
    box.disableAutoRange()
    box.setRange(QRectF(-PAST_S, -0.04, PAST_S + AHEAD_S, 1.08), padding=0.0)
    return view
