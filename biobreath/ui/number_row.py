"""Numbers, or a word for each, of which one may be chosen: big targets, no colour of good."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from biobreath.ui import theme as look
from biobreath.ui.parts import draw_focus_ring
from biobreath.ui.theme import Theme, colour

ROOM = 7.0
"""Room for the focus ring, on every side."""
_LEAST_GAP, _MOST_GAP = 1.0, 8.0
_BESIDE_WORD = 62.0
"""What a mark and the edges take of a line with a word, in px."""
_WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NO_TYPING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def per_line(count: int, side: float, width: float) -> int:
    """Return how many numbers stand in a line: all where there is room, else evenly many."""
    some = max(1, count)
    fit = max(1, int(width // (side + _LEAST_GAP)))
    return math.ceil(some / math.ceil(some / fit))


def typed(figures: str, values: Sequence[int]) -> int | None:
    """Return the number that ``figures`` mean; on a scale in tens, 7 is 70. None for no number."""
    step = values[1] - values[0] if len(values) > 1 else 1
    number = int(figures)
    return next((one for one in (number, number * step) if one in values), None)


class NumberRow(QWidget):
    """One stop for the keys: arrows move, figures jump, Backspace lets go, a click chooses."""

    changed = Signal()
    entered = Signal()
    passed = Signal()
    """Tab went past it while nothing was chosen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._values: tuple[int, ...] = ()
        self._words: tuple[str, ...] = ()
        self._figures = ""
        self._held_before = True
        self.value: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFont(look.font(look.TEXT_PX, 600))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_values(self, values: Sequence[int], words: Sequence[str] = ()) -> None:
        """Offer these numbers, none of them chosen; ``words`` stand in place of all of them."""
        self._values, self._words = tuple(values), tuple(words)
        self.value, self._figures = None, ""
        self._say()
        self.updateGeometry()
        self.update()

    def choose(self, value: int | None) -> None:
        """Choose a number, or none."""
        self.value = value if value in self._values else None
        self._say()
        self.update()
        self.changed.emit()

    def _say(self) -> None:
        said = "nothing chosen"
        if self.value is not None:
            said = self._words[self._values.index(self.value)] if self._words else str(self.value)
        self.setAccessibleDescription(said)

    # -- size ------------------------------------------------------------------------------

    @property
    def _side(self) -> float:
        """How wide a number is: a finger's width, or what its figures need."""
        metrics = QFontMetricsF(self.font())
        widest = max((metrics.horizontalAdvance(str(value)) for value in self._values), default=0.0)
        return max(float(look.TARGET_PX), widest + 18)

    def boxes(self, width: float) -> list[QRectF]:
        """Return where each number or word stands in a row of ``width``."""
        room = max(self._side, width - 2 * ROOM)
        return self._lines(room) if self._words else self._circles(room)

    def _circles(self, room: float) -> list[QRectF]:
        side = self._side
        across = per_line(len(self._values), side, room)
        pitch = min(side + _MOST_GAP, room / across)
        return [
            QRectF(ROOM + i % across * pitch, ROOM + i // across * (side + _MOST_GAP), side, side)
            for i in range(len(self._values))
        ]

    def _lines(self, room: float) -> list[QRectF]:
        wide = min(room, float(look.scaled(look.LINE_WIDTH_PX)))
        inside = QRectF(0, 0, max(40.0, wide - _BESIDE_WORD), 10_000)
        metrics = QFontMetricsF(self.font())
        found: list[QRectF] = []
        top = ROOM
        for word in self._words:
            tall = max(look.TARGET_PX, metrics.boundingRect(inside, _WRAP, word).height() + 16)
            found.append(QRectF(ROOM, top, wide, tall))
            top += tall + _MOST_GAP
        return found

    def lines_at(self, width: float) -> int:
        """Return in how many lines the numbers stand in a row of ``width``."""
        return len({box.y() for box in self.boxes(width)})

    def hasHeightForWidth(self) -> bool:
        """Return that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height at which every number has its place."""
        boxes = self.boxes(width)
        return math.ceil((boxes[-1].bottom() if boxes else ROOM) + ROOM)

    @property
    def natural_width(self) -> int:
        """The width of all numbers in one line."""
        return int(max(1, len(self._values)) * (self._side + _MOST_GAP) - _MOST_GAP + 2 * ROOM)

    def sizeHint(self) -> QSize:
        """Return room for every number in one line, or for a line of words."""
        widest = look.scaled(look.LINE_WIDTH_PX) if self._words else self.natural_width
        return QSize(widest, self.heightForWidth(widest))

    def minimumSizeHint(self) -> QSize:
        """Return a narrow row of the height that it needs now."""
        least = math.ceil(3 * self._side + 2 * ROOM)
        return QSize(least, self.heightForWidth(max(least, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the layout that another width needs another height."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    # -- painting --------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the numbers or the words; the chosen one is filled."""
        boxes = self.boxes(self.width())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for place, box in enumerate(boxes):
                chosen = self._values[place] == self.value
                if self._words:
                    self._paint_word(painter, box, self._words[place], chosen=chosen)
                else:
                    self._paint_number(painter, box, self._values[place], chosen=chosen)
            if self.hasFocus() and boxes:
                around = QRectF(boxes[0])
                for box in boxes:
                    around = around.united(box)
                radius = boxes[0].height() / 2
                draw_focus_ring(painter, around.adjusted(2, 2, -2, -2), radius, self._theme)

    def _paint_number(self, painter: QPainter, box: QRectF, value: int, *, chosen: bool) -> None:
        theme = self._theme
        painter.setPen(QPen(colour(theme.breath if chosen else theme.outline), 1.5))
        painter.setBrush(colour(theme.breath if chosen else theme.card))
        painter.drawEllipse(box.adjusted(1.5, 1.5, -1.5, -1.5))
        painter.setPen(colour(theme.on_breath if chosen else theme.ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(value))

    def _paint_word(self, painter: QPainter, box: QRectF, word: str, *, chosen: bool) -> None:
        theme = self._theme
        edge = colour(theme.breath if chosen else theme.outline)
        radius = min(24.0, box.height() / 2)
        painter.setPen(QPen(edge, 2.5 if chosen else 1.5))
        painter.setBrush(colour(theme.breath_pale if chosen else theme.card))
        painter.drawRoundedRect(box.adjusted(1.5, 1.5, -1.5, -1.5), radius, radius)
        mark = QPointF(box.left() + 27, box.center().y())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(edge, 2))
        painter.drawEllipse(mark, 9.0, 9.0)
        if chosen:
            painter.setBrush(colour(theme.breath))
            painter.drawEllipse(mark, 4.0, 4.0)
        painter.setPen(colour(theme.ink))
        painter.drawText(box.adjusted(_BESIDE_WORD - 14, 0, -14, 0), _WRAP, word)

    # -- keys and pointer ------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is under the finger; again lets it go."""
        self._figures = ""
        for value, box in zip(self._values, self.boxes(self.width()), strict=True):
            if box.adjusted(-_LEAST_GAP / 2, -4, _LEAST_GAP / 2, 4).contains(event.position()):
                self.choose(None if value == self.value else value)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, jump, let go, or go on by Enter; every other key belongs to the screen."""
        figure = event.text()
        self._held_before = self._held_before and event.isAutoRepeat()
        if self._held_before:
            return  # it was pressed on another question: it chooses nothing here
        if event.key() in _ENTER:
            if not event.isAutoRepeat():
                self.entered.emit()
        elif (way := self._way(event.key())) is not None:
            self._figures = ""
            self._move(way)
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._figures = ""
            self.choose(None)
        elif figure.isascii() and figure.isdigit() and not event.modifiers() & _NO_TYPING:
            self._type(figure)
        else:
            super().keyPressEvent(event)

    def _way(self, key: int) -> int | None:
        """Return how many places a key moves; words stand below each other, first one on top."""
        far = len(self._values)
        down = 1 if self._words else -1
        return {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -down,
            Qt.Key.Key_Down: down,
            Qt.Key.Key_Home: -far,
            Qt.Key.Key_End: far,
        }.get(Qt.Key(key))

    def _move(self, way: int) -> None:
        if not self._values:
            return
        last = len(self._values) - 1
        if self.value is None:
            place = last if way in (-1, last + 1) else 0
        else:
            place = self._values.index(self.value) + way
        self.choose(self._values[min(last, max(0, place))])

    def _type(self, figure: str) -> None:
        """Choose by figures: a 1 and then a 0 is the ten; words are counted from the first."""
        if self._words:
            place = int(figure) - 1
            if 0 <= place < len(self._values):
                self.choose(self._values[place])
            return
        for figures in (self._figures + figure, figure):
            value = typed(figures, self._values) if self._values else None
            if value is not None:
                self._figures = figures
                self.choose(value)
                return

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin anew: a key that is held down since before is not for this question."""
        self._held_before = True
        super().focusInEvent(event)

    def event(self, event: QEvent) -> bool:
        """Let Tab go past; first the focus moves, so that nobody is held here."""
        is_tab = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab
        taken = super().event(event)
        if is_tab and event.type() == QEvent.Type.KeyPress and self.value is None:
            self.passed.emit()
        return taken
