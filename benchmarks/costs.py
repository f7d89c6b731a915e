"""What the engine costs here, in one run. Machines are noisy: read the ratios.

    python -m benchmarks costs [--data FOLDER]

neurokit2 is measured in the same run where it is installed (group ``benchmarks``).
"""

import gc
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.report import Row, find, intervals_of, progress
from biobreath.commands.analyze import nothing_to_collect
from biobreath.events import Event
from biobreath.heart_rate_service import from_beat_times
from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import LONG_OUT
from biobreath.sensors.simulated import SimulatedSensor
from biobreath.session.analysis import analyse, trend
from biobreath.session.live import LiveSession
from biobreath.session.review import review
from biobreath.signal import hrv
from biobreath.signal.beats import BeatJudge, judge
from biobreath.signal.rolling import RollingHrv
from biobreath.signal.time_base import TimeBase, TimedBeat
from biobreath.store.recordings import read_recording

PACER = Pacer(LONG_OUT)
DAY_BEATS = 98_900


def facts(seconds: float) -> list[Event]:
    """Let the demo heart follow a guide for ``seconds``."""
    sensor = SimulatedSensor(1, lambda t: PACER.at(t).fullness)
    return [PACER.changed(0.0), *sensor.told(seconds)]


def best_s(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the least time of some runs: the one the machine disturbed least."""
    times: list[float] = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def rows(folder: Path) -> Iterator[Row]:
    """Tell what each beat costs, what a day does, and what the others take."""
    progress("costs of a beat")
    run = [np.random.default_rng(0).normal(900.0, 50.0, 300)]
    floor_s = best_s(lambda: hrv.rmssd_ms(run), 200)
    yield Row("floor: a plain numpy RMSSD of 300 intervals", "", f"{1000 * floor_s:.4f} ms")
    costs_ms = 1000 * np.array(_beat_by_beat(facts(3600.0))[600:])
    mean, p99 = float(costs_ms.mean()), float(np.percentile(costs_ms, 99))
    yield Row(
        "packet to every live number, at every packet of an hour",
        "mean ≤ 0.5, p99 ≤ 2 ms",
        f"mean {mean:.3f}, p99 {p99:.2f} ms ({mean / 1000 / floor_s:.0f} × the floor)",
        mean <= 0.5 and p99 <= 2.0,
    )
    day = [TimedBeat(i, i * 0.9, 900.0 + i % 7, 0) for i in range(100_000)]
    verdict_s = best_s(lambda: judge(day), 3) / len(day)
    yield Row("a verdict", "", f"{1e6 * verdict_s:.1f} µs")
    yield _against_neurokit(mean)
    five = facts(300.0)
    yield Row("5 min of the demo heart", "", f"{1000 * best_s(lambda: facts(300.0), 3):.0f} ms")
    yield Row(
        "a 5 min sitting looked at again", "", f"{1000 * best_s(lambda: review(five), 3):.0f} ms"
    )
    yield from _day(folder)
    yield from _memory()


def _beat_by_beat(heard: list[Event]) -> list[float]:
    """Feed a sitting and read it at every packet, as the window does; return s a packet."""
    live = LiveSession()
    costs: list[float] = []
    for fact in heard:
        began = time.perf_counter()
        live.feed(fact)
        live.reading(fact.t)
        costs.append(time.perf_counter() - began)
    return costs


def _against_neurokit(mean_ms: float) -> Row:
    """Time neurokit2's hrv() on five minutes, against all live numbers of a beat."""
    bar = "≥ 200 × faster"
    try:
        import neurokit2
    except ImportError:
        return Row("neurokit2 hrv() of 5 min", bar, "not installed", None, "group `benchmarks`")
    progress("neurokit2")
    rr_ms = np.random.default_rng(0).normal(900.0, 50.0, 333)
    peaks = np.round(np.cumsum(rr_ms)).astype(int)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole_ms = 1000 * best_s(lambda: neurokit2.hrv(peaks, sampling_rate=1000), 3)
    ratio = whole_ms / mean_ms
    return Row(
        "neurokit2 hrv() of 5 min, against all live numbers at a beat",
        bar, f"{whole_ms:.0f} ms: {ratio:.0f} ×", ratio >= 200,
    )  # fmt: skip


def _day(folder: Path) -> Iterator[Row]:
    """Open, judge and tell the longest record there is; a day of beats."""
    paths = [*find(folder, "nsr*.txt"), *find(folder, "healthy_*.txt")]
    path = max(paths, key=lambda p: intervals_of(p).size)
    beats = intervals_of(path).size
    progress(f"a record of {beats} beats")
    spans: list[tuple[float, float, float]] = []
    for _ in range(3):
        gc.collect()
        with nothing_to_collect():
            at = [time.perf_counter()]
            told = read_recording(path)
            at.append(time.perf_counter())
            live = LiveSession()
            for fact in told:
                live.feed(fact)
            live.finish()
            at.append(time.perf_counter())
            trend(live.heart)
            at.append(time.perf_counter())
        spans.append((at[1] - at[0], at[2] - at[1], at[3] - at[2]))
    opened, judged, trends = min(spans, key=sum)
    whole = sum((opened, judged, trends)) * DAY_BEATS / beats
    yield Row(
        f"a day ({DAY_BEATS} beats) opened, judged, with trends",
        "≤ 1.5 s",
        f"{whole:.2f} s (opened {opened:.2f}, judged {judged:.2f}, trends {trends:.2f} s)",
        whole <= 1.5,
        f"{path.stem}, {beats} beats" + ("" if beats > 90_000 else "; scaled up to a day"),
    )
    every_s = best_s(lambda: analyse(told), 1) * DAY_BEATS / beats
    yield Row("the same with every number of `analyze`", "", f"{every_s:.2f} s")


def _memory() -> Iterator[Row]:
    """Let a day go by beat by beat and see what grows."""
    progress("memory over a day")
    tracemalloc.start()
    base, court, rolling = TimeBase(), BeatJudge(), RollingHrv(300.0)
    seen: list[int] = []
    for i in range(DAY_BEATS):
        t, rr_ms = i * 0.875, 875.0 - i % 5
        for beat in base.feed(t, [rr_ms]).beats:
            for confirmed in court.feed(beat):
                rolling.add(confirmed.t, confirmed.rr_ms)
        if i in (DAY_BEATS // 8, DAY_BEATS - 1):
            seen.append(tracemalloc.get_traced_memory()[0])
    grown_kb = (seen[1] - seen[0]) / 1000
    yield Row(
        "time base, judge and rolling HRV, grown in 21 h", "bounded", f"{grown_kb:.1f} kB",
        grown_kb < 100,
    )  # fmt: skip
    before = tracemalloc.get_traced_memory()[0]
    live, t = LiveSession(), 0.0
    for i in range(DAY_BEATS):
        t += (875.0 - i % 5) / 1000.0
        live.feed(from_beat_times(t, [(t, 875.0 - i % 5)]))
        if i % 500 == 0:
            live.reading(t)
    held_mb = (tracemalloc.get_traced_memory()[0] - before) / 1e6
    tracemalloc.stop()
    yield Row(
        "a live sitting of a day", "bounded", f"{held_mb:.0f} MB", held_mb < 100,
        "its beats, kept to be looked back at",
    )  # fmt: skip


TABLES: dict[str, Callable[[Path], Iterator[Row]]] = {"Cost (§9)": rows}
