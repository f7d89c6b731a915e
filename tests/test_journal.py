"""What a person writes is kept like a sitting, and what they erase is gone from every byte."""

import json
import random
import sqlite3
import sys
import threading
from contextlib import closing
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_recorder import (
    CHILD,
    SOON_S,
    States,
    a_start,
    begun,
    bytes_of_folder,
    child,
    large_facts,
    path,
    recorder,
    small_disk,
)

from biobreath import heart_rate_service as hrs
from biobreath.clock import WallTime
from biobreath.events import (
    Answered,
    Marked,
    Noted,
    Paused,
    PhaseEntered,
    PracticeBegan,
    PracticeEnded,
    Rated,
)
from biobreath.store import recorder as recorder_module
from biobreath.store import schema
from biobreath.store.journal import LONGEST_BODY, JournalEntry
from biobreath.store.library import Library
from biobreath.store.recorder import Recorder, RecorderState
from biobreath.store.schema import LibraryError

__all__ = ["path", "recorder", "small_disk"]  # fixtures

NOW = WallTime(1_790_000_000_123, 7200, "CEST")


def change(path, sql, *values):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(sql, values)


def bodies(path, *kinds):
    return [entry.body for entry in Library(path).journal(*kinds)]


# --- writing and reading -------------------------------------------------------------------------


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=()), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=st.lists(st.dictionaries(st.text(max_size=8), plain, max_size=4), max_size=5))
def test_what_was_written_is_read_in_the_order_it_was_written(recorder, path, written):
    before = len(bodies(path))
    for body in written:
        recorder.write("word", body, NOW)
    assert recorder.flush(SOON_S)
    assert bodies(path)[before:] == written


def test_an_entry_keeps_its_moment_and_the_sitting_it_is_about(recorder, path):
    session_id = begun(recorder)
    recorder.write("win", {"text": "laughed"}, NOW, session_id)
    recorder.write("flags", {"flags": ["eyes_open"]}, WallTime(5, -3600, "AZOT"))
    assert recorder.flush(SOON_S)
    assert Library(path).journal() == [
        JournalEntry(1, session_id, NOW.utc_ms, 7200, "win", {"text": "laughed"}),
        JournalEntry(2, None, 5, -3600, "flags", {"flags": ["eyes_open"]}),
    ]
    assert Library(path).integrity() == []


def test_only_the_kinds_asked_for_are_read(recorder, path):
    for kind in ("win", "crumb", "win", "flags"):
        recorder.write(kind, {"kind": kind}, NOW)
    assert recorder.flush(SOON_S)
    assert [entry.id for entry in Library(path).journal("win")] == [1, 3]
    assert [entry.id for entry in Library(path).journal("flags", "crumb")] == [2, 4]
    assert Library(path).journal("nothing") == []


def test_an_entry_needs_no_sitting_and_does_not_open_one(path):
    states = States()
    recorder = Recorder(path, states)
    recorder.start()
    recorder.write("crumb", {"text": "sun on the wall"}, NOW)
    assert recorder.flush(SOON_S)
    assert recorder.close(SOON_S)
    assert states.seen == []
    assert Library(path).sittings() == []
    assert bodies(path) == [{"text": "sun on the wall"}]


def test_an_entry_does_not_wait_for_the_second_to_pass(recorder, path, monkeypatch):
    monkeypatch.setattr(recorder_module, "COMMIT_EVERY_S", 3600.0)
    recorder.write("crumb", {}, NOW)
    with recorder._changed:
        assert recorder._changed.wait_for(lambda: not recorder._queue, SOON_S)
    assert bodies(path) == [{}]


def test_a_table_that_is_changed_after_it_was_given_is_written_as_it_was(recorder, path):
    body = {"text": "as it was"}
    recorder.write("crumb", body, NOW)
    body["text"] = "changed"
    assert recorder.flush(SOON_S)
    assert bodies(path) == [{"text": "as it was"}]


@pytest.mark.parametrize(
    "body",
    [
        {"value": float("nan")},
        {"value": float("inf")},
        {"value": {1, 2}},
        {"value": b"bytes"},
        {"text": "x" * LONGEST_BODY},
    ],
)
def test_a_body_that_cannot_be_written_is_refused_at_once(recorder, path, body):
    with pytest.raises((TypeError, ValueError)):
        recorder.write("word", body, NOW)
    recorder.write("word", {}, NOW)
    assert recorder.flush(SOON_S)
    assert bodies(path) == [{}]
    assert recorder.lost == 0


def test_an_entry_about_a_sitting_that_is_gone_is_counted_and_harms_no_other(recorder, path):
    recorder.write("win", {"text": "about nothing"}, NOW, 77)
    recorder.write("win", {"text": "kept"}, NOW)
    assert recorder.flush(SOON_S)
    assert bodies(path) == [{"text": "kept"}]
    assert recorder.lost == 1


