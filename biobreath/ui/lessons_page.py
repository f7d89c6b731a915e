"""The lessons: all of them on one page, in any order; and one lesson with its questions."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from biobreath.practice.lessons import Lesson, Reference
from biobreath.practice.phases import Question
from biobreath.ui import theme as look
from biobreath.ui.option_button import OptionButton
from biobreath.ui.page import Page
from biobreath.ui.parts import Card, PillButton, clear, label, out_to_the_edge, row_of
from biobreath.ui.practices import NOT_REVIEWED
from biobreath.ui.question import options_column
from biobreath.ui.theme import Theme


class LessonsPage(Page):
    """Every lesson as a card; nothing is locked and nothing is counted."""

    opened = Signal(str)
    back = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__("How pain works")
        self._theme = theme
        self._first: PillButton | None = None
        text = "Any order. Skip what does not fit you. You may agree or disagree with all of it."
        self.column.addWidget(label(text, tone="soft"))
        self._cards = QVBoxLayout()
        self._cards.setSpacing(look.GAP - 8)
        self.column.addLayout(self._cards)
        back = PillButton("Back to the practices", theme)
        back.clicked.connect(self.back)
        self.column.addLayout(row_of(back))
        self.column.addStretch()

    def show_lessons(self, lessons: Sequence[Lesson], read: AbstractSet[str]) -> None:
        """Show what there is; a lesson that was read says so softly."""
        clear(self._cards)
        self._first = None
        for lesson in lessons:
            self._cards.addWidget(self._card(lesson, was_read=lesson.id in read))

    def _card(self, lesson: Lesson, *, was_read: bool) -> Card:
        card = Card(self._theme)
        row = QHBoxLayout()
        text = QVBoxLayout()
        text.setSpacing(4)
        text.addWidget(label(lesson.title, look.CARD_TITLE_PX, 700))
        small = [f"about {lesson.minutes:g} minutes", lesson.certainty.words]
        small += ["read"] if was_read else []
        text.addWidget(label(" · ".join(small), look.SMALL_PX, tone="soft"))
        row.addLayout(text, 1)
        button = PillButton("Read", self._theme)
        button.setAccessibleName(f"Read: {lesson.title}")
        button.clicked.connect(lambda: self.opened.emit(lesson.id))
        self._first = self._first or button
        row.addWidget(button)
        card.column.addLayout(row)
        return card

    def first_focus(self) -> QWidget | None:
        """Return the first lesson."""
        return self._first

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc to go back."""
        if event.key() == Qt.Key.Key_Escape:
            self.back.emit()
        else:
            super().keyPressEvent(event)


class LessonView(Page):
    """One lesson: its points, its story, questions with reasons, and where it comes from."""

    kept = Signal(str)
    """A sentence to keep."""
    thought = Signal(str, int, int)
    """Lesson, question, answer."""
    done = Signal(str)
    """The lesson was read to its end."""
    back = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(" ", " ")
        self._theme = theme
        self._lesson: Lesson | None = None
        self._body = QVBoxLayout()
        self._body.setSpacing(look.GAP - 8)
        self.column.addLayout(self._body)
        self._done = PillButton("Done", theme, filled=True)
        self._done.clicked.connect(self._finish)
        self.column.addLayout(row_of(self._done))
        self.column.addStretch()

    def show_lesson(self, lesson: Lesson, references: Mapping[str, Reference]) -> None:
        """Show a lesson from its beginning."""
        self._lesson = lesson
        self.title.setText(lesson.title)
        self.above.setText(f"{lesson.certainty.words} · {NOT_REVIEWED}")
        self.above.show()
        clear(self._body)
        for paragraph in lesson.paragraphs:
            self._body.addWidget(label(paragraph))
        self._body.addWidget(self._points(lesson))
        for number, question in enumerate(lesson.checks):
            check = _Check(self._theme, question)
            check.thought.connect(partial(self.thought.emit, lesson.id, number))
            self._body.addWidget(check)
        self._body.addWidget(_Sources(self._theme, lesson, references))
        self.verticalScrollBar().setValue(0)

    def _points(self, lesson: Lesson) -> Card:
        card = Card(self._theme)
        card.column.addWidget(label("In short", look.TEXT_PX, 700))
        for point in lesson.points:
            row = QHBoxLayout()
            row.addWidget(label(point), 1)
            keep = PillButton("Keep", self._theme)
            keep.setAccessibleName(f"Keep this sentence: {point}")
            keep.clicked.connect(lambda _c=False, p=point, b=keep: self._keep(p, b))
            row.addWidget(keep)
            card.column.addLayout(row)
        return card

    def _keep(self, point: str, button: PillButton) -> None:
        button.setText("Kept")
        button.updateGeometry()
        self.kept.emit(point)

    def _finish(self) -> None:
        if self._lesson is not None:
            self.done.emit(self._lesson.id)

    def first_focus(self) -> QWidget:
        """Return the page, so that the arrows scroll it."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return self

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc to go back."""
        if event.key() == Qt.Key.Key_Escape:
            self.back.emit()
        else:
            super().keyPressEvent(event)


class _Check(Card):
    """A question to think about: any answer brings the reason, none is marked."""

    thought = Signal(int)

    def __init__(self, theme: Theme, question: Question) -> None:
        super().__init__(theme)
        self._question = question
        self.column.addWidget(label(question.ask, look.TEXT_PX, 600))
        options = options_column()
        self._buttons = [OptionButton(text, theme) for text in question.options]
        for number, button in enumerate(self._buttons):
            button.clicked.connect(lambda _checked=False, number=number: self._think(number))
            options.addWidget(button)
        self.column.addLayout(out_to_the_edge(options))
        self._why = label("")
        self._why.hide()
        self.column.addWidget(self._why)

    def _think(self, number: int) -> None:
        question = self._question
        for each, button in enumerate(self._buttons):
            button.setChecked(each == number)
            button.setEnabled(False)
        best = question.options[question.answer].rstrip(".")
        lead = "" if number == question.answer else f"Most would say: {best}. "
        self._why.setText(f"{lead}{question.why}")
        self._why.show()
        self.thought.emit(number)


class _Sources(Card):
    """Where a lesson comes from, one press away; addresses are words to copy, never opened."""

    def __init__(self, theme: Theme, lesson: Lesson, references: Mapping[str, Reference]) -> None:
        super().__init__(theme)
        self._turn = PillButton("Where this comes from", theme)
        self._turn.clicked.connect(self._show)
        self.column.addLayout(row_of(self._turn))
        self._text = label("\n\n".join(_source(one, references) for one in lesson.sources))
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.hide()
        self.column.addWidget(self._text)

    def _show(self) -> None:
        self._text.setVisible(not self._text.isVisible())


def _source(name: str, references: Mapping[str, Reference]) -> str:
    found = references.get(name)
    return name if found is None else f"{found.cite}\n{found.says}\n{found.address}"
