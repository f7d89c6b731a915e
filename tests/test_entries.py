"""What a person says goes to the disk and comes back the same; what makes no sense stays out."""

import json
from dataclasses import dataclass, field
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobreath.practice.entries import (
    _READERS,
    ABOUT_A_SITTING,
    LONGEST_OWN,
    Contact,
    Crumb,
    Dated,
    FlagsTold,
    FollowUpAsked,
    HardDay,
    ImageryDone,
    JoyPlanned,
    LadderWritten,
    LessonChecked,
    LessonRead,
    Preferred,
    RatingGiven,
    SafetyWords,
    SupportDismissed,
    SupportShown,
    WinNamed,
    entry_of,
    read_entries,
)
from biobreath.practice.imagery import ImagerySitting
from biobreath.practice.ladder import Attempt, Plan, Step, StepAdded, StepSplit, StepTried

printed = st.characters(exclude_categories=("C", "Z"))
names = st.text(printed, min_size=1, max_size=20)
maybe_names = st.just("") | names
texts = st.lists(st.text(printed, min_size=1, max_size=9), min_size=1, max_size=5).map(" ".join)
maybe_texts = st.just("") | texts
several = st.lists(names, max_size=4).map(tuple)
ratings = st.none() | st.integers(0, 10)
moments = st.floats(0, 1e11)
steps = st.builds(Step, names, texts, st.floats(0, 10), st.none() | st.floats(1, 900))
tries = st.builds(
    Attempt, names, moments, maybe_texts, st.none() | st.floats(0, 100), plan=st.sampled_from(Plan)
)
entries = st.one_of(
    st.builds(FlagsTold, several, several),
    st.builds(
        RatingGiven, names, ratings, st.sampled_from(["daily", "weekly", "followup"]), maybe_names
    ),
    st.builds(WinNamed, texts, maybe_texts),
    st.builds(WinNamed, maybe_texts, texts),
    st.builds(SafetyWords, names, texts, maybe_names, st.booleans()),
    st.builds(Crumb, texts),
    st.builds(Contact, names, texts, st.booleans()),
    st.builds(JoyPlanned, texts),
    st.builds(FollowUpAsked, names),
    st.builds(SupportShown, names),
    st.just(SupportDismissed()),
    st.builds(LadderWritten, st.builds(StepAdded, steps, st.none() | names)),
    st.builds(LadderWritten, st.builds(StepSplit, names, st.lists(steps, max_size=3).map(tuple))),
    st.builds(LadderWritten, st.builds(StepTried, tries)),
    st.builds(
        ImageryDone,
        names,
        st.builds(ImagerySitting, moments, st.integers(0, 6), ratings, ratings, ratings, ratings),
    ),
    st.builds(LessonRead, names),
    st.builds(LessonChecked, names, st.integers(0, 9), st.integers(0, 9)),
    st.builds(Preferred, names, maybe_names),
    st.just(HardDay()),
)


@given(entries)
def test_every_entry_comes_back_from_json_as_it_was(entry):
    table = entry.to_table()
    stored = json.loads(json.dumps(table, allow_nan=False))
    assert entry_of(entry.kind, stored) == entry
    assert entry_of(entry.kind, MappingProxyType(stored)) == entry
    assert json.loads(json.dumps(entry_of(entry.kind, stored).to_table())) == stored


def test_every_kind_has_a_name_of_its_own():
    made = (
        *(FlagsTold, RatingGiven, WinNamed, SafetyWords, Contact, Crumb, JoyPlanned),
        *(FollowUpAsked, SupportShown, SupportDismissed, LadderWritten, ImageryDone, LessonRead),
        *(LessonChecked, Preferred, HardDay),
    )
    kinds = {one.kind for one in made}
    assert len(kinds) == len(made)
    assert kinds > ABOUT_A_SITTING


def test_an_entry_of_a_later_version_is_passed_over():
    assert entry_of("dreamt", {"text": "of the sea"}) is None
    assert entry_of("", 5) is None


def test_what_a_later_version_adds_is_passed_over():
    assert entry_of("crumb", {"text": "sun", "colour": "gold"}) == Crumb("sun")


def test_words_are_active_where_nothing_else_is_said():
    assert entry_of("safety_words", {"id": "1", "text": "held"}) == SafetyWords("1", "held")


def test_text_comes_back_on_one_line_without_what_cannot_be_seen():
    assert entry_of("crumb", {"text": " sun\non\tthe\x00wall\ud800 "}) == Crumb("sun on the wall")


