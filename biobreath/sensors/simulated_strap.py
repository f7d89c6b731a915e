"""A simulated strap on a simulated person, as a list of what is due: no clock, no waiting.

Who listens asks when something happens next, waits for that moment or does not, and takes it. The
heart is never asked beyond the moment that is taken.
"""

import heapq
import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from biobreath.events import BatteryRead, LinkReason, LinkState, PacketRefused, SensorEvent
from biobreath.heart_rate_service import MalformedPacket, decode, encode
from biobreath.sensors.breath_model import Guide
from biobreath.sensors.electrodes import Electrodes
from biobreath.sensors.heart_model import TICKS_PER_SECOND, HeartModel
from biobreath.sensors.people import Person
from biobreath.sensors.simulated_air import MOST_ARRIVAL_S, Air, Passage
from biobreath.sensors.simulated_faults import Faults
from biobreath.sensors.simulated_link import GONE_AFTER_S, SILENT_AFTER_S, SimulatedLink
from biobreath.sensors.truth import BeatFate, Interval, TruthLog

PACKET_S = 1.0
RATE_BEATS = 4
"""The heart-rate field is a mean over so many intervals, as straps smooth it."""
BATTERY_EVERY_S = 60.0

_Happening = Callable[[float], list[SensorEvent]]


@dataclass(frozen=True, slots=True)
class _Packet:
    """Bytes under way, with the beats they tell of; lost when their link is gone."""

    link: int
    payload: bytes
    intervals: Sequence[Interval] = ()


