"""A strap on the air, through unmodified bleak, onto the screen and the disk, and back again."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from itertools import cycle

import pytest
from bluez_stand_in import PolarService, StandIn, private_bus
from fakes import FakeClock
from packs import content
from PySide6.QtWidgets import QAbstractButton, QLabel
from test_practising import Fingers, told_everything

from biobreath import places
from biobreath.app.program import Program
from biobreath.events import (
    HeartRateMeasurement,
    LinkChanged,
    LinkReason,
    LinkState,
    StreamKind,
)
from biobreath.session.review import review
from biobreath.session.sitting import Sitting
from biobreath.settings import Settings, save
from biobreath.store.library import Library
from biobreath.ui import theme as look
from biobreath.ui.breathe import pattern_of
from biobreath.ui.breathing_view import BreathingView
from biobreath.ui.heart_panel import HeartPanel, StrapInRange
from biobreath.ui.option_button import OptionButton

ADDRESS = "AA:BB:CC:DD:EE:01"
TICKS = [870, 880, 895, 905, 900, 890, 882, 874]


@pytest.fixture
def bluez():
    with private_bus() as address, StandIn(address) as stand_in:
        yield stand_in


@pytest.fixture
def program(bluez, qapp, qtbot):  # noqa: ARG001 - the bus must be there first
    look.load_fonts()
    save(
        places.settings_path(),
        Settings(source="strap", strap_address=ADDRESS, strap_name="Polar H10 1234"),
    )
    made = Program(qapp)
    qtbot.addWidget(made.window)
    made.open()
    yield made
    made.close()


def texts(program):
    return [label.text() for label in program.window.breathing.findChildren(QLabel)]


def received_rr(program):
    live = program.sitting.live
    beats = [*live.heart.beats, *live.provisional]
    return [beat.rr_ms for beat in sorted(beats, key=lambda beat: beat.index)]


def kept_rr(row_id):
    facts = Library(places.library_path()).facts(row_id)
    return [rr for f in facts if isinstance(f, HeartRateMeasurement) for rr in f.rr_ms]


def test_scan_connect_beats_on_screen_link_loss_and_back_into_the_same_sitting(
    program, bluez, qtbot
):
    strap = bluez.add_strap("Polar H10 1234", ADDRESS, battery=80)
    program.window.today.begin.emit()
    strap.wait_until_notifying()
    strap.start_beating(cycle(TICKS), every_s=0.03)
    qtbot.waitUntil(lambda: len(received_rr(program)) >= 20, timeout=15_000)
    qtbot.waitUntil(lambda: any(text == "Polar H10 1234" for text in texts(program)))

    strap.drop_link()
    qtbot.waitUntil(lambda: any("out of reach" in text for text in texts(program)), timeout=10_000)
    assert not program.sitting.paused, "the guide goes on"
    before = len(received_rr(program))
    strap.wait_until_notifying()
    qtbot.waitUntil(lambda: len(received_rr(program)) >= before + 20, timeout=15_000)
    strap.stop_beating()
    sent = strap.sent_rr_ms()
    qtbot.waitUntil(lambda: len(received_rr(program)) == len(sent), timeout=10_000)
    assert received_rr(program) == sent
    segments = {beat.segment for beat in program.sitting.live.heart.beats}
    assert len(segments) == 2, "no beat-to-beat difference reaches over the gap"

    program.end()
    qtbot.waitUntil(
        lambda: program.window.sitting_page.title.text().startswith("You sat"), timeout=15_000
    )
    (row,) = Library(places.library_path()).sittings()
    assert (row.state, row.device_name) == ("closed", "Polar H10 1234")
    assert kept_rr(row.id) == sent
    states = [
        f.state for f in Library(places.library_path()).facts(row.id) if isinstance(f, LinkChanged)
    ]
    assert LinkState.LOST in states
    assert states[-1] is LinkState.RECEIVING
    assert review(Library(places.library_path()).facts(row.id)).beat_t.size > 0


def test_the_search_on_the_heart_page_lists_the_strap(program, bluez, qtbot, monkeypatch):
    monkeypatch.setattr("biobreath.app.strap_search.SECONDS", 1.0)
    bluez.add_strap("Polar H10 1234", ADDRESS)
    bluez.add_strap("TICKR 99", "AA:BB:CC:DD:EE:02")
    program.go("heart")
    program.window.heart.search.emit()

    def names():
        return [button.text() for button in program.window.heart.findChildren(QAbstractButton)]

    qtbot.waitUntil(lambda: {"Polar H10 1234", "TICKR 99"} <= set(names()), timeout=10_000)
    qtbot.waitUntil(lambda: "Look for a strap" in names(), timeout=10_000)


def test_twice_as_large_the_longest_name_from_the_air_fits_a_small_window(qapp, qtbot):  # noqa: ARG001
    try:
        look.set_text_percent(200)
        panel = HeartPanel(look.LIGHT)
        qtbot.addWidget(panel)
        panel.resize(900, 600)
        panel.show()
        panel.found([StrapInRange(ADDRESS, "M" * 40, None, connected=True)], ADDRESS)
        inside = panel.widget()
        qtbot.waitUntil(lambda: panel.findChild(OptionButton).isVisible())
        assert inside.minimumSizeHint().width() <= panel.viewport().width()
    finally:
        look.set_text_percent(100)


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_what_stands_in_the_way_of_the_strap_never_reaches_the_curve(qapp, qtbot, percent):  # noqa: ARG001
    try:
        look.set_text_percent(percent)
        view = BreathingView(look.LIGHT, show_words=True, display="wave")
        qtbot.addWidget(view)
        view.resize(900, 600)
        clock = FakeClock()
        sitting = Sitting(clock, lambda _fact: None, pattern_of(Settings()), 300.0)
        view.show_sitting(sitting, "")
        view.show()
        qtbot.waitExposed(view)
        for reason in [each for each in LinkReason if each is not LinkReason.STOPPED]:
            clock.t += 1.0
            sitting.feed(LinkChanged(clock.t, LinkState.SEARCHING, reason, "Polar H10 1234"))
            view._refresh()
            said, row = view._texts._source, view._texts._row
            assert said.text(), reason
            assert said.geometry().bottom() <= row.top(), (reason, said.text())
            assert said.accessibleName().startswith(said.text()), "nothing is kept from readers"
    finally:
        look.set_text_percent(100)


def test_without_bluetooth_the_search_says_what_to_do(program, bluez, qtbot):
    bluez.power(on=False)
    program.go("heart")
    program.window.heart.search.emit()

    def said():
        return [label.text() for label in program.window.heart.findChildren(QLabel)]

    qtbot.waitUntil(lambda: any("Bluetooth is off" in text for text in said()), timeout=10_000)


def test_monitor_strap_in_a_process_of_its_own_tells_and_keeps_every_beat(bluez, own_home):
    strap = bluez.add_strap("Polar H10 1234", ADDRESS)
    environment = {**os.environ, "BIOBREATH_HOME": str(own_home)}
    command = [sys.executable, "-m", "biobreath", "monitor", f"strap:{ADDRESS}", "--json",
               "--record", "--seconds", "6"]  # fmt: skip
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    strap.wait_until_notifying()
    strap.start_beating(cycle(TICKS), every_s=0.05)
    told = [json.loads(line) for line in child.stdout]
    assert child.wait(20) == 0
    child.stdout.close()
    strap.stop_beating()
    beats = [each["rr_ms"] for each in told if each["event"] == "beat"]
    assert len(beats) > 20
    assert beats == strap.sent_rr_ms()[: len(beats)]
    (row,) = Library(places.library_path()).sittings()
    assert kept_rr(row.id) == beats
    links = [each["state"] for each in told if each["event"] == "link"]
    assert links[0] == "searching"
    assert "receiving" in links


def test_scan_lists_straps_as_json(bluez, capsys):
    from biobreath import cli

    bluez.add_strap("Polar H10 1234", ADDRESS)
    assert cli.main(["scan", "--seconds", "1", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["address"], found["name"]) == (ADDRESS, "Polar H10 1234")


def test_the_remembered_strap_is_there_before_a_sitting_begins(program, bluez, qtbot):
    strap = bluez.add_strap("Polar H10 1234", ADDRESS, battery=12)
    strap.start_beating(cycle(TICKS), every_s=0.02)
    qtbot.waitUntil(lambda: "It is connected." in said_of_the_heart(program), timeout=10_000)
    qtbot.waitUntil(lambda: "Its battery is getting low." in said_of_the_heart(program))
    assert program.sitting is None

    program.begin(pattern_of(program.settings), 5)
    qtbot.waitUntil(lambda: len(received_rr(program)) > 20, timeout=5_000)
    first = program.sitting
    program.end()
    program.begin(pattern_of(program.settings), 5)
    qtbot.waitUntil(lambda: len(received_rr(program)) > 20, timeout=5_000)
    assert program.sitting is not first
    program.end()
    qtbot.waitUntil(lambda: not program.window.sitting_page.waiting)

    assert strap.connections == 1
    for session_id in (1, 2):
        facts = Library(places.library_path()).facts(session_id)
        times = [f.t for f in facts if isinstance(f, HeartRateMeasurement | LinkChanged)]
        assert times == sorted(times)
        assert times[0] >= 0
        link = next(f for f in facts if isinstance(f, LinkChanged))
        assert link.state is LinkState.RECEIVING
        delivered = iter(strap.delivered)
        kept = [f.payload for f in facts if isinstance(f, HeartRateMeasurement)]
        assert all(payload in delivered for payload in kept)


def test_a_strap_that_nobody_sits_with_is_let_go_and_taken_up_again(program, bluez, qtbot):
    strap = bluez.add_strap("Polar H10 1234", ADDRESS)
    strap.start_beating(cycle(TICKS), every_s=0.02)
    qtbot.waitUntil(lambda: strap.notifying, timeout=10_000)
    program.strap.idle.timeout.emit()
    qtbot.waitUntil(lambda: not strap.connected, timeout=10_000)
    assert "We look for it when you begin." in said_of_the_heart(program)
    program.begin(pattern_of(program.settings), 5)
    qtbot.waitUntil(lambda: len(received_rr(program)) > 5, timeout=10_000)


def said_of_the_heart(program):
    return program.window.today._heart.text()


def test_a_strap_chosen_while_the_search_still_runs_is_connected_at_once(program, bluez, qtbot):
    hers = bluez.add_strap("TICKR 99", "AA:BB:CC:DD:EE:02")
    hers.start_beating(cycle(TICKS), every_s=0.02)
    program.go("heart")
    program.window.heart.search.emit()
    buttons = lambda: {  # noqa: E731
        b.text(): b for b in program.window.heart.findChildren(QAbstractButton)
    }
    qtbot.waitUntil(lambda: "TICKR 99" in buttons(), timeout=10_000)
    buttons()["TICKR 99"].click()
    # The search itself would go on for twelve seconds.
    qtbot.waitUntil(lambda: hers.notifying, timeout=8_000)
    assert "Another program" not in said_of_the_heart(program)


def test_the_same_strap_chosen_again_is_connected_at_once(program, bluez, qtbot):
    hers = bluez.add_strap("Polar H10 1234", ADDRESS)
    hers.start_beating(cycle(TICKS), every_s=0.02)
    qtbot.waitUntil(lambda: "It is connected." in said_of_the_heart(program), timeout=10_000)
    program.go("heart")
    panel = program.window.heart
    qtbot.waitUntil(lambda: "It is connected." in panel._now.text())
    panel.search.emit()
    assert "It is connected." not in said_of_the_heart(program), "it is let go while others call"
    qtbot.waitUntil(lambda: bool(panel.findChildren(OptionButton)), timeout=10_000)
    (row,) = panel.findChildren(OptionButton)
    assert "used last time" in row.accessibleName()
    row.click()
    qtbot.waitUntil(lambda: "It is connected." in said_of_the_heart(program), timeout=8_000)
    assert hers.connections == 2


def test_the_ecg_of_an_h10_is_asked_for_once_the_person_says_so(program, bluez, qtbot):
    polar = PolarService()
    bluez.add_strap("Polar H10 1234", ADDRESS, polar=polar)
    ecg, movement = StreamKind.POLAR_ECG, StreamKind.POLAR_ACCELERATION
    qtbot.waitUntil(lambda: set(polar.streaming) == {movement}, timeout=10_000)
    program.go("heart")
    panel = program.window.heart
    qtbot.waitUntil(panel._ecg_box.isVisible)
    (kept,) = [b for b in panel.findChildren(QAbstractButton) if b.text().startswith("kept")]
    kept.click()
    qtbot.waitUntil(lambda: set(polar.streaming) == {movement, ecg}, timeout=10_000)
    program.choose(replace(program.settings, strap_address="AA:BB", strap_name="TICKR"))
    assert not panel._ecg_box.isVisible(), "nothing to keep of a strap that has none"


def test_closing_the_window_in_the_middle_of_a_search_is_quiet(program, bluez, qtbot):
    program.go("heart")
    program.window.heart.search.emit()
    qtbot.waitUntil(lambda: ("/org/bluez/hci0", "StartDiscovery") in bluez.calls, timeout=10_000)
    program.close()
    qtbot.wait(0)  # what was handed over meanwhile is done; a fault in it would fail the test
    assert not program.strap.open


@pytest.mark.real_window
@pytest.mark.parametrize("practice", [pack.id for pack in content().library.packs])
def test_every_practice_is_played_with_a_strap_and_its_beats_are_kept(
    program, bluez, qtbot, practice
):
    strap = bluez.add_strap("Polar H10 1234", ADDRESS, battery=80)
    told_everything(program)
    program.begin_practice(practice, 0)
    strap.wait_until_notifying()
    strap.start_beating(cycle(TICKS), every_s=0.03)
    qtbot.waitUntil(lambda: len(received_rr(program)) >= 5, timeout=15_000)
    Fingers(qtbot, program).play()
    qtbot.waitUntil(lambda: program.window.sitting_page.title.text().startswith("You sat"))
    (row,) = Library(places.library_path()).sittings()
    kept = kept_rr(row.id)
    # The lesson shows the heart for a minute and keeps none of it.
    assert bool(kept) is content().library.pack(practice).record
    assert row.practice == practice
