"""The questions of a practice on the screen: ratings, choices, places, notes, thoughts, a game."""

import random
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from biobreath.practice import laterality
from biobreath.practice.phases import Phase
from biobreath.practice.pictures import Side
from biobreath.practice.scales import Scale, plain_scale
from biobreath.ui import theme as look
from biobreath.ui.body_map import OUTSIDE, BodyMap
from biobreath.ui.flow import Flow
from biobreath.ui.laterality_view import LateralityView
from biobreath.ui.option_button import ROOM, OptionButton
from biobreath.ui.parts import PillButton, label, out_to_the_edge, row_of
from biobreath.ui.question import Question, WordsLine, options_column
from biobreath.ui.rating_scale import RatingScale
from biobreath.ui.theme import Theme

_GAME_TICK_MS = 200
_LEAST_GAME_PX, _GAME_PX = 280, 540
_NOT_AT_ONCE_MS = 400
"""A second press that was meant for the question before answers none about safety."""
_BOTH_PX = 560
"""So high that a place and what the feeling is like can be asked at once, at the usual text."""


class RatingQuestion(Question):
    """The scales of a part, one after another; ``values`` once all were asked."""

    def __init__(self, theme: Theme, phase: Phase, scales: Mapping[str, Scale]) -> None:
        super().__init__(theme, "")
        self.asked.hide()
        self.values: dict[str, int | None] = {}
        self._left = [scales.get(one) or plain_scale(one) for one in phase.scales]
        self._scale = RatingScale(theme)
        self._scale.answered.connect(self._next)
        self.column.addLayout(out_to_the_edge(self._scale))
        self._ask()

    def _ask(self) -> None:
        scale = self._left[0]
        self._scale.ask(
            *(scale.ask, scale.low, scale.high, scale.lowest, scale.highest),
            step=scale.step,
            words=scale.words,
        )

    def _next(self, value: int | None) -> None:
        self.values[self._left.pop(0).id] = value
        if self._left:
            self._ask()
            self._scale.first_focus().setFocus()
            self.asks.emit(self.spoken)
        else:
            self.answered.emit()

    @property
    def spoken(self) -> str:
        """The scale that is asked now."""
        return self._left[0].ask if self._left else ""

    def first_focus(self) -> QWidget:
        """Return the numbers."""
        return self._scale.first_focus()


class ChoiceQuestion(Question):
    """One option goes on at once; several are short words to take, and wait for "Go on".

    One option is chosen by Enter: whoever presses Space to rest has consented to nothing.
    """

    def __init__(self, theme: Theme, phase: Phase) -> None:
        super().__init__(theme, phase.ask)
        self._phase = phase
        self.rests_with_space = not phase.many
        self.writes = any(option.input for option in phase.options)
        self.chosen: list[str] = []
        self.own = ""
        self._chips = Chips(theme, [option.label for option in phase.options] if phase.many else [])
        self._chips.changed.connect(self._chips_changed)
        self._buttons: list[OptionButton] = []
        if phase.many:
            self.column.addLayout(out_to_the_edge(self._chips))
        else:
            self.column.addLayout(out_to_the_edge(self._single(theme)))
        self._words = WordsLine(theme, "Your own words", "In your own words, if you like")
        self._words.returnPressed.connect(self.finish)
        self._words.hide()
        self.column.addWidget(self._words)
        self._go_on = self.add_go_on()
        self._go_on.clicked.disconnect()
        self._go_on.clicked.connect(self.finish)
        self._go_on.setVisible(phase.many)
        self.open = not phase.asks_for_safety
        """Whether it takes an answer already."""
        if not self.open:
            QTimer.singleShot(_NOT_AT_ONCE_MS, self, self._take_answers)

    def _take_answers(self) -> None:
        self.open = True

    def _single(self, theme: Theme) -> QVBoxLayout:
        column = options_column()
        for option in self._phase.options:
            button = OptionButton(option.label, theme)
            button.takes_space = False
            button.clicked.connect(lambda _checked=False, one=option.id: self._take(one))
            self._buttons.append(button)
            column.addWidget(button)
        return column

    def _chips_changed(self) -> None:
        taken = self._chips.chosen
        self.chosen = [option.id for option in self._phase.options if option.label in taken]
        self._offer_words()

    def _take(self, option_id: str) -> None:
        if not self.open:
            for button in self._buttons:
                button.setChecked(False)
            return
        self.chosen = [option_id]
        for button, each in zip(self._buttons, self._phase.options, strict=True):
            button.setChecked(each.id in self.chosen)
        if self._offer_words():
            self._go_on.show()
            self._words.setFocus()
        else:
            self.finish()

    def _offer_words(self) -> bool:
        """Give room for own words where what is chosen asks for them."""
        wanted = any(each.input and each.id in self.chosen for each in self._phase.options)
        self._words.setVisible(wanted)
        return wanted

    def finish(self) -> None:
        """Take what is chosen."""
        self.own = self._words.text().strip() if self._words.isVisibleTo(self) else ""
        (self.answered if self.chosen else self.skipped).emit()

    def first_focus(self) -> QWidget:
        """Return the first option."""
        return self._buttons[0] if self._buttons else self._chips.first


