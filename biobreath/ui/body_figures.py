"""The two figures of the body map: places light up under the pointer, the keys, and when chosen."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleValueChangeEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPaintEvent,
    QPen,
    QTransform,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from biobreath.practice import body
from biobreath.practice.body import Figure, Region, Shape, Spot, Way
from biobreath.ui import drawings
from biobreath.ui import theme as look
from biobreath.ui.theme import Theme, colour

_FILES = {Figure.FRONT: "pictures/body-front.svg", Figure.BACK: "pictures/body-back.svg"}
_SEEN = {Figure.FRONT: "from the front", Figure.BACK: "from the back"}
_WAYS = {
    Qt.Key.Key_Left: Way.LEFT,
    Qt.Key.Key_Right: Way.RIGHT,
    Qt.Key.Key_Up: Way.UP,
    Qt.Key.Key_Down: Way.DOWN,
}
_PRESS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_RING_PX, _RING_GAP_PX = 3.0, 3.0
_FIRST = Spot("belly", Figure.FRONT)


class BodyFigures(QWidget):
    """Front and back; it tells which place was pressed and which one is pointed at."""

    pressed = Signal(str)
    """The id of a place, by key or pointer."""
    pointed = Signal()
    """Another place is under the pointer or the keys, or none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chosen: tuple[str, ...] = ()
        self._spot = _FIRST
        self._hovered: Spot | None = None
        self._paths: dict[Spot, QPainterPath] = {}
        self._drawn: dict[Figure, QSvgRenderer] = {
            figure: drawings.body_renderer(file, theme) for figure, file in _FILES.items()
        }
        self._font = look.font(look.SMALL_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(260, 280)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Body map. Arrow keys move, Space chooses.")
        self._say()

    def sizeHint(self) -> QSize:
        """Return the size of the sketch."""
        return QSize(520, 620)

    # ---- what it shows

    def show_chosen(self, region_ids: tuple[str, ...]) -> None:
        """Light up the chosen places; the keys go on from the first of them."""
        self._chosen = region_ids
        if region_ids and self._spot.region_id not in region_ids:
            self._spot = next(s for s in body.spots() if s.region_id == region_ids[0])
        self._say()
        self.update()

    @property
    def pointed_at(self) -> Region | None:
        """The place under the pointer, else under the keys; None where neither is here."""
        spot = self._hovered or (self._spot if self.hasFocus() else None)
        return None if spot is None else body.region(spot.region_id)

    @property
    def spot(self) -> Spot:
        """Where the keys are."""
        return self._spot

    def _say(self) -> None:
        """Say where the keys are, for those who listen to the screen."""
        chosen = ", chosen" if self._spot.region_id in self._chosen else ""
        place = body.region(self._spot.region_id).name
        said = f"{place}, {_SEEN[self._spot.figure]}{chosen}"
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
            QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, said))

    # ---- keys and pointer

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by the arrows and choose by Space or Enter; all other keys belong to the screen."""
        key = Qt.Key(event.key())
        if key in _WAYS:
            self._hovered = None
            self._go(body.beside(self._spot, _WAYS[key]))
        elif key in _PRESS and not event.isAutoRepeat():
            self.pressed.emit(self._spot.region_id)
        else:
            super().keyPressEvent(event)

    def _go(self, spot: Spot) -> None:
        self._spot = spot
        self._say()
        self.update()
        self.pointed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys are."""
        super().focusInEvent(event)
        self._go(self._spot)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let the ring go."""
        super().focusOutEvent(event)
        self._go(self._spot)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the place under the pointer."""
        self._hover(self._at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Let the light go with the pointer."""
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, spot: Spot | None) -> None:
        if spot != self._hovered:
            self._hovered = spot
            shape = (
                Qt.CursorShape.ArrowCursor if spot is None else Qt.CursorShape.PointingHandCursor
            )
            self.setCursor(shape)
            self.update()
            self.pointed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the place under the pointer."""
        spot = self._at(event.position())
        if spot is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go(spot)
            self.pressed.emit(spot.region_id)

    # ---- where things are

    def _caption_px(self) -> float:
        return QFontMetricsF(self._font).height() + 12

    def _scale(self) -> float:
        wide = self.width() / (2 * body.WIDTH + body.GAP)
        high = (self.height() - self._caption_px()) / body.HEIGHT
        return min(wide, high)

    def place(self, figure: Figure) -> QRectF:
        """Return where a figure stands in the widget."""
        scale = self._scale()
        wide = (2 * body.WIDTH + body.GAP) * scale
        left = (self.width() - wide) / 2
        if figure is Figure.BACK:
            left += (body.WIDTH + body.GAP) * scale
        top = (self.height() - self._caption_px() - body.HEIGHT * scale) / 2
        return QRectF(left, top, body.WIDTH * scale, body.HEIGHT * scale)

    def _at(self, point: QPointF) -> Spot | None:
        for figure in Figure:
            box, scale = self.place(figure), self._scale()
            hit = body.hit(figure, (point.x() - box.x()) / scale, (point.y() - box.y()) / scale)
            if hit is not None:
                return Spot(hit.id, figure)
        return None

    def _path(self, spot: Spot) -> QPainterPath:
        """Return a place as it is seen, in the figure's own coordinates: soft, within the body."""
        if spot not in self._paths:
            shape = body.region(spot.region_id).shapes(spot.figure)[0]
            self._paths[spot] = _rounded(shape).intersected(drawings.outline(_FILES[spot.figure]))
        return self._paths[spot]

    # ---- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint both figures, what is chosen, pointed at, and where the keys are."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for figure in Figure:
                self._drawn[figure].render(painter, self.place(figure))
            for spot in body.spots():
                self._paint_place(painter, spot)
            if self.hasFocus():
                self._paint_ring(painter)
            self._paint_captions(painter)

    def _on_screen(self, spot: Spot) -> QPainterPath:
        box, scale = self.place(spot.figure), self._scale()
        return QTransform(scale, 0, 0, scale, box.x(), box.y()).map(self._path(spot))

    def _paint_place(self, painter: QPainter, spot: Spot) -> None:
        theme = self._theme
        hovered = self._hovered is not None and self._hovered.region_id == spot.region_id
        if spot.region_id in self._chosen:
            fill = colour(theme.breath, 0.85 if hovered else 0.7)
        elif hovered or (self.hasFocus() and spot == self._spot):
            fill = colour(theme.breath, 0.28)
        else:
            return
        painter.fillPath(self._on_screen(spot), fill)

    def _paint_ring(self, painter: QPainter) -> None:
        shape = self._on_screen(self._spot)
        stroker = QPainterPathStroker()
        stroker.setWidth(2 * (_RING_GAP_PX + _RING_PX / 2))
        stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour(self._theme.heart), _RING_PX))
        painter.drawPath(stroker.createStroke(shape).united(shape).simplified())

    def _paint_captions(self, painter: QPainter) -> None:
        painter.setFont(self._font)
        painter.setPen(colour(self._theme.soft_ink))
        for figure in Figure:
            box = self.place(figure)
            line = QRectF(box.x(), box.bottom(), box.width(), self._caption_px())
            painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), figure.value)


def _rounded(shape: Shape) -> QPainterPath:
    """Return a soft outline: it runs through the middle of every edge and bends at the corners."""
    points = [QPointF(x, y) for x, y in shape]
    ends = [(one + other) / 2 for one, other in zip(points, points[1:] + points[:1], strict=True)]
    path = QPainterPath(ends[-1])
    for corner, end in zip(points, ends, strict=True):
        path.quadTo(corner, end)
    path.closeSubpath()
    return path
