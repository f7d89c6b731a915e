"""A few scales on a page, one after another: the week, the night, the day after a step."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from biobreath.practice.scales import Scale
from biobreath.ui import theme as look
from biobreath.ui.parts import Card, PillButton, label, out_to_the_edge, row_of
from biobreath.ui.rating_scale import RatingScale
from biobreath.ui.theme import Theme


class CheckInCard(Card):
    """Scales one after another; each may be skipped, and all of them may be left.

    Tab goes past it and answers nothing: it stands on a page with other things.
    """

    answered = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._values: dict[str, int | None] = {}
        self._left: list[Scale] = []
        self._title = label("", look.CARD_TITLE_PX, 700)
        self._scale = RatingScale(theme, within=True, tab_skips=False)
        self._scale.answered.connect(self._next)
        self._scale.chosen.connect(self._name_go_on)
        self._go_on = PillButton("Skip", theme)
        self._go_on.clicked.connect(lambda: self._next(self._scale.value))
        leave = PillButton("Not now", theme)
        leave.clicked.connect(self._leave)
        self.column.addWidget(self._title)
        self.column.addLayout(out_to_the_edge(self._scale))
        self.column.addLayout(row_of(self._go_on, leave))

    def _name_go_on(self, value: int | None) -> None:
        self._go_on.setText("Skip" if value is None else "Go on")
        self._go_on.updateGeometry()

    def begin(self, scales: Sequence[Scale], title: str = "") -> None:
        """Ask from the beginning."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._values, self._left = {}, list(scales)
        self._ask()

    def _ask(self) -> None:
        scale = self._left[0]
        self._scale.ask(
            *(scale.ask, scale.low, scale.high, scale.lowest, scale.highest),
            step=scale.step,
            words=scale.words,
        )
        self._scale.first_focus().setFocus()

    def _next(self, value: int | None) -> None:
        if not self._left:
            return
        self._values[self._left.pop(0).id] = value
        if self._left:
            self._ask()
        else:
            self.answered.emit(dict(self._values))

    def first_focus(self) -> QWidget:
        """Return the numbers."""
        return self._scale.first_focus()

    def _leave(self) -> None:
        """Keep what was answered so far; the rest was skipped."""
        self._left = []
        self.answered.emit(dict(self._values))
