"""What the engine costs here, in one run, as Markdown. Machines are noisy: read the ratios.

    python benchmarks/costs.py

The floor in every row is a plain numpy RMSSD of 300 intervals, timed in the same run.
"""

import asyncio
import time
from collections.abc import Callable

import numpy as np

from biobreath.clock import VirtualClock
from biobreath.events import Event
from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import LONG_OUT
from biobreath.sensors.simulated import SimulatedSensor
from biobreath.session.analysis import analyse
from biobreath.session.live import LiveSession
from biobreath.session.review import review
from biobreath.signal import hrv
from biobreath.signal.beats import judge
from biobreath.signal.time_base import TimedBeat

PACER = Pacer(LONG_OUT)


def facts(seconds: float) -> list[Event]:
    """Let the demo heart follow a guide for ``seconds``."""

    async def listen() -> list[Event]:
        heard: list[Event] = [PACER.changed(0.0)]
        async for event in SimulatedSensor(1, lambda t: PACER.at(t).fullness).stream(
            VirtualClock()
        ):
            if event.t > seconds:
                break
            heard.append(event)
        return heard

    return asyncio.run(listen())


def best_s(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the least time of some runs: the one the machine disturbed least."""
    times: list[float] = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def beat_by_beat(heard: list[Event]) -> list[float]:
    """Feed a sitting and read it at every beat, as the window does; return s a packet."""
    live = LiveSession()
    costs: list[float] = []
    for fact in heard:
        began = time.perf_counter()
        live.feed(fact)
        live.reading(fact.t)
        costs.append(time.perf_counter() - began)
    return costs


def main() -> None:
    """Print the table."""
    run = [np.random.default_rng(0).normal(900.0, 50.0, 300)]
    floor_s = best_s(lambda: hrv.rmssd_ms(run), 200)
    five, hour = facts(300.0), facts(3600.0)
    day = [TimedBeat(i, i * 0.9, 900.0 + i % 7, 0) for i in range(100_000)]
    costs = np.array(beat_by_beat(hour)[600:]) * 1000
    rows = [
        ("floor: RMSSD of 300 intervals", floor_s * 1000),
        ("5 min of the demo heart", best_s(lambda: facts(300.0), 3) * 1000),
        ("verdict, a beat", best_s(lambda: judge(day), 3) * 1000 / len(day)),
        ("packet to reading, mean", float(costs.mean())),
        ("packet to reading, p99", float(np.percentile(costs, 99))),
        ("a 5 min sitting looked at again", best_s(lambda: review(five), 3) * 1000),
        ("analyze, 1 h", best_s(lambda: analyse(hour), 3) * 1000),
    ]
    print("| what | ms | × floor |\n|---|---|---|")
    for name, cost_ms in rows:
        print(f"| {name} | {cost_ms:.4g} | {cost_ms / 1000 / floor_s:.3g} |")


if __name__ == "__main__":
    main()
