"""A chest that breathes, made of software: what a strap's accelerometer would say, with the truth.

Gravity in any orientation, a breath that tilts it, the heart's shocks, drift, sway, coughs, turns
and steps. All in milli-g; nothing of the estimator is used here.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NOMINAL_HZ = 50.0
REAL_SHARE = 1.0182
"""An H10 that is asked for 50 a second sends 50.91."""
FRAME = 36
"""Samples of a frame of an H10."""


@dataclass(frozen=True, slots=True)
class Body:
    """How somebody sits; amplitudes are from the middle to the top, the others rms."""

    breath_mg: float = 8.0
    noise_mg: float = 2.0
    heart_mg: float = 8.0
    drift_mg: float = 3.0
    sway_share: float = 0.3
    """Sway of 0.1 to 0.4 Hz as a share of the breath's rms."""
    sway_mg: float = 0.0
    """The same, where there is no breath to compare it with."""
    uneven: float = 0.04
    """How much one breath differs in length from the next."""
    rest_share: float = 0.1
    """The share of a breath that passes before the next one begins."""
    full_share: float = 0.0
    """The share of a breath in which the lungs are held full."""
    coughs_a_minute: float = 0.0
    turns_s: tuple[float, ...] = ()
    walks_s: tuple[tuple[float, float], ...] = ()
    holds_s: tuple[tuple[float, float], ...] = ()
    """Stretches without a breath."""


@dataclass(frozen=True, slots=True, eq=False)
class Chest:
    """Samples of a sitting: when, what, and how many breaths had been taken by then."""

    t_s: Floats
    samples_mg: NDArray[np.int64]
    breaths: Floats
    fullness: Floats
    asked_hz: float

    def rate(self, end_s: float, window_s: float = 60.0) -> float:
        """Return the true breaths per minute of the ``window_s`` before ``end_s``."""
        begin_s = max(0.0, end_s - window_s)
        taken = np.interp([begin_s, end_s], self.t_s, self.breaths)
        return float((taken[1] - taken[0]) / (end_s - begin_s) * 60.0)

    def frames(self) -> list[tuple[Floats, float]]:
        """Cut the samples into frames: (samples, time of the last)."""
        ends = range(FRAME, self.t_s.size + 1, FRAME)
        return [(self.samples_mg[i - FRAME : i] * 1.0, float(self.t_s[i - 1])) for i in ends]


def chest(
    breaths_per_minute: float | Callable[[float], float],
    seconds: float,
    seed: int,
    body: Body | None = None,
    asked_hz: float = NOMINAL_HZ,
) -> Chest:
    """Let somebody sit and breathe."""
    body = body or Body()
    real_hz = asked_hz * REAL_SHARE
    t = np.arange(int(seconds * real_hz)) / real_hz
    rate_at = breaths_per_minute if callable(breaths_per_minute) else lambda _: breaths_per_minute
    breaths, fullness = _breathing(np.random.default_rng(seed), t, rate_at, body)
    breaths, fullness = _held(t, breaths, fullness, body.holds_s)
    return chest_of(t, breaths, fullness, seed + 1_000_000, body, asked_hz)


def chest_of(
    t: Floats,
    breaths: Floats,
    fullness: Floats,
    seed: int,
    body: Body,
    asked_hz: float = NOMINAL_HZ,
) -> Chest:
    """Put a breath that is known (how many so far, how full from 0 to 1) into a body."""
    rng = np.random.default_rng(seed)
    down, across, along = _directions(rng)
    tilt = across + 0.2 * rng.normal(size=3)
    late = np.interp(t - 0.3, t, fullness)
    moved = 1000.0 * down + 2.0 * body.breath_mg * (
        np.outer(fullness - 0.5, tilt) + 0.2 * np.outer(late - 0.5, along)
    )
    moved += _heart(rng, t, fullness, body.heart_mg)
    moved += _wandering(rng, t, 0.01, 0.05, body.drift_mg)
    sway_mg = body.sway_mg + body.sway_share * body.breath_mg / np.sqrt(2)
    moved += _wandering(rng, t, 0.1, 0.4, sway_mg)
    moved += _coughs(rng, t, body.coughs_a_minute)
    moved += _steps(rng, t, body.walks_s)
    moved = _turned(rng, t, moved, body.turns_s)
    moved += rng.normal(0, body.noise_mg, moved.shape)
    return Chest(t, np.round(moved).astype(np.int64), breaths, fullness, asked_hz)


