"""Practices in a real window, in a process of its own: what is marked ``real_window`` runs there.

Qt's offscreen windows give the keys away more freely than a screen does.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PLAYED = ("test_practising.py", "test_strap_on_screen.py")
COMBINATIONS = 18
"""Six practices, each with a strap, with the demo heart, and without a heart."""


@pytest.mark.first
def test_every_practice_with_every_heart_is_played_to_its_end_in_a_real_window(screen):
    environment = {**os.environ, "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"}
    environment.pop("WAYLAND_DISPLAY", None)
    environment.pop("PYTEST_XDIST_WORKER", None)
    played = [str(TESTS / name) for name in PLAYED]
    command = [sys.executable, "-m", "pytest", "-q", "-m", "real_window", "-n0", "-rN", *played]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stdout[-6000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) >= COMBINATIONS
    assert "skipped" not in done.stdout