class BodyQuestion(Question):
    """A place on the body at the right; beside it what is asked, and what the feeling is like.

    Where the screen is too low for both at once, one comes after the other.
    """

    widest_px = 1120

    def __init__(self, theme: Theme, phase: Phase, *, outside_first: bool = False) -> None:
        super().__init__(theme, phase.ask)
        self.map = BodyMap(
            theme,
            many=phase.many,
            outside_option=phase.outside_option,
            none_option=phase.none_option,
        )
        if outside_first and phase.outside_option:
            self.map.choose((), OUTSIDE)
        most = phase.qualities_max or len(phase.qualities)
        self._chips = Chips(theme, phase.qualities, most=phase.qualities_max)
        self._like = label(f"What is it like? Up to {most} words, or none.", tone="soft")
        self._low = False
        """Whether the screen is too low for place and words at once."""
        self._at_words = False
        """Whether the words stand alone now."""
        self._go_on = PillButton("Skip", theme, filled=True)
        self._go_on.clicked.connect(self._onward)
        self._back = PillButton("Another place", theme)
        self._back.clicked.connect(self._to_place)
        self._lay()
        for changes in (self.map.changed, self._chips.changed):
            changes.connect(self._name_go_on)
        self._name_go_on()
        self._show()

    def _lay(self) -> None:
        self.map.above.addWidget(self.asked)
        below = self.map.below
        below.setContentsMargins(int(ROOM), 0, 0, 0)
        below.addSpacing(12)
        below.addWidget(self._like)
        below.addLayout(out_to_the_edge(self._chips))
        below.addSpacing(12)
        below.addLayout(row_of(self._go_on, self._back))
        self.column.addLayout(out_to_the_edge(self.map))

    def _name_go_on(self) -> None:
        some = bool(self.places or self.qualities)
        self._go_on.setText("Go on" if some else "Skip")
        self._go_on.updateGeometry()

    def fit(self, room_px: int) -> None:
        """Make the figures as tall as there is room, and let the words wait where there is not."""
        self.map.fit(room_px)
        self._low = room_px < look.scaled(_BOTH_PX)
        self._at_words = self._at_words and self._low
        self._show()

    def _show(self) -> None:
        words = bool(self._chips.words) and (self._at_words or not self._low)
        for part in (self._like, self._chips):
            part.setVisible(words)
        self._back.setVisible(self._at_words)
        self.map.show_choice(shown=not self._at_words)

    def _onward(self) -> None:
        if self._low and self._chips.words and self.map.chosen and not self._at_words:
            self._at_words = True
            self._show()
            self._chips.first.setFocus()
            self.asks.emit(self._like.text())
        else:
            self.answered.emit()

    def _to_place(self) -> None:
        self._at_words = False
        self._show()
        self.map.setFocus()

    @property
    def half_answered(self) -> bool:
        """Whether the place was told, and only the words are still asked."""
        return self._at_words

    @property
    def places(self) -> tuple[str, ...]:
        """The chosen places, or what stands for one."""
        return self.map.chosen or ((self.map.instead,) if self.map.instead else ())

    @property
    def qualities(self) -> tuple[str, ...]:
        """What the feeling is like."""
        return self._chips.chosen

    def first_focus(self) -> QWidget:
        """Return the body."""
        return self.map


