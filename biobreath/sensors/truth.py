"""What really happened in a simulation: every beat with what it was and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from biobreath.sensors.heart_model import TICKS_PER_SECOND, BeatKind


class BeatFate(StrEnum):
    """What became of a beat on its way to us."""

    ARRIVED = "arrived"
    """The interval that ends with it came in a packet."""
    BEGAN = "began"
    """The strap saw it first: intervals begin with it, none ends."""
    UNSEEN = "unseen"
    """The strap missed it, or had no contact."""
    LOST = "lost"
    """Its interval was lost on the air."""
    ON_ITS_WAY = "on its way"
    """Its packet had not arrived when the simulation ended."""


@dataclass(frozen=True, slots=True)
class TrueBeat:
    """A beat as it was; the strap's inventions are among them, as spurious.

    ``interval_ticks`` is what the strap measured, in 1/1024 s; None where it measured nothing.
    """

    ticks: int
    kind: BeatKind
    fate: BeatFate
    interval_ticks: int | None = None

    @property
    def t(self) -> float:
        """When it was, in s on the session clock."""
        return self.ticks / TICKS_PER_SECOND


class Interval(NamedTuple):
    """What a strap measured between two beats it saw: 1/1024 s, up to a beat of the log."""

    beat: int
    ticks: int


class TruthLog:
    """Beats in order of time, each with a fate that is settled later."""

    def __init__(self) -> None:
        self._seen: list[tuple[int, BeatKind, int | None]] = []
        self._fates: list[BeatFate] = []

    def add(
        self, ticks: int, kind: BeatKind, fate: BeatFate, interval_ticks: int | None = None
    ) -> int:
        """Write down a beat; return its index."""
        self._seen.append((ticks, kind, interval_ticks))
        self._fates.append(fate)
        return len(self._fates) - 1

    def settle(self, intervals: Iterable[Interval], fate: BeatFate) -> None:
        """Write down what became of the beats that end some intervals."""
        for interval in intervals:
            self._fates[interval.beat] = fate

    def beats(self) -> tuple[TrueBeat, ...]:
        """Return all beats so far."""
        pairs = zip(self._seen, self._fates, strict=True)
        return tuple(TrueBeat(ticks, kind, fate, rr) for (ticks, kind, rr), fate in pairs)
