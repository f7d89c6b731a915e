"""The heart-rate swing is measured breath by breath."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobreath.signal.swing import (
    borders_from_heart,
    breath_swings_bpm,
    mean_swing_bpm,
    swing_from_heart,
    swing_of_record,
)

DATA = Path(__file__).parent / "data"


def beats(pace=6.0, swing_bpm=16.0, seconds=100.0, mean_bpm=70.0):
    t, times, rates = 0.0, [], []
    while t < seconds:
        rate = mean_bpm + swing_bpm / 2 * math.sin(2 * math.pi * pace / 60 * t)
        t += 60 / rate
        times.append(t)
        rates.append(rate)
    return np.array(times), np.array(rates)


def every(values):
    return np.ones(values.size, dtype=bool)


def breaths(pace=6.0, seconds=100.0):
    return np.arange(0, seconds + 1e-9, 60 / pace)


@pytest.mark.parametrize("pace", [3.5, 6.0, 8.0])
@pytest.mark.parametrize("swing_bpm", [10.0, 30.0])
def test_each_breath_has_the_swing_it_was_given(pace, swing_bpm):
    t, rate = beats(pace, swing_bpm)
    found = breath_swings_bpm(t, rate, every(t), breaths(pace))
    known = found[np.isfinite(found)]
    assert known.size >= 5
    assert known == pytest.approx(np.full(known.size, swing_bpm), rel=0.06)


def test_a_drift_over_many_breaths_does_not_inflate_the_swing():
    t, rate = beats(6.0, 10.0)
    drifting = rate + 0.1 * t
    assert mean_swing_bpm(t, drifting, every(t), breaths()) == pytest.approx(10.0, abs=1.0)
    assert np.ptp(drifting) > 18


def test_a_breath_with_a_corrected_beat_is_left_out():
    t, rate = beats()
    accepted = every(t)
    wild = int(np.searchsorted(t, 25.0))
    accepted[wild] = False
    rate[wild] = 180.0
    found = breath_swings_bpm(t, rate, accepted, breaths())
    assert np.flatnonzero(np.isnan(found)).tolist() == [2, 9][: np.isnan(found).sum()]
    assert np.nanmax(found) < 20


def test_a_breath_with_fewer_than_three_beats_is_left_out():
    t = np.arange(0.0, 60.0, 2.0)
    rate = np.full(t.size, 30.0)
    assert np.isnan(breath_swings_bpm(t, rate, every(t), np.arange(0, 56, 4.0))).all()


def test_a_breath_that_is_not_wholly_recorded_is_left_out():
    t, rate = beats()
    inside = (t > 13) & (t < 87)
    found = breath_swings_bpm(t[inside], rate[inside], every(t[inside]), breaths())
    assert np.flatnonzero(np.isfinite(found)).tolist() == [2, 3, 4, 5, 6, 7]


def test_a_breath_with_a_gap_is_left_out_and_no_other():
    t, rate = beats()
    kept = (t < 42) | (t > 47)
    whole = breath_swings_bpm(t, rate, every(t), breaths())
    torn = breath_swings_bpm(t[kept], rate[kept], every(t[kept]), breaths())
    assert math.isnan(torn[4])
    others = np.arange(whole.size) != 4
    assert np.array_equal(torn[others], whole[others], equal_nan=True)


def test_the_mean_is_over_the_newest_breaths():
    t, rate = beats(seconds=200.0)
    early = t < 100
    rate[early] = 70 + 3 * (rate[early] - 70)
    found = mean_swing_bpm(t, rate, every(t), breaths(seconds=200.0), 5)
    assert found == pytest.approx(16.0, rel=0.06)


def test_two_breaths_are_too_few():
    t, rate = beats(seconds=26.0)
    assert math.isnan(mean_swing_bpm(t, rate, every(t), breaths(seconds=30)))
    t, rate = beats(seconds=32.0)
    assert math.isfinite(mean_swing_bpm(t, rate, every(t), breaths(seconds=40)))


@pytest.mark.parametrize("borders", [np.empty(0), np.array([1.0]), np.array([1.0, 11.0])])
def test_without_beats_or_breaths_nothing_is_known(borders):
    none = np.empty(0)
    assert math.isnan(mean_swing_bpm(none, none, every(none), borders))
    t, rate = beats()
    assert math.isnan(mean_swing_bpm(t, rate, every(t), borders))


@given(st.floats(0, 1e5))
@settings(max_examples=20)
def test_time_may_begin_anywhere(start_s):
    t, rate = beats()
    here = mean_swing_bpm(t, rate, every(t), breaths())
    assert mean_swing_bpm(t + start_s, rate, every(t), breaths() + start_s) == here


@pytest.mark.parametrize("pace", [4.0, 6.0, 8.0])
def test_breaths_are_found_in_the_heart_rate(pace):
    t, rate = beats(pace, 16.0, 120.0)
    found = borders_from_heart(t, 60_000 / rate, pace)
    assert np.diff(found) == pytest.approx(np.full(found.size - 1, 60 / pace), rel=0.05)
    assert swing_from_heart(t, 60_000 / rate, every(t)) == pytest.approx(16.0, rel=0.06)


def test_where_the_breath_is_not_sure_the_swing_is_not_told():
    rng = np.random.default_rng(8)
    rate = 70 + rng.normal(0, 4, 150)
    t = np.cumsum(60 / rate)
    assert math.isnan(swing_from_heart(t, 60_000 / rate, every(t)))
    assert borders_from_heart(t, 60_000 / rate, math.nan).size == 0


def test_the_swing_of_real_people():
    rr = np.loadtxt(DATA / "breathing" / "physio_ecg2_rr_ms.txt")
    t = np.cumsum(rr) / 1000
    assert swing_of_record(t, rr, every(t)) == pytest.approx(26.0, abs=1.5)
    rr = np.loadtxt(DATA / "rr" / "polar_h10_slow_breathing.csv", delimiter=",", skiprows=1)[:, 1]
    t = np.cumsum(rr) / 1000
    assert 12 < swing_of_record(t, rr, every(t)) < 18


def test_a_record_without_breaths_has_no_swing():
    assert math.isnan(swing_of_record(np.empty(0), np.empty(0), np.empty(0, dtype=bool)))
