"""Finding my pace: a guided sitting that can be left at any time, and its answer in words."""

from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeClock
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from biobreath.app.program import Program
from biobreath.events import PaceChanged, Paused, PhaseEntered
from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import GENTLE, LONG_OUT
from biobreath.practice.protocols import sliding, stepped
from biobreath.sensors.people import person_of
from biobreath.sensors.simulated import SimulatedSensor
from biobreath.session.review import review
from biobreath.session.sitting import Sitting
from biobreath.session.words import pace_sentence
from biobreath.signal.resonance import NoResonance, Resonance
from biobreath.ui import theme as look
from biobreath.ui.pace_picture import PacePicture, calm_line, has_picture, stretches
from biobreath.ui.sitting_page import SittingSeen
from biobreath.ui.sitting_picture import SittingPicture


def breathe(protocol, until_s=None, step_s=0.5):
    clock, facts = FakeClock(), []
    sitting = Sitting(clock, facts.append, LONG_OUT, 0.0, protocol=protocol)
    while not sitting.may_close() and (until_s is None or clock.t < until_s):
        clock.t += step_s
        sitting.tick()
    return sitting, clock, facts


@pytest.mark.parametrize("protocol", [sliding(), stepped()], ids=lambda p: p.id)
def test_a_sitting_follows_its_protocol_to_the_end_and_records_it_exactly(protocol):
    _, clock, facts = breathe(protocol)
    assert clock.t == pytest.approx(protocol.duration_s, abs=1.0)
    told = [fact for fact in facts if isinstance(fact, PaceChanged)]
    planned = [fact for fact in protocol.facts(0.0) if isinstance(fact, PaceChanged)]
    assert told == planned
    assert isinstance(facts[0], PhaseEntered)
    rests = sum(pacer is None for _, pacer in protocol.parts)
    assert sum(isinstance(fact, Paused) for fact in facts) == rests


def test_the_shape_never_jumps_on_the_way():
    clock = FakeClock()
    sitting = Sitting(clock, lambda _f: None, LONG_OUT, 0.0, protocol=sliding())
    before = sitting.cue().fullness
    for frame in range(6000):
        clock.t = frame / 30
        if frame % 15 == 0:
            sitting.tick()
        now = sitting.cue().fullness
        assert abs(now - before) < 0.03
        before = now


def test_a_pause_shifts_the_rest_of_the_course():
    sitting, clock, facts = breathe(sliding(), until_s=100.0)
    sitting.pause()
    clock.t += 30.0
    sitting.tick()
    seen = len(facts)
    assert not sitting.may_close()
    sitting.go_on()
    while not sitting.may_close():
        clock.t += 0.5
        sitting.tick()
    assert clock.t == pytest.approx(sliding().duration_s + 30.0, abs=1.5)
    assert len(facts) > seen + 50


def test_easier_leaves_the_search():
    sitting, clock, _ = breathe(sliding(), until_s=60.0)
    assert sitting.easier()
    clock.t += 30.0
    sitting.tick()
    assert sitting.pacer.pattern.id == "gentle"
    assert sitting.left_s() is None


@pytest.fixture
def program(qapp, qtbot):
    look.load_fonts()
    made = Program(qapp)
    qtbot.addWidget(made.window)
    made.open()
    yield made
    made.close()


def test_the_answer_is_a_sentence_and_can_be_kept(program):
    protocol = sliding()
    sensor = SimulatedSensor(9, protocol.fullness, person=person_of(9))
    facts = sorted([*protocol.facts(0.0), *sensor.told(900.0)], key=lambda fact: fact.t)
    seen = review(facts)
    truth = person_of(9).resonance_per_minute
    assert seen.pace.breaths_per_minute == pytest.approx(truth, abs=0.5)
    assert "best at about" in pace_sentence(seen.pace)

    page = program.window.sitting_page
    page.show_sitting(SittingSeen(1, "today", "demo heart", recovered=False, review=seen))
    program.window.go("sitting")
    assert page._keep.isVisible()
    page._keep.click()
    assert program.settings.pattern == "mine"
    assert program.settings.my_pace == round(seen.pace.breaths_per_minute, 1)
    program.go("breathe")
    pills = {pill.text(): pill for pill in program.window.breathe._pattern._pills.values()}
    assert pills["My pace"].isVisible()
    assert pills["My pace"].isChecked()


def searched(protocol, seed=9, seconds=900.0):
    sensor = SimulatedSensor(seed, protocol.fullness, person=person_of(seed))
    facts = [*protocol.facts(0.0), *sensor.told(seconds)]
    return review(sorted(facts, key=lambda fact: fact.t))


def test_each_breath_of_the_slide_has_its_pace_and_its_swing():
    pace, swing_bpm = searched(sliding()).pace_swings
    assert pace.size > 70
    assert np.all(np.diff(pace) < 0)  # each breath is longer than the one before
    assert 4.2 < pace[-1] < pace[0] < 6.76
    truth = person_of(9).resonance_per_minute
    near, far = swing_bpm[abs(pace - truth) < 0.4], swing_bpm[abs(pace - truth) > 0.8]
    assert near.mean() > far.mean() > 0


