"""Cards of care in a practice: signs for a doctor, more support, an offer, reasons to stop."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from biobreath.practice.cards import Card, CardKind
from biobreath.practice.safety import Safety
from biobreath.practice.stops import Stop
from biobreath.ui import theme as look
from biobreath.ui.option_button import OptionButton
from biobreath.ui.parts import PillButton, label, out_to_the_edge, row_of
from biobreath.ui.question import Question, options_column
from biobreath.ui.theme import Theme

_TITLES = {CardKind.OFFER: "Just an offer"}


class CardQuestion(Question):
    """One card; ``answered`` goes on after it, ``accepted`` takes what it offers."""

    accepted = Signal()

    def __init__(self, theme: Theme, card: Card, safety: Safety, target: str) -> None:
        title, ask = _head(card, safety)
        super().__init__(theme, ask, title)
        if card.kind in (CardKind.RED_FLAGS, CardKind.EMERGENCY):
            self._red_flags(safety, whole=card.kind is CardKind.RED_FLAGS)
        elif card.kind is CardKind.SUPPORT:
            for paragraph in safety.support_body.split("\n\n"):
                self.column.addWidget(label(paragraph))
        if card.kind is CardKind.OFFER:
            self._offer(theme, target)
        else:
            self._first = self.add_go_on("I have read this")

    def _offer(self, theme: Theme, target: str) -> None:
        yes = PillButton(f"Yes: {target}", theme, filled=True)
        yes.clicked.connect(self.accepted)
        no = PillButton("No, go on", theme)
        no.clicked.connect(self.answered)
        self._first = yes
        self.column.addSpacing(8)
        self.column.addLayout(row_of(yes, no, spacing=8))

    def _red_flags(self, safety: Safety, *, whole: bool) -> None:
        flags = safety.red_flags
        # The emergency's own sentence stands above already.
        self._signs(flags.emergency_text if whole else "", flags.emergency)
        if whole:
            self._signs(flags.soon_text, flags.soon)

    def _signs(self, text: str, signs: Sequence[str]) -> None:
        if text:
            self.column.addWidget(label(text, look.TEXT_PX, 700))
        self.column.addWidget(label("\n".join(f"•  {sign}" for sign in signs)))

    def first_focus(self) -> QWidget:
        """Return the way on."""
        return self._first


def _head(card: Card, safety: Safety) -> tuple[str, str]:
    match card.kind:
        case CardKind.RED_FLAGS:
            return card.text, safety.red_flags.title
        case CardKind.EMERGENCY:
            return "", card.text
        case CardKind.SUPPORT:
            return card.text, safety.support_title
        case CardKind.OFFER:
            return _TITLES[card.kind], card.text or "Would you like the easy way today?"


class StopQuestion(Question):
    """What feels wrong; each answer leads somewhere kind at once."""

    stopped = Signal(str)

    def __init__(self, theme: Theme, stops: Sequence[Stop]) -> None:
        super().__init__(theme, "What feels wrong?")
        box = options_column()
        self._buttons = [OptionButton(stop.label, theme) for stop in stops]
        for stop, button in zip(stops, self._buttons, strict=True):
            button.clicked.connect(lambda _checked=False, one=stop.id: self.stopped.emit(one))
            box.addWidget(button)
        self.column.addLayout(out_to_the_edge(box))
        back = PillButton("Nothing. Go on", theme)
        back.clicked.connect(self.answered)
        self.column.addLayout(row_of(back))

    def first_focus(self) -> QWidget:
        """Return the first reason."""
        return self._buttons[0]
