"""The library file: its tables, its migrations, its lock, and how it is opened.

Exactly one connection of one process writes (``writing``); everybody else reads (``reading``).
SQLite before 3.51.3 can corrupt a write-ahead log that two connections checkpoint at once.
"""

import errno
import logging
import os
import sqlite3
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from pathlib import Path

from filelock import FileLock, Timeout

from biobreath.clock import wall_time
from biobreath.places import private_dir

_log = logging.getLogger(__name__)

APPLICATION_ID = 0x42524262
"""``BRBb``, in the head of every library and every one-session file."""

_PRIVATE = 0o600
_BUSY_TIMEOUT_S = 5.0
_SMALLEST_DATABASE = 512  # one page of the smallest size


class Problem(Enum):
    """What stands between the person and their library; the value is the sentence to show."""

    MISSING = "There is no biobreath file at this place."
    NO_DATABASE = "This file is not a biobreath library; it was left as it is."
    FOREIGN = "This file belongs to another program; biobreath left it as it is."
    NEWER = "This library was written by a newer biobreath; please update biobreath to open it."
    OLDER = "This library is from an older biobreath; open it once where biobreath may write."
    DAMAGED = "This file is damaged or cut short and could not be read."
    TOO_BIG = "This file is larger than any sitting; biobreath did not read it."
    NOT_ONE = "This file does not hold exactly one sitting."
    NOT_PERMITTED = "The file could not be opened; please check that its folder is yours to use."
    NO_SPACE = "The disk is full; please make some room and try again."
    BUSY = "Another biobreath is using this library right now."
    NO_SITTING = "There is no sitting with this number in the library."
    NO_FOLDER = "There is no such folder; please choose another place."
    NO_BEATS = "This sitting holds no beat-to-beat intervals."
    ALREADY_THERE = "This sitting is already in the library."
    SAME_FILE = "A sitting cannot be written over the library itself; please choose another name."
    TROUBLE = "The library could not be used just now; please try again."


