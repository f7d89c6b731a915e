"""The system's voice: it says what it is given, one thing at a time, and is silent without one."""

import sys

import pytest

from biobreath.sound.voice import Voice, starts_in_s, voice_command


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
    assert first.over
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


def test_a_cue_waits_for_nobody_and_takes_nobodys_place():
    voice = Voice([sys.executable, "-c", "import time; time.sleep(60)"])
    assert voice.say_if_free("in", lambda: False) is None
    voice.say("a sentence of a practice")
    sentence = voice._speaking
    assert voice.say_if_free("in", lambda: True) is None
    assert not sentence.over
    voice.be_silent()
    word = voice.say_if_free("out", lambda: True)
    assert word is not None
    assert not word.over
    voice.say("the next sentence")
    assert word.over
    assert not word.unheard
    voice.be_silent()


def test_a_voice_that_gives_up_by_itself_is_told_from_one_that_was_stopped(qtbot):
    broken = Voice([sys.executable, "-c", "raise SystemExit(3)"])
    word = broken.say_if_free("in", lambda: True)
    qtbot.waitUntil(lambda: word.over, timeout=10_000)
    assert word.unheard


def test_a_voice_that_does_not_listen_is_ended(tmp_path, qtbot):
    ready = tmp_path / "ready"
    code = (
        "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
    )
    voice = Voice([sys.executable, "-c", code])
    voice.say("one")
    word = voice._speaking
    qtbot.waitUntil(ready.exists, timeout=10_000)
    voice.be_silent()
    assert word.over


def test_a_command_that_only_hands_words_on_is_told_to_stop(tmp_path, qtbot):
    told = tmp_path / "told"
    command = tmp_path / "spd-say"
    command.write_text(f'#!/bin/sh\necho $1 >> {told}\n[ "$1" = --stop ] || exec sleep 60\n')
    command.chmod(0o755)
    voice = Voice([str(command), "--wait"])
    voice.say("a long sentence")
    qtbot.waitUntil(told.exists, timeout=10_000)
    voice.be_silent()
    voice.be_silent()
    assert told.read_text() == "--wait\n--stop\n"


def test_a_slower_voice_is_begun_earlier():
    assert starts_in_s("win32") > starts_in_s("linux") > 0
