"""When something of ours breaks: written down, told once, and life goes on."""

import logging
import stat
import subprocess
import sys
import threading

import pytest

from biobreath import faults


@pytest.fixture
def hooks(monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)


@pytest.fixture
def log(tmp_path):
    logger = logging.getLogger("biobreath")
    before = list(logger.handlers)
    path = tmp_path / "state" / "biobreath.log"
    faults.write_log(path)
    yield path
    for handler in set(logger.handlers) - set(before):
        faults.faulthandler.disable()
        logger.removeHandler(handler)
        handler.close()


def broken(number):
    try:
        int(f"not {number}")
    except ValueError as fault:
        return fault


@pytest.mark.usefixtures("hooks")
def test_the_same_fault_in_every_frame_is_written_once_and_told_once(log):
    told = []
    faults.catch_all(lambda: told.append(1))
    for number in range(5):
        fault = broken(number)
        sys.excepthook(type(fault), fault, fault.__traceback__)
    assert told == [1]
    assert log.read_text().count("a fault nobody caught") == 1


@pytest.mark.usefixtures("hooks")
def test_a_fault_in_a_thread_is_caught_too(log):
    told = threading.Event()
    faults.catch_all(told.set)
    threading.Thread(target=lambda: 1 / 0).start()
    assert told.wait(5)
    assert "ZeroDivisionError" in log.read_text()


def test_no_full_address_of_a_device_is_in_the_log(log):
    logging.getLogger("biobreath.test").warning("strap %s went away", "AA:BB:CC:DD:EE:01")
    text = log.read_text()
    assert "AA:BB" not in text
    assert "EE01" in text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode bits")
def test_only_the_person_can_read_the_log(log):
    for path in (log, log.with_name("crash.txt")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_a_crash_after_the_log_was_turned_over_is_written_to_its_own_file(tmp_path):
    # In a process of its own: it dies. The database takes the number that the log's file had.
    script = f"""
import faulthandler, logging, pathlib, sqlite3
from biobreath import faults
faults._LOG_BYTES = 200
faults.write_log(pathlib.Path({str(tmp_path / "state" / "biobreath.log")!r}))
for _ in range(9):
    logging.getLogger("biobreath").warning("x" * 150)
library = sqlite3.connect({str(tmp_path / "library.db")!r})
library.execute("CREATE TABLE kept(a)")
faulthandler._sigsegv()
"""
    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True)
    assert done.returncode != 0
    assert "Segmentation" in (tmp_path / "state" / "crash.txt").read_text()
    for other in [tmp_path / "library.db", *(tmp_path / "state").glob("biobreath.log*")]:
        assert b"Segmentation" not in other.read_bytes()


def test_without_a_place_for_a_log_the_program_runs_all_the_same(tmp_path):
    (tmp_path / "file").write_text("")
    faults.write_log(tmp_path / "file" / "state" / "biobreath.log")
