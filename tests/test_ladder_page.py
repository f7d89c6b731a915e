"""The ladder on the screen: built, changed and climbed with keys alone; and what one tells of
oneself."""

import re

import pytest
from packs import content
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from test_ladder_rules import LADDER

from biobreath import places
from biobreath.app.program import Program
from biobreath.practice.entries import LadderWritten
from biobreath.practice.ladder import Attempt, Step, StepAdded, StepTried, ladder_of
from biobreath.practice.ladder_advice import today
from biobreath.practice.ladder_rules import LadderIdea, LadderRules
from biobreath.settings import Settings, save
from biobreath.ui import theme as look
from biobreath.ui.ladder_page import LadderPage
from biobreath.ui.number_row import NumberRow
from biobreath.ui.parts import PillButton
from biobreath.ui.step_length import StepLength
from biobreath.ui.theme import LIGHT
from biobreath.ui.words_box import WordsBox

KEY = Qt.Key
ENTER = KEY.Key_Return
DAY = 86_400.0
DAY_0 = 20_000 * DAY
NOON = DAY_0 + DAY / 2
RULES = LadderRules.from_table(LADDER)
IDEAS = (
    LadderIdea(
        "Bending",
        (
            "Look at a shoe on the floor and picture reaching for it",
            "Sit and slide your hands to your knees",
            "Sit and slide your hands to your shins",
            "Pick up a sock from a chair",
            "Pick up a sock from the floor",
            "Tie a shoe while sitting",
        ),
    ),
    LadderIdea("Walking", ("Stand at the open door for one minute", "Walk to the gate and back")),
)
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def program(qapp, qtbot):
    save(places.settings_path(), Settings(source="none"))
    look.load_fonts()
    made = Program(qapp)
    made.open()
    qtbot.addWidget(made.window)
    made.about_person.tell_flags(["pain_checked"], ["checked=yes"])
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
        program.memory.write(LadderWritten(entry))
    program.go("ladder")


def steps(program):
    return [(step.text, step.fear) for step in program.memory.ladder().steps]


class Person:
    """Somebody at the page, by keys alone, and the ladder that comes of it."""

    def __init__(self, qtbot, *before, theme=LIGHT, size=(900, 700)):
        look.load_fonts()
        self.qtbot = qtbot
        self.entries = list(before)
        self.page = LadderPage(theme, IDEAS)
        self.page.changed.connect(self.write)
        qtbot.addWidget(self.page)
        self.page.resize(*size)
        self.show()
        self.page.show()
        self.page.activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow)
        self.page.first_focus().setFocus()

    def write(self, entry):
        self.entries.append(entry)
        self.show()

    def show(self):
        self.page.show_ladder(self.ladder, today(self.ladder, NOON, DAY_0))

    @property
    def ladder(self):
        return ladder_of(self.entries, RULES)

    @property
    def steps(self):
        return [(step.text, step.fear) for step in self.ladder.steps]

    @property
    def focus(self):
        return self.page.focusWidget()

    def press(self, *keys):
        for key in keys:
            if isinstance(key, str):
                self.qtbot.keyClicks(self.focus, key)
            else:
                self.qtbot.keyClick(self.focus, key)
        return self

    def until(self, text):
        for _ in range(80):
            if getattr(self.focus, "text", lambda: "")() == text:
                return self
            self.press(KEY.Key_Tab)
        raise AssertionError(f"the keys do not get to {text}")

    def open(self, text):
        self.until(text).press(ENTER)
        assert self.focus is self.page.editor.words
        return self

    def seen(self):
        labels = self.page.findChildren(QLabel)
        return " ".join(one.text() for one in labels if one.isVisibleTo(self.page))


def added(*steps):
    return [StepAdded(Step(f"s{i}", text, fear)) for i, (text, fear) in enumerate(steps)]


def guessed(step_id, days_ago, **said):
    return StepTried(Attempt(step_id, NOON - days_ago * DAY, prediction="My back locks.", **said))


