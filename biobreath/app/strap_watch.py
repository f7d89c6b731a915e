"""The person's strap between and in sittings: its line, the search for it, what is said of it."""

from PySide6.QtCore import QTimer

from biobreath.app.hearts import strap_of
from biobreath.app.strap_line import StrapLine
from biobreath.app.strap_search import StrapSearch
from biobreath.app.ways import Ways
from biobreath.clock import Clock
from biobreath.events import BatteryRead, Event, LinkChanged, LinkState
from biobreath.sensors.thread import SensorThread, Sink
from biobreath.session import words
from biobreath.ui.bridge import Bridge
from biobreath.ui.heart_panel import heart_name
from biobreath.ui.window import Window

_RESTS_AFTER_MS = 600_000
"""A strap that nobody sits with is let go: its battery is small."""
_FOUND_AGAIN = "We look for it when you begin."


class StrapWatch:
    """Keeps the line to the strap that is remembered, and says how it stands."""

    def __init__(self, ways: Ways, sensors: SensorThread, bridge: Bridge) -> None:
        self._ways = ways
        self._bridge = bridge
        self._line = StrapLine(sensors, self._line_changed)
        self._search = StrapSearch(sensors, bridge)
        self._says: dict[type, str] = {}
        self._closed = False
        self.idle = QTimer()
        """Runs while nobody sits with the strap."""
        self.idle.setSingleShot(True)
        self.idle.setInterval(_RESTS_AFTER_MS)
        self.idle.timeout.connect(self._rest_unused)

    def connect(self, window: Window) -> None:
        """Listen to the page about the heart; it is made anew with every theme."""
        window.heart.search.connect(self._look_for_straps)

    @property
    def open(self) -> bool:
        """Whether the line is open."""
        return self._line.open

    def watch(self) -> None:
        """Open the line to the strap that is remembered, or close it where another is the heart."""
        if self._ways.sitting is not None:
            return
        self._says = {}
        self._search.stop()
        if self._ways.settings.source == "strap":
            self._line.watch(strap_of(self._ways.settings))
            self.idle.start()
        else:
            self._line.rest()

    def join(self, sink: Sink, clock: Clock) -> None:
        """Give a sitting everything from now on."""
        self._line.join(sink, clock)

    def leave(self) -> None:
        """Go on without a sitting, for a while."""
        self._line.leave()
        self.idle.start()

    def rest(self) -> None:
        """Close the line: another one is the heart."""
        self._line.rest()

    def close(self) -> None:
        """Let the strap go for good."""
        self._closed = True
        self.idle.stop()
        self._search.stop()
        self._line.rest()

    def say(self) -> None:
        """Say which heart is chosen, and how its line stands."""
        settings = self._ways.settings
        name = heart_name(settings).removeprefix("the ")
        said = list(self._says.values()) if settings.source == "strap" else []
        self._ways.window.say_heart([name[:1].upper() + name[1:] + ("." if said else ""), *said])

    def _rest_unused(self) -> None:
        if self._ways.sitting is None:
            self._line.rest()
            self._says = {LinkChanged: _FOUND_AGAIN}
            self.say()

    def _line_changed(self, number: int, fact: Event) -> None:
        """Hear it in the sensor thread; say it in the window's."""
        self._bridge.hand_over(lambda: self._say_line(number, fact))

    def _say_line(self, number: int, fact: Event) -> None:
        if number != self._line.number:
            return
        match fact:
            case LinkChanged(state=LinkState.RECEIVING):
                self._says[LinkChanged] = "It is connected."
            case LinkChanged():
                self._says[LinkChanged] = words.link_sentence(fact, "it")
            case BatteryRead():
                self._says[BatteryRead] = words.battery_sentence(fact.percent)
            case _:
                return
        self.say()

    # -- the search ------------------------------------------------------------------------

    def _look_for_straps(self) -> None:
        self._ways.window.heart.searching()
        # A strap that is connected does not call out, and one scan at a time is enough.
        self._line.rest()
        self._says = {}
        self.say()
        last = self._ways.settings.strap_address
        self._search.start(
            found=lambda straps: self._ways.window.heart.found(straps, last),
            over=self._search_over,
        )

    def _search_over(self, sentence: str) -> None:
        self._ways.window.heart.search_over(sentence)
        if not self._line.open and not self._closed:
            self.watch()
