"""Body map, left and right game, ladder and fear cards, by keys alone."""

import itertools
import re
import xml.etree.ElementTree as ET

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from biobreath import places
from biobreath.practice.body import Figure, spots
from biobreath.practice.ladder import Step
from biobreath.practice.ladder_words import Learned, Rung, RungLine
from biobreath.practice.laterality import deal
from biobreath.practice.pacer import BreathCue, BreathPhase
from biobreath.practice.pictures import ROTATIONS, TONES, VIEWS, Picture, Side
from biobreath.ui import theme as look
from biobreath.ui.body_figures import BodyFigures
from biobreath.ui.body_map import NOWHERE, OUTSIDE, BodyMap
from biobreath.ui.disc_shape import DiscShape
from biobreath.ui.drawings import picture_pixmap
from biobreath.ui.fear_cards import FearCards
from biobreath.ui.ladder_map import LadderMap, second_line
from biobreath.ui.laterality_view import LateralityView, question
from biobreath.ui.option_button import OptionButton
from biobreath.ui.parts import Card
from biobreath.ui.theme import CONTRAST, DARK, LIGHT

PICTURES = places.assets() / "pictures"
KEY = Qt.Key
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def shown(qtbot):
    """Show a widget with something before and after it, and give it the focus."""
    kept = []

    def show(widget, width=520, height=640):
        window = QWidget()
        kept.append((window, widget))
        column = QVBoxLayout(window)
        before, after = QLineEdit(), QLineEdit()
        for part in (before, widget, after):
            column.addWidget(part)
        qtbot.addWidget(window)
        window.resize(width, height)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        before.setFocus()
        QTest.keyClick(before, KEY.Key_Tab)
        return window, after

    yield show
    kept.clear()


def press(window, *keys):
    for key in keys:
        QTest.keyClick(window.focusWidget(), key)


# ---- the drawings


def test_every_picture_of_the_game_has_its_drawing():
    wanted = {Picture(part, view, Side.LEFT, 0, 0).file for part in VIEWS for view in VIEWS[part]}
    assert all((places.assets() / file).is_file() for file in wanted)
    names = {path.name for path in PICTURES.glob("*.svg")}
    assert names == {file.split("/")[1] for file in wanted} | {"body-front.svg", "body-back.svg"}


@pytest.mark.parametrize("path", sorted(PICTURES.glob("*.svg")), ids=lambda path: path.stem)
def test_a_drawing_is_small_closed_in_itself_and_uses_the_told_colours(path):
    text = path.read_text()
    root = ET.fromstring(text)
    assert len(text) < 24_000
    assert {child.tag.split("}")[1] for child in root} == {"title", "path"}
    assert "href" not in text
    told = set(re.findall(r"#[0-9a-f]{6}", (PICTURES / "README.md").read_text()))
    assert set(re.findall(r"#[0-9a-fA-F]{6}", text)) <= told


