"""Python's garbage is collected in the window's thread alone.

Whichever thread happens to need memory would collect else, and a widget that dies in the writer's
or the sensor's thread can stop the program for good.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_YOUNG_EVERY_MS = 4000


class Tidying(QObject):
    """Collects young garbage every few seconds, and all of it when nobody sits."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Take over from now on; what is there already stays, and is not looked at again."""
        super().__init__(parent)
        gc.disable()
        self.leave_alone()
        self._timer = QTimer(self)
        self._timer.setInterval(_YOUNG_EVERY_MS)
        self._timer.timeout.connect(self._young)
        self._timer.start()

    def leave_alone(self) -> None:
        """Have what is there now not looked at again: it stays as long as the program."""
        gc.collect()
        gc.freeze()

    def _young(self) -> None:
        # A whole look would take longer the longer somebody sits.
        gc.collect(1)

    def all_of_it(self) -> None:
        """Collect everything; for moments in which a tenth of a second more is not noticed."""
        gc.collect()

    def stop(self) -> None:
        """Hand it back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