class Chips(QWidget):
    """Short words to take or leave, in rows that fit the width."""

    changed = Signal()

    def __init__(self, theme: Theme, words: Sequence[str], *, most: int = 0) -> None:
        super().__init__()
        self._most = most
        self.words = tuple(words)
        self._buttons: list[PillButton] = []
        for word in words:
            button = PillButton(word, theme)
            button.setCheckable(True)
            button.toggled.connect(self._toggled)
            self._buttons.append(button)
        rows = Flow(spacing=2)
        for button in self._buttons:
            rows.addWidget(button)
        self.setLayout(rows)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The words that are taken."""
        return tuple(button.text() for button in self._buttons if button.isChecked())

    @property
    def first(self) -> QWidget:
        """The first word, which takes the keys."""
        return self._buttons[0] if self._buttons else self

    def _toggled(self) -> None:
        full = self._most and len(self.chosen) >= self._most
        for button in self._buttons:
            button.setEnabled(button.isChecked() or not full)
            button.update()
        self.changed.emit()


class JournalQuestion(Question):
    """A line or some to write on, and sentences to take."""

    writes = True

    def __init__(self, theme: Theme, phase: Phase) -> None:
        super().__init__(theme, phase.ask)
        if phase.hint:
            self.column.addWidget(label(phase.hint, tone="soft"))
        self._chips = _SentenceChips(theme, phase.chips)
        if phase.chips:
            self.column.addLayout(out_to_the_edge(self._chips))
        self._lines: list[WordsLine] = []
        for number in range(phase.fields):
            line = WordsLine(theme, f"{phase.ask} {number + 1}", "In your own words, if you like")
            line.returnPressed.connect(lambda number=number: self._next(number))
            self._lines.append(line)
            self.column.addWidget(line)
        self._go_on = self.add_go_on()

    def _next(self, number: int) -> None:
        if number + 1 < len(self._lines):
            self._lines[number + 1].setFocus()
        else:
            self.answered.emit()

    @property
    def texts(self) -> tuple[str, ...]:
        """What was taken and what was written."""
        written = tuple(line.text().strip() for line in self._lines)
        return self._chips.chosen + tuple(text for text in written if text)

    def first_focus(self) -> QWidget:
        """Return the first sentence, or the line."""
        return self._chips.first or self._lines[0]


class _SentenceChips(QWidget):
    """Sentences to take: each a line of its own, as they are long."""

    def __init__(self, theme: Theme, sentences: Sequence[str]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._short = Chips(theme, sentences) if all(len(s) < 16 for s in sentences) else None
        self._buttons: list[OptionButton] = []
        if self._short is not None:
            column.addWidget(self._short)
            return
        for sentence in sentences:
            button = OptionButton(sentence, theme)
            self._buttons.append(button)
            column.addWidget(button)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The sentences that are taken."""
        if self._short is not None:
            return self._short.chosen
        return tuple(button.text() for button in self._buttons if button.isChecked())

    @property
    def first(self) -> QWidget | None:
        """The first one, if there is any."""
        if self._buttons:
            return self._buttons[0]
        return self._short.first if self._short is not None and self._short.words else None


