"""The resonance where nobody wrote down when the guide began: found together with that moment.

A second of error moves an answer that stands on phases alone by one breath a minute, so a recording
without a guide needs more. Two things tell the moment and the resonance apart. A wrong start turns
the phase evenly with the rate, a resonance turns it most where it lies. And the swing is widest at
the resonance, once what else widens it is taken out: it grows while a person calms down, and with
the slower breath (SCIENCE: Hirsch & Bishop 1981; simulated hearts of this project).

Every start from some seconds after the first beat to a minute before it is weighed with every
resonance (Bayes). Most files do begin with the guide, and many lack one interval, because they were
made of the differences of beat times; any other start is possible.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biobreath.signal.resonance import (
    INTERVAL_SD,
    LEAST_SWING_BPM,
    BreathWaves,
    NoResonance,
    Resonance,
    is_within,
    transfer,
    widest_swing_bpm,
)

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

REACH_S = 4.0
"""Waves are taken anew for starts so far apart; between them their phase is turned."""
EARLIEST_S, LATEST_S = 64.0, 4.0
"""The guide began at most so long before the first beat, and after it."""
_STEP_S = 0.1
_F0 = np.arange(3.8, 7.41, 0.1)
_Q = np.array([1.2, 1.5, 1.8, 2.1, 2.5, 3.0])
_USUAL_F0, _UNUSUAL_SD = (4.5, 6.5), 0.15
"""Where adults have it (Lehrer; Shaffer & Meehan 2020), and how fast it gets rare beyond."""
_CALMING_S = 150.0
_CALMING, _CALMING_SD = 0.5, 0.4
"""By which factor (logarithm) the swing grows in that time and after it, and how this varies."""
_GROWTHS = np.arange(-0.25, 1.51, 0.25)
_DEPTH_POWER = 0.25
"""Slower breaths are this power of their length larger."""
_NOISE = 0.004
"""The share of the waves' power that no resonance explains, by which fits are told apart."""
_AT_FIRST_BEAT, _ONE_MISSING = 0.4, 0.3
"""How often a file begins with the guide, and how often one interval later."""
_AT_FIRST_S, _NEAR_ONE_S = 0.25, 0.45
_NARROWER = {True: 0.5, False: 0.75}
"""What intervals are of the weights' spread, for a slide and for steps: so they cover 90 %."""


@dataclass(frozen=True, slots=True)
class Breaths:
    """Waves of the breaths that were followed: rates answered, and s since the guide began."""

    waves: BreathWaves
    since_s: Floats
    share: float
    """Which part (0-1) of the protocol's breaths these are."""


def resonance_with_start(
    breaths_begun: Callable[[float], Breaths | NoResonance], interval_s: float, *, slides: bool
) -> Resonance:
    """Find the resonance of a protocol whose start is not known.

    Parameters
    ----------
    breaths_begun
        Gives the followed breaths when the guide began so many seconds before the first beat (less
        than 0: after it), or why there are none.
    interval_s
        The first interval (s): about so much is missing where the one before it was left out.
    slides
        Whether each breath has its own rate.

    Returns
    -------
    Resonance
        With its 90 % interval, in which the unknown start counts; or why there is none.
    """
    shifts = np.arange(-LATEST_S, EARLIEST_S + 0.5, REACH_S)
    tried = [breaths_begun(float(shift)) for shift in shifts]
    known = [(s, b) for s, b in zip(shifts, tried, strict=True) if isinstance(b, Breaths)]
    if not known:
        return Resonance(reason=_nearest_reason(shifts, tried))
    turns = np.arange(-REACH_S / 2, REACH_S / 2, _STEP_S)
    begun_s = np.concatenate([shift + turns for shift, _ in known])
    weights = np.concatenate([_fit(breaths, turns) for _, breaths in known])
    weights += _before_looking(begun_s, interval_s)[:, None] + _of_adults()
    chance = np.exp(weights - weights.max())
    chance /= chance.sum()
    of_start = chance.sum(axis=1)
    best = known[int(np.argmax(of_start)) // turns.size][1].waves
    return _told(chance.sum(axis=0), best, slides=slides)


def _nearest_reason(shifts: Floats, tried: list[Breaths | NoResonance]) -> NoResonance | None:
    nearest = tried[int(np.argmin(np.abs(shifts)))]
    return nearest if isinstance(nearest, NoResonance) else None


def _told(chance: Floats, waves: BreathWaves, *, slides: bool) -> Resonance:
    """Put the weights of all resonances into one answer."""
    top = float(chance @ _F0)
    swing_bpm = widest_swing_bpm(waves)
    if swing_bpm < LEAST_SWING_BPM:
        return Resonance(reason=NoResonance.FLAT)
    rates = waves.per_minute
    if not is_within(top, rates):
        return Resonance(reason=NoResonance.AT_THE_EDGE, swing_bpm=swing_bpm)
    spread = math.sqrt(float(chance @ (_F0 - top) ** 2))
    half = INTERVAL_SD * _NARROWER[slides] * spread
    level = max(0.0, 1.0 - 2.0 * half / float(np.ptp(rates)))
    return Resonance(top, top - half, top + half, level, None, swing_bpm)


def _fit(breaths: Breaths, turns: Floats) -> Floats:
    """Return how well each resonance fits for each start, as a logarithm; shape (turns, f0)."""
    rates, wave = breaths.waves.per_minute, breaths.waves.wave
    answers = transfer(rates, _F0, _Q) * (rates / 6.0) ** -_DEPTH_POWER
    turned = wave * np.exp(-2j * np.pi * rates / 60.0 * turns[:, None])
    calm = -np.exp(-breaths.since_s / _CALMING_S)
    power = float(np.sum(np.abs(wave) ** 2))
    fits: list[Floats] = []
    for growth in _GROWTHS:
        grown = answers * np.exp(growth * calm)
        alike = np.maximum(0.0, np.real(turned @ grown.conj().T))
        left = 1.0 - alike**2 / np.sum(np.abs(grown) ** 2, axis=1) / power
        usual = ((growth - _CALMING) / _CALMING_SD) ** 2 / 2.0
        fits.append(-left / _NOISE * breaths.share - usual)
    by_q = np.logaddexp.reduce(np.array(fits)).reshape(turns.size, _F0.size, _Q.size)
    return np.logaddexp.reduce(by_q, axis=2)


def _before_looking(begun_s: Floats, interval_s: float) -> Floats:
    """Return the logarithm of how often a file begins so long after the guide."""
    at_first = np.abs(begun_s) < _AT_FIRST_S
    one_missing = np.abs(begun_s - interval_s) < _NEAR_ONE_S
    anywhere = 1.0 - _AT_FIRST_BEAT - _ONE_MISSING
    chance = np.full(begun_s.size, anywhere / begun_s.size)
    chance[at_first] += _AT_FIRST_BEAT / max(1, at_first.sum())
    chance[one_missing] += _ONE_MISSING / max(1, one_missing.sum())
    return np.log(chance)


def _of_adults() -> Floats:
    low, high = _USUAL_F0
    off = np.maximum(0.0, np.maximum(low - _F0, _F0 - high))
    return -((off / _UNUSUAL_SD) ** 2) / 2.0
