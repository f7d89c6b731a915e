"""What the electrodes of a simulated strap make of a heart: intervals, with their own mistakes."""

from collections import deque

from biobreath.sensors.chance import Stream
from biobreath.sensors.heart_model import TICKS_PER_SECOND, BeatKind, HeartModel, ModelBeat
from biobreath.sensors.simulated_faults import Bouts, Faults, Lot
from biobreath.sensors.truth import BeatFate, Interval, TruthLog

CONTACT_LOSS_S = 8.0
"""How long contact is lost on average where only a share of the time is ordered."""
LEAST_APART_TICKS = TICKS_PER_SECOND // 5
"""The strap does not see two beats closer than this."""
LONGEST_TICKS = 0xFFFF
"""What the two bytes of an interval hold."""


class Electrodes:
    """Watches a heart second by second, and measures the intervals between what it sees."""

    def __init__(self, heart: HeartModel, seed: int, faults: Faults, log: TruthLog) -> None:
        self._heart = heart
        self._log = log
        self._missed = Lot(faults.missed, seed, Stream.MISSED)
        self._extra = Lot(faults.extra, seed, Stream.EXTRA)
        self._off = Bouts(faults.contact_loss, seed, Stream.CONTACT, CONTACT_LOSS_S)
        self._waiting: deque[ModelBeat] = deque()
        self._before_ticks: int | None = None
        """The last beat of the heart."""
        self._last_ticks: int | None = None
        """The last beat that was seen."""
        self._false_ticks: int | None = None
        """An extra beat to come, unless a true one is there before."""
        self.has_contact = True

    def watch(self, since_s: float, until_s: float) -> tuple[Interval, ...]:
        """Watch up to ``until_s``; return the intervals that ended, oldest first."""
        self.has_contact = not self._off.is_on(since_s)
        self._waiting.extend(self._heart.advance(until_s))
        until_ticks = until_s * TICKS_PER_SECOND
        found: list[Interval] = []
        while self._waiting and self._waiting[0].ticks <= until_ticks:
            self._take(self._waiting.popleft(), found)
        return tuple(found)

    def _take(self, beat: ModelBeat, found: list[Interval]) -> None:
        false_ticks, self._false_ticks = self._false_ticks, self._plan_extra(beat)
        is_missed = self._missed.falls(beat.ticks / TICKS_PER_SECOND)
        if not self.has_contact:
            self._last_ticks = self._false_ticks = None
            self._log.add(beat.ticks, beat.kind, BeatFate.UNSEEN)
            return
        if false_ticks is not None and false_ticks + LEAST_APART_TICKS <= beat.ticks:
            self._measure(false_ticks, BeatKind.SPURIOUS, found)
        if is_missed:
            self._log.add(beat.ticks, beat.kind, BeatFate.UNSEEN)
        else:
            self._measure(beat.ticks, beat.kind, found)

    def _plan_extra(self, beat: ModelBeat) -> int | None:
        """Decide whether a false beat follows, in the middle of an interval like the last one."""
        before, self._before_ticks = self._before_ticks, beat.ticks
        falls = self._extra.falls(beat.ticks / TICKS_PER_SECOND)
        if before is None or not falls:
            return None
        ahead = round((beat.ticks - before) * self._extra.rng.uniform(0.3, 0.7))
        return beat.ticks + max(LEAST_APART_TICKS, ahead)

    def _measure(self, ticks: int, kind: BeatKind, found: list[Interval]) -> None:
        last, self._last_ticks = self._last_ticks, ticks
        if last is None or ticks - last > LONGEST_TICKS:
            self._log.add(ticks, kind, BeatFate.BEGAN)
        else:
            beat = self._log.add(ticks, kind, BeatFate.ON_ITS_WAY, ticks - last)
            found.append(Interval(beat, ticks - last))
