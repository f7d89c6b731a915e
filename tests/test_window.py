"""The window as a person uses it, with keys alone."""

import sys
from dataclasses import replace

import pytest
from fakes import FakeClock, breathing_rr, facts_of
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QWidget

from biobreath import places
from biobreath.app.copying import HEARTBEATS, WHOLE, WITHOUT_WORDS
from biobreath.app.program import Program
from biobreath.clock import SessionClock, wall_time
from biobreath.events import LinkChanged, LinkReason, LinkState
from biobreath.practice.display import Display
from biobreath.practice.patterns import LONG_OUT
from biobreath.session.live import Reading
from biobreath.session.sitting import Sitting
from biobreath.settings import Settings, load, save
from biobreath.store.library import Library, SittingState
from biobreath.store.recorder import Recorder
from biobreath.store.recordings import read_recording
from biobreath.store.tasks import SittingStart
from biobreath.ui import theme as look
from biobreath.ui.breathe import pattern_of
from biobreath.ui.breathing_texts import numbers_of
from biobreath.ui.breathing_view import BreathingView
from biobreath.ui.frame_clock import FrameClock
from biobreath.ui.grounding import line_at
from biobreath.ui.heart_panel import StrapInRange, signal_words
from biobreath.ui.look_back import SittingLine
from biobreath.ui.option_button import OptionButton
from biobreath.ui.rail import PLACES
from biobreath.ui.shapes import SHAPES


@pytest.fixture
def program(qapp, qtbot, monkeypatch):
    # The demo heart beats in the sitting's time; nobody here has time for the real one.
    monkeypatch.setattr("biobreath.app.starting.SessionClock", lambda s=1.0: SessionClock(8.0 * s))
    look.load_fonts()
    made = Program(qapp)
    made.open()
    qtbot.addWidget(made.window)
    yield made
    made.close()


def press(qtbot, widget, key):
    qtbot.keyClick(widget, key)


def focused(program) -> QWidget | None:
    return program.window.focusWidget()


def heard(program):
    """Return how many beats the sitting has heard of."""
    sitting = program.sitting
    return 0 if sitting is None else len(sitting.live.heart.beats) + len(sitting.live.provisional)


def wait_for_beats(qtbot, program, count=2):
    qtbot.waitUntil(lambda: heard(program) >= count, timeout=15_000)


def test_the_window_opens_on_today_with_begin_under_the_finger(program, qtbot):
    assert program.window.place == "today"
    qtbot.waitUntil(lambda: focused(program) is program.window.today.first_focus())


