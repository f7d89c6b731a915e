"""One sitting as a file of its own (``.biobreath``): written to be sent away, read from anywhere.

The file has the tables of the library. What is read may come from anybody: it is never written
to, nothing is made beside it, and how much of it is read is bounded.
"""

import itertools
import os
import sqlite3
import tempfile
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from biobreath.events import Event, HeartRateMeasurement, PacketForm
from biobreath.store.journal import JournalEntry, read_journal
from biobreath.store.library import Library, SittingRow, read_facts, read_sitting, read_sittings
from biobreath.store.rr_text import rr_text
from biobreath.store.schema import (
    SCHEMA_VERSION,
    LibraryError,
    Problem,
    described,
    described_of_version,
    new_file,
    plainly,
    reading,
    transaction,
    upgrade,
)

LARGEST_FILE = 512 * 1024 * 1024
"""Bytes; a day with every signal of a strap takes about 30 MB."""

MOST_FACTS = 2_000_000
MOST_BEAT_BYTES = 16 * MOST_FACTS
"""Of all packets of heartbeats together: one packet alone could hold a hundred thousand."""
LONGEST_VALUE = 1024 * 1024
"""Bytes of one packet or one event; a strap's are below 300."""

_STEPS_BETWEEN_LOOKS = 1_000_000
NOTE = "For wellness and learning, not for diagnosis. Numbers can be wrong."
"""Goes along with whatever leaves this program."""
_MOST_LOOKS = 1_000
"""A thousand million steps of SQLite: a file that needs more was made to keep us busy."""


def write_biobreath(
    library_path: Path,
    session_id: int,
    target: Path,
    *,
    with_words: bool = True,
    with_device_id: bool = False,
) -> None:
    """Write one sitting into a file of its own, readable by its owner only.

    What was written about the sitting goes along; the rest of the journal stays at home, and so
    does the strap's address unless asked for. Without ``with_words`` everything stays that the
    person wrote or told of themselves: only what was chosen and rated goes along. The file appears
    under its name only when it is whole; a file of that name is replaced.

    Raises
    ------
    LibraryError
        When the sitting is not there, or the file cannot be written.
    """
    with plainly():
        _refuse_the_library_itself(target, library_path)
        with _draft(target) as draft:
            with reading(library_path) as library, closing(new_file(draft)) as file:
                rows = _ROWS if with_words else _ROWS_WITHOUT_WORDS
                _copy(library, session_id, file, rows, with_device_id=with_device_id)
                if with_words:
                    _copy_journal(library, session_id, file)
            # Windows syncs only what is open for writing.
            with draft.open("r+b") as written:
                os.fsync(written.fileno())
            draft.replace(target)


def write_rr(library_path: Path, session_id: int, target: Path) -> None:
    """Write the raw intervals of one sitting as text: ms, one a line, no head.

    Raises
    ------
    LibraryError
        When the sitting is not there or holds no intervals, or the file cannot be written.
    """
    facts = Library(library_path).facts(session_id)
    raw = [rr for fact in facts if isinstance(fact, HeartRateMeasurement) for rr in fact.rr_ms]
    if not raw:
        raise LibraryError(Problem.NO_BEATS)
    write_whole(target, rr_text(raw).encode("utf-8"), library_path)


def file_name(row: SittingRow, ending: str) -> str:
    """Return a name for the file of a sitting that tells when it was, and nothing else."""
    return f"biobreath-{row.started.local():%Y-%m-%d-%H%M}-{row.id}{ending}"


def write_whole(target: Path, content: bytes, library_path: Path) -> None:
    """Write a file that appears under its name only when it is whole; never over the library.

    Raises
    ------
    LibraryError
        When the target belongs to the library, or cannot be written.
    """
    with plainly():
        _refuse_the_library_itself(target, library_path)
        with _draft(target) as draft:
            draft.write_bytes(content)
            draft.replace(target)


def _refuse_the_library_itself(target: Path, library_path: Path) -> None:
    beside = ("", "-wal", "-shm", "-journal", ".lock")
    for own in (library_path.with_name(library_path.name + end) for end in beside):
        same = target.resolve() == own.resolve()
        if same or (target.exists() and own.exists() and target.samefile(own)):
            raise LibraryError(Problem.SAME_FILE)


@contextmanager
def _draft(target: Path) -> Generator[Path, None, None]:
    if not target.parent.is_dir():
        raise LibraryError(Problem.NO_FOLDER)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".biobreath-", suffix=".part")
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)
        Path(f"{name}-journal").unlink(missing_ok=True)


