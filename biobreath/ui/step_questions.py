"""The parts of a brave step on the screen: pick, guess, act, learn, plan."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from biobreath.practice.ladder import Plan, Step
from biobreath.practice.ladder_advice import Today
from biobreath.practice.phases import Phase
from biobreath.practice.scales import Scale
from biobreath.ui import theme as look
from biobreath.ui.option_button import OptionButton
from biobreath.ui.parts import PillButton, label, row_of
from biobreath.ui.question import Question, WordsLine, options_column
from biobreath.ui.rating_scale import RatingScale
from biobreath.ui.theme import Theme

PLANS: tuple[Plan | None, ...] = (Plan.SAME, Plan.VARY, Plan.UP, Plan.DOWN, None)
"""In the order in which packs ask for them."""


class PickStep(Question):
    """Which step today: those within reach, the suggested one first in words."""

    picked = Signal(str)
    in_mind = Signal()
    edit_ladder = Signal()

    def __init__(self, theme: Theme, phase: Phase, today: Today) -> None:
        super().__init__(theme, phase.ask)
        self.column.addWidget(label(today.advice.reason, tone="soft"))
        self._buttons: list[QWidget] = []
        box = options_column()
        suggested = today.advice.step
        for step in today.offered:
            second = f"fear {step.fear:g} of 10"
            if suggested is not None and step.id == suggested.id:
                second = f"{second} · suggested today"
            button = OptionButton(step.text, theme, second=second)
            button.clicked.connect(lambda _checked=False, one=step.id: self.picked.emit(one))
            self._buttons.append(button)
            box.addWidget(button)
        self.column.addLayout(box)
        in_mind = PillButton("Only in my mind today", theme)
        in_mind.clicked.connect(self.in_mind)
        ladder = PillButton("My ladder", theme)
        ladder.clicked.connect(self.edit_ladder)
        self._buttons.append(in_mind)
        self.column.addLayout(row_of(in_mind, ladder))

    def first_focus(self) -> QWidget:
        """Return the first step."""
        return self._buttons[0]


class Predict(Question):
    """What might happen, in the person's own words, and how sure they are."""

    def __init__(self, theme: Theme, phase: Phase, scale: Scale) -> None:
        super().__init__(theme, phase.ask)
        self._line = WordsLine(theme, phase.ask, "I fear that …")
        self.column.addWidget(self._line)
        for example in phase.examples:
            self.column.addWidget(label(f"For example: {example}", look.SMALL_PX, tone="soft"))
        self._scale = _scale(theme, scale)
        self._scale.answered.connect(self.answered)
        self._line.returnPressed.connect(self._scale.first_focus().setFocus)
        self.column.addSpacing(10)
        self.column.addWidget(self._scale)

    @property
    def guess(self) -> str:
        """The guess; empty where it was skipped."""
        return self._line.text().strip()

    @property
    def sure(self) -> int | None:
        """How sure (0-100); None where it was skipped."""
        return self._scale.value

    def first_focus(self) -> QWidget:
        """Return the line."""
        return self._line


def _scale(theme: Theme, scale: Scale) -> RatingScale:
    made = RatingScale(theme)
    made.ask(
        *(scale.ask, scale.low, scale.high, scale.lowest, scale.highest),
        step=scale.step,
        words=scale.words,
    )
    return made


class Act(Question):
    """The step itself, in the person's own time: Space begins it and ends it."""

    began = Signal()
    done = Signal()

    def __init__(self, theme: Theme, phase: Phase, step: Step | None) -> None:
        super().__init__(theme, step.text if step is not None else phase.title)
        self._under_way = False
        for line in phase.lines:
            self.column.addWidget(label(line.text))
        self._button = PillButton("I begin", theme, filled=True)
        self._button.clicked.connect(self.press)
        self.column.addSpacing(10)
        self.column.addLayout(row_of(self._button))

    def press(self) -> None:
        """Begin, or be done."""
        if self._under_way:
            self.done.emit()
        else:
            self._under_way = True
            self._button.setText("I am done")
            self._button.updateGeometry()
            self.began.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Space begin and end it wherever the keys are."""
        if event.key() == Qt.Key.Key_Space:
            self.press()
        else:
            super().keyPressEvent(event)

    def first_focus(self) -> QWidget:
        """Return the one button."""
        return self._button


class Learn(Question):
    """What happened, beside what was feared; what was a surprise; how sure one is now."""

    def __init__(self, theme: Theme, phase: Phase, guess: str, scale: Scale) -> None:
        super().__init__(theme, phase.ask)
        if guess:
            self.column.addWidget(label(f"You feared: {guess}", tone="soft"))
        self.came_true: int | None = None
        self._buttons: list[PillButton] = []
        for number, text in enumerate(phase.labels):
            button = PillButton(text, theme)
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, number=number: self._take(number))
            self._buttons.append(button)
        self.column.addLayout(row_of(*self._buttons))
        self.column.addWidget(label(phase.ask_2, look.CARD_TITLE_PX, 600))
        self._line = WordsLine(theme, phase.ask_2, "In your own words, if you like")
        self.column.addWidget(self._line)
        self._scale = _scale(theme, scale)
        self._scale.answered.connect(self.answered)
        self._line.returnPressed.connect(self._scale.first_focus().setFocus)
        self.column.addWidget(self._scale)

    def _take(self, number: int) -> None:
        self.came_true = None if number == self.came_true else number
        for each, button in enumerate(self._buttons):
            button.setChecked(each == self.came_true)
        if self.came_true is not None:
            self._line.setFocus()

    @property
    def surprise(self) -> str:
        """What was a surprise; empty where it was skipped."""
        return self._line.text().strip()

    @property
    def sure(self) -> int | None:
        """How sure the person would be now (0-100); None where it was skipped."""
        return self._scale.value

    def first_focus(self) -> QWidget:
        """Return the first answer."""
        return self._buttons[0] if self._buttons else self._line


class PlanNext(Question):
    """What feels right for next time."""

    planned = Signal(object)
    """A ``Plan``; None to decide later."""

    def __init__(self, theme: Theme, phase: Phase) -> None:
        super().__init__(theme, phase.ask)
        self._buttons = _options(theme, phase.labels)
        box = options_column()
        for plan, button in zip(PLANS, self._buttons, strict=False):
            button.clicked.connect(lambda _checked=False, plan=plan: self.planned.emit(plan))
            box.addWidget(button)
        self.column.addLayout(box)

    def first_focus(self) -> QWidget:
        """Return the first plan."""
        return self._buttons[0]


def _options(theme: Theme, texts: Sequence[str]) -> list[OptionButton]:
    return [OptionButton(text, theme) for text in texts]
