"""The recorder loses nothing: not to a full disk, and to a killed process at most a second."""

import math
import random
import sqlite3
import struct
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from biobreath import heart_rate_service as hrs
from biobreath.clock import WallTime
from biobreath.events import (
    Answered,
    BatteryRead,
    BodyMarked,
    CarriedOver,
    HeartRateMeasurement,
    LinkChanged,
    LinkReason,
    LinkState,
    Marked,
    Noted,
    PaceChanged,
    PacketRefused,
    Paused,
    PhaseEntered,
    PracticeBegan,
    PracticeEnded,
    Quizzed,
    Rated,
    Resumed,
    Stopped,
)
from biobreath.store import recorder as recorder_module
from biobreath.store import schema
from biobreath.store.library import Library, SittingState
from biobreath.store.recorder import Recorder, RecorderState
from biobreath.store.schema import LibraryBusy, LibraryError, Problem
from biobreath.store.summary import Summary
from biobreath.store.tasks import Gap, SittingStart

SOON_S = 10.0


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "library.db"


@pytest.fixture
def recorder(path):
    recorder = Recorder(path)
    recorder.start()
    yield recorder
    recorder.close(SOON_S)


def a_start(**changes):
    start = SittingStart(
        uuid=str(uuid4()),
        wall=WallTime(1_790_000_000_123, 7200, "CEST"),
        practice="paced_breathing",
        source="simulated:1",
        app_version="0.1.0",
    )
    return replace(start, **changes)


def begun(recorder, **changes):
    recorder.begin(a_start(**changes))
    return recorder.wait_begun(SOON_S)


class States:
    """Remembers how the recording stood, and waits for it to stand otherwise."""

    def __init__(self):
        self.seen = []
        self._changed = threading.Condition()

    def __call__(self, state):
        with self._changed:
            self.seen.append(state)
            self._changed.notify_all()

    def wait_for(self, *states):
        with self._changed:
            return self._changed.wait_for(lambda: self.seen == list(states), SOON_S)


# --- write, then read, is identity ---------------------------------------------------------------

times = st.floats(-1e7, 1e7)
intervals = st.floats(0.0, 1e10, exclude_min=True)
parts = st.floats(0.25, 60.0)
rests = st.floats(0.0, 60.0)
words = st.text(st.characters(exclude_categories=()), max_size=20)
measurements = st.one_of(
    st.builds(
        lambda t, rate, ticks, contact, energy: hrs.decode(
            t, hrs.encode(rate, ticks, contact=contact, energy_kj=energy)
        ),
        times,
        st.integers(0, 0xFFFF),
        st.lists(st.integers(0, 0xFFFF), max_size=9),
        st.none() | st.booleans(),
        st.none() | st.integers(0, 0xFFFF),
    ),
    st.builds(hrs.from_intervals, times, st.lists(intervals, max_size=5)),
    st.builds(hrs.from_beat_times, times, st.lists(st.tuples(times, intervals), max_size=5)),
)
several = st.lists(words, max_size=4).map(tuple)
facts = st.one_of(
    measurements,
    st.builds(LinkChanged, times, st.sampled_from(LinkState), st.sampled_from(LinkReason), words),
    st.builds(PacketRefused, times, st.binary(max_size=30)),
    st.builds(BatteryRead, times, st.integers(0, 100)),
    st.builds(PaceChanged, times, words, times, parts, rests, parts, rests),
    st.builds(Paused, times),
    st.builds(Resumed, times),
    st.builds(PhaseEntered, times, words),
    st.builds(Marked, times, words),
    st.builds(Rated, times, words, st.none() | st.integers(0, 10), words),
    st.builds(PracticeBegan, times, words, words, words, times, several, words, words),
    st.builds(Answered, times, words, several, words),
    st.builds(BodyMarked, times, words, words, several, several),
    st.builds(Noted, times, words, words, st.booleans()),
    st.builds(Quizzed, times, words, st.integers(0, 9), st.integers(0, 9)),
    st.builds(Stopped, times, words),
    st.builds(CarriedOver, times, words, words),
    st.builds(PracticeEnded, times, words),
)


def bits(fact):
    # SQLite keeps one zero only; adding 0.0 makes the other one equal to it.
    return struct.pack("<d", fact.t + 0.0)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_facts=st.lists(facts, max_size=20))
