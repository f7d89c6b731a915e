"""Who is simulated, and on what kind of day: people by seed, by name, and by age and fitness.

The field's anchors: heart rate swings by 20 ± 5 bpm in a young adult who breathes slower than 6/min
(Hirsch & Bishop 1981) and by 1 to 46 bpm, 8.6 on average, in 635 adults; it resonates at 4.5 to
6.5 breaths a minute; a trained heart rests below 50 bpm, an untrained one in the seventies. How age
and fitness are spread between those anchors is a choice of this project, and so are the days.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from biobreath.sensors.chance import Stream, stream_of

SMALLEST_BPM, LARGEST_BPM = 0.5, 20.0
"""Half the swing of the flattest and of the liveliest heart."""
STOPS_AFTER_S = 120.0
"""When the person called ``stopping`` stops following."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is simulated; the defaults are an adult of middle age in good health.

    ``amplitude_bpm`` is half the heart-rate swing of a breath at 6/min in rest, at resonance.
    ``adherence`` (0-1) is how much of the breath follows the guide, until ``follows_until_s`` of
    the sitting. ``stress`` (0-1) is where tension starts; it fades, faster with a guide.
    ``posture`` is 0 lying, 1 standing.
    """

    age: int = 45
    resonance_per_minute: float = 5.6
    resonance_q: float = 2.0
    amplitude_bpm: float = 7.4
    direct_share: float = 0.18
    resting_rate_bpm: float = 62.0
    own_breaths_per_minute: float = 14.0
    inhale_share: float = 0.42
    adherence: float = 1.0
    follows_until_s: float = math.inf
    stress: float = 0.5
    posture: float = 0.0
    mayer_bpm: float = 1.2
    slow_waves_bpm: float = 1.7
    jitter_ms: float = 4.0


def person_of(seed: int) -> Person:
    """Return the person that a seed stands for; people differ as adults do."""
    rng = stream_of(seed, Stream.PERSON)
    age = int(rng.integers(20, 76))
    return Person(
        age=age,
        resonance_per_minute=float(rng.uniform(4.6, 6.4)),
        resonance_q=float(rng.uniform(1.5, 2.5)),
        amplitude_bpm=float(
            np.clip(_typical_amplitude_bpm(age) * np.exp(rng.normal(0, 0.25)), 3.0, 12.0)
        ),
        direct_share=float(rng.uniform(0.1, 0.25)),
        resting_rate_bpm=float(rng.uniform(56, 72)),
        own_breaths_per_minute=float(rng.uniform(12, 16)),
        inhale_share=float(rng.uniform(0.4, 0.5)),
        adherence=float(rng.uniform(0.9, 1.0)),
        stress=float(rng.uniform(0.3, 0.8)),
        mayer_bpm=float(rng.uniform(1.0, 1.5)),
        slow_waves_bpm=float(rng.uniform(1.5, 2.0)),
        jitter_ms=float(rng.uniform(3.0, 6.0)),
    )


def person_like(
    age: int = 45,
    fitness: float = 0.5,
    resonance_per_minute: float = 5.6,
    adherence: float = 1.0,
) -> Person:
    """Return the typical person of that age (years) and fitness (0 none, 0.5 average, 1 athlete).

    Fitness lowers the resting rate from 76 to 48 bpm and makes the swing half as large again; the
    untrained heart's is a third smaller. An athlete breathes some four breaths a minute slower.
    """
    amplitude_bpm = _typical_amplitude_bpm(age) * 1.5 ** (2.0 * fitness - 1.0)
    liveliness = math.sqrt(amplitude_bpm / Person().amplitude_bpm)
    return Person(
        age=age,
        resonance_per_minute=resonance_per_minute,
        amplitude_bpm=min(LARGEST_BPM, max(SMALLEST_BPM, amplitude_bpm)),
        resting_rate_bpm=76.0 - 28.0 * fitness,
        own_breaths_per_minute=16.0 - 4.0 * fitness + 0.03 * (age - 45),
        adherence=adherence,
        mayer_bpm=min(1.5, max(1.0, 1.2 * liveliness)),
        slow_waves_bpm=min(2.0, max(1.5, 1.7 * liveliness)),
        jitter_ms=3.0 + 3.0 * fitness,
    )


def _typical_amplitude_bpm(age: int) -> float:
    return 9.0 - 0.07 * (age - 20)


PEOPLE: Mapping[str, Person] = MappingProxyType(
    {
        "average": Person(),
        "young": person_like(age=22, fitness=0.7),
        "athlete": person_like(age=28, fitness=1.0, resonance_per_minute=5.0),
        "older": person_like(age=74, fitness=0.4, resonance_per_minute=6.0),
        # A stiff heart whose own noise is small too, so that a swing of 2 bpm can be told from it.
        "flat": replace(
            person_like(age=64, fitness=0.1),
            amplitude_bpm=1.0,
            mayer_bpm=0.4,
            slow_waves_bpm=0.6,
            jitter_ms=2.0,
        ),
        "ignoring": Person(adherence=0.0),
        "stopping": Person(follows_until_s=STOPS_AFTER_S),
    }
)
"""People to order by name; ``ignoring`` never looks at the guide, ``stopping`` leaves it."""


@dataclass(frozen=True, slots=True)
class Day:
    """How a person comes to a sitting.

    ``stress`` and ``posture`` take the place of the person's own; the swing and the own breathing
    rate are multiplied. Tension fades in a sitting, the rest of a day stays.
    """

    stress: float
    posture: float
    amplitude_share: float
    own_breaths_share: float


RESTED = Day(stress=0.15, posture=0.0, amplitude_share=1.1, own_breaths_share=0.95)
"""Slept well, lying down, nothing pressing."""
STRESSED = Day(stress=1.0, posture=0.2, amplitude_share=0.9, own_breaths_share=1.2)
"""A hard day, sitting up: the rate starts some 20 bpm higher and comes down."""
FLARE = Day(stress=0.8, posture=0.4, amplitude_share=0.5, own_breaths_share=1.3)
"""Symptoms at their worst, propped up: half the swing, quick breaths, a rate that stays up."""

DAYS: Mapping[str, Day] = MappingProxyType({"rested": RESTED, "stressed": STRESSED, "flare": FLARE})


def on_day(person: Person, day: Day) -> Person:
    """Return the person as they are on such a day."""
    return replace(
        person,
        stress=day.stress,
        posture=day.posture,
        amplitude_bpm=person.amplitude_bpm * day.amplitude_share,
        own_breaths_per_minute=person.own_breaths_per_minute * day.own_breaths_share,
    )
