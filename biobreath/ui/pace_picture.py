"""The picture of a search for the pace: how far the heart swung, breath by breath, at each pace."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray

from biobreath.session.review import Review
from biobreath.signal.resonance import NoResonance
from biobreath.ui import theme as look
from biobreath.ui.still_plot import StillPlot
from biobreath.ui.theme import Theme, colour

Floats = NDArray[np.float64]

LEAST_BREATHS = 12
_PLOT_PX = 224
_NEAR_PER_MINUTE = 0.15
"""Breaths whose pace is this near are taken together for the line."""
_SIDE_PER_MINUTE = 0.15
_DOT_PX = 7
_ABOUT = (
    "Each dot is a breath: how far the heart swung in it, in heartbeats a minute, at which pace,"
    " in breaths a minute."
)
_ABOUT_BAND = " Pale where heart and breath most likely go together best."
_ABOUT_PIECES = " Each pace was a sitting of its own; on some days hearts swing more."


def has_picture(review: Review) -> bool:
    """Tell whether there is anything to be drawn: enough breaths, of a signal that can be read."""
    if review.pace is None or review.pace_swings is None:
        return False
    unread = (NoResonance.BAD_SIGNAL, NoResonance.UNSURE_BEATS)
    return review.pace.reason not in unread and review.pace_swings[0].size >= LEAST_BREATHS


class PacePicture(StillPlot):
    """Amber dots and their calm line on paper; the likely range is pale teal. No aim, no mark."""

    def __init__(self, review: Review, theme: Theme, *, in_pieces: bool = False) -> None:
        super().__init__(theme, "How far the heart swung at each pace", _PLOT_PX)
        assert review.pace is not None
        assert review.pace_swings is not None
        pace, swing_bpm = review.pace_swings
        self._fit(pace, swing_bpm)
        low, high, about = review.pace.low, review.pace.high, _ABOUT
        if low is not None and high is not None:
            self._add_band(low, high)
            about += _ABOUT_BAND
        self._add_breaths(pace, swing_bpm)
        about += _ABOUT_PIECES if in_pieces else ""
        self.say_below(about)

    def _fit(self, pace: Floats, swing_bpm: Floats) -> None:
        low, high = float(pace.min()), float(pace.max())
        top = float(np.ceil(swing_bpm.max() / 5) * 5)
        halves = np.arange(np.ceil(2 * low) / 2, high + 0.01, 0.5)
        step = 5 if top <= 25 and not look.text_is_large() else 10
        self.set_axes(
            (low - _SIDE_PER_MINUTE, high + _SIDE_PER_MINUTE),
            (0.0, top),
            [(float(rate), f"{rate:g}") for rate in halves],
            [(float(v), str(v)) for v in range(0, int(top) + 1, step)],
        )

    def _add_band(self, low: float, high: float) -> None:
        region = pg.LinearRegionItem(
            values=(low, high),
            brush=colour(self.theme.breath_pale, 0.7),
            pen=pg.mkPen(None),
            movable=False,
        )
        self.plot.plotItem.addItem(region, ignoreBounds=True)

    def _add_breaths(self, pace: Floats, swing_bpm: Floats) -> None:
        brush = colour(self.theme.heart, 0.55)
        dots = pg.ScatterPlotItem(size=_DOT_PX, pen=pg.mkPen(None), brush=brush)
        dots.setData(pace, swing_bpm)
        self.plot.plotItem.addItem(dots, ignoreBounds=True)
        for part in stretches(pace):
            pen = pg.mkPen(colour(self.theme.heart), width=2 * self.devicePixelRatioF())
            line = pg.PlotCurveItem(pen=pen, antialias=True)
            line.setData(part, calm_line(part, pace, swing_bpm))
            self.plot.plotItem.addItem(line, ignoreBounds=True)


def stretches(pace: Floats) -> list[Floats]:
    """Return the paces to draw a line at: no line where nobody breathed, as between two steps."""
    known = np.sort(pace)
    cuts = np.flatnonzero(np.diff(known) > _NEAR_PER_MINUTE) + 1
    parts = np.split(known, cuts)
    return [np.linspace(part[0], part[-1], 120) for part in parts if part[-1] - part[0] > 0.01]


def calm_line(at: Floats, pace: Floats, swing_bpm: Floats) -> Floats:
    """Return the mean swing (bpm) near each pace of ``at``; what is nearest counts most."""
    apart = (at[:, None] - pace[None, :]) / _NEAR_PER_MINUTE
    weight = np.exp(-0.5 * apart**2)
    return weight @ swing_bpm / weight.sum(axis=1)
