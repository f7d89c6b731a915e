"""Whether packets stay late: a link is late for a while, after lost beats it is late for good.

The lag of a packet is its arrival minus the time of its newest beat. One late packet proves little.
So what packets are later than the level of the link is summed up over the time they stand as the
newest, less a leeway, and never below zero: the CUSUM of Page (1954). A stall that ends in a burst
adds next to nothing, for its late packets are the newest for no time. Lost beats let the sum grow
without end, and the packet at which one step up explains the lags best is the first after the loss.

How high the sum climbs by chance is measured at the very link. Let S be the variance of a mean lag
over some time, times that time. A climb above h has a chance of about exp(-2 * leeway * h / S).
S comes from the differences between blocks of lags, so that late packets that hang together count
for what they are. It is taken from the median difference: steps and drifts do not enter it.
"""

from collections import deque
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEEWAY_S = 1.1
"""Nothing less is a loss: packets a second apart can slide against the beats by a second."""
MOST_DWELL_S = 1.0
"""A packet counts for no longer, for silence proves nothing."""
MOST_LATE_S = 1.7
MOST_SHARE = 1 / 8
"""A packet counts for no more, however late, or for this share of the proof if that is more."""
LEAST_PROOF = 5.0
"""In s * s. On a steady link packets have to be very late for 3 s, or 2 s late for 6 s."""
PROOF = 15.0
"""So many S per leeway leave to chance exp(-30)."""
BLOCK_S = 30.0
BLOCKS = 120
"""The link is known by its last hour."""
FIRST_DIFFERENCE_S = 0.12
"""Of blocks, until they are known: what an arrival that varies by 1.5 s either way makes."""
S_OF_DIFFERENCE = BLOCK_S / 2 / 0.6745**2
"""A median size is 0.6745 of the spread, and a difference of two blocks has twice the variance."""
LEVEL_MEMORY_S = 3600.0
LEVEL_LEAST_S = 5.0
"""Nothing is late before the level has been watched for so long."""
LEVEL_DOUBT_S = 10.0
"""A level that has been watched for so long needs twice the leeway."""
HOME_S = 600.0
"""The level of this first stretch is where lags belong; later it may follow a drift."""
AT_ONCE_S = 5.0
"""Packets fall below all earlier ones within this time when a link catches up."""
KEPT = 300
"""Packets in which a step is looked for."""
SURE_LEVEL_S = 10.0
"""The level before a step is known from the past as well as from so long a stretch."""
SURE_STEP = 30.0
"""Two steps are taken for two when the second explains so many S."""
LEAST_S = 0.2
"""No link is steadier than this S, for packets slide against beats."""
LEAST_WEIGHT_S = 0.1
"""Packets that came together have no dwell, yet they are on one side of a step."""


@dataclass(slots=True)
class _Packet:
    arrival_s: float
    lag_s: float
    first_index: int
    dwell_s: float = 0.0
    """How long it was the newest."""


@dataclass(frozen=True, slots=True)
class Step:
    """Packets from beat ``first_index`` on are ``late_s`` later than where they belong."""

    first_index: int
    late_s: float


