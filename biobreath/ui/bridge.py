"""The one door between other threads and the window."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal


class Bridge(QObject):
    """Built in the GUI thread; what other threads hand over is done there, in order."""

    _handed_over = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._handed_over.connect(self._do, Qt.ConnectionType.QueuedConnection)

    def hand_over(self, work: Callable[[], None]) -> None:
        """Have ``work`` done in the GUI thread; safe from any thread."""
        self._handed_over.emit(work)

    def _do(self, work: Callable[[], None]) -> None:
        work()