DOOR, GATE, CORNER = ("Stand at the door", 2.0), ("Walk to the gate", 4.0), ("To the corner", 6.0)
THREE = added(DOOR, GATE, CORNER)


# --- building ----------------------------------------------------------------------------------


def test_five_steps_of_a_group_are_built_by_keys_alone_and_stand_in_the_right_order(qtbot):
    person = Person(qtbot)
    person.until("Bending").press(ENTER)
    for fear in ("6", "1", "3", "3", "10"):
        person.press(KEY.Key_Space, fear, ENTER)
    person.until("Put these on my ladder").press(ENTER)
    texts = IDEAS[0].steps
    order = [(texts[1], 1.0), (texts[2], 3.0), (texts[3], 3.0), (texts[0], 6.0), (texts[4], 10.0)]
    assert person.steps == order
    assert len({step.id for step in person.ladder.steps}) == 5
    assert person.focus is person.page.today.begin
    assert [rung.line.step.text for rung in person.page.map.rungs.values()] == [
        text for text, _ in reversed(order)
    ]


def test_an_empty_ladder_begins_with_kind_words_and_ideas(qtbot):
    person = Person(qtbot)
    assert "something you would like back" in person.seen()
    assert not person.page.today.isVisible()
    assert person.focus.text() == "Bending"


def test_own_words_become_steps_one_after_another(qtbot):
    person = Person(qtbot)
    person.page.adder.own.words.setFocus()
    person.press("Hang up one shirt", ENTER, "5", ENTER, "Fold a towel", ENTER, "2", ENTER)
    assert person.steps == [("Fold a towel", 2.0), ("Hang up one shirt", 5.0)]
    assert person.focus is person.page.adder.own.words


def test_a_step_that_nobody_rated_waits_and_is_never_0(qtbot):
    person = Person(qtbot)
    person.page.adder.own.words.setFocus()
    person.press("Hang up one shirt", ENTER, ENTER)
    assert person.steps == []
    assert person.page.adder.own.words.text() == "Hang up one shirt"
    person = Person(qtbot)
    person.until("Bending").press(ENTER, KEY.Key_Space, "4", ENTER, KEY.Key_Space, ENTER)
    person.until("Put these on my ladder").press(ENTER)
    assert person.steps == [(IDEAS[0].steps[0], 4.0)]


def test_an_idea_is_taken_back_and_what_is_on_the_ladder_is_not_offered_again(qtbot):
    person = Person(qtbot, *added((IDEAS[0].steps[0], 2.0)))
    person.until("Bending").press(ENTER)
    lines = person.page.adder.picker.lines
    assert [line.text for line in lines] == list(IDEAS[0].steps[1:])
    person.press(KEY.Key_Space, "4", KEY.Key_Backtab, KEY.Key_Space)
    assert lines[0].scale.value is None
    assert not person.page.adder.picker.put.isEnabled()


def test_no_more_ideas_can_be_ticked_than_the_ladder_holds(qtbot):
    person = Person(qtbot, *added(*((f"Step {i}", 2.0) for i in range(RULES.steps_max - 1))))
    person.until("Bending").press(ENTER, KEY.Key_Space)
    ticks = [line.tick.isEnabled() for line in person.page.adder.picker.lines]
    assert ticks == [True] + [False] * (len(ticks) - 1)
    person.press("3", ENTER, ENTER)
    assert person.ladder.room == 0
    assert not person.page.adder.isVisible()
    assert "full for now" in person.seen()


# --- one step ----------------------------------------------------------------------------------


def test_a_step_unfolds_under_itself_and_folds_again(qtbot):
    person = Person(qtbot, *THREE).open("Walk to the gate")
    page = person.page
    qtbot.waitUntil(lambda: page.editor.y() >= 0 and page.map.rungs["s0"].y() > 200)
    gate, door = page.map.rungs["s1"], page.map.rungs["s0"]
    assert gate.y() < page.editor.parentWidget().y() < door.y()
    assert gate.isChecked()
    person.press(KEY.Key_Escape)
    assert page.editor is None
    assert person.focus is page.map.rungs["s1"]
    person.press(ENTER)
    page.map.rungs["s1"].setFocus()
    person.press(ENTER)
    assert page.editor is None
    assert len(person.entries) == 3


