"""A value with a big minus and a big plus: for stiff hands, arrow keys and screen readers."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleValueChangeEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from biobreath.ui import theme as look
from biobreath.ui.parts import PillButton, label
from biobreath.ui.theme import Theme


class Stepper(QWidget):
    """A number between two ends, in steps; ``say`` turns it into words."""

    changed = Signal(float)

    def __init__(
        self,
        name: str,
        ends: tuple[float, float],
        step: float,
        say: Callable[[float], str],
        theme: Theme,
    ) -> None:
        super().__init__()
        self._low, self._high = ends
        self._step = step
        self._say = say
        self._value = self._low
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._less = self._button("−", f"{name}: less", -1, theme)
        self._words = label("", look.CARD_TITLE_PX, 600, wrap=False)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setMinimumWidth(210)
        self._more = self._button("+", f"{name}: more", 1, theme)
        for part in (self._less, self._words, self._more):
            row.addWidget(part)
        row.addStretch()
        self.setAccessibleName(name)

    def _button(self, sign: str, name: str, way: int, theme: Theme) -> PillButton:
        button = PillButton(sign, theme)
        button.setAccessibleName(name)
        button.setAutoRepeat(True)
        button.clicked.connect(lambda: self.step(way))
        return button

    @property
    def value(self) -> float:
        """The number now."""
        return self._value

    def set_value(self, value: float) -> None:
        """Set the number, kept between the ends."""
        kept = round(min(self._high, max(self._low, value)), 6)
        moved = kept != self._value
        self._value = kept
        self.refresh()
        self._less.setEnabled(kept > self._low)
        self._more.setEnabled(kept < self._high)
        if moved:
            QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, self._say(kept)))
            self.changed.emit(kept)

    def refresh(self) -> None:
        """Say the number anew, because what its words depend on has changed."""
        self._words.setText(self._say(self._value))
        self.setAccessibleDescription(self._say(self._value))

    def step(self, way: int) -> None:
        """Take one step, on the grid of steps."""
        self.set_value(round((self._value + way * self._step) / self._step) * self._step)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the arrows step too."""
        ways = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: 1,
        }
        way = ways.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
        else:
            self.step(way)
