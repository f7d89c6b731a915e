"""Frames, processor and latency of a live sitting on the demo heart, against a plain repaint.

    xvfb-run -s "-screen 0 1400x900x24" python benchmarks/frames.py [--seconds 60] [--rounds 3]

Every row is a process of its own; the floor repaints a 400x400 square 60 times a second. Rounds
go through all rows, so that each row meets the same neighbours; of the processor the median is
told, of frames the worst. Prints a Markdown table. Needs an X display (Xvfb draws in software).

With ``--forget-files`` (Linux, as root) the kernel first forgets every file page that no program
uses, as a machine short of memory does: what is used for the first time comes from the disk.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

SETTLES_MS = 14_000
"""After the first breath, whose colours are made once."""
ROWS = ("floor", "wave", "ambient", "numbers", "hidden", "horizon", "bar", "minimised",
        "floor@2", "wave@2")  # fmt: skip


def child(what: str, seconds: float, *, forget_files: bool = False) -> None:
    """Measure one thing and print it as JSON."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from biobreath.app.tidying import Tidying

    app = QApplication([])
    paints: list[float] = []
    works: list[float] = []
    if what == "floor":
        kept, stop = _floor(paints, works)
    else:
        kept, stop = _sitting(app, what, paints, works)

    # As the program itself does: garbage is looked at every few seconds, by one thread.
    kept.append(Tidying())
    begun: list[float] = []

    def start() -> None:
        paints.clear()
        works.clear()
        begun.extend((time.process_time(), time.perf_counter()))

    def end() -> None:
        elapsed_s = time.perf_counter() - begun[1]  # timers may be a twentieth late
        cpu = (time.process_time() - begun[0]) / elapsed_s
        gaps = 1000 * np.diff(paints) if len(paints) > 2 else np.array([np.nan])
        told = {
            "cpu_percent": 100 * cpu,
            "frames_per_s": len(paints) / elapsed_s,
            "gap_p99_ms": float(np.percentile(gaps, 99)),
            "gap_worst_ms": float(gaps.max()),
            "work_p99_ms": float(np.percentile(works, 99)) * 1000 if works else float("nan"),
        }
        print(json.dumps(told), flush=True)
        stop()
        del kept[:]
        app.quit()

    if forget_files:
        QTimer.singleShot(SETTLES_MS - 2000, _forget_files)
    QTimer.singleShot(SETTLES_MS, start)
    QTimer.singleShot(SETTLES_MS + int(seconds * 1000), end)
    app.exec()


def _forget_files() -> None:
    os.sync()
    Path("/proc/sys/vm/drop_caches").write_text("1")


def _timed(frame: Callable[[], None], paints: list[float], works: list[float]):  # noqa: ANN202
    """Note when a frame began and how long it worked: every row carries the same clocks."""

    def timed() -> None:
        begun = time.perf_counter()
        paints.append(begun)
        frame()
        works.append(time.perf_counter() - begun)

    return timed


def _floor(paints: list[float], works: list[float]):  # noqa: ANN202
    from PySide6.QtGui import QColor, QPainter
    from PySide6.QtWidgets import QWidget

    from biobreath.ui.frame_clock import FrameClock

    class Square(QWidget):
        turn = 0

        def paintEvent(self, _event: object) -> None:
            with QPainter(self) as painter:
                painter.fillRect(self.rect(), QColor(20, 120, 120 + self.turn % 100))

    square = Square()
    square.resize(400, 400)
    square.show()

    def frame() -> None:
        square.turn += 1
        square.update()

    clock = FrameClock(_timed(frame, paints, works), square)
    clock.start()
    return [square, clock], clock.stop


def _sitting(app, what: str, paints: list[float], works: list[float]):  # noqa: ANN001, ANN202
    from biobreath import places
    from biobreath.app.program import Program
    from biobreath.settings import Settings, save
    from biobreath.ui import theme as look

    look.load_fonts()
    shape = what if what in ("horizon", "bar") else "disc"
    display = what if what in ("ambient", "numbers", "hidden") else "wave"
    save(places.settings_path(), Settings(shape=shape, display=display))
    program = Program(app)
    program.open(demo=True)
    view = program.window.breathing
    view._frames._on_frame = _timed(view._moving.on_frame, paints, works)  # noqa: SLF001
    if what == "minimised":
        program.window.hide()
    return [program], program.close


def main() -> int:
    """Run every row in a process of its own and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--forget-files", action="store_true")
    parser.add_argument("--child", default="")
    wish = parser.parse_args()
    if wish.child:
        child(wish.child, wish.seconds, forget_files=wish.forget_files)
        return 0
    told: dict[str, list[dict[str, float]]] = {what: [] for what in ROWS}
    for _ in range(wish.rounds):
        for what in ROWS:
            told[what].append(_measured(what, wish.seconds, forget_files=wish.forget_files))
    print("| what | CPU % | of the floor | frames/s | gap p99 ms | worst ms | work p99 ms |")
    print("|---|---|---|---|---|---|---|")
    floor = _median(told["floor"], "cpu_percent")
    for what, rounds in told.items():
        cpu = _median(rounds, "cpu_percent")
        ratios = [
            one["cpu_percent"] / beside["cpu_percent"]
            for one, beside in zip(rounds, told["floor"], strict=True)
        ]
        span = f" ({min(ratios):.2f}-{max(ratios):.2f})" if len(ratios) > 1 else ""
        rest = (
            _median(rounds, "frames_per_s"),
            _median(rounds, "gap_p99_ms"),
            max(one["gap_worst_ms"] for one in rounds),
            _median(rounds, "work_p99_ms"),
        )
        cells = " | ".join("-" if np.isnan(each) else f"{each:.1f}" for each in rest)
        print(f"| {what} | {cpu:.1f} | {cpu / floor:.2f}{span} | {cells} |", flush=True)
    return 0


def _median(rounds: list[dict[str, float]], name: str) -> float:
    return float(np.median([one[name] for one in rounds]))


def _measured(what: str, seconds: float, *, forget_files: bool) -> dict[str, float]:
    """Run one row in a process of its own; return what it measured."""
    kind, _, scale = what.partition("@")
    env = {**os.environ, "QT_SCALE_FACTOR": scale or "1", "BIOBREATH_HOME": tempfile.mkdtemp()}
    command = [sys.executable, __file__, "--seconds", str(seconds), "--child", kind]
    if forget_files:
        command.append("--forget-files")
    out = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return json.loads(out.stdout.splitlines()[-1])


if __name__ == "__main__":
    raise SystemExit(main())
