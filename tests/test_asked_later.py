"""One question some time after a practice: about the right one, once, and only where it fits."""

import pytest
from packs import content

from biobreath.practice.asked_later import due_later
from biobreath.practice.entries import Dated, FollowUpAsked, LadderWritten
from biobreath.practice.ladder import Attempt, StepTried
from biobreath.practice.past import CLOSED, PastRating, PastSitting

STEP, IMAGERY = "core.graded-exposure", "core.motor-imagery"
HOUR_S = 3600.0
MIDNIGHT = 1_795_478_400.0
ANCHORAGE_S, AUCKLAND_S = -9 * 3600, 13 * 3600


def sitting(number, hour, pack=STEP, how="done", offset_s=0, **named):
    began = MIDNIGHT + hour * HOUR_S
    return PastSitting(
        number, f"uuid-{number}", pack, "1.0.0", began, began + 600, how,
        utc_offset_s=offset_s, **named,
    )  # fmt: skip


def stepped(number):
    tried = StepTried(Attempt("one", MIDNIGHT))
    return Dated(MIDNIGHT, LadderWritten(tried), session_id=number)


def asked(number):
    return Dated(MIDNIGHT, FollowUpAsked(f"uuid-{number}"))


def risen(before, after):
    told = (PastRating("sensation", "before", before), PastRating("sensation", "after", after))
    return {"ratings": told}


def due(history, entries, hour):
    pack_of = content().library.pack
    found = due_later(pack_of, history, entries, MIDNIGHT + hour * HOUR_S)
    return None if found is None else found.past.session_id


@pytest.mark.parametrize(
    ("hours_later", "expected"), [(0, None), (23.9, None), (24.2, 1), (72.1, 1), (72.3, None)]
)
def test_the_day_after_a_step_it_is_asked_about_and_later_it_is_let_go(hours_later, expected):
    assert due([sitting(1, 10)], [stepped(1)], 10 + hours_later) == expected


def test_two_steps_of_one_day_are_asked_about_once_after_the_later_one():
    day = [sitting(1, 10), sitting(2, 17)]
    told = [stepped(1), stepped(2)]
    assert due(day, told, 35) is None  # a day after the first of them only
    assert due(day, told, 42) == 2
    assert due(day, [*told, asked(2)], 42) is None


def test_todays_step_does_not_hide_the_question_about_yesterdays():
    both = [sitting(1, 10), sitting(2, 34)]
    told = [stepped(1), stepped(2)]
    assert due(both, told, 35) == 1
    assert due(both, [*told, asked(1)], 59) == 2


@pytest.mark.parametrize(("offset_s", "expected"), [(0, 2), (ANCHORAGE_S, 2), (AUCKLAND_S, 1)])
def test_a_day_is_one_on_the_persons_own_calendar(offset_s, expected):
    # At 10:30 and 11:30 UTC: in Auckland midnight lies between them.
    both = [sitting(1, 10.5, offset_s=offset_s), sitting(2, 11.5, offset_s=offset_s)]
    told = [stepped(1), stepped(2), *([asked(2)] if offset_s == AUCKLAND_S else [])]
    assert due(both, told, 40) == expected


def test_who_turned_back_before_the_step_is_not_asked_how_the_day_after_it_was():
    assert due([sitting(1, 10)], [], 35) is None
    assert due([sitting(1, 10)], [stepped(2)], 35) is None


def test_what_was_left_early_is_let_be():
    assert due([sitting(1, 10, how=CLOSED)], [stepped(1)], 35) is None


def test_a_step_that_was_stopped_is_asked_about():
    assert due([sitting(1, 10, how="stopped:pain_up")], [stepped(1)], 35) == 1


@pytest.mark.parametrize(
    ("before", "after", "expected"), [(3, 4, 1), (3, 3, None), (None, 4, None), (3, None, None)]
)
def test_imagery_is_asked_about_two_hours_later_only_where_the_ache_rose(before, after, expected):
    history = [sitting(1, 10, IMAGERY, **risen(before, after))]
    assert due(history, [], 11.9) is None
    assert due(history, [], 12.3) == expected


def test_a_calm_practice_after_a_rise_does_not_take_its_question_away():
    history = [sitting(1, 10, IMAGERY, **risen(3, 5)), sitting(2, 11, IMAGERY, **risen(3, 3))]
    assert due(history, [], 14) == 1


def test_a_pack_that_is_gone_asks_nothing():
    assert due([sitting(1, 10, "own.gone")], [stepped(1)], 35) is None
