"""Rhythm coherence is near 1 for one slow wave and low for a restless heart."""

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from biobreath.signal.coherence import (
    CoherenceState,
    coherence_of_record,
    coherence_state,
    published_ratio,
    rhythm_coherence,
)

DATA = Path(__file__).parent / "data"


def beats(seconds, wave_bpm=8.0, hz=0.1, noise_bpm=0.0, seed=0):
    rng = np.random.default_rng(seed)
    t, times, intervals = 0.0, [], []
    while t < seconds:
        rate = 65 + wave_bpm * math.sin(2 * math.pi * hz * t) + noise_bpm * rng.normal()
        t += 60 / rate
        times.append(t)
        intervals.append(60_000 / rate)
    return np.array(times), np.array(intervals)


def plain_coherence(t, nn):
    """The definition by a plain sum over frequencies, without any fast transform."""
    grid = t[-1] - np.arange(128)[::-1] / 2
    level = CubicSpline(t, nn)(grid)
    level = level - np.polyval(np.polyfit(grid, level, 1), grid)
    level = level * np.hanning(129)[:-1]
    hz = np.arange(0.0033, 0.4, 0.0005)
    power = np.abs(np.exp(-2j * np.pi * np.outer(hz, grid)) @ level) ** 2
    middle = (hz >= 0.04) & (hz <= 0.26)
    peak = hz[middle][np.argmax(power[middle])]
    return power[np.abs(hz - peak) <= 0.015].sum() / power.sum()


@pytest.mark.parametrize("hz", [0.06, 0.075, 0.1, 0.2])
def test_one_slow_wave_is_coherent(hz):
    assert rhythm_coherence(*beats(80, hz=hz)) > 0.85


def test_noise_is_not():
    values = [rhythm_coherence(*beats(80, 0.0, noise_bpm=5, seed=seed)) for seed in range(20)]
    assert np.mean(values) < 0.4


@pytest.mark.parametrize("noise_bpm", [0.5, 2.0, 4.0])
def test_the_value_is_that_of_the_definition(noise_bpm):
    t, nn = beats(70, noise_bpm=noise_bpm)
    assert rhythm_coherence(t, nn) == pytest.approx(plain_coherence(t, nn), abs=0.01)


def test_it_is_unknown_below_thirty_seconds():
    assert math.isnan(rhythm_coherence(*beats(29)))
    assert math.isfinite(rhythm_coherence(*beats(33)))
    assert math.isnan(rhythm_coherence(np.empty(0), np.empty(0)))


def test_a_constant_heart_has_no_rhythm():
    t = np.arange(1, 100, dtype=float)
    assert math.isnan(rhythm_coherence(t, np.full(t.size, 1000.0)))


def test_nothing_before_a_gap_counts():
    t, nn = beats(200, noise_bpm=3)
    later_t, later_nn = beats(100)
    both = np.concatenate((t, later_t + 230)), np.concatenate((nn, later_nn))
    assert rhythm_coherence(*both) == pytest.approx(rhythm_coherence(later_t, later_nn), rel=1e-9)
    soon = later_t < 20
    torn = np.concatenate((t, later_t[soon] + 230)), np.concatenate((nn, later_nn[soon]))
    assert math.isnan(rhythm_coherence(*torn))


@given(st.floats(0, 1e5))
@settings(max_examples=30)
def test_time_may_begin_anywhere(start_s):
    t, nn = beats(70, noise_bpm=1)
    assert rhythm_coherence(t + start_s, nn) == pytest.approx(rhythm_coherence(t, nn), rel=1e-6)


def test_what_happened_more_than_a_minute_ago_is_forgotten():
    t, nn = beats(100, noise_bpm=1)
    recent = t > t[-1] - 67
    assert rhythm_coherence(t[recent], nn[recent]) == rhythm_coherence(t, nn)


def test_the_published_ratio_grows_with_the_share():
    assert published_ratio(0.5) == 1.0
    assert published_ratio(0.8) == pytest.approx(16.0)
    assert published_ratio(1.0) == math.inf
    assert math.isnan(published_ratio(math.nan))


@pytest.mark.parametrize(
    ("clean_s", "state"),
    [
        (0.0, CoherenceState.SETTLING),
        (44.9, CoherenceState.SETTLING),
        (63.9, CoherenceState.SETTLING),
        (64.0, CoherenceState.READY),
        (1e5, CoherenceState.READY),
        (math.nan, CoherenceState.SETTLING),
    ],
)
def test_it_settles_until_the_window_is_full(clean_s, state):
    assert coherence_state(clean_s) is state
    assert coherence_state(clean_s, paused=True) is CoherenceState.PAUSED


def test_a_record_is_the_mean_of_its_windows_and_no_window_holds_a_gap():
    t, nn = beats(300, noise_bpm=1)
    wild_t, wild_nn = beats(300, 0.0, noise_bpm=5)
    calm, wild = coherence_of_record(t, nn), coherence_of_record(wild_t, wild_nn)
    assert wild < 0.45 < 0.8 < calm
    both = np.concatenate((t, wild_t + 400)), np.concatenate((nn, wild_nn))
    assert coherence_of_record(*both) == pytest.approx((calm + wild) / 2, rel=0.02)


def test_a_window_of_a_record_is_the_live_value():
    t, nn = beats(64.6, noise_bpm=1)
    assert coherence_of_record(t, nn) == pytest.approx(rhythm_coherence(t, nn), rel=0.01)


def test_a_short_record_has_none():
    assert math.isnan(coherence_of_record(*beats(20)))
    assert math.isnan(coherence_of_record(np.empty(0), np.empty(0)))


def test_real_slow_breathing_is_more_coherent_than_real_rest():
    slow = np.loadtxt(DATA / "rr" / "polar_h10_slow_breathing.csv", delimiter=",", skiprows=1)[:, 1]
    rest = np.loadtxt(DATA / "rr" / "healthy_000_first_2h_ms.txt")
    of_slow = coherence_of_record(np.cumsum(slow) / 1000, slow)
    of_rest = coherence_of_record(np.cumsum(rest) / 1000, rest)
    assert of_slow > 0.6
    assert of_rest < 0.45


def test_the_live_values_do_not_wait_for_scipy():
    """Its import takes a second, in which the window would stand still."""
    code = (
        "import sys, numpy as np\n"
        "from biobreath.signal import coherence, demodulation, hrv, respiration, swing\n"
        "nn = 900 + 80 * np.sin(np.arange(110) / 1.8)\n"
        "t = np.cumsum(nn) / 1000\n"
        "coherence.rhythm_coherence(t, nn), hrv.rmssd_ms([nn]), hrv.sample_entropy([nn])\n"
        "respiration.breathing_rate(t, nn), demodulation.demodulate(t, 60000 / nn, t / 10)\n"
        "swing.swing_from_heart(t, nn, np.ones(t.size, dtype=bool))\n"
        "sys.exit('scipy' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