def test_showing_the_window_loads_neither_scipy_nor_bluetooth_nor_plots():
    import subprocess

    code = (
        "import os, sys; os.environ['QT_QPA_PLATFORM']='offscreen'\n"
        "from PySide6.QtWidgets import QApplication\n"
        "app = QApplication([])\n"
        "from biobreath.app.program import Program\n"
        "program = Program(app); program.open(); app.processEvents()\n"
        "late = {'scipy', 'bleak', 'pyqtgraph'} & set(sys.modules)\n"
        "program.close(); print(sorted(late))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stdout.strip() == "[]"


def test_what_the_first_sitting_needs_is_loaded_while_today_is_seen(program, qtbot):
    loaded = []
    program.prepared = lambda: loaded.append(program.window.place)
    qtbot.waitUntil(lambda: bool(loaded))
    assert "biobreath.ui.heart_curve" in sys.modules
    program.begin(LONG_OUT, 5)
    assert loaded == ["today"]


def test_who_begins_at_once_has_it_loaded_before_the_time_counts(program, monkeypatch):
    clocks, counting = [], []

    def clock(speed=1.0):
        clocks.append(SessionClock(speed))
        return clocks[-1]

    monkeypatch.setattr("biobreath.app.starting.SessionClock", clock)
    program.prepared = lambda: counting.append(len(clocks))
    program.begin(LONG_OUT, 5)
    assert counting == [0]
    assert len(clocks) == 1


def test_a_sitting_from_begin_to_the_end_with_keys_alone(program, qtbot):
    window = program.window
    qtbot.waitUntil(lambda: focused(program) is window.today.first_focus())
    press(qtbot, focused(program), Qt.Key.Key_Return)
    assert window.place == "breathing"
    wait_for_beats(qtbot, program)
    view = window.breathing
    press(qtbot, view, Qt.Key.Key_Space)
    assert program.sitting.paused
    press(qtbot, view, Qt.Key.Key_Space)
    assert not program.sitting.paused
    press(qtbot, view, Qt.Key.Key_Up)
    assert program.settings.breaths_per_minute == pytest.approx(6.5)
    press(qtbot, view, Qt.Key.Key_E)
    assert program.sitting.pacer.pattern.id == "gentle"
    press(qtbot, view, Qt.Key.Key_Escape)
    assert window.place == "sitting"
    qtbot.waitUntil(lambda: window.sitting_page.title.text().startswith("You sat"), timeout=15_000)
    (row,) = Library(places.library_path()).sittings()
    assert row.state == "closed"
    assert row.beats >= 2


def test_the_sitting_can_be_found_again_and_replayed(program, qtbot):
    window = program.window
    program.begin(program_pattern(program), 5, demo=True)
    wait_for_beats(qtbot, program, 3)
    program.end()
    qtbot.waitUntil(lambda: window.sitting_page.title.text().startswith("You sat"), timeout=15_000)
    program.go("look_back")
    qtbot.waitUntil(lambda: focused(program) is window.look_back.first_focus())
    press(qtbot, focused(program), Qt.Key.Key_Return)
    assert window.place == "sitting"
    page = window.sitting_page
    qtbot.waitUntil(lambda: page.title.text().startswith("You sat"), timeout=15_000)
    qtbot.waitUntil(lambda: focused(program) is page.first_focus())
    press(qtbot, focused(program), Qt.Key.Key_Return)
    assert window.place == "breathing"
    assert not program.sitting.guided
    wait_for_beats(qtbot, program, 1)
    press(qtbot, window.breathing, Qt.Key.Key_Escape)
    assert window.place == "sitting"
    assert len(Library(places.library_path()).sittings()) == 1, "a replay is not another sitting"


def program_pattern(program):
    from biobreath.ui.breathe import pattern_of

    return pattern_of(program.settings)


def kept_sitting(minutes=1.0, later_s=0.0) -> int:
    """Put a sitting into the library, as a program before this one would have."""
    facts = facts_of(breathing_rr(minutes))
    recorder = Recorder(places.library_path())
    recorder.start()
    recorder.begin(SittingStart("1" * 36, wall_time(), "paced_breathing", "simulated:1", "0.1"))
    for fact in facts:
        recorder.add(fact)
    recorder.end(facts[-1].t + later_s)
    session_id = recorder.wait_begun(10.0)
    assert recorder.close(10.0)
    return session_id


def button(page, text) -> QAbstractButton:
    return next(each for each in page.findChildren(QAbstractButton) if each.text() == text)


def shown_text(widget) -> str:
    labels = widget.findChildren(QLabel)
    return " ".join(label.text() for label in labels if label.isVisible())


def test_a_sitting_can_be_removed_for_good_with_a_second_press(qtbot, request):
    session_id = kept_sitting()
    program = request.getfixturevalue("program")
    page = program.window.sitting_page
    program.kept.open(session_id)
    removal = button(page, "Remove this sitting")
    qtbot.waitUntil(removal.isVisible)
    press(qtbot, removal, Qt.Key.Key_Space)
    assert len(program.library.sittings()) == 1
    press(qtbot, removal, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not program.library.sittings())
    qtbot.waitUntil(program.window.look_back.isVisible)


@pytest.mark.parametrize(
    ("form", "typed", "named", "said"),
    [
        (WHOLE, "mine", "mine.biobreath", "with what you wrote"),
        (WITHOUT_WORDS, "mine.biobreath", "mine.biobreath", "without what you wrote"),
        (HEARTBEATS, "mine.biobreath", "mine.txt", "Only heartbeats"),
    ],
)
def test_a_copy_of_a_sitting_is_saved_where_the_person_wants_it(
    qtbot, request, monkeypatch, tmp_path, form, typed, named, said
):
    session_id = kept_sitting()
    program = request.getfixturevalue("program")
    page = program.window.sitting_page
    program.kept.open(session_id)
    save = button(page, "Save a copy…")
    qtbot.waitUntil(save.isVisible)
    answer = (str(tmp_path / typed), form)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_arguments: answer)
    press(qtbot, save, Qt.Key.Key_Space)
    assert f"“{named}”" in shown_text(page)
    assert said in shown_text(page)
    beats = [fact for fact in read_recording(tmp_path / named) if getattr(fact, "rr_ms", ())]
    assert beats
    assert (tmp_path / named).stat().st_mode & 0o077 == 0


