"""Recordings from anywhere become the facts a sensor would tell."""

import math
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from biobreath.events import PacketForm
from biobreath.session.analysis import analyse
from biobreath.store.recordings import read_recording
from biobreath.store.unreadable import UnreadableRecording


def test_intervals_that_arrived_together_are_one_packet(tmp_path):
    path = tmp_path / "rr.csv"
    path.write_text("arrival_s,rr_ms\n1.0,800\n2.0,810\n2.0,820\n3.0,830\n")
    facts = read_recording(path)
    assert [(fact.t, fact.rr_ms) for fact in facts] == [
        (1.0, (800.0,)),
        (2.0, (810.0, 820.0)),
        (3.0, (830.0,)),
    ]


def test_plain_intervals_carry_their_own_beat_times(tmp_path):
    path = tmp_path / "rr.txt"
    path.write_text("800\n700\n900\n")
    facts = read_recording(path)
    assert [fact.form for fact in facts] == [PacketForm.BEAT_TIMES] * 3
    assert [fact.t for fact in facts] == pytest.approx([0.8, 1.5, 2.4])


def test_a_stretch_without_beats_is_a_gap_and_no_interval(tmp_path):
    path = tmp_path / "rr.txt"
    path.write_text("\n".join(["800"] * 40 + ["225000"] + ["820"] * 40))
    numbers, _ = analyse(read_recording(path))
    assert numbers.gaps == 1
    assert numbers.beats == 80
    assert numbers.rmssd_ms == pytest.approx(0.0, abs=1e-9)


def swinging(count):
    return [850.0 + 60.0 * math.sin(i / 2.0) + 7.0 * math.sin(i * 1.7) for i in range(count)]


@pytest.mark.parametrize("dirt", ["@@", "0", "-5", "x;y"])
def test_a_line_that_cannot_be_read_parts_its_neighbours(tmp_path, dirt):
    rr_ms = swinging(600)
    lines = [dirt if i % 6 == 3 else f"{rr:.3f}" for i, rr in enumerate(rr_ms)]
    path = tmp_path / "rr.txt"
    path.write_text("\n".join(lines))
    numbers, _ = analyse(read_recording(path), raw=True)
    adjacent = [
        float(f"{b:.3f}") - float(f"{a:.3f}")
        for i, (a, b) in enumerate(pairwise(rr_ms))
        if i % 6 not in (2, 3)
    ]
    root_mean_square = math.sqrt(sum(d * d for d in adjacent) / len(adjacent))
    assert numbers.rmssd_ms == pytest.approx(root_mean_square, rel=1e-9)
    assert numbers.gaps == 100
    assert numbers.beats == 500


def test_one_missing_arrival_costs_nothing(tmp_path):
    rr_ms = swinging(300)
    t, whole, holed = 0.0, ["arrival_s,rr_ms"], ["arrival_s,rr_ms"]
    for i, rr in enumerate(rr_ms):
        t += rr / 1000.0
        whole.append(f"{t + 0.05 * (i % 3):.3f},{rr:.3f}")
        holed.append(f",{rr:.3f}" if i in (0, 100) else whole[-1])
    numbers = []
    for name, lines in (("whole.csv", whole), ("holed.csv", holed)):
        (tmp_path / name).write_text("\n".join(lines))
        numbers.append(analyse(read_recording(tmp_path / name))[0])
    assert numbers[1].beats == numbers[0].beats == 300
    assert numbers[1].rmssd_ms == pytest.approx(numbers[0].rmssd_ms, rel=1e-6)
    assert numbers[1].duration_s == pytest.approx(numbers[0].duration_s, abs=0.2)


@pytest.mark.parametrize("step_s", [-3600.0, -5.0])
@pytest.mark.parametrize("form", ["%Y-%m-%dT%H:%M:%S.%f", "%H:%M:%S.%f"])
def test_a_clock_that_is_set_back_once_changes_nothing(tmp_path, step_s, form):
    rr_ms = swinging(300)
    began = datetime.fromisoformat("2026-10-25T02:50:00")
    lines, t = ["Phone timestamp;RR-interval [ms]"], 0.0
    for i, rr in enumerate(rr_ms):
        t += rr / 1000.0
        shown = began + timedelta(seconds=t + 0.05 * (i % 3) + (step_s if i >= 150 else 0.0))
        lines.append(f"{shown.strftime(form)};{rr:.3f}")
    path = tmp_path / "rr.txt"
    path.write_text("\n".join(lines))
    facts = read_recording(path)
    assert len(facts) == 300
    assert facts[-1].t - facts[0].t == pytest.approx(t - rr_ms[0] / 1000.0, abs=0.2)
    numbers, _ = analyse(facts)
    assert (numbers.beats, numbers.gaps) == (300, 0)


def test_beat_times_tell_a_single_missing_beat_and_nothing_drifts(tmp_path):
    rr_ms = swinging(900)
    t, lines, times = 0.0, [], []
    for i, rr in enumerate(rr_ms):
        # Every ninetieth beat is not in the file, and the clock of the times runs a little off.
        t += rr / 1000.0 * 1.002
        if i % 90 != 45:
            lines.append(f"{t:.4f}\t{rr:.3f}")
            times.append(t)
    path = tmp_path / "rr.txt"
    path.write_text("\n".join(lines))
    numbers, track = analyse(read_recording(path))
    assert numbers.gaps == 10
    at, _ = track.all_series()
    assert max(abs(a - b) for a, b in zip(at, times, strict=True)) < 1e-3


def test_a_clock_that_steps_back_a_little_is_no_midnight(tmp_path):
    rr_ms = swinging(120)
    t, lines = 23 * 3600 + 59 * 60.0, ["time,rr_ms"]
    for i, rr in enumerate(rr_ms):
        t += rr / 1000.0 - (3.0 if i == 40 else 0.0)
        hours, rest = divmod(t % 86_400, 3600)
        lines.append(f"{hours:02.0f}:{rest // 60:02.0f}:{rest % 60:06.3f},{rr:.3f}")
    path = tmp_path / "rr.csv"
    path.write_text("\n".join(lines))
    numbers, _ = analyse(read_recording(path))
    assert numbers.duration_s == pytest.approx(sum(rr_ms) / 1000.0, abs=5.0)


@pytest.mark.parametrize("content", [b"", b"\x00" * 400, b"SQLite format 3\x00" + b"x" * 50])
def test_what_is_no_recording_is_refused_in_one_sentence(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(UnreadableRecording, match=r"^file: .*\.$"):
        read_recording(path)


def test_a_folder_or_nothing_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(UnreadableRecording, match="folder"):
        read_recording(tmp_path)
    with pytest.raises(UnreadableRecording, match="no file"):
        read_recording(tmp_path / "none")
