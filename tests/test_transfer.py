"""A sitting goes into a file of its own and comes back; a hostile file does no harm."""

import contextlib
import json
import math
import os
import sqlite3
import stat
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from biobreath import heart_rate_service as hrs
from biobreath.clock import WallTime
from biobreath.events import (
    Answered,
    LinkChanged,
    LinkReason,
    LinkState,
    Marked,
    Noted,
    PaceChanged,
    PracticeBegan,
    Rated,
)
from biobreath.session.analysis import analyse
from biobreath.session.review import review
from biobreath.store import transfer
from biobreath.store.journal import JournalEntry
from biobreath.store.library import Library, SittingState
from biobreath.store.recorder import Recorder
from biobreath.store.rows import encode
from biobreath.store.schema import APPLICATION_ID, LibraryError, Problem, writing
from biobreath.store.summary import Summary
from biobreath.store.tasks import SittingStart
from biobreath.store.transfer import read_biobreath, read_sent, write_biobreath

SOON_S = 10.0
FACTS = [
    LinkChanged(0.0, LinkState.RECEIVING, LinkReason.NONE, "Strap"),
    PaceChanged(0.1, "even", 0.1, 5.0, 0.0, 5.0, 0.0),
    *(hrs.decode(second + 0.1, hrs.encode(60, [1024, 1000])) for second in range(200)),
    Marked(201.0, "calm"),
    Rated(202.0, "calm", None),
]
SUMMARY = Summary(hr_mean_bpm=60.5, metrics_version=4)


@pytest.fixture
def library(tmp_path):
    path = tmp_path / "data" / "library.db"
    recorder = Recorder(path)
    recorder.start()
    for number in range(3):
        recorder.begin(
            SittingStart(
                f"{number}" * 36,
                WallTime(1_790_000_000_000 + number, 3600, "CET"),
                "paced",
                "strap",
                "0.1.0",
                device_id="00:00:5E:00:53:01",
                boot_id="a boot",
            )
        )
        for fact in FACTS:
            recorder.add(fact)
        recorder.end(203.0, SUMMARY)
    assert recorder.close(SOON_S)
    return path


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "sent"
    folder.mkdir()
    return folder / "sitting.biobreath"


@pytest.fixture
def file(library, target):
    write_biobreath(library, 2, target)
    return target


def change(path, *statements):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for sql in statements:
            connection.execute(sql)


def value(path, sql):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchone()[0]


def problem_of_reading(path):
    before = sorted(path.parent.iterdir())
    content = path.read_bytes()
    with pytest.raises(LibraryError) as caught:
        read_biobreath(path)
    assert sorted(path.parent.iterdir()) == before
    assert path.read_bytes() == content
    return caught.value.problem


def test_a_sitting_written_to_a_file_comes_back_whole(library, file):
    row, facts = read_biobreath(file)
    home = Library(library).sitting(2)
    assert facts == FACTS
    assert row.id == 1
    assert (row.uuid, row.started, row.summary) == (home.uuid, home.started, SUMMARY)
    assert (row.duration_s, row.beats, row.state) == (203.0, 400, SittingState.CLOSED)


def test_the_file_says_what_its_numbers_are_not_for(file):
    with contextlib.closing(sqlite3.connect(file)) as connection:
        ((note,),) = connection.execute("SELECT value FROM meta WHERE key = 'note'")
    assert "not for diagnosis" in note


def test_the_file_is_private_stands_alone_and_needs_no_log(file):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 or os.name != "posix"
    assert [entry.name for entry in file.parent.iterdir()] == [file.name]
    assert value(file, "PRAGMA journal_mode") == "delete"
    assert value(file, "PRAGMA application_id") == APPLICATION_ID
    assert value(file, "SELECT count(*) FROM session") == 1


def test_the_address_of_the_strap_leaves_the_house_only_when_asked_for(library, file):
    assert b"00:00:5E:00:53:01" not in file.read_bytes()
    assert b"a boot" not in file.read_bytes()
    write_biobreath(library, 2, file, with_device_id=True)
    assert value(file, "SELECT device_id FROM session") == "00:00:5E:00:53:01"


def journal_row(path, *row):
    with writing(path) as connection:
        connection.execute("INSERT INTO journal VALUES(?, ?, ?, ?, ?, ?)", row)


@pytest.fixture
def library_with_journal(library):
    journal_row(library, 7, 2, 5_000, 3600, "win", '{"text": "laughed"}')
    journal_row(library, 8, None, 6_000, 3600, "crumb", '{"text": "a private word"}')
    journal_row(library, 9, 1, 7_000, 3600, "win", '{"text": "of another sitting"}')
    journal_row(library, 11, 2, 8_000, 0, "rating", '{"value": null}')
    return library


