"""One number from low to high: big round targets, no colour of good or bad, always skippable."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from biobreath.ui import theme as look
from biobreath.ui.option_button import OptionButton
from biobreath.ui.parts import PillButton, draw_focus_ring, label, row_of
from biobreath.ui.theme import Theme, colour

_MOST_GAP = 8.0
_ROOM = 8.0


class NumberRow(QWidget):
    """The numbers in a row; the arrows move, a figure key jumps, a click chooses."""

    changed = Signal()
    entered = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._values: tuple[int, ...] = ()
        self.value: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFont(look.font(look.TEXT_PX, 600))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_values(self, values: Sequence[int]) -> None:
        """Offer these numbers, none of them chosen."""
        self._values, self.value = tuple(values), None
        self.updateGeometry()
        self.update()

    def choose(self, value: int | None) -> None:
        """Choose a number, or none."""
        self.value = value if value in self._values else None
        self.setAccessibleDescription("nothing chosen" if self.value is None else str(self.value))
        self.update()
        self.changed.emit()

    def sizeHint(self) -> QSize:
        """Return room for every number at a size that can be hit."""
        count = max(1, len(self._values))
        width = count * (self._side + _MOST_GAP) + 2 * _ROOM
        return QSize(int(width), int(self._side + 2 * _ROOM))

    def minimumSizeHint(self) -> QSize:
        """Return a row in which the numbers stand close."""
        return QSize(max(1, len(self._values)) * 40, self.sizeHint().height())

    @property
    def _side(self) -> float:
        """How wide a number is: a finger's width, or what its figures need."""
        widest = max(
            (QFontMetricsF(self.font()).horizontalAdvance(str(v)) for v in self._values),
            default=0.0,
        )
        return max(float(look.TARGET_PX), widest + 16)

    def _box(self, place: int) -> QRectF:
        count = max(1, len(self._values))
        pitch = min(self._side + _MOST_GAP, (self.width() - 2 * _ROOM) / count)
        side = min(self._side, pitch - 2)
        middle = QPointF(_ROOM + pitch * (place + 0.5), self.height() / 2)
        box = QRectF(0, 0, side, side)
        box.moveCenter(middle)
        return box

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the numbers; the chosen one is filled."""
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for place, value in enumerate(self._values):
                box = self._box(place)
                chosen = value == self.value
                painter.setPen(QPen(colour(theme.breath if chosen else theme.outline), 1.5))
                painter.setBrush(colour(theme.breath if chosen else theme.card))
                painter.drawEllipse(box.adjusted(1, 1, -1, -1))
                painter.setPen(colour(theme.on_breath if chosen else theme.ink))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(value))
            if self.hasFocus() and self._values:
                last = self._box(len(self._values) - 1)
                every = self._box(0).united(last).adjusted(2, 2, -2, -2)
                draw_focus_ring(painter, every, every.height() / 2, theme)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is under the finger; again lets it go."""
        for place, value in enumerate(self._values):
            if self._box(place).adjusted(-4, -6, 4, 6).contains(event.position()):
                self.choose(None if value == self.value else value)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by the arrows, jump by a figure, let go by Backspace, go on by Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Up):
            self._move(1)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Down):
            self._move(-1)
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.choose(None)
        elif event.text().isdigit():
            self._jump(int(event.text()))
        else:
            super().keyPressEvent(event)

    def _move(self, way: int) -> None:
        if self.value is None:
            self.choose(self._values[0] if way > 0 else self._values[-1])
            return
        place = self._values.index(self.value) + way
        self.choose(self._values[min(len(self._values) - 1, max(0, place))])

    def _jump(self, figure: int) -> None:
        """Choose by one figure; a 1 and then a 0 is the ten."""
        step = self._values[1] - self._values[0]
        wanted = figure * step
        if figure == 0 and self.value == step and 10 * step in self._values:
            wanted = 10 * step
        if wanted in self._values:
            self.choose(wanted)


class RatingScale(QWidget):
    """A question with its numbers, or with a word for each of them."""

    chosen = Signal(object)
    answered = Signal(object)
    """The number; None where it was skipped, which is not 0."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._words: list[OptionButton] = []
        self._lowest = 0
        self._ask = label("", look.CARD_TITLE_PX + 4, 600)
        self.numbers = NumberRow(theme)
        self._low = label("", look.SMALL_PX, tone="soft", wrap=False)
        self._high = label("", look.SMALL_PX, tone="soft", wrap=False)
        self._go_on = PillButton("Skip", theme)
        self._go_on.clicked.connect(self._answer)
        self.numbers.changed.connect(self._changed)
        self.numbers.entered.connect(self._answer)
        self._ends = QWidget()
        ends = QHBoxLayout(self._ends)
        ends.setContentsMargins(int(_ROOM), 0, int(_ROOM), 0)
        ends.addWidget(self._low)
        ends.addStretch()
        ends.addWidget(self._high)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._ask)
        column.addSpacing(10)
        column.addWidget(self.numbers)
        column.addWidget(self._ends)
        self._worded = QVBoxLayout()
        self._worded.setSpacing(0)
        column.addLayout(self._worded)
        column.addSpacing(10)
        column.addLayout(row_of(self._go_on))

    def ask(
        self,
        text: str,
        low: str,
        high: str,
        lowest: int,
        highest: int,
        *,
        step: int = 1,
        words: Sequence[str] = (),
    ) -> None:
        """Ask; ``words`` stand for the numbers from ``lowest`` on, one line each."""
        self._ask.setText(text)
        self._low.setText(low)
        self._high.setText(high)
        self._lowest = lowest
        self.numbers.show_values(range(lowest, highest + 1, step))
        self.numbers.setAccessibleName(f"{text} From {lowest}, {low}, to {highest}, {high}.")
        self.numbers.setVisible(not words)
        self._ends.setMaximumWidth(self.numbers.sizeHint().width())
        for button in self._words:
            button.deleteLater()
        self._words = [OptionButton(word, self._theme) for word in words]
        for place, button in enumerate(self._words):
            button.clicked.connect(lambda _checked=False, place=place: self._take(place))
            self._worded.addWidget(button)
        self._changed()

    def first_focus(self) -> QWidget:
        """Return what takes the keys."""
        return self._words[0] if self._words else self.numbers

    @property
    def value(self) -> int | None:
        """The number that is chosen now."""
        return self.numbers.value

    def _take(self, place: int) -> None:
        self.numbers.choose(self._lowest + place)
        self._answer()

    def _changed(self) -> None:
        self._go_on.setText("Skip" if self.value is None else "Go on")
        self._go_on.updateGeometry()
        self.chosen.emit(self.value)

    def _answer(self) -> None:
        self.answered.emit(self.value)
