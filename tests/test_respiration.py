"""The breathing rate is found in the heart rate, or not told."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobreath.signal.respiration import breathing_rate, breathing_rate_of_record, breathing_rates

DATA = Path(__file__).parent / "data"


def physio():
    rr = np.loadtxt(DATA / "breathing" / "physio_ecg2_rr_ms.txt")
    return np.cumsum(rr) / 1000, rr


def airflow_breaths():
    """Starts of breaths in the airflow: crossings with a margin, of its slow part."""
    t, flow = np.loadtxt(
        DATA / "breathing" / "physio_ecg2_airflow_20hz.csv", delimiter=",", skiprows=1
    ).T
    waves = np.fft.rfft(flow - flow.mean())
    hz = np.fft.rfftfreq(flow.size, 0.05)
    waves[(hz < 0.05) | (hz > 0.7)] = 0
    flow = np.fft.irfft(waves, flow.size)
    side = np.sign(flow) * (np.abs(flow) > 0.25 * flow.std())
    places = np.flatnonzero(side)
    return t[places[1:][(side[places[1:]] > 0) & (side[places[:-1]] < 0)]]


def heart(breaths_per_minute, seconds=150, swing_bpm=14.0, seed=0, rest=1.0):
    """Beats of a heart that breathes, with a blood-pressure wave, drifts and jitter."""
    rng = np.random.default_rng(seed)
    step_s = 0.05
    t = np.arange(0, seconds + 60, step_s)
    slow = np.cumsum(rng.normal(0, 1, t.size))
    slow -= np.convolve(np.pad(slow, 600, mode="edge"), np.ones(1201) / 1201, "valid")
    hz = np.fft.rfftfreq(t.size, step_s)
    shape = 1 / np.sqrt(1 + 16 * (hz / 0.095 - 0.095 / np.maximum(hz, 1e-6)) ** 2)
    mayer = np.fft.irfft(np.fft.rfft(rng.normal(size=t.size)) * shape, t.size)
    period = 60 / breaths_per_minute
    lengths = period * (1 + 0.03 * rng.normal(size=int(seconds / period) + 80))
    borders = np.concatenate(([0], np.cumsum(lengths)))
    phase = np.interp(t, borders, np.arange(borders.size))
    rate = 68 + swing_bpm / 2 * np.sin(2 * np.pi * phase)
    rate += rest * (1.2 * mayer / mayer.std() + 1.5 * slow / slow.std())
    done = np.cumsum(rate / 60 * step_s)
    beats = np.interp(np.arange(1, done[-1]), done, t) + rng.normal(0, 0.003, int(done[-1] - 1e-9))
    beats = beats[beats < seconds]
    return beats[1:], np.diff(beats) * 1000


@pytest.mark.parametrize("pace", [3.2, 4.0, 5.0, 6.0, 7.5, 9.0, 10.0])
def test_slow_breathing_is_told_within_a_third_of_a_breath(pace):
    found = [breathing_rate(*heart(pace, seed=seed)) for seed in range(8)]
    told = [rate for rate in found if math.isfinite(rate)]
    assert len(told) >= 5
    assert np.mean(np.abs(np.array(told) - pace)) < 0.3
    assert max(abs(rate - pace) for rate in told) < 1


@pytest.mark.parametrize("pace", [12.0, 15.0, 18.0, 24.0])
def test_quick_breathing_is_told_within_one_breath(pace):
    found = [breathing_rate(*heart(pace, swing_bpm=8.0, seed=seed)) for seed in range(8)]
    told = [rate for rate in found if math.isfinite(rate)]
    assert len(told) >= 5
    assert all(abs(rate - pace) < 1 for rate in told)


def test_rest_with_a_faint_breath_is_not_sure_rather_than_wrong():
    wrong = shown = 0
    for seed in range(60):
        rate = breathing_rate(*heart(15 + seed % 5, swing_bpm=1.0, seed=seed))
        shown += math.isfinite(rate)
        wrong += math.isfinite(rate) and abs(rate - (15 + seed % 5)) > 1
    assert wrong <= 1
    assert shown < 40


def test_three_a_minute_is_found():
    assert breathing_rate(*heart(3.0, 200, rest=0.3)) == pytest.approx(3.0, abs=0.3)


def test_the_airflow_of_a_real_person_agrees():
    t, rr = physio()
    starts = airflow_breaths()
    middles, rates = breathing_rates(t, rr)
    errors = []
    for middle, rate in zip(middles, rates, strict=True):
        near = (starts[1:] > middle - 45) & (starts[:-1] < middle + 45)
        errors.append(rate - 60 / np.mean(np.diff(starts)[near]))
    told = np.array(errors)[np.isfinite(errors)]
    assert told.size > 0.9 * len(errors)
    assert np.mean(np.abs(told)) < 0.2
    assert np.max(np.abs(told)) < 1
    assert breathing_rate_of_record(t, rr) == pytest.approx(8.0, abs=0.1)


def test_a_real_strap_in_slow_breathing():
    rr = np.loadtxt(DATA / "rr" / "polar_h10_slow_breathing.csv", delimiter=",", skiprows=1)[:, 1]
    assert breathing_rate_of_record(np.cumsum(rr) / 1000, rr) == pytest.approx(3.85, abs=0.2)


def test_below_a_minute_nothing_is_told():
    assert math.isnan(breathing_rate(*heart(6, 55)))
    assert math.isnan(breathing_rate(np.empty(0), np.empty(0)))
    assert math.isnan(breathing_rate_of_record(*heart(6, 55)))


def test_after_a_gap_it_waits_again():
    t, rr = heart(6, 150)
    late = (t < 80) | (t > 110)
    assert math.isnan(breathing_rate(t[late], rr[late]))


def test_a_steady_heart_does_not_breathe():
    t = np.arange(1, 120, dtype=float)
    assert math.isnan(breathing_rate(t, np.full(t.size, 1000.0)))


@given(st.floats(0, 1e5))
@settings(max_examples=20)
def test_time_may_begin_anywhere(start_s):
    t, rr = heart(6)
    assert breathing_rate(t + start_s, rr) == pytest.approx(breathing_rate(t, rr), rel=1e-5)


def test_a_gap_takes_only_the_windows_it_touches():
    t, rr = heart(6, 500)
    torn = (t < 240) | (t > 260)
    middles, rates = breathing_rates(t[torn], rr[torn])
    assert not np.any((middles > 240 - 44) & (middles < 260 + 44))
    assert np.nanmedian(rates) == pytest.approx(6.0, abs=0.2)
