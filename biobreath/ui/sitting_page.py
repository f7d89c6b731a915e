"""One sitting seen whole: a sentence, its picture, replay, and numbers folded away."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from biobreath.practice.looked_back import LookedBackOn
from biobreath.practice.pace_steps import StepTold
from biobreath.session import words
from biobreath.session.review import Review
from biobreath.session.step_words import step_sentence
from biobreath.signal.response import Change
from biobreath.ui import theme as look
from biobreath.ui.fear_cards import FearCards
from biobreath.ui.flow import Flow
from biobreath.ui.option_button import ROOM
from biobreath.ui.page import Page
from biobreath.ui.parts import Card, PillButton, clear, label, row_of
from biobreath.ui.theme import Theme

_WORTH_SEEING_S = 10.0
_NO_RHYTHM = (
    "Numbers of the heart's rhythm are left out, as you told us under About me: they would not mean"
    " much for you."
)
_REMOVE = "Remove this sitting"
_REMOVE_NOW = "Press again to remove it for good"


@dataclass(frozen=True)
class SittingSeen:
    """A sitting with the words above its picture."""

    session_id: int
    when: str
    source: str
    recovered: bool
    review: Review
    step: StepTold | None = None
    """What it was in a search for the pace that is sat in pieces."""
    told: LookedBackOn | None = None
    """What was told in it, where it was a practice."""
    heart_hidden: bool = False
    """Whether the person wants their heart folded away, wherever it is."""
    rhythm_off: bool = False
    """Whether this heart's rhythm would tell nothing: then there are no numbers of it at all."""

    @property
    def shows_heart(self) -> bool:
        """Whether its heart is looked at first; else it is folded away with the numbers."""
        if self.heart_hidden or self.rhythm_off:
            return False
        return self.told is None or self.told.shows_heart

    @property
    def can_replay(self) -> bool:
        """Whether there was a heart or a guide that could be seen again."""
        return self.has_heart or self.review.guided_s >= _WORTH_SEEING_S

    @property
    def has_heart(self) -> bool:
        """Whether a heart was heard in it."""
        return self.review.beat_t.size > 0


