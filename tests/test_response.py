"""Before and after: a change is said only where there is one."""

import math

import numpy as np
import pytest

from biobreath.signal import hrv
from biobreath.signal.response import Change, Stretch, response, rmssd_limits


def stretch(rate_bpm, seconds, *, seed=0, spread_ms=25.0):
    rng = np.random.default_rng(seed)
    count = int(seconds * rate_bpm / 60)
    slow = 8.0 * np.sin(np.arange(count) / 15 + seed)
    nn_ms = 60_000 / rate_bpm + slow + rng.normal(0, spread_ms, count)
    return Stretch(np.cumsum(nn_ms) / 1000, nn_ms, hrv.rmssd_ms([nn_ms]))


def test_a_heart_that_slowed_is_told_so():
    found = response(stretch(78, 90), stretch(70, 90, seed=1))
    assert found.heart_rate is Change.LOWER
    assert found.heart_rate_before_bpm == pytest.approx(78, abs=1)
    assert response(stretch(70, 90), stretch(78, 90)).heart_rate is Change.HIGHER


def test_the_same_heart_twice_is_about_the_same():
    twice = [response(stretch(70, 90, seed=s), stretch(70, 90, seed=s + 100)) for s in range(60)]
    assert sum(found.heart_rate is Change.SAME for found in twice) == 60
    assert sum(found.rmssd is Change.SAME for found in twice) >= 54


def test_rmssd_changes_only_beyond_what_short_measurements_differ_by():
    before = stretch(70, 60)
    assert response(before, stretch(70, 60, spread_ms=45)).rmssd is Change.HIGHER
    assert response(before, stretch(70, 60, spread_ms=12)).rmssd is Change.LOWER
    assert response(before, stretch(70, 60, spread_ms=28)).rmssd is Change.SAME


def test_the_limits_are_the_measured_ones_and_narrow_with_length():
    assert rmssd_limits(30) == pytest.approx((0.64, 1.45))
    assert rmssd_limits(60) == pytest.approx((0.72, 1.33))
    assert rmssd_limits(500) == pytest.approx((0.81, 1.22))
    low, high = rmssd_limits(85)
    assert 0.72 < low < 0.81
    assert 1.22 < high < 1.33


def test_too_little_tells_nothing():
    found = response(stretch(78, 40), stretch(70, 90))
    assert (found.heart_rate, found.rmssd) == (Change.UNKNOWN, Change.UNKNOWN)
    empty = Stretch(np.array([]), np.array([]), math.nan)
    assert response(empty, empty).heart_rate is Change.UNKNOWN


def test_a_wandering_heart_needs_a_larger_change():
    t = np.arange(0, 90, 0.85)
    nn_ms = 850 + 90 * np.sin(2 * np.pi * t / 45)
    before = Stretch(t, nn_ms, hrv.rmssd_ms([nn_ms]))
    after = Stretch(t, nn_ms + 45, hrv.rmssd_ms([nn_ms]))
    assert before.heart_rate_bpm - after.heart_rate_bpm > 3
    assert response(before, after).heart_rate is Change.SAME
