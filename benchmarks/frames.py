"""Frames, processor and latency of a live sitting on the demo heart, against a plain repaint.

    xvfb-run -s "-screen 0 1400x900x24" python benchmarks/frames.py [--seconds 60]

Every row is a process of its own; the floor repaints a 400x400 square 60 times a second. Needs an
X display (Xvfb draws in software).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np


def child(what: str, seconds: float) -> None:
    """Measure one thing and print it as JSON."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    paints: list[float] = []
    works: list[float] = []
    if what == "floor":
        kept, stop = _floor(paints)
    else:
        kept, stop = _sitting(app, what, paints, works)

    begun: list[float] = []

    def start() -> None:
        paints.clear()
        works.clear()
        begun.extend((time.process_time(), time.perf_counter()))

    def end() -> None:
        cpu = (time.process_time() - begun[0]) / (time.perf_counter() - begun[1])
        gaps = 1000 * np.diff(paints) if len(paints) > 2 else np.array([np.nan])
        told = {
            "cpu_percent": 100 * cpu,
            "frames_per_s": len(paints) / seconds,
            "gap_p99_ms": float(np.percentile(gaps, 99)),
            "gap_worst_ms": float(gaps.max()),
            "work_p99_ms": float(np.percentile(works, 99)) * 1000 if works else float("nan"),
        }
        print(json.dumps(told), flush=True)
        stop()
        del kept[:]
        app.quit()

    QTimer.singleShot(8000, start)
    QTimer.singleShot(8000 + int(seconds * 1000), end)
    app.exec()


def _floor(paints: list[float]):  # noqa: ANN202
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
        paints.append(time.perf_counter())
        square.turn += 1
        square.update()

    clock = FrameClock(frame, square)
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
    plain = view._on_frame  # noqa: SLF001

    def frame() -> None:
        begun = time.perf_counter()
        paints.append(begun)
        plain()
        works.append(time.perf_counter() - begun)

    view._frames._on_frame = frame  # noqa: SLF001
    if what == "minimised":
        program.window.hide()
    return [program], program.close


def main() -> int:
    """Run every row in a process of its own and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--child", default="")
    wish = parser.parse_args()
    if wish.child:
        child(wish.child, wish.seconds)
        return 0
    print("| what | CPU % | of the floor | frames/s | gap p99 ms | worst ms | work p99 ms |")
    print("|---|---|---|---|---|---|---|")
    floor = 0.0
    rows = ["floor", "wave", "ambient", "numbers", "horizon", "bar", "minimised", "wave@2"]
    for what in rows:
        kind, _, scale = what.partition("@")
        env = {**os.environ, "QT_SCALE_FACTOR": scale or "1", "BIOBREATH_HOME": tempfile.mkdtemp()}
        command = [sys.executable, __file__, "--seconds", str(wish.seconds), "--child", kind]
        out = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
        told = json.loads(out.stdout.splitlines()[-1])
        floor = told["cpu_percent"] if what == "floor" else floor
        print(
            f"| {what} | {told['cpu_percent']:.1f} | {told['cpu_percent'] / floor:.2f} "
            f"| {told['frames_per_s']:.1f} | {told['gap_p99_ms']:.1f} "
            f"| {told['gap_worst_ms']:.1f} | {told['work_p99_ms']:.1f} |",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
