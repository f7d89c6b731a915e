"""One step of the ladder to word and rate anew, move, cut in smaller ones, or take off."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from biobreath.practice.ladder import (
    Entry,
    Ladder,
    Step,
    StepEdited,
    StepRemoved,
    StepsOrdered,
    StepSplit,
)
from biobreath.ui import theme as look
from biobreath.ui.fear_scale import fear_scale, fear_told
from biobreath.ui.flow import Flow
from biobreath.ui.page import focus_on
from biobreath.ui.parts import Card, PillButton, label, out_to_the_edge
from biobreath.ui.step_cutter import StepCutter
from biobreath.ui.step_length import StepLength
from biobreath.ui.theme import Theme
from biobreath.ui.twice_button import TwiceButton
from biobreath.ui.words_box import WordsBox

_FULL = "Your ladder is full for now. Take a step off, and there is room to cut this one."


class StepEditor(Card):
    """What was written is kept by Enter, by the button, and on the way to another step."""

    changed = Signal(object)
    """An entry of the ladder."""
    closed = Signal()

    def __init__(self, theme: Theme, ladder: Ladder, step: Step) -> None:
        super().__init__(theme)
        self._theme = theme
        self._ladder = ladder
        self._step = step
        self.words = WordsBox(theme, "The step in your words")
        self.words.setText(step.text)
        self.scale = fear_scale(theme, step.fear)
        self.length = StepLength(theme, step.seconds)
        self.words.returnPressed.connect(lambda: focus_on(self.scale.first_focus()))
        self.scale.answered.connect(self._answered)
        self.cutter: StepCutter | None = None
        self.column.setSpacing(16)
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(12)
        form.addWidget(self.words)
        form.addLayout(out_to_the_edge(self.scale))
        form.addWidget(label("How long, if you like", look.TEXT_PX, 600))
        form.addWidget(self.length)
        form.addLayout(self._buttons(theme))
        self._full = label(_FULL, look.SMALL_PX, tone="soft")
        form.addWidget(self._full)
        self.column.addWidget(self._form)
        self.show_place(ladder)

    def _buttons(self, theme: Theme) -> Flow:
        self.keep_it = PillButton("Keep it so", theme)
        self.easier = PillButton("Move it easier", theme)
        self.harder = PillButton("Move it harder", theme)
        self.cut = PillButton("Cut it smaller", theme)
        self.remove = TwiceButton("Take it off", "Press again to take it off", theme)
        self.keep_it.clicked.connect(self.close_kept)
        self.easier.clicked.connect(lambda: self._move(-1))
        self.harder.clicked.connect(lambda: self._move(1))
        self.cut.clicked.connect(self._open_cutter)
        self.remove.confirmed.connect(lambda: self._tell_last(StepRemoved(self._step.id)))
        flow = Flow()
        for button in (self.keep_it, self.easier, self.harder, self.cut, self.remove):
            flow.addWidget(button)
        return flow

    @property
    def step_id(self) -> str:
        """Which step it is."""
        return self._step.id

    def show_place(self, ladder: Ladder) -> None:
        """Take up where the step stands now; what is being written stays."""
        self._ladder = ladder
        place = ladder.place(self._step.id)
        self.easier.setEnabled(place > 0)
        self.harder.setEnabled(place < len(ladder.steps) - 1)
        self.cut.setEnabled(ladder.room > 0)
        self._full.setVisible(ladder.room < 1)

    def first_focus(self) -> QWidget:
        """Return the words."""
        return self.words

    # -- keeping ---------------------------------------------------------------------------

    def keep(self) -> None:
        """Tell what was written, if anything is new."""
        old = self._step
        text = self.words.text() or old.text
        fear = fear_told(self.scale.value, old.fear)
        step = Step(old.id, text, fear, self.length.seconds)
        if step != old:
            self._step = step
            self.changed.emit(StepEdited(step))

    def close_kept(self) -> None:
        """Keep it and close."""
        self.keep()
        self.closed.emit()

    def _answered(self, _fear: int | None) -> None:
        """Go on to the button that keeps it; after Tab the keys are elsewhere already."""
        if self.scale.first_focus().hasFocus():
            focus_on(self.keep_it)

    def _move(self, way: int) -> None:
        self.keep()
        ids = [step.id for step in self._ladder.steps]
        at = self._ladder.place(self._step.id)
        ids[at], ids[at + way] = ids[at + way], ids[at]
        self.changed.emit(StepsOrdered(tuple(ids)))

    def _tell_last(self, entry: Entry) -> None:
        """Tell something after which this step is no more."""
        self.changed.emit(entry)
        self.closed.emit()

    # -- smaller ones ----------------------------------------------------------------------

    def _open_cutter(self) -> None:
        self.keep()
        self._form.hide()
        self.cutter = StepCutter(self._theme, self._step, self._ladder.room)
        self.cutter.cut.connect(self._cut)
        self.cutter.left.connect(self._leave_cutter)
        self.column.addWidget(self.cutter)
        self.cutter.show()  # at once, or it could not take the keys yet
        focus_on(self.cutter.first_focus())

    def _cut(self, split: StepSplit) -> None:
        if self._ladder.can_split(split.step_id, split.parts):
            self._tell_last(split)

    def _leave_cutter(self) -> None:
        if self.cutter is not None:
            self.cutter.hide()
            self.cutter.deleteLater()
            self.cutter = None
        self._form.show()
        focus_on(self.cut)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc leave it as it was: first the cutting, then the step."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.cutter is not None:
            self._leave_cutter()
        else:
            self.closed.emit()
