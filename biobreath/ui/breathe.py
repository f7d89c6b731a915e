"""Breathe: choose the pace, the length, and how much of the heart to see."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QWidget

from biobreath.practice.patterns import (
    FASTEST_PER_MINUTE,
    PACE_STEP,
    SLOWEST_PER_MINUTE,
    Pattern,
    paced,
)
from biobreath.session import words
from biobreath.settings import Settings
from biobreath.ui import theme as look
from biobreath.ui.flow import Flow
from biobreath.ui.page import Page
from biobreath.ui.parts import Card, PillButton, label
from biobreath.ui.stepper import Stepper
from biobreath.ui.theme import Theme


def pattern_of(settings: Settings) -> Pattern:
    """Return the breath that the person chose."""
    return paced(
        settings.breaths_per_minute,
        settings.inhale_share,
        hold_empty_s=settings.hold_empty_s,
        pattern_id="own",
    )


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
        self.row = Flow()
        for pill in self._pills.values():
            self.row.addWidget(pill)

    def choose(self, option_id: str) -> None:
        """Show which one is chosen, without saying that a person chose it."""
        self._pills[option_id].setChecked(True)

    def focus(self) -> None:
        """Put the focus on the chosen pill."""
        next(pill for pill in self._pills.values() if pill.isChecked()).setFocus()


class Breathe(Page):
    """Three plain choices, a look, and one button."""

    begin = Signal()
    changed = Signal(object)
    """The settings with the person's new choice."""

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__("How would you like to breathe?")
        self._settings = settings
        self._showing = True
        self.column.setSpacing(look.GAP - 8)
        self._begin = PillButton("Begin", theme, filled=True)
        self._begin.clicked.connect(self.begin)
        self._about = label("", look.TEXT_PX, tone="soft")
        self._breath_card(theme)
        self._sight_card(theme)
        self.column.addStretch()
        self.show_settings(settings)

    def _breath_card(self, theme: Theme) -> None:
        card = Card(theme)
        card.column.setSpacing(0)
        self._rate = Stepper(
            "Breaths a minute",
            (SLOWEST_PER_MINUTE, FASTEST_PER_MINUTE),
            PACE_STEP,
            words.pace,
            theme,
        )
        self._share = Stepper("Length of the in-breath", (0.3, 0.6), 0.05, self._say_share, theme)
        self._rest = Stepper("Rest after the out-breath", (0.0, 2.0), 0.5, _say_rest, theme)
        self._minutes = Stepper("Minutes", (1, 60), 1, lambda m: f"{m:.0f} min", theme)
        for name, stepper in (
            ("Pace", self._rate),
            ("In and out", self._share),
            ("Rest after out", self._rest),
            ("How long", self._minutes),
        ):
            row = QHBoxLayout()
            row.addWidget(_row_title(name))
            row.addWidget(stepper)
            row.addStretch()
            card.column.addLayout(row)
        last = QHBoxLayout()
        last.addWidget(self._about, 1)
        last.addWidget(self._begin)
        card.column.addLayout(last)
        self.column.addWidget(card)
        for stepper in (self._rate, self._share, self._rest, self._minutes):
            stepper.changed.connect(self._stepped)

    def _say_share(self, share: float) -> str:
        moving_s = 60.0 / self._rate.value - self._settings.hold_empty_s
        return f"{moving_s * share:.1f} s in, {moving_s * (1 - share):.1f} s out"

    def _sight_card(self, theme: Theme) -> None:
        card = Card(theme)
        card.column.setSpacing(0)
        self._display = Choice(
            (("ambient", "The shape"), ("wave", "Shape and heart"), ("numbers", "With numbers")),
            theme,
        )
        self._display.chosen.connect(self._display_chosen)
        card.column.addLayout(_named("On screen", self._display))
        self._theme = Choice(
            (
                ("system", "Like my computer"),
                ("light", "Paper"),
                ("dark", "Night"),
                ("contrast", "High contrast"),
            ),
            theme,
        )
        self._theme.chosen.connect(self._theme_chosen)
        card.column.addLayout(_named("Colours", self._theme))
        self._words = Choice((("yes", "in, out"), ("no", "none")), theme)
        self._words.chosen.connect(self._words_chosen)
        card.column.addLayout(_named("Words", self._words))
        self._own = Choice((("no", "hidden"), ("yes", "shown, where a strap feels it")), theme)
        self._own.chosen.connect(self._own_chosen)
        card.column.addLayout(_named("Your own breath", self._own))
        self._sound_rows(card, theme)
        self.column.addWidget(card)

    def _sound_rows(self, card: Card, theme: Theme) -> None:
        self._tones = Choice((("no", "none"), ("yes", "in, out")), theme)
        self._tones.chosen.connect(self._tones_chosen)
        card.column.addLayout(_named("Tones", self._tones))
        self._bed = Choice(
            (("none", "none"), ("brook", "Brook"), ("wind", "Wind"), ("rain", "Rain")), theme
        )
        self._bed.chosen.connect(self._bed_chosen)
        card.column.addLayout(_named("Sound under it", self._bed))
        self._volume = Stepper("Loudness", (10, 100), 10, lambda v: f"{v:.0f} of 100", theme)
        self._volume.changed.connect(self._stepped)
        row = QHBoxLayout()
        row.addWidget(_row_title("Loudness"))
        row.addWidget(self._volume)
        row.addStretch()
        card.column.addLayout(row)

    def _stepped(self) -> None:
        if self._showing:
            return
        chosen = replace(
            self._settings,
            breaths_per_minute=self._rate.value,
            inhale_share=self._share.value,
            hold_empty_s=self._rest.value,
            minutes=round(self._minutes.value),
            volume_percent=round(self._volume.value),
        )
        self.changed.emit(chosen)

    def _display_chosen(self, display: str) -> None:
        self.changed.emit(replace(self._settings, display=display))

    def _theme_chosen(self, theme: str) -> None:
        self.changed.emit(replace(self._settings, theme=theme))

    def _tones_chosen(self, answer: str) -> None:
        self.changed.emit(replace(self._settings, tones=answer == "yes"))

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
        self._rate.set_value(settings.breaths_per_minute)
        self._share.set_value(settings.inhale_share)
        self._rest.set_value(settings.hold_empty_s)
        self._share.refresh()
        self._minutes.set_value(settings.minutes)
        self._display.choose(settings.display)
        self._theme.choose(settings.theme)
        self._words.choose("yes" if settings.show_words else "no")
        self._own.choose("yes" if settings.show_own_breath else "no")
        self._tones.choose("yes" if settings.tones else "no")
        self._bed.choose(settings.bed)
        self._volume.set_value(settings.volume_percent)
        self._about.setText("Small and slow is enough. The breath may stay shallow and easy.")
        self._showing = False

    def focus_theme(self) -> None:
        """Put the focus on the colours that are chosen."""
        self._theme.focus()

    def first_focus(self) -> QWidget:
        """Return Begin."""
        return self._begin


def _named(name: str, choice: Choice) -> QHBoxLayout:
    row = QHBoxLayout()
    title = _row_title(name)
    # Beside the first line of pills, also where there is a second.
    title.setFixedHeight(look.TARGET_PX + 14)
    row.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(choice.row, 1)
    return row


def _row_title(name: str) -> QLabel:
    title = label(name, look.CARD_TITLE_PX, 700, wrap=False)
    title.setFixedWidth(168)
    return title


def _say_rest(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds else "none"
