"""At which breathing rate heart and breath go together: the resonance of the baroreflex.

The heart's wave at the guide's phase is taken breath by breath as a complex number. At resonance
the heart is fastest when the lungs are fullest; in slower breathing it comes early, in quicker
breathing late. So the phase of a resonance, 1 / (1 + iQ(f/f₀ − f₀/f)) with a little of the breath
passed on directly, is laid through the waves. Its place is told by synchrony, the first criterion
of the published order (Lehrer; Shaffer & Meehan 2020), and not by how wide the swing is: the swing
also grows while a person calms down and breathes deeper when slower, which moves its top down.

How sure it is comes from the data: what smoothing leaves over is dealt out again among the breaths
many times (bootstrap over breaths), and how well the delay of breath and heart is known is added.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]
Flags = NDArray[np.bool_]

LEAST_BREATHS = 24
"""Fewer clean breaths than this tell nothing."""
LEAST_STEP_BREATHS = 3
"""Fewer in a step that is a sitting of its own tell nothing of its pace; two minutes hold 4-7."""
LEAST_STEPS = 4
"""Of fewer rates the course of the phase cannot be told."""
LEAST_FOLLOWED_R2 = 0.35
"""The guide counts as followed where the wave explains this share of the heart's movement."""
LEAST_SWING_BPM = 1.5
DRAWS = 300
INTERVAL_SD = 1.645
"""Half of a 90 % interval in standard deviations."""
DELAY_S = 0.7
"""A person follows a guide by 0.2-0.5 s, and the heart hears of the lungs about 0.3 s later."""
DELAY_SD_S = 0.09
FEW_RATES_SD = 0.09
"""Five rates tell the course of the phase less well than a slide (breaths a minute)."""
ANSWER_LAG_S = 5.0
"""In a slide the heart answers the breaths of a moment ago: its waves take so long to grow."""
_PER_S_OF_DELAY = 1.05
"""How far the answer moves for each second that the delay is off (breaths a minute)."""
_DIRECT_SHARE, _DIRECT_HZ = 0.17, 0.35
"""What of the breath reaches the heart past the reflex, and up to which frequency."""
_F0 = np.arange(3.8, 7.41, 0.05)
_Q = np.array([0.8, 1.1, 1.5, 2.0, 2.6, 3.4])
_BEYOND = 0.25
"""The phase tells a resonance also a little beyond the rates that were breathed."""
_NEIGHBOURS = 1.0
"""A breath's wave is fitted over so many breaths to each side."""
_SMOOTH_BREATHS = 2.0


class NoResonance(StrEnum):
    """Why there is no result."""

    TOO_FEW_BREATHS = "too_few_breaths"
    NOT_FOLLOWED = "not_followed"
    FLAT = "flat"
    AT_THE_EDGE = "at_the_edge"
    BAD_SIGNAL = "bad_signal"
    UNSURE_BEATS = "unsure_beats"
    """Most of the time too many beats were corrected, or the rhythm was irregular."""


@dataclass(frozen=True, slots=True)
class BreathWaves:
    """The heart's wave in each breath of a protocol.

    ``per_minute`` is the rate of the breath, ``wave`` its complex amplitude in bpm (half of peak to
    trough), ``r2`` the share (0-1) of the heart's movement that the wave explains, ``middle_s``
    the middle of the breath; shape (n,).
    """

    per_minute: Floats
    wave: Complex
    r2: Floats
    middle_s: Floats


@dataclass(frozen=True, slots=True)
class Resonance:
    """The resonance (breaths a minute) with its 90 % interval.

    ``level`` 0-1 says how much narrower the interval is than what was breathed. All None with a
    ``reason`` where there is no result. ``swing_bpm`` is the widest swing.
    """

    breaths_per_minute: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    reason: NoResonance | None = None
    swing_bpm: float | None = None


def breath_waves(
    t_s: Floats, heart_rate_bpm: Floats, accepted: Flags, starts_s: Floats
) -> BreathWaves:
    """Take the heart's wave at the guide's phase out of each breath.

    Parameters
    ----------
    t_s, heart_rate_bpm, accepted
        Times in s, rates and whether the beat is uncorrected, shape (n,). A rate made of an
        interval belongs to its middle.
    starts_s
        Where the breaths of the protocol begin and the last ends, shape (k + 1,).

    Returns
    -------
    BreathWaves
        A wave for each of the k breaths; ``nan`` where beats are missing.
    """
    phase = np.interp(t_s, starts_s, np.arange(starts_s.size), left=np.nan, right=np.nan)
    found: list[tuple[float, complex, float]] = []
    for k in range(starts_s.size - 1):
        near = accepted & (phase >= k - _NEIGHBOURS) & (phase < k + 1 + _NEIGHBOURS)
        length_s = float(starts_s[k + 1] - starts_s[k])
        wave, r2 = _wave(t_s[near], heart_rate_bpm[near], phase[near], length_s)
        found.append((60.0 / length_s, wave, r2))
    rates, waves, shares = zip(*found, strict=True) if found else ((), (), ())
    middle_s = (starts_s[:-1] + starts_s[1:]) / 2.0
    complex_waves = np.array(waves, dtype=np.complex128)
    return BreathWaves(np.array(rates), complex_waves, np.array(shares), middle_s)