def test_what_was_written_about_a_sitting_goes_along_and_the_rest_stays_at_home(
    library_with_journal, target
):
    write_biobreath(library_with_journal, 2, target)
    sent = read_sent(target)
    assert (sent.row, sent.facts) == read_biobreath(target)
    assert sent.journal == [
        JournalEntry(1, 1, 5_000, 3600, "win", {"text": "laughed"}),
        JournalEntry(2, 1, 8_000, 0, "rating", {"value": None}),
    ]
    for stays in (b"a private word", b"of another sitting"):
        assert stays not in target.read_bytes()


def test_everything_written_stays_at_home_where_that_is_wished(library_with_journal, target):
    told = [
        PracticeBegan(0.0, "core.mindful-breath", "1.0.0", "en", 60.0, ("no_body_focus",)),
        Answered(1.0, "pick", ("person",), "my sister"),
        Rated(2.0, "peace", 7, "after"),
        Noted(3.0, "note", "a private word"),
    ]
    with writing(library_with_journal) as connection:
        for number, row in enumerate(map(encode, told), start=9_000):
            values = (2, number, row.t_s, row.kind, row.data)
            connection.execute("INSERT INTO event VALUES(?, ?, ?, ?, ?)", values)
    write_biobreath(library_with_journal, 2, target, with_words=False)
    for stays in (b"laughed", b"my sister", b"a private word", b"no_body_focus"):
        assert stays not in target.read_bytes()
    sent = read_sent(target)
    assert sent.journal == []
    assert [fact for fact in sent.facts if isinstance(fact, (Answered, Rated, Noted))] == [
        Rated(202.0, "calm", None),
        Answered(1.0, "pick", ("person",)),
        Rated(2.0, "peace", 7, "after"),
    ]


def test_entries_that_cannot_be_read_or_belong_elsewhere_are_left_out(file):
    bodies = ["[1]", "no JSON", "[" * 100_000, '{"text": 1}']
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for number, body in enumerate(bodies, start=1):
            connection.execute("INSERT INTO journal VALUES(?, 1, 0, 0, 'win', ?)", (number, body))
        for about, ms, offset in ((None, 0, 0), (1, 9 * 10**18, 0), (1, 0, 99_999), (77, 0, 0)):
            row = (about, ms, offset)
            connection.execute("INSERT INTO journal VALUES(NULL, ?, ?, ?, 'win', '{}')", row)
    assert [entry.body for entry in read_sent(file).journal] == [{"text": 1}]


def test_a_file_with_more_entries_than_anybody_writes_is_not_read(file, monkeypatch):
    monkeypatch.setattr(transfer, "MOST_FACTS", len(FACTS))
    assert len(read_sent(file).facts) == len(FACTS)
    change(file, "INSERT INTO journal VALUES(1, 1, 0, 0, 'win', '{}')")
    assert problem_of_reading(file) is Problem.TOO_BIG


def test_an_entry_larger_than_any_is_not_read(file, monkeypatch):
    monkeypatch.setattr(transfer, "LONGEST_VALUE", 100_000)
    body = "x" * 200_000
    change(file, f"INSERT INTO journal VALUES(1, 1, 0, 0, 'win', '{body}')")
    assert problem_of_reading(file) in {Problem.TOO_BIG, Problem.TROUBLE}


def test_signals_go_along(library, target):
    with writing(library) as connection:
        for number in (1, 2):
            connection.execute(
                "INSERT INTO stream VALUES(?, ?, 'ecg', '<i2', 1, 130.0, 'uV', 1.0)",
                (number, number),
            )
            connection.execute(
                "INSERT INTO chunk VALUES(?, 0, 0.5, 1, 0, ?)", (number, bytes([number]))
            )
    write_biobreath(library, 2, target)
    assert value(target, "SELECT count(*) FROM chunk") == 1
    assert value(target, "SELECT data FROM chunk JOIN stream ON stream.id = stream_id") == b"\x02"


def test_a_sitting_still_being_recorded_is_written_as_far_as_it_is(library, target):
    recorder = Recorder(library)
    recorder.start()
    recorder.begin(SittingStart("9" * 36, WallTime(0, 0, ""), "paced", "strap", "0.1.0"))
    recorder.add(Marked(1.0, "so far"))
    assert recorder.flush(SOON_S)
    write_biobreath(library, recorder.session_id, target)
    assert recorder.close(SOON_S)
    row, facts = read_biobreath(target)
    assert row.state is SittingState.RECOVERED
    assert facts == [Marked(1.0, "so far")]


