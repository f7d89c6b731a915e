"""What a strap's intervals are worth."""

import csv
import random
from itertools import cycle

import pytest

from biobreath.events import HeartRateMeasurement, LinkChanged, LinkState, PacketForm
from biobreath.heart_rate_service import decode, encode
from biobreath.session.live import LiveSession
from biobreath.session.review import review
from biobreath.signal.interval_quality import JUDGED_S, IntervalJudge, IntervalQuality

TICK_MS = 125 / 128


def beats(seed=0, mean_ms=870.0, spread_ms=25.0):
    chance = random.Random(seed)
    while True:
        yield round((mean_ms + chance.gauss(0, spread_ms)) / TICK_MS) * TICK_MS


def judged(rr_ms, *, seconds=60, copies=1, jitter_s=0.0, seed=1):
    """Send what a strap would that sees these beats: once a second, late by up to ``jitter_s``."""
    judge = IntervalJudge()
    chance = random.Random(seed)
    beat_s, waiting, arrival_s = 0.0, [], 0.0
    for second in range(1, seconds + 1):
        while beat_s <= second:
            rr = next(rr_ms)
            beat_s += rr / 1000
            waiting += [rr] * copies
        arrival_s = max(arrival_s, second + chance.uniform(0, jitter_s))
        judge.feed(arrival_s, waiting, 69)
        waiting = []
    return judge.quality


def test_before_half_a_minute_nothing_is_said():
    assert judged(beats(), seconds=int(JUDGED_S)) is IntervalQuality.UNKNOWN


@pytest.mark.parametrize("mean_ms", [450, 870, 1500])
@pytest.mark.parametrize("spread_ms", [3, 25, 120])
def test_beats_that_add_up_are_good(mean_ms, spread_ms):
    assert judged(beats(0, mean_ms, spread_ms)) is IntervalQuality.GOOD


@pytest.mark.parametrize("seed", range(20))
def test_a_jittery_link_is_not_held_against_the_strap(seed):
    assert judged(beats(seed), jitter_s=3.0, seed=seed) is IntervalQuality.GOOD


def test_a_device_without_intervals_tells_the_rate_only():
    assert judged(cycle([870.0]), copies=0) is IntervalQuality.RATE_ONLY


@pytest.mark.parametrize("copies", [2, 3])
def test_beats_sent_more_than_once_are_doubtful(copies):
    assert judged(beats(), copies=copies) is IntervalQuality.DOUBTFUL


def test_one_value_over_and_over_is_a_filling_and_no_heart():
    filled = (rr for pair in zip(beats(), cycle([500.0])) for rr in pair)
    assert judged(filled) is IntervalQuality.DOUBTFUL


def test_intervals_in_round_numbers_are_made_of_a_smoothed_rate():
    rounded = (round(rr / 10) * 10.0 for rr in beats())
    assert judged(rounded) is IntervalQuality.DOUBTFUL


def test_half_of_the_beats_is_not_all_of_them():
    every_other = (rr for position, rr in enumerate(beats()) if position % 2)
    judge = IntervalJudge()
    for second in range(60):
        judge.feed(float(second), [next(every_other)] if second % 2 else [], 69)
    assert judge.quality is IntervalQuality.DOUBTFUL


def test_packets_lost_on_the_way_are_not_held_against_the_strap():
    heart = beats()
    judge = IntervalJudge()
    for second in range(60):
        rr = next(heart)
        if not 10 <= second < 28:
            judge.feed(float(second), [rr], 69)
    assert judge.quality is IntervalQuality.GOOD


def test_a_verdict_can_be_mended_by_what_comes():
    judge = IntervalJudge()
    heart = beats()
    for second in range(40):
        judge.feed(float(second), [500.0, 500.0], 69)
    assert judge.quality is IntervalQuality.DOUBTFUL
    for second in range(40, 90):
        judge.feed(float(second), [next(heart)], 69)
    assert judge.quality is IntervalQuality.GOOD


def test_the_real_strap_is_good(data):
    judge = IntervalJudge()
    with (data / "rr" / "polar_h10_slow_breathing.csv").open() as file:
        for row in csv.DictReader(file):
            judge.feed(float(row["arrival_s"]), [float(row["rr_ms"])], 60)
            assert judge.quality in {IntervalQuality.UNKNOWN, IntervalQuality.GOOD}


def strap_facts(seconds, ticks_of):
    facts = [LinkChanged(0.0, LinkState.RECEIVING, device_name="Band")]
    return facts + [decode(float(s), encode(70, ticks_of(s))) for s in range(1, seconds)]


def test_of_doubtful_beats_only_the_straps_own_rate_is_told():
    heart = beats()
    facts = strap_facts(120, lambda _s: [round(next(heart) / TICK_MS)] * 2)
    live = LiveSession()
    for fact in facts:
        live.feed(fact)
    reading = live.reading(119.0)
    assert reading.heart_rate_bpm == 70
    assert reading.intervals is IntervalQuality.DOUBTFUL
    assert reading.rmssd_ms is reading.coherence is reading.swing_bpm is None
    assert reading.breaths_per_minute is reading.together is reading.lag_s is None
    seen = review(facts)
    assert seen.summary.hr_mean_bpm == 70
    assert seen.summary.rmssd_ms is seen.summary.sdnn_ms is None


def test_a_device_without_intervals_shows_its_rate_and_nothing_else():
    live = LiveSession()
    for fact in strap_facts(60, lambda _s: []):
        live.feed(fact)
    reading = live.reading(59.0)
    assert reading.heart_rate_bpm == 70
    assert reading.intervals is IntervalQuality.RATE_ONLY
    assert reading.rmssd_ms is reading.swing_bpm is None


def test_a_file_is_taken_as_it_is():
    live = LiveSession()
    for second in range(60):
        live.feed(HeartRateMeasurement(float(second), PacketForm.INTERVALS, b"", (1000.0,)))
    assert live.intervals is IntervalQuality.UNKNOWN
    assert live.reading(59.0).rmssd_ms == 0.0
