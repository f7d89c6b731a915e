"""What the person chose: it holds at once, shows wherever it shows, and is kept."""

import contextlib
from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from biobreath import places
from biobreath import settings as stored_settings
from biobreath.app.memory import Memory
from biobreath.app.ways import Ways
from biobreath.practice.display import Display, effective
from biobreath.practice.patterns import GENTLE
from biobreath.practice.profile import HRV_OFF
from biobreath.settings import Settings
from biobreath.ui import theme as look
from biobreath.ui.shapes import LITTLE_MOTION
from biobreath.ui.window import Window

_SAVE_AFTER_MS = 800
_GENTLE_MINUTES = 5
"""At most, for who is to breathe gently (PRACTICE.md, section 2)."""
_HEART_STAYS_HIDDEN = "The heart stays hidden, as you told us under About me."


class Choices:
    """The settings of the window's program, and what a change of them changes."""

    def __init__(self, app: QApplication, ways: Ways, settings: Settings, memory: Memory) -> None:
        self._app = app
        self._ways = ways
        self._memory = memory
        self.settings = settings
        self._saving = QTimer()
        self._saving.setSingleShot(True)
        self._saving.setInterval(_SAVE_AFTER_MS)
        self._saving.timeout.connect(self.save)

    def connect(self, window: Window) -> None:
        """Listen to the pages that choose; they are made anew with every theme."""
        window.today.dim_turned.connect(self._dim)
        window.breathe.changed.connect(self.choose)
        window.breathing.display_chosen.connect(self._display_chosen)
        window.breathing.pace_chosen.connect(self._pace_chosen)
        window.sitting_page.pace_kept.connect(self._keep_pace)

    def choose(self, settings: Settings) -> None:
        """Take new settings."""
        before, self.settings = self.settings, settings
        if _heart_of(settings) != _heart_of(before):
            self._ways.watch_strap()
        self._saving.start()
        if _dress_of(settings) != _dress_of(before):
            size_changed = settings.text_percent != before.text_percent
            # The page that asked is being replaced: let its signal return first.
            QTimer.singleShot(0, self._ways.window, lambda: self.dress(size_changed=size_changed))
        else:
            self._show()

    def _show(self) -> None:
        settings, window = self.settings, self._ways.window
        window.breathe.show_settings(settings)
        window.breathing.set_words(shown=settings.show_words)
        window.little_motion = settings.shape == LITTLE_MOTION
        self.show_heart()
        self._ways.refresh()

    def show_heart(self) -> None:
        """Show as much of the heart beside the breath as the person wants."""
        breathing = self._ways.window.breathing
        breathing.set_display(self.display())
        breathing.set_own_breath(shown=self.tells_own_breath)

    def dress(self, *, size_changed: bool = False) -> None:
        """Put the chosen colours and size of text on, and come back to where one was."""
        theme = look.chosen(self.settings.theme)
        look.set_text_percent(self.settings.text_percent)
        look.apply(self._app, theme)
        place = self._ways.window.place
        self._ways.window.dress(theme, self.settings)
        self._ways.connect_pages()
        page = self._ways.window.breathe
        focus = page.focus_size if size_changed else page.focus_theme
        if place == "today":
            focus = self._ways.window.today.focus_dim
        self._ways.go("today" if place == "today" else "breathe")
        # The finger stays where it was, or the next Enter would begin a sitting.
        QTimer.singleShot(0, self._ways.window, focus)

    def _dim(self, on: bool) -> None:  # noqa: FBT001  a slot
        """Put on the dim colours of the night, or the usual ones again."""
        settings = self.settings
        if on:
            self.choose(replace(settings, theme=look.BEDTIME.name, usual_theme=settings.theme))
        else:
            self.choose(replace(settings, theme=settings.usual_theme))

    def _display_chosen(self, display: str) -> None:
        self.choose(replace(self.settings, display=display))
        if self.display() != display:
            self._ways.window.breathing.say_briefly(_HEART_STAYS_HIDDEN)

    def display(self) -> Display:
        """Return how much of the heart is shown: what was chosen, and no more than told."""
        chosen = Display(self.settings.display)
        return effective(chosen, chosen, self._memory.profile.flags)

    @property
    def tells_own_breath(self) -> bool:
        """Whether the person's own rate is told: not where it would be read from such a rhythm."""
        return self.settings.show_own_breath and HRV_OFF not in self._memory.profile.flags

    def breathe_gently(self) -> None:
        """Plan the lighter breath and five minutes at most, until the person chooses otherwise."""
        rate = GENTLE.breaths_per_minute
        gentle = replace(self.settings, pattern=GENTLE.id, breaths_per_minute=rate)
        self.choose(replace(gentle, minutes=min(_GENTLE_MINUTES, self.settings.minutes)))

    def _pace_chosen(self, breaths_per_minute: float) -> None:
        self.choose(replace(self.settings, breaths_per_minute=round(breaths_per_minute, 1)))

    def _keep_pace(self, breaths_per_minute: float) -> None:
        pace = breaths_per_minute
        self.choose(replace(self.settings, my_pace=pace, pattern="mine", breaths_per_minute=pace))

    # -- on the disk -----------------------------------------------------------------------

    def close(self) -> None:
        """Keep everything, and how large the window was."""
        size = self._ways.window.size()
        self.settings = replace(
            self.settings, window_width=size.width(), window_height=size.height()
        )
        self.save()

    def save(self) -> None:
        """Keep what was chosen."""
        self._saving.stop()
        # A disk that keeps no settings is no reason to trouble a person who breathes.
        with contextlib.suppress(OSError):
            stored_settings.save(places.settings_path(), self.settings)


def _dress_of(settings: Settings) -> tuple[str, int]:
    return settings.theme, settings.text_percent


def _heart_of(settings: Settings) -> tuple[str, str, bool]:
    return settings.source, settings.strap_address, settings.keep_ecg