def test_a_step_is_worded_and_rated_anew(qtbot):
    person = Person(qtbot, *THREE).open("Walk to the gate")
    person.press(" and back", ENTER, "5", ENTER)
    assert person.focus.text() == "Keep it so"
    person.press(ENTER)
    assert person.steps == [DOOR, ("Walk to the gate and back", 5.0), CORNER]
    assert person.ladder.steps[1].id == "s1"
    assert person.focus is person.page.map.rungs["s1"]


def test_esc_leaves_a_step_as_it_was(qtbot):
    person = Person(qtbot, *THREE).open("Walk to the gate")
    person.press(" and back", ENTER, "5", KEY.Key_Escape)
    assert person.steps == [DOOR, GATE, CORNER]


def test_what_was_written_is_kept_on_the_way_to_another_step(qtbot):
    person = Person(qtbot, *THREE).open("Walk to the gate").press(" and back")
    person.page.map.rungs["s0"].setFocus()
    person.press(ENTER)
    assert person.page.editor.step_id == "s0"
    assert person.steps[1][0] == "Walk to the gate and back"


def test_a_number_that_is_let_go_or_words_that_are_wiped_leave_what_was_told(qtbot):
    person = Person(qtbot, StepAdded(Step("s0", "Walk", 3.5, 90.0))).open("Walk")
    person.page.editor.words.clear()
    person.press(ENTER, KEY.Key_Backspace).until("Keep it so").press(ENTER)
    assert person.ladder.steps == (Step("s0", "Walk", 3.5, 90.0),)
    assert len(person.entries) == 1


def test_a_step_takes_a_length_in_seconds_or_minutes(qtbot):
    person = Person(qtbot, *THREE).open("Walk to the gate")
    assert "as long as it takes" in person.seen()
    person.until("+").press(*[KEY.Key_Space] * 7)
    assert "3 min" in person.seen()
    person.until("Keep it so").press(ENTER)
    assert person.ladder.steps[1].seconds == 180.0


def test_a_length_of_ones_own_is_among_those_to_choose_from(qtbot):
    look.load_fonts()
    length = StepLength(LIGHT, 95.0)
    qtbot.addWidget(length)
    assert (length.seconds, length.accessibleDescription()) == (95.0, "1 min 35 s")
    length.step(1)
    assert length.seconds == 120.0
    length.set_value(0)
    assert length.seconds is None


def test_a_step_is_moved_and_stays_open_under_the_keys(qtbot):
    person = Person(qtbot, *THREE).open("Walk to the gate")
    person.until("Move it harder").press(ENTER)
    assert person.steps == [DOOR, CORNER, GATE]
    assert person.page.editor.step_id == "s1"
    assert not person.page.editor.harder.isEnabled()
    person.until("Move it easier").press(ENTER, ENTER)
    assert person.steps == [GATE, DOOR, CORNER]


def test_a_step_is_cut_in_three_each_with_the_persons_own_number(qtbot):
    person = Person(qtbot, *THREE).open("To the corner")
    person.until("Cut it smaller").press(ENTER)
    cutter = person.page.editor.cutter
    assert person.focus is cutter.parts[0].words
    person.press(ENTER, "2", ENTER, ENTER, "5", ENTER)
    person.until("One more").press(ENTER, "With a friend", ENTER, "6", ENTER, ENTER)
    assert person.steps == [
        DOOR,
        GATE,
        ("To the corner, for half as long", 2.0),
        ("To the corner", 5.0),
        ("With a friend", 6.0),
    ]
    assert person.page.editor is None


