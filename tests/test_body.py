"""The places of the body map: named, hit by the pointer, reached by the arrows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobreath.practice.body import (
    HEIGHT,
    REGIONS,
    WIDTH,
    Figure,
    Spot,
    Way,
    beside,
    hit,
    region,
    spots,
)


def test_about_thirty_places_have_plain_names_of_their_own():
    assert 24 <= len(REGIONS) <= 36
    assert len({one.id for one in REGIONS}) == len({one.name for one in REGIONS}) == len(REGIONS)
    assert all(one.front or one.back for one in REGIONS)


def test_every_left_has_its_right():
    ids = {one.id for one in REGIONS}
    lefts = {one.removesuffix("_left") for one in ids if one.endswith("_left")}
    assert lefts == {one.removesuffix("_right") for one in ids if one.endswith("_right")}


@pytest.mark.parametrize(
    ("figure", "x", "y", "place"),
    [
        (Figure.FRONT, 50, 14, "forehead and eyes"),
        (Figure.FRONT, 50, 26, "mouth and jaw"),
        (Figure.BACK, 50, 20, "back of the head"),
        (Figure.FRONT, 88, 135, "wrist and hand, left"),
        (Figure.BACK, 88, 135, "wrist and hand, right"),
        (Figure.FRONT, 12, 135, "wrist and hand, right"),
        (Figure.BACK, 40, 98, "lower back, left"),
        (Figure.BACK, 60, 98, "lower back, right"),
        (Figure.BACK, 50, 80, "middle of the back"),
        (Figure.FRONT, 50, 95, "belly"),
        (Figure.FRONT, 60, 165, "knee, left"),
        (Figure.BACK, 60, 228, "ankle and foot, right"),
    ],
)
def test_left_and_right_are_the_persons_own(figure, x, y, place):
    assert hit(figure, x, y).name == place


def test_a_stiff_hand_may_miss_by_a_little_but_not_by_much():
    assert hit(Figure.FRONT, 97, 140).id == "hand_left"
    assert hit(Figure.FRONT, 0, 30) is None
    assert hit(Figure.FRONT, 50, 300) is None


@given(st.sampled_from(list(Figure)), st.floats(-50, 150), st.floats(-50, 300))
@settings(max_examples=100)
def test_what_is_hit_can_be_seen_from_there(figure, x, y):
    found = hit(figure, x, y)
    assert found is None or found.shapes(figure)


def test_the_middle_of_every_place_hits_it():
    for spot in spots():
        x, y = spot.middle
        assert hit(spot.figure, x % (WIDTH + 24), y).id == spot.region_id
        assert 0 <= y <= HEIGHT + 2


def test_the_arrows_reach_every_place_from_every_other():
    for start in (Spot("forehead", Figure.FRONT), Spot("foot_right", Figure.BACK)):
        seen, ahead = {start}, [start]
        while ahead:
            here = ahead.pop()
            for way in Way:
                there = beside(here, way)
                if there not in seen:
                    seen.add(there)
                    ahead.append(there)
        assert seen == set(spots())


@pytest.mark.parametrize(
    ("start", "way", "end"),
    [
        (("jaw", "front"), "up", ("forehead", "front")),
        (("belly", "front"), "up", ("chest_left", "front")),
        (("knee_left", "front"), "down", ("lower_leg_left", "front")),
        (("knee_right", "front"), "right", ("knee_left", "front")),
        (("hand_left", "front"), "right", ("hand_left", "back")),
        (("head_back", "back"), "left", ("forehead", "front")),
        (("foot_left", "front"), "down", ("foot_left", "front")),
    ],
)
def test_an_arrow_leads_where_one_looks(start, way, end):
    found = beside(Spot(start[0], Figure(start[1])), Way(way))
    if start[0] == "belly":
        assert found.region_id.startswith("chest")
    else:
        assert found == Spot(end[0], Figure(end[1]))


def test_every_arrow_goes_its_own_way():
    for spot in spots():
        x, y = spot.middle
        for way, sign, axis in (
            (Way.LEFT, -1, 0),
            (Way.RIGHT, 1, 0),
            (Way.UP, -1, 1),
            (Way.DOWN, 1, 1),
        ):
            there = beside(spot, way)
            assert there == spot or sign * (there.middle[axis] - (x, y)[axis]) > 0


def test_there_is_no_place_of_another_name():
    with pytest.raises(ValueError, match="has no place “soul”"):
        region("soul")
