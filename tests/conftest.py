"""What every test starts from: no screen, an empty home of its own, the fonts of the program."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch):
    """Give each test an empty home, so that none reads or writes a real person's sittings."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("BIOBREATH_HOME", str(home))
    return home


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
