"""What must change nothing, changes nothing: shifts in time, packets, gaps, one wild value."""

import math

import numpy as np
import pytest
from fakes import breathing_rr, receiving
from hypothesis import example, given, settings
from hypothesis import strategies as st

from biobreath.events import HeartRateMeasurement, PacketForm
from biobreath.heart_rate_service import from_beat_times
from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import Pattern
from biobreath.session.live import LiveSession
from biobreath.signal import hrv
from biobreath.signal.beats import Verdict, judge, runs_of_nn
from biobreath.signal.coherence import rhythm_coherence
from biobreath.signal.demodulation import demodulate
from biobreath.signal.respiration import breathing_rate
from biobreath.signal.response import Stretch, response
from biobreath.signal.rolling import RollingHrv
from biobreath.signal.time_base import TimedBeat

EVEN = Pattern("even", 5.0, 5.0)
shifts = st.floats(-1e5, 1e5, allow_nan=False)
seeds = st.integers(0, 50)


def heart(seed=0, seconds=240.0, swing_bpm=14.0, pace=6.0):
    """A heart that breathes slowly and is never quite even."""
    rng = np.random.default_rng(seed)
    t, rr_ms = 0.0, []
    while t < seconds:
        wave = math.sin(2 * math.pi * pace / 60 * t)
        rr_ms.append(60_000.0 / (66 + swing_bpm / 2 * wave + rng.normal(0, 0.7)))
        t += rr_ms[-1] / 1000
    return np.array(rr_ms)


def times_of(rr_ms):
    return np.cumsum(rr_ms) / 1000


def timed(rr_ms, start_s=0.0, segments=None):
    segments = np.zeros(len(rr_ms), int) if segments is None else segments
    return [
        TimedBeat(i, start_s + float(t), float(rr), int(segment))
        for i, (t, rr, segment) in enumerate(zip(times_of(rr_ms), rr_ms, segments, strict=True))
    ]


def series(judged):
    nn = np.array([nn for beat in judged for nn in beat.nn_ms])
    return times_of(nn), nn


def following(t_s, nn_ms, start_s=0.0):
    middle_s = t_s - nn_ms / 2000
    return demodulate(middle_s, 60_000 / nn_ms, (middle_s - start_s) / EVEN.cycle_s)


# A shift in time


@given(seeds, shifts)
@settings(max_examples=25)
def test_when_it_was_changes_no_number(seed, shift_s):
    rr_ms = heart(seed)
    t_s = times_of(rr_ms)
    here, there = judge(timed(rr_ms)), judge(timed(rr_ms, shift_s))
    assert [(b.verdict, b.nn_ms) for b in here] == [(b.verdict, b.nn_ms) for b in there]
    near = {"rel": 1e-6, "abs": 1e-9, "nan_ok": True}
    for number in (rhythm_coherence, breathing_rate):
        assert number(t_s + shift_s, rr_ms) == pytest.approx(number(t_s, rr_ms), **near)
    wave, moved = following(t_s, rr_ms), following(t_s + shift_s, rr_ms, shift_s)
    assert moved.amplitude_bpm == pytest.approx(wave.amplitude_bpm, **near)
    assert moved.r2 == pytest.approx(wave.r2, **near)
    calm = heart(seed + 1, 100.0, 5.0, 14.0)
    first, second = (Stretch(times_of(rr), rr, hrv.rmssd_ms([rr])) for rr in (rr_ms, calm))
    later = [Stretch(s.t_s + shift_s, s.nn_ms, s.rmssd_ms) for s in (first, second)]
    assert response(*later).heart_rate is response(first, second).heart_rate
    assert response(*later).rmssd is response(first, second).rmssd


# Packets


def sitting(rr_ms, sizes, start_s=0.0):
    """Return what a sitting knows in the end, its intervals told in packets of these sizes."""
    live, told, at = LiveSession(), 0, 0
    live.feed(Pacer(EVEN).changed(0.0))
    live.feed(receiving())
    t_s = start_s + times_of(rr_ms)
    while told < len(rr_ms):
        size = sizes[at % len(sizes)]
        part = slice(told, told + size)
        newest_s = float(t_s[min(told + size, len(rr_ms)) - 1])
        pairs = zip(t_s[part].tolist(), rr_ms[part].tolist(), strict=True)
        live.feed(from_beat_times(newest_s, list(pairs)))
        told, at = told + size, at + 1
    live.finish()
    return live, live.reading(float(t_s[-1]))


@given(seeds, st.lists(st.integers(1, 9), min_size=1, max_size=12))
@settings(max_examples=20)
def test_how_beats_are_packed_changes_nothing(seed, sizes):
    rr_ms = heart(seed, 150.0)
    rr_ms[70] *= 2
    one_by_one, reading = sitting(rr_ms, [1])
    packed, again = sitting(rr_ms, sizes)
    assert packed.heart.beats == one_by_one.heart.beats
    assert again == reading


@given(seeds, st.integers(0, 120), st.sampled_from([math.nan, math.inf, -800.0, 0.0]))
@settings(max_examples=20)
def test_what_is_no_interval_is_as_if_it_had_not_come(seed, place, nothing):
    rr_ms = heart(seed, 150.0)
    readings = []
    for spoilt in (False, True):
        live, t = LiveSession(), 0.0
        for i, rr in enumerate(rr_ms.tolist()):
            t += rr / 1000
            more = (nothing,) if spoilt and i == place else ()
            live.feed(HeartRateMeasurement(t, PacketForm.INTERVALS, b"", (rr, *more)))
        live.finish()
        readings.append((live.heart.beats, live.reading(t)))
    assert readings[0] == readings[1]


