"""Rules of a pack: what follows from an answer, in a fixed vocabulary and never as code."""

from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """What a rule looks at."""

    SCALE = "scale"
    CHOICE = "choice"
    VALUE = "value_of"


RISES = ("rise>=", "fall>=")
"""Compared with the same scale in an earlier part."""


@dataclass(frozen=True, slots=True)
class If:
    """When a rule fires: in this sitting, and in ``sessions`` in a row, none older than ``days``.

    ``name`` is a scale, an option or a value; ``earlier`` is the part that a rise is seen from.
    """

    about: About
    name: str
    op: str = "=="
    value: float = 0.0
    earlier: str = ""
    sessions: int = 1
    days: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Something that will be different next time: ``what`` of a fixed set, and how."""

    what: str
    value: str


@dataclass(frozen=True, slots=True)
class Then:
    """What a rule does."""

    goto: str = ""
    offer: str = ""
    suggest: str = ""
    say: str = ""
    show: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, looked at when the part ``after`` has been answered."""

    after: str
    condition: If
    then: Then
