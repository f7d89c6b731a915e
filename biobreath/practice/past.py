"""A guided practice of the past, as its facts tell it; what other rooms read of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from biobreath.events import (
    Answered,
    BodyMarked,
    CarriedOver,
    Event,
    Noted,
    PracticeBegan,
    PracticeEnded,
    Quizzed,
    Rated,
    Stopped,
)

CLOSED = "closed"
"""How a practice ended that nobody ended: the window was closed, or the program died."""


class PastRating(NamedTuple):
    """An answer to a scale; ``value`` is None when skipped."""

    scale: str
    phase: str
    value: int | None


class PastAnswer(NamedTuple):
    """What was chosen, with own words where there was room."""

    phase: str
    options: tuple[str, ...]
    own: str


class PastCarried(NamedTuple):
    """What is to be different next time, and how."""

    what: str
    value: str


class PastNote(NamedTuple):
    """What was written; ``win`` is a small win."""

    text: str
    win: bool


class PastQuiz(NamedTuple):
    """A question and the option that was taken, by their numbers."""

    phase: str
    question: int
    option: int


class PastMark(NamedTuple):
    """Places that were shown on the body."""

    phase: str
    feel: str
    regions: tuple[str, ...]
    qualities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastSitting:
    """A guided practice from its beginning to its end (UTC seconds).

    ``how`` is ``done``, ``closed`` or ``stopped:`` and the reason; ``flags`` held when it began;
    ``stops`` are the reasons for which it was stopped, in order.
    """

    session_id: int
    uuid: str
    pack: str
    version: str
    started_utc_s: float
    ended_utc_s: float
    how: str = CLOSED
    ratings: tuple[PastRating, ...] = ()
    answers: tuple[PastAnswer, ...] = ()
    stops: tuple[str, ...] = ()
    carried: tuple[PastCarried, ...] = ()
    notes: tuple[PastNote, ...] = ()
    quizzed: tuple[PastQuiz, ...] = ()
    marks: tuple[PastMark, ...] = ()
    flags: tuple[str, ...] = ()
    utc_offset_s: int = 0
    planned_s: float = 0.0
    """How long it was to be."""

    def rated(self, scale: str) -> tuple[int, ...]:
        """Return the answers to a scale in their order, without those that were skipped."""
        return tuple(r.value for r in self.ratings if r.scale == scale and r.value is not None)


def past_of(
    session_id: int,
    uuid: str,
    started_utc_s: float,
    facts: Iterable[Event],
    utc_offset_s: int = 0,
) -> PastSitting | None:
    """Put the first practice of a sitting together; None where there was none.

    ``started_utc_s`` is when the sitting began, the practice may have begun later in it.
    """
    told = iter(facts)
    began = next((fact for fact in told if isinstance(fact, PracticeBegan)), None)
    if began is None:
        return None
    within: list[Event] = []
    how, last_t = CLOSED, began.t
    for fact in told:
        last_t = max(last_t, fact.t)
        if isinstance(fact, PracticeEnded):
            how = fact.how
            break
        within.append(fact)
    past = PastSitting(
        session_id,
        uuid,
        began.pack,
        began.version,
        started_utc_s + began.t,
        started_utc_s + last_t,
        how,
        flags=began.flags,
        utc_offset_s=utc_offset_s,
        planned_s=began.planned_s,
    )
    return _with(past, within)


def _with(past: PastSitting, facts: list[Event]) -> PastSitting:
    return replace(
        past,
        ratings=tuple(PastRating(f.scale, f.phase, f.value) for f in facts if isinstance(f, Rated)),
        answers=tuple(
            PastAnswer(f.phase, f.options, f.own) for f in facts if isinstance(f, Answered)
        ),
        stops=tuple(f.stop for f in facts if isinstance(f, Stopped)),
        carried=tuple(PastCarried(f.what, f.value) for f in facts if isinstance(f, CarriedOver)),
        notes=tuple(PastNote(f.text, f.win) for f in facts if isinstance(f, Noted)),
        quizzed=tuple(
            PastQuiz(f.phase, f.question, f.option) for f in facts if isinstance(f, Quizzed)
        ),
        marks=tuple(
            PastMark(f.phase, f.feel, f.regions, f.qualities)
            for f in facts
            if isinstance(f, BodyMarked)
        ),
    )