class SittingPage(Page):
    """Words first; numbers one key away."""

    replay = Signal(int, float)
    done = Signal()
    pace_kept = Signal(float)
    """The pace that was found and that the person wants as theirs."""
    copy_wanted = Signal(int)
    """The sitting is to be saved as a file."""
    removed = Signal(int)
    """The sitting is to be taken out of the library for good."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(" ", " ")
        self._theme = theme
        self._seen: SittingSeen | None = None
        self._folded: tuple[QWidget, ...] = ()
        self._text = label("", tone="soft")
        self._picture = QVBoxLayout()
        self.column.addWidget(self._text)
        self._told = QVBoxLayout()
        self.column.addLayout(self._told)
        self.column.addLayout(self._picture)
        self._buttons()
        self._build_numbers()
        self._build_keeping()
        self.column.addStretch()

    def _buttons(self) -> None:
        self._replay = PillButton("Replay", self._theme, filled=True)
        self._faster = PillButton("Replay ×10", self._theme)
        self._faster.setAccessibleName("Replay ten times as fast")
        self._done = PillButton("Back to the list", self._theme)
        self._replay.clicked.connect(lambda: self._ask_replay(1.0))
        self._faster.clicked.connect(lambda: self._ask_replay(10.0))
        self._done.clicked.connect(self.done)
        self._keep = PillButton("Keep it as my pace", self._theme)
        self._keep.clicked.connect(self._keep_pace)
        self._keep.hide()
        row = Flow(spacing=2, hang=int(ROOM))
        for button in (self._replay, self._faster, self._done, self._keep):
            row.addWidget(button)
        self.column.addLayout(row)

    def _keep_pace(self) -> None:
        found = self._seen.review.pace if self._seen is not None else None
        if found is not None and found.breaths_per_minute is not None:
            self._keep.hide()
            self.pace_kept.emit(round(found.breaths_per_minute, 1))

    def _build_numbers(self) -> None:
        self._card = card = Card(self._theme)
        head = QHBoxLayout()
        head.addWidget(label("Numbers", look.TEXT_PX, 700, wrap=False))
        head.addStretch()
        self._fold = PillButton("Show  (N)", self._theme)
        self._fold.clicked.connect(self._turn_numbers)
        head.addWidget(self._fold)
        card.column.addLayout(head)
        self._numbers = label("", look.TEXT_PX, tone="soft")
        self._numbers.hide()
        card.column.addWidget(self._numbers)
        self._folded_picture = QVBoxLayout()
        card.column.addLayout(self._folded_picture)
        self.column.addWidget(card)

    def _build_keeping(self) -> None:
        self._copy = PillButton("Save a copy…", self._theme)
        self._copy.clicked.connect(self._ask_copy)
        self._removal = PillButton(_REMOVE, self._theme)
        self._removal.clicked.connect(self._remove)
        self.column.addLayout(row_of(self._copy, self._removal))
        self._said = label("", tone="soft")
        self._said.hide()
        self.column.addWidget(self._said)

    def _ask_copy(self) -> None:
        if self._seen is not None:
            self.copy_wanted.emit(self._seen.session_id)

    def say(self, sentence: str) -> None:
        """Say below the buttons what became of a wish; an empty sentence takes it away."""
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))
        if sentence:
            # After the page has grown.
            QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self._said))

    @property
    def has_heart(self) -> bool:
        """Whether the sitting that is shown holds heartbeats."""
        return self._seen is not None and self._seen.has_heart

    def _remove(self) -> None:
        """Take the sitting away at the second press: what is gone cannot be brought back."""
        if self._seen is None:
            return
        if self._removal.text() == _REMOVE:
            self._removal.setText(_REMOVE_NOW)
        else:
            self.removed.emit(self._seen.session_id)

    def _ask_replay(self, speed: float) -> None:
        if self._seen is not None:
            self.replay.emit(self._seen.session_id, speed)

    def _turn_numbers(self) -> None:
        shown = not self._numbers.isVisible()
        self._numbers.setVisible(shown)
        for picture in self._folded:
            picture.setVisible(shown)
        self._fold.setText("Hide  (N)" if shown else "Show  (N)")
        if shown:
            # After the page has grown.
            QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self._card))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take N for the numbers and Esc for the list."""
        if event.key() == Qt.Key.Key_N:
            self._turn_numbers()
        elif event.key() == Qt.Key.Key_Escape:
            self.done.emit()
        else:
            super().keyPressEvent(event)

    @property
    def waiting(self) -> bool:
        """Whether the page waits for a sitting to be shown."""
        return self._seen is None and self.isVisible()

    def show_trouble(self, title: str, sentence: str) -> None:
        """Say why there is no sitting to be seen."""
        self.show_progress(0.0)
        self.title.setText(title)
        self._text.setText(sentence)
        self._text.show()
        self._done.setFocus()

    def show_progress(self, share: float) -> None:
        """Show that the picture is on its way, ``share`` 0-1 done."""
        if self._seen is not None or share == 0.0:
            self._seen = None
            clear(self._picture)
            clear(self._folded_picture)
            clear(self._told)
            self.above.hide()
            self._text.hide()
            self._card.hide()
        self.title.setText("One moment…" if share < 0.02 else f"One moment… {share * 100:.0f} %")
        self._replay.setEnabled(False)
        self._faster.setEnabled(False)
        self.say("")
        for button in (self._keep, self._copy, self._removal):
            button.hide()

    def show_sitting(self, seen: SittingSeen) -> None:
        """Show a sitting."""
        from biobreath.ui.pace_picture import PacePicture, has_picture
        from biobreath.ui.sitting_picture import SittingPicture

        self._seen = seen
        review = seen.review
        self.above.setText(f"{seen.when} · {seen.source}")
        self.above.show()
        self.title.setText(first_sentence(review))
        self._text.setText(second_sentence(seen))
        self._text.setVisible(bool(self._text.text()))
        for part in (self._picture, self._folded_picture, self._told):
            clear(part)
        if seen.told is not None:
            if seen.told.learned is not None:
                self._told.addWidget(FearCards(self._theme, seen.told.learned))
            self._told.addWidget(_told_card(seen.told, self._theme))
        found = review.pace
        self._keep.setVisible(found is not None and found.breaths_per_minute is not None)
        for button in (self._replay, self._faster):
            button.setEnabled(True)
            button.setVisible(seen.can_replay)
        self._card.setVisible(seen.has_heart or bool(seen.told and seen.told.folded))
        self._removal.setText(_REMOVE)
        self._removal.show()
        self._copy.show()
        if not self.isHidden():
            self.first_focus().setFocus()
        pictures: list[QWidget] = [SittingPicture(review, self._theme)]
        if has_picture(review) and not seen.rhythm_off:
            in_pieces = seen.step is not None
            picture = PacePicture(review, self._theme, in_pieces=in_pieces)
            # Of a search in pieces the heart's line is of the last one alone.
            pictures.insert(0 if in_pieces else 1, picture)
        for picture in pictures:
            if seen.shows_heart:
                self._picture.addWidget(picture)
            else:
                picture.setVisible(self._numbers.isVisible())
                self._folded_picture.addWidget(picture)
        self._folded = () if seen.shows_heart else tuple(pictures)
        folded = () if seen.told is None else seen.told.folded
        numbers = numbers_text(review, rhythm=not seen.rhythm_off)
        self._numbers.setText("\n".join([*folded, numbers]))

    def first_focus(self) -> QWidget:
        """Return Replay; the way back where there is nothing to replay."""
        return self._done if self._replay.isHidden() else self._replay


