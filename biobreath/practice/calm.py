"""Calm words: what one may call a small win, and something new to try."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from biobreath.practice.pack_reading import BadPack, table_of
from biobreath.practice.plain_tables import BadTable, inner, several, words

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CalmWords:
    """Short sentences of the content."""

    wins: tuple[str, ...] = ()
    curious: tuple[str, ...] = ()
    hello_again: tuple[str, ...] = ()


def of_the_day(sentences: Sequence[str], day: int) -> str:
    """Return the one sentence of a ``day`` that counts on; another one the next day."""
    return sentences[day % len(sentences)] if sentences else ""


def load_calm(path: Path) -> CalmWords:
    """Read the calm words; none where they cannot be read, with a line in the log."""
    try:
        messages = inner(table_of(path.read_bytes()), "messages")
        found = {
            key: tuple(words({key: item}, key) for item in several(messages, key, 100))
            for key in ("wins", "curious", "hello_again")
        }
    except (OSError, BadPack, BadTable) as error:
        _log.warning("the calm words could not be read (%s)", error)
        return CalmWords()
    return CalmWords(**found)
