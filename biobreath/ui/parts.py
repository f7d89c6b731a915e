"""The few parts every screen is made of: pill buttons, cards, labels, key hints."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from biobreath.ui import theme as look
from biobreath.ui.theme import Theme, colour

_RING = 3.0
_RING_GAP = 4.0
_MUTE = "mute"
SOUND_IS_OFF = "sound is off"
_ROOM = _RING + _RING_GAP
"""Room around a button for its focus ring, so that focus never moves or cuts anything."""


def draw_focus_ring(painter: QPainter, shape: QRectF, radius: float, theme: Theme) -> None:
    """Draw the amber ring around ``shape``, 4 px away from it."""
    away = _RING_GAP + _RING / 2
    painter.setPen(QPen(colour(theme.heart), _RING))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ring = shape.adjusted(-away, -away, away, away)
    painter.drawRoundedRect(ring, radius + away, radius + away)


class PillButton(QPushButton):
    """A fully round button; ``filled`` for the one thing to do on a screen."""

    def __init__(
        self, text: str, theme: Theme, *, filled: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._filled = filled
        self.takes_space = True
        """Whether Space presses it; where Space is for resting, only Enter does."""
        self.setFont(look.font(look.CARD_TITLE_PX if filled else look.TEXT_PX, 700))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return a size that stiff hands can hit."""
        metrics = QFontMetricsF(self.font())
        width = metrics.horizontalAdvance(self.text())
        height = max(60 if self._filled else look.TARGET_PX, metrics.height() + 14)
        padding = 36 if self._filled else 26
        return QSize(int(width + 2 * padding + 2 * _ROOM), int(height + 2 * _ROOM))

    def minimumSizeHint(self) -> QSize:
        """Return the same as the size hint: text is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the pill, its words, and the ring when it has the focus."""
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            shape = QRectF(self.rect()).adjusted(_ROOM, _ROOM, -_ROOM, -_ROOM)
            radius = shape.height() / 2
            painter.setOpacity(1.0 if self.isEnabled() else 0.45)
            if self._filled:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour(theme.breath))
                painter.drawRoundedRect(shape, radius, radius)
            else:
                self._paint_outlined(painter, shape, radius)
            painter.setPen(colour(theme.on_breath if self._filled else theme.ink))
            painter.drawText(shape, Qt.AlignmentFlag.AlignCenter, self.text())
            if self.hasFocus():
                draw_focus_ring(painter, shape, radius, theme)

    def _paint_outlined(self, painter: QPainter, shape: QRectF, radius: float) -> None:
        theme = self._theme
        chosen = self.isChecked()
        fill = theme.hover if self.underMouse() else theme.card
        painter.setPen(QPen(colour(theme.breath if chosen else theme.outline), 1.5))
        painter.setBrush(colour(theme.breath_pale if chosen else fill))
        painter.drawRoundedRect(shape.adjusted(1, 1, -1, -1), radius - 1, radius - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter do what Space does: nobody should need to know the difference."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # A held key is one press, unless the button is made for holding.
            if self.autoRepeat() or not event.isAutoRepeat():
                self.click()
        elif event.key() == Qt.Key.Key_Space and not self.takes_space:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()


def row_of(*widgets: QWidget, spacing: int = 2) -> QHBoxLayout:
    """Lay widgets side by side from the left edge; a button's ring room stands out of the edge."""
    row = QHBoxLayout()
    first_is_button = bool(widgets) and isinstance(widgets[0], PillButton)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    if first_is_button:
        row.addSpacing(-int(_ROOM))
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch()
    return row


def rows_of(buttons: Sequence[QWidget], widest_px: int) -> QVBoxLayout:
    """Lay buttons side by side in as many rows as they need, none wider than ``widest_px``."""
    column = QVBoxLayout()
    column.setSpacing(0)
    row: list[QWidget] = []
    width = 0
    for button in buttons:
        needed = button.sizeHint().width() + 2
        if row and width + needed > widest_px:
            column.addLayout(row_of(*row))
            row, width = [], 0
        row.append(button)
        width += needed
    if row:
        column.addLayout(row_of(*row))
    return column


def out_to_the_edge(inner: QWidget | QLayout) -> QHBoxLayout:
    """Let the room for a ring stand out on both sides, so that edges meet those of the words."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addSpacing(-int(_ROOM))
    if isinstance(inner, QWidget):
        row.addWidget(inner)
    else:
        row.addLayout(inner)
    row.addSpacing(-int(_ROOM))
    return row


def clear(layout: QLayout) -> None:
    """Take everything out of ``layout`` and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


class Text(QLabel):
    """Plain text that wraps at a width that tired eyes can follow, from the left edge."""

    widest_px = 10_000

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self._heights: dict[tuple[int, int, int, int, int], int] = {}

    def setText(self, text: str) -> None:  # noqa: N802
        """Show other words."""
        self._heights.clear()
        super().setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Be as high as another font asks."""
        self._heights.clear()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room beyond the widest line empty."""
        super().resizeEvent(event)
        kept = self.contentsMargins()
        kept.setRight(max(0, self.width() - kept.left() - self.widest_px))
        self.setContentsMargins(kept)

    def heightForWidth(self, width: int) -> int:
        """Return the height at ``width``, or at the widest line.

        Remembered: layouts within layouts ask for the same many times over.
        """
        margins = self.contentsMargins()
        left, right = margins.left(), margins.right()
        within = min(width - left, self.widest_px) + left + right
        asked = (within, left, right, margins.top(), margins.bottom())
        if asked not in self._heights:
            self._heights[asked] = super().heightForWidth(within)
        return self._heights[asked]


class Card(QFrame):
    """A sheet of paper with round corners."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.column = QVBoxLayout(self)
        padding = look.CARD_PADDING
        self.column.setContentsMargins(padding, padding - 4, padding, padding - 4)
        self.column.setSpacing(8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the sheet."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(self._theme.card))
            painter.drawRoundedRect(QRectF(self.rect()), look.CARD_RADIUS, look.CARD_RADIUS)


def label(
    text: str = "",
    size_px: int = look.TEXT_PX,
    weight: int = 400,
    *,
    tone: str = "ink",
    wrap: bool = True,
) -> QLabel:
    """Make a label of plain text; never rich text, as names come from the air and from files.

    ``tone`` is ``ink``, ``soft`` or ``brand``.
    """
    made = Text(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(look.font(size_px, weight))
    look.tint(made, tone)
    made.setWordWrap(wrap)
    if wrap:
        made.widest_px = look.scaled(look.LINE_WIDTH_PX if size_px <= look.CARD_TITLE_PX else 900)
    return made


class KeyHint(QPushButton):
    """A key in small print with what it does; also a button for the pointer."""

    def __init__(self, key: str, text: str, theme: Theme, act: Callable[[], None]) -> None:
        super().__init__(text)
        self._key = self._plain_key = key
        self._theme = theme
        self._key_font = look.font(look.SMALL_PX, 700)
        self.setFont(look.font(look.TEXT_PX))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # Keys do the same thing; tabbing through hints would only stand in the way.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.say(text)
        self.clicked.connect(act)

    def show_control(self, *, needed: bool) -> None:
        """Say whether the key needs Ctrl now: while somebody writes, letters are letters."""
        self._key = f"Ctrl {self._plain_key}" if needed else self._plain_key
        self.say(self.text())
        self.updateGeometry()
        self.update()

    def say(self, text: str) -> None:
        """Say what the key does now."""
        self.setText(text)
        self.setAccessibleName(f"{text}, key {self._key}")

    def _key_width(self) -> float:
        return QFontMetricsF(self._key_font).horizontalAdvance(self._key) + 18

    def sizeHint(self) -> QSize:
        """Return room for the key, the words and a finger."""
        words = QFontMetricsF(self.font()).horizontalAdvance(self.text())
        return QSize(int(self._key_width() + 6 + words + 20), look.TARGET_PX)

    def minimumSizeHint(self) -> QSize:
        """Return the same as the size hint: text is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the key cap and the words in soft ink."""
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            tall = max(26.0, QFontMetricsF(self._key_font).height() + 4)
            cap = QRectF(10, (self.height() - tall) / 2, self._key_width(), tall)
            painter.setPen(QPen(colour(theme.line), 1))
            painter.setBrush(colour(theme.hover if self.underMouse() else theme.paper))
            painter.drawRoundedRect(cap, 6, 6)
            painter.setPen(colour(theme.soft_ink))
            painter.setFont(self._key_font)
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key)
            painter.setFont(self.font())
            words = QRectF(cap.right() + 6, 0, self.width() - cap.right() - 6, self.height())
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.text())


class MuteHint(KeyHint):
    """The key that makes everything silent, and brings it back."""

    def __init__(self, theme: Theme, act: Callable[[], None]) -> None:
        super().__init__("M", _MUTE, theme, act)

    def show_muted(self, *, muted: bool) -> None:
        """Say what the key does now."""
        self.say("sound on" if muted else _MUTE)
