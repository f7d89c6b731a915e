"""What a person does in a sitting, and what becomes of it."""

import math

import numpy as np
import pytest
from fakes import FakeClock, facts_of
from hypothesis import given
from hypothesis import strategies as st

from biobreath.events import Marked, PaceChanged, Paused, PhaseEntered, Resumed
from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import GENTLE, LONG_OUT, Pattern
from biobreath.session.guide_track import fullness_of
from biobreath.session.sitting import GROUNDING, Sitting, smoothed


def sit(planned_s=300.0):
    clock = FakeClock()
    kept = []
    return Sitting(clock, kept.append, LONG_OUT, planned_s), clock, kept


def test_a_sitting_begins_with_an_in_breath_and_says_so():
    sitting, _, kept = sit()
    assert isinstance(kept[0], PhaseEntered)
    assert kept[1] == sitting.pacer.changed(0.0)
    assert sitting.cue().fullness == 0.0


def test_a_pause_stops_the_shape_and_going_on_continues_it():
    sitting, clock, kept = sit()
    clock.t = 12.0
    before = sitting.cue().fullness
    sitting.pause()
    clock.t = 100.0
    assert sitting.paused
    assert sitting.cue().fullness == before
    sitting.go_on()
    assert sitting.cue().fullness == pytest.approx(before)
    assert [type(fact) for fact in kept[2:]] == [Paused, Resumed, PaceChanged]


def test_a_pause_does_not_use_up_the_time():
    sitting, clock, _ = sit(300.0)
    clock.t = 60.0
    sitting.pause()
    clock.t = 160.0
    assert sitting.left_s() == pytest.approx(240.0)
    sitting.go_on()
    clock.t = 170.0
    assert sitting.left_s() == pytest.approx(230.0)


def test_the_last_breath_is_let_out_before_the_end():
    sitting, clock, _ = sit(65.0)
    clock.t = 66.0
    assert not sitting.may_close()
    clock.t = 70.4
    assert sitting.may_close()


def test_an_open_sitting_never_ends_by_itself():
    sitting, clock, _ = sit(0.0)
    clock.t = 1e5
    assert sitting.left_s() is None
    assert not sitting.may_close()


def test_easier_is_the_gentle_pace_and_there_is_nothing_below_it():
    sitting, clock, kept = sit()
    clock.t = 5.0
    assert sitting.easier()
    assert sitting.pacer.pattern == GENTLE
    assert not sitting.easier()
    assert kept[-1] == sitting.pacer.changed(5.0)


def test_a_new_pace_while_resting_waits_until_the_breath_goes_on():
    sitting, clock, kept = sit()
    clock.t = 7.0
    sitting.pause()
    before = sitting.cue().fullness
    clock.t = 30.0
    sitting.retune(LONG_OUT.at_rate(5.0))
    assert sitting.cue().fullness == pytest.approx(before)
    assert not any(isinstance(fact, PaceChanged) for fact in kept[2:])
    sitting.go_on()
    assert kept[-1].inhale_s == pytest.approx(4.8)


@pytest.mark.parametrize("rested_before", [True, False])
def test_back_from_grounding_the_guide_goes_on_unless_it_rested_before(rested_before):
    sitting, _, kept = sit()
    if rested_before:
        sitting.pause()
    sitting.ground()
    assert sitting.paused
    assert PhaseEntered(0.0, GROUNDING) in kept
    sitting.back_to_breathing()
    assert sitting.paused is rested_before


def test_the_demo_heart_breathes_freely_while_the_guide_rests():
    sitting, _, _ = sit()
    assert sitting.fullness_for_demo(2.0) == pytest.approx(0.5)
    sitting.pause()
    assert sitting.fullness_for_demo(2.0) is None


