"""Heart-rate variability in the time domain, of runs of accepted intervals.

A run is a sequence of adjacent accepted intervals in ms: no gap and no corrected beat lies within.
Intervals of all runs are pooled; differences and templates never reach from one run to the next.
Everything is ``nan`` where there is too little to know it.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Runs = Sequence[Floats] | Floats
"""Runs of accepted intervals in ms, each of shape (n,); a single array is a single run."""

DFA_BEATS = range(4, 17)
"""The window lengths of α1 in beats; to be told with the value."""

_TEMPLATE = 2
"""Sample entropy compares templates of this many intervals, and of one more."""
_TOLERANCE_SD = 0.2


def mean_heart_rate_bpm(runs: Runs) -> float:
    """Return the mean heart rate, 60000 / mean interval; ``nan`` without intervals.

    Parameters
    ----------
    runs
        Accepted intervals in ms: an array of shape (n,) for each run of adjacent ones, or one
        such array.
    """
    nn_ms = _pooled(runs)
    return 60_000.0 / float(np.mean(nn_ms)) if nn_ms.size else math.nan


def sdnn_ms(runs: Runs) -> float:
    """Return the standard deviation of all intervals (ddof = 1), in ms; ``nan`` below two.

    Parameters
    ----------
    runs
        Accepted intervals in ms: an array of shape (n,) for each run of adjacent ones, or one
        such array.

    Notes
    -----
    Task Force of the ESC and NASPE (1996).
    """
    return _deviation(_pooled(runs))


def rmssd_ms(runs: Runs) -> float:
    """Return the root mean square of successive differences, in ms; ``nan`` without one.

    Parameters
    ----------
    runs
        Accepted intervals in ms: an array of shape (n,) for each run of adjacent ones, or one
        such array.

    Notes
    -----
    Task Force of the ESC and NASPE (1996).
    """
    steps = _differences(runs)
    return math.sqrt(float(np.mean(np.square(steps)))) if steps.size else math.nan


def sdsd_ms(runs: Runs) -> float:
    """Return the standard deviation of successive differences (ddof = 1), in ms.

    ``nan`` below two differences.

    Parameters
    ----------
    runs
        Accepted intervals in ms: an array of shape (n,) for each run of adjacent ones, or one
        such array.

    Notes
    -----
    Task Force of the ESC and NASPE (1996).
    """
    return _deviation(_differences(runs))


def pnn50_percent(runs: Runs) -> float:
    """Return how many of the successive differences exceed 50 ms, in percent of the differences.

    ``nan`` without a difference.

    Parameters
    ----------
    runs
        Accepted intervals in ms: an array of shape (n,) for each run of adjacent ones, or one
        such array.

    Notes
    -----
    Task Force of the ESC and NASPE (1996).
    """
    steps = _differences(runs)
    return 100.0 * float(np.mean(np.abs(steps) > 50.0)) if steps.size else math.nan


def sd1_ms(runs: Runs) -> float:
    """Return the width of the Poincaré cloud across its long axis: SDSD / √2, in ms.

    ``nan`` below two differences.

    Parameters
    ----------
    runs
        Accepted intervals in ms: an array of shape (n,) for each run of adjacent ones, or one
        such array.

    Notes
    -----
    Brennan, Palaniswami & Kamen (2001).
    """
    return sdsd_ms(runs) / math.sqrt(2.0)


def sd2_ms(runs: Runs) -> float:
    """Return the length of the Poincaré cloud: √(2·SDNN² − SD1²), in ms.

    ``nan`` where the root has no place: intervals that mostly alternate have no long axis.

    Parameters
    ----------
    runs
        Accepted intervals in ms: an array of shape (n,) for each run of adjacent ones, or one
        such array.

    Notes
    -----
    Brennan, Palaniswami & Kamen (2001).
    """
    return long_axis_ms(sdnn_ms(runs), sd1_ms(runs))


_ROUNDING = 1e-12
"""A difference of squares this small, as a share of them, is what rounding leaves of none."""


def long_axis_ms(sdnn_ms: float, sd1_ms: float) -> float:
    """Return SD2 in ms from SDNN and SD1 in ms; ``nan`` where the root has no place."""
    whole = 2.0 * sdnn_ms**2
    square = whole - sd1_ms**2
    if abs(square) <= _ROUNDING * whole:
        return 0.0
    return math.sqrt(square) if square > 0 else math.nan


def sample_entropy(runs: Runs) -> float:
    """Return the sample entropy −ln(A/B) with m = 2 and r = 0.2·SDNN.

    B counts the pairs of templates of 2 intervals whose intervals differ by at most r each, A the
    pairs of 3. A run of n intervals gives n − 2 templates for both lengths; templates of different
    runs are compared with each other. ``nan`` where A or B is 0.

    Parameters
    ----------
    runs
        Accepted intervals in ms: an array of shape (n,) for each run of adjacent ones, or one
        such array.

    Notes
    -----
    Richman & Moorman (2000). Exact: every pair that could match is compared, in the order of the
    first interval, so that only those within r of it are looked at.
    """
    wide = [
        np.lib.stride_tricks.sliding_window_view(run, _TEMPLATE + 1)
        for run in _parts(runs)
        if run.size > _TEMPLATE
    ]
    spread = sdnn_ms(runs)
    if not wide or not math.isfinite(spread):
        return math.nan
    shorter, longer = _matching_pairs(np.concatenate(wide), _TOLERANCE_SD * spread)
    return math.log(shorter / longer) if longer else math.nan


def _matching_pairs(templates: Floats, r_ms: float) -> tuple[int, int]:
    """Count the pairs that match in the first two intervals, and those that do in all three.

    The intervals become ranks: small whole numbers are compared several times faster, and what
    lies within r of an interval is a span of ranks, found once by the true differences.
    """
    values, ranks = np.unique(templates, return_inverse=True)
    small = np.uint16 if values.size <= np.iinfo(np.uint16).max else np.uint32
    # Intervals come on a grid, so templates repeat: each is compared once and weighs its number.
    kinds, numbers = np.unique(
        ranks.reshape(templates.shape).astype(small), axis=0, return_counts=True
    )
    first, second, third = (np.ascontiguousarray(column) for column in kinds.T)
    end = _first_beyond(values, r_ms)
    begin = np.searchsorted(end, np.arange(values.size), side="right").astype(small)
    # Unsigned numbers wrap below zero, so one comparison asks for both ends of the span.
    span = (end - 1 - begin).astype(small)
    last = np.searchsorted(first, end[first].astype(np.int64), side="left").tolist()
    shorter = longer = int(np.sum(numbers * (numbers - 1) // 2))
    for i, (number, stop) in enumerate(zip(numbers.tolist(), last, strict=True)):
        later = slice(i + 1, stop)
        here, next_ = second[i], third[i]
        near = np.flatnonzero(second[later] - begin[here] <= span[here])
        close = third[later][near] - begin[next_] <= span[next_]
        weights = numbers[later][near]
        shorter += number * int(weights.sum())
        longer += number * int(weights[close].sum())
    return shorter, longer


def _first_beyond(values: Floats, r_ms: float) -> NDArray[np.intp]:
    """Return, for each of the sorted values, the place of the first that exceeds it by > r."""
    place = np.searchsorted(values, values + r_ms, side="right")
    # The sum is rounded, the difference is what counts: they may disagree by one place.
    place -= values[place - 1] - values > r_ms
    following = np.minimum(place, values.size - 1)
    place += (place < values.size) & (values[following] - values <= r_ms)
    return place


def dfa_alpha1(runs: Runs) -> float:
    """Return the short-term exponent α1 of detrended fluctuation analysis, windows of 4–16 beats.

    The runs are joined end to end: a join puts one step into the profile, as the textbook form
    does wherever a beat was left out. The profile is cut from its beginning into windows of n
    beats that do not overlap; α1 is the slope of log F(n) over log n. ``nan`` below 17 intervals,
    or where a straight line leaves nothing.

    Parameters
    ----------
    runs
        Accepted intervals in ms: an array of shape (n,) for each run of adjacent ones, or one
        such array.

    Notes
    -----
    Peng et al. (1995).
    """
    nn_ms = _pooled(runs)
    if nn_ms.size <= DFA_BEATS[-1]:
        return math.nan
    profile = np.cumsum(nn_ms - np.mean(nn_ms))
    spread = np.array([_fluctuation(profile, beats) for beats in DFA_BEATS])
    if not np.all(spread > 0):
        return math.nan
    across = np.log(np.array(DFA_BEATS, dtype=np.float64))
    across -= across.mean()
    return float(np.dot(across, np.log(spread)) / np.dot(across, across))


def _fluctuation(profile: Floats, beats: int) -> float:
    """Return the root mean square of what straight lines leave in windows of ``beats``."""
    windows = profile[: profile.size // beats * beats].reshape(-1, beats)
    x = np.arange(beats, dtype=np.float64) - (beats - 1) / 2.0
    slope = np.asarray(windows @ x, dtype=np.float64) / float(np.sum(x * x))
    line = windows.mean(axis=1, keepdims=True) + slope[:, None] * x
    left = np.asarray(windows - line, dtype=np.float64)
    return math.sqrt(float(np.mean(np.square(left))))


def _parts(runs: Runs) -> Sequence[Floats]:
    if isinstance(runs, np.ndarray):
        return [runs] if runs.ndim == 1 else list(runs)
    return runs


def _pooled(runs: Runs) -> Floats:
    parts = _parts(runs)
    return np.concatenate(parts) if len(parts) else np.empty(0)


def _differences(runs: Runs) -> Floats:
    return _pooled([np.diff(run) for run in _parts(runs)])


def _deviation(values: Floats) -> float:
    return float(np.std(values, ddof=1)) if values.size > 1 else math.nan
