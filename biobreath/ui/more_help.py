"""More help: when pain needs a doctor, who else can be there, and what this program is not."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from biobreath.practice.safety import Safety
from biobreath.ui import theme as look
from biobreath.ui.own_lines import OwnLines
from biobreath.ui.page import Page
from biobreath.ui.parts import Card, PillButton, label, row_of
from biobreath.ui.theme import Theme


class MoreHelp(Page):
    """Calm words on signs that need a doctor, and on people who can help; always one press away."""

    contact_added = Signal(str)
    contact_removed = Signal(str)
    """The id of the contact."""

    def __init__(self, theme: Theme, safety: Safety) -> None:
        super().__init__("More help")
        flags = safety.red_flags
        self._add(theme, safety.support_title, safety.support_body.split("\n\n"))
        self.contacts = OwnLines(
            theme,
            "People I can turn to",
            "A name and a number, so that you need not look for them. They stay on this computer.",
            "A person or a place, and how to reach them",
            "For example: Sam, 555 0100",
        )
        self.contacts.added.connect(self.contact_added)
        self.contacts.removed.connect(self.contact_removed)
        self.column.addWidget(self.contacts)
        self._add(theme, flags.title, [flags.emergency_text], flags.emergency)
        self._add(theme, flags.soon_text, [], flags.soon)
        for title, text in safety.help:
            self._add(theme, title, text.split("\n\n"))
        self._add(theme, "What this program is not", [safety.disclaimer.strip()])
        self.column.addStretch()
        # It is here to be read: the arrows scroll the page itself.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _add(
        self, theme: Theme, title: str, paragraphs: Sequence[str], signs: Sequence[str] = ()
    ) -> None:
        card = Card(theme)
        card.column.addWidget(label(title, look.CARD_TITLE_PX, 700))
        for paragraph in paragraphs:
            card.column.addWidget(label(paragraph))
        for sign in signs:
            card.column.addWidget(label(f"•  {sign}", tone="soft"))
        self.column.addWidget(card)

    def first_focus(self) -> QWidget:
        """Return the page, so that the arrows scroll it."""
        return self


class SupportCard(Card):
    """A quiet card that somebody could help; it blocks nothing and goes at a press."""

    ideas = Signal()
    not_now = Signal()

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(theme)
        self.column.addWidget(label(text))
        ideas = PillButton("Some ideas", theme)
        ideas.clicked.connect(self.ideas)
        not_now = PillButton("Not now", theme)
        not_now.clicked.connect(self.not_now)
        self.column.addLayout(row_of(ideas, not_now))
