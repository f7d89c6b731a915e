"""The parts of a brave step, one question after the other, by keys alone."""

from functools import partial

import pytest
from packs import content
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget
from test_ladder_rules import LADDER

from biobreath.practice.ladder import Attempt, Plan, Step, StepAdded, StepTried, ladder_of
from biobreath.practice.ladder_advice import today
from biobreath.practice.ladder_rules import LadderRules
from biobreath.practice.scales import Scale
from biobreath.ui import theme as look
from biobreath.ui.parts import KeyHint
from biobreath.ui.step_questions import Act, Learn, PickStep, PlanNext, Predict
from biobreath.ui.theme import DARK, LIGHT

KEY = Qt.Key
ENTER, SPACE, TAB = KEY.Key_Return, KEY.Key_Space, KEY.Key_Tab
DAY = 86_400.0
DAY_0 = 20_000 * DAY
NOON = DAY_0 + DAY / 2
RULES = LadderRules.from_table(LADDER)
SURE = Scale("prediction", "How sure are you of this?", "No chance", "Certain", 0, 100, 10)
STEPS = (Step("a", "Stand at the door", 2), Step("b", "Walk to the gate", 4, 120.0))
BIG = Step("c", "Walk up a hill", 9)
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def phase(do):
    pack = content().library.pack("core.graded-exposure")
    return next(one for one in pack.phases if one.do == do)


def offered(*entries, steps=STEPS):
    ladder = ladder_of([*(StepAdded(step) for step in steps), *entries], RULES)
    return today(ladder, NOON, DAY_0)


def tried(step_id, days_ago, **said):
    return StepTried(Attempt(step_id, NOON - days_ago * DAY, **said))


class Asked:
    """A question in a window, and what it told."""

    def __init__(self, qtbot, question):
        look.load_fonts()
        self.qtbot = qtbot
        self.question = question
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        column.addWidget(question)
        self.after = QLineEdit()
        column.addWidget(self.after)
        qtbot.addWidget(self.window)
        self.window.resize(760, 620)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        question.first_focus().setFocus()
        self.told = []

    def hear(self, *names):
        for name in names:
            getattr(self.question, name).connect(partial(self._hear, name))
        return self

    def _hear(self, name, *value):
        self.told.append((name, *value))

    @property
    def focus(self):
        return self.window.focusWidget()

    def press(self, *keys):
        for key in keys:
            if isinstance(key, str):
                self.qtbot.keyClicks(self.focus, key)
            else:
                self.qtbot.keyClick(self.focus, key)
        return self

    def seen(self):
        labels = self.question.findChildren(QLabel)
        return " ".join(one.text() for one in labels if one.isVisible())


# ---- pick


def test_the_suggested_step_has_the_keys_and_enter_picks_it(qtbot):
    calm = [tried("a", days, fear_after=1) for days in (3, 2)]
    asked = Asked(qtbot, PickStep(LIGHT, phase("pick"), offered(*calm))).hear("picked")
    assert asked.focus.text() == "Walk to the gate"
    assert "the next one may be ready" in asked.seen()
    asked.press(ENTER, KEY.Key_Backtab, SPACE, ENTER)
    assert asked.told == [("picked", "b"), ("picked", "a")]


def test_a_step_that_is_too_big_is_not_offered_and_the_reason_names_it(qtbot):
    asked = Asked(qtbot, PickStep(LIGHT, phase("pick"), offered(steps=(BIG, *STEPS))))
    texts = [one.text() for one in asked.question._buttons]
    assert texts == ["Stand at the door", "Walk to the gate", "In my mind today"]
    hard = [tried("a", 2, stopped=True), tried("a", 1, stopped=True)]
    asked = Asked(qtbot, PickStep(LIGHT, phase("pick"), offered(*hard)))
    assert "Stand at the door: That is a big one." in asked.seen()


