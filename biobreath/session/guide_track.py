"""The guide through a sitting: which pacer was in force when."""

import math
from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from biobreath.practice.pacer import TOP_FROM, Pacer
from biobreath.practice.patterns import Pattern

Floats = NDArray[np.float64]


class GuideTrack:
    """The pacers of a sitting in order, with the times at which each came into force."""

    def __init__(self) -> None:
        self._from: list[float] = []
        self._pacers: list[Pacer | None] = []

    def changed(self, t: float, pacer: Pacer | None) -> None:
        """From ``t`` on ``pacer`` is in force; None is a resting guide."""
        self._from.append(t)
        self._pacers.append(pacer)

    @property
    def spans(self) -> list[tuple[float, float, Pacer | None]]:
        """Every stretch of the sitting as (from, until, pacer); the last has no end."""
        ends = [*self._from[1:], math.inf]
        return list(zip(self._from, ends, self._pacers, strict=False))

    def at(self, t: float) -> Pacer | None:
        """Return the guide in force at ``t``."""
        index = bisect_right(self._from, t) - 1
        return self._pacers[index] if index >= 0 else None

    def fullness(self, times: Floats) -> Floats:
        """Return the fullness (0-1) of the guide at each time, ``nan`` where it rested."""
        found = np.full(times.size, math.nan)
        for since, until, pacer in self.spans:
            inside = (times >= since) & (times < until)
            if pacer is not None and inside.any():
                found[inside] = fullness_of(pacer, times[inside])
        return found

    def cycles(self, times: Floats) -> Floats:
        """Return the breaths since the origin of the guide in force now, at each time.

        0.0, 1.0, … are starts of an inhale. Times before the last change of pace are given by the
        guide of their own time, so the phase goes on without a jump.
        """
        found = np.full(times.size, math.nan)
        which = np.searchsorted(self._from, times, side="right") - 1
        indices: list[int] = which.tolist()
        for index in set(indices):
            pacer = self._pacers[index] if index >= 0 else None
            if pacer is not None:
                inside = which == index
                found[inside] = (times[inside] - pacer.origin_s) / pacer.pattern.cycle_s
        return found

    def inhale_starts(self, start: float, end: float) -> Floats:
        """Return the times within [start, end] at which an inhale began, in s.

        A ``nan`` stands where the guide rested: what lies around it is no breath.
        """
        found: list[float] = []
        for since, until, pacer in self.spans:
            low, high = max(since, start), min(until, end)
            if high <= low:
                continue
            if pacer is None:
                found.append(math.nan)
                continue
            first = math.ceil(pacer.cycles(low))
            last = math.floor(pacer.cycles(high))
            cycle_s = pacer.pattern.cycle_s
            found += [pacer.origin_s + k * cycle_s for k in range(first, last + 1)]
        return np.array(found)


def fullest_cycles(pattern: Pattern) -> float:
    """Return where the breath is fullest, in breaths after the start of its inhale."""
    return (pattern.rising_s + pattern.hold_full_s / 2.0) / pattern.cycle_s


def fullness_of(pacer: Pacer, times: Floats) -> Floats:
    """Return ``pacer.fullness(t)`` for many times at once."""
    p = pacer.pattern
    into_s = np.mod(times - pacer.origin_s, p.cycle_s)
    out_s = into_s - p.rising_s - p.hold_full_s
    filling = _ramp(into_s / p.inhale_s)
    if p.top_s > 0:
        filling = TOP_FROM * filling + (1.0 - TOP_FROM) * _ramp((into_s - p.inhale_s) / p.top_s)
    return np.where(out_s > 0, 1.0 - _ramp(out_s / p.exhale_s), filling)


def _ramp(done: Floats) -> Floats:
    return 0.5 - 0.5 * np.cos(np.pi * np.clip(done, 0.0, 1.0))
