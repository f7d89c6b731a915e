"""The library gives back every sitting, whatever has been done to a few of its rows.

Run as ``python tests/test_library.py FILE`` this writes the sittings of ``stored_sittings`` into a
new library. ``tests/data/library-v1.db`` was made so with format version 1 and is never made
again: it stands for the libraries that people have.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from biobreath import heart_rate_service as hrs
from biobreath.clock import WallTime
from biobreath.events import (
    BatteryRead,
    LinkChanged,
    LinkReason,
    LinkState,
    Marked,
    PaceChanged,
    PacketRefused,
    Paused,
    PhaseEntered,
    Rated,
    Resumed,
)
from biobreath.store.library import Library, SittingRow, SittingState, recover
from biobreath.store.recorder import Recorder
from biobreath.store.schema import LibraryError, Problem, reading, writing
from biobreath.store.summary import Summary
from biobreath.store.tasks import SittingStart

SOON_S = 10.0
SUMMARY = Summary(64.5, 41.25, 55.125, 9.75, 0.625, 6.0, 0.0078125, metrics_version=1)


def stored_sittings():
    """Return what lies in the stored library: for each sitting its start, its facts, its end."""
    every_kind = [
        LinkChanged(0.0, LinkState.SEARCHING),
        LinkChanged(0.1, LinkState.RECEIVING, LinkReason.NONE, "Strap β"),
        BatteryRead(0.30000000000000004, 87),
        PaceChanged(0.5, "long-exhale", 0.5, 4.0, 0.0, 6.0, 0.0),
        hrs.decode(1.1, hrs.encode(61, [1003, 997], contact=True, energy_kj=12)),
        PacketRefused(1.2, b"\x10"),
        hrs.decode(2.2, hrs.encode(300, [200], contact=False)),
        hrs.from_intervals(3.3, [1000.1, 999.9]),
        hrs.from_beat_times(4.4, [(3.9, 0.1 + 0.2), (4.4, 500.0)]),
        Paused(5.0),
        Resumed(6.0),
        PhaseEntered(6.0, "close"),
        Marked(6.5, "warm – „ruhig“"),
        Rated(7.0, "calm", 7),
        Rated(7.0, "pain", None),
        LinkChanged(8.0, LinkState.ENDED, LinkReason.STOPPED),
    ]
    summer = WallTime(1_792_888_200_000, 7200, "CEST")
    winter = WallTime(1_792_891_800_000, 3600, "CET")
    first = SittingStart(
        "11111111-1111-4111-8111-111111111111", summer, "paced_breathing", "strap", "0.1.0",
        device_id="00:00:5E:00:53:01", settings_json='{"pace": 6.0}',
    )  # fmt: skip
    second = SittingStart(
        "22222222-2222-4222-8222-222222222222", winter, "somatic_tracking", "simulated:1", "0.1.0"
    )
    return [(first, every_kind, 8.25), (second, [Marked(1.0, "only this")], 60.0)]


def write_library(path):
    recorder = Recorder(path)
    recorder.start()
    for start, facts, end in stored_sittings():
        recorder.begin(start)
        for fact in facts:
            recorder.add(fact)
        recorder.end(end, SUMMARY if facts[1:] else None)
    return recorder.close(SOON_S)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "data" / "library.db"
    assert write_library(path)
    return path


def change(path, sql, *values):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(sql, values)


def check_sittings(library):
    (first, first_facts, _), (_, second_facts, _) = stored_sittings()
    newest, oldest = library.sittings()
    assert (newest.practice, oldest.practice) == ("somatic_tracking", "paced_breathing")
    assert oldest == SittingRow(
        id=1,
        uuid=first.uuid,
        started=first.wall,
        duration_s=8.25,
        state=SittingState.CLOSED,
        source="strap",
        device_name="Strap β",
        beats=7,
        practice="paced_breathing",
        summary=SUMMARY,
        app_version="0.1.0",
        settings_json='{"pace": 6.0}',
    )
    assert newest.summary == Summary()
    assert library.facts(1) == first_facts
    assert library.facts(2) == second_facts
    assert library.integrity() == []


def test_sittings_are_listed_newest_first_and_give_back_their_facts(path):
    check_sittings(Library(path))


def test_a_library_of_format_1_is_read_and_opened_for_writing(data, tmp_path):
    path = tmp_path / "data" / "library.db"
    path.parent.mkdir()
    shutil.copy(data / "library-v1.db", path)
    check_sittings(Library(path))
    with writing(path):
        pass
    check_sittings(Library(path))


def test_where_there_is_no_library_there_are_no_sittings(tmp_path):
    path = tmp_path / "nowhere" / "library.db"
    assert Library(path).sittings() == []
    assert recover(path) == 0
    assert not path.parent.exists()


def test_a_sitting_that_is_not_there_is_told_in_plain_words(path):
    for ask in (Library(path).sitting, Library(path).facts):
        with pytest.raises(LibraryError, match="no sitting with this number") as caught:
            ask(99)
        assert caught.value.problem is Problem.NO_SITTING


def test_a_packet_whose_bytes_are_broken_comes_back_as_refused(path):
    change(path, "UPDATE packet SET payload = x'10' WHERE session_id = 1 AND seq = 4")
    change(path, "UPDATE packet SET payload = x'010203' WHERE session_id = 1 AND seq = 7")
    change(path, "UPDATE packet SET form = 77 WHERE session_id = 1 AND seq = 6")
    facts = Library(path).facts(1)
    whole = stored_sittings()[0][1]
    assert facts[4] == PacketRefused(1.1, b"\x10")
    assert facts[6] == PacketRefused(2.2, whole[6].payload)
    assert facts[7] == PacketRefused(3.3, b"\x01\x02\x03")
    assert [*facts[:4], *facts[8:]] == [*whole[:4], *whole[8:]]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("dreamt", "{}"),
        ("mark", "this is no JSON"),
        ("mark", "[1]"),
        ("mark", "{}"),
        ("mark", '{"label": 5}'),
        ("mark", "[" * 100_000),
        ("link", '{"state": "entangled", "reason": "none", "device_name": ""}'),
        ("battery", '{"percent": true}'),
        ("battery", '{"percent": "full"}'),
        ("rating", '{"scale": "calm", "value": 1.5}'),
        ("pace", '{"pattern": "p", "origin_s": "soon"}'),
        ("pace", json.dumps({"pattern": "p", "origin_s": 10**400})),
    ],
)
def test_an_event_that_cannot_be_understood_is_left_out_and_takes_no_other_with_it(
    path, kind, text
):
    change(path, "INSERT INTO event VALUES(2, 50, 1.5, ?, ?)", kind, text)
    change(path, "INSERT INTO event VALUES(2, 51, 2.5, 'paused', '{}')")
    assert Library(path).facts(2) == [Marked(1.0, "only this"), Paused(2.5)]


def test_what_a_later_version_adds_to_an_event_is_passed_over(path):
    text = '{"state": "lost", "reason": "solar_wind", "device_name": "", "rssi": -70}'
    change(path, "INSERT INTO event VALUES(2, 50, 1.5, 'link', ?)", text)
    change(path, "INSERT INTO event VALUES(2, 51, 2.5, 'link', '{\"state\": \"silent\"}')")
    assert Library(path).facts(2)[1:] == [
        LinkChanged(1.5, LinkState.LOST, LinkReason.UNKNOWN),
        LinkChanged(2.5, LinkState.SILENT),
    ]


def test_a_sitting_thrown_away_is_not_listed(path):
    change(path, "UPDATE session SET deleted_ms = 1 WHERE id = 2")
    assert [row.id for row in Library(path).sittings()] == [1]
    with pytest.raises(LibraryError):
        Library(path).facts(2)


@pytest.mark.parametrize("harm", ["started_ms = 9000000000000000000", "duration_s = -1"])
def test_one_damaged_sitting_hides_no_other(path, harm):
    newest, *others = [row.id for row in Library(path).sittings()]
    change(path, f"UPDATE session SET {harm} WHERE id = {newest}")
    assert [row.id for row in Library(path).sittings()] == others
    with pytest.raises(LibraryError) as caught:
        Library(path).sitting(newest)
    assert caught.value.problem is Problem.DAMAGED


def test_half_a_letter_hides_nothing(path):
    change(path, "UPDATE session SET device_name = CAST(x'ff41' AS TEXT)")
    assert len(Library(path).sittings()) == 2


def test_a_damaged_library_is_told_and_not_opened(path):
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    assert Library(path).integrity() != []
    with pytest.raises(LibraryError) as caught:
        Library(path).facts(1)
    assert caught.value.problem is Problem.DAMAGED


def test_rows_that_belong_to_no_sitting_are_found(path):
    change(path, "INSERT INTO event VALUES(9, 0, 0.0, 'paused', '{}')")
    assert Library(path).integrity() == ["A row of event belongs to nothing."]


def test_a_table_that_is_missing_is_found(path):
    assert Library(path).integrity() == []
    change(path, "DROP TABLE chunk")
    assert Library(path).integrity() == ["Its tables are not those that biobreath makes."]


def test_a_sitting_whose_recorder_died_is_recovered_once(path):
    change(path, "UPDATE session SET state = 'recording' WHERE id = 2")
    assert recover(path) == 1
    assert Library(path).sitting(2).state is SittingState.RECOVERED
    assert recover(path) == 0


def test_a_sitting_being_recorded_is_not_recovered(path):
    with writing(path) as connection:
        connection.execute("UPDATE session SET state = 'recording' WHERE id = 2")
        assert recover(path) == 0
        assert Library(path).sitting(2).state is SittingState.RECORDING


def test_a_library_that_cannot_be_locked_is_just_read(path):
    change(path, "UPDATE session SET state = 'recording' WHERE id = 2")
    lock = path.with_suffix(".lock")
    lock.unlink()
    lock.mkdir()
    assert recover(path) == 0
    assert Library(path).sitting(2).state is SittingState.RECORDING


def test_a_reader_in_another_process_sees_a_live_sitting_grow(path):
    program = (
        "import sys; from pathlib import Path; from biobreath.store.library import Library;"
        "sys.stdout.write(str(Library(Path(sys.argv[1])).facts(3)))"
    )
    recorder = Recorder(path)
    recorder.start()
    recorder.begin(
        SittingStart("3" * 36, WallTime(0, 0, ""), "paced_breathing", "simulated", "0.1.0")
    )
    recorder.add(Paused(1.0))
    assert recorder.flush(SOON_S)
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    assert recorder.close(SOON_S)
    assert done.stdout == "[Paused(t=1.0)]"


def test_an_early_moment_is_no_damage(path):
    change(path, "UPDATE session SET started_ms = 0")
    assert len(Library(path).sittings()) == 2


@pytest.mark.skipif(os.name != "posix", reason="Only POSIX names may have these characters.")
def test_a_folder_may_have_any_name(tmp_path):
    path = tmp_path / "50% of it? #1 äö" / "library.db"
    assert write_library(path)
    with reading(path, untouched=True):
        check_sittings(Library(path))


if __name__ == "__main__":
    write_library(Path(sys.argv[1]).resolve())
