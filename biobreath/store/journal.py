"""The journal: what a person writes outside of a sitting, or about one; only ever added to.

An entry has a kind and a body of plain values, which this room does not look into: what they mean
is known above. Nothing is changed once written; a later entry says how it is now.
"""

import json
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from biobreath.clock import WallTime
from biobreath.store.rows import check_moment, text, whole

_log = logging.getLogger(__name__)

LONGEST_BODY = 256 * 1024
"""Characters of one entry as JSON; a page of handwriting is about 2000."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry as it was written, at ``written_ms`` (UTC) where the clock was so far ahead."""

    id: int
    session_id: int | None
    written_ms: int
    utc_offset_s: int
    kind: str
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry on its way to the disk; ``body`` is JSON already, so nobody can change it."""

    kind: str
    body: str
    wall: WallTime
    session_id: int | None


def draft(
    kind: str, body: Mapping[str, object], wall: WallTime, session_id: int | None = None
) -> Draft:
    """Return an entry to be written.

    Raises
    ------
    TypeError
        When the body holds something that is no plain value.
    ValueError
        When a number in it is not finite, or it is longer than any entry.
    """
    content = json.dumps(dict(body), allow_nan=False)
    if len(content) > LONGEST_BODY:
        raise ValueError("An entry of the journal is not so long.")
    return Draft(kind, content, wall, session_id)


def insert(connection: sqlite3.Connection, entry: Draft, entry_id: int) -> None:
    """Write an entry under a number of its own."""
    kind = entry.kind.encode("utf-8", "replace").decode()
    connection.execute(
        "INSERT INTO journal(id, session_id, written_ms, utc_offset_s, kind, body)"
        " VALUES(?, ?, ?, ?, ?, ?)",
        (entry_id, entry.session_id, entry.wall.utc_ms, entry.wall.utc_offset_s, kind, entry.body),
    )


def last_id(connection: sqlite3.Connection) -> int:
    """Return the highest number of an entry, 0 where there is none."""
    found: int = connection.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()[0]
    return found


_NOT_THROWN_AWAY = (
    "(session_id IS NULL OR session_id IN (SELECT id FROM session WHERE deleted_ms IS NULL))"
)


def read_journal(
    connection: sqlite3.Connection, kinds: Sequence[str] = (), session_id: int | None = None
) -> list[JournalEntry]:
    """Return the entries of an open file in the order they were written down.

    Only those of ``kinds`` where some are named, only those about ``session_id`` where it is given.
    A row that cannot be read is left out: it must hide no other.
    """
    values: list[str | int] = []
    asked = [_NOT_THROWN_AWAY]
    if kinds:
        asked.append(f"kind IN ({', '.join('?' * len(kinds))})")
        values += kinds
    if session_id is not None:
        asked.append("session_id = ?")
        values.append(session_id)
    rows = connection.execute(
        "SELECT id, session_id, written_ms, utc_offset_s, kind, body FROM journal"
        f" WHERE {' AND '.join(asked)} ORDER BY id",
        values,
    ).fetchall()
    found = [entry for row in rows if (entry := _entry(row)) is not None]
    if len(found) < len(rows):
        _log.warning("%d entries of the journal could not be read", len(rows) - len(found))
    return found


def _entry(row: Sequence[object]) -> JournalEntry | None:
    try:
        check_moment(written_ms := whole(row[2]), offset := whole(row[3]))
        body = json.loads(text(row[5]))
        if not isinstance(body, dict):
            return None
        about = None if row[1] is None else whole(row[1])
        content = cast("dict[str, object]", body)
        return JournalEntry(whole(row[0]), about, written_ms, offset, text(row[4]), content)
    except (ValueError, TypeError, RecursionError):
        return None