def test_of_steps_only_settled_breaths_are_drawn_and_no_line_between_them():
    pace, swing_bpm = searched(stepped(), seconds=1080.0).pace_swings
    assert set(np.round(pace, 3)) == {6.5, 6.0, 5.5, 5.0, 4.5}
    assert pace.size == swing_bpm.size < 5 * 11
    assert stretches(pace) == []


def test_a_calm_line_goes_through_the_middle_of_its_breaths():
    pace = np.linspace(4.3, 6.7, 70)
    at = np.linspace(4.3, 6.7, 9)
    assert calm_line(at, pace, np.full(70, 12.0)) == pytest.approx(12.0)
    wavy = 12.0 + 3.0 * np.where(np.arange(70) % 2, 1.0, -1.0)
    assert calm_line(at, pace, wavy) == pytest.approx(12.0, abs=0.6)
    assert len(stretches(pace)) == 1


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("kind", [PacePicture, SittingPicture])
def test_large_numbers_have_room_at_the_axes_of_a_picture(qapp, percent, kind):  # noqa: ARG001
    look.load_fonts()
    look.set_text_percent(percent)
    try:
        made = kind(searched(sliding()), look.chosen("light"))
        metrics = QFontMetrics(look.font(look.SMALL_PX))
        box = made.plot.plotItem
        assert box.getAxis("bottom").minimumHeight() >= metrics.ascent() + 10
        assert box.getAxis("left").minimumWidth() >= metrics.horizontalAdvance("100") + 10
    finally:
        look.set_text_percent(100)


def test_a_search_has_its_picture_and_other_sittings_have_none(program, qtbot):
    page = program.window.sitting_page
    seen = SittingSeen(1, "today", "demo heart", recovered=False, review=searched(sliding()))
    program.window.go("sitting")
    page.show_sitting(seen)
    (picture,) = page.findChildren(PacePicture)
    qtbot.waitUntil(picture.isVisible)
    plain = replace(seen.review, pace=None, pace_swings=None)
    page.show_sitting(replace(seen, review=plain))
    qtbot.waitUntil(lambda: not page.findChildren(PacePicture))


@pytest.mark.parametrize(("flag", "pictures"), [("heart_hidden", 1), ("rhythm_off", 0)])
def test_who_shall_not_see_the_heart_does_not_see_it_swing(program, qapp, flag, pictures):
    page = program.window.sitting_page
    seen = SittingSeen(1, "today", "demo heart", recovered=False, review=searched(sliding()))
    program.window.go("sitting")
    page.show_sitting(replace(seen, **{flag: True}))
    qapp.processEvents()  # what is laid out is shown now
    found = page.findChildren(PacePicture)
    assert len(found) == pictures
    assert not any(picture.isVisible() for picture in found)


def test_a_signal_that_cannot_be_read_is_not_drawn():
    seen = searched(sliding())
    unread = replace(seen, pace=Resonance(reason=NoResonance.BAD_SIGNAL))
    assert has_picture(seen)
    assert not has_picture(unread)


def test_no_sign_offers_a_pace_that_the_search_has_fixed(program, qtbot):
    program.begin(LONG_OUT, 5, protocol=sliding())
    view = program.window.breathing
    assert view._texts._slower.isHidden()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert "search sets the pace" in view._texts._notice.text()
    qtbot.keyClick(view, Qt.Key.Key_E)
    assert not view._texts._slower.isHidden()
    program.end()


def test_looking_for_a_pace_begins_a_sitting_of_its_own(program):
    program.go("breathe")
    program.window.breathe.find_pace.emit()
    assert program.sitting is not None
    assert program.sitting.pacer.pattern.breaths_per_minute == pytest.approx(6.75)
    program.end()


def test_breaths_of_an_easier_pace_are_no_part_of_the_search():
    protocol = sliding()
    sensor = SimulatedSensor(3, protocol.fullness, person=person_of(3))
    early = [fact for fact in protocol.facts(0.0) if fact.t < 240.0]
    left = [Pacer(GENTLE, 240.0).changed(240.0), Paused(500.0)]
    facts = sorted([*early, *left, *sensor.told(600.0)], key=lambda fact: fact.t)
    found = review(facts).pace
    # Seven-second breaths would tell of paces that the slide had not reached.
    assert found.breaths_per_minute is None or found.breaths_per_minute > 5.4


def test_grounding_stops_the_time_of_free_breathing():
    clock, facts = FakeClock(), []
    sitting = Sitting(clock, facts.append, LONG_OUT, 60.0, free_s=60.0)
    clock.t = 50.0
    sitting.ground()
    for clock.t in range(51, 300):
        sitting.tick()
        assert sitting.paused
        assert not sitting.may_close()
    sitting.back_to_breathing()
    assert facts[-1].phase == "before"
    clock.t += 5.0
    sitting.tick()
    assert sitting.free
    clock.t += 10.0
    sitting.tick()
    assert not sitting.free
