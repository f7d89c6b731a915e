"""A card of lines in the person's own words: each can be taken away, and one more written."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from biobreath.ui import theme as look
from biobreath.ui.parts import Card, PillButton, clear, label, row_of
from biobreath.ui.question import WordsLine
from biobreath.ui.theme import Theme


class OwnLines(Card):
    """Lines under a title, with a line to write the next one on."""

    added = Signal(str)
    removed = Signal(str)
    """The id of the line."""

    def __init__(self, theme: Theme, title: str, about: str, name: str, example: str) -> None:
        """``name`` is what one line is, for who listens; ``example`` stands where one writes."""
        super().__init__(theme)
        self._theme = theme
        self.column.addWidget(label(title, look.CARD_TITLE_PX, 700))
        self.column.addWidget(label(about, tone="soft"))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.column.addLayout(self._lines)
        self.words = WordsLine(theme, name, example)
        self.words.returnPressed.connect(self._add)
        self.column.addWidget(self.words)
        self.keep = PillButton("Keep it", theme)
        self.keep.clicked.connect(self._add)
        self.column.addLayout(row_of(self.keep))

    def _add(self) -> None:
        text = self.words.text().strip()
        if text:
            self.words.clear()
            self.added.emit(text)

    def show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show the lines by id and words."""
        clear(self._lines)
        for line_id, text in lines:
            remove = PillButton("Remove", self._theme)
            remove.setAccessibleName(f"Remove: {text}")
            remove.clicked.connect(lambda _checked=False, one=line_id: self._remove(one))
            self._lines.addWidget(label(text, look.TEXT_PX, 600))
            self._lines.addLayout(row_of(remove))

    def _remove(self, line_id: str) -> None:
        # The button that has the keys goes away with its line.
        self.words.setFocus()
        self.removed.emit(line_id)

    def first_focus(self) -> QWidget:
        """Return where one writes."""
        return self.words
