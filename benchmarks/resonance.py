"""The pace finder on simulated people: how near, how sure, and what spoils it.

    python -m benchmarks resonance

Two processes work at it; the first table of people takes most of a minute.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.report import Row, progress
from biobreath.practice.protocols import PROTOCOLS
from biobreath.sensors.people import person_of
from biobreath.sensors.simulated import SimulatedSensor
from biobreath.sensors.simulated_faults import NO_FAULTS, Faults, Spell
from biobreath.session.pace_finder import find_pace
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


def rows(_folder: Path) -> Iterator[Row]:
    """Let everybody breathe every protocol."""
    with multiprocessing.Pool(WORKERS) as pool:
        for way in WAYS:
            progress(f"{PEOPLE} people, {way}")
            yield _row(way, pool.map(partial(one, way=way), range(PEOPLE)))


def _row(way: str, told: list[tuple[float, Resonance]]) -> Row:
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
        "95 % within 0.5, 75 % within 0.25; 90 % interval covers 85-95 %" if way in JUDGED else "",
        f"{half:.1%}, {quarter:.1%}; {covered:.1%}; bias {error.mean():+.3f}, "
        f"SD {error.std():.3f}, worst {abs(error).max():.2f}, no result {silent}",
        met if way in JUDGED else None,
    )


TABLES: dict[str, Callable[[Path], Iterator[Row]]] = {
    f"Finding the pace, {PEOPLE} simulated people (§4)": rows
}
