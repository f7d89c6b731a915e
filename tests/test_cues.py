"""Spoken cues: every turn of the breath once, never while it rests, never two words at once."""

from itertools import pairwise

import pytest
from fakes import FakeClock
from hypothesis import given
from hypothesis import strategies as st

from biobreath.practice.pacer import BreathPhase, Pacer
from biobreath.practice.patterns import GENTLE, LONG_OUT, Pattern
from biobreath.session.sitting import Sitting
from biobreath.sound.cues import LATEST_S, SHORTEST_S, Turns

LOOK_S = 0.05
AHEAD_S = 0.2
IN, OUT = BreathPhase.INHALE, BreathPhase.EXHALE
FULL, EMPTY = BreathPhase.HOLD_FULL, BreathPhase.HOLD_EMPTY
BOX = Pattern("box", 4.0, 4.0, 4.0, 4.0)
SIGH = Pattern("sigh", 3.0, 8.0, top_s=1.5)


class Listener:
    """Looks at a sitting as the program does, and writes down what is told and what truly comes."""

    def __init__(self, pattern=LONG_OUT, **kinds):
        self.clock = FakeClock()
        self.sitting = Sitting(self.clock, lambda _fact: None, pattern, 0.0, **kinds)
        self.turns = Turns()
        self.told, self.came = [], []

    def listen(self, seconds):
        for _ in range(round(seconds / LOOK_S)):
            self.look()
            self.clock.t += LOOK_S

    def look(self):
        t = self.clock.t
        here = self.sitting.cue_for_sound(t)
        told = self.turns.due(here, self.sitting.cue_for_sound(t + AHEAD_S))
        if told is not None:
            assert here is not None
            self.told.append((t, told))
        if here is not None and (not self.came or self.came[-1][1] is not here.phase):
            self.came.append((t, here.phase))

    @property
    def words(self):
        return [phase for _, phase in self.told]

    @property
    def parts(self):
        return [phase for _, phase in self.came]


def test_each_turn_is_told_a_little_before_it_comes():
    listener = Listener()
    listener.listen(33.0)
    assert listener.words == [IN, OUT, IN, OUT, IN, OUT, IN]
    for (told_s, _), (came_s, _) in list(zip(listener.told, listener.came, strict=True))[1:]:
        assert came_s - AHEAD_S - LOOK_S <= told_s <= came_s


def test_holds_and_the_sip_of_a_sigh_are_told_as_well():
    box, sigh = Listener(BOX), Listener(SIGH)
    box.listen(17.0)
    sigh.listen(12.0)
    assert box.words == [IN, FULL, OUT, EMPTY, IN]
    assert sigh.words == [IN, BreathPhase.TOP, OUT]


def test_a_part_too_short_for_a_word_is_left_out():
    listener = Listener(Pattern("quick", 3.0, 3.0, hold_full_s=SHORTEST_S - 0.2))
    listener.listen(14.5)
    assert listener.words == [IN, OUT, IN, OUT, IN]


def test_a_hold_shorter_than_the_lead_does_not_tell_the_out_breath_twice():
    listener = Listener(Pattern("blink", 3.0, 3.0, hold_full_s=0.1))
    listener.listen(6.5)
    assert listener.words == [IN, OUT, IN]


def test_nothing_is_told_while_the_guide_rests():
    listener = Listener()
    listener.listen(2.0)
    listener.sitting.pause()
    listener.listen(60.0)
    assert listener.words == [IN]
    listener.sitting.go_on()
    listener.listen(2.5)
    assert listener.words == [IN, OUT]


def test_a_turn_that_was_told_before_a_rest_is_not_told_after_it():
    listener = Listener()
    listener.listen(3.95)
    assert listener.words == [IN, OUT]
    listener.sitting.ground()
    listener.listen(30.0)
    listener.sitting.back_to_breathing()
    listener.listen(6.0)
    assert listener.words == [IN, OUT, IN]


def test_a_slower_pace_right_before_a_turn_does_not_take_the_word_back():
    listener = Listener()
    listener.listen(3.9)
    listener.sitting.retune(LONG_OUT.at_rate(3.0))
    listener.listen(2.0)
    assert listener.words == [IN, OUT]


def test_a_practice_that_leads_again_begins_with_in():
    listener = Listener(led=True)
    listener.sitting.lead(LONG_OUT)
    listener.listen(2.0)
    listener.sitting.lead(None)
    listener.listen(20.0)
    listener.sitting.lead(LONG_OUT)
    listener.listen(2.0)
    assert listener.words == [IN, IN]


