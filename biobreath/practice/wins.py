"""What went well, kept to be looked at: small wins, crumbs, and days on which there was something.

Nothing is counted here. A day without anything is simply not there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from biobreath.practice.entries import Crumb, Dated, WinNamed
from biobreath.practice.past import PastSitting

DAY_S = 86_400.0
_FIRST_DAY = date(1970, 1, 1)
WEEK = 7


@dataclass(frozen=True, slots=True)
class Kept:
    """Something good in the person's words, from ``utc_s``.

    ``entry_id`` is its entry in the journal, None where it belongs to a sitting.
    """

    utc_s: float
    text: str
    entry_id: int | None = None


def local_day(utc_s: float, utc_offset_s: int) -> int:
    """Return the day on the person's own calendar, counted from 1 January 1970."""
    return int((utc_s + utc_offset_s) // DAY_S)


def days_of_this_week(
    moments: Iterable[tuple[float, int]], now_utc_s: float, now_offset_s: int
) -> tuple[date, ...]:
    """Return the days with something among the last seven, today included, oldest first.

    A moment is UTC seconds and the offset in force there. Seven days, not the calendar's week:
    on a Monday nothing is taken away.
    """
    today = local_day(now_utc_s, now_offset_s)
    days = {local_day(utc_s, offset_s) for utc_s, offset_s in moments}
    return tuple(
        _FIRST_DAY + timedelta(days=day)
        for day in range(today - WEEK + 1, today + 1)
        if day in days
    )


def moments_of(entries: Iterable[Dated], past: Iterable[PastSitting]) -> list[tuple[float, int]]:
    """Return when a person practised, named a win or kept a crumb."""
    written = [
        (dated.utc_s, dated.utc_offset_s)
        for dated in entries
        if isinstance(dated.entry, WinNamed | Crumb)
    ]
    return written + [(sitting.started_utc_s, sitting.utc_offset_s) for sitting in past]


def wins(entries: Iterable[Dated], past: Iterable[PastSitting]) -> tuple[Kept, ...]:
    """Return every small win, newest first: those named, and those noted in a practice."""
    found = [
        Kept(dated.utc_s, dated.entry.text or dated.entry.chip, dated.id)
        for dated in entries
        if isinstance(dated.entry, WinNamed)
    ]
    for sitting in past:
        found += [Kept(sitting.ended_utc_s, note.text) for note in sitting.notes if note.win]
    return _newest_first(found)


def crumbs(entries: Iterable[Dated]) -> tuple[Kept, ...]:
    """Return the jar of crumbs, newest first."""
    return _newest_first(
        Kept(dated.utc_s, dated.entry.text, dated.id)
        for dated in entries
        if isinstance(dated.entry, Crumb)
    )


def _newest_first(found: Iterable[Kept]) -> tuple[Kept, ...]:
    # Of one moment, what was written later stands first.
    return tuple(sorted(found, key=lambda kept: kept.utc_s)[::-1])
