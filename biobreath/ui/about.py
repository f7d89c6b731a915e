"""About: what this program is, what it is not, and where things stay."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from biobreath import __version__
from biobreath.ui import theme as look
from biobreath.ui.page import Page
from biobreath.ui.parts import Card, label
from biobreath.ui.theme import Theme


class About(Page):
    """Plain words on care, privacy and licences."""

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
        self.column.addStretch()
        # There is nothing to press here: the arrows scroll the page itself.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def first_focus(self) -> QWidget:
        """Return the page, so that the arrows scroll it."""
        return self
