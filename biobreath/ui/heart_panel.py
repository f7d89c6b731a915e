"""Your heart: where the beats come from, and how the line to the strap stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from biobreath.addresses import same_address
from biobreath.settings import Settings
from biobreath.ui import theme as look
from biobreath.ui.breathe import Choice
from biobreath.ui.option_button import ROOM, OptionButton
from biobreath.ui.page import Page
from biobreath.ui.parts import Card, PillButton, clear, label, out_to_the_edge, row_of
from biobreath.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class StrapInRange:
    """A strap that the search has seen."""

    address: str
    name: str
    signal_dbm: int | None
    """None where the system does not tell."""
    connected: bool = False
    """Held by this computer already."""


def signal_words(strap: StrapInRange) -> str:
    """Say how strong a strap's signal is."""
    signal_dbm = strap.signal_dbm
    if strap.connected:
        return "connected to this computer"
    if signal_dbm is None:
        return "in range"
    if signal_dbm >= -65:
        return "close by"
    return "in the room" if signal_dbm >= -82 else "far away"


def has_ecg(strap_name: str) -> bool:
    """Tell whether a strap of this name streams an ECG that we can keep."""
    return "h10" in strap_name.casefold()


def heart_name(settings: Settings) -> str:
    """Name the heart that is chosen."""
    if settings.source == "strap":
        return settings.strap_name or "your strap"
    if settings.source == "recording":
        return Path(settings.recording).name
    return "no heart" if settings.source == "none" else "the demo heart"


