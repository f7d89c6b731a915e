"""One question with a number from low to high: no colour of good or bad, always skippable."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from biobreath.ui import theme as look
from biobreath.ui.number_row import ROOM, NumberRow
from biobreath.ui.parts import PillButton, label, row_of
from biobreath.ui.theme import Theme


class RatingScale(QWidget):
    """A question with its numbers, or with a word for each of them.

    ``within`` is for a scale that is one part of a form: smaller words, and no button of its own.
    ``tab_skips`` is for a screen of one question; on a page Tab goes past and answers nothing.
    """

    chosen = Signal(object)
    answered = Signal(object)
    """The number, by Enter or "Go on"; None where it was skipped (Enter, Tab), which is not 0."""

    def __init__(self, theme: Theme, *, within: bool = False, tab_skips: bool = True) -> None:
        super().__init__()
        self._low = self._high = ""
        self._ends_at = (0, 0)
        size, space = (look.TEXT_PX, 2) if within else (look.CARD_TITLE_PX + 4, 20)
        self._ask = label("", size, 600)
        self.numbers = NumberRow(theme)
        self._low_end = label("", look.SMALL_PX, tone="soft")
        self._high_end = label("", look.SMALL_PX, tone="soft")
        self._high_end.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._go_on = PillButton("Skip", theme)
        self._go_on.clicked.connect(self._answer)
        self.numbers.changed.connect(self._changed)
        self.numbers.entered.connect(self._answer)
        if tab_skips:
            self.numbers.passed.connect(self._answer)
        self._ends = QWidget()
        ends = QHBoxLayout(self._ends)
        ends.setContentsMargins(int(ROOM), 0, int(ROOM), 0)
        ends.setSpacing(look.GAP)
        ends.addWidget(self._low_end, 1)
        ends.addWidget(self._high_end, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        asked = QHBoxLayout()
        asked.setContentsMargins(int(ROOM), 0, int(ROOM), 0)
        asked.addWidget(self._ask)
        column.addLayout(asked)
        column.addSpacing(space)
        column.addWidget(self.numbers)
        column.addWidget(self._ends)
        if within:
            self._go_on.setParent(self)
            self._go_on.hide()
        else:
            column.addSpacing(20)
            column.addLayout(row_of(self._go_on))

    def ask(
        self,
        text: str,
        low: str,
        high: str,
        lowest: int,
        highest: int,
        step: int = 1,
        words: Sequence[str] = (),
    ) -> None:
        """Ask; ``words`` stand for the numbers from ``lowest`` on, one line each."""
        self._ask.setText(text)
        self._low, self._high, self._ends_at = low, high, (lowest, highest)
        self.numbers.show_values(range(lowest, highest + 1, step), words)
        ends = "" if words else f" From {lowest}, {low}, to {highest}, {high}."
        self.numbers.setAccessibleName(f"{text}{ends}")
        self._ends.setVisible(not words)
        self._ends.setMaximumWidth(self.numbers.natural_width)
        self._show_ends()
        self._changed()

    def _show_ends(self) -> None:
        """Name the ends; with their numbers where these do not stand right above them."""
        lowest, highest = self._ends_at
        wraps = self.numbers.lines_at(self.width()) > 1
        self._low_end.setText(f"{lowest}: {self._low}" if wraps else self._low)
        self._high_end.setText(f"{highest}: {self._high}" if wraps else self._high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Name the ends as the width has it."""
        super().resizeEvent(event)
        self._show_ends()

    def choose(self, value: int | None) -> None:
        """Show a number that was chosen before, or none."""
        self.numbers.choose(value)

    def first_focus(self) -> QWidget:
        """Return what takes the keys."""
        return self.numbers

    @property
    def value(self) -> int | None:
        """The number that is chosen now."""
        return self.numbers.value

    def _changed(self) -> None:
        self._go_on.setText("Skip" if self.value is None else "Go on")
        self._go_on.updateGeometry()
        self.chosen.emit(self.value)

    def _answer(self) -> None:
        self.answered.emit(self.value)
