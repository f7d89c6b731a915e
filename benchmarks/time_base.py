"""What the time base makes of uneven links: days of packets with a known truth, as Markdown.

    python benchmarks/time_base.py [seeds] [hours]

A strap tells its beats once a second, some seconds late, by a clock that is up to 100 ppm off.
Links keep the order of packets but for "any order". A gap is told rightly when a lost packet with
beats is within 10 s of beats. Packets lost alone cost about a beat; on an uneven link only two or
more such losses show, so their places are less sure.
"""

import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import NDArray

from biobreath.signal.time_base import GapFound, TimeBase

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rng = np.random.Generator

NEAR_S = 10.0
LEAST_GAP_S = 2.0
SPREAD_S = 1.5


def wandering(rng: Rng, n: int, memory: float) -> Floats:
    """Return jitter that forgets itself within ``memory`` packets, within 1.5 s either way."""
    stays = np.exp(-1 / memory)
    x, level = np.zeros(n), 0.0
    for i, push in enumerate(rng.normal(0, SPREAD_S / 2 * np.sqrt(1 - stays**2), n)):
        x[i] = level = stays * level + push
    return np.clip(x, -SPREAD_S, SPREAD_S)


LINKS: dict[str, Callable[[Rng, int], Floats]] = {
    "30 ms": lambda rng, n: np.abs(rng.normal(0, 0.03, n)),
    "30 ms, stalls": lambda rng, n: np.abs(rng.normal(0, 0.03, n)),
    "±1.5 s": lambda rng, n: rng.uniform(-SPREAD_S, SPREAD_S, n),
    "±1.5 s, any order": lambda rng, n: rng.uniform(-SPREAD_S, SPREAD_S, n),
    "±1.5 s, stalls": lambda rng, n: rng.uniform(-SPREAD_S, SPREAD_S, n),
    "normal, sd 0.75 s": lambda rng, n: rng.normal(0, SPREAD_S / 2, n),
    "late, mean 1 s": lambda rng, n: rng.exponential(1.0, n),
    "wandering over 3 s": lambda rng, n: wandering(rng, n, 3),
    "wandering over 10 s": lambda rng, n: wandering(rng, n, 10),
}
LOSSES = {"none": (0.0, 0.0), "runs": (0.0, 300.0), "runs and single": (1 / 200, 300.0)}
"""Share of packets lost alone, and mean time between runs of 2 to 20 lost packets (s)."""


@dataclass(frozen=True)
class Day:
    """What a strap sent and what came of it."""

    arrival_s: Floats
    first: Ints
    """The first beat of each packet, and one number more at the end."""
    rr_ms: list[float]
    true_t: Floats
    came: NDArray[np.bool_]
    latency_s: float


def heart(rng: Rng, seconds: float) -> Ints:
    """Return beats in 1/1024 s: 50 to 100 a minute, with breathing and slow waves."""
    base, breath_hz = rng.uniform(60, 85), rng.uniform(0.08, 0.25)
    ticks: list[int] = []
    t = 0
    for noise in rng.normal(0, 1, int(seconds * 1.7)):
        s = t / 1024
        if s > seconds:
            break
        base += 0.07 * noise + (75 - base) * 0.0005
        waves = 8 * np.sin(2 * np.pi * breath_hz * s) + 6 * np.sin(2 * np.pi * s / 300)
        t += round(61440 / min(100.0, max(50.0, base + waves + noise)))
        ticks.append(t)
    return np.array(ticks)