def test_a_copy_that_nobody_named_or_that_cannot_be_written_leaves_the_sitting_as_it_is(
    qtbot, request, monkeypatch, tmp_path
):
    session_id = kept_sitting()
    program = request.getfixturevalue("program")
    page = program.window.sitting_page
    program.kept.open(session_id)
    save = button(page, "Save a copy…")
    qtbot.waitUntil(save.isVisible)
    before = shown_text(page)
    answers = {
        "": before,
        str(tmp_path / "no" / "where.biobreath"): "There is no such folder",
        str(tmp_path / "mine"): "is there already",
    }
    (tmp_path / "mine.biobreath").write_text("of somebody else")
    for chosen, told in answers.items():
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, c=chosen: (c, WHOLE))
        press(qtbot, save, Qt.Key.Key_Space)
        assert told in shown_text(page)
    assert (tmp_path / "mine.biobreath").read_text() == "of somebody else"
    assert len(program.library.sittings()) == 1


def test_who_opened_an_older_sitting_stays_with_it_while_the_newest_is_written_down(
    qtbot, request, monkeypatch
):
    older = kept_sitting()
    program = request.getfixturevalue("program")
    ended = []
    monkeypatch.setattr(program.keeper, "end", lambda _t, told: ended.append(told))
    program.begin(LONG_OUT, 1)
    program.end()
    program.kept.open(older)
    ended.pop()(older + 1, "")
    page = program.window.sitting_page
    qtbot.waitUntil(lambda: not page.waiting)
    assert page._seen.session_id == older


def test_a_sitting_that_cannot_be_read_says_so(program, qtbot):
    page = program.window.sitting_page
    program.kept.open(4711)
    qtbot.waitUntil(lambda: "There is no sitting with this number" in shown_text(page))
    assert "One moment" not in shown_text(page)
    press(qtbot, page, Qt.Key.Key_Escape)
    assert program.window.look_back.isVisible()


def test_a_library_that_cannot_be_read_is_not_called_empty(program):
    page = program.window.look_back
    program.go("look_back")
    assert "Nothing to do yet" in shown_text(page)
    program.keeper.close()
    places.library_path().write_bytes(b"something else" * 1000)
    program.go("look_back")
    assert "Your sittings cannot be shown just now." in shown_text(page)
    assert "Nothing to do yet" not in shown_text(page)


def test_when_the_disk_refuses_the_end_of_a_sitting_is_said_and_the_window_goes_on(
    program, qtbot, monkeypatch
):
    def full(*_arguments):
        raise MemoryError  # not SQLite's word for it: no fault may end the writer

    program.begin(pattern_of(program.settings), 1, demo=True)
    wait_for_beats(qtbot, program)
    with monkeypatch.context() as refusing:
        refusing.setattr("biobreath.app.keeper._BEGIN_S", 0.2)
        refusing.setattr("biobreath.store.pen.Pen._save_progress", full)
        program.end()
        page = program.window.sitting_page
        assert page.isVisible()
        qtbot.waitUntil(lambda: "not on it yet" in shown_text(page))
    qtbot.waitUntil(lambda: program.library.sittings()[0].state is SittingState.CLOSED)


