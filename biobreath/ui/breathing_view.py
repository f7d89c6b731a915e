"""The breathing screen: the program disappears, the shape and the heart's answer stay."""

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from biobreath.practice.patterns import PACE_STEP
from biobreath.session import words
from biobreath.session.live import Reading
from biobreath.session.sitting import Sitting
from biobreath.signal.coherence import CoherenceState
from biobreath.ui import theme as look
from biobreath.ui.breathing_shape import BreathingShape
from biobreath.ui.frame_clock import FrameClock
from biobreath.ui.parts import KeyHint, label
from biobreath.ui.theme import Theme

_MARGIN = 40
_CURVE_SIDE = 96


class Display(StrEnum):
    """How much of the heart is shown; each level adds to the one before."""

    AMBIENT = "ambient"
    WAVE = "wave"
    NUMBERS = "numbers"


class BreathingView(QWidget):
    """Shape above, heart and breath below, four keys in small print."""

    ended = Signal()
    grounding = Signal()
    display_chosen = Signal(str)
    pace_chosen = Signal(float)

    def __init__(
        self, theme: Theme, *, show_words: bool, display: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sitting: Sitting | None = None
        self._display = Display(display)
        self._label_for_source = ""
        self._curve: _Curve | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Breathing")
        self._show_words = show_words
        self._shape: BreathingShape | None = None
        self._build()
        self._frames = FrameClock(self._on_frame, self)
        self._texts = QTimer(self)
        self._texts.setInterval(500)
        self._texts.timeout.connect(self._refresh_texts)

    def _build(self) -> None:
        self._pattern = label(tone="soft", wrap=False)
        self._source = label(size_px=look.SMALL_PX, tone="soft")
        self._left = label(tone="soft", wrap=False)
        self._caption = label("your heart, and the breath behind it", tone="soft", wrap=False)
        self._together = label(tone="soft", wrap=False)
        self._numbers = label(size_px=look.SMALL_PX, tone="soft", wrap=False)
        self._notice = label(size_px=look.SMALL_PX, tone="soft", wrap=False)
        self._left.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._together.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for middle in (self._numbers, self._notice):
            middle.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for part in self._labels():
            part.setParent(self)
        self._slower = self._pace_button("−", "Slower", -PACE_STEP)
        self._faster = self._pace_button("+", "Faster", PACE_STEP)
        self._build_keys()

    def _labels(self) -> tuple[QLabel, ...]:
        return (
            self._pattern,
            self._source,
            self._left,
            self._caption,
            self._together,
            self._numbers,
            self._notice,
        )

    def _pace_button(self, sign: str, name: str, step: float) -> QPushButton:
        button = QPushButton(sign, self)
        button.setAccessibleName(name)
        button.setToolTip(f"{name} (arrow keys)")
        button.setFlat(True)
        button.setFont(look.font(24, 600))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setStyleSheet(
            f"QPushButton {{ color: {self._theme.soft_ink}; border: none; border-radius: 22px; }}"
            f"QPushButton:hover {{ background: {self._theme.hover}; }}"
        )
        button.clicked.connect(lambda: self._change_pace(step))
        return button

    def _build_keys(self) -> None:
        self._keys = QWidget(self)
        row = QHBoxLayout(self._keys)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._pause_hint = KeyHint("Space", "pause", self._theme, self._pause_or_go_on)
        hints = (
            self._pause_hint,
            KeyHint("E", "easier", self._theme, self._easier),
            KeyHint("G", "ground me", self._theme, self._ground),
            KeyHint("Esc", "end", self._theme, self.ended.emit),
        )
        row.addStretch()
        for hint in hints:
            row.addWidget(hint)
        row.addStretch()
        self._guide_hints = hints[:3]

    # -- a sitting comes and goes ----------------------------------------------------------

    def show_sitting(self, sitting: Sitting, source_label: str) -> None:
        """Begin to show ``sitting``; ``source_label`` says where the heart comes from."""
        self._sitting = sitting
        self._label_for_source = source_label
        if self._shape is not None:
            self._shape.deleteLater()
        self._shape = BreathingShape(sitting.cue, self._theme, self)
        self._shape.show_words = self._show_words
        self._shape.lower()
        self._shape.show()
        for hint in self._guide_hints:
            hint.setVisible(sitting.guided)
        for button in (self._slower, self._faster):
            button.setVisible(sitting.guided)
        if self._curve is not None:
            self._curve.close_down()
            self._curve = None
        self.say("")
        self._place()
        self._refresh_texts()
        self._on_visibility()
        # pyqtgraph takes longer to load than the shape to appear.
        QTimer.singleShot(0, self, self._make_curve)

    def leave_sitting(self) -> None:
        """Stop moving: the sitting is over."""
        self._frames.stop()
        self._texts.stop()
        self._sitting = None

    def _make_curve(self) -> None:
        if self._sitting is not None and self._curve is None:
            self._curve = _Curve(self._sitting, self._theme, self)
            self._place()
            self._apply_display()
            self.beat_arrived()

    def beat_arrived(self) -> None:
        """Take the newest beats into the picture."""
        if self._curve is not None and self._display is not Display.AMBIENT:
            self._curve.widget.beat_arrived()

    def say(self, sentence: str) -> None:
        """Show a quiet line, such as that the disk is full; nothing takes it away."""
        self._notice.setText(sentence)
        self._notice.setVisible(bool(sentence))

    def set_words(self, *, shown: bool) -> None:
        """Show the words in the shape, or leave them out."""
        self._show_words = shown
        if self._shape is not None:
            self._shape.show_words = shown
            self._shape.update()

    def set_display(self, display: str) -> None:
        """Show as much of the heart as the person wants."""
        self._display = Display(display)
        self._apply_display()

    def _apply_display(self) -> None:
        wave = self._display is not Display.AMBIENT
        self._caption.setVisible(wave)
        self._together.setVisible(wave)
        self._numbers.setVisible(self._display is Display.NUMBERS)
        if self._curve is not None:
            self._curve.widget.setVisible(wave)
            if wave:
                self._curve.widget.beat_arrived()
        self._place()

    # -- frames and texts ------------------------------------------------------------------

    def _on_frame(self) -> None:
        if self._sitting is None or self._shape is None:
            return
        self._shape.advance()
        if self._curve is not None and self._display is not Display.AMBIENT:
            self._curve.widget.advance()

    def _refresh_texts(self) -> None:
        sitting = self._sitting
        if sitting is None:
            return
        if sitting.may_close():
            self.ended.emit()
            return
        pattern = sitting.pacer.pattern
        rate = words.pace(pattern.breaths_per_minute)
        self._set(self._pattern, f"{words.pattern_name(pattern)} · {rate}")
        paused = "resting · " if sitting.paused else ""
        self._set(self._left, paused + words.time_left(sitting.left_s()))
        reading = sitting.reading()
        self._set(self._source, self._source_text(reading))
        self._set(self._together, _answer(reading))
        if self._display is Display.NUMBERS:
            self._set(self._numbers, numbers_line(reading))

    def _set(self, target: QLabel, text: str) -> None:
        if target.text() != text:
            target.setText(text)
            self._place_top()

    def _source_text(self, reading: Reading) -> str:
        said = words.link_sentence(reading.link)
        if not self._label_for_source:
            return said
        if not said or said.lower() == self._label_for_source.lower():
            return self._label_for_source
        return f"{self._label_for_source} · {said}"

    # -- what the person does --------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space, E, G, Esc; arrows for the pace; H and N for how much of the heart is shown."""
        acts: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Space: self._pause_or_go_on,
            Qt.Key.Key_E: self._easier,
            Qt.Key.Key_G: self._ground,
            Qt.Key.Key_Escape: self.ended.emit,
            Qt.Key.Key_Up: lambda: self._change_pace(PACE_STEP),
            Qt.Key.Key_Right: lambda: self._change_pace(PACE_STEP),
            Qt.Key.Key_Down: lambda: self._change_pace(-PACE_STEP),
            Qt.Key.Key_Left: lambda: self._change_pace(-PACE_STEP),
            Qt.Key.Key_H: self._toggle_heart,
            Qt.Key.Key_N: self._toggle_numbers,
        }
        act = acts.get(event.key())
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def _pause_or_go_on(self) -> None:
        if self._sitting is None or not self._sitting.guided:
            return
        if self._sitting.paused:
            self._sitting.go_on()
        else:
            self._sitting.pause()
        paused = self._sitting.paused
        self._pause_hint.setText("go on" if paused else "pause")
        self._announce("resting" if paused else "going on")
        self._refresh_texts()

    def _easier(self) -> None:
        if self._sitting is None or not self._sitting.guided:
            return
        if self._sitting.easier():
            self.say("A gentler pace: in for 3, out for 4.")
        else:
            self.say("This is the gentlest pace. Space lets the guide rest.")
        self._refresh_texts()
        QTimer.singleShot(8000, self, lambda: self.say(""))

    def _ground(self) -> None:
        if self._sitting is not None and self._sitting.guided:
            self.grounding.emit()

    def _change_pace(self, step: float) -> None:
        if self._sitting is None or not self._sitting.guided:
            return
        pattern = self._sitting.pacer.pattern
        self._sitting.retune(pattern.at_rate(pattern.breaths_per_minute + step))
        self.pace_chosen.emit(self._sitting.pacer.pattern.breaths_per_minute)
        self._refresh_texts()

    def _toggle_heart(self) -> None:
        wave = self._display is Display.AMBIENT
        self.display_chosen.emit((Display.WAVE if wave else Display.AMBIENT).value)

    def _toggle_numbers(self) -> None:
        numbers = self._display is not Display.NUMBERS
        self.display_chosen.emit((Display.NUMBERS if numbers else Display.WAVE).value)

    def _announce(self, text: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    # -- places ----------------------------------------------------------------------------

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Give every part its place."""
        self._place()

    def _place(self) -> None:
        width, height = self.width(), self.height()
        self._keys.setGeometry(0, height - 70, width, look.TARGET_PX)
        numbers = self._display is Display.NUMBERS
        curve_bottom = height - (108 if numbers else 80)
        curve_top = min(height - 240, round(height * 0.715))
        side = min(_CURVE_SIDE, round(width * 0.075))
        inner = width - 2 * side
        self._caption.setGeometry(side, curve_top - 34, inner // 2, 30)
        self._together.setGeometry(side + inner // 2, curve_top - 34, inner - inner // 2, 30)
        self._numbers.setGeometry(side, curve_bottom, inner, 28)
        if self._curve is not None:
            self._curve.widget.setGeometry(side, curve_top, inner, curve_bottom - curve_top)
        if self._shape is not None:
            self._shape.setGeometry(self._shape_place(width, curve_top))
        self._notice.setGeometry(side, curve_top - 62, inner, 26)
        self._place_top()

    def _shape_place(self, width: int, curve_top: int) -> QRect:
        middle = (curve_top - 34 + 14) / 2 + 8
        half = round(min(middle - 8, (width - 2 * _MARGIN) / 2))
        return QRect(width // 2 - half, round(middle) - half, 2 * half, 2 * half)

    def _place_top(self) -> None:
        width = self.width()
        text_width = self._pattern.sizeHint().width()
        self._pattern.setGeometry(_MARGIN, 23, text_width, 44)
        self._slower.setGeometry(_MARGIN + text_width + 12, 23, 44, 44)
        self._faster.setGeometry(_MARGIN + text_width + 60, 23, 44, 44)
        column = max(220, width // 2 - 320)
        self._source.setGeometry(_MARGIN, 64, column, self._source.heightForWidth(column))
        self._left.setGeometry(width - _MARGIN - 400, 30, 400, 30)

    # -- seen or not seen ------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Move only while somebody can see it."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._on_visibility()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch the window being minimised and brought back."""
        if event.type() is QEvent.Type.WindowStateChange:
            self._on_visibility()
        return super().eventFilter(watched, event)

    def _on_visibility(self) -> None:
        seen = self._sitting is not None and self.isVisible() and not self.window().isMinimized()
        if seen:
            self._frames.start()
            self._texts.start()
        else:
            self._frames.stop()
        # Texts go on while minimised: they also notice that the time is over.
        if not seen and self._sitting is None:
            self._texts.stop()


class _Curve:
    """The heart curve, loaded only when it is first needed."""

    def __init__(self, sitting: Sitting, theme: Theme, parent: QWidget) -> None:
        from biobreath.ui.heart_curve import HeartCurve

        self.widget = HeartCurve(sitting, sitting.now, theme, parent)
        self.widget.show()

    def close_down(self) -> None:
        self.widget.hide()
        self.widget.deleteLater()


def _answer(reading: Reading) -> str:
    if reading.coherence_state is CoherenceState.PAUSED:
        patchy = reading.corrected_share is not None
        return "the signal is patchy; that is about the strap, not you" if patchy else ""
    if reading.together is None:
        return "settling" if reading.heart_rate_bpm is not None else ""
    return words.together(reading.together)


def numbers_line(reading: Reading) -> str:
    """Put what is known into one quiet line; what is not known is left out."""
    parts: list[str] = []
    if reading.heart_rate_bpm is not None:
        parts.append(f"heart {reading.heart_rate_bpm:.0f} a minute")
    if reading.swing_bpm is not None:
        parts.append(f"swing {reading.swing_bpm:.0f}")
    if reading.rmssd_ms is not None:
        parts.append(f"RMSSD {reading.rmssd_ms:.0f} ms")
    if reading.coherence is not None and reading.coherence_state is CoherenceState.READY:
        parts.append(f"rhythm coherence {reading.coherence:.2f}")
    if reading.breaths_per_minute is not None:
        parts.append(f"breath {reading.breaths_per_minute:.1f} a minute")
    return "   ·   ".join(parts)
