"""The quiet words around the shape: pace, source, time left, the heart's answer, numbers."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from biobreath.events import LinkState
from biobreath.practice.display import Display
from biobreath.session import words
from biobreath.session.live import Reading
from biobreath.session.sitting import Sitting
from biobreath.signal.coherence import CoherenceState
from biobreath.signal.signal_state import SignalReason, SignalState
from biobreath.ui import theme as look
from biobreath.ui.parts import SOUND_IS_OFF, label
from biobreath.ui.theme import Theme

MARGIN = 40
BELOW_APART_PX = 8
"""So far from the curve is the line below it."""
_LINE_PX = 30
_SOURCE_TOP_PX = 64
_YOURS = "your heart"
_APART_PX = 24
_BETWEEN = "   ·   "


class _Said(NamedTuple):
    """What the labels say of a sitting."""

    pattern: str
    left: str
    source: str
    together: str
    own_rate: float | None
    numbers: tuple[str, ...]
    tunable: bool


class BreathingTexts:
    """Labels laid over the breathing screen; they change seldom, and only when they must."""

    def __init__(self, screen: QWidget, theme: Theme, change_pace: Callable[[int], None]) -> None:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        centre = Qt.AlignmentFlag.AlignCenter
        self._screen = screen
        self._source_label = ""
        self._row = QRect()
        self._display = Display.WAVE
        self._said: _Said | None = None
        """None where it has to be said anew, for another room or level."""
        self._own_breath = False
        self._pattern = _line(screen)
        self._source = label(size_px=look.SMALL_PX, tone="soft")
        self._source.setParent(screen)
        self._left = _line(screen, align=right)
        self._muted = _line(screen, look.SMALL_PX, align=right)
        self._muted.hide()
        self._caption = _line(screen)
        self._together = _line(screen, align=right)
        self._numbers = _line(screen, look.SMALL_PX, centre)
        self._notice = _line(screen, align=centre)
        self._notice.setWordWrap(True)
        self._slower = _sign("−", "Slower", screen, theme, lambda: change_pace(-1))
        self._faster = _sign("+", "Faster", screen, theme, lambda: change_pace(1))

    def begin(self, source_label: str) -> None:
        """Show the words of another sitting."""
        self._source_label, self._said = source_label, None
        self._caption.setText(f"{_whose(source_label)}, and the breath behind it")
        self.say("")

    def say(self, sentence: str) -> None:
        """Show a quiet line in the captions' place, such as that the disk is full."""
        self._notice.setText(sentence)
        self._share_the_row()

    def show_muted(self, *, muted: bool) -> None:
        """Say quietly that nothing is heard."""
        self._muted.setText(SOUND_IS_OFF)
        self._muted.setVisible(muted)

    def show_level(self, display: Display) -> None:
        """Show as many words as belong to this level."""
        self._display, self._said = display, None
        self._source.setVisible(display is not Display.HIDDEN)
        self._numbers.setVisible(self.below_px > 0)
        self._share_the_row()

    def show_own_breath(self, *, shown: bool) -> None:
        """Say how often the person breathes, where their heart tells it, or leave it out."""
        self._own_breath = shown
        self.show_level(self._display)

    def _share_the_row(self) -> None:
        said = bool(self._notice.text())
        self._notice.setVisible(said)
        needed = self._notice.heightForWidth(self._row.width())
        # A long notice in large text takes a second line, upwards.
        self._notice.setGeometry(self._row.adjusted(0, min(0, self._row.height() - needed), 0, 0))
        # Large text may leave room for one of the two: what the heart does comes first.
        row, answer_px = QRect(self._row), self._together.sizeHint().width()
        fits = self._caption.sizeHint().width() + answer_px + _APART_PX <= row.width()
        # No larger than their words: what lies over the moving shape is painted along with it.
        wide = min(row.width(), answer_px)
        self._together.setGeometry(row.adjusted(row.width() - wide, 0, 0, 0))
        row.setWidth(min(row.width(), self._caption.sizeHint().width()))
        self._caption.setGeometry(row)
        self._caption.setVisible(self._display.has_wave and not said and fits)
        self._together.setVisible(self._display.has_wave and not said)

    def refresh(self, sitting: Sitting) -> None:
        """Say how things stand; where that is what is said already, no label is touched."""
        pattern = sitting.pacer.pattern
        rate = words.pace(pattern.breaths_per_minute)
        reading = sitting.reading()
        own_rate = sitting.own_rate() if self._own_breath else None
        said = _Said(
            f"{words.pattern_name(pattern)} · {rate}",
            _time(sitting),
            self._source_text(reading),
            "" if sitting.paused else answer(reading),
            own_rate,
            self._numbers_beside(own_rate, reading),
            sitting.tunable,
        )
        if said != self._said:
            self._said = said
            self._show_said(said)

    def _show_said(self, said: _Said) -> None:
        changed = [
            _set(self._pattern, said.pattern),
            _set(self._left, said.left),
            self._say_source(said.source),
            _set(self._together, said.together),
        ]
        for button in (self._slower, self._faster):
            button.setVisible(said.tunable)
        _set(self._numbers, self._below(said.own_rate, said.numbers))  # has a place of its own
        if any(changed):
            self._place_top()
            self._share_the_row()

    def _source_text(self, reading: Reading) -> str:
        said = words.link_sentence(reading.link)
        doubt = words.intervals_sentence(reading.intervals)
        if doubt and reading.link is not None and reading.link.state is LinkState.RECEIVING:
            said = doubt
        known = self._source_label
        if not said or said.lower() == known.lower():
            return known
        return f"{known} · {said}" if known else said

    def _say_source(self, text: str) -> bool:
        """Say it beside the shape; where the whole would reach the curve, its first sentence."""
        first, more, _rest = text.partition(". ")
        room_px = self._row.top() - _SOURCE_TOP_PX
        fits = not self._row.isValid() or self._high_px(text) <= room_px
        self._source.setAccessibleName(text)
        return _set(self._source, text if fits or not more else f"{first}.")

    def _high_px(self, text: str) -> float:
        room = QRectF(0, 0, self._column_px, 10_000)
        wrap = int(Qt.TextFlag.TextWordWrap)
        return QFontMetricsF(self._source.font()).boundingRect(room, wrap, text).height()

    @property
    def _column_px(self) -> int:
        return max(220, self._screen.width() // 2 - 320)

    @property
    def line_px(self) -> int:
        """How high a line is."""
        return max(_LINE_PX, self._together.sizeHint().height())

    @property
    def below_px(self) -> int:
        """How high the line below the curve is; 0 without one."""
        if self._display is Display.NUMBERS or (self._own_breath and self._display.has_wave):
            metrics = QFontMetricsF(self._numbers.font())
            return max(_LINE_PX - 2, math.ceil(metrics.height()) + 2)
        return 0

    def _numbers_beside(self, own_rate: float | None, reading: Reading) -> tuple[str, ...]:
        """Say the numbers, if they are wanted."""
        if self._display is not Display.NUMBERS:
            return ()
        # Beside a rounded rate another one with a decimal would only confuse.
        return tuple(
            numbers_of(reading if own_rate is None else replace(reading, breaths_per_minute=None))
        )

    def _below(self, own_rate: float | None, numbers: tuple[str, ...]) -> str:
        """Put into one line what is known: the own breath, if it is wanted, then the numbers."""
        if own_rate is None:
            return self._that_fit(numbers)
        own = _whose(self._source_label) == _YOURS
        forms = [words.own_breath(own_rate, own=own, short=short) for short in (False, True)]
        return next(filter(None, (self._that_fit([form, *numbers]) for form in forms)), "")

    def _that_fit(self, numbers: Sequence[str]) -> str:
        """Put as many numbers into one line as there is room for, the first ones first."""
        room = self._numbers.width()
        metrics = QFontMetricsF(self._numbers.font())
        for count in range(len(numbers), 0, -1):
            line = _BETWEEN.join(numbers[:count])
            if metrics.horizontalAdvance(line) <= room:
                return line
        return ""

    def place(self, side: int, curve_top: int, curve_bottom: int) -> None:
        """Give every line its place around the curve from ``curve_top`` to ``curve_bottom``."""
        inner = self._screen.width() - 2 * side
        tall = self.line_px
        above = curve_top - tall - 4
        self._row, self._said = QRect(side, above, inner, tall), None
        self._numbers.setGeometry(side, curve_bottom + BELOW_APART_PX, inner, self.below_px)
        self._share_the_row()
        self._place_top()

    def _place_top(self) -> None:
        width = self._screen.width()
        text_width = self._pattern.sizeHint().width()
        self._pattern.setGeometry(MARGIN, 23, text_width, 44)
        self._slower.setGeometry(MARGIN + text_width + 12, 23, 44, 44)
        self._faster.setGeometry(MARGIN + text_width + 60, 23, 44, 44)
        column = self._column_px
        high = self._source.heightForWidth(column)
        self._source.setGeometry(MARGIN, _SOURCE_TOP_PX, column, high)
        for line, top in ((self._left, _LINE_PX), (self._muted, _SOURCE_TOP_PX)):
            wide = line.sizeHint().width()
            line.setGeometry(width - MARGIN - wide, top, wide, _LINE_PX)


def _whose(source_label: str) -> str:
    """Say whose heart is drawn: never "your" for one that is not."""
    if not source_label:
        return _YOURS
    return "a demo heart" if source_label == words.DEMO_HEART else "the recorded heart"


def _line(
    screen: QWidget,
    size_px: int = look.TEXT_PX,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter,
) -> QLabel:
    made = label(size_px=size_px, tone="soft", wrap=False)
    made.setParent(screen)
    made.setAlignment(align)
    return made


def _sign(
    sign: str, name: str, screen: QWidget, theme: Theme, act: Callable[[], None]
) -> QPushButton:
    button = QPushButton(sign, screen)
    button.setAccessibleName(name)
    button.setToolTip(f"{name} (arrow keys)")
    button.setFlat(True)
    button.setFont(look.font(24, 600))
    # The arrow keys do the same; tabbing through signs would only stand in the way.
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setStyleSheet(
        f"QPushButton {{ color: {theme.soft_ink}; border: none; border-radius: 22px; }}"
        f"QPushButton:hover {{ background: {theme.hover}; }}" + look.TIP
    )
    button.clicked.connect(act)
    return button


def _set(target: QLabel, text: str) -> bool:
    if target.text() == text:
        return False
    target.setText(text)
    return True


def _time(sitting: Sitting) -> str:
    if not sitting.guided:
        return ""
    if sitting.free:
        return "free breathing"
    resting = "resting · " if sitting.paused else ""
    return resting + words.time_left(sitting.left_s())


def answer(reading: Reading) -> str:
    """Say how the heart answers; what is not known yet is "settling", and never a grade."""
    if words.intervals_sentence(reading.intervals):
        return ""  # said beside the strap's name
    if reading.coherence_state is CoherenceState.PAUSED:
        if reading.signal_reason is SignalReason.IRREGULAR:
            return "the signal is too uneven to show; this is about the signal, not you"
        patchy = reading.corrected_share is not None
        return "the signal is patchy; that is about the strap, not you" if patchy else ""
    if reading.together is None:
        return "settling" if reading.heart_rate_bpm is not None else ""
    together = words.together(reading.together)
    if reading.signal is SignalState.PATCHY:
        return f"{together} · a little patchy, that is the strap"
    return together


def numbers_of(reading: Reading) -> list[str]:
    """Say each number that is known; what is not known is left out."""
    ready = reading.coherence_state is CoherenceState.READY
    known = (
        (reading.heart_rate_bpm, "heart {:.0f} a minute"),
        (reading.swing_bpm, "swing {:.0f}"),
        (reading.rmssd_ms, "RMSSD {:.0f} ms"),
        (reading.coherence if ready else None, "rhythm coherence {:.2f}"),
        (reading.breaths_per_minute, "breath {:.1f} a minute"),
    )
    return [form.format(value) for value, form in known if value is not None]
