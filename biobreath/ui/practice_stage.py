"""What is heard and seen while a practice speaks: its sentences, the breath, a picture."""

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from biobreath.practice.pictures import VIEWS, Picture, Side
from biobreath.session.sitting import Sitting
from biobreath.ui import theme as look
from biobreath.ui.breathing_shape import BreathingShape
from biobreath.ui.drawings import picture_pixmap
from biobreath.ui.shapes import make_shape
from biobreath.ui.theme import Theme

SAID_PX = 28
BIG_PX = 36
"""On a hard day, when reading is work."""
_SMALLER_PX = (26, 24, 22, 20, look.TEXT_PX)
"""Where the screen is too low for a sentence at its size, it is said in the next of these."""
_APART = 10
_LEAST_SAID_PX = 132
_LEAST_SEEN_PX = 140
_LINE_PX = 820
_SWAY_DEGREES = 14.0
_SWAY_S = 9.0
_PICTURE_PX = 340
_WRAP = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)


class SaidLines(QWidget):
    """The sentence that is said now, large, with the one before it in soft ink above."""

    said = Signal(str, str)
    """A sentence has just come, and what leads over to it; empty for most."""

    def __init__(self, *, big: bool = False) -> None:
        super().__init__()
        self._sizes = (BIG_PX, SAID_PX, *_SMALLER_PX) if big else (SAID_PX, *_SMALLER_PX)
        self._before = Centred(look.TEXT_PX, "soft")
        self._now = Centred(SAID_PX, "ink", 600)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_APART)
        # The sentences are made to fit the room that there is, not the other way round.
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.addStretch(1)
        column.addWidget(self._before)
        column.addWidget(self._now)
        column.addStretch(1)
        self._said: tuple[str, ...] = ()
        self._kept: tuple[str, ...] = ()
        self.lead = ""
        """What is said before the first sentence: why it goes on here."""

    def show_said(self, said: Sequence[str], *, all_of_it: bool = False) -> None:
        """Show what has been said so far; ``all_of_it`` for a text that is read."""
        said = tuple(said)
        if said == self._said:
            return
        self._said = said
        self._kept = said[:-1] if all_of_it else said[-2:-1]
        self._now.setText(said[-1] if said else "")
        self._fit()
        if said:
            lead, self.lead = self.lead, ""
            event = QAccessibleAnnouncementEvent(self, f"{lead} {said[-1]}".strip())
            QAccessible.updateAccessibility(event)
            self.said.emit(said[-1], lead)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say it in a size that fits the new room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show the newest sentence as large as fits, and as many of those before as fit with it."""
        sizes = iter(self._sizes[1:])
        self._now.setFont(look.font(self._sizes[0], 600))
        while self._now.height_of(self._now.text(), self.width()) > self.height():
            if (smaller := next(sizes, None)) is None:
                break
            self._now.setFont(look.font(smaller, 600))
        left = self.height() - self._now.height_of(self._now.text(), self.width()) - _APART
        kept = self._kept
        while kept and self._before.height_of("\n\n".join(kept), self.width()) > left:
            kept = kept[1:]
        self._before.setText("\n\n".join(kept))
        self._before.setVisible(bool(kept))


class Centred(QLabel):
    """Plain text in the middle, no wider than tired eyes can follow."""

    def __init__(self, size_px: int, tone: str, weight: int = 400) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(look.font(size_px, weight))
        look.tint(self, tone)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def height_of(self, text: str, width: int) -> float:
        """Return how high ``text`` is where there is so much ``width``."""
        room = QRectF(0, 0, min(width, look.scaled(_LINE_PX)), 10_000)
        return QFontMetricsF(self.font()).boundingRect(room, _WRAP, text).height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room at both sides empty."""
        super().resizeEvent(event)
        side = max(0, (self.width() - look.scaled(_LINE_PX)) // 2)
        self.setContentsMargins(side, 0, side, 0)


class SwayingPicture(QWidget):
    """A drawing of a part of the body that moves slowly and with ease, for watching."""

    def __init__(self, part: str, now: Callable[[], float], *, still: bool) -> None:
        super().__init__()
        view = VIEWS[part][0]
        self._picture = Picture(part, view, Side.RIGHT, 0, 2)
        self._now, self._still = now, still
        self._began = now()
        self._shown = 0.0
        self.setMinimumHeight(_LEAST_SEEN_PX)
        self.setMaximumHeight(_PICTURE_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(f"A drawing of a {part} that moves slowly")

    def _angle(self) -> float:
        if self._still:
            return 0.0
        turn = 2 * math.pi * (self._now() - self._began) / _SWAY_S
        return _SWAY_DEGREES * math.sin(turn)

    def advance(self) -> None:
        """Move on where a movement can be seen."""
        if abs(self._angle() - self._shown) > 0.2:
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the drawing, turned a little about its root."""
        self._shown = self._angle()
        side = min(self.width(), self.height()) * 0.86
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.translate(QPointF(self.width() / 2, self.height() * 0.96))
            painter.rotate(self._shown)
            box = QRectF(-side / 2, -side, side, side)
            pixmap = picture_pixmap(self._picture, round(side), self.devicePixelRatioF())
            painter.drawPixmap(box.topLeft(), pixmap)


class PracticeStage(QWidget):
    """One spoken part: the breath above or a picture, the sentences, the heart below."""

    def __init__(
        self,
        theme: Theme,
        sitting: Sitting,
        *,
        shape: str = "",
        picture: str = "",
        still: bool = False,
        calm: QWidget | None = None,
        big: bool = False,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._sitting = sitting
        self._still = still
        self.said = SaidLines(big=big)
        self.shape: BreathingShape | None = None
        self.picture: SwayingPicture | None = None
        self._curve: QWidget | None = None
        self._advance_curve: Callable[[], None] = _nothing
        self._beat: Callable[[], None] = _nothing
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(look.SCREEN_MARGIN, 0, look.SCREEN_MARGIN, 0)
        column.setSpacing(8)
        if shape:
            self.shape = make_shape(shape, sitting, theme, self)
            self.shape.setMinimumHeight(_LEAST_SEEN_PX)
            column.addWidget(self.shape, 3)
        if picture:
            self.picture = SwayingPicture(picture, sitting.now, still=still)
            column.addWidget(self.picture, 3)
        if calm is not None:
            column.addWidget(calm, 3)
        seen = bool(shape or picture) or calm is not None
        self.said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.said.setMinimumHeight(round(_LEAST_SAID_PX * (look.scaled(100) / 100) ** 0.5))
        column.addWidget(self.said, 1 if seen else 4)

    def show_wave(self, *, shown: bool) -> None:
        """Show the heart's line under the sentences, or take it away."""
        if shown and self._curve is None:
            from biobreath.ui.heart_curve import HeartCurve

            curve = HeartCurve(self._sitting, self._sitting.now, self._theme, self)
            curve.setMinimumHeight(60 if look.text_is_large() else 110)
            self._curve, self._advance_curve = curve, curve.advance
            self._beat = curve.beat_arrived
            self._column.addWidget(curve, 1)
            curve.beat_arrived()
        if self._curve is not None:
            self._curve.setVisible(shown)

    def advance(self) -> None:
        """Paint what moves."""
        if self.shape is not None:
            self.shape.advance()
        if self.picture is not None:
            self.picture.advance()
        if self._curve is not None and self._curve.isVisible() and not self._still:
            self._advance_curve()

    def beat_arrived(self) -> None:
        """Take the newest beats into the picture."""
        if self._curve is not None and self._curve.isVisible():
            self._beat()
            if self._still:
                self._advance_curve()


def _nothing() -> None:
    """Do nothing: there is no heart's line."""
