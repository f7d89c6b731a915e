"""The keys in small print: Space, E, G, M, Esc; also for the pointer."""

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from biobreath.ui import theme as look
from biobreath.ui.flow import Flow
from biobreath.ui.parts import KeyHint, MuteHint
from biobreath.ui.theme import Theme

Act = Callable[[], None]


class BreathingKeys:
    """A row at the foot of the breathing screen; large text may need two."""

    def __init__(
        self,
        screen: QWidget,
        theme: Theme,
        pause: Act,
        easier: Act,
        ground: Act,
        mute: Act,
        end: Act,
    ) -> None:
        self._row = QWidget(screen)
        self._flow = Flow(self._row, spacing=8, centred=True)
        self._pause = KeyHint("Space", "pause", theme, pause)
        self._guided = (
            self._pause,
            KeyHint("E", "easier", theme, easier),
            KeyHint("G", "ground me", theme, ground),
        )
        self._mute = MuteHint(theme, mute)
        self._end = KeyHint("Esc", "end", theme, end)
        for hint in (*self._guided, self._mute, self._end):
            self._flow.addWidget(hint)

    def begin(self, *, guided: bool) -> None:
        """Show the keys that do something: a replay is only heard and ended."""
        for hint in self._guided:
            hint.setVisible(guided)
        self._end.say("end" if guided else "back")
        self.show_paused(paused=False)

    def show_paused(self, *, paused: bool) -> None:
        """Say what Space does now."""
        self._pause.say("go on" if paused else "pause")

    def show_muted(self, *, muted: bool) -> None:
        """Say what M does now."""
        self._mute.show_muted(muted=muted)

    def height(self, width: int) -> int:
        """Return how high the row is, in px, where it may be so wide."""
        return max(look.TARGET_PX, self._flow.heightForWidth(width))

    def place(self, where: QRect) -> None:
        """Lay the row out in ``where``."""
        self._row.setGeometry(where)
