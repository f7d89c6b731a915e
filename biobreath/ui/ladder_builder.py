"""New steps for the ladder: ideas to tick, or own words; each with the person's own number."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from biobreath.practice.ladder import Ladder, Step, StepAdded
from biobreath.practice.ladder_rules import LadderIdea
from biobreath.ui import theme as look
from biobreath.ui.fear_scale import fear_scale
from biobreath.ui.flow import Flow
from biobreath.ui.idea_picker import IdeaPicker
from biobreath.ui.page import focus_on
from biobreath.ui.parts import Card, PillButton, label, out_to_the_edge
from biobreath.ui.step_cutter import new_id
from biobreath.ui.theme import Theme
from biobreath.ui.words_box import WordsBox

_FEW = "A few more steps make a good ladder. It works without them too."


class OwnStep(QWidget):
    """A step in the person's own words."""

    written = Signal(str, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.words = WordsBox(theme, "A step in your own words", "Something small you would like")
        self.scale = fear_scale(theme)
        self.scale.hide()
        self.words.returnPressed.connect(self._rate)
        self.words.textChanged.connect(self._show_scale)
        self.scale.answered.connect(self._answered)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.words)
        column.addLayout(out_to_the_edge(self.scale))

    def _show_scale(self) -> None:
        self.scale.setVisible(bool(self.words.text()))

    def _rate(self) -> None:
        if self.words.text():
            focus_on(self.scale.first_focus())

    def _answered(self, fear: int | None) -> None:
        """Tell the step; without a number it waits."""
        text = self.words.text()
        if text and fear is not None:
            self.words.clear()
            self.scale.choose(None)
            focus_on(self.words)
            self.written.emit(text, fear)


class LadderBuilder(Card):
    """Groups of ideas, and a box for own words."""

    changed = Signal(object)
    """A ``StepAdded``."""
    done = Signal()
    """Ideas were put on the ladder."""

    def __init__(self, theme: Theme, ideas: Sequence[LadderIdea]) -> None:
        super().__init__(theme)
        self._ideas = {idea.group: idea for idea in ideas}
        self._taken: frozenset[str] = frozenset()
        self._room = 0
        self._group = ""
        self._title = label("A new step", look.CARD_TITLE_PX, 700)
        self._few = label(_FEW, tone="soft")
        self.column.setSpacing(12)
        self.column.addWidget(self._title)
        self.column.addWidget(self._few)
        self.groups = {group: PillButton(group, theme) for group in self._ideas}
        flow = Flow()
        for group, pill in self.groups.items():
            pill.setCheckable(True)
            pill.setAccessibleName(f"Ideas: {group}")
            pill.clicked.connect(lambda _checked=False, group=group: self._choose(group))
            flow.addWidget(pill)
        if ideas:
            self.column.addWidget(label("Begin with an idea:"))
            self.column.addLayout(flow)
        self.picker = IdeaPicker(theme)
        self.picker.picked.connect(self._picked)
        self.picker.hide()
        self.column.addWidget(self.picker)
        self.column.addWidget(label("Or in your own words:" if ideas else "In your own words:"))
        self.own = OwnStep(theme)
        self.own.written.connect(self._add)
        self.column.addWidget(self.own)

    def show_ladder(self, ladder: Ladder) -> None:
        """Offer what is not on the ladder yet; what is being ticked or written stays."""
        self._taken = frozenset(step.text for step in ladder.steps)
        self._room = ladder.room
        self._title.setText("A new step" if ladder.steps else "Your first steps")
        self._few.setVisible(bool(ladder.steps) and ladder.wanted > 0)

    def _choose(self, group: str) -> None:
        """Show a group of ideas; pressed again, it goes."""
        self._group = "" if group == self._group else group
        for name, pill in self.groups.items():
            pill.setChecked(name == self._group)
        self.picker.setVisible(bool(self._group))
        if self._group:
            texts = self._ideas[self._group].steps
            left = [text for text in texts if text not in self._taken]
            self.picker.show_ideas(left, self._room)
            focus_on(self.picker.first_focus())

    def _picked(self, rated: Sequence[tuple[str, int]]) -> None:
        """Put the ideas on the ladder, the easiest first, so that equals keep their order."""
        self._choose(self._group)
        for text, fear in sorted(rated, key=lambda one: one[1]):
            self._add(text, fear)
        self.done.emit()

    def _add(self, text: str, fear: int) -> None:
        self.changed.emit(StepAdded(Step(new_id(), text, float(fear))))

    def first_focus(self) -> QWidget:
        """Return the first group of ideas, or the box."""
        return next(iter(self.groups.values()), self.own.words)
