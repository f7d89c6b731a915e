"""A Bluetooth heart-rate strap: found, connected, listened to, and found again when it is lost."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Collection, Coroutine
from dataclasses import dataclass
from typing import Any

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTServiceCollection
from bleak.exc import BleakError

from biobreath.addresses import last_digits, plain_name, same_address, whole_story
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
    BATTERY_UUID,
    FIRMWARE_UUID,
    LONGEST_PAYLOAD,
    MANUFACTURER_UUID,
    MEASUREMENT_UUID,
    MODEL_UUID,
    MalformedPacket,
    decode,
)
from biobreath.sensors.bluez_version import settle_bluez_version
from biobreath.sensors.finder import (
    UNAVAILABLE_REASONS,
    BluetoothTrouble,
    Sighting,
    adapters_in_use,
    answered,
    bluetooth_state,
    knows_no_such_method,
    left_over_links,
    next_before,
    scanning,
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

_log = logging.getLogger(__name__)


BATTERY_EVERY_S = 300.0
_DESCRIPTION = (MANUFACTURER_UUID, MODEL_UUID, FIRMWARE_UUID)

_NO_LINE = UNAVAILABLE_REASONS - {LinkReason.BUSY} | {LinkReason.LINK_LOST}
"""What a question fails with when there is no line to the strap any more."""


@dataclass(slots=True)
class _Wanted:
    """Which strap it is; an address once known never changes, whoever else has the same name."""

    address: str | None
    name: str

    def settle_on(self, sighting: Sighting) -> None:
        if self.address is None:
            self.address = sighting.strap.address
            _log.info("Took the strap …%s.", last_digits(self.address))
        self.name = self.name or sighting.strap.name

    def is_it(self, sighting: Sighting) -> bool:
        return self.address is not None and same_address(self.address, sighting.strap.address)


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
        self._wanted = _Wanted(address, plain_name(name))
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
        wanted: _Wanted,
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
        self._battery_percent: int | None = None
        self._trusts_left_over = True
        self._connects_in_search = False
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
                await self._follow(await self._find(search), search)
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

    async def _find(self, search: contextlib.AsyncExitStack) -> BLEDevice:
        """Find the strap; ``search`` still goes on where the system forgets what it found."""
        adapters = await adapters_in_use()
        links = await left_over_links(adapters)
        if self._trusts_left_over and (known := self._left_over_among(links)) is not None:
            return self._settled(known)
        heard = await search.enter_async_context(scanning(adapters))
        if self._said is not None and self._said[0] is LinkState.UNAVAILABLE:
            self._say(LinkState.SEARCHING)
        sighting = await self._sighted(heard)
        if sighting is None or not self._connects_in_search:
            # Most radios connect better when they do not listen for others.
            await search.aclose()
        if sighting is None:
            sighting = self._left_over_among(await left_over_links(adapters))
        if sighting is None:
            raise BluetoothTrouble(await self._why_not_found())
        return self._settled(sighting)

    def _left_over_among(self, links: list[Sighting]) -> Sighting | None:
        if self._wanted.address is None:
            return links[0] if len(links) == 1 else None
        return next((link for link in links if self._wanted.is_it(link)), None)

    async def _sighted(self, heard: asyncio.Queue[Sighting]) -> Sighting | None:
        """Wait for the wanted strap; where none is wanted yet, take the strongest of a moment."""
        begun = asyncio.get_running_loop().time()
        best: Sighting | None = None
        while True:
            wait_s = self._timings.scan_s if best is None else self._timings.choose_s
            sighting = await next_before(heard, begun + wait_s)
            if sighting is None:
                return best
            if self._wanted.is_it(sighting):
                return sighting
            if self._wanted.address is None and _is_stronger(sighting, best):
                best = sighting

    async def _why_not_found(self) -> LinkReason:
        """Bluetooth that is switched off during a scan ends it without a word."""
        reason = await bluetooth_state()
        return reason if reason in UNAVAILABLE_REASONS else LinkReason.NOT_FOUND

    def _settled(self, sighting: Sighting) -> BLEDevice:
        self._wanted.settle_on(sighting)
        return sighting.device

    async def _follow(self, device: BLEDevice, search: contextlib.AsyncExitStack) -> None:
        """Connect, subscribe, listen; leave the link in order, however it ends."""
        self._say(LinkState.CONNECTING)
        # From now on the system's list of links may be a memory of a service that crashed: look
        # for the strap on the air first.
        self._trusts_left_over = False
        inbox: _Inbox = asyncio.Queue()

        def packet_came(_source: BleakGATTCharacteristic, data: bytearray) -> None:
            inbox.put_nowait(_Packet(self._clock.now(), bytes(data)))

        def link_went(_client: BleakClient) -> None:
            inbox.put_nowait(_LinkGone(self._clock.now()))

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
            begun = self._clock.now()
            async with (
                self._beside(self._tell_more(client, inbox)),
                self._beside(streams.run(wanted)),
                self._beside(self._ask_in_silence(client, inbox, listening)),
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
            self._connects_in_search = trouble.reason is LinkReason.NOT_FOUND
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

    async def _tell_more(self, client: BleakClient, inbox: _Inbox) -> None:
        """Ask for what is good to know; whatever goes wrong here, the beats go on."""
        await self._tell_battery(client, inbox)
        described = [await self._read_text(client, uuid) for uuid in _DESCRIPTION]
        if any(described):
            inbox.put_nowait(DeviceDescribed(self._clock.now(), *described))
        while await self._tell_battery(client, inbox):
            await self._clock.sleep(BATTERY_EVERY_S)

    async def _tell_battery(self, client: BleakClient, inbox: _Inbox) -> bool:
        level = await self._read(client, BATTERY_UUID)
        known = len(level) >= 1 and level[0] <= 100
        if known and level[0] != self._battery_percent:
            self._battery_percent = level[0]
            inbox.put_nowait(BatteryRead(self._clock.now(), level[0]))
        return known

    async def _read_text(self, client: BleakClient, uuid: str) -> str:
        return plain_name((await self._read(client, uuid)).decode("utf-8", "replace"))

    async def _read(self, client: BleakClient, uuid: str) -> bytes:
        """Read a characteristic; nothing where there is none or it does not answer."""
        try:
            read = client.read_gatt_char(uuid)
            return bytes(await answered(read, self._timings.read_s, LinkReason.UNKNOWN))
        except BluetoothTrouble:
            return b""

    async def _ask_in_silence(
        self, client: BleakClient, inbox: _Inbox, listening: Listening
    ) -> None:
        """Ask a strap that fell silent if it is still there, long before the watchdog bites.

        Only an answer that there is no line any more ends the link; a strap that is out of reach,
        or has no battery to tell of, is given its time.
        """
        while True:
            wait_s = listening.fresh_at + self._timings.ask_after_s - self._clock.now()
            await self._clock.sleep(wait_s if wait_s > 0 else self._timings.ask_after_s)
            if listening.is_worth_asking(self._clock.now()):
                listening.asked = True
                if await self._is_dead(client):
                    inbox.put_nowait(_LinkGone(self._clock.now(), LinkReason.NO_DATA))

    async def _is_dead(self, client: BleakClient) -> bool:
        try:
            asked = _question_for(client.services)
        except BleakError:
            return False  # The link has just gone, and says so itself.
        if asked is None:
            return False
        read = client.read_gatt_char(asked)
        try:
            await answered(
                read, self._timings.read_s, LinkReason.UNKNOWN, gone=LinkReason.LINK_LOST
            )
        except BluetoothTrouble as trouble:
            if asked.uuid == MEASUREMENT_UUID and knows_no_such_method(trouble):
                return False  # There are services that only tell beats; this one answers.
            return trouble.reason in _NO_LINE
        return False

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

    def _say_gone(self, t: float, reason: LinkReason) -> None:
        self._say(LinkState.LOST if self._ever_received else LinkState.SEARCHING, reason, t)

    def _say_trouble(self, reason: LinkReason) -> None:
        self._trouble = reason
        unavailable = reason in UNAVAILABLE_REASONS
        self._say(LinkState.UNAVAILABLE if unavailable else LinkState.SEARCHING, reason)


def _question_for(services: BleakGATTServiceCollection) -> BleakGATTCharacteristic | None:
    """Choose what a silent strap is asked for: its battery, or whatever else it lets us read.

    One that has nothing to read is asked for its beats: it says no, and so that it is there. Beats
    that could be read are not asked for, as they would count twice.
    """
    everything = list(services.characteristics.values())
    beats = [each for each in everything if each.uuid == MEASUREMENT_UUID]
    readable = [each for each in everything if "read" in each.properties]
    others = [each for each in readable if each not in beats]
    battery = [each for each in others if each.uuid == BATTERY_UUID]
    choice = battery or others or ([] if readable else beats)
    return choice[0] if choice else None


def _is_stronger(sighting: Sighting, best: Sighting | None) -> bool:
    if best is None or best.strap.signal_dbm is None:
        return True
    signal_dbm = sighting.strap.signal_dbm
    return signal_dbm is not None and signal_dbm > best.strap.signal_dbm
