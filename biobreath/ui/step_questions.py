"""The parts of a brave step on the screen: pick, guess, act, learn, plan."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from biobreath.clock import boot_seconds
from biobreath.practice.ladder import Plan, Step
from biobreath.practice.ladder_advice import Today
from biobreath.practice.ladder_words import Rung, RungLine
from biobreath.practice.phases import Phase
from biobreath.practice.scales import Scale
from biobreath.ui import theme as look
from biobreath.ui.flow import Flow
from biobreath.ui.ladder_map import length_words, second_line
from biobreath.ui.option_button import OptionButton
from biobreath.ui.page import focus_on, into_view
from biobreath.ui.parts import KeyHint, PillButton, label, out_to_the_edge, row_of
from biobreath.ui.question import Question, options_column
from biobreath.ui.rating_scale import RatingScale
from biobreath.ui.theme import Theme
from biobreath.ui.words_box import WordsBox

_NO_HURRY = "Shorter or longer is fine."
_SHOW_CLOCK, _HIDE_CLOCK = "show a quiet clock", "hide the clock"
_NOT_YET = "It waits until you begin."
_TICK_MS = 1000
_APART = 22
"""Space between what was written and the scale that follows it, in px."""
PLANS: tuple[Plan | None, ...] = (Plan.SAME, Plan.VARY, Plan.UP, Plan.DOWN, None)
"""In the order in which packs ask for them."""


class PickStep(Question):
    """Which step today: those within reach, with the keys on the one that is suggested."""

    rests_with_space = True
    picked = Signal(str)
    in_mind = Signal()
    edit_ladder = Signal()

    def __init__(self, theme: Theme, phase: Phase, today: Today) -> None:
        some = bool(today.offered)
        super().__init__(theme, phase.ask if some else today.advice.reason)
        if some:
            self.column.addWidget(label(_why(today), tone="soft"))
        self._buttons: list[QWidget] = []
        self._first: QWidget | None = None
        box = options_column()
        for step in today.offered:
            line = RungLine(step, Rung.AHEAD, here=step.id == today.suggested_id)
            button = OptionButton(step.text, theme, second=second_line(line))
            button.takes_space = False
            button.clicked.connect(lambda _checked=False, one=step.id: self.picked.emit(one))
            self._buttons.append(button)
            self._first = button if line.here else self._first
            box.addWidget(button)
        self.column.addLayout(out_to_the_edge(box))
        in_mind = PillButton("In my mind today", theme, filled=not some)
        in_mind.clicked.connect(self.in_mind)
        ladder = PillButton("My ladder", theme)
        ladder.clicked.connect(self.edit_ladder)
        for pill in (in_mind, ladder):
            pill.takes_space = False
        self._buttons.append(in_mind)
        self.column.addLayout(row_of(in_mind, ladder))

    def first_focus(self) -> QWidget:
        """Return the suggested step, else the first; a step in the mind where none is offered."""
        return self._first or self._buttons[0]


def _why(today: Today) -> str:
    """Return the reason of the suggestion, with the step where the list does not mark it."""
    advice = today.advice
    if advice.step is None or today.suggested_id is not None:
        return advice.reason
    return f"{advice.step.text}: {advice.reason}"


class WordsThenScale(Question):
    """A sentence to write, and then, one thing after the other, how sure one is of it."""

    writes = True

    def __init__(self, theme: Theme, ask: str, above: str = "") -> None:
        super().__init__(theme, ask, above)
        self.line: WordsBox
        self.scale = RatingScale(theme)
        self.scale.answered.connect(self.answered)
        self.scale.hide()
        self.next = PillButton("Skip", theme)
        self.next.clicked.connect(self._go_on)

    def _lay(
        self, line: WordsBox, scale: Scale, before_scale: Sequence[QWidget] = (), lead: str = ""
    ) -> None:
        """Put the box, what helps to write in it, the way on, and the scale in their order."""
        self.line = line
        self._scale_asks = scale.ask
        line.returnPressed.connect(self._go_on)
        line.textChanged.connect(self._name_next)
        self.scale.ask(
            *(scale.ask, scale.low, scale.high, scale.lowest, scale.highest),
            step=scale.step,
            words=scale.words,
        )
        self._help = before_scale
        self._lead = label(lead, tone="soft")
        self._lead.hide()
        for part in (line, *before_scale):
            self.column.addWidget(part)
        self.column.addLayout(row_of(self.next))
        self.column.addWidget(self._lead)
        self.column.addLayout(out_to_the_edge(self.scale))
        self._name_next()

    def _name_next(self) -> None:
        more = bool(self.line.text()) or self._asks_how_sure()
        self.next.setText("Go on" if more else "Skip")
        self.next.updateGeometry()

    def _asks_how_sure(self) -> bool:
        """Tell whether there is something to be sure of."""
        return bool(self.line.text())

    def _go_on(self) -> None:
        if not self._asks_how_sure():
            self.answered.emit()
            return
        for part in (*self._help, self.next):
            part.hide()
        self.column.setSpacing(_APART)
        self._lead.setVisible(bool(self._lead.text()))
        self.scale.show()
        self.asks.emit(self._scale_asks)
        into_view(self.scale)
        focus_on(self.scale.first_focus())

    @property
    def sure(self) -> int | None:
        """How sure (0-100); None where it was skipped."""
        return self.scale.value if self._asks_how_sure() else None


class Predict(WordsThenScale):
    """What might happen, in the person's own words, and how sure they are."""

    def __init__(self, theme: Theme, phase: Phase, scale: Scale) -> None:
        super().__init__(theme, phase.ask)
        examples = [
            label(f"For example: {example}", look.SMALL_PX, tone="soft")
            for example in phase.examples
        ]
        self._lay(WordsBox(theme, phase.ask, "I fear that …"), scale, examples)

    @property
    def guess(self) -> str:
        """The guess; empty where it was skipped."""
        return self.line.text()

    def first_focus(self) -> QWidget:
        """Return the box."""
        return self.line


