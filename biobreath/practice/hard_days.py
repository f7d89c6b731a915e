"""Days that were hard, as the person said: they tell nothing of other days, and ask for nothing."""

from collections.abc import Iterable

from biobreath.practice.entries import Dated, HardDay
from biobreath.practice.past import PastSitting
from biobreath.practice.wins import local_day

FLARE = "flare"
"""The answer in a practice that says so."""


def hard_days(entries: Iterable[Dated], history: Iterable[PastSitting]) -> frozenset[int]:
    """Return the days on the person's own calendar, counted from 1 January 1970."""
    said = {local_day(d.utc_s, d.utc_offset_s) for d in entries if isinstance(d.entry, HardDay)}
    answered = {
        local_day(past.started_utc_s, past.utc_offset_s)
        for past in history
        if any(FLARE in answer.options for answer in past.answers)
    }
    return frozenset(said | answered)
