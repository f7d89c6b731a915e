"""A screen that nobody sees looks only when time brings something, and misses nothing by it."""

import math

import pytest
from fakes import FakeClock
from hypothesis import given
from hypothesis import strategies as st

from biobreath.practice.patterns import GENTLE, LONG_OUT, paced
from biobreath.practice.protocols import sliding, stepped
from biobreath.session.sitting import Sitting

KINDS = {
    "planned": {},
    "compared": {"free_s": 40.0},
    "following": {"ramp": True},
    "following and compared": {"ramp": True, "free_s": 60.0},
    "sliding": {"protocol": sliding()},
    "stepped": {"protocol": stepped()},
}
DEEDS = {
    "pause": Sitting.pause,
    "go on": Sitting.go_on,
    "easier": Sitting.easier,
    "quicker": lambda sitting: sitting.retune(paced(9.0, 0.4)),
    "ground": Sitting.ground,
    "back": Sitting.back_to_breathing,
}
deeds = st.lists(st.tuples(st.floats(0.5, 90.0), st.sampled_from(list(DEEDS))), max_size=6)


def sit(kind, pattern=LONG_OUT, planned_s=150.0):
    clock, facts = FakeClock(), []
    return Sitting(clock, facts.append, pattern, planned_s, **KINDS[kind]), clock, facts


def lived(kind, pattern, wait_s):
    """Return what was noted, and when it ended, where looks are ``wait_s`` (sitting) apart."""
    sitting, clock, facts = sit(kind, pattern)
    for _ in range(20_000):
        clock.t += wait_s(sitting)
        sitting.tick()
        if sitting.may_close():
            return facts, clock.t
    raise AssertionError("it never ended")


@pytest.mark.parametrize("pattern", [LONG_OUT, GENTLE, paced(12.0, 0.4)])
@pytest.mark.parametrize("kind", KINDS)
def test_looking_when_something_is_due_notes_what_looking_all_the_time_notes(kind, pattern):
    often, often_end_s = lived(kind, pattern, lambda _sitting: 0.1)
    due, due_end_s = lived(kind, pattern, lambda s: max(0.02, s.next_s() - s.now()))
    assert [type(fact) for fact in due] == [type(fact) for fact in often]
    assert [fact.t for fact in due] == pytest.approx([fact.t for fact in often], abs=0.5)
    assert due_end_s == pytest.approx(often_end_s, abs=0.5)


@pytest.mark.parametrize("kind", KINDS)
def test_few_looks_are_due_in_a_whole_sitting(kind):
    looks = []
    lived(kind, LONG_OUT, lambda s: looks.append(1) or max(0.02, s.next_s() - s.now()))
    assert len(looks) < 200


@given(st.sampled_from(list(KINDS)), deeds)
def test_nothing_comes_before_it_was_foretold_whatever_the_person_does(kind, deeds):
    sitting, clock, facts = sit(kind)
    for wait_s, deed in deeds:
        until_s = clock.t + wait_s
        while clock.t < until_s:
            foretold_s, noted = sitting.next_s(), len(facts)
            clock.t = min(clock.t + 0.5, until_s)
            sitting.tick()
            over = sitting.may_close()
            assert clock.t >= foretold_s - 1e-6 or not (over or len(facts) > noted)
            if over:
                return
            # What came is not due any more, but for rounding: else it looked again and again.
            assert sitting.next_s() > clock.t - 1e-6
        DEEDS[deed](sitting)


def test_time_brings_nothing_while_the_person_rests_or_plays_a_recording():
    sitting, clock, _ = sit("planned")
    clock.t = 5.0
    sitting.pause()
    assert sitting.next_s() == math.inf
    assert Sitting(clock, print, LONG_OUT, 0.0, guided=False).next_s() == math.inf
