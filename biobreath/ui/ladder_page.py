"""Your ladder: small steps toward what matters, written and rated by the person alone."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from biobreath.practice.ladder import Ladder
from biobreath.practice.ladder_advice import Today
from biobreath.practice.ladder_rules import LadderIdea
from biobreath.practice.ladder_words import Learned, ladder_map, learned, learned_so_far
from biobreath.ui import theme as look
from biobreath.ui.fear_cards import FearCards
from biobreath.ui.ladder_builder import LadderBuilder
from biobreath.ui.ladder_map import LadderMap
from biobreath.ui.page import Page, focus_on, into_view
from biobreath.ui.parts import Card, PillButton, clear, label, row_of
from biobreath.ui.step_editor import StepEditor
from biobreath.ui.theme import Theme

_EMPTY = (
    "A ladder is a few small steps toward something you would like back. Begin with an idea, or "
    "write your own. You give each step its number, and you may change it all at any time."
)
_HOW = "Press a step to change it. The easiest is at the foot."
_FULL = "Your ladder is full for now. Take a step off, and there is room for another."
_CARDS = 3
"""So many pairs of cards at once, newest first; the others are one press away."""


class TodayCard(Card):
    """What the ladder suggests today, why, and the way to begin."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._step = label("", look.CARD_TITLE_PX, 700)
        self._reason = label("", tone="soft")
        self.begin = PillButton("Take a step", theme, filled=True)
        self.column.addWidget(self._step)
        self.column.addWidget(self._reason)
        self.column.addSpacing(8)
        self.column.addLayout(row_of(self.begin))

    def show_today(self, today: Today) -> None:
        """Show the suggestion; where the body rests, a step in the mind is there."""
        step = today.advice.step
        self._step.setText("" if step is None else step.text)
        self._step.setVisible(step is not None)
        self._reason.setText(today.advice.reason)
        self.begin.setText("Take a step" if today.offered else "In my mind today")
        self.begin.updateGeometry()


class LearnedCards(QWidget):
    """What was feared beside what happened, newest first."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._told: tuple[Learned, ...] = ()
        self._shown = _CARDS
        self._so_far = label("", look.TEXT_PX)
        self._pairs = QVBoxLayout()
        self._pairs.setSpacing(look.GAP)
        self.earlier = PillButton("Show earlier ones", theme)
        self.earlier.clicked.connect(self._show_more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 0)
        column.setSpacing(look.GAP - 8)
        column.addWidget(label("What you feared, and what happened", look.CARD_TITLE_PX, 700))
        column.addWidget(self._so_far)
        column.addLayout(self._pairs)
        column.addLayout(row_of(self.earlier))

    def show_learned(self, told: tuple[Learned, ...], so_far: str) -> None:
        """Show the newest pairs."""
        self.setVisible(bool(told))
        self._so_far.setText(so_far)
        self._so_far.setVisible(bool(so_far))
        if told != self._told:
            self._told = told
            self._lay()

    def _lay(self) -> None:
        clear(self._pairs)
        for each in self._told[: self._shown]:
            self._pairs.addWidget(FearCards(self._theme, each))
        self.earlier.setVisible(len(self._told) > self._shown)

    def _show_more(self) -> None:
        self._shown += _CARDS
        self._lay()


class LadderPage(Page):
    """Today's suggestion, the map with its steps to work on, new steps, and what was learned."""

    changed = Signal(object)
    """An entry of the ladder."""
    begin = Signal()
    back = Signal()

    def __init__(self, theme: Theme, ideas: Sequence[LadderIdea]) -> None:
        super().__init__("Your ladder")
        self._theme = theme
        self._ladder: Ladder | None = None
        self.editor: StepEditor | None = None
        self._words = label("", tone="soft")
        self.today = TodayCard(theme)
        self.today.begin.clicked.connect(self.begin)
        self.map = LadderMap(theme)
        self.map.picked.connect(self._pick)
        self.adder = LadderBuilder(theme, ideas)
        self.adder.changed.connect(self.changed)
        self.adder.done.connect(self._built)
        self._full = label(_FULL, tone="soft")
        self.learned = LearnedCards(theme)
        back = PillButton("Back to the practices", theme)
        back.clicked.connect(self.back)
        for part in (self.today, self._words, self.map, self.adder, self._full, self.learned):
            self.column.addWidget(part)
        self.column.addLayout(row_of(back))
        self.column.addStretch()

    def show_ladder(self, ladder: Ladder, today: Today) -> None:
        """Show the ladder as it stands, and what is suggested today."""
        self._ladder = ladder
        some = bool(ladder.steps)
        self.today.setVisible(some)
        self.today.show_today(today)
        self._words.setText(_HOW if some else _EMPTY)
        self.map.setVisible(some)
        self.map.show_rungs(ladder_map(ladder, today.suggested_id))
        if self.editor is not None and ladder.step(self.editor.step_id) is None:
            self.editor = None
        if self.editor is not None:
            self.editor.show_place(ladder)
        self.adder.show_ladder(ladder)
        self.adder.setVisible(ladder.room > 0)
        self._full.setVisible(ladder.room < 1)
        self.learned.show_learned(learned(ladder), learned_so_far(ladder))

    # -- one step --------------------------------------------------------------------------

    def _pick(self, step_id: str) -> None:
        """Open a step to work on; the one that is open is kept, and pressed again it closes."""
        before = None if self.editor is None else self.editor.step_id
        if self.editor is not None:
            self.editor.keep()
        self._close()
        if step_id != before:
            self._open(step_id)

    def _open(self, step_id: str) -> None:
        step = None if self._ladder is None else self._ladder.step(step_id)
        if self._ladder is None or step is None:
            return
        self.editor = StepEditor(self._theme, self._ladder, step)
        self.editor.changed.connect(self.changed)
        self.editor.closed.connect(self._closed)
        self.map.unfold(step_id, self.editor)
        into_view(self.editor)
        focus_on(self.editor.first_focus())

    def _close(self) -> None:
        self.editor = None
        self.map.fold()

    def _closed(self) -> None:
        """Leave the step with the keys on it, or on what took its place."""
        step_id = "" if self.editor is None else self.editor.step_id
        self._close()
        rung = self.map.rungs.get(step_id) or self.map.first_focus() or self.first_focus()
        focus_on(rung)

    def _built(self) -> None:
        """Show what was built from the top."""
        focus_on(self.first_focus())

    def first_focus(self) -> QWidget:
        """Return what is there to do: take a step, or write the first one."""
        if self._ladder is not None and self._ladder.steps:
            return self.today.begin
        return self.adder.first_focus()
