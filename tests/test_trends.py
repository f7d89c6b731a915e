"""How the weeks have been is told in words, kindly, and only where there is something to tell."""

import random
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobreath.practice.entries import Crumb, Dated, RatingGiven, WinNamed
from biobreath.practice.past import PastNote, PastRating, PastSitting
from biobreath.practice.trends import (
    SCALES,
    SLEEP_AND_PEACE,
    TOO_FEW,
    Point,
    Turn,
    points_before,
    points_of,
    rank_correlation,
    sleep_and_peace,
    trend,
    usual_swing,
    weeks_of,
)
from biobreath.practice.wins import (
    Kept,
    crumbs,
    days_of_this_week,
    local_day,
    moments_of,
    wins,
)

DAY = 86_400.0
WEEK = 7 * DAY
MONDAY = 4 * DAY + 2_900 * WEEK  # 4 August 2025, 00:00 UTC
NOW = MONDAY + 3 * DAY
FEAR, PEACE, SLEEP = SCALES["fear_week"], SCALES["peace_week"], SCALES["sleep"]
WINS = [Kept(9.0, "Laughed"), Kept(8.0, "Walked"), Kept(7.0, "Laughed"), Kept(6.0, "Sang")]


def weekly(*medians):
    """Return an answer a week up to this one; None for a week without any."""
    last = len(medians) - 1
    return [
        Point(NOW - (last - number) * WEEK, value)
        for number, value in enumerate(medians)
        if value is not None
    ]


def told(scale, *medians, helped=WINS):
    found = trend(scale, weekly(*medians), helped, NOW)
    return found.turn, found.sentence


# --- weeks ---------------------------------------------------------------------------------------


def test_a_week_is_the_median_of_its_answers():
    points = [Point(MONDAY + day * DAY, value) for day, value in enumerate([2, 9, 3, 3, 4])]
    (week,) = weeks_of(points)
    assert week.median == 3


def test_a_week_begins_on_the_persons_own_monday():
    assert date.fromordinal(date(1970, 1, 1).toordinal() + int(MONDAY / DAY)).weekday() == 0
    sunday, monday = weeks_of([Point(MONDAY - 1, 1), Point(MONDAY, 2)])
    assert monday.number == sunday.number + 1
    (both,) = weeks_of([Point(MONDAY - 1, 1, 3600), Point(MONDAY, 2)])
    assert both.number == monday.number


def test_a_week_without_answers_is_not_there():
    weeks = weeks_of(weekly(5, None, None, 4))
    assert [week.number - weeks[0].number for week in weeks] == [0, 3]


def test_the_band_is_the_spread_of_the_middle_half_around_the_last_four_weeks():
    *_, last = weeks_of(weekly(9, 9, 2, 4, 6, 8))
    # Median 5; the middle half of 2, 4, 6, 8 goes from 3.5 to 6.5.
    assert (last.median, last.low, last.high) == (8, 2.0, 8.0)


def test_a_band_of_one_answer_is_a_line_and_none_leaves_the_scale():
    (week,) = weeks_of(weekly(5))
    assert (week.low, week.high) == (5, 5)
    *_, last = weeks_of(weekly(0, 10, 0, 10))
    assert (last.low, last.high) == (0, 10)


@given(st.lists(st.tuples(st.floats(0, 1e10), st.integers(0, 10), st.integers(-86_000, 86_000))))
def test_every_band_lies_on_the_scale(rows):
    weeks = weeks_of(Point(utc_s, value, offset) for utc_s, value, offset in rows)
    assert [week.number for week in weeks] == sorted({week.number for week in weeks})
    assert all(0 <= week.low <= week.high <= 10 for week in weeks)


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("medians", [(), (5,), (5, 2), (5, None, 2), (5, None, None, 1)])
def test_two_weeks_make_no_picture(medians):
    assert told(FEAR, *medians) == (Turn.OPEN, TOO_FEW)
    assert TOO_FEW == "a few more check-ins and a picture will appear"


@pytest.mark.parametrize(
    ("scale", "medians", "sentence"),
    [
        (FEAR, (6, 6, 6, 6, 5), "fear: a little less than a month ago"),
        (FEAR, (7, 7, 6, 6, 5), "fear: less than a month ago"),
        (FEAR, (9, 8, 7, 6, 5), "fear: much less than a month ago"),
        (FEAR, (6, None, 6, None, 6, 5), "fear: a little less than a month ago"),
        (FEAR, (1, 1, 6, 6, 6, 6, 5), "fear: a little less than a month ago"),
        (FEAR, (6, 6, 5), "fear: a little less than a few weeks ago"),
        (FEAR, (6, 6, *[None] * 9, 5), "fear: a little less than before"),
        (PEACE, (4, 4, 4, 4, 5), "peace: a little more than a month ago"),
        (PEACE, (4, 4, 5, 6, 8), "peace: much more than a month ago"),
        (SCALES["doing"], (2, 2, 2, 4, 4), "doing what matters: more than a month ago"),
        (SLEEP, (5, 5, 5, 5, 6), "sleep: a little better than a month ago"),
        (SCALES["pain_week"], (6, 6, 6, 5, 5), "pain: a little less than a month ago"),
    ],
)
def test_an_easier_month_is_told_in_words(scale, medians, sentence):
    assert told(scale, *medians) == (Turn.EASIER, sentence)


