"""Heart-rate variability in the time domain agrees with its definitions, written out plainly."""

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobreath.signal import hrv

DATA = Path(__file__).parent / "data"
SINGLE = (
    hrv.mean_heart_rate_bpm,
    hrv.sdnn_ms,
    hrv.rmssd_ms,
    hrv.sdsd_ms,
    hrv.pnn50_percent,
    hrv.sd1_ms,
    hrv.sd2_ms,
    hrv.sample_entropy,
    hrv.dfa_alpha1,
)


def real_ms(count=600):
    return np.loadtxt(DATA / "breathing" / "physio_ecg2_rr_ms.txt")[:count]


def plain_differences(runs):
    return [b - a for run in runs for a, b in pairwise(run)]


def plain_sd(values):
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1))


def plain_entropy(runs):
    r = 0.2 * plain_sd([v for run in runs for v in run])
    templates = [tuple(run[i : i + 3]) for run in runs for i in range(len(run) - 2)]
    shorter = longer = 0
    for i, one in enumerate(templates):
        for j, two in enumerate(templates):
            if i != j and abs(one[0] - two[0]) <= r and abs(one[1] - two[1]) <= r:
                shorter += 1
                longer += abs(one[2] - two[2]) <= r
    return -math.log(longer / shorter) if longer else math.nan


def plain_alpha1(rr):
    profile = np.cumsum(np.array(rr) - np.mean(rr))
    logs = []
    for n in range(4, 17):
        squares = []
        for start in range(0, len(profile) - n + 1, n):
            x = np.arange(n)
            fit = np.polyfit(x, profile[start : start + n], 1)
            squares += list((profile[start : start + n] - np.polyval(fit, x)) ** 2)
        logs.append((math.log(n), 0.5 * math.log(math.fsum(squares) / len(squares))))
    return np.polyfit(*zip(*logs, strict=True), 1)[0]


def split(rr, *places):
    return np.split(np.asarray(rr, dtype=float), places)


@pytest.mark.parametrize("runs", [split(real_ms(300)), split(real_ms(300), 40, 41, 43, 200)])
def test_every_number_agrees_with_its_definition(runs):
    rr = [v for run in runs for v in run]
    d = plain_differences(runs)
    sdnn, sdsd = plain_sd(rr), plain_sd(d)
    near = {"rel": 1e-9}
    assert hrv.mean_heart_rate_bpm(runs) == pytest.approx(60000 * len(rr) / math.fsum(rr), **near)
    assert hrv.sdnn_ms(runs) == pytest.approx(sdnn, **near)
    assert hrv.rmssd_ms(runs) == pytest.approx(math.sqrt(sum(v * v for v in d) / len(d)), **near)
    assert hrv.sdsd_ms(runs) == pytest.approx(sdsd, **near)
    assert hrv.pnn50_percent(runs) == pytest.approx(100 * sum(abs(v) > 50 for v in d) / len(d))
    assert hrv.sd1_ms(runs) == pytest.approx(sdsd / math.sqrt(2), **near)
    assert hrv.sd2_ms(runs) == pytest.approx(math.sqrt(2 * sdnn**2 - sdsd**2 / 2), **near)
    assert hrv.sample_entropy(runs) == pytest.approx(plain_entropy(runs), rel=1e-9)
    assert hrv.dfa_alpha1(runs) == pytest.approx(plain_alpha1(rr), rel=1e-9)


@settings(max_examples=60)
@given(
    st.lists(st.integers(600, 1100), min_size=6, max_size=60),
    st.sampled_from([1.0, 125 / 128, 1000 / 128, 0.1]),
    st.lists(st.integers(1, 50), max_size=3),
)
def test_sample_entropy_is_exact_on_any_grid_and_any_runs(whole, grid, cuts):
    runs = [run for run in split(np.array(whole) * grid, *sorted(cuts)) if run.size]
    found, expected = hrv.sample_entropy(runs), plain_entropy(runs)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)


def test_differences_never_reach_from_one_run_to_the_next():
    calm = [np.array([800.0, 810.0, 800.0]), np.array([1200.0, 1210.0, 1200.0])]
    assert hrv.rmssd_ms(calm) == 10.0
    assert hrv.pnn50_percent(calm) == 0.0
    assert hrv.sdnn_ms(calm) > 200


def test_an_empty_run_or_a_lone_interval_changes_no_difference():
    rr = real_ms(100)
    more = [np.empty(0), rr, np.array([900.0])]
    assert hrv.rmssd_ms(more) == hrv.rmssd_ms([rr])
    assert hrv.sdsd_ms(more) == hrv.sdsd_ms([rr])


@pytest.mark.parametrize("number", SINGLE)
@pytest.mark.parametrize("runs", [[], [np.empty(0)]])
def test_what_nobody_can_know_is_nan_and_never_zero(number, runs):
    assert math.isnan(number(runs))


def test_a_single_interval_has_a_rate_and_nothing_else():
    lone = [np.array([1000.0])]
    assert hrv.mean_heart_rate_bpm(lone) == 60.0
    assert all(math.isnan(number(lone)) for number in SINGLE[1:])


def test_alternating_intervals_have_no_long_axis():
    assert math.isnan(hrv.sd2_ms([np.array([800.0, 1000.0, 800.0])]))


def test_a_constant_heart_has_no_exponent():
    assert math.isnan(hrv.dfa_alpha1([np.full(100, 800.0)]))
    assert hrv.rmssd_ms([np.full(100, 800.0)]) == 0.0


@given(st.floats(0.25, 4.0))
@settings(max_examples=20)
def test_a_slower_clock_stretches_lengths_and_leaves_shapes(factor):
    runs = [real_ms(200)]
    slower = [run * factor for run in runs]
    assert hrv.rmssd_ms(slower) == pytest.approx(factor * hrv.rmssd_ms(runs), rel=1e-9)
    assert hrv.sd2_ms(slower) == pytest.approx(factor * hrv.sd2_ms(runs), rel=1e-9)
    assert hrv.dfa_alpha1(slower) == pytest.approx(hrv.dfa_alpha1(runs), rel=1e-9)


def test_the_sample_entropy_of_a_whole_day_is_told():
    day = np.tile(real_ms(), 167)
    day = np.round(day * 1.024 + np.random.default_rng(3).normal(0, 3, day.size)) / 1.024
    assert 0 < hrv.sample_entropy([day]) < 2


def test_a_single_array_is_a_single_run():
    rr_ms = np.random.default_rng(5).normal(900.0, 40.0, 120)
    for number in (
        hrv.mean_heart_rate_bpm, hrv.sdnn_ms, hrv.rmssd_ms, hrv.sdsd_ms, hrv.pnn50_percent,
        hrv.sd1_ms, hrv.sd2_ms, hrv.sample_entropy, hrv.dfa_alpha1,
    ):  # fmt: skip
        assert number(rr_ms) == number([rr_ms])
