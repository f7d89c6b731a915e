"""Finding the pace in pieces: which of the five paces were sat, and which one is next.

A piece, as the person reads it, is a step of the stepped protocol: a sitting of its own, on a day
that the person chooses. A hard day tells nothing of other days, and within a search nothing slower
than a pace that was not comfortable is asked for.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum

from biobreath.events import Event, Marked, PaceChanged, Paused
from biobreath.practice.protocols import ONE_STEP, STEP_S, STEPS_PER_MINUTE

PRACTICE = "pace_finder_step"
"""What the library calls a sitting with one step."""
EASIER = "easier"
"""The mark of a lighter breath that was taken while the guide rested."""
MOST_DAYS = 60
"""A search is of one time of life: what is older than this is begun anew. A choice, no finding."""
_NEARLY_S = 1.0
"""So much may be missing from a step that was sat to its end."""


class StepEnd(StrEnum):
    """How a step ended."""

    WHOLE = "whole"
    LIGHTER = "lighter"
    """A lighter breath was taken: this pace was not comfortable."""
    LEFT = "left"
    """It was ended before its time."""


@dataclass(frozen=True, slots=True)
class PaceStep:
    """A sitting with one step.

    ``day`` is the day on the person's calendar, counted from 1970. ``heart`` says which heart it
    was: hearts are never mixed. ``readable`` is whether enough whole breaths of it can be read.
    """

    session_id: int
    day: int
    heart: str
    per_minute: float
    end: StepEnd
    readable: bool = True

    def tells(self, hard_days: Set[int]) -> bool:
        """Tell whether it is a part of a search."""
        if self.end is StepEnd.LEFT or self.day in hard_days:
            return False
        # That a pace was not comfortable holds whether the heart was heard or not.
        return self.readable or self.end is StepEnd.LIGHTER


@dataclass(frozen=True, slots=True)
class PaceSearch:
    """A search so far: its steps in the order they were sat, and whether one was too slow."""

    steps: tuple[PaceStep, ...] = ()
    too_slow: bool = False

    @property
    def next_per_minute(self) -> float | None:
        """The pace to be sat next; None where the search is over."""
        done = {step.per_minute for step in self.steps}
        left = [rate for rate in STEPS_PER_MINUTE if rate not in done]
        return None if self.too_slow or not left else left[0]

    @property
    def over(self) -> bool:
        """Whether nothing is left to be sat."""
        return self.next_per_minute is None

    def with_step(self, step: PaceStep) -> "PaceSearch":
        """Return the search after one more step; a pace that was sat again counts as it was last.

        Slower paces than one that was not comfortable are not asked for.
        """
        if step.end is StepEnd.LIGHTER:
            return replace(self, too_slow=True)
        others = tuple(one for one in self.steps if one.per_minute != step.per_minute)
        return replace(self, steps=(*others, step))


@dataclass(frozen=True, slots=True)
class StepTold:
    """What there is to say of one step: the search as it was after it.

    ``goes_on`` is whether that is still how far it is, and there is a next pace.
    """

    step: PaceStep
    search: PaceSearch
    counts: bool
    hard_day: bool
    goes_on: bool = False


def step_in(facts: Sequence[Event], duration_s: float) -> tuple[float, StepEnd] | None:
    """Return which pace was sat (a minute) and how that ended; None where no step was.

    ``duration_s`` is how long the sitting was: its last fact may have come before its end.
    """
    guide = [fact for fact in facts if isinstance(fact, PaceChanged | Paused)]
    paces = [fact for fact in guide if isinstance(fact, PaceChanged)]
    first = next((pace for pace in paces if pace.pattern == ONE_STEP), None)
    if first is None:
        return None
    per_minute = _nearest(60.0 / (first.inhale_s + first.exhale_s))
    at_rest = any(isinstance(fact, Marked) and fact.label == EASIER for fact in facts)
    if at_rest or any(pace.pattern != ONE_STEP for pace in paces):
        return per_minute, StepEnd.LIGHTER
    until_s = [*(fact.t for fact in guide[1:]), duration_s]
    guided_s = sum(
        until - fact.t
        for fact, until in zip(guide, until_s, strict=True)
        if isinstance(fact, PaceChanged)
    )
    return per_minute, StepEnd.WHOLE if guided_s >= STEP_S - _NEARLY_S else StepEnd.LEFT


def _nearest(per_minute: float) -> float:
    return min(STEPS_PER_MINUTE, key=lambda rate: abs(rate - per_minute))


def search_of(
    steps: Iterable[PaceStep], hard_days: Set[int], heart: str, today: int | None = None
) -> PaceSearch:
    """Put the steps of one heart (oldest first) together; return the latest search.

    With ``today`` a search that is over, or too long ago, gives way to a new one.
    """
    search = PaceSearch()
    for step in steps:
        if step.heart != heart or not step.tells(hard_days):
            continue
        if search.over or _is_of_old(search, step.day):
            search = PaceSearch()
        search = search.with_step(step)
    if today is not None and (search.over or _is_of_old(search, today)):
        return PaceSearch()
    return search


def _is_of_old(search: PaceSearch, day: int) -> bool:
    return bool(search.steps) and day - search.steps[0].day > MOST_DAYS


def told_of(
    steps: Sequence[PaceStep], hard_days: Set[int], session_id: int, today: int
) -> StepTold | None:
    """Return what there is to say of one step; None where it is none.

    How far the search was after it is told as of the day it was, whatever was sat since.
    """
    at = next((i for i, step in enumerate(steps) if step.session_id == session_id), None)
    if at is None:
        return None
    step = steps[at]
    search = search_of(steps[: at + 1], hard_days, step.heart)
    now = search_of(steps, hard_days, step.heart, today)
    return StepTold(
        step,
        search,
        counts=step.tells(hard_days),
        hard_day=step.day in hard_days,
        goes_on=now == search and not search.over,
    )
