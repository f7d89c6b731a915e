"""The lessons: read whole, each with its sources; in the window by keys alone."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packs import content
from PySide6.QtCore import Qt

from biobreath import places
from biobreath.app.program import Program
from biobreath.practice.lessons import lessons_of, load_lessons, load_references, references_of
from biobreath.practice.pack_check import Known, check
from biobreath.practice.plain_tables import BadTable
from biobreath.settings import Settings, save
from biobreath.ui import theme as look
from biobreath.ui.parts import PillButton

PATH = places.assets() / "content" / "en" / "lessons.toml"
TEXT = PATH.read_text(encoding="utf-8")
ENTER = Qt.Key.Key_Return


def test_all_twelve_lessons_are_there_with_points_questions_and_sources():
    lessons = content().lessons
    assert len(lessons) == 12
    assert all(lesson.points and lesson.checks and lesson.sources for lesson in lessons)
    assert lessons[0].certainty.words == "well known"
    named = {source for lesson in lessons for source in lesson.sources if " " not in source}
    assert named <= set(content().references)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('certainty = "firm"', 'certainty = "sure"', "lesson 1: “certainty” is “sure”"),
        ("minutes = 3", "minutes = 0", "lesson 1: “minutes” must be from 1"),
        ("answer = 1", "answer = 9", "lesson 1: “answer” must be from 0 to 2"),
        ('id = "real"', 'id = "alarm"', "there are two lessons of one name"),
    ],
)
def test_what_is_wrong_with_a_lesson_is_said(old, new, said):
    with pytest.raises(BadTable) as caught:
        lessons_of(tomllib.loads(TEXT.replace(old, new, 1)))
    assert said in str(caught.value)
    assert said in str(check("x", TEXT.replace(old, new, 1).encode(), Known()).problems[0])


def test_a_source_that_is_not_there_is_found_by_the_checker():
    odd = TEXT.replace('cite = "ashar2022"', 'cite = "nobody1999"', 1)
    found = check("x", odd.encode(), Known(refs=("ashar2022",)))
    assert "there is no source “nobody1999”" in str(found.problems[0])


_odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(max_examples=100)
@given(st.data())
def test_odd_lessons_are_refused_in_plain_words(data):
    table = tomllib.loads(TEXT)
    lesson = data.draw(st.sampled_from(table["lesson"]))
    lesson[data.draw(st.sampled_from(sorted(lesson)))] = data.draw(_odd)
    try:
        lessons_of(table)
    except BadTable as error:
        assert str(error)  # noqa: PT017
    try:
        references_of({"ref": data.draw(_odd)})
    except BadTable as error:
        assert str(error)  # noqa: PT017


def test_without_lessons_the_program_goes_on(tmp_path):
    assert load_lessons(tmp_path / "none.toml") == ()
    (tmp_path / "bad.toml").write_text("lesson = 3")
    assert load_lessons(tmp_path / "bad.toml") == ()
    assert load_references(tmp_path / "bad.toml") == {}


# --- in the window -----------------------------------------------------------------------------


@pytest.fixture
def program(qapp, qtbot):
    save(places.settings_path(), Settings(source="none"))
    look.load_fonts()
    made = Program(qapp)
    made.open()
    qtbot.addWidget(made.window)
    yield made
    made.close()


def until(qtbot, program, name):
    for _ in range(60):
        widget = program.window.focusWidget()
        if isinstance(widget, PillButton) and name in (widget.text(), widget.accessibleName()):
            return widget
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
    raise AssertionError(f"the keys do not get to {name}")


def test_a_lesson_is_read_thought_about_and_kept_with_keys_alone(program, qtbot):
    program.go("lessons")
    window = program.window
    qtbot.waitUntil(lambda: window.focusWidget() is window.lessons.first_focus())
    qtbot.keyClick(window.focusWidget(), ENTER)
    assert window.place == "lesson"
    assert window.lesson.title.text() == "Pain is a call to protect"
    qtbot.waitUntil(lambda: window.focusWidget() is window.lesson)
    keep = until(qtbot, program, "Keep this sentence: Pain is always real.")
    qtbot.keyClick(keep, ENTER)
    assert keep.text() == "Kept"
    assert [text for _id, text in program.about_person.reasons()] == ["Pain is always real."]
    qtbot.keyClick(until(qtbot, program, "Where this comes from"), ENTER)
    qtbot.keyClick(until(qtbot, program, "Done"), ENTER)
    assert window.place == "lessons"
    assert program.about_person.lessons_read() == {"alarm"}


def test_any_answer_brings_the_reason_and_none_is_marked(program, qtbot):
    program.pages.open_lesson("alarm")
    from biobreath.ui.lessons_page import _Check

    check_card = program.window.lesson.findChild(_Check)
    qtbot.keyClick(check_card._buttons[0], ENTER)
    assert check_card._why.text().startswith("Most would say: that the brain sees a reason")
    assert not any(button.isEnabled() for button in check_card._buttons)
    (dated,) = program.memory.entries
    assert (dated.entry.lesson_id, dated.entry.question, dated.entry.option) == ("alarm", 0, 0)


def test_escape_leads_back(program, qtbot):
    program.pages.open_lesson("alarm")
    qtbot.keyClick(program.window.lesson, Qt.Key.Key_Escape)
    assert program.window.place == "lessons"
    qtbot.keyClick(program.window.lessons, Qt.Key.Key_Escape)
    assert program.window.place == "practices"
