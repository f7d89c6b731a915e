"""Today: one thing to begin."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from biobreath.clock import WallTime
from biobreath.practice.patterns import Pattern
from biobreath.session import words
from biobreath.ui import theme as look
from biobreath.ui.page import Page
from biobreath.ui.parts import Card, PillButton, clear, label, row_of
from biobreath.ui.theme import Theme

_EVENING, _MORNING = 20, 6
"""From this hour to that the night's colours are offered; nobody is told to sleep."""
_DIM, _UNDIM = "Dim the screen for the night", "Back to the usual colours"
_WHAT_IT_IS = "For wellness and learning. Not a medical device."
_HARD_DAY = "Three minutes. No questions. Soft, with the sound of water. M turns it off."


class Today(Page):
    """A greeting, the breath to begin with, and a shorter one for a hard day."""

    begin = Signal()
    begin_gently = Signal()
    choose_heart = Signal()
    curious_put_away = Signal()
    dim_turned = Signal(bool)
    """Whether the screen is to be dim, for the night."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Welcome.\nBegin whenever you like.", " ")
        self.column.setSpacing(look.GAP - 8)
        self._card_title = label("", look.CARD_TITLE_PX + 4, 700, wrap=False)
        self._card_text = label("", tone="soft")
        self._begin = PillButton("Begin", theme, filled=True)
        self._begin.clicked.connect(self.begin)
        self.column.addWidget(self._begin_card(theme))
        self._quiet = QVBoxLayout()
        self.column.addLayout(self._quiet)
        row = QVBoxLayout() if look.text_is_large() else QHBoxLayout()
        row.setSpacing(look.GAP)
        row.addWidget(self._hard_day(theme))
        row.addWidget(self._heart_card(theme))
        self.column.addLayout(row)
        self._new = self._new_card(theme)
        self.column.addWidget(self._new)
        self._own = label("", tone="soft")
        self._own.hide()
        self.column.addWidget(self._own)
        self._is_dim = theme is look.BEDTIME
        self._dim = PillButton(_UNDIM if self._is_dim else _DIM, theme)
        self._dim.clicked.connect(lambda: self.dim_turned.emit(not self._is_dim))
        self.column.addLayout(row_of(self._dim))
        self.column.addStretch()
        self.column.addWidget(label(_WHAT_IT_IS, look.SMALL_PX, tone="soft"))

    def _begin_card(self, theme: Theme) -> Card:
        card = Card(theme)
        row = QHBoxLayout()
        text = QVBoxLayout()
        text.setSpacing(6)
        text.addWidget(self._card_title)
        text.addWidget(self._card_text)
        row.addLayout(text, 1)
        row.addWidget(self._begin)
        card.column.addLayout(row)
        return card

    def _hard_day(self, theme: Theme) -> Card:
        card = Card(theme)
        card.column.addWidget(label("A hard day?", look.CARD_TITLE_PX, 700))
        card.column.addWidget(label(_HARD_DAY, tone="soft"))
        button = PillButton("Gentle breath", theme)
        button.clicked.connect(self.begin_gently)
        card.column.addStretch()
        card.column.addLayout(row_of(button))
        return card

    def _heart_card(self, theme: Theme) -> Card:
        card = Card(theme)
        card.column.addWidget(label("Your heart", look.CARD_TITLE_PX, 700))
        self._heart = label("", tone="soft")
        card.column.addWidget(self._heart)
        button = PillButton("Choose", theme)
        button.setAccessibleName("Choose where the heart comes from")
        button.clicked.connect(self.choose_heart)
        card.column.addStretch()
        card.column.addLayout(row_of(button))
        return card

    def _new_card(self, theme: Theme) -> Card:
        card = Card(theme)
        words_of_it = QVBoxLayout()
        words_of_it.setSpacing(6)
        words_of_it.addWidget(label("Something new", look.CARD_TITLE_PX, 700))
        self._curious = label("", tone="soft")
        words_of_it.addWidget(self._curious)
        away = PillButton("Not today", theme)
        away.setAccessibleName("Not today: put this away")
        away.clicked.connect(self._put_new_away)
        row = QVBoxLayout() if look.text_is_large() else QHBoxLayout()
        row.addLayout(words_of_it, 1)
        row.addLayout(row_of(away)) if look.text_is_large() else row.addWidget(away)
        card.column.addLayout(row)
        card.hide()
        return card

    def _put_new_away(self) -> None:
        self.show_new("")
        self._begin.setFocus()
        self.curious_put_away.emit()

    def show_new(self, curious: str) -> None:
        """Show something new to try, or nothing."""
        self._curious.setText(curious)
        self._new.setVisible(bool(curious))

    def show_own_line(self, text: str) -> None:
        """Show a sentence of the person's own, or none."""
        self._own.setText(f"“{text}” — from your reasons to feel safe")
        self._own.setVisible(bool(text))

    def focus_dim(self) -> None:
        """Put the keys on what makes the screen dim."""
        self._dim.setFocus()

    def show_day(self, wall: WallTime, sittings: int) -> None:
        """Greet by the part of the day; never a word about days in between."""
        moment = wall.local()
        self.above.setText(f"{moment:%A} {words.day_part(moment.hour)}")
        self.above.setVisible(True)
        late = moment.hour >= _EVENING or moment.hour < _MORNING
        self._dim.setVisible(late or self._is_dim)
        greeting = "Welcome back.\nEverything is where you left it."
        self.title.setText(greeting if sittings else "Welcome.\nBegin whenever you like.")

    def show_plan(self, pattern: Pattern, minutes: int) -> None:
        """Show what Begin begins."""
        self._card_title.setText(words.pattern_name(pattern))
        rate = words.pace(pattern.breaths_per_minute)
        self._card_text.setText(f"{words.length(minutes * 60)} · {rate}")

    def show_quiet(self, card: QWidget | None) -> None:
        """Show one quiet card, or none; it stands in nobody's way."""
        clear(self._quiet)
        if card is not None:
            self._quiet.addWidget(card)
        elif self.isVisible():
            # The keys that put it away were on it.
            self._begin.setFocus()

    @property
    def has_quiet(self) -> bool:
        """Whether a quiet card stands there."""
        return self._quiet.count() > 0

    def show_heart(self, sentence: str) -> None:
        """Say where the heart comes from."""
        self._heart.setText(sentence)

    def first_focus(self) -> QWidget:
        """Return Begin."""
        return self._begin