# A gap


@given(seeds, st.integers(5, 180), st.floats(2.5, 600.0))
@settings(max_examples=25)
def test_a_gap_makes_no_odd_beat_and_nothing_reaches_over_it(seed, place, gap_s):
    rr_ms = heart(seed)
    segments = (np.arange(rr_ms.size) >= place).astype(int)
    judged = judge(timed(rr_ms, 0.0, segments))
    assert {beat.verdict for beat in judged} == {Verdict.NORMAL}
    runs = runs_of_nn(judged)
    assert [run.size for run in runs] == [place, rr_ms.size - place]
    squares = np.concatenate([np.diff(run) for run in runs]) ** 2
    assert hrv.rmssd_ms(runs) == pytest.approx(math.sqrt(squares.mean()), rel=1e-12)
    t_s = times_of(rr_ms)
    after, after_ms = t_s[place:] + gap_s, rr_ms[place:]
    torn = np.concatenate((t_s[:place], after))
    for number in (rhythm_coherence, breathing_rate):
        alone = number(after, after_ms)
        assert number(torn, rr_ms) == pytest.approx(alone, rel=1e-12, nan_ok=True)


@given(seeds, st.integers(5, 180))
@settings(max_examples=20)
def test_beats_before_a_gap_are_judged_as_if_the_record_ended_there(seed, place):
    rr_ms = heart(seed)
    rr_ms[40] *= 0.6
    segments = (np.arange(rr_ms.size) >= place).astype(int)
    torn, ended = judge(timed(rr_ms, 0.0, segments)), judge(timed(rr_ms[:place]))
    assert torn[:place] == ended


# One wild value

wild_values = st.one_of(st.floats(1.0, 200.0), st.floats(3500.0, 60_000.0))


@given(seeds, st.integers(5, 200), wild_values)
@example(0, 54, 171.0)  # with its neighbour about as long as an interval around it
@settings(max_examples=60)
def test_one_wild_value_is_found_and_spoils_nothing_around_it(seed, place, wild_ms):
    rr_ms = heart(seed)
    spoilt = rr_ms.copy()
    spoilt[place] = wild_ms
    judged = judge(timed(spoilt))
    odd = [beat.index for beat in judged if beat.verdict is not Verdict.NORMAL]
    assert place in odd
    assert set(odd) <= {place - 1, place, place + 1}
    clean, runs = [rr_ms], runs_of_nn(judged)
    for number, share in ((hrv.rmssd_ms, 0.05), (hrv.sdnn_ms, 0.02), (hrv.pnn50_percent, None)):
        if share is None:
            assert number(runs) == pytest.approx(number(clean), abs=1.5)
        else:
            assert number(runs) == pytest.approx(number(clean), rel=share)
    assert hrv.mean_heart_rate_bpm(runs) == pytest.approx(hrv.mean_heart_rate_bpm(clean), rel=0.005)


@given(seeds, st.integers(160, 230), st.floats(1.0, 200.0))
@settings(max_examples=25)
def test_one_wild_value_moves_the_rhythm_only_a_little(seed, place, wild_ms):
    rr_ms = heart(seed)
    spoilt = rr_ms.copy()
    spoilt[place] = wild_ms
    t_s, nn_ms = series(judge(timed(spoilt)))
    clean_t = times_of(rr_ms)
    # Pieces of one interval are made whole: mostly it is as it was, but one of 32 000 came to 0.17,
    # where a piece of 165 ms and its neighbour make an interval longer than any around it.
    assert rhythm_coherence(t_s, nn_ms) == pytest.approx(rhythm_coherence(clean_t, rr_ms), abs=0.2)
    rate = breathing_rate(t_s, nn_ms)
    assert math.isnan(rate) or rate == pytest.approx(6.0, abs=0.5)
    wave, clean = following(t_s[-55:], nn_ms[-55:]), following(clean_t[-55:], rr_ms[-55:])
    assert wave.amplitude_bpm == pytest.approx(clean.amplitude_bpm, rel=0.25)


@given(st.integers(50, 250), wild_values)
@settings(max_examples=30)
def test_a_wild_value_leaves_the_rolling_window_without_a_trace(place, wild_ms):
    rr_ms = heart(3, 400.0)
    calm, spoilt = RollingHrv(60.0), RollingHrv(60.0)
    t = 0.0
    for i, rr in enumerate(rr_ms.tolist()):
        t += rr / 1000
        calm.add(t, rr)
        spoilt.add(t, wild_ms if i == place else rr)
    assert spoilt.rmssd_ms == calm.rmssd_ms
    assert spoilt.sdnn_ms == calm.sdnn_ms


def test_a_response_is_known_only_with_enough_of_both():
    long, short = (np.array(breathing_rr(minutes)) for minutes in (2, 0.4))
    before, after = (Stretch(times_of(rr), rr, hrv.rmssd_ms([rr])) for rr in (long, short))
    told = response(before, after)
    assert told.heart_rate.value == told.rmssd.value == "unknown"
