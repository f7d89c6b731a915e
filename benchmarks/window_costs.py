"""First paint, a beat's way to the screen, and eight hours: what the window costs.

    xvfb-run -s "-screen 0 1400x900x24" python benchmarks/window_costs.py [--seconds 60] [--hours 8]

Every row is a process of its own. Prints a Markdown table. Needs an X display (Xvfb).
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROUNDS = 7


def first_paint(what: str) -> None:
    """Print how long it takes from the beginning of the process to the first painted window."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QWidget

    app = QApplication([])

    def painted() -> None:
        began = float(os.environ["BEGAN"])
        print(json.dumps({"s": time.clock_gettime(time.CLOCK_MONOTONIC) - began}), flush=True)
        QTimer.singleShot(0, app.quit)

    if what == "empty":

        class Empty(QWidget):
            def paintEvent(self, _event: object) -> None:
                painted()

        window = Empty()
        window.resize(1280, 800)
        window.show()
        app.exec()
        return
    from biobreath.app import first_window
    from biobreath.ui.window import Window

    class Seen(Window):
        def paintEvent(self, event: object) -> None:
            super().paintEvent(event)  # type: ignore[arg-type]
            if what == "first":
                painted()

    import biobreath.app as opening

    opening.Window = Seen  # type: ignore[misc]
    window = first_window(app)
    if what == "ready":
        from biobreath.app.program import Program

        program = Program(app, window)
        program.open()
        app.processEvents()
        painted()
        program.close()


