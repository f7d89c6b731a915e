"""What is said of a search for the pace in pieces: before the next one, and after one."""

from biobreath.practice.pace_steps import PaceSearch, StepEnd, StepTold
from biobreath.practice.protocols import STEPS_PER_MINUTE
from biobreath.session.review import Review
from biobreath.session.words import pace, pace_sentence
from biobreath.signal.interval_quality import IntervalQuality

_NUMBERS = ("None", "One", "Two", "Three", "Four")
_ORDER = ("first", "second", "third", "fourth")

OFFER = (
    "See at which pace heart and breath go together: in five pieces of two minutes, on days that "
    "you choose, or in a quarter of an hour with a guide that slows by and by. Esc ends it at any "
    "time. It is good for quiet days, after a few sittings that felt comfortable."
)
HARD_DAY = "On a hard day there is nothing to look for. All of it can wait."
NO_HEART = "To look for it, a heart has to be heard. You choose one under Your heart."
_AGAIN = "This pace may come again another time, if you like."
_HARD = (
    "It was a hard day, when hearts go their own way, so this pace is left out for now. Nothing "
    "has to be done."
)
_FEW_BREATHS = (
    "There were too few whole breaths with every heartbeat, as a rest or a patchy signal can "
    f"make it. {_AGAIN}"
)
_NO_BEATS = "This strap does not tell each beat, so it cannot show the pace."
_WITHOUT_BEATS = (IntervalQuality.RATE_ONLY, IntervalQuality.DOUBTFUL)
_COMFORT = "A comfortable pace is the better one. Nothing has to be found."


def button(search: PaceSearch) -> str:
    """Return what the button for the next piece says."""
    return "The next, 2 min" if search.steps else "In pieces, 2 min"


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


def step_sentence(told: StepTold, review: Review) -> str:
    """Say what one piece was, and what is next; where it was the last, what was found."""
    if told.step.end is StepEnd.LEFT:
        return _AGAIN
    if told.hard_day:
        return _HARD
    if not told.counts:
        return _unread(review)
    sentence, following = _this(told), told.search.next_per_minute
    if following is not None:
        after = f" The next is {pace(following).removesuffix(' a minute')}, when a quiet day comes."
        return sentence + (after if told.goes_on else "")
    found = _COMFORT if review.pace is None else pace_sentence(review.pace)
    return f"{sentence} {found}"


def _unread(review: Review) -> str:
    if review.intervals in _WITHOUT_BEATS:
        return _NO_BEATS
    # That no heartbeats were recorded is said already.
    return _FEW_BREATHS if review.beat_t.size else _AGAIN


def _this(told: StepTold) -> str:
    if told.search.too_slow:
        slowest = told.step.per_minute == min(STEPS_PER_MINUTE)
        left_out = "this pace is" if slowest else "this pace and slower ones are"
        return f"You took a lighter breath, so {left_out} left out."
    number = len(told.search.steps)
    if number == len(STEPS_PER_MINUTE):
        return "This was the last of five paces."
    return f"This was {pace(told.step.per_minute)}, the {_ORDER[number - 1]} of five paces."
