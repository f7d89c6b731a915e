"""The card that offers to look for one's own pace: all at once, or in pieces."""

from dataclasses import dataclass

from PySide6.QtCore import Signal

from biobreath.ui import theme as look
from biobreath.ui.flow import Flow
from biobreath.ui.option_button import ROOM
from biobreath.ui.parts import Card, PillButton, label
from biobreath.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class FinderShown:
    """What the card says, and what its button for one piece; empty where nothing is to begin."""

    text: str
    step: str = ""


class FinderCard(Card):
    """A sentence and two ways; none of them is the one to take."""

    all_wanted = Signal()
    step_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.column.addWidget(label("Finding my pace", look.CARD_TITLE_PX, 700))
        self._text = label("", tone="soft")
        self.column.addWidget(self._text)
        self._all = PillButton("All at once, 15 min", theme)
        self._all.clicked.connect(self.all_wanted)
        self._step = PillButton("", theme)
        self._step.clicked.connect(self.step_wanted)
        row = Flow(spacing=2, hang=int(ROOM))
        row.addWidget(self._step)
        row.addWidget(self._all)
        self.column.addLayout(row)

    def show_search(self, shown: FinderShown) -> None:
        """Show how far the search is."""
        self._text.setText(shown.text)
        self._step.setText(shown.step)
        self._step.updateGeometry()
        for button in (self._step, self._all):
            button.setVisible(bool(shown.step))
