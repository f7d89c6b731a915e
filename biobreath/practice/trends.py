"""How things have been over the weeks, in words first: PRACTICE.md, section 4, "Trend".

Nothing is scored, and a week without an answer is simply not there. What was skipped is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import fmean, median, quantiles

from biobreath.practice.entries import Dated, RatingGiven
from biobreath.practice.past import PastSitting
from biobreath.practice.wins import WEEK, Kept, local_day

TOO_FEW = "a few more check-ins and a picture will appear"

LEAST_WEEKS = 3
BAND_WEEKS = 4
LEAST_CHANGE = 1.0
"""Points on a scale of 0-10; less is no difference that a person notices."""
LEAST_PAIRS = 21
TOP = 10.0

_MONTH_WEEKS = 4
_LONGEST_MONTH_WEEKS = 6
_STALE_WEEKS = 2
"""A picture is of now: where the latest answer is older than this, it waits for the next ones."""
_LITTLE, _MUCH = 2.0, 4.0
_MOST_HELPED = 3
_MONDAY = 4
"""1 January 1970 was a Thursday: so many days later, a week began."""


class Turn(StrEnum):
    """Where things went since about a month ago."""

    OPEN = "open"
    """Too little is known."""
    EASIER = "easier"
    SAME = "same"
    HARDER = "harder"


@dataclass(frozen=True, slots=True)
class Point:
    """One answer, 0-10, with its moment (UTC seconds) and the offset in force there."""

    utc_s: float
    value: float
    utc_offset_s: int = 0


@dataclass(frozen=True, slots=True)
class Scale:
    """How a scale is spoken of: ``easier`` as in "a little less", for that side only."""

    id: str
    label: str
    easier: str
    up_is_easier: bool = True


SCALES = {
    scale.id: scale
    for scale in (
        Scale("peace_week", "peace", "more"),
        Scale("fear_week", "fear", "less", up_is_easier=False),
        Scale("doing", "doing what matters", "more"),
        Scale("sleep", "sleep", "better"),
        Scale("pain_week", "pain", "less", up_is_easier=False),
    )
}
"""The check-ins in the order in which they are told: pain last, and folded (section 1, rule 5)."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week with answers: their median, and the soft band that it lies in.

    ``number`` counts weeks that begin on Monday. The band is the median of the answers of the
    last four weeks, and on both sides the spread of their middle half.
    """

    number: int
    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Trend:
    """A scale over the weeks. ``sentence`` is what is told first; ``helped`` belongs to it."""

    scale: Scale
    turn: Turn
    sentence: str
    weeks: tuple[Week, ...] = ()
    helped: tuple[str, ...] = ()


def points_of(entries: Iterable[Dated], scale: str) -> list[Point]:
    """Return the answers to a scale outside of practices, without those that were skipped."""
    return [
        Point(dated.utc_s, float(dated.entry.value), dated.utc_offset_s)
        for dated in entries
        if isinstance(dated.entry, RatingGiven)
        and dated.entry.scale == scale
        and dated.entry.value is not None
    ]


def points_before(past: Iterable[PastSitting], scale: str) -> list[Point]:
    """Return the first answer to a scale in each practice: how it was before it did anything."""
    return [
        Point(sitting.started_utc_s, float(answers[0]), sitting.utc_offset_s)
        for sitting in past
        if (answers := sitting.rated(scale))
    ]


def weeks_of(points: Iterable[Point]) -> tuple[Week, ...]:
    """Return the weeks that have answers, oldest first."""
    answers: dict[int, list[float]] = {}
    for point in points:
        answers.setdefault(_week(point.utc_s, point.utc_offset_s), []).append(point.value)
    return tuple(_with_band(number, answers) for number in sorted(answers))


def _week(utc_s: float, utc_offset_s: int) -> int:
    return (local_day(utc_s, utc_offset_s) - _MONDAY) // WEEK


def _with_band(number: int, answers: dict[int, list[float]]) -> Week:
    lately = [
        value
        for week in range(number - BAND_WEEKS + 1, number + 1)
        for value in answers.get(week, ())
    ]
    middle, spread = median(lately), _middle_half(lately)
    return Week(
        number, median(answers[number]), max(0.0, middle - spread), min(TOP, middle + spread)
    )


def _middle_half(values: Sequence[float]) -> float:
    if len(values) < 2:
        return 0.0
    low, _, high = quantiles(values, n=4, method="inclusive")
    return high - low


def trend(
    scale: Scale,
    points: Iterable[Point],
    wins: Iterable[Kept],
    now_utc_s: float,
    now_offset_s: int = 0,
) -> Trend:
    """Tell how a scale stands against about a month ago; ``wins``, newest first, help harder times.

    What lies in the future, by a clock that was set wrong, is left out.
    """
    weeks = weeks_of(point for point in points if point.utc_s <= now_utc_s)
    this_week = _week(now_utc_s, now_offset_s)
    if len(weeks) < LEAST_WEEKS or this_week - weeks[-1].number > _STALE_WEEKS:
        return Trend(scale, Turn.OPEN, TOO_FEW, weeks)
    before, now = _a_month_before(weeks), weeks[-1]
    change, ago = now.median - before.median, now.number - before.number
    if abs(change) < LEAST_CHANGE or abs(change) <= usual_swing(weeks):
        sentence = f"{scale.label}: about the same as {_ago(ago)}"
        return Trend(scale, Turn.SAME, sentence, weeks)
    if (change > 0) is scale.up_is_easier:
        how_much = _how_much(abs(change), scale.easier)
        return Trend(scale, Turn.EASIER, f"{scale.label}: {how_much} than {_ago(ago)}", weeks)
    helped = tuple(dict.fromkeys(win.text for win in wins))[:_MOST_HELPED]
    return Trend(scale, Turn.HARDER, _harder(ago, helped), weeks, helped)


def _a_month_before(weeks: Sequence[Week]) -> Week:
    """Return the latest week at least a month before the last one, else the first of all."""
    last = weeks[-1].number
    earlier = [week for week in weeks if last - week.number >= _MONTH_WEEKS]
    return earlier[-1] if earlier else weeks[0]


def usual_swing(weeks: Sequence[Week]) -> float:
    """Return how far one week usually is from the next: the median of the distances."""
    return median(abs(later.median - earlier.median) for earlier, later in pairwise(weeks))


def _ago(weeks: int) -> str:
    """Say how long ago, but not of a long time: nobody is told how long they were away."""
    if weeks < _MONTH_WEEKS:
        return "a few weeks ago"
    return "a month ago" if weeks <= _LONGEST_MONTH_WEEKS else "before"


def _how_much(change: float, word: str) -> str:
    if change < _LITTLE:
        return f"a little {word}"
    return word if change < _MUCH else f"much {word}"


def _harder(weeks: int, helped: Sequence[str]) -> str:
    time = {"a few weeks ago": "some harder weeks", "a month ago": "a harder month"}
    what = time.get(_ago(weeks), "a harder time")
    return f"{what}; here is what helped before" if helped else f"{what}; go as gently as you like"


# --- what goes together -------------------------------------------------------------------------


SLEEP_AND_PEACE = "on days after better sleep, peace was often higher"


def sleep_and_peace(sleep: Iterable[Point], peace: Iterable[Point], *, wanted: bool = False) -> str:
    """Return a sentence where peace was often higher after better sleep, else an empty one.

    Only where the person asked for it, and only from three weeks of days on which both were told.
    """
    slept, felt = _by_day(sleep), _by_day(peace)
    days = sorted(slept.keys() & felt.keys())
    if not wanted or len(days) < LEAST_PAIRS:
        return ""
    together = rank_correlation([slept[d] for d in days], [felt[d] for d in days])
    # Twice its spread by chance, which is about 1 / sqrt(n - 1) for ranks that do not go together.
    return SLEEP_AND_PEACE if together * (len(days) - 1) ** 0.5 >= 2.0 else ""


def _by_day(points: Iterable[Point]) -> dict[int, float]:
    answers: dict[int, list[float]] = {}
    for point in points:
        answers.setdefault(local_day(point.utc_s, point.utc_offset_s), []).append(point.value)
    return {day: median(values) for day, values in answers.items()}


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Return Spearman's rank correlation, 0 where one of the two never changes."""
    first, second = _ranks(one), _ranks(other)
    mean = fmean(first)
    top = sum((a - mean) * (b - mean) for a, b in zip(first, second, strict=True))
    bottom = sum((a - mean) ** 2 for a in first) * sum((b - mean) ** 2 for b in second)
    return top / bottom**0.5 if bottom > 0 else 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    """Return the rank of each value; equal ones share the middle of theirs."""
    ordered = sorted(values)
    shared = {v: ordered.index(v) + (ordered.count(v) - 1) / 2 for v in set(values)}
    return [shared[value] for value in values]
