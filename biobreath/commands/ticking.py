"""A sensor's events with whole seconds between them, in real time or as fast as it goes."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from biobreath.clock import Clock
from biobreath.events import Event
from biobreath.sensors.sensor import Sensor

TICK_S = 1.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A whole second of session time has passed."""

    t: float


async def with_ticks(
    sensor: Sensor, clock: Clock, limit_s: float | None
) -> AsyncGenerator[Event | Tick, None]:
    """Yield the sensor's events and a Tick at every whole second, in the order of their times."""
    due = TICK_S
    async with aclosing(_arriving(sensor, clock)) as events:
        async for event in events:
            t = clock.now() if event is None else event.t
            while due <= t and (limit_s is None or due <= limit_s):
                yield Tick(due)
                due += TICK_S
            if limit_s is not None and t > limit_s:
                return
            if event is not None:
                yield event


async def _arriving(sensor: Sensor, clock: Clock) -> AsyncGenerator[Event | None, None]:
    """Yield events as they come; None now and then while a real-time source is silent."""
    async with aclosing(sensor.stream(clock)) as stream:
        if clock.is_virtual:
            async for event in stream:
                yield event
            return
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        pump = asyncio.create_task(_pump(stream, queue))
        try:
            while not (pump.done() and queue.empty()):
                try:
                    async with asyncio.timeout(0.25):
                        event = await queue.get()
                except TimeoutError:
                    yield None
                    continue
                if event is None:
                    return
                yield event
        finally:
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pump


async def _pump(stream: AsyncGenerator[Event, None], queue: "asyncio.Queue[Event | None]") -> None:
    async for event in stream:
        queue.put_nowait(event)
    queue.put_nowait(None)
