"""The times of beats: the running sum of their intervals, held against the arrival of packets.

A packet's arrival is not a beat's time: straps tell their beats up to some seconds late, and not
always equally late. So within a segment the times of beats differ by exactly their intervals, and
arrivals only tell where the line of beats stands and where beats are missing.

``lag`` is the arrival of a packet minus the time of its newest beat. While no beat is lost it stays
between a floor and the floor + one interval + jitter, because packets and beats slide against each
other. Beats that were lost lift every later lag; a stall lifts some lags and then falls back.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from statistics import median

import numpy as np

WINDOW_S = 60.0
"""Lags of this stretch tell where the floor is."""
SETTLE_S = 10.0
"""After this stretch of a segment its line is settled on the least lag seen."""
SETTLE_LEAST_S = 0.02
"""A line that stands nearer than this to its place is left alone."""
JITTER_S = 0.6
"""How much later than one interval a packet may come and still be an ordinary one."""
LATE_LEAST_S = 3.0
LATE_LEAST_PACKETS = 3
CHANCE = 2e-5
"""Beats count as lost when so many late packets in a row are no more likely than this."""
LATE_FOR_CERTAIN_S = 45.0
"""Packets late for so long are no stall, however uneven the link."""
CREEP_S = 0.3
"""A floor that stands an interval and this above its place for a whole window lost beats too."""
MOST_AHEAD_S = 1.0
"""Beats further in the future than this move the line."""
LONGEST_RR_MS = 5000.0
"""A longer 'interval' is no beat-to-beat interval but a stretch without beats."""
JUMP_S = 2.0
"""Beat times of a file that leave their intervals by more than this show a gap."""
LEAST_KEPT = 20
_INTERVALS_KEPT = 31


@dataclass(frozen=True, slots=True)
class TimedBeat:
    """A beat with its time.

    ``t`` is in s on the session clock, ``rr_ms`` the raw interval that ends with this beat.
    ``index`` counts every raw interval from 0; a difference or a line between beats never spans
    two values of ``segment``.
    """

    index: int
    t: float
    rr_ms: float
    segment: int


@dataclass(frozen=True, slots=True)
class GapFound:
    """Beats that were already told have to move: ``shift_s`` later, into a new segment.

    This holds for every beat from ``first_index`` on; ``segment`` is the number they get.
    ``missing_s`` is the time just before that beat's interval that no
    beat covers; 0 when a whole segment only stood at the wrong place.
    """

    first_index: int
    shift_s: float
    missing_s: float
    segment: int


@dataclass(frozen=True, slots=True)
class Timed:
    """What a packet told: its beats, and whether earlier ones move (those here already have)."""

    beats: tuple[TimedBeat, ...]
    gap: GapFound | None = None


@dataclass(frozen=True, slots=True)
class _Packet:
    """A packet with beats in it, as the line saw it."""

    arrival_s: float
    lag_s: float
    first_index: int
    start_s: float
    """Where its first interval begins."""

    def moved(self, shift_s: float) -> "_Packet":
        return replace(self, lag_s=self.lag_s - shift_s, start_s=self.start_s + shift_s)


@dataclass(slots=True)
class _Line:
    """The line of one segment: beat time = anchor + sum of intervals.

    Strap intervals are multiples of 125/128 ms, so the sum in ms is exact.
    """

    anchor_s: float
    first_index: int
    arrival_s: float
    """When its first packet came."""
    room_s: float
    """How far it could move back before it met the segment before it."""
    number: int
    floor_s: float = 0.0
    """Where the least lag belongs."""
    sum_ms: float = 0.0
    settled: bool = False
    before: "_Line | None" = None
    """The segment that a gap was found in, to take up again if no beat was lost after all."""

    @property
    def newest_s(self) -> float:
        return self.anchor_s + self.sum_ms / 1000.0


class TimeBase:
    """Packets in, timed beats out.

    Examples
    --------
    >>> base = TimeBase()
    >>> [beat.t for beat in base.feed(10.0, [1000.0, 750.0]).beats]
    [9.25, 10.0]
    """

    def __init__(self) -> None:
        self._index = 0
        self._broken = True
        self._last_t = -math.inf
        self._line = _Line(0.0, 0, 0.0, 0.0, 0)
        self._recent_rr: deque[float] = deque(maxlen=_INTERVALS_KEPT)
        self._packets: deque[_Packet] = deque()
        """Those of the last window, all of this segment."""
        self._late: deque[_Packet] = deque()
        """The newest of them, as far as they are later than ordinary ones."""
        self._excused: deque[float] = deque()
        """Arrivals of late packets that turned out to have lost nothing."""
        self._patience_s = LATE_LEAST_S

    def interrupt(self) -> None:
        """Let the next beat begin a new segment: the link or the contact was lost."""
        self._broken = True

    def feed(
        self, arrival_s: float, rr_ms: Sequence[float], beat_times_s: Sequence[float] = ()
    ) -> Timed:
        """Take one packet.

        Parameters
        ----------
        arrival_s
            When the packet came, s on the session clock; in a file without arrivals the running
            sum of the intervals.
        rr_ms
            Raw intervals, oldest first. What is not a positive number is no interval and left
            out. Every other one becomes one beat with its raw value, and its time counts,
            however odd it is. One above 5 s ends its segment: it is a stretch without beats.
        beat_times_s
            Times of the beats (s) where a file knows them; they are taken as they are, and a
            jump against the intervals begins a new segment.
        """
        if beat_times_s:
            return Timed(self._known(rr_ms, beat_times_s))
        intervals = [rr for rr in rr_ms if rr > 0 and math.isfinite(rr)]
        if not intervals:
            return Timed(())
        self._recent_rr.extend(intervals)
        beats = self._timed(arrival_s, intervals)
        self._note(arrival_s, beats)
        gap = self._gap() if self._packets else None
        if gap is None:
            return Timed(beats)
        return Timed(tuple(_moved(beat, gap) for beat in beats), gap)

    def _known(
        self, rr_ms: Sequence[float], beat_times_s: Sequence[float]
    ) -> tuple[TimedBeat, ...]:
        beats: list[TimedBeat] = []
        for rr, t in zip(rr_ms, beat_times_s, strict=True):
            step_s = t - self._last_t
            if self._broken or step_s <= 0 or abs(step_s - rr / 1000.0) > JUMP_S:
                self._begin(t, t)
            beats.append(self._beat(t, rr))
        return tuple(beats)

    def _timed(self, arrival_s: float, intervals: Sequence[float]) -> tuple[TimedBeat, ...]:
        """Time the intervals of one packet along the line."""
        if self._broken:
            self._begin(arrival_s - math.fsum(intervals) / 1000.0, arrival_s)
        beats: list[TimedBeat] = []
        for rr in intervals:
            self._line.sum_ms += rr
            beats.append(self._beat(self._line.newest_s, rr))
        return tuple(beats)

    def _beat(self, t: float, rr_ms: float) -> TimedBeat:
        beat = TimedBeat(self._index, t, rr_ms, self._line.number)
        self._index += 1
        self._last_t = t
        if rr_ms > LONGEST_RR_MS:
            # The line goes on, for the time has passed; only the segment ends.
            number = self._line.number + 1
            self._line = replace(
                self._line, first_index=self._index, room_s=0.0, number=number, before=None
            )
            self._forget()
        return beat

    def _begin(self, start_s: float, arrival_s: float) -> None:
        """Begin a new segment with the interval that begins at ``start_s``."""
        number = self._line.number + 1 if self._index else 0
        # A strap can tell old intervals again after a break; the order of beats comes first.
        start_s = max(start_s, self._last_t)
        self._line = _Line(start_s, self._index, arrival_s, start_s - self._last_t, number)
        self._broken = False
        self._patience_s = LATE_LEAST_S
        self._forget()

    def _forget(self) -> None:
        self._packets.clear()
        self._late.clear()
        self._excused.clear()

    def _note(self, arrival_s: float, beats: Sequence[TimedBeat]) -> None:
        """Keep what the packet tells about the line."""
        first = next((beat for beat in beats if beat.index >= self._line.first_index), None)
        if first is None:
            return
        packet = _Packet(
            arrival_s, arrival_s - self._last_t, first.index, first.t - first.rr_ms / 1000.0
        )
        self._drop_before(arrival_s - WINDOW_S)
        self._packets.append(packet)
        if packet.lag_s > self._floor() + self._median_rr_s() + JITTER_S:
            self._late.append(packet)
        else:
            self._excuse(arrival_s)

    def _excuse(self, arrival_s: float) -> None:
        """Learn from late packets that lost nothing how long this link can be late."""
        if self._late:
            self._learn(arrival_s - self._late[0].arrival_s)
        self._excused.extend(late.arrival_s for late in self._late)
        self._late.clear()

    def _learn(self, late_s: float) -> None:
        self._patience_s = max(self._patience_s, min(1.5 * late_s, LATE_FOR_CERTAIN_S))

    def _drop_before(self, since_s: float) -> None:
        # Some are kept however old: after a long silence they tell where the line stood.
        while len(self._packets) > LEAST_KEPT and self._packets[0].arrival_s < since_s:
            self._packets.popleft()
        while self._excused and self._excused[0] < since_s:
            self._excused.popleft()

    def _floor(self) -> float:
        """Return the least lag of the window, without the late packets at its end."""
        ordinary = islice(self._packets, len(self._packets) - len(self._late))
        return min((packet.lag_s for packet in ordinary), default=self._line.floor_s)

    def _median_rr_s(self) -> float:
        return median(self._recent_rr) / 1000.0

    def _least_loss_s(self) -> float:
        """Return half an interval: a gap that shrinks below this has lost no beat at all."""
        return self._median_rr_s() / 2

    def _gap(self) -> GapFound | None:
        """Tell whether the line has to move, and where from."""
        if self._beats_are_lost():
            floor_s = self._floor()
            return self._close(floor_s, min(late.lag_s for late in self._late), len(self._late))
        newest = self._packets[-1]
        ahead_s = self._line.floor_s - newest.lag_s
        age_s = newest.arrival_s - self._line.arrival_s
        if ahead_s > (MOST_AHEAD_S if self._line.settled else MOST_AHEAD_S / 2):
            return self._move_all(-ahead_s)
        if not self._line.settled and age_s >= SETTLE_S:
            self._line.settled = True
            return self._move_all(self._floor() - self._line.floor_s)
        if age_s >= WINDOW_S and self._has_crept():
            return self._close(self._line.floor_s, self._floor(), len(self._packets))
        return None

    def _beats_are_lost(self) -> bool:
        """Whether late packets in a row are too many for chance, as measured at this very link."""
        if len(self._late) < LATE_LEAST_PACKETS:
            return False
        late_s = self._late[-1].arrival_s - self._late[0].arrival_s
        ordinary = len(self._packets) - len(self._late)
        usual_share = (len(self._excused) + 1) / (ordinary + 2)
        chance = usual_share ** len(self._late)
        return late_s >= LATE_FOR_CERTAIN_S or (late_s >= self._patience_s and chance <= CHANCE)

    def _has_crept(self) -> bool:
        """Whether beats were lost one at a time: too few for the rule, yet they add up."""
        above_s = self._floor() - self._line.floor_s
        enough = len(self._packets) >= LATE_LEAST_PACKETS
        return enough and above_s > self._median_rr_s() + CREEP_S

    def _close(self, floor_s: float, least_lag_s: float, packets: int) -> GapFound:
        """End the segment where the lags rose, and let the next one begin later."""
        # The least of n lags spread over one interval lies about RR / (n + 1) above the floor.
        lifted_s = least_lag_s - floor_s - self._median_rr_s() / (packets + 1)
        missing_s = max(self._least_loss_s(), lifted_s)
        first = self._where_lags_rose()
        self._last_t += missing_s
        self._line = _Line(
            anchor_s=self._line.anchor_s + missing_s,
            first_index=first.first_index,
            arrival_s=first.arrival_s,
            room_s=missing_s,
            number=self._line.number + 1,
            floor_s=floor_s,
            sum_ms=self._line.sum_ms,
            before=self._line,
        )
        kept = [p.moved(missing_s) for p in self._packets if p.first_index >= first.first_index]
        self._forget()
        self._packets.extend(kept)
        return GapFound(first.first_index, missing_s, missing_s, self._line.number)

    def _where_lags_rose(self) -> _Packet:
        """Return the packet at which one step up explains the lags of the window best."""
        packets = list(self._packets)
        lags = np.array([packet.lag_s for packet in packets])
        before = np.arange(1, lags.size)
        after = lags.size - before
        sums = np.cumsum(lags)
        step = (sums[-1] - sums[:-1]) / after - sums[:-1] / before
        explained = np.where(step > 0, np.square(step) * before * after, 0.0)
        return packets[1 + int(np.argmax(explained))]

    def _move_all(self, shift_s: float) -> GapFound | None:
        """Move the whole segment: nothing is missing, but its first packets came oddly late."""
        room_s = self._line.room_s
        undone = self._line.before is not None and room_s + shift_s < self._least_loss_s()
        shift_s = -room_s if undone else max(shift_s, -room_s)
        if abs(shift_s) < SETTLE_LEAST_S:
            return None
        line = self._line
        line.number += 1
        line.anchor_s += shift_s
        line.room_s += shift_s
        self._last_t += shift_s
        self._packets = deque(packet.moved(shift_s) for packet in self._packets)
        self._late = deque(packet.moved(shift_s) for packet in self._late)
        moved = GapFound(line.first_index, shift_s, 0.0, line.number)
        if line.room_s <= 0 and line.before is not None:
            self._take_up(line.before)
        return moved

    def _take_up(self, before: _Line) -> None:
        """Go on with the segment before: the beats between were late, not lost."""
        self._learn(self._packets[-1].arrival_s - self._line.arrival_s)
        before.anchor_s, before.sum_ms = self._line.anchor_s, self._line.sum_ms
        # To the consumer it stays two segments until something moves; then they become one.
        before.number = self._line.number
        self._line = before


def _moved(beat: TimedBeat, gap: GapFound) -> TimedBeat:
    if beat.index < gap.first_index:
        return beat
    return replace(beat, t=beat.t + gap.shift_s, segment=gap.segment)
