"""Sixty frames a second, to the next absolute deadline; it truly stops when nobody looks."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from biobreath.clock import boot_seconds

FRAME_S = 1.0 / 60.0


class FrameClock:
    """Calls ``on_frame`` for every frame while it runs.

    A repeating timer of 16 ms gives 62.5 frames a second and drifts; a single shot to the next
    deadline gives 60.0. A late frame is left out, never made up for. It is no Qt object itself: of
    one, whatever is read or set at a frame costs several times as much. ``parent`` owns the timer.
    """

    def __init__(self, on_frame: Callable[[], None], parent: QObject | None = None) -> None:
        self._on_frame = on_frame
        self._deadline = 0.0
        self._timer = QTimer(parent)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)

    @property
    def running(self) -> bool:
        """Whether frames are being asked for."""
        return self._timer.isActive()

    def start(self) -> None:
        """Begin asking for frames."""
        if not self.running:
            self._deadline = boot_seconds()
            self._arm()

    def stop(self) -> None:
        """Ask for no more frames."""
        self._timer.stop()

    def _arm(self) -> None:
        now = boot_seconds()
        self._deadline += FRAME_S
        if self._deadline <= now:
            self._deadline = now + FRAME_S
        self._timer.start(round((self._deadline - now) * 1000))

    def _tick(self) -> None:
        self._arm()
        self._on_frame()
