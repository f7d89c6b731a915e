"""One question on the practice screen: what all of them have in common."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from biobreath.ui import theme as look
from biobreath.ui.option_button import ROOM
from biobreath.ui.parts import PillButton, label, row_of
from biobreath.ui.scrolled import Scrolled
from biobreath.ui.theme import Theme

WIDEST_PX = 720
_EDGE_PX = 16
_KEPT_FREE = (Qt.Key.Key_E, Qt.Key.Key_G, Qt.Key.Key_S, Qt.Key.Key_N, Qt.Key.Key_M)
"""With Ctrl these belong to the screen, also while somebody writes."""


class Question(QWidget):
    """One question, asked in the middle of the screen; ``answered`` when there is an answer.

    ``skipped`` asks to go on without one, which is never an answer.
    """

    answered = Signal()
    skipped = Signal()
    asks = Signal(str)
    """Something else has come to be read aloud: the next scale, a reason, another question."""

    widest_px = WIDEST_PX
    rests_with_space = False
    """Whether Space lets the practice rest here; else it is for what has the keys."""
    writes = False
    """Whether there is a line to write on: then the keys of care need Ctrl."""

    def __init__(self, theme: Theme, ask: str, above: str = "") -> None:
        super().__init__()
        self.theme = theme
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(int(ROOM), 0, int(ROOM), 0)
        self.column.setSpacing(14)
        self.above = above
        if above:
            self.column.addWidget(label(above, look.TEXT_PX, tone="soft"))
        self.asked = label(ask, look.CARD_TITLE_PX + 4, 600)
        self.column.addWidget(self.asked)

    def add_go_on(self, text: str = "Go on") -> PillButton:
        """Put the way on at the end of the question."""
        button = PillButton(text, self.theme, filled=True)
        button.clicked.connect(self.answered)
        self.column.addSpacing(8)
        self.column.addLayout(row_of(button))
        return button

    @property
    def half_answered(self) -> bool:
        """Whether a first half was answered already: who goes on does not lose it."""
        return False

    def fit(self, room_px: int) -> None:
        """Know how high the screen is, where that makes a difference."""

    @property
    def spoken(self) -> str:
        """What is read aloud of it when it comes."""
        return " ".join(text for text in (self.above, self.asked.text()) if text)

    def first_focus(self) -> QWidget:
        """Return what takes the keys first."""
        return self


def options_column() -> QVBoxLayout:
    """Return a column for options; it goes ``out_to_the_edge`` of the words."""
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column


class InTheMiddle(Scrolled):
    """Holds one question in the middle; scrolls where the screen is too low for it."""

    def __init__(self) -> None:
        super().__init__()
        self._question: Question | None = None

    def _room_px(self) -> int:
        return max(480, self.viewport().width() - 2 * look.SCREEN_MARGIN)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the question have the width that there is."""
        super().resizeEvent(event)
        if self._question is not None:
            self._question.setFixedWidth(self._width_of(self._question))
            self._question.fit(self.viewport().height() - 2 * _EDGE_PX)

    def _width_of(self, question: Question) -> int:
        """Return as wide as its words may be, and the room for rings beside them."""
        return min(look.scaled(question.widest_px), self._room_px()) + 2 * int(ROOM)

    def hold(self, question: Question) -> None:
        """Show ``question``; the one before it goes."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(look.SCREEN_MARGIN, _EDGE_PX, look.SCREEN_MARGIN, _EDGE_PX)
        column.addStretch(1)
        # In a row of its own, so that its height is that of its own width.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(question)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        question.setFixedWidth(self._width_of(question))
        self._question = question
        question.fit(self.viewport().height() - 2 * _EDGE_PX)
        self.setWidget(inside)


class WordsLine(QLineEdit):
    """A line to write on; it leaves the keys of care to the screen."""

    def __init__(self, theme: Theme, name: str, hint: str = "") -> None:
        super().__init__()
        self.setFont(look.font(look.TEXT_PX))
        self.setMinimumHeight(look.TARGET_PX + 4)
        self.setMaxLength(400)
        self.setPlaceholderText(hint)
        self.setAccessibleName(name)
        self.setStyleSheet(
            f"QLineEdit {{ background: {theme.card}; color: {theme.ink}; padding: 8px 16px;"
            f" border: 2px solid {theme.outline}; border-radius: 14px; }}"
            f"QLineEdit:focus {{ border: 3px solid {theme.heart}; }}"
        )
        self.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Ctrl with E, G, S and N pass: they lead out of everything."""
        if isinstance(event, QKeyEvent) and is_kept_free(event):
            event.ignore()
            return event.type() == QEvent.Type.ShortcutOverride
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Write; what belongs to the screen goes there."""
        held = event.isAutoRepeat() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_kept_free(event):
            event.ignore()
        elif not held:  # a held key is one press: it goes on once
            super().keyPressEvent(event)


def is_kept_free(event: QKeyEvent) -> bool:
    """Tell whether a key belongs to the screen, wherever the keys are."""
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return control and event.key() in _KEPT_FREE
