"""Small wins: what went well, how the weeks have been in words, and a minute to check in."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from biobreath.practice.scales import Scale
from biobreath.practice.trends import Trend, Turn
from biobreath.ui import theme as look
from biobreath.ui.check_in_card import CheckInCard
from biobreath.ui.flow import Flow
from biobreath.ui.option_button import ROOM
from biobreath.ui.page import Page, into_view
from biobreath.ui.parts import Card, PillButton, clear, label, row_of
from biobreath.ui.question import WordsLine
from biobreath.ui.soft_dots import SoftDots
from biobreath.ui.theme import Theme
from biobreath.ui.trend_picture import TrendPicture

_MOST_SHOWN = 12
_NOT_SEEN_YET = "Nothing to be seen of sleep and peace together so far. It takes some weeks."
_FOLDED = "pain_week"
"""Told last, and only where the person opens it: it is not what they practise for."""


class SmallWins(Page):
    """Words first; nothing is counted, and a day without anything is not there."""

    win_named = Signal(str)
    check_in = Signal()
    night_wanted = Signal()
    pain_turned = Signal(bool)
    """Whether the check-in is to ask about pain too."""
    nights_turned = Signal(bool)
    """Whether to look if peace goes with sleep."""
    answered = Signal(object)
    """Scale by scale, a number or None: the check-in is over."""

    def __init__(self, theme: Theme, ideas: Sequence[str]) -> None:
        super().__init__("Small wins")
        self._theme = theme
        self._asks_pain, self._night_open = False, True
        self._days = SoftDots(theme)
        self.column.addWidget(self._days)
        self.column.addLayout(self._make_ways(theme))
        self._check = CheckInCard(theme)
        self._check.answered.connect(self.answered)
        self._check.hide()
        self.column.addWidget(self._check)
        self.column.addWidget(self._new_card(ideas))
        self._nights_said = label("", tone="soft")
        self._nights_said.hide()
        self.column.addWidget(self._nights_said)
        self._kept = self._room_for_cards()
        self._weeks = self._room_for_cards()
        self.column.addStretch()

    def _new_card(self, ideas: Sequence[str]) -> Card:
        card = Card(self._theme)
        card.column.addWidget(label("What went well, however small?", look.CARD_TITLE_PX, 700))
        chips = Flow(hang=int(ROOM))
        for place, idea in enumerate(ideas):
            chip = PillButton(idea, self._theme)
            # The last one stands for something else: it has no words of its own.
            own = place == len(ideas) - 1
            chip.clicked.connect(lambda _checked=False, say="" if own else idea: self._chosen(say))
            chips.addWidget(chip)
        card.column.addLayout(chips)
        self.words = WordsLine(self._theme, "A small win", "In your own words, if you like")
        self.words.returnPressed.connect(self._own)
        card.column.addWidget(self.words)
        self._said = label("", tone="soft")
        self._said.hide()
        card.column.addWidget(self._said)
        return card

    def _make_ways(self, theme: Theme) -> Flow:
        self.week = PillButton("A minute for the week", theme)
        self.week.clicked.connect(self.check_in)
        self.night = PillButton("How was the night?", theme)
        self.night.clicked.connect(self.night_wanted)
        self.pain = PillButton("Ask about pain too", theme)
        self.pain.clicked.connect(lambda: self.pain_turned.emit(not self._asks_pain))
        self.nights = PillButton("Look at sleep and peace", theme)
        self.nights.setCheckable(True)
        self.nights.clicked.connect(self.nights_turned)
        ways = Flow(hang=int(ROOM))
        for button in (self.week, self.night, self.pain, self.nights):
            ways.addWidget(button)
        return ways

    def _room_for_cards(self) -> QVBoxLayout:
        room = QVBoxLayout()
        room.setSpacing(look.GAP - 8)
        self.column.addLayout(room)
        return room

    def _chosen(self, idea: str) -> None:
        if idea:
            self.win_named.emit(idea)
        else:
            self.words.setFocus()

    def _own(self) -> None:
        text = self.words.text().strip()
        if text:
            self.words.clear()
            self.win_named.emit(text)

    def show_days(self, days: Sequence[str]) -> None:
        """Name the days of the last week that had something."""
        self._days.show_days(days)

    def show_ways(self, *, night: bool, pain: bool) -> None:
        """Show what may be told: whether the night is still open, whether pain is asked about."""
        self._asks_pain, self._night_open = pain, night
        self._place_ways()
        self.pain.setText("Leave pain out" if pain else "Ask about pain too")
        self.pain.updateGeometry()

    def _place_ways(self) -> None:
        """Show the ways in, or the questions that one of them led to."""
        asking = not self._check.isHidden()
        self.week.setVisible(not asking)
        self.night.setVisible(not asking and self._night_open)
        self.pain.setVisible(not asking)
        self.nights.setVisible(not asking)

    def show_nights(self, sentence: str, *, wanted: bool) -> None:
        """Show what was found of sleep and peace; a kind blank while there is too little."""
        self.nights.setChecked(wanted)
        said = f"{sentence[:1].upper()}{sentence[1:]}." if sentence else _NOT_SEEN_YET
        self._nights_said.setText(said)
        self._nights_said.setVisible(wanted)

    def say_kept(self, text: str) -> None:
        """Say that something was kept; nothing to say without it."""
        self._said.setText(f"Kept: {text}")
        self._said.setVisible(bool(text))

    def show_kept(self, wins: Sequence[str], crumbs: Sequence[str]) -> None:
        """Show what was kept, newest first."""
        clear(self._kept)
        for title, texts in (("Kept", wins), ("Good crumbs", crumbs)):
            if texts:
                self._kept.addWidget(_KeptCard(self._theme, title, texts))

    def show_trends(self, trends: Sequence[Trend]) -> None:
        """Show how the weeks have been: words first, with a soft picture where there is one."""
        clear(self._weeks)
        told = [trend for trend in trends if trend.turn is not Turn.OPEN]
        if not told and trends:
            self._weeks.addWidget(label(trends[0].sentence, tone="soft"))
        for trend in told:
            card = _TrendCard(self._theme, trend, folds=trend.scale.id == _FOLDED)
            self._weeks.addWidget(card)

    def begin_check_in(self, scales: Sequence[Scale]) -> None:
        """Ask, one scale after another."""
        self._check.show()
        self._place_ways()
        self._check.begin(scales)
        into_view(self._check)

    def end_check_in(self) -> None:
        """Put the questions away."""
        self._check.hide()
        self._place_ways()
        self.week.setFocus()

    def first_focus(self) -> QWidget:
        """Return the question under way, else the check-in."""
        return self.week if self._check.isHidden() else self._check.first_focus()


class _KeptCard(Card):
    """What was kept, newest first; what is older comes at a press."""

    def __init__(self, theme: Theme, title: str, texts: Sequence[str]) -> None:
        super().__init__(theme)
        self._left = list(texts)
        self.column.addWidget(label(title, look.CARD_TITLE_PX, 700))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self.column.addLayout(self._lines)
        self.earlier = PillButton("Show earlier ones", theme)
        self.earlier.clicked.connect(self._show_more)
        self.column.addLayout(row_of(self.earlier))
        self._show_more()

    def _show_more(self) -> None:
        for text in self._left[:_MOST_SHOWN]:
            self._lines.addWidget(label(text))
        self._left = self._left[_MOST_SHOWN:]
        self.earlier.setVisible(bool(self._left))


class _TrendCard(Card):
    """One scale over the weeks; one that folds shows only its name until it is opened."""

    def __init__(self, theme: Theme, trend: Trend, *, folds: bool) -> None:
        super().__init__(theme)
        name = trend.scale.label.capitalize()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        if trend.turn is Turn.HARDER and not folds:
            column.addWidget(label(name, look.SMALL_PX, tone="soft"))
        sentence = trend.sentence[:1].upper() + trend.sentence[1:]
        column.addWidget(label(sentence, look.TEXT_PX, 600))
        for text in trend.helped:
            column.addWidget(label(text, tone="soft"))
        column.addWidget(TrendPicture(theme, trend.weeks))
        if folds:
            self._unfold = PillButton(name, theme)
            self._unfold.setAccessibleName(f"{name}: show it, or put it away")
            self._unfold.clicked.connect(lambda: inside.setVisible(inside.isHidden()))
            self.column.addLayout(row_of(self._unfold))
            inside.hide()
        self.column.addWidget(inside)