def test_what_is_read_is_what_was_given_in_the_order_it_was_given(recorder, path, given_facts):
    session_id = begun(recorder)
    for fact in given_facts:
        recorder.add(fact)
    recorder.end(0.0)
    assert recorder.flush(SOON_S)
    stored = Library(path).facts(session_id)
    assert stored == given_facts
    assert [type(fact) for fact in stored] == [type(fact) for fact in given_facts]
    assert [bits(fact) for fact in stored] == [bits(fact) for fact in given_facts]
    beats = sum(len(f.rr_ms) for f in given_facts if isinstance(f, HeartRateMeasurement))
    assert Library(path).sitting(session_id).beats == beats


@pytest.mark.parametrize(
    "pace",
    [
        PaceChanged(1.0, "odd", math.nan, 4.0, 0.0, 6.0, 0.0),
        PaceChanged(1.0, "odd", 0.0, 0.0, 0.0, 6.0, 0.0),
        PaceChanged(1.0, "odd", 0.0, 4.0, math.inf, 6.0, 0.0),
        PaceChanged(1.0, "odd", 0.0, 1e-7, 0.0, 1e-7, 0.0),
        PaceChanged(1.0, "odd", 0.0, 4.0, -1.0, 6.0, 0.0),
        PaceChanged(1e300, "odd", 0.0, 4.0, 0.0, 6.0, 0.0),
    ],
)
def test_a_breath_that_nobody_breathes_does_not_come_back(recorder, path, pace):
    session_id = begun(recorder)
    recorder.add(pace)
    recorder.add(Marked(2.0, "after"))
    assert recorder.flush(SOON_S)
    assert Library(path).facts(session_id) == [Marked(2.0, "after")]


@pytest.mark.parametrize("rr_ms", [0.0, -800.0, math.nan, math.inf, 1e300])
def test_stored_intervals_that_are_none_come_back_as_refused(recorder, path, rr_ms):
    session_id = begun(recorder)
    recorder.add(hrs.from_beat_times(1.0, [(1.0, rr_ms)]))
    recorder.add(hrs.from_beat_times(2.0, [(rr_ms if rr_ms != 0 else math.nan, 800.0)]))
    assert recorder.flush(SOON_S)
    first, *_ = Library(path).facts(session_id)
    assert isinstance(first, PacketRefused)


# --- one sitting after another -------------------------------------------------------------------


def test_a_sitting_is_open_while_it_is_recorded_and_closed_when_it_ends(recorder, path):
    session_id = begun(recorder)
    recorder.add(hrs.decode(1.5, hrs.encode(60, [1000, 1010])))
    assert recorder.flush(SOON_S)
    open_row = Library(path).sitting(session_id)
    assert (open_row.state, open_row.duration_s, open_row.beats) == (
        SittingState.RECORDING,
        1.5,
        2,
    )
    summary = Summary(hr_mean_bpm=61.25, rmssd_ms=math.nan, metrics_version=3)
    recorder.end(2.75, summary)
    assert recorder.flush(SOON_S)
    row = Library(path).sitting(session_id)
    assert (row.state, row.duration_s) == (SittingState.CLOSED, 2.75)
    assert row.summary == Summary(hr_mean_bpm=61.25, metrics_version=3)


def test_facts_are_on_the_disk_within_a_second_without_being_asked_for(recorder, path):
    session_id = begun(recorder)
    recorder.add(Marked(1.0, "here"))
    with recorder._changed:
        assert recorder._changed.wait_for(lambda: not recorder._queue, SOON_S)
    assert Library(path).facts(session_id) == [Marked(1.0, "here")]


def watched(recorder, monkeypatch):
    """Return the sizes of batches as they are written, and an event set when the disk rests."""
    batches, rests = [], threading.Event()
    wait_for, write = recorder._changed.wait_for, recorder_module.Pen.write

    def noting(predicate, timeout=None):
        if threading.current_thread() is recorder._thread and timeout is not None:
            rests.set()
        return wait_for(predicate, timeout)

    def counting(pen, batch):
        batches.append(len(batch))
        write(pen, batch)

    monkeypatch.setattr(recorder_module.Pen, "write", counting)
    monkeypatch.setattr(recorder._changed, "wait_for", noting)
    return batches, rests


