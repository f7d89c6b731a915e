"""Days with something on them as soft dots, each with its name; other days are simply not there."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from biobreath.ui import theme as look
from biobreath.ui.flow import Flow
from biobreath.ui.theme import Theme, colour

_DOT_PX = 18


class SoftDots(QWidget):
    """One dot for each day that is named, in lines that fit the width."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._flow = Flow(self, spacing=8)

    def show_days(self, days: Sequence[str]) -> None:
        """Show these days, oldest first."""
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for day in days:
            self._flow.addWidget(_Dot(self._theme, day))
        self.setAccessibleName(f"Days with something good: {', '.join(days)}" if days else "")
        self.setVisible(bool(days))


class _Dot(QWidget):
    """A dot and the name of its day."""

    def __init__(self, theme: Theme, day: str) -> None:
        super().__init__()
        self._theme = theme
        self._day = day
        self._side = look.scaled(_DOT_PX)
        self.setFont(look.font(look.SMALL_PX))
        self.setAccessibleName(day)

    def sizeHint(self) -> QSize:
        """Return room for the dot and the whole name."""
        metrics = QFontMetricsF(self.font())
        words = metrics.horizontalAdvance(self._day)
        return QSize(int(self._side + 8 + words + 14), int(max(self._side, metrics.height()) + 6))

    def minimumSizeHint(self) -> QSize:
        """Return the same as the size hint: a name is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the dot in the colour of the breath, and the name."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle = QPointF(self._side / 2, self.height() / 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(self._theme.breath_pale))
            painter.drawEllipse(middle, self._side / 2, self._side / 2)
            painter.setBrush(colour(self._theme.breath))
            painter.drawEllipse(middle, self._side / 4, self._side / 4)
            painter.setPen(colour(self._theme.soft_ink))
            words = QRectF(self._side + 8, 0, self.width(), self.height())
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self._day)