def test_ground_me_works_at_once_and_leads_back(program, qtbot):
    window = program.window
    program.begin(program_pattern(program), 5, demo=True)
    press(qtbot, window.breathing, Qt.Key.Key_G)
    assert window.place == "grounding"
    assert program.sitting.paused
    qtbot.waitUntil(lambda: focused(program) is window.grounding.first_focus())
    press(qtbot, focused(program), Qt.Key.Key_Return)
    assert window.place == "breathing"
    assert not program.sitting.paused, "back to the breath is back to the breath"
    press(qtbot, window.breathing, Qt.Key.Key_G)
    press(qtbot, window.grounding, Qt.Key.Key_G)
    assert window.place == "breathing"
    press(qtbot, window.breathing, Qt.Key.Key_G)
    press(qtbot, window.grounding, Qt.Key.Key_Escape)
    assert window.place == "sitting"


def test_closing_in_the_middle_of_a_sitting_keeps_it(program, qtbot):
    program.begin(program_pattern(program), 5, demo=True)
    wait_for_beats(qtbot, program)
    program.window.close()
    (row,) = Library(places.library_path()).sittings()
    assert row.state == "closed"
    assert row.beats >= 2


@pytest.mark.parametrize("place", ["today", "breathing"])
def test_ctrl_q_closes_the_window_wherever_one_is_and_the_sitting_is_kept(program, qtbot, place):
    window = program.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    if place == "breathing":
        program.begin(program_pattern(program), 5, demo=True)
        wait_for_beats(qtbot, program)
    qtbot.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not window.isVisible())
    states = [row.state for row in Library(places.library_path()).sittings()]
    assert states == ["closed"] * (place == "breathing")


def test_the_list_and_the_page_of_a_sitting_tell_the_same_length(qtbot, request):
    session_id = kept_sitting(later_s=5.0)
    program = request.getfixturevalue("program")
    (row,) = program.library.sittings()
    program.kept.open(session_id)
    page = program.window.sitting_page
    qtbot.waitUntil(lambda: page.title.text().startswith("You sat"))
    assert page._seen.review.duration_s == row.duration_s


def test_how_much_of_the_heart_is_shown_is_one_key_and_is_remembered(program, qtbot):
    view = program.window.breathing
    program.begin(program_pattern(program), 5, demo=True)
    press(qtbot, view, Qt.Key.Key_N)
    assert program.settings.display == "numbers"
    press(qtbot, view, Qt.Key.Key_N)
    assert program.settings.display == "wave"
    press(qtbot, view, Qt.Key.Key_H)
    assert program.settings.display == "ambient"
    program.close()
    assert load(places.settings_path()).display == "ambient"


def test_the_demo_heart_is_always_called_so(program, qtbot):
    program.begin(program_pattern(program), 5, demo=True)
    wait_for_beats(qtbot, program)

    def said():
        texts = [label.text() for label in program.window.breathing.findChildren(QLabel)]
        return any("demo heart" in text for text in texts)

    qtbot.waitUntil(said)


def test_an_own_breath_with_long_rests_still_says_how_long_it_moves(program):
    fast = replace(
        program.settings, pattern="own", breaths_per_minute=12.0, hold_full_s=8.0, hold_empty_s=8.0
    )
    program.window.breathe.show_settings(fast)
    said = program.window.breathe._say_share(0.4)
    assert said == "1.0 s in, 1.5 s out"


def test_the_look_changes_at_once_and_is_remembered(program, qtbot):
    program.go("breathe")
    program.window.breathe.changed.emit(Settings(theme="dark"))
    qtbot.waitUntil(lambda: program.window.theme is look.DARK)
    assert program.window.place == "breathe"
    program.begin(program_pattern(program), 5, demo=True)
    assert program.window.place == "breathing"


def test_a_pace_key_in_the_pace_finder_changes_and_remembers_nothing(program, qtbot):
    program.window.breathe.find_pace.emit()
    before = program.settings
    press(qtbot, program.window.breathing, Qt.Key.Key_Down)
    press(qtbot, program.window.breathing, Qt.Key.Key_Up)
    assert program.settings == before


@pytest.mark.usefixtures("program")
def test_a_second_program_says_that_this_sitting_is_not_kept(qapp, qtbot):
    other = Program(qapp)
    qtbot.addWidget(other.window)
    other.open(demo=True)
    texts = lambda: [label.text() for label in other.window.breathing.findChildren(QLabel)]  # noqa: E731
    qtbot.waitUntil(lambda: any("not be kept" in text for text in texts()))
    other.end()
    page = other.window.sitting_page
    qtbot.waitUntil(lambda: "will not be kept" in shown_text(page))
    other.close()


