"""How a benchmark tells: a bar, what was reached, and what limits it, as Markdown."""

import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BUNDLED = Path(__file__).parent.parent / "tests" / "data"


@dataclass(frozen=True)
class Row:
    """One promise: ``met`` is None where there is nothing to hold it against."""

    what: str
    bar: str
    reached: str
    met: bool | None = None
    limit: str = ""


def table(title: str, command: str, rows: Iterable[Row]) -> None:
    """Print a table at once, row by row."""
    print(f"\n### {title}\n\n`{command}`\n")
    print("| what | bar | reached | | what limits it |\n|---|---|---|---|---|")
    for row in rows:
        mark = "" if row.met is None else ("yes" if row.met else "**no**")
        print(f"| {row.what} | {row.bar} | {row.reached} | {mark} | {row.limit} |", flush=True)


def progress(text: str) -> None:
    """Say on stderr what is being done."""
    print(f"… {text}", file=sys.stderr, flush=True)


def machine() -> str:
    """Return machine and versions in one sentence."""
    names = ("numpy", "scipy", "neurokit2", "hrv-analysis")
    found = [f"{name} {known}" for name in names if (known := _version(name))]
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {', '.join(found)}."
    )


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def intervals_of(path: Path) -> Floats:
    """Return the intervals (ms) of a bundled record, whatever its form, without its gaps."""
    if path.suffix == ".csv":
        return np.loadtxt(path, delimiter=",", skiprows=1)[:, 1]
    values = np.loadtxt(path)
    if path.stem.endswith("_s"):
        values = values * 1000.0
    return values[values < 5000.0]


def find(folder: Path, pattern: str) -> list[Path]:
    """Return the records of a folder and what lies in it, by name."""
    return sorted(folder.rglob(pattern))
