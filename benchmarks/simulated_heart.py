"""How true the simulated heart is to its equations and to the field's anchors, as Markdown.

    python benchmarks/simulated_heart.py

Everything but the last row is the same on every machine; it takes a minute or two.
"""

import math
import time
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import paced
from biobreath.sensors.breath_model import STEP_S, Guide, depth_of
from biobreath.sensors.heart_model import HeartModel, RateModel
from biobreath.sensors.people import FLARE, PEOPLE, RESTED, STRESSED, Person, on_day, person_of
from biobreath.sensors.simulated import no_guide, simulate
from biobreath.sensors.simulated_faults import NO_FAULTS, Faults, often
from biobreath.signal.coherence import coherence_of_record

Floats = NDArray[np.float64]
SEEDS = range(40)
PACES = np.arange(3.0, 15.01, 0.5)
EVERYTHING = Faults(
    ventricular=often(0.03),
    atrial=often(0.02),
    missed=often(0.02),
    extra=often(0.02),
    contact_loss=often(0.03),
    dropouts=often(0.02),
    link_loss=often(0.03),
    stalls=often(0.05),
    duplicates=often(0.01),
    garbage=often(0.02),
    jitter_s=1.5,
    battery_percent=50,
)


def quiet(person: Person) -> Person:
    """Return the person with nothing but the answer to the breath: no noise, no tension."""
    return replace(person, mayer_bpm=0.0, slow_waves_bpm=0.0, jitter_ms=0.0, stress=0.0)


def sine(pace: float) -> Guide:
    """Return a guide of one frequency only."""
    return lambda t: 0.5 - 0.5 * math.cos(2.0 * math.pi * pace / 60.0 * t)


def shape(pace: float) -> Guide:
    """Return the guide of the program, in 40 % of the breath in."""
    pacer = Pacer(paced(pace, 0.4))
    return lambda t: pacer.at(t).fullness


def analytic_gain(person: Person, pace: float) -> float:
    """Return the published answer to a breath of constant depth."""
    hz, resonance_hz = pace / 60.0, person.resonance_per_minute / 60.0
    reflex = 1.0 / (1.0 + 1j * person.resonance_q * (hz / resonance_hz - resonance_hz / hz))
    direct = 1.0 / (1.0 + 1j * hz / 0.35)
    return abs((1.0 - person.direct_share) * reflex + person.direct_share * direct)


def analytic_swing_bpm(person: Person, pace: float) -> float:
    """Return the published swing of a calm person who is guided."""
    return 2.5 * person.amplitude_bpm * analytic_gain(person, pace) * depth_of(pace / 60.0)


def fitted_bpm(t: Floats, rate_bpm: Floats, pace: float) -> float:
    """Return the swing of a rate at one frequency, by least squares."""
    angle = 2.0 * math.pi * pace / 60.0 * t
    columns = np.column_stack([np.ones_like(t), np.cos(angle), np.sin(angle)])
    fit = np.linalg.lstsq(columns, rate_bpm, rcond=None)[0]
    return 2.0 * float(np.hypot(fit[1], fit[2]))


def model_swing_bpm(person: Person, pace: float, seconds: float = 900.0) -> float:
    """Return the swing of the rate itself, after everything has settled."""
    model = RateModel(quiet(person), sine(pace), np.random.default_rng(0))
    rate = np.array([model.step(i * STEP_S) for i in range(int(seconds / STEP_S))])
    t = np.arange(rate.size) * STEP_S
    late = t > seconds - 240.0
    return fitted_bpm(t[late], rate[late], pace)


def beats_of(person: Person, guide: Guide, seconds: float, seed: int) -> tuple[Floats, Floats]:
    """Return beat times (s) and the intervals (ms) that end there."""
    ticks = np.array([b.ticks for b in HeartModel(person, seed, guide).advance(seconds)])
    return ticks[1:] / 1024.0, np.diff(ticks) * 125.0 / 128.0


