"""Breathe: choose the pace, the length, and how much of the heart to see."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from biobreath.practice.pattern_library import PatternOffer, offer_of, shipped
from biobreath.practice.patterns import (
    FASTEST_PER_MINUTE,
    PACE_STEP,
    SLOWEST_PER_MINUTE,
    Pattern,
    nearest_pace,
    paced,
)
from biobreath.session import words
from biobreath.settings import Settings
from biobreath.ui import theme as look
from biobreath.ui.finder_card import FinderCard, FinderShown
from biobreath.ui.flow import Flow
from biobreath.ui.option_button import ROOM
from biobreath.ui.page import Page
from biobreath.ui.parts import Card, PillButton, label, out_to_the_edge, row_of
from biobreath.ui.stepper import Stepper
from biobreath.ui.theme import Theme

_TITLE_PX = 168
"""How wide the name of a row is where what is chosen stands beside it."""
OWN = "own"
"""The breath that the person shapes, beside those that have a name."""


def pattern_of(settings: Settings) -> Pattern:
    """Return the breath that the person chose, at the pace they chose."""
    rate = settings.breaths_per_minute
    offer = offer_of(settings.pattern)
    if offer is not None and offer.own_pace is not None and settings.my_pace:
        return offer.own_pace.pattern(rate, offer.id)
    if offer is not None and offer.pattern is not None:
        same = abs(rate - offer.pattern.breaths_per_minute) < PACE_STEP / 2
        return offer.pattern if same else offer.pattern.at_rate(rate)
    return paced(
        rate,
        settings.inhale_share,
        hold_full_s=min(settings.hold_full_s, _most_rest_s(rate)),
        hold_empty_s=min(settings.hold_empty_s, _most_rest_s(rate)),
        pattern_id=OWN,
    )


def _most_rest_s(breaths_per_minute: float) -> float:
    """Keep at least half of a breath for moving."""
    return 60.0 / breaths_per_minute / 4.0


def minutes_of(settings: Settings) -> int:
    """Return how long the person wants to sit; some patterns are good for a few minutes only."""
    offer = offer_of(settings.pattern)
    if offer is None or offer.most_s is None:
        return settings.minutes
    return min(settings.minutes, max(1, int(offer.most_s // 60)))


def offered(settings: Settings) -> list[PatternOffer]:
    """Return the patterns to choose from: those with a pace, and the own pace once it is found."""
    found = [offer for offer in shipped() if offer.pattern is not None]
    mine = [offer for offer in shipped() if offer.own_pace is not None and settings.my_pace]
    return [*found[:1], *mine, *found[1:]]


_EASY = "Small and slow is enough. The breath may stay shallow and easy."


class Choice(QObject):
    """A row of pills of which one is chosen; ``row`` is laid where it belongs."""

    chosen = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str]], theme: Theme) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._pills: dict[str, PillButton] = {}
        for option_id, text in options:
            pill = PillButton(text, theme)
            pill.setCheckable(True)
            pill.clicked.connect(lambda _checked=False, to=option_id: self.chosen.emit(to))
            self._group.addButton(pill)
            self._pills[option_id] = pill
        self.row = Flow(hang=int(ROOM) if look.text_is_large() else 0)
        for pill in self._pills.values():
            self.row.addWidget(pill)

    def offer(self, option_ids: set[str]) -> None:
        """Show only these options."""
        for option_id, pill in self._pills.items():
            pill.setVisible(option_id in option_ids)

    def choose(self, option_id: str) -> None:
        """Show which one is chosen, without saying that a person chose it."""
        self._pills[option_id].setChecked(True)

    def focus(self) -> None:
        """Put the focus on the chosen pill."""
        next(pill for pill in self._pills.values() if pill.isChecked()).setFocus()


class Breathe(Page):
    """Three plain choices, a look, and one button."""

    begin = Signal()
    find_pace = Signal()
    """The person wants to look for their own pace, all at once."""
    find_step = Signal()
    """The person wants to sit the next piece of the search."""
    changed = Signal(object)
    """The settings with the person's new choice."""

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__("How would you like to breathe?")
        self._settings = settings
        self._showing = True
        self.column.setSpacing(look.GAP - 8)
        self._begin = PillButton("Begin", theme, filled=True)
        self._begin.clicked.connect(self.begin)
        self._breath_card(theme)
        self._finder = FinderCard(theme)
        self._finder.all_wanted.connect(self.find_pace)
        self._finder.step_wanted.connect(self.find_step)
        self.column.addWidget(self._finder)
        self._sight_card(theme)
        self.column.addStretch()
        self.show_settings(settings)

    def _breath_card(self, theme: Theme) -> None:
        card = Card(theme)
        card.column.setSpacing(0)
        names = [(o.id, o.name) for o in shipped() if o.pattern is not None or o.own_pace]
        self._pattern = Choice((*names, (OWN, "Your own")), theme)
        self._pattern.chosen.connect(self._pattern_chosen)
        card.column.addLayout(_named("Breath", self._pattern))
        self._about = label("", look.TEXT_PX, tone="soft")
        self._about.setContentsMargins(0 if look.text_is_large() else _TITLE_PX + 12, 0, 0, 8)
        card.column.addWidget(self._about)
        self._rate = Stepper(
            "Breaths a minute",
            (SLOWEST_PER_MINUTE, FASTEST_PER_MINUTE),
            PACE_STEP,
            words.pace,
            theme,
        )
        self._share = Stepper("Length of the in-breath", (0.3, 0.6), 0.05, self._say_share, theme)
        self._full = Stepper("Rest after the in-breath", (0.0, 8.0), 0.5, _say_rest, theme)
        self._rest = Stepper("Rest after the out-breath", (0.0, 8.0), 0.5, _say_rest, theme)
        self._minutes = Stepper("Minutes", (1, 60), 1, lambda m: f"{m:.0f} min", theme)
        self._shaping = QWidget()
        shaping = QVBoxLayout(self._shaping)
        shaping.setContentsMargins(0, 0, 0, 0)
        shaping.setSpacing(0)
        for name, stepper in (
            ("In and out", self._share),
            ("Rest after in", self._full),
            ("Rest after out", self._rest),
        ):
            shaping.addLayout(_stepped(name, stepper))
        card.column.addLayout(_stepped("Pace", self._rate))
        card.column.addWidget(self._shaping)
        self._follow = Choice((("no", "At this pace"), ("yes", "At mine, and slowly there")), theme)
        self._follow.chosen.connect(self._follow_chosen)
        card.column.addLayout(_named("Begin", self._follow))
        last = _stepped("How long", self._minutes)
        if look.text_is_large():
            last.addLayout(row_of(self._begin))
        else:
            last.addWidget(self._begin)
        card.column.addLayout(last)
        self.column.addWidget(card)
        for stepper in (self._rate, self._share, self._full, self._rest, self._minutes):
            stepper.changed.connect(self._stepped)

    def show_finder(self, shown: FinderShown | None) -> None:
        """Offer to look for one's own pace as far as that is; None leaves it out."""
        self._finder.setVisible(shown is not None)
        if shown is not None:
            self._finder.show_search(shown)

    def _pattern_chosen(self, pattern_id: str) -> None:
        """Take a pattern with the pace it is meant for."""
        offer = offer_of(pattern_id)
        rate = self._settings.breaths_per_minute
        if offer is not None and offer.own_pace is not None:
            rate = self._settings.my_pace
        elif offer is not None and offer.pattern is not None:
            rate = nearest_pace(offer.pattern.breaths_per_minute)
        self.changed.emit(replace(self._settings, pattern=pattern_id, breaths_per_minute=rate))

    def _say_share(self, share: float) -> str:
        rate = self._rate.value
        rests = (self._settings.hold_full_s, self._settings.hold_empty_s)
        moving_s = 60.0 / rate - sum(min(rest_s, _most_rest_s(rate)) for rest_s in rests)
        return f"{moving_s * share:.1f} s in, {moving_s * (1 - share):.1f} s out"

    def _sight_card(self, theme: Theme) -> None:
        card = Card(theme)
        card.column.setSpacing(0)
        self._display = Choice(
            (
                ("ambient", "The shape"),
                ("wave", "Shape and heart"),
                ("numbers", "With numbers"),
                ("hidden", "Nothing of the heart"),
            ),
            theme,
        )
        self._display.chosen.connect(self._display_chosen)
        card.column.addLayout(_named("On screen", self._display))
        self._shape = Choice(
            (("disc", "Disc"), ("horizon", "Horizon"), ("bar", "Bar, little motion")), theme
        )
        self._shape.chosen.connect(self._shape_chosen)
        card.column.addLayout(_named("Shape", self._shape))
        self._theme = Choice(
            (
                ("system", "Like my computer"),
                ("light", "Paper"),
                ("dark", "Night"),
                ("contrast", "High contrast"),
                ("bedtime", "Bedtime, dim"),
            ),
            theme,
        )
        self._theme.chosen.connect(self._theme_chosen)
        card.column.addLayout(_named("Colours", self._theme))
        self._size = Choice((("100", "usual"), ("150", "large"), ("200", "very large")), theme)
        self._size.chosen.connect(self._size_chosen)
        card.column.addLayout(_named("Text", self._size))
        self._words = Choice((("yes", "in, out"), ("no", "none")), theme)
        self._words.chosen.connect(self._words_chosen)
        card.column.addLayout(_named("Words", self._words))
        self._own = Choice((("no", "hidden"), ("yes", "shown, where it is known")), theme)
        self._own.chosen.connect(self._own_chosen)
        card.column.addLayout(_named("Your own breath", self._own))
        self._compare = Choice((("no", "no"), ("yes", "a minute of free breathing")), theme)
        self._compare.chosen.connect(self._compare_chosen)
        card.column.addLayout(_named("Before and after", self._compare))
        self._sound_rows(card, theme)
        self.column.addWidget(card)

    def _sound_rows(self, card: Card, theme: Theme) -> None:
        self._tones = Choice((("no", "none"), ("yes", "in, out")), theme)
        self._tones.chosen.connect(self._tones_chosen)
        card.column.addLayout(_named("Tones", self._tones))
        self._spoken = Choice((("no", "none"), ("yes", "says in, out")), theme)
        self._spoken.chosen.connect(self._spoken_chosen)
        self._spoken_row = QWidget()
        spoken = _named("Voice", self._spoken)
        spoken.setContentsMargins(0, 0, 0, 0)
        self._spoken_row.setLayout(spoken)
        card.column.addWidget(self._spoken_row)
        self._bed = Choice(
            (
                ("none", "none"),
                ("brook", "Brook"),
                ("wind", "Wind"),
                ("rain", "Rain"),
                ("sea", "Slow sea"),
                ("warm-pad", "Warm tone"),
            ),
            theme,
        )
        self._bed.chosen.connect(self._bed_chosen)
        card.column.addLayout(_named("Sound under it", self._bed))
        self._volume = Stepper("Loudness", (10, 100), 10, lambda v: f"{v:.0f} of 100", theme)
        self._volume.changed.connect(self._stepped)
        card.column.addLayout(_stepped("Loudness", self._volume))

    def _stepped(self) -> None:
        if self._showing:
            return
        chosen = replace(
            self._settings,
            breaths_per_minute=self._rate.value,
            inhale_share=self._share.value,
            hold_full_s=self._full.value,
            hold_empty_s=self._rest.value,
            minutes=round(self._minutes.value),
            volume_percent=round(self._volume.value),
        )
        self.changed.emit(chosen)

    def _display_chosen(self, display: str) -> None:
        self.changed.emit(replace(self._settings, display=display))

    def _follow_chosen(self, answer: str) -> None:
        self.changed.emit(replace(self._settings, follow_me=answer == "yes"))

    def _compare_chosen(self, answer: str) -> None:
        self.changed.emit(replace(self._settings, compare=answer == "yes"))

    def _shape_chosen(self, shape: str) -> None:
        self.changed.emit(replace(self._settings, shape=shape))

    def _size_chosen(self, percent: str) -> None:
        self.changed.emit(replace(self._settings, text_percent=int(percent)))

    def _theme_chosen(self, theme: str) -> None:
        self.changed.emit(replace(self._settings, theme=theme))

    def _tones_chosen(self, answer: str) -> None:
        self.changed.emit(replace(self._settings, tones=answer == "yes"))

    def _spoken_chosen(self, answer: str) -> None:
        self.changed.emit(replace(self._settings, spoken=answer == "yes"))

    def show_voice(self, *, there: bool) -> None:
        """Offer spoken words where the system has a voice."""
        self._spoken_row.setVisible(there)

    def _bed_chosen(self, bed: str) -> None:
        self.changed.emit(replace(self._settings, bed=bed))

    def _own_chosen(self, answer: str) -> None:
        self.changed.emit(replace(self._settings, show_own_breath=answer == "yes"))

    def _words_chosen(self, answer: str) -> None:
        self.changed.emit(replace(self._settings, show_words=answer == "yes"))

    def show_settings(self, settings: Settings) -> None:
        """Show what is chosen."""
        self._showing = True
        self._settings = settings
        known = {offer.id for offer in offered(settings)}
        self._pattern.offer({*known, OWN})
        own = settings.pattern not in known
        self._pattern.choose(OWN if own else settings.pattern)
        self._shaping.setVisible(own)
        offer = None if own else offer_of(settings.pattern)
        self._about.setText(_EASY if offer is None else offer.about)
        self._rate.set_value(settings.breaths_per_minute)
        self._share.set_value(settings.inhale_share)
        self._full.set_value(settings.hold_full_s)
        self._rest.set_value(settings.hold_empty_s)
        self._share.refresh()
        self._minutes.set_value(settings.minutes)
        self._display.choose(settings.display)
        self._shape.choose(settings.shape)
        self._theme.choose(settings.theme)
        self._size.choose(str(settings.text_percent))
        self._words.choose("yes" if settings.show_words else "no")
        self._own.choose("yes" if settings.show_own_breath else "no")
        self._follow.choose("yes" if settings.follow_me else "no")
        self._compare.choose("yes" if settings.compare else "no")
        self._tones.choose("yes" if settings.tones else "no")
        self._spoken.choose("yes" if settings.spoken else "no")
        self._bed.choose(settings.bed)
        self._volume.set_value(settings.volume_percent)
        self._showing = False

    def focus_theme(self) -> None:
        """Put the focus on the colours that are chosen."""
        self._theme.focus()

    def focus_size(self) -> None:
        """Put the focus on the size of the text that is chosen."""
        self._size.focus()

    def first_focus(self) -> QWidget:
        """Return Begin."""
        return self._begin


def _named(name: str, choice: Choice) -> QBoxLayout:
    row = _row()
    title = _row_title(name)
    # Beside the first line of pills, also where there is a second.
    title.setFixedHeight(look.TARGET_PX + 14)
    row.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(choice.row, 1)
    return row


def _stepped(name: str, stepper: Stepper) -> QBoxLayout:
    row = _row()
    row.addWidget(_row_title(name))
    if look.text_is_large():
        row.addLayout(out_to_the_edge(stepper))
    else:
        row.addWidget(stepper)
    row.addStretch()
    return row


def _row() -> QBoxLayout:
    """Return a row with its name before it; above it where the words are large."""
    return QVBoxLayout() if look.text_is_large() else QHBoxLayout()


def _row_title(name: str) -> QLabel:
    title = label(name, look.CARD_TITLE_PX, 700, wrap=False)
    if not look.text_is_large():
        title.setFixedWidth(_TITLE_PX)
    return title


def _say_rest(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds else "none"
