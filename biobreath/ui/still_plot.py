"""A plot that is only looked at: no mouse, no menu, two axes of quiet numbers."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt

from biobreath.ui import theme as look
from biobreath.ui.theme import Theme, colour

Ticks = Sequence[tuple[float, str]]

_LABEL_OVER_PX = 30
"""How far a tick's label may stand over the end of its axis: as 0:00 does."""


def still_plot(theme: Theme) -> pg.PlotWidget:
    """Return an empty plot on paper."""
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


def set_axes(
    plot: pg.PlotWidget,
    theme: Theme,
    x: tuple[float, float],
    y: tuple[float, float],
    bottom: Ticks,
    left: Ticks,
) -> None:
    """Show ``x`` and ``y`` (from, to) with these numbers."""
    plot.plotItem.getViewBox().setRange(xRange=x, yRange=y, padding=0.0)
    for name, ticks in (("left", left), ("bottom", bottom)):
        axis = plot.plotItem.getAxis(name)
        axis.setPen(pg.mkPen(None))
        axis.setTextPen(pg.mkPen(colour(theme.soft_ink)))
        axis.setTickFont(look.font(look.SMALL_PX))
        axis.setTicks([list(ticks)])
        # A tick of no length is still a dot.
        axis.setStyle(
            tickLength=0, tickTextOffset=10, tickAlpha=0, hideOverlappingLabels=_LABEL_OVER_PX
        )
    plot.plotItem.getAxis("left").setWidth(52)
    plot.plotItem.getAxis("bottom").setHeight(40)
