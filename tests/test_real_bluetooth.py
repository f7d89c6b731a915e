"""The whole program on the real Bluetooth stack, when asked for; and how such a run is judged."""

import faulthandler
import json
import lzma
import os
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobreath.clock import WallTime
from biobreath.events import BatteryRead, LinkChanged, LinkReason, LinkState
from biobreath.heart_rate_service import MS_PER_TICK, decode, encode
from biobreath.store.recorder import Recorder
from biobreath.store.summary import Summary
from biobreath.store.tasks import SittingStart
from tools.real_bluetooth import machine, provisions, reading
from tools.real_bluetooth.comparing import Fate, compare
from tools.real_bluetooth.judging import Evidence, Packet, Recording, Said, Trouble, gaps_s, judge

ROOT = Path(__file__).resolve().parent.parent
WANTED = "BIOBREATH_REAL_BLUETOOTH"


@pytest.mark.skipif(
    not os.environ.get(WANTED), reason=f"a virtual machine for ten minutes: set {WANTED}=1"
)
def test_the_installed_program_loses_and_doubles_nothing_on_the_real_stack():
    faulthandler.cancel_dump_traceback_later()  # minutes are no sign that something hangs here
    run = [sys.executable, "-m", "tools.real_bluetooth", "--python", sys.executable]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# ---- comparing

SENT = [900, 910, 910, 905, 890]


def test_everything_once_and_in_order_is_whole():
    assert compare(SENT, SENT).is_whole


def test_each_beat_twice_is_doubled_and_nothing_is_lost():
    comparison = compare(SENT, [tick for tick in SENT for _ in range(2)])
    assert (comparison.lost, comparison.doubled, comparison.foreign) == ((), len(SENT), 0)


def test_a_genuine_pair_of_equal_beats_counts_as_two():
    comparison = compare(SENT, [900, 910, 905, 890])
    assert len(comparison.lost) == 1
    assert comparison.nothing_added


def test_what_was_never_sent_is_foreign():
    comparison = compare(SENT, [*SENT, 1])
    assert (comparison.lost, comparison.doubled, comparison.foreign) == ((), 0, 1)


@given(
    st.lists(st.integers(0, 2**16), unique=True).flatmap(
        lambda sent: st.tuples(
            st.just(sent), st.lists(st.booleans(), min_size=len(sent), max_size=len(sent))
        )
    )
)
def test_just_what_was_taken_away_is_lost(case):
    sent, kept = case
    comparison = compare(sent, [item for item, keep in zip(sent, kept, strict=True) if keep])
    assert comparison.lost == tuple(place for place, keep in enumerate(kept) if not keep)
    assert comparison.nothing_added


@given(st.lists(st.integers(0, 9)), st.lists(st.integers(0, 9)))
def test_lost_and_added_always_add_up(sent, received):
    comparison = compare(sent, received)
    added = comparison.doubled + comparison.foreign
    assert len(sent) - len(comparison.lost) == len(received) - added
    assert comparison.is_whole == (sent == received)


# ---- judging


def a_packet(t, ticks, fate=Fate.NOTIFIED):
    return Packet(float(t), encode(66, ticks), tuple(ticks), fate)


PACKETS = (
    a_packet(10, [900]),
    a_packet(11, [910]),
    a_packet(12, [910]),
    a_packet(13, [930], Fate.OUT_OF_RANGE),
    a_packet(18, [940], Fate.NOT_SUBSCRIBED),
    a_packet(21, [920, 925]),
    a_packet(22, [915]),
    a_packet(23.2, [917]),
)
HEARD = [packet for packet in PACKETS[:-1] if packet.fate is Fate.NOTIFIED]
LINKS = (
    Said(1.0, "searching"),
    Said(10.1, "receiving"),
    Said(14.0, "lost", "link_lost"),
    Said(20.0, "connecting"),
    Said(21.1, "receiving"),
)
KEPT = Recording(tuple(packet.payload for packet in HEARD), LINKS, 80)
GOOD = Evidence(
    packets=PACKETS,
    unlinked=(14.0, 24.0),
    beats=tuple(tick * MS_PER_TICK for packet in HEARD for tick in packet.ticks),
    links=LINKS,
    troubles=(Trouble("the strap goes away", 12.5, 19.0),),
    deaf=(23.0,),
    library=KEPT,
    exported=KEPT,
    exit_code=0,
)


