"""What a ladder shows: what was feared and what happened, and where each step stands."""

from dataclasses import dataclass
from enum import StrEnum

from biobreath.practice.ladder import Attempt, Ladder, Step
from biobreath.practice.ladder_advice import met

_ENOUGH_TO_TELL = 3
"""So many answered guesses before anything is said about all of them."""


class Rung(StrEnum):
    """How a step stands on the map."""

    MET = "met"
    TRIED = "tried"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class RungLine:
    """A step on the map; ``here`` marks the step that is suggested."""

    step: Step
    rung: Rung
    here: bool


def ladder_map(ladder: Ladder, suggested_id: str | None = None) -> tuple[RungLine, ...]:
    """Return the steps, easiest first. There is no end date and nothing is counted."""
    return tuple(
        RungLine(step, _rung(ladder, step.id), here=step.id == suggested_id)
        for step in ladder.steps
    )


def _rung(ladder: Ladder, step_id: str) -> Rung:
    if met(ladder, step_id):
        return Rung.MET
    return Rung.TRIED if ladder.attempts(step_id) else Rung.AHEAD


@dataclass(frozen=True, slots=True)
class Learned:
    """One pair of cards: what I feared, and what happened. Blank is what was not said."""

    t: float
    step_text: str
    feared: str
    sure: str
    happened: str
    surprise: str
    sure_now: str


_CAME_TRUE = (
    "It did not happen.",
    "A little of it happened.",
    "Some of it happened.",
    "It happened, and you got through it.",
)


def learned(ladder: Ladder) -> tuple[Learned, ...]:
    """Return what each try in real life taught, newest first; tries without a guess have none."""
    told = [t for t in ladder.trials if t.attempt.prediction and not t.attempt.imagined]
    return tuple(_learned(trial.step.text, trial.attempt) for trial in reversed(told))


def learned_in(step_text: str, attempt: Attempt) -> Learned | None:
    """Return what one try taught; None where nothing was guessed or nothing was done."""
    told = bool(attempt.prediction) and not attempt.imagined
    return _learned(step_text, attempt) if told else None


def _learned(step_text: str, attempt: Attempt) -> Learned:
    return Learned(
        t=attempt.t,
        step_text=step_text,
        feared=attempt.prediction,
        sure=sure_words(attempt.sure_before),
        happened="" if attempt.came_true is None else _CAME_TRUE[attempt.came_true],
        surprise=attempt.surprise,
        sure_now=sure_words(attempt.sure_after),
    )


def sure_words(sure: float | None) -> str:
    """Say how sure somebody is (0-100) in words; nothing where it was skipped."""
    if sure is None:
        return ""
    if sure <= 10:
        return "hardly sure of it"
    if sure <= 40:
        return "a little sure of it"
    if sure <= 60:
        return "half sure of it"
    return "quite sure of it" if sure < 90 else "certain of it"


def learned_so_far(ladder: Ladder) -> str:
    """Say what the guesses have in common; nothing while there are only a few answers."""
    answers = [t.attempt.came_true for t in ladder.trials if t.attempt.came_true is not None]
    if len(answers) < _ENOUGH_TO_TELL:
        return ""
    mild = sum(1 for answer in answers if answer <= 1) / len(answers)
    if mild > 0.8:
        return "So far, what you feared has hardly ever come true."
    if mild > 0.5:
        return "So far, what you feared has come true less often than not."
    return "Some of what you feared came true, and you are here. Smaller steps may teach more."


def ways_to_split(step: Step) -> tuple[str, ...]:
    """Return a few ways to cut a step in half; the person words and rates the parts."""
    text = step.text.rstrip(". ")
    return (f"{text}, for half as long", f"{text}, very slowly", f"{text}, with someone nearby")
