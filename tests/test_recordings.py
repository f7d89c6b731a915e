"""Recordings from anywhere become the facts a sensor would tell."""

import pytest

from biobreath.events import PacketForm
from biobreath.session.analysis import analyse
from biobreath.store.recordings import read_recording
from biobreath.store.rr_text import UnreadableRecording


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
