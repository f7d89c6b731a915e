"""Cutting a step in smaller ones, each in the person's own words and with their own number."""

import uuid
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from biobreath.practice.ladder import Step, StepSplit
from biobreath.practice.ladder_words import ways_to_split
from biobreath.ui import theme as look
from biobreath.ui.fear_scale import fear_scale
from biobreath.ui.flow import Flow
from biobreath.ui.page import focus_on, into_view
from biobreath.ui.parts import PillButton, label, out_to_the_edge
from biobreath.ui.theme import Theme
from biobreath.ui.words_box import WordsBox

_HOW = (
    "Smaller steps, the easiest first. It can be shorter, slower, or with someone nearby. "
    "The words are a start; make them yours."
)
_WAITS = "A smaller step needs words and a number of its own. Then it finds its place."


def new_id() -> str:
    """Return an id that no step ever had."""
    return uuid.uuid4().hex


class PartLines(QWidget):
    """One smaller step: its words, and how it feels."""

    def __init__(self, theme: Theme, number: int, text: str) -> None:
        super().__init__()
        self.words = WordsBox(theme, f"Smaller step {number}", "Only a little of it")
        self.words.setText(text)
        self.scale = fear_scale(theme)
        self.words.returnPressed.connect(lambda: focus_on(self.scale.first_focus()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.words)
        column.addLayout(out_to_the_edge(self.scale))

    def step(self) -> Step | None:
        """Return the smaller step; None while something of it is open."""
        text, fear = self.words.text(), self.scale.value
        return Step(new_id(), text, float(fear)) if text and fear is not None else None

    def what_is_open(self) -> QWidget:
        """Return where the person goes on."""
        return self.words if not self.words.text() else self.scale.first_focus()


class StepCutter(QWidget):
    """Two smaller steps to begin with, and more where the ladder has room."""

    cut = Signal(object)
    """A ``StepSplit``."""
    left = Signal()

    def __init__(self, theme: Theme, step: Step, room: int) -> None:
        super().__init__()
        self._theme = theme
        self._step = step
        self._most = room + 1
        self.parts: list[PartLines] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(look.GAP)
        self._waits = label(_WAITS, tone="soft")
        self._waits.hide()
        self.more = PillButton("One more", theme)
        self.more.clicked.connect(self._add_one)
        self.put = PillButton("Put these on my ladder", theme)
        self.put.clicked.connect(self._put)
        whole = PillButton("Leave it whole", theme)
        whole.clicked.connect(self.left)
        buttons = Flow()
        for button in (self.put, self.more, whole):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(label(_HOW, tone="soft"))
        column.addLayout(self._lines)
        column.addWidget(self._waits)
        column.addLayout(buttons)
        for text in (ways_to_split(step)[0], step.text):
            self._add(text)

    def _add(self, text: str) -> PartLines:
        part = PartLines(self._theme, len(self.parts) + 1, text)
        part.scale.answered.connect(partial(self._answered, part))
        self.parts.append(part)
        self._lines.addWidget(part)
        self.more.setVisible(len(self.parts) < self._most)
        self._chain()
        return part

    def _add_one(self) -> None:
        """Add an empty one where the keys come to next."""
        part = self._add("")
        part.show()  # at once, or it could not take the keys yet
        focus_on(part.words)

    def _chain(self) -> None:
        """Let Tab come from part to part and then to the buttons."""
        chain: list[QWidget] = []
        for part in self.parts:
            chain += [part.words, part.scale.first_focus()]
        for one, next_one in zip([*chain], [*chain[1:], self.put], strict=True):
            QWidget.setTabOrder(one, next_one)

    def _answered(self, part: PartLines, _fear: int | None) -> None:
        """Go on to the next one; after Tab the keys are there already."""
        if not part.scale.first_focus().hasFocus():
            return
        place = self.parts.index(part) + 1
        focus_on(self.parts[place].words if place < len(self.parts) else self.put)

    def _put(self) -> None:
        steps = [part.step() for part in self.parts]
        told = tuple(step for step in steps if step is not None)
        if len(told) == len(steps):
            self.cut.emit(StepSplit(self._step.id, told))
            return
        self._waits.show()
        focus_on(self.parts[steps.index(None)].what_is_open())

    def first_focus(self) -> QWidget:
        """Return the words of the first one."""
        into_view(self)
        return self.parts[0].words
