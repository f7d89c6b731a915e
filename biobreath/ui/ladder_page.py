"""Your ladder: small steps toward what matters, written and rated by the person alone."""

import uuid
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from biobreath.practice.ladder import (
    Entry,
    Ladder,
    Step,
    StepAdded,
    StepEdited,
    StepRemoved,
    StepsOrdered,
    StepSplit,
)
from biobreath.practice.ladder_advice import Today
from biobreath.practice.ladder_rules import LadderIdea
from biobreath.practice.ladder_words import ladder_map, learned, learned_so_far, ways_to_split
from biobreath.ui import theme as look
from biobreath.ui.fear_cards import FearCards
from biobreath.ui.ladder_map import LadderMap
from biobreath.ui.option_button import OptionButton
from biobreath.ui.page import Page
from biobreath.ui.parts import Card, PillButton, clear, label, row_of, rows_of
from biobreath.ui.question import WordsLine, options_column
from biobreath.ui.rating_scale import RatingScale
from biobreath.ui.theme import Theme

_EMPTY = (
    "A ladder is a few small steps toward something you would like back. Write your own, or begin"
    " with an idea. You rate how much each one scares you, and you may change it all at any time."
)
_ASK_FEAR = "How much does this step scare you?"
_REMOVE, _REMOVE_NOW = "Take it off", "Press again to take it off"


class LadderPage(Page):
    """The map, one step at a time to work on, new steps, and what was learned."""

    changed = Signal(object)
    """An entry of the ladder."""
    begin = Signal()
    back = Signal()

    def __init__(self, theme: Theme, ideas: Sequence[LadderIdea]) -> None:
        super().__init__("Your ladder")
        self._theme = theme
        self._ideas = ideas
        self._ladder: Ladder | None = None
        self._chosen = ""
        self._advice = label("", tone="soft")
        self.column.addWidget(self._advice)
        self.map = LadderMap(theme)
        self.map.picked.connect(self._work_on)
        self.column.addWidget(self.map)
        self._desk = QVBoxLayout()
        self.column.addLayout(self._desk)
        self.adder = StepAdder(theme, ideas)
        self.adder.added.connect(self._add)
        self.column.addWidget(self.adder)
        self._begin = PillButton("Take a step", theme, filled=True)
        self._begin.clicked.connect(self.begin)
        back = PillButton("Back to the practices", theme)
        back.clicked.connect(self.back)
        self.column.addLayout(row_of(self._begin, back))
        self._learned = QVBoxLayout()
        self._learned.setSpacing(look.GAP)
        self.column.addLayout(self._learned)
        self.column.addStretch()

    def show_ladder(self, ladder: Ladder, today: Today) -> None:
        """Show the ladder as it stands, and what is suggested today."""
        self._ladder = ladder
        step = today.advice.step
        self._advice.setText(today.advice.reason if ladder.steps else _EMPTY)
        self.map.show_rungs(ladder_map(ladder, None if step is None else step.id))
        self.map.setVisible(bool(ladder.steps))
        self._begin.setVisible(bool(ladder.steps))
        self.adder.setVisible(ladder.room > 0)
        self._work_on(self._chosen)
        clear(self._learned)
        if told := learned_so_far(ladder):
            self._learned.addWidget(label(told, look.CARD_TITLE_PX, 600))
        for each in learned(ladder):
            self._learned.addWidget(FearCards(self._theme, each))

    def _work_on(self, step_id: str) -> None:
        clear(self._desk)
        self._chosen = ""
        step = None if self._ladder is None else self._ladder.step(step_id)
        if step is None or self._ladder is None:
            return
        self._chosen = step_id
        desk = StepDesk(self._theme, self._ladder, step)
        desk.changed.connect(self.changed)
        desk.closed.connect(lambda: self._work_on(""))
        self._desk.addWidget(desk)
        desk.show()  # at once, or it could not take the keys yet
        desk.first_focus().setFocus()

    def _add(self, text: str, fear: int) -> None:
        self.changed.emit(StepAdded(Step(new_id(), text, float(fear))))

    def first_focus(self) -> QWidget | None:
        """Return what is there to do: take a step, or write the first one."""
        if self._ladder is not None and self._ladder.steps:
            return self._begin
        return self.adder.first_focus()


def new_id() -> str:
    """Return an id that no step ever had."""
    return uuid.uuid4().hex


