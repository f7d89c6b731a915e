"""Coming back to the room: one calm sentence at a time, nothing to do well."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from biobreath.clock import boot_seconds
from biobreath.practice.safety import GroundLine
from biobreath.ui import theme as look
from biobreath.ui.parts import MuteHint, PillButton, label
from biobreath.ui.theme import Theme

_WORDS_PX = 660
_CORNER_PX = 16


def line_at(lines: Sequence[GroundLine], seconds: float) -> str:
    """Return the sentence that is on screen ``seconds`` after grounding began."""
    return next((line.text for line in reversed(lines) if line.at_s <= seconds), "")


class Grounding(QWidget):
    """Big quiet words; back to the breath, or end."""

    back = Signal()
    ended = Signal()
    mute_turned = Signal()
    """The person wants silence, or sound again."""

    def __init__(self, theme: Theme, lines: Sequence[GroundLine]) -> None:
        super().__init__()
        self._lines = lines
        self._began = 0.0
        self._words = label("", look.TITLE_PX - 4, 600)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setFixedHeight(look.scaled(200))
        self._words.setMaximumWidth(look.scaled(_WORDS_PX))
        self._words.setMinimumWidth(_WORDS_PX)
        self._back = PillButton("Back to the breath", theme, filled=True)
        end = PillButton("End here", theme)
        self._back.clicked.connect(self.back)
        end.clicked.connect(self.ended)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self._back)
        row.addWidget(end)
        row.addStretch()
        column = QVBoxLayout(self)
        margin = look.SCREEN_MARGIN
        column.setContentsMargins(margin, margin, margin, margin)
        column.addStretch(3)
        column.addWidget(self._words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        column.addLayout(row)
        self._mute = MuteHint(theme, self.mute_turned.emit)
        self._mute.setParent(self)
        self._timer = QTimer(self)
        self._timer.setInterval(250)
        self._timer.timeout.connect(self._refresh)

    def begin(self) -> None:
        """Start with the first sentence."""
        self._began = boot_seconds()
        self._refresh()
        self._timer.start()

    def leave(self) -> None:
        """Fall silent."""
        self._timer.stop()

    def _refresh(self) -> None:
        text = line_at(self._lines, boot_seconds() - self._began)
        if text != self._words.text():
            self._words.setText(text)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc to end, M for silence, G to go back as Enter does by the focused button."""
        if event.key() == Qt.Key.Key_Escape:
            self.ended.emit()
        elif event.key() == Qt.Key.Key_G:
            self.back.emit()
        elif event.key() == Qt.Key.Key_M:
            if not event.isAutoRepeat():
                self.mute_turned.emit()
        else:
            super().keyPressEvent(event)

    def show_muted(self, *, muted: bool) -> None:
        """Say what M does now."""
        self._mute.show_muted(muted=muted)
        self._place_mute()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Keep the key of silence in its corner, out of the words' way."""
        self._place_mute()

    def _place_mute(self) -> None:
        self._mute.adjustSize()
        self._mute.move(self.width() - self._mute.width() - _CORNER_PX, _CORNER_PX)

    def first_focus(self) -> QWidget:
        """Return the way back."""
        return self._back