class QuizQuestion(Question):
    """Questions to think about: the reason comes with any answer, and nothing is marked wrong."""

    thought = Signal(int, int)
    """The number of the question, the number of the answer."""

    def __init__(self, theme: Theme, phase: Phase) -> None:
        super().__init__(theme, "")
        self._phase = phase
        self._at = 0
        self._box = options_column()
        self.column.addLayout(out_to_the_edge(self._box))
        self._why = label("", look.TEXT_PX)
        self.column.addWidget(self._why)
        self._go_on = self.add_go_on()
        self._go_on.clicked.disconnect()
        self._go_on.clicked.connect(self._next)
        self._buttons: list[OptionButton] = []
        self._ask()

    def _ask(self) -> None:
        question = self._phase.questions[self._at]
        self.asked.setText(question.ask)
        self._why.hide()
        self._go_on.hide()
        for button in self._buttons:
            button.deleteLater()
        self._buttons = [OptionButton(text, self.theme) for text in question.options]
        for number, button in enumerate(self._buttons):
            button.clicked.connect(lambda _checked=False, number=number: self._think(number))
            self._box.addWidget(button)
            # At once: what is not seen yet cannot take the keys.
            button.show()

    def _think(self, number: int) -> None:
        question = self._phase.questions[self._at]
        for each, button in enumerate(self._buttons):
            button.setChecked(each == number)
            button.setEnabled(False)
        best = question.options[question.answer]
        lead = "" if number == question.answer else f"Most would say: {best.rstrip('.')}. "
        self._why.setText(f"{lead}{question.why}")
        self._why.show()
        self._go_on.show()
        self._go_on.setFocus()
        self.asks.emit(self._why.text())
        self.thought.emit(self._at, number)

    def _next(self) -> None:
        self._at += 1
        if self._at == len(self._phase.questions):
            self.answered.emit()
        else:
            self._ask()
            self._buttons[0].setFocus()
            self.asks.emit(self.spoken)

    def first_focus(self) -> QWidget:
        """Return the first answer."""
        return self._buttons[0]


class GameQuestion(Question):
    """The left and right game, to its end or as far as one likes."""

    rests_with_space = True

    def __init__(self, theme: Theme, phase: Phase, part: str, now: Callable[[], float]) -> None:
        super().__init__(theme, " ".join(line.text for line in phase.lines))
        rules = laterality.GameRules(phase.trials, phase.seconds_each)
        self._now = now
        self.game = laterality.begin(part, rules, random.randrange(1 << 30), now())
        self.view = LateralityView(theme)
        self.view.answered.connect(self._answer)
        self.column.addWidget(self.view, 1)
        self._way_out = self._enough(theme)
        self.column.addLayout(row_of(self._way_out))
        self._timer = QTimer(self)
        self._timer.setInterval(_GAME_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._show()

    def _enough(self, theme: Theme) -> PillButton:
        button = PillButton("Enough for today", theme)
        button.clicked.connect(self.answered)
        return button

    def fit(self, room_px: int) -> None:
        """Let picture and answers be seen at once, also on a low screen."""
        others = self.asked.heightForWidth(self.width()) + self._way_out.sizeHint().height()
        left = room_px - others - 3 * self.column.spacing()
        self.view.setFixedHeight(min(_GAME_PX, max(_LEAST_GAME_PX, left)))

    def rest(self, *, resting: bool) -> None:
        """Stop for a pause, and give the picture all its time again after it."""
        if resting:
            self._timer.stop()
        else:
            self.game = self.game.resumed(self._now())
            self._timer.start()

    def _tick(self) -> None:
        self._take(self.game.at(self._now()))

    def _answer(self, side: str) -> None:
        self._take(self.game.answer(self._now(), Side(side)))

    def _take(self, game: laterality.Game) -> None:
        if game is self.game:
            return
        self.game = game
        self._show()
        if game.over:
            self._timer.stop()
            self.answered.emit()

    def _show(self) -> None:
        self.view.show_picture(self.game.current)

    def first_focus(self) -> QWidget:
        """Return the picture."""
        return self.view
