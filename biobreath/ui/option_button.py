"""A choice as a whole line: words that wrap, a mark at the left, and maybe a second line."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from biobreath.ui import theme as look
from biobreath.ui.parts import draw_focus_ring
from biobreath.ui.theme import Theme, colour

ROOM = 7.0
"""Room for the focus ring, as buttons have it."""
_PADDING = 18.0
_MARK = 22.0
_RADIUS = 20.0
_WRAP = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


class OptionButton(QPushButton):
    """One of several choices; it can be long, and it is never cut."""

    def __init__(
        self, text: str, theme: Theme, *, second: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self.takes_space = True
        """Whether Space chooses it; where Space is for resting, only Enter does."""
        self._second = ""
        self._second_font = look.font(look.SMALL_PX)
        self.setFont(look.font(look.TEXT_PX, 600))
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.say(text, second)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def say(self, text: str, second: str = "") -> None:
        """Say what this choice is, and more in a second line."""
        self.setText(text)
        self._second = second
        self.setAccessibleName(f"{text}. {second}" if second else text)
        self.updateGeometry()
        self.update()

    # ---- size

    def _words_left(self) -> float:
        return ROOM + _PADDING + _MARK + 14

    def _heights(self, width: float) -> tuple[float, float]:
        """Return how high the words and the second line are in a button of ``width``."""
        room = QRectF(0, 0, max(40.0, width - self._words_left() - ROOM - _PADDING), 10_000)
        words = QFontMetricsF(self.font()).boundingRect(room, _WRAP, self.text()).height()
        if not self._second:
            return words, 0.0
        second = QFontMetricsF(self._second_font).boundingRect(room, _WRAP, self._second)
        return words, second.height() + 2

    def hasHeightForWidth(self) -> bool:
        """Return that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height at which nothing is cut."""
        inside = max(look.TARGET_PX, sum(self._heights(width)) + 24)
        return math.ceil(inside + 2 * ROOM)

    def sizeHint(self) -> QSize:
        """Return the size on one line, or as wide as a line of text is at most."""
        words = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        second = QFontMetricsF(self._second_font).horizontalAdvance(self._second)
        width = max(words, second) + self._words_left() + ROOM + _PADDING + 2
        kept = math.ceil(min(width, look.LINE_WIDTH_PX))
        return QSize(kept, self.heightForWidth(kept))

    def minimumSizeHint(self) -> QSize:
        """Return a narrow button of the height that its words need now."""
        return QSize(200, self.heightForWidth(max(200, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the layout that another width needs another height."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    # ---- keys and painting

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter do what Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # A held key is one press, unless the button is made for holding.
            if self.autoRepeat() or not event.isAutoRepeat():
                self.click()
        elif event.key() == Qt.Key.Key_Space and not self.takes_space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the sheet, the mark, the words, and the ring when it has the focus."""
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            shape = QRectF(self.rect()).adjusted(ROOM, ROOM, -ROOM, -ROOM)
            edge, fill = self._colours()
            painter.setPen(QPen(colour(edge), 2.5 if self.isChecked() else 1.5))
            painter.setBrush(colour(fill))
            painter.drawRoundedRect(shape.adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
            words, second = self._heights(self.width())
            top = shape.center().y() - (words + second) / 2
            self._paint_mark(painter, QPointF(ROOM + _PADDING + _MARK / 2, shape.center().y()))
            left = self._words_left()
            room = QRectF(left, top, self.width() - left - ROOM - _PADDING, words)
            painter.setPen(colour(theme.ink if self.isEnabled() else theme.soft_ink))
            painter.drawText(room, _WRAP, self.text())
            painter.setFont(self._second_font)
            painter.setPen(colour(theme.soft_ink if fill != theme.breath_pale else theme.ink))
            below = QRectF(left, top + words + 2, room.width(), second)
            painter.drawText(below, _WRAP, self._second)
            if self.hasFocus():
                draw_focus_ring(painter, shape, _RADIUS, theme)

    def _colours(self) -> tuple[str, str]:
        """Return edge and fill."""
        theme = self._theme
        if self.isChecked():
            return theme.breath, theme.breath_pale
        return theme.outline, theme.hover if self.underMouse() else theme.card

    def _paint_mark(self, painter: QPainter, middle: QPointF) -> None:
        """Paint a ring, filled when this is chosen."""
        theme = self._theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour(theme.breath if self.isChecked() else theme.outline), 2))
        painter.drawEllipse(middle, _MARK / 2 - 2, _MARK / 2 - 2)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(theme.breath))
            painter.drawEllipse(middle, _MARK / 2 - 6, _MARK / 2 - 6)
