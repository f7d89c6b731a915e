"""What every test starts from: no screen, an empty home of its own, the fonts of the program."""

import gc
import os
from itertools import count
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# As in the program; threads of every process that wait for each other take minutes here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch):
    """Give each test an empty home, so that none reads or writes a real person's sittings."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("BIOBREATH_HOME", str(home))
    return home


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


def pytest_configure(config):
    config.addinivalue_line("markers", "first: runs before every other test")
    config.addinivalue_line("markers", "last: runs after every other test")


def pytest_collection_modifyitems(items):
    """Let a long-lived child process live beside the other tests instead of after them."""
    items.sort(
        key=lambda item: (
            bool(item.get_closest_marker("last")) - bool(item.get_closest_marker("first"))
        )
    )
