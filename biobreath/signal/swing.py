"""The heart-rate swing: how far the heart rate moves from trough to peak within each breath.

A fixed window would hold more than one breath, or less, and so inflate or miss the swing; here the
borders of every breath count. A breath with a corrected beat, with a gap, or with fewer than three
beats is left out.
"""

import math

import numpy as np
from numpy.typing import NDArray

from biobreath.signal.resampling import LONGEST_BRIDGE_S, even_times, newest_stretch, segments
from biobreath.signal.respiration import (
    RATE_HZ,
    STEP_S,
    WINDOW_S,
    breathing_rate,
    breathing_rates,
    even_heart_rate,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

LEAST_BEATS = 3
LEAST_BREATHS = 3
MEAN_OF = 5

_FROM, _TO = 0.55, 1.7
"""The band around the breathing rate in which a breath is one wave."""


def breath_swings_bpm(
    t_s: Floats, heart_rate_bpm: Floats, accepted: Flags, borders_s: Floats
) -> Floats:
    """Return the swing of every breath: highest less lowest heart rate of its beats.

    Parameters
    ----------
    t_s
        Beat times in s, rising, shape (n,).
    heart_rate_bpm
        60000 / the interval (ms) that ends at the beat, shape (n,).
    accepted
        False where the beat was corrected, shape (n,).
    borders_s
        Where breaths begin and end, rising, shape (k + 1,); the same points of the same cycle. A
        ``nan`` parts two stretches: no breath reaches over it.

    Returns
    -------
    array of float
        Shape (k,), in bpm. ``nan`` for a breath that is left out: not wholly recorded, fewer than
        3 beats, a corrected beat, or beats missing.
    """
    if t_s.size == 0 or borders_s.size < 2:
        return np.full(max(0, borders_s.size - 1), math.nan)
    interval_s = 60.0 / heart_rate_bpm
    edges = np.searchsorted(t_s, borders_s)
    first, beyond = edges[:-1], edges[1:]
    begun = (first > 0) | (t_s[0] - interval_s[0] <= borders_s[:-1])
    # The beat after the breath shows that the breath was recorded to its end.
    complete = begun & (beyond < t_s.size) & (beyond - first >= LEAST_BEATS)
    swings = np.full(first.size, math.nan)
    first, beyond = first[complete], beyond[complete]
    missing = np.concatenate(([False], np.diff(t_s) - interval_s[1:] > LONGEST_BRIDGE_S))
    spoilt = _count_between(~accepted, first, beyond) + _count_between(missing, first, beyond + 1)
    pairs = np.column_stack((first, beyond)).ravel()
    if pairs.size:
        highest = np.maximum.reduceat(heart_rate_bpm, pairs)[::2]
        lowest = np.minimum.reduceat(heart_rate_bpm, pairs)[::2]
        swings[complete] = np.where(spoilt == 0, highest - lowest, math.nan)
    return swings


def _count_between(flags: Flags, first: Places, beyond: Places) -> Places:
    """Count the flags within each span of places."""
    counted = np.concatenate(([0], np.cumsum(flags)))
    return counted[beyond] - counted[first]


def mean_swing_bpm(
    t_s: Floats,
    heart_rate_bpm: Floats,
    accepted: Flags,
    borders_s: Floats,
    breaths: int = MEAN_OF,
) -> float:
    """Return the mean swing of the newest ``breaths`` complete breaths that count.

    Parameters are those of `breath_swings_bpm`. ``nan`` with fewer than 3 such breaths among the
    newest ``2 × breaths``: what lies further back is no longer now.
    """
    swings = breath_swings_bpm(t_s, heart_rate_bpm, accepted, borders_s)
    # The breath under way has not been left out, it is not there yet.
    ended = np.flatnonzero(borders_s[1:] < t_s[-1]) if t_s.size else np.empty(0, np.intp)
    done = swings[: int(ended[-1]) + 1 if ended.size else 0]
    recent = done[-2 * breaths :]
    known = recent[np.isfinite(recent)][-breaths:]
    return float(np.mean(known)) if known.size >= LEAST_BREATHS else math.nan


def borders_from_heart(t_s: Floats, nn_ms: Floats, breaths_per_minute: float) -> Floats:
    """Find the breaths in the heart rate itself: one wave at the breathing rate is one breath.

    The heart rate is band-passed around the rate; a breath goes from one upward crossing of the
    middle to the next.

    Parameters
    ----------
    t_s, nn_ms
        Beat times in s and intervals in ms of one stretch without gaps, shape (n,).
    breaths_per_minute
        The breathing rate; ``nan`` finds nothing.

    Returns
    -------
    array of float
        The crossings in s, rising.
    """
    if not math.isfinite(breaths_per_minute) or t_s.size < 8:
        return np.empty(0)
    grid_s = even_times(t_s, RATE_HZ)
    wave = _around(even_heart_rate(t_s, nn_ms), breaths_per_minute / 60.0)
    rises = np.flatnonzero((wave[:-1] < 0) & (wave[1:] >= 0))
    share = wave[rises] / (wave[rises] - wave[rises + 1])
    return grid_s[rises] + share / RATE_HZ


def swing_from_heart(
    t_s: Floats, nn_ms: Floats, accepted: Flags, breaths_per_minute: float | None = None
) -> float:
    """Return the mean swing of the newest breaths where there is neither guide nor breath sensor.

    Parameters
    ----------
    t_s, nn_ms, accepted
        Beat times in s, intervals in ms, False where corrected; shape (n,). The newest 90 s count.
    breaths_per_minute
        What `breathing_rate` said of the same beats, where that is known already.

    Returns
    -------
    float
        In bpm; ``nan`` where the breathing rate is not sure or fewer than 3 breaths count.
    """
    beat_t, recent_ms = newest_stretch(t_s, nn_ms, WINDOW_S + 2.0)
    rate = breathing_rate(beat_t, recent_ms) if breaths_per_minute is None else breaths_per_minute
    if not math.isfinite(rate):
        return math.nan
    borders_s = borders_from_heart(beat_t, recent_ms, rate)
    sure = accepted[accepted.size - beat_t.size :]
    return mean_swing_bpm(beat_t, 60_000.0 / recent_ms, sure, borders_s)


def swing_of_record(t_s: Floats, nn_ms: Floats, accepted: Flags) -> float:
    """Return the mean swing of all breaths of a record, found in the heart rate itself.

    Only stretches of the record where the breathing rate is sure count; ``nan`` where that leaves
    fewer than 3 breaths. Parameters are those of `swing_from_heart`.
    """
    found: list[Floats] = []
    for part in segments(t_s, nn_ms):
        beat_t, interval_ms = t_s[part], nn_ms[part]
        middles, rates = breathing_rates(beat_t, interval_ms)
        for middle, rate in zip(middles.tolist(), rates.tolist(), strict=True):
            near = np.abs(beat_t - middle) <= WINDOW_S / 2.0
            borders_s = borders_from_heart(beat_t[near], interval_ms[near], rate)
            swings = breath_swings_bpm(
                beat_t[near], 60_000.0 / interval_ms[near], accepted[part][near], borders_s
            )
            # Windows overlap: every breath belongs to the window whose middle it is next to.
            found.append(swings[np.abs(borders_s[:-1] - middle) < STEP_S / 2.0])
    every = np.concatenate([np.empty(0), *found])
    known = every[np.isfinite(every)]
    return float(np.mean(known)) if known.size >= LEAST_BREATHS else math.nan


def _around(level: Floats, hz: float) -> Floats:
    """Keep the waves from 0.55 to 1.7 times ``hz``, the ends mirrored to keep them quiet."""
    longer = np.concatenate((level[::-1], level, level[::-1]))
    waves = np.fft.rfft(longer - longer.mean())
    frequencies = np.fft.rfftfreq(longer.size, 1.0 / RATE_HZ)
    waves[(frequencies < _FROM * hz) | (frequencies > _TO * hz)] = 0.0
    return np.fft.irfft(waves, longer.size)[level.size : 2 * level.size]
