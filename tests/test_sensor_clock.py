"""Stamps of a sensor find their place on the session clock."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobreath.signal.sensor_clock import SensorClock

H10_DEFAULT_NS = 599_616_000 * 10**9
FRAME_S = 0.707


def stamps(true_s, *, ppm=0.0, from_ns=H10_DEFAULT_NS):
    return [from_ns + round(t * (1 + ppm * 1e-6) * 1e9) for t in true_s]


def told(sensor_ns, arrivals_s):
    clock = SensorClock()
    return np.array([clock.session_s(*pair) for pair in zip(sensor_ns, arrivals_s, strict=True)])


def in_order(arrivals_s):
    return np.maximum.accumulate(arrivals_s)


def test_jitter_of_the_link_is_taken_out():
    rng = np.random.default_rng(0)
    true_s = np.arange(0, 600, FRAME_S)
    arrivals_s = in_order(true_s + 0.02 + rng.exponential(0.08, true_s.size))
    away = told(stamps(true_s, ppm=20), arrivals_s) - true_s
    assert np.all(away[30:] > 0)
    assert np.all(away[30:] < 0.06)
    assert np.max(np.abs(np.diff(away[30:]))) < 0.04


def test_a_clock_that_runs_wrong_is_followed_for_hours():
    true_s = np.arange(0, 4 * 3600, FRAME_S)
    away = told(stamps(true_s, ppm=100), true_s + 0.03) - true_s
    assert np.max(np.abs(away)) < 0.04


def test_a_first_packet_that_came_late_costs_only_the_first_moment():
    true_s = np.arange(0, 60, FRAME_S)
    arrivals_s = in_order(np.where(true_s < 2.0, 2.5, true_s))
    away = told(stamps(true_s), arrivals_s) - true_s
    assert np.max(np.abs(away[4:])) < 1e-6


def test_a_stall_that_ends_in_a_burst_changes_nothing():
    true_s = np.arange(0, 120, FRAME_S)
    arrivals_s = np.where((true_s > 60) & (true_s < 75), 75.0, true_s)
    assert told(stamps(true_s), arrivals_s) == pytest.approx(true_s, abs=1e-6)


@pytest.mark.parametrize("years", [-5.0, -1e-6, 1e-6, 3.0])
def test_a_clock_that_is_set_anew_goes_on_at_the_arrival(years):
    true_s = np.arange(0, 120, FRAME_S)
    sensor_ns = [
        ns + round(years * 31_557_600 * 1e9) * (t > 60)
        for ns, t in zip(stamps(true_s), true_s, strict=True)
    ]
    assert told(sensor_ns, true_s + 0.1) == pytest.approx(true_s + 0.1, abs=1e-3)


def test_a_stamp_told_twice_is_the_same_moment():
    clock = SensorClock()
    assert clock.session_s(10**9, 5.0) == clock.session_s(10**9, 5.3) == 5.0


def test_a_clock_that_stood_still_for_a_while_is_found_again():
    true_s = np.arange(0, 200, FRAME_S)
    sensor_s = np.where(true_s > 60, true_s - 20.0, true_s)
    assert told(stamps(sensor_s), true_s)[-1] == pytest.approx(true_s[-1], abs=1e-3)


@given(
    st.lists(
        st.tuples(st.integers(0, 2**64 - 1) | st.integers(0, 2**34), st.floats(0, 100)),
        max_size=50,
    )
)
def test_whatever_is_stamped_is_never_placed_after_its_arrival(pairs):
    clock, arrival_s = SensorClock(), 0.0
    for sensor_ns, wait_s in pairs:
        arrival_s += wait_s
        assert clock.session_s(sensor_ns, arrival_s) <= arrival_s + 1e-5
