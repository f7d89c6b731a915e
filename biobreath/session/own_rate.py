"""The person's own breathing rate, as their heart alone tells it: said late, or not at all.

It comes from the swing that breathing puts on the heart rate; the guide has no part in it. The
estimate looks back over a minute and a half, so it is a rate and no curve: a line drawn from it
would seem to show breaths as they are, and would show those of a minute ago.
"""

from collections import deque

STEADY_S = 30.0
"""So long the estimate has to agree with itself. In simulated sittings of people who follow, or
breathe at a pace of their own, what is then said was within half a breath a minute of the truth;
a heart that follows half is right within one."""
AGREES = 0.5
"""Breaths a minute between the lowest and the highest estimate of that time."""
MOST_APART_S = 10.0
"""Estimates further apart say nothing of what was between them."""
STEP = 0.5
"""What is said is rounded to this, in breaths a minute: more is not known."""


class OwnRate:
    """Takes every estimate with its time; tells the rate once it is steady.

    Examples
    --------
    >>> own = OwnRate()
    >>> [own.told(t, 6.1) for t in (0.0, 10.0, 20.0, 30.0)]
    [None, None, None, 6.0]
    >>> own.told(33.0, None) is None
    True
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()

    def told(self, t: float, per_minute: float | None) -> float | None:
        """Return the rate (a minute) at ``t``; None while it is not sure.

        ``per_minute`` is the newest estimate, None where there is none.
        """
        seen = self._seen
        if per_minute is None or (seen and t - seen[-1][0] > MOST_APART_S):
            seen.clear()
        if per_minute is None:
            return None
        seen.append((t, per_minute))
        while len(seen) > 1 and t - seen[1][0] >= STEADY_S:
            seen.popleft()
        rates = [rate for _, rate in seen]
        if t - seen[0][0] < STEADY_S or max(rates) - min(rates) > AGREES:
            return None
        return round(per_minute / STEP) * STEP
