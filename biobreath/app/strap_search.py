"""The search for straps that the person asked for."""

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING

from biobreath.sensors.thread import SensorThread
from biobreath.session.words import trouble_sentence
from biobreath.ui.bridge import Bridge
from biobreath.ui.heart_panel import StrapInRange

if TYPE_CHECKING:
    # bleak takes a while to load, and most people never search.
    from biobreath.sensors.finder import FoundStrap

SECONDS = 12.0
_NOBODY = (
    "No strap in sight yet. Wear it, with a little water under the pads. "
    "If it is connected to a watch or a phone, let it go there first."
)


class StrapSearch:
    """Looks for straps on the sensor thread and tells the window what it sees."""

    def __init__(self, sensors: SensorThread, bridge: Bridge) -> None:
        self._sensors = sensors
        self._bridge = bridge
        self._running: Future[list[FoundStrap]] | None = None

    def stop(self) -> None:
        """End the search: Linux lets a program search or connect, not search twice at once."""
        running, self._running = self._running, None
        if running is not None:
            running.cancel()

    def start(
        self,
        found: Callable[[Sequence[StrapInRange]], None],
        over: Callable[[str], None],
    ) -> None:
        """Look once; ``found`` is called with every change, ``over`` at the end, in the window."""
        from biobreath.sensors.finder import scan

        seen: dict[str, StrapInRange] = {}

        def saw(strap: "FoundStrap") -> None:
            seen[strap.address] = StrapInRange(
                strap.address, strap.name, strap.signal_dbm, connected=strap.left_over
            )
            straps = list(seen.values())
            self._bridge.hand_over(lambda: found(straps))

        def done(search: "Future[list[FoundStrap]]") -> None:
            sentence = _sentence(search)
            self._bridge.hand_over(lambda: over(sentence))

        self.stop()
        self._running = self._sensors.submit_alone(scan(SECONDS, saw))
        self._running.add_done_callback(done)


def _sentence(search: "Future[list[FoundStrap]]") -> str:
    from biobreath.sensors.finder import BluetoothTrouble

    try:
        return "Choose yours." if search.result() else _NOBODY
    except BluetoothTrouble as trouble:
        return trouble_sentence(trouble.reason)
    except CancelledError:
        return ""
