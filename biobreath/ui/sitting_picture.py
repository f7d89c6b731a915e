"""The picture of a whole sitting: heart rate, guided parts, gaps. Drawn by pyqtgraph."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from biobreath.session import words
from biobreath.session.review import Review, Stretch
from biobreath.ui import theme as look
from biobreath.ui.still_plot import StillPlot
from biobreath.ui.theme import Theme, colour

_PLOT_PX = 269
LEAST_S = 30.0


class SittingPicture(StillPlot):
    """Amber line on paper; the guided part is pale teal; a gap is said in words."""

    def __init__(self, review: Review, theme: Theme) -> None:
        super().__init__(theme, "Heart rate through the sitting", _PLOT_PX)
        self._fit(review)
        for rate, _ in self._rates():
            self._add_level(rate)
        for stretch, rate in review.guided:
            self._add_guided(stretch, rate)
        self._add_line(review)
        for gap in review.gaps:
            self._add_gap(gap)
        self.say_below("Heartbeats a minute. Pale where you breathed with the shape.")

    def _fit(self, review: Review) -> None:
        known = review.heart_rate_bpm[np.isfinite(review.heart_rate_bpm)]
        self._low = float(np.floor(known.min() / 5) * 5 - 5) if known.size else 50.0
        self._high = float(np.ceil(known.max() / 5) * 5 + 5) if known.size else 90.0
        end = self._end = max(LEAST_S, review.duration_s)
        self.set_axes(
            (0.0, end),
            (self._low, self._high),
            _minutes(end),
            self._rates(),
        )

    def _rates(self) -> list[tuple[float, str]]:
        step = 10 if self._high - self._low > 25 else 5
        first = int(np.ceil(self._low / step) * step)
        return [(float(v), str(v)) for v in range(first, int(self._high) + 1, step)]

    def _add_level(self, rate: float) -> None:
        pen = pg.mkPen(colour(self.theme.line), width=self.devicePixelRatioF())
        self.plot.plotItem.addItem(
            pg.InfiniteLine(pos=rate, angle=0, pen=pen, movable=False), ignoreBounds=True
        )

    def _add_guided(self, stretch: Stretch, rate: float) -> None:
        region = pg.LinearRegionItem(
            values=(stretch.start, stretch.end),
            brush=colour(self.theme.breath_pale, 0.4),
            pen=pg.mkPen(None),
            movable=False,
        )
        self.plot.plotItem.addItem(region, ignoreBounds=True)
        if stretch.end - stretch.start >= 0.25 * self._end:
            self._say(f"guided, {words.pace(rate)}", stretch.start, self._high, (0.0, 0.0))

    def _add_line(self, review: Review) -> None:
        pen = pg.mkPen(colour(self.theme.heart), width=2 * self.devicePixelRatioF())
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        line = pg.PlotCurveItem(pen=pen, antialias=True, connect="finite")
        line.setSegmentedLineMode("on")
        line.setData(review.beat_t, review.heart_rate_bpm)
        self.plot.plotItem.addItem(line, ignoreBounds=True)

    def _add_gap(self, gap: Stretch) -> None:
        height = self._low + 0.06 * (self._high - self._low)
        pen = pg.mkPen(colour(self.theme.soft_ink, 0.7), width=10 * self.devicePixelRatioF())
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        bar = pg.PlotCurveItem(pen=pen, antialias=True)
        bar.setData(np.array([gap.start, gap.end]), np.array([height, height]))
        self.plot.plotItem.addItem(bar, ignoreBounds=True)
        text = f"no signal for {words.length(gap.end - gap.start)}"
        if gap.end < 0.5 * self._end:
            self._say(text, gap.end, height, (-0.05, 0.5))
        else:
            self._say(text, gap.start, height, (1.05, 0.5))

    def _say(self, text: str, x: float, y: float, anchor: tuple[float, float]) -> None:
        words_item = pg.TextItem(text, color=colour(self.theme.soft_ink), anchor=anchor)
        words_item.setFont(look.font(look.SMALL_PX))
        words_item.setPos(x, y)
        self.plot.plotItem.addItem(words_item, ignoreBounds=True)


def _minutes(end_s: float) -> list[tuple[float, str]]:
    steps_s = (10, 30, 60, 120, 300, 600, 1200, 3600, 7200, 14_400)
    step_s = next((s for s in steps_s if end_s / s <= 9), 28_800)
    times = range(0, int(end_s) + 1, step_s)
    return [(float(t), f"{t // 60}:{t % 60:02d}") for t in times]