def test_a_sitting_that_is_not_there_leaves_an_earlier_file_as_it_was(library, file):
    before = file.read_bytes()
    with pytest.raises(LibraryError) as caught:
        write_biobreath(library, 99, file)
    assert caught.value.problem is Problem.NO_SITTING
    assert file.read_bytes() == before
    assert [entry.name for entry in file.parent.iterdir()] == [file.name]


def test_the_library_is_never_written_over(library):
    with pytest.raises(LibraryError) as caught:
        write_biobreath(library, 1, library)
    assert caught.value.problem is Problem.SAME_FILE
    assert len(Library(library).sittings()) == 3


def test_a_folder_that_is_not_there_is_told_in_plain_words(library, tmp_path):
    with pytest.raises(LibraryError) as caught:
        write_biobreath(library, 1, tmp_path / "nowhere" / "sitting.biobreath")
    assert caught.value.problem is Problem.NO_FOLDER


def test_a_file_in_a_folder_where_nothing_can_be_made_is_read(file):
    # Folders in the places of what SQLite would make beside the file: this holds for root too.
    for ending in ("-wal", "-shm", "-journal"):
        Path(f"{file}{ending}").mkdir()
    change_nothing = file.read_bytes()
    assert read_biobreath(file)[1] == FACTS
    assert file.read_bytes() == change_nothing


# --- files from anybody --------------------------------------------------------------------------


def test_what_is_no_sitting_is_refused_in_plain_words(file):
    with pytest.raises(LibraryError) as caught:
        read_biobreath(file.with_name("nothing.biobreath"))
    assert caught.value.problem is Problem.MISSING
    file.write_bytes(b"RR\n1000\n" * 200)
    assert problem_of_reading(file) is Problem.NO_DATABASE
    file.write_bytes(b"RR")
    assert problem_of_reading(file) is Problem.NO_DATABASE
    with pytest.raises(LibraryError):
        read_biobreath(file.parent)


@pytest.mark.parametrize(
    ("statements", "problem"),
    [
        (["PRAGMA application_id = 1"], Problem.FOREIGN),
        (["PRAGMA application_id = 0"], Problem.FOREIGN),
        (["PRAGMA user_version = 99"], Problem.NEWER),
        (["PRAGMA user_version = -1"], Problem.DAMAGED),
        (["DROP TABLE packet"], Problem.DAMAGED),
        (["DELETE FROM session"], Problem.NOT_ONE),
        (["UPDATE session SET started_ms = -9000000000000000000"], Problem.DAMAGED),
        (["UPDATE session SET utc_offset_s = 999999"], Problem.DAMAGED),
        (["UPDATE session SET duration_s = 9e999"], Problem.DAMAGED),
        (["UPDATE session SET duration_s = -1.0"], Problem.DAMAGED),
        (["UPDATE session SET beats = -5"], Problem.DAMAGED),
        (["UPDATE session SET hr_mean_bpm = -9e999"], Problem.DAMAGED),
        (["UPDATE event SET t_s = 9e999"], Problem.DAMAGED),
    ],
)
def test_a_file_with_impossible_content_is_refused(file, statements, problem):
    change(file, *statements)
    assert problem_of_reading(file) is problem


@pytest.mark.parametrize(
    ("column", "literal"),
    [("t_s", "'noon'"), ("t_s", "NULL"), ("kind", "5"), ("data", "5"), ("kind", "x'00'")],
)
def test_a_table_that_is_not_strict_brings_no_wrong_types_in(file, column, literal):
    change(
        file,
        "ALTER TABLE event RENAME TO old",
        "CREATE TABLE event(session_id, seq, t_s, kind, data)",
        "INSERT INTO event SELECT * FROM old",
        f"UPDATE event SET {column} = {literal}",
    )
    assert problem_of_reading(file) is Problem.DAMAGED


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "


def test_a_sitting_whose_name_is_none_is_refused(file):
    change(
        file,
        "CREATE TABLE loose AS SELECT * FROM session",
        "DROP TABLE session",
        "ALTER TABLE loose RENAME TO session",
        "UPDATE session SET uuid = 'short'",
    )
    assert problem_of_reading(file) is Problem.DAMAGED


def test_a_view_in_the_place_of_a_table_is_refused(file):
    change(
        file,
        "DROP TABLE event",
        f"CREATE VIEW event AS {ENDLESS} SELECT 1, i, 0.0, 'paused', '{{}}' FROM n",
    )
    assert problem_of_reading(file) is Problem.DAMAGED


def test_a_file_that_would_keep_us_busy_for_ever_is_given_up(file, monkeypatch):
    monkeypatch.setattr(transfer, "_MOST_LOOKS", 3)
    monkeypatch.setattr(transfer, "_STEPS_BETWEEN_LOOKS", 100)
    assert problem_of_reading(file) is Problem.TOO_BIG