class LibraryError(Exception):
    """The library cannot do it; the text is one plain sentence for the person."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class LibraryBusy(LibraryError):  # noqa: N818
    """Another process holds the library for writing."""

    def __init__(self) -> None:
        super().__init__(Problem.BUSY)


_OF_SQLITE = {
    sqlite3.SQLITE_NOTADB: Problem.NO_DATABASE,
    sqlite3.SQLITE_CORRUPT: Problem.DAMAGED,
    sqlite3.SQLITE_FULL: Problem.NO_SPACE,
    sqlite3.SQLITE_READONLY: Problem.NOT_PERMITTED,
    sqlite3.SQLITE_CANTOPEN: Problem.NOT_PERMITTED,
    sqlite3.SQLITE_PERM: Problem.NOT_PERMITTED,
    sqlite3.SQLITE_BUSY: Problem.BUSY,
    sqlite3.SQLITE_LOCKED: Problem.BUSY,
    sqlite3.SQLITE_INTERRUPT: Problem.TOO_BIG,
    sqlite3.SQLITE_TOOBIG: Problem.TOO_BIG,
}

_OF_SYSTEM = {
    errno.ENOSPC: Problem.NO_SPACE,
    errno.EDQUOT: Problem.NO_SPACE,
    errno.EACCES: Problem.NOT_PERMITTED,
    errno.EPERM: Problem.NOT_PERMITTED,
    errno.EROFS: Problem.NOT_PERMITTED,
    errno.ENOENT: Problem.MISSING,
}


def _primary_code(error: sqlite3.Error) -> int:
    # Errors that Python raises itself carry no code: text in the file that is no UTF-8.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF


@contextmanager
def plainly() -> Generator[None, None, None]:
    """Turn what SQLite and the system say into a ``LibraryError``."""
    try:
        yield
    except sqlite3.Error as error:
        raise LibraryError(_OF_SQLITE.get(_primary_code(error), Problem.TROUBLE)) from error
    except UnicodeDecodeError as error:
        # Python fails so on a message of SQLite's that names something in a damaged file.
        raise LibraryError(Problem.DAMAGED) from error
    except OSError as error:
        problem = _OF_SYSTEM.get(error.errno or 0, Problem.NOT_PERMITTED)
        raise LibraryError(problem) from error


# --- tables and migrations ---------------------------------------------------------------------

_TABLES_1 = (
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    # The numbers from hr_mean_bpm on are a summary that can be computed again from the facts.
    """CREATE TABLE session(
      id            INTEGER PRIMARY KEY AUTOINCREMENT, -- a number once given never means another
      uuid          TEXT    NOT NULL UNIQUE CHECK(length(uuid) = 36),
      state         TEXT    NOT NULL CHECK(state IN ('recording', 'closed', 'recovered')),
      practice      TEXT    NOT NULL,
      started_ms    INTEGER NOT NULL,                  -- UTC, Unix ms, read once at the start
      utc_offset_s  INTEGER NOT NULL,                  -- in force at the start
      tz_name       TEXT    NOT NULL,
      boot_id       TEXT    NOT NULL,
      duration_s    REAL    NOT NULL DEFAULT 0,
      source        TEXT    NOT NULL,
      device_name   TEXT    NOT NULL,
      device_id     TEXT    NOT NULL,
      app_version   TEXT    NOT NULL,
      settings_json TEXT    NOT NULL,
      beats         INTEGER NOT NULL DEFAULT 0,        -- raw intervals so far
      hr_mean_bpm REAL, rmssd_ms REAL, sdnn_ms REAL, swing_bpm REAL, coherence REAL,
      breaths_per_minute REAL, corrected_share REAL,
      metrics_version INTEGER NOT NULL DEFAULT 0,
      deleted_ms    INTEGER
    ) STRICT""",
    "CREATE INDEX session_started ON session(started_ms) WHERE deleted_ms IS NULL",
    # seq runs through packets and events together: it is the order in which facts were given.
    """CREATE TABLE packet(
      session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
      seq        INTEGER NOT NULL,
      t_s        REAL    NOT NULL,                     -- arrival on the session clock
      form       INTEGER NOT NULL,                     -- PacketForm; -1 for a refused packet
      payload    BLOB    NOT NULL,
      PRIMARY KEY(session_id, seq)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE event(
      session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
      seq        INTEGER NOT NULL,
      t_s        REAL    NOT NULL,
      kind       TEXT    NOT NULL,
      data       TEXT    NOT NULL,                     -- JSON, checked when it is read
      PRIMARY KEY(session_id, seq)
    ) STRICT, WITHOUT ROWID""",
    # Part of version 1 for evenly sampled signals of files, and read and carried on by everything
    # that copies a sitting. Nothing of ours writes them: what a strap streams lies in packet.
    """CREATE TABLE stream(
      id INTEGER PRIMARY KEY,
      session_id INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
      kind TEXT NOT NULL, dtype TEXT NOT NULL, width INTEGER NOT NULL, rate_hz REAL NOT NULL,
      unit TEXT NOT NULL, scale REAL NOT NULL DEFAULT 1.0, UNIQUE(session_id, kind)
    ) STRICT""",
    # Keeps its rowid: large blobs do not belong in the pages of a key.
    """CREATE TABLE chunk(
      stream_id INTEGER NOT NULL REFERENCES stream(id) ON DELETE CASCADE,
      seq INTEGER NOT NULL, t_s REAL NOT NULL, n INTEGER NOT NULL,
      codec INTEGER NOT NULL DEFAULT 0,                -- 0 raw little-endian, 1 zlib of differences
      data BLOB NOT NULL, PRIMARY KEY(stream_id, seq)
    ) STRICT""",
    # Notes go with their sitting: deleting it really deletes.
    """CREATE TABLE journal(
      id INTEGER PRIMARY KEY,
      session_id INTEGER REFERENCES session(id) ON DELETE CASCADE,
      written_ms INTEGER NOT NULL, utc_offset_s INTEGER NOT NULL,
      kind TEXT NOT NULL, body TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX journal_written ON journal(written_ms)",
)

Migration = Callable[[sqlite3.Connection], None]


def _first(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in _TABLES_1:
        connection.execute(statement)


MIGRATIONS: tuple[Migration, ...] = (_first,)
"""Number n brings a library from version n to n + 1; none is ever changed once released."""

SCHEMA_VERSION = len(MIGRATIONS)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Generator[None, None, None]:
    """Do everything inside, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk makes SQLite roll back by itself; a second ROLLBACK would be an error.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> None:
    """Bring the library up to the version of this program, with a copy kept of what was."""
    version = stored_version(connection, len(migrations))
    if 0 < version < len(migrations):
        _back_up(connection, path, version)
    upgrade(connection, version, migrations)


def upgrade(
    connection: sqlite3.Connection, version: int, migrations: Sequence[Migration] = MIGRATIONS
) -> None:
    """Bring an open file from ``version`` up to date, a step at a time, each whole or not."""
    for number in range(version, len(migrations)):
        with transaction(connection):
            migrations[number](connection)
            connection.execute(f"PRAGMA user_version = {number + 1}")


def described(connection: sqlite3.Connection) -> frozenset[tuple[str, str, str]]:
    """Return kind, name and making of everything in an open file; not what SQLite makes itself."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    return frozenset(tuple(row) for row in rows if not str(row[1]).startswith("sqlite_"))


@cache
def described_of_version(version: int) -> frozenset[tuple[str, str, str]]:
    """Return what ``described`` says of a library that this program made in ``version``."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        upgrade(connection, 0, MIGRATIONS[:version])
        return described(connection)


def stored_version(connection: sqlite3.Connection, newest: int = SCHEMA_VERSION) -> int:
    """Return the version of the open file, 0 for an empty one.

    Raises
    ------
    LibraryError
        When the file belongs to another program or to a newer biobreath.
    """
    application_id: int = connection.execute("PRAGMA application_id").fetchone()[0]
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if application_id != APPLICATION_ID:
        tables: int = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if application_id or version or tables:
            raise LibraryError(Problem.FOREIGN)
        return 0
    if not 0 < version <= newest:
        raise LibraryError(Problem.NEWER if version > newest else Problem.DAMAGED)
    return version


def _check_size(path: Path) -> None:
    # SQLite takes a few bytes for an empty file and would write over them.
    if 0 < path.stat().st_size < _SMALLEST_DATABASE:
        raise LibraryError(Problem.NO_DATABASE)


def mark_recovered(connection: sqlite3.Connection) -> None:
    """Say of every sitting left open that its writer is gone; only the holder of the lock may."""
    with transaction(connection):
        connection.execute("UPDATE session SET state = 'recovered' WHERE state = 'recording'")


# --- backups -----------------------------------------------------------------------------------


def backups(path: Path) -> list[Path]:
    """Return the copies that were made before migrations, oldest first."""
    return sorted(path.parent.glob(f"{path.stem}-version-*.db"))


def _back_up(connection: sqlite3.Connection, path: Path, version: int) -> None:
    day = datetime.fromtimestamp(wall_time().utc_ms / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    backup = path.with_name(f"{path.stem}-version-{version}-{day}.db")
    # VACUUM INTO fills an empty file that is there; one it makes itself, all could read.
    backup.unlink(missing_ok=True)
    _make_private(backup)
    connection.execute("VACUUM INTO ?", (str(backup),))


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased from the library, as the statement that erases it from a backup too.

    Without a statement no backup is to stay at all.
    """

    statement: str = ""
    values: tuple[str | int, ...] = ()


def delete_from_backups(path: Path, erased: Erased) -> bool:
    """Take something out of every backup; False when one could not be written just now."""
    left = [backup for backup in backups(path) if not _delete_from(backup, erased)]
    return not left


_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
}


def _delete_from(backup: Path, erased: Erased) -> bool:
    if not erased.statement:
        backup.unlink(missing_ok=True)
        return True
    try:
        with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(erased.statement, erased.values)
            connection.execute("VACUUM")
    except sqlite3.Error as error:
        if _primary_code(error) in _PASSING:
            return False
        # Half a backup brings nobody back, but may hold what is to be gone.
        _log.warning("A backup that cannot be read was removed: %s", error)
        backup.unlink(missing_ok=True)
    return True


# --- writing -----------------------------------------------------------------------------------

_WRITER_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # FULL, one flush a second: with NORMAL a power cut lost up to a minute in the trials.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA secure_delete = ON",
    # A log of 1000 pages (the default) jams for good when a small disk runs full; 100 does not.
    "PRAGMA wal_autocheckpoint = 100",
    f"PRAGMA journal_size_limit = {1024 * 1024}",
    "PRAGMA temp_store = MEMORY",
)