def test_a_replay_records_nothing_and_follows_the_recorded_guide():
    original, clock, kept = sit()
    clock.t = 11.0
    original.pause()
    clock.t = 31.0
    original.go_on()
    recorded = list(kept)
    again_clock, again_kept = FakeClock(), []
    replay = Sitting(again_clock, again_kept.append, GENTLE, 0.0, guided=False)
    assert replay.paused, "without a pace of its own a recording shows a resting shape"
    for fact in recorded:
        again_clock.t = fact.t
        replay.feed(fact)
    again_clock.t = clock.t = 37.0
    assert again_kept == []
    assert replay.pacer == original.pacer
    assert replay.cue() == original.cue()


def test_a_mark_is_kept():
    sitting, clock, kept = sit()
    clock.t = 3.0
    sitting.mark("warm hands")
    assert kept[-1] == Marked(3.0, "warm hands")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["pause", "go_on", "easier", "faster", "slower"]), st.floats(0.05, 20.0)
        ),
        max_size=12,
    )
)
def test_nothing_a_person_does_makes_the_shape_jump(deeds):
    sitting, clock, _ = sit()
    for deed, wait_s in deeds:
        clock.t += wait_s
        before = sitting.cue().fullness
        pattern = sitting.pacer.pattern
        match deed:
            case "pause":
                sitting.pause()
            case "go_on":
                sitting.go_on()
            case "easier":
                sitting.easier()
            case "faster":
                sitting.retune(pattern.at_rate(pattern.breaths_per_minute + 0.7))
            case _:
                sitting.retune(pattern.at_rate(pattern.breaths_per_minute - 0.7))
        assert sitting.cue().fullness == pytest.approx(before, abs=1e-6)


def test_the_hill_behind_the_heart_is_the_breath_as_it_was_and_will_be():
    sitting, clock, _ = sit()
    clock.t = 20.0
    heights = sitting.fullness(np.array([-1.0, 4.0, 10.0, 24.0]))
    assert math.isnan(heights[0])
    assert heights[1:] == pytest.approx([1.0, 0.0, 1.0])


def test_sensor_facts_reach_the_analysis():
    sitting, _, _ = sit()
    for fact in facts_of([1000.0] * 10):
        sitting.feed(fact)
    assert len(sitting.live.heart.beats) + len(sitting.live.provisional) == 10


@given(
    inhale=st.floats(0.5, 9.0),
    exhale=st.floats(0.5, 9.0),
    full=st.sampled_from([0.0, 1.5]),
    empty=st.sampled_from([0.0, 2.0]),
    top=st.sampled_from([0.0, 1.0]),
    times=st.lists(st.floats(0.0, 500.0), min_size=1, max_size=20),
)
def test_many_times_at_once_give_the_same_breath_as_one_at_a_time(
    inhale, exhale, full, empty, top, times
):
    pacer = Pacer(Pattern("own", inhale, exhale, full, empty, top), 3.3)
    one_by_one = [pacer.at(t).fullness for t in times]
    assert fullness_of(pacer, np.array(times)) == pytest.approx(one_by_one, abs=1e-6)


def test_the_drawn_line_goes_through_every_beat_and_over_no_gap():
    times = np.array([0.0, 1.0, 2.0, 3.0, 3.0, 10.0, 11.0])
    rates = np.array([60.0, 66.0, 64.0, 61.0, math.nan, 70.0, 71.0])
    drawn_t, drawn = smoothed(times, rates)
    for t, rate in zip(times, rates, strict=True):
        if math.isfinite(rate):
            assert drawn[np.flatnonzero(drawn_t == t)[0]] == pytest.approx(rate)
    assert np.isnan(drawn).sum() == 1
    assert not ((drawn_t > 3.0) & (drawn_t < 10.0)).any()


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_beats_are_drawn_as_they_are(count):
    times, rates = np.arange(float(count)), np.full(count, 60.0)
    drawn_t, drawn = smoothed(times, rates)
    assert drawn_t.tolist() == times.tolist()
    assert drawn.tolist() == rates.tolist()