class Act(Question):
    """The step itself, in the person's own time: Space begins it and ends it.

    No heart and no countdown; ``clock`` gives seconds and is only looked at for what has passed.
    """

    began = Signal()
    done = Signal(float)
    """How long it took, in s."""

    def __init__(
        self,
        theme: Theme,
        phase: Phase,
        step: Step | None,
        clock: Callable[[], float] = boot_seconds,
    ) -> None:
        super().__init__(theme, step.text if step is not None else phase.title)
        self._clock = clock
        self._began_at: float | None = None
        for line in phase.lines:
            self.column.addWidget(label(line.text))
        if step is not None and step.seconds is not None:
            planned = f"You planned about {length_words(step.seconds)}. {_NO_HURRY}"
            self.column.addWidget(label(planned, tone="soft"))
        self._button = PillButton("I begin", theme, filled=True)
        self._button.clicked.connect(self.press)
        self._passed = label("", tone="soft")
        self._passed.hide()
        self._lines = tuple(line.text for line in phase.lines)
        self._quiet = KeyHint("C", _SHOW_CLOCK, theme, self.show_clock)
        self._ticking = QTimer(self)
        self._ticking.setInterval(_TICK_MS)
        self._ticking.timeout.connect(self.tick)
        self.column.addSpacing(10)
        self.column.addLayout(row_of(self._button))
        self.column.addWidget(self._passed)
        row = QHBoxLayout()
        row.addWidget(self._quiet)
        row.addStretch()
        self.column.addLayout(row)

    @property
    def spoken(self) -> str:
        """The step, and how it is meant."""
        return " ".join((f"{self.asked.text().rstrip('.')}.", *self._lines))

    def press(self) -> None:
        """Begin, or be done."""
        if self._began_at is not None:
            self._ticking.stop()
            self.done.emit(self._clock() - self._began_at)
            return
        self._began_at = self._clock()
        self._button.setText("I am done")
        self._button.updateGeometry()
        self.tick()
        self.began.emit()

    def show_clock(self) -> None:
        """Show how long it has been going on, in words, or hide it again; only on asking."""
        shown = self._passed.isHidden()
        self._passed.setVisible(shown)
        self._quiet.setText(_HIDE_CLOCK if shown else _SHOW_CLOCK)
        self._quiet.updateGeometry()
        if shown:
            self._ticking.start()
        else:
            self._ticking.stop()
        self.tick()

    def tick(self) -> None:
        """Say how long it has been going on."""
        if self._began_at is None:
            self._passed.setText(_NOT_YET)
            return
        minutes = int((self._clock() - self._began_at) // 60)
        some = "less than a minute" if minutes < 1 else length_words(60.0 * minutes)
        self._passed.setText(f"{some.capitalize()} so far.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Space begin and end it wherever the keys are; C shows the clock."""
        if event.key() not in (Qt.Key.Key_Space, Qt.Key.Key_C):
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            if event.key() == Qt.Key.Key_C:
                self.show_clock()
            else:
                self.press()

    def first_focus(self) -> QWidget:
        """Return the one button."""
        return self._button


class Learn(WordsThenScale):
    """What happened, beside what was feared; what was a surprise; how sure one is now.

    Where nothing was guessed, nothing can have come true: then only the surprise is asked.
    """

    def __init__(self, theme: Theme, phase: Phase, guess: str, scale: Scale) -> None:
        super().__init__(theme, phase.ask if guess else phase.ask_2)
        self._guess = guess
        self.came_true: int | None = None
        self._buttons: list[PillButton] = []
        if guess:
            self._ask_came_true(theme, phase, guess)
        line = WordsBox(theme, phase.ask_2, "In your own words, if you like")
        self._lay(line, scale, lead="And now, after the step:")

    def _ask_came_true(self, theme: Theme, phase: Phase, guess: str) -> None:
        self.column.addWidget(label(f"You feared: {guess}", tone="soft"))
        pills = Flow()
        for number, text in enumerate(phase.labels):
            button = PillButton(text, theme)
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, number=number: self._take(number))
            self._buttons.append(button)
            pills.addWidget(button)
        self.column.addLayout(out_to_the_edge(pills))
        self.column.addWidget(label(phase.ask_2, look.CARD_TITLE_PX, 600))

    def _take(self, number: int) -> None:
        self.came_true = None if number == self.came_true else number
        for each, button in enumerate(self._buttons):
            button.setChecked(each == self.came_true)
        if self.came_true is not None:
            self.line.setFocus()

    def _asks_how_sure(self) -> bool:
        return bool(self._guess)

    @property
    def surprise(self) -> str:
        """What was a surprise; empty where it was skipped."""
        return self.line.text()

    def first_focus(self) -> QWidget:
        """Return the first answer."""
        return self._buttons[0] if self._buttons else self.line


class PlanNext(Question):
    """What feels right for next time."""

    rests_with_space = True
    planned = Signal(object)
    """A ``Plan``; None to decide later."""

    def __init__(self, theme: Theme, phase: Phase) -> None:
        super().__init__(theme, phase.ask)
        self._buttons = _options(theme, phase.labels)
        box = options_column()
        for plan, button in zip(PLANS, self._buttons, strict=False):
            button.clicked.connect(lambda _checked=False, plan=plan: self.planned.emit(plan))
            box.addWidget(button)
        self.column.addLayout(out_to_the_edge(box))

    def first_focus(self) -> QWidget:
        """Return the first plan."""
        return self._buttons[0]


def _options(theme: Theme, texts: Sequence[str]) -> list[OptionButton]:
    made = [OptionButton(text, theme) for text in texts]
    for button in made:
        button.takes_space = False
    return made