class HeartPanel(Page):
    """The demo heart, or a strap found by a search the person asked for."""

    search = Signal()
    strap_chosen = Signal(str, str)
    demo_chosen = Signal()
    none_chosen = Signal()
    recording_wanted = Signal()
    ecg_chosen = Signal(bool)
    """Whether the strap's ECG is kept with a sitting."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("Where does the heart come from?")
        self._theme = theme
        self._chosen = ""
        self._line = ""
        self._now = label("", look.TEXT_PX, tone="soft")
        self.column.addWidget(self._now)
        self._search = PillButton("Look for a strap", theme, filled=True)
        self._search.clicked.connect(self._ask)
        self._looking = False
        self._sentence = label("", look.TEXT_PX, tone="soft")
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._rows: dict[str, OptionButton] = {}
        self._names: dict[str, str] = {}
        self.column.addWidget(self._strap_card())
        others = QVBoxLayout() if look.text_is_large() else QHBoxLayout()
        others.setSpacing(look.GAP)
        others.addWidget(self._demo_card(), 1)
        others.addWidget(self._recording_card(), 1)
        self.column.addLayout(others)
        self.column.addStretch()

    def _strap_card(self) -> Card:
        card = Card(self._theme)
        card.column.addWidget(label("A chest strap", look.CARD_TITLE_PX, 700))
        text = "Any Bluetooth heart-rate strap. Wear it, with a little water under the pads."
        card.column.addWidget(label(text, tone="soft"))
        card.column.addLayout(out_to_the_edge(self._list))
        card.column.addWidget(self._sentence)
        card.column.addLayout(row_of(self._search))
        card.column.addLayout(out_to_the_edge(self._ecg_row()))
        return card

    def _ecg_row(self) -> QWidget:
        self._ecg = Choice((("no", "not kept"), ("yes", "kept with the sitting")), self._theme)
        self._ecg.chosen.connect(self._choose_ecg)
        self._ecg_box = QWidget()
        column = QVBoxLayout(self._ecg_box)
        column.setContentsMargins(int(ROOM), 8, int(ROOM), 0)
        text = "The ECG of this strap, for your own records: nothing here reads it."
        column.addWidget(label(text, tone="soft"))
        column.addLayout(out_to_the_edge(self._ecg.row))
        return self._ecg_box

    def _choose_ecg(self, answer: str) -> None:
        self.ecg_chosen.emit(answer == "yes")

    def _demo_card(self) -> Card:
        card = Card(self._theme)
        card.column.addWidget(label("The demo heart", look.CARD_TITLE_PX, 700))
        text = "No strap? A simulated heart answers your pace. It is not your own heart."
        card.column.addWidget(label(text, tone="soft"))
        card.column.addStretch()
        self._use_demo = PillButton("Use the demo heart", self._theme)
        self._use_demo.clicked.connect(self.demo_chosen)
        card.column.addLayout(row_of(self._use_demo))
        self._use_none = PillButton("Only breathe, no heart", self._theme)
        self._use_none.clicked.connect(self.none_chosen)
        card.column.addLayout(row_of(self._use_none))
        return card

    def _recording_card(self) -> Card:
        card = Card(self._theme)
        card.column.addWidget(label("A recording", look.CARD_TITLE_PX, 700))
        text = "Heartbeats from a file, played as if they came now: a sitting, or RR intervals."
        card.column.addWidget(label(text, tone="soft"))
        self._trouble = label("", tone="soft")
        self._trouble.hide()
        card.column.addWidget(self._trouble)
        card.column.addStretch()
        choose = PillButton("Open a file…", self._theme)
        choose.clicked.connect(self.recording_wanted)
        card.column.addLayout(row_of(choose))
        return card

    def say_trouble(self, sentence: str) -> None:
        """Say why a file cannot be played."""
        self._trouble.setText(sentence)
        self._trouble.setVisible(bool(sentence))

    def show_choice(self, settings: Settings) -> None:
        """Show what is chosen."""
        self._chosen = f"Now: {heart_name(settings)}."
        self._now.setText(f"{self._chosen} {self._line}".rstrip())
        self._ecg_box.setVisible(settings.source == "strap" and has_ecg(settings.strap_name))
        self._ecg.choose("yes" if settings.keep_ecg else "no")
        self._use_demo.setEnabled(settings.source != "simulated")
        self._use_none.setEnabled(settings.source != "none")
        self.say_trouble("")

    def show_line(self, sentence: str) -> None:
        """Show how the line to the strap stands."""
        self._line = sentence
        self._now.setText(f"{self._chosen} {sentence}".rstrip())

    def _ask(self) -> None:
        # Not disabled meanwhile: a disabled button would hand the focus to its neighbour.
        if not self._looking:
            self.search.emit()

    def searching(self) -> None:
        """Show that the search goes on."""
        self._empty()
        self._looking = True
        self._search.setText("Looking…")
        self._search.updateGeometry()
        self._sentence.setText("This takes a few seconds.")

    def found(self, straps: Sequence[StrapInRange], last_address: str) -> None:
        """Show the straps in range, the one used last time first.

        They stay where they are while the search goes on: whoever aims at one must hit it.
        """
        if not straps:
            self._empty()
        for strap in straps:
            is_last = same_address(strap.address, last_address)
            row = self._rows.get(strap.address) or self._add_row(strap.address, first=is_last)
            used = " · used last time" if is_last else ""
            about = f"{signal_words(strap)}{used} · ends in {strap.address[-5:]}"
            self._names[strap.address] = strap.name
            row.say(strap.name or "A strap without a name", about)
        self._set_tab_order()
        if straps and self._looking:
            self._sentence.setText("Choose yours. We still look for others.")

    def _add_row(self, address: str, *, first: bool) -> OptionButton:
        row = OptionButton("", self._theme)
        row.setCheckable(False)
        row.clicked.connect(lambda: self.strap_chosen.emit(address, self._names[address]))
        self._list.insertWidget(0 if first else self._list.count(), row)
        self._rows[address] = row
        return row

    def _set_tab_order(self) -> None:
        """Let Tab go through the list as it stands, and on to what is below it."""
        before: QWidget = self._search
        for row in sorted(self._rows.values(), key=self._list.indexOf):
            QWidget.setTabOrder(before, row)
            before = row

    def _empty(self) -> None:
        clear(self._list)
        self._rows.clear()

    def search_over(self, sentence: str) -> None:
        """Show that the search is over, and a kind sentence where nothing was found."""
        self._looking = False
        self._search.setText("Look for a strap")
        self._search.updateGeometry()
        self._sentence.setText(sentence)

    def first_focus(self) -> QWidget:
        """Return the search."""
        return self._search
