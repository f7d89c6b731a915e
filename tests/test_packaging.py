"""What is handed out holds all it needs, and the rooms of the house stay apart."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sysconfig.get_path("scripts"))

# ---- the wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built here by the builder of the lock: no network, no environment of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as opened:
        yield opened


def below(folder):
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_program_and_its_assets_and_nothing_else(wheel):
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    program = {f"biobreath/{name}" for name in below(ROOT / "biobreath")}
    assets = {f"biobreath/assets/{name}" for name in below(ROOT / "assets")}
    assert names == program | assets
    assert "biobreath/assets/fonts/AtkinsonHyperlegibleNext-latin-400.ttf" in names
    assert "biobreath/py.typed" in names


@pytest.mark.parametrize("licence", ["LICENSE", "LICENSE-CONTENT", "assets/fonts/OFL.txt"])
def test_the_wheel_holds_the_licences(wheel, licence):
    name = next(name for name in wheel.namelist() if name.endswith(f"info/licenses/{licence}"))
    assert wheel.read(name) == (ROOT / licence).read_bytes()


def test_the_licences_are_the_whole_texts():
    code, content = ((ROOT / name).read_text() for name in ("LICENSE", "LICENSE-CONTENT"))
    assert "Apache License" in code
    assert "END OF TERMS AND CONDITIONS" in code
    assert "Creative Commons Attribution 4.0 International Public License" in content
    assert "Section 8 -- Interpretation." in content


def test_the_wheel_brings_both_commands(wheel):
    name = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    told = wheel.read(name).decode()
    assert "[console_scripts]\nbiobreath = biobreath.cli:main" in told
    assert "[gui_scripts]\nbiobreath-window = biobreath.cli:main" in told


def test_the_commands_lead_somewhere():
    for entry in importlib.metadata.distribution("biobreath").entry_points:
        assert callable(entry.load())


def test_the_wheel_keeps_the_aborting_qt_away_from_python_3_11(wheel):
    name = next(name for name in wheel.namelist() if name.endswith("/METADATA"))
    told = wheel.read(name).decode()
    assert re.search(
        r"(?m)^Requires-Dist: pyside6-essentials<6\.12,.*python_version < '3\.12'", told
    )


# ---- the rooms


def lint(folder):
    """Check the contracts of the house that stands in this folder."""
    done = subprocess.run(
        [PROGRAMS / "lint-imports", "--no-logo", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


@pytest.fixture
def copy_of_the_house(tmp_path):
    """A copy to do wrong in."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        ROOT / "biobreath", tmp_path / "biobreath", ignore=shutil.ignore_patterns("__pycache__")
    )
    return tmp_path


def test_the_contracts_hold():
    code, told = lint(ROOT)
    assert code == 0, told
    assert "5 kept, 0 broken" in told


@pytest.mark.parametrize(
    ("room", "line", "contract"),
    [
        ("sensors", "import biobreath.ui", "Layers: each room sees only the rooms below it"),
        ("signal", "import PySide6.QtCore", "Qt lives in the window only"),
        ("signal", "import asyncio", "The signal rooms know numbers only"),
        ("session", "import sqlite3", "Only the store speaks SQL"),
        ("ui", "import bleak", "Only the strap and the finder speak Bluetooth"),
    ],
)
def test_each_contract_notices_what_it_forbids(copy_of_the_house, room, line, contract):
    (copy_of_the_house / "biobreath" / room / "planted.py").write_text(f"{line}\n")
    code, told = lint(copy_of_the_house)
    assert code == 1
    assert f"{contract} BROKEN" in told
    assert "planted" in told


def test_each_contract_is_tried():
    told = (ROOT / "pyproject.toml").read_text()
    assert told.count("[[tool.importlinter.contracts]]") == 5


# ---- Qt

CALLS = """
import json, sys
from PySide6.QtCore import QObject, Signal

class Bell(QObject):
    rung = Signal(object, bool)

bell = Bell()
bell.rung.connect(lambda *_: None)

def ring(times):
    for _ in range(times):
        bell.rung.emit(None, True)
        bell.parent()
        bell.blockSignals(False)
        bell.setProperty("open", True)
        bell.property("open")
        bell.property("nothing")
        bell.inherits("QObject")

def held():
    return [sys.getrefcount(None), sys.getrefcount(True)]

ring(10)
before = held()
ring(300)
print(json.dumps([after - first for first, after in zip(before, held())]))
"""


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None and True are immortal from 3.12 on")
def test_qt_gives_back_every_none_and_true_it_takes():
    """A canary for PySide6.

    PySide6 6.12.0 on Python 3.11 gives back a reference to None or True too many on each call;
    after some minutes of a session their count reaches nought and Python aborts, with nothing
    to catch. From Python 3.12 on these two are immortal: they cannot be lost, and their counts
    say nothing. The calls run in a Python of their own, so that the counts are theirs alone.
    """
    done = subprocess.run([sys.executable, "-c", CALLS], capture_output=True, text=True, check=True)
    lost_none, lost_true = json.loads(done.stdout)
    assert abs(lost_none) < 50
    assert abs(lost_true) < 50