def test_a_fact_after_a_while_is_written_when_it_comes(recorder, monkeypatch):
    monkeypatch.setattr(recorder_module, "COMMIT_EVERY_S", 0.0)
    begun(recorder)
    batches, rests = watched(recorder, monkeypatch)
    recorder.add(Marked(1.0, "here"))
    with recorder._changed:
        assert recorder._changed.wait_for(lambda: not recorder._queue, SOON_S)
    assert batches == [1]
    assert not rests.is_set()


def test_facts_right_after_a_commit_wait_for_each_other(recorder, monkeypatch):
    monkeypatch.setattr(recorder_module, "COMMIT_EVERY_S", 3600.0)
    begun(recorder)
    batches, rests = watched(recorder, monkeypatch)
    recorder.add(Marked(1.0, "and"))
    assert rests.wait(SOON_S)
    recorder.add(Marked(1.1, "here"))
    assert batches == []
    assert recorder.flush(SOON_S)
    assert batches == [2]


def test_a_gap_alone_in_the_queue_wakes_the_writer(recorder, path):
    session_id = begun(recorder)
    with recorder._changed:
        assert recorder._changed.wait_for(lambda: not recorder._queue, SOON_S)
        recorder._gap = Gap(1.0, 2.0, 5)
        recorder.add(Marked(3.0, "here"))
        assert recorder._changed.wait_for(lambda: not recorder._queue, SOON_S)
    assert Library(path).facts(session_id) == [Marked(3.0, "here")]


def test_several_sittings_follow_each_other_in_one_process(recorder, path):
    numbers = []
    for label in ("first", "second", "third"):
        numbers.append(begun(recorder, practice=label))
        recorder.add(Marked(1.0, label))
        recorder.end(2.0)
    assert recorder.flush(SOON_S)
    library = Library(path)
    assert [row.practice for row in library.sittings()] == ["third", "second", "first"]
    assert [library.facts(number) for number in numbers] == [
        [Marked(1.0, label)] for label in ("first", "second", "third")
    ]


def test_a_sitting_that_nobody_ended_is_recovered_when_the_next_one_begins(recorder, path):
    first = begun(recorder)
    recorder.add(Marked(4.0, "still here"))
    begun(recorder)
    row = Library(path).sitting(first)
    assert (row.state, row.duration_s) == (SittingState.RECOVERED, 4.0)


def test_an_end_without_a_beginning_is_no_trouble(recorder):
    recorder.end(1.0)
    assert begun(recorder) == 1


def test_the_name_of_the_strap_is_taken_from_the_link(recorder, path):
    session_id = begun(recorder)
    recorder.add(LinkChanged(0.1, LinkState.SEARCHING))
    recorder.add(LinkChanged(0.2, LinkState.RECEIVING, LinkReason.NONE, "Strap one"))
    recorder.add(LinkChanged(0.3, LinkState.RECEIVING, LinkReason.NONE, "Strap two"))
    assert recorder.flush(SOON_S)
    assert Library(path).sitting(session_id).device_name == "Strap one"


def test_a_summary_can_be_written_again_later(recorder, path):
    session_id = begun(recorder)
    recorder.end(1.0, Summary(swing_bpm=8.0, metrics_version=1))
    recorder.set_summary(session_id, Summary(coherence=0.5, metrics_version=2))
    assert recorder.flush(SOON_S)
    assert Library(path).sitting(session_id).summary == Summary(coherence=0.5, metrics_version=2)


def test_a_sitting_that_is_already_there_is_refused_and_recording_goes_on(recorder, path):
    start = a_start()
    recorder.begin(start)
    assert recorder.wait_begun(SOON_S) == 1
    recorder.end(1.0)
    recorder.begin(start)
    recorder.add(Marked(1.0, "belongs to no sitting"))
    with pytest.raises(LibraryError) as caught:
        recorder.wait_begun(SOON_S)
    assert caught.value.problem is Problem.ALREADY_THERE
    begun(recorder)
    assert len(Library(path).sittings()) == 2
    assert recorder.lost == 2


@pytest.mark.parametrize("t", [math.nan, math.inf])
def test_a_fact_without_a_time_is_counted_and_harms_no_other(recorder, path, t):
    session_id = begun(recorder)
    recorder.add(Marked(1.0, "before"))
    recorder.add(Marked(t, "never"))
    recorder.add(Marked(2.0, "after"))
    recorder.end(t)
    assert recorder.flush(SOON_S)
    assert Library(path).facts(session_id) == [Marked(1.0, "before"), Marked(2.0, "after")]
    assert Library(path).sitting(session_id).duration_s == 2.0
    assert recorder.lost == 1


