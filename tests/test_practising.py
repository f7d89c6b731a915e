"""Practices in the window, with keys alone: begun, played to the end, kept, and looked back on."""

import re
import time
from dataclasses import replace

import pytest
from packs import SMALL, content
from PySide6.QtCore import QEvent, QLocale, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QScrollArea

from biobreath import places
from biobreath.app.program import Program
from biobreath.clock import SessionClock
from biobreath.events import BodyMarked, Noted, PracticeBegan, PracticeEnded, Rated
from biobreath.practice.content import load_content
from biobreath.practice.display import Display
from biobreath.practice.entries import (
    DAILY,
    Crumb,
    Dated,
    FlagsTold,
    HardDay,
    ImageryDone,
    LadderWritten,
    Preferred,
    RatingGiven,
    SafetyWords,
    read_entries,
)
from biobreath.practice.hard_days import hard_days
from biobreath.practice.imagery import ImagerySitting
from biobreath.practice.ladder import Step, StepAdded, StepTried
from biobreath.practice.ladder_advice import Move
from biobreath.practice.past import PastRating, PastSitting
from biobreath.practice.timing import lines_for
from biobreath.settings import SUITED, Settings, load, save
from biobreath.store.library import Library
from biobreath.ui import theme as look
from biobreath.ui.fear_cards import FearCards
from biobreath.ui.practice_cards import CardQuestion, StopQuestion
from biobreath.ui.practice_questions import (
    BodyQuestion,
    ChoiceQuestion,
    GameQuestion,
    JournalQuestion,
    QuizQuestion,
    RatingQuestion,
)
from biobreath.ui.practice_view import PracticeView
from biobreath.ui.question import WordsLine
from biobreath.ui.sitting_picture import SittingPicture
from biobreath.ui.step_questions import Act, Learn, PickStep, PlanNext, Predict
from biobreath.ui.words_box import WordsBox

PRACTICES = [pack.id for pack in content().library.packs]
NEXT = Qt.Key.Key_Tab
ENTER = Qt.Key.Key_Return
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(qapp, qtbot, monkeypatch):
    """Return a way to open the program with a heart of this kind."""
    monkeypatch.setattr("biobreath.app.starting.SessionClock", lambda s=1.0: SessionClock(8.0 * s))
    look.load_fonts()
    made = []

    def open_with(source="none", **named):
        save(places.settings_path(), Settings(source=source, **named))
        program = Program(qapp)
        program.open()
        qtbot.addWidget(program.window)
        made.append(program)
        return program

    yield open_with
    for program in made:
        program.close()


def to(view, phase_id):
    """Go to a part at once."""
    view.player._enter_phase(view.player.pack.phase(phase_id), view._playing.now())
    view.refresh()


def library():
    return Library(places.library_path())


def entries():
    return [dated.entry for dated in read_entries(library().journal())]


def press(qtbot, widget, *keys):
    for key in keys:
        if isinstance(key, str):
            qtbot.keyClicks(widget, key)
        else:
            qtbot.keyClick(widget, key)


class Fingers:
    """Somebody who plays a practice by keys alone, whatever comes."""

    def __init__(self, qtbot, program):
        self.qtbot = qtbot
        self.program = program
        self.view: PracticeView = program.window.practice
        self.seen = []

    @property
    def at(self):
        return self.view.player.phase.id

    def focus(self):
        return self.program.window.focusWidget()

    def play(self, most=120):
        for _ in range(most):
            if self.program.window.place != "practice":
                return self
            self.once()
        raise AssertionError(f"it does not end: {self.at}")

    def once(self):
        question = self.view._question
        where = (type(question).__name__, self.view.player.phase.type)
        self.seen.append(where)
        if question is None:
            press(self.qtbot, self.view, Qt.Key.Key_N)
            return
        first = question.first_focus()
        self.qtbot.waitUntil(lambda: self.holds(first), timeout=5000)
        {
            CardQuestion: self.enter,
            RatingQuestion: self.rate,
            ChoiceQuestion: self.choose,
            BodyQuestion: self.show_place,
            JournalQuestion: self.write,
            QuizQuestion: self.think,
            GameQuestion: self.tell_left,
            PickStep: self.enter,
            Predict: self.guess,
            Act: self.act,
            Learn: self.learn,
            PlanNext: self.enter,
        }[type(question)]()

    def holds(self, first):
        focused = self.focus()
        return focused is not None and focused in (first, first.focusProxy())

    def enter(self):
        press(self.qtbot, self.focus(), ENTER)

    def rate(self):
        press(self.qtbot, self.focus(), "3", ENTER)

    def choose(self):
        asked = self.view._question
        self.qtbot.waitUntil(lambda: asked.open)
        press(self.qtbot, self.focus(), ENTER)
        question = self.view._question
        if isinstance(question, ChoiceQuestion) and question.chosen:
            self.until(question._go_on)
            self.enter()

    def show_place(self):
        press(self.qtbot, self.focus(), Qt.Key.Key_Space)
        question = self.view._question
        self.until_text("Go on")
        assert question.places
        self.enter()

    def write(self):
        question = self.view._question
        self.until(question._lines[0])
        press(self.qtbot, self.focus(), "tea")
        for _ in question._lines:
            self.enter()

    def think(self):
        self.enter()  # an answer, and the way on takes the keys
        self.enter()

    def tell_left(self):
        press(self.qtbot, self.focus(), Qt.Key.Key_Left)

    def guess(self):
        press(self.qtbot, self.focus(), "It will hurt", ENTER)
        press(self.qtbot, self.focus(), "8", ENTER)

    def act(self):
        press(self.qtbot, self.focus(), Qt.Key.Key_Space)
        press(self.qtbot, self.focus(), Qt.Key.Key_Space)

    def learn(self):
        press(self.qtbot, self.focus(), ENTER)
        press(self.qtbot, self.focus(), "nothing", ENTER)
        press(self.qtbot, self.focus(), "2", ENTER)

    def until(self, widget):
        for _ in range(40):
            if self.focus() is widget:
                return
            press(self.qtbot, self.focus(), NEXT)
        raise AssertionError("the keys do not get there")

    def until_text(self, text):
        for _ in range(40):
            if getattr(self.focus(), "text", lambda: "")() == text:
                return
            press(self.qtbot, self.focus(), NEXT)
        raise AssertionError(f"the keys do not get to {text}")


