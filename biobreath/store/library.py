"""The library of sittings, for reading: what there is, and the facts of one sitting."""

import logging
import math
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from biobreath.clock import WallTime
from biobreath.events import Event
from biobreath.store.journal import JournalEntry, read_journal
from biobreath.store.rows import (
    PRACTICE_KINDS,
    EventRow,
    PacketRow,
    check_moment,
    decode_event,
    decode_packet,
    number,
    text,
    whole,
)
from biobreath.store.schema import (
    SCHEMA_VERSION,
    LibraryBusy,
    LibraryError,
    Problem,
    described,
    described_of_version,
    reading,
    writing,
)
from biobreath.store.summary import SUMMARY_COLUMNS, Summary

_log = logging.getLogger(__name__)


class SittingState(StrEnum):
    """How far a sitting is."""

    RECORDING = "recording"
    """It is being recorded right now, or its recorder died and nobody has looked since."""
    CLOSED = "closed"
    RECOVERED = "recovered"
    """Its recorder ended without closing it; everything up to the last second is there."""


@dataclass(frozen=True, slots=True)
class SittingRow:
    """One line of the list of sittings."""

    id: int
    uuid: str
    started: WallTime
    duration_s: float
    state: SittingState
    source: str
    device_name: str
    beats: int
    practice: str
    summary: Summary
    app_version: str = ""
    settings_json: str = "{}"