@pytest.mark.parametrize(
    "medians",
    [
        (5, 5, 5, 5, 5),
        (5, 5, 5, 5, 4.5),
        (5, 5, 5, 5, 5.5),
        # a change of 1 and of 3 that is no more than one week usually differs from the next
        (5, 6, 5, 6, 5, 6, 5, 5, 4),
        (2, 5, 8, 5, 2, 5, 8, 5),
        (1, 3, 5, 3, 1, 3, 5, 3, 3),
    ],
)
def test_what_is_no_more_than_a_usual_week_is_about_the_same(medians):
    turn, sentence = told(PEACE, *medians)
    assert (turn, sentence) == (Turn.SAME, "peace: about the same as a month ago")


def test_a_change_must_exceed_the_persons_own_swing():
    calm, lively = (5, 5, 5, 5, 7), (5, 7, 5, 7, 5, 5, 5, 7)
    assert usual_swing(weeks_of(weekly(*calm))) == 0
    assert usual_swing(weeks_of(weekly(*lively))) == 2
    assert told(PEACE, *calm)[0] is Turn.EASIER
    assert told(PEACE, *lively)[0] is Turn.SAME


@pytest.mark.parametrize(
    ("scale", "medians", "sentence"),
    [
        (FEAR, (4, 4, 4, 4, 6), "a harder month; here is what helped before"),
        (PEACE, (6, 6, 6, 6, 5), "a harder month; here is what helped before"),
        (PEACE, (6, 6, 5), "some harder weeks; here is what helped before"),
        (PEACE, (6, 6, *[None] * 9, 5), "a harder time; here is what helped before"),
    ],
)
def test_a_harder_month_shows_what_helped_before(scale, medians, sentence):
    found = trend(scale, weekly(*medians), WINS, NOW)
    assert (found.turn, found.sentence) == (Turn.HARDER, sentence)
    assert found.helped == ("Laughed", "Walked", "Sang")


def test_a_harder_month_without_wins_asks_for_nothing():
    turn, sentence = told(PEACE, 6, 6, 6, 6, 5, helped=[])
    assert (turn, sentence) == (Turn.HARDER, "a harder month; go as gently as you like")


def test_wins_are_kept_for_harder_times():
    assert trend(PEACE, weekly(4, 4, 4, 4, 6), WINS, NOW).helped == ()


@pytest.mark.parametrize(
    ("weeks_later", "turn"), [(0, Turn.EASIER), (2, Turn.EASIER), (3, Turn.OPEN), (90, Turn.OPEN)]
)
def test_a_picture_is_of_now(weeks_later, turn):
    found = trend(FEAR, weekly(6, 6, 6, 6, 4), WINS, NOW + weeks_later * WEEK)
    assert found.turn is turn
    assert len(found.weeks) == 5


def test_what_a_wrong_clock_put_into_the_future_is_left_out():
    points = [*weekly(6, 6, 6, 6, 4), Point(NOW + 50 * WEEK, 10)]
    assert trend(FEAR, points, [], NOW) == trend(FEAR, points[:-1], [], NOW)


def test_what_was_skipped_is_no_answer():
    entries = [
        Dated(5.0, RatingGiven("sleep", 0, "daily"), 3600),
        Dated(6.0, RatingGiven("sleep", None, "daily")),
        Dated(7.0, RatingGiven("fear_week", 5, "weekly")),
        Dated(8.0, Crumb("sun")),
    ]
    assert points_of(entries, "sleep") == [Point(5.0, 0.0, 3600)]


def test_before_a_practice_is_its_first_answer():
    answers = (PastRating("peace", "before", None), PastRating("peace", "check", 3))
    later = PastRating("peace", "after", 8)
    past = [a_past(ratings=(*answers, later)), a_past(), a_past(ratings=answers[:1])]
    assert points_before(past, "peace") == [Point(100.0, 3.0, 3600)]


def test_pain_is_told_last():
    assert list(SCALES) == ["peace_week", "fear_week", "doing", "sleep", "pain_week"]


medians = st.lists(st.none() | st.integers(0, 10), max_size=40)


@given(medians, st.sampled_from(list(SCALES.values())), st.integers(0, 30))
def test_no_words_ever_score_count_or_shame(values, scale, weeks_later):
    found = trend(scale, weekly(*values), WINS, NOW + weeks_later * WEEK)
    assert not re.search(r"\d|%|miss|streak|gap|score|fail|worse|should|away", found.sentence)
    assert (found.turn is Turn.HARDER) == ("harder" in found.sentence)


