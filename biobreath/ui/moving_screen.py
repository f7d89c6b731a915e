"""A screen that moves only while it can be seen: shown, and its window not minimised."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent, QWindow
from PySide6.QtWidgets import QWidget


class MovingScreen(QWidget):
    """Knows whether it can be seen, and says so with every change.

    An event filter would do, too; but then each of the many events of a frame would go through
    Python.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watched: QWindow | None = None

    @property
    def seen(self) -> bool:
        """Whether it can be seen now."""
        if not self.isVisible() or self._watched is None:
            return False
        # Asked of the system's window: the widget's own state follows a moment later.
        return not self._watched.windowStates() & Qt.WindowState.WindowMinimized

    def move_while_seen(self) -> None:
        """Begin to move where it can be seen, and stop where not; told with every change."""
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to move, until the window is minimised."""
        super().showEvent(event)
        window = self.window().windowHandle()
        if window is not self._watched:
            self._watched = window
            window.windowStateChanged.connect(self._state_changed)
        self.move_while_seen()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop moving: nobody can see it."""
        super().hideEvent(event)
        self.move_while_seen()

    def _state_changed(self, _state: Qt.WindowState) -> None:
        self.move_while_seen()
