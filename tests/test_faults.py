"""When something of ours breaks: written down, told once, and life goes on."""

import logging
import stat
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
    assert stat.S_IMODE(log.stat().st_mode) & 0o077 == 0


def test_without_a_place_for_a_log_the_program_runs_all_the_same(tmp_path):
    (tmp_path / "file").write_text("")
    faults.write_log(tmp_path / "file" / "state" / "biobreath.log")