# --- what goes together --------------------------------------------------------------------------


def days(values, start=0):
    return [Point(MONDAY + (start + n) * DAY + 3600, v) for n, v in enumerate(values)]


def test_sleep_and_peace_are_compared_only_when_wanted_and_from_three_weeks_on():
    nights = [n % 7 for n in range(21)]
    moods = [n % 7 + 2 for n in range(21)]
    together = sleep_and_peace(days(nights), days(moods), wanted=True)
    assert together == SLEEP_AND_PEACE == "on days after better sleep, peace was often higher"
    assert sleep_and_peace(days(nights), days(moods)) == ""
    assert sleep_and_peace(days(nights[:20]), days(moods), wanted=True) == ""
    assert sleep_and_peace(days(nights), days(moods, start=1), wanted=True) == ""


def test_nothing_is_said_where_peace_does_not_follow_sleep():
    nights = [n % 7 for n in range(28)]
    for moods in ([5] * 28, [10 - n for n in nights], [n // 7 for n in range(28)]):
        assert sleep_and_peace(days(nights), days(moods), wanted=True) == ""


def test_chance_alone_is_rarely_told():
    chance = random.Random(1)
    said = 0
    for _ in range(400):
        nights, moods = ([chance.randint(0, 10) for _ in range(30)] for _ in range(2))
        said += bool(sleep_and_peace(days(nights), days(moods), wanted=True))
    assert said < 0.05 * 400


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ([1, 2, 3, 4], [10, 20, 30, 90], 1.0),
        ([1, 2, 3, 4], [9, 7, 5, 1], -1.0),
        ([1, 2, 3], [5, 5, 5], 0.0),
        ([1, 2, 2, 4], [1, 3, 2, 4], 0.9487),
    ],
)
def test_ranks_are_compared_with_ties_shared(one, other, found):
    assert rank_correlation(one, other) == pytest.approx(found, abs=1e-4)


# --- wins, crumbs and days -----------------------------------------------------------------------


def a_past(**what):
    known = {"started_utc_s": 100.0, "ended_utc_s": 200.0, "utc_offset_s": 3600, **what}
    return PastSitting(1, "u" * 36, "core.x", "1", **known)


JOURNAL = [
    Dated(10.0, WinNamed("Laughed"), id=1),
    Dated(50.0, Crumb("sun on the wall"), 3600, id=2),
    Dated(300.0, WinNamed("Something else", "called my sister"), -3600, id=3),
    Dated(300.0, Crumb("a robin"), id=4),
    Dated(300.0, Crumb("tea"), id=5),
]


def test_wins_are_listed_newest_first_with_those_noted_in_practices():
    notes = (PastNote("it moved", win=True), PastNote("it hurt", win=False))
    assert wins(JOURNAL, [a_past(notes=notes)]) == (
        Kept(300.0, "called my sister", 3),
        Kept(200.0, "it moved"),
        Kept(10.0, "Laughed", 1),
    )


def test_the_jar_has_the_newest_crumb_on_top():
    assert [crumb.text for crumb in crumbs(JOURNAL)] == ["tea", "a robin", "sun on the wall"]
    assert crumbs(JOURNAL)[0].entry_id == 5


def test_practising_naming_a_win_and_keeping_a_crumb_are_something():
    entries = [*JOURNAL[:3], Dated(9.0, RatingGiven("sleep", 5, "daily"))]
    assert moments_of(entries, [a_past()]) == [
        (10.0, 0),
        (50.0, 3600),
        (300.0, -3600),
        (100.0, 3600),
    ]


def test_only_days_with_something_are_there():
    moments = [(NOW - days_ago * DAY, 0) for days_ago in (7, 6, 3, 3, 0)]
    today = date(1970, 1, 1).toordinal() + int(NOW // DAY)
    assert days_of_this_week(moments, NOW, 0) == tuple(
        date.fromordinal(today - days_ago) for days_ago in (6, 3, 0)
    )
    assert days_of_this_week([], NOW, 0) == ()
    assert days_of_this_week([(NOW + DAY, 0)], NOW, 0) == ()


def test_a_monday_takes_nothing_away():
    weekend = [(MONDAY - DAY, 0), (MONDAY - 2 * DAY, 0)]
    assert len(days_of_this_week(weekend, MONDAY + 3600, 0)) == 2


def test_a_day_is_where_the_person_was():
    assert local_day(MONDAY, 0) == local_day(MONDAY - 3600, 3600) == local_day(MONDAY + DAY, -1)
    late = (MONDAY - 3600, 7200)
    assert days_of_this_week([late], MONDAY, 0)[0].weekday() == 0