@pytest.mark.parametrize(
    ("today_", "reason"),
    [
        (offered(tried("a", 0.2, sensation_before=1, sensation_after=6)), "a day of rest"),
        (offered(tried("a", 0.3), tried("b", 0.2)), "plenty for today"),
        (offered(steps=()), "one small thing you would like back"),
    ],
    ids=["rest", "enough", "empty"],
)
def test_where_no_step_is_offered_the_reason_is_said_and_the_mind_may_practise(
    qtbot, today_, reason
):
    asked = Asked(qtbot, PickStep(DARK, phase("pick"), today_)).hear(
        "in_mind", "edit_ladder", "picked"
    )
    assert reason in asked.question.asked.text()
    asked.press(ENTER, TAB, ENTER)
    assert asked.told == [("in_mind",), ("edit_ladder",)]


# ---- predict


def test_a_guess_is_written_first_and_then_rated(qtbot):
    asked = Asked(qtbot, Predict(LIGHT, phase("predict"), SURE)).hear("answered")
    assert not asked.question.scale.isVisible()
    assert "For example" in asked.seen()
    asked.press("My back will lock", ENTER)
    assert asked.question.scale.isVisible()
    assert "For example" not in asked.seen()
    asked.press("80", ENTER)
    assert (asked.question.guess, asked.question.sure) == ("My back will lock", 80)
    assert asked.told == [("answered",)]


def test_a_guess_that_is_skipped_is_blank_and_its_number_none(qtbot):
    asked = Asked(qtbot, Predict(LIGHT, phase("predict"), SURE)).hear("answered").press(ENTER)
    assert asked.told == [("answered",)]
    assert (asked.question.guess, asked.question.sure) == ("", None)
    asked = Asked(qtbot, Predict(LIGHT, phase("predict"), SURE)).hear("answered")
    asked.press("It locks", ENTER, ENTER)
    assert (asked.question.guess, asked.question.sure) == ("It locks", None)


def test_a_number_without_a_guess_is_no_number(qtbot):
    asked = Asked(qtbot, Predict(LIGHT, phase("predict"), SURE)).press("It locks", ENTER, "8")
    asked.question.line.clear()
    assert asked.question.sure is None


def test_the_button_leads_the_same_way_as_enter(qtbot):
    asked = Asked(qtbot, Predict(LIGHT, phase("predict"), SURE)).hear("answered")
    assert asked.question.next.text() == "Skip"
    asked.press("It locks")
    assert asked.question.next.text() == "Go on"
    asked.question.next.click()
    assert asked.focus is asked.question.scale.first_focus()


# ---- act


class Watch:
    """A clock that somebody sets."""

    def __init__(self):
        self.t = 100.0

    def __call__(self):
        return self.t


def act(qtbot, step=STEPS[1]):
    watch = Watch()
    asked = Asked(qtbot, Act(LIGHT, phase("act"), step, watch)).hear("began", "done")
    return asked, watch


@pytest.mark.parametrize("key", [SPACE, ENTER], ids=["space", "enter"])
def test_space_begins_and_ends_in_ones_own_time(qtbot, key):
    asked, watch = act(qtbot)
    asked.press(key)
    watch.t += 95.5
    asked.press(key)
    assert asked.told == [("began",), ("done", 95.5)]


def test_space_begins_also_where_the_keys_are_elsewhere(qtbot):
    asked, watch = act(qtbot)
    qtbot.keyClick(asked.question, SPACE)
    watch.t += 3
    qtbot.keyClick(asked.question, SPACE)
    assert asked.told == [("began",), ("done", 3.0)]


@pytest.mark.parametrize("key", [SPACE, ENTER, KEY.Key_C], ids=["space", "enter", "c"])
def test_a_held_key_is_one_press(qtbot, key):
    asked, _ = act(qtbot)
    held = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", True)
    for widget in (asked.focus, asked.question):
        widget.keyPressEvent(held)
    assert asked.told == []
    assert asked.question._passed.isHidden()


