"""A box to write a sentence in, which grows with it."""

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from biobreath.ui import theme as look
from biobreath.ui.theme import LIGHT
from biobreath.ui.words_box import WordsBox

KEY = Qt.Key
LONG = "Sit on a soft chair for two minutes longer than usual and then look out of the window"
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def box(qtbot):
    look.load_fonts()
    window = QWidget()
    made = WordsBox(LIGHT, "A step", "Something small")
    made.other = QLineEdit()
    column = QVBoxLayout(window)
    column.addWidget(made)
    column.addWidget(made.other)
    column.addStretch()
    qtbot.addWidget(window)
    window.resize(420, 500)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made.setFocus()
    made.held = window
    return made


def test_it_grows_with_the_words_and_shrinks_again(box, qtbot):
    low = box.height()
    assert low >= look.TARGET_PX
    box.setText(LONG)
    qtbot.waitUntil(lambda: box.height() > low)
    shown = box.document().size().height() * box.fontMetrics().lineSpacing()
    assert box.viewport().height() >= shown
    box.clear()
    qtbot.waitUntil(lambda: box.height() == low)


def test_a_narrower_window_makes_it_higher(box, qtbot):
    box.setText(LONG)
    qtbot.waitUntil(lambda: box.document().size().height() >= 2)
    before = box.height()
    box.held.resize(260, 500)
    qtbot.waitUntil(lambda: box.height() > before)


def test_enter_goes_on_and_tab_leaves(box, qtbot):
    told = []
    box.returnPressed.connect(lambda: told.append(box.text()))
    qtbot.keyClicks(box, "Walk  to the gate ")
    qtbot.keyClick(box, KEY.Key_Return)
    assert told == ["Walk to the gate"]
    qtbot.keyClick(box, KEY.Key_Tab)
    assert box.held.focusWidget() is box.other


def test_what_is_pasted_is_one_line_of_plain_words(box):
    data = QMimeData()
    data.setHtml("<b>Walk</b><br>to the gate")
    data.setText("Walk\nto\tthe gate")
    box.insertFromMimeData(data)
    assert box.toPlainText() == "Walk to the gate"


def test_a_sentence_ends_somewhere(box):
    box.setText("x" * 1000)
    assert len(box.text()) == 400


def test_keys_of_care_and_escape_are_left_to_the_screen(box, qtbot):
    seen = []
    box.held.keyPressEvent = lambda event: seen.append(event.key())
    for key in (KEY.Key_E, KEY.Key_G, KEY.Key_S, KEY.Key_N, KEY.Key_M):
        qtbot.keyClick(box, key, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(box, KEY.Key_Escape)
    seen = [key for key in seen if key != KEY.Key_Control]
    assert seen == [KEY.Key_E, KEY.Key_G, KEY.Key_S, KEY.Key_N, KEY.Key_M, KEY.Key_Escape]
    assert box.text() == ""