def test_a_part_without_a_number_waits_and_the_keys_go_there(qtbot):
    person = Person(qtbot, *THREE).open("To the corner")
    person.until("Cut it smaller").press(ENTER)
    parts = person.page.editor.cutter.parts
    person.press(ENTER, "2").until("Put these on my ladder").press(ENTER)
    assert person.focus is parts[1].scale.first_focus()
    assert "a number of its own" in person.seen()
    assert len(person.steps) == 3
    person.press(KEY.Key_Escape)
    assert person.focus.text() == "Cut it smaller"
    assert person.steps == [DOOR, GATE, CORNER]


def test_a_full_ladder_says_why_nothing_can_be_cut(qtbot):
    person = Person(qtbot, *added(*((f"Step {i}", 2.0) for i in range(RULES.steps_max))))
    person.open("Step 3")
    assert not person.page.editor.cut.isEnabled()
    assert "room to cut this one" in person.seen()


def test_a_step_is_taken_off_at_the_second_press_and_not_by_a_held_key(qtbot):
    person = Person(qtbot, *THREE).open("To the corner").until("Take it off").press(ENTER)
    button = person.focus
    held = QKeyEvent(QKeyEvent.Type.KeyPress, ENTER, Qt.KeyboardModifier.NoModifier, "", True)
    button.keyPressEvent(held)
    assert person.steps == [DOOR, GATE, CORNER]
    assert button.text() == "Press again to take it off"
    person.press(KEY.Key_Tab, KEY.Key_Backtab)
    assert button.text() == "Take it off"
    person.press(KEY.Key_Space, KEY.Key_Space)
    assert person.steps == [DOOR, GATE]
    assert person.page.editor is None


# --- today, and what was learned ---------------------------------------------------------------


def test_the_suggestion_stands_on_top_with_its_reason(qtbot):
    person = Person(qtbot, *THREE)
    assert person.focus.text() == "Take a step"
    assert "Stand at the door This one feels like a good size" in person.seen()
    assert person.page.map.rungs["s0"].line.here


def test_a_step_that_is_too_big_is_not_called_suggested_for_today(qtbot):
    person = Person(qtbot, *added(("Walk up a hill", 9.0)))
    assert "cut it in half" in person.seen()
    assert not person.page.map.rungs["s0"].line.here


def test_after_a_strong_rise_the_body_rests_and_the_mind_may_practise(qtbot):
    rise = guessed("s0", 0.2, sensation_before=2, sensation_after=7)
    person = Person(qtbot, *THREE, rise)
    assert "a day of rest comes first" in person.seen()
    begun = []
    person.page.begin.connect(lambda: begun.append(True))
    assert person.focus.text() == "In my mind today"
    person.press(ENTER)
    assert begun == [True]


def test_what_was_feared_and_what_happened_is_shown_newest_first_and_earlier_on_asking(qtbot):
    tries = [guessed("s0", 30 - i, came_true=0, surprise=f"Nothing {i}") for i in range(7)]
    person = Person(qtbot, *THREE, *tries)
    assert "hardly ever come true" in person.seen()
    assert "Nothing 6" in person.seen()
    assert "Nothing 0" not in person.seen()
    person.until("Show earlier ones").press(ENTER, ENTER)
    qtbot.waitUntil(lambda: "Nothing 0" in person.seen())
    assert not person.page.learned.earlier.isVisible()


def test_the_page_counts_nothing_and_knows_no_end(qtbot):
    tries = [guessed("s0", 30 - i, came_true=0, fear_after=1) for i in range(4)]
    person = Person(qtbot, *THREE, *tries)
    assert not re.search(r"%|per cent|\bof 3\b|left|\bgoal\b|done so far", person.seen())


def test_the_page_leads_back(qtbot):
    person = Person(qtbot, *THREE)
    told = []
    person.page.back.connect(lambda: told.append(True))
    person.until("Back to the practices").press(ENTER)
    assert told == [True]


def nothing_is_cut(page):
    """Assert that all of the page is in sight; a page that is being laid out is waited for."""
    assert page.widget().width() <= page.viewport().width()
    for part in page.findChildren(QWidget):
        if part.isVisible() and isinstance(part, QAbstractButton | NumberRow | WordsBox):
            right = part.mapTo(page.widget(), part.rect().bottomRight()).x()
            assert right < page.widget().width() - 40, part
            whole = part.height() >= part.minimumSizeHint().height()
            assert whole or isinstance(part, WordsBox), part


