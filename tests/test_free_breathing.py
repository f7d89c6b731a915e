"""Free breathing before and after, and a guide that begins where the person breathes."""

from itertools import pairwise

import pytest
from fakes import FakeClock
from hypothesis import given
from hypothesis import strategies as st

from biobreath.events import PaceChanged, Paused, PhaseEntered, Resumed
from biobreath.practice.patterns import LONG_OUT
from biobreath.practice.ramp import BEGIN_UNKNOWN, STEP_PER_MINUTE, Ramp
from biobreath.session.sitting import RAMP_LISTENS_S, Sitting


def sit(planned_s=60.0, **wishes):
    clock, facts = FakeClock(), []
    return Sitting(clock, facts.append, LONG_OUT, planned_s, **wishes), clock, facts


def run(sitting, clock, until_s, step_s=0.5):
    while clock.t < until_s:
        clock.t += step_s
        sitting.tick()
        if sitting.may_close():
            return
    return


def phases(facts):
    return [(fact.t, fact.phase) for fact in facts if isinstance(fact, PhaseEntered)]


def test_a_compared_sitting_begins_and_ends_with_free_breathing():
    sitting, clock, facts = sit(free_s=60.0)
    assert sitting.free
    assert sitting.paused
    run(sitting, clock, 400.0)
    (before, breathing, after) = phases(facts)
    assert before == (0.0, "before")
    assert breathing == (60.0, "breathing")
    assert after[1] == "after"
    assert 119 < after[0] < 132
    assert clock.t == pytest.approx(after[0] + 60.0, abs=1.0)
    assert isinstance(facts[1], Paused)
    assert sum(isinstance(fact, Resumed) for fact in facts) == 1


def test_the_first_guided_breath_begins_with_an_inhale():
    sitting, clock, _ = sit(free_s=60.0)
    run(sitting, clock, 60.0)
    assert not sitting.free
    assert sitting.cue().fullness == pytest.approx(0.0, abs=0.05)


def test_space_begins_at_once():
    sitting, clock, facts = sit(free_s=60.0)
    clock.t = 10.0
    sitting.go_on()
    assert not sitting.free
    assert phases(facts)[-1] == (10.0, "breathing")
    assert sitting.left_s() == pytest.approx(60.0)


def test_without_free_breathing_everything_is_as_before():
    sitting, _, facts = sit()
    assert not sitting.free
    assert [type(fact) for fact in facts] == [PhaseEntered, PaceChanged]


def test_a_guide_that_follows_listens_first_and_then_slows_by_quarters():
    sitting, clock, facts = sit(planned_s=600.0, ramp=True)
    run(sitting, clock, 500.0, step_s=0.1)
    assert phases(facts)[1] == (pytest.approx(RAMP_LISTENS_S, abs=0.2), "breathing")
    rates = [60 / (f.inhale_s + f.exhale_s) for f in facts if isinstance(f, PaceChanged)]
    assert rates[0] == pytest.approx(BEGIN_UNKNOWN)
    steps = [a - b for a, b in pairwise(rates)]
    assert steps == pytest.approx([STEP_PER_MINUTE] * len(steps))
    assert rates[-1] == pytest.approx(6.0)


def test_a_guide_that_follows_never_jumps():
    sitting, clock, _ = sit(planned_s=600.0, ramp=True)
    run(sitting, clock, RAMP_LISTENS_S + 0.2, step_s=0.1)
    before = sitting.cue().fullness
    while clock.t < 300:
        clock.t += 0.02
        sitting.tick()
        now = sitting.cue().fullness
        assert abs(now - before) < 0.02
        before = now


def test_a_pace_the_person_chose_is_kept():
    sitting, clock, facts = sit(planned_s=600.0, ramp=True)
    run(sitting, clock, 60.0)
    sitting.retune(LONG_OUT.at_rate(9.0))
    run(sitting, clock, 300.0)
    assert sitting.pacer.pattern.breaths_per_minute == pytest.approx(9.0)
    assert isinstance(facts[-1], PaceChanged)


@given(own=st.one_of(st.none(), st.floats(1.0, 40.0)))
def test_a_ramp_ends_at_its_goal_and_never_speeds_up(own):
    ramp = Ramp(LONG_OUT)
    pattern = ramp.first(own)
    rates = [pattern.breaths_per_minute]
    while (pattern := ramp.next(pattern)) is not None:
        rates.append(pattern.breaths_per_minute)
    assert rates[-1] == pytest.approx(6.0)
    assert rates == sorted(rates, reverse=True)
    assert rates[0] <= 12.0
