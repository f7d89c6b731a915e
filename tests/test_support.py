"""A card offers extra support when a person told of hard days, and rarely."""

import copy
import tomllib

import pytest

from biobreath import places
from biobreath.practice.entries import Crumb, Dated, RatingGiven, SupportDismissed, SupportShown
from biobreath.practice.past import PastRating, PastSitting
from biobreath.practice.support import Trigger, due, triggers_of

SAFETY = tomllib.loads(
    (places.assets() / "content" / "en" / "safety.toml").read_text(encoding="utf-8")
)
TRIGGERS = triggers_of(SAFETY)
DAY = 86_400.0
NOW = 20_000 * DAY + DAY / 2
STILL = 1.0  # a second


def sat(days_ago, stops=(), **rated):
    t = NOW - days_ago * DAY
    ratings = [
        PastRating(scale, "before", value)
        for scale, values in rated.items()
        for value in (values if isinstance(values, tuple) else (values,))
    ]
    return PastSitting(
        1, "u" * 36, "core.x", "1", t - 600, t, ratings=tuple(ratings), stops=tuple(stops)
    )  # fmt: skip


def rated(days_ago, scale, value, when="daily", about=""):
    return Dated(NOW - days_ago * DAY, RatingGiven(scale, value, when, about))


def card(sittings=(), ratings=(), shown=(), now=NOW):
    found = due(TRIGGERS, sittings, ratings, shown, now)
    return found and found.id


def test_every_number_of_the_words_of_care_is_read():
    assert [trigger.id for trigger in TRIGGERS] == [
        "high_pain", "fear_stays", "stops", "worse", "sleep_low"
    ]  # fmt: skip
    assert all(trigger.text for trigger in TRIGGERS)


def three(**rating):
    return [sat(days, **rating) for days in (14, 7, 0)]


@pytest.mark.parametrize(
    ("sittings", "wanted"),
    [
        # sensation 8 or more, in 3 sittings within 14 days
        (three(sensation=8), "high_pain"),
        (three(sensation=10), "high_pain"),
        (three(sensation=7), None),
        (three(sensation=8)[1:], None),
        ([sat(14 + STILL / DAY, sensation=8), *three(sensation=8)[1:]], None),
        ([sat(14 + STILL / DAY, sensation=8), *three(sensation=8)], "high_pain"),
        ([sat(0, sensation=(8, 9, 10))], None),
        ([sat(day, sensation=(8, 2)) for day in range(3)], "high_pain"),
        ([sat(day, sensation=(None, 8)) for day in range(3)], "high_pain"),
        (three(sensation=None), None),
        # fear 7 or more, in 3 sittings within 14 days
        (three(fear=7), "fear_stays"),
        (three(fear=6), None),
        (three(fear=7)[1:], None),
        ([sat(15, fear=7), *three(fear=7)[1:]], None),
        (three(fear=7, sensation=8), "high_pain"),
        # two stops within 14 days because it was too much or far away
        ([sat(14, ["panic"]), sat(0, ["far_away"])], "stops"),
        ([sat(0, ["panic", "panic"])], "stops"),
        ([sat(1, ["far_away", "dizzy"]), sat(0, ["pain_up"])], None),
        ([sat(14 + STILL / DAY, ["panic"]), sat(0, ["panic"])], None),
        ([sat(1, ["panic"])], None),
        # nothing told at all
        ([], None),
        ([sat(day) for day in range(9)], None),
    ],
)
def test_what_was_told_in_practices_brings_a_card_by_the_numbers_of_the_file(sittings, wanted):
    assert card(sittings) == wanted


@pytest.mark.parametrize(
    ("ratings", "wanted"),
    [
        # overall change "worse" or "much worse", once within 28 days
        ([rated(0, "change", 2, "weekly")], "worse"),
        ([rated(28, "change", 1, "weekly")], "worse"),
        ([rated(28 + STILL / DAY, "change", 1, "weekly")], None),
        ([rated(0, "change", 3, "weekly")], None),
        ([rated(0, "change", None, "weekly")], None),
        # sleep 3 or less, on 5 days of 10
        ([rated(day, "sleep", 3) for day in (10, 8, 6, 4, 2)], "sleep_low"),
        ([rated(day, "sleep", 0) for day in range(5)], "sleep_low"),
        ([rated(day, "sleep", 4) for day in range(10)], None),
        ([rated(day, "sleep", 3) for day in range(4)], None),
        ([rated(day, "sleep", 3) for day in (11, 8, 6, 4, 2)], None),
        ([rated(day, "sleep", None) for day in range(9)], None),
        ([rated(0.01 * n, "sleep", 3) for n in range(5)], None),
        # questions some time after a practice count like practices
        ([rated(day, "sensation", 8, "followup", f"core.{day}") for day in range(3)], "high_pain"),
        # what is in no trigger
        ([rated(day, "peace", 0) for day in range(9)], None),
        ([Dated(NOW, Crumb("sun"))], None),
    ],
)
def test_what_was_told_outside_of_practices_brings_a_card_too(ratings, wanted):
    assert card(ratings=ratings) == wanted


def test_practices_and_questions_count_together():
    sittings = [sat(3, sensation=8), sat(2, sensation=8)]
    assert card(sittings, [rated(1, "sensation", 8, "followup")]) == "high_pain"
    assert card(sittings, [rated(1, "sensation", 7, "followup")]) is None