@pytest.mark.usefixtures("program")
def test_words_that_cannot_be_kept_are_not_lost_without_a_word(qapp, qtbot):
    other = Program(qapp)
    qtbot.addWidget(other.window)
    other.open()
    other.go("about_me")
    other.window.about_me.reason_added.emit("My scan was clear")
    line = other.window._line
    qtbot.waitUntil(line.isVisible)
    assert "could not be kept" in line.text()
    other.go("today")
    assert not line.isVisible()
    other.close()


@pytest.mark.usefixtures("program")
def test_a_practice_that_is_not_kept_says_so_as_well(qapp, qtbot):
    other = Program(qapp)
    qtbot.addWidget(other.window)
    other.open()
    other.begin_practice("core.mindful-breath", 0)
    qtbot.waitUntil(other.window._line.isVisible)
    assert "will not be kept" in other.window._line.text()
    other.close()


def test_the_breathing_screen_has_its_own_place_for_what_is_said(program, qtbot):
    program.begin(program_pattern(program), 5, demo=True)
    program.notice("The voice cannot be heard just now.")
    qtbot.waitUntil(lambda: "cannot be heard" in shown_text(program.window.breathing))
    assert not program.window._line.isVisible()


def test_every_way_on_the_rail_leads_somewhere(program):
    for place in PLACES:
        program.go(place.id)
        assert program.window.place == place.id


def test_everything_that_can_be_pressed_has_a_name_and_room_for_stiff_hands(program, qtbot):
    for place in PLACES:
        program.go(place.id)
        qtbot.wait(0)
        for button in program.window.findChildren(QAbstractButton):
            if button.isVisible():
                assert button.accessibleName() or button.text()
                assert min(button.width(), button.height()) >= 44, button.text()


def test_in_a_small_window_nothing_is_cut(program, qtbot):
    program.window.resize(900, 600)
    for place in PLACES:
        program.go(place.id)
        qtbot.wait(0)
        for label in program.window.findChildren(QLabel):
            if label.isVisible() and label.text() and not label.wordWrap():
                assert label.width() + 1 >= label.fontMetrics().horizontalAdvance(
                    max(label.text().splitlines(), key=len)
                ), label.text()


def test_in_a_small_window_no_button_stands_out_of_its_page(program, qtbot):
    program.window.resize(900, 600)
    for place in PLACES:
        program.go(place.id)
        qtbot.wait(0)
        for button in program.window.findChildren(QAbstractButton):
            if button.isVisible():
                right = button.mapTo(program.window, button.rect().topRight()).x()
                assert right < program.window.width() - 8, (place.id, button.text())
                assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_settings_survive_a_restart(qapp, qtbot):
    save(places.settings_path(), Settings(breaths_per_minute=5.2, minutes=8))
    program = Program(qapp)
    qtbot.addWidget(program.window)
    program.open()
    assert program.window.breathe._rate.value == pytest.approx(5.2)
    program.close()


def test_straps_are_listed_with_the_last_one_first_and_chosen_by_address(program, qtbot):
    panel = program.window.heart
    program.go("heart")
    panel.found(
        [StrapInRange("AA:01", "Polar H10", -50), StrapInRange("AA:02", "Polar H10", -80)], "AA:02"
    )
    qtbot.waitUntil(lambda: all(b.isVisible() for b in panel.findChildren(OptionButton)))
    buttons = sorted(panel.findChildren(OptionButton), key=lambda b: b.y())
    panel.first_focus().setFocus()
    press(qtbot, panel.first_focus(), Qt.Key.Key_Tab)
    assert program.window.focusWidget() is buttons[0]
    for _ in range(2):
        press(qtbot, program.window.focusWidget(), Qt.Key.Key_Tab)
    assert program.window.focusWidget().text() == "Only breathe, no heart"
    buttons[0].setFocus()
    with qtbot.waitSignal(panel.strap_chosen) as chosen:
        buttons[0].click()
    assert chosen.args == ["AA:02", "Polar H10"]
    assert program.settings.strap_address == "AA:02"
    assert program.settings.source == "strap"


