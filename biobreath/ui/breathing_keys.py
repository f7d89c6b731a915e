"""The four keys in small print: Space, E, G, Esc; also for the pointer."""

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QHBoxLayout, QWidget

from biobreath.ui.parts import KeyHint
from biobreath.ui.theme import Theme

Act = Callable[[], None]


class BreathingKeys:
    """A row at the foot of the breathing screen."""

    def __init__(
        self, screen: QWidget, theme: Theme, pause: Act, easier: Act, ground: Act, end: Act
    ) -> None:
        self._row = QWidget(screen)
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._pause = KeyHint("Space", "pause", theme, pause)
        self._guided = (
            self._pause,
            KeyHint("E", "easier", theme, easier),
            KeyHint("G", "ground me", theme, ground),
        )
        row.addStretch()
        self._end = KeyHint("Esc", "end", theme, end)
        for hint in (*self._guided, self._end):
            row.addWidget(hint)
        row.addStretch()

    def begin(self, *, guided: bool) -> None:
        """Show the keys that do something: a replay only ends."""
        for hint in self._guided:
            hint.setVisible(guided)
        self._end.setText("end" if guided else "back")
        self.show_paused(paused=False)

    def show_paused(self, *, paused: bool) -> None:
        """Say what Space does now."""
        self._pause.setText("go on" if paused else "pause")

    def place(self, where: QRect) -> None:
        """Lay the row out in ``where``."""
        self._row.setGeometry(where)