class StepAdder(Card):
    """A new step: own words or an idea, then the person's own number."""

    added = Signal(str, int)

    def __init__(self, theme: Theme, ideas: Sequence[LadderIdea]) -> None:
        super().__init__(theme)
        self._theme = theme
        self.column.addWidget(label("A new step", look.CARD_TITLE_PX, 700))
        self.words = WordsLine(theme, "A new step", "Something small you would like to do again")
        self.words.returnPressed.connect(self._rate)
        self.column.addWidget(self.words)
        self._groups = [PillButton(idea.group, theme) for idea in ideas]
        for idea, button in zip(ideas, self._groups, strict=True):
            button.setAccessibleName(f"Ideas: {idea.group}")
            button.clicked.connect(lambda _checked=False, one=idea: self._show_ideas(one))
        if ideas:
            self.column.addWidget(label("Or begin with an idea:", tone="soft"))
            self.column.addLayout(rows_of(self._groups, 760))
        self._offered = options_column()
        self.column.addLayout(self._offered)
        self.scale = RatingScale(theme)
        self.scale.ask(_ASK_FEAR, "Not at all", "As much as it could", 0, 10)
        self.scale.answered.connect(self._done)
        self.scale.hide()
        self.column.addWidget(self.scale)

    def _show_ideas(self, idea: LadderIdea) -> None:
        clear(self._offered)
        for text in idea.steps:
            button = OptionButton(text, self._theme)
            button.clicked.connect(lambda _checked=False, text=text: self._take(text))
            self._offered.addWidget(button)
            button.show()
        first = self._offered.itemAt(0)
        if first is not None and (widget := first.widget()) is not None:
            widget.setFocus()

    def _take(self, text: str) -> None:
        self.words.setText(text)
        clear(self._offered)
        self._rate()

    def _rate(self) -> None:
        if self.words.text().strip():
            self.scale.ask(_ASK_FEAR, "Not at all", "As much as it could", 0, 10)
            self.scale.show()
            self.scale.first_focus().setFocus()

    def _done(self, fear: int | None) -> None:
        """Put the step on the ladder; without a number it waits."""
        text = self.words.text().strip()
        if text and fear is not None:
            self.words.clear()
            self.scale.hide()
            self.words.setFocus()
            self.added.emit(text, fear)

    def first_focus(self) -> QWidget:
        """Return the line to write on."""
        return self.words


class StepDesk(Card):
    """One step to word anew, rate anew, move, cut in smaller ones, or take off."""

    changed = Signal(object)
    closed = Signal()

    def __init__(self, theme: Theme, ladder: Ladder, step: Step) -> None:
        super().__init__(theme)
        self._theme = theme
        self._ladder = ladder
        self._step = step
        self.words = WordsLine(theme, "The step in your words")
        self.words.setText(step.text)
        self.scale = RatingScale(theme)
        self.scale.ask(_ASK_FEAR, "Not at all", "As much as it could", 0, 10)
        self.scale.choose(round(step.fear))
        self.scale.answered.connect(self._save)
        self.words.returnPressed.connect(self.scale.first_focus().setFocus)
        self.column.addWidget(self.words)
        self.column.addWidget(self.scale)
        easier = PillButton("Easier than the one below", theme)
        easier.clicked.connect(lambda: self._move(-1))
        easier.setEnabled(ladder.place(step.id) > 0)
        harder = PillButton("Harder than the one above", theme)
        harder.clicked.connect(lambda: self._move(1))
        harder.setEnabled(ladder.place(step.id) < len(ladder.steps) - 1)
        self.column.addLayout(rows_of((easier, harder), 760))
        self._parts: list[WordsLine] = []
        self._cutting = QVBoxLayout()
        self._cutting.setSpacing(8)
        self.column.addLayout(self._cutting)
        cut = PillButton("Cut it in smaller ones", theme)
        cut.clicked.connect(self._offer_cuts)
        cut.setEnabled(ladder.room > 0)
        self._remove = PillButton(_REMOVE, theme)
        self._remove.clicked.connect(self._take_off)
        close = PillButton("Leave it as it is", theme)
        close.clicked.connect(self.closed)
        self.column.addLayout(rows_of((cut, self._remove, close), 760))

    def first_focus(self) -> QWidget:
        """Return the words."""
        return self.words

    def _save(self, fear: int | None) -> None:
        text = self.words.text().strip() or self._step.text
        number = self._step.fear if fear is None else float(fear)
        self._tell(StepEdited(Step(self._step.id, text, number, self._step.seconds)))

    def _tell(self, entry: Entry) -> None:
        self.changed.emit(entry)
        self.closed.emit()

    def _move(self, way: int) -> None:
        ids = [step.id for step in self._ladder.steps]
        at = self._ladder.place(self._step.id)
        ids[at], ids[at + way] = ids[at + way], ids[at]
        self._tell(StepsOrdered(tuple(ids)))

    def _offer_cuts(self) -> None:
        """Offer two smaller steps, worded for a start; the words stay the person's own."""
        if self._parts:
            return
        self._cutting.addWidget(label("In two smaller steps, the easier one first:", tone="soft"))
        for number, text in enumerate((ways_to_split(self._step)[0], self._step.text)):
            line = WordsLine(self._theme, f"Smaller step {number + 1}")
            line.setText(text)
            self._parts.append(line)
            self._cutting.addWidget(line)
            line.show()
        cut = PillButton("Put these on the ladder", self._theme)
        cut.clicked.connect(self._cut)
        self._cutting.addLayout(row_of(cut))
        cut.show()
        self._parts[0].setFocus()

    def _cut(self) -> None:
        texts = [line.text().strip() for line in self._parts]
        if all(texts):
            # The smaller part scares a little less; the person may rate both anew.
            fears = (max(0.0, self._step.fear - 2.0), self._step.fear)
            parts = tuple(
                Step(new_id(), text, fear) for text, fear in zip(texts, fears, strict=True)
            )
            self._tell(StepSplit(self._step.id, parts))

    def _take_off(self) -> None:
        if self._remove.text() == _REMOVE:
            self._remove.setText(_REMOVE_NOW)
            self._remove.updateGeometry()
        else:
            self._tell(StepRemoved(self._step.id))