@pytest.mark.parametrize(
    ("kind", "table", "why"),
    [
        ("crumb", None, "an entry of the journal is not a table"),
        ("crumb", [], "an entry of the journal is not a table"),
        ("crumb", {}, "“text” is missing"),
        ("crumb", {"text": 5}, "“text” is missing or is not text"),
        ("crumb", {"text": " \n "}, "“text” is empty"),
        ("crumb", {"text": "x" * (LONGEST_OWN + 1)}, "longer than 10000"),
        ("joy", {"text": ""}, "“text” is empty"),
        ("flags", {"flags": "hrv_off", "told": []}, "“flags” is missing or is not a list"),
        ("flags", {"flags": [], "told": [5]}, "“told”"),
        ("flags", {"flags": ["f"] * 51, "told": []}, "more than 50"),
        ("flags", {"flags": ["x" * 81], "told": []}, "longer than 80"),
        ("rating", {"scale": "fear", "value": 5}, "“when” is missing"),
        ("rating", {"scale": "fear", "value": 5, "when": "hourly"}, "“hourly” is no time"),
        ("rating", {"scale": "fear", "value": -1, "when": "daily"}, "from 0 to 100"),
        ("rating", {"scale": "fear", "value": 10**400, "when": "daily"}, "from 0 to 100"),
        ("rating", {"scale": "fear", "value": 2.5, "when": "daily"}, "a whole number"),
        ("rating", {"scale": "fear", "value": True, "when": "daily"}, "not a number"),
        ("rating", {"scale": "fear", "value": float("nan"), "when": "daily"}, "from 0"),
        ("rating", {"value": 5, "when": "daily"}, "“scale” is missing"),
        ("win", {}, "a win has a name"),
        ("win", {"chip": "", "text": " "}, "a win has a name"),
        ("safety_words", {"text": "you are held"}, "“id” is missing"),
        ("safety_words", {"id": "1", "text": "held", "active": "yes"}, "true or false"),
        ("follow_up", {}, "“session_uuid” is missing"),
        ("support_shown", {"trigger_id": ["a"]}, "“trigger_id”"),
        ("ladder", {"do": "jump"}, "“jump” is not something a ladder knows"),
        ("imagery", {"part": "hand"}, "“sitting” is missing"),
        ("imagery", {"part": "hand", "sitting": {"t": 1, "level": 7}}, "from 0 to 6"),
        ("imagery", {"part": "hand", "sitting": {"t": -1, "level": 1}}, "from 0 to"),
        ("lesson", {"lesson_id": ""}, "“lesson_id” is empty"),
        ("lesson_check", {"lesson_id": "alarm", "question": 0, "option": -1}, "from 0 to 99"),
        ("preferred", {"value": "gentle"}, "“what” is missing"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_in_plain_words(kind, table, why):
    with pytest.raises(ValueError, match=why):
        entry_of(kind, table)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
keys = st.sampled_from(
    (
        *("text", "chip", "flags", "told", "scale", "value", "when", "id", "do", "step", "part"),
        *("sitting", "t", "level", "lesson_id", "question", "option", "what", "attempt", "active"),
    )
)
kinds = st.sampled_from([*sorted(_READERS), "unheard_of"])


@given(kinds, st.dictionaries(keys, json_values | st.dictionaries(keys, json_values)) | json_values)
def test_nothing_but_an_entry_or_a_plain_refusal_comes_of_any_table(kind, table):
    try:
        entry = entry_of(kind, table)
    except ValueError:
        return
    assert entry is None or json.dumps(entry.to_table(), allow_nan=False)


@dataclass
class Row:
    kind: str
    body: dict = field(default_factory=dict)
    id: int = 1
    session_id: int | None = None
    written_ms: int = 5_500
    utc_offset_s: int = 3600


def test_a_row_that_makes_no_sense_hides_no_other():
    rows = [
        Row("crumb", {"text": "sun"}, id=3, session_id=7),
        Row("crumb", {"text": ""}),
        Row("dreamt"),
        Row("support_dismissed", id=9, written_ms=6_000, utc_offset_s=0),
    ]
    assert read_entries(rows) == [
        Dated(5.5, Crumb("sun"), 3600, 3, 7),
        Dated(6.0, SupportDismissed(), 0, 9),
    ]


def test_what_is_wrong_with_private_words_is_not_logged(caplog):
    assert read_entries([Row("rating", {"scale": "s", "value": 1, "when": "my secret"})]) == []
    assert "secret" not in caplog.text
    assert "makes no sense" in caplog.text