def test_what_is_written_too_late_is_counted(path):
    recorder = Recorder(path)
    recorder.start()
    assert recorder.close(SOON_S)
    recorder.write("win", {}, NOW)
    assert recorder.lost == 1


def test_entries_from_many_threads_all_arrive(recorder, path):
    def give(who):
        for number in range(50):
            recorder.write("word", {"who": who, "number": number}, NOW)

    threads = [threading.Thread(target=give, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert recorder.flush(SOON_S)
    found = bodies(path)
    for who in range(4):
        assert [body["number"] for body in found if body["who"] == who] == list(range(50))


def test_a_clock_that_was_set_back_does_not_change_the_order(recorder, path):
    for utc_ms in (9_000, 4_000, 7_000):
        recorder.write("word", {"ms": utc_ms}, WallTime(utc_ms, 0, ""))
    assert recorder.flush(SOON_S)
    assert [body["ms"] for body in bodies(path)] == [9_000, 4_000, 7_000]


def test_where_there_is_no_library_nothing_was_written(tmp_path):
    library = Library(tmp_path / "nowhere" / "library.db")
    assert library.journal() == []
    assert library.practice_sittings() == []


def test_a_file_that_is_no_library_is_said(path):
    path.parent.mkdir()
    path.write_text("Dear diary. " * 100)
    for ask in (Library(path).journal, Library(path).practice_sittings):
        with pytest.raises(LibraryError):
            ask()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("body", "no JSON"),
        ("body", "[1]"),
        ("body", "null"),
        ("body", "[" * 100_000),
        ("written_ms", 9 * 10**18),
        ("utc_offset_s", 86_400),
    ],
)
def test_a_damaged_row_hides_no_other(recorder, path, column, value):
    for text in ("before", "damaged", "after"):
        recorder.write("word", {"text": text}, NOW)
    assert recorder.flush(SOON_S)
    change(path, f"UPDATE journal SET {column} = ? WHERE id = 2", value)
    assert bodies(path) == [{"text": "before"}, {"text": "after"}]


def test_what_was_written_about_a_sitting_thrown_away_is_not_read(recorder, path):
    session_id = begun(recorder)
    recorder.write("win", {"text": "about it"}, NOW, session_id)
    recorder.write("win", {"text": "about life"}, NOW)
    assert recorder.flush(SOON_S)
    change(path, "UPDATE session SET deleted_ms = 1")
    assert bodies(path) == [{"text": "about life"}]


# --- sittings with a practice --------------------------------------------------------------------


BEGAN = PracticeBegan(0.5, "core.calm", "1.0.0", "en", 180.0, ("eyes_open",), "hidden", "the text")


def sat(recorder, *facts, **changes):
    session_id = begun(recorder, **changes)
    for fact in facts:
        recorder.add(fact)
    recorder.end(200.0)
    assert recorder.flush(SOON_S)
    return session_id


def test_every_practice_is_read_oldest_first_with_what_is_known_of_it_only(recorder, path):
    told = [BEGAN, PhaseEntered(1.0, "settle"), Rated(2.0, "fear", None, "before")]
    beats = hrs.decode(1.5, hrs.encode(60, [1000]))
    later = sat(
        recorder, *told, beats, Marked(3.0, "here"), wall=WallTime(2_000_000_000_000, 0, "")
    )
    sat(recorder, PhaseEntered(1.0, "breathe"), Rated(2.0, "calm", 4))
    answered = Answered(3.0, "fit", ("mild",), "own words")
    first = sat(recorder, BEGAN, Paused(2.0), answered, PracticeEnded(9.0, "done"))
    rows = Library(path).practice_sittings()
    assert [row.id for row, _ in rows] == [first, later]
    assert [row for row, _ in rows] == [Library(path).sitting(n) for n in (first, later)]
    assert [facts for _, facts in rows] == [[BEGAN, answered, PracticeEnded(9.0, "done")], told]


def test_a_damaged_event_or_sitting_hides_no_other_practice(recorder, path):
    numbers = [sat(recorder, BEGAN, Noted(1.0, "note", "a word", True)) for _ in range(3)]
    change(path, "UPDATE event SET data = '[' WHERE kind = 'note' AND session_id = 1")
    change(path, "UPDATE event SET t_s = 9e999 WHERE kind = 'note' AND session_id = 2")
    change(path, "UPDATE session SET duration_s = -1 WHERE id = 3")
    found = Library(path).practice_sittings()
    assert [(row.id, facts) for row, facts in found] == [(n, [BEGAN]) for n in numbers[:2]]


def test_the_same_words_in_two_sittings_are_two_facts(recorder, path):
    for t in (1.0, 2.0):
        sat(recorder, BEGAN, PhaseEntered(t, "settle"))
    found = [facts[1] for _, facts in Library(path).practice_sittings()]
    assert found == [PhaseEntered(1.0, "settle"), PhaseEntered(2.0, "settle")]


