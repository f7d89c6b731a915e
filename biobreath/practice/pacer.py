"""The guide of the breath: a pure function of time that never jumps."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from biobreath.events import PaceChanged
from biobreath.practice.patterns import Pattern


class BreathPhase(StrEnum):
    """The part of a breath."""

    INHALE = "inhale"
    HOLD_FULL = "hold_full"
    EXHALE = "exhale"
    HOLD_EMPTY = "hold_empty"


@dataclass(frozen=True, slots=True)
class BreathCue:
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
                    return BreathCue(phase, _fullness(phase, done), done, left_s, int(breath))
            start_s += length_s
        # Rounding can leave the remainder on the very end of the cycle.
        return BreathCue(last, _fullness(last, 1.0), 1.0, 0.0, int(breath))

    def retuned(self, t: float, pattern: Pattern) -> "Pacer":
        """Change the pattern at ``t`` without a jump: the same share of the same phase is done.

        A hold that the new pattern does not have passes on to the phase that follows it, which
        begins with the same fullness.
        """
        cue = self.at(t)
        target = Pacer(pattern)
        start_s = 0.0
        for phase, length_s in target._spans():
            if phase is cue.phase:
                into_s = start_s + (cue.done * length_s if length_s > 0 else 0.0)
                return replace(target, origin_s=t - into_s)
            start_s += length_s
        raise AssertionError("every phase is one of the four")  # pragma: no cover

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
            t, p.id, self.origin_s, p.inhale_s, p.hold_full_s, p.exhale_s, p.hold_empty_s
        )


def pacer_of(fact: PaceChanged) -> Pacer:
    """Build the guide that a stored fact describes."""
    pattern = Pattern(
        fact.pattern, fact.inhale_s, fact.exhale_s, fact.hold_full_s, fact.hold_empty_s
    )
    return Pacer(pattern, fact.origin_s)


def _fullness(phase: BreathPhase, done: float) -> float:
    if phase is BreathPhase.INHALE:
        return 0.5 - 0.5 * math.cos(math.pi * done)
    if phase is BreathPhase.EXHALE:
        return 0.5 + 0.5 * math.cos(math.pi * done)
    return 1.0 if phase is BreathPhase.HOLD_FULL else 0.0
