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
