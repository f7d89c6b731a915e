"""The words of care: how to come back to the room, and what this program is not."""

import logging
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GroundLine:
    """A sentence spoken ``at_s`` seconds after grounding began."""

    at_s: float
    text: str


@dataclass(frozen=True, slots=True)
class RedFlags:
    """When pain needs a doctor: lists of signs, each with the sentence on what to do."""

    title: str
    emergency: tuple[str, ...]
    emergency_text: str
    soon: tuple[str, ...] = ()
    soon_text: str = ""


@dataclass(frozen=True, slots=True)
class Safety:
    """The words of care in one language."""

    disclaimer: str
    ground: tuple[GroundLine, ...]
    red_flags: RedFlags
    support_title: str
    support_body: str
    help: tuple[tuple[str, str], ...] = ()
    """What else is told under More help: titles with their text."""


_PLAIN = Safety(
    disclaimer="For wellness and learning. Not a medical device.",
    ground=(
        GroundLine(0.0, "Let us come back to the room. Press both feet down."),
        GroundLine(10.0, "Find three things that have a colour you like."),
    ),
    red_flags=RedFlags(
        "When pain needs a doctor, not an app",
        (
            "New trouble with your bladder or bowels, or numbness between your legs",
            "New weakness in an arm or leg",
            "Chest pain, trouble breathing, or fainting",
        ),
        "Please stop and call your emergency number now.",
        ("Pain that is new, clearly different, or with fever",),
        "Please see a health worker soon.",
    ),
    support_title="You do not have to do this alone",
    support_body="A health worker, or somebody you trust, can help. In danger, call your emergency"
    " number.",
)
"""Said when the content cannot be read: coming back to the room must always work."""


def load_safety(path: Path) -> Safety:
    """Read the words of care; a missing or broken file gives plain ones."""
    try:
        return _safety(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("the words of care could not be read (%s)", error)
        return _PLAIN


def _safety(table: dict[str, Any]) -> Safety:
    ground = tuple(GroundLine(float(line["at"]), str(line["text"])) for line in table["ground"])
    if not ground:
        raise ValueError("no ground lines")
    flags, support = table["red_flags"], table["support"]
    return Safety(
        disclaimer=str(table["disclaimer"]),
        ground=ground,
        red_flags=RedFlags(
            title=str(flags["title"]),
            emergency=tuple(str(sign) for sign in flags["emergency"]),
            emergency_text=str(flags["emergency_text"]),
            soon=tuple(str(sign) for sign in flags["soon"]),
            soon_text=str(flags["soon_text"]),
        ),
        support_title=str(support["title"]),
        support_body=str(support["body"]).strip(),
        help=tuple((str(one["title"]), str(one["text"]).strip()) for one in table.get("help", ())),
    )
