"""Rhythm coherence: how much of the heart's rhythm is one single slow wave.

Of the spectrum of the last 64 s: the power P within ±0.015 Hz of the highest peak between 0.04 and
0.26 Hz, as a share of the whole power T from 0.0033 to 0.4 Hz.
"""

import math
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from biobreath.signal.resampling import (
    cubic_spline,
    even_times,
    newest_stretch,
    segments,
)
from biobreath.signal.waves import hann

Floats = NDArray[np.float64]

WINDOW_S = 64.0
LEAST_S = 30.0
"""Below this a window is too short for any value."""
SETTLING_S = 45.0
"""Below this a value is not to be shown yet."""
READY_S = 64.0
STEP_S = 5.0
"""How far apart the windows of a whole record begin."""

_RATE_HZ = 2.0
_POINTS = 1024
_HZ: Floats = np.arange(_POINTS // 2 + 1, dtype=np.float64) * (_RATE_HZ / _POINTS)
_PEAK_HZ = (0.04, 0.26)
_AROUND_HZ = 0.015
_TOTAL_HZ = (0.0033, 0.4)
_AROUND_STEPS = _AROUND_HZ / float(_HZ[1])
_TOTAL_STEPS = tuple(hz / float(_HZ[1]) for hz in _TOTAL_HZ)
_AT_ONCE = 512


class CoherenceState(StrEnum):
    """How far the coherence can be trusted."""

    SETTLING = "settling"
    READY = "ready"
    PAUSED = "paused"


def coherence_state(clean_s: float, *, paused: bool = False) -> CoherenceState:
    """Tell how far the coherence can be trusted after ``clean_s`` seconds without a gap.

    Settling until the window of 64 s is full; from ``SETTLING_S`` on its value may be shown as a
    first impression (on real data 45 s tell slow breathing from rest with an area under the ROC
    curve of 0.95, 64 s with 0.97). A gap begins ``clean_s`` again at 0. ``paused`` is for a signal
    too patchy to go by.
    """
    if paused:
        return CoherenceState.PAUSED
    return CoherenceState.READY if clean_s >= READY_S else CoherenceState.SETTLING


def rhythm_coherence(t_s: Floats, nn_ms: Floats) -> float:
    """Return the coherence c = P/T (0–1) of the newest 64 s.

    Parameters
    ----------
    t_s
        Beat times in s of the corrected series, shape (n,). Only the stretch after the last gap
        and of at most 64 s before the last beat is used.
    nn_ms
        The interval that ends at each beat, in ms, shape (n,).

    Returns
    -------
    float
        ``nan`` below 30 s, and where there is no peak or no power.

    Notes
    -----
    Intervals at 2 Hz by cubic spline, straight line taken away, Hann window. The peak and its
    surroundings are those of McCraty's published ratio; see `published_ratio`.
    """
    # A beat more, so that the curve covers the whole window.
    beat_t, recent_ms = newest_stretch(t_s, nn_ms, WINDOW_S + 2.0)
    if beat_t.size < 8:
        return math.nan
    level = _even(beat_t, recent_ms)[-_window_points() :]
    if level.size < LEAST_S * _RATE_HZ:
        return math.nan
    return float(_shares(level[None, :])[0])


def published_ratio(coherence: float) -> float:
    """Turn c = P/T into the published coherence ratio (P / (T − P))², 0 to infinity."""
    if not coherence < 1.0:
        return math.inf if coherence == 1.0 else math.nan
    return (coherence / (1.0 - coherence)) ** 2


def coherence_of_record(t_s: Floats, nn_ms: Floats) -> float:
    """Return the mean coherence of all 64 s windows of a record, 5 s apart.

    Windows never reach over a gap; a stretch between 30 and 64 s is one window of its own.
    ``nan`` where no stretch is that long. Parameters are those of `rhythm_coherence`.
    """
    found = [_of_stretch(t_s[part], nn_ms[part]) for part in segments(t_s, nn_ms)]
    every = np.concatenate([np.empty(0), *found])
    known = every[np.isfinite(every)]
    return float(np.mean(known)) if known.size else math.nan


def _of_stretch(t_s: Floats, nn_ms: Floats) -> Floats:
    if t_s.size < 8 or t_s[-1] - t_s[0] < LEAST_S:
        return np.empty(0)
    level = _even(t_s, nn_ms)
    taken = min(_window_points(), level.size)
    windows = np.lib.stride_tricks.sliding_window_view(level, taken)[:: int(STEP_S * _RATE_HZ)]
    parts = [_shares(windows[i : i + _AT_ONCE]) for i in range(0, len(windows), _AT_ONCE)]
    return np.concatenate(parts)


def _window_points() -> int:
    return int(WINDOW_S * _RATE_HZ)


def _even(t_s: Floats, nn_ms: Floats) -> Floats:
    return cubic_spline(t_s, nn_ms, even_times(t_s, _RATE_HZ))


def _shares(windows: Floats) -> Floats:
    """Return P/T of each row, ``nan`` where a row has no peak."""
    density = _densities(windows)
    low, high = np.searchsorted(_HZ, _PEAK_HZ)
    middle = density[:, low:high]
    is_top = (middle > density[:, low - 1 : high - 1]) & (middle >= density[:, low + 1 : high + 1])
    peak = low + np.argmax(np.where(is_top, middle, -1.0), axis=1)
    summed = np.concatenate(
        (np.zeros((len(density), 1)), np.cumsum(density[:, 1:] + density[:, :-1], axis=1) / 2.0),
        axis=1,
    )
    centre = _HZ[peak] / _HZ[1]
    # In units of the grid's step: below and above the peak, and both ends of the whole.
    ends = [centre - _AROUND_STEPS, centre + _AROUND_STEPS]
    ends += [np.full(len(density), end) for end in _TOTAL_STEPS]
    below, above, start, whole = _until(density, summed, np.array(ends))
    around, total = above - below, whole - start
    good = is_top.any(axis=1) & (total > 0)
    return np.where(good, around / np.where(good, total, 1.0), math.nan)


def _densities(windows: Floats) -> Floats:
    size = windows.shape[1]
    x = np.arange(size, dtype=np.float64) - (size - 1) / 2.0
    level = windows - windows.mean(axis=1, keepdims=True)
    level = level - (level @ x / np.dot(x, x))[:, None] * x
    return np.abs(np.fft.rfft(level * hann(size), _POINTS, axis=1)) ** 2


def _until(density: Floats, summed: Floats, place: Floats) -> Floats:
    """Integrate each row from 0 to its own places, shape (k, rows), in steps of the grid."""
    left = place.astype(np.intp)
    share = place - left
    row = np.arange(len(density))
    here = density[row, left]
    there = density[row, left + 1]
    return summed[row, left] + share * here + share * share * (there - here) / 2.0
