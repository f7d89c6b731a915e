"""Days that were hard, as the person said: they tell nothing of other days, and ask for nothing."""

from collections.abc import Iterable

from biobreath.practice.entries import Dated, HardDay
from biobreath.practice.wins import local_day

FLARE = "flare"
"""The answer in a practice that says so."""


def hard_days(entries: Iterable[Dated]) -> frozenset[int]:
    """Return the days on the person's own calendar, counted from 1 January 1970."""
    said = (dated for dated in entries if isinstance(dated.entry, HardDay))
    return frozenset(local_day(dated.utc_s, dated.utc_offset_s) for dated in said)
