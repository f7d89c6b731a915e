"""Which question about an earlier practice is due now: at most one, and of a day only once."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from biobreath.practice.entries import Dated, FollowUpAsked, LadderWritten
from biobreath.practice.follow_up import FollowUp
from biobreath.practice.ladder import StepTried
from biobreath.practice.packs import Pack
from biobreath.practice.past import CLOSED, PastSitting
from biobreath.practice.wins import local_day


@dataclass(frozen=True, slots=True)
class Due:
    """One question that is due: the sitting that it is about, and the pack that asks."""

    pack: Pack
    follow_up: FollowUp
    past: PastSitting


def due_later(
    pack_of: Callable[[str], Pack | None],
    history: Sequence[PastSitting],
    entries: Iterable[Dated],
    now_utc_s: float,
) -> Due | None:
    """Return the question that is due about the latest sitting that has one; None for none.

    ``history`` and ``entries`` are oldest first. Two sittings of one day with one practice are
    one thing to ask about: the later one counts.
    """
    told = list(entries)
    asked = Counter(d.entry.session_uuid for d in told if isinstance(d.entry, FollowUpAsked))
    stepped = {dated.session_id for dated in told if _is_step(dated)} - {None}
    for one in _once_a_day(pack_of, history, stepped):
        if one.follow_up.due(
            ended_utc_s=one.past.ended_utc_s,
            now_utc_s=now_utc_s,
            asked=asked[one.past.uuid],
            rise=rise_of(one.past, one.follow_up),
        ):
            return one
    return None


def _once_a_day(
    pack_of: Callable[[str], Pack | None],
    history: Sequence[PastSitting],
    stepped: Set[int | None],
) -> Iterator[Due]:
    """Yield each question with the last sitting of every day that it fits, newest first."""
    seen: set[tuple[str, int, int]] = set()
    for past in reversed(history):
        pack = pack_of(past.pack)
        if pack is None or not _counts(pack, past, stepped):
            continue
        day = local_day(past.started_utc_s, past.utc_offset_s)
        for number, each in enumerate(pack.follow_ups):
            key = (past.pack, number, day)
            if key not in seen and _rose_enough(past, each):
                seen.add(key)
                yield Due(pack, each, past)


def _is_step(dated: Dated) -> bool:
    return isinstance(dated.entry, LadderWritten) and isinstance(dated.entry.entry, StepTried)


def _counts(pack: Pack, past: PastSitting, stepped: Set[int | None]) -> bool:
    """Tell whether there is something to ask about: what was left early is let be.

    Where a ladder is practised a step was taken: who turned back at the gate is not asked.
    """
    if not past.uuid or past.how == CLOSED:
        return False
    return pack.ladder is None or past.session_id in stepped


def _rose_enough(past: PastSitting, each: FollowUp) -> bool:
    rise = rise_of(past, each)
    return each.rise_min is None or (rise is not None and rise >= each.rise_min)


def rise_of(past: PastSitting, each: FollowUp) -> float | None:
    """Return how far the scale rose that a question waits for; None where it is not known."""
    if each.rise_scale is None:
        return None
    told = {r.phase: r.value for r in past.ratings if r.scale == each.rise_scale}
    before, after = told.get("before"), told.get("after")
    return None if before is None or after is None else float(after - before)