@pytest.mark.parametrize("percent", [100, 200])
def test_nothing_is_cut_at_any_size_of_the_text(qtbot, percent):
    look.set_text_percent(percent)
    try:
        person = Person(qtbot, *THREE, guessed("s0", 3, came_true=1), size=(820, 600))
        person.until("Walking").press(ENTER, KEY.Key_Space, "2")
        person.open("To the corner").until("Cut it smaller").press(ENTER)
        qtbot.waitUntil(lambda: nothing_is_cut(person.page))
    finally:
        look.set_text_percent(100)


# --- in the program ----------------------------------------------------------------------------


def test_a_ladder_is_built_in_the_program_and_kept(program, qtbot):
    program.go("ladder")
    page = program.window.ladder
    qtbot.waitUntil(lambda: program.window.focusWidget() is page.adder.first_focus())
    until(qtbot, program, "Walking")
    press(qtbot, program, ENTER, Qt.Key.Key_Space, "3", ENTER, Qt.Key.Key_Space, "2", ENTER)
    until(qtbot, program, "Put these on my ladder")
    press(qtbot, program, ENTER)
    ideas = content().library.pack("core.graded-exposure").ideas[1].steps
    assert steps(program) == [(ideas[1], 2.0), (ideas[0], 3.0)]


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
    assert "hrv_off" in program.memory.profile.flags
    press(qtbot, program, Qt.Key.Key_Tab, ENTER)  # no
    assert "hrv_off" not in program.memory.profile.flags
    assert program.about_person.answers()["heart_rhythm"] is False


@pytest.mark.parametrize(
    ("value", "checked", "locked"),
    [(True, True, False), (False, False, True), (None, False, True)],
)
def test_only_a_yes_opens_the_movement_steps(program, value, checked, locked):
    program.about_person.answer("checked", value)
    assert ("pain_checked" in program.memory.profile.flags) is checked
    cards = {card.id: card for card in program.offers.cards(0)}
    assert bool(cards["core.graded-exposure"].locked) is locked


def test_one_answer_does_not_speak_for_another(program):
    program.about_person.answer("panic", True)
    program.about_person.answer("breath_care", False)
    assert "gentle_breath" in program.memory.profile.flags
    assert program.about_person.answers()["breath_care"] is False
    program.about_person.answer("panic", None)
    assert "gentle_breath" not in program.memory.profile.flags


def test_reasons_to_feel_safe_are_added_and_put_away(program, qtbot):
    program.go("about_me")
    page = program.window.about_me
    line = page._reasons.words
    line.setFocus()
    qtbot.keyClicks(line, "My scan was clear")
    qtbot.keyClick(line, ENTER)
    ((reason_id, text),) = program.about_person.reasons()
    assert text == "My scan was clear"
    page.reason_removed.emit(reason_id)
    assert program.about_person.reasons() == []


def test_the_lighter_pace_can_be_turned_on_and_off(program, qtbot):
    program.go("about_me")
    button = program.window.about_me._lighter
    for pattern in ("gentle", ""):
        qtbot.keyClick(button, ENTER)
        assert program.memory.profile.preferences.get("pattern", "") == pattern


def test_what_was_told_is_there_after_a_new_start(program, qapp, qtbot):
    program.about_person.answer("trauma", True)
    program.close()
    again = Program(qapp)
    again.open()
    qtbot.addWidget(again.window)
    assert "no_body_focus" in again.memory.profile.flags
    again.go("about_me")
    pressed = [b for b in again.window.about_me.findChildren(PillButton) if b.isChecked()]
    # The fixture told of the check, the test of the rest; nobody chose a picture.
    named = [button.accessibleName().split(":")[0] for button in pressed]
    assert named == ["Yes", "Yes", "No picture"]
    again.close()
