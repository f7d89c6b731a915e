"""The guide of the breath: a pure function of time that never jumps."""

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from biobreath.events import PaceChanged
from biobreath.practice.patterns import Pattern


class BreathPhase(StrEnum):
    """The part of a breath."""

    INHALE = "inhale"
    TOP = "top"
    """A second, small inhale on top of the first."""
    HOLD_FULL = "hold_full"
    EXHALE = "exhale"
    HOLD_EMPTY = "hold_empty"


TOP_FROM = 0.8
"""How full the first inhale is where a second one follows."""


_REACH = {
    BreathPhase.INHALE: (0.0, 1.0),
    BreathPhase.TOP: (1.0, 1.0),
    BreathPhase.HOLD_FULL: (1.0, 1.0),
    BreathPhase.EXHALE: (1.0, 0.0),
    BreathPhase.HOLD_EMPTY: (0.0, 0.0),
}
_REACH_WITH_TOP = _REACH | {
    BreathPhase.INHALE: (0.0, TOP_FROM),
    BreathPhase.TOP: (TOP_FROM, 1.0),
}


class BreathCue(NamedTuple):
    """Where the breath is.

    ``fullness`` is 0 (empty) to 1 (full), ``done`` the share of the phase that has passed,
    ``left_s`` the seconds until the next phase, ``breath`` counts breaths since the origin.
    """

    phase: BreathPhase
    fullness: float
    done: float
    left_s: float
    breath: int


class _Part(NamedTuple):
    """A phase of a pattern: when in the cycle, and the fullness at its beginning and its end."""

    phase: BreathPhase
    start_s: float
    end_s: float
    length_s: float
    low: float
    high: float

    def done(self, into_s: float) -> float:
        """Return the share (0-1) of it that is over when the cycle is ``into_s`` old."""
        return min(1.0, max(0.0, (into_s - self.start_s) / self.length_s))

    def fullness(self, done: float) -> float:
        """Return how full the breath is when this share of it is over: a cosine ramp."""
        return self.low + (self.high - self.low) * (0.5 - 0.5 * math.cos(math.pi * done))


def _parts_of(pattern: Pattern) -> tuple[_Part, ...]:
    reach = _REACH_WITH_TOP if pattern.top_s > 0 else _REACH
    lengths = {
        BreathPhase.INHALE: pattern.inhale_s,
        BreathPhase.TOP: pattern.top_s,
        BreathPhase.HOLD_FULL: pattern.hold_full_s,
        BreathPhase.EXHALE: pattern.exhale_s,
        BreathPhase.HOLD_EMPTY: pattern.hold_empty_s,
    }
    start_s = 0.0
    parts: list[_Part] = []
    for phase, length_s in lengths.items():
        parts.append(_Part(phase, start_s, start_s + length_s, length_s, *reach[phase]))
        start_s += length_s
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class Pacer:
    """A pattern with the session time at which one of its inhales begins."""

    pattern: Pattern
    origin_s: float = 0.0
    _parts: tuple[_Part, ...] = field(init=False, repr=False, compare=False)
    _cycle_s: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Once, not at every frame.
        object.__setattr__(self, "_parts", _parts_of(self.pattern))
        object.__setattr__(self, "_cycle_s", self.pattern.cycle_s)

    def at(self, t: float) -> BreathCue:
        """Tell where the breath is at session time ``t``: cosine ramps between empty and full."""
        breath, into_s = divmod(t - self.origin_s, self._cycle_s)
        for part in self._parts:
            if into_s < part.end_s:
                done = part.done(into_s)
                return BreathCue(
                    part.phase, part.fullness(done), done, part.end_s - into_s, int(breath)
                )
        last = self._last_part()
        return BreathCue(last.phase, last.high, 1.0, 0.0, int(breath))

    def fullness(self, t: float) -> float:
        """Tell how full the breath is (0-1) at session time ``t``, and nothing else."""
        into_s = (t - self.origin_s) % self._cycle_s
        for part in self._parts:
            if into_s < part.end_s:
                return part.fullness(part.done(into_s))
        return self._last_part().high

    def _last_part(self) -> _Part:
        """Return the part for the very end of the cycle, where rounding can leave a remainder."""
        return next(part for part in reversed(self._parts) if part.length_s > 0)

    def _part(self, phase: BreathPhase) -> _Part:
        return next(part for part in self._parts if part.phase is phase)

    def retuned(self, t: float, pattern: Pattern) -> "Pacer":
        """Change the pattern at ``t`` without a jump: as full as before, in the same direction.

        A hold that the new pattern does not have passes on to the phase that follows it, which
        begins with the same fullness.
        """
        cue = self.at(t)
        target = Pacer(pattern)
        phase, done = cue.phase, cue.done
        if phase in _RISING and (self.pattern.top_s > 0) != (pattern.top_s > 0):
            phase, done = target._rising_at(cue.fullness)
        part = target._part(phase)
        return replace(target, origin_s=t - (part.start_s + done * part.length_s))

    def _rising_at(self, fullness: float) -> tuple[BreathPhase, float]:
        """Return where the in-breath is this full."""
        phase = BreathPhase.INHALE
        if self.pattern.top_s > 0 and fullness > TOP_FROM:
            phase = BreathPhase.TOP
        part = self._part(phase)
        share = min(1.0, max(0.0, (fullness - part.low) / (part.high - part.low)))
        return phase, math.acos(1.0 - 2.0 * share) / math.pi

    def shifted(self, seconds: float) -> "Pacer":
        """Return the same guide, ``seconds`` later: how a pause is taken out of its time."""
        return replace(self, origin_s=self.origin_s + seconds)

    def cycles(self, t: float) -> float:
        """Breaths since the origin at ``t``, with the share of the one under way; phase / 2π."""
        return (t - self.origin_s) / self.pattern.cycle_s

    def begins_s(self, breath: int) -> float:
        """Return the session time at which this breath begins, counted from the origin."""
        return self.origin_s + breath * self._cycle_s

    def changed(self, t: float) -> PaceChanged:
        """State this guide as a fact."""
        p = self.pattern
        return PaceChanged(
            t, p.id, self.origin_s, p.inhale_s, p.hold_full_s, p.exhale_s, p.hold_empty_s, p.top_s
        )


_RISING = (BreathPhase.INHALE, BreathPhase.TOP)


def pacer_of(fact: PaceChanged) -> Pacer:
    """Build the guide that a stored fact describes."""
    pattern = Pattern(
        fact.pattern,
        fact.inhale_s,
        fact.exhale_s,
        fact.hold_full_s,
        fact.hold_empty_s,
        fact.top_s,
    )
    return Pacer(pattern, fact.origin_s)
