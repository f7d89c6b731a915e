"""Breathing rate of a still chest, read from the way its slow tilts move gravity.

It would rather say "not sure" than be wrong: a swaying body and a slow slump move the chest as a
breath does, only less evenly.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biobreath.signal import waves

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

RATE_HZ = 10.0
WINDOW_S = 60.0
LEAST_S = 30.0
LEAST_BREATHS = 3.0
"""A rate is told of a stretch of at least so many breaths."""
BAND_HZ = (0.05, 0.7)
"""Three breaths a minute to 42: where the chest's breath is looked for."""
LOWEST_HZ, HIGHEST_HZ = 0.052, 0.6

_POINTS = 4096
_HZ: Floats = np.arange(_POINTS // 2 + 1, dtype=np.float64) * (RATE_HZ / _POINTS)
_EDGE_HZ = 0.045
"""A little below the lowest rate, so that its peak still has a left side."""
_AROUND_HZ = 0.025
"""How far the power of a peak reaches to each side in a whole window; in half of one twice that."""
_CLOSE_FROM, _CLOSE_TO = 0.65, 1.5
"""The breath alone, as uneven as it is, in shares of its rate."""

_FAINTEST_MG = 0.7
"""Half of the swing; what the sensor's noise makes of nothing is a third of it."""
_LEAST_SHARE = 0.55
_LEAST_SHARE_SLOW = 0.75
_QUICK_HZ = 0.15
"""From here on (9 a minute) a breath is looked for even where something slower is stronger."""
_LEAST_SHARE_QUICK = 0.6
_QUICK_ABOVE = 2.0
"""Such a breath has so many times the power of what it could be the overtone of."""
_SHARE_MORE = 0.3
"""In half a minute chance makes an even wave more often: so much more is asked of it then."""
_SLOW_HZ = 0.115
"""Below 7 a minute a slumping body makes waves too, and a breath has to stand out more."""
_MOST_DRIFT = 0.25
_MOST_UNEVEN = 0.2
"""Lengths of breaths may differ by this share (standard deviation), of free breathing 0.1."""
_MOST_SILENT = 1.4
"""Breaths that a stretch may begin or end without: then nobody breathes through all of it."""
_PEAK_AGREES = 0.12
_COUNTS_AGREE = 0.5
"""Breaths a minute: one breath more or less in a minute is a doubt."""
_MARGIN = 0.3
"""How far a wave must leave its middle to count as crossed, as a share of its amplitude."""


@dataclass(frozen=True, slots=True)
class _Breath:
    """What may be a breath: its frequency, its movement along its own axis, half of its swing."""

    hz: float
    along_mg: Floats
    amplitude_mg: float
    low_hz: float
    """What is slower than this was not looked at."""


def breathing_rate(level_mg: Floats) -> float:
    """Estimate the breathing rate of a stretch of up to 60 s.

    Parameters
    ----------
    level_mg
        Acceleration of a still chest in milli-g, every 0.1 s, shape (n, 3). Only the newest 60 s
        are used.

    Returns
    -------
    float
        3 to 36 breaths per minute, the mean of the stretch; ``nan`` for "not sure".
    """
    recent = level_mg[-int(WINDOW_S * RATE_HZ) :]
    lasted_s = recent.shape[0] / RATE_HZ
    if lasted_s < LEAST_S:
        return math.nan
    moved = waves.without_drift(recent)
    spectrum = _spectrum(moved)
    for low_hz in (_EDGE_HZ, _QUICK_HZ):
        found = _found(moved, spectrum, low_hz)
        if found is not None and found.hz * lasted_s >= LEAST_BREATHS:
            return _counted(found)
    return math.nan


def breath_axis(level_mg: Floats) -> Floats:
    """Return the direction, of length 1, in which the chest moves most between 3 and 42 a minute.

    Which of its two ends is full is not known. The result has shape (3,); parameters as of
    ``breathing_rate``.
    """
    recent = level_mg[-int(WINDOW_S * RATE_HZ) :]
    moved = waves.band(waves.without_drift(recent), RATE_HZ, *BAND_HZ)
    _, axes = np.linalg.eigh(moved.T @ moved)
    return np.asarray(axes[:, -1], dtype=np.float64)


def _shortness(moved: Floats) -> float:
    """Return how many of this stretch make a whole window: 1 to 2."""
    return WINDOW_S * RATE_HZ / moved.shape[0]


def _spectrum(moved: Floats) -> Complexes:
    window = waves.hann(moved.shape[0])
    # Scaled so that the power of a pure wave, summed over its peak, is its amplitude squared.
    scale = math.sqrt(4.0 / (_POINTS * float(np.sum(window**2))))
    return np.fft.rfft(moved * window[:, None], _POINTS, axis=0) * scale


def _found(moved: Floats, spectrum: Complexes, low_hz: float) -> _Breath | None:
    """Look at the strongest wave of any direction, along its own axis; None if it is no breath."""
    hz = waves.peak_hz(np.sum(np.abs(spectrum) ** 2, axis=1), _HZ, low_hz, BAND_HZ[1])
    if math.isnan(hz):
        return None
    around_hz = _AROUND_HZ * _shortness(moved)
    low, high = np.searchsorted(_HZ, (hz - around_hz, hz + around_hz))
    peak = spectrum[low:high]
    _, axes = np.linalg.eigh((peak.conj().T @ peak).real)
    axis = axes[:, -1]
    density = np.abs(spectrum @ axis) ** 2
    hz = waves.peak_hz(density, _HZ, max(low_hz, hz - around_hz), hz + around_hz)
    if not LOWEST_HZ <= hz <= HIGHEST_HZ or not _stands_out(density, hz, around_hz, low_hz):
        return None
    amplitude = math.sqrt(waves.power(density, _HZ, hz - around_hz, hz + around_hz))
    return _Breath(hz, moved @ axis, amplitude, low_hz) if amplitude >= _FAINTEST_MG else None


def _stands_out(density: Floats, hz: float, around_hz: float, low_hz: float) -> bool:
    """Tell whether a wave and its overtones are most of what moves the chest."""

    def around(middle_hz: float) -> float:
        return waves.power(density, _HZ, middle_hz - around_hz, middle_hz + around_hz)

    own = around(hz)
    overtones = sum(
        around(max(k * hz, hz + 2 * around_hz)) for k in (2, 3) if k * hz + around_hz <= BAND_HZ[1]
    )
    share = (own + overtones) / waves.power(density, _HZ, max(low_hz, BAND_HZ[0]), BAND_HZ[1])
    share -= _SHARE_MORE * (around_hz / _AROUND_HZ - 1.0)
    if low_hz > _EDGE_HZ:
        # Something slower is stronger. A slow breath has overtones at twice and thrice its rate.
        slower = max(around(hz / 2), around(hz / 3))
        return share >= _LEAST_SHARE_QUICK and own >= _QUICK_ABOVE * slower
    if hz >= _SLOW_HZ:
        return share >= _LEAST_SHARE
    drift = waves.power(density, _HZ, 0.0, hz - around_hz)
    return share >= _LEAST_SHARE_SLOW and drift <= _MOST_DRIFT * own


def _counted(breath: _Breath) -> float:
    """Count the breaths themselves: what they contradict is not told."""
    margin = _MARGIN * breath.amplitude_mg
    whole = waves.band(breath.along_mg, RATE_HZ, breath.low_hz, BAND_HZ[1])
    close = waves.band(breath.along_mg, RATE_HZ, _CLOSE_FROM * breath.hz, _CLOSE_TO * breath.hz)
    rates = [_even_rate_hz(wave, margin) for wave in (whole, close)]
    if not all(abs(rate / breath.hz - 1.0) <= _PEAK_AGREES for rate in rates):
        return math.nan
    return 60.0 * rates[1] if 60.0 * abs(rates[1] - rates[0]) <= _COUNTS_AGREE else math.nan


def _even_rate_hz(wave: Floats, margin: float) -> float:
    """Count what rises again and again from the first breath to the last; ``nan`` if uneven."""
    rises_s = waves.rises_s(wave, RATE_HZ, margin)
    if rises_s.size < 3:
        return math.nan
    lengths_s = np.diff(rises_s)
    mean_s = float(np.mean(lengths_s))
    silent_s = max(float(rises_s[0]), wave.size / RATE_HZ - float(rises_s[-1]))
    uneven = float(np.std(lengths_s)) / mean_s * math.sqrt(_shortness(wave))
    even = uneven <= _MOST_UNEVEN and silent_s <= _MOST_SILENT * mean_s
    return 1.0 / mean_s if even else math.nan
