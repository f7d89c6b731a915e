"""What a strap's intervals are worth, judged by its first half minute and watched from then on.

Some devices send a heart rate and no intervals; some send each beat twice, fill in what they do not
know with one value, or make intervals of a smoothed rate. No correction mends such a series, so it
is said instead, and nothing is computed from it.
"""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, pairwise

JUDGED_S = 30.0
"""So long a strap is listened to before anything is said, and so much is judged at a time."""
LEAST_INTERVALS = 16
MOST_SURPLUS = 1.15
"""Intervals that cover more time than this share of the clock's, and some seconds of backlog."""
BACKLOG_S = 4.0
LEAST_COVERAGE = 0.6
"""Intervals that cover less, though packets came all the time, are not those of every beat."""
STEADY_S = 2.5
"""Packets further apart than this lost some on the way: that is the radio, not the strap."""
MOST_OF_ONE_VALUE = 0.4
"""No heart repeats one interval to 1/1024 s so often; a flat one stays below 0.2."""
ONE_UNEVEN_OF = 10
"""At least one of so many intervals is no round number of ms."""
ROUND_MS = 10.0
NEAR_MS = 0.75
"""A round number of ms is found this near on the grid of 1/1024 s; by chance, 15 % are."""


class IntervalQuality(StrEnum):
    """What can be said of a strap's intervals."""

    UNKNOWN = "unknown"
    """Not listened to for long enough."""
    GOOD = "good"
    RATE_ONLY = "rate_only"
    """It sends a heart rate and no intervals: there is no heart-rate variability to tell."""
    DOUBTFUL = "doubtful"
    """Its intervals do not add up, or repeat as no heart does."""


@dataclass(frozen=True, slots=True)
class _Packet:
    arrival_s: float
    rr_ms: tuple[float, ...]
    has_rate: bool


class IntervalJudge:
    """Packets of one link in, a verdict out.

    Examples
    --------
    >>> judge = IntervalJudge()
    >>> for second in range(31):
    ...     judge.feed(float(second), [], heart_rate_bpm=61)
    >>> judge.quality
    <IntervalQuality.RATE_ONLY: 'rate_only'>
    """

    def __init__(self) -> None:
        self._packets: deque[_Packet] = deque()
        self.quality = IntervalQuality.UNKNOWN

    def begin_again(self) -> None:
        """Judge a new link from its own packets; what was said stands until they tell."""
        self._packets.clear()

    def feed(self, arrival_s: float, rr_ms: Sequence[float], heart_rate_bpm: int | None) -> None:
        """Take one packet that arrived at ``arrival_s`` (s), with its intervals in ms."""
        self._packets.append(_Packet(arrival_s, tuple(rr_ms), bool(heart_rate_bpm)))
        if arrival_s - self._packets[0].arrival_s < JUDGED_S:
            return
        self.quality = self._judged()
        while arrival_s - self._packets[1].arrival_s >= JUDGED_S:
            self._packets.popleft()

    def _judged(self) -> IntervalQuality:
        # The first packet may bring beats from before: its arrival only opens the window.
        packets = list(self._packets)[1:]
        intervals = [rr for packet in packets for rr in packet.rr_ms]
        if not intervals:
            rates = sum(packet.has_rate for packet in packets)
            return IntervalQuality.RATE_ONLY if rates > len(packets) / 2 else self.quality
        if self._adds_up(intervals) and _looks_measured(intervals):
            return IntervalQuality.GOOD
        return IntervalQuality.DOUBTFUL

    def _adds_up(self, intervals: Sequence[float]) -> bool:
        arrivals = [packet.arrival_s for packet in self._packets]
        elapsed_s = arrivals[-1] - arrivals[0]
        covered_s = sum(intervals) / 1000.0
        if covered_s > MOST_SURPLUS * elapsed_s + BACKLOG_S:
            return False
        steps = (after - before for before, after in pairwise(arrivals))
        steady = max(steps) <= STEADY_S
        return not steady or covered_s >= LEAST_COVERAGE * elapsed_s - BACKLOG_S


def _looks_measured(intervals: Sequence[float]) -> bool:
    """Whether the intervals vary as those of a heart do, and are not made of something else."""
    if len(intervals) < LEAST_INTERVALS:
        return True
    commonest = max(Counter(intervals).values()) / len(intervals)
    if commonest > MOST_OF_ONE_VALUE:
        return False
    # Of a heart's intervals the first few tell; no more are asked than it takes.
    enough = -(-len(intervals) // ONE_UNEVEN_OF)
    uneven = islice((rr for rr in intervals if not _is_round(rr)), enough)
    return sum(1 for _ in uneven) == enough


def _is_round(rr_ms: float) -> bool:
    away = rr_ms % ROUND_MS
    return min(away, ROUND_MS - away) <= NEAR_MS
