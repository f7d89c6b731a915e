"""Levels of practising a movement in the mind: when to go on, when to go smaller, when to wait."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from biobreath.practice.plain_tables import Table, inner, number, whole

LEVELS = (
    "the left and right game",
    "watching someone move",
    "the easy side, in your mind",
    "a tiny piece, in your mind",
    "the whole movement, in your mind",
    "the movement in your daily life, in your mind",
    "one tiny real movement",
)
"""What each level adds, from 0."""
HIGHEST = len(LEVELS) - 1

_HOUR_S = 3600.0
_FEAR_DOWN = 7.0
"""So much fear afterwards leads one level down and to a breathing practice (a rule of the pack)."""


@dataclass(frozen=True, slots=True)
class ImageryRules:
    """When the level moves. Fear and sensation are 0-10; ``up_times`` are sittings in a row."""

    start: int
    up_rise_max: float
    up_fear_max: float
    up_times: int
    down_rise_min: float
    wait_hours: float
    down_fear_min: float = _FEAR_DOWN

    @classmethod
    def from_table(cls, table: Table) -> "ImageryRules":
        """Read ``[imagery_level]``; raise ValueError in plain words where it makes no sense."""
        up, down = inner(table, "up_when"), inner(table, "down_when")
        rules = cls(
            start=whole(table, "start", 0, HIGHEST),
            up_rise_max=number(up, "sensation_rise_max", 0, 10),
            up_fear_max=number(up, "fear_max", 0, 10),
            up_times=whole(up, "times", 1, 20),
            down_rise_min=number(down, "sensation_rise_min", 0, 10),
            wait_hours=number(table, "wait_hours_after_rise", 0, 24 * 14),
            down_fear_min=number(down, "fear_min", 0, 10) if "fear_min" in down else _FEAR_DOWN,
        )
        if rules.up_rise_max >= rules.down_rise_min or rules.up_fear_max >= rules.down_fear_min:
            raise ValueError("a level cannot go up and down after the same sitting")
        return rules


@dataclass(frozen=True, slots=True)
class ImagerySitting:
    """One sitting with one part of the body, ended at ``t`` (UTC seconds). Skipped is None.

    ``level`` is the one that was practised, which may be an easier one than the person has.
    """

    t: float
    level: int
    sensation_before: float | None = None
    sensation_check: float | None = None
    sensation_after: float | None = None
    fear_after: float | None = None

    @property
    def rise(self) -> float | None:
        """How much the feeling grew at its strongest; None where it is not known."""
        seen = [s for s in (self.sensation_check, self.sensation_after) if s is not None]
        if self.sensation_before is None or not seen:
            return None
        return max(seen) - self.sensation_before


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody is: the level, since when and how long it waits, and why, in a sentence.

    ``breathe`` suggests a breathing practice instead. ``in_a_row`` easy sittings speak for more.
    """

    level: int
    reason: str = ""
    waits_until: float | None = None
    breathe: bool = False
    in_a_row: int = 0

    def waiting(self, now: float) -> bool:
        """Tell whether the part still rests at ``now`` (UTC s)."""
        return self.waits_until is not None and now < self.waits_until


def standing(sittings: Iterable[ImagerySitting], rules: ImageryRules) -> Standing:
    """Put together where somebody is from all sittings with one part of the body, oldest first."""
    found = Standing(rules.start)
    for sitting in sittings:
        found = _after(found, sitting, rules)
    return found


def _after(was: Standing, sitting: ImagerySitting, rules: ImageryRules) -> Standing:
    rise, fear = sitting.rise, sitting.fear_after
    lower = max(0, was.level - 1)
    afraid = fear is not None and fear >= rules.down_fear_min
    if rise is not None and rise >= rules.down_rise_min:
        until = sitting.t + rules.wait_hours * _HOUR_S
        return Standing(lower, _RISEN, until, breathe=afraid)
    if afraid:
        return Standing(lower, _AFRAID, was.waits_until, breathe=True)
    if rise is None or fear is None:
        return replace(was, reason="", breathe=False)
    if rise > rules.up_rise_max or fear > rules.up_fear_max:
        return Standing(was.level, _STAY, was.waits_until)
    return _easy(was, sitting.level, rules)


def _easy(was: Standing, level: int, rules: ImageryRules) -> Standing:
    """Count a sitting that was easy; on a lower level than one has it speaks for nothing more."""
    in_a_row = was.in_a_row + 1 if level >= was.level else was.in_a_row
    until = was.waits_until
    if in_a_row < rules.up_times:
        return Standing(was.level, _STAY, until, in_a_row=in_a_row)
    if was.level == HIGHEST:
        return Standing(was.level, _ALL, until, in_a_row=in_a_row)
    return Standing(was.level + 1, _MORE, until)


_RISEN = "The ache went up, so we wait a day and then go smaller. Your alarm is just being careful."
_AFRAID = (
    "That was a lot, so the next one is smaller. A plain breathing practice may be kinder now."
)
_STAY = "A little, and often, works better here than a lot at once."
_MORE = "This has been easy in your mind, so a little more may be ready for you."
_ALL = "You know all of this practice. Any part of it is good to come back to."
