"""A strap on the air, through unmodified bleak, onto the screen and the disk, and back again."""

import json
import os
import subprocess
import sys
from itertools import cycle

import pytest
from bluez_stand_in import StandIn, private_bus
from packs import content
from PySide6.QtWidgets import QAbstractButton, QLabel
from test_practising import Fingers, told_everything

from biobreath import places
from biobreath.app.program import Program
from biobreath.events import HeartRateMeasurement, LinkChanged, LinkState
from biobreath.session.review import review
from biobreath.settings import Settings, save
from biobreath.store.library import Library
from biobreath.ui import theme as look
from biobreath.ui.breathe import pattern_of

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
    program._idle.timeout.emit()
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