STEPS = [
    Step("one", "Stand at the open door", 2),
    Step("two", "Walk to the gate", 3),
    Step("three", "Walk to the corner", 5),
]


def told_everything(program):
    program.about_person.tell_flags(["pain_checked"], ["checked"])
    for step in STEPS:
        program.memory.write(LadderWritten(StepAdded(step)))


def ended(qtbot, program):
    def looked_back():
        page = program.window.sitting_page
        return program.window.place == "sitting" and page.title.text().startswith("You sat")

    qtbot.waitUntil(looked_back, timeout=15_000)


@pytest.mark.real_window
@pytest.mark.parametrize("practice", PRACTICES)
@pytest.mark.parametrize("source", ["none", "simulated"])
def test_every_practice_is_played_to_its_end_with_keys_alone(opened, qtbot, practice, source):
    program = opened(source)
    told_everything(program)
    program.begin_practice(practice, 0)
    assert program.window.place == "practice"
    Fingers(qtbot, program).play()
    ended(qtbot, program)
    (row,) = library().sittings()
    facts = library().facts(row.id)
    began = next(fact for fact in facts if isinstance(fact, PracticeBegan))
    assert row.practice == began.pack == practice
    assert began.text == content().library.pack(practice).text
    assert next(fact for fact in facts if isinstance(fact, PracticeEnded)).how == "done"
    assert {fact.value for fact in facts if isinstance(fact, Rated)} <= {2, 3, 20, 80, None}


@pytest.mark.real_window
@pytest.mark.parametrize("source", ["none", "simulated"])
def test_a_practice_is_two_presses_away_for_a_new_person_by_keys(opened, qtbot, source):
    program = opened(source)
    window = program.window
    window.activateWindow()
    qtbot.waitUntil(lambda: window.focusWidget() is window.today.first_focus())
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_3, CONTROL)
    qtbot.waitUntil(lambda: window.place == "practices")
    qtbot.waitUntil(lambda: window.focusWidget() is window.practices.first_focus())
    press(qtbot, window.focusWidget(), ENTER)
    assert window.place == "practice"
    assert window.practice.player.phase.id == "welcome"


@pytest.mark.real_window
def test_a_practice_is_two_presses_away_for_a_new_person_by_pointer(opened, qtbot):
    program = opened()
    window = program.window
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(window.rail._buttons["practices"], left)
    qtbot.waitUntil(lambda: window.place == "practices")
    qtbot.mouseClick(window.practices.first_focus(), left)
    assert window.practice.player.phase.id == "welcome"


def test_the_arrows_go_along_the_rail_and_no_place_is_gone_to_while_one_sits(opened, qtbot):
    program = opened()
    window = program.window
    first = window.rail._buttons["today"]
    first.setFocus()
    press(qtbot, first, Qt.Key.Key_Down)
    press(qtbot, window.rail._buttons["breathe"], Qt.Key.Key_Down)
    assert window.focusWidget() is window.rail._buttons["practices"]
    program.begin_practice("core.positive-affect", 0)
    qtbot.keyClick(window.practice, Qt.Key.Key_1, CONTROL)
    assert window.place == "practice"


def test_consent_is_never_what_comes_first(opened):
    program = opened()
    told_everything(program)
    for practice, part in (("core.positive-affect", "ask_meet"), ("core.motor-imagery", "real")):
        program.begin_practice(practice, 0)
        view = program.window.practice
        view.player._enter_phase(view.player.pack.phase(part), view._playing.now())
        view.refresh()
        assert view._question.first_focus().text().startswith("No")
        program.end()


def test_the_picture_of_the_game_and_both_answers_are_seen_at_once_in_a_small_window(opened, qtbot):
    program = opened()
    told_everything(program)
    program.window.resize(900, 600)
    program.begin_practice("core.motor-imagery", 0)
    view = program.window.practice
    view.player.told.answers["gate"] = ("hand",)
    to(view, "left_right")
    question = view._question
    holder = view._middle.itemAt(0).widget()

    def seen():
        inside = holder.viewport().rect()
        answers = [*question.view.buttons.values(), question._way_out]
        return all(
            inside.contains(one.rect().translated(one.mapTo(holder.viewport(), QPoint())))
            for one in answers
        )

    qtbot.waitUntil(seen)
    assert question.view.picture.height() >= 120


def test_what_stays_of_a_practice_is_kept_where_the_window_closes_before_its_end_is_written(
    opened, monkeypatch
):
    program = opened()
    monkeypatch.setattr(program.keeper, "end", lambda _t, _kept: None)
    program.begin_practice("core.mindful-breath", 0)
    program.window.practice.player.suggestion = "core.positive-affect"
    program.end()
    assert entries() == []
    program.window.close()
    assert Preferred("next_practice", "core.positive-affect") in entries()


def test_what_stays_of_a_practice_is_its_own_where_another_has_begun_meanwhile(opened, monkeypatch):
    program = opened()
    told = []
    monkeypatch.setattr(program.keeper, "end", lambda _t, kept: told.append(kept))
    program.begin_practice("core.mindful-breath", 0)
    program.end()
    program.begin_practice("core.positive-affect", 0)
    told[0](7, "")
    (past,) = program.memory.history
    assert (past.session_id, past.pack) == (7, "core.mindful-breath")


def low_place(program, qtbot):
    """Return the question about a place in a window that is too low for all of it."""
    told_everything(program)
    program.window.resize(900, 600)
    program.begin_practice("core.somatic-tracking", 0)
    view = program.window.practice
    to(view, "place")
    qtbot.waitUntil(view._question.map.figures.isVisible)
    assert all_in_sight(view._question)
    return view._question


def all_in_sight(question):
    """Tell whether nothing of a question has to be scrolled to."""
    return question.height() <= question.parentWidget().parentWidget().height()