@pytest.mark.usefixtures("qapp")
def test_a_left_one_is_a_right_one_mirrored_and_no_turn_or_skin_looks_like_another():
    def image(side=Side.RIGHT, rotation=0, tone=0):
        return picture_pixmap(Picture("hand", "back", side, rotation, tone), 60, 1.0).toImage()

    left, right = image(Side.LEFT), image()
    mirrored = right.flipped(Qt.Orientation.Horizontal)
    pairs = [
        (left.pixelColor(x, y), mirrored.pixelColor(x, y))
        for x, y in itertools.product(range(0, 60, 7), repeat=2)
    ]
    far = [abs(a.lightness() - b.lightness()) for a, b in pairs if a.alpha() == b.alpha() == 255]
    assert sorted(far)[len(far) // 2] <= 6
    every = [image(side, turn) for side in Side for turn in ROTATIONS]
    every += [image(tone=tone) for tone in range(1, TONES)]
    assert all(one != other for one, other in itertools.combinations(every, 2))


@pytest.mark.usefixtures("qapp")
def test_a_right_hand_seen_on_its_back_has_its_thumb_at_the_left():
    image = picture_pixmap(Picture("hand", "back", Side.RIGHT, 0, 0), 260, 1.0).toImage()
    assert image.pixelColor(48, 125).alpha() == 255
    assert image.pixelColor(212, 125).alpha() == 0
    palm = picture_pixmap(Picture("hand", "palm", Side.RIGHT, 0, 0), 260, 1.0).toImage()
    assert palm.pixelColor(212, 125).alpha() == 255
    assert palm.pixelColor(48, 125).alpha() == 0


# ---- the body map


def test_a_place_is_chosen_by_keys_alone_and_tab_leaves(shown):
    body_map = BodyMap(LIGHT)
    window, after = shown(body_map)
    assert window.focusWidget() is body_map.figures
    press(window, KEY.Key_Space)
    assert body_map.chosen == ("belly",)
    press(window, KEY.Key_Up, KEY.Key_Return)
    assert body_map.chosen[0].startswith("chest")
    press(window, KEY.Key_Return)
    assert body_map.chosen == ()
    press(window, KEY.Key_Tab)
    assert window.focusWidget() is after


def test_where_the_keys_are_is_said_and_shown(shown):
    body_map = BodyMap(LIGHT)
    window, _ = shown(body_map)
    press(window, KEY.Key_Space)
    assert body_map.figures.accessibleDescription() == "belly, from the front, chosen"
    assert "belly" in [one.text() for one in body_map.findChildren(QLabel)]
    for _ in range(6):
        press(window, KEY.Key_Right)
    assert "from the back" in body_map.figures.accessibleDescription()


def test_one_place_gives_way_to_another_and_many_stay_together(qtbot):
    one, many = BodyMap(LIGHT), BodyMap(LIGHT, many=True)
    for body_map in (one, many):
        qtbot.addWidget(body_map)
        for place in ("belly", "knee_left", "hand_right"):
            body_map.press(place)
        body_map.press("knee_left")
    assert one.chosen == ("knee_left",)
    assert many.chosen == ("belly", "hand_right")


@pytest.mark.parametrize(("name", "key"), [("outside_option", OUTSIDE), ("none_option", NOWHERE)])
def test_outside_or_nowhere_stands_instead_of_a_place(shown, name, key):
    body_map = BodyMap(DARK, **{name: "I would like a place outside my body"})
    window, after = shown(body_map)
    press(window, KEY.Key_Space, KEY.Key_Tab, KEY.Key_Return)
    assert (body_map.chosen, body_map.instead) == ((), key)
    press(window, KEY.Key_Tab)
    assert window.focusWidget() is after
    body_map.press("belly")
    assert (body_map.chosen, body_map.instead) == (("belly",), "")
    assert not body_map.options[key].isChecked()


def test_the_list_names_every_place_and_shares_what_is_chosen(shown):
    body_map = BodyMap(LIGHT, many=True)
    window, _ = shown(body_map)
    told = []
    body_map.changed.connect(lambda: told.append(body_map.chosen))
    press(window, KEY.Key_Space, KEY.Key_L)
    assert window.focusWidget() is body_map.list
    press(window, KEY.Key_Down, KEY.Key_Space, KEY.Key_Down, KEY.Key_Return)
    assert told[-1] == ("belly", "hip_left", "hip_right")
    marked = [body_map.list.item(i).text() for i in range(body_map.list.count())]
    assert sum(text.startswith("✓") for text in marked) == 3
    press(window, KEY.Key_L, KEY.Key_Space)
    assert window.focusWidget() is body_map.figures
    assert body_map.chosen == ("hip_left", "hip_right")


def test_keys_that_belong_to_the_screen_are_left_to_it(shown):
    body_map = BodyMap(LIGHT)
    window, _ = shown(body_map)
    seen = []
    window.keyPressEvent = lambda event: seen.append(event.key())
    press(window, KEY.Key_Escape, KEY.Key_G, KEY.Key_E)
    body_map.switch()
    press(window, KEY.Key_Escape, KEY.Key_G, KEY.Key_E)
    assert seen == [KEY.Key_Escape, KEY.Key_G, KEY.Key_E] * 2


def test_the_pointer_lights_and_chooses_what_it_is_over(shown, qtbot):
    body_map = BodyMap(LIGHT)
    shown(body_map)
    figures = body_map.figures
    box = figures.place(Figure.BACK)
    at = QPoint(round(box.x() + 0.60 * box.width()), round(box.y() + 98 / 240 * box.height()))
    plain = figures.grab().toImage().pixelColor(at)
    QTest.mouseMove(figures, at)
    qtbot.waitUntil(lambda: figures.pointed_at.id == "lower_back_right")
    assert figures.grab().toImage().pixelColor(at) != plain
    QTest.mouseClick(figures, Qt.MouseButton.LeftButton, pos=at)
    assert body_map.chosen == ("lower_back_right",)
    QTest.mouseClick(figures, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert body_map.chosen == ("lower_back_right",)


def test_an_earlier_choice_is_shown_again_and_unknown_places_are_left_out(qtbot):
    body_map = BodyMap(LIGHT, many=True, none_option="Nowhere")
    qtbot.addWidget(body_map)
    body_map.choose(("soul", "knee_left", "jaw"))
    assert body_map.chosen == ("knee_left", "jaw")
    assert body_map.figures.spot.region_id == "knee_left"
    body_map.choose((), "none")
    assert body_map.instead == NOWHERE


@pytest.mark.parametrize("theme", [LIGHT, DARK, CONTRAST], ids=lambda theme: theme.name)
def test_every_place_can_be_seen_when_it_is_chosen(qtbot, theme):
    figures = BodyFigures(theme)
    qtbot.addWidget(figures)
    figures.resize(448, 500)
    paths = [figures._path(spot).boundingRect() for spot in spots()]
    assert all(box.width() > 4 and box.height() > 4 for box in paths)
    body, chosen = QColor(theme.hover), QColor(theme.breath)
    assert abs(body.lightness() - chosen.lightness()) > 40


@pytest.mark.parametrize("width", [420, 900])
def test_the_body_stands_below_what_asks_where_it_is_narrow(shown, qtbot, width):
    body_map = BodyMap(LIGHT)
    shown(body_map, width=width)
    top, figures, rest = body_map._top, body_map._stack, body_map._rest
    if width > 640:
        qtbot.waitUntil(lambda: top.geometry().right() < figures.x() and rest.x() == top.x())
    else:
        qtbot.waitUntil(lambda: top.geometry().bottom() < figures.y() < rest.y())


# ---- left or right


def test_arrows_answer_wherever_the_focus_is(shown):
    view = LateralityView(LIGHT)
    window, _ = shown(view)
    answers = []
    view.answered.connect(answers.append)
    press(window, KEY.Key_Left)
    assert answers == []
    view.show_picture(deal("hand", 1, 0)[0])
    press(window, KEY.Key_Left, KEY.Key_Right, KEY.Key_Tab, KEY.Key_Right, KEY.Key_Space)
    press(window, KEY.Key_Tab, KEY.Key_Left, KEY.Key_Return)
    assert answers == ["left", "right", "right", "left", "left", "right"]


def test_a_held_key_answers_once(qtbot):
    view = LateralityView(DARK)
    qtbot.addWidget(view)
    view.show_picture(deal("foot", 1, 0)[0])
    answers = []
    view.answered.connect(answers.append)
    from PySide6.QtGui import QKeyEvent

    held = QKeyEvent(
        QKeyEvent.Type.KeyPress, KEY.Key_Left, Qt.KeyboardModifier.NoModifier, "", autorep=True
    )
    view.keyPressEvent(held)
    assert answers == []


def test_the_game_shows_no_clock_no_count_and_never_the_answer(qtbot):
    view = LateralityView(LIGHT)
    qtbot.addWidget(view)
    for part in VIEWS:
        for picture in deal(part, 8, 1):
            view.show_picture(picture)
            words = [one.text() for one in view.findChildren(QLabel)]
            assert words == [question(picture)]
            assert not re.search(r"\d", words[0])
            assert view.picture.accessibleName() == ""


# ---- the ladder


def lines():
    steps = [("a", 2, Rung.MET), ("b", 3, Rung.TRIED), ("c", 5, Rung.AHEAD), ("d", 8, Rung.AHEAD)]
    return [
        RungLine(Step(name, f"Step {name}", fear, 90), rung, name == "b")
        for name, fear, rung in steps
    ]


def test_the_easiest_step_is_at_the_foot_and_the_arrows_climb(shown):
    ladder = LadderMap(LIGHT)
    ladder.show_rungs(lines(), ["a", "b", "c"])
    window, _ = shown(ladder)
    tops = [ladder.rungs[name].y() for name in "abcd"]
    assert tops == sorted(tops, reverse=True)
    ladder.first_focus().setFocus()
    assert window.focusWidget() is ladder.rungs["b"]
    picked = []
    ladder.picked.connect(picked.append)
    press(window, KEY.Key_Up, KEY.Key_Return, KEY.Key_Up, KEY.Key_Down, KEY.Key_Down, KEY.Key_Space)
    assert picked == ["c", "a"]
    assert [name for name in "abcd" if ladder.rungs[name].isChecked()] == ["a"]
    assert not ladder.rungs["d"].isEnabled()


def test_a_step_says_how_it_stands_in_words(qtbot):
    ladder = LadderMap(DARK)
    qtbot.addWidget(ladder)
    ladder.show_rungs(lines())
    assert second_line(lines()[0]) == "feels like 2 · about 2 minutes · met"
    assert second_line(lines()[1]).endswith("tried · suggested for today")
    assert ladder.rungs["a"].accessibleName().startswith("Step a. feels like 2")


def test_the_focus_stays_on_its_step_when_the_ladder_is_shown_anew(shown):
    ladder = LadderMap(LIGHT)
    ladder.show_rungs(lines())
    window, _ = shown(ladder)
    ladder.rungs["c"].setFocus()
    ladder.show_rungs(lines())
    assert window.focusWidget() is ladder.rungs["c"]
    assert list(ladder.rungs) == ["d", "c", "b", "a"]


def test_long_words_make_a_choice_higher_and_are_never_cut(shown, qtbot):
    words = "I would like a home base outside my body (a sound, a thing I can see)"
    look.load_fonts()
    button = OptionButton(words, LIGHT, second="feels like 4")
    qtbot.addWidget(button)
    assert button.heightForWidth(260) > button.heightForWidth(700) >= look.TARGET_PX
    shown(button, width=300)
    assert button.height() >= button.heightForWidth(button.width())


# ---- what I feared, what happened


def test_the_cards_tell_both_sides_and_stand_above_each_other_where_it_is_narrow(shown, qtbot):
    told = Learned(0, "Tie a shoe", "It locks.", "quite sure of it", "It did not happen.", "", "")
    cards = FearCards(LIGHT, told)
    window, _ = shown(cards, width=900)
    words = {one.text() for one in cards.findChildren(QLabel)}
    assert {"What I feared", "It locks.", "What happened", "It did not happen."} <= words
    feared, happened = cards.findChildren(Card)
    assert feared.y() == happened.y()
    window.resize(480, 600)
    qtbot.waitUntil(lambda: feared.x() == happened.x() and feared.y() < happened.y())


def test_what_was_not_said_is_a_kind_blank(qtbot):
    cards = FearCards(DARK, Learned(0, "Tie a shoe", "It locks.", "", "", "", ""))
    qtbot.addWidget(cards)
    words = [one.text() for one in cards.findChildren(QLabel)]
    assert "You did not say, and that is fine." in words
    assert "" not in words


# ---- words on the disc


class Free:
    """Somebody who breathes as they like."""

    paused = True
    free = True
    guiding = None

    def now(self):
        return 0.0

    def cue(self, _t=None):
        return BreathCue(BreathPhase.INHALE, 0.0, 0.0, 4.0, 0)

    def fullness(self, times):
        return times


@pytest.mark.parametrize("side", [150, 200, 320, 560])
def test_the_words_of_free_breathing_stay_on_the_disc_or_are_left_out(qtbot, side):
    look.load_fonts()
    disc = DiscShape(Free(), LIGHT)
    qtbot.addWidget(disc)
    disc.resize(side, side)
    disc.grab()
    font, laid = disc._laid["as you are"]
    fits = laid.size().width() <= 2 * disc._place
    assert fits or font.pixelSize() == look.SMALL_PX
