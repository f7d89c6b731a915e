"""How a person breathes: after the guide where they follow one, freely where they do not."""

import math
from collections.abc import Callable

import numpy as np

from biobreath.sensors.chance import normals
from biobreath.sensors.people import Person

Guide = Callable[[float], float | None]
"""Fullness (0-1) that the guide shows at a time in s; None while there is no guide."""

STEP_S = 1 / 32
"""A binary fraction, so that the grid of steps is exact."""
JOINING_S = 3.0
"""How fast a person joins a guide, or leaves it."""
LAG_S, LEAST_LAG_S, MOST_LAG_S = 0.35, 0.1, 0.8
"""How far a person follows behind the guide: on average, and at its most different."""
PACED_VARIATION, FREE_VARIATION = 0.02, 0.08
"""How much breaths vary in length, as a share of it."""


class Lungs:
    """How full the lungs are, -1 to 1 at 6 breaths a minute; slower breaths are deeper."""

    def __init__(self, person: Person, guide: Guide, rng: np.random.Generator) -> None:
        self._person = person
        self._guide = guide
        self._chance = normals(rng)
        self.guided_share = 0.0
        """How much of the breath follows the guide now, 0-1."""
        self._fullness = 0.5
        self._rose_at: float | None = None
        self._depth_wanted = self._depth = 1.0
        self._lag_s = self._lag_wanted_s = LAG_S
        self._own_start = -math.inf
        self._own_cycle_s = self._own_inhale_s = self._own_depth = 1.0

    def at(self, t: float) -> float:
        """Return the volume at ``t``; called once for each step, in order."""
        shown = self._guide(t - self._lag_s)
        follows = shown is not None and t < self._person.follows_until_s
        wanted = self._person.adherence if follows else 0.0
        self.guided_share += (wanted - self.guided_share) * STEP_S / JOINING_S
        if abs(wanted - self.guided_share) < 1e-3:
            self.guided_share = wanted
        own = self._own(t)
        if self.guided_share == 0.0:
            return own
        if shown is not None:
            self._watch(t, shown)
        guided = self._depth * (2.0 * self._fullness - 1.0)
        return self.guided_share * guided + (1.0 - self.guided_share) * own

    def _watch(self, t: float, shown: float) -> None:
        """Learn from the guide's half-way rises how fast it breathes."""
        if self._fullness < 0.5 <= shown:
            if self._rose_at is not None and 2.0 < t - self._rose_at < 30.0:
                self._heard_cycle(t - self._rose_at)
            self._rose_at = t
        self._fullness = shown
        self._depth += (self._depth_wanted - self._depth) * STEP_S / JOINING_S
        self._lag_s += (self._lag_wanted_s - self._lag_s) * STEP_S / 2.0

    def _heard_cycle(self, cycle_s: float) -> None:
        """Suit the depth to the pace; be a little earlier or later with the next breath."""
        self._depth_wanted = depth_of(1.0 / cycle_s)
        # A cycle is as long as the guide's and the difference of two lags.
        spread_s = PACED_VARIATION * cycle_s / math.sqrt(2.0)
        lag_s = LAG_S + spread_s * next(self._chance)
        self._lag_wanted_s = min(MOST_LAG_S, max(LEAST_LAG_S, lag_s))

    def _own(self, t: float) -> float:
        """Return the volume of a breath that no guide leads."""
        into_s = t - self._own_start
        if into_s >= self._own_cycle_s:
            self._next_own(t)
            into_s = 0.0
        if into_s < self._own_inhale_s:
            return -self._own_depth * math.cos(math.pi * into_s / self._own_inhale_s)
        exhale_s = self._own_cycle_s - self._own_inhale_s
        return self._own_depth * math.cos(math.pi * (into_s - self._own_inhale_s) / exhale_s)

    def _next_own(self, t: float) -> None:
        varied = 1.0 + FREE_VARIATION * min(3.0, max(-3.0, next(self._chance)))
        self._own_start = t
        self._own_cycle_s = 60.0 / self._person.own_breaths_per_minute * varied
        self._own_inhale_s = self._person.inhale_share * self._own_cycle_s
        self._own_depth = depth_of(1.0 / self._own_cycle_s)


def depth_of(breaths_hz: float) -> float:
    """Return how deep a person breathes at this rate, against 6 breaths a minute."""
    return (0.1 / breaths_hz) ** 0.25
