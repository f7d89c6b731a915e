"""A Bluetooth heart-rate strap: found, connected, listened to, and found again when it is lost."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Collection, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from biobreath.addresses import plain_name, whole_story
from biobreath.clock import Clock
from biobreath.events import (
    BatteryRead,
    DeviceDescribed,
    LinkChanged,
    LinkReason,
    LinkState,
    PacketRefused,
    SensorEvent,
    StreamFrame,
    StreamKind,
)
from biobreath.heart_rate_service import (
    LONGEST_PAYLOAD,
    MEASUREMENT_UUID,
    MalformedPacket,
    decode,
)
from biobreath.sensors.bluez_version import settle_bluez_version
from biobreath.sensors.finder import (
    UNAVAILABLE_REASONS,
    BluetoothTrouble,
    answered,
    was_cancelled,
)
from biobreath.sensors.listening import (
    Listening,
    PacketBudget,
    StrapTimings,
    StreamPatience,
    nth,
    pause_after,
)
from biobreath.sensors.polar_streams import PolarStreams
from biobreath.sensors.strap_finding import StrapFinding, Wanted
from biobreath.sensors.strap_questions import StrapQuestions

_log = logging.getLogger(__name__)


class StrapSensor:
    """The person's strap as a source of heartbeats.

    Without an address it takes the only strap in range, or the strongest of several, and from then
    on stays with that one: meant for the command line, the window always knows the address.
    """

    def __init__(
        self,
        address: str | None,
        name: str = "",
        timings: StrapTimings | None = None,
        streams: Collection[StreamKind] = (StreamKind.POLAR_ACCELERATION,),
    ) -> None:
        self._wanted = Wanted(address, plain_name(name))
        self._timings = timings or StrapTimings()
        self._streams = streams

    @property
    def name(self) -> str:
        """Its name as it calls itself, or what it is."""
        return self._wanted.name or "Heart-rate strap"

    @property
    def address(self) -> str | None:
        """Its address on this computer; None until one was chosen."""
        return self._wanted.address

    async def stream(self, clock: Clock) -> AsyncGenerator[SensorEvent, None]:
        """Yield what the strap sends and how the link stands, until cancelled or closed."""
        # The supervisor runs beside the reader, so that a slow reader never delays a packet's
        # time stamp, the watchdog or a reconnection.
        events: asyncio.Queue[SensorEvent | None] = asyncio.Queue()
        supervisor = asyncio.create_task(
            _Supervisor(self._wanted, self._timings, clock, events, self._streams).run()
        )
        supervisor.add_done_callback(lambda _task: events.put_nowait(None))
        try:
            while (event := await events.get()) is not None:
                yield event
        finally:
            supervisor.cancel()
            await asyncio.wait({supervisor}, timeout=self._timings.stop_s)
            if supervisor.done() and not supervisor.cancelled():
                supervisor.result()


@dataclass(frozen=True, slots=True)
class _Packet:
    """Bytes of a notification, stamped when they arrived."""

    t: float
    payload: bytes


@dataclass(frozen=True, slots=True)
class _LinkGone:
    """The system says that the link is gone, or a question to the strap showed it."""

    t: float
    reason: LinkReason = LinkReason.LINK_LOST


_Told = BatteryRead | DeviceDescribed | StreamFrame | PacketRefused
"""What a strap tells beside its beats."""

_Inbox = asyncio.Queue[_Packet | _LinkGone | _Told]
"""What one link brings, in the order in which it came.