def test_a_good_case_passes_and_tells_its_figures():
    verdict = judge(GOOD)
    assert verdict.faults == []
    assert verdict.passed
    assert verdict.facts == [
        "6 beats sent while subscribed, 6 received, 0 doubled, 0 lost, 0 foreign",
        "beats sent when nobody was left to listen, not counted: 1",
        "beats without link, subscription or range, not counted: 2",
        "recording: 5 packets kept of 5 sent while subscribed; equal to the one before: 1",
        "exported file: 5 packets kept of 5 sent while subscribed; equal to the one before: 1",
        "the strap goes away: told after 1.5 s; received again 2.1 s after the way was free; "
        "said: lost (link_lost), connecting (none)",
        "recorded gaps: 7.1 s",
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"beats": tuple(beat for beat in GOOD.beats for _ in range(2))}, "beats: 6 doubled"),
        ({"beats": GOOD.beats[:-1]}, "beats: 1 lost"),
        ({"beats": (*GOOD.beats, 1.0)}, "beats: 1 foreign"),
        ({"beats": ()}, "beats: 6 lost, none received"),
        ({"deaf": ()}, "beats: 1 lost"),
        (
            {"library": replace(KEPT, payloads=KEPT.payloads[1:])},
            "packets of the recording: 1 lost",
        ),
        (
            {"exported": Recording((), (), None)},
            "packets of the exported file: 5 lost, none received",
        ),
        ({"library": replace(KEPT, battery_percent=None)}, "no battery level was recorded"),
        ({"library": replace(KEPT, links=LINKS[:2])}, "0 recorded gaps for 1 troubles"),
        ({"links": LINKS[:4]}, "the strap goes away: not noticed, or never received again"),
        (
            {"troubles": (replace(GOOD.troubles[0], in_silence=True),)},
            "the strap goes away: the watchdog did not fire",
        ),
        ({"exit_code": None}, "the program ended with None"),
        ({"failure": "Waited in vain for 12 beats."}, "Waited in vain for 12 beats."),
    ],
)
def test_whatever_is_wrong_is_a_fault(change, fault):
    verdict = judge(replace(GOOD, **change))
    assert fault in verdict.faults
    assert not verdict.passed


def test_a_search_before_the_first_packet_is_no_gap_and_neither_is_the_end():
    assert gaps_s([Said(0, "searching"), Said(5, "receiving"), Said(60, "lost")]) == []


# ---- reading what a case left


def lines(path, *told):
    path.write_text("".join(json.dumps(line) + "\n" for line in told))


@pytest.fixture
def left(tmp_path):
    """What a short case leaves."""
    recorder = Recorder(tmp_path / "data" / "library.db")
    recorder.start()
    wall = WallTime(1_790_000_000_123, 7200, "CEST")
    recorder.begin(SittingStart("0" * 36, wall, "free_breathing", "strap", "0.1.0"))
    recorder.add(LinkChanged(0.5, LinkState.RECEIVING, LinkReason.NONE))
    recorder.add(decode(1.0, encode(66, [900])))
    recorder.add(BatteryRead(1.5, 80))
    recorder.end(2.0, Summary())
    recorder.close(timeout_s=10.0)
    lines(
        tmp_path / "strap.jsonl",
        {"t": 9.1, "line": {"t": 9.0, "event": "ready"}},
        {
            "t": 10.1,
            "line": {
                "t": 10.0,
                "event": "packet",
                "payload": "104203",
                "ticks": [3],
                "fate": "notified",
            },
        },
        {"t": 15.1, "line": {"t": 15.0, "event": "link", "up": False, "reason": 19}},
    )
    lines(
        tmp_path / "program.jsonl",
        {"t": 9.9, "line": {"event": "link", "state": "receiving", "reason": "none"}},
        {"t": 10.6, "line": {"event": "metrics", "t": 1.0}},
        {"t": 11.5, "line": {"event": "metrics", "t": 2.0}},
        {"t": 12.0, "line": {"event": "beat", "rr_ms": 2.9296875}},
        {"t": 12.1, "line": "no object"},
    )
    lines(
        tmp_path / "story.jsonl",
        {"t": 8.0, "deed": "versions", "versions": {"BlueZ": "5.66"}},
        {"t": 13.0, "deed": "bluetoothd is killed", "part": "trouble", "in_silence": True},
        {"t": 14.0, "deed": "bluetoothd starts"},
        {"t": 14.5, "deed": "bluetoothd is back", "part": "healed"},
        {"t": 16.0, "deed": "program ended", "code": 0},
    )
    return tmp_path


def test_a_case_is_read_as_it_was_left(left):
    evidence = reading.evidence(left, left / "data" / "library.db", seconds=60.0)
    assert evidence.packets == (Packet(10.0, bytes.fromhex("104203"), (3,), Fate.NOTIFIED),)
    assert evidence.unlinked == (15.0,)
    assert evidence.beats == (2.9296875,)
    assert evidence.links == (Said(9.9, "receiving"),)
    assert evidence.troubles == (Trouble("bluetoothd is killed", 13.0, 14.5, in_silence=True),)
    assert evidence.deaf == (13.0, 69.5)
    assert evidence.exit_code == 0
    assert evidence.library == Recording((encode(66, [900]),), (Said(0.5, "receiving"),), 80)
    assert evidence.exported == evidence.library
    assert reading.versions(left) == {"BlueZ": "5.66"}


