"""The shape that breathes: it asks where the breath is, it never counts."""

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleValueChangeEvent,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QRegion,
    QResizeEvent,
    QStaticText,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from biobreath.practice.pacer import BreathCue, BreathPhase
from biobreath.session import words
from biobreath.ui import theme as look
from biobreath.ui.theme import Theme, colour

Floats = NDArray[np.float64]

_RESTS = "rest"
NEVER = -1.0
"""The place of what has not been painted yet."""
_LOOKS_A_SECOND = 240
"""The course is foreseen at so many moments: no frame shows one more than 4 ms old."""
_FORESEEN_S = 10.0


class BreathSource(Protocol):
    """What a shape asks for; a sitting has it."""

    @property
    def paused(self) -> bool:
        """Whether the guide rests."""
        ...

    @property
    def free(self) -> bool:
        """Whether the person breathes freely, before or after the guide."""
        ...

    @property
    def guiding(self) -> object:
        """The guide in force: while it is equal, so is what it foretells."""
        ...

    def now(self) -> float:
        """Return the session time in s."""
        ...

    def cue(self, t: float | None = None) -> BreathCue:
        """Tell where the breath is at ``t``, or else now."""
        ...

    def fullness(self, times: Floats) -> Floats:
        """Return the guide's fullness 0-1 at each time, ``nan`` where it rests."""
        ...


class _Course(NamedTuple):
    """The places of one part of the breath, and from when until when (s) they are true."""

    guide: object
    begins: float
    ends: float
    places: list[float]


_NO_COURSE = _Course(None, 0.0, 0.0, [NEVER])


class Mover:
    """Has its shape painted when what is shown is seen to have moved.

    It is asked sixty times a second, and is no Qt object: of one, whatever is read or set costs
    several times as much.
    """

    __slots__ = ("_course", "_shape", "_source", "asked_for")

    def __init__(self, shape: "BreathingShape", source: BreathSource) -> None:
        self._shape = shape
        self._source = source
        self.forget()

    def forget(self) -> None:
        """Paint anew at the next frame."""
        self.asked_for = NEVER
        """The place of what moves when the shape was last asked to be painted."""
        self._course = _NO_COURSE

    def advance(self, t: float) -> bool:
        """Ask the shape to be painted if it has moved by session time ``t``; tell whether."""
        course = self._course
        if not course.begins <= t < course.ends or self._source.guiding is not course.guide:
            course = self._course = self._shape.foresee(t)
        place = course.places[int((t - course.begins) * _LOOKS_A_SECOND)]
        before = self.asked_for
        if place == before:
            return False
        self.asked_for = place
        self._shape.update(self._shape.changed(before))
        return True


class BreathingShape(QWidget):
    """What all shapes have in common: when to paint, and the word for the part of the breath."""

    wide = False
    """Whether it takes the whole width instead of a square."""

    def __init__(self, source: BreathSource, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._theme = theme
        self._cue = source.cue()
        self._free = source.free
        self.mover = Mover(self, source)
        self._word = ""
        self.show_words = True
        self._font = look.font(look.WORD_PX, 600)
        self._laid: dict[str, tuple[QFont, QStaticText]] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 120)
        self.setAccessibleName("The breath")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sizeHint(self) -> QSize:
        """Return the size of the sketch."""
        return QSize(560, 560)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Paint anew at the next frame."""
        self.mover.forget()

    def _places(self, times: Floats, fullness: Floats, /) -> Floats:
        """Return in px what moves, in steps that can be seen."""
        raise NotImplementedError

    @property
    def _place(self) -> float:
        """What was asked for: what is painted now counts as painted for that."""
        if self.mover.asked_for == NEVER:
            return self._place_at(self._source.now(), self._cue.fullness)
        return self.mover.asked_for

    def _place_at(self, t: float, fullness: float) -> float:
        return float(self._places(np.array([t]), np.array([fullness]))[0])

    def changed(self, _before: float, /) -> QRegion | QRect:
        """Return what has to be painted anew because it moved from a place where it was."""
        return self.rect()

    def advance(self, t: float | None = None) -> bool:
        """Ask to be painted if what is shown at ``t``, or else now, is seen to have moved.

        Tells whether it has.
        """
        return self.mover.advance(self._source.now() if t is None else t)

    def foresee(self, t: float) -> _Course:
        """Ask where the breath is, and how it goes on until its next part or until a rest.

        A processor that slept since the last frame is slow in all it has not just done: asking
        at every frame costs more than asking for a whole part of the breath at once.
        """
        source = self._source
        self._cue, self._free = cue, _ = source.cue(t), source.free
        self._say(self._word_now())
        guide = source.guiding
        if guide is None or self._free:
            return _Course(None, t, t, [self._place_at(t, cue.fullness)])
        ends = t + min(cue.left_s, _FORESEEN_S)
        looks = np.arange(int((ends - t) * _LOOKS_A_SECOND) + 2, dtype=np.float64)
        times: Floats = t + looks / _LOOKS_A_SECOND
        # What nobody foretells is as it is now: a shape that stands still is better than none.
        fullness = np.nan_to_num(source.fullness(times), nan=cue.fullness)
        return _Course(guide, t, ends, self._places(times, fullness).tolist())

    def _say(self, word: str) -> None:
        if word == self._word:
            return
        self._word = word
        self.update()
        self.setAccessibleDescription(f"{word}, {self._cue.left_s:.0f} seconds")
        QAccessible.updateAccessibility(QAccessibleValueChangeEvent(self, word))

    def _word_now(self) -> str:
        """Say the part of the breath; a resting guide asks for nothing."""
        if self._free:
            return "as you are"
        return _RESTS if self._source.paused else words.breath_part(self._cue.phase)

    def _paint_word(self, painter: QPainter, box: QRectF, ink: QColor) -> None:
        if not self.show_words:
            return
        word = self._word_now()
        known = self._laid.get(word)
        # A word that stands still may have to be smaller; one that moves stays as it was laid.
        if known is None or (self._free and known[1].size().width() > box.width()):
            known = self._laid[word] = self._lay_word(word, box.width())
        font, laid = known
        size = laid.size()
        if self._free and size.width() > box.width():
            return  # not even in small print: the sentences beside it say the same
        painter.setFont(font)
        painter.setPen(ink)
        at = box.center() - QPointF(size.width() / 2, size.height() / 2)
        painter.drawStaticText(at, laid)

    def _widest_word_px(self) -> float:
        """Return the width of the widest word that a guide says."""
        metrics = QFontMetricsF(self._font)
        said = [*(words.breath_part(phase) for phase in BreathPhase), _RESTS]
        return max(metrics.horizontalAdvance(word) for word in said)

    def _lay_word(self, word: str, widest: float) -> tuple[QFont, QStaticText]:
        """Lay a word out; a long one that is read on a disc is made to fit, down to small print."""
        font = QFont(self._font)
        wide = QFontMetricsF(font).horizontalAdvance(word)
        if self._free and wide > widest:
            smaller = font.pixelSize() * widest / wide
            font.setPixelSize(max(look.scaled(look.SMALL_PX), int(smaller)))
        laid = QStaticText(word)
        laid.setTextFormat(Qt.TextFormat.PlainText)
        laid.prepare(font=font)
        return font, laid

    def _breath(self, alpha: float) -> QColor:
        return colour(self._theme.breath, alpha)
