"""How well the chest's breath is told, on chests made of software with a known breath, as Markdown.

    python benchmarks/chest_breath.py [RUNS]

Each row is RUNS sittings of 3 minutes (default 8) at rates drawn from the band, read every 5 s once
half a minute has passed. The error is against the true mean rate of the minute before. Where there
is no breath, every value shown is wrong. The cost is that of feeding and reading.
"""

import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from chest_movement import Body, Chest, chest

from biobreath.signal.chest_breath import ChestBreath
from biobreath.signal.chest_rate import LEAST_S

SITTING_S = 180.0
READ_EVERY_S = 5.0
BANDS = [(4.0, 7.0), (7.0, 10.0), (10.0, 15.0), (15.0, 24.0)]
CONDITIONS = {
    "still, 8 mg": Body(),
    "faint, 2 mg": Body(breath_mg=2.0),
    "faint, 2 mg, hardly drifting": Body(breath_mg=2.0, drift_mg=1.0),
    "deep, 20 mg": Body(breath_mg=20.0),
    "noisy sensor, 3 mg": Body(noise_mg=3.0),
    "uneven, 15 %": Body(uneven=0.15, rest_share=0.25),
    "long rests": Body(rest_share=0.45),
    "held full and empty": Body(rest_share=0.25, full_share=0.25),
    "strong heart, 30 mg": Body(heart_mg=30.0),
    "sway as big as the breath": Body(sway_share=1.0),
    "coughs, 2 a minute": Body(coughs_a_minute=2.0),
    "turns at 60 and 120 s": Body(turns_s=(60.0, 120.0)),
    "walks for 20 s": Body(walks_s=((70.0, 90.0),)),
}
NO_BREATH = {
    "nobody breathes": Body(breath_mg=0.0),
    "nobody breathes, no heart": Body(breath_mg=0.0, heart_mg=0.0, drift_mg=0.0),
    "nobody breathes, sway 3 mg": Body(breath_mg=0.0, sway_mg=3.0),
    "nobody breathes, drift 10 mg": Body(breath_mg=0.0, drift_mg=10.0),
    "nobody breathes, sway, coughs": Body(breath_mg=0.0, sway_mg=3.0, coughs_a_minute=2.0),
    "nobody breathes, turns": Body(breath_mg=0.0, sway_mg=1.0, turns_s=(60.0, 120.0)),
}


def errors(sat: Chest, *, breathes: bool) -> tuple[list[float], float]:
    """Return the error of each reading (``nan`` where none is shown) and the cost in s."""
    breath = ChestBreath()
    read: list[tuple[float, float]] = []
    next_s, spent_s = LEAST_S, 0.0
    for samples, last_s in sat.frames():
        began = time.process_time()
        breath.feed(samples, last_s, sat.asked_hz)
        if last_s >= next_s:
            read.append((last_s, breath.breaths_per_minute(last_s)))
            next_s += READ_EVERY_S
        spent_s += time.process_time() - began
    found = [rate - sat.rate(t) if breathes else rate for t, rate in read]
    return found, spent_s


def row(name: str, band: str, sittings: list[Chest], *, breathes: bool = True) -> str:
    """Read all the sittings of one row."""
    told = [errors(sat, breathes=breathes) for sat in sittings]
    found = np.abs([error for each, _ in told for error in each])
    shown = found[np.isfinite(found)]
    median, p95 = np.percentile(shown, [50, 95]) if breathes and shown.size else (math.nan,) * 2
    wrong = np.mean(shown > 1.0) if shown.size else 0.0
    minutes = sum(float(sat.t_s[-1]) for sat in sittings) / 60.0
    cost_ms = sum(spent_s for _, spent_s in told) * 1000.0 / minutes
    return (
        f"| {name} | {band} | {median:.2f} | {p95:.2f} | {shown.size / found.size:.1%} "
        f"| {wrong:.2%} | {cost_ms:.0f} |"
    )


def slowing(seconds: float) -> Callable[[float], float]:
    """Return a rate that falls from 15 to 5 a minute."""
    return lambda t: 15.0 - 10.0 * min(max(t / seconds, 0.0), 1.0)


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    print("| chest | breaths/min | median error | p95 | shown | wrong by > 1 | ms a minute |")
    print("|---|---|---|---|---|---|---|")
    seed = 0
    for name, body in CONDITIONS.items():
        for low, high in BANDS:
            rates = np.random.default_rng(seed).uniform(low, high, runs)
            sat = [chest(rate, SITTING_S, seed + k, body) for k, rate in enumerate(rates)]
            print(row(name, f"{low:g}–{high:g}", sat), flush=True)
            seed += runs
    for seconds in (300.0, 600.0):
        sat = [chest(slowing(seconds), seconds, seed + k) for k in range(runs)]
        print(row(f"slowing within {seconds / 60:g} min", "15 → 5", sat), flush=True)
        seed += runs
    for name, body in NO_BREATH.items():
        sat = [chest(8.0, SITTING_S, seed + k, body) for k in range(4 * runs)]
        print(row(name, "none", sat, breathes=False), flush=True)
        seed += 4 * runs


if __name__ == "__main__":
    main()
