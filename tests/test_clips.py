"""Recorded sentences: found by pack, part and number, played where there is an output, harmless."""

import threading
import wave

import numpy as np
import pytest
from packs import SMALL

from biobreath import places
from biobreath.app.program import Program
from biobreath.settings import Settings, save
from biobreath.sound.clips import LARGEST_BYTES, Clips, find_clip, samples_of, slices
from biobreath.sound.player import NoSound
from biobreath.sound.tones import SAMPLE_RATE_HZ


def record(path, seconds=0.2):
    path.parent.mkdir(parents=True, exist_ok=True)
    tone = 0.5 * np.sin(2 * np.pi * 220 * np.arange(round(seconds * 16_000)) / 16_000)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((tone * 32767).astype("<i2").tobytes())


def test_a_recording_is_found_by_pack_part_and_number(tmp_path):
    record(tmp_path / "test.small" / "welcome.1.wav")
    found = find_clip([tmp_path], "test.small", "welcome", 1)
    assert found == tmp_path / "test.small" / "welcome.1.wav"
    assert find_clip([tmp_path], "test.small", "welcome", 2) is None


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "..\\x"])
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    record(tmp_path / "welcome.1.wav")
    assert find_clip([tmp_path / "packs"], name, "welcome", 1) is None
    assert find_clip([tmp_path / "packs"], "welcome", name, 1) is None


def test_a_recording_of_any_rate_becomes_ours(tmp_path):
    record(tmp_path / "a.wav", 0.5)
    samples = samples_of(tmp_path / "a.wav")
    assert samples.size == pytest.approx(0.5 * SAMPLE_RATE_HZ, rel=0.02)
    assert 0.4 < np.abs(samples).max() < 0.6


@pytest.mark.parametrize("content", [b"", b"RIFF", b"OggS" + b"\xff" * 500, b"x" * 10_000])
def test_a_file_that_is_no_recording_is_silent(tmp_path, content):
    path = tmp_path / "bad.ogg"
    path.write_bytes(content)
    with pytest.raises(NoSound):
        samples_of(path)
    Clips(discard=True).play(path)


def test_a_huge_file_is_left_alone(tmp_path):
    path = tmp_path / "p" / "a.1.ogg"
    path.parent.mkdir()
    with path.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    assert find_clip([tmp_path], "p", "a", 1) is None


def test_samples_come_in_order_and_silence_follows():
    over = threading.Event()
    blocks = slices(np.arange(5, dtype=np.float32), over)
    next(blocks)
    assert np.frombuffer(blocks.send(3), np.float32).tolist() == [0, 1, 2]
    assert np.frombuffer(blocks.send(4), np.float32).tolist() == [3, 4, 0, 0]
    over.set()
    assert np.frombuffer(blocks.send(2), np.float32).tolist() == [0, 0]


def test_a_recorded_sentence_takes_the_place_of_the_systems_voice(qapp, qtbot, monkeypatch):
    record(places.packs_dir() / "audio" / "test.small" / "welcome.1.wav")
    (places.packs_dir() / "mine.toml").write_text(SMALL)
    save(places.settings_path(), Settings(source="none", speak=True))
    program = Program(qapp)
    qtbot.addWidget(program.window)
    played, said = [], []
    monkeypatch.setattr(program.hearing.clips, "play", lambda path, _: played.append(path.name))
    monkeypatch.setattr(program.hearing.voice, "say", said.append)
    program.open()
    program.begin_practice("test.small", 0)
    assert played == ["welcome.1.wav"]
    program.window.practice.player.go_on(program.sitting.now())
    program.window.practice.refresh()
    assert len(played) == 1
    assert len(said) == 1
    program.close()
