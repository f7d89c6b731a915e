"""What every test starts from: no screen, an empty home of its own, the fonts of the program."""

import gc
import os
import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# As in the program; threads of every process that wait for each other take minutes here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# How quick something is, benchmarks tell: a busy machine is no failure.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch):
    """Give each test an empty home, so that none reads or writes a real person's sittings."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("BIOBREATH_HOME", str(home))
    return home


XVFB = shutil.which("Xvfb") if sys.platform == "linux" else None
OFFSCREEN = os.environ["QT_QPA_PLATFORM"] == "offscreen"


@pytest.fixture(scope="session")
def screen():
    """A screen that nobody looks at."""
    if XVFB is None:
        pytest.skip("needs Linux and Xvfb (Debian: the package xvfb)")
    xvfb = subprocess.Popen(
        [XVFB, "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield f":{xvfb.stdout.readline().strip()}"
    xvfb.terminate()
    xvfb.wait()
    xvfb.stdout.close()


GARBAGE_EVERY = 25
_tests = count(1)


@pytest.fixture(autouse=True)
def garbage():
    """Collect garbage in this thread alone, as the program does, or a widget dies in another."""
    gc.disable()
    yield
    if next(_tests) % GARBAGE_EVERY == 0:
        gc.collect()


@pytest.fixture
def data():
    """Return the folder of real recordings."""
    return DATA


def pytest_collection_finish():
    """Leave what lives as long as the tests out of every search for garbage."""
    gc.collect()
    gc.freeze()


WAITED_FOR_MS = 30_000
"""What is waited for comes in a moment, or, on a busy machine, a little later."""


def pytest_configure(config):
    QtBot.waitUntil.__kwdefaults__["timeout"] = WAITED_FOR_MS
    config.addinivalue_line("markers", "first: runs before every other test")
    config.addinivalue_line(
        "markers", "real_window: runs in a window on a screen, where there is one"
    )


def pytest_collection_modifyitems(config, items):
    """Let long-lived child processes live beside the other tests instead of after them.

    What belongs into a real window is left to ``test_in_a_real_window.py``, where it can be.
    """
    if OFFSCREEN and XVFB is not None and not config.getoption("-k"):
        elsewhere = [item for item in items if item.get_closest_marker("real_window")]
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]
    items.sort(key=lambda item: item.get_closest_marker("first") is None)
