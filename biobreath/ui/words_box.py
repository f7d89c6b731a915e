"""A sentence to write, in a box that grows with it: nothing that was written is out of sight."""

import math

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from biobreath.practice.plain_tables import LONGEST_TEXT
from biobreath.ui import theme as look
from biobreath.ui.question import is_kept_free
from biobreath.ui.theme import Theme

_AROUND_PX = 32.0
"""What padding, border and the document's own margin take of the height."""
_WRAP = int(Qt.TextFlag.TextWordWrap)


class WordsBox(QPlainTextEdit):
    """One sentence; Enter goes on, Tab leaves, and the keys of care stay with the screen."""

    returnPressed = Signal()  # noqa: N815 - as a line edit calls it

    def __init__(self, theme: Theme, name: str, hint: str = "") -> None:
        super().__init__()
        self.setFont(look.font(look.TEXT_PX))
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {theme.card}; color: {theme.ink}; padding: 8px 12px;"
            f" border: 2px solid {theme.outline}; border-radius: 14px; }}"
            f"QPlainTextEdit:focus {{ border: 3px solid {theme.heart}; padding: 7px 11px; }}"
        )
        self.textChanged.connect(self._keep_short)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def text(self) -> str:
        """Return the sentence on one line."""
        return " ".join(self.toPlainText().split())

    def setText(self, text: str) -> None:  # noqa: N802
        """Show a sentence, and write on at its end."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def _keep_short(self) -> None:
        """Let go of what is longer than a sentence may be."""
        written = self.toPlainText()
        if len(written) > LONGEST_TEXT:
            self.setText(written[:LONGEST_TEXT])

    def _fit(self) -> None:
        """Be as high as the words, or the hint, need."""
        metrics = QFontMetricsF(self.font())
        # A plain document tells its height in lines.
        lines = max(1.0, self.document().size().height())
        room = self.viewport().rect().toRectF().adjusted(8, 0, -8, 10_000)
        hint = metrics.boundingRect(room, _WRAP, self.placeholderText()).height()
        needed = max(lines * metrics.lineSpacing(), hint if not self.toPlainText() else 0.0)
        self.setFixedHeight(math.ceil(max(look.TARGET_PX + 4.0, needed + _AROUND_PX)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the height to the width."""
        super().resizeEvent(event)
        self._fit()

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Paste what is one sentence: on one line, without looks."""
        self.insertPlainText(" ".join(source.text().split()))

    def event(self, event: QEvent) -> bool:
        """Let Ctrl with E, G, S, N and M pass: they belong to the screen."""
        if isinstance(event, QKeyEvent) and is_kept_free(event):
            event.ignore()
            return event.type() == QEvent.Type.ShortcutOverride
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Write; Enter goes on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.returnPressed.emit()
        else:
            super().keyPressEvent(event)
