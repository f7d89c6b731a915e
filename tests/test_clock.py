"""The session's clock goes on while the machine sleeps, on every system."""

import time
from datetime import datetime

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


@pytest.fixture
def in_berlin(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


SUMMER_S, WINTER_S = 7200, 3600


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system's zone cannot be set")
@pytest.mark.parametrize(
    ("utc", "offset_s", "midnight"),
    [
        ("2026-10-25T22:30", WINTER_S, "2026-10-24T22:00"),  # clocks were put back at 3
        ("2026-10-24T22:10", SUMMER_S, "2026-10-24T22:00"),
        ("2026-03-29T10:00", SUMMER_S, "2026-03-28T23:00"),  # and put forward
        ("2026-11-24T12:00", WINTER_S, "2026-11-23T23:00"),
        ("2026-11-24T12:00", -9 * 3600, "2026-11-24T09:00"),  # told by a clock elsewhere
    ],
)
def test_a_day_begins_at_its_own_midnight_also_where_clocks_were_changed(utc, offset_s, midnight):
    def utc_s(text):
        return datetime.fromisoformat(text + "+00:00").timestamp()

    wall = clock.WallTime(round(utc_s(utc) * 1000), offset_s, "")
    assert wall.day_began_utc_s() == utc_s(midnight)
