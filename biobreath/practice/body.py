"""The places of the body map: their names, where they lie, which is hit and which lies beside.

Coordinates are those of one figure as one looks at it: x from 0 to 100 to the right, y from 0
at the crown to 240 at the soles. Left and right in names are the person's own.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

WIDTH, HEIGHT = 100.0, 240.0
GAP = 24.0
"""Between the two figures, where they stand side by side."""
_NEAR = 5.0
"""So far beside a place one still hits it: hands may be stiff."""

Point = tuple[float, float]
Shape = tuple[Point, ...]


class Figure(StrEnum):
    """From where the body is seen."""

    FRONT = "front"
    BACK = "back"


class Way(StrEnum):
    """An arrow key."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Region:
    """A place of the body. It may be seen from the front, from the back, or from both."""

    id: str
    name: str
    front: tuple[Shape, ...] = ()
    back: tuple[Shape, ...] = ()

    def shapes(self, figure: Figure) -> tuple[Shape, ...]:
        """Return its outlines on one figure; none where it cannot be seen from there."""
        return self.front if figure is Figure.FRONT else self.back


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on one of the two figures: what an arrow key goes to."""

    region_id: str
    figure: Figure

    @property
    def middle(self) -> Point:
        """Its middle, with the back figure beside the front one."""
        x, y = _middle(region(self.region_id).shapes(self.figure)[0])
        return (x if self.figure is Figure.FRONT else x + WIDTH + GAP), y


def _mirrored(shape: Shape) -> Shape:
    return tuple((WIDTH - x, y) for x, y in shape)


def _pair(place: str, name: str, front: Shape = (), back: Shape = ()) -> tuple[Region, Region]:
    """Make a left and a right place of shapes that are drawn on the right half of the picture.

    Who faces us has the left side there; who turns the back to us has the right side there.
    """

    def seen(shape: Shape, *, mirrored: bool) -> tuple[Shape, ...]:
        if not shape:
            return ()
        return (_mirrored(shape) if mirrored else shape,)

    left = Region(
        f"{place}_left", f"{name}, left", seen(front, mirrored=False), seen(back, mirrored=True)
    )
    right = Region(
        f"{place}_right", f"{name}, right", seen(front, mirrored=True), seen(back, mirrored=False)
    )
    return left, right


def _box(left: float, top: float, right: float, bottom: float) -> Shape:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


_SHOULDER: Shape = ((61, 38), (72, 40), (80, 54), (79, 64), (66, 62), (63, 52))
_UPPER_ARM: Shape = ((66, 62), (79, 64), (85, 88), (84, 92), (72, 90), (67.5, 76))
_FOREARM: Shape = ((72, 90), (85, 91), (91, 120), (91, 124), (80, 124), (74, 104))
_HAND: Shape = ((78, 124), (92, 124), (96, 150), (77, 150))
_THIGH: Shape = ((50.5, 126), (60, 122), (70, 112), (73, 124), (69, 158), (51.5, 158))
_THIGH_BACK: Shape = ((50.5, 130), (60, 132), (72, 127), (69, 158), (51.5, 158))
_KNEE: Shape = _box(51.5, 158, 71, 173)
_LOWER_LEG: Shape = ((51.5, 173), (71, 173), (69, 215), (52.5, 215))
_FOOT: Shape = _box(51, 215, 74, 242)

REGIONS: tuple[Region, ...] = (
    Region("forehead", "forehead and eyes", front=(_box(37, 3, 63, 20.5),)),
    Region("jaw", "mouth and jaw", front=(_box(37, 20.5, 63, 31),)),
    Region("head_back", "back of the head", back=(_box(37, 3, 63, 30.5),)),
    Region(
        "throat",
        "front of the neck",
        front=(((43, 31), (57, 31), (61, 44), (50, 47.5), (39, 44)),),
    ),
    Region(
        "neck_back",
        "back of the neck",
        back=(((43, 30.5), (57, 30.5), (61, 43), (50, 48), (39, 43)),),
    ),
    *_pair("shoulder", "shoulder", _SHOULDER, _SHOULDER),
    *_pair("chest", "chest", ((50, 47.5), (61, 43), (63, 52), (66, 62), (66.5, 75), (50, 75))),
    Region("belly", "belly", front=(_box(31, 75, 69, 106),)),
    *_pair("hip", "hip and groin", ((50.5, 106), (71, 106), (70, 112), (60, 122), (50.5, 126))),
    *_pair(
        "upper_back",
        "upper back",
        back=((50, 48), (61, 43), (63, 52), (66, 62), (66.5, 71), (50, 71)),
    ),
    Region("middle_back", "middle of the back", back=(_box(31, 71, 69, 88),)),
    *_pair("lower_back", "lower back", back=((50, 88), (69, 88), (70, 108), (50, 108))),
    *_pair("buttock", "buttock", back=((50, 108), (71, 108), (72, 127), (60, 132), (50.5, 130))),
    *_pair("upper_arm", "upper arm", _UPPER_ARM, _UPPER_ARM),
    *_pair("forearm", "elbow and forearm", _FOREARM, _FOREARM),
    *_pair("hand", "wrist and hand", _HAND, _HAND),
    *_pair("thigh", "thigh", _THIGH, _THIGH_BACK),
    *_pair("knee", "knee", _KNEE, _KNEE),
    *_pair("lower_leg", "lower leg", _LOWER_LEG, _LOWER_LEG),
    *_pair("foot", "ankle and foot", _FOOT, _FOOT),
)
_BY_ID = {one.id: one for one in REGIONS}


def region(region_id: str) -> Region:
    """Return a place by its id; raise ValueError for one that does not exist."""
    found = _BY_ID.get(region_id)
    if found is None:
        raise ValueError(f"the body map has no place “{region_id}”")
    return found


@cache
def spots() -> tuple[Spot, ...]:
    """Return every place on every figure where it can be seen."""
    return tuple(Spot(one.id, figure) for figure in Figure for one in REGIONS if one.shapes(figure))


def hit(figure: Figure, x: float, y: float) -> Region | None:
    """Return the place at a point of one figure, or the one that lies just beside it."""
    best, nearest = None, _NEAR
    for one in REGIONS:
        for shape in one.shapes(figure):
            away = 0.0 if _inside(shape, x, y) else _distance(shape, x, y)
            if away < nearest or (away == 0.0 and best is None):
                best, nearest = one, away
    return best


def beside(spot: Spot, way: Way) -> Spot:
    """Return where an arrow key leads: the nearest place that way, or the same where none is."""
    x, y = spot.middle
    best, least = spot, math.inf
    for other in spots():
        ahead, aside = _ahead(x, y, other.middle, way)
        if ahead <= 1.0 or aside > ahead:
            continue
        cost = ahead + 2.0 * aside
        if cost < least:
            best, least = other, cost
    return best


def _ahead(x: float, y: float, other: Point, way: Way) -> tuple[float, float]:
    """Return how far ``other`` lies that way, and how far off to the side."""
    right, down = other[0] - x, other[1] - y
    match way:
        case Way.RIGHT:
            return right, abs(down)
        case Way.LEFT:
            return -right, abs(down)
        case Way.DOWN:
            return down, abs(right)
        case Way.UP:
            return -down, abs(right)


def _middle(shape: Shape) -> Point:
    return sum(x for x, _ in shape) / len(shape), sum(y for _, y in shape) / len(shape)


def _edges(shape: Shape) -> list[tuple[Point, Point]]:
    return list(zip(shape, (*shape[1:], shape[0]), strict=True))


def _inside(shape: Shape, x: float, y: float) -> bool:
    """Tell whether a ray to the right crosses the outline an odd number of times."""
    crossings = 0
    for (x0, y0), (x1, y1) in _edges(shape):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            crossings += 1
    return crossings % 2 == 1


def _distance(shape: Shape, x: float, y: float) -> float:
    return min(_to_edge(x, y, one, other) for one, other in _edges(shape))


def _to_edge(x: float, y: float, one: Point, other: Point) -> float:
    right, down = other[0] - one[0], other[1] - one[1]
    length = right * right + down * down
    share = ((x - one[0]) * right + (y - one[1]) * down) / length if length else 0.0
    share = min(1.0, max(0.0, share))
    return math.hypot(x - one[0] - share * right, y - one[1] - share * down)