def _breathing(rng, t, rate_at, body):
    """Return how many breaths were taken and how full the lungs are (0-1)."""
    starts, depths = [-rng.uniform(0, 60 / rate_at(0.0))], []
    while starts[-1] < t[-1]:
        length = 60 / rate_at(starts[-1]) * (1 + body.uneven * rng.normal())
        starts.append(starts[-1] + max(length, 1.0))
        depths.append(max(0.4, 1 + 0.1 * rng.normal()))
    breaths = np.interp(t, starts, np.arange(len(starts)))
    whole = np.minimum(breaths.astype(int), len(depths) - 1)
    moving = 1 - body.rest_share - body.full_share
    inhale = rng.uniform(0.35, 0.5) * moving
    done = breaths - whole
    rise = (1 - np.cos(np.pi * np.minimum(done / inhale, 1))) / 2
    exhaled = (done - inhale - body.full_share) / (moving - inhale)
    fall = (1 + np.cos(np.pi * np.clip(exhaled, 0, 1))) / 2
    return breaths, np.minimum(rise, fall) * np.array(depths)[whole]


def _held(t, breaths, fullness, holds):
    """Keep the lungs as they are at the start of each hold."""
    for begin, end in holds:
        held = (t >= begin) & (t < end)
        taken = np.interp([begin, end], t, breaths)
        breaths = np.where(t >= end, breaths - (taken[1] - taken[0]), breaths)
        breaths[held] = taken[0]
        fullness = np.where(held, np.interp(begin, t, fullness), fullness)
    return breaths, fullness


def _directions(rng):
    """Return which way is down, and two directions across it."""
    basis, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    return basis.T


def _heart(rng, t, fullness, heart_mg):
    """Two shocks a beat and a slower recoil, a little stronger with full lungs."""
    resting = rng.uniform(52, 85)
    rate = resting + 5 * (fullness - 0.5) + _wandering(rng, t, 0.01, 0.1, 2.0)[:, 0]
    beats = np.cumsum(rate / 60 * t[1])
    since = (beats % 1.0) * 60 / rate
    after = np.where(since > 0.3, since - 0.3, 9.0)
    ring = rng.uniform(10, 18)
    first = np.exp(-since / 0.06) * np.sin(2 * np.pi * ring * since)
    second = np.exp(-after / 0.05) * np.sin(2 * np.pi * 1.4 * ring * after)
    recoil = np.exp(-since / 0.15) * np.sin(2 * np.pi * 4 * since)
    shape = np.outer(first + 0.6 * second, rng.normal(size=3))
    shape += 0.4 * np.outer(recoil, rng.normal(size=3))
    return heart_mg * shape * (0.85 + 0.3 * fullness)[:, None]


def _wandering(rng, t, low_hz, high_hz, rms):
    """Random movement of a band of frequencies, mostly in one direction."""
    hz = np.fft.rfftfreq(t.size, t[1])
    inside = (hz >= low_hz) & (hz <= high_hz)
    waves = (rng.normal(size=(3, hz.size)) + 1j * rng.normal(size=(3, hz.size))) * inside
    noise = np.fft.irfft(waves, t.size).T
    noise *= np.array([1.0, 0.5, 0.25])
    noise /= max(float(np.sqrt(np.mean(np.sum(noise**2, axis=1)))), 1e-12)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    return rms * noise @ turn


def _coughs(rng, t, a_minute):
    moved = np.zeros((t.size, 3))
    for begin in np.sort(rng.uniform(0, t[-1], rng.poisson(a_minute * t[-1] / 60))):
        since = t - begin
        burst = (since > 0) * np.exp(-np.maximum(since, 0) / rng.uniform(0.08, 0.2))
        shake = rng.normal(size=(t.size, 3)) + 0.4 * rng.normal(size=3)
        moved += rng.uniform(100, 500) * burst[:, None] * shake
    return moved


def _steps(rng, t, walks):
    moved = np.zeros((t.size, 3))
    for begin, end in walks:
        on = (t >= begin) & (t < end)
        step = rng.uniform(1.6, 2.0) * t + np.cumsum(rng.normal(0, 0.004, t.size))
        since = step % 1.0
        strike = np.exp(-since / 0.1) * np.sin(2 * np.pi * 7 * since)
        whole = np.outer(np.sin(2 * np.pi * step), rng.normal(size=3))
        half = np.outer(np.sin(np.pi * step), rng.normal(size=3))
        heel = np.outer(strike, rng.normal(size=3))
        moved += rng.uniform(100, 200) * on[:, None] * (whole + 0.5 * half + heel)
    return moved


def _turned(rng, t, moved, turns):
    """Turn the whole body by 20 to 60 degrees within 2 s, about any axis."""
    for begin in turns:
        axis = rng.normal(size=3)
        axis /= np.linalg.norm(axis)
        share = np.clip((t - begin) / 2.0, 0, 1)
        angle = np.radians(rng.uniform(20, 60)) * (1 - np.cos(np.pi * share)) / 2
        cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
        along = np.outer(moved @ axis, axis)
        moved = along + (moved - along) * cos + np.cross(axis, moved) * sin
    return moved
