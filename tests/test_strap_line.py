"""The line to one strap: it outlives a sitting, and tells nothing of the strap before."""

import asyncio

from fakes import FakeClock

from biobreath.app.strap_line import StrapLine
from biobreath.events import BatteryRead, HeartRateMeasurement, LinkChanged, LinkState
from biobreath.heart_rate_service import decode, encode


class Sensors:
    """Stands in for the sensor thread: what is listened to speaks when the test lets it."""

    def __init__(self):
        self.sinks = []

    def listen(self, _sensor, _clock, sink):
        self.sinks.append(sink)

    def let_go(self):
        pass

    def submit(self, work):
        asyncio.run(work)


def watched():
    told, sensors = [], Sensors()
    line = StrapLine(sensors, lambda number, fact: told.append((number, fact)))
    line.watch("hers")
    return line, sensors, told


RECEIVING = LinkChanged(1.0, LinkState.RECEIVING)


def test_what_the_strap_before_still_says_is_nothing_about_the_next_one():
    line, sensors, told = watched()
    sensors.sinks[0](RECEIVING)
    line.watch("another")
    sensors.sinks[0](BatteryRead(2.0, 9))
    searching = LinkChanged(0.0, LinkState.SEARCHING)
    sensors.sinks[1](searching)
    assert [fact for _, fact in told] == [RECEIVING, searching]
    assert [number == line.number for number, _ in told] == [False, True]

    heard = []
    line.join(heard.append, FakeClock())
    assert [fact.state for fact in heard] == [LinkState.SEARCHING]


def test_a_strap_that_is_let_go_says_nothing_any_more():
    line, sensors, told = watched()
    line.rest()
    sensors.sinks[0](RECEIVING)
    assert told == []
    assert not line.open


def test_a_sitting_hears_what_is_known_and_then_everything_in_its_own_time():
    line, sensors, _ = watched()
    sensors.sinks[0](RECEIVING)
    sensors.sinks[0](BatteryRead(2.0, 9))
    heard, clock = [], FakeClock()
    clock.t = 5.0
    line.join(heard.append, clock)
    sensors.sinks[0](decode(0.0, encode(60, [1024])))
    assert [type(fact) for fact in heard] == [LinkChanged, BatteryRead, HeartRateMeasurement]
    assert all(5.0 <= fact.t < 6.0 for fact in heard)
    line.leave()
    sensors.sinks[0](RECEIVING)
    assert len(heard) == 3
