"""What earlier sittings change in the next one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from biobreath.practice.past import PastSitting
from biobreath.practice.profile import SOFTER_FLAGS

EASIER_SHARE = 0.5
"""A practice that has no levels is made shorter where it is to be one level easier."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What is different this time, because of how it went before."""

    flags: frozenset[str] = frozenset()
    pattern: str = ""
    most_paced_s: float | None = None
    easier: int = 0
    shorten: dict[str, float] = field(default_factory=dict[str, float])
    goto: str = ""


_OF_ANY_PRACTICE = ("flag", "max_minutes", "easier")


def carried(history: Sequence[PastSitting], pack_id: str) -> Carried:
    """Return what changes in the next sitting with ``pack_id``; ``history`` is oldest first.

    How the last sitting of all ended goes on in whatever comes next; what a pack's own rules ask
    for waits for the next sitting with that pack.
    """
    pairs: list[tuple[str, str]] = []
    last = history[-1] if history else None
    if last is not None:
        shared = _OF_ANY_PRACTICE + (("pattern",) if last.stops else ())
        pairs += [pair for pair in last.carried if pair[0] in shared]
    same = next((past for past in reversed(history) if past.pack == pack_id), None)
    if same is not None:
        pairs += [pair for pair in same.carried if pair not in pairs]
    return _put_together(pairs)


def _put_together(pairs: Sequence[tuple[str, str]]) -> Carried:
    flags: set[str] = set()
    pattern = goto = ""
    most_paced_s: float | None = None
    easier = 0
    shorten: dict[str, float] = {}
    for what, value in pairs:
        match what:
            case "flag" if value in SOFTER_FLAGS:
                flags.add(value)
            case "pattern":
                pattern = value
            case "goto":
                goto = value
            case "max_minutes":
                most_paced_s = 60.0 * _number(value, 5.0)
            case "easier":
                easier = max(easier, int(_number(value, 1.0)))
            case "shorten":
                phase, _, share = value.partition(":")
                shorten[phase] = min(1.0, max(0.1, _number(share, EASIER_SHARE)))
            case _:
                pass  # levels of ladder and imagery are the engines' own
    return Carried(frozenset(flags), pattern, most_paced_s, easier, shorten, goto)


def _number(text: str, otherwise: float) -> float:
    try:
        return float(text)
    except ValueError:
        return otherwise
