"""The heart's wave at the guide's phase is found with its size, its place and its share."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobreath.signal.demodulation import demodulate


def heart(t, cycles, amplitude, peak, mean=65.0, slope=0.0):
    return mean + slope * t + amplitude * np.cos(2 * np.pi * (cycles - peak))


def uneven(seconds=60.0, seed=0):
    return np.cumsum(np.random.default_rng(seed).uniform(0.6, 1.2, int(seconds)))


@given(st.floats(0.5, 20), st.floats(0, 0.999), st.floats(3.5, 8), st.floats(-0.2, 0.2))
def test_a_wave_is_found_as_it_is(amplitude, peak, pace, slope):
    t = uneven()
    cycles = t * pace / 60
    found = demodulate(t, heart(t, cycles, amplitude, peak, slope=slope), cycles)
    assert found.amplitude_bpm == pytest.approx(amplitude, rel=1e-6)
    assert found.swing_bpm == pytest.approx(2 * amplitude, rel=1e-6)
    assert abs((found.peak_cycles - peak + 0.5) % 1 - 0.5) < 1e-6
    assert found.r2 == pytest.approx(1.0)


def test_a_guide_that_slows_down_is_followed():
    t = uneven(45)
    cycles = np.cumsum(np.linspace(6.75, 4.25, t.size) / 60 * np.diff(t, prepend=0.0))
    found = demodulate(t, heart(t, cycles, 7.0, 0.4), cycles)
    assert found.amplitude_bpm == pytest.approx(7.0)
    assert found.peak_cycles == pytest.approx(0.4)


@given(st.floats(0, 1e5), st.integers(0, 1000))
@settings(max_examples=30)
def test_neither_the_start_of_time_nor_the_number_of_breaths_matters(start_s, breaths):
    t = uneven()
    cycles = t / 10
    rate = heart(t, cycles, 6.0, 0.3) + np.random.default_rng(2).normal(0, 2, t.size)
    here = demodulate(t, rate, cycles)
    there = demodulate(t + start_s, rate, cycles + breaths)
    assert there.amplitude_bpm == pytest.approx(here.amplitude_bpm, rel=1e-6)
    assert there.r2 == pytest.approx(here.r2, rel=1e-6)


@pytest.mark.parametrize(
    ("peak", "fullest", "lag"),
    [(0.4, 0.4, 0.0), (0.5, 0.4, 0.1), (0.3, 0.4, -0.1), (0.05, 0.9, 0.15), (0.95, 0.1, -0.15)],
)
def test_the_lag_goes_from_the_fullest_breath_to_the_fastest_heart(peak, fullest, lag):
    t = uneven()
    found = demodulate(t, heart(t, t / 10, 5.0, peak), t / 10)
    assert found.lag_cycles(fullest) == pytest.approx(lag, abs=1e-6)


def test_a_heart_that_goes_its_own_way_has_a_small_share():
    t = uneven()
    own = 65 + 6 * np.cos(2 * np.pi * t / 6.3)
    assert demodulate(t, own, t / 10).r2 < 0.1


def test_a_drift_alone_is_no_answer_to_the_breath():
    t = uneven()
    drifting = 60 + 0.2 * t + np.random.default_rng(4).normal(0, 1, t.size)
    assert demodulate(t, drifting, t / 10).r2 < 0.2


def test_beats_without_a_guide_are_left_out():
    t = uneven()
    cycles = t / 10
    rate = heart(t, cycles, 5.0, 0.4)
    rate[:20] = 200.0
    cycles[:20] = math.nan
    found = demodulate(t, rate, cycles)
    assert found.amplitude_bpm == pytest.approx(5.0)


@pytest.mark.parametrize("count", [0, 3, 7])
def test_a_few_beats_tell_nothing(count):
    t = np.arange(count, dtype=float) * 2
    found = demodulate(t, np.full(count, 60.0), t / 4)
    assert math.isnan(found.amplitude_bpm)
    assert math.isnan(found.r2)
    assert math.isnan(found.lag_cycles(0.4))


def test_less_than_one_breath_tells_nothing():
    t = uneven(15)
    assert math.isnan(demodulate(t, heart(t, t / 40, 5, 0.4), t / 40).r2)


def test_a_steady_heart_has_no_place_for_a_peak():
    t = uneven()
    found = demodulate(t, np.full(t.size, 61.7), t / 10)
    assert found.amplitude_bpm == pytest.approx(0.0, abs=1e-9)
    assert math.isnan(found.peak_cycles)
