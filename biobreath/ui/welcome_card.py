"""The first card of all: what this program is not, and five questions that may all be skipped."""

from PySide6.QtCore import Signal

from biobreath.ui import theme as look
from biobreath.ui.parts import Card, PillButton, label, row_of
from biobreath.ui.theme import Theme

_TITLE = "Good to know, once"
_QUESTIONS = (
    "Five short questions help to offer what suits you. You may skip all of them, and find them"
    " again under Practices."
)


class WelcomeCard(Card):
    """It stands in nobody's way: the breath begins above it."""

    questions = Signal()
    not_now = Signal()

    def __init__(self, theme: Theme, disclaimer: str) -> None:
        super().__init__(theme)
        self.column.addWidget(label(_TITLE, look.CARD_TITLE_PX, 700))
        self.column.addWidget(label(disclaimer, tone="soft"))
        self.column.addWidget(label(_QUESTIONS))
        answer = PillButton("Answer them", theme)
        answer.clicked.connect(self.questions)
        not_now = PillButton("Not now", theme)
        not_now.clicked.connect(self.not_now)
        self.column.addLayout(row_of(answer, not_now))
