"""Run the whole program on the real Bluetooth stack, in a virtual machine.

python3 -m tools.real_bluetooth                          the four cases, about ten minutes
python3 -m tools.real_bluetooth --case drop --keep DIR   one of them, with every log kept
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import start
from tools.real_bluetooth import machine, provisions, reading
from tools.real_bluetooth.in_machine import STORIES
from tools.real_bluetooth.judging import Verdict, judge

SECONDS = {"steady": 60.0}
"""How long the program listens; the other stories end when they are told."""
LONGEST_S = 600.0
"""How long the machine may take for a case."""


@dataclass(frozen=True)
class Stage:
    """What every case needs."""

    kernel: machine.Kernel
    packages: Path
    bumble: Path
    python: Path

    @property
    def program(self) -> Path:
        """The installed program, beside its Python."""
        return self.python.with_name("biobreath")


@dataclass(frozen=True)
class Told:
    """What came of a case."""

    case: str
    verdict: Verdict
    versions: dict[str, str]

    def lines(self) -> list[str]:
        """The verdict on its first line, then the figures."""
        word = "PASS" if self.verdict.passed else "FAIL"
        story = (STORIES[self.case].__doc__ or "").strip()
        return [
            f"{word} {self.case}: {story}",
            *(f"  fault: {fault}" for fault in self.verdict.faults),
            *(f"  {fact}" for fact in self.verdict.facts),
        ]


def main() -> int:
    """Prepare, run the cases, and say what came of them; 0 when all passed."""
    asked = _parser().parse_args()
    try:
        stage = _stage(asked)
        told = [_run(case, stage, asked.keep) for case in asked.case or STORIES]
    except (provisions.Lacking, machine.MachineFailed) as trouble:
        print(trouble)
        return 1
    if asked.out:
        asked.out.write_text(report(told), encoding="utf-8")
    return 0 if all(each.verdict.passed for each in told) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m tools.real_bluetooth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--case", action="append", choices=STORIES, help="only this one")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write a report in Markdown")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep every log of every case")
    parser.add_argument(
        "--python", type=Path, default=start.PYTHON, help="the one biobreath is installed for"
    )
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    parser.add_argument(
        "--cache", type=Path, default=cache / "biobreath-real-bluetooth", metavar="DIR"
    )
    return parser


def _stage(asked: argparse.Namespace) -> Stage:
    python = Path.cwd() / asked.python  # not resolved: that would leave the environment
    if not python.with_name("biobreath").exists():
        raise provisions.Lacking(
            f"biobreath is not installed beside {asked.python}. "
            "Set it up first: python3 start.py test, or name another with --python."
        )
    provisions.ensure_qemu()
    cache: Path = asked.cache.resolve()
    return Stage(
        kernel=provisions.kernel(cache),
        packages=provisions.packages(cache),
        bumble=provisions.bumble(cache, python),
        python=python,
    )


def _run(case: str, stage: Stage, keep: Path | None) -> Told:
    """Tell one story in a machine of its own, and judge it."""
    print(f"The machine starts for: {case}.", flush=True)
    with tempfile.TemporaryDirectory(prefix="biobreath-real-bluetooth-") as folder:
        work = Path(folder)
        out = work / "out"
        out.mkdir()
        seconds = SECONDS.get(case, LONGEST_S)
        _order(case, stage, out, seconds, trace=keep is not None)
        try:
            _boot(stage, work, out)
            exported = _export(stage, out, work / "sitting.biobreath")
            evidence = reading.evidence(out, exported, seconds)
            told = Told(case, judge(evidence), reading.versions(out))
        finally:
            if keep is not None:
                shutil.copytree(work, keep / case, dirs_exist_ok=True)
    print("\n".join(told.lines()), flush=True)
    return told


def _order(case: str, stage: Stage, out: Path, seconds: float, *, trace: bool) -> None:
    order = {
        "case": case,
        "seconds": seconds,
        "root": str(start.ROOT),
        "python": str(stage.python),
        "program": str(stage.program),
        "bumble": str(stage.bumble),
        "trace": trace,
    }
    (out / "order.json").write_text(json.dumps(order), encoding="utf-8")


def _boot(stage: Stage, work: Path, out: Path) -> None:
    root = shlex.quote(str(start.ROOT))
    python = shlex.quote(str(stage.python))
    command = (
        f"cd {root} && export PATH=/usr/sbin:/usr/bin:/sbin:/bin PYTHONPATH={root}"
        f" && exec {python} -m tools.real_bluetooth.in_machine {machine.OUT}"
    )
    busybox = provisions.busybox(stage.packages)
    disk = work / "memory-disk"
    disk.write_bytes(machine.memory_disk(stage.kernel, busybox, command))
    qemu = machine.qemu_command(stage.kernel, disk, stage.packages, out)
    machine.run(qemu, work / "console.log", LONGEST_S)


def _export(stage: Stage, out: Path, target: Path) -> Path:
    """Let the program itself hand out the sitting that was recorded."""
    subprocess.run(
        [str(stage.program), "export", "1", "--format", "biobreath", "--output", str(target)],
        env={**os.environ, "BIOBREATH_HOME": str(out), "PYTHONPATH": str(start.ROOT)},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return target


def report(told: list[Told]) -> str:
    """Return what came of all cases as Markdown."""
    versions = ", ".join(f"{name} {version}" for name, version in told[0].versions.items())
    blocks = ["```\n" + "\n".join(each.lines()) + "\n```" for each in told]
    return "\n\n".join(
        [
            "# The program on the real Bluetooth stack",
            "The result of one run of `python3 -m tools.real_bluetooth` (see "
            "[its README](../tools/real_bluetooth/README.md)): the installed program, the real "
            "kernel and the real bluetoothd in a virtual machine, and a made-up strap. Times are "
            "those of a slow machine.",
            versions + ".",
            *blocks,
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