@pytest.mark.parametrize(
    ("dbm", "connected", "said"),
    [
        (None, True, "connected to this computer"),
        (None, False, "in range"),
        (-50, False, "close by"),
        (-75, False, "in the room"),
        (-95, False, "far away"),
    ],
)
def test_signal_strength_is_said_in_words(dbm, connected, said):
    assert signal_words(StrapInRange("AA:01", "", dbm, connected=connected)) == said


def test_a_second_line_that_goes_on_is_painted_to_its_end(qtbot):
    row = OptionButton("TICKR", look.LIGHT, second="M" * 12 + " " + "M" * 12)
    qtbot.addWidget(row)
    row.resize(300, row.heightForWidth(300))
    short = OptionButton("TICKR", look.LIGHT, second="M" * 12)
    qtbot.addWidget(short)
    short.resize(300, short.heightForWidth(300))

    def ink(button):
        shown = button.grab().toImage()
        inside = range(60, shown.width() - 30)
        return sum(
            shown.pixelColor(x, y).lightness() < 140
            for x in inside
            for y in range(20, shown.height() - 20)
        )

    one_line, title = ink(short), OptionButton("TICKR", look.LIGHT)
    qtbot.addWidget(title)
    title.resize(300, title.heightForWidth(300))
    second = one_line - ink(title)
    assert ink(row) - one_line == pytest.approx(second, rel=0.1)


def test_a_strap_stays_where_it_is_while_its_signal_changes(program, qtbot):
    panel = program.window.heart
    program.go("heart")
    near, far = StrapInRange("AA:01", "Near", -50), StrapInRange("AA:02", "", -80)
    panel.found([near, far], "")
    first, second = panel.findChildren(OptionButton)
    qtbot.waitUntil(second.isVisible)
    second.setFocus()
    panel.found([replace(near, signal_dbm=-95), replace(far, name="Far", signal_dbm=-40)], "")
    assert panel.findChildren(OptionButton) == [first, second]
    assert program.window.focusWidget() is second
    assert second.accessibleName() == "Far. close by · ends in AA:02"
    with qtbot.waitSignal(panel.strap_chosen) as chosen:
        second.click()
    assert chosen.args == ["AA:02", "Far"]


def test_look_back_is_a_list_one_can_walk(program, qtbot):
    page = program.window.look_back
    page.show_sittings([SittingLine(i, f"day {i}", "5 minutes") for i in range(3)])
    view = page.first_focus()
    press(qtbot, view, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.opened) as opened:
        press(qtbot, view, Qt.Key.Key_Return)
    assert opened.args == [1]


@pytest.mark.parametrize("kind", SHAPES)
def test_a_shape_is_repainted_only_when_it_can_be_seen_to_move(qtbot, kind):
    clock = FakeClock()
    sitting = Sitting(clock, lambda _f: None, program_of_six(), 0.0)
    shape = SHAPES[kind](sitting, look.LIGHT)
    qtbot.addWidget(shape)
    shape.resize(400, 400)
    shape.show()
    qtbot.waitExposed(shape)
    painted = []

    class Paints(QObject):
        def eventFilter(self, _shape, event):
            if event.type() is QEvent.Type.Paint:
                painted.append(clock.t)
            return False

    paints = Paints()
    shape.installEventFilter(paints)
    for clock.t in (0.0, 0.001, 2.0):
        shape.advance()
        QApplication.processEvents()
    assert 0.001 not in painted
    assert painted[-1] == 2.0


@pytest.mark.parametrize("kind", SHAPES)
def test_every_shape_says_the_part_of_the_breath_and_rests_with_the_guide(qtbot, kind):
    clock = FakeClock()
    sitting = Sitting(clock, lambda _f: None, program_of_six(), 0.0)
    shape = SHAPES[kind](sitting, look.DARK)
    qtbot.addWidget(shape)
    shape.resize(500, 400)
    said = []
    for clock.t in (1.0, 5.0, 11.0):
        shape.advance()
        shape.grab()
        said.append(shape.accessibleDescription().split(",")[0])
    sitting.pause()
    shape.advance()
    shape.grab()
    assert [*said, shape.accessibleDescription().split(",")[0]] == ["in", "out", "in", "rest"]


