"""The ladder as soft rungs, the easiest at the foot: what was met, tried, and lies ahead."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from biobreath.practice.ladder_words import Rung, RungLine
from biobreath.ui.option_button import ROOM, OptionButton
from biobreath.ui.page import focus_on
from biobreath.ui.parts import clear
from biobreath.ui.theme import Theme, colour

_RAIL_X = 7.0 + 18.0 + 11.0
"""Where the marks of the rungs stand, from the left edge."""
_INDENT = 50
"""Where that stands which is unfolded under a step, so that the rail goes on beside it."""
_MARK = 11.0
_WORDS = {Rung.MET: "met", Rung.TRIED: "tried", Rung.AHEAD: ""}


def second_line(line: RungLine) -> str:
    """Return what stands under a step in small print."""
    parts = [f"feels like {line.step.fear:g}", _WORDS[line.rung]]
    if line.step.seconds is not None:
        parts.insert(1, f"about {length_words(line.step.seconds)}")
    if line.here:
        parts.append("suggested for today")
    return " · ".join(part for part in parts if part)


def length_words(seconds: float) -> str:
    """Say how long a step takes."""
    if seconds < 60:
        return f"{seconds:.0f} seconds"
    minutes = round(seconds / 60)
    return "a minute" if minutes == 1 else f"{minutes} minutes"


class LadderMap(QWidget):
    """Every step as a card on a ladder; ``picked`` tells which one was pressed."""

    picked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rungs: dict[str, RungButton] = {}
        self._below: tuple[str, QWidget] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setAccessibleName("Your ladder, the easiest step at the foot")

    def show_rungs(self, lines: Sequence[RungLine], offered: Sequence[str] | None = None) -> None:
        """Show steps, easiest first; only ``offered`` ones can be picked (None: all of them)."""
        focused = next((key for key, rung in self.rungs.items() if rung.hasFocus()), None)
        if self._below is not None:
            self._column.removeWidget(self._below[1])
        clear(self._column)
        self.rungs = {}
        for line in reversed(lines):
            rung = RungButton(line, self._theme)
            rung.setEnabled(offered is None or line.step.id in offered)
            rung.clicked.connect(lambda _checked=False, key=line.step.id: self._pick(key))
            self.rungs[line.step.id] = rung
            self._column.addWidget(rung)
            rung.show()  # at once, or it could not take the keys yet
        self._column.addStretch()
        if self._below is not None:
            self._lay_below(*self._below)
        if focused in self.rungs:
            self.rungs[focused].setFocus()
        self.update()

    def unfold(self, step_id: str, below: QWidget) -> None:
        """Show something right under a step, until ``fold``; it moves along with its step."""
        self.fold()
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(_INDENT, 4, int(ROOM), 12)
        row.addWidget(below)
        self._lay_below(step_id, holder)

    def _lay_below(self, step_id: str, holder: QWidget) -> None:
        self._below = (step_id, holder)
        rung = self.rungs.get(step_id)
        if rung is None:
            self.fold()
            return
        self._column.insertWidget(self._column.indexOf(rung) + 1, holder)
        holder.show()  # at once, or it could not take the keys yet
        self.choose(step_id)

    def fold(self) -> None:
        """Let go of what was shown under a step."""
        self.choose(None)
        if self._below is not None:
            _, holder = self._below
            self._below = None
            self._column.removeWidget(holder)
            holder.hide()
            holder.deleteLater()

    def choose(self, step_id: str | None) -> None:
        """Show which step is chosen."""
        for key, rung in self.rungs.items():
            rung.setChecked(key == step_id)

    def _pick(self, step_id: str) -> None:
        self.choose(step_id)
        self.picked.emit(step_id)

    def first_focus(self) -> QWidget | None:
        """Return the suggested step, else the easiest that can be picked."""
        can = [rung for rung in self.rungs.values() if rung.isEnabled()]
        return next((rung for rung in can if rung.line.here), can[-1] if can else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Climb by the arrow keys."""
        ways = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        way = ways.get(Qt.Key(event.key()))
        can = [rung for rung in self.rungs.values() if rung.isEnabled()]
        at = next((i for i, rung in enumerate(can) if rung.hasFocus()), None)
        if way is None or at is None:
            super().keyPressEvent(event)
        else:
            focus_on(can[min(len(can) - 1, max(0, at + way))])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the rail that the marks stand on."""
        shown = [rung.geometry() for rung in self.rungs.values()]
        if len(shown) < 2:
            return
        with QPainter(self) as painter:
            painter.setPen(QPen(colour(self._theme.line), 3))
            top, foot = shown[0].center().y(), shown[-1].center().y()
            painter.drawLine(QPointF(_RAIL_X, top), QPointF(_RAIL_X, foot))


class RungButton(OptionButton):
    """A step on the ladder."""

    def __init__(self, line: RungLine, theme: Theme) -> None:
        super().__init__(line.step.text, theme, second=second_line(line))
        self.line = line

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrows to the ladder, where Qt would take them for itself."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _colours(self) -> tuple[str, str]:
        edge, fill = super()._colours()
        theme = self._theme
        if self.isChecked():
            return edge, fill
        return theme.breath if self.line.here else theme.line, fill

    def _paint_mark(self, painter: QPainter, middle: QPointF) -> None:
        """Paint a disc with a tick for met, a half one for tried, a ring for ahead."""
        theme = self._theme
        box = QRectF(middle.x() - _MARK, middle.y() - _MARK, 2 * _MARK, 2 * _MARK)
        painter.setPen(
            QPen(colour(theme.breath if self.line.rung is not Rung.AHEAD else theme.outline), 2)
        )
        painter.setBrush(colour(theme.breath if self.line.rung is Rung.MET else theme.card))
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        if self.line.rung is Rung.TRIED:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(theme.breath))
            painter.drawChord(box.adjusted(1, 1, -1, -1), 180 * 16, 180 * 16)
        elif self.line.rung is Rung.MET:
            tick = QPainterPath(middle + QPointF(-4.5, 0.5))
            tick.lineTo(middle + QPointF(-1.2, 4))
            tick.lineTo(middle + QPointF(4.8, -3.6))
            pen = QPen(colour(theme.on_breath), 2.2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(tick)
