"""A plot that is only looked at, with a line of words below: no mouse, no menu, quiet numbers."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from biobreath.ui import theme as look
from biobreath.ui.parts import label
from biobreath.ui.theme import Theme, colour

Ticks = Sequence[tuple[float, str]]

_LEFT_PX, _BOTTOM_PX = 52, 40
"""Room for the axes' numbers at the usual text size."""
_LABEL_OVER_PX = 30
"""How far a tick's label may stand over the end of its axis: as 0:00 does."""


class StillPlot(QWidget):
    """The ground that pictures of sittings share.

    ``plot_px`` is the plot's height at the usual text size; larger numbers take none of its room.
    """

    def __init__(self, theme: Theme, name: str, plot_px: int) -> None:
        super().__init__()
        self.theme = theme
        self.setAccessibleName(name)
        self.plot = _plot_on_paper(theme)
        self.plot.setFixedHeight(plot_px - _BOTTOM_PX + look.scaled(_BOTTOM_PX))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.plot)

    def set_axes(
        self, x: tuple[float, float], y: tuple[float, float], bottom: Ticks, left: Ticks
    ) -> None:
        """Show ``x`` and ``y`` (from, to) with these numbers."""
        self.plot.plotItem.getViewBox().setRange(xRange=x, yRange=y, padding=0.0)
        for name, ticks in (("left", left), ("bottom", bottom)):
            axis = self.plot.plotItem.getAxis(name)
            axis.setPen(pg.mkPen(None))
            axis.setTextPen(pg.mkPen(colour(self.theme.soft_ink)))
            axis.setTickFont(look.font(look.SMALL_PX))
            axis.setTicks([list(ticks)])
            # A tick of no length is still a dot.
            axis.setStyle(
                tickLength=0,
                tickTextOffset=10,
                tickAlpha=0,
                hideOverlappingLabels=look.scaled(_LABEL_OVER_PX),
            )
        self.plot.plotItem.getAxis("left").setWidth(look.scaled(_LEFT_PX))
        self.plot.plotItem.getAxis("bottom").setHeight(look.scaled(_BOTTOM_PX))

    def say_below(self, text: str) -> None:
        """Say what the picture shows."""
        self._column.addWidget(label(text, look.SMALL_PX, tone="soft"))


def _plot_on_paper(theme: Theme) -> pg.PlotWidget:
    plot = pg.PlotWidget(background=colour(theme.paper))
    plot.setFrameShape(plot.Shape.NoFrame)
    plot.setInteractive(False)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    # The page scrolls under the wheel, not the picture.
    plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    item = plot.plotItem
    item.hideButtons()
    item.setMenuEnabled(False)
    # Half of the uppermost and of the last number stands outside of the plot.
    letter = look.scaled(look.SMALL_PX)
    item.setContentsMargins(0, 0.7 * letter, 1.5 * letter, 0)
    box = item.getViewBox()
    box.setMouseEnabled(x=False, y=False)
    box.disableAutoRange()
    return plot
