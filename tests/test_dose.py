"""Slow breathing begins with little; more comes only by asking, and never by itself."""

from dataclasses import replace
from itertools import pairwise

import pytest
from packs import content

from biobreath.practice.dose import dose
from biobreath.practice.past import CLOSED, PastAnswer, PastSitting
from biobreath.practice.timing import (
    MOST_SHARE,
    SHORTENED_BETWEEN_S,
    guided_s,
    laid_out,
    length_s,
    share_for,
    share_for_breath,
)

SLOW = "core.mindful-breath"
DAY_S = 86_400.0
NOBODY = frozenset()


def sitting(day, pack=SLOW, **named):
    past = PastSitting(1, f"{day}", pack, "1.0.0", day * DAY_S, day * DAY_S + 600, "done")
    return replace(past, **named)


def suited(history, day):
    return dose(history, SLOW, day * DAY_S, lambda minutes: 60.0 * (minutes + 5))


def test_the_first_sittings_have_three_minutes_with_the_breath():
    assert suited([], 0).minutes == 3
    assert suited([sitting(0), sitting(1)], 2).minutes == 3
    assert suited([sitting(0), sitting(1)], 30).minutes == 3


def test_the_first_week_has_five_at_most_and_offers_no_more():
    week = [sitting(day) for day in range(4)]
    assert suited(week, 6.9).minutes == 5
    assert suited(week, 6.9).offers == ()


def test_after_a_week_ten_are_offered_and_five_stay_what_suits():
    later = suited([sitting(day) for day in range(4)], 7.1)
    assert (later.minutes, later.offers) == (5, (10,))


def test_twenty_are_there_only_for_who_took_ten():
    took_ten = [sitting(day) for day in range(4)] + [sitting(8, planned_s=900.0)]
    assert suited(took_ten, 9).offers == (10, 20)
    assert suited(took_ten, 9).minutes == 5


@pytest.mark.parametrize(
    "hard",
    [{"stops": ("dizzy",)}, {"answers": (PastAnswer("ok", ("air",), ""),)}],
    ids=["stopped", "wanted more air"],
)
def test_after_too_much_it_is_the_least_again_until_a_sitting_went_well(hard):
    history = [sitting(day) for day in range(9)]
    after = suited([*history, sitting(9, **hard)], 10)
    assert (after.minutes, after.offers) == (3, ())
    assert suited([*history, sitting(9, **hard), sitting(10)], 11).minutes == 5


def test_other_practices_and_windows_that_were_closed_do_not_count():
    others = [sitting(day, pack="core.positive-affect") for day in range(9)]
    closed = [sitting(day, how=CLOSED) for day in range(9)]
    assert suited(others + closed, 10).minutes == 3


def test_every_dose_is_what_the_breath_is_guided_for():
    pack = content().library.pack(SLOW)
    for minutes in (3, 5, 10, 20):
        share = share_for_breath(pack, minutes, NOBODY)
        assert guided_s(pack, share, NOBODY) == pytest.approx(60 * minutes, abs=1)


@pytest.mark.parametrize("pack", content().library.packs, ids=lambda pack: pack.id)
@pytest.mark.parametrize("minutes", [3, 6, 10])
def test_a_length_is_kept_where_the_words_have_room(pack, minutes):
    least_s, most_s = (length_s(pack, share, NOBODY) for share in (0.0, MOST_SHARE))
    found_s = length_s(pack, share_for(pack, minutes), NOBODY)
    assert found_s == pytest.approx(min(max(60 * minutes, least_s), most_s), abs=1)


def test_what_is_said_in_a_shorter_practice_keeps_a_breath_of_quiet_between():
    phase = content().library.pack(SLOW).phase("soft")
    _, lines = laid_out(phase.seconds, 0.0, phase.lines)
    for line, after in pairwise(lines):
        assert after.at_s - (line.at_s + line.spoken_s) == pytest.approx(SHORTENED_BETWEEN_S)
