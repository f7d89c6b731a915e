"""The numbers of the packs, as the engines read them, and what is said of numbers without sense."""

import copy
import tomllib

import pytest

from biobreath import places
from biobreath.practice.follow_up import STALE_HOURS, FollowUp
from biobreath.practice.imagery import ImageryRules
from biobreath.practice.ladder_rules import LadderIdea, LadderRules
from biobreath.practice.laterality import GameRules

LADDER = tomllib.loads("""
start_fear = [2, 4]
max_start_fear = 6
steps_min = 5
steps_max = 12
repeat_before_up = 2
up_when = { fear_after_max = 3, or_prediction_drop = 30, times = 2 }
vary_when = { fear_after_max = 3, times = 3 }
down_when = { fear_after_min = 7 }
split_when = { stops = 2, days = 14 }
rest_when = { sensation_rise = 3, hours = 24 }
per_day_max = 2
""")
IMAGERY = tomllib.loads("""
start = 1
up_when = { sensation_rise_max = 1, fear_max = 4, times = 2 }
down_when = { sensation_rise_min = 2 }
wait_hours_after_rise = 24
""")


def changed(table, path, value):
    made = copy.deepcopy(table)
    *way, last = path.split(".")
    inner = made
    for key in way:
        inner = inner[key]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return made


def test_every_number_of_the_ladder_is_read():
    assert LadderRules.from_table(LADDER) == LadderRules(
        start_fear=(2, 4),
        max_start_fear=6,
        steps_min=5,
        steps_max=12,
        repeat_before_up=2,
        up_fear_max=3,
        up_prediction_drop=30,
        up_times=2,
        vary_fear_max=3,
        vary_times=3,
        down_fear_min=7,
        split_stops=2,
        split_days=14,
        rest_rise=3,
        rest_hours=24,
        per_day_max=2,
    )


def test_every_number_of_the_imagery_levels_is_read():
    assert ImageryRules.from_table(IMAGERY) == ImageryRules(
        start=1,
        up_rise_max=1,
        up_fear_max=4,
        up_times=2,
        down_rise_min=2,
        wait_hours=24,
        down_fear_min=7,
    )
    assert GameRules.from_table({"trials": 20, "seconds_each": 8}) == GameRules(20, 8)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("start_fear", None, "“start_fear” is missing"),
        ("start_fear", [2], "needs two numbers"),
        ("start_fear", [4, 2], "from the higher to the lower"),
        ("start_fear", [2, "4"], "not a number"),
        ("start_fear", [2, 9], "above “max_start_fear”"),
        ("max_start_fear", 11, "from 0 to 10"),
        ("max_start_fear", True, "not a number"),
        ("max_start_fear", float("nan"), "from 0 to 10"),
        ("steps_min", 13, "above “steps_max”"),
        ("steps_max", 10**400, "from 1 to 50"),
        ("repeat_before_up", 1.5, "whole number"),
        ("up_when", 3, "not a table"),
        ("up_when.times", 0, "from 1 to 20"),
        ("up_when.or_prediction_drop", None, "missing"),
        ("up_when.fear_after_max", 7, "up and down after the same fear"),
        ("vary_when.fear_after_max", 8, "up and down after the same fear"),
        ("down_when", None, "missing"),
        ("split_when.days", -1, "from 1 to"),
        ("rest_when.hours", float("inf"), "from 1 to"),
        ("per_day_max", "2", "not a number"),
    ],
)
def test_a_ladder_without_sense_is_told_in_plain_words(path, value, says):
    with pytest.raises(ValueError, match=says):
        LadderRules.from_table(changed(LADDER, path, value))


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("start", 7, "from 0 to 6"),
        ("up_when", None, "missing"),
        ("up_when.sensation_rise_max", 2, "up and down after the same sitting"),
        ("up_when.fear_max", 7, "up and down after the same sitting"),
        ("wait_hours_after_rise", "a day", "not a number"),
    ],
)
def test_imagery_levels_without_sense_are_told_in_plain_words(path, value, says):
    with pytest.raises(ValueError, match=says):
        ImageryRules.from_table(changed(IMAGERY, path, value))


def shipped(key):
    """Return every table of that name in the content that comes with the program."""
    for path in sorted((places.assets() / "content").glob("*/*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        found = table.get(key, [])
        yield from found if isinstance(found, list) else [found]


def test_everything_that_is_shipped_can_be_read_and_has_the_tested_numbers():
    assert [table for table in shipped("ladder") if table != LADDER] == []
    assert [table for table in shipped("imagery_level") if table != IMAGERY] == []
    for table in shipped("ladder_idea"):
        assert LadderIdea.from_table(table).steps
    for table in shipped("follow_up"):
        assert FollowUp.from_table(table).max_prompts == 1
    for phase in shipped("phase"):
        if phase.get("mode") == "laterality":
            assert GameRules.from_table(phase) == GameRules(20, 8)


def test_an_idea_is_a_group_of_steps():
    idea = LadderIdea.from_table({"group": "Sitting", "steps": ["Sit through a meal"]})
    assert idea == LadderIdea("Sitting", ("Sit through a meal",))
    for bad in ({"group": "Sitting", "steps": []}, {"group": "", "steps": ["x"]}, {"steps": "x"}):
        with pytest.raises(ValueError, match="“"):
            LadderIdea.from_table(bad)


HOUR = 3600.0
DAY_AFTER = FollowUp.from_table(
    {"after_hours": 24, "scales": ["sensation", "fear"], "ask": "How was it?", "max_prompts": 1}
)
TWO_HOURS = FollowUp.from_table(
    {
        "after_hours": 2,
        "scales": ["sensation"],
        "ask": "How is it now?",
        "max_prompts": 1,
        "when": "after.sensation rise>= 1",
    }
)


@pytest.mark.parametrize(
    ("hours", "asked", "due"),
    [
        (23.9, 0, False),
        (24, 0, True),
        (30, 0, True),
        (30, 1, False),
        (24 + STALE_HOURS, 0, False),
        (-5, 0, False),
    ],
)
def test_the_day_after_a_step_is_asked_about_once(hours, asked, due):
    assert DAY_AFTER.due(ended_utc_s=0, now_utc_s=hours * HOUR, asked=asked) is due


@pytest.mark.parametrize(
    ("hours", "rise", "due"),
    [(2, 1, True), (2, 0, False), (2, None, False), (1.9, 3, False), (3, 1, True)],
)
def test_two_hours_after_imagery_is_asked_only_if_the_feeling_rose(hours, rise, due):
    assert TWO_HOURS.due(ended_utc_s=0, now_utc_s=hours * HOUR, asked=0, rise=rise) is due


def test_a_condition_that_is_not_understood_is_refused():
    table = {"after_hours": 2, "scales": [], "ask": "?", "max_prompts": 1}
    with pytest.raises(ValueError, match="not understood"):
        FollowUp.from_table({**table, "when": "__import__('os')"})
