"""The command line, as a person or a program uses it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from biobreath import cli, places, system_libraries
from biobreath.clock import WallTime
from biobreath.commands import demo
from biobreath.commands.output import say, say_json
from biobreath.events import LinkReason, PaceChanged, PracticeBegan
from biobreath.practice.entries import WinNamed
from biobreath.session.words import trouble_sentence
from biobreath.store.journal import JournalEntry
from biobreath.store.library import Library, SittingState
from biobreath.store.recorder import Recorder
from biobreath.store.tasks import SittingStart


def run(capsys, *arguments) -> tuple[int, str, str]:
    code = cli.main(list(arguments))
    told = capsys.readouterr()
    return code, told.out, told.err


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def of_kind(objects, kind):
    return [each for each in objects if each["event"] == kind]


METRICS = {
    "event", "t", "hr_bpm", "rmssd_ms", "swing_bpm", "coherence", "coherence_state", "lag_s",
    "breaths_per_minute", "corrected_share",
}  # fmt: skip
ANALYSIS = {
    "beats", "duration_s", "gaps", "corrected_share", "mean_hr_bpm", "sdnn_ms", "rmssd_ms",
    "sdsd_ms", "pnn50_percent", "sd1_ms", "sd2_ms", "vlf_ms2", "lf_ms2", "hf_ms2", "lf_peak_hz",
    "hf_peak_hz", "sample_entropy", "dfa_alpha1", "coherence", "breaths_per_minute",
}  # fmt: skip


def raw_polar(data):
    rows = (data / "rr" / "polar_h10_slow_breathing.csv").read_text().split()[1:]
    return [float(row.split(",")[1]) for row in rows]


def test_every_beat_of_a_real_strap_recording_comes_once_and_in_order(capsys, data):
    path = str(data / "rr" / "polar_h10_slow_breathing.csv")
    code, out, err = run(capsys, "monitor", path, "--json", "--speed", "0", "--record")
    told = lines(out)
    assert (code, err) == (0, "")
    beats = of_kind(told, "beat")
    assert [beat["rr_ms"] for beat in beats] == raw_polar(data)
    assert all(a["t"] < b["t"] for a, b in pairwise(beats))
    (row,) = Library(places.library_path()).sittings()
    stored = [
        rr
        for fact in Library(places.library_path()).facts(row.id)
        for rr in getattr(fact, "rr_ms", ())
    ]
    assert stored == raw_polar(data)
    assert row.beats == 620


def test_beats_that_stood_too_early_are_told_again(capsys):
    # Twenty seconds of nothing in a standing link: some beats are told before that can be known.
    source = "simulated:3?dropout=40+20"
    _, out, _ = run(capsys, "monitor", source, "--json", "--speed", "0", "--seconds", "120")
    beats, moves = [], []
    for told in lines(out):
        if told["event"] == "beat":
            beats.append(told["t"])
        elif told["event"] == "moved":
            assert told["first_index"] < len(beats)
            moves.append(told)
            for index in range(told["first_index"], len(beats)):
                beats[index] += told["shift_s"]
    assert moves
    assert all(a < b for a, b in pairwise(beats))
    assert max(b - a for a, b in pairwise(beats)) == pytest.approx(20.0, abs=2.0)


def test_a_pace_of_ones_own_over_a_sitting_leaves_the_recorded_guide_out(capsys):
    minute = ("--json", "--speed", "0", "--seconds", "60")
    assert run(capsys, "monitor", "simulated:3", "--pace", "4", *minute, "--record")[0] == 0
    (row,) = Library(places.library_path()).sittings()
    again = ("monitor", f"session:{row.id}", "--pace", "8", *minute, "--record")
    assert run(capsys, *again)[0] == 0
    facts = Library(places.library_path()).facts(row.id + 1)
    paces = {fact.inhale_s + fact.exhale_s for fact in facts if isinstance(fact, PaceChanged)}
    assert paces == {7.5}


def test_the_slow_breath_of_the_strap_recording_is_found(capsys, data):
    path = str(data / "rr" / "polar_h10_slow_breathing.csv")
    _, out, _ = run(capsys, "monitor", path, "--json", "--speed", "0")
    metrics = of_kind(lines(out), "metrics")
    assert set(metrics[0]) == METRICS
    rates = sorted(m["breaths_per_minute"] for m in metrics if m["breaths_per_minute"])
    swings = sorted(m["swing_bpm"] for m in metrics if m["swing_bpm"])
    assert rates[len(rates) // 2] == pytest.approx(3.75, abs=0.3)
    assert 10.0 < swings[len(swings) // 2] < 20.0
    assert [round(m["t"]) for m in metrics] == list(range(1, 601))


def test_a_recorded_sitting_played_again_tells_exactly_the_same(capsys):
    wish = ("--json", "--speed", "0")
    _, first, _ = run(capsys, "monitor", "simulated:3", "--seconds", "90", "--record", *wish)
    _, second, _ = run(capsys, "monitor", "session:1", *wish)
    # The recording has no fact at the 90th second itself, so its replay ends a tick earlier.
    told, original = (
        [each for each in lines(out) if each["event"] == "beat" or each.get("t", 99.0) <= 89.0]
        for out in (second, first)
    )
    assert told == original
    assert len(of_kind(told, "beat")) > 80


def test_the_same_seed_gives_the_same_heart(capsys):
    wish = ("monitor", "simulated:5", "--json", "--speed", "0", "--seconds", "40")
    assert run(capsys, *wish) == run(capsys, *wish)


def test_the_demo_heart_answers_the_pace(capsys):
    wish = ("--json", "--speed", "0", "--seconds", "180")
    _, slow, _ = run(capsys, "monitor", "simulated:12", "--pace", "6", *wish)
    last = of_kind(lines(slow), "metrics")[-1]
    assert last["t"] == 180.0
    assert last["breaths_per_minute"] == pytest.approx(6.0, abs=0.3)
    assert last["coherence_state"] == "ready"


def test_metrics_start_blank_never_zero(capsys):
    _, out, _ = run(capsys, "monitor", "simulated", "--json", "--speed", "0", "--seconds", "5")
    first = of_kind(lines(out), "metrics")[0]
    assert first["coherence"] is None
    assert first["rmssd_ms"] is None
    assert first["coherence_state"] in ("settling", "paused")


def test_in_words_for_people(capsys):
    code, out, _ = run(capsys, "monitor", "simulated", "--speed", "0", "--seconds", "30")
    assert code == 0
    assert "heart" in out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["monitor", "nowhere.txt"], 1),
        (["monitor", "session:999"], 1),
        (["monitor", "simulated:x"], 2),
        (["monitor", "simulated", "--pace", "50", "--speed", "0"], 2),
        (["monitor", "strap", "--speed", "0"], 2),
        (["analyze", "nowhere.txt", "--json"], 1),
    ],
)
def test_trouble_is_one_plain_sentence_on_stderr(capsys, arguments, code):
    got, out, err = run(capsys, *arguments)
    assert got == code
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["dance"],
        ["monitor"],
        ["monitor", "simulated", "--seconds", "-3"],
        ["analyze"],
        ["monitor", "simulated", "--speed", "nan"],
    ],
)
def test_wrong_words_are_usage_errors(capsys, arguments):
    with pytest.raises(SystemExit) as exit_:
        cli.main(arguments)
    assert exit_.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1


def test_a_whole_record_in_numbers(capsys, data):
    path = str(data / "rr" / "polar_h10_slow_breathing.csv")
    code, out, err = run(capsys, "analyze", path, "--json", "--beats")
    (told,) = lines(out)
    assert (code, err) == (0, "")
    assert set(told) >= ANALYSIS
    assert told["beats"] == 620
    assert told["duration_s"] == pytest.approx(sum(raw_polar(data)) / 1000, abs=1e-6)
    assert [beat["rr_ms"] for beat in told["beat_list"]] == raw_polar(data)
    assert [beat["index"] for beat in told["beat_list"]] == list(range(620))
    assert told["breaths_per_minute"] == pytest.approx(3.75, abs=0.3)


def test_raw_takes_every_interval_as_it_is(capsys, tmp_path):
    path = tmp_path / "rr.txt"
    path.write_text("\n".join(["1000"] * 50 + ["600", "1400"] + ["1000"] * 50))
    _, corrected, _ = run(capsys, "analyze", str(path), "--json")
    _, raw, _ = run(capsys, "analyze", str(path), "--json", "--raw")
    assert lines(corrected)[0]["rmssd_ms"] == pytest.approx(0.0, abs=1e-9)
    assert lines(corrected)[0]["corrected_share"] == pytest.approx(2 / 102)
    assert lines(raw)[0]["rmssd_ms"] == pytest.approx(((400**2 * 2 + 800**2) / 101) ** 0.5)
    assert lines(raw)[0]["corrected_share"] == 0.0


def test_one_bad_file_does_not_stop_the_others(capsys, tmp_path, data):
    (tmp_path / "junk.bin").write_bytes(bytes(range(256)) * 10)
    code, out, err = run(
        capsys, "analyze", str(tmp_path / "junk.bin"),
        str(data / "rr" / "polar_h10_slow_breathing.csv"), "--json",
    )  # fmt: skip
    assert code == 1
    assert len(err.splitlines()) == 1
    assert lines(out)[0]["beats"] == 620


def test_sittings_are_listed_newest_first(capsys):
    assert run(capsys, "sessions", "--json")[:2] == (0, "[]\n")
    for seed in (1, 2):
        run(capsys, "monitor", f"simulated:{seed}", "--speed", "0", "--seconds", "10", "--record")
    _, out, _ = run(capsys, "sessions", "--json")
    told = json.loads(out)
    assert [row["source"] for row in told] == ["simulated:2", "simulated:1"]
    assert set(told[0]) == {
        "id", "started", "duration_s", "state", "source", "beats", "practice",
    }  # fmt: skip
    assert told[0]["state"] == "closed"
    code, words, _ = run(capsys, "sessions")
    assert code == 0
    assert "demo heart" in words


def test_a_killed_recording_is_there_but_for_a_second_and_marked_recovered(capsys, own_home):
    environment = {**os.environ, "BIOBREATH_HOME": str(own_home)}
    command = [sys.executable, "-m", "biobreath", "monitor", "simulated:4", "--json", "--record"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    shown = []
    for line in child.stdout:
        shown.append(json.loads(line))
        if shown[-1]["event"] == "metrics" and shown[-1]["t"] >= 5.0:
            break
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    (row,) = json.loads(run(capsys, "sessions", "--json")[1])
    assert row["state"] == "recovered"
    beats = of_kind(shown, "beat")
    facts = Library(places.library_path()).facts(row["id"])
    kept = [rr for fact in facts for rr in getattr(fact, "rr_ms", ())]
    told = [beat["rr_ms"] for beat in beats]
    assert kept[: len(told)] == told[: len(kept)]
    lost_s = sum(told[len(kept) :]) / 1000.0
    assert lost_s <= 1.5, "one second, and half a second for a busy machine"
    assert row["beats"] == len(kept)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no polite kill")
def test_a_polite_kill_ends_the_recording_properly(capsys, own_home):
    environment = {**os.environ, "BIOBREATH_HOME": str(own_home)}
    command = [sys.executable, "-m", "biobreath", "monitor", "simulated:4", "--json", "--record"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert child.stdout.readline()
    child.send_signal(signal.SIGTERM)
    child.stdout.read()
    assert child.wait(30) == 0
    child.stdout.close()
    assert json.loads(run(capsys, "sessions", "--json")[1])[0]["state"] == "closed"


def test_who_stops_reading_along_does_no_harm_and_the_recording_is_closed():
    what = "simulated --json --speed 0 --seconds 600 --record"
    command = f"{sys.executable} -m biobreath monitor {what}"
    piped = subprocess.run(
        f"{command} | head -40", shell=True, capture_output=True, text=True, timeout=60, check=False
    )
    assert piped.stderr == ""
    assert len(piped.stdout.splitlines()) == 40
    (row,) = Library(places.library_path()).sittings()
    assert row.state is SittingState.CLOSED
    assert row.beats > 0


def test_a_recording_that_could_not_be_written_is_said_and_is_no_success(capsys, monkeypatch):
    def full(*_arguments):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("biobreath.commands.monitor._CLOSE_S", 0.2)
    monkeypatch.setattr("biobreath.store.pen.Pen._save_progress", full)
    wish = ("--json", "--speed", "0", "--seconds", "9", "--record")
    code, out, err = run(capsys, "monitor", "simulated", *wish)
    assert code == 1
    assert of_kind(lines(out), "beat")
    assert err == "The sitting could not be written to the end: is the disk full?\n"


def test_the_doctor_looks_at_everything(capsys, monkeypatch):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    code, out, _ = run(capsys, "doctor", "--json")
    findings = {found["what"]: found for found in json.loads(out)}
    assert code == 0
    assert set(findings) == {
        "versions", "packages", "Qt and Python", "window", "Bluetooth", "library", "disk",
        "places",
    }  # fmt: skip
    if sys.platform.startswith("linux"):
        assert not findings["Bluetooth"]["fine"]


def test_the_doctor_refuses_the_qt_that_aborts(monkeypatch):
    from biobreath.commands import doctor

    monkeypatch.setattr("importlib.metadata.version", lambda _name: "6.12.0")
    monkeypatch.setattr(doctor.sys, "version_info", (3, 11, 7))
    assert "PySide6-Essentials below 6.12" in doctor.bad_qt_pair()
    monkeypatch.setattr(doctor.sys, "version_info", (3, 12, 1))
    assert doctor.bad_qt_pair() == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a screen")
def test_without_a_screen_the_demo_sits_without_a_window_and_says_why(capsys, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    told = []
    monkeypatch.setattr(demo, "run", lambda why, seconds: told.append((why, seconds)) or 0)
    assert cli.main(["--demo"]) == 0
    assert told == [(told[0][0], 30.0)]
    assert "no screen" in told[0][0]
    code, _, err = run(capsys)
    assert code == 1
    assert "no screen" in err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a screen")
@pytest.mark.parametrize(
    ("name", "value"), [("DISPLAY", ":no-such-screen"), ("WAYLAND_DISPLAY", "no-such-screen")]
)
def test_a_screen_that_does_not_answer_is_said_before_qt_would_end_us(
    capfd, monkeypatch, name, value
):
    for each in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(system_libraries, "lacking", lambda _libraries: {})
    assert cli.main([]) == 1
    assert capfd.readouterr().err == (
        f"The screen that is named here cannot be reached ({name}={value}).\n"
    )


def test_the_windowless_session_tells_what_the_heart_did(capsys):
    assert demo.run("There is no screen here.", seconds=30.0, speed=30.0) == 0
    told = capsys.readouterr().out
    assert told.startswith("There is no screen here.")
    assert "demo heart beats" in told
    assert "heartbeats." in told
    assert "With each breath it moved by about" in told


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the private bus is Linux only")
def test_a_search_without_bluetooth_says_what_is_missing(capsys, monkeypatch):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    code, out, err = run(capsys, "scan", "--seconds", "1", "--json")
    assert (code, out) == (1, "")
    assert err.strip() == trouble_sentence(LinkReason.NO_BUS)


def test_a_name_from_elsewhere_moves_no_cursor(capsys):
    say("a strap\x1b[2J called \x9b1m\tthis")
    assert capsys.readouterr().out == "a strap�[2J called �1m\tthis\n"


def test_unknown_numbers_become_null(capsys):
    say_json({"a": float("nan"), "b": [float("inf"), 1.0]})
    assert capsys.readouterr().out == '{"a": null, "b": [null, 1.0]}\n'


def test_an_exported_sitting_is_a_recording_that_tells_the_same(capsys, tmp_path):
    wish = ("--json", "--speed", "0")
    run(capsys, "monitor", "simulated:3", "--seconds", "60", "--record", *wish)
    target = str(tmp_path / "one.biobreath")
    assert run(capsys, "export", "1", "--output", target) == (0, target + "\n", "")
    _, from_library, _ = run(capsys, "monitor", "session:1", *wish)
    _, from_file, _ = run(capsys, "monitor", target, *wish)
    assert from_file == from_library
    assert len(of_kind(lines(from_file), "beat")) > 50


def test_exported_intervals_are_the_raw_ones(capsys, tmp_path, data):
    path = str(data / "rr" / "polar_h10_slow_breathing.csv")
    run(capsys, "monitor", path, "--speed", "0", "--record")
    target = tmp_path / "rr.txt"
    assert run(capsys, "export", "1", "--format", "rr", "--output", str(target))[0] == 0
    assert [float(line) for line in target.read_text().split()] == raw_polar(data)


def test_recordings_are_taken_into_the_library_once(capsys, data):
    polar = str(data / "rr" / "polar_h10_slow_breathing.csv")
    code, out, err = run(capsys, "import", polar)
    assert (code, err) == (0, "")
    (row,) = Library(places.library_path()).sittings()
    assert out.endswith(f"sitting {row.id}\n")
    assert (row.beats, row.source) == (620, "file:polar_h10_slow_breathing.csv")
    assert row.summary.breaths_per_minute == pytest.approx(3.8, abs=0.4)
    whole = json.loads(run(capsys, "analyze", polar, "--json")[1])
    again = json.loads(run(capsys, "analyze", f"session:{row.id}", "--json")[1])
    assert {**whole, "file": ""} == {**again, "file": ""}
    code, _, err = run(capsys, "import", polar)
    assert code == 1
    assert err == "polar_h10_slow_breathing.csv: This sitting is already in the library.\n"


def in_a_shell(command):
    """Run a command as a person types it, in a process of its own."""
    whole = f"{sys.executable} -m biobreath {command}"
    return subprocess.run(
        whole, shell=True, capture_output=True, text=True, timeout=60, check=False
    )


def test_what_is_logged_does_not_stand_between_the_sentences(data):
    polar = data / "rr" / "polar_h10_slow_breathing.csv"
    told = in_a_shell(f"import {polar} {polar}")
    assert told.returncode == 1
    assert told.stderr == f"{polar.name}: This sitting is already in the library.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
@pytest.mark.parametrize("verb", ["sessions --json", "monitor simulated --speed 0 --seconds 9"])
def test_output_that_cannot_be_written_is_said_in_one_sentence(verb):
    told = in_a_shell(f"{verb} >/dev/full")
    assert told.returncode == 1
    assert told.stderr.startswith("The output cannot be written")
    assert len(told.stderr.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="the words of another shell")
def test_who_wants_no_output_gets_the_exit_code_alone():
    assert in_a_shell("sessions >&-").stderr == ""
    assert in_a_shell("sessions >&-").returncode == 0
    assert in_a_shell("analyze nowhere.txt 2>&-").returncode == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
@pytest.mark.parametrize("verb", ["analyze", "monitor", "import", "assess"])
def test_what_is_no_file_is_not_waited_for(capsys, tmp_path, verb):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/null")):
        code, out, err = run(capsys, verb, str(path))
        assert (code, out) == (1, "")
        assert err == f"{path.name}: This is no ordinary file.\n"


def test_a_sitting_goes_to_another_library_and_one_bad_file_stops_no_other(
    capsys, tmp_path, monkeypatch
):
    run(capsys, "monitor", "simulated:5", "--speed", "0", "--seconds", "90", "--record")
    target = str(tmp_path / "sitting.biobreath")
    run(capsys, "export", "1", "--output", target)
    before = json.loads(run(capsys, "analyze", "session:1", "--json", "--beats")[1])
    monkeypatch.setenv("BIOBREATH_HOME", str(tmp_path / "another home"))
    bad = tmp_path / "bad.txt"
    bad.write_text("no beats here")
    code, out, err = run(capsys, "import", str(bad), str(tmp_path / "none"), target)
    assert code == 1
    assert out == f"{target}: sitting 1\n"
    assert len(err.splitlines()) == 2
    after = json.loads(run(capsys, "analyze", "session:1", "--json", "--beats")[1])
    assert after == before


def test_what_was_written_about_a_sitting_comes_along_but_nothing_that_decides(
    capsys, tmp_path, monkeypatch
):
    now = WallTime(1_790_000_000_000, 3600, "CET")
    recorder = Recorder(places.library_path())
    recorder.start()
    recorder.begin(SittingStart("5" * 36, now, "core.calm", "none", "0.1.0"))
    recorder.add(PracticeBegan(0.0, "core.calm", "1.0.0", "en", 60.0))
    recorder.end(60.0)
    session_id = recorder.wait_begun(10.0)
    win = WinNamed("Laughed")
    recorder.write(win.kind, {**win.to_table(), "odd": "x"}, now, session_id)
    recorder.write("win", {"chip": 5}, now, session_id)
    recorder.write("flags", {"flags": ["pain_checked"], "told": []}, now, session_id)
    assert recorder.close(10.0)
    target = str(tmp_path / "sitting.biobreath")
    run(capsys, "export", str(session_id), "--output", target)
    monkeypatch.setenv("BIOBREATH_HOME", str(tmp_path / "another home"))
    assert run(capsys, "import", target) == (0, f"{target}: sitting 1\n", "")
    (entry,) = Library(places.library_path()).journal()
    assert entry == JournalEntry(1, 1, now.utc_ms, 3600, "win", win.to_table())


@pytest.mark.parametrize("number", ["99999999999999999999", "9" * 5000, "0"])
@pytest.mark.parametrize("verb", ["analyze", "assess", "monitor"])
def test_a_number_beyond_every_sitting_is_no_sitting(capsys, verb, number):
    run(capsys, "monitor", "simulated:5", "--speed", "0", "--seconds", "3", "--record")
    code, _, err = run(capsys, verb, f"session:{number}")
    assert (code, err) == (1, "There is no sitting with this number in the library.\n")


def test_where_a_sitting_cannot_be_written_the_place_is_named(capsys, tmp_path, monkeypatch):
    run(capsys, "monitor", "simulated:5", "--speed", "0", "--seconds", "3", "--record")

    def refuse(*_arguments, **_named):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("biobreath.commands.export.write_biobreath", refuse)
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "export", "1")
    assert code == 1
    assert str(tmp_path) in err


def test_what_cannot_be_exported_is_said_in_one_sentence(capsys, tmp_path):
    code, _, err = run(capsys, "export", "9")
    assert (code, len(err.splitlines())) == (1, 1)
    run(capsys, "monitor", "simulated", "--speed", "0", "--seconds", "5", "--record")
    code, _, err = run(capsys, "export", "1", "--output", str(tmp_path / "no" / "where.txt"))
    assert (code, len(err.splitlines())) == (1, 1)


@pytest.mark.parametrize("name", ["library.db", "library.db-wal", "library.db.lock"])
def test_an_export_never_writes_over_the_library(capsys, name):
    assert (
        run(capsys, "monitor", "simulated:1", "--seconds", "30", "--speed", "0", "--record")[0] == 0
    )
    target = places.library_path().with_name(name)
    for form in ("rr", "biobreath"):
        code, _, told = run(capsys, "export", "1", "--format", form, "--output", str(target))
        assert code == 1
        assert told
    assert run(capsys, "sessions")[0] == 0


def test_the_words_of_an_analysis_can_be_written_anywhere(data):
    path = data / "rr" / "polar_h10_slow_breathing.csv"
    env = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    command = [sys.executable, "-m", "biobreath", "analyze", str(path)]
    told = subprocess.run(command, env=env, capture_output=True, check=True)
    assert "α1".encode() in told.stdout
