"""Following a strap in a test: what its stream said, and waiting for it."""

import asyncio
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from itertools import pairwise

from biobreath.clock import SessionClock
from biobreath.events import HeartRateMeasurement, LinkChanged, LinkReason, LinkState
from biobreath.sensors.listening import StrapTimings
from biobreath.sensors.strap import StrapSensor

HERS = "AA:BB:CC:DD:EE:01"
TWIN = "AA:BB:CC:DD:EE:02"
CALM = StrapTimings(
    scan_s=0.4,
    choose_s=0.2,
    connect_s=(0.8,),
    subscribe_s=0.8,
    read_s=0.3,
    disconnect_s=0.5,
    stop_s=2.0,
    backoff_s=(0.05, 0.1),
)
"""Quick steps, and the silence of real life: for tests in which nobody is silent."""
QUICK = replace(CALM, ask_after_s=0.15, silent_after_s=0.3, drop_after_s=0.6, look_again_s=0.1)
"""A tenth of the silences of real life."""

SEARCHING = (LinkState.SEARCHING, LinkReason.NONE)
CONNECTING = (LinkState.CONNECTING, LinkReason.NONE)
RECEIVING = (LinkState.RECEIVING, LinkReason.NONE)
LINK_LOST = (LinkState.LOST, LinkReason.LINK_LOST)
NO_DATA = (LinkState.SILENT, LinkReason.NO_DATA)


class Heard:
    """Everything a stream said so far."""

    def __init__(self) -> None:
        self.events = []

    @property
    def links(self):
        return [(e.state, e.reason) for e in self.events if isinstance(e, LinkChanged)]

    @property
    def packets(self):
        return [e for e in self.events if isinstance(e, HeartRateMeasurement)]

    @property
    def payloads(self):
        return [e.payload for e in self.packets]

    @property
    def rr_ms(self):
        return [rr for e in self.packets for rr in e.rr_ms]

    def of(self, kind):
        return [e for e in self.events if isinstance(e, kind)]

    async def until(self, condition, timeout_s=20.0):
        async with asyncio.timeout(timeout_s):
            # What is waited for happens in the stand-in's thread.
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    async def until_link(self, *link, timeout_s=20.0):
        await self.until(lambda: link in self.links, timeout_s)


@asynccontextmanager
async def following(sensor, also=None, clock=None):
    """Follow ``sensor``; each fact is given to ``also`` before it counts as heard."""
    heard = Heard()
    clock = clock or SessionClock()

    async def follow():
        async with aclosing(sensor.stream(clock)) as events:
            async for event in events:
                if also is not None:
                    also(event)
                heard.events.append(event)

    task = asyncio.create_task(follow())
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.wait({task})
        times = [event.t for event in heard.events]
        assert times == sorted(times)
        assert all(one != other for one, other in pairwise(heard.links))


def in_order(links, *expected):
    """Whether ``expected`` came in this order, whatever came between."""
    rest = iter(links)
    return all(link in rest for link in expected)


def hers(timings=CALM):
    return StrapSensor(HERS, timings=timings)


async def begin_receiving(heard, strap):
    """Send packets until the first one is heard, as a strap on a chest does."""
    before = len(heard.packets)
    earlier = len(strap.delivered)

    def heard_one():
        if strap.notifying:
            strap.send([1000])
        return len(heard.packets) > before

    await heard.until(heard_one)
    await heard.until(lambda: heard.payloads[before:] == strap.delivered[earlier:])
