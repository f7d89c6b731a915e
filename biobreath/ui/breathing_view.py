"""The breathing screen: the program disappears, the shape and the heart's answer stay."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from biobreath.practice.display import Display
from biobreath.practice.patterns import GENTLE, next_half
from biobreath.session.sitting import Sitting
from biobreath.ui import theme as look
from biobreath.ui.breathing_keys import BreathingKeys
from biobreath.ui.breathing_shape import BreathingShape, Mover
from biobreath.ui.breathing_texts import BELOW_APART_PX, MARGIN, BreathingTexts
from biobreath.ui.frame_clock import FrameClock
from biobreath.ui.horizon_shape import WIDEST_PX
from biobreath.ui.moving_screen import MovingScreen
from biobreath.ui.shapes import LITTLE_MOTION, make_shape
from biobreath.ui.theme import Theme

_CURVE_SIDE = 96
_WIDE_PX = 1000
_NUMBERS_MS, _WORDS_MS, _UNSEEN_MS = 1000, 2000, 5000
"""How often it says how things stand, and how often it looks where nobody sees it."""
_LEAST_MS = 20
_PASSING_MS = 8000


if TYPE_CHECKING:
    from biobreath.ui.heart_curve import HeartCurve


class BreathingView(MovingScreen):
    """Shape above, heart and breath below, four keys in small print."""

    ended = Signal()
    grounding = Signal()
    mute_turned = Signal()
    """The person wants silence, or sound again."""
    display_chosen = Signal(str)
    pace_chosen = Signal(float)
    catching_up = Signal(bool)
    """What waited to be taken in is wanted now; with it, whether somebody sees the screen."""

    def __init__(
        self, theme: Theme, *, show_words: bool, display: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sitting: Sitting | None = None
        self._display = Display(display)
        self._show_words = show_words
        self._own_breath = False
        self._kind = "disc"
        self._shape: BreathingShape | None = None
        self._curve: _Curve | None = None
        self._moving = _Moving()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Breathing")
        self._texts = BreathingTexts(self, theme, self._change_pace)
        self._keys = BreathingKeys(
            self,
            theme,
            pause=self._pause_or_go_on,
            easier=self._easier,
            ground=self._ground,
            mute=self.mute_turned.emit,
            end=self.ended.emit,
        )
        self._frames = FrameClock(self._moving.on_frame, self)
        self._slowly = QTimer(self)
        self._slowly.setSingleShot(True)
        self._slowly.timeout.connect(self._look_in)
        self._passing = QTimer(self)
        self._passing.setSingleShot(True)
        self._passing.setInterval(_PASSING_MS)
        self._passing.timeout.connect(lambda: self.say(""))

    # -- a sitting comes and goes ----------------------------------------------------------

    def show_sitting(self, sitting: Sitting, source_label: str) -> None:
        """Begin to show ``sitting``; ``source_label`` says where the heart comes from."""
        self._clear()
        self._sitting = sitting
        self._shape = make_shape(self._kind, sitting, self._theme, self)
        self._shape.show_words = self._show_words
        self._shape.lower()
        self._shape.show()
        self._keys.begin(guided=sitting.guided)
        self._texts.begin(source_label)
        self._texts.show_level(self._display)
        self._moving.begin(sitting.now, self._shape.mover)
        self._place()
        self._refresh()
        self.move_while_seen()
        # pyqtgraph takes longer to load than the shape to appear.
        QTimer.singleShot(0, self, self._make_curve)

    def come_back(self) -> None:
        """Show how things stand after the person was elsewhere."""
        if self._sitting is not None:
            self._keys.show_paused(paused=self._sitting.paused)
            self._refresh()

    def leave_sitting(self) -> None:
        """Stop moving: the sitting is over."""
        self._frames.stop()
        self._slowly.stop()
        self._moving.stop()
        self._sitting = None

    def _clear(self) -> None:
        if self._shape is not None:
            self._shape.deleteLater()
        if self._curve is not None:
            self._curve.close_down()
        self._curve = self._shape = None
        self._moving.stop()

    def _make_curve(self) -> None:
        if self._sitting is not None and self._curve is None:
            self._curve = _Curve(self._sitting, self._theme, self)
            self._curve.widget.show_own_breath(shown=self._own_breath)
            self._show_level()

    def beat_arrived(self) -> None:
        """Take the newest beats into the picture."""
        if self._curve is not None and self._display.has_wave and self.seen:
            self._curve.widget.beat_arrived()
            if self._steps():
                self._curve.widget.advance()

    def link_changed(self) -> None:
        """Say at once how the way to the heart stands."""
        if self._sitting is not None and self.seen:
            self._texts.refresh(self._sitting)

    def say(self, sentence: str) -> None:
        """Show a quiet line under the shape."""
        self._passing.stop()
        self._texts.say(sentence)

    def say_briefly(self, sentence: str) -> None:
        """Show a quiet line for some seconds."""
        self.say(sentence)
        self._passing.start()

    def show_muted(self, *, muted: bool) -> None:
        """Say that everything is silent, or that it is heard again."""
        self._keys.show_muted(muted=muted)
        self._texts.show_muted(muted=muted)
        self._place()

    def set_words(self, *, shown: bool) -> None:
        """Show the words in the shape, or leave them out."""
        self._show_words = shown
        if self._shape is not None:
            self._shape.show_words = shown
            self._shape.update()

    def set_own_breath(self, *, shown: bool) -> None:
        """Show how the person's own breath goes beside the guide's, where it is measured."""
        self._own_breath = shown
        self._texts.show_own_breath(shown=shown)
        self._place()
        if self._curve is not None:
            self._curve.widget.show_own_breath(shown=shown)
        self._refresh()

    def set_shape(self, kind: str) -> None:
        """Take this shape from the next sitting on; with little motion the curve steps, too."""
        self._kind = kind
        self._show_level()

    def set_display(self, display: Display) -> None:
        """Show as much of the heart as the person wants."""
        self._display = display
        self._show_level()
        self._refresh()

    def _show_level(self) -> None:
        self._texts.show_level(self._display)
        flows = self._display.has_wave and not self._steps()
        self._moving.curve = self._curve.widget if self._curve is not None and flows else None
        if self._curve is not None:
            self._curve.widget.setVisible(self._display.has_wave)
        self._place()
        # Only now has a new curve a size to draw in; one that steps would stay empty until a beat.
        self.beat_arrived()

    # -- frames and texts ------------------------------------------------------------------

    def _steps(self) -> bool:
        """Whether the curve only moves with a beat."""
        return self._kind == LITTLE_MOTION

    def _refresh(self) -> None:
        if self._sitting is None or not self._tick(self._sitting):
            return
        self._plan_look(self._sitting)
        if self.seen:
            self._keys.show_paused(paused=self._sitting.paused)
            self._texts.refresh(self._sitting)

    def _look_in(self) -> None:
        """Notice what time brought, and say how things stand."""
        if self._sitting is None:
            return
        # First of all: whatever goes wrong in this look, there is a next one.
        self._slowly.start(_UNSEEN_MS)
        if not self.seen:
            self.catching_up.emit(self.seen)
        self._refresh()

    def _plan_look(self, sitting: Sitting) -> None:
        """Look again when time brings something; at the latest when what is said grows old."""
        with_numbers = self._own_breath or self._display is Display.NUMBERS
        most_ms = _NUMBERS_MS if with_numbers else _WORDS_MS
        due_ms = 1000 * (sitting.next_s() - sitting.now())
        wait_ms = min(most_ms if self.seen else _UNSEEN_MS, max(_LEAST_MS, due_ms))
        self._slowly.start(math.ceil(wait_ms))

    def _tick(self, sitting: Sitting) -> bool:
        """Let what time brings happen; tell whether the sitting goes on."""
        sitting.tick()
        if sitting.may_close():
            self.ended.emit()
            return False
        return True

    # -- what the person does --------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space, E, G, M, Esc; arrows for the pace; H and N for how much of the heart is shown."""
        acts: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Space: self._pause_or_go_on,
            Qt.Key.Key_E: self._easier,
            Qt.Key.Key_G: self._ground,
            Qt.Key.Key_Escape: self.ended.emit,
            Qt.Key.Key_Up: lambda: self._change_pace(1),
            Qt.Key.Key_Right: lambda: self._change_pace(1),
            Qt.Key.Key_Down: lambda: self._change_pace(-1),
            Qt.Key.Key_Left: lambda: self._change_pace(-1),
            Qt.Key.Key_H: lambda: self._turn(Display.AMBIENT, Display.WAVE),
            Qt.Key.Key_N: lambda: self._turn(Display.WAVE, Display.NUMBERS),
        }
        act = acts.get(event.key())
        if event.key() == Qt.Key.Key_M:
            if not event.isAutoRepeat():  # a held key is one press
                self.mute_turned.emit()
        elif act is None:
            super().keyPressEvent(event)
        else:
            act()

    def _guided(self) -> Sitting | None:
        """Return the sitting if the person leads it; a replay has its own course."""
        return self._sitting if self._sitting is not None and self._sitting.guided else None

    def _pause_or_go_on(self) -> None:
        if (sitting := self._guided()) is None:
            return
        if sitting.paused:
            sitting.go_on()
        else:
            sitting.pause()
        self._keys.show_paused(paused=sitting.paused)
        self._announce("resting" if sitting.paused else "going on")
        self._refresh()

    def _easier(self) -> None:
        if (sitting := self._guided()) is None:
            return
        if sitting.easier():
            self.say_briefly("A gentler pace: in for 3, out for 4.")
        else:
            self.say_briefly("This is the gentlest pace. Space lets the guide rest.")
        self._refresh()

    def _ground(self) -> None:
        if self._guided() is not None:
            self.grounding.emit()

    def _change_pace(self, way: int) -> None:
        """Take half a breath a minute more or less: few presses for stiff hands."""
        if (sitting := self._guided()) is None:
            return
        if not sitting.tunable:
            self.say_briefly("The search sets the pace. E ends it with a gentler one.")
            return
        pattern = sitting.pacer.pattern
        sitting.retune(pattern.at_rate(next_half(pattern.breaths_per_minute, way)))
        if sitting.pacer.pattern != pattern and pattern.id != GENTLE.id:
            self.pace_chosen.emit(sitting.pacer.pattern.breaths_per_minute)
        self._refresh()

    def _turn(self, off: Display, on: Display) -> None:
        order = list(Display)
        shown = order.index(self._display) >= order.index(on)
        self.display_chosen.emit((off if shown else on).value)

    def _announce(self, text: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    # -- places ----------------------------------------------------------------------------

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Give every part its place."""
        self._place()

    def _place(self) -> None:
        width, height = self.width(), self.height()
        side = min(_CURVE_SIDE, round(width * 0.075))
        curve_top = min(height - 240, round(height * 0.715))
        keys_high = self._keys.height(width)
        keys_top = height - 70 - (keys_high - look.TARGET_PX)
        below_px = self._texts.below_px
        curve_bottom = keys_top - 10 - (below_px + BELOW_APART_PX if below_px else 0)
        self._keys.place(QRect(0, keys_top, width, keys_high))
        if self._curve is not None:
            self._curve.widget.setGeometry(
                side, curve_top, width - 2 * side, curve_bottom - curve_top
            )
        if self._shape is not None and self._shape.wide:
            top = 96
            across = min(WIDEST_PX, width - 2 * side)
            self._shape.setGeometry(
                (width - across) // 2, top, across, curve_top - top - 18 - self._texts.line_px
            )
        elif self._shape is not None:
            # In a narrow window, or with large text, the pace's signs reach the ring: it keeps
            # below them.
            top = 8 if width >= _WIDE_PX and not look.text_is_large() else 32
            middle = round((curve_top + 2 - self._texts.line_px + top) / 2) + 4
            half = min(middle - top, width // 2 - MARGIN)
            self._shape.setGeometry(width // 2 - half, middle - half, 2 * half, 2 * half)
        self._texts.place(side, curve_top, curve_bottom)

    # -- seen or not seen ------------------------------------------------------------------

    def move_while_seen(self) -> None:
        """Move only where somebody can see it; time goes on in any case."""
        if self._sitting is not None:
            self.catching_up.emit(self.seen)
        # This goes on unseen: it also notices that the time is over.
        self._refresh()
        if self._sitting is not None and self.seen:
            self.beat_arrived()
            self._frames.start()
        else:
            self._frames.stop()


class _Moving:
    """What moves in a frame; no Qt object, as what is read of one costs several times as much."""

    __slots__ = ("_now", "_shape", "curve")

    def __init__(self) -> None:
        self.stop()

    def begin(self, now: Callable[[], float], shape: Mover) -> None:
        self._now: Callable[[], float] | None = now
        self._shape: Mover | None = shape

    def stop(self) -> None:
        self._now = self._shape = None
        self.curve: HeartCurve | None = None

    def on_frame(self) -> None:
        if self._now is None or self._shape is None:
            return
        now = self._now()  # one moment for all that moves
        moved = self._shape.advance(now)
        if self.curve is not None:
            self.curve.advance(now, alone=not moved)


class _Curve:
    """The heart curve, loaded only when it is first needed."""

    def __init__(self, sitting: Sitting, theme: Theme, parent: QWidget) -> None:
        from biobreath.ui.heart_curve import HeartCurve

        self.widget = HeartCurve(sitting, sitting.now, theme, parent)
        self.widget.show()

    def close_down(self) -> None:
        self.widget.hide()
        self.widget.deleteLater()
