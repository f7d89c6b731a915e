"""The pace finder: which breath is asked for when, fixed beforehand.

Sliding: 6.75 down to about 4.25 breaths a minute within a quarter of an hour, each breath 67.04 ms
longer than the last, in- and out-breath alike (Fisher & Lehrer 2022). Stepped: five rates of two
minutes each with two minutes of rest between (Lehrer; Shaffer & Meehan 2020). Or one of its steps
alone, so that the five can be spread over several days.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from biobreath.events import PaceChanged, Paused
from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import Pattern

SLIDING_FROM_PER_MINUTE = 6.75
SLIDING_LONGER_S = 0.06704
SLIDING_BREATHS = 78
STEPS_PER_MINUTE = (6.5, 6.0, 5.5, 5.0, 4.5)
STEP_S = 120.0
REST_S = 120.0
ONE_STEP = "one_step"
"""The pattern of a step that is a sitting of its own."""


@dataclass(frozen=True)
class Protocol:
    """Guides with the times (s) from which they hold; None is a rest."""

    id: str
    parts: tuple[tuple[float, Pacer | None], ...]
    duration_s: float

    @cached_property
    def _starts(self) -> list[float]:
        return [since for since, _ in self.parts]

    def at(self, t: float) -> Pacer | None:
        """Return the guide ``t`` seconds after the protocol began; None in a rest, and outside."""
        if not 0.0 <= t < self.duration_s:
            return None
        return self.parts[bisect_right(self._starts, t) - 1][1]

    def fullness(self, t: float) -> float | None:
        """Return how full the breath is (0-1); None in a rest."""
        pacer = self.at(t)
        return None if pacer is None else pacer.fullness(t)

    def facts(self, begun_s: float) -> Iterator[PaceChanged | Paused]:
        """Yield what a sitting records of this protocol when it begins at ``begun_s``."""
        for since, pacer in self.parts:
            t = begun_s + since
            yield Paused(t) if pacer is None else pacer.shifted(begun_s).changed(t)
        yield Paused(begun_s + self.duration_s)


def sliding() -> Protocol:
    """Return the sliding protocol: every breath has its own length."""
    parts: list[tuple[float, Pacer | None]] = []
    t, length_s = 0.0, 60.0 / SLIDING_FROM_PER_MINUTE
    for _ in range(SLIDING_BREATHS):
        parts.append((t, Pacer(Pattern("sliding", length_s / 2, length_s / 2), t)))
        t += length_s
        length_s += SLIDING_LONGER_S
    return Protocol("sliding", tuple(parts), t)


def stepped() -> Protocol:
    """Return the stepped protocol: quickest rate first, a rest after each but the last."""
    parts: list[tuple[float, Pacer | None]] = []
    t = 0.0
    for number, rate in enumerate(STEPS_PER_MINUTE):
        if number:
            parts.append((t, None))
            t += REST_S
        parts.append((t, Pacer(Pattern("stepped", 30.0 / rate, 30.0 / rate), t)))
        t += STEP_S
    return Protocol("stepped", tuple(parts), t)


def one_step(per_minute: float) -> Protocol:
    """Return one step of the stepped protocol as a course of its own."""
    pacer = Pacer(Pattern(ONE_STEP, 30.0 / per_minute, 30.0 / per_minute), 0.0)
    return Protocol(ONE_STEP, ((0.0, pacer),), STEP_S)


PROTOCOLS = {"sliding": sliding, "stepped": stepped}