# --- erasing -------------------------------------------------------------------------------------


def copied(path):
    backup = path.with_name("library-version-1-20260101T000000Z.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(backup),))
    return backup


def test_an_erased_entry_leaves_no_trace_in_any_file(recorder, path):
    for text in ("stays one", "a private word", "stays two"):
        recorder.write("crumb", {"text": text * 300}, NOW)
    assert recorder.flush(SOON_S)
    backup = copied(path)
    assert b"a private word" in backup.read_bytes()
    recorder.erase(2)
    assert recorder.flush(SOON_S)
    assert b"a private word" not in bytes_of_folder(path)
    for library in (Library(path), Library(backup)):
        assert [entry.id for entry in library.journal()] == [1, 3]


def test_erasing_what_is_not_there_changes_nothing(recorder, path):
    recorder.write("crumb", {"text": "stays"}, NOW)
    recorder.erase(5)
    recorder.erase(-1)
    assert recorder.flush(SOON_S)
    assert bodies(path) == [{"text": "stays"}]


def test_a_number_once_given_never_means_another_entry(recorder, path):
    recorder.write("crumb", {"text": "first"}, NOW)
    recorder.erase(1)
    recorder.write("crumb", {"text": "second"}, NOW)
    assert recorder.flush(SOON_S)
    recorder.erase(1)
    recorder.erase_all()
    recorder.write("crumb", {"text": "third"}, NOW)
    assert recorder.flush(SOON_S)
    assert [entry.id for entry in Library(path).journal()] == [3]


def test_an_entry_of_another_moment_is_left_in_a_backup(recorder, path):
    recorder.write("crumb", {"text": "of the backup"}, WallTime(1, 0, ""))
    assert recorder.flush(SOON_S)
    backup = copied(path)
    change(path, "UPDATE journal SET written_ms = 2")
    recorder.erase(1)
    assert recorder.flush(SOON_S)
    assert bodies(path) == []
    assert bodies(backup) == [{"text": "of the backup"}]


def test_what_was_written_about_a_deleted_sitting_goes_with_it(recorder, path):
    session_id = begun(recorder)
    recorder.write("win", {"text": "about the sitting"}, NOW, session_id)
    recorder.write("win", {"text": "about life"}, NOW)
    recorder.end(1.0)
    assert recorder.flush(SOON_S)
    recorder.delete(session_id)
    assert recorder.flush(SOON_S)
    assert bodies(path) == [{"text": "about life"}]
    assert b"about the sitting" not in bytes_of_folder(path)


@pytest.mark.parametrize("seed", [7, 19])
def test_pages_that_were_split_keep_no_copy_of_what_was_deleted(recorder, path, seed):
    # With these seeds copies are left behind where rows are only wiped, not pages written anew.
    chance = random.Random(seed)
    for sitting in range(6):
        begun(recorder, uuid=str(uuid4()))
        for number in range(chance.randrange(20, 120)):
            length = chance.choice([3, 50, 400, 1500])
            recorder.add(Noted(float(number), "note", f"<s{sitting}> " + "x" * length))
            recorder.add(hrs.decode(number + 0.5, hrs.encode(60, [1000])))
            recorder.write("word", {"text": f"<e{sitting}> " + "x" * length}, NOW)
            if chance.random() < 0.2:
                assert recorder.flush(SOON_S)
        recorder.end(100.0)
        assert recorder.flush(SOON_S)
    gone = chance.sample(range(6), 3)
    entries = Library(path).journal()
    for sitting in gone:
        recorder.delete(sitting + 1)
    for entry in chance.sample(entries, len(entries)):
        if any(f"<e{sitting}>" in str(entry.body["text"]) for sitting in gone):
            recorder.erase(entry.id)
    assert recorder.flush(SOON_S)
    after = bytes_of_folder(path)
    for sitting in range(6):
        assert (f"<s{sitting}>".encode() in after) == (sitting not in gone)
        assert (f"<e{sitting}>".encode() in after) == (sitting not in gone)


def test_no_sitting_waits_for_pages_to_be_written_anew(recorder, path, monkeypatch):
    made_whole = []
    pen = recorder_module.Pen
    make_whole = pen._make_whole
    monkeypatch.setattr(
        pen, "_make_whole", lambda self: made_whole.append(make_whole(self)) or made_whole[-1]
    )
    recorder.write("crumb", {"text": "a private word"}, NOW)
    begun(recorder)
    recorder.erase(1)
    assert recorder.flush(SOON_S)
    assert b"a private word" not in bytes_of_folder(path)
    assert made_whole == [False]
    recorder.end(1.0)
    assert recorder.flush(SOON_S)
    assert made_whole == [False, True]
    recorder.write("crumb", {}, NOW)
    assert recorder.flush(SOON_S)
    assert made_whole == [False, True]


def test_everything_can_be_erased_with_all_backups(recorder, path):
    session_id = begun(recorder, device_name="My own strap")
    recorder.add(Noted(1.0, "note", "a private word"))
    recorder.write("win", {"text": "another private word"}, NOW, session_id)
    recorder.write("win", {"text": "one more private word"}, NOW)
    recorder.end(1.0)
    recorder.begin(a_start())
    assert recorder.flush(SOON_S)
    backup = copied(path)
    recorder.erase_all()
    assert recorder.flush(SOON_S)
    after = bytes_of_folder(path)
    for trace in (b"private word", b"My own strap"):
        assert trace not in after
    assert not backup.exists()
    assert (Library(path).sittings(), bodies(path)) == ([], [])
    assert recorder.state is RecorderState.OFF
    assert begun(recorder) == session_id + 2


def test_a_backup_that_cannot_be_changed_just_now_is_cleaned_at_the_next_commit(
    recorder, path, monkeypatch
):
    recorder.write("crumb", {"text": "a private word"}, NOW)
    assert recorder.flush(SOON_S)
    backup = copied(path)
    connect = sqlite3.connect
    monkeypatch.setattr(
        schema.sqlite3, "connect", lambda file, **how: connect(file, **{**how, "timeout": 0.0})
    )
    with closing(connect(backup, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        recorder.erase(1)
        assert recorder.flush(SOON_S)
        connection.execute("ROLLBACK")
        assert b"a private word" in backup.read_bytes()
    recorder.write("crumb", {}, NOW)
    assert recorder.flush(SOON_S)
    assert b"a private word" not in backup.read_bytes()


# --- when the disk refuses, and when the process is killed ----------------------------------------


def test_on_a_full_disk_entries_wait_and_none_is_lost(small_disk, path):
    recorder, states, room = small_disk
    session_id = begun(recorder)
    for fact in large_facts(300):
        recorder.add(fact)
    assert states.wait_for(RecorderState.RECORDING, RecorderState.WAITING)
    written = [{"number": number} for number in range(50)]
    for body in written:
        recorder.write("word", body, NOW, session_id)
    assert not recorder.flush(0.2)
    assert bodies(path) == []
    room.set()
    assert recorder.flush(SOON_S)
    assert bodies(path) == written
    assert len(Library(path).facts(session_id)) == 300
    assert recorder.lost == 0


def test_what_is_erased_on_a_full_disk_is_gone_when_there_is_room(small_disk, path):
    recorder, _, room = small_disk
    begun(recorder)
    recorder.write("word", {"text": "a private word"}, NOW)
    assert recorder.flush(SOON_S)
    for fact in large_facts(300):
        recorder.add(fact)
    recorder.erase(1)
    assert not recorder.flush(0.2)
    recorder.end(1.0)
    room.set()
    assert recorder.flush(SOON_S)
    assert bodies(path) == []
    assert b"a private word" not in bytes_of_folder(path)


ENDLESS = (
    CHILD
    + """
recorder = Recorder(path)
recorder.start()
recorder.begin(start)
session_id = recorder.wait_begun(10)
wall = WallTime(0, 0, "")
number = 0
while True:
    recorder.write("word", {"number": number}, wall, session_id if number % 2 else None)
    recorder.flush(10)
    say(number)
    number += 1
"""
)


def test_a_killed_process_keeps_every_entry_that_was_on_the_disk(tmp_path):
    chance = random.Random(3)
    paths = [tmp_path / str(trial) / "library.db" for trial in range(2)]
    children = [child(ENDLESS, path) for path in paths]
    for process in children:
        for _ in range(chance.randrange(5, 60)):
            process.stdout.readline()
        process.kill()
    for file, process in zip(paths, children, strict=True):
        said = [int(line) for line in process.communicate()[0].splitlines()]
        with schema.writing(file):
            numbers = [body["number"] for body in bodies(file)]
        assert numbers == list(range(len(numbers)))
        # The last line may have been cut in the middle.
        assert all(number < len(numbers) for number in said[:-1])
        assert Library(file).integrity() == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows shares a file otherwise.")
def test_a_second_process_reads_what_was_just_written(recorder, path):
    recorder.write("crumb", {"text": "warm – „ruhig“"}, NOW)
    assert recorder.flush(SOON_S)
    program = (
        "import json, sys; from pathlib import Path; from biobreath.store.library import Library;"
        "print(json.dumps([entry.body for entry in Library(Path(sys.argv[1])).journal()]))"
    )
    out, _ = child(program, path).communicate(timeout=30)
    assert json.loads(out) == [{"text": "warm – „ruhig“"}]
