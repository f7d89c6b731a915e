"""What is said of a search for the pace in pieces: before the next one, and after one."""

from biobreath.practice.pace_steps import PaceSearch, StepEnd, StepTold
from biobreath.practice.protocols import STEPS_PER_MINUTE
from biobreath.session.words import pace, pace_sentence
from biobreath.signal.resonance import Resonance

_NUMBERS = ("None", "One", "Two", "Three", "Four", "Five")
_ORDER = ("first", "second", "third", "fourth", "last")

OFFER = (
    "See at which pace heart and breath go together: in five pieces of two minutes, on days that "
    "you choose, or in a quarter of an hour with a guide that slows by and by. Esc ends it at any "
    "time. It is good for quiet days, after a few sittings that felt comfortable."
)
HARD_DAY = "On a hard day there is nothing to look for. All of it can wait."
NO_HEART = "To look for it, a heart has to be heard. You choose one under Your heart."
_AGAIN = "This pace comes again another time."
_HARD = f"On a hard day it tells little. {_AGAIN}"
_UNREAD = f"Too few heartbeats could be read; that is about the strap, not you. {_AGAIN}"
_TOO_SLOW = "You took a lighter breath, so slower paces are left out."
_COMFORT = "A comfortable pace is the better one. Nothing has to be found."


def offer_sentence(search: PaceSearch) -> str:
    """Say how far a search is, before its next piece."""
    if not search.steps or search.next_per_minute is None:
        return OFFER
    done = _NUMBERS[len(search.steps)]
    are = "is" if len(search.steps) == 1 else "are"
    return (
        f"{done} of five paces {are} done. The next is {pace(search.next_per_minute)}, for two "
        "minutes, when a quiet day comes. E takes a lighter breath, Esc ends it at any time."
    )


def step_sentence(told: StepTold, found: Resonance | None) -> str:
    """Say what one piece was, and what is next; ``found`` is the answer where it was the last."""
    if told.step.end is StepEnd.LEFT:
        return _AGAIN
    if told.hard_day:
        return _HARD
    if not told.step.readable:
        return _UNREAD
    sentence = _this(told)
    if told.search.next_per_minute is not None:
        following = pace(told.search.next_per_minute).removesuffix(" a minute")
        return f"{sentence} The next is {following}, when a quiet day comes."
    if found is None:
        return f"{sentence} {_COMFORT}"
    return f"{sentence} {pace_sentence(found)}"


def _this(told: StepTold) -> str:
    if told.search.too_slow:
        return _TOO_SLOW
    number = len(told.search.steps)
    if number == len(STEPS_PER_MINUTE):
        return "This was the last of five paces."
    return f"This was {pace(told.step.per_minute)}, the {_ORDER[number - 1]} of five paces."
