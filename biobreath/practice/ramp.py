"""A guide that begins where the person breathes, and slows by a quarter of a breath at a time."""

from dataclasses import dataclass

from biobreath.practice.patterns import FASTEST_PER_MINUTE, Pattern

STEP_PER_MINUTE = 0.25
BREATHS_A_STEP = 3
BEGIN_UNKNOWN = 8.0
"""Where the person's own rate is not known: quicker than the goal, slower than most people."""


@dataclass(frozen=True, slots=True)
class Ramp:
    """The way to ``goal``; never quicker than it was and never past the goal."""

    goal: Pattern

    def first(self, own_per_minute: float | None) -> Pattern:
        """Return the breath to begin with for somebody who breathes so often a minute."""
        own = BEGIN_UNKNOWN if own_per_minute is None else min(own_per_minute, FASTEST_PER_MINUTE)
        return self._at(own)

    def next(self, now: Pattern) -> Pattern | None:
        """Return the breath that follows ``now``; None where the goal is reached."""
        rate = now.breaths_per_minute
        if rate <= self.goal.breaths_per_minute + 1e-9:
            return None
        return self._at(rate - STEP_PER_MINUTE)

    def _at(self, rate: float) -> Pattern:
        return self.goal if rate <= self.goal.breaths_per_minute else self.goal.stretched(rate)
