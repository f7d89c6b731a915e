"""About me: five questions that may all be skipped, reasons to feel safe, and what suits one."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from biobreath.practice.calm import CalmScene
from biobreath.practice.profile import Question
from biobreath.ui import theme as look
from biobreath.ui.calm_card import CalmCard
from biobreath.ui.own_lines import OwnLines
from biobreath.ui.page import Page
from biobreath.ui.parts import Card, PillButton, label, row_of
from biobreath.ui.theme import Theme

_ANSWERS: tuple[tuple[bool | None, str], ...] = (
    (True, "Yes"),
    (False, "No"),
    (None, "Rather not say"),
)
_WHY = (
    "Your answers change what is offered, so that it suits you. Skip what you like, and change it"
    " at any time. Nothing leaves this computer."
)


class AboutMe(Page):
    """What the person tells of themselves."""

    answered = Signal(str, object)
    """The id of a question with True, False, or None for rather not to say."""
    reason_added = Signal(str)
    reason_removed = Signal(str)
    """The id of the reason."""
    lighter_turned = Signal(bool)
    back = Signal()

    def __init__(
        self, theme: Theme, questions: Sequence[Question], scenes: Sequence[CalmScene] = ()
    ) -> None:
        super().__init__("About me")
        self._theme = theme
        self._rows: dict[str, _QuestionCard] = {}
        self.column.addWidget(label(_WHY, tone="soft"))
        for question in questions:
            card = _QuestionCard(theme, question)
            card.answered.connect(self.answered)
            self._rows[question.id] = card
            self.column.addWidget(card)
        self._reasons = OwnLines(
            theme,
            "My reasons to feel safe",
            "Sentences of your own that a practice may say back to you.",
            "A reason to feel safe",
            "For example: My scan was clear",
        )
        self._reasons.added.connect(self.reason_added)
        self._reasons.removed.connect(self.reason_removed)
        self.column.addWidget(self._reasons)
        self.calm = CalmCard(theme, scenes)
        self.column.addWidget(self.calm)
        self._lighter = PillButton("The lighter pace, from the start", theme)
        self._lighter.setCheckable(True)
        self._lighter.clicked.connect(self.lighter_turned)
        done = PillButton("Done", theme, filled=True)
        done.clicked.connect(self.back)
        self.column.addLayout(row_of(self._lighter))
        self.column.addLayout(row_of(done))
        self.column.addStretch()

    def show_answers(self, answers: Mapping[str, bool | None]) -> None:
        """Show what was answered so far."""
        for question_id, card in self._rows.items():
            card.show_answer(answers.get(question_id), known=question_id in answers)

    def show_reasons(self, reasons: Sequence[tuple[str, str]]) -> None:
        """Show the reasons by id and words."""
        self._reasons.show_lines([(reason_id, f"“{text}”") for reason_id, text in reasons])

    def show_lighter(self, *, on: bool) -> None:
        """Show whether paced breathing begins with the lighter pace."""
        self._lighter.setChecked(on)

    def first_focus(self) -> QWidget | None:
        """Return the first answer."""
        first = next(iter(self._rows.values()), None)
        return None if first is None else first.first


class _QuestionCard(Card):
    """One question, its three answers, and what follows from a yes."""

    answered = Signal(str, object)

    def __init__(self, theme: Theme, question: Question) -> None:
        super().__init__(theme)
        self._question = question
        self.column.addWidget(label(question.ask, look.TEXT_PX, 600))
        self._buttons: list[tuple[bool | None, PillButton]] = []
        for value, name in _ANSWERS:
            button = PillButton(name, theme)
            button.setCheckable(True)
            button.setAccessibleName(f"{name}: {question.ask}")
            button.clicked.connect(lambda _checked=False, value=value: self._answer(value))
            self._buttons.append((value, button))
        self.column.addLayout(row_of(*(button for _value, button in self._buttons)))
        self._tell = label("", tone="soft")
        self._tell.hide()
        self.column.addWidget(self._tell)

    @property
    def first(self) -> QWidget:
        """The first answer."""
        return self._buttons[0][1]

    def _answer(self, value: bool | None) -> None:  # noqa: FBT001  an answer
        self.show_answer(value, known=True)
        self.answered.emit(self._question.id, value)

    def show_answer(self, value: bool | None, *, known: bool) -> None:  # noqa: FBT001  an answer
        """Show an answer, or none yet; what it means is said once it sets something."""
        for each, button in self._buttons:
            button.setChecked(known and each is value)
        question = self._question
        # A question with consequences of its "no" tells about both.
        says = value is True or (known and bool(question.no_flags))
        self._tell.setText(question.tell if says else "")
        self._tell.setVisible(bool(self._tell.text()))