def test_an_answer_given_anew_on_the_same_day_takes_the_place_of_the_first():
    bad = [rated(day, "sleep", 2) for day in (4, 3, 2, 1)]
    assert card(ratings=[*bad, rated(0.2, "sleep", 2)]) == "sleep_low"
    assert card(ratings=[*bad, rated(0.2, "sleep", 2), rated(0.1, "sleep", 8)]) is None
    assert card(ratings=[*bad, rated(0.2, "sleep", 2), rated(0.1, "sleep", None)]) == "sleep_low"


def test_a_day_is_the_persons_own():
    five = [rated(day, "sleep", 2) for day in (4, 3, 2, 1)]
    late = Dated(NOW - DAY / 2 + 7200, RatingGiven("sleep", 2, "daily"), utc_offset_s=-10_800)
    assert card(ratings=[*five, late]) is None
    here = Dated(late.utc_s, late.entry)
    assert card(ratings=[*five, here]) == "sleep_low"


@pytest.mark.parametrize(
    ("days_ago", "wanted"),
    [(0.0, None), (13.99, None), (14.0, "high_pain"), (100.0, "high_pain"), (-3.0, "high_pain")],
)
def test_a_card_comes_at_most_once_in_fourteen_days(days_ago, wanted):
    shown = [Dated(NOW - days_ago * DAY, SupportShown("high_pain"))]
    assert card(three(sensation=8), shown=shown) == wanted


def test_the_last_showing_counts():
    shown = [Dated(NOW - days * DAY, SupportShown("high_pain")) for days in (40, 20, 2)]
    assert card(three(sensation=8), shown=shown) is None


def test_each_card_has_a_rest_of_its_own():
    sittings = three(sensation=9, fear=9)
    shown = [Dated(NOW - DAY, SupportShown("high_pain")), Dated(NOW, SupportDismissed())]
    assert card(sittings, shown=shown) == "fear_stays"
    shown.append(Dated(NOW, SupportShown("fear_stays")))
    assert card(sittings, shown=shown) is None


def test_what_a_wrong_clock_put_into_the_future_counts_for_nothing():
    assert card([sat(-1, sensation=9), *three(sensation=9)[1:]]) is None
    assert card(ratings=[rated(-400, "change", 1, "weekly")]) is None


def test_two_weeks_of_hard_days_bring_one_card_at_a_time():
    journal = []
    for day in range(60):
        now = NOW + day * DAY
        journal.append(Dated(now, RatingGiven("sleep", 1, "daily")))
        found = due(TRIGGERS, [], journal, journal, now)
        if found is not None:
            journal.append(Dated(now, SupportShown(found.id)))
    shown = [(d.utc_s - NOW) / DAY for d in journal if isinstance(d.entry, SupportShown)]
    assert shown == [4.0, 18.0, 32.0, 46.0]


# --- files of others -----------------------------------------------------------------------------


OFTEN = {"scale": "fear", "op": ">=", "value": 7, "sessions": 3, "days": 14}
STOPS = {"event": "stop", "ids": ["panic"], "count": 2, "days": 14}


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ({**OFTEN, "op": ">"}, "“>” is not understood; it is “>=” or “<=”"),
        ({**OFTEN, "op": "rise>="}, "“rise>=” is not understood"),
        ({**OFTEN, "op": 5}, "“op” is missing or is not text"),
        ({**OFTEN, "value": "7"}, "“value” is missing or is not a number"),
        ({**OFTEN, "value": -1}, "“value” must be from 0 to 100"),
        ({**OFTEN, "sessions": 0}, "“sessions” must be from 1 to 100"),
        ({**OFTEN, "sessions": 2.5}, "“sessions” must be a whole number"),
        ({**OFTEN, "days": float("inf")}, "“days” must be from 1 to 366"),
        ({**OFTEN, "scale": ""}, "“scale” is empty"),
        ({**OFTEN, "eval": "1"}, "“eval” is not understood in “when”"),
        ({**OFTEN, **STOPS}, "is not understood in “when”"),
        ({}, "“op” is missing"),
        ("always", "“when” is missing or is not a table"),
        ({**STOPS, "event": "heart"}, "“heart” is not an event that calls for support"),
        ({**STOPS, "ids": []}, "“ids” is empty"),
        ({**STOPS, "ids": "panic"}, "“ids” is missing or is not a list"),
        ({**STOPS, "ids": [1]}, "“ids” is missing or is not text"),
        ({**STOPS, "count": 0}, "“count” must be from 1 to 100"),
        ({**STOPS, "days": None}, "“days” is missing"),
    ],
)
def test_a_trigger_that_makes_no_sense_is_refused_in_plain_words(when, why):
    with pytest.raises(ValueError, match=why):
        Trigger.from_table({"id": "a", "text": "Some words", "when": when})


@pytest.mark.parametrize("change", [{"id": ""}, {"text": ""}, {"text": None}, {"when": None}])
def test_a_trigger_without_its_parts_is_refused(change):
    with pytest.raises(ValueError, match="“"):
        Trigger.from_table({"id": "a", "text": "Some words", "when": OFTEN, **change})


def test_triggers_have_names_of_their_own():
    safety = copy.deepcopy(SAFETY)
    safety["support"]["trigger"].append(safety["support"]["trigger"][0])
    with pytest.raises(ValueError, match="the same “id”"):
        triggers_of(safety)
    for bad in ({}, {"support": []}, {"support": {"trigger": 5}}, {"support": {"trigger": [5]}}):
        with pytest.raises(ValueError, match=r"missing|not a table"):
            triggers_of(bad)
