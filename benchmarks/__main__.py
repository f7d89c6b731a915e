"""Every table of the signal engine in one run, as Markdown on stdout; progress on stderr.

    python -m benchmarks [PART …] [--data FOLDER] [--people 200]

Parts: accuracy, beats, resonance, costs. ``--data`` adds a folder of records like the bundled
ones; what is bundled is used anyway where the folder has nothing of a kind.
"""

import argparse
import time
from pathlib import Path

from benchmarks import accuracy, beats, costs, resonance
from benchmarks.report import BUNDLED, machine, progress, table

PARTS = {"accuracy": accuracy, "beats": beats, "resonance": resonance, "costs": costs}


def main() -> int:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[[], *PARTS], metavar="PART")
    parser.add_argument("--data", type=Path, default=BUNDLED, metavar="FOLDER")
    wish = parser.parse_args()
    begun = time.perf_counter()
    print(f"Measured on {machine()}")
    for name, part in PARTS.items():
        if not wish.part or name in wish.part:
            for title, rows in part.TABLES.items():
                table(title, f"python -m benchmarks {name}", rows(wish.data))
    progress(f"done in {time.perf_counter() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