def test_in_a_low_window_the_words_come_after_the_place_and_nothing_scrolls(opened, qtbot):
    program = opened()
    question, view = low_place(program, qtbot), program.window.practice
    assert question._chips.isHidden()
    question.map.press("belly")
    question._go_on.click()
    assert view._question is question
    qtbot.waitUntil(lambda: program.window.focusWidget() is question._chips.first)
    qtbot.waitUntil(question._chips.isVisible)
    assert all_in_sight(question)
    assert not question.map.figures.isVisible()
    assert question.map._where.text() == "Where: belly"
    press(qtbot, question._chips.first, Qt.Key.Key_Space, Qt.Key.Key_L)
    assert question.map.lists_hidden
    question._back.click()
    assert question.map.figures.isVisible()
    question._go_on.click()
    question._go_on.click()
    assert view._question is not question
    (marked,) = [one for one in program.practising._facts if isinstance(one, BodyMarked)]
    assert (marked.regions, marked.qualities) == (("belly",), ("tight",))


def test_in_a_low_window_the_place_is_not_lost_to_who_goes_on_without_words(opened, qtbot):
    program = opened()
    question, view = low_place(program, qtbot), program.window.practice
    question.map.press("belly")
    question._go_on.click()
    press(qtbot, view, Qt.Key.Key_N)
    assert view._question is not question
    (marked,) = [one for one in program.practising._facts if isinstance(one, BodyMarked)]
    assert (marked.regions, marked.qualities) == (("belly",), ())


def test_in_a_low_window_who_chooses_no_place_is_asked_for_no_words(opened, qtbot):
    program = opened()
    question, view = low_place(program, qtbot), program.window.practice
    question._go_on.click()
    assert view._question is not question


def test_in_a_window_that_grows_place_and_words_stand_side_by_side(opened, qtbot):
    program = opened()
    question = low_place(program, qtbot)
    question.map.press("belly")
    question._go_on.click()
    program.window.resize(1280, 800)
    qtbot.waitUntil(lambda: question.map.figures.isVisible() and question._chips.isVisible())
    assert question._back.isHidden()


@pytest.mark.parametrize(("key", "there"), [(Qt.Key.Key_G, "ground"), (Qt.Key.Key_E, "soothe")])
def test_the_keys_of_care_work_in_every_part_of_the_window(opened, qtbot, key, there):
    program = opened()
    told_everything(program)
    pack = content().library.pack("core.somatic-tracking")
    program.begin_practice(pack.id, 0)
    view = program.window.practice
    for phase in pack.phases:
        view.player._enter_phase(phase, program.sitting.now())
        view.refresh()
        target = view if view._question is None else view._question.first_focus()
        writes = type(view._question) is JournalQuestion
        qtbot.keyClick(
            target, key, Qt.KeyboardModifier.ControlModifier if writes else Qt.KeyboardModifier(0)
        )
        expected = "rest" if phase.id == "soothe" == there else there
        assert view.player.phase.id == expected


def test_space_lets_a_question_rest_and_consents_to_nothing(opened, qtbot, monkeypatch):
    # So long that the second press comes before it is open on a busy machine as well.
    monkeypatch.setattr("biobreath.ui.practice_questions._NOT_AT_ONCE_MS", 3000)
    program = opened()
    told_everything(program)
    program.begin_practice("core.graded-exposure", 0)
    view = program.window.practice
    press(qtbot, view, Qt.Key.Key_N)
    assert view.player.phase.id == "gate"
    first = view._question.first_focus()
    qtbot.waitUntil(lambda: program.window.focusWidget() is first)
    press(qtbot, first, ENTER)  # the second press of somebody who meant the part before
    assert view.player.phase.id == "gate"
    qtbot.waitUntil(lambda: view._question.open)
    press(qtbot, first, Qt.Key.Key_Space)
    assert view.player.phase.id == "gate"
    assert view.player.paused
    press(qtbot, first, Qt.Key.Key_N)
    assert view.player.phase.id == "gate"
    assert not view._skip.isVisible()
    press(qtbot, first, ENTER)
    assert view.player.phase.id == "before"
    assert view._skip.isVisible()


def test_while_one_writes_the_foot_says_that_letters_need_control(opened):
    program = opened()
    program.begin_practice("core.positive-affect", 0)
    view = program.window.practice
    to(view, "note")
    names = [hint.accessibleName() for hint in view.hints]
    assert "ground me, key Ctrl G" in names
    assert "stop, key Esc" in names
    to(view, "rest")
    assert "ground me, key G" in [hint.accessibleName() for hint in view.hints]


def test_a_step_that_was_stopped_on_the_way_is_on_the_ladder_and_the_next_is_easier(opened, qtbot):
    program = opened()
    told_everything(program)
    program.memory.write(LadderWritten(StepAdded(Step("less", "Look at it", 1))))
    program.begin_practice("core.graded-exposure", 0)
    view = program.window.practice
    view.brave.step = view.brave.step.changed(step=program.memory.ladder().step("one"))
    to(view, "act")
    press(qtbot, view._question.first_focus(), Qt.Key.Key_Space)
    view._ask_stop()
    view._stop("pain_up")
    program.end()
    ended(qtbot, program)
    qtbot.waitUntil(lambda: bool(program.memory.ladder().trials))
    (trial,) = program.memory.ladder().trials
    assert (trial.attempt.stopped, trial.attempt.was_much) == (True, True)
    advice = program.memory.ladder_today().advice
    assert (advice.move, advice.step.id) == (Move.DOWN, "less")


def test_after_it_felt_far_away_something_without_the_body_comes_first(opened, qtbot):
    program = opened()
    program.begin_practice("core.positive-affect", 0)
    program.window.practice._stop("far_away")
    program.end()
    ended(qtbot, program)
    card = next(c for c in program.offers.cards(0) if c.id == "core.somatic-tracking")
    assert "Something kinder comes first" in card.locked
    assert card.instead
    program.begin_practice("core.mindful-breath", 0)
    Fingers(qtbot, program).play()
    ended(qtbot, program)
    card = next(c for c in program.offers.cards(0) if c.id == "core.somatic-tracking")
    assert card.locked == ""


