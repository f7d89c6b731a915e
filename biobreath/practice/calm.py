"""Calm words: what one may call a small win, and something new to try."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from biobreath.practice.pack_reading import BadPack, table_of
from biobreath.practice.plain_tables import BadTable, Table, as_table, inner, several, words

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_LEAST_COLOURS = 3

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CalmScene:
    """A quiet picture of a few colours, lightest first."""

    id: str
    name: str
    colours: tuple[str, ...]

    @classmethod
    def from_table(cls, table: Table) -> "CalmScene":
        """Read one ``[[scene]]``; raise ``BadTable`` in plain words where it makes no sense."""
        found = tuple(
            words({"colours": one}, "colours", most=7) for one in several(table, "colours", 6)
        )
        if len(found) < _LEAST_COLOURS or not all(_COLOUR.fullmatch(one) for one in found):
            raise BadTable("“colours” are three or more such as #1F2A44")
        lightest_first = tuple(sorted(found, key=_light, reverse=True))
        return cls(words(table, "id", most=40), words(table, "name", most=60), lightest_first)


def _light(colour: str) -> int:
    return sum(int(colour[at : at + 2], 16) * weight for at, weight in ((1, 2), (3, 7), (5, 1)))


@dataclass(frozen=True, slots=True)
class CalmWords:
    """Short sentences of the content, and the scenes beside them."""

    wins: tuple[str, ...] = ()
    curious: tuple[str, ...] = ()
    scenes: tuple[CalmScene, ...] = ()


def of_the_day(sentences: Sequence[str], day: int) -> str:
    """Return the one sentence of a ``day`` that counts on; another one the next day."""
    return sentences[day % len(sentences)] if sentences else ""


def load_calm(path: Path) -> CalmWords:
    """Read the calm words; none where they cannot be read, with a line in the log."""
    try:
        table = table_of(path.read_bytes())
        messages = inner(table, "messages")
        scenes = tuple(
            CalmScene.from_table(as_table(one, "scene")) for one in several(table, "scene", 20)
        )
        found = {
            key: tuple(words({key: item}, key) for item in several(messages, key, 100))
            for key in ("wins", "curious")
        }
    except (OSError, BadPack, BadTable) as error:
        _log.warning("the calm words could not be read (%s)", error)
        return CalmWords()
    return CalmWords(**found, scenes=scenes)
