"""The practices: what each is, how long it takes, and one press to begin."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from biobreath.settings import SUITED
from biobreath.ui import theme as look
from biobreath.ui.flow import Flow
from biobreath.ui.option_button import ROOM
from biobreath.ui.page import Page
from biobreath.ui.parts import Card, PillButton, clear, label, row_of
from biobreath.ui.theme import Theme

LENGTHS = ((SUITED, "What suits"), (3, "3 minutes"), (6, "6 minutes"), (0, "All of it"))
"""Minutes, 0 for the whole practice, and how that is called."""
NOT_REVIEWED = "not yet reviewed by a clinician"
NOT_OURS = "not from biobreath"


@dataclass(frozen=True, slots=True)
class PracticeCard:
    """One practice as the page shows it; ``locked`` is why it is kept away now."""

    id: str
    title: str
    summary: str
    length: str
    locked: str = ""
    instead: str = ""
    instead_title: str = ""
    reviewed: bool = False
    own: bool = True
    has_ladder: bool = False
    hint: str = ""
    longer: tuple[tuple[int, str], ...] = ()
    """Longer ones to ask for: minutes in all, and how that is called."""


class Practices(Page):
    """All practices as cards; the length is chosen once, above them."""

    begin = Signal(str, int)
    length_chosen = Signal(int)
    ladder_wanted = Signal()
    lessons_wanted = Signal()
    about_me_wanted = Signal()
    speaking_turned = Signal(bool)
    sound_turned = Signal(bool)
    """Whether practices are to be heard with the sounds that they bring along."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("What would be good today?")
        self._theme = theme
        self._minutes = 0
        self._first: PillButton | None = None
        self._lengths: dict[int, PillButton] = {}
        self.column.addLayout(self._length_row())
        self._cards = QVBoxLayout()
        self._cards.setSpacing(look.GAP - 8)
        self.column.addLayout(self._cards)
        self.column.addWidget(self._more(theme))
        self._trouble = label("", look.SMALL_PX, tone="soft")
        self._trouble.hide()
        self.column.addWidget(self._trouble)
        self.column.addStretch()

    def _length_row(self) -> Flow:
        row = Flow(hang=int(ROOM))
        for minutes, name in LENGTHS:
            button = PillButton(name, self._theme)
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, m=minutes: self._choose_length(m))
            self._lengths[minutes] = button
            row.addWidget(button)
        self._speaking = PillButton("Read aloud", self._theme)
        self._speaking.setCheckable(True)
        self._speaking.clicked.connect(self.speaking_turned)
        row.addWidget(self._speaking)
        self._sound = PillButton("With sounds", self._theme)
        self._sound.setCheckable(True)
        self._sound.clicked.connect(self.sound_turned)
        row.addWidget(self._sound)
        return row

    def show_sound(self, *, on: bool) -> None:
        """Show whether practices are heard with their sounds."""
        self._sound.setChecked(on)

    def show_speaking(self, *, there: bool, on: bool) -> None:
        """Show whether practices are read aloud, where the system has a voice."""
        self._speaking.setVisible(there)
        self._speaking.setChecked(on)

    def _choose_length(self, minutes: int) -> None:
        self.show_length(minutes)
        self.length_chosen.emit(minutes)

    def show_length(self, minutes: int) -> None:
        """Show how long practices are to be; 0 is all of it."""
        self._minutes = minutes
        for length, button in self._lengths.items():
            button.setChecked(length == minutes)

    def _more(self, theme: Theme) -> Card:
        card = Card(theme)
        card.column.addWidget(label("How pain works", look.CARD_TITLE_PX, 700))
        text = (
            "Twelve short lessons, two or three minutes each. And what biobreath knows about you."
        )
        card.column.addWidget(label(text, tone="soft"))
        lessons = PillButton("Read a lesson", theme)
        lessons.clicked.connect(self.lessons_wanted)
        about_me = PillButton("About me", theme)
        about_me.clicked.connect(self.about_me_wanted)
        card.column.addLayout(row_of(lessons, about_me))
        return card

    def show_practices(self, cards: Sequence[PracticeCard], trouble: Sequence[str] = ()) -> None:
        """Show what is there; ``trouble`` says which packs of one's own could not be read."""
        clear(self._cards)
        self._first = None
        for each in cards:
            self._cards.addWidget(self._card(each))
        self._trouble.setText("\n".join(trouble))
        self._trouble.setVisible(bool(trouble))

    def _card(self, each: PracticeCard) -> Card:
        theme = self._theme
        card = Card(theme)
        text = QVBoxLayout()
        text.setSpacing(6)
        text.addWidget(label(each.title, look.CARD_TITLE_PX, 700))
        text.addWidget(label(each.locked or each.summary, tone="soft"))
        small = [each.length, "" if each.reviewed else NOT_REVIEWED, "" if each.own else NOT_OURS]
        text.addWidget(label(" · ".join(one for one in small if one), look.SMALL_PX, tone="soft"))
        if each.hint:
            text.addWidget(label(each.hint, look.SMALL_PX))
        way, more = self._way(each), self._more_ways(each)
        below = [way, *more] if look.text_is_large() else more
        if below:
            ways = Flow(hang=int(ROOM))
            for one in below:
                ways.addWidget(one)
            text.addLayout(ways)
        row = QHBoxLayout()
        row.addLayout(text, 1)
        if way not in below:
            row.addSpacing(look.GAP)
            row.addWidget(way)
        card.column.addLayout(row)
        return card

    def _more_ways(self, each: PracticeCard) -> list[QWidget]:
        """Return what else may be asked for: the ladder, or more than suits by itself."""
        ways: list[QWidget] = []
        if each.locked:
            return ways
        if each.has_ladder:
            ladder = PillButton("My ladder", self._theme)
            ladder.clicked.connect(self.ladder_wanted)
            ways.append(ladder)
        for minutes, name in each.longer:
            longer = PillButton(name, self._theme)
            longer.setAccessibleName(f"Begin: {each.title}, {name}")
            longer.clicked.connect(lambda _checked=False, m=minutes: self.begin.emit(each.id, m))
            ways.append(longer)
        return ways

    def _way(self, each: PracticeCard) -> PillButton:
        """Return the way into a practice, or into what is kinder now."""
        if each.locked and each.instead:
            button = PillButton("Instead", self._theme)
            button.setAccessibleName(f"Instead: {each.instead_title}")
            look.tip(button, each.instead_title)
        elif each.locked:
            button = PillButton("About me", self._theme)
            button.clicked.connect(self.about_me_wanted)
            return button
        else:
            button = PillButton("Begin", self._theme)
            button.setAccessibleName(f"Begin: {each.title}")
        target = each.instead if each.locked else each.id
        button.clicked.connect(lambda: self.begin.emit(target, self._minutes))
        self._first = self._first or button
        return button

    def first_focus(self) -> QWidget | None:
        """Return the first practice that is open."""
        return self._first
