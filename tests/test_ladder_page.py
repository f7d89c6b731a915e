"""The ladder on the screen: built, changed and climbed with keys alone; and what one tells of
oneself."""

import pytest
from packs import content
from PySide6.QtCore import Qt

from biobreath import places
from biobreath.app.program import Program
from biobreath.practice.entries import LadderWritten
from biobreath.practice.ladder import Step, StepAdded
from biobreath.settings import Settings, save
from biobreath.ui import theme as look
from biobreath.ui.ladder_page import StepDesk
from biobreath.ui.parts import PillButton

ENTER = Qt.Key.Key_Return


@pytest.fixture
def program(qapp, qtbot):
    save(places.settings_path(), Settings(source="none"))
    look.load_fonts()
    made = Program(qapp)
    made.open()
    qtbot.addWidget(made.window)
    made.practising.tell_flags(["pain_checked"], ["checked=yes"])
    yield made
    made.close()


def press(qtbot, program, *keys):
    for key in keys:
        widget = program.window.focusWidget()
        if isinstance(key, str):
            qtbot.keyClicks(widget, key)
        else:
            qtbot.keyClick(widget, key)


def until(qtbot, program, text):
    for _ in range(60):
        if getattr(program.window.focusWidget(), "text", lambda: "")() == text:
            return
        press(qtbot, program, Qt.Key.Key_Tab)
    raise AssertionError(f"the keys do not get to {text}")


def with_steps(program, *steps):
    for number, (text, fear) in enumerate(steps):
        entry = StepAdded(Step(str(number), text, fear))
        program.practising.write(LadderWritten(entry))
    program.go("ladder")


def steps(program):
    return [(step.text, step.fear) for step in program.practising.ladder().steps]


def desk(program) -> StepDesk:
    return program.window.ladder.findChild(StepDesk)


def test_a_ladder_is_built_from_ideas_and_own_words_with_keys_alone(program, qtbot):
    program.go("ladder")
    page = program.window.ladder
    qtbot.waitUntil(lambda: program.window.focusWidget() is page.adder.words)
    press(qtbot, program, "Hang up one shirt", ENTER)
    press(qtbot, program, "5", ENTER)
    until(qtbot, program, "Bending")
    press(qtbot, program, ENTER)
    press(qtbot, program, ENTER)  # the first idea
    press(qtbot, program, "2", ENTER)
    until(qtbot, program, "Walking")
    press(qtbot, program, ENTER)
    press(qtbot, program, ENTER)
    press(qtbot, program, "3", ENTER)
    ideas = content().library.pack("core.graded-exposure").ideas
    assert steps(program) == [
        (ideas[0].steps[0], 2.0), (ideas[1].steps[0], 3.0), ("Hang up one shirt", 5.0)
    ]  # fmt: skip


def test_a_step_that_nobody_rated_waits(program, qtbot):
    program.go("ladder")
    qtbot.waitUntil(lambda: program.window.focusWidget() is program.window.ladder.adder.words)
    press(qtbot, program, "Hang up one shirt", ENTER, ENTER)
    assert steps(program) == []
    assert program.window.ladder.adder.words.text() == "Hang up one shirt"


def test_a_step_is_worded_and_rated_anew(program, qtbot):
    with_steps(program, ("Stand at the door", 2.0), ("Walk", 4.0))
    program.window.ladder.map.picked.emit("1")
    press(qtbot, program, " to the gate", ENTER, "6", ENTER)
    assert steps(program) == [("Stand at the door", 2.0), ("Walk to the gate", 6.0)]
    assert program.practising.ladder().steps[1].id == "1"


def test_steps_are_put_in_another_order(program, qtbot):
    with_steps(program, ("Stand", 2.0), ("Walk", 4.0))
    program.window.ladder.map.picked.emit("1")
    until(qtbot, program, "Easier than the one below")
    press(qtbot, program, ENTER)
    assert steps(program) == [("Walk", 4.0), ("Stand", 2.0)]


