"""Hearts to measure on: made of formulas, simulated people, and what sensors do to either."""

import math
from dataclasses import replace

import numpy as np

from benchmarks.report import Floats
from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import paced
from biobreath.sensors.heart_model import HeartModel
from biobreath.sensors.people import Person, person_of
from biobreath.signal.beat_rules import RULES, Rules
from biobreath.signal.beats import BeatJudge, JudgedBeat
from biobreath.signal.time_base import TimedBeat

TICK_MS = 125 / 128


def on_grid(rr_ms: Floats) -> Floats:
    """Return intervals on the grid of straps, 1/1024 s."""
    return np.round(rr_ms / TICK_MS) * TICK_MS


def judged(rr_ms: Floats, rules: Rules = RULES) -> list[JudgedBeat]:
    """Judge a series of intervals (ms)."""
    ends, court = np.cumsum(rr_ms) / 1000.0, BeatJudge(rules)
    found: list[JudgedBeat] = []
    for i in range(rr_ms.size):
        found += court.feed(TimedBeat(i, float(ends[i]), float(rr_ms[i]), 0))
    return found + court.flush()


def sine_heart(
    rate_bpm: float, swing_bpm: float, pace: float, seed: int = 0, seconds: float = 300.0
) -> Floats:
    """Return a heart that swings with the breath, a little sharper on one side."""
    rng = np.random.default_rng(seed)
    t, rr_ms = 0.0, []
    while t < seconds:
        phase = 2 * math.pi * pace / 60 * t
        wave = math.sin(phase) + 0.15 * math.sin(2 * phase)
        rr_ms.append(60_000.0 / (rate_bpm + swing_bpm / 2 * wave + rng.normal(0, 0.4)))
        t += rr_ms[-1] / 1000.0
    return on_grid(np.array(rr_ms))


def stepping_heart(seed: int = 0, seconds: float = 600.0) -> Floats:
    """Return 6 breaths a minute, falling to about 612 ms and back to 1131 ms in one beat."""
    rng = np.random.default_rng(seed)
    t, rr_ms = 0.0, []
    while t < seconds:
        length_s, start_s = 10.0 * (1 + 0.03 * rng.normal()), t
        low, high = 612 + rng.normal(0, 20), 1131 + rng.normal(0, 30)
        while t < start_s + length_s:
            done = (t - start_s) / length_s
            level = (
                high * (1 - 0.14 * done / 0.4)
                if done < 0.4
                else 0.86 * high - (0.86 * high - low) * (done - 0.4) / 0.6
            )
            rr_ms.append(level + rng.normal(0, 15))
            t += rr_ms[-1] / 1000.0
    return on_grid(np.array(rr_ms))


def followed(seed: int, pace: float | None, seconds: float = 420.0, **changes: float) -> Floats:
    """Return the intervals of a simulated person at a guide's pace, or without one."""
    person = replace(person_of(seed), **changes)
    return of_person(person, seed, pace, seconds)


def of_person(person: Person, seed: int, pace: float | None, seconds: float) -> Floats:
    """Return the intervals (ms) of this person."""
    pacer = None if pace is None else Pacer(paced(pace, 0.4))
    guide = (lambda _t: None) if pacer is None else (lambda t: pacer.at(t).fullness)
    ticks = [beat.ticks for beat in HeartModel(person, seed, guide).advance(seconds)]
    return np.diff(ticks) * TICK_MS


def breathing_heart(
    pace: float, seconds: float = 150.0, swing_bpm: float = 14.0, seed: int = 0, rest: float = 1.0
) -> tuple[Floats, Floats]:
    """Return beats (s) and intervals (ms) with a blood-pressure wave, drifts, uneven breaths."""
    rng = np.random.default_rng(seed)
    step_s = 0.05
    t = np.arange(0, seconds + 60, step_s)
    slow = np.cumsum(rng.normal(0, 1, t.size))
    slow -= np.convolve(np.pad(slow, 600, mode="edge"), np.ones(1201) / 1201, "valid")
    hz = np.fft.rfftfreq(t.size, step_s)
    shape = 1 / np.sqrt(1 + 16 * (hz / 0.095 - 0.095 / np.maximum(hz, 1e-6)) ** 2)
    mayer = np.fft.irfft(np.fft.rfft(rng.normal(size=t.size)) * shape, t.size)
    lengths = 60 / pace * (1 + 0.03 * rng.normal(size=int(seconds * pace / 60) + 80))
    borders = np.concatenate(([0], np.cumsum(lengths)))
    phase = np.interp(t, borders, np.arange(borders.size))
    rate = 68 + swing_bpm / 2 * np.sin(2 * np.pi * phase)
    rate += rest * (1.2 * mayer / mayer.std() + 1.5 * slow / slow.std())
    done = np.cumsum(rate / 60 * step_s)
    beats = np.interp(np.arange(1, done[-1]), done, t)
    beats += rng.normal(0, 0.003, beats.size)
    beats = beats[beats < seconds]
    return beats[1:], np.diff(beats) * 1000


def with_faults(
    rr_ms: Floats, seed: int, share: float = 0.03, kinds: tuple[str, ...] = ("missed", "extra")
) -> tuple[Floats, list[tuple[int, str]]]:
    """Spoil a series; return it with where each fault begins and what it is.

    Two intervals become one (missed); one becomes two, anywhere in it (extra); or a beat comes
    early and its pause makes up for it (ectopic). Nothing is spoilt twice within six beats, nor
    where the record is odd of itself.
    """
    rng = np.random.default_rng(seed)
    out: list[float] = []
    marks: list[tuple[int, str]] = []
    clear, i, last = _unspoilt(rr_ms), 0, -9
    while i < rr_ms.size:
        good = 8 < i < rr_ms.size - 6 and len(out) - last > 6 and clear[i - 2 : i + 4].all()
        if not (good and rng.random() < share):
            out.append(float(rr_ms[i]))
            i += 1
            continue
        kind = kinds[int(rng.integers(len(kinds)))]
        marks.append((len(out), kind))
        first, both = float(rr_ms[i]), float(rr_ms[i] + rr_ms[i + 1])
        if kind == "missed":
            out.append(both)
            i += 2
        elif kind == "extra":
            part = round(first * rng.uniform(0.1, 0.9) / TICK_MS) * TICK_MS
            out += [part, first - part]
            i += 1
        else:
            early = round(first * rng.uniform(0.55, 0.8) / TICK_MS) * TICK_MS
            out += [early, both - early]
            i += 2
        last = len(out)
    return np.array(out), marks


def _unspoilt(rr_ms: Floats) -> np.ndarray:
    local = np.array([np.median(rr_ms[max(0, i - 5) : i + 6]) for i in range(rr_ms.size)])
    return np.abs(rr_ms / local - 1) < 0.3