def test_with_little_motion_the_bar_moves_a_few_times_a_second(qtbot):
    clock = FakeClock()
    sitting = Sitting(clock, lambda _f: None, program_of_six(), 0.0)
    shape = SHAPES["bar"](sitting, look.LIGHT)
    qtbot.addWidget(shape)
    shape.resize(400, 600)
    painted = 0
    for frame in range(600):
        clock.t = frame / 60
        before = shape.mover.asked_for
        shape.advance()
        painted += shape.mover.asked_for != before
    assert painted / 10 < 10


def program_of_six():
    from biobreath.practice.patterns import LONG_OUT

    return LONG_OUT


def test_the_frame_clock_rests_when_it_is_stopped(qtbot):
    frames = []
    clock = FrameClock(lambda: frames.append(1))
    clock.start()
    qtbot.waitUntil(lambda: len(frames) >= 5)
    clock.stop()
    assert not clock.running


def test_nothing_moves_while_nobody_can_see_it(program, qtbot):
    program.begin(program_pattern(program), 5, demo=True)
    frames = program.window.breathing._frames
    qtbot.waitUntil(lambda: frames.running)
    program.window.hide()
    assert not frames.running
    program.window.show()
    assert frames.running


def test_a_window_that_comes_back_shows_the_whole_heart(program):
    program.begin_planned()
    program.sensors.hush()
    program.window.hide()
    facts = facts_of(breathing_rr(0.05))
    for fact in facts[1:]:
        program.inbox.put(program.sitting, fact)
    before = heard(program)
    program.window.show()
    assert heard(program) - before >= len(facts) - 2