def test_a_step_is_cut_in_smaller_ones(program, qtbot):
    with_steps(program, ("Walk ten minutes", 6.0))
    program.window.ladder.map.picked.emit("0")
    until(qtbot, program, "Cut it in smaller ones")
    press(qtbot, program, ENTER)
    until(qtbot, program, "Put these on the ladder")
    press(qtbot, program, ENTER)
    (small, goal) = steps(program)
    assert goal == ("Walk ten minutes", 6.0)
    assert small[1] == 4.0
    assert small[0] != goal[0]


def test_a_step_is_taken_off_at_the_second_press(program, qtbot):
    with_steps(program, ("Stand", 2.0))
    program.window.ladder.map.picked.emit("0")
    until(qtbot, program, "Take it off")
    press(qtbot, program, ENTER)
    assert steps(program) == [("Stand", 2.0)]
    press(qtbot, program, ENTER)
    assert steps(program) == []


def test_the_ladder_can_be_mended_in_the_middle_of_a_practice(program):
    program.begin_practice("core.graded-exposure", 0)
    view = program.window.practice
    view.player._enter_phase(view.player.pack.phase("pick"), program.sitting.now())
    view.refresh()
    view.edit_ladder.emit()
    assert program.window.place == "ladder"
    assert not program.window.rail.isVisible()
    with_steps(program, ("Stand", 2.0))
    program.window.ladder.begin.emit()
    assert program.window.place == "practice"
    texts = [button.text() for button in view._question._buttons]
    assert texts[0] == "Stand"


# --- about me ----------------------------------------------------------------------------------


def test_the_five_questions_are_answered_and_changed_by_keys(program, qtbot):
    program.go("about_me")
    page = program.window.about_me
    qtbot.waitUntil(lambda: program.window.focusWidget() is page.first_focus())
    press(qtbot, program, ENTER)  # yes to the first
    assert "hrv_off" in program.practising.profile.flags
    press(qtbot, program, Qt.Key.Key_Tab, ENTER)  # no
    assert "hrv_off" not in program.practising.profile.flags
    assert program.practising.answers()["heart_rhythm"] is False


@pytest.mark.parametrize(
    ("value", "checked", "locked"),
    [(True, True, False), (False, False, True), (None, False, True)],
)
def test_only_a_yes_opens_the_movement_steps(program, value, checked, locked):
    program.practising.answer("checked", value)
    assert ("pain_checked" in program.practising.profile.flags) is checked
    cards = {card.id: card for card in program.practising.cards(0)}
    assert bool(cards["core.graded-exposure"].locked) is locked


def test_one_answer_does_not_speak_for_another(program):
    program.practising.answer("panic", True)
    program.practising.answer("breath_care", False)
    assert "gentle_breath" in program.practising.profile.flags
    assert program.practising.answers()["breath_care"] is False
    program.practising.answer("panic", None)
    assert "gentle_breath" not in program.practising.profile.flags


def test_reasons_to_feel_safe_are_added_and_put_away(program, qtbot):
    program.go("about_me")
    page = program.window.about_me
    page._words.setFocus()
    qtbot.keyClicks(page._words, "My scan was clear")
    qtbot.keyClick(page._words, ENTER)
    ((reason_id, text),) = program.practising.reasons()
    assert text == "My scan was clear"
    page.reason_removed.emit(reason_id)
    assert program.practising.reasons() == []


def test_the_lighter_pace_can_be_turned_on_and_off(program, qtbot):
    program.go("about_me")
    button = program.window.about_me._lighter
    for pattern in ("gentle", ""):
        qtbot.keyClick(button, ENTER)
        assert program.practising.profile.preferences.get("pattern", "") == pattern


def test_what_was_told_is_there_after_a_new_start(program, qapp, qtbot):
    program.practising.answer("trauma", True)
    program.close()
    again = Program(qapp)
    again.open()
    qtbot.addWidget(again.window)
    assert "no_body_focus" in again.practising.profile.flags
    again.go("about_me")
    pressed = [b for b in again.window.about_me.findChildren(PillButton) if b.isChecked()]
    # The fixture told of the check, the test of the rest.
    assert [button.accessibleName().split(":")[0] for button in pressed] == ["Yes", "Yes"]
    again.close()
