"""Random faults on a strap through an unmodified bleak: does every beat come back, and how soon?

    python benchmarks/strap_faults.py [--sequences 200] [--faults 5] [--workers 8] [--real]

``--real`` uses the program's own timings and faults that stand for about ten seconds; without it
everything runs at a tenth of that. Needs Linux with ``dbus-daemon``.
"""

import argparse
import multiprocessing
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from fault_sequences import Outcome, run_sequence
from strap_rig import QUICK

from biobreath.sensors.listening import StrapTimings


def main() -> int:
    """Run the sequences and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=200)
    parser.add_argument("--faults", type=int, default=5)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--real", action="store_true")
    wish = parser.parse_args()
    run = partial(
        run_sequence,
        timings=StrapTimings() if wish.real else QUICK,
        faults=wish.faults,
        pause_s=10.0 if wish.real else 0.5,
    )
    spawn = multiprocessing.get_context("spawn")
    outcomes: list[Outcome] = []
    with ProcessPoolExecutor(wish.workers, mp_context=spawn) as pool:
        for outcome in pool.map(run, range(wish.sequences)):
            outcomes.append(outcome)
            if outcome.crashed or outcome.lost or outcome.doubled or outcome.out_of_order:
                print("!", outcome, flush=True)
            if len(outcomes) % 20 == 0:
                print(f"… {len(outcomes)} of {wish.sequences}", file=sys.stderr, flush=True)
    _print(outcomes)
    bad = [o for o in outcomes if o.crashed or o.lost or o.doubled or o.out_of_order]
    return 1 if bad else 0


def _print(outcomes: list[Outcome]) -> None:
    by_fault: dict[str, list[float]] = defaultdict(list)
    for outcome in outcomes:
        for name, s in zip(outcome.faults, outcome.returns_s, strict=False):
            by_fault[name].append(s)
    every = [s for returns in by_fault.values() for s in returns]
    print(f"{len(outcomes)} sequences, {len(every)} faults, crashed or hung: "
          f"{sum(bool(o.crashed) for o in outcomes)}")  # fmt: skip
    print(f"packets delivered {sum(o.delivered for o in outcomes)}, "
          f"heard {sum(o.heard for o in outcomes)}, "
          f"lost on a standing link {sum(o.lost for o in outcomes)}, "
          f"doubled {sum(o.doubled for o in outcomes)}, "
          f"out of order {sum(o.out_of_order for o in outcomes)}\n")  # fmt: skip
    print("| fault | times | back after, median s | p95 s | longest s |")
    print("|---|---|---|---|---|")
    for name, returns in [*sorted(by_fault.items()), ("all", every)]:
        p95 = quantiles(returns, n=20)[-1] if len(returns) > 1 else returns[0]
        print(f"| {name} | {len(returns)} | {median(returns):.2f} | {p95:.2f} "
              f"| {max(returns):.2f} |")  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
