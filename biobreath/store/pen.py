"""The pen: the one connection that writes to the library, and how far the open sitting has come."""

import logging
import math
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from biobreath.events import Event, HeartRateMeasurement, LinkChanged
from biobreath.store import journal
from biobreath.store.rows import GAP, EventRow, PacketRow, encode
from biobreath.store.schema import (
    Erased,
    LibraryError,
    Problem,
    delete_from_backups,
    transaction,
)
from biobreath.store.summary import SUMMARY_COLUMNS, Summary
from biobreath.store.tasks import (
    Begin,
    Delete,
    End,
    Erase,
    EraseAll,
    Gap,
    SetSummary,
    SittingStart,
    Task,
)

_log = logging.getLogger(__name__)

# What is wrong with one task itself, not with the disk; trying again would not help.
_UNSTORABLE = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    ValueError,
    TypeError,
    OverflowError,
    LookupError,
    AttributeError,
)


@dataclass(slots=True)
class _Sitting:
    session_id: int
    seq: int = 0
    beats: int = 0
    duration_s: float = 0.0
    is_named: bool = False


class Pen:
    """Puts one batch after another on the disk; lives on the writer thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._to_scrub: list[Erased] = []  # may still lie in the log or in a backup
        self._torn = False  # remains may lie in the empty space of pages
        self._last_entry = 0  # a number once given never means another
        self.sitting: _Sitting | None = None
        self.session_id: int | None = None
        self.refusal: LibraryError | None = None
        self.unwritten = 0

    def write(self, batch: Sequence[Task]) -> None:
        """Put a batch on the disk, or raise and be where we were before."""
        before = replace(self.sitting) if self.sitting else None
        scrubbed = len(self._to_scrub)
        self.unwritten = 0
        try:
            with transaction(self._connection):
                for task in batch:
                    self._try(task)
                self._save_progress()
        except Exception:
            self.sitting = before
            del self._to_scrub[scrubbed:]
            raise
        self._torn = self._torn or len(self._to_scrub) > scrubbed
        if self._to_scrub or (self._torn and self.sitting is None):
            self._scrub()

    def _try(self, task: Task) -> None:
        try:
            self._do(task)
        except _UNSTORABLE as error:
            # The kind of the task only: its content may be private.
            _log.warning("%s was not stored: %s", type(task).__name__, type(error).__name__)
            self.unwritten += 1
            if isinstance(task, Begin):
                self.refusal = LibraryError(Problem.ALREADY_THERE)

    def _do(self, task: Task) -> None:
        match task:
            case Begin():
                self._begin(task.start)
            case End():
                self._end(task)
            case SetSummary():
                self._set_summary(task.session_id, task.summary)
            case Delete():
                self._delete(task.session_id)
            case journal.Draft():
                self._write_entry(task)
            case Erase():
                self._erase(task.entry_id)
            case EraseAll():
                self._erase_all()
            case Gap():
                data = f'{{"facts": {task.facts}, "until_s": {task.until_s!r}}}'
                self._insert(EventRow(task.t, GAP, data))
            case _:
                self._add(task)

    def _begin(self, start: SittingStart) -> None:
        self._leave_open_sitting()
        self.session_id = None
        self.refusal = None
        wall = start.wall
        cursor = self._connection.execute(
            "INSERT INTO session(uuid, state, practice, started_ms, utc_offset_s, tz_name, boot_id,"
            " source, device_name, device_id, app_version, settings_json)"
            " VALUES(?, 'recording', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(start.uuid, _clean(start.practice)),
                *(wall.utc_ms, wall.utc_offset_s, _clean(wall.tz_name), _clean(start.boot_id)),
                *(_clean(start.source), _clean(start.device_name), _clean(start.device_id)),
                *(_clean(start.app_version), _clean(start.settings_json)),
            ),
        )
        self.session_id = cursor.lastrowid
        if self.session_id is not None:
            self.sitting = _Sitting(self.session_id, is_named=bool(start.device_name))

    def _leave_open_sitting(self) -> None:
        # Nobody ended it, so nobody may call it closed.
        if self.sitting is not None:
            self._save_progress()
            self._connection.execute(
                "UPDATE session SET state = 'recovered' WHERE id = ?", (self.sitting.session_id,)
            )
        self.sitting = None

    def _add(self, fact: Event) -> None:
        if (sitting := self._insert(encode(fact))) is None:
            return
        sitting.duration_s = max(sitting.duration_s, fact.t)
        if isinstance(fact, HeartRateMeasurement):
            sitting.beats += len(fact.rr_ms)
        if isinstance(fact, LinkChanged) and fact.device_name and not sitting.is_named:
            # The strap's name is known only once the link stands.
            self._connection.execute(
                "UPDATE session SET device_name = ? WHERE id = ?",
                (_clean(fact.device_name), sitting.session_id),
            )
            sitting.is_named = True

    def _insert(self, row: PacketRow | EventRow) -> _Sitting | None:
        sitting = self.sitting
        if sitting is None:
            self.unwritten += 1
            return None
        table = "packet" if isinstance(row, PacketRow) else "event"
        self._connection.execute(
            f"INSERT INTO {table} VALUES(?, ?, ?, ?, ?)",
            (sitting.session_id, sitting.seq, *row),
        )
        sitting.seq += 1
        return sitting

    def _end(self, task: End) -> None:
        if self.sitting is None:
            return
        if math.isfinite(task.t):
            self.sitting.duration_s = max(self.sitting.duration_s, task.t)
        self._save_progress()
        session_id, self.sitting = self.sitting.session_id, None
        self._connection.execute("UPDATE session SET state = 'closed' WHERE id = ?", (session_id,))
        if task.summary is not None:
            self._set_summary(session_id, task.summary)

    def _save_progress(self) -> None:
        if self.sitting is not None:
            self._connection.execute(
                "UPDATE session SET beats = ?, duration_s = ? WHERE id = ?",
                (self.sitting.beats, self.sitting.duration_s, self.sitting.session_id),
            )

    def _set_summary(self, session_id: int, summary: Summary) -> None:
        columns = ", ".join(f"{name} = ?" for name in SUMMARY_COLUMNS)
        numbers = [_known(value) for value in astuple(summary)]
        self._connection.execute(
            f"UPDATE session SET {columns} WHERE id = ?", (*numbers, session_id)
        )

    def _delete(self, session_id: int) -> None:
        row = self._connection.execute(
            "DELETE FROM session WHERE id = ? RETURNING uuid", (session_id,)
        ).fetchone()
        if row is not None:
            self._to_scrub.append(Erased("DELETE FROM session WHERE uuid = ?", (row[0],)))
        if self.sitting is not None and self.sitting.session_id == session_id:
            self.sitting = None

    def _write_entry(self, entry: journal.Draft) -> None:
        entry_id = max(self._last_entry, journal.last_id(self._connection)) + 1
        journal.insert(self._connection, entry, entry_id)
        self._last_entry = entry_id

    def _erase(self, entry_id: int) -> None:
        self._last_entry = max(self._last_entry, journal.last_id(self._connection))
        row = self._connection.execute(
            "DELETE FROM journal WHERE id = ? RETURNING written_ms", (entry_id,)
        ).fetchone()
        if row is not None:
            # With its moment: a number may mean another entry in a backup from elsewhere.
            statement = "DELETE FROM journal WHERE id = ? AND written_ms = ?"
            self._to_scrub.append(Erased(statement, (entry_id, row[0])))

    def _erase_all(self) -> None:
        self._last_entry = max(self._last_entry, journal.last_id(self._connection))
        self._connection.execute("DELETE FROM session")
        self._connection.execute("DELETE FROM journal")
        self._to_scrub.append(Erased())
        self.sitting = None

    def _scrub(self) -> None:
        """Take what was deleted out of pages, log and backups too; else at the next commit."""
        whole = not self._torn or self._make_whole()
        try:
            busy: int = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            left = [each for each in self._to_scrub if not delete_from_backups(self._path, each)]
        except (sqlite3.Error, OSError) as error:
            _log.info("What was deleted still lies in the log or a backup: %s", error)
            return
        if not busy:
            self._to_scrub = left
            self._torn = not whole

    def _make_whole(self) -> bool:
        """Write every page anew unless a sitting would have to wait for it; False if not yet.

        SQLite wipes the rows that it deletes, but not the copies that it left in a page when the
        page became too small and half of its rows moved on.
        """
        if self.sitting is not None:
            return False
        try:
            self._connection.execute("VACUUM")
        except sqlite3.Error as error:
            _log.info("Torn remains of what was deleted may lie in the library: %s", error)
            return False
        return True


def _clean(text: str) -> str:
    # SQLite takes no lone surrogates, which a device's name may bring along.
    return text.encode("utf-8", "replace").decode()


def _known(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
