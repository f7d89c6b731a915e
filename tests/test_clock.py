"""The session's clock goes on while the machine sleeps, on every system."""

import time

import pytest

from biobreath import clock


@pytest.mark.parametrize(
    ("system", "name"), [("linux", "CLOCK_BOOTTIME"), ("darwin", "CLOCK_MONOTONIC_RAW")]
)
def test_where_the_plain_clock_stops_in_sleep_one_that_goes_on_is_read(system, name, monkeypatch):
    monkeypatch.setattr(time, name, 4711, raising=False)
    assert clock.clock_that_goes_on(system) == 4711


def test_windows_has_but_the_plain_clock_and_it_goes_on():
    assert clock.clock_that_goes_on("win32") is None


def test_where_a_system_lacks_that_clock_the_plain_one_does(monkeypatch):
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    monkeypatch.setattr(clock, "_GOES_ON", clock.clock_that_goes_on("linux"))
    before = time.monotonic()
    assert before <= clock.boot_seconds() <= time.monotonic()