def test_a_file_larger_than_any_sitting_is_not_read(file, monkeypatch):
    monkeypatch.setattr(transfer, "MOST_FACTS", 10)
    assert problem_of_reading(file) is Problem.TOO_BIG
    monkeypatch.setattr(transfer, "LARGEST_FILE", 1000)
    assert problem_of_reading(file) is Problem.TOO_BIG


def test_packets_that_hold_more_beats_than_any_sitting_are_not_read(file):
    ten = struct.pack("<d", 800.0).hex() * 10
    change(file, f"UPDATE packet SET form = 1, payload = x'{ten}'")
    assert any(len(getattr(fact, "rr_ms", ())) == 10 for fact in read_biobreath(file)[1])
    many = struct.pack("<d", 800.0).hex() * 100_000
    change(
        file,
        f"UPDATE packet SET form = 1, payload = x'{many}'",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)"
        f" INSERT INTO packet SELECT 1, 10000 + i, 0.0, 1, x'{many}' FROM n",
    )
    assert problem_of_reading(file) is Problem.TOO_BIG


def test_a_value_larger_than_any_packet_is_not_read(file, monkeypatch):
    monkeypatch.setattr(transfer, "LONGEST_VALUE", 100_000)
    change(file, "UPDATE packet SET payload = zeroblob(200000) WHERE seq = 10")
    assert problem_of_reading(file) in {Problem.TOO_BIG, Problem.TROUBLE}


def test_a_library_of_several_sittings_is_no_sitting(library):
    assert problem_of_reading(library) is Problem.NOT_ONE


def test_a_file_cut_short_anywhere_is_refused(file):
    content = file.read_bytes()
    for length in range(0, len(content), 1024):
        file.write_bytes(content[:length])
        assert problem_of_reading(file) in {
            Problem.MISSING, Problem.NO_DATABASE, Problem.DAMAGED
        }  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.integers(0, 100_000), st.integers(0, 255), max_size=12))
def test_a_file_with_any_bytes_changed_is_read_or_refused(file, tmp_path, changes):
    content = bytearray(file.read_bytes())
    for place, byte in changes.items():
        content[place % len(content)] = byte
    changed = tmp_path / "changed.biobreath"
    changed.write_bytes(content)
    with contextlib.suppress(LibraryError):
        read_biobreath(changed)
    assert changed.read_bytes() == content


numbers = st.sampled_from([0.0, -1.0, 1e-300, 2e-7, 1e300, -1e300, math.inf, 7.5, 1e6])
json_numbers = numbers | st.sampled_from(["nan", "inf", "-inf", "1e999", None, True, 10**400])
pace_parts = ("origin_s", "inhale_s", "hold_full_s", "exhale_s", "hold_empty_s", "top_s")
paces = st.fixed_dictionaries(
    {"pattern": st.text(max_size=3)} | dict.fromkeys(pace_parts, json_numbers)
)
beats = st.lists(numbers | st.just(math.nan), max_size=6).map(
    lambda values: struct.pack(f"<{len(values)}d", *values)
)
hostile_packets = st.tuples(
    numbers, st.sampled_from([-1, 0, 1, 2, 16, 18, 99]), beats | st.binary(max_size=40)
)
hostile_events = st.tuples(
    numbers, st.sampled_from(["pace", "paused", "resumed", "link", "phase", "rating"]), paces
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(packets=st.lists(hostile_packets, max_size=6), events=st.lists(hostile_events, max_size=6))
def test_a_file_of_hostile_facts_is_read_and_looked_at_like_any_other(file, packets, events):
    # Few enough plain ones that they take no time beside the hostile ones.
    change(file, "DELETE FROM packet WHERE seq > 60", "DELETE FROM event WHERE seq > 60")
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for seq, row in enumerate(packets, start=1000):
            connection.execute("INSERT INTO packet VALUES(1, ?, ?, ?, ?)", (seq, *row))
        for seq, (t, kind, data) in enumerate(events, start=2000):
            written = (1, seq, t, kind, json.dumps(data))
            connection.execute("INSERT INTO event VALUES(?, ?, ?, ?, ?)", written)
    try:
        _, facts = read_biobreath(file)
    except LibraryError:
        return
    analyse(facts)
    review(facts)


def test_a_computed_column_cannot_make_a_small_file_large(file):
    change(
        file,
        "ALTER TABLE packet RENAME TO old",
        "CREATE TABLE packet(session_id INTEGER, seq INTEGER, t_s REAL, form INTEGER,"
        " payload BLOB AS (zeroblob(900000)))",
        "INSERT INTO packet(session_id, seq, t_s, form) SELECT 1, seq, t_s, form FROM old",
    )
    assert problem_of_reading(file) is Problem.DAMAGED
