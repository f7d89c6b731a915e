"""What a practice brings to be heard: its bell, its bed, and quiet words where there is none."""

from typing import ClassVar

import pytest

from biobreath import places
from biobreath.app.program import Program
from biobreath.settings import Settings, save
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
