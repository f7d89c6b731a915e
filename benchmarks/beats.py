"""The beat judge on labelled records: premature beats found, normal ones left alone.

    python benchmarks/beats.py [FOLDER]      a folder of mitdb_*.csv (t_s,label); tests/data without

"Premature" is an ectopic label and an interval below 0.85 of the local median of 11; false alarms
are counted away from ectopic beats. The parameters are the ones the program has.
"""

import sys
import time
from pathlib import Path

import numpy as np

from biobreath.signal.beats import Verdict, judge
from biobreath.signal.time_base import TimedBeat

NORMAL = frozenset("NLRejnB")
DATA = Path(__file__).parent.parent / "tests" / "data"


def record(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return intervals (ms), which are premature, which lie away from ectopics, and the ectopy."""
    rows = [line.split(",") for line in path.read_text().splitlines()[1:]]
    times = np.array([float(t) for t, _ in rows])
    odd = np.array([label not in NORMAL for _, label in rows])
    rr_ms = 1000 * np.diff(times)
    local = np.array([np.median(rr_ms[max(0, i - 5) : i + 6]) for i in range(rr_ms.size)])
    near = np.zeros(rr_ms.size, bool)
    for i in np.flatnonzero(odd):
        near[max(0, i - 3) : i + 3] = True
    return rr_ms, odd[1:] & (rr_ms < 0.85 * local), ~near, float(odd.mean())


def flags(rr_ms: np.ndarray) -> np.ndarray:
    """Return which intervals are judged to be anything but normal."""
    ends = np.cumsum(rr_ms) / 1000
    beats = [TimedBeat(i, float(ends[i]), float(rr_ms[i]), 0) for i in range(rr_ms.size)]
    return np.array([beat.verdict is not Verdict.NORMAL for beat in judge(beats)])


def main() -> int:
    """Print a table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    print("| record | ectopy | premature | Se | Sp | µs a beat |\n|---|---|---|---|---|---|")
    sums = {"below 5 %": np.zeros(4), "5 % and more": np.zeros(4)}
    for path in sorted(folder.glob("mitdb_*.csv")):
        rr_ms, premature, away, ectopy = record(path)
        begun = time.perf_counter()
        flagged = flags(rr_ms)
        each_us = 1e6 * (time.perf_counter() - begun) / rr_ms.size
        counts = np.array(
            [(premature & flagged).sum(), premature.sum(), (away & ~flagged).sum(), away.sum()]
        )
        sums["below 5 %" if ectopy < 0.05 else "5 % and more"] += counts
        print(_row(path.stem, f"{ectopy:.1%}", counts) + f" {each_us:.0f} |")
    for name, counts in sums.items():
        if counts[3]:
            print(_row(f"all {name}", "", counts) + " |")
    return 0


def _row(name: str, ectopy: str, counts: np.ndarray) -> str:
    found, there, kept, plain = counts
    se = f"{100 * found / there:.1f}" if there else ""
    return f"| {name} | {ectopy} | {there:.0f} | {se} | {100 * kept / plain:.2f} |"


if __name__ == "__main__":
    raise SystemExit(main())
