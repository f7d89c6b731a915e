"""A number from low to high, chosen by keys alone, and what is skipped is None."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QVBoxLayout, QWidget

from biobreath.ui import theme as look
from biobreath.ui.number_row import per_line, typed
from biobreath.ui.rating_scale import RatingScale
from biobreath.ui.theme import DARK, LIGHT

KEY = Qt.Key
ENTER = KEY.Key_Return
TENS = ("How sure are you?", "No chance", "Certain", 0, 100, 10)
FEAR = ("How worried are you?", "At ease", "Very much on guard", 0, 10)
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
WORDS = ("Much worse", "Worse", "A little worse", "The same", "A little better", "Better", "Fine")


@pytest.fixture
def large():
    look.set_text_percent(200)
    yield
    look.set_text_percent(100)


class Asked:
    """A scale in a window, with a line before and after it, and what it told."""

    def __init__(self, qtbot, *question, theme=LIGHT, width=720, **named):
        look.load_fonts()
        self.qtbot = qtbot
        self.window = QWidget()
        self.scale = RatingScale(theme, **named)
        self.before, self.after = QLineEdit(), QLineEdit()
        column = QVBoxLayout(self.window)
        for part in (self.before, self.scale, self.after):
            column.addWidget(part)
        qtbot.addWidget(self.window)
        self.scale.ask(*question)
        self.window.resize(width, 500)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.scale.first_focus().setFocus()
        self.chosen, self.answered = [], []
        self.scale.chosen.connect(self.chosen.append)
        self.scale.answered.connect(self.answered.append)

    def press(self, *keys):
        for key in keys:
            if isinstance(key, str):
                self.qtbot.keyClicks(self.focus, key)
            else:
                self.qtbot.keyClick(self.focus, key)

    @property
    def focus(self):
        return self.window.focusWidget()


# ---- by keys


@pytest.mark.parametrize(
    ("question", "figures", "value"),
    [
        (FEAR, "0", 0),
        (FEAR, "7", 7),
        (FEAR, "10", 10),
        (FEAR, "100", 0),
        (FEAR, "34", 4),
        (FEAR, "50", 0),
        (TENS, "7", 70),
        (TENS, "70", 70),
        (TENS, "10", 10),
        (TENS, "100", 100),
        (TENS, "0", 0),
        ((*FEAR[:3], 1, 7), "9", None),
    ],
)
def test_figures_choose_a_number(qtbot, question, figures, value):
    asked = Asked(qtbot, *question)
    asked.press(figures, ENTER)
    assert asked.answered == [value]


def test_arrows_move_and_stay_between_the_ends(qtbot):
    asked = Asked(qtbot, *TENS)
    asked.press(KEY.Key_Right, KEY.Key_Left, KEY.Key_Up, KEY.Key_Right, KEY.Key_End, KEY.Key_Right)
    assert asked.chosen == [0, 0, 10, 20, 100, 100]
    asked.press(KEY.Key_Down, KEY.Key_Home, ENTER)
    assert asked.answered == [0]


@pytest.mark.parametrize(
    ("key", "first"),
    [("Right", 0), ("Up", 0), ("Left", 10), ("Down", 10), ("Home", 0), ("End", 10)],
)
def test_the_first_arrow_begins_at_an_end(qtbot, key, first):
    asked = Asked(qtbot, *FEAR)
    asked.press(getattr(KEY, f"Key_{key}"))
    assert asked.chosen == [first]


def test_enter_without_a_choice_skips_which_is_none_and_not_0(qtbot):
    asked = Asked(qtbot, *FEAR)
    asked.press(ENTER)
    assert asked.answered == [None]
    asked.press("0", ENTER)
    assert asked.answered == [None, 0]
    assert asked.answered[1] is not None


def test_backspace_takes_a_choice_back(qtbot):
    asked = Asked(qtbot, *FEAR)
    asked.press("4", KEY.Key_Backspace, ENTER)
    assert asked.chosen == [4, None]
    assert asked.answered == [None]
    asked.press("1", KEY.Key_Backspace, "0")
    assert asked.scale.value == 0


def test_tab_without_a_choice_skips_and_goes_on(qtbot):
    asked = Asked(qtbot, *FEAR, within=True)
    asked.press(KEY.Key_Tab)
    assert asked.answered == [None]
    assert asked.focus is asked.after


def test_tab_with_a_choice_and_the_way_back_answer_nothing(qtbot):
    asked = Asked(qtbot, *FEAR)
    asked.press("3", KEY.Key_Tab)
    assert asked.focus.text() == "Go on"
    asked.press(KEY.Key_Backtab)
    asked.press(KEY.Key_Backspace, KEY.Key_Backtab)
    assert asked.focus is asked.before
    assert asked.answered == []


def test_the_button_says_whether_it_skips(qtbot):
    asked = Asked(qtbot, *FEAR)
    (button,) = asked.scale.findChildren(QAbstractButton)
    assert button.text() == "Skip"
    asked.press("8")
    assert button.text() == "Go on"
    button.click()
    assert asked.answered == [8]


def test_keys_that_belong_to_the_screen_are_left_to_it(qtbot):
    asked = Asked(qtbot, *FEAR)
    seen = []
    asked.window.keyPressEvent = lambda event: seen.append(event.key())
    keys = [KEY.Key_Space, KEY.Key_E, KEY.Key_G, KEY.Key_S, KEY.Key_Escape, KEY.Key_N]
    asked.press(*keys)
    assert seen == keys
    asked.qtbot.keyClick(asked.focus, KEY.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert asked.scale.value is None


# ---- with words


def test_words_are_chosen_from_the_top_by_arrows_and_figures(qtbot):
    asked = Asked(qtbot, "How is it now?", "", "", -3, 3, 1, WORDS)
    asked.press(KEY.Key_Down, KEY.Key_Down, "7", KEY.Key_Up, "9", ENTER)
    assert asked.chosen == [-3, -2, 3, 2]
    assert asked.answered == [2]
    assert asked.scale.numbers.accessibleDescription() == "Better"


def test_words_can_be_skipped_too(qtbot):
    asked = Asked(qtbot, "How is it now?", "", "", -3, 3, 1, WORDS)
    asked.press(ENTER)
    assert asked.answered == [None]


# ---- by hand


def test_a_finger_chooses_and_takes_back(qtbot):
    asked = Asked(qtbot, *FEAR)
    row = asked.scale.numbers
    box = row.boxes(row.width())[6]
    for _ in range(2):
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert asked.chosen == [6, None]


@pytest.mark.parametrize("question", [FEAR, TENS, (*FEAR[:3], 1, 7)])
@pytest.mark.parametrize("width", [380, 560, 720, 1200])
def test_every_target_is_big_and_none_overlaps_or_is_cut(qtbot, question, width):
    asked = Asked(qtbot, *question, width=width)
    row = asked.scale.numbers
    boxes = row.boxes(row.width())
    assert row.height() == row.heightForWidth(row.width())
    for place, box in enumerate(boxes):
        assert min(box.width(), box.height()) >= 46
        assert row.rect().contains(box.toAlignedRect())
        assert not any(box.intersects(other) for other in boxes[place + 1 :])


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("question", [FEAR, TENS, ("Now?", "", "", -3, 3, 1, WORDS)])
def test_at_twice_the_text_nothing_is_cut_and_wrapped_ends_say_their_number(qtbot, question):
    asked = Asked(qtbot, *question, width=560)
    row = asked.scale.numbers
    assert all(row.rect().contains(box.toAlignedRect()) for box in row.boxes(row.width()))
    if question is TENS:
        texts = [one.text() for one in asked.scale.findChildren(QLabel)]
        assert {"0: No chance", "100: Certain"} <= set(texts)


def test_the_ends_stand_under_their_numbers_where_there_is_room(qtbot):
    asked = Asked(qtbot, *FEAR, width=1200)
    low, high = asked.scale._low_end, asked.scale._high_end
    row = asked.scale.numbers
    last = row.mapTo(asked.window, row.boxes(row.width())[-1].bottomRight().toPoint())
    assert abs(high.mapTo(asked.window, high.rect().bottomRight()).x() - last.x()) <= 6
    assert (low.text(), high.text()) == ("At ease", "Very much on guard")


def test_no_number_has_a_colour_of_its_own(qtbot):
    asked = Asked(qtbot, *FEAR, theme=DARK)
    row = asked.scale.numbers
    found = set()
    for value, box in enumerate(row.boxes(row.width())):
        asked.scale.choose(value)
        at = box.center().toPoint() + QPoint(0, 17)
        found.add(row.grab().toImage().pixelColor(at).name())
    assert found == {DARK.breath.lower()}


def test_a_scale_that_has_not_been_asked_yet_can_be_shown_and_takes_no_key(qtbot):
    scale = RatingScale(LIGHT)
    qtbot.addWidget(scale)
    scale.show()
    scale.grab()
    for key in (KEY.Key_Right, KEY.Key_Left, KEY.Key_End, KEY.Key_5):
        qtbot.keyClick(scale.numbers, key)
    assert scale.value is None


# ---- pure


@given(st.integers(1, 20), st.floats(48, 120), st.floats(10, 2000))
def test_lines_are_as_few_as_fit_and_evenly_long(count, side, width):
    across = per_line(count, side, width)
    assert 1 <= across <= count
    assert across == 1 or across * side <= width
    lines = -(-count // across)
    assert lines * across - count < max(lines, across)


@given(st.from_regex(r"[0-9]{1,6}", fullmatch=True))
def test_figures_never_mean_a_number_that_is_not_there(figures):
    for values in (range(11), range(0, 101, 10), range(1, 8)):
        found = typed(figures, tuple(values))
        assert found is None or found in values
