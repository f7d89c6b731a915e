"""The guide of the breath."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobreath.practice.pacer import BreathPhase, Pacer, pacer_of
from biobreath.practice.patterns import (
    GENTLE,
    LONG_OUT,
    Pattern,
    nearest_pace,
    next_half,
    paced,
)

lengths = st.floats(0.5, 12.0)
holds = st.one_of(st.just(0.0), st.floats(0.1, 8.0))
patterns = st.builds(Pattern, st.just("own"), lengths, lengths, holds, holds, holds)
times = st.floats(0.0, 1e5)


def test_a_long_out_breath_is_full_after_the_inhale_and_empty_after_the_exhale():
    pacer = Pacer(LONG_OUT, origin_s=10.0)
    assert pacer.at(10.0).fullness == 0.0
    assert pacer.at(12.0).fullness == pytest.approx(0.5)
    assert pacer.at(14.0).fullness == pytest.approx(1.0)
    assert pacer.at(14.0).phase is BreathPhase.EXHALE
    assert pacer.at(19.999).fullness < 1e-5
    assert pacer.at(20.0).breath == 1


def test_holds_keep_the_fullness():
    box = Pattern("box", 4.0, 4.0, 4.0, 4.0)
    pacer = Pacer(box)
    assert [pacer.at(t).phase for t in (1, 5, 9, 13)] == [
        BreathPhase.INHALE,
        BreathPhase.HOLD_FULL,
        BreathPhase.EXHALE,
        BreathPhase.HOLD_EMPTY,
    ]
    assert pacer.at(6.0).fullness == 1.0
    assert pacer.at(14.0).fullness == 0.0
    assert pacer.at(13.0).left_s == pytest.approx(3.0)


def test_a_sigh_takes_a_sip_more_on_top():
    pacer = Pacer(Pattern("sigh", 3.0, 6.0, top_s=1.0))
    assert [pacer.at(t).phase for t in (2.9, 3.5, 4.1)] == [
        BreathPhase.INHALE,
        BreathPhase.TOP,
        BreathPhase.EXHALE,
    ]
    assert pacer.at(3.0).fullness == pytest.approx(0.8)
    assert pacer.at(3.9999).fullness == pytest.approx(1.0, abs=1e-6)
    assert pacer.pattern.cycle_s == 10.0


@given(pattern=patterns, t=times)
def test_fullness_is_always_between_empty_and_full(pattern, t):
    cue = Pacer(pattern, 3.3).at(t)
    assert 0.0 <= cue.fullness <= 1.0
    assert 0.0 <= cue.done <= 1.0
    assert -1e-6 <= cue.left_s <= pattern.cycle_s


@given(pattern=patterns, t=times, step=st.floats(0.0, 0.02))
def test_fullness_moves_only_as_fast_as_a_breath_can(pattern, t, step):
    pacer = Pacer(pattern)
    parts = (pattern.inhale_s, pattern.exhale_s, pattern.top_s or math.inf)
    steepest = math.pi / 2 / min(parts)
    change = abs(pacer.at(t + step).fullness - pacer.at(t).fullness)
    assert change <= steepest * step + 1e-6


@given(old=patterns, new=patterns, t=times)
def test_changing_the_pace_never_jumps(old, new, t):
    before = Pacer(old, 1.5)
    after = before.retuned(t, new)
    assert after.pattern == new
    assert abs(before.at(t).fullness - after.at(t).fullness) < 1e-6


@given(old=patterns, new=patterns, t=times)
def test_changing_the_pace_keeps_breathing_in_the_same_direction(old, new, t):
    before = Pacer(old).at(t)
    after = Pacer(old).retuned(t, new).at(t)
    turning = before.fullness in (0.0, 1.0) or min(before.done, 1.0 - before.done) < 1e-6
    rising = (BreathPhase.INHALE, BreathPhase.TOP)
    if not turning and before.phase in rising:
        assert after.phase in rising
    if not turning and before.phase is BreathPhase.EXHALE:
        assert after.phase is before.phase


@given(pattern=patterns, t=times, pause=st.floats(0.0, 5000.0))
def test_after_a_pause_the_breath_goes_on_where_it_was(pattern, t, pause):
    pacer = Pacer(pattern)
    resumed = pacer.shifted(pause)
    assert abs(resumed.at(t + pause).fullness - pacer.at(t).fullness) < 1e-5


@given(pattern=patterns, origin=times, t=times)
def test_a_stored_pace_is_the_same_guide_again(pattern, origin, t):
    pacer = Pacer(pattern, origin)
    assert pacer_of(pacer.changed(t)) == pacer


@pytest.mark.parametrize(
    ("asked", "given_pace"), [(6.04, 6.0), (6.05001, 6.1), (1, 3.0), (40, 12.0), (4.5, 4.5)]
)
def test_paces_come_in_tenths_between_three_and_twelve(asked, given_pace):
    assert nearest_pace(asked) == given_pace


@pytest.mark.parametrize(
    ("rate", "way", "found"),
    [(6.0, 1, 6.5), (6.0, -1, 5.5), (8.9, -1, 8.5), (8.9, 1, 9.0), (12.0, 1, 12.0), (3.0, -1, 3.0)],
)
def test_the_next_half_is_one_press_away(rate, way, found):
    assert next_half(rate, way) == found


def test_another_rate_keeps_the_shape_of_the_breath():
    slower = LONG_OUT.at_rate(5.0)
    assert slower.cycle_s == pytest.approx(12.0)
    assert slower.inhale_s / slower.cycle_s == pytest.approx(0.4)
    assert GENTLE.breaths_per_minute == pytest.approx(60 / 7)


def test_a_rate_with_holds_keeps_its_length():
    pattern = paced(5.0, inhale_share=0.5, hold_full_s=1.0, hold_empty_s=1.0)
    assert pattern.cycle_s == pytest.approx(12.0)
    assert pattern.inhale_s == pytest.approx(5.0)


@pytest.mark.parametrize("bad", [(0.0, 4.0, 0.0), (4.0, -1.0, 0.0), (4.0, 4.0, -1.0)])
def test_a_breath_without_an_inhale_or_with_a_negative_hold_is_refused(bad):
    with pytest.raises(ValueError, match=r"breath|hold"):
        Pattern("bad", *bad)
