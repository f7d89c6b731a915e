"""RMSSD and SDNN of a corrected record: what a fault took is made good, nothing else touched."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobreath.session.heart_track import HeartTrack
from biobreath.signal import hrv
from biobreath.signal.beats import JudgedBeat, Verdict, judge_intervals, runs_of_nn
from biobreath.signal.mended import (
    LEAST_FOURS,
    CorrectedRun,
    corrected_runs,
    measured_runs,
    mended_rmssd_ms,
    mended_sdnn_ms,
)
from biobreath.signal.rolling import RollingHrv
from biobreath.signal.time_base import GapFound


def breathing(seed, seconds=400.0):
    """Slow breathing that is quick on one side: few differences make most of RMSSD."""
    rng = np.random.default_rng(seed)
    t, rr_ms = 0.0, []
    while t < seconds:
        turn = 2 * math.pi * t / 10
        rr_ms.append(950 + 110 * math.sin(turn) + 35 * math.sin(2 * turn) + rng.normal(0, 8))
        t += rr_ms[-1] / 1000
    return np.array(rr_ms)


def spoilt(rr_ms, seed):
    rng = np.random.default_rng(seed)
    told, i = list(rr_ms[:10]), 10
    while i < rr_ms.size - 10:
        kind = rng.integers(3) if rng.random() < 0.2 else None
        both = rr_ms[i] + rr_ms[i + 1]
        if kind == 0:
            told.append(both)
        elif kind == 1:
            part = rr_ms[i] * rng.uniform(0.2, 0.8)
            told += [part, rr_ms[i] - part, rr_ms[i + 1]]
        elif kind == 2:
            early = rr_ms[i] * rng.uniform(0.55, 0.7)
            told += [early, both - early]
        else:
            told += [*rr_ms[i : i + 2]]
        told += [*rr_ms[i + 2 : i + 8]]
        i += 8
    return np.concatenate((told, rr_ms[i:]))


@given(st.integers(0, 1000))
def test_where_nothing_was_corrected_they_are_the_plain_ones_bit_by_bit(seed):
    rr_ms = np.random.default_rng(seed).normal(900, 10, 50)
    told = judge_intervals(rr_ms)
    assert {beat.verdict for beat in told} == {Verdict.NORMAL}
    assert mended_rmssd_ms(corrected_runs(told)) == hrv.rmssd_ms([rr_ms])
    assert mended_sdnn_ms(corrected_runs(told)) == hrv.sdnn_ms([rr_ms])


def test_an_extra_beat_parts_an_interval_that_is_whole_again():
    rr_ms = breathing(1)
    parted = np.concatenate((rr_ms[:50], [300.0, rr_ms[50] - 300.0], rr_ms[51:]))
    told = judge_intervals(parted)
    assert [beat.index for beat in told if beat.verdict is Verdict.EXTRA] == [50, 51]
    (run,) = runs_of_nn(told)
    assert run == pytest.approx(rr_ms, rel=1e-12)
    assert mended_rmssd_ms(corrected_runs(told)) == pytest.approx(hrv.rmssd_ms([rr_ms]), rel=1e-12)


def test_what_an_extra_beat_leaves_must_fit_to_its_neighbours():
    told = judge_intervals([800.0] * 9 + [500.0, 480.0] + [800.0] * 9)
    odd = [beat for beat in told if beat.verdict is not Verdict.NORMAL]
    assert odd
    assert not any(beat.measured for beat in odd)


def test_where_the_third_difference_is_nothing_a_missed_beat_costs_nothing():
    """Parabolas are put back exactly: all that was lost follows from the sum."""
    rr_ms = 900 + 0.02 * (np.arange(120.0) - 55) ** 2
    told = judge_intervals(np.concatenate((rr_ms[:40], [rr_ms[40:42].sum()], rr_ms[42:])))
    assert told[40].verdict is Verdict.MISSED
    assert mended_rmssd_ms(corrected_runs(told)) == pytest.approx(hrv.rmssd_ms([rr_ms]), rel=1e-9)
    assert mended_sdnn_ms(corrected_runs(told)) == pytest.approx(hrv.sdnn_ms([rr_ms]), rel=1e-9)


@pytest.mark.parametrize(
    ("mended", "plain", "most_off", "bias", "plain_is_off"),
    [
        (mended_rmssd_ms, hrv.rmssd_ms, 0.002, 0.0005, 0.015),
        (mended_sdnn_ms, hrv.sdnn_ms, 0.001, 0.0005, 0.007),
    ],
)
def test_what_was_lost_is_made_good_where_the_rest_alone_is_off(
    mended, plain, most_off, bias, plain_is_off
):
    off, rest_off = [], []
    for seed in range(30):
        rr_ms = breathing(seed)
        truth = plain([rr_ms])
        told = judge_intervals(spoilt(rr_ms, seed))
        off.append(mended(corrected_runs(told)) / truth - 1)
        rest_off.append(plain(runs_of_nn(told)) / truth - 1)
    assert np.median(np.abs(off)) < most_off / 2 < 0.002 < np.median(np.abs(rest_off))
    assert np.max(np.abs(off)) < most_off < plain_is_off < np.max(np.abs(rest_off))
    assert abs(np.mean(off)) < bias


def test_an_extra_beat_with_a_gap_between_its_halves_parted_no_interval():
    rr_ms = [810.0, 800.0] * 5 + [500.0, 310.0] + [800.0, 810.0] * 5
    told, heart = judge_intervals(rr_ms), HeartTrack()
    assert told[11].measured
    for beat in told:
        heart.add(beat)
    assert [part.size for part in measured_runs(heart.all_runs())] == [21]
    heart.restamp(GapFound(11, 3.0, 3.0, 1))
    assert [part.size for part in measured_runs(heart.all_runs())] == [10, 10]
    assert [run.tolist() for run in runs_of_nn(heart.beats)] == [
        part.tolist() for part in measured_runs(heart.all_runs())
    ]


def test_what_was_measured_in_a_run_is_parted_where_it_was_not():
    run = CorrectedRun(np.arange(8.0), np.array([1, 1, 0, 0, 1, 0, 0, 1], bool))
    assert [part.tolist() for part in measured_runs([run])] == [[0.0, 1.0], [4.0], [7.0]]
    assert measured_runs([CorrectedRun(np.ones(2), np.zeros(2, bool))]) == []


def test_with_too_little_measured_the_lost_differences_are_left_out():
    rr_ms = np.random.default_rng(2).normal(900, 15, LEAST_FOURS + 2)
    told = judge_intervals(np.concatenate((rr_ms[:8], [1800.0], rr_ms[8:])))
    assert told[8].known_in_sum
    assert mended_rmssd_ms(corrected_runs(told)) == hrv.rmssd_ms(runs_of_nn(told))
    assert mended_sdnn_ms(corrected_runs(told)) == hrv.sdnn_ms(runs_of_nn(told))
    assert math.isnan(mended_rmssd_ms([]))
    assert math.isnan(mended_sdnn_ms([]))


odd_beats = st.lists(
    st.tuples(
        st.sampled_from(["normal"] * 8 + ["missed", "ectopic", "extra", "noise"]),
        st.floats(700.0, 1100.0),
        st.booleans(),
    ),
    max_size=120,
)


def beats_of(told):
    """Return judged beats with any order of verdicts, some of them in a segment of their own."""
    t, segment, made = 0.0, 0, []
    for kind, rr_ms, gap in told:
        segment += gap and len(made) % 11 == 0
        pieces = {"missed": [2 * rr_ms], "ectopic": [rr_ms - 99, rr_ms + 99], "extra": [300, rr_ms]}
        for i, piece in enumerate(pieces.get(kind, [rr_ms])):
            t += piece / 1000.0
            nn_ms = {
                "missed": (rr_ms, rr_ms), "ectopic": (rr_ms,), "noise": (),
                "extra": (300 + rr_ms,) if i else (), "normal": (rr_ms,),
            }[kind]  # fmt: skip
            fits = kind not in ("normal", "noise") and not gap
            made.append(JudgedBeat(len(made), t, piece, segment, Verdict(kind), nn_ms, fits))
    return made


@given(odd_beats, st.sampled_from([20.0, 60.0, 1000.0]))
def test_beat_by_beat_it_is_that_of_the_window(told, window_s):
    rolling, beats, segment = RollingHrv(window_s), beats_of(told), 0
    for beat in beats:
        if beat.segment != segment:
            rolling.break_run()
            segment = beat.segment
        if beat.measured:
            for nn_ms in beat.nn_ms:
                rolling.add(beat.t, nn_ms)
        elif beat.known_in_sum:
            for nn_ms in beat.nn_ms:
                rolling.add_lost(nn_ms)
        else:
            rolling.break_run()
    if beats:
        rolling.forget_until(beats[-1].t - window_s)
        # A run that begins before the window begins with its first beat in it.
        inside = [beat for beat in beats if beat.t > beats[-1].t - window_s]
        for name, truth in (
            ("mended_rmssd_ms", mended_rmssd_ms(corrected_runs(inside))),
            ("rmssd_ms", hrv.rmssd_ms(runs_of_nn(inside))),
        ):
            assert getattr(rolling, name) == pytest.approx(truth, rel=1e-9, abs=1e-9, nan_ok=True)
