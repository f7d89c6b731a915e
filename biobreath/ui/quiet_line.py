"""A quiet line under every page: what went wrong inside, said once and without a hurry."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from biobreath.ui import theme as look


class QuietLine(QLabel):
    """Takes no room while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(look.font(look.TEXT_PX))
        look.tint(self, "soft")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setContentsMargins(look.SCREEN_MARGIN, 4, look.SCREEN_MARGIN, 14)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show a sentence; an empty one takes it away."""
        self.setText(sentence)
        self.setVisible(bool(sentence))
