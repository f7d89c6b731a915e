"""Chest movement and ECG of a Polar strap: started beside the beats, and never at their cost."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from typing import Any, Protocol, TypeVar

from biobreath.clock import Clock
from biobreath.events import LinkReason, PacketRefused, StreamFrame, StreamKind
from biobreath.polar_measurement import (
    CONTROL_UUID,
    DATA_UUID,
    ECG_SETTINGS,
    LONGEST_ANSWER,
    LONGEST_PAYLOAD,
    Command,
    Features,
    MalformedFrame,
    Reply,
    ReplyError,
    StreamSettings,
    acceleration_settings,
    ask_settings,
    decode,
    decode_reply,
    features,
    offer,
    start,
    stop,
)
from biobreath.sensors.finder import BluetoothTrouble, answered
from biobreath.sensors.listening import PacketBudget

_log = logging.getLogger(__name__)

ANSWER_S = 10.0
"""How long a strap may think about one command."""
GOODBYE_S = 1.0
MOST_UNREADABLE = 8
"""So many frames in a row that nobody can read end the streams: an arm band packs its frames in a
way of its own, and its movement is no breath."""

_T = TypeVar("_T")

Put = Callable[[StreamFrame | PacketRefused], None]


class Gatt(Protocol):
    """What is needed of a connected strap."""

    async def read_gatt_char(self, char_specifier: str) -> bytearray:
        """Read a value."""
        ...

    async def write_gatt_char(self, char_specifier: str, data: bytes, *, response: bool) -> None:
        """Write a value."""
        ...

    async def start_notify(
        self, char_specifier: str, callback: Callable[[Any, bytearray], None]
    ) -> None:
        """Have every new value told to ``callback``."""
        ...


class PolarStreams:
    """The streams of one link; whatever goes wrong, it gives up quietly."""

    def __init__(self, client: Gatt, clock: Clock, put: Put) -> None:
        self._client = client
        self._clock = clock
        self._put = put
        self._replies: asyncio.Queue[bytes] = asyncio.Queue()
        self._rates_hz: dict[int, float] = {}
        self._budget = PacketBudget()
        self._unreadable = 0
        self._unread = asyncio.Event()
        self.flowing = False
        """Whether anything that can be read has come."""

    async def run(self, wanted: Collection[StreamKind]) -> None:
        """Stream what is wanted and offered, until cancelled; return where nothing is."""
        if not wanted:
            return
        try:
            offered = features(bytes(await self._step(self._client.read_gatt_char(CONTROL_UUID))))
            kinds = [kind for kind in wanted if _has(offered, kind)]
            if not kinds:
                return
            await self._step(self._client.start_notify(CONTROL_UUID, self._replied))
            await self._step(self._client.start_notify(DATA_UUID, self._came))
            async with self._stopped_at_the_end(kinds):
                for kind in kinds:
                    await self._start(kind)
                await self._unread.wait()
                _log.info("The strap streams what nobody here can read.")
        except (BluetoothTrouble, MalformedFrame) as trouble:
            _log.info("No more of the strap's own streams: %s", trouble)

    @staticmethod
    async def _step(work: Awaitable[_T]) -> _T:
        return await answered(work, ANSWER_S, LinkReason.UNKNOWN)

    async def _start(self, kind: StreamKind) -> None:
        """Start one stream; the one that a strap will not give does not cost the other."""
        try:
            settings = ECG_SETTINGS
            if kind is StreamKind.POLAR_ACCELERATION:
                settings = acceleration_settings(offer(await self._ask(ask_settings(kind))))
            self._expect(kind, settings)
            reply = (await self._ask(start(kind, settings)))[-1]
        except MalformedFrame as trouble:
            _log.info("The strap does not stream %s: %s", kind.name, trouble)
            return
        if reply.error not in (ReplyError.NONE, ReplyError.ALREADY_IN_STATE):
            self._rates_hz.pop(kind, None)
            _log.info("The strap does not stream %s: error %d.", kind.name, reply.error)

    def _expect(self, kind: StreamKind, settings: StreamSettings) -> None:
        # Before the strap answers: its first frame can come sooner than the reply.
        self._rates_hz[kind] = float(settings.sample_rate_hz)

    async def _ask(self, command: bytes) -> list[Reply]:
        """Send one command and wait for its whole answer."""
        while not self._replies.empty():
            self._replies.get_nowait()
        await self._step(self._client.write_gatt_char(CONTROL_UUID, command, response=True))
        replies: list[Reply] = []
        while not replies or (replies[-1].more and len(replies) < LONGEST_ANSWER):
            reply = decode_reply(await self._step(self._replies.get()))
            if reply.answers(Command(command[0]), StreamKind(command[1])):
                replies.append(reply)
        return replies

    def _replied(self, _source: object, data: bytearray) -> None:
        if self._replies.qsize() < LONGEST_ANSWER:
            self._replies.put_nowait(bytes(data))

    def _came(self, _source: object, data: bytearray) -> None:
        """Take a frame; the callback never raises, or the frame after it would be lost."""
        t = self._clock.now()
        if self._unread.is_set() or not self._budget.allows(t):
            return
        payload = bytes(data)
        try:
            decode(payload)
            kind = StreamKind(payload[0] & 0x3F)
            self._put(StreamFrame(t, kind, self._rates_hz[kind], payload))
        except (MalformedFrame, KeyError):
            self._put(PacketRefused(t, payload[:LONGEST_PAYLOAD]))
            self._unreadable += 1
            if self._unreadable >= MOST_UNREADABLE:
                self._unread.set()
        else:
            self.flowing = True
            self._unreadable = 0

    @contextlib.asynccontextmanager
    async def _stopped_at_the_end(
        self, kinds: Collection[StreamKind]
    ) -> AsyncGenerator[None, None]:
        """Stop the streams when the link is left in order: they cost the strap its battery."""
        try:
            yield
        finally:
            with contextlib.suppress(BluetoothTrouble):
                for kind in kinds:
                    goodbye = self._client.write_gatt_char(CONTROL_UUID, stop(kind), response=True)
                    await answered(goodbye, GOODBYE_S, LinkReason.UNKNOWN)


def _has(offered: Features, kind: StreamKind) -> bool:
    return offered.ecg if kind is StreamKind.POLAR_ECG else offered.acceleration