class SimulatedStrap:
    """One strap on one person, from ``start_s`` of the sitting on."""

    def __init__(
        self, person: Person, seed: int, guide: Guide, faults: Faults, start_s: float = 0.0
    ) -> None:
        self.log = TruthLog()
        self.beat_of_interval: list[int | None] = []
        """For each interval that arrived the beat that ended it; None for garbage."""
        heart = HeartModel(person, seed, guide, start_s=start_s, faults=faults)
        self._electrodes = Electrodes(heart, seed, faults, self.log)
        self._air = Air(faults, seed)
        self._passage: tuple[float, Passage] | None = None
        """What the air will do to the packet of a moment, where that was looked up before."""
        self._battery = _Battery(faults, start_s)
        self._link = SimulatedLink()
        self._rate_is_held = faults.rate_is_held
        self._recent: deque[int] = deque(maxlen=RATE_BEATS)
        self._held: list[_Packet] = []
        self._fresh_s = -math.inf
        """When the last good packet came."""
        self._is_watched = False
        self._due: list[tuple[float, int, _Happening]] = []
        self._plans = 0
        self._plan(start_s, self._begin)

    def next_s(self) -> float:
        """Return when something happens next, s."""
        return self._due[0][0]

    def next_heard_s(self) -> float:
        """Return until when nothing can be heard, s: who listens need not come sooner.

        A packet is sent in silence. How long the air takes to carry it is known beforehand, so who
        listens can take both when it arrives.
        """
        t, _, happening = self._due[0]
        if happening != self._send:
            return t
        passage = self._look_up(t)
        is_heard = not (passage.link_is_gone or passage.is_lost or passage.is_held)
        # Longer, and the guide would be asked about a past that is too far away.
        is_soon = passage.arrival_s <= t + MOST_ARRIVAL_S
        if not (is_heard and is_soon) or self._battery.is_empty(t):
            return t
        return min([passage.arrival_s, *(due[0] for due in self._due[1:3])])

    def take(self) -> list[SensorEvent]:
        """Let it happen; return what is heard of it, often nothing."""
        t, _, happening = heapq.heappop(self._due)
        return happening(t)

    def _plan(self, t: float, happening: _Happening) -> None:
        # The running number keeps the order of what is due at the same time.
        self._plans += 1
        heapq.heappush(self._due, (t, self._plans, happening))

    def _begin(self, t: float) -> list[SensorEvent]:
        self._plan(t + PACKET_S, self._send)
        return [*self._link.say(t, LinkState.SEARCHING)]

    def _send(self, t: float) -> list[SensorEvent]:
        """Send what ended in the last second, as far as the air lets it through."""
        self._plan(t + PACKET_S, self._send)
        packet = self._packet(self._electrodes.watch(t - PACKET_S, t))
        passage = self._look_up(t)
        if passage.link_is_gone or self._battery.is_empty(t):
            self._log_lost(packet)
            return self._lose_link(t, LinkReason.LINK_LOST)
        if passage.is_lost:
            self._log_lost(packet)
        else:
            self._held.append(packet)
            if not passage.is_held:
                self._release(passage)
        return []

    def _look_up(self, t: float) -> Passage:
        if self._passage is None or self._passage[0] != t:
            self._passage = t, self._air.carry(t)
        return self._passage[1]

    def _packet(self, intervals: Sequence[Interval]) -> _Packet:
        ticks = [interval.ticks for interval in intervals]
        self._recent.extend(ticks)
        has_contact = self._electrodes.has_contact
        rate = 0
        if self._recent and (has_contact or self._rate_is_held):
            rate = round(60 * TICKS_PER_SECOND * len(self._recent) / sum(self._recent))
        payload = encode(rate, ticks, contact=has_contact)
        return _Packet(self._link.number, payload, intervals)

    def _release(self, passage: Passage) -> None:
        """Let the newest packet arrive, behind those that were held up."""
        arriving = self._held + self._held[-1:] * (passage.copies - 1)
        self._held = []
        if passage.stray is not None:
            arriving.append(_Packet(self._link.number, passage.stray))
        for packet in arriving:
            self._plan(passage.arrival_s, partial(self._arrive, packet))

    def _arrive(self, packet: _Packet, t: float) -> list[SensorEvent]:
        if packet.link != self._link.number:
            self._log_lost(packet)
            return []
        try:
            measurement = decode(t, packet.payload)
        except MalformedPacket:
            return [PacketRefused(t, packet.payload)]
        self.log.settle(packet.intervals, BeatFate.ARRIVED)
        beats = [interval.beat for interval in packet.intervals]
        self.beat_of_interval += beats or [None] * len(measurement.rr_ms)
        self._fresh_s = t
        if not self._is_watched:
            self._watch(t + SILENT_AFTER_S)
        return [*self._link.hear(measurement), measurement, *self._battery.read(t)]

    def _watch(self, t: float) -> None:
        self._is_watched = True
        self._plan(t, self._look)

    def _look(self, t: float) -> list[SensorEvent]:
        """See whether packets still come; at most once in five seconds."""
        self._is_watched = False
        if not self._link.is_up:
            return []
        if t >= self._fresh_s + GONE_AFTER_S:
            return self._lose_link(t, LinkReason.NO_DATA)
        if t >= self._fresh_s + SILENT_AFTER_S:
            self._watch(self._fresh_s + GONE_AFTER_S)
            return [*self._link.say(t, LinkState.SILENT, LinkReason.NO_DATA)]
        self._watch(self._fresh_s + SILENT_AFTER_S)
        return []

    def _lose_link(self, t: float, reason: LinkReason) -> list[SensorEvent]:
        for packet in self._held:
            self._log_lost(packet)
        self._held = []
        self._battery.forget()
        return [*self._link.lose(t, reason)]

    def _log_lost(self, packet: _Packet) -> None:
        self.log.settle(packet.intervals, BeatFate.LOST)


class _Battery:
    """Falls evenly; read when a link begins, and once a minute."""

    def __init__(self, faults: Faults, start_s: float) -> None:
        self._percent = faults.battery_percent
        self._falls_per_s = faults.battery_falls_per_minute / 60.0
        self._start_s = start_s
        self._next_s = -math.inf

    def _left(self, t: float) -> float:
        return (self._percent or 0) - self._falls_per_s * (t - self._start_s)

    def is_empty(self, t: float) -> bool:
        """Whether the strap has gone out by ``t``."""
        return self._percent is not None and self._left(t) <= 0.0

    def read(self, t: float) -> list[BatteryRead]:
        """Return what it says, when it is time to ask."""
        if self._percent is None or t < self._next_s:
            return []
        self._next_s = t + BATTERY_EVERY_S
        return [BatteryRead(t, max(0, math.ceil(self._left(t))))]

    def forget(self) -> None:
        """Ask again as soon as there is a link."""
        self._next_s = -math.inf