Every attempt has its own, so a late call from an old link lands where nobody reads.
"""


class _Supervisor:
    """Finds, connects, listens and starts over; the only one that touches the link."""

    def __init__(
        self,
        wanted: Wanted,
        timings: StrapTimings,
        clock: Clock,
        events: asyncio.Queue[SensorEvent | None],
        streams: Collection[StreamKind],
    ) -> None:
        self._wanted = wanted
        self._streams = streams
        self._timings = timings
        self._clock = clock
        self._events = events
        self._said: tuple[LinkState, LinkReason] | None = None
        self._ever_received = False
        self._failures = 0
        self._trouble = LinkReason.NONE
        self._finding = StrapFinding(wanted, timings, self._say_searching_again)
        self._questions = StrapQuestions(timings, clock)
        self._patience = StreamPatience()
        self._listening: Listening | None = None

    async def run(self) -> None:
        """Go on until cancelled."""
        self._say(LinkState.SEARCHING)
        while True:
            self._listening = None
            self._trouble = LinkReason.NONE
            await self._attempt()
            self._count()
            await self._clock.sleep(self._pause_s())

    async def _attempt(self) -> None:
        """Make one link and follow it to its end; whatever happens, say it and come back."""
        try:
            async with contextlib.AsyncExitStack() as search:
                await self._follow((await self._finding.find(search)).device, search)
        except BluetoothTrouble as trouble:
            self._say_trouble(trouble.reason)
        except asyncio.CancelledError:
            if was_cancelled():
                raise
            self._say_trouble(LinkReason.CONNECT_FAILED)
        except Exception as surprise:  # noqa: BLE001 - one lost attempt must never end a sitting
            _log.warning("A link attempt failed: %s", whole_story(surprise))
            self._say_trouble(LinkReason.UNKNOWN)

    def _count(self) -> None:
        """Count failures in a row: a steady link is renewed at once, a short one after a moment."""
        heard = self._listening is not None and self._listening.first_at is not None
        if self._listening is not None and self._listening.was_steady():
            self._failures = 0
        else:
            self._failures = 1 if heard else self._failures + 1

    def _pause_s(self) -> float:
        out_of_sight = self._trouble is LinkReason.NOT_FOUND
        only_looked = out_of_sight or self._trouble in UNAVAILABLE_REASONS
        return pause_after(self._failures, self._timings, only_looked=only_looked)

    async def _follow(self, device: BLEDevice, search: contextlib.AsyncExitStack) -> None:
        """Connect, subscribe, listen; leave the link in order, however it ends."""
        self._say(LinkState.CONNECTING)
        # From now on the system's list of links may be a memory of a service that crashed: look
        # for the strap on the air first.
        self._finding.trusts_left_over = False
        inbox: _Inbox = asyncio.Queue()

        def packet_came(_source: BleakGATTCharacteristic, data: bytearray) -> None:
            inbox.put_nowait(_Packet(self._clock.now(), bytes(data)))

        def link_went(_client: BleakClient) -> None:
            inbox.put_nowait(_LinkGone(self._clock.now()))

        def link_is_dead() -> None:
            inbox.put_nowait(_LinkGone(self._clock.now(), LinkReason.NO_DATA))

        connect_s = nth(self._timings.connect_s, self._failures)
        async with self._link(
            BleakClient(device, link_went, timeout=connect_s), connect_s
        ) as client:
            await search.aclose()
            await answered(
                client.start_notify(MEASUREMENT_UUID, packet_came),
                self._timings.subscribe_s,
                LinkReason.CONNECT_FAILED,
            )
            listening = self._listening = Listening(self._timings, self._clock.now())
            streams = PolarStreams(client, self._clock, inbox.put_nowait)
            wanted = self._streams if self._patience.asks else ()
            questions, there = self._questions, partial(_characteristics, client)
            begun = self._clock.now()
            async with (
                self._beside(questions.tell_more(client, inbox.put_nowait)),
                self._beside(streams.run(wanted)),
                self._beside(questions.ask_in_silence(client, there, listening, link_is_dead)),
            ):
                await self._listen(inbox, listening)
            self._patience.weigh(self._clock.now() - begun, flowed=streams.flowing)

    @contextlib.asynccontextmanager
    async def _link(
        self, client: BleakClient, connect_s: float
    ) -> AsyncGenerator[BleakClient, None]:
        """Hold one connection; its end is awaited even after a loss.

        A client that is not left in order keeps its line to the system's Bluetooth service open,
        and then every later packet comes twice (bleak 3.1, issue 2002).
        """
        try:
            await settle_bluez_version()
            await self._connect(client, connect_s)
            yield client
        finally:
            with contextlib.suppress(BluetoothTrouble):
                await answered(
                    client.disconnect(), self._timings.disconnect_s, LinkReason.LINK_LOST
                )

    async def _connect(self, client: BleakClient, connect_s: float) -> None:
        try:
            # bleak keeps its own limit for most of this, but not for all.
            await answered(client.connect(), connect_s + 2.0, LinkReason.CONNECT_FAILED)
        except BluetoothTrouble as trouble:
            # Seen a moment ago and not known any more: a system that forgets devices as soon as
            # the search ends. The next time the search goes on until the strap is connected.
            self._finding.connects_in_search = trouble.reason is LinkReason.NOT_FOUND
            raise

    @contextlib.asynccontextmanager
    async def _beside(self, work: Coroutine[Any, Any, None]) -> AsyncGenerator[None, None]:
        """Run ``work`` while the body runs, and no longer."""
        task = asyncio.create_task(work)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})
            if not task.cancelled() and (surprise := task.exception()) is not None:
                _log.warning("Beside the beats: %s", whole_story(surprise))

    async def _listen(self, inbox: _Inbox, listening: Listening) -> None:
        """Take what comes until the link is gone or has been silent for too long."""
        budget = PacketBudget()
        while True:
            item = await self._next(inbox, listening)
            t = self._clock.now() if item is None else item.t
            match item:
                case None:
                    if listening.is_over(t):
                        return self._say_gone(t, LinkReason.NO_DATA)
                    if listening.is_silent(t):
                        self._say(LinkState.SILENT, LinkReason.NO_DATA, t)
                case _LinkGone():
                    return self._say_gone(t, item.reason)
                case BatteryRead() | DeviceDescribed() | StreamFrame() | PacketRefused():
                    self._events.put_nowait(item)
                case _Packet():
                    if listening.is_silent(t):
                        # The machine slept, and wakes to a packet: the gap is marked all the same.
                        self._say(LinkState.SILENT, LinkReason.NO_DATA, t)
                    if budget.allows(t):
                        self._take(item, listening)

    async def _next(
        self, inbox: _Inbox, listening: Listening
    ) -> _Packet | _LinkGone | _Told | None:
        """Wait for what comes next; None when it is time to look at the silence."""
        try:
            async with asyncio.timeout(listening.next_look_s(self._clock.now())):
                return await inbox.get()
        except TimeoutError:
            # What came in this very moment was no silence.
            return None if inbox.empty() else inbox.get_nowait()

    def _take(self, packet: _Packet, listening: Listening) -> None:
        try:
            measurement = decode(packet.t, packet.payload)
        except MalformedPacket:
            self._events.put_nowait(PacketRefused(packet.t, packet.payload[:LONGEST_PAYLOAD]))
            return
        self._ever_received = True
        self._say(*listening.hear(measurement), packet.t)
        self._events.put_nowait(measurement)

    def _say(
        self,
        state: LinkState,
        reason: LinkReason = LinkReason.NONE,
        t: float | None = None,
    ) -> None:
        """Tell how the link stands, where that is news."""
        if (state, reason) == self._said:
            return
        self._said = (state, reason)
        _log.info("The strap: %s (%s).", state.value, reason.value)
        t = self._clock.now() if t is None else t
        self._events.put_nowait(LinkChanged(t, state, reason, self._wanted.name))

    def _say_searching_again(self) -> None:
        if self._said is not None and self._said[0] is LinkState.UNAVAILABLE:
            self._say(LinkState.SEARCHING)

    def _say_gone(self, t: float, reason: LinkReason) -> None:
        self._say(LinkState.LOST if self._ever_received else LinkState.SEARCHING, reason, t)

    def _say_trouble(self, reason: LinkReason) -> None:
        self._trouble = reason
        unavailable = reason in UNAVAILABLE_REASONS
        self._say(LinkState.UNAVAILABLE if unavailable else LinkState.SEARCHING, reason)


def _characteristics(client: BleakClient) -> list[BleakGATTCharacteristic]:
    """Return what a strap can be asked for."""
    try:
        return list(client.services.characteristics.values())
    except BleakError:
        return []  # The link has just gone, and says so itself.
