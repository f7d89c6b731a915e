"""The times of beats: the running sum of their intervals, held against the arrival of packets.

A packet's arrival is not a beat's time: straps tell their beats up to some seconds late, and not
always equally late. So within a segment the times of beats differ by exactly their intervals, and
arrivals only tell where the line of beats stands and where beats are missing.

``Lateness`` tells whether beats are missing; here segments begin, end and are put to their place.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from biobreath.signal.lateness import Lateness, Step

SETTLE_S = 10.0
"""After this stretch a line is settled on the least lag seen."""
SETTLE_AFTER_GAP_S = 30.0
"""So long after a gap was found its size is measured again, on the mean."""
SETTLE_LEAST_S = 0.02
"""A line that stands nearer than this to its place is left alone."""
MOST_AHEAD_S = 1.0
"""Beats further in the future than this move the line, half of it while it is not settled."""
LONGEST_RR_MS = 5000.0
"""A longer 'interval' is no beat-to-beat interval but a stretch without beats."""
JUMP_SHARE = 0.5
"""Beat times of a file that leave their interval by more than this share of it show a gap."""
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


@dataclass(slots=True)
class _Line:
    """The line of one segment: beat time = anchor + sum of intervals.

    Strap intervals are multiples of 125/128 ms, so the sum in ms is exact.
    """

    anchor_s: float
    first_index: int
    arrival_s: float
    """When its first packet came, or when it was found."""
    room_s: float
    """How far it could move back before it met the segment before it."""
    number: int
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
        self._lateness = Lateness()

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
        gap = self._gap(arrival_s)
        if gap is None:
            return Timed(beats)
        return Timed(tuple(_moved(beat, gap) for beat in beats), gap)

    def _known(
        self, rr_ms: Sequence[float], beat_times_s: Sequence[float]
    ) -> tuple[TimedBeat, ...]:
        beats: list[TimedBeat] = []
        for rr, t in zip(rr_ms, beat_times_s, strict=True):
            step_s = t - self._last_t
            jump_s = abs(step_s - rr / 1000.0)
            if self._broken or step_s <= 0 or jump_s > JUMP_SHARE * rr / 1000.0:
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
            self._lateness.forget()
        return beat

    def _begin(self, start_s: float, arrival_s: float) -> None:
        """Begin a new segment with the interval that begins at ``start_s``."""
        number = self._line.number + 1 if self._index else 0
        # A strap can tell old intervals again after a break; the order of beats comes first.
        start_s = max(start_s, self._last_t)
        self._line = _Line(start_s, self._index, arrival_s, start_s - self._last_t, number)
        self._broken = False
        self._lateness.begin()

    def _note(self, arrival_s: float, beats: Sequence[TimedBeat]) -> None:
        """Keep what the packet tells about the line."""
        first = next((beat for beat in beats if beat.index >= self._line.first_index), None)
        if first is not None:
            self._lateness.add(arrival_s, arrival_s - self._last_t, first.index)

    def _least_loss_s(self) -> float:
        """Return half an interval: a gap that shrinks below this has lost no beat at all."""
        return median(self._recent_rr) / 2000.0

    def _gap(self, arrival_s: float) -> GapFound | None:
        """Tell whether the line has to move, and where from."""
        return self._back(arrival_s) or self._settled(arrival_s) or self._lost(arrival_s)

    def _back(self, arrival_s: float) -> GapFound | None:
        """Move a line back whose beats are in the future."""
        line, lateness = self._line, self._lateness
        ahead_s = self._last_t - arrival_s
        if line.before is None and not line.settled:
            return self._place(-ahead_s, home=True) if ahead_s > MOST_AHEAD_S / 2 else None
        if ahead_s <= MOST_AHEAD_S:
            return None
        early_s = lateness.early_s()
        if early_s > MOST_AHEAD_S:
            undone = line.before is not None and early_s > line.room_s / 2
            return self._place(-line.room_s if undone else -early_s)
        # One packet that came early is chance; a level that fell is the drift of a clock.
        return self._place(lateness.drift_s) if lateness.drift_s < -MOST_AHEAD_S / 2 else None

    def _settled(self, arrival_s: float) -> GapFound | None:
        """Put a line to its place as soon as that is known."""
        line, lateness = self._line, self._lateness
        age_s = arrival_s - line.arrival_s
        if line.settled:
            return None
        if line.before is None and age_s >= SETTLE_S:
            line.settled = True
            return self._place(lateness.least_lag_s(), home=True)
        if line.before is not None and age_s >= SETTLE_AFTER_GAP_S and not lateness.suspicious:
            line.settled = True
            return self._place(lateness.late_s(line.first_index))
        return None

    def _lost(self, arrival_s: float) -> GapFound | None:
        """Tell whether beats are missing."""
        step = self._lateness.step(self._line.first_index)
        if step is None:
            return None
        if step.first_index <= self._line.first_index:
            return self._place(step.late_s)
        return self._close(step, arrival_s)

    def _close(self, step: Step, arrival_s: float) -> GapFound:
        """End the segment where the lags rose, and let the next one begin later."""
        missing_s = max(self._least_loss_s(), step.late_s)
        self._last_t += missing_s
        self._line = replace(
            self._line,
            anchor_s=self._line.anchor_s + missing_s,
            first_index=step.first_index,
            arrival_s=arrival_s,
            room_s=missing_s,
            number=self._line.number + 1,
            settled=False,
            before=self._line,
        )
        self._lateness.move(step.first_index, missing_s)
        return GapFound(step.first_index, missing_s, missing_s, self._line.number)

    def _place(self, shift_s: float, *, home: bool = False) -> GapFound | None:
        """Move the whole segment: nothing is missing, but it stood at the wrong place.

        ``home`` tells that where lags belong was not known before, and is now.
        """
        line = self._line
        undone = line.before is not None and line.room_s + shift_s < self._least_loss_s()
        shift_s = -line.room_s if undone else max(shift_s, -line.room_s)
        if abs(shift_s) < SETTLE_LEAST_S:
            return None
        line.number += 1
        line.anchor_s += shift_s
        line.room_s += shift_s
        self._last_t += shift_s
        if home:
            self._lateness.move_home(shift_s)
        else:
            self._lateness.move(line.first_index, shift_s)
        if undone and line.before is not None:
            self._take_up(line.before)
        return GapFound(line.first_index, shift_s, 0.0, line.number)

    def _take_up(self, before: _Line) -> None:
        """Go on with the segment before: the beats between were late, not lost."""
        before.anchor_s, before.sum_ms = self._line.anchor_s, self._line.sum_ms
        # To the consumer it stays two segments until something moves; then they become one.
        before.number = self._line.number
        self._line = before


def _moved(beat: TimedBeat, gap: GapFound) -> TimedBeat:
    if beat.index < gap.first_index:
        return beat
    return replace(beat, t=beat.t + gap.shift_s, segment=gap.segment)