def test_a_case_that_left_nothing_is_a_failed_one(tmp_path):
    evidence = reading.evidence(tmp_path, tmp_path / "none.biobreath", seconds=60.0)
    assert not judge(evidence).passed


# ---- the machine


def test_modules_are_loaded_after_what_they_need():
    depends = {"9p": ["9pnet", "fscache"], "fscache": ["netfs"], "netfs": [], "9pnet": []}
    order = machine.needed_modules(["9p", "built-in"], depends)
    assert sorted(order) == sorted(depends)
    assert all(order.index(need) < order.index(name) for name in order for need in depends[name])


def test_a_module_says_itself_what_it_needs():
    assert machine.depends_of(b"..\0depends=virtio,virtio-ring\0..") == ["virtio", "virtio_ring"]
    assert machine.depends_of(b"..\0depends=\0..") == []


def test_packed_modules_are_unpacked(tmp_path):
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "bluetooth.ko.xz").write_bytes(lzma.compress(b"\0depends=ecdh_generic\0"))
    (tmp_path / "ecdh_generic.ko").write_bytes(b"\0depends=\0")
    kernel = machine.Kernel(tmp_path / "vmlinuz", tmp_path)
    assert machine.modules_of(kernel) == {
        "ecdh_generic": b"\0depends=\0",
        "bluetooth": b"\0depends=ecdh_generic\0",
    }


def unpacked_cpio(archive):
    """Read an archive of the form "newc" by its description."""
    at, found = 0, {}
    while True:
        assert archive[at : at + 6] == b"070701"
        fields = [int(archive[at + 6 + 8 * i : at + 14 + 8 * i], 16) for i in range(13)]
        name_at, size, name_size = at + 110, fields[6], fields[11]
        name = archive[name_at : name_at + name_size - 1].decode()
        content_at = (name_at + name_size + 3) // 4 * 4
        if name == "TRAILER!!!":
            return found
        found[name] = (fields[1], archive[content_at : content_at + size])
        at = (content_at + size + 3) // 4 * 4


@given(st.dictionaries(st.sampled_from(["init", "busybox", "modules/9p.ko", "a/b/c"]), st.binary()))
def test_the_memory_disk_holds_every_file_and_its_folders(files):
    found = unpacked_cpio(machine.cpio(files))
    assert {name: content for name, (mode, content) in found.items() if mode & 0o100000} == files
    for name in files:
        assert all(str(folder) in found for folder in list(PurePosixPath(name).parents)[:-1])


def test_the_first_process_runs_the_command_whatever_is_in_it():
    script = machine.first_process(["9p"], "cd '/my home' && run")
    (line,) = (line for line in script.splitlines() if "chroot" in line)
    assert shlex.split(line)[-1] == "cd '/my home' && run"
    assert "for module in 9p;" in script


def test_the_machine_can_write_into_the_folder_of_the_logs_and_nowhere_else(tmp_path):
    kernel = machine.Kernel(tmp_path / "vmlinuz", tmp_path)
    command = machine.qemu_command(kernel, tmp_path / "disk", tmp_path / "a,b", tmp_path / "out")
    shared = [word for word in command if word.startswith("local,")]
    writable = [share for share in shared if "readonly=on" not in share]
    assert len(shared) == 3
    assert [share.split(",")[1] for share in writable] == [f"path={tmp_path / 'out'}"]
    assert f"path={tmp_path / 'a,,b'}," in shared[1]
    assert not {"-drive", "-nic", "-netdev", "-device"} & set(command)


# ---- what it is made of


def test_only_what_is_absent_is_fetched():
    simulation = (
        "Inst libudev1 [252.38-1] (252.39-1 Debian:12 [amd64])\n"
        "Inst bluez (5.66-1 Debian:12 [amd64])\n"
        "Conf bluez (5.66-1 Debian:12 [amd64])\n"
    )
    assert provisions.newly_installed(simulation) == ["bluez"]


def test_programs_of_old_packages_move_to_usr(tmp_path):
    for name in ("bin/busybox", "usr/bin/btmon"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    provisions.merge_into_usr(tmp_path, "bin")
    assert not (tmp_path / "bin").exists()
    assert {path.name for path in (tmp_path / "usr" / "bin").iterdir()} == {"busybox", "btmon"}


def test_what_was_fetched_by_half_is_fetched_anew(tmp_path):
    def breaks(folder):
        (folder / "half").touch()
        raise provisions.Lacking

    with pytest.raises(provisions.Lacking):
        provisions.once(tmp_path / "kernel", breaks)
    whole = provisions.once(tmp_path / "kernel", lambda folder: (folder / "whole").touch())
    assert [path.name for path in whole.iterdir()] == ["whole"]
    assert provisions.once(whole, breaks) == whole
