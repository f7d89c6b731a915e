"""M: silent at once, and back as it was; in every sitting, by key and by pointer."""

import sys

import numpy as np
import pytest
from fakes import FakeClock
from packs import SMALL
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from biobreath import places
from biobreath.app.program import Program
from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import LONG_OUT
from biobreath.session.sitting import Sitting
from biobreath.settings import Settings, load, save
from biobreath.sound.bed import Bed
from biobreath.sound.clips import slices
from biobreath.sound.player import MUTING_S, Mixer, SoundWish
from biobreath.sound.tones import SAMPLE_RATE_HZ as FS
from biobreath.ui import theme as look
from biobreath.ui.parts import SOUND_IS_OFF

BLOCK = 441


class Switch:
    on = False

    def __call__(self):
        return self.on


def mixed(mixer, seconds):
    return np.concatenate([mixer.render(BLOCK) for _ in range(round(seconds * FS / BLOCK))])


def test_tones_and_bed_fall_silent_within_a_tenth_of_a_second_and_without_a_click():
    muted = Switch()
    mixer = Mixer(
        Pacer(LONG_OUT).at, lambda: 2.0, SoundWish(tones=True, bed=Bed.WIND, volume=0.8), muted
    )
    before = mixed(mixer, 2.0)
    muted.on = True
    fading = mixed(mixer, MUTING_S + 0.02)
    silence = mixed(mixer, 1.0)
    assert not silence.any()
    assert not mixer.faded.is_set()
    seam = np.abs(np.diff(np.concatenate([before, fading])))
    assert seam[before.size - 1 :].max() <= 1.2 * seam[: before.size - 1].max()


def test_what_was_muted_comes_back_as_loud_as_it_was():
    muted = Switch()
    mixer = Mixer(Pacer(LONG_OUT).at, lambda: 0.0, SoundWish(bed=Bed.RAIN, volume=0.5), muted)
    before = np.std(mixed(mixer, 4.0)[2 * FS :])
    muted.on = True
    mixed(mixer, 1.0)
    muted.on = False
    after = mixed(mixer, 4.0)
    assert np.abs(after[:BLOCK]).max() < np.abs(after).max() / 2
    assert np.std(after[2 * FS :]) == pytest.approx(before, rel=0.15)


def test_a_sitting_can_end_while_it_is_muted():
    mixer = Mixer(Pacer(LONG_OUT).at, lambda: 0.0, SoundWish(tones=True), lambda: True)
    mixer.fade_out()
    mixed(mixer, 0.1)
    assert mixer.faded.is_set()


def test_a_recording_that_is_stopped_fades_before_it_is_silent():
    over, faded = Switch(), Switch()
    over.is_set, faded.set = (lambda: over.on), (lambda: setattr(faded, "on", True))
    blocks = slices(np.full(FS, 0.5, np.float32), over, faded)
    next(blocks)
    np.frombuffer(blocks.send(BLOCK), np.float32)
    over.on = True
    fading = np.frombuffer(blocks.send(4 * BLOCK), np.float32)
    assert fading[0] == 0.5
    assert np.abs(np.diff(fading)).max() < 0.001
    assert fading[-1] == 0.0
    assert not faded.on
    assert not np.frombuffer(blocks.send(BLOCK), np.float32).any()
    assert faded.on


@pytest.fixture
def program(qapp, qtbot, monkeypatch):
    """Return a program with a voice that goes on talking until it is stopped."""
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    monkeypatch.setattr("biobreath.app.hearing.voice_command", lambda: command)
    look.load_fonts()
    places.packs_dir().mkdir(parents=True)
    (places.packs_dir() / "mine.toml").write_text(SMALL)
    save(places.settings_path(), Settings(source="none", speak=True, spoken=True))
    made = Program(qapp)
    made.open()
    qtbot.addWidget(made.window)
    yield made
    made.close()


def press(qtbot, widget):
    qtbot.keyClick(widget, Qt.Key.Key_M)


