"""Breathing patterns: how long each part of a breath takes."""

import math
from dataclasses import dataclass

SLOWEST_PER_MINUTE = 3.0
FASTEST_PER_MINUTE = 12.0
PACE_STEP = 0.1
DEFAULT_INHALE_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Pattern:
    """One breath: inhale, a sip more on top, hold full, exhale, hold empty, in seconds.

    Raises
    ------
    ValueError
        When inhale or exhale is not above 0, or another part is below 0.
    """

    id: str
    inhale_s: float
    exhale_s: float
    hold_full_s: float = 0.0
    hold_empty_s: float = 0.0
    top_s: float = 0.0
    """A second, small inhale after the first, as in a sigh."""

    def __post_init__(self) -> None:
        if not (self.inhale_s > 0 and self.exhale_s > 0):
            raise ValueError("A breath needs an inhale and an exhale.")
        if not (self.hold_full_s >= 0 and self.hold_empty_s >= 0 and self.top_s >= 0):
            raise ValueError("A hold cannot be shorter than nothing.")

    @property
    def cycle_s(self) -> float:
        """Length of one whole breath in seconds."""
        return self.rising_s + self.hold_full_s + self.exhale_s + self.hold_empty_s

    @property
    def rising_s(self) -> float:
        """Length of the whole in-breath in seconds."""
        return self.inhale_s + self.top_s

    @property
    def breaths_per_minute(self) -> float:
        """Breaths per minute of this pattern."""
        return 60.0 / self.cycle_s

    def at_rate(self, breaths_per_minute: float) -> "Pattern":
        """Return the same shape of breath at another rate, kept within what the guide offers."""
        return self.stretched(nearest_pace(breaths_per_minute))

    def stretched(self, breaths_per_minute: float) -> "Pattern":
        """Return the same shape of breath at exactly this rate."""
        scale = 60.0 / breaths_per_minute / self.cycle_s
        return Pattern(
            self.id,
            self.inhale_s * scale,
            self.exhale_s * scale,
            self.hold_full_s * scale,
            self.hold_empty_s * scale,
            self.top_s * scale,
        )


def nearest_pace(breaths_per_minute: float) -> float:
    """Round to the steps the guide offers and keep within its ends."""
    stepped = round(breaths_per_minute / PACE_STEP) * PACE_STEP
    return round(min(FASTEST_PER_MINUTE, max(SLOWEST_PER_MINUTE, stepped)), 1)


def next_half(breaths_per_minute: float, way: int) -> float:
    """Return the next whole or half rate above (``way`` 1) or below (-1)."""
    halves = round(breaths_per_minute * 2.0, 6)
    step = math.floor(halves) + 1 if way > 0 else math.ceil(halves) - 1
    return nearest_pace(step / 2.0)


def paced(
    breaths_per_minute: float,
    inhale_share: float = DEFAULT_INHALE_SHARE,
    hold_full_s: float = 0.0,
    hold_empty_s: float = 0.0,
    pattern_id: str = "own",
) -> Pattern:
    """Build a pattern from a rate; ``inhale_share`` is inhale / (inhale + exhale).

    Raises
    ------
    ValueError
        When the holds leave no time for the breath, or the share is not between 0 and 1.
    """
    moving_s = 60.0 / nearest_pace(breaths_per_minute) - hold_full_s - hold_empty_s
    return Pattern(
        pattern_id,
        moving_s * inhale_share,
        moving_s * (1.0 - inhale_share),
        hold_full_s,
        hold_empty_s,
    )


LONG_OUT = Pattern("long-out", 4.0, 6.0)
"""The default: a long out-breath, six breaths a minute, no holds."""

GENTLE = Pattern("gentle", 3.0, 4.0)
"""The easier pace."""