class Lateness:
    """Lags of packets in, steps out."""

    def __init__(self) -> None:
        self._wander = _Wander()
        self.begin()

    def begin(self) -> None:
        """Let the next packet be the first of a line whose level is not known."""
        self._level_s = self._home_s = 0.0
        self._watched_s = 0.0
        self._wander.begin()
        self.forget()

    def forget(self) -> None:
        """Look no further back than the next packet."""
        self._packets: deque[_Packet] = deque(maxlen=KEPT)
        self._open: deque[_Packet] = deque(maxlen=KEPT)
        """Those of them that may be late for good."""
        self._sum = 0.0

    @property
    def suspicious(self) -> bool:
        """Whether packets are late, be it for a while or for good."""
        return self._sum > 0

    @property
    def drift_s(self) -> float:
        """How much later the level is than where it belongs."""
        return self._level_s - self._home_s

    def add(self, arrival_s: float, lag_s: float, first_index: int) -> None:
        """Take the next packet; ``first_index`` is that of its first beat."""
        self._packets.append(_Packet(arrival_s, lag_s, first_index))
        if len(self._packets) > 1:
            stood = self._packets[-2]
            stood.dwell_s = min(max(arrival_s - stood.arrival_s, 0.0), MOST_DWELL_S)
            self._weigh(stood)

    def _proof(self) -> float:
        return max(LEAST_PROOF, PROOF * self._wander.s / LEEWAY_S)

    def _weigh(self, packet: _Packet) -> None:
        leeway_s = LEEWAY_S * (1 + LEVEL_DOUBT_S / max(self._watched_s, LEVEL_LEAST_S))
        late_s = packet.lag_s - self._level_s - leeway_s
        most_s = max(MOST_LATE_S, MOST_SHARE * self._proof())
        self._sum += min(late_s, most_s) * packet.dwell_s
        self._open.append(packet)
        if self._sum <= 0 or self._watched_s < LEVEL_LEAST_S:
            self._clear()

    def _clear(self) -> None:
        """Learn from the packets that were open how this link is by itself."""
        for packet in self._open:
            if packet.dwell_s > 0:
                self._watched_s = min(self._watched_s + packet.dwell_s, LEVEL_MEMORY_S)
                share = packet.dwell_s / self._watched_s
                self._level_s += (packet.lag_s - self._level_s) * share
                self._wander.add(packet.lag_s, packet.dwell_s)
        if self._watched_s < HOME_S:
            self._home_s = self._level_s
        self._open.clear()
        self._sum = 0.0

    def step(self, since_index: int) -> Step | None:
        """Tell whether packets are late for good, and since which one from ``since_index`` on."""
        if self._sum < self._proof():
            return None
        late, stood = self._since(since_index)
        sure = self._sure_step()
        first = _first_step(late - self.drift_s, stood, sure)
        packet = self._packets[len(self._packets) - late.size + first]
        return Step(packet.first_index, _mean_to_next(late[first:], stood[first:], sure))

    def least_lag_s(self) -> float:
        """Return the least lag of late."""
        return min((packet.lag_s for packet in self._packets), default=0.0)

    def late_s(self, since_index: int) -> float:
        """Return how much later than they belong packets from ``since_index`` on are."""
        return _mean_to_next(*self._since(since_index), self._sure_step())

    def _sure_step(self) -> float:
        return SURE_STEP * max(self._wander.s, LEAST_S)

    def _since(self, since_index: int) -> tuple[Floats, Floats]:
        """Return how late packets are, and for how long each of them was the newest."""
        since = [packet for packet in self._packets if packet.first_index >= since_index]
        late = np.array([packet.lag_s for packet in since]) - self._home_s
        return late, np.array([packet.dwell_s for packet in since]) + LEAST_WEIGHT_S

    def early_s(self) -> float:
        """Return how much less the lags of the two newest packets are than any before."""
        if len(self._packets) < 2:
            return 0.0
        last, newest = self._packets[-2], self._packets[-1]
        until_s = newest.arrival_s - AT_ONCE_S
        before = (packet.lag_s for packet in self._packets if packet.arrival_s < until_s)
        return min(before, default=0.0) - max(last.lag_s, newest.lag_s)

    def move(self, since_index: int, shift_s: float) -> None:
        """Let beats from ``since_index`` on be ``shift_s`` later: so their lags are at home."""
        self._level_s = self._home_s
        self._shift(since_index, shift_s)

    def move_home(self, shift_s: float) -> None:
        """Let all beats be ``shift_s`` later: home itself was at the wrong place."""
        self._level_s -= shift_s
        self._home_s -= shift_s
        self._wander.begin()
        self._shift(0, shift_s)

    def _shift(self, since_index: int, shift_s: float) -> None:
        for packet in self._packets:
            if packet.first_index >= since_index:
                packet.lag_s -= shift_s
        again = list(self._open)
        self._open.clear()
        self._sum = 0.0
        for packet in again:
            self._weigh(packet)
            if packet.first_index < since_index:
                self._clear()


class _Wander:
    """How much the mean lag of a block differs from that of the block before."""

    def __init__(self) -> None:
        self._differences_s: deque[float] = deque([FIRST_DIFFERENCE_S], maxlen=BLOCKS)
        self.s = S_OF_DIFFERENCE * FIRST_DIFFERENCE_S**2
        """The variance of a mean lag over some time, times that time, in s ** 3."""
        self.begin()

    def begin(self) -> None:
        """Let the next lag stand in no relation to those before."""
        self._mean_s = self._stood_s = 0.0
        self._last_s: float | None = None

    def add(self, lag_s: float, dwell_s: float) -> None:
        self._stood_s += dwell_s
        self._mean_s += (lag_s - self._mean_s) * dwell_s / self._stood_s
        if self._stood_s < BLOCK_S:
            return
        if self._last_s is not None:
            self._differences_s.append(abs(self._mean_s - self._last_s))
            self.s = S_OF_DIFFERENCE * median(self._differences_s) ** 2
        self._last_s, self._stood_s = self._mean_s, 0.0


def _first_step(late: Floats, stood: Floats, sure: float) -> int:
    """Return where lags rose, and where first if beats were lost more than once."""
    first, _ = _step_up(late, stood, SURE_LEVEL_S)
    while first:
        earlier, explained = _step_up(late[:first], stood[:first], SURE_LEVEL_S)
        if explained < sure:
            break
        first = earlier
    return first


def _mean_to_next(late: Floats, stood: Floats, sure: float) -> float:
    """Return how late packets are until beats were lost again."""
    end = late.size
    while end > 1:
        again, explained = _step_up(late[:end], stood[:end], 0.0)
        if explained < sure:
            break
        end = again
    return float(np.average(late[:end], weights=stood[:end])) if end else 0.0


def _step_up(late: Floats, stood: Floats, level_s: float) -> tuple[int, float]:
    """Return the packet at which one step up explains lags best, and how much that explains.

    Before them the level is 0 as surely as if it had been watched for ``level_s``.
    One that is within the leeway explains nothing.
    """
    sums, weights = np.cumsum(late * stood), np.cumsum(stood)
    before, weight = sums - late * stood, weights - stood + level_s
    rest = weights[-1] + level_s - weight
    step = (sums[-1] - before) / rest - before / np.maximum(weight, LEAST_WEIGHT_S)
    explained = np.where(step > 0, step**2 * weight * rest / (weight + rest), 0.0)
    best = int(np.argmax(explained))
    return best, float(explained[best]) if step[best] > LEEWAY_S else 0.0
