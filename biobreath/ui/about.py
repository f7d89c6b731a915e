"""About: what this program is, what it is not, and where things stay."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from biobreath import __version__
from biobreath.ui import theme as look
from biobreath.ui.page import Page
from biobreath.ui.parts import Card, PillButton, label, row_of
from biobreath.ui.theme import Theme

_REMOVE = "Remove everything"
_REMOVE_NOW = "Press again: every sitting and every word goes for good"
_ABOUT_REMOVING = (
    "Sittings, notes, answers, ladder, wins, your own picture and your settings. Practices that you"
    " added yourself stay in their folder."
)


class About(Page):
    """Plain words on care, privacy and licences; and the way to take everything away."""

    all_removed = Signal()
    """Everything is to be taken out of the library for good."""

    def __init__(self, theme: Theme, disclaimer: str, library: Path) -> None:
        super().__init__("About biobreath")
        stays = (
            "Nothing leaves this computer: no account, no network. "
            f"Your sittings are for your eyes only, in\n{library.parent}"
        )
        made = (
            f"Version {__version__}. Free software: code Apache-2.0, texts CC BY 4.0, "
            "the typeface Atkinson Hyperlegible Next under the SIL Open Font Licence."
        )
        for title, text in (
            ("What it is, and is not", disclaimer),
            ("Not yet reviewed", "The words in this program are not yet reviewed by a clinician."),
            ("Where things stay", stays),
            ("Made of", made),
        ):
            card = Card(theme)
            card.column.addWidget(label(title, look.CARD_TITLE_PX, 700))
            card.column.addWidget(label(text, tone="soft"))
            self.column.addWidget(card)
        self.column.addWidget(self._removal_card(theme))
        self.column.addStretch()
        # There is nothing to press here: the arrows scroll the page itself.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _removal_card(self, theme: Theme) -> Card:
        card = Card(theme)
        card.column.addWidget(label("Start anew", look.CARD_TITLE_PX, 700))
        self._about_removing = label(_ABOUT_REMOVING, tone="soft")
        card.column.addWidget(self._about_removing)
        self._removal = PillButton(_REMOVE, theme)
        self._removal.clicked.connect(self._remove)
        card.column.addLayout(row_of(self._removal))
        return card

    def _remove(self) -> None:
        """Take everything away at the second press: what is gone cannot be brought back."""
        if self._removal.text() == _REMOVE:
            self._removal.setText(_REMOVE_NOW)
            self._removal.updateGeometry()
        else:
            self.rest()
            self.all_removed.emit()

    def rest(self, sentence: str = _ABOUT_REMOVING) -> None:
        """Stand as when one comes here; ``sentence`` says why all is still there."""
        self._removal.setText(_REMOVE)
        self._removal.updateGeometry()
        self._about_removing.setText(sentence)

    def first_focus(self) -> QWidget:
        """Return the page, so that the arrows scroll it."""
        return self
