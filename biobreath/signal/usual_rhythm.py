"""What a heart lately did by itself: how restless it was, how long and short its intervals were.

Only accepted beats count, so that faults do not teach what is usual; and everything is bounded, so
that nothing can make the judge of beats blind.
"""

from math import inf, log

from biobreath.signal.beat_rules import Rules

CALMEST, MOST_RESTLESS = 0.01, 0.10
RESTLESS_AT_FIRST = 0.03
RESTLESS_MEMORY = 1 / 30
SPAN_MEMORY = 1 / 100
"""A span reaches over some breaths: the beat that comes back long after a short one is usual."""
SPAN_SLACK = 0.05
ECTOPY_MEMORY = 1 / 20


class UsualRhythm:
    """A running picture of the accepted rhythm, in steps (logarithms of ratios)."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._restless = RESTLESS_AT_FIRST
        self._ectopy = 0.0
        self._shortest = self._longest = 0.0
        """Logarithms of the span of accepted intervals; what lies back fades towards the newest."""

    @property
    def surcharge(self) -> float:
        """What the restlessness adds to every price."""
        return self._rules.restless * max(CALMEST, self._restless)

    @property
    def ectopic_share(self) -> float:
        """What is left (0-1) of the price of a premature beat, where they come again and again."""
        return 1.0 - self._rules.again * self._ectopy

    def begin(self, rr_ms: float) -> None:
        """Know of nothing but this interval: a segment begins, or another rhythm."""
        self._shortest = self._longest = log(rr_ms)

    def beyond(self, level: float) -> float:
        """Return how many steps the logarithm of an interval lies out of the usual span."""
        over = level - self._longest - SPAN_SLACK
        under = self._shortest - SPAN_SLACK - level
        return max(0.0, over, under)

    def is_unusually_short(self, rr_ms: float) -> bool:
        """Tell whether an interval is shorter than those that lately were normal."""
        return (log(rr_ms) if rr_ms > 0 else -inf) < self._shortest - SPAN_SLACK

    def accept(self, rr_ms: float, before_ms: float | None) -> None:
        """Take a normal interval, and the one before it where that was normal, too."""
        level = log(rr_ms)
        self._longest = max(level, self._longest - SPAN_MEMORY * (self._longest - level))
        self._shortest = min(level, self._shortest + SPAN_MEMORY * (level - self._shortest))
        if before_ms is not None:
            step = min(MOST_RESTLESS, abs(level - log(before_ms)))
            self._restless += RESTLESS_MEMORY * (step - self._restless)

    def count(self, *, ectopic: bool) -> None:
        """Count one more verdict."""
        self._ectopy += ECTOPY_MEMORY * (ectopic - self._ectopy)
