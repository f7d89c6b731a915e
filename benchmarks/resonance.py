"""The pace finder on simulated people: how near, how sure, and what spoils it.

python benchmarks/resonance.py [--people 200] [--workers 2]
"""

import argparse
import multiprocessing
import time
from dataclasses import replace
from functools import partial

import numpy as np

from biobreath.practice.protocols import PROTOCOLS
from biobreath.sensors.people import person_of
from biobreath.sensors.simulated import SimulatedSensor
from biobreath.sensors.simulated_faults import NO_FAULTS, Faults, Spell
from biobreath.session.pace_finder import find_pace
from biobreath.signal.resonance import Resonance

ECTOPICS = Faults(ventricular=(Spell(share=0.03),), atrial=(Spell(share=0.02),))
WAYS = {
    "sliding": ("sliding", {}, NO_FAULTS),
    "stepped": ("stepped", {}, NO_FAULTS),
    "sliding, 5 % premature": ("sliding", {}, ECTOPICS),
    "sliding, half followed": ("sliding", {"adherence": 0.6}, NO_FAULTS),
    "sliding, stops following half way": ("sliding", {"follows_until_s": 450.0}, NO_FAULTS),
    "sliding, ignored": ("sliding", {"adherence": 0.0}, NO_FAULTS),
}


def one(seed: int, way: str) -> tuple[float, Resonance]:
    """Let one person breathe one protocol."""
    protocol_id, changes, faults = WAYS[way]
    protocol = PROTOCOLS[protocol_id]()
    person = replace(person_of(seed), **changes)
    sensor = SimulatedSensor(seed, protocol.fullness, person=person, faults=faults)
    told = [*protocol.facts(0.0), *sensor.told(protocol.duration_s + 3.0)]
    facts = sorted(told, key=lambda fact: fact.t)
    return person.resonance_per_minute, find_pace(facts, protocol)


def main() -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    wish = parser.parse_args()
    print("| protocol | people | no result | bias | SD | within 0.5 | within 0.25 "
          "| worst | 90 % interval covers | s a person |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|")
    with multiprocessing.Pool(wish.workers) as pool:
        for way in WAYS:
            begun = time.perf_counter()
            told = pool.map(partial(one, way=way), range(wish.people))
            each_s = (time.perf_counter() - begun) / wish.people * wish.workers
            _print(way, told, each_s)
    return 0


def _print(way: str, told: list[tuple[float, Resonance]], each_s: float) -> None:
    known = [(truth, found) for truth, found in told if found.breaths_per_minute is not None]
    line = f"| {way} | {len(told)} | {len(told) - len(known)} "
    if known:
        error = np.array([found.breaths_per_minute - truth for truth, found in known])
        covered = np.mean([found.low <= truth <= found.high for truth, found in known])
        line += (
            f"| {error.mean():+.3f} | {error.std():.3f} | {np.mean(abs(error) <= 0.5):.1%} "
            f"| {np.mean(abs(error) <= 0.25):.1%} | {abs(error).max():.2f} | {covered:.1%} "
        )
    else:
        line += "| | | | | | "
    print(line + f"| {each_s:.2f} |", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