def beats_swing_bpm(person: Person, pace: float, seconds: float = 900.0) -> float:
    """Return the swing that intervals tell; a rate belongs to the middle of its interval."""
    t, rr_ms = beats_of(quiet(person), sine(pace), seconds, 1)
    late = t > seconds - 240.0
    return fitted_bpm((t - rr_ms / 2000.0)[late], 60000.0 / rr_ms[late], pace)


def of_intervals(person: Person, pace: float) -> float:
    """Return how much of a swing is left in means over whole intervals."""
    return float(np.sinc(pace / person.resting_rate_bpm))


def breath_swings_bpm(person: Person, pace: float, seed: int, seconds: float = 480.0) -> Floats:
    """Return highest less lowest rate of each breath, with all noise, from the third minute on."""
    t, rr_ms = beats_of(person, shape(pace), seconds, seed)
    rate, cycle_s = 60000.0 / rr_ms, 60.0 / pace
    starts = np.arange(180.0, seconds - cycle_s, cycle_s)
    return np.array([np.ptp(rate[(t >= at) & (t < at + cycle_s)]) for at in starts])


def spread(values: Iterable[float], digits: int = 2) -> str:
    """Return mean and range."""
    known = np.array(list(values))
    low, high = known.min(), known.max()
    return f"{known.mean():.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def gain_rows() -> list[tuple[str, str, str]]:
    """Return how far the swing is from the equations, 3 to 15 breaths a minute."""
    people = [Person(), *(PEOPLE[name] for name in ("athlete", "older")), person_of(1)]
    rows: list[tuple[str, str, str]] = []
    for name, measured, left in (
        ("the rate", model_swing_bpm, lambda _person, _pace: 1.0),
        ("intervals", beats_swing_bpm, lambda _person, _pace: 1.0),
        ("intervals, each a mean of the rate,", beats_swing_bpm, of_intervals),
    ):
        off = [
            measured(person, pace) / (analytic_swing_bpm(person, pace) * left(person, pace)) - 1.0
            for person in people
            for pace in PACES
        ]
        bar = "" if name == "intervals" else "within ± 0.15"
        rows.append((f"swing of {name} against the equations, 3 to 15/min", spread(off, 3), bar))
    return rows


def peak_rows() -> list[tuple[str, str, str]]:
    """Return where the gain and the swing are greatest, against the resonance."""
    gain_off: list[float] = []
    swing_off: list[float] = []
    for seed in range(20):
        person = person_of(seed)
        near = person.resonance_per_minute + np.arange(-0.4, 0.41, 0.1)
        swing = np.array([model_swing_bpm(person, pace, 600.0) for pace in near])
        gain = swing / np.array([depth_of(pace / 60.0) for pace in near])
        for found, values in ((gain_off, gain), (swing_off, swing)):
            top = min(near.size - 3, max(2, int(np.argmax(values))))
            curve = np.polyfit(near[top - 2 : top + 3], values[top - 2 : top + 3], 2)
            found.append(-curve[1] / (2.0 * curve[0]) - person.resonance_per_minute)
    return [
        ("greatest gain less resonance, /min, 20 people", spread(gain_off, 3), "within ± 0.1"),
        ("greatest swing less resonance (slower is fuller), /min", spread(swing_off, 3), ""),
    ]


def coherence_rows() -> list[tuple[str, str, str]]:
    """Return the mean coherence of 64 s windows, for people of many seeds."""
    rows: list[tuple[str, str, str]] = []
    for name, adherence, guide, bar in (
        ("following 6/min", None, shape(6.0), ""),
        ("a guide at 6/min that is ignored", 0.0, shape(6.0), "mean < 0.45"),
        ("no guide", None, no_guide, "mean < 0.45"),
    ):
        found: list[float] = []
        for seed in SEEDS:
            person = person_of(seed)
            if adherence is not None:
                person = replace(person, adherence=adherence)
            t, rr_ms = beats_of(person, guide, 420.0, seed)
            found.append(coherence_of_record(t[t > 60.0], rr_ms[t > 60.0]))
        rows.append((f"rhythm coherence, {name}, {len(SEEDS)} people", spread(found), bar))
    return rows


