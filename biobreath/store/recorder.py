"""The recorder: one thread that writes to the library, facts of a sitting once a second.

Facts and entries of the journal are given from any thread and wait in one queue until a commit
holds them. When the disk refuses, they go on waiting, in order, and every second is tried again.
"""

import logging
import math
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import astuple, dataclass, fields, replace
from enum import StrEnum
from itertools import islice
from pathlib import Path

from biobreath.clock import WallTime
from biobreath.events import Event, HeartRateMeasurement, LinkChanged
from biobreath.store import journal
from biobreath.store.rows import GAP, EventRow, PacketRow, encode
from biobreath.store.schema import (
    Erased,
    LibraryError,
    Problem,
    delete_from_backups,
    transaction,
    writing,
)

_log = logging.getLogger(__name__)

COMMIT_EVERY_S = 0.8
"""How long a fact waits for its commit. A killed process loses at most a second; the rest of it is
for a disk and a processor that are busy. A strap speaks once a second, so commits are no more."""

MOST_WAITING = 1_000_000
"""Facts held while the disk refuses, days of a sitting. Then what came first is kept, what comes
after is counted, and a gap is written in its place."""

_BATCH = 10_000
_LAST_COMMIT_S = 1.0


@dataclass(frozen=True, slots=True)
class SittingStart:
    """What is known of a sitting when it begins."""

    uuid: str
    wall: WallTime
    practice: str
    source: str
    app_version: str
    device_name: str = ""
    device_id: str = ""
    settings_json: str = "{}"
    boot_id: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Numbers of a whole sitting, None where not known; the facts can tell them again."""

    hr_mean_bpm: float | None = None
    rmssd_ms: float | None = None
    sdnn_ms: float | None = None
    swing_bpm: float | None = None
    coherence: float | None = None
    breaths_per_minute: float | None = None
    corrected_share: float | None = None
    metrics_version: int = 0


SUMMARY_COLUMNS = tuple(field.name for field in fields(Summary))


class RecorderState(StrEnum):
    """How the recording stands."""

    RECORDING = "recording"
    WAITING = "waiting"
    """The disk refuses; facts are held in memory and tried again each second."""
    OFF = "off"
    """No sitting is open."""


@dataclass(frozen=True, slots=True)
class _Begin:
    start: SittingStart


@dataclass(frozen=True, slots=True)
class _End:
    t: float
    summary: Summary | None


@dataclass(frozen=True, slots=True)
class _SetSummary:
    session_id: int
    summary: Summary


@dataclass(frozen=True, slots=True)
class _Delete:
    session_id: int


@dataclass(frozen=True, slots=True)
class _Erase:
    entry_id: int


@dataclass(frozen=True, slots=True)
class _EraseAll:
    pass


@dataclass(frozen=True, slots=True)
class _Gap:
    t: float
    until_s: float
    facts: int


_Task = _Begin | _End | _SetSummary | _Delete | _Erase | _EraseAll | _Gap | journal.Draft | Event


class Recorder:
    """Writes sittings to one library, one after another, from a thread of its own.

    Every method may be called from any thread. ``on_state`` is called on the writer thread.
    """

    def __init__(
        self, library_path: Path, on_state: Callable[[RecorderState], None] = lambda _state: None
    ) -> None:
        self._path = library_path
        self._on_state = on_state
        self._state = RecorderState.OFF
        self._changed = threading.Condition()
        self._queue: deque[_Task] = deque()
        self._done = 0  # tasks that a commit has taken from the queue
        self._urgent = 0  # tasks up to this one do not wait for the second to pass
        self._begun = 0  # the task that began the latest sitting
        self._gap: _Gap | None = None
        self._lost = 0
        self._session_id: int | None = None
        self._refusal: LibraryError | None = None
        self._failing = False
        self._closing = False
        self._abandoned = False
        self._opened: Future[None] = Future()
        # A daemon, so that a process which forgets close() still ends; close() joins it.
        self._thread = threading.Thread(target=self._run, name="biobreath-recorder", daemon=True)

    def start(self) -> None:
        """Open the library and begin to write.

        Raises
        ------
        LibraryBusy
            When another process is recording.
        LibraryError
            When the library cannot be opened for writing; the text says why.
        """
        self._thread.start()
        self._opened.result()

    @property
    def state(self) -> RecorderState:
        """How the recording stands."""
        return self._state

    @property
    def session_id(self) -> int | None:
        """The number of the latest sitting, None until its beginning is on the disk."""
        return self._session_id

    @property
    def lost(self) -> int:
        """How many facts could not be kept: no sitting was open, or too many were waiting."""
        return self._lost

    def begin(self, start: SittingStart) -> None:
        """Open a sitting; what is added from now on belongs to it."""
        with self._changed:
            self._session_id = None
            self._refusal = None
            self._begun = self._give(_Begin(start), urgent=True)

    def wait_begun(self, timeout_s: float) -> int | None:
        """Wait until the latest sitting is on the disk; return its number, None if not yet.

        Raises
        ------
        LibraryError
            When the library refuses the sitting, because it is already there.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._done >= self._begun, timeout_s)
            if self._refusal is not None:
                raise self._refusal
            return self._session_id

    def add(self, event: Event) -> None:
        """Give one fact of the open sitting to be written within a second."""
        with self._changed:
            if len(self._queue) < MOST_WAITING and not self._closing:
                self._give(event)
                return
            self._lost += 1
            started = self._gap or _Gap(event.t, event.t, 0)
            self._gap = replace(started, until_s=event.t, facts=started.facts + 1)

    def end(self, t: float, summary: Summary | None = None) -> None:
        """Close the open sitting at session time ``t``."""
        with self._changed:
            self._give(_End(t, summary), urgent=True)

    def set_summary(self, session_id: int, summary: Summary) -> None:
        """Write the numbers of a sitting, also of one long closed."""
        with self._changed:
            self._give(_SetSummary(session_id, summary), urgent=True)

    def delete(self, session_id: int) -> None:
        """Really delete a sitting with all its facts and notes, in the backups as well.

        Deleting the sitting that is being recorded stops recording it. While another one is being
        recorded, torn remains may lie in the file until its end.
        """
        with self._changed:
            self._give(_Delete(session_id), urgent=True)

    def write(
        self,
        kind: str,
        body: Mapping[str, object],
        wall: WallTime,
        session_id: int | None = None,
    ) -> None:
        """Write an entry into the journal, about a sitting where ``session_id`` names one.

        Raises
        ------
        TypeError, ValueError
            When the body is no table of plain values; what is on the disk stays as it is.
        """
        entry = journal.draft(kind, body, wall, session_id)
        with self._changed:
            if self._closing:
                self._lost += 1
                return
            self._give(entry, urgent=True)

    def erase(self, entry_id: int) -> None:
        """Really erase one entry of the journal, in the backups as well, as ``delete`` does."""
        with self._changed:
            self._give(_Erase(entry_id), urgent=True)

    def erase_all(self) -> None:
        """Really erase every sitting and the whole journal, with all backups.

        A sitting that is being recorded is recorded no more.
        """
        with self._changed:
            self._give(_EraseAll(), urgent=True)

    def flush(self, timeout_s: float) -> bool:
        """Wait until everything given so far is on the disk; False if it is not yet."""
        with self._changed:
            given = self._urgent = self._given()
            self._changed.notify_all()
            return self._changed.wait_for(lambda: self._done >= given, timeout_s)

    def close(self, timeout_s: float) -> bool:
        """Write what is left and end the thread; False if something could not be written.

        A sitting that was not ended stays open on the disk; the next opener calls it recovered.
        """
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.ident is None:
            return not self._queue
        self._thread.join(timeout_s)
        with self._changed:
            self._abandoned = True
            self._changed.notify_all()
        self._thread.join(_LAST_COMMIT_S)
        return not self._queue

    # --- the queue, under the lock -------------------------------------------------------------

    def _given(self) -> int:
        return self._done + len(self._queue)

    def _give(self, task: _Task, *, urgent: bool = False) -> int:
        if self._gap is not None:
            gap, self._gap = self._gap, None
            self._queue.append(gap)
        self._queue.append(task)
        if urgent:
            self._urgent = self._given()
        # Between two commits nobody waits for one fact more.
        if urgent or len(self._queue) in {1, _BATCH}:
            self._changed.notify_all()
        return self._given()

    def _is_due(self) -> bool:
        if self._failing:
            return self._abandoned
        return self._closing or self._done < self._urgent or len(self._queue) >= _BATCH

    # --- the writer thread ---------------------------------------------------------------------

    def _run(self) -> None:
        with ExitStack() as stack:
            try:
                connection = stack.enter_context(writing(self._path))
            except Exception as error:  # noqa: BLE001  start() raises it to its caller
                self._opened.set_exception(error)
                return
            stack.callback(self._tell, RecorderState.OFF)
            self._opened.set_result(None)
            self._serve(_Pen(connection, self._path))

    def _serve(self, pen: "_Pen") -> None:
        while batch := self._next_batch():
            try:
                pen.write(batch)
            except Exception as error:  # noqa: BLE001  without this thread nothing is kept at all
                if not self._failing:
                    known = isinstance(error, sqlite3.Error)
                    unknown = None if known else error
                    _log.warning("The disk refuses; facts are held: %r", error, exc_info=unknown)
                self._failing = True
                self._tell(RecorderState.WAITING)
                continue
            self._failing = False
            is_open = pen.sitting is not None
            self._tell(RecorderState.RECORDING if is_open else RecorderState.OFF)
            self._take_away(len(batch), pen)

    def _next_batch(self) -> list[_Task]:
        # Without a timeout where nothing waits: an idle window does not wake the processor.
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            self._changed.wait_for(self._is_due, COMMIT_EVERY_S)
            return [] if self._abandoned else list(islice(self._queue, _BATCH))

    def _take_away(self, count: int, pen: "_Pen") -> None:
        with self._changed:
            for _ in range(count):
                self._queue.popleft()
            self._done += count
            self._lost += pen.unwritten
            if self._done >= self._begun:
                self._session_id = pen.session_id
                self._refusal = pen.refusal
            self._changed.notify_all()

    def _tell(self, state: RecorderState) -> None:
        if state is self._state:
            return
        self._state = state
        try:
            self._on_state(state)
        except Exception:  # noqa: BLE001  whoever listens, the recording goes on
            _log.exception("Telling how the recording stands went wrong.")


# --- what the writer thread owns ---------------------------------------------------------------

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


class _Pen:
    """The writing connection and how far the open sitting has come."""

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

    def write(self, batch: Sequence[_Task]) -> None:
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

    def _try(self, task: _Task) -> None:
        try:
            self._do(task)
        except _UNSTORABLE as error:
            # The kind of the task only: its content may be private.
            _log.warning("%s was not stored: %s", type(task).__name__, type(error).__name__)
            self.unwritten += 1
            if isinstance(task, _Begin):
                self.refusal = LibraryError(Problem.ALREADY_THERE)

    def _do(self, task: _Task) -> None:
        match task:
            case _Begin():
                self._begin(task.start)
            case _End():
                self._end(task)
            case _SetSummary():
                self._set_summary(task.session_id, task.summary)
            case _Delete():
                self._delete(task.session_id)
            case journal.Draft():
                self._write_entry(task)
            case _Erase():
                self._erase(task.entry_id)
            case _EraseAll():
                self._erase_all()
            case _Gap():
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
            (sitting.session_id, sitting.seq, *astuple(row)),
        )
        sitting.seq += 1
        return sitting

    def _end(self, task: _End) -> None:
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
