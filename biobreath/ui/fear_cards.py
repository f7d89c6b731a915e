"""Two cards side by side: what I feared, and what happened."""

from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from biobreath.practice.ladder_words import Learned
from biobreath.ui import theme as look
from biobreath.ui.parts import Card, label
from biobreath.ui.theme import Theme

_SIDE_BY_SIDE_CHARACTERS = 64
"""So much text has room in a line before the cards stand side by side."""
_BLANK = "You did not say, and that is fine."


class FearCards(QWidget):
    """One try: the guess at the left, the facts at the right; one above the other where narrow."""

    def __init__(self, theme: Theme, told: Learned) -> None:
        super().__init__()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(16)
        feared = _card(theme, "What I feared", told.feared, told.sure)
        happened = _card(theme, "What happened", *_facts(told))
        for card in (feared, happened):
            self._row.addWidget(card, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(told.step_text, look.TEXT_PX, 600))
        column.addLayout(self._row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand side by side where there is room for both."""
        super().resizeEvent(event)
        character = QFontMetricsF(look.font(look.TEXT_PX)).averageCharWidth()
        wide = event.size().width() >= _SIDE_BY_SIDE_CHARACTERS * character
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if way != self._row.direction():
            self._row.setDirection(way)


def _facts(told: Learned) -> tuple[str, str, str]:
    """Return what happened, what was a surprise, and how sure the person is now."""
    now = f"Now {told.sure_now}" if told.sure_now else ""
    if not (told.happened or told.surprise):
        return _BLANK, "", now
    if not told.happened:
        return told.surprise, "", now
    return told.happened, told.surprise, now


def _card(theme: Theme, title: str, *lines: str) -> Card:
    """Make a card: a soft heading, the main line, and small lines under it where there are any."""
    card = Card(theme)
    card.column.addWidget(label(title, look.SMALL_PX, tone="soft"))
    first, *rest = lines
    card.column.addWidget(label(first, look.CARD_TITLE_PX, 600))
    for line in rest:
        if line:
            card.column.addWidget(label(line, look.TEXT_PX, tone="soft"))
    card.column.addStretch()
    return card
