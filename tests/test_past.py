"""A practice of the past is told by its facts, however it ended."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobreath.events import (
    Answered,
    BodyMarked,
    CarriedOver,
    Marked,
    Noted,
    PhaseEntered,
    PracticeBegan,
    PracticeEnded,
    Quizzed,
    Rated,
    Stopped,
)
from biobreath.practice.past import PastSitting, past_of

BEGAN = PracticeBegan(
    10.0, "core.somatic-tracking", "1.0.0", "en", 660.0, ("eyes_open",), "hidden", "the text"
)
TOLD = [
    PhaseEntered(10.0, "before"),
    Rated(20.0, "fear", 6, "before"),
    Rated(21.0, "peace", None, "before"),
    Answered(30.0, "fit", ("mild",), "a bit"),
    BodyMarked(40.0, "look", "sensation", ("hand_left",), ("warm", "moving")),
    Quizzed(50.0, "check", 1, 2),
    Stopped(60.0, "pain_up"),
    CarriedOver(61.0, "easier", "1"),
    Rated(70.0, "fear", 4, "after"),
    Noted(80.0, "note", "it moved", win=True),
]
START = 1_790_000_000.0


def past(*facts):
    return past_of(5, "u" * 36, START, facts, 3600)


def test_everything_that_was_told_is_there_in_its_order():
    assert past(BEGAN, *TOLD, PracticeEnded(90.0, "done")) == PastSitting(
        session_id=5,
        uuid="u" * 36,
        pack="core.somatic-tracking",
        version="1.0.0",
        started_utc_s=START + 10.0,
        ended_utc_s=START + 90.0,
        how="done",
        ratings=(("fear", "before", 6), ("peace", "before", None), ("fear", "after", 4)),
        answers=(("fit", ("mild",), "a bit"),),
        stops=("pain_up",),
        carried=(("easier", "1"),),
        notes=(("it moved", True),),
        quizzed=(("check", 1, 2),),
        marks=(("look", "sensation", ("hand_left",), ("warm", "moving")),),
        flags=("eyes_open",),
        utc_offset_s=3600,
        planned_s=660.0,
    )


@pytest.mark.parametrize("how", ["done", "closed", "stopped:panic"])
def test_how_it_ended_is_told(how):
    assert past(BEGAN, PracticeEnded(30.0, how)).how == how


def test_a_practice_that_nobody_ended_was_closed_at_its_last_fact():
    found = past(BEGAN, *TOLD)
    assert (found.how, found.ended_utc_s) == ("closed", START + 80.0)
    assert past(BEGAN).ended_utc_s == START + 10.0


def test_what_was_before_or_after_the_practice_is_no_part_of_it():
    around = [Rated(1.0, "calm", 1), Rated(100.0, "calm", 9), Stopped(101.0, "panic")]
    found = past(around[0], BEGAN, PracticeEnded(90.0, "done"), *around[1:])
    assert (found.ratings, found.stops, found.ended_utc_s) == ((), (), START + 90.0)


def test_a_sitting_without_a_practice_is_none():
    assert past(PhaseEntered(1.0, "breathe"), Rated(2.0, "calm", 5)) is None
    assert past() is None


def test_skipped_answers_are_no_numbers():
    found = past(BEGAN, *TOLD)
    assert found.rated("fear") == (6, 4)
    assert found.rated("peace") == ()


others = st.sampled_from([*TOLD, Marked(5.0, "here"), BEGAN, PracticeEnded(200.0, "done")])


@given(st.lists(others, max_size=12))
def test_facts_in_any_order_make_a_practice_that_does_not_end_before_it_began(facts):
    found = past(*facts)
    assert (found is None) == (BEGAN not in facts)
    assert found is None or found.ended_utc_s >= found.started_utc_s
