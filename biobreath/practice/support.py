"""Quiet cards that offer extra support: when one is due, by the numbers of the words of care.

They say what was told, never what somebody has; nothing is concluded from the heart.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import ge, le

from biobreath.practice.entries import Dated, RatingGiven, SupportShown
from biobreath.practice.past import PastSitting
from biobreath.practice.plain_tables import (
    BadTable,
    Table,
    as_table,
    inner,
    number,
    several,
    whole,
    words,
)

DAY_S = 86_400.0
QUIET_DAYS = 14.0
"""A card comes back no sooner than this (PRACTICE.md, section 2)."""

_OPS: Mapping[str, Callable[[float, float], bool]] = {">=": ge, "<=": le}
_LONGEST_DAYS = 366
_MOST_TIMES = 100
_MOST_TRIGGERS = 50
_LONGEST_ID = 40


@dataclass(frozen=True, slots=True)
class Often:
    """A scale was answered so (``op`` and ``value``) ``times`` times within ``days``."""

    scale: str
    op: str
    value: float
    times: int
    days: float

    def answered_so(self, value: float) -> bool:
        """Tell whether an answer is one of those that count."""
        return _OPS[self.op](value, self.value)


@dataclass(frozen=True, slots=True)
class StoppedOften:
    """Practices were stopped for one of these reasons ``times`` times within ``days``."""

    stops: frozenset[str]
    times: int
    days: float


@dataclass(frozen=True, slots=True)
class Trigger:
    """One card: when it is due, and what it says."""

    id: str
    when: Often | StoppedOften
    text: str

    @classmethod
    def from_table(cls, table: Table) -> "Trigger":
        """Read one ``[[support.trigger]]``; raise ValueError in plain words."""
        when = inner(table, "when")
        read = _stopped_often if "event" in when else _often
        return cls(words(table, "id", most=_LONGEST_ID), read(when), words(table, "text"))


def triggers_of(safety: Table) -> tuple[Trigger, ...]:
    """Read every trigger of the words of care; raise ValueError in plain words."""
    tables = several(inner(safety, "support"), "trigger", _MOST_TRIGGERS)
    found = tuple(Trigger.from_table(as_table(table, "a trigger")) for table in tables)
    if len({trigger.id for trigger in found}) < len(found):
        raise BadTable("two triggers have the same “id”")
    return found


def _often(when: Table) -> Often:
    _check_keys(when, {"scale", "op", "value", "sessions", "days"})
    op = words(when, "op", most=_LONGEST_ID)
    if op not in _OPS:
        raise BadTable(f"“{op}” is not understood; it is “>=” or “<=”")
    return Often(
        words(when, "scale", most=_LONGEST_ID),
        op,
        number(when, "value", 0, 100),
        whole(when, "sessions", 1, _MOST_TIMES),
        number(when, "days", 1, _LONGEST_DAYS),
    )


def _stopped_often(when: Table) -> StoppedOften:
    _check_keys(when, {"event", "ids", "count", "days"})
    if (event := words(when, "event", most=_LONGEST_ID)) != "stop":
        raise BadTable(f"“{event}” is not an event that calls for support; it is “stop”")
    stops = frozenset(words({"ids": i}, "ids", most=_LONGEST_ID) for i in several(when, "ids", 20))
    if not stops:
        raise BadTable("“ids” is empty")
    times = whole(when, "count", 1, _MOST_TIMES)
    return StoppedOften(stops, times, number(when, "days", 1, _LONGEST_DAYS))


def _check_keys(when: Table, known: set[str]) -> None:
    if odd := sorted(set(when) - known):
        raise BadTable(f"“{odd[0]}” is not understood in “when”")


# --- whether one is due -------------------------------------------------------------------------


def due(
    triggers: Iterable[Trigger],
    past: Iterable[PastSitting],
    ratings: Iterable[Dated],
    shown: Iterable[Dated],
    now_utc_s: float,
) -> Trigger | None:
    """Return the first card that is due, None where there is none.

    ``ratings`` and ``shown`` may be the whole journal, oldest first. What was skipped counts for
    nothing; so does what a clock that was set wrong put into the future.
    """
    sittings, answers = list(past), _answers(ratings)
    lately = {
        dated.entry.trigger_id
        for dated in shown
        if isinstance(dated.entry, SupportShown)
        and 0 <= now_utc_s - dated.utc_s < QUIET_DAYS * DAY_S
    }
    for trigger in triggers:
        if trigger.id in lately:
            continue
        if _times(trigger.when, sittings, answers, now_utc_s) >= trigger.when.times:
            return trigger
    return None


@dataclass(frozen=True, slots=True)
class _Answer:
    utc_s: float
    scale: str
    value: int


def _answers(ratings: Iterable[Dated]) -> list[_Answer]:
    """Return the answers outside of practices; one given anew on the same day counts once."""
    last: dict[tuple[int, str, str], _Answer] = {}
    for dated in ratings:
        match dated.entry:
            case RatingGiven(scale, int(value), _, about):
                day = int((dated.utc_s + dated.utc_offset_s) // DAY_S)
                last[day, scale, about] = _Answer(dated.utc_s, scale, value)
            case _:
                pass
    return list(last.values())


def _times(
    when: Often | StoppedOften,
    sittings: Iterable[PastSitting],
    answers: Iterable[_Answer],
    now_utc_s: float,
) -> int:
    def recent(utc_s: float) -> bool:
        return 0 <= now_utc_s - utc_s <= when.days * DAY_S

    lately = [sitting for sitting in sittings if recent(sitting.ended_utc_s)]
    if isinstance(when, StoppedOften):
        return sum(stop in when.stops for sitting in lately for stop in sitting.stops)
    told = sum(any(map(when.answered_so, sitting.rated(when.scale))) for sitting in lately)
    return told + sum(
        answer.scale == when.scale and when.answered_so(answer.value)
        for answer in answers
        if recent(answer.utc_s)
    )