def _wave(t_s: Floats, rate: Floats, phase: Floats, length_s: float) -> tuple[complex, float]:
    """Fit one wave and a straight line; ``nan`` where beats are missing."""
    span = float(np.ptp(t_s)) if t_s.size else 0.0
    enough = t_s.size >= 10 and span >= 2.0 * length_s
    if not enough or float(np.diff(t_s).max()) > max(3.0, 0.35 * length_s):
        return complex(math.nan, math.nan), math.nan
    turn = 2.0 * np.pi * phase
    line = np.column_stack((np.ones(t_s.size), (t_s - t_s.mean()) / span))
    moved = rate - line @ np.linalg.lstsq(line, rate, rcond=None)[0]
    waves = np.column_stack((np.cos(turn), np.sin(turn)))
    waves = waves - line @ np.linalg.lstsq(line, waves, rcond=None)[0]
    (in_cos, in_sin), *_ = np.linalg.lstsq(waves, moved, rcond=None)
    left = moved - waves @ np.array([in_cos, in_sin])
    whole = float(moved @ moved)
    return complex(in_cos, -in_sin), (1.0 - float(left @ left) / whole) if whole > 0 else math.nan


def sliding_resonance(waves: BreathWaves, delay_sd_s: float = DELAY_SD_S) -> Resonance:
    """Find the resonance in a slide of breaths, each at its own rate (Fisher & Lehrer 2022).

    Parameters
    ----------
    waves
        The heart's waves of the breaths in order, at least 24 of them known.
    delay_sd_s
        How well (s) the time from the guide to the heart's answer is known: larger where a
        strap's own latency is not.

    Returns
    -------
    Resonance
        In breaths a minute with its 90 % interval, or why there is none.
    """
    followed = followed_slide(waves)
    if isinstance(followed, NoResonance):
        return Resonance(reason=followed)
    return _resonance(followed, delay_sd_s)


def followed_slide(waves: BreathWaves) -> BreathWaves | NoResonance:
    """Return the breaths of a slide that were followed, at the rates they answer, or why none."""
    known = np.isfinite(waves.r2)
    if known.sum() < LEAST_BREATHS:
        return NoResonance.TOO_FEW_BREATHS
    followed = known & (_running(np.where(known, waves.r2, 0.0)) >= LEAST_FOLLOWED_R2)
    if followed.sum() < LEAST_BREATHS:
        return NoResonance.NOT_FOLLOWED
    answered = _as_answered(waves.per_minute)
    return _taken(replace(waves, per_minute=answered), followed)


def stepped_resonance(
    waves: BreathWaves, delay_sd_s: float = DELAY_SD_S, least_breaths: int = LEAST_BREATHS
) -> Resonance:
    """Find the resonance in steps of breaths at one rate each (Lehrer; Shaffer & Meehan 2020).

    At least four steps have to be followed, with ``least_breaths`` known in all; other parameters
    and the result are those of `sliding_resonance`.
    """
    followed = followed_steps(waves, least_breaths)
    if isinstance(followed, NoResonance):
        return Resonance(reason=followed)
    return _resonance(followed, delay_sd_s, FEW_RATES_SD)


def followed_steps(
    waves: BreathWaves, least_breaths: int = LEAST_BREATHS
) -> BreathWaves | NoResonance:
    """Return the breaths of the steps that were followed, or why there are none."""
    known = np.isfinite(waves.r2)
    steps = np.unique(np.round(waves.per_minute[known], 3))
    if known.sum() < least_breaths or steps.size < LEAST_STEPS:
        return NoResonance.TOO_FEW_BREATHS
    by_step = [known & (np.abs(waves.per_minute - step) < 0.01) for step in steps]
    followed = [at for at in by_step if float(np.mean(waves.r2[at])) >= LEAST_FOLLOWED_R2]
    if len(followed) < LEAST_STEPS:
        return NoResonance.NOT_FOLLOWED
    return _taken(waves, np.logical_or.reduce(followed))


def _taken(waves: BreathWaves, taken: Flags) -> BreathWaves:
    return BreathWaves(
        waves.per_minute[taken], waves.wave[taken], waves.r2[taken], waves.middle_s[taken]
    )


