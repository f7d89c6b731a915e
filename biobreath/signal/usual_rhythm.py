"""What a heart lately did by itself: how restless it was, how long and short its intervals were.

Only accepted beats count, so that faults do not teach what is usual; and everything is bounded, so
that nothing can make the judge of beats blind.
"""

from collections import deque
from math import inf, log
from statistics import median

from biobreath.signal.beat_rules import Rules

CALMEST, MOST_RESTLESS = 0.01, 0.10
RESTLESS_AT_FIRST = 0.03
RESTLESS_MEMORY = 1 / 30
SPAN_MEMORY = 1 / 100
"""A span reaches over some breaths: the beat that comes back long after a short one is usual."""
SPAN_SLACK = 0.05
FASTEST_MEMORY = 1 / 1000
"""In about a quarter of an hour: a heart that was quicker a while ago can be so again at once."""
FEW_BEATS = 10
"""With fewer nobody knows how quick this heart usually is."""
STEPS = 8
"""So many breaths are remembered by their big step."""
SAME_STEP = 0.12
SAME_DIP = 0.1
FEW_STEPS = 3
"""With fewer nobody knows how this heart's steps are alike."""
CLEARLY = 4.0
"""A beat missed before a step has to explain so many times what the steps differ by."""
LEAST_UNLIKE = 0.015
SAME_FOOT = 0.25
"""And it has to leave steps as they were, or it is another rhythm."""
LN2 = log(2.0)
FEW_PREMATURE = 0.03
ECTOPY_MEMORY = 1 / 20


class UsualRhythm:
    """A running picture of the accepted rhythm, in steps (logarithms of ratios)."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._restless = RESTLESS_AT_FIRST
        self.ectopy = 0.0
        """How much of what came lately was premature, 0-1; the newest counts most."""
        self._shortest = self._longest = 0.0
        """Logarithms of the span of accepted intervals; what lies back fades towards the newest."""
        self.low = self.high = 0.0
        """The same with some slack: within these a level is usual."""
        self._accepted = 0
        self._steps: deque[tuple[float, float, float, float]] = deque(maxlen=STEPS)
        """The two levels before a big step that lately led to a slower rate, and two after it."""
        self._foot: tuple[float, float, float, float] | None = None
        """The middle of those, as soon as there are some."""
        self._unlike = 0.0
        """How far the tops of the steps lie from their middle."""
        self._newest = 0.0
        self._earlier = 0.0
        """Levels of the two newest normal intervals."""
        self._fastest = inf
        """Logarithm of the shortest interval of many minutes, whatever rhythm came since."""
        self.surcharge = rules.restless * RESTLESS_AT_FIRST
        """What the restlessness adds to every price."""

    @property
    def ectopic_share(self) -> float:
        """What is left (0-1) of the price of a premature beat, where they come again and again."""
        return 1.0 - self._rules.again * self.ectopy

    def begin(self, rr_ms: float) -> None:
        """Know of nothing but this interval: a segment begins, or another rhythm."""
        level = log(rr_ms)
        self._shortest = self._longest = level
        self.low, self.high = level - SPAN_SLACK, level + SPAN_SLACK
        self._fastest = min(self._fastest, level)

    def beyond(self, level: float) -> float:
        """Return how many steps the logarithm of an interval lies out of the usual span."""
        return max(0.0, level - self.high, self.low - level)

    def is_unusually_short(self, rr_ms: float) -> bool:
        """Tell whether an interval is shorter than those that lately were normal."""
        return (log(rr_ms) if rr_ms > 0 else -inf) < self.low

    def is_unusually_fast(self, rr_ms: float) -> bool:
        """Tell whether an interval is shorter than those of the last minutes; not in the first."""
        return self._accepted >= FEW_BEATS and log(rr_ms) < self._fastest - SPAN_SLACK

    def remember_step(self, level: float, after: float) -> None:
        """Take a big step to a slower rate which then stayed: it may come with every breath."""
        steps = self._steps
        steps.append((self._earlier, self._newest, level, after))
        if len(steps) >= FEW_STEPS:
            earlier, foot, top, second = (median(levels) for levels in zip(*steps, strict=True))
            self._foot = earlier, foot, top, second
            self._unlike = median(abs(step[2] - top) for step in steps)

    def is_known_step(self, before: float, level: float, dip: float | None) -> bool:
        """Tell whether such a step was taken lately, from and to about the same.

        So must be the ``dip`` to where it begins, where that is not accepted yet: before a pause
        there is a premature beat. Not where these come often: their pauses are as regular.
        """
        if self.ectopy > FEW_PREMATURE or (dip is not None and self.is_deeper(dip)):
            return False
        return any(
            abs(start - before) < SAME_STEP and abs(end - level) < SAME_STEP
            for _, start, end, _ in self._steps
        )

    def is_deeper(self, dip: float) -> bool:
        """Tell whether no big step of late began so far below the interval before."""
        return all(dip > earlier - start + SAME_DIP for earlier, start, _, _ in self._steps)

    def hides_foot(self, before: float, level: float, after: float) -> bool:
        """Tell whether a big interval is the last two before the step rather than its top.

        A beat was missed there: what came before lies one interval further up, and what comes
        after is the top, where it would be the interval after that. Not where nobody knows.
        """
        if self._foot is None:
            return False
        earlier, foot, top, second = self._foot
        as_top = abs(before - foot) + abs(level - top) + abs(after - level - (second - top))
        as_foot = abs(before - earlier) + abs(level - LN2 - foot) + abs(after - top)
        clearly = as_top - as_foot > CLEARLY * max(LEAST_UNLIKE, self._unlike)
        return clearly and as_foot < SAME_FOOT

    def accept(self, level: float, before: float | None) -> None:
        """Take the logarithm of a normal interval, and of the one before it if that was normal."""
        self._longest = max(level, self._longest - SPAN_MEMORY * (self._longest - level))
        self._shortest = min(level, self._shortest + SPAN_MEMORY * (level - self._shortest))
        self.low, self.high = self._shortest - SPAN_SLACK, self._longest + SPAN_SLACK
        self._accepted += 1
        self._earlier, self._newest = self._newest, level
        self._fastest = min(level, self._fastest + FASTEST_MEMORY * (level - self._fastest))
        if before is not None:
            step = min(MOST_RESTLESS, abs(level - before))
            self._restless += RESTLESS_MEMORY * (step - self._restless)
            self.surcharge = self._rules.restless * max(CALMEST, self._restless)
        self.ectopy -= ECTOPY_MEMORY * self.ectopy

    def correct(self, *, ectopic: bool) -> None:
        """Take a correction: nothing of it is usual, but premature beats come in numbers."""
        self.ectopy += ECTOPY_MEMORY * (ectopic - self.ectopy)
