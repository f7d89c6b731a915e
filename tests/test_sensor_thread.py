"""The one thread with a loop."""

import asyncio
import threading

from biobreath.clock import SessionClock
from biobreath.events import LinkChanged, LinkState
from biobreath.sensors.thread import SensorThread


class Ticking:
    """A sensor that speaks once and then waits for ever; it remembers being let go."""

    name = "ticking"

    def __init__(self):
        self.let_go = threading.Event()

    async def stream(self, clock):
        try:
            yield LinkChanged(clock.now(), LinkState.RECEIVING)
            await asyncio.Event().wait()
        finally:
            self.let_go.set()


class Broken:
    name = "broken"

    async def stream(self, clock):
        yield LinkChanged(clock.now(), LinkState.SEARCHING)
        raise RuntimeError("a fault of ours")


def started():
    thread = SensorThread()
    thread.start()
    return thread


def test_events_come_in_the_sensors_thread_until_it_is_hushed():
    thread, sensor, heard = started(), Ticking(), threading.Event()
    where = []

    def sink(_event):
        where.append(threading.current_thread().name)
        heard.set()

    thread.listen(sensor, SessionClock(), sink)
    assert heard.wait(5)
    assert not sensor.let_go.is_set()
    assert thread.hush()
    assert sensor.let_go.is_set()
    assert where == ["sensor"]
    assert thread.close()


def test_another_sensor_lets_the_first_one_go():
    thread, first, second = started(), Ticking(), Ticking()
    heard = threading.Event()
    thread.listen(first, SessionClock(), lambda _e: heard.set())
    assert heard.wait(5)
    order, spoke = [], threading.Event()

    def sink(_event):
        order.append(first.let_go.is_set())
        spoke.set()

    thread.listen(second, SessionClock(), sink)
    assert spoke.wait(5)
    assert order == [True], "the first had been let go before the second spoke"
    assert thread.close()
    assert second.let_go.is_set()


def test_letting_go_does_not_wait_and_closing_does():
    thread, sensor, heard = started(), Ticking(), threading.Event()
    thread.listen(sensor, SessionClock(), lambda _e: heard.set())
    assert heard.wait(5)
    thread.let_go()
    assert thread.close()
    assert sensor.let_go.is_set()


def test_a_fault_in_a_sensor_is_logged_and_the_thread_goes_on():
    thread, sensor, heard = started(), Ticking(), threading.Event()
    thread.listen(Broken(), SessionClock(), lambda _e: None)
    thread.hush()
    thread.listen(sensor, SessionClock(), lambda _e: heard.set())
    assert heard.wait(5)
    assert thread.close()


def test_a_fact_that_cannot_be_taken_costs_none_of_the_later_ones():
    class Two(Ticking):
        async def stream(self, clock):
            yield LinkChanged(clock.now(), LinkState.SEARCHING)
            async for event in super().stream(clock):
                yield event

    thread, heard = started(), threading.Event()

    def sink(event):
        if event.state is LinkState.SEARCHING:
            raise RuntimeError("a fault of ours")
        heard.set()

    thread.listen(Two(), SessionClock(), sink)
    assert heard.wait(5)
    assert thread.close()


def test_closing_a_thread_that_never_started_is_no_fault():
    assert SensorThread().close()


def test_short_jobs_share_the_loop():
    thread = started()

    async def answer():
        return threading.current_thread().name

    assert thread.submit(answer()).result(5) == "sensor"
    assert thread.close()
