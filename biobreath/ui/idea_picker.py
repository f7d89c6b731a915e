"""Ideas for a ladder: tick what fits, and give each its own number."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from biobreath.ui.fear_scale import fear_scale
from biobreath.ui.option_button import OptionButton
from biobreath.ui.page import focus_on
from biobreath.ui.parts import PillButton, clear, label, out_to_the_edge, row_of
from biobreath.ui.theme import Theme, colour

_TICK = "Tick what fits you. Each step takes the number that you give it."
_WAITS = "A step without a number waits here. You can give it one, or leave it."
_INDENT = 44
_BOX = 10.0


class TickButton(OptionButton):
    """A choice beside which others may be chosen too."""

    def _paint_mark(self, painter: QPainter, middle: QPointF) -> None:
        """Paint a box, with a tick when it is chosen."""
        theme = self._theme
        chosen = self.isChecked()
        box = QRectF(middle.x() - _BOX, middle.y() - _BOX, 2 * _BOX, 2 * _BOX)
        painter.setPen(QPen(colour(theme.breath if chosen else theme.outline), 2))
        painter.setBrush(colour(theme.breath if chosen else theme.card))
        painter.drawRoundedRect(box, 5, 5)
        if chosen:
            tick = QPainterPath(middle + QPointF(-4.5, 0.5))
            tick.lineTo(middle + QPointF(-1.2, 4))
            tick.lineTo(middle + QPointF(4.8, -3.6))
            painter.setPen(QPen(colour(theme.on_breath), 2.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(tick)


class IdeaLine(QWidget):
    """One idea; ticked, it asks for its number."""

    rated = Signal()
    """Enter on the number: the person goes on."""
    ticked = Signal()

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        self.text = text
        self.tick = TickButton(text, theme)
        self.scale = fear_scale(theme)
        self._below = QWidget()
        below = QVBoxLayout(self._below)
        below.setContentsMargins(_INDENT, 4, 0, 16)
        below.addLayout(out_to_the_edge(self.scale))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tick)
        column.addWidget(self._below)
        self._below.hide()
        self.tick.toggled.connect(self._toggled)
        self.scale.answered.connect(self._answered)

    def _toggled(self, on: bool) -> None:  # noqa: FBT001
        self._below.setVisible(on)
        if on:
            focus_on(self.scale.first_focus())
        else:
            self.scale.choose(None)
        self.ticked.emit()

    def _answered(self, _fear: int | None) -> None:
        # After Tab the keys are elsewhere already.
        if self.scale.first_focus().hasFocus():
            self.rated.emit()


class IdeaPicker(QWidget):
    """The steps of one group; ``picked`` brings (words, number) of each that was rated."""

    picked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._room = 0
        self.lines: list[IdeaLine] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._waits = label(_WAITS, tone="soft")
        self.put = PillButton("Put these on my ladder", theme)
        self.put.clicked.connect(self._put)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(_TICK, tone="soft"))
        column.addLayout(self._column)
        column.addWidget(self._waits)
        column.addLayout(row_of(self.put))

    def show_ideas(self, texts: Sequence[str], room: int) -> None:
        """Show ideas, nothing ticked; the ladder has room for ``room`` of them."""
        clear(self._column)
        self._room = room
        self.lines = [IdeaLine(self._theme, text) for text in texts]
        self._waits.hide()
        before: QWidget | None = None
        for line in self.lines:
            line.ticked.connect(self._ticked)
            line.rated.connect(lambda line=line: self._next(line))
            self._column.addWidget(line)
            line.show()
            for stop in (line.tick, line.scale.first_focus()):
                if before is not None:
                    QWidget.setTabOrder(before, stop)
                before = stop
        if before is not None:
            QWidget.setTabOrder(before, self.put)
        self._ticked()

    def _ticked(self) -> None:
        """Offer no more than the ladder has room for."""
        taken = sum(line.tick.isChecked() for line in self.lines)
        for line in self.lines:
            line.tick.setEnabled(line.tick.isChecked() or taken < self._room)
        self.put.setEnabled(taken > 0)

    def _next(self, line: IdeaLine) -> None:
        after = self.lines[self.lines.index(line) + 1 :]
        open_ones = [one.tick for one in after if one.tick.isEnabled()]
        focus_on(open_ones[0] if open_ones else self.put)

    def _put(self) -> None:
        ticked = [line for line in self.lines if line.tick.isChecked()]
        rated = [(line.text, line.scale.value) for line in ticked if line.scale.value is not None]
        waiting = [line for line in ticked if line.scale.value is None]
        self._waits.setVisible(bool(waiting))
        if rated:
            self.picked.emit(rated)
        elif waiting:
            focus_on(waiting[0].scale.first_focus())

    def first_focus(self) -> QWidget:
        """Return the first idea."""
        return self.lines[0].tick if self.lines else self.put
