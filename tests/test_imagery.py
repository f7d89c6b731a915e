"""Practising a movement in the mind: levels, rests, and the left and right game."""

from collections import Counter
from dataclasses import replace
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_ladder_rules import IMAGERY

from biobreath.practice.imagery import (
    HIGHEST,
    LEVELS,
    ImageryRules,
    ImagerySitting,
    standing,
)
from biobreath.practice.laterality import GameResult, GameRules, begin, deal
from biobreath.practice.pictures import ROTATIONS, TONES, VIEWS, Side

RULES = ImageryRules.from_table(IMAGERY)
GAME = GameRules(20, 8.0)
HOUR = 3600.0


def sat(rise=0, fear=0, level=6, t=0.0, check=None):
    after = None if rise is None else 3 + rise
    before = 3
    return ImagerySitting(t, level, before, None if check is None else before + check, after, fear)


def test_there_are_seven_levels_and_one_begins_by_watching():
    assert (len(LEVELS), HIGHEST) == (7, 6)
    assert standing([], RULES).level == 1


@pytest.mark.parametrize(
    ("sittings", "level"),
    [
        ([sat()], 1),
        ([sat(), sat()], 2),
        ([sat(1, 4), sat(1, 4)], 2),
        ([sat(1, 5), sat(1, 4)], 1),
        ([sat(1.5, 0), sat()], 1),
        ([sat(), sat(0, 6), sat()], 1),
        ([sat(), sat(None, 0), sat()], 2),
        ([sat(), sat(0, None), sat()], 2),
        ([sat()] * 3, 2),
        ([sat()] * 4, 3),
        ([sat()] * 10, 6),
        ([sat()] * 14, 6),
        ([sat(2)], 0),
        ([sat(2)] * 2, 0),
        ([sat(0, 7)], 0),
        ([sat(0, 6)], 1),
        ([sat(), sat(2), sat()], 0),
        ([sat(0, check=2)], 0),
        ([sat(None, check=1), sat()], 2),
        ([sat(), sat(), sat(level=1), sat(level=1)], 2),
    ],
)
def test_the_level_follows_the_sittings(sittings, level):
    assert standing(sittings, RULES).level == level


@pytest.mark.parametrize(
    ("name", "value", "sittings", "level"),
    [
        ("start", 3, [], 3),
        ("up_rise_max", 0, [sat(1)] * 2, 1),
        ("up_fear_max", 3, [sat(0, 4)] * 2, 1),
        ("up_times", 3, [sat()] * 2, 1),
        ("down_rise_min", 3, [sat(2)], 1),
        ("down_fear_min", 6, [sat(0, 6)], 0),
    ],
)
def test_every_number_is_the_packs_and_none_is_built_in(name, value, sittings, level):
    assert standing(sittings, replace(RULES, **{name: value})).level == level


def test_the_wait_is_the_packs_too():
    found = standing([sat(2)], replace(RULES, wait_hours=48))
    assert found.waiting(47 * HOUR)
    assert not found.waiting(48 * HOUR)


@pytest.mark.parametrize(("hours", "waits"), [(0, True), (23.9, True), (24, False)])
def test_after_a_rise_of_two_the_part_waits_a_day(hours, waits):
    found = standing([sat(2, t=1000.0)], RULES)
    assert found.waiting(1000.0 + hours * HOUR) is waits
    assert "wait a day" in found.reason


def test_a_sitting_in_spite_of_the_wait_does_not_end_it():
    found = standing([sat(2, t=0.0), sat(None, None, t=HOUR)], RULES)
    assert found.waiting(2 * HOUR)


def test_much_fear_leads_to_a_breathing_practice_without_a_wait():
    found = standing([sat(0, 7)], RULES)
    assert found.breathe
    assert not found.waiting(0.0)
    assert standing([sat(2, 9)], RULES).breathe


MAYBE = st.none() | st.integers(0, 10)
SITTINGS = st.lists(
    st.builds(ImagerySitting, st.floats(0, 1e9), st.integers(0, 6), MAYBE, MAYBE, MAYBE, MAYBE),
    max_size=20,
)


@given(SITTINGS)
@settings(max_examples=100)
def test_a_level_moves_one_at_a_time_and_never_up_after_a_rise(sittings):
    levels = [standing(sittings[:n], RULES).level for n in range(len(sittings) + 1)]
    assert all(0 <= level <= HIGHEST for level in levels)
    for was, level, sitting in zip(levels, levels[1:], sittings, strict=False):
        assert abs(level - was) <= 1
        if (sitting.rise or 0) >= RULES.down_rise_min or (sitting.fear_after or 0) >= 7:
            assert level == max(0, was - 1)


def test_skipping_everything_changes_nothing():
    nothing = ImagerySitting(0.0, 1)
    assert standing([nothing] * 9, RULES).level == 1


# ---- left or right


@given(st.sampled_from(sorted(VIEWS)), st.integers(), st.integers(1, 60))
@settings(max_examples=60)
def test_a_deal_is_even_in_sides_turns_views_and_skins(part, seed, trials):
    dealt = deal(part, trials, seed)
    assert len(dealt) == trials
    for values, each in (
        (list(Side), lambda p: p.side),
        (ROTATIONS, lambda p: p.rotation),
        (VIEWS[part], lambda p: p.view),
        (range(TONES), lambda p: p.tone),
    ):
        counts = Counter(map(each, dealt))
        often = [counts[value] for value in values]
        assert max(often) - min(often) <= 1
    assert deal(part, trials, seed) == dealt


@pytest.mark.parametrize("seed", range(20))
def test_no_side_comes_more_than_three_times_in_a_row(seed):
    sides = [picture.side for picture in deal("hand", 20, seed)]
    assert max(len(list(run)) for _, run in groupby(sides)) <= 3


def test_there_are_no_pictures_of_other_parts():
    with pytest.raises(ValueError, match="no pictures of"):
        deal("../etc", 20, 0)


def test_a_game_shows_twenty_pictures_and_looks_back_at_them():
    game = begin("hand", GAME, seed=1, t=100.0)
    t = 100.0
    for n in range(20):
        t += 1.0 if n % 2 else 3.0
        shown = game.current
        wrong = Side.LEFT if shown.side is Side.RIGHT else Side.RIGHT
        game = game.answer(t, wrong if n < 5 else shown.side)
    assert game.over
    result = game.result()
    assert (result.shown, result.answered, result.share_right) == (20, 20, 0.75)
    assert result.median_ms == 1000
    assert result.words.startswith("A game, not a test.")
    assert game.answer(t, Side.LEFT) is game


def test_a_picture_gives_way_after_eight_seconds_and_that_is_no_answer():
    game = begin("foot", GAME, seed=2, t=0.0)
    assert game.at(7.99) is game
    game = game.at(8.0)
    assert len(game.answers) == 1
    late = game.answer(16.0, Side.LEFT)
    assert len(late.answers) == 2
    assert late.answers[1].side is None
    assert late.result().share_right is None
    assert late.result().median_ms is None


def test_after_a_pause_a_picture_has_all_its_time_again():
    game = begin("neck", GAME, seed=3, t=0.0).resumed(50.0)
    assert game.at(57.0) is game
    assert game.answer(52.0, Side.LEFT).answers[0].after_s == 2.0


def test_a_game_that_was_left_tells_of_what_was_seen():
    game = begin("back", GAME, seed=4, t=0.0)
    game = game.answer(2.0, game.current.side)
    assert game.result() == GameResult(shown=1, answered=1, share_right=1.0, median_ms=2000)
