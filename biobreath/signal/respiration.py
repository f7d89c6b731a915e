"""Breathing rate, read from the wave that breathing puts on the heart rate.

It would rather say "not sure" than be wrong: at rest the blood pressure's own wave mimics a breath
of 6 a minute, and slow drifts mimic one of 3 or 4.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biobreath.signal import waves
from biobreath.signal.resampling import cubic_spline, even_times, newest_stretch, segments

Floats = NDArray[np.float64]

WINDOW_S = 90.0
LEAST_S = 60.0
STEP_S = 15.0
"""How far apart the windows of a whole record begin."""
LOWEST_HZ, HIGHEST_HZ = 0.048, 0.7
"""Three breaths a minute, less what the estimate may be off, to 42."""
RATE_HZ = 4.0

_POINTS = 4096
_HZ: Floats = np.arange(_POINTS // 2 + 1, dtype=np.float64) * (RATE_HZ / _POINTS)
_EDGE_HZ = 0.045
"""A little below the lowest rate, so that its peak still has a left side."""
_AROUND_HZ = 0.02
_QUICK_HZ = 0.15
"""From here on (9 a minute) nothing but breathing makes a narrow wave."""
_QUICK_FLOOR_HZ = 0.13

_SLOW_LEAST_BPM = 3.0
_SLOW_MOST_DRIFT = 0.35
_SURE_BPM = 6.0
"""No wave of the blood pressure is this large: then overtones may speak for a breath, too."""
_OVERTONES = 5
_LOUDEST_OVERTONE = 1.5
"""Of a sawtooth: its overtone k has 1/k² of the power."""
_CROSSINGS_AGREE = 0.15
_COUNTS_AGREE = 0.12
_MARGIN = 0.3
"""How far a wave must leave its middle to count as crossed, as a share of its amplitude."""
_COUNTABLE_BPM = 4.0
"""A wave of at least this amplitude stands so far out of the noise that its crossings are sure."""
_COUNTED_FROM, _COUNTED_TO = 0.65, 1.5
_BEATS_A_BREATH = 2.0


@dataclass(frozen=True, slots=True)
class _Wave:
    """One peak of the spectrum: its frequency, its power and the half of its swing in bpm."""

    hz: float
    power: float
    amplitude_bpm: float


def breathing_rate(t_s: Floats, nn_ms: Floats) -> float:
    """Estimate the breathing rate of the newest 60–90 s, in breaths per minute.

    Parameters
    ----------
    t_s
        Beat times in s of the corrected series, shape (n,). Only the stretch after the last gap
        and of at most 90 s before the last beat is used.
    nn_ms
        The interval that ends at each beat, in ms, shape (n,).

    Returns
    -------
    float
        3 to 42 breaths per minute, at most one for every two beats; ``nan`` for "not sure".
    """
    beat_t, recent_ms = newest_stretch(t_s, nn_ms, WINDOW_S + 2.0)
    if beat_t.size < 8 or beat_t[-1] - beat_t[0] < LEAST_S:
        return math.nan
    level = even_heart_rate(beat_t, recent_ms)[-int(WINDOW_S * RATE_HZ) :]
    return _rate_of_window(level)


def breathing_rates(t_s: Floats, nn_ms: Floats) -> tuple[Floats, Floats]:
    """Estimate the breathing rate of a whole record in windows of 90 s, 15 s apart.

    Windows never reach over a gap; a stretch between 60 and 90 s is one window of its own.
    Parameters are those of `breathing_rate`.

    Returns
    -------
    tuple of arrays
        The middle of each window in s, and its rate in breaths per minute, ``nan`` for "not sure".
    """
    middles: list[float] = []
    rates: list[float] = []
    for part in segments(t_s, nn_ms):
        beat_t = t_s[part]
        if beat_t.size < 8 or beat_t[-1] - beat_t[0] < LEAST_S:
            continue
        grid_s = even_times(beat_t, RATE_HZ)
        level = even_heart_rate(beat_t, nn_ms[part])
        taken = min(int(WINDOW_S * RATE_HZ), level.size)
        for start in range(0, level.size - taken + 1, int(STEP_S * RATE_HZ)):
            middles.append(float(grid_s[start] + taken / RATE_HZ / 2.0))
            rates.append(_rate_of_window(level[start : start + taken]))
    return np.array(middles), np.array(rates)


def breathing_rate_of_record(t_s: Floats, nn_ms: Floats) -> float:
    """Return the median rate (a minute) of the windows that are sure; ``nan`` where none is.

    Parameters are those of `breathing_rate`.
    """
    _, rates = breathing_rates(t_s, nn_ms)
    sure = rates[np.isfinite(rates)]
    return float(np.median(sure)) if sure.size else math.nan


def even_heart_rate(t_s: Floats, nn_ms: Floats) -> Floats:
    """Return the heart rate in bpm on the 4 Hz grid that ends on the last beat.

    Parameters
    ----------
    t_s, nn_ms
        Beat times in s and the interval that ends at each beat in ms, of one stretch
        without gaps, shape (n,) with n ≥ 2.
    """
    return cubic_spline(t_s, 60_000.0 / nn_ms, even_times(t_s, RATE_HZ))


def _rate_of_window(level: Floats) -> float:
    """Weigh the peaks of one window; ``nan`` for "not sure"."""
    moved = waves.without_drift(level)
    hann = waves.hann(moved.size)
    density = np.abs(np.fft.rfft(moved * hann, _POINTS)) ** 2
    scale = 4.0 / (_POINTS * float(np.sum(hann**2)))
    highest_hz = min(HIGHEST_HZ, float(np.mean(level)) / 60.0 / _BEATS_A_BREATH)
    strongest = _strongest(density, _EDGE_HZ, highest_hz, scale)
    if strongest is None:
        return math.nan
    if _is_breath(strongest, density, highest_hz):
        return _checked(strongest, moved, LOWEST_HZ * 0.8, highest_hz)
    quick = _strongest(density, _QUICK_HZ, highest_hz, scale)
    if quick is not None and _is_quick_breath(quick, density, highest_hz):
        return _checked(quick, moved, _QUICK_FLOOR_HZ, highest_hz)
    return math.nan


def _strongest(density: Floats, low_hz: float, high_hz: float, scale: float) -> _Wave | None:
    hz = waves.peak_hz(density, _HZ, low_hz, high_hz)
    if math.isnan(hz):
        return None
    power = _power(density, hz - _AROUND_HZ, hz + _AROUND_HZ)
    return _Wave(hz, power, math.sqrt(power * scale))


def _power(density: Floats, low_hz: float, high_hz: float) -> float:
    return waves.power(density, _HZ, low_hz, high_hz)


def _is_breath(wave: _Wave, density: Floats, highest_hz: float) -> bool:
    """Tell whether the strongest wave of all stands out as a breath would.

    The slower it is, the more else could have made it, and the more it has to stand out. A breath
    slower than 7 a minute also moves the heart more than drifts do.
    """
    share = wave.power / _power(density, _EDGE_HZ, highest_hz)
    per_minute = wave.hz * 60.0
    if per_minute >= 9.0:
        return share >= 0.35
    if per_minute >= 7.0:
        return share >= 0.55
    drift = _power(density, 0.0, max(_EDGE_HZ, wave.hz - 0.025) - 1e-9) / wave.power
    enough = 0.78 if per_minute >= 5.0 else 0.8
    if wave.amplitude_bpm >= _SURE_BPM:
        share += _overtones(wave, density, highest_hz) / _power(density, _EDGE_HZ, highest_hz)
    return share >= enough and wave.amplitude_bpm >= _SLOW_LEAST_BPM and drift <= _SLOW_MOST_DRIFT


def _overtones(wave: _Wave, density: Floats, highest_hz: float) -> float:
    """Return what the sharp turns of a slow breath add at multiples of its rate."""
    found = 0.0
    for k in range(2, min(_OVERTONES, int(highest_hz / wave.hz)) + 1):
        power = _power(density, k * wave.hz - _AROUND_HZ, k * wave.hz + _AROUND_HZ)
        # What is stronger than in a sawtooth is a wave of its own.
        found += power if power <= _LOUDEST_OVERTONE / k**2 * wave.power else 0.0
    return found


def _is_quick_breath(wave: _Wave, density: Floats, highest_hz: float) -> bool:
    """Tell whether a wave above 9 a minute is a breath although something slower is stronger."""
    if wave.power < 0.6 * _power(density, _QUICK_FLOOR_HZ, highest_hz):
        return False
    if wave.power < 0.15 * _power(density, _EDGE_HZ, highest_hz):
        return False
    # A slow breath has overtones at twice and three times its rate.
    return all(
        _power(density, wave.hz / k - _AROUND_HZ, wave.hz / k + _AROUND_HZ) < wave.power
        for k in (2, 3)
    )


def _checked(wave: _Wave, moved: Floats, low_hz: float, high_hz: float) -> float:
    """Count the wave itself: what the crossings contradict is not told."""
    margin = _MARGIN * wave.amplitude_bpm
    whole = np.fft.rfft(moved)
    every = waves.within(whole, moved.size, RATE_HZ, low_hz, high_hz)
    counted_hz = _crossing_rate_hz(every, margin)
    if wave.hz < LOWEST_HZ or not abs(counted_hz / wave.hz - 1.0) <= _CROSSINGS_AGREE:
        return math.nan
    if wave.amplitude_bpm < _COUNTABLE_BPM:
        return wave.hz * 60.0
    # A free breath is uneven: its mean rate is the count of breaths, not its most frequent length.
    from_hz, to_hz = _COUNTED_FROM * wave.hz, _COUNTED_TO * wave.hz
    close = waves.within(whole, moved.size, RATE_HZ, from_hz, to_hz)
    close_hz = _crossing_rate_hz(close, margin)
    return 60.0 * (close_hz if abs(close_hz / wave.hz - 1.0) <= _COUNTS_AGREE else wave.hz)


def _crossing_rate_hz(wave: Floats, margin: float) -> float:
    """Count upward crossings that went below −margin before they rise above +margin."""
    rises = waves.rises_s(wave, RATE_HZ, margin)
    if rises.size < 2:
        return math.nan
    return (rises.size - 1) / float(rises[-1] - rises[0])
