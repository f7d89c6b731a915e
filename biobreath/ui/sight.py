"""Whether a screen can be seen: shown, and its window not minimised."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QWidget


class Sight(QObject):
    """Watches the window of a screen, which tells when the screen itself is shown or hidden.

    An event filter would do, too; but then each of the many events of a frame would go through
    Python.
    """

    def __init__(self, screen: QWidget, changed: Callable[[], None]) -> None:
        super().__init__(screen)
        self._screen = screen
        self._changed = changed
        self._window: QWindow | None = None

    def shown(self) -> None:
        """Watch the window that the screen is in now."""
        window = self._screen.window().windowHandle()
        if window is not self._window:
            self._window = window
            window.windowStateChanged.connect(self._state_changed)
        self._changed()

    def hidden(self) -> None:
        """Tell that the screen is gone."""
        self._changed()

    def _state_changed(self, _state: Qt.WindowState) -> None:
        self._changed()

    @property
    def clear(self) -> bool:
        """Whether the screen can be seen now."""
        if not self._screen.isVisible() or self._window is None:
            return False
        # Asked of the system's window: the widget's own state follows a moment later.
        return not self._window.windowStates() & Qt.WindowState.WindowMinimized
