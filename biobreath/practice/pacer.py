"""The guide of the breath: a pure function of time that never jumps."""

import math
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Pacer:
    """A pattern with the session time at which one of its inhales begins."""

    pattern: Pattern
    origin_s: float = 0.0

    def _spans(self) -> tuple[tuple[BreathPhase, float], ...]:
        p = self.pattern
        return (
            (BreathPhase.INHALE, p.inhale_s),
            (BreathPhase.TOP, p.top_s),
            (BreathPhase.HOLD_FULL, p.hold_full_s),
            (BreathPhase.EXHALE, p.exhale_s),
            (BreathPhase.HOLD_EMPTY, p.hold_empty_s),
        )

    def at(self, t: float) -> BreathCue:
        """Tell where the breath is at session time ``t``: cosine ramps between empty and full."""
        breath, into_s = divmod(t - self.origin_s, self.pattern.cycle_s)
        start_s = 0.0
        last = BreathPhase.EXHALE
        for phase, length_s in self._spans():
            if length_s > 0:
                last = phase
                if into_s < start_s + length_s:
                    done = min(1.0, max(0.0, (into_s - start_s) / length_s))
                    left_s = start_s + length_s - into_s
                    return BreathCue(phase, self._fullness(phase, done), done, left_s, int(breath))
            start_s += length_s
        # Rounding can leave the remainder on the very end of the cycle.
        return BreathCue(last, self._fullness(last, 1.0), 1.0, 0.0, int(breath))

    def _fullness(self, phase: BreathPhase, done: float) -> float:
        low, high = self._reach(phase)
        return low + (high - low) * (0.5 - 0.5 * math.cos(math.pi * done))

    def _reach(self, phase: BreathPhase) -> tuple[float, float]:
        """Return the fullness at the beginning and the end of a phase."""
        return (_REACH_WITH_TOP if self.pattern.top_s > 0 else _REACH)[phase]

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
        start_s = 0.0
        for each, length_s in target._spans():
            if each is phase:
                into_s = start_s + (done * length_s if length_s > 0 else 0.0)
                return replace(target, origin_s=t - into_s)
            start_s += length_s
        raise AssertionError("every phase is one of those there are")  # pragma: no cover

    def _rising_at(self, fullness: float) -> tuple[BreathPhase, float]:
        """Return where the in-breath is this full."""
        phase = BreathPhase.INHALE
        if self.pattern.top_s > 0 and fullness > TOP_FROM:
            phase = BreathPhase.TOP
        low, high = self._reach(phase)
        share = min(1.0, max(0.0, (fullness - low) / (high - low)))
        return phase, math.acos(1.0 - 2.0 * share) / math.pi

    def shifted(self, seconds: float) -> "Pacer":
        """Return the same guide, ``seconds`` later: how a pause is taken out of its time."""
        return replace(self, origin_s=self.origin_s + seconds)

    def cycles(self, t: float) -> float:
        """Breaths since the origin at ``t``, with the share of the one under way; phase / 2π."""
        return (t - self.origin_s) / self.pattern.cycle_s

    def changed(self, t: float) -> PaceChanged:
        """State this guide as a fact."""
        p = self.pattern
        return PaceChanged(
            t, p.id, self.origin_s, p.inhale_s, p.hold_full_s, p.exhale_s, p.hold_empty_s, p.top_s
        )


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