def test_m_silences_a_sitting_and_says_so_and_brings_it_back(program, qtbot):
    program.begin(LONG_OUT, 5)
    view = program.window.breathing
    sign, hint = view._texts._muted, view._keys._mute
    assert not sign.isVisibleTo(view)
    assert hint.text() == "mute"
    qtbot.waitUntil(lambda: program.hearing.voice._speaking is not None)
    word = program.hearing.voice._speaking
    press(qtbot, view)
    assert program.hearing.sound.muted
    assert word.over
    assert sign.isVisibleTo(view)
    assert sign.text() == SOUND_IS_OFF
    assert hint.text() == "sound on"
    assert hint.accessibleName() == "sound on, key M"
    press(qtbot, view)
    assert not program.hearing.sound.muted
    assert not sign.isVisibleTo(view)


def test_the_pointer_can_mute_as_well(program, qtbot):
    program.begin(LONG_OUT, 5)
    view = program.window.breathing
    qtbot.mouseClick(view._keys._mute, Qt.MouseButton.LeftButton)
    assert program.hearing.sound.muted


def test_a_held_key_is_one_press(program):
    program.begin(LONG_OUT, 5)
    view = program.window.breathing
    for held in (False, True, True):
        key = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_M, Qt.KeyboardModifier.NoModifier, "m", held
        )
        QApplication.sendEvent(view, key)
    assert program.hearing.sound.muted


def test_no_cue_is_said_while_it_is_muted(program, qtbot):
    assert program.hearing.may_cue()
    program.begin(LONG_OUT, 5)
    press(qtbot, program.window.breathing)
    assert not program.hearing.may_cue()
    press(qtbot, program.window.breathing)
    assert program.hearing.may_cue()


def test_grounding_can_be_silent_too_and_stays_so_on_the_way_back(program, qtbot):
    program.begin(LONG_OUT, 5)
    view, grounding = program.window.breathing, program.window.grounding
    qtbot.keyClick(view, Qt.Key.Key_G)
    press(qtbot, grounding)
    assert program.hearing.sound.muted
    assert grounding._mute.text() == "sound on"
    qtbot.keyClick(grounding, Qt.Key.Key_G)
    assert program.window.place == "breathing"
    assert view._texts._muted.isVisibleTo(view)


def test_silence_is_for_this_sitting_only(program, qtbot):
    program.begin(LONG_OUT, 5)
    press(qtbot, program.window.breathing)
    volume = program.settings.volume_percent
    program.end()
    program.begin(LONG_OUT, 5)
    assert not program.hearing.sound.muted
    assert not program.window.breathing._texts._muted.isVisibleTo(program.window.breathing)
    program.choices.save()
    assert load(places.settings_path()).volume_percent == volume


def test_m_silences_what_a_practice_reads_and_the_next_sentence_is_heard_again(program, qtbot):
    said, stopped = [], []
    program.hearing.voice.say, program.hearing.clips.stop = (
        said.append,
        lambda: stopped.append(True),
    )
    program.begin_practice("test.small", 0)
    view = program.window.practice
    assert len(said) == 1
    before = len(stopped)
    press(qtbot, view)
    assert len(stopped) == before + 1
    assert view._muted.isVisibleTo(view)
    view.player.go_on(program.sitting.now())
    view.refresh()
    assert len(said) == 1
    press(qtbot, view)
    assert not view._muted.isVisibleTo(view)
    program.hearing.say("the next sentence")
    assert said[-1] == "the next sentence"


def test_a_replay_can_be_muted_as_its_tones_are_heard(program, qtbot):
    view = program.window.breathing
    replay = Sitting(FakeClock(), lambda _fact: None, LONG_OUT, 0.0, guided=False)
    program.window.show_sitting(replay, "replay")
    assert view._keys._mute.isVisibleTo(view)
    press(qtbot, view)
    assert program.hearing.sound.muted
    view.leave_sitting()
