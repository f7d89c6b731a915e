"""The one question some time after a practice: how it has been since."""

import re
from dataclasses import dataclass

from biobreath.practice.plain_tables import Table, number, several, whole, words

_HOUR_S = 3600.0
STALE_HOURS = 48.0
"""So long after its time a question is let go: it is about the day after, not last month."""

_RISE = re.compile(r"after\.([a-z_]{1,40}) rise>= (\d{1,3})")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One ``[[follow_up]]``: asked ``after_hours`` h after the end of a sitting.

    ``rise_scale`` and ``rise_min`` say that it is asked only where that scale rose so far.
    """

    after_hours: float
    scales: tuple[str, ...]
    ask: str
    max_prompts: int
    rise_scale: str | None = None
    rise_min: float | None = None

    @classmethod
    def from_table(cls, table: Table) -> "FollowUp":
        """Read one ``[[follow_up]]``; raise ValueError in plain words."""
        scale, least = _rise(words(table, "when", empty=True))
        names = several(table, "scales", 10)
        return cls(
            after_hours=number(table, "after_hours", 0, 24 * 30),
            scales=tuple(words({"scales": name}, "scales", most=40) for name in names),
            ask=words(table, "ask"),
            max_prompts=whole(table, "max_prompts", 0, 10),
            rise_scale=scale,
            rise_min=least,
        )

    def due(
        self, *, ended_utc_s: float, now_utc_s: float, asked: int, rise: float | None = None
    ) -> bool:
        """Tell whether to ask now: ``asked`` times it was asked, the scale rose by ``rise``."""
        if asked >= self.max_prompts:
            return False
        if self.rise_min is not None and (rise is None or rise < self.rise_min):
            return False
        hours = (now_utc_s - ended_utc_s) / _HOUR_S
        return self.after_hours <= hours < self.after_hours + STALE_HOURS


def _rise(when: str) -> tuple[str | None, float | None]:
    if not when:
        return None, None
    found = _RISE.fullmatch(when)
    if found is None:
        raise ValueError(f"“when” is not understood: {when}")
    return found[1], float(found[2])
