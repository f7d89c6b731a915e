"""The pace finder on simulated people: how near, how sure, and what spoils it.

    python -m benchmarks resonance

Two processes work at it; the first table of people takes most of a minute.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.report import Row, progress
from biobreath.events import Event
from biobreath.heart_rate_service import from_beat_times
from biobreath.practice.protocols import PROTOCOLS, STEPS_PER_MINUTE, one_step
from biobreath.sensors.heart_model import TICKS_PER_SECOND, HeartModel
from biobreath.sensors.people import RESTED, STRESSED, Day, on_day, person_of
from biobreath.sensors.simulated import SimulatedSensor
from biobreath.sensors.simulated_faults import NO_FAULTS, Faults, Spell
from biobreath.session.pace_finder import find_pace, find_pace_in_steps
from biobreath.signal.resonance import Resonance

PEOPLE, WORKERS = 200, 2
ECTOPICS = Faults(ventricular=(Spell(share=0.03),), atrial=(Spell(share=0.02),))
WAYS = {
    "sliding": ("sliding", {}, NO_FAULTS),
    "stepped": ("stepped", {}, NO_FAULTS),
    "sliding, 5 % premature": ("sliding", {}, ECTOPICS),
    "sliding, half followed": ("sliding", {"adherence": 0.6}, NO_FAULTS),
    "sliding, stops following half way": ("sliding", {"follows_until_s": 450.0}, NO_FAULTS),
    "sliding, ignored": ("sliding", {"adherence": 0.0}, NO_FAULTS),
}
LACKING = {
    "no interval": lambda _rng, _ends_s: 0,
    "one interval": lambda _rng, _ends_s: 1,
    "5-20 s": lambda rng, ends_s: int(np.searchsorted(ends_s, rng.uniform(5.0, 20.0))),
}
"""What may be missing at the beginning of a file without a guide: how many intervals."""
_DAY_RANGES = [
    (getattr(RESTED, field.name), getattr(STRESSED, field.name)) for field in fields(Day)
]
FILES = [(protocol, lacking) for protocol in ("sliding", "stepped") for lacking in LACKING]
BAR = "95 % within 0.5, 75 % within 0.25; 90 % interval covers 85-95 %"
JUDGED = ("sliding", "stepped", "sliding, 5 % premature")


def one(seed: int, way: str) -> tuple[float, Resonance]:
    """Let one person breathe one protocol."""
    protocol_id, changes, faults = WAYS[way]
    protocol = PROTOCOLS[protocol_id]()
    person = replace(person_of(seed), **changes)
    sensor = SimulatedSensor(seed, protocol.fullness, person=person, faults=faults)
    told = [*protocol.facts(0.0), *sensor.told(protocol.duration_s + 3.0)]
    facts = sorted(told, key=lambda fact: fact.t)
    return person.resonance_per_minute, find_pace(facts, protocol)


def over_days(seed: int) -> tuple[float, Resonance]:
    """Let one person breathe one rate a day, on days between a rested and a stressed one."""
    person, rng = person_of(seed), np.random.default_rng(seed)
    sittings: list[list[Event]] = []
    for day, per_minute in enumerate(STEPS_PER_MINUTE):
        course, share = one_step(per_minute), float(rng.random())
        mood = Day(*(low + share * (high - low) for low, high in _DAY_RANGES))
        sensor = SimulatedSensor(1000 * day + seed, course.fullness, person=on_day(person, mood))
        told = [*course.facts(0.0), *sensor.told(course.duration_s + 3.0)]
        sittings.append(sorted(told, key=lambda fact: fact.t))
    return person.resonance_per_minute, find_pace_in_steps(sittings)[0]


def of_file(seed: int, protocol_id: str, lacking: str) -> tuple[float, Resonance]:
    """Let one person breathe one protocol, and keep the intervals alone, without the first."""
    protocol, person = PROTOCOLS[protocol_id](), person_of(seed)
    beats = HeartModel(person, seed, protocol.fullness).advance(protocol.duration_s)
    ends_s = np.array([beat.ticks for beat in beats]) / TICKS_PER_SECOND
    rr_ms = np.diff(ends_s, prepend=0.0) * 1000.0
    rr_ms = rr_ms[LACKING[lacking](np.random.default_rng(seed), ends_s) :]
    t_s = np.cumsum(rr_ms) / 1000.0
    facts = [
        from_beat_times(t, [(t, rr)]) for t, rr in zip(t_s.tolist(), rr_ms.tolist(), strict=True)
    ]
    return person.resonance_per_minute, find_pace(facts, protocol)


def rows(_folder: Path) -> Iterator[Row]:
    """Let everybody breathe every protocol."""
    with multiprocessing.Pool(WORKERS) as pool:
        for way in WAYS:
            progress(f"{PEOPLE} people, {way}")
            told = pool.map(partial(one, way=way), range(PEOPLE))
            yield _row(way, told, judged=way in JUDGED)
        progress(f"{PEOPLE} people, a step a day")
        yield _row("stepped, one rate a day", pool.map(over_days, range(PEOPLE)), judged=True)
        for protocol_id, lacking in FILES:
            way = f"{protocol_id}, a file without a guide that lacks {lacking} at first"
            progress(f"{PEOPLE} people, {way}")
            breathe = partial(of_file, protocol_id=protocol_id, lacking=lacking)
            yield _row(way, pool.map(breathe, range(PEOPLE)), judged=True)


def _row(way: str, told: list[tuple[float, Resonance]], *, judged: bool) -> Row:
    known = [(truth, found) for truth, found in told if found.breaths_per_minute is not None]
    silent = len(told) - len(known)
    if not known:
        return Row(way, "no result", f"{silent} of {len(told)} told none", silent == len(told))
    error = np.array([found.breaths_per_minute - truth for truth, found in known])
    covered = np.mean([found.low <= truth <= found.high for truth, found in known])
    half, quarter = np.mean(abs(error) <= 0.5), np.mean(abs(error) <= 0.25)
    met = bool(half >= 0.95 and quarter >= 0.75 and 0.85 <= covered <= 0.95)
    return Row(
        way,
        BAR if judged else "",
        f"{half:.1%}, {quarter:.1%}; {covered:.1%}; bias {error.mean():+.3f}, "
        f"SD {error.std():.3f}, worst {abs(error).max():.2f}, no result {silent}",
        met if judged else None,
    )


TABLES: dict[str, Callable[[Path], Iterator[Row]]] = {
    f"Finding the pace, {PEOPLE} simulated people (§4)": rows
}
