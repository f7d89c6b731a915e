"""Waves in an even series of numbers: their drift, their peak in the spectrum, their crossings."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def without_drift(level: Floats) -> Floats:
    """Take a parabola away: gentle enough for a breath of 20 s in a minute.

    ``level`` is an even series, shape (n,) or (n, k): of each column its own.
    """
    terms = _parabolas(level.shape[0])
    return level - terms @ (terms.T @ level)


@lru_cache(maxsize=16)
def _parabolas(count: int) -> Floats:
    """Return parabolas at right angles to each other, as columns: shape (count, 3)."""
    terms, _ = np.linalg.qr(np.vander(np.linspace(-1.0, 1.0, count), 3))
    terms.flags.writeable = False
    return terms


@lru_cache(maxsize=16)
def hann(count: int) -> Floats:
    """Return the periodic Hann window."""
    window = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(count) / count)
    window.flags.writeable = False
    return window


def peak_hz(density: Floats, hz: Floats, low_hz: float, high_hz: float) -> float:
    """Return where the highest peak between two frequencies is; ``nan`` where there is none.

    Parameters
    ----------
    density, hz
        A spectrum on an even grid from 0 Hz, shape (n,); the peak is found between its points.
    low_hz, high_hz
        The peak's nearest point lies between these, not outside.
    """
    first = max(1, int(hz.searchsorted(low_hz)))
    beyond = max(first, min(hz.size - 1, int(hz.searchsorted(high_hz, side="right"))))
    inside = density[first:beyond]
    rises = inside > density[first - 1 : beyond - 1]
    places = np.flatnonzero(rises & (inside >= density[first + 1 : beyond + 1])) + first
    if places.size == 0:
        return math.nan
    place = int(places[np.argmax(density[places])])
    left, middle, right = (float(density[place + k]) for k in (-1, 0, 1))
    return float(hz[place] + hz[1] * 0.5 * (left - right) / (left - 2.0 * middle + right))


def power(density: Floats, hz: Floats, low_hz: float, high_hz: float) -> float:
    """Sum a spectrum, both shape (n,), between two frequencies in Hz, both included."""
    low = int(hz.searchsorted(low_hz))
    high = int(hz.searchsorted(high_hz, side="right"))
    return float(density[low:high].sum())


def band(level: Floats, rate_hz: float, low_hz: float, high_hz: float) -> Floats:
    """Return what lies between two frequencies, without shifting it.

    ``level`` is even at ``rate_hz``, shape (n,) or (n, k): each column is taken by itself.
    """
    return within(np.fft.rfft(level, axis=0), level.shape[0], rate_hz, low_hz, high_hz)


def within(
    waves: NDArray[np.complex128], count: int, rate_hz: float, low_hz: float, high_hz: float
) -> Floats:
    """Return what lies between two frequencies of ``count`` points whose real FFT is ``waves``.

    ``waves`` has shape (count // 2 + 1,) or that with columns, the result (count,) or with columns.
    """
    low = max(0, math.ceil(low_hz * count / rate_hz - 1e-9))
    beyond = max(low, math.floor(high_hz * count / rate_hz + 1e-9) + 1)
    kept = np.zeros_like(waves)
    kept[low:beyond] = waves[low:beyond]
    return np.fft.irfft(kept, count, axis=0)


def rises_s(wave: Floats, rate_hz: float, margin: float) -> Floats:
    """Return when a wave rises above +margin after it was below −margin, in s from its start.

    ``wave`` is even at ``rate_hz``, shape (n,); ``margin`` is in its own unit.
    """
    places = np.flatnonzero((wave > margin) | (wave < -margin))
    is_above = wave[places] > 0
    return places[1:][is_above[1:] & ~is_above[:-1]] / rate_hz
