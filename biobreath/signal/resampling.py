"""Beats on an even grid of time: where a series may be joined, and the curve through it."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LONGEST_BRIDGE_S = 2.0
"""A hole this long or shorter (a noisy interval left out) is bridged; a longer one is a gap."""


_MANY = 2000
"""Knots from which on scipy's solver is faster."""


def segments(t_s: Floats, nn_ms: Floats) -> list[slice]:
    """Find the stretches of a series of beats that no gap interrupts.

    Parameters
    ----------
    t_s
        Beat times in s, rising, shape (n,).
    nn_ms
        The interval that ends at each beat, in ms, shape (n,).

    Returns
    -------
    list of slice
        One for each stretch, in order. A new one begins where a beat comes more than
        ``LONGEST_BRIDGE_S`` later than its own interval says, or not after the beat before.
    """
    if t_s.size == 0:
        return []
    step_s = np.diff(t_s)
    broken = (step_s - nn_ms[1:] / 1000.0 > LONGEST_BRIDGE_S) | ~(step_s > 0)
    edges = [0, *(np.flatnonzero(broken) + 1).tolist(), int(t_s.size)]
    return [slice(a, b) for a, b in pairwise(edges)]


def newest_stretch(t_s: Floats, nn_ms: Floats, window_s: float) -> tuple[Floats, Floats]:
    """Return the beats since the last gap, at most ``window_s`` before the newest one.

    Parameters
    ----------
    t_s, nn_ms
        Beat times in s and the interval that ends at each beat in ms, shape (n,).
    """
    if t_s.size == 0:
        return t_s, nn_ms
    last = segments(t_s, nn_ms)[-1]
    start = int(np.searchsorted(t_s[last], float(t_s[-1]) - window_s - 1e-9))
    return t_s[last][start:], nn_ms[last][start:]


def even_times(t_s: Floats, rate_hz: float) -> Floats:
    """Return times every ``1 / rate_hz`` s that end on the last beat and begin after the first.

    ``t_s`` are beat times in s, rising, shape (n,) with n ≥ 1.
    """
    count = int(np.floor((t_s[-1] - t_s[0]) * rate_hz + 1e-6)) + 1
    return t_s[-1] - np.arange(count - 1, -1, -1, dtype=np.float64) / rate_hz


def cubic_spline(t_s: Floats, values: Floats, at_s: Floats) -> Floats:
    """Evaluate the natural cubic spline through (``t_s``, ``values``) at the times ``at_s``.

    A live window is solved without scipy, whose import would hold the window up for a second.

    Parameters
    ----------
    t_s, values
        The knots, strictly rising in time, shape (n,) with n ≥ 2.
    at_s
        Times within the knots, shape (m,).
    """
    width = np.diff(t_s)
    bend = _second_derivatives(width, values)
    left = np.clip(np.searchsorted(t_s, at_s, side="right") - 1, 0, t_s.size - 2)
    h = width[left]
    b = (at_s - t_s[left]) / h
    a = 1.0 - b
    curve = (a**3 - a) * bend[left] + (b**3 - b) * bend[left + 1]
    return a * values[left] + b * values[left + 1] + curve * h * h / 6.0


def _second_derivatives(width: Floats, values: Floats) -> Floats:
    """Solve the tridiagonal system of the natural spline."""
    right = 6.0 * np.diff(np.diff(values) / width)
    diagonal = 2.0 * (width[:-1] + width[1:])
    if diagonal.size == 0:
        return np.zeros(values.size)
    solve = _solved_by_hand if diagonal.size < _MANY else _solved_by_scipy
    return np.concatenate(([0.0], solve(diagonal, width[1:-1], right), [0.0]))


def _solved_by_hand(diagonal: Floats, beside: Floats, right: Floats) -> Floats:
    # Plain floats: numpy would cost more for each element than the arithmetic does.
    pivot, off, found = diagonal.tolist(), beside.tolist(), right.tolist()
    for i in range(1, len(pivot)):
        share = off[i - 1] / pivot[i - 1]
        pivot[i] -= share * off[i - 1]
        found[i] -= share * found[i - 1]
    found[-1] /= pivot[-1]
    for i in range(len(pivot) - 2, -1, -1):
        found[i] = (found[i] - off[i] * found[i + 1]) / pivot[i]
    return np.array(found)


def _solved_by_scipy(diagonal: Floats, beside: Floats, right: Floats) -> Floats:
    # Only a whole record is this long, and its spectrum needs scipy anyway.
    from scipy.linalg import solveh_banded

    upper = np.concatenate(([0.0], beside))
    return np.asarray(solveh_banded(np.vstack((upper, diagonal)), right), dtype=np.float64)
