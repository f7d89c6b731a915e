"""What a practice brings to be heard: its bell, its bed, and quiet words where there is none."""

from typing import ClassVar

import pytest

from biobreath import places
from biobreath.app.program import Program
from biobreath.settings import Settings, load, save
from biobreath.sound.bed import Bed
from biobreath.sound.player import NoSound
from biobreath.ui import theme as look

PACK = "core.somatic-tracking"


class Output:
    """A sound output that only remembers what it was to play."""

    mixers: ClassVar[list] = []
    missing = False

    def __init__(self, mixer):
        if Output.missing:
            raise NoSound
        Output.mixers.append(mixer)

    def close(self):
        pass


@pytest.fixture
def opened(qapp, qtbot, monkeypatch):
    """Return a way to open the program with these choices, and an output that is not heard."""
    monkeypatch.setattr("biobreath.app.sounding.Player", Output)
    monkeypatch.setattr(Output, "mixers", [])
    monkeypatch.setattr(Output, "missing", False)
    look.load_fonts()
    made = []

    def open_with(**named):
        save(places.settings_path(), Settings(source="none", **named))
        program = Program(qapp)
        program.open()
        program.about_person.tell_flags(["pain_checked"], ["checked=yes"])
        qtbot.addWidget(program.window)
        made.append(program)
        return program

    yield open_with
    for program in made:
        program.close()


def heard(qtbot):
    """Return what is heard of the sitting that just began."""
    qtbot.waitUntil(lambda: bool(Output.mixers))
    return Output.mixers[-1]._wish


def test_a_practice_with_sounds_rings_its_bell_when_what_went_by_itself_waits(
    opened, qtbot, monkeypatch
):
    program = opened(practice_sound=True)
    rung = []
    monkeypatch.setattr("biobreath.sound.player.Mixer.ring", lambda _self: rung.append(True))
    program.begin_practice(PACK, 0)
    assert heard(qtbot).bell
    view = program.window.practice
    view.refresh()
    assert not rung
    monkeypatch.setattr(view._playing, "now", lambda: view.player._visit.since + 1000.0)
    view.refresh()
    assert view._question is not None
    assert len(rung) == 1


def test_a_question_that_somebody_went_to_by_a_key_rings_no_bell(opened, qtbot, monkeypatch):
    program = opened(practice_sound=True)
    rung = []
    monkeypatch.setattr("biobreath.sound.player.Mixer.ring", lambda _self: rung.append(True))
    program.begin_practice(PACK, 0)
    heard(qtbot)
    view = program.window.practice
    view._go_on()
    assert view._question is not None
    assert not rung


def test_without_sounds_no_bell_and_no_bed(opened, qtbot):
    program = opened(tones=True)
    program.begin_practice(PACK, 0)
    wish = heard(qtbot)
    assert (wish.bell, wish.bed, wish.tones) == (False, Bed.NONE, True)


def test_a_pack_without_a_bell_has_none(opened, qtbot):
    program = opened(practice_sound=True, tones=True)
    program.begin_practice("core.pain-lesson-alarm", 0)
    assert not heard(qtbot).bell


WATER = "Listen to the water."
ANY_SOUND = "Let your ears rest on a quiet sound."


def about_the_sound(program):
    """Return what the three minutes of a hard day say of their sound."""
    (said,) = (
        line.text.partition(".")[0] + "."
        for line in program.playing.player._visit.lines
        if line.text.startswith((WATER, ANY_SOUND))
    )
    return said


def test_on_a_hard_day_the_water_is_heard_without_any_choice_before(opened, qtbot):
    program = opened(volume_percent=30)
    program.begin_gently()
    wish = heard(qtbot)
    assert (wish.bed, wish.volume, wish.bell) == (Bed.BROOK, 0.3, False)
    assert about_the_sound(program) == WATER


def test_one_key_silences_a_hard_day_and_it_is_silent_the_next_time_until_that_key(opened, qtbot):
    program = opened()
    program.begin_gently()
    heard(qtbot)
    qtbot.keyClick(program.window.practice, "m")
    assert program.hearing.sound.muted
    assert about_the_sound(program) == ANY_SOUND
    program.end()
    program.begin_gently()
    assert program.hearing.sound.muted
    assert program.window.practice._muted.text() == "sound is off"
    assert about_the_sound(program) == ANY_SOUND
    qtbot.keyClick(program.window.practice, "m")
    assert not program.hearing.sound.muted
    assert about_the_sound(program) == WATER
    program.end()
    program.choices.save()
    assert not load(places.settings_path()).quiet_on_hard_days


def test_silence_on_a_hard_day_is_no_silence_in_other_practices(opened, qtbot):
    program = opened(quiet_on_hard_days=True, practice_sound=True)
    program.begin_practice(PACK, 0)
    heard(qtbot)
    assert not program.hearing.sound.muted
    qtbot.keyClick(program.window.practice, "m")
    program.end()
    program.begin_practice(PACK, 0)
    assert not program.hearing.sound.muted
    assert program.settings.quiet_on_hard_days


def test_without_an_output_a_hard_day_has_words_that_need_none(opened, qtbot):
    program = opened()
    Output.missing = True
    program.begin_gently()
    qtbot.waitUntil(lambda: about_the_sound(program) == ANY_SOUND)
    qtbot.keyClick(program.window.practice, "m")
    qtbot.keyClick(program.window.practice, "m")
    assert about_the_sound(program) == ANY_SOUND


def test_what_was_said_of_a_sound_is_not_said_again_in_other_words(opened):
    program = opened()
    program.begin_gently()
    player = program.playing.player
    now = player._visit.since + 100.0
    before = player.said(now)
    player.tell_sound(now, heard=False)
    assert player.said(now) == before
    assert len(player._visit.lines) == len(before) + 2