def beats(seconds: float) -> None:
    """Print the way of a packet to the changed pixels, and how long the window is kept a beat."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from biobreath.app.program import Program
    from biobreath.events import HeartRateMeasurement
    from biobreath.ui import theme as look
    from biobreath.ui.heart_curve import HeartCurve

    app = QApplication([])
    look.load_fonts()
    program = Program(app)
    arrived: list[float] = []
    ways: list[float] = []
    kept: list[float] = []
    moments = [0.0]
    plain_sensed, plain_paint = program._sensed, HeartCurve.paintEvent  # noqa: SLF001
    plain_hand_over = program.bridge.hand_over

    def hand_over(work: Callable[[], None]) -> None:
        handed = time.perf_counter()

        def timed() -> None:
            moments[0] = handed
            work()

        plain_hand_over(timed)

    def sensed(sitting: object, event: object) -> None:
        begun = time.perf_counter()
        plain_sensed(sitting, event)  # type: ignore[arg-type]
        if isinstance(event, HeartRateMeasurement):
            kept.append(time.perf_counter() - begun)
            arrived.append(moments[0])

    def paint(curve: HeartCurve, event: object) -> None:
        begun = time.perf_counter()
        plain_paint(curve, event)  # type: ignore[arg-type]
        if arrived:
            ways.extend(time.perf_counter() - one for one in arrived)
            kept[-1] += time.perf_counter() - begun
            arrived.clear()

    program.inbox._take = sensed  # noqa: SLF001
    program.bridge.hand_over = hand_over
    HeartCurve.paintEvent = paint  # type: ignore[assignment]
    program.open(demo=True)
    QTimer.singleShot(round(1000 * seconds), app.quit)
    app.exec()
    program.close()
    told = {
        "beats": len(kept),
        "way_p95_ms": 1000 * float(np.percentile(ways, 95)),
        "way_worst_ms": 1000 * max(ways),
        "kept_p50_ms": 1000 * float(np.percentile(kept, 50)),
        "kept_p95_ms": 1000 * float(np.percentile(kept, 95)),
        "kept_worst_ms": 1000 * max(kept),
    }
    print(json.dumps(told), flush=True)


def hours(length_h: float) -> None:
    """Print what hours of a sitting cost, simulated in minutes: memory, and a frame's work."""
    from PySide6.QtWidgets import QApplication

    from biobreath.clock import VirtualClock
    from biobreath.practice.patterns import LONG_OUT
    from biobreath.sensors.simulated import SimulatedSensor
    from biobreath.session.sitting import Sitting
    from biobreath.ui import theme as look
    from biobreath.ui.breathing_view import BreathingView

    class Clock:
        is_virtual = True
        t = 0.0

        def now(self) -> float:
            return self.t

        async def sleep(self, seconds: float) -> None:
            self.t += seconds

    app = QApplication([])
    look.load_fonts()
    clock = Clock()
    sitting = Sitting(clock, lambda _fact: None, LONG_OUT, 0.0)
    view = BreathingView(look.chosen("light"), show_words=True, display="wave")
    view.resize(1280, 800)
    view.show()
    view.show_sitting(sitting, "demo heart")
    view._frames.stop()  # noqa: SLF001
    app.processEvents()
    heart = SimulatedSensor(3, sitting.fullness_for_demo)
    costs: list[float] = []
    megabytes: list[float] = []

    async def sit() -> None:
        async for event in heart.stream(VirtualClock()):
            if event.t > 3600 * length_h:
                return
            clock.t = event.t
            begun = time.perf_counter()
            sitting.feed(event)
            view.beat_arrived()
            view._refresh()  # noqa: SLF001
            view._moving.on_frame()  # noqa: SLF001
            app.processEvents()
            costs.append(time.perf_counter() - begun)
            if len(costs) % 500 == 0:
                megabytes.append(_resident_mb())

    asyncio.run(sit())
    edge = max(1, len(costs) // 16)
    first = np.median(costs[edge : 2 * edge])
    told = {
        "beats": len(costs),
        "mb_after_first_half_hour": megabytes[len(megabytes) // 16],
        "mb_at_the_end": megabytes[-1],
        "first_ms": 1000 * float(first),
        "last_ms": 1000 * float(np.median(costs[-edge:])),
    }
    print(json.dumps(told), flush=True)


def _resident_mb() -> float:
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def run(*words: str) -> dict[str, float]:
    """Run one row in a process of its own; return what it measured."""
    env = {
        **os.environ,
        "BIOBREATH_HOME": tempfile.mkdtemp(),
        "BEGAN": str(time.clock_gettime(time.CLOCK_MONOTONIC)),
    }
    command = [sys.executable, __file__, *words]
    out = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return json.loads(out.stdout.splitlines()[-1])


def main() -> int:
    """Measure all of it and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--child", default="")
    wish = parser.parse_args()
    children: dict[str, Callable[[], None]] = {
        "empty": lambda: first_paint("empty"),
        "first": lambda: first_paint("first"),
        "ready": lambda: first_paint("ready"),
        "beats": lambda: beats(wish.seconds),
        "hours": lambda: hours(wish.hours),
    }
    if wish.child:
        children[wish.child]()
        return 0
    took: dict[str, list[float]] = {"empty": [], "first": [], "ready": []}
    for _ in range(ROUNDS):
        for what, times in took.items():
            times.append(run("--child", what)["s"])
    empty, ours, ready = (statistics.median(took[what]) for what in took)
    way = run("--child", "beats", "--seconds", str(wish.seconds))
    long = run("--child", "hours", "--hours", str(wish.hours))
    rows = (
        ("first painted window against PySide6 alone with an empty one", "≤ 1.5",
         f"{ours / empty:.2f} ({ours:.2f} and {empty:.2f} s, medians of {ROUNDS};"
         f" Today is there after {ready:.2f} s)"),
        ("packet handed over to changed pixels, p95", "≤ 40 ms",
         f"{way['way_p95_ms']:.1f} ms, worst {way['way_worst_ms']:.1f}, {way['beats']:.0f} beats"),
        ("window kept busy by a beat", "≤ 4 ms",
         f"median {way['kept_p50_ms']:.1f}, p95 {way['kept_p95_ms']:.1f},"
         f" worst {way['kept_worst_ms']:.1f} ms"),
        (f"{wish.hours:g} simulated hours ({long['beats']:.0f} beats): memory after half an hour"
         " and at the end", "≤ 20 MB more",
         f"{long['mb_after_first_half_hour']:.0f} and {long['mb_at_the_end']:.0f} MB"),
        ("the same: a beat with its frame, in the first and in the last half hour", "no growth",
         f"{long['first_ms']:.1f} and {long['last_ms']:.1f} ms"),
    )  # fmt: skip
    print("| what | aim | reached |\n|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
