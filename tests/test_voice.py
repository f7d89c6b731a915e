"""The system's voice: it says what it is given, one thing at a time, and is silent without one."""

import sys

import pytest

from biobreath.sound.voice import Voice, voice_command


@pytest.fixture
def spoken(tmp_path):
    """Return a voice that writes down what it says, and where."""
    paper = tmp_path / "said.txt"
    code = f"import sys, pathlib; pathlib.Path({str(paper)!r}).write_text(sys.stdin.read())"
    return Voice([sys.executable, "-c", code]), paper


def test_the_voice_says_what_it_is_given_even_if_it_looks_like_an_option(spoken, qtbot):
    voice, paper = spoken
    voice.say("--help: small and slow, “leise”")
    qtbot.waitUntil(lambda: paper.exists() and paper.read_text() != "", timeout=10_000)
    assert paper.read_text() == "--help: small and slow, “leise”\n"
    voice.be_silent()


def test_what_comes_next_takes_the_place_of_what_is_said():
    voice = Voice([sys.executable, "-c", "import time; time.sleep(60)"])
    voice.say("one")
    first = voice._speaking
    voice.say("two")
    assert first.poll() is not None
    voice.be_silent()
    voice.be_silent()


def test_without_a_voice_nothing_happens():
    voice = Voice(())
    assert not voice.there
    voice.say("anything")


def test_a_voice_that_cannot_be_used_is_silent_from_then_on(tmp_path):
    voice = Voice([str(tmp_path / "no such program")])
    voice.say("anything")
    assert not voice.there


def test_each_system_has_its_own_voice(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    for platform in ("linux", "darwin", "win32"):
        assert voice_command(platform)[0].startswith("/bin/")
    assert voice_command("plan9") == ()
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert voice_command("linux") == ()