def test_the_foot_tells_of_space_only_where_it_lets_something_rest(opened, qtbot):
    program = opened()
    program.begin_practice("core.mindful-breath", 0)
    view = program.window.practice
    assert view._pause.isVisible()
    press(qtbot, view, Qt.Key.Key_N)
    assert isinstance(view._question, RatingQuestion)
    assert not view._pause.isVisible()


def test_twice_as_large_the_foot_goes_on_in_the_next_line(opened, qtbot):
    try:
        program = opened(text_percent=200)
        program.window.resize(900, 600)
        program.begin_practice("core.mindful-breath", 0)
        view = program.window.practice
        qtbot.waitUntil(lambda: len({hint.y() for hint in view.hints}) > 1)
        assert all(view.rect().contains(hint.geometry()) for hint in view.hints)
    finally:
        look.set_text_percent(100)


PAGES = ("today", "breathe", "practices", "about_me", "lessons", "ladder", "heart")
MORE_PAGES = ("look_back", "small_wins", "more_help", "about")


@pytest.mark.parametrize("place", [*PAGES, *MORE_PAGES])
def test_twice_as_large_no_page_is_wider_than_a_small_window(opened, qtbot, place):
    try:
        program = opened(text_percent=200)
        told_everything(program)
        program.window.resize(900, 600)
        program.go(place)
        page = program.window._stack.currentWidget()
        inside = page.widget() if isinstance(page, QScrollArea) else page
        stack = program.window._stack
        qtbot.waitUntil(lambda: inside.minimumSizeHint().width() <= stack.width(), timeout=2000)
    finally:
        look.set_text_percent(100)


@pytest.mark.parametrize("practice", PRACTICES)
def test_twice_as_large_no_sentence_is_cut_in_a_small_window(opened, qapp, practice):
    try:
        program = opened(text_percent=200)
        told_everything(program)
        program.window.resize(900, 600)
        program.begin_practice(practice, 0)
        view = program.window.practice
        for phase in view.player.pack.phases:
            view.player._enter_phase(phase, view._playing.now())
            view.refresh()
            if view._stage is None:
                continue
            qapp.processEvents()
            said = view._stage.said
            for line in view.player._visit.lines:
                said.show_said([line.text])
                assert said._now.height_of(line.text, said.width()) <= said.height(), line.text
            above = view._stage.shape or view._stage.picture
            assert above is None or above.geometry().bottom() < said.geometry().top()
            assert view._stage.rect().contains(said.geometry())
    finally:
        look.set_text_percent(100)


def test_words_stand_beside_the_body_which_is_as_tall_as_there_is_room(opened, qtbot):
    program = opened()
    told_everything(program)
    program.window.resize(1280, 800)
    program.begin_practice("core.somatic-tracking", 0)
    view = program.window.practice
    to(view, "place")
    body_map = view._question.map
    qtbot.waitUntil(lambda: body_map.figures.isVisible() and body_map.figures.height() > 500)
    assert body_map._top.geometry().right() < body_map._stack.geometry().left()
    assert view._question._go_on.text() == "Skip"
    body_map.press("knee_left")
    assert view._question._go_on.text() == "Go on"