def test_there_is_no_clock_and_no_countdown_unless_somebody_asks_for_the_clock(qtbot):
    asked, watch = act(qtbot)
    assert "You planned about 2 minutes. Shorter or longer is fine." in asked.seen()
    asked.press(SPACE)
    watch.t += 200
    asked.question.tick()
    assert "so far" not in asked.seen()
    asked.press(KEY.Key_C)
    assert "3 minutes so far." in asked.seen()
    watch.t += 60
    asked.question.tick()
    assert "4 minutes so far." in asked.seen()
    (hint,) = asked.question.findChildren(KeyHint)
    hint.click()
    assert "so far" not in asked.seen()


def test_the_clock_waits_for_the_beginning(qtbot):
    asked, _ = act(qtbot, step=None)
    asked.press(KEY.Key_C)
    assert "waits until you begin" in asked.seen()
    asked.press(SPACE)
    assert "Less than a minute so far." in asked.seen()
    assert "planned" not in asked.seen()


# ---- learn


def test_the_guess_stands_there_and_each_question_follows_the_one_before(qtbot):
    asked = Asked(qtbot, Learn(LIGHT, phase("learn"), "My back will lock", SURE)).hear("answered")
    assert "You feared: My back will lock" in asked.seen()
    assert asked.focus.text() == "No"
    asked.press(TAB, ENTER, "It went fast", ENTER)
    assert "after the step" in asked.seen()
    asked.press("2", ENTER)
    question = asked.question
    assert (question.came_true, question.surprise, question.sure) == (1, "It went fast", 20)
    assert asked.told == [("answered",)]


def test_everything_can_be_skipped_and_is_none(qtbot):
    asked = Asked(qtbot, Learn(LIGHT, phase("learn"), "It locks", SURE)).hear("answered")
    asked.press(TAB, TAB, TAB, TAB, ENTER, ENTER)
    question = asked.question
    assert (question.came_true, question.surprise, question.sure) == (None, "", None)
    assert asked.told == [("answered",)]


def test_an_answer_is_taken_back_by_the_same_key(qtbot):
    asked = Asked(qtbot, Learn(LIGHT, phase("learn"), "It locks", SURE)).press(ENTER)
    assert asked.question.came_true == 0
    asked.question.first_focus().setFocus()
    asked.press(ENTER)
    assert asked.question.came_true is None


def test_where_nothing_was_guessed_only_the_surprise_is_asked(qtbot):
    asked = Asked(qtbot, Learn(LIGHT, phase("learn"), "", SURE)).hear("answered")
    assert asked.question.asked.text() == phase("learn").ask_2
    assert phase("learn").ask not in asked.seen()
    asked.press("The sun was out", ENTER)
    question = asked.question
    assert (question.came_true, question.surprise, question.sure) == (None, "The sun was out", None)
    assert asked.told == [("answered",)]


# ---- plan


def test_each_plan_is_one_press(qtbot):
    asked = Asked(qtbot, PlanNext(LIGHT, phase("plan"))).hear("planned")
    for _ in range(5):
        asked.press(ENTER, TAB)
    plans = [Plan.SAME, Plan.VARY, Plan.UP, Plan.DOWN, None]
    assert asked.told == [("planned", plan) for plan in plans]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("percent", [100, 200])
def test_no_button_is_wider_than_the_question_at_any_size_of_the_text(percent):
    look.set_text_percent(percent)
    try:
        for make in (
            lambda: PickStep(LIGHT, phase("pick"), offered()),
            lambda: Predict(LIGHT, phase("predict"), SURE),
            lambda: Act(LIGHT, phase("act"), STEPS[1]),
            lambda: Learn(LIGHT, phase("learn"), "My back will lock", SURE),
            lambda: PlanNext(LIGHT, phase("plan")),
        ):
            assert make().minimumSizeHint().width() <= 720, make
    finally:
        look.set_text_percent(100)