def test_a_name_that_cannot_be_written_is_written_as_far_as_it_can(recorder, path):
    session_id = begun(recorder, device_name="strap \ud800")
    assert Library(path).sitting(session_id).device_name == "strap ?"


def test_facts_from_many_threads_all_arrive(recorder, path):
    session_id = begun(recorder)

    def give(who):
        for number in range(500):
            recorder.add(Marked(float(number), f"{who}"))

    threads = [threading.Thread(target=give, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert recorder.flush(SOON_S)
    stored = Library(path).facts(session_id)
    for who in range(4):
        assert [f.t for f in stored if f.label == f"{who}"] == [float(n) for n in range(500)]


def test_closing_writes_what_is_left_and_the_next_opener_recovers_the_sitting(path):
    recorder = Recorder(path)
    recorder.start()
    session_id = begun(recorder)
    recorder.add(Marked(3.0, "last"))
    assert recorder.close(SOON_S)
    assert Library(path).facts(session_id) == [Marked(3.0, "last")]
    with schema.writing(path):
        assert Library(path).sitting(session_id).state is SittingState.RECOVERED


def test_closing_twice_or_unopened_is_no_trouble(path):
    unopened = Recorder(path)
    assert unopened.close(0.1)
    recorder = Recorder(path)
    recorder.start()
    assert recorder.close(SOON_S)
    assert recorder.close(SOON_S)
    recorder.add(Marked(1.0, "too late"))
    assert recorder.lost == 1


def test_what_cannot_be_opened_is_said_when_recording_starts(path):
    path.parent.mkdir()
    path.write_text("Dear diary. " * 100)
    with pytest.raises(LibraryError) as caught:
        Recorder(path).start()
    assert caught.value.problem is Problem.NO_DATABASE


def test_a_listener_that_fails_does_not_stop_the_recording(path):
    def on_state(_state):
        raise RuntimeError("The window is gone.")

    recorder = Recorder(path, on_state)
    recorder.start()
    session_id = begun(recorder)
    recorder.add(Marked(1.0, "kept"))
    assert recorder.close(SOON_S)
    assert Library(path).facts(session_id) == [Marked(1.0, "kept")]


# --- deleting ------------------------------------------------------------------------------------


def bytes_of_folder(path):
    return b"".join(file.read_bytes() for file in path.parent.iterdir())


def test_a_deleted_sitting_leaves_no_trace_in_any_file(recorder, path):
    secret, uuid = b"these bytes are a heart", str(uuid4())
    kept = begun(recorder)
    recorder.add(Marked(1.0, "stays"))
    recorder.end(1.0)
    session_id = begun(recorder, uuid=uuid, device_name="My own strap")
    for number in range(300):
        recorder.add(PacketRefused(float(number), secret * 20))
        recorder.add(Marked(float(number), "a private word"))
    recorder.end(300.0)
    assert recorder.flush(SOON_S)
    backup = path.with_name("library-version-1-20260101T000000Z.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(backup),))
    before = bytes_of_folder(path)
    assert secret in before
    assert uuid.encode() in before
    recorder.delete(session_id)
    assert recorder.flush(SOON_S)
    after = bytes_of_folder(path)
    for trace in (secret, b"a private word", b"My own strap", uuid.encode()):
        assert trace not in after
    assert [row.id for row in Library(path).sittings()] == [kept]
    assert [row.id for row in Library(backup).sittings()] == [kept]


def test_a_backup_that_nobody_can_read_is_removed_when_a_sitting_is_deleted(recorder, path):
    session_id = begun(recorder)
    backup = path.with_name("library-version-1-20260101T000000Z.db")
    backup.write_text("half a backup with private words " * 100)
    recorder.delete(session_id)
    assert recorder.flush(SOON_S)
    assert not backup.exists()


def test_a_backup_in_use_is_cleaned_at_the_next_commit(recorder, path, monkeypatch):
    uuid = str(uuid4())
    session_id = begun(recorder, uuid=uuid)
    recorder.end(1.0)
    assert recorder.flush(SOON_S)
    backup = path.with_name("library-version-1-20260101T000000Z.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(backup),))
    connect = sqlite3.connect
    monkeypatch.setattr(
        schema.sqlite3, "connect", lambda file, **how: connect(file, **{**how, "timeout": 0.0})
    )
    with closing(connect(backup, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        recorder.delete(session_id)
        assert recorder.flush(SOON_S)
        connection.execute("ROLLBACK")
        assert uuid.encode() in backup.read_bytes()
    begun(recorder)
    assert uuid.encode() not in backup.read_bytes()


def test_deleting_the_sitting_being_recorded_stops_recording_it(path):
    states = States()
    recorder = Recorder(path, states)
    recorder.start()
    session_id = begun(recorder)
    recorder.delete(session_id)
    recorder.add(Marked(1.0, "nobody keeps this"))
    assert recorder.close(SOON_S)
    assert states.seen == [RecorderState.RECORDING, RecorderState.OFF]
    assert Library(path).sittings() == []


# --- when the disk refuses -----------------------------------------------------------------------


@pytest.fixture
def small_disk(path, monkeypatch):
    """Return a recorder on a disk of 60 pages, and a way to make it larger."""
    monkeypatch.setattr(
        schema, "_WRITER_PRAGMAS", (*schema._WRITER_PRAGMAS, "PRAGMA max_page_count = 60")
    )
    monkeypatch.setattr(recorder_module, "COMMIT_EVERY_S", 0.05)
    states = States()
    room = threading.Event()
    write = recorder_module.Pen.write

    def write_with_room(pen, batch):
        if room.is_set():
            pen._connection.execute("PRAGMA max_page_count = 100000")
        write(pen, batch)

    monkeypatch.setattr(recorder_module.Pen, "write", write_with_room)
    recorder = Recorder(path, states)
    recorder.start()
    yield recorder, states, room
    recorder.close(SOON_S)


def large_facts(count):
    return [PacketRefused(float(number), bytes([number % 256]) * 2000) for number in range(count)]


def test_a_full_disk_makes_facts_wait_and_none_is_lost(small_disk, path):
    recorder, states, room = small_disk
    session_id = begun(recorder)
    given_facts = large_facts(300)
    for fact in given_facts:
        recorder.add(fact)
    assert states.wait_for(RecorderState.RECORDING, RecorderState.WAITING)
    assert not recorder.flush(0.2)
    recorder.end(301.0, Summary(hr_mean_bpm=60.0))
    room.set()
    assert recorder.flush(SOON_S)
    assert states.seen == [RecorderState.RECORDING, RecorderState.WAITING, RecorderState.OFF]
    assert recorder.state is RecorderState.OFF
    assert Library(path).facts(session_id) == given_facts
    assert Library(path).sitting(session_id).state is SittingState.CLOSED
    assert Library(path).integrity() == []
    assert recorder.lost == 0


def test_recording_is_told_again_when_there_is_room(small_disk):
    recorder, states, room = small_disk
    begun(recorder)
    for fact in large_facts(300):
        recorder.add(fact)
    assert states.wait_for(RecorderState.RECORDING, RecorderState.WAITING)
    room.set()
    assert states.wait_for(RecorderState.RECORDING, RecorderState.WAITING, RecorderState.RECORDING)


def test_closing_on_a_full_disk_gives_up_in_time_and_says_so(small_disk, path):
    recorder, states, _room = small_disk
    session_id = begun(recorder)
    recorder.add(Marked(1.0, "before"))
    assert recorder.flush(SOON_S)
    for fact in large_facts(300):
        recorder.add(fact)
    assert states.wait_for(RecorderState.RECORDING, RecorderState.WAITING)
    assert not recorder.close(0.2)
    assert Library(path).facts(session_id) == [Marked(1.0, "before")]
    with schema.writing(path):
        assert Library(path).integrity() == []


def test_when_memory_is_full_what_came_first_is_kept_and_a_gap_is_written(
    small_disk, path, monkeypatch
):
    monkeypatch.setattr(recorder_module, "MOST_WAITING", 200)
    recorder, states, room = small_disk
    session_id = begun(recorder)
    given_facts = large_facts(300)
    for fact in given_facts[:150]:
        recorder.add(fact)
    assert states.wait_for(RecorderState.RECORDING, RecorderState.WAITING)
    for fact in given_facts[150:]:
        recorder.add(fact)
    assert recorder.lost == 100
    room.set()
    assert recorder.flush(SOON_S)
    recorder.add(Marked(301.0, "after"))
    recorder.end(302.0)
    assert recorder.flush(SOON_S)
    assert Library(path).facts(session_id) == [*given_facts[:200], Marked(301.0, "after")]
    with schema.reading(path) as connection:
        gaps = connection.execute("SELECT seq, t_s, data FROM event WHERE kind = 'gap'").fetchall()
    assert gaps == [(200, 200.0, '{"facts": 100, "until_s": 299.0}')]


# --- other processes -----------------------------------------------------------------------------

CHILD = """
import sys, threading
from pathlib import Path
from biobreath.clock import SessionClock, WallTime
from biobreath.events import Marked
from biobreath.store.recorder import Recorder, RecorderState
from biobreath.store.tasks import SittingStart
def say(*words):
    sys.stdout.write(" ".join(map(str, words)) + "\\n")
    sys.stdout.flush()
path = Path(sys.argv[1])
start = SittingStart("0" * 36, WallTime(0, 0, ""), "paced_breathing", "simulated", "0")
"""

ENDLESS = (
    CHILD
    + """
recorder = Recorder(path)
recorder.start()
recorder.begin(start)
say("begun", recorder.wait_begun(10))
clock, tick, number = SessionClock(), threading.Event(), 0
while True:
    t = clock.now()
    recorder.add(Marked(t, str(number)))
    say(number, repr(t))
    number += 1
    tick.wait(0.003)
"""
)

FULL_DISK = (
    CHILD
    + """
import resource
room = threading.Event()
def on_state(state):
    say(state)
    if state is RecorderState.WAITING:
        room.set()
recorder = Recorder(path, on_state)
recorder.start()
recorder.begin(start)
recorder.wait_begun(10)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
for number in range(400):
    recorder.add(Marked(float(number), "x" * 2000))
if not room.wait(10):
    sys.exit("The disk never refused.")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
recorder.end(400.0)
say(recorder.close(10))
"""
)

SECOND = (
    CHILD
    + """
from biobreath.store.library import Library, recover
from biobreath.store.schema import LibraryBusy
say(recover(path))
try:
    Recorder(path).start()
except LibraryBusy:
    say("busy")
say(Library(path).sittings()[0].state)
"""
)


def child(program, path, **how):
    return subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True, **how
    )


def test_a_killed_process_loses_at_most_its_last_second(tmp_path):
    chance = random.Random(20)
    paths = [tmp_path / str(trial) / "library.db" for trial in range(4)]
    children = [child(ENDLESS, path) for path in paths]
    for process in children:
        assert process.stdout.readline().split() == ["begun", "1"]
    for process in children:
        # Each lives for another odd number of facts, so that it dies between any two commits.
        for _ in range(chance.randrange(20, 350)):
            process.stdout.readline()
        process.kill()
    for path, process in zip(paths, children, strict=True):
        added = [line.split() for line in process.communicate()[0].splitlines() if " " in line]
        with schema.writing(path):
            row = Library(path).sitting(1)
            stored = Library(path).facts(1)
        assert [fact.label for fact in stored] == [str(number) for number in range(len(stored))]
        assert row.state is SittingState.RECOVERED
        assert row.duration_s == (stored[-1].t if stored else 0.0)
        assert Library(path).integrity() == []
        # Half a second more than the promise, for a busy machine.
        last_added = float(added[-2][1]) if len(added) > 1 else 0.0
        assert last_added - row.duration_s <= 1.5


def test_a_second_process_is_told_that_the_library_is_busy_and_changes_nothing(recorder, path):
    session_id = begun(recorder)
    out, _ = child(SECOND, path).communicate(timeout=30)
    assert out.split() == ["0", "busy", "recording"]
    recorder.end(1.0)
    assert recorder.flush(SOON_S)
    assert Library(path).sitting(session_id).state is SittingState.CLOSED


@pytest.mark.usefixtures("recorder")
def test_two_recorders_of_one_process_cannot_write_the_same_library(path):
    with pytest.raises(LibraryBusy):
        Recorder(path).start()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file.")
def test_a_disk_that_refuses_to_grow_a_file_loses_nothing_once_it_lets_it(path):
    process = child(FULL_DISK, path)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out.split() == ["recording", "waiting", "off", "True"]
    assert [fact.t for fact in Library(path).facts(1)] == [float(n) for n in range(400)]
    assert Library(path).sitting(1).state is SittingState.CLOSED