def day(seed: int, hours: float, link: str, loss: str) -> Day:
    """Simulate a strap and its link."""
    rng = np.random.default_rng(seed)
    latency_s, clock = rng.uniform(0.4, 2.6), 1 + rng.uniform(-1e-4, 1e-4)
    ticks = heart(rng, hours * 3600)
    true_t = ticks / 1024 * clock
    sent_s = np.arange(1, int(true_t[-1]) + 1) + rng.uniform(0, 1)
    arrival_s = sent_s + latency_s + LINKS[link](rng, sent_s.size)
    if "stalls" in link:
        for start in np.cumsum(rng.exponential(120, sent_s.size // 100)):
            end = start + rng.uniform(2, 8)
            arrival_s[(arrival_s >= start) & (arrival_s < end)] = end
    if "any order" not in link:
        arrival_s = np.maximum.accumulate(arrival_s)
    first = np.concatenate([[0], np.searchsorted(true_t, sent_s, side="right")])
    rr_ms = (np.diff(ticks, prepend=0) * (125 / 128)).tolist()
    came = kept(rng, sent_s.size, *LOSSES[loss])
    return Day(arrival_s, first, rr_ms, true_t, came, latency_s)


def kept(rng: Rng, packets: int, single: float, every_s: float) -> NDArray[np.bool_]:
    """Return which packets come; the first and the last come always."""
    came = rng.random(packets) >= single
    start = 0.0
    while every_s and start < packets:
        start += max(15.0, rng.exponential(every_s))
        length = int(rng.integers(2, 21))
        came[int(start) : int(start) + length] = False
        start += length
    came[:20] = came[-120:] = True
    return came


@dataclass
class Heard:
    """What a consumer of the time base knows at the end, and what it was told on the way."""

    t: list[float] = field(default_factory=list[float])
    segment: list[int] = field(default_factory=list[int])
    beat: list[int] = field(default_factory=list[int])
    arrival_s: list[float] = field(default_factory=list[float])
    told: list[tuple[float, GapFound]] = field(default_factory=list[tuple[float, GapFound]])


def listen(sent: Day) -> Heard:
    """Feed every packet that came, and move beats as told."""
    base, heard = TimeBase(), Heard()
    for i in np.flatnonzero(sent.came).tolist():
        first, end = int(sent.first[i]), int(sent.first[i + 1])
        timed = base.feed(float(sent.arrival_s[i]), sent.rr_ms[first:end])
        if (gap := timed.gap) is not None:
            for j in range(gap.first_index, len(heard.t)):
                heard.t[j] += gap.shift_s
                heard.segment[j] = gap.segment
            heard.told.append((float(sent.arrival_s[i]), gap))
        heard.t += [beat.t for beat in timed.beats]
        heard.segment += [beat.segment for beat in timed.beats]
        heard.beat += range(first, end)
        heard.arrival_s += [float(sent.arrival_s[i])] * (end - first)
    return heard


@dataclass
class Score:
    """Counts and measures over some days."""

    true: int = 0
    found: int = 0
    exact: int = 0
    told: int = 0
    invented_s: list[float] = field(default_factory=list[float])
    """Sizes of gaps told where nothing was lost."""
    stayed: int = 0
    """Borders where nothing was lost, at the end."""
    ticks_off: float = 0.0
    delays_s: list[float] = field(default_factory=list[float])
    sizes_off_s: list[float] = field(default_factory=list[float])
    off_s: list[float] = field(default_factory=list[float])
    """How far times are from where most of their day are."""
    packet_us: list[float] = field(default_factory=list[float])


def nearest(index: int, others: Sequence[int], covered_s: Floats) -> tuple[float, int]:
    """Return how many seconds of beats lie between and the nearest of ``others``."""
    k = bisect_left(others, index)
    near = others[max(0, k - 1) : k + 1]
    return min(((abs(float(covered_s[index] - covered_s[o])), o) for o in near), default=(inf, -1))


def judge(score: Score, sent: Day, heard: Heard) -> None:
    """Compare what was heard with the truth."""
    beat, t = np.array(heard.beat), np.array(heard.t)
    rr_s, true_t = np.array(sent.rr_ms)[beat] / 1000, sent.true_t[beat]
    covered_s, uncovered_s = np.cumsum(rr_s), np.diff(t) - rr_s[1:]
    missing_s = np.diff(true_t) - rr_s[1:]
    apart = np.diff(heard.segment) != 0
    lost = (np.flatnonzero(np.diff(beat) > 1) + 1).tolist()
    borders = (np.flatnonzero(apart & (uncovered_s > 1e-6)) + 1).tolist()
    told = [(a, min(g.first_index, len(t) - 1), g) for a, g in heard.told if g.missing_s]
    score.told += len(told)
    wrong = [g.missing_s for _, i, g in told if nearest(i, lost, covered_s)[0] > NEAR_S]
    score.invented_s += wrong
    score.stayed += sum(nearest(i, lost, covered_s)[0] > NEAR_S for i in borders)
    for i in (i for i in lost if missing_s[i - 1] > LEAST_GAP_S):
        far_s, border = nearest(i, borders, covered_s)
        when = [a for a, j, _ in told if abs(covered_s[j] - covered_s[i]) <= NEAR_S]
        score.true += 1
        score.exact += border == i
        if far_s <= NEAR_S and when:
            score.found += 1
            score.sizes_off_s.append(float(uncovered_s[border - 1] - missing_s[i - 1]))
            score.delays_s.append(max(0.0, min(when) - heard.arrival_s[i]))
    score.ticks_off = max(score.ticks_off, float(np.abs(uncovered_s[~apart]).max()) * 1024)
    score.off_s += np.abs(t - true_t - np.median(t - true_t)).tolist()


def row(link: str, loss: str, score: Score) -> str:
    """Return a line of the table."""
    delay, size = "–", "–"
    if score.delays_s:
        delay = " / ".join(f"{s:.0f}" for s in np.percentile(score.delays_s, [50, 95, 100]))
        size = f"{np.sqrt(np.mean(np.square(score.sizes_off_s))):.2f}"
    off = " / ".join(f"{s:.2f}" for s in np.percentile(score.off_s, [50, 95]))
    invented = f"{len(score.invented_s)} / {sum(s > LEAST_GAP_S for s in score.invented_s)}"
    cells = (
        *(link, loss, score.true, score.found, score.exact, delay, score.told, invented),
        *(score.stayed, f"{score.ticks_off:.0e}", size, off, f"{np.mean(score.packet_us):.1f}"),
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main(seeds: int = 3, hours: float = 24.0) -> None:
    """Print the table."""
    print(
        "| arrival | lost | gaps > 2 s | found | on the beat | told after, s (50/95/100 %) "
        "| told | told where none is / > 2 s | kept where none is | differences off, 1/1024 s "
        "| sizes off, s (rms) | times off, s (50/95 %) | µs a packet |"
    )
    print("|" + "---|" * 13)
    for link in LINKS:
        for loss in LOSSES:
            score = Score()
            for seed in range(seeds):
                sent = day(seed, hours, link, loss)
                began = time.perf_counter()
                heard = listen(sent)
                score.packet_us.append((time.perf_counter() - began) * 1e6 / int(sent.came.sum()))
                judge(score, sent, heard)
            print(row(link, loss, score), flush=True)


if __name__ == "__main__":
    main(*(int(arg) for arg in sys.argv[1:3]))
