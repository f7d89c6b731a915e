"""Which rules of a pack hold, seen from this sitting and those before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from biobreath.practice.past import PastSitting
from biobreath.practice.phases import compare
from biobreath.practice.rules import RISES, About, If, Rule

_DAY_S = 86_400.0


@dataclass(slots=True)
class Told:
    """What the person has told in one sitting."""

    ratings: dict[tuple[str, str], float | None] = field(
        default_factory=dict[tuple[str, str], float | None]
    )
    """By part and scale; None where it was skipped."""
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """By part."""
    values: dict[str, float] = field(default_factory=dict[str, float])


def told_in(past: PastSitting) -> Told:
    """Return what the person told in an earlier sitting."""
    return Told(
        ratings={(rating.phase, rating.scale): rating.value for rating in past.ratings},
        answers={phase: options for phase, options, _own in past.answers},
    )


def fires(rule: Rule, told: Told, before: Sequence[PastSitting], now_utc_s: float) -> bool:
    """Tell whether a rule holds; ``before`` are the sittings with the same pack, oldest first."""
    condition = rule.condition
    if not holds(condition, rule.after, told):
        return False
    needed = condition.sessions - 1
    if needed == 0:
        return True
    recent = [past for past in before if _recent(past, condition.days, now_utc_s)][-needed:]
    return len(recent) == needed and all(
        holds(condition, rule.after, told_in(past)) for past in recent
    )


def _recent(past: PastSitting, days: float | None, now_utc_s: float) -> bool:
    return days is None or now_utc_s - past.started_utc_s <= days * _DAY_S


def holds(condition: If, after: str, told: Told) -> bool:
    """Tell whether a condition holds in one sitting; nothing follows from what was skipped."""
    match condition.about:
        case About.CHOICE:
            return condition.name in told.answers.get(after, ())
        case About.VALUE:
            value = told.values.get(condition.name)
            return value is not None and compare(value, condition.op, condition.value)
        case About.SCALE:
            return _scale_holds(condition, after, told.ratings)


def _scale_holds(
    condition: If, after: str, ratings: Mapping[tuple[str, str], float | None]
) -> bool:
    now = ratings.get((after, condition.name))
    if now is None:
        return False
    if condition.op not in RISES:
        return compare(now, condition.op, condition.value)
    earlier = ratings.get((condition.earlier, condition.name))
    if earlier is None:
        return False
    way = 1 if condition.op == "rise>=" else -1
    return way * (now - earlier) >= condition.value