def test_letters_are_written_where_one_writes(opened, qtbot):
    program = opened()
    program.begin_practice("core.mindful-breath", 0)
    view = program.window.practice
    view.player._enter_phase(view.player.pack.phase("note"), program.sitting.now())
    view.refresh()
    line = view._question._lines[0]
    press(qtbot, line, "gentle egg")
    assert line.text() == "gentle egg"
    assert view.player.phase.id == "note"
    qtbot.keyClick(line, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert view.player.phase.id == "ground"


def test_escape_ends_at_once_and_asks_nothing(opened, qtbot):
    program = opened()
    program.begin_practice("core.positive-affect", 0)
    press(qtbot, program.window.practice, Qt.Key.Key_Escape)
    ended(qtbot, program)
    (row,) = library().sittings()
    assert PracticeEnded in {type(fact) for fact in library().facts(row.id)}


def test_something_that_feels_wrong_leads_to_the_ground(opened, qtbot):
    program = opened()
    program.begin_practice("core.mindful-breath", 0)
    view = program.window.practice
    press(qtbot, view, Qt.Key.Key_S)
    assert view.player.paused
    qtbot.waitUntil(lambda: program.window.focusWidget() is view._question.first_focus())
    press(qtbot, program.window.focusWidget(), NEXT)
    press(qtbot, program.window.focusWidget(), ENTER)
    assert view.player.phase.id == "ground"
    assert not view.player.paused


def test_a_pause_stops_breath_and_words_together(opened, qtbot):
    program = opened()
    program.begin_practice("core.mindful-breath", 0)
    view = program.window.practice
    while view.player.phase.id != "soft":
        press(qtbot, view._question.first_focus() if view._question else view, Qt.Key.Key_N)
        if view._question is not None:
            view._go_on()
    press(qtbot, view, Qt.Key.Key_Space)
    assert program.sitting.paused
    assert view.player.paused
    press(qtbot, view, Qt.Key.Key_Space)
    assert not program.sitting.paused
    assert program.sitting.pacer.pattern.id == "settle"


def test_a_brave_step_is_on_the_ladder_afterwards(opened, qtbot):
    program = opened()
    told_everything(program)
    program.begin_practice("core.graded-exposure", 0)
    Fingers(qtbot, program).play()
    ended(qtbot, program)
    qtbot.waitUntil(lambda: any(isinstance(e, LadderWritten) and isinstance(e.entry, StepTried)
                                for e in entries()))  # fmt: skip
    tried = [e.entry for e in entries() if isinstance(e, LadderWritten)][-1]
    attempt = tried.attempt
    assert (attempt.step_id, attempt.prediction, attempt.surprise) == (
        "one",
        "It will hurt",
        "nothing",
    )
    assert (attempt.sure_before, attempt.sure_after, attempt.came_true) == (80, 20, 0)
    assert (attempt.fear_before, attempt.fear_after, attempt.stopped) == (3, 3, False)
    ladder = program.memory.ladder()
    assert ladder.here == "one"
    (entry,) = [row for row in library().journal() if row.body.get("do") == "tried"]
    assert entry.session_id == library().sittings()[0].id


def at_the_flare(program):
    view = program.window.practice
    view.player._enter_phase(view.player.pack.phase("gate"), program.sitting.now())
    view.player.choose(program.sitting.now(), ["flare"])
    view.refresh()


def with_much_fear(program):
    view = program.window.practice
    now = program.sitting.now()
    view.player._enter_phase(view.player.pack.phase("before"), now)
    view.player.rate(now, {"fear": 8, "sensation": 3})
    view.player.accept(now)
    view.refresh()


def by_its_key(program):
    program.window.practice._easier()


@pytest.mark.parametrize("way", [at_the_flare, with_much_fear, by_its_key])
def test_a_step_in_the_mind_is_on_the_ladder_whatever_led_to_it(opened, qtbot, way):
    program = opened()
    told_everything(program)
    program.begin_practice("core.graded-exposure", 0)
    way(program)
    view = program.window.practice
    assert view.player.phase.id == "smaller"
    press(qtbot, view, Qt.Key.Key_Escape)
    ended(qtbot, program)
    (trial,) = program.memory.ladder().trials
    assert trial.attempt.imagined
    assert trial.step.id == "one"  # nothing was tried before: the one that was suggested
    assert program.memory.ladder().attempts("one") == ()


@pytest.mark.parametrize(("way", "days"), [(at_the_flare, 1), (by_its_key, 0)])
def test_a_day_that_was_told_to_be_hard_is_known_as_one(opened, qtbot, way, days):
    program = opened()
    told_everything(program)
    program.begin_practice("core.graded-exposure", 0)
    way(program)
    press(qtbot, program.window.practice, Qt.Key.Key_Escape)
    ended(qtbot, program)
    assert len(hard_days(program.memory.entries)) == days
    qtbot.waitUntil(lambda: sum(row.kind == HardDay.kind for row in library().journal()) == days)


def test_what_was_kept_is_said_next_time(opened, qtbot):
    program = opened()
    program.begin_practice("core.pain-lesson-alarm", 0)
    Fingers(qtbot, program).play()
    ended(qtbot, program)
    kept = [entry.text for entry in entries() if isinstance(entry, SafetyWords)]
    assert "tea" in kept
    assert program.checking_in.wins()[0].text == "tea"
    program.begin_practice("core.somatic-tracking", 0)
    assert "tea" in " ".join(program.memory.profile.safety_words[-1].text.split())


def test_good_crumbs_go_into_their_jar(opened, qtbot):
    program = opened()
    program.begin_practice("core.positive-affect", 0)
    Fingers(qtbot, program).play()
    ended(qtbot, program)
    assert [entry.text for entry in entries() if isinstance(entry, Crumb)] == ["tea"]


def test_a_part_of_the_body_that_was_practised_has_its_level(opened, qtbot):
    program = opened()
    told_everything(program)
    program.begin_practice("core.motor-imagery", 0)
    Fingers(qtbot, program).play()
    ended(qtbot, program)
    (done,) = [entry for entry in entries() if isinstance(entry, ImageryDone)]
    assert (done.part, done.sitting.level) == ("hand", 1)
    pack = content().library.pack("core.motor-imagery")
    assert program.memory.standings(pack)["hand"].in_a_row == 1


def test_the_sitting_is_looked_back_on_as_its_pack_asks(opened, qtbot):
    program = opened()
    told_everything(program)
    program.begin_practice("core.somatic-tracking", 0)
    Fingers(qtbot, program).play()
    ended(qtbot, program)
    page = program.window.sitting_page
    told = page._seen.told
    assert told.first == ("On guard: 3 before, 3 after", "Peace: 3 before, 3 after")
    assert told.folded == ("The feeling: 3 before, 3 after",)
    assert not told.shows_heart
    assert "“tea”" in told.then
    assert page._replay.isHidden()  # there was nothing to be seen again
    assert page.first_focus() is page._done


def test_a_practice_that_was_suggested_stands_first_until_it_was_begun(opened, qtbot):
    program = opened()
    program.begin_practice("core.mindful-breath", 0)
    program.window.practice.player.suggestion = "core.positive-affect"
    program.end()
    ended(qtbot, program)
    qtbot.waitUntil(lambda: program.offers.cards(0)[0].id == "core.positive-affect")
    assert program.offers.cards(0)[0].hint == "Kept for you since last time."
    program.begin_practice("core.positive-affect", 0)
    program.end()
    ended(qtbot, program)
    qtbot.waitUntil(lambda: program.offers.cards(0)[0].id == "core.mindful-breath")


def test_a_step_is_looked_back_on_with_what_was_feared_and_what_happened(opened, qtbot):
    program = opened()
    told_everything(program)
    program.begin_practice("core.graded-exposure", 0)
    Fingers(qtbot, program).play()
    ended(qtbot, program)
    page = program.window.sitting_page
    (cards,) = page.findChildren(FearCards)
    said = [one.text() for one in cards.findChildren(QLabel)]
    assert {"It will hurt", "It did not happen.", "nothing"} <= set(said)


def test_imagery_is_looked_back_on_with_its_level_and_the_game_is_folded_away(opened, qtbot):
    program = opened()
    told_everything(program)
    for _ in range(2):  # a rise, and a fear: down to the game
        sitting = ImagerySitting(0.0, 1, fear_after=8.0)
        program.memory.write(ImageryDone("hand", sitting))
    program.begin_practice("core.motor-imagery", 0)
    Fingers(qtbot, program).play(300)
    ended(qtbot, program)
    told = program.window.sitting_page._seen.told
    assert told.first[0] == "You practised the left and right game."
    (game,) = [line for line in told.folded if line.startswith("Left or right")]
    assert "of 20 answers" in game
    assert "A game, not a test." in game


def test_what_was_told_in_a_sitting_that_is_removed_is_forgotten(opened, qtbot):
    program = opened()
    program.begin_practice("core.positive-affect", 0)
    Fingers(qtbot, program).play()
    ended(qtbot, program)
    assert [one.text for one in program.checking_in.crumbs()] == ["tea"]
    program.window.sitting_page.removed.emit(library().sittings()[0].id)
    qtbot.waitUntil(lambda: program.window.place == "look_back")
    assert program.checking_in.crumbs() == ()
    assert program.memory.history == []


def test_everything_can_be_taken_away_and_the_second_press_does_it(opened, qtbot):
    program = opened("simulated", strap_name="Polar H10", my_pace=5.5)
    told_everything(program)
    program.begin_practice("core.positive-affect", 0)
    Fingers(qtbot, program).play()
    ended(qtbot, program)
    program.go("about")
    about = program.window.about
    about._removal.click()
    assert library().sittings()
    program.go("today")
    program.go("about")
    about._removal.click()  # the first press again: one has been away
    assert library().sittings()
    about._removal.click()
    qtbot.waitUntil(lambda: program.window.place == "today")
    assert (library().sittings(), library().journal()) == ([], [])
    assert program.memory.profile.flags == frozenset()
    assert not program.about_person.was_welcomed
    assert program.window.today.has_quiet  # as on the first day
    kept = load(places.settings_path())
    assert (kept.strap_name, kept.my_pace) == ("", 0.0)


@pytest.mark.parametrize(("question", "flag"), [("panic", "hide"), ("heart_rhythm", "off")])
def test_looking_back_keeps_the_heart_folded_for_who_told_us(opened, qtbot, question, flag):
    program = opened("simulated")
    program.about_person.answer(question, True)
    program.begin_planned()
    qtbot.waitUntil(lambda: bool(program.sitting.live.heart.beats), timeout=10_000)
    program.end()
    ended(qtbot, program)
    page = program.window.sitting_page
    seen = page._seen
    assert seen.has_heart
    assert not seen.shows_heart
    pictures = page.findChildren(SittingPicture)
    assert not any(picture.isVisible() for picture in pictures)
    told = [one.text() for one in page.findChildren(QLabel) if one.isVisible()]
    assert not any(re.search(r"[Hh]eartbeat|moved together|\d+ a minute", text) for text in told)
    page._turn_numbers()
    assert ("RMSSD" in page._numbers.text()) is (flag == "hide")
    assert flag == "hide" or "left out" in page._numbers.text()


@pytest.mark.parametrize(
    ("question", "flag"), [("panic", "hide_heart"), ("heart_rhythm", "hrv_off")]
)
def test_who_told_us_not_to_sees_no_heart_anywhere_while_breathing(opened, qtbot, question, flag):
    program = opened("simulated", display="numbers")
    program.about_person.answer(question, True)
    assert flag in program.memory.profile.flags
    program.begin_planned()
    view = program.window.breathing
    assert view._display is Display.AMBIENT
    press(qtbot, view, Qt.Key.Key_H)
    assert view._display is Display.AMBIENT
    assert "stays hidden" in view._texts._notice.text()
    program.end()


def test_who_is_to_breathe_gently_is_offered_that_until_they_choose_otherwise(opened):
    program = opened(minutes=12)
    program.go("about_me")
    program.window.about_me.answered.emit("breath_care", True)
    assert (program.settings.pattern, program.settings.minutes) == ("gentle", 5)
    program.go("breathe")
    assert program.window.breathe._finder.isHidden()
    program.choose(replace(program.settings, pattern="long-out", minutes=10))
    program.window.about_me.answered.emit("breath_care", True)
    assert (program.settings.pattern, program.settings.minutes) == ("long-out", 10)
    program.window.about_me.answered.emit("breath_care", False)
    program.go("breathe")
    assert not program.window.breathe._finder.isHidden()


def test_slow_breathing_begins_with_little_and_its_card_says_so(opened):
    program = opened()
    program.go("practices")
    card = next(c for c in program.offers.cards(SUITED) if c.id == "core.mindful-breath")
    assert card.length == "about 7 minutes"
    assert "three minutes" in card.hint
    assert program.offers.cards(0)[0].hint == ""
    program.begin_practice(card.id, SUITED)
    began = next(f for f in program.practising._facts if isinstance(f, PracticeBegan))
    assert began.planned_s == pytest.approx(7.2 * 60, abs=20)


def test_a_locked_practice_offers_something_kinder(opened):
    program = opened()
    program.memory.write(FlagsTold(("no_body_focus",), ("trauma",)))
    cards = {card.id: card for card in program.offers.cards(0)}
    assert cards["core.somatic-tracking"].instead == "core.mindful-breath"
    assert cards["core.graded-exposure"].instead == "core.positive-affect"
    assert cards["core.mindful-breath"].locked == ""


def test_a_pack_of_ones_own_is_on_the_page_and_a_bad_one_is_named(opened):
    places.packs_dir().mkdir(parents=True)
    (places.packs_dir() / "mine.toml").write_text(SMALL)
    (places.packs_dir() / "bad.toml").write_text("nonsense")
    program = opened()
    program.go("practices")
    assert program.offers.cards(0)[-1].title == "A small one"
    assert not program.offers.cards(0)[-1].own
    assert "bad.toml" in program.window.practices._trouble.text()


def test_the_lighter_pace_stays_once_it_was_wanted_twice(opened, qtbot):
    program = opened()
    for _ in range(2):
        program.begin_practice("core.mindful-breath", 0)
        view = program.window.practice
        view.player._enter_phase(view.player.pack.phase("ok"), program.sitting.now())
        view.player.choose(program.sitting.now(), ["air"])
        press(qtbot, view, Qt.Key.Key_Escape)
        ended(qtbot, program)
    qtbot.waitUntil(lambda: Preferred("pattern", "gentle") in entries())
    program.begin_practice("core.mindful-breath", 0)
    player = program.window.practice.player
    player._enter_phase(player.pack.phase("paced"), program.sitting.now())
    assert player.pattern(program.sitting.now()).id == "gentle"


def test_without_a_heart_nothing_is_said_about_one(opened):
    program = opened("none")
    program.begin_practice("core.mindful-breath", 0)
    player = program.window.practice.player
    player._enter_phase(player.pack.phase("paced"), 0.0)
    assert not any("heart" in sentence for sentence in player.said(1000.0))


def test_closing_the_window_in_a_practice_loses_nothing(opened):
    program = opened()
    program.begin_practice("core.mindful-breath", 0)
    program.window.practice.player.go_on(program.sitting.now())
    program.window.practice.player.rate(program.sitting.now(), {"peace": 4})
    program.window.close()
    (row,) = library().sittings()
    facts = library().facts(row.id)
    assert any(isinstance(fact, Rated) and fact.value == 4 for fact in facts)
    assert any(fact == PracticeEnded(fact.t, "closed") for fact in facts)
    assert not any(isinstance(fact, Noted) for fact in facts)


# --- what is read aloud -----------------------------------------------------------------------


@pytest.fixture
def heard(opened, monkeypatch):
    """Return a program that reads aloud, and what its voice was given to say."""
    program = opened(speak=True)
    said = []
    monkeypatch.setattr(program.hearing.voice, "_command", ("say",))
    monkeypatch.setattr(program.hearing.voice, "say", said.append)
    return program, said


@pytest.mark.parametrize("stop", content().stops, ids=lambda stop: stop.id)
def test_the_reply_to_a_reason_to_stop_is_said_aloud(heard, stop):
    program, said = heard
    program.begin_practice("core.mindful-breath", 0)
    view = program.window.practice
    view._ask_stop()
    assert said[-1] == "What feels wrong?"
    view._stop(stop.id)
    assert said[-1].startswith(stop.tell)


def test_every_question_of_every_practice_is_read_aloud(heard):
    program, said = heard
    told_everything(program)
    for pack in content().library.packs:
        program.begin_practice(pack.id, 0)
        view = program.window.practice
        for phase in pack.phases:
            before = len(said)
            to(view, phase.id)
            assert said[before:], (pack.id, phase.id)
            assert all(text.strip() for text in said[before:])
            if phase.scales:
                assert said[-1] == content().scales[phase.scales[0]].ask
                view._question._scale.answered.emit(None)
                follows = len(phase.scales) > 1
                assert not follows or said[-1] == content().scales[phase.scales[1]].ask
        program.end()


def test_how_far_it_is_is_said_on_the_usual_way_only(opened):
    program = opened()
    program.begin_practice("core.somatic-tracking", 0)
    view = program.window.practice
    assert view._title.text() == "A gentle look · Welcome · 1 of 16"
    to(view, "close")
    assert view._title.text().endswith("16 of 16")
    to(view, "soothe")
    assert view._title.text() == "A gentle look · Soft landing"


def test_the_step_to_be_pictured_stands_above_what_is_said(opened):
    program = opened()
    told_everything(program)
    program.begin_practice("core.graded-exposure", 0)
    view = program.window.practice
    view.brave.step = view.brave.step.changed(step=STEPS[1])
    to(view, "rehearse")
    assert view._notice.text() == "Walk to the gate"
    to(view, "stay")
    assert view._notice.text() == ""


HELD = (Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_N)


@pytest.mark.parametrize("key", HELD, ids=lambda key: key.name)
@pytest.mark.parametrize("practice", PRACTICES)
def test_a_key_that_is_held_down_answers_consents_and_rates_nothing(opened, qapp, practice, key):
    program = opened()
    told_everything(program)
    program.begin_practice(practice, 0)
    view = program.window.practice
    words = {Qt.Key.Key_Space: " ", Qt.Key.Key_N: "n"}.get(key, "")
    nothing = Qt.KeyboardModifier.NoModifier
    for phase in view.player.pack.phases:
        to(view, phase.id)
        target = view if view._question is None else view._question.first_focus()
        target.setFocus()
        facts = len(program.practising._facts)
        for _ in range(3):
            held = QKeyEvent(QEvent.Type.KeyPress, key, nothing, words, autorep=True)
            qapp.sendEvent(target, held)
        told = program.practising._facts[facts:]
        assert not any(isinstance(f, Rated) and f.value is not None for f in told)
        assert told == [] or key is Qt.Key.Key_Right, (phase.id, told)
        assert view.player.phase.id == phase.id
        if type(view._question) is RatingQuestion:
            assert view._question._scale.value is None


# --- the keys of care, in time ----------------------------------------------------------------

WITHIN_S = 0.2
PLAIN = Qt.KeyboardModifier.NoModifier


def lines_to_write_on(view):
    kinds = (WordsLine, WordsBox)
    return [line for kind in kinds for line in view.findChildren(kind) if line.isVisible()]


def where_one_writes(view, phase, key):
    """Put the keys on a line to write on, where there is one; return it and what the key needs."""
    question = view._question
    if isinstance(question, ChoiceQuestion) and question.writes:
        own = next(n for n, one in enumerate(phase.options) if one.input)
        answers = question._chips._buttons or question._buttons
        answers[own].click()  # there is room for own words now
    first = view if question is None else question.first_focus()
    target = (*lines_to_write_on(view), first)[0]
    target.setFocus()
    writes = question is not None and question.writes
    care = key in (Qt.Key.Key_G, Qt.Key.Key_E, Qt.Key.Key_S)
    return target, CONTROL if care and writes else PLAIN


def shown_after(qtbot, qapp, view, target, key, modifier):
    """Press a key; return how long it took this process until that was painted, in s."""
    began = time.process_time()
    qtbot.keyClick(target, key, modifier)
    qapp.processEvents()
    view.repaint()
    return time.process_time() - began


@pytest.mark.real_window
@pytest.mark.parametrize("practice", PRACTICES)
def test_every_key_of_care_acts_within_a_fifth_of_a_second_wherever_the_keys_are(
    opened, qtbot, qapp, practice
):
    program = opened()
    told_everything(program)
    pack = content().library.pack(practice)
    took = []
    for phase in pack.phases:
        program.begin_practice(practice, 0)
        view = program.window.practice
        for key in (Qt.Key.Key_G, Qt.Key.Key_E, Qt.Key.Key_S, Qt.Key.Key_Space, Qt.Key.Key_Escape):
            view._leave_stops()
            to(view, phase.id)
            target, modifier = where_one_writes(view, phase, key)
            rests = key is Qt.Key.Key_Space and view._pause.isVisible()
            took.append(shown_after(qtbot, qapp, view, target, key, modifier))
            to_there = {Qt.Key.Key_G: "ground", Qt.Key.Key_E: pack.easier}.get(key, phase.id)
            if key is Qt.Key.Key_Escape:
                assert program.window.place == "sitting"
                break
            assert view.player.phase.id in (to_there, "rest"), (phase.id, key)
            assert isinstance(view._question, StopQuestion) or key is not Qt.Key.Key_S
            assert view.player.paused or not rests, phase.id
    assert max(took) < WITHIN_S, f"{max(took):.3f} s, median {sorted(took)[len(took) // 2]:.3f} s"


def test_more_help_tells_of_the_mirror_box_and_who_is_better_off_with_a_therapist(opened):
    program = opened()
    program.go("more_help")
    said = " ".join(one.text() for one in program.window.more_help.findChildren(QLabel))
    assert "mirror box" in said
    assert "CRPS or phantom pain" in said
    card = next(c for c in program.offers.cards(0) if c.id == "core.motor-imagery")
    assert "best done with a therapist" in card.summary


def test_a_patchy_signal_in_a_practice_takes_the_line_away_and_says_whose_it_is(
    opened, monkeypatch, qtbot
):
    program = opened("simulated")
    program.begin_practice("core.mindful-breath", 0)
    view = program.window.practice
    to(view, "paced")
    qtbot.waitUntil(view._stage._curve.isVisible)
    assert not view._patchy.isVisible()
    monkeypatch.setattr(type(view._playing), "patchy", True)
    view.refresh()
    assert not view._stage._curve.isVisible()
    assert view._patchy.isVisible()
    assert "not you" in view._patchy.text()
    to(view, "let_go")
    assert not view._patchy.isVisible()  # nothing of the heart is shown there anyway


@pytest.mark.parametrize("pack", content().library.packs, ids=lambda pack: pack.id)
def test_nobody_who_keeps_the_eyes_open_or_the_body_out_of_it_is_asked_otherwise(pack):
    for phase in pack.phases:
        lines = lines_for(phase.lines, frozenset({"eyes_open", "anchor_outside"}), ())
        said = " ".join(line.text for line in lines)
        assert not re.search(r"[Cc]lose your eyes|[Ee]yes (open or )?closed", said), phase.id


@pytest.mark.parametrize(("key", "there"), [(Qt.Key.Key_G, "ground"), (Qt.Key.Key_E, "soothe")])
def test_the_keys_of_care_work_also_where_nothing_has_the_focus(opened, qtbot, key, there):
    program = opened()
    told_everything(program)
    program.begin_practice("core.somatic-tracking", 0)
    window, view = program.window, program.window.practice
    to(view, "before")
    view._question.first_focus().clearFocus()
    focused = window.focusWidget()
    if focused is not None:
        focused.clearFocus()
    qtbot.keyClick(window, key)
    assert view.player.phase.id == there
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.place == "sitting"


def test_who_has_no_steady_rhythm_is_told_no_rate_and_offered_no_search_for_a_pace(opened):
    program = opened("simulated", show_own_breath=True)
    program.go("breathe")
    assert not program.window.breathe._finder.isHidden()
    assert program.choices.tells_own_breath
    program.about_person.answer("heart_rhythm", True)
    program.go("breathe")
    assert program.window.breathe._finder.isHidden()
    assert not program.choices.tells_own_breath


def test_the_jar_of_crumbs_shows_the_newest_first_and_earlier_ones_at_a_press(opened):
    program = opened()
    page = program.window.small_wins
    page.show_kept((), [f"crumb {number}" for number in range(30, 0, -1)])
    card = page._kept.itemAt(0).widget()
    told = [one.text() for one in card.findChildren(QLabel)]
    assert told == ["Good crumbs", *(f"crumb {number}" for number in range(30, 18, -1))]
    card.earlier.click()
    card.earlier.click()
    told = [one.text() for one in card.findChildren(QLabel)]
    assert told[-1] == "crumb 1"
    assert card.earlier.isHidden()


def test_sleep_and_peace_are_looked_at_together_only_on_asking(opened):
    program = opened()
    pages, page = program.pages, program.window.small_wins
    for day in range(24):
        sleep = 2 + day % 7
        rated = (PastRating("peace", "before", min(10, sleep + 1)),)
        utc_s = 86_400.0 * day
        program.memory._all().entries.append(Dated(utc_s, RatingGiven("sleep", sleep, DAILY)))
        past = PastSitting(day, str(day), "core.mindful-breath", "1", utc_s, utc_s, ratings=rated)
        program.memory._all().history.append(past)
    program.go("small_wins")
    assert not page._nights_said.isVisible()
    page.nights.click()
    assert page._nights_said.text() == "On days after better sleep, peace was often higher."
    page.nights.click()
    assert not page._nights_said.isVisible()
    program.memory._all().history.clear()
    pages._nights_turned(True)
    assert "so far" in page._nights_said.text()


def test_on_a_hard_day_the_words_are_big(opened, qapp):
    program = opened(volume_percent=0)
    program.begin_gently()
    view = program.window.practice
    qapp.processEvents()
    view._stage.said.show_said(["Let us rest."])
    assert view._stage.said._now.font().pixelSize() == 36
    assert view._title.text() == "A gentle look · Soft landing"


def test_practices_are_in_the_language_of_the_system_where_there_is_a_translation(
    qapp, monkeypatch
):
    asked = []
    real = load_content
    monkeypatch.setattr("biobreath.app.program.QLocale.system", lambda: QLocale("de_DE"))

    def loaded(assets, packs, lang):
        asked.append(lang)
        return real(assets, packs, lang)

    monkeypatch.setattr("biobreath.app.program.load_content", loaded)
    program = Program(qapp)
    assert asked == ["de"]
    assert len(program.memory.content.library.packs) == len(PRACTICES)
    program.close()