class Library:
    """Reads a library, also while it is being recorded into; holds nothing open."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def sittings(self) -> list[SittingRow]:
        """Return every sitting, newest first; an empty list where there is no library yet.

        Raises
        ------
        LibraryError
            When there is a file, but not one that can be read.
        """
        with self._if_there() as connection:
            return read_sittings(connection, only_sound=True) if connection else []

    def sitting(self, session_id: int) -> SittingRow:
        """Return one sitting.

        Raises
        ------
        LibraryError
            When it is not there, or the library cannot be read.
        """
        with reading(self._path) as connection:
            return read_sitting(connection, session_id)

    def facts(self, session_id: int) -> list[Event]:
        """Return the facts of one sitting, equal to those given, in the order they were given.

        Raises
        ------
        LibraryError
            When the sitting is not there, or the library cannot be read.
        """
        with reading(self._path) as connection:
            read_sitting(connection, session_id)
            return read_facts(connection, session_id)

    def journal(self, *kinds: str) -> list[JournalEntry]:
        """Return what was written, of ``kinds`` where some are named, oldest first.

        That is the order in which it was written down: a clock that was set back changes nothing.

        Raises
        ------
        LibraryError
            When there is a file, but not one that can be read.
        """
        with self._if_there() as connection:
            return read_journal(connection, kinds) if connection else []

    def practice_sittings(self) -> list[tuple[SittingRow, list[Event]]]:
        """Return every sitting with a guided practice and what is known of it, oldest first.

        Raises
        ------
        LibraryError
            When there is a file, but not one that can be read.
        """
        with self._if_there() as connection:
            return read_practice_sittings(connection) if connection else []

    @contextmanager
    def _if_there(self) -> Generator[sqlite3.Connection | None, None, None]:
        """Give the open library, None where there is none yet."""
        with ExitStack() as stack:
            try:
                connection = stack.enter_context(reading(self._path))
            except LibraryError as error:
                if error.problem is not Problem.MISSING:
                    raise
                connection = None
            yield connection

    def integrity(self) -> list[str]:
        """Return what is wrong with the file, one line each; empty for a sound library."""
        try:
            with reading(self._path) as connection:
                found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
                orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
                as_made = described(connection) == described_of_version(SCHEMA_VERSION)
        except LibraryError as error:
            return [str(error)]
        found += [f"A row of {row[0]} belongs to nothing." for row in orphans]
        if not as_made:
            found.append("Its tables are not those that biobreath makes.")
        return [line for line in found if line != "ok"]


def recover(path: Path) -> int:
    """Mark sittings whose recorder died as recovered, if nobody is recording; return how many.

    Where biobreath may not write, nothing is marked and 0 is returned.

    Raises
    ------
    LibraryError
        When the library cannot even be read.
    """
    left_over = sum(row.state is SittingState.RECORDING for row in Library(path).sittings())
    # Without need the lock is not even tried: a window may just be starting.
    if not left_over:
        return 0
    try:
        with writing(path):
            return left_over
    except LibraryBusy:
        return 0
    except LibraryError as error:
        _log.info("Sittings left open were not marked: %s", error)
        return 0


# --- reading an open file ----------------------------------------------------------------------

_LARGEST_ID = 2**63 - 1

_COLUMNS = (
    "id, uuid, started_ms, utc_offset_s, tz_name, duration_s, state, source, device_name, beats,"
    " practice, app_version, settings_json, " + ", ".join(SUMMARY_COLUMNS)
)


def read_sittings(
    connection: sqlite3.Connection, limit: int = -1, *, only_sound: bool = False
) -> list[SittingRow]:
    """Return the sittings of an open file, newest first, not those thrown away.

    ``only_sound`` leaves out those whose row is damaged, so that it hides no other.
    """
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM session WHERE deleted_ms IS NULL"
        " ORDER BY started_ms DESC, id DESC LIMIT ?",
        (limit,),
    )
    found: list[SittingRow] = []
    for row in rows:
        try:
            found.append(_sitting(row))
        except LibraryError:
            if not only_sound:
                raise
            _log.warning("sitting %s is damaged and was left out", row[0])
    return found


def read_sitting(connection: sqlite3.Connection, session_id: int) -> SittingRow:
    """Return one sitting of an open file, or raise ``LibraryError``."""
    if not 0 < session_id <= _LARGEST_ID:
        raise LibraryError(Problem.NO_SITTING)
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM session WHERE id = ? AND deleted_ms IS NULL", (session_id,)
    ).fetchone()
    if row is None:
        raise LibraryError(Problem.NO_SITTING)
    return _sitting(row)


def read_facts(connection: sqlite3.Connection, session_id: int) -> list[Event]:
    """Return the facts of a sitting in an open file, in the order they were given.

    Kinds of a later version, and content that cannot be read, are left out: one bad row must not
    take the sitting away. Packets that cannot be decoded come back as ``PacketRefused``.
    """
    rows = connection.execute(
        "SELECT seq, t_s, form AS what, payload AS content FROM packet WHERE session_id = :id"
        " UNION ALL SELECT seq, t_s, kind, data FROM event WHERE session_id = :id"
        " ORDER BY seq",
        {"id": session_id},
    )
    decoded = [_fact(*row) for row in rows]
    facts = [fact for fact in decoded if fact is not None]
    if len(facts) < len(decoded):
        _log.info("%d stored events could not be read.", len(decoded) - len(facts))
    return facts


def read_practice_sittings(
    connection: sqlite3.Connection,
) -> list[tuple[SittingRow, list[Event]]]:
    """Return the sittings of an open file that hold a practice, oldest first, with its events.

    What is damaged, a sitting or an event, is left out and hides no other.
    """
    # One instant: a sitting that begins in between is in both or in neither.
    connection.execute("BEGIN")
    kinds = ", ".join("?" * len(PRACTICE_KINDS))
    rows = connection.execute(
        f"SELECT session_id, t_s, kind, data FROM event WHERE kind IN ({kinds})"
        " AND session_id IN (SELECT session_id FROM event WHERE kind = 'practice')"
        " ORDER BY session_id, seq",
        PRACTICE_KINDS,
    )
    facts: dict[int, list[Event]] = {}
    for session_id, *row in rows:
        told = facts.setdefault(session_id, [])
        if (fact := _event(*row)) is not None:
            told.append(fact)
    sittings = read_sittings(connection, only_sound=True)
    connection.execute("COMMIT")
    return [(row, facts[row.id]) for row in reversed(sittings) if row.id in facts]


def _event(t_s: object, kind: object, data: object) -> Event | None:
    try:
        return decode_event(EventRow(_finite(t_s), text(kind), text(data)))
    except (TypeError, ValueError, OverflowError):
        return None


def _fact(_seq: object, t_s: object, what: object, content: object) -> Event | None:
    try:
        t = _finite(t_s)
        if isinstance(content, bytes):
            return decode_packet(PacketRow(t, whole(what), content))
        return decode_event(EventRow(t, text(what), text(content)))
    except (TypeError, ValueError, OverflowError) as error:
        raise LibraryError(Problem.DAMAGED) from error


def _sitting(row: Sequence[object]) -> SittingRow:
    # The tables are strict, but a file may come from anywhere.
    try:
        return SittingRow(
            id=whole(row[0]),
            uuid=_uuid(row[1]),
            started=_wall(row[2], row[3], row[4]),
            duration_s=_not_negative(row[5]),
            state=SittingState(text(row[6])),
            source=text(row[7]),
            device_name=text(row[8]),
            beats=_count(row[9]),
            practice=text(row[10]),
            app_version=text(row[11]),
            settings_json=text(row[12]),
            summary=_summary(row[13:]),
        )
    except (TypeError, ValueError, OverflowError) as error:
        raise LibraryError(Problem.DAMAGED) from error


def _wall(started_ms: object, utc_offset_s: object, tz_name: object) -> WallTime:
    wall = WallTime(whole(started_ms), whole(utc_offset_s), text(tz_name))
    check_moment(wall.utc_ms, wall.utc_offset_s)
    return wall


def _summary(values: Sequence[object]) -> Summary:
    *numbers, metrics_version = values
    known = [None if value is None else _finite(value) for value in numbers]
    return Summary(*known, metrics_version=whole(metrics_version))


def _uuid(value: object) -> str:
    uuid = text(value)
    if len(uuid) != 36:
        raise ValueError("A sitting's name has 36 characters.")
    return uuid


def _finite(value: object) -> float:
    found = number(value)
    if not math.isfinite(found):
        raise ValueError("A finite number was expected.")
    return found


def _count(value: object) -> int:
    found = whole(value)
    if found < 0:
        raise ValueError("A count below 0 was not expected.")
    return found


def _not_negative(value: object) -> float:
    found = _finite(value)
    if found < 0:
        raise ValueError("A number below 0 was not expected.")
    return found
