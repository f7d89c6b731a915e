"""Beat by beat gives the numbers of the whole window, after a day as after a minute."""

import math
import random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from biobreath.signal import hrv
from biobreath.signal.rolling import RollingHrv

NAMES = (
    "mean_heart_rate_bpm", "rmssd_ms", "sdnn_ms", "sdsd_ms", "pnn50_percent", "sd1_ms", "sd2_ms",
)  # fmt: skip


def runs_within(beats, since):
    """Return the accepted intervals after ``since`` as the batch functions want them."""
    runs, run = [], []
    for t, nn_ms, breaks in beats:
        if t <= since:
            continue
        if breaks and run:
            runs.append(np.array(run))
            run = []
        run.append(nn_ms)
    return [*runs, np.array(run)] if run else runs


def assert_same(rolling, runs):
    for name in NAMES:
        told, truth = getattr(rolling, name), getattr(hrv, name)(runs)
        if math.isnan(truth):
            assert math.isnan(told), name
        else:
            assert told == pytest.approx(truth, rel=1e-9, abs=1e-9), name


def feed(rolling, t, nn_ms, breaks):
    if breaks:
        rolling.break_run()
    rolling.add(t, nn_ms)


intervals = st.floats(min_value=200.0, max_value=3000.0, allow_nan=False)


@given(st.lists(st.tuples(intervals, st.booleans()), max_size=80), st.sampled_from([5.0, 30.0]))
@example([(200.0, False), (1031.9546592771017, False), (200.0, False), (200.0, False)], 5.0)
def test_a_window_has_the_numbers_of_its_intervals(beats, window_s):
    rolling = RollingHrv(window_s)
    t, told = 0.0, []
    for nn_ms, breaks in beats:
        t += nn_ms / 1000.0
        told.append((t, nn_ms, breaks))
        feed(rolling, t, nn_ms, breaks)
    assert_same(rolling, runs_within(told, t - window_s))
    assert rolling.count == sum(run.size for run in runs_within(told, t - window_s))


def test_after_a_day_nothing_has_drifted():
    chance = random.Random(4)
    rolling = RollingHrv(300.0)
    t, told = 0.0, []
    for beat in range(100_000):
        # A wild value now and then must leave nothing behind when it goes.
        nn_ms = 2999.9 if beat % 997 == 0 else 850.0 + 60 * math.sin(t / 10) + chance.gauss(0, 20)
        t += nn_ms / 1000.0
        breaks = chance.random() < 0.01
        told.append((t, nn_ms, breaks))
        feed(rolling, t, nn_ms, breaks)
    assert_same(rolling, runs_within(told[-600:], t - 300.0))


def test_an_empty_window_knows_nothing():
    rolling = RollingHrv(10.0)
    assert all(math.isnan(getattr(rolling, name)) for name in NAMES)
    rolling.add(1.0, 1000.0)
    rolling.forget_until(5.0)
    assert rolling.count == 0
    assert all(math.isnan(getattr(rolling, name)) for name in NAMES)
