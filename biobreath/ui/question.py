"""One question on the practice screen: what all of them have in common."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from biobreath.ui import theme as look
from biobreath.ui.parts import PillButton, label, row_of
from biobreath.ui.theme import Theme

WIDEST_PX = 720
_KEPT_FREE = (Qt.Key.Key_E, Qt.Key.Key_G, Qt.Key.Key_S, Qt.Key.Key_N)
"""With Ctrl these belong to the screen, also while somebody writes."""


class Question(QWidget):
    """One question, asked in the middle of the screen; ``answered`` when there is an answer.

    ``skipped`` asks to go on without one, which is never an answer.
    """

    answered = Signal()
    skipped = Signal()

    def __init__(self, theme: Theme, title: str, ask: str) -> None:
        super().__init__()
        self.theme = theme
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(14)
        if title:
            self.column.addWidget(label(title, look.TEXT_PX, tone="soft"))
        self.asked = label(ask, look.CARD_TITLE_PX + 4, 600)
        self.column.addWidget(self.asked)

    def add_go_on(self, text: str = "Go on") -> PillButton:
        """Put the way on at the end of the question."""
        button = PillButton(text, self.theme, filled=True)
        button.clicked.connect(self.answered)
        self.column.addSpacing(8)
        self.column.addLayout(row_of(button))
        return button

    def first_focus(self) -> QWidget:
        """Return what takes the keys first."""
        return self


class InTheMiddle(QScrollArea):
    """Holds one question in the middle; scrolls where the screen is too low for it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def hold(self, widget: QWidget, *, widest_px: int = WIDEST_PX) -> None:
        """Show ``widget``; the one before it goes."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(look.SCREEN_MARGIN, 16, look.SCREEN_MARGIN, 16)
        widget.setMaximumWidth(widest_px)
        column.addStretch(1)
        column.addWidget(widget, 3, Qt.AlignmentFlag(0))
        column.setAlignment(widget, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        widget.setMinimumWidth(min(widest_px, 560))
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
        if is_kept_free(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


def is_kept_free(event: QKeyEvent) -> bool:
    """Tell whether a key belongs to the screen, wherever the keys are."""
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return control and event.key() in _KEPT_FREE