def _copy(
    library: sqlite3.Connection,
    session_id: int,
    file: sqlite3.Connection,
    rows: Mapping[str, str],
    *,
    with_device_id: bool,
) -> None:
    # One transaction on each side: a sitting that is being recorded is taken at one instant.
    library.execute("BEGIN")
    read_sitting(library, session_id)
    cursor = library.execute("SELECT * FROM session WHERE id = ?", (session_id,))
    names = [column[0] for column in cursor.description]
    values = dict(zip(names, cursor.fetchone(), strict=True))
    values |= {"id": 1, "boot_id": ""}
    if values["state"] == "recording":
        values["state"] = "recovered"
    if not with_device_id:
        values["device_id"] = ""
    with transaction(file):
        _insert(file, "meta", [("note", NOTE)])
        _insert(file, "session", [tuple(values.values())])
        for table, select in rows.items():
            _insert(file, table, library.execute(select, (session_id,)))


_ROWS = {
    "packet": "SELECT 1, seq, t_s, form, payload FROM packet WHERE session_id = ?",
    "event": "SELECT 1, seq, t_s, kind, data FROM event WHERE session_id = ?",
    "stream": "SELECT id, 1, kind, dtype, width, rate_hz, unit, scale FROM stream"
    " WHERE session_id = ?",
    "chunk": "SELECT chunk.* FROM chunk JOIN stream ON stream.id = stream_id WHERE session_id = ?",
}
"""The rows of one sitting, which becomes number 1."""

_ROWS_WITHOUT_WORDS = _ROWS | {
    "event": "SELECT 1, seq, t_s, kind, CASE kind"
    " WHEN 'answer' THEN json_set(data, '$.own', '')"
    " WHEN 'practice' THEN json_set(data, '$.flags', json('[]')) ELSE data END"
    " FROM event WHERE session_id = ? AND kind <> 'note' AND json_valid(data)",
}


def _copy_journal(library: sqlite3.Connection, session_id: int, file: sqlite3.Connection) -> None:
    # Numbered anew: how much else was written is nobody's business.
    rows = library.execute(
        "SELECT NULL, 1, written_ms, utc_offset_s, kind, body FROM journal WHERE session_id = ?"
        " ORDER BY id",
        (session_id,),
    )
    with transaction(file):
        _insert(file, "journal", rows)


def _insert(file: sqlite3.Connection, table: str, rows: Iterable[Sequence[object]]) -> None:
    width = len(file.execute(f"PRAGMA table_info({table})").fetchall())
    file.executemany(f"INSERT INTO {table} VALUES({', '.join('?' * width)})", rows)


@dataclass(frozen=True, slots=True)
class SentSitting:
    """What a file of one sitting holds; ``journal`` is what was written about it."""

    row: SittingRow
    facts: list[Event]
    journal: list[JournalEntry]


def read_biobreath(path: Path) -> tuple[SittingRow, list[Event]]:
    """Read the facts in a file of one sitting, whoever made it.

    Raises
    ------
    LibraryError
        When it is no such file, is damaged, too large, or from a newer biobreath.
    """
    sent = read_sent(path)
    return sent.row, sent.facts


def read_sent(path: Path) -> SentSitting:
    """Read everything in a file of one sitting, whoever made it.

    Raises
    ------
    LibraryError
        When it is no such file, is damaged, too large, or from a newer biobreath.
    """
    with plainly():
        if path.is_file() and path.stat().st_size > LARGEST_FILE:
            raise LibraryError(Problem.TOO_BIG)
        with reading(path, untouched=True, older=True) as connection:
            _bound(connection)
            _check(connection)
            with _brought_up_to_date(connection) as current:
                sittings = read_sittings(current, limit=2)
                if len(sittings) != 1:
                    raise LibraryError(Problem.NOT_ONE)
                row = sittings[0]
                journal = read_journal(current, session_id=row.id)
                return SentSitting(row, read_facts(current, row.id), journal)


def _bound(connection: sqlite3.Connection) -> None:
    looks = itertools.count()
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    # Any true answer stops SQLite.
    connection.set_progress_handler(lambda: next(looks) >= _MOST_LOOKS, _STEPS_BETWEEN_LOOKS)


def _check(connection: sqlite3.Connection) -> None:
    # Only what this program makes: a view or a computed column could be an endless computation.
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    as_made = described(connection) == described_of_version(version)
    if not as_made or connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise LibraryError(Problem.DAMAGED)
    rows = (
        "SELECT (SELECT count(*) FROM packet) + (SELECT count(*) FROM event)"
        " + (SELECT count(*) FROM journal)"
    )
    beats = "SELECT total(length(payload)) FROM packet WHERE form BETWEEN 0 AND ?"
    beat_bytes = connection.execute(beats, (max(PacketForm),)).fetchone()[0]
    if connection.execute(rows).fetchone()[0] > MOST_FACTS or beat_bytes > MOST_BEAT_BYTES:
        raise LibraryError(Problem.TOO_BIG)


@contextmanager
def _brought_up_to_date(
    connection: sqlite3.Connection,
) -> Generator[sqlite3.Connection, None, None]:
    """Give the file, or a copy of an older one that this program has brought up to date."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == SCHEMA_VERSION:
        yield connection
        return
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        connection.backup(copy)
        upgrade(copy, version)
        yield copy
