"""The part of pyqtgraph that biobreath uses, typed; the library ships no types."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsObject,
    QGraphicsView,
    QGraphicsWidget,
    QStyleOptionGraphicsItem,
    QWidget,
)

_Floats = NDArray[np.float64] | list[float]

def mkPen(color: QColor | None = ..., *, width: float = ..., style: Qt.PenStyle = ...) -> QPen: ...

class ViewBox(QGraphicsWidget):
    def setRange(
        self,
        *,
        xRange: tuple[float, float] | None = ...,
        yRange: tuple[float, float] | None = ...,
        padding: float | None = ...,
    ) -> None: ...
    def disableAutoRange(self) -> None: ...
    def setMouseEnabled(self, x: bool | None = ..., y: bool | None = ...) -> None: ...
    def addItem(self, item: QGraphicsItem, ignoreBounds: bool = ...) -> None: ...

class GraphicsView(QGraphicsView):
    def __init__(
        self, parent: QWidget | None = ..., useOpenGL: bool | None = ..., background: QColor = ...
    ) -> None: ...

class PlotCurveItem(QGraphicsObject):
    def __init__(
        self,
        *,
        pen: QPen | None = ...,
        brush: QColor | None = ...,
        fillLevel: float | None = ...,
        antialias: bool = ...,
        connect: str = ...,
        skipFiniteCheck: bool = ...,
    ) -> None: ...
    def setData(self, x: _Floats, y: _Floats) -> None: ...
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem | None,
        widget: QWidget | None = ...,
    ) -> None: ...
    def setSegmentedLineMode(self, mode: Literal["auto", "on", "off"]) -> None: ...

class ScatterPlotItem(QGraphicsObject):
    def __init__(
        self,
        *,
        size: float = ...,
        pen: QPen | None = ...,
        brush: QColor | None = ...,
        antialias: bool = ...,
        pxMode: bool = ...,
    ) -> None: ...
    def setData(self, x: _Floats, y: _Floats) -> None: ...

class AxisItem(QGraphicsWidget):
    def setPen(self, pen: QPen) -> None: ...
    def setTextPen(self, pen: QPen) -> None: ...
    def setTickFont(self, font: QFont) -> None: ...
    def setStyle(self, **style: object) -> None: ...
    def setTicks(self, ticks: list[list[tuple[float, str]]]) -> None: ...
    def setWidth(self, w: int) -> None: ...
    def setHeight(self, h: int) -> None: ...

class PlotItem(QGraphicsWidget):
    def getAxis(self, name: str) -> AxisItem: ...
    def getViewBox(self) -> ViewBox: ...
    def hideButtons(self) -> None: ...
    def setMenuEnabled(self, enableMenu: bool) -> None: ...
    def addItem(self, item: QGraphicsItem, ignoreBounds: bool = ...) -> None: ...
    def removeItem(self, item: QGraphicsObject) -> None: ...
    def showGrid(
        self, x: bool | None = ..., y: bool | None = ..., alpha: float | None = ...
    ) -> None: ...

class PlotWidget(GraphicsView):
    plotItem: PlotItem
    def __init__(self, parent: QWidget | None = ..., background: QColor = ...) -> None: ...

class InfiniteLine(QGraphicsObject):
    def __init__(
        self,
        *,
        pos: float = ...,
        angle: float = ...,
        pen: QPen | None = ...,
        movable: bool = ...,
    ) -> None: ...
    def setValue(self, v: float) -> None: ...
    def value(self) -> float: ...

class LinearRegionItem(QGraphicsObject):
    def __init__(
        self,
        *,
        values: tuple[float, float] = ...,
        orientation: str = ...,
        brush: QBrush | QColor | None = ...,
        pen: QPen | None = ...,
        movable: bool = ...,
    ) -> None: ...

class TextItem(QGraphicsObject):
    def __init__(
        self, text: str = ..., *, color: QColor = ..., anchor: tuple[float, float] = ...
    ) -> None: ...
    def setFont(self, font: QFont) -> None: ...
