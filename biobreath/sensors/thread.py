"""The one thread with an asyncio loop, for the whole life of the program.

Bluetooth objects belong to the loop they were made in, so there is exactly one.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import aclosing
from typing import Any

from biobreath.clock import Clock
from biobreath.events import Event
from biobreath.sensors.sensor import Sensor

_log = logging.getLogger(__name__)

Sink = Callable[[Event], None]

STOP_S = 7.0
"""A strap gets five seconds to be let go properly; then we leave all the same."""


class SensorThread:
    """Runs one sensor at a time, and short jobs such as a search for straps.

    ``sink`` functions are called in this thread, in the order of the events.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sensor", daemon=True)
        self._listening: Future[None] | None = None

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            self._ready.set()
            self._loop.run_forever()

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()
        self._ready.wait()

    def submit(self, work: Coroutine[Any, Any, Any]) -> "Future[Any]":
        """Run a short job in the loop; its future is done in this thread."""
        if self._loop is None:
            raise RuntimeError("The sensor thread has not been started.")
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def submit_alone(self, work: Coroutine[Any, Any, Any]) -> "Future[Any]":
        """Run a job once the sensor that was told to stop has stopped, as two would disturb."""
        return self.submit(_after_goodbyes(work))

    def listen(self, sensor: Sensor, clock: Clock, sink: Sink) -> None:
        """Listen to ``sensor`` until it is let go; one that was listened to is let go first."""
        self.let_go()
        # The strap of the sitting before may be the very one that is wanted now.
        self._listening = self.submit_alone(_pump(sensor, clock, sink))

    def let_go(self) -> None:
        """Stop listening, without waiting: a strap takes a second or two to say goodbye."""
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.cancel()

    def hush(self, timeout_s: float = STOP_S) -> bool:
        """Stop listening and wait until the sensor has been let go; False if it took too long."""
        self.let_go()
        try:
            self.submit(_goodbyes(timeout_s)).result(timeout_s + 1.0)
        except (TimeoutError, FutureTimeoutError):
            _log.warning("the sensor did not let go within %.0f s", timeout_s)
            return False
        return True

    def close(self, timeout_s: float = STOP_S) -> bool:
        """Let the sensor go, stop the loop and join the thread; False if it took too long."""
        if self._loop is None:
            return True
        self.hush(timeout_s)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()


async def _after_goodbyes(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - what work gives
    try:
        await _goodbyes(STOP_S)
    except TimeoutError:
        _log.warning("the sensor before did not let go within %.0f s", STOP_S)
    except asyncio.CancelledError:
        work.close()
        raise
    return await work


async def _pump(sensor: Sensor, clock: Clock, sink: Sink) -> None:
    try:
        async with aclosing(sensor.stream(clock)) as events:
            async for event in events:
                _give(event, sink)
    except Exception:  # noqa: BLE001 - the last net: a fault here must not end the sitting
        _log.exception("the sensor stopped by a fault")


def _give(event: Event, sink: Sink) -> None:
    try:
        sink(event)
    except Exception:  # noqa: BLE001 - one fact that cannot be taken must not cost all later ones
        _log.exception("a fact could not be taken")


async def _goodbyes(timeout_s: float) -> None:
    """Wait until every task that was told to stop has stopped."""
    leaving = [task for task in asyncio.all_tasks() if task.cancelling()]
    if leaving:
        _done, late = await asyncio.wait(leaving, timeout=timeout_s)
        if late:
            raise TimeoutError