def _told_card(told: LookedBackOn, theme: Theme) -> Card:
    card = Card(theme)
    card.column.addWidget(label(told.title, look.CARD_TITLE_PX, 700))
    for line in told.first:
        card.column.addWidget(label(line, look.TEXT_PX, 600))
    for line in told.then:
        card.column.addWidget(label(line))
    card.column.addWidget(label(told.words, look.SMALL_PX, tone="soft"))
    return card


def first_sentence(review: Review) -> str:
    """Say how long the sitting was, and how much of it went with the breath."""
    length = words.length(review.duration_s)
    if 20.0 <= review.guided_s < 0.75 * review.duration_s:
        return f"You sat for {length}, {words.length(review.guided_s)} of it with the breath."
    return f"You sat for {length}."


def second_sentence(seen: SittingSeen) -> str:
    """Say what heart and breath did, and what is missing, without a grade."""
    review = seen.review
    parts: list[str] = []
    if review.beat_t.size == 0 and seen.told is None:
        parts.append("No heartbeats were recorded.")
    elif seen.heart_hidden or seen.rhythm_off:
        pass  # not a word of it where the person looks first
    elif review.beat_t.size and (doubt := words.intervals_sentence(review.intervals)):
        parts.append(doubt)
    elif review.together_s >= 30 and seen.step is None:
        together = words.length(review.together_s)
        parts.append(f"Breath and heart moved together for about {together}.")
    if seen.step is not None:
        parts.append(step_sentence(seen.step, review))
    elif review.pace is not None:
        parts.append(words.pace_sentence(review.pace))
    answer = words.response_sentence(review.response)
    if answer and not (seen.heart_hidden or seen.rhythm_off):
        parts.append(answer)
    if seen.source == words.DEMO_HEART:
        parts.append("This was the demo heart, not your own.")
    if seen.recovered:
        parts.append("The program ended early; everything until its last second is here.")
    return " ".join(parts)


def numbers_text(review: Review, *, rhythm: bool = True) -> str:
    """Put the numbers into lines; what is not known is left out, and ``rhythm`` where it is off."""
    t = review.summary
    if not rhythm:
        rate = "" if t.hr_mean_bpm is None else f"Mean heart rate: {t.hr_mean_bpm:.0f} a minute\n"
        return f"{rate}{_NO_RHYTHM}"
    lines = [
        ("Mean heart rate", t.hr_mean_bpm, "{:.0f} a minute"),
        ("Heart-rate swing in a breath", t.swing_bpm, "{:.1f} a minute"),
        ("RMSSD", t.rmssd_ms, "{:.0f} ms"),
        ("SDNN", t.sdnn_ms, "{:.0f} ms"),
        ("Rhythm coherence", t.coherence, "{:.2f}"),
        ("Breaths found in the heart", t.breaths_per_minute, "{:.1f} a minute"),
    ]
    said = [f"{name}: {form.format(value)}" for name, value, form in lines if value is not None]
    if (answer := review.response) is not None and answer.heart_rate is not Change.UNKNOWN:
        pairs = (answer.heart_rate_before_bpm, answer.heart_rate_after_bpm)
        said.append("Heart rate before and after: {:.0f} and {:.0f} a minute".format(*pairs))
        pairs = (answer.rmssd_before_ms, answer.rmssd_after_ms)
        said.append("RMSSD before and after: {:.0f} and {:.0f} ms".format(*pairs))
    if t.corrected_share:
        said.append(f"Corrected beats: {t.corrected_share * 100:.1f} %")
    said.append("For wellness and learning; numbers can be wrong.")
    return "\n".join(said)
