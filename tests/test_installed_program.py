"""The installed program in a real window, as a child process, for a minute.

The minute passes beside the other tests where these are shared out among processes: a test marked
``first`` begins before all others (see ``pytest_collection_modifyitems`` in conftest).
"""

import os
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

from biobreath.store.library import Library

SECONDS = 60


@dataclass
class LongSitting:
    process: subprocess.Popen
    home: Path

    @property
    def library(self) -> Library:
        return Library(self.home / "data" / "library.db")


def installed_program() -> str:
    return shutil.which("biobreath", path=sysconfig.get_path("scripts")) or "biobreath"


@pytest.fixture
def long_sitting(screen, own_home):
    environment = {**os.environ, "DISPLAY": screen}
    environment.pop("QT_QPA_PLATFORM", None)
    environment.pop("WAYLAND_DISPLAY", None)
    process = subprocess.Popen(
        [installed_program(), "--demo", "--quit-after", str(SECONDS)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    yield LongSitting(process, own_home)
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.first
def test_the_installed_program_sits_in_a_real_window_for_a_minute_without_a_word_of_trouble(
    long_sitting, qtbot
):
    def sits():
        assert long_sitting.process.poll() is None, long_sitting.process.communicate()
        return any(row.beats for row in long_sitting.library.sittings())

    qtbot.waitUntil(sits, timeout=30_000)
    out, err = long_sitting.process.communicate(timeout=SECONDS + 30)
    assert (long_sitting.process.returncode, out, err) == (0, "", "")
    (row,) = long_sitting.library.sittings()
    assert row.state == "closed"
    assert row.duration_s > SECONDS - 8
    assert row.beats > 40
    log = (long_sitting.home / "state" / "biobreath.log").read_text()
    assert "ERROR" not in log
