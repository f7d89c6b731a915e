"""The breathing patterns that come with the program, as they are written in the content."""

import logging
import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from biobreath import places
from biobreath.practice.patterns import (
    FASTEST_PER_MINUTE,
    GENTLE,
    LONG_OUT,
    SLOWEST_PER_MINUTE,
    Pattern,
    nearest_pace,
    paced,
)

_log = logging.getLogger(__name__)

_LONGEST_STEP_S = 30.0


@dataclass(frozen=True, slots=True)
class OwnPace:
    """A pattern whose rate the person found; kept within these ends (breaths a minute)."""

    slowest: float
    fastest: float
    inhale_share: float

    def pattern(self, breaths_per_minute: float, pattern_id: str) -> Pattern:
        """Return the breath at the rate that was found."""
        rate = min(self.fastest, max(self.slowest, breaths_per_minute))
        return paced(nearest_pace(rate), self.inhale_share, pattern_id=pattern_id)


@dataclass(frozen=True, slots=True)
class PatternOffer:
    """A pattern with its name and a sentence about it.

    ``level`` 1 is for anyone, 2 for later, 3 for those who ask. ``pattern`` is None for free
    breathing and where the rate is the person's own (``own_pace``). ``most_s`` is how long it is
    good for at a time; None is as long as one likes.
    """

    id: str
    name: str
    about: str
    level: int
    pattern: Pattern | None
    own_pace: OwnPace | None = None
    most_s: float | None = None


class BadPattern(ValueError):  # noqa: N818
    """An entry that is no pattern; the text says why."""


@cache
def shipped() -> tuple[PatternOffer, ...]:
    """Return the patterns of the program, gentlest first as they are written."""
    return load_patterns(places.assets() / "content" / "en" / "patterns.toml")


def offer_of(pattern_id: str) -> PatternOffer | None:
    """Return the shipped pattern of that id."""
    return next((offer for offer in shipped() if offer.id == pattern_id), None)


def load_patterns(path: Path) -> tuple[PatternOffer, ...]:
    """Read patterns; what cannot be read is left out, and two are always there."""
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        entries = list(table["pattern"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("the patterns could not be read (%s)", error)
        entries: list[Any] = []
    found: list[PatternOffer] = []
    for entry in entries:
        try:
            found.append(_offer(entry))
        except (BadPattern, KeyError, TypeError, ValueError) as error:
            _log.warning("a pattern was left out: %s", error)
    known = {offer.id for offer in found}
    return (*found, *(offer for offer in _ALWAYS if offer.id not in known))


_ALWAYS = (
    PatternOffer("long-out", "Long out-breath", "In for 4, out for 6.", 1, LONG_OUT),
    PatternOffer("gentle", "Gentle", "In for 3, out for 4.", 1, GENTLE),
)


def _offer(entry: dict[str, Any]) -> PatternOffer:
    personal = entry.get("personal")
    pattern_id = str(entry["id"])
    return PatternOffer(
        id=pattern_id,
        name=str(entry["name"]),
        about=str(entry["about"]),
        level=int(entry.get("level", 1)),
        pattern=_pattern(pattern_id, entry["steps"]),
        own_pace=None if personal is None else _own_pace(personal),
        most_s=float(entry["max_seconds"]) if "max_seconds" in entry else None,
    )


def _own_pace(table: dict[str, Any]) -> OwnPace:
    found = OwnPace(float(table["rate_min"]), float(table["rate_max"]), float(table["in_share"]))
    if not SLOWEST_PER_MINUTE <= found.slowest <= found.fastest <= FASTEST_PER_MINUTE:
        raise BadPattern("its own pace lies outside of what the guide offers")
    if not 0.2 <= found.inhale_share <= 0.8:
        raise BadPattern("its in-breath is too short or too long")
    return found


_ORDER = ("in", "top", "hold", "out", "hold")


def _pattern(pattern_id: str, steps: Sequence[dict[str, Any]]) -> Pattern | None:
    """Put steps into a breath: in, perhaps a sip on top, perhaps a hold, out, perhaps a hold."""
    if not steps:
        return None
    lengths = dict.fromkeys(range(len(_ORDER)), 0.0)
    place = -1
    for step in steps:
        do, seconds = str(step["do"]), float(step["s"])
        if not (math.isfinite(seconds) and 0 < seconds <= _LONGEST_STEP_S):
            raise BadPattern(f"{pattern_id}: a step of {seconds} s")
        place = next((i for i in range(place + 1, len(_ORDER)) if _ORDER[i] == do), -1)
        if place < 0:
            raise BadPattern(f"{pattern_id}: “{do}” does not belong there")
        lengths[place] = seconds
    inhale_s, top_s, full_s, exhale_s, empty_s = lengths.values()
    return Pattern(pattern_id, inhale_s, exhale_s, full_s, empty_s, top_s)