def test_a_look_that_goes_wrong_is_followed_by_another(qtbot, monkeypatch):
    view = BreathingView(look.LIGHT, show_words=True, display="wave")
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    sitting = Sitting(FakeClock(), lambda _fact: None, LONG_OUT, 61.0)
    view.show_sitting(sitting, "demo heart")
    for broken in ("tick", "reading"):
        view._slowly.stop()
        with monkeypatch.context() as patched:
            patched.setattr(sitting, broken, lambda: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                view._look_in()
        assert view._slowly.isActive()


def test_numbers_are_there_as_soon_as_they_are_wanted(program, qtbot):
    program.begin(program_pattern(program), 5, demo=True)
    wait_for_beats(qtbot, program, 12)
    program.window.breathing._slowly.stop()
    program.window.breathing.set_display(Display.NUMBERS)
    texts = [line.text() for line in program.window.breathing.findChildren(QLabel)]
    assert any(text.startswith("heart ") and "a minute" in text for text in texts)


def test_it_looks_when_something_is_due_and_ends_in_time_also_unseen(qtbot):
    view = BreathingView(look.LIGHT, show_words=True, display="wave")
    qtbot.addWidget(view)
    clock = FakeClock()
    with qtbot.waitExposed(view):
        view.show()
    view.show_sitting(Sitting(clock, lambda _fact: None, LONG_OUT, 61.0), "demo heart")
    assert view._slowly.interval() == 2000
    assert view._slowly.isActive()
    view.set_display(Display.NUMBERS)
    view._look_in()
    assert view._slowly.interval() == 1000
    clock.t = 60.5
    view._look_in()
    assert view._slowly.interval() == 500
    view.hide()
    clock.t = 0.0
    view._look_in()
    assert view._slowly.interval() == 5000
    clock.t = 59.5
    view._look_in()
    assert view._slowly.interval() == 1500
    clock.t = 63.0  # in the middle of a breath
    view._look_in()
    assert view._slowly.interval() == 5000
    clock.t = 70.0
    with qtbot.waitSignal(view.ended):
        view._look_in()


def test_grounding_says_one_sentence_at_a_time():
    from biobreath.practice.safety import load_safety

    lines = load_safety(places.assets() / "content" / "en" / "safety.toml").ground
    assert line_at(lines, 0.0) == lines[0].text
    assert line_at(lines, lines[1].at_s - 0.1) == lines[0].text
    assert line_at(lines, 10_000.0) == lines[-1].text


def test_what_is_not_known_is_not_in_the_strip_of_numbers():
    assert numbers_of(Reading(0.0)) == []
    assert numbers_of(Reading(0.0, heart_rate_bpm=61.7)) == ["heart 62 a minute"]


def test_a_lost_strap_is_said_kindly_while_the_shape_goes_on(program):
    program.begin(program_pattern(program), 5, demo=True)
    sitting = program.sitting
    for fact in facts_of(breathing_rr(0.2)):
        sitting.feed(fact)
    program._sensed(sitting, LinkChanged(13.0, LinkState.LOST, LinkReason.LINK_LOST, "Polar H10"))
    program.window.breathing._refresh()
    texts = [label.text() for label in program.window.breathing.findChildren(QLabel)]
    assert any("out of reach" in text for text in texts)
    assert not sitting.paused


def test_broken_words_of_care_leave_plain_ones(tmp_path):
    from biobreath.practice.safety import load_safety

    (tmp_path / "safety.toml").write_text("ground = 3")
    assert load_safety(tmp_path / "safety.toml").ground
    assert load_safety(tmp_path / "none.toml").disclaimer


def test_a_real_strap_recording_runs_through_the_window_beat_by_beat(
    program, qtbot, data, monkeypatch
):
    path = data / "rr" / "polar_h10_slow_breathing.csv"
    raw = [float(row.split(",")[1]) for row in path.read_text().split()[1:]]
    program.go("heart")
    program.heart.take_recording(path)
    assert program.window.place == "today"
    monkeypatch.setattr("biobreath.app.starting.SessionClock", lambda: SessionClock(speed=400.0))
    program.choices.settings = replace(program.settings, minutes=30)
    drawn = []
    program.window.today.begin.emit()
    sitting = program.sitting

    def over():
        drawn.append(sitting.heart_points(0.0)[0].size)
        link = sitting.live.link
        return link is not None and link.state is LinkState.ENDED

    qtbot.waitUntil(over, timeout=30_000)
    live = sitting.live
    shown = [beat.rr_ms for beat in [*live.heart.beats, *live.provisional]]
    assert shown == raw, "every beat once and in order on its way to the screen"
    assert max(drawn) > 620
    program.end()
    qtbot.waitUntil(lambda: not program.window.sitting_page.waiting)
    (row,) = Library(places.library_path()).sittings()
    facts = Library(places.library_path()).facts(row.id)
    kept = [rr for fact in facts for rr in getattr(fact, "rr_ms", ())]
    assert kept == raw, "and on its way to the disk"
    assert row.source == "file:polar_h10_slow_breathing.csv"


def test_a_file_that_is_no_recording_is_refused_with_a_sentence(program, tmp_path):
    (tmp_path / "junk.bin").write_bytes(bytes(range(256)) * 20)
    program.go("heart")
    program.heart.take_recording(tmp_path / "junk.bin")
    assert program.window.place == "heart"
    assert program.settings.source == "simulated"
    assert "junk.bin" in program.window.heart._trouble.text()


def test_a_recording_that_has_gone_is_no_reason_not_to_breathe(program, qtbot):
    program.choices.settings = replace(
        program.settings, source="recording", recording="/gone/away.csv"
    )
    program.window.today.begin.emit()
    said = shown_text(program.window.breathing)
    assert "“away.csv” cannot be read any more. This is the demo heart." in said
    wait_for_beats(qtbot, program)
    assert program.window.place == "breathing"


def test_the_arrows_scroll_a_page_that_has_nothing_to_press(program, qtbot):
    program.window.resize(900, 600)
    program.go("about")
    page = program.window.about
    qtbot.waitUntil(lambda: focused(program) is page)
    press(qtbot, page, Qt.Key.Key_PageDown)
    assert page.verticalScrollBar().value() > 0


def test_words_at_the_pointer_have_room_and_the_colours_of_the_theme(program):
    told = [each for each in program.window.findChildren(QWidget) if each.toolTip()]
    assert told
    assert all(look.TIP in each.styleSheet() for each in told)
