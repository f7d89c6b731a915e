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
class Safety:
    """The words of care in one language."""

    disclaimer: str
    ground: tuple[GroundLine, ...]


_PLAIN = Safety(
    disclaimer="For wellness and learning. Not a medical device.",
    ground=(
        GroundLine(0.0, "Let us come back to the room. Press both feet down."),
        GroundLine(10.0, "Find three things that have a colour you like."),
    ),
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
    return Safety(str(table["disclaimer"]), ground)
