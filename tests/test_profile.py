"""What a person told of themselves holds until they tell otherwise."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobreath import places
from biobreath.practice.entries import (
    Contact,
    Crumb,
    Dated,
    FlagsTold,
    Preferred,
    SafetyWords,
    WinNamed,
)
from biobreath.practice.profile import FLAGS, Profile, Question, answers_to_flags, profile_of

SAFETY = tomllib.loads(
    (places.assets() / "content" / "en" / "safety.toml").read_text(encoding="utf-8")
)
QUESTIONS = [Question.from_table(table) for table in SAFETY["question"]]


def profile(*entries):
    return profile_of(Dated(float(number), entry) for number, entry in enumerate(entries))


@pytest.mark.parametrize(
    ("answers", "flags"),
    [
        ({}, {"no_exposure"}),
        (dict.fromkeys(["heart_rhythm", "breath_care", "panic", "trauma"], False), {"no_exposure"}),
        ({"checked": True}, {"pain_checked"}),
        ({"checked": False}, {"no_exposure"}),
        ({"checked": None}, {"no_exposure"}),
        ({"checked": True, "heart_rhythm": None, "panic": None}, {"pain_checked"}),
        ({"checked": True, "heart_rhythm": True}, {"pain_checked", "hrv_off"}),
        ({"checked": True, "breath_care": True}, {"pain_checked", "gentle_breath"}),
        (
            {"checked": True, "panic": True},
            {"pain_checked", "hide_heart", "gentle_breath", "anchor_outside"},
        ),
        (
            {"checked": True, "trauma": True},
            {"pain_checked", "eyes_open", "anchor_outside", "short_sessions", "no_body_focus"},
        ),
        (
            dict.fromkeys(["heart_rhythm", "breath_care", "panic", "trauma", "checked"], True),
            FLAGS - {"no_exposure"},
        ),
        ({"checked": True, "an older question": True}, {"pain_checked"}),
    ],
)
def test_answers_set_the_flags_that_the_questions_name(answers, flags):
    assert answers_to_flags(QUESTIONS, answers) == flags


@given(
    st.dictionaries(
        st.sampled_from([q.id for q in QUESTIONS]), st.sampled_from([True, False, None])
    )
)
def test_saying_nothing_never_grants_more_than_a_plain_no(answers):
    said_no = {q.id: answers.get(q.id) is True for q in QUESTIONS}
    assert answers_to_flags(QUESTIONS, answers) == answers_to_flags(QUESTIONS, said_no)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"yes_flags": ["hrv_of"]}, "“hrv_of” in “yes_flags” is not a flag"),
        ({"no_flags": ["x"]}, "“x” in “no_flags” is not a flag"),
        ({"yes_flags": "hrv_off"}, "“yes_flags” is missing or is not a list"),
        ({"yes_flags": [1]}, "“yes_flags” is missing or is not text"),
        ({"id": ""}, "“id” is empty"),
        ({"ask": None}, "“ask” is missing"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_plain_words(change, why):
    with pytest.raises(ValueError, match=why):
        Question.from_table({"id": "a", "ask": "Is it so?", "yes_flags": ["hrv_off"], **change})


def test_nobody_told_anything_yet():
    assert profile() == Profile()
    assert profile(Crumb("sun"), WinNamed("Laughed")) == Profile()


def test_the_last_telling_holds_whole():
    found = profile(
        FlagsTold(("hrv_off", "eyes_open"), ("heart_rhythm", "trauma")),
        FlagsTold(("eyes_open", "pain_checked"), ("checked",)),
    )
    assert found.flags == {"eyes_open", "pain_checked"}
    assert found.told == {"checked"}


def test_a_flag_that_nobody_knows_is_left_out():
    assert profile(FlagsTold(("eyes_open", "may_fly", ""))).flags == {"eyes_open"}


def test_later_words_take_the_place_of_earlier_ones_and_active_ones_come_first():
    found = profile(
        SafetyWords("1", "I am held"),
        SafetyWords("2", "My back is strong", "core.lessons"),
        SafetyWords("3", "It has passed before"),
        SafetyWords("1", "I am held by the chair", active=False),
        SafetyWords("3", "It has always passed"),
    )
    assert found.safety_words == (
        SafetyWords("2", "My back is strong", "core.lessons"),
        SafetyWords("3", "It has always passed"),
        SafetyWords("1", "I am held by the chair", active=False),
    )


def test_people_to_turn_to_stay_in_their_order_without_those_put_away():
    found = profile(
        Contact("1", "Sam"),
        Contact("2", "The pain clinic"),
        Contact("1", "Sam, 555 0100"),
        Contact("2", "The pain clinic", active=False),
    )
    assert found.contacts == (Contact("1", "Sam, 555 0100"),)


def test_a_preference_holds_until_it_is_taken_back():
    chosen = [
        Preferred("pattern", "gentle"),
        Preferred("scene", "dusk"),
        Preferred("scene", "paper"),
    ]
    assert profile(*chosen).preferences == {"pattern": "gentle", "scene": "paper"}
    assert profile(*chosen, Preferred("pattern")).preferences == {"scene": "paper"}