def _make_private(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE))


@contextmanager
def writing(
    path: Path, migrations: Sequence[Migration] = MIGRATIONS
) -> Generator[sqlite3.Connection, None, None]:
    """Hold the library for writing: lock it, open or make it, mark what was left open.

    Raises
    ------
    LibraryBusy
        When another process (or another recorder of this one) is writing.
    LibraryError
        When the library cannot be opened; nothing in it has been changed then.
    """
    with ExitStack() as stack:
        with plainly():
            private_dir(path.parent)
            stack.enter_context(_lock(path))
            connection = stack.enter_context(closing(_open_writer(path, migrations)))
        yield connection


@contextmanager
def _lock(path: Path) -> Generator[None, None, None]:
    # The system drops this lock when the process ends, however it ends.
    lock = FileLock(path.with_suffix(".lock"), timeout=0, mode=_PRIVATE)
    try:
        lock.acquire()
    except Timeout:
        raise LibraryBusy from None
    try:
        yield
    finally:
        lock.release()


def _open_writer(path: Path, migrations: Sequence[Migration]) -> sqlite3.Connection:
    _make_private(path)
    _check_size(path)
    connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT_S, isolation_level=None)
    try:
        # Look first: a file that is not ours keeps its mode and its journal.
        stored_version(connection, len(migrations))
        path.chmod(_PRIVATE)  # SQLite gives the same to -wal and -shm
        for pragma in _WRITER_PRAGMAS:
            connection.execute(pragma)
        migrate(connection, path, migrations)
        mark_recovered(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def new_file(path: Path) -> sqlite3.Connection:
    """Open an empty file as a library of its own without a log beside it, to be sent away."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection, path, MIGRATIONS)
    except BaseException:
        connection.close()
        raise
    return connection


# --- reading -----------------------------------------------------------------------------------


@contextmanager
def reading(
    path: Path, *, untouched: bool = False, older: bool = False
) -> Generator[sqlite3.Connection, None, None]:
    """Read the library, also while it is being written; ``untouched`` makes no file beside it.

    ``older`` also takes one that is not up to date.

    Raises
    ------
    LibraryError
        When there is no library, or it cannot be read; ``MISSING`` also for an empty file.
    """
    with plainly():
        if not path.is_file():
            raise LibraryError(Problem.MISSING)
        _check_size(path)
        with closing(_open_reader(path, untouched=untouched)) as connection:
            _check_readable(stored_version(connection), older=older)
            yield connection


def _open_reader(path: Path, *, untouched: bool) -> sqlite3.Connection:
    if untouched:
        return _connect_reader(path, "mode=ro&immutable=1")
    try:
        return _connect_reader(path, "mode=ro")
    except sqlite3.OperationalError as error:
        if _primary_code(error) not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
            raise
        # A library with a log opens only where the log's index may be made beside it.
        _log.warning("The library's folder cannot be written; reading the library as it lies.")
        return _connect_reader(path, "mode=ro&immutable=1")


def _connect_reader(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{_uri(path)}?{how}", uri=True, timeout=_BUSY_TIMEOUT_S, isolation_level=None
    )
    try:
        connection.text_factory = _lenient
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        stored_version(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _lenient(content: bytes) -> str:
    """Read text as it is meant; half a letter in one row must not hide the others."""
    return content.decode("utf-8", "replace")


def _uri(path: Path) -> str:
    """Return the path as SQLite takes it; a place on a server has no host of its own there."""
    uri = path.resolve().as_uri()
    return uri if uri.startswith("file:///") else uri.replace("file://", "file:////", 1)


def _check_readable(version: int, *, older: bool) -> None:
    # An empty file is a library that its writer is just making.
    if version < (1 if older else SCHEMA_VERSION):
        raise LibraryError(Problem.OLDER if version else Problem.MISSING)
