"""Take the pictures of docs/screenshots: every screen, light and dark, at once or twice the size.

    QT_QPA_PLATFORM=offscreen python tools/screenshots.py FOLDER [--scale 2]

The heart is the simulated one with a fixed seed and a clock that stands still, so that the same
program gives the same pictures.
"""

import argparse
import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

from biobreath import places
from biobreath.clock import VirtualClock, WallTime
from biobreath.events import Event, LinkChanged, LinkReason, LinkState
from biobreath.practice.display import Display
from biobreath.practice.patterns import LONG_OUT
from biobreath.practice.safety import load_safety
from biobreath.session.review import review
from biobreath.session.sitting import Sitting
from biobreath.settings import Settings

SEED = 12
MOMENT_S = 191.55
"""In the middle of an in-breath, when the heart has long found the guide."""
SITTING_S = 300.0
LIBRARY = Path("/home/you/.local/share/biobreath/library.db")
WALL = WallTime(1_795_545_600_000, 3600, "CET")


class StillClock:
    """A clock that somebody sets."""

    is_virtual = True

    def __init__(self) -> None:
        self.t = 0.0

    def now(self) -> float:
        return self.t

    async def sleep(self, seconds: float) -> None:
        self.t += seconds


def simulate(until_s: float, *, with_gap: bool = False) -> tuple[Sitting, StillClock, list[Event]]:
    """Sit with the simulated heart until ``until_s``; return the sitting and all its facts."""
    from biobreath.sensors.people import Person
    from biobreath.sensors.simulated import SimulatedSensor

    clock = StillClock()
    facts: list[Event] = []
    sitting = Sitting(clock, facts.append, LONG_OUT, SITTING_S)

    async def sit() -> None:
        heart = SimulatedSensor(SEED, sitting.fullness_for_demo, person=Person())
        async for event in heart.stream(VirtualClock()):
            if event.t > until_s:
                return
            if with_gap and 200.0 < event.t < 226.0:
                continue
            facts.append(event)
            sitting.feed(event)

    asyncio.run(sit())
    if with_gap:
        facts.append(LinkChanged(201.0, LinkState.LOST, LinkReason.LINK_LOST, "demo heart"))
        facts.append(LinkChanged(226.0, LinkState.RECEIVING, LinkReason.NONE, "demo heart"))
        facts.sort(key=lambda fact: fact.t)
    clock.t = until_s
    return sitting, clock, facts


def take(folder: Path, theme_name: str, size: tuple[int, int], suffix: str, only: str) -> None:
    """Take every screen in one theme."""
    from PySide6.QtWidgets import QApplication

    from biobreath.practice.pace_steps import PaceSearch
    from biobreath.session import step_words
    from biobreath.ui import theme as look
    from biobreath.ui.breathe import pattern_of
    from biobreath.ui.finder_card import FinderShown
    from biobreath.ui.heart_panel import StrapInRange
    from biobreath.ui.look_back import SittingLine
    from biobreath.ui.pages import Words
    from biobreath.ui.sitting_page import SittingSeen
    from biobreath.ui.window import Window

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    look.load_fonts()
    theme = look.chosen(theme_name)
    look.apply(app, theme)
    settings = replace(Settings(), window_width=size[0], window_height=size[1])
    safety = load_safety(places.assets() / "content" / "en" / "safety.toml")
    window = Window(theme, settings, Words(safety, LIBRARY))
    window.today.show_day(WALL, 3)
    window.today.show_plan(pattern_of(settings), settings.minutes)
    window.say_heart(["Demo heart"])
    window.heart.show_choice(settings)
    window.show()

    def shoot(name: str) -> None:
        if only and name not in only.split(","):
            return
        for _ in range(12):
            app.processEvents()
        window.grab().save(str(folder / f"{name}-{theme_name}{suffix}.png"))

    def settle() -> None:
        from PySide6.QtTest import QTest

        QTest.qWait(300)

    window.breathe.show_finder(FinderShown(step_words.OFFER, step_words.button(PaceSearch())))
    for place in ("today", "breathe", "heart", "about"):
        window.go(place)
        settle()
        shoot(place)
    window.heart.found(
        [
            StrapInRange("AA:BB:CC:DD:12:34", "Polar H10", -52),
            StrapInRange("AA:BB:CC:DD:56:78", "TICKR", -79),
        ],
        "AA:BB:CC:DD:12:34",
    )
    window.heart.search_over("Choose yours.")
    window.go("heart")
    settle()
    shoot("heart-found")
    window.look_back.show_sittings(
        [
            SittingLine(3, "Monday 23 November, 18:40", "5 minutes · demo heart"),
            SittingLine(2, "Saturday 21 November, 18:40", "15 minutes · Polar H10"),
            SittingLine(
                1,
                "Friday 20 November, 08:12",
                "3 minutes · demo heart · kept up to its last second",
            ),
        ]
    )
    window.go("look_back")
    settle()
    shoot("look-back")
    _, _, facts = simulate(SITTING_S, with_gap=True)
    window.sitting_page.show_progress(0.0)
    when = "Monday 23 November, 18:40"
    window.sitting_page.show_sitting(
        SittingSeen(3, when, "demo heart", recovered=False, review=review(facts))
    )
    window.go("sitting")
    settle()
    shoot("sitting")
    looks = [(display, "disc", display) for display in ("wave", "ambient", "numbers", "hidden")]
    looks += [("wave", "horizon", "horizon"), ("wave", "bar", "bar")]
    for display, shape, name in looks:
        sitting, _, _ = simulate(MOMENT_S)
        window.breathing.set_display(Display(display))
        window.breathing.set_shape(shape)
        window.show_sitting(sitting, "demo heart")
        settle()
        window.breathing.leave_sitting()
        shoot(f"breathing-{name}")
    window.go("grounding")
    window.grounding.begin()
    settle()
    shoot("grounding")
    window.grounding.leave()
    window.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--text", type=int, default=100, help="size of the text in percent")
    parser.add_argument("--themes", default="light,dark")
    parser.add_argument("--only", default="", help="screens, with commas between; all without")
    asked = parser.parse_args()
    os.environ["QT_SCALE_FACTOR"] = str(asked.scale)
    from biobreath.ui import theme as look

    asked.folder.mkdir(parents=True, exist_ok=True)
    width, height = (int(part) for part in asked.size.split("x"))
    suffix = f"@{asked.scale}x" if asked.scale > 1 else ""
    if asked.size != "1280x800":
        suffix += f"-{asked.size}"
    if asked.text != 100:
        suffix += f"-text{asked.text}"
    look.set_text_percent(asked.text)
    for theme_name in asked.themes.split(","):
        take(asked.folder, theme_name, (width, height), suffix, asked.only)
    return 0


if __name__ == "__main__":
    sys.exit(main())