def corner(paces: Floats, gain_db: Floats) -> float:
    """Return where a gain has fallen to half its greatest power."""
    top = int(gain_db.argmax())
    fallen_db = gain_db.max() - gain_db[top:]
    return float(np.interp(10.0 * math.log10(2.0), fallen_db, paces[top:]))


def anchor_rows() -> list[tuple[str, str, str]]:
    """Return the field's anchors."""
    young = [
        float(np.mean(breath_swings_bpm(PEOPLE["young"], pace, seed)))
        for pace in (3.5, 4.0, 4.5, 5.0, 5.5, 6.0)
        for seed in range(6)
    ]
    paces = np.arange(3.0, 20.01, 1.0)
    corners: list[float] = []
    slopes: list[float] = []
    for seed in range(12):
        person = person_of(seed)
        swing = [model_swing_bpm(person, pace, 480.0) / depth_of(pace / 60.0) for pace in paces]
        gain_db = 20.0 * np.log10(swing)
        corners.append(corner(paces, gain_db))
        steep = (paces >= 8.0) & (paces <= 20.0)
        slopes.append(float(np.polyfit(np.log10(paces[steep]), gain_db[steep], 1)[0]))
    adults = [float(np.mean(breath_swings_bpm(person_of(s), 6.0, s))) for s in SEEDS]
    rows = [
        ("swing of a young adult at 3.5 to 6/min, bpm", spread(young, 1), "20 ± 5"),
        ("corner (−3 dB at constant depth), /min, 12 people", spread(corners), "7.2 ± 1.5"),
        ("fall from 8 to 20/min, dB a decade, 12 people", spread(slopes, 1), "−21 ± 3.4"),
        (f"swing of adults at 6/min, bpm, {len(SEEDS)} people", spread(adults, 1), "1 to 46"),
    ]
    for pace in (3.0, 5.0, 6.0, 9.0, 15.0):
        swings = [float(np.mean(breath_swings_bpm(Person(), pace, s))) for s in range(6)]
        rows.append((f"swing of the average person at {pace:g}/min, bpm", spread(swings, 1), ""))
    for name in ("athlete", "older", "flat"):
        swings = [float(np.mean(breath_swings_bpm(PEOPLE[name], 6.0, s))) for s in range(6)]
        rows.append((f"swing of “{name}” at 6/min, bpm", spread(swings, 1), ""))
    return rows


def calm_rows() -> list[tuple[str, str, str]]:
    """Return how the rate comes down in eight guided minutes, day by day."""
    rows: list[tuple[str, str, str]] = []
    for name, day in (("rested", RESTED), ("stressed", STRESSED), ("flare", FLARE)):
        first: list[float] = []
        last: list[float] = []
        for seed in range(12):
            t, rr_ms = beats_of(on_day(Person(), day), shape(6.0), 480.0, seed)
            first.append(60000.0 / float(np.mean(rr_ms[t < 30.0])))
            last.append(60000.0 / float(np.mean(rr_ms[t > 420.0])))
        told = f"{np.mean(first):.1f} → {np.mean(last):.1f}"
        rows.append((f"rate over 8 guided min, {name}, bpm", told, ""))
    return rows


def cost_rows() -> list[tuple[str, str, str]]:
    """Return the CPU of the whole sensor, least of five."""
    rows: list[tuple[str, str, str]] = []
    for name, faults in (("no fault", NO_FAULTS), ("every fault", EVERYTHING)):
        costs: list[float] = []
        for _ in range(5):
            began = time.process_time()
            simulate(Person(), None, faults, shape(6.0), 300.0, 1)
            costs.append(time.process_time() - began)
        rows.append((f"CPU of 5 min, {name}, s", f"{min(costs):.3f}", "< 0.5"))
    return rows


def main() -> None:
    """Print the table: mean, and least to most."""
    print("| what | found | bar |\n|---|---|---|")
    for part in (gain_rows, peak_rows, coherence_rows, anchor_rows, calm_rows, cost_rows):
        for row in part():
            print("| {} | {} | {} |".format(*row), flush=True)


if __name__ == "__main__":
    main()