def test_free_breathing_is_left_in_peace():
    listener = Listener(free_s=20.0)
    listener.listen(19.0)
    assert listener.words == []
    listener.clock.t = 20.5
    listener.sitting.tick()
    listener.listen(2.0)
    assert listener.words == [IN]


def test_who_listens_late_hears_nothing_of_a_breath_under_way():
    listener = Listener()
    listener.clock.t = LATEST_S + 0.1
    listener.listen(2.0)
    assert listener.words == []


def test_a_computer_that_slept_goes_on_with_the_next_turn():
    listener = Listener()
    listener.listen(3.95)
    listener.clock.t = 103.0
    listener.listen(1.5)
    assert listener.words == [IN, OUT, OUT]


def test_a_guide_that_slows_by_itself_is_told_once_a_turn():
    listener = Listener(LONG_OUT, ramp=True)
    listener.clock.t = 45.5
    for _ in range(600):
        listener.sitting.tick()
        listener.listen(0.5)
    assert listener.sitting.pacer.pattern.breaths_per_minute == pytest.approx(6.0)
    assert agree(listener)


acts = st.lists(
    st.tuples(
        st.floats(0.05, 9.0),
        st.sampled_from(["pause", "go_on", "ground", "back", "pace", "nothing"]),
        st.floats(3.0, 12.0),
    ),
    max_size=14,
)
breaths = st.builds(
    lambda rate, share, full, empty: Pattern("any", share, 1 - share, full, empty).stretched(rate),
    st.floats(3.0, 9.0),
    st.floats(0.35, 0.6),
    st.sampled_from([0.0, 0.05, 0.5]),
    st.sampled_from([0.0, 0.5]),
)
QUICKEST = 8.0
"""The quickest pace (a minute) that is chosen here."""


def do(sitting, act, rate):
    grounded = sitting._grounded_at is not None
    if act == "ground" and not grounded:
        sitting.ground()
    elif act == "back" and grounded:
        sitting.back_to_breathing()
    elif grounded:
        return
    elif act == "pause":
        sitting.pause()
    elif act == "go_on":
        sitting.go_on()
    elif act == "pace":
        sitting.retune(sitting.pacer.pattern.at_rate(min(rate, QUICKEST)))


def agree(listener):
    """Tell whether all turns that came were told, in order; the last may be told already."""
    came, told = listener.parts, listener.words
    return told == came or told[:-1] == came


@given(breaths, acts)
def test_every_turn_is_told_once_whatever_the_person_does(pattern, course):
    listener = Listener(pattern)
    for seconds, act, rate in course:
        listener.listen(seconds)
        do(listener.sitting, act, rate)
    listener.listen(8.0)
    assert in_order(listener)
    quickest = pattern.stretched(max(QUICKEST, pattern.breaths_per_minute))
    if min(part for part in parts_s(quickest) if part) >= SHORTEST_S:
        assert agree(listener)


def parts_s(pattern):
    return (pattern.inhale_s, pattern.hold_full_s, pattern.exhale_s, pattern.hold_empty_s)


def in_order(listener):
    """Tell whether what was told is what came, with some left out."""
    ahead = iter([*listener.parts, listener.words[-1] if listener.words else IN])
    return all(word in ahead for word in listener.words)


@given(
    st.lists(
        st.tuples(st.floats(0.05, 6.0), st.sampled_from([LONG_OUT, GENTLE, BOX, SIGH, None])),
        max_size=16,
    )
)
def test_whatever_a_practice_leads_to_nothing_is_told_twice_in_a_row(course):
    listener = Listener(led=True)
    since = 0
    for seconds, pattern in course:
        listener.sitting.lead(pattern)
        if pattern is None:
            since = len(listener.words)
        listener.listen(seconds)
        # A second sip may truly come in one breath, as the breath changes its shape and back.
        words = [word for word in listener.words[since:] if word is not BreathPhase.TOP]
        assert pattern is not None or len(listener.words) == since
        assert all(word is not following for word, following in pairwise(words))


@pytest.mark.parametrize("rate", [3.0, 6.0, 12.0])
def test_a_quarter_of_an_hour_misses_no_turn(rate):
    pacer = Pacer(LONG_OUT.at_rate(rate))
    turns = Turns()
    told = [
        turns.due(pacer.at(k * LOOK_S), pacer.at(k * LOOK_S + AHEAD_S))
        for k in range(round(900 / LOOK_S))
    ]
    assert sum(each is not None for each in told) == pytest.approx(2 * 15 * rate, abs=1)
