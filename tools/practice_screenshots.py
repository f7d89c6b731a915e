"""Take the pictures of the practices: every kind of part, cards, stops, the page of practices.

    QT_QPA_PLATFORM=offscreen python tools/practice_screenshots.py FOLDER [--scale 2] [--all]

``--all`` takes every part of every practice.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from biobreath.practice.packs import Pack
from biobreath.settings import Settings

SHOWN = {
    "core.mindful-breath": ("welcome", "before", "paced", "ok", "note"),
    "core.somatic-tracking": ("home", "place", "look", "ground"),
    "core.positive-affect": ("where", "note"),
    "core.graded-exposure": ("pick", "predict", "act", "learn", "plan", "rehearse"),
    "core.motor-imagery": ("left_right", "watch"),
    "core.pain-lesson-alarm": ("story", "guess", "dials"),
}
STEPS = (
    ("Look at a shoe on the floor and picture reaching for it", 2),
    ("Sit and slide your hands to your knees", 3),
    ("Pick up a sock from a chair", 4),
    ("Tie a shoe while sitting", 6),
)
GUESS = "My back will lock and I will not be able to stand up."


def take(folder: Path, theme: str, size: tuple[int, int], suffix: str, *, everything: bool) -> None:
    """Take every picture in one theme."""
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from biobreath.app.program import Program
    from biobreath.practice.brave_step import BraveStep
    from biobreath.practice.entries import LadderWritten
    from biobreath.practice.ladder import Step, StepAdded
    from biobreath.ui import theme as look

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    look.load_fonts()
    program = Program(app)
    program.choices.settings = replace(Settings(), theme=theme, source="simulated")
    window = program.window
    window.resize(*size)
    program.open()
    program.choices.dress()
    window.little_motion = True  # no picture of a fade that a busy machine has not ended
    window.activateWindow()
    program.about_person.tell_flags(["pain_checked"], ["checked"])
    for number, (text, fear) in enumerate(STEPS):
        program.memory.write(LadderWritten(StepAdded(Step(str(number), text, fear))))

    def shoot(name: str) -> None:
        QTest.qWait(350)
        window.grab().save(str(folder / f"practice-{name}-{theme}{suffix}.png"))

    for place in ("practices", "about_me", "ladder"):
        program.go(place)
        shoot(place.replace("_", "-"))
    window.ladder.map.picked.emit("2")
    shoot("ladder-desk")
    for practice, part in parts(program.memory.content.library.packs, everything=everything):
        program.begin_practice(practice, 0)
        view = window.practice
        player = view.player
        assert player is not None
        sitting = program.sitting
        assert sitting is not None
        if player.pack.ladder is not None:
            view.brave.step = BraveStep(Step("1", *STEPS[1]), prediction=GUESS)
        if player.pack.has("gate"):
            player.told.answers["gate"] = ("hand",)
        phase = player.pack.phase(part)
        # Some sentences in; a question that goes on by itself has only just come.
        entered = sitting.now() - (20.0 if phase.timeout is None else 0.0)
        player._enter_phase(phase, entered)  # pyright: ignore[reportPrivateUsage]
        view.refresh()
        QTest.qWait(2500 if part in ("paced", "try_it") else 100)
        shoot(f"{practice.removeprefix('core.')}-{part}")
        if (practice, part) == ("core.mindful-breath", "ok"):
            view._ask_stop()  # pyright: ignore[reportPrivateUsage]
            shoot("stops")
            view._stop("chest")  # pyright: ignore[reportPrivateUsage]
            shoot("emergency")
        program.end()
        while window.sitting_page.waiting:
            QTest.qWait(50)
    shoot("looked-back")
    program.close()


def parts(packs: Iterable[Pack], *, everything: bool) -> Iterator[tuple[str, str]]:
    """Yield which part of which practice is taken."""
    for pack in packs:
        names = SHOWN.get(pack.id, ())
        for phase in pack.phases:
            if everything or phase.id in names:
                yield pack.id, phase.id


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--themes", default="light,dark")
    parser.add_argument("--all", action="store_true")
    asked = parser.parse_args()
    os.environ["QT_SCALE_FACTOR"] = str(asked.scale)
    asked.folder.mkdir(parents=True, exist_ok=True)
    width, height = (int(part) for part in asked.size.split("x"))
    suffix = f"@{asked.scale}x" if asked.scale > 1 else ""
    if asked.size != "1280x800":
        suffix += f"-{asked.size}"
    for theme_name in asked.themes.split(","):
        with tempfile.TemporaryDirectory() as home:
            os.environ["BIOBREATH_HOME"] = home
            take(asked.folder, theme_name, (width, height), suffix, everything=asked.all)
    return 0


if __name__ == "__main__":
    sys.exit(main())
