"""A button that acts at the second press, so that nothing has to ask whether one is sure."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent

from biobreath.ui.parts import PillButton
from biobreath.ui.theme import Theme


class TwiceButton(PillButton):
    """Says at the first press what the second will do; looking elsewhere takes it back."""

    confirmed = Signal()

    def __init__(self, text: str, again: str, theme: Theme) -> None:
        super().__init__(text, theme)
        self._texts = (text, again)
        self._pressed = False
        self.clicked.connect(self._press)

    def _press(self) -> None:
        if self._pressed:
            self.confirmed.emit()
        else:
            self._show(pressed=True)

    def _show(self, *, pressed: bool) -> None:
        self._pressed = pressed
        self.setText(self._texts[pressed])
        self.updateGeometry()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget the first press."""
        super().focusOutEvent(event)
        self._show(pressed=False)
