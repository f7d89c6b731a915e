"""The library file opens for one writer, stays private, and is never harmed by being opened."""

import errno
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from biobreath.store.schema import (
    APPLICATION_ID,
    MIGRATIONS,
    SCHEMA_VERSION,
    LibraryBusy,
    LibraryError,
    Problem,
    backups,
    plainly,
    reading,
    writing,
)

posix_only = pytest.mark.skipif(os.name != "posix", reason="Only POSIX has these modes.")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "library.db"


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def add_sitting(connection, uuid="0" * 36, state="recording"):
    connection.execute(
        "INSERT INTO session(uuid, state, practice, started_ms, utc_offset_s, tz_name, boot_id,"
        " source, device_name, device_id, app_version, settings_json)"
        " VALUES(?, ?, 'paced_breathing', 0, 0, '', '', 'simulated', '', '', '0', '{}')",
        (uuid, state),
    )


def states(path):
    with reading(path) as connection:
        return [row[0] for row in connection.execute("SELECT state FROM session ORDER BY id")]


def problem_of_writing(path, **how):
    with pytest.raises(LibraryError) as caught, writing(path, **how):
        pass
    return caught.value.problem


@posix_only
def test_a_new_library_can_be_opened_by_its_owner_only(path):
    before = os.umask(0)
    try:
        with writing(path) as connection:
            add_sitting(connection)
            files = {file.name: mode(file) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    names = {"library.db", "library.db-wal", "library.db-shm", "library.lock"}
    assert files == dict.fromkeys(names, 0o600)
    assert mode(path.parent) == 0o700


@posix_only
def test_a_library_that_others_could_read_is_made_private_again(path):
    with writing(path):
        pass
    path.chmod(0o644)
    path.parent.chmod(0o755)
    with writing(path):
        pass
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700


def test_the_writer_flushes_each_commit_and_keeps_its_log_short(path):
    with writing(path) as connection:

        def setting(name):
            return connection.execute(f"PRAGMA {name}").fetchone()[0]

        assert setting("application_id") == APPLICATION_ID
        assert setting("user_version") == SCHEMA_VERSION
        assert setting("journal_mode") == "wal"
        assert setting("synchronous") == 2
        assert setting("foreign_keys") == 1
        assert setting("secure_delete") == 1
        assert setting("busy_timeout") == 5000
        assert setting("wal_autocheckpoint") == 100
        assert setting("journal_size_limit") == 1024 * 1024
        assert setting("temp_store") == 2


def test_a_library_takes_no_value_of_the_wrong_type(path):
    with writing(path) as connection:
        add_sitting(connection)
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("INSERT INTO packet VALUES(1, 0, 'noon', 0, x'00')")


def test_a_library_that_was_left_half_made_is_made(path):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    with writing(path) as connection:
        add_sitting(connection)
    assert states(path) == ["recording"]


def test_a_sitting_left_open_is_recovered_by_the_next_writer(path):
    with writing(path) as connection:
        add_sitting(connection, "a" * 36)
        add_sitting(connection, "b" * 36, state="closed")
    with writing(path):
        assert states(path) == ["recovered", "closed"]


def test_a_second_writer_is_told_that_the_library_is_busy(path):
    with writing(path) as connection:
        add_sitting(connection)
        with pytest.raises(LibraryBusy) as caught, writing(path):
            pass
        assert caught.value.problem is Problem.BUSY
        assert states(path) == ["recording"]
    with writing(path):
        pass


def a_newer_library(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def a_foreign_database(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmark(url TEXT)")


def a_letter(path):
    path.write_text("Dear diary, this is no database at all.\n" * 50)


def a_short_letter(path):
    path.write_text("x")


@pytest.mark.parametrize(
    ("made_by", "problem"),
    [
        (a_newer_library, Problem.NEWER),
        (a_foreign_database, Problem.FOREIGN),
        (a_letter, Problem.NO_DATABASE),
        (a_short_letter, Problem.NO_DATABASE),
    ],
)
def test_a_file_that_is_not_ours_to_open_is_refused_and_left_as_it_is(path, made_by, problem):
    path.parent.mkdir()
    made_by(path)
    path.chmod(0o644)
    before = path.read_bytes(), mode(path)
    assert problem_of_writing(path) is problem
    with pytest.raises(LibraryError) as caught, reading(path):
        pass
    assert caught.value.problem is problem
    assert (path.read_bytes(), mode(path)) == before


def test_an_older_library_is_copied_and_then_brought_up_to_date(path):
    with writing(path) as connection:
        add_sitting(connection, state="closed")

    def second(connection):
        connection.execute("ALTER TABLE session ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'")

    before = os.umask(0)
    try:
        with writing(path, (*MIGRATIONS, second)) as connection:
            assert connection.execute("SELECT state, mood FROM session").fetchall() == [
                ("closed", "calm")
            ]
            assert connection.execute("PRAGMA user_version").fetchone()[0] == 2
    finally:
        os.umask(before)
    [backup] = backups(path)
    assert mode(backup) == 0o600 or os.name != "posix"
    assert states(backup) == ["closed"]


def test_a_library_of_the_present_version_is_not_copied(path):
    for _ in range(2):
        with writing(path):
            pass
    assert backups(path) == []


def test_a_migration_that_fails_changes_nothing(path):
    with writing(path) as connection:
        add_sitting(connection, state="closed")

    def failing(connection):
        connection.execute("DELETE FROM session")
        connection.execute("this is no SQL")

    assert problem_of_writing(path, migrations=(*MIGRATIONS, failing)) is Problem.TROUBLE
    assert states(path) == ["closed"]


def test_a_reader_cannot_write(path):
    with writing(path):
        pass
    with pytest.raises(LibraryError), reading(path) as connection:
        connection.execute("DELETE FROM session")


def test_a_reader_finds_nothing_where_nothing_is_or_is_only_being_made(path):
    for _ in range(2):
        with pytest.raises(LibraryError) as caught, reading(path):
            pass
        assert caught.value.problem is Problem.MISSING
        path.parent.mkdir(exist_ok=True)
        path.touch()


def test_a_reader_that_wants_nothing_touched_makes_no_file(path):
    with writing(path) as connection:
        add_sitting(connection)
    before = sorted(path.parent.iterdir())
    with reading(path, untouched=True) as connection:
        assert connection.execute("SELECT count(*) FROM session").fetchone()[0] == 1
        assert sorted(path.parent.iterdir()) == before


def test_a_library_is_read_where_its_log_cannot_be_opened(path):
    with writing(path) as connection:
        add_sitting(connection)
    path.with_name("library.db-wal").mkdir()
    assert states(path) == ["recording"]


READ_AS_ANYBODY = """
import os, sys
from pathlib import Path
from biobreath.store.schema import LibraryError, reading, writing
if os.geteuid() == 0:  # root may write everywhere
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
path = Path(sys.argv[1])
with reading(path) as connection:
    sys.stdout.write(connection.execute("SELECT state FROM session").fetchone()[0] + "\\n")
try:
    with writing(path):
        sys.stdout.write("written\\n")
except LibraryError as error:
    sys.stdout.write(error.problem.name + "\\n")
"""


@posix_only
def test_a_read_only_folder_can_be_read_and_says_that_it_cannot_be_written():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data" / "library.db"
        with writing(path) as connection:
            add_sitting(connection)
        path.with_suffix(".lock").unlink()
        path.chmod(0o444)
        path.parent.chmod(0o555)
        Path(folder).chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-c", READ_AS_ANYBODY, str(path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        path.parent.chmod(0o700)
    assert (done.stdout.split(), done.returncode) == (["recording", "NOT_PERMITTED"], 0), done


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (errno.ENOSPC, Problem.NO_SPACE),
        (errno.EACCES, Problem.NOT_PERMITTED),
        (errno.EROFS, Problem.NOT_PERMITTED),
        (errno.EIO, Problem.NOT_PERMITTED),
    ],
)
def test_what_the_system_says_becomes_a_plain_sentence(number, problem):
    with pytest.raises(LibraryError) as caught, plainly():
        raise OSError(number, "Errno so and so")
    assert caught.value.problem is problem
    assert str(caught.value) == problem.value
