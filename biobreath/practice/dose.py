"""For how long the breath is guided, from how it went so far: little at first, more only if wanted.

Three to five minutes in the first week, then an offer of ten; twenty only for who asks
(PRACTICE.md, section 3.4). Nothing grows by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from biobreath.practice.past import CLOSED, PastSitting

LEAST_MINUTES, FEW_MINUTES, MORE_MINUTES, MOST_MINUTES = 3, 5, 10, 20
FIRST_SITTINGS = 3
"""With the least; calm often comes only after some."""
FIRST_WEEK_S = 7 * 86_400.0
MORE_AIR = "air"
"""The answer of who wanted more air."""
_NEARLY = 0.95


@dataclass(frozen=True, slots=True)
class Dose:
    """Minutes of guided breath that suit now, why, and what may be asked for beside them."""

    minutes: int
    reason: str
    offers: tuple[int, ...] = ()


def dose(
    history: Sequence[PastSitting],
    pack_id: str,
    now_utc_s: float,
    length_of: Callable[[int], float],
) -> Dose:
    """Return what suits next; ``history`` is every sitting with a practice, oldest first.

    ``length_of`` tells how many s the whole practice takes with so many minutes of breath.
    """
    sat = [past for past in history if past.pack == pack_id and past.how != CLOSED]
    if sat and _was_too_much(sat[-1]):
        return Dose(LEAST_MINUTES, "After last time, a shorter one may feel better.")
    if len(sat) < FIRST_SITTINGS:
        return Dose(LEAST_MINUTES, "At first, three minutes with the breath are plenty.")
    if now_utc_s - sat[0].started_utc_s < FIRST_WEEK_S:
        return Dose(FEW_MINUTES, "In the first week, five minutes with the breath are plenty.")
    took_more = any(past.planned_s >= _NEARLY * length_of(MORE_MINUTES) for past in sat)
    offers = (MORE_MINUTES, MOST_MINUTES) if took_more else (MORE_MINUTES,)
    return Dose(FEW_MINUTES, "Five minutes with the breath, or longer if you like.", offers)


def _was_too_much(past: PastSitting) -> bool:
    return bool(past.stops) or any(MORE_AIR in answer.options for answer in past.answers)
