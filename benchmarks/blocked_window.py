"""A window that is blocked for half of every second: how late are packets stamped, is any lost?

    python benchmarks/blocked_window.py [--seconds 60]

A stand-in strap in a process of its own sends a packet every 50 ms through an unmodified bleak. The
window's thread runs a busy loop for 500 ms once a second. Needs Linux with ``dbus-daemon``.
"""

import argparse
import itertools
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from bluez_stand_in import StandIn, private_bus

ADDRESS = "AA:BB:CC:DD:EE:01"
BLOCKED_S = 0.5
EVERY_S = 0.05


def strap(bus: str, over: object, truth: object) -> None:
    """Run the stand-in until it is ``over``; put the sent packets on ``truth``."""
    with StandIn(bus) as bluez:
        made = bluez.add_strap("Strap", ADDRESS)
        made.wait_until_notifying(30.0)
        made.start_beating(itertools.count(300), every_s=EVERY_S)
        over.wait()
        made.stop_beating()
        time.sleep(0.5)  # noqa: TID251 - what is on its way arrives
        truth.put([(sent.t, sent.payload) for sent in made.truth if sent.delivered])


def main() -> int:
    """Run the program, block it, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    seconds = parser.parse_args().seconds
    os.environ["BIOBREATH_HOME"] = tempfile.mkdtemp()
    spawn = multiprocessing.get_context("spawn")
    over, truth = spawn.Event(), spawn.Queue()
    with private_bus() as bus:
        child = spawn.Process(target=strap, args=(str(bus), over, truth))
        child.start()
        begun, stamped = _sit(seconds, over)
        # The strap's line is open before: what it said then belongs to no sitting.
        sent = {payload: t for t, payload in truth.get() if t >= begun}
        child.join()
    _print(sent, stamped)
    return 0


def _sit(seconds: float, over: object) -> tuple[float, list[tuple[float, bytes]]]:
    """Return when it began and every packet kept with its stamp, both in monotonic seconds."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from biobreath import places
    from biobreath.app.program import Program
    from biobreath.clock import boot_seconds
    from biobreath.events import HeartRateMeasurement
    from biobreath.settings import Settings, save
    from biobreath.store.library import Library
    from biobreath.ui import theme as look
    from biobreath.ui.breathe import pattern_of

    app = QApplication([])
    look.load_fonts()
    save(places.settings_path(), Settings(source="strap", strap_address=ADDRESS, display="wave"))
    program = Program(app)
    program.open()
    program.begin(pattern_of(program.settings), 30)
    origin = boot_seconds() - program.sitting.now() - (boot_seconds() - time.monotonic())

    def block() -> None:
        end = time.perf_counter() + BLOCKED_S
        while time.perf_counter() < end:
            pass

    blocking = QTimer()
    blocking.timeout.connect(block)
    blocking.start(1000)
    QTimer.singleShot(int(seconds * 1000), over.set)
    QTimer.singleShot(int(seconds * 1000) + 1500, app.quit)
    app.exec()
    program.close()
    facts = Library(places.library_path()).facts(1)
    kept = [(origin + f.t, f.payload) for f in facts if isinstance(f, HeartRateMeasurement)]
    return origin, kept


def _print(sent: dict[bytes, float], stamped: list[tuple[float, bytes]]) -> None:
    payloads = [payload for _, payload in stamped]
    late_ms = np.array([1000 * (t - sent[payload]) for t, payload in stamped])
    print("| packets sent | kept | lost | doubled | in order | late p50 ms | p99 ms | longest ms |")
    print("|---|---|---|---|---|---|---|---|")
    print(
        f"| {len(sent)} | {len(payloads)} | {len(set(sent) - set(payloads))} "
        f"| {len(payloads) - len(set(payloads))} | {payloads == sorted(payloads, key=sent.get)} "
        f"| {np.median(late_ms):.1f} | {np.percentile(late_ms, 99):.1f} | {late_ms.max():.1f} |"
    )


if __name__ == "__main__":
    raise SystemExit(main())
