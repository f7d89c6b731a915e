"""The line to the person's own strap: open from the start, so that a sitting begins with a heart.

The line has a clock of its own; a sitting that joins it gets the same facts in its own time. Only
one sitting can be on it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from biobreath.clock import Clock, SessionClock
from biobreath.events import BatteryRead, DeviceDescribed, Event, LinkChanged
from biobreath.sensors.sensor import Sensor
from biobreath.sensors.thread import SensorThread, Sink


@dataclass(frozen=True, slots=True)
class _Guest:
    """A sitting on the line; its time is the line's less ``begun_s``."""

    sink: Sink
    begun_s: float
    joined_s: float = 0.0
    """Nothing is told as of before this: what waited then is stamped with it."""


@dataclass(slots=True, eq=False)
class _Line:
    """One time of listening to one strap, with a clock and a memory of its own."""

    number: int
    clock: Clock = field(default_factory=SessionClock)
    known: dict[type, Event] = field(default_factory=dict[type, Event])
    """The newest of each kind of fact about the line itself."""


class StrapLine:
    """Listens to one strap across sittings.

    ``on_change`` is called in the sensor thread with every fact about the line itself (its state,
    the battery, what kind of strap it is) and the ``number`` of the line that it is about: what a
    strap says while it is let go is nothing about the next one.
    """

    def __init__(self, sensors: SensorThread, on_change: Callable[[int, Event], None]) -> None:
        self._sensors = sensors
        self._on_change = on_change
        self._line = _Line(0)
        self._guest: _Guest | None = None
        self.open = False

    @property
    def number(self) -> int:
        """Which line this is; a closed one has a number of its own."""
        return self._line.number

    def watch(self, sensor: Sensor) -> None:
        """Open the line to ``sensor``; another one that was listened to is let go."""
        self._line = line = _Line(self.number + 1)
        self.open = True
        self._sensors.listen(sensor, line.clock, lambda event: self._heard(line, event))

    def rest(self) -> None:
        """Close the line."""
        if self.open:
            self.open = False
            self._line = _Line(self.number + 1)
            self._guest = None
            self._sensors.let_go()

    def join(self, sink: Sink, clock: Clock) -> None:
        """Give a sitting on ``clock`` everything from now on, after what is known already."""
        guest = _Guest(sink, self._line.clock.now() - clock.now())
        # In the sensor thread, so that nothing falls between what is known and what comes.
        self._sensors.submit(self._let_in(self._line, guest))

    async def _let_in(self, line: _Line, guest: _Guest) -> None:
        joined_s = max(0.0, line.clock.now() - guest.begun_s)
        for fact in line.known.values():
            guest.sink(replace(fact, t=joined_s))
        self._guest = replace(guest, joined_s=joined_s)

    def leave(self) -> None:
        """Go on without a sitting."""
        self._guest = None

    def _heard(self, line: _Line, event: Event) -> None:
        if line is not self._line:
            return
        if isinstance(event, LinkChanged | BatteryRead | DeviceDescribed):
            line.known[type(event)] = event
            self._on_change(line.number, event)
        guest = self._guest
        if guest is not None:
            guest.sink(replace(event, t=max(guest.joined_s, event.t - guest.begun_s)))