def widest_swing_bpm(followed: BreathWaves) -> float:
    """Return the widest swing (peak to trough) of neighbouring breaths, in bpm."""
    return 2.0 * float(np.max(np.abs(_kernel(followed.per_minute) @ followed.wave)))


def _resonance(followed: BreathWaves, delay_sd_s: float, also_sd: float = 0.0) -> Resonance:
    rate, wave = followed.per_minute, followed.wave
    smooth = _kernel(rate)
    level = smooth @ wave
    swing_bpm = widest_swing_bpm(followed)
    if swing_bpm < LEAST_SWING_BPM:
        return Resonance(reason=NoResonance.FLAT)
    phases = _phases(rate)
    top = float(_best(phases, level[None, :])[0])
    if not is_within(top, rate):
        return Resonance(reason=NoResonance.AT_THE_EDGE, swing_bpm=swing_bpm)
    drawn = _best(phases, _drawn(wave, level, smooth))
    spread = math.hypot(float(np.std(drawn)), _PER_S_OF_DELAY * delay_sd_s, also_sd)
    half = INTERVAL_SD * spread
    level_01 = max(0.0, 1.0 - 2.0 * half / float(np.ptp(rate)))
    return Resonance(top, top - half, top + half, level_01, None, swing_bpm)


def is_within(breaths_per_minute: float, rates: Floats) -> bool:
    """Tell whether what was breathed tells a resonance at this rate."""
    return bool(rates.min() - _BEYOND <= breaths_per_minute <= rates.max() + _BEYOND)


def _as_answered(rate: Floats) -> Floats:
    """Return, for each breath, the rate that its wave answers: that of a moment before."""
    length_s = 60.0 / rate
    t = np.cumsum(length_s) - length_s / 2
    return np.interp(t - ANSWER_LAG_S, t, rate)


def _kernel(rate: Floats) -> Floats:
    """Return the weights of neighbouring breaths; breaths of another step are no neighbours."""
    place = np.arange(rate.size)
    near = np.exp(-0.5 * ((place[:, None] - place[None, :]) / _SMOOTH_BREATHS) ** 2)
    near *= np.abs(rate[:, None] - rate[None, :]) < 0.4
    return near / near.sum(axis=1, keepdims=True)


def _running(values: Floats, breaths: int = 9) -> Floats:
    padded = np.pad(values, breaths // 2, mode="edge")
    return np.convolve(padded, np.ones(breaths) / breaths, mode="valid")


def transfer(rate: Floats, f0_per_minute: Floats, q: Floats) -> Complex:
    """Return what every resonance makes of breaths at these rates (a minute), shape (f0·Q, n)."""
    hz = rate / 60.0
    f0, width = (g.ravel()[:, None] for g in np.meshgrid(f0_per_minute / 60.0, q, indexing="ij"))
    reflex = 1.0 / (1.0 + 1j * width * (hz / f0 - f0 / hz))
    direct = 1.0 / (1.0 + 1j * hz / _DIRECT_HZ)
    # The lungs are emptiest where a breath begins: their wave has the phase of minus one.
    answer = -((1.0 - _DIRECT_SHARE) * reflex + _DIRECT_SHARE * direct)
    return answer * np.exp(-2j * np.pi * hz * DELAY_S)


def _phases(rate: Floats) -> Complex:
    """Return the phase of every resonance at these rates, of unit length, shape (f0·Q, n)."""
    answer = transfer(rate, _F0, _Q)
    return answer / np.abs(answer)


def _best(phases: Complex, waves: Complex) -> Floats:
    """Return the resonance (breaths a minute) whose phase fits each row of waves best."""
    alike = np.real(waves @ phases.conj().T).reshape(len(waves), _F0.size, _Q.size).max(axis=2)
    i = np.clip(np.argmax(alike, axis=1), 1, _F0.size - 2)
    row = np.arange(len(waves), dtype=np.intp)
    left, middle, right = alike[row, i - 1], alike[row, i], alike[row, i + 1]
    bend = np.minimum(left - 2 * middle + right, -1e-12)
    shift = np.clip(0.5 * (left - right) / bend, -1.0, 1.0)
    return _F0[i] + shift * (_F0[1] - _F0[0])


def _drawn(wave: Complex, level: Complex, smooth: Floats) -> Complex:
    """Deal what the smoothing left over out again, in pieces of three breaths."""
    rng = np.random.default_rng(0)
    left, n, piece = wave - level, wave.size, 3
    starts = rng.integers(0, n - piece + 1, size=(DRAWS, -(-n // piece)))
    places = (starts[:, :, None] + np.arange(piece)).reshape(DRAWS, -1)[:, :n]
    turned = np.exp(2j * np.pi * rng.random(starts.shape)).repeat(piece, axis=1)[:, :n]
    return (level + left[places] * turned) @ smooth.T
