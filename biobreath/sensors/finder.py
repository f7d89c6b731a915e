"""The search for heart-rate straps in range, and what to say where Bluetooth cannot be used."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bleak import BleakAdapter, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)

from biobreath.addresses import in_words, plain_name, whole_story
from biobreath.events import LinkReason
from biobreath.heart_rate_service import SERVICE_UUID
from biobreath.sensors.bluez_bus import powered_adapters, why_bluez_is_away

_log = logging.getLogger(__name__)

_T = TypeVar("_T")

ANSWER_S = 8.0
"""How long the system's Bluetooth service may take for one answer."""

UNAVAILABLE_REASONS = frozenset(
    {
        LinkReason.NO_BUS,
        LinkReason.NO_BLUETOOTH_SERVICE,
        LinkReason.NO_ADAPTER,
        LinkReason.POWERED_OFF,
        LinkReason.PERMISSION_DENIED,
        LinkReason.BUSY,
    }
)
"""Reasons that lie with Bluetooth itself and not with the strap."""


class BluetoothTrouble(Exception):  # noqa: N818
    """A step could not be done; ``reason`` is what the person can be told."""

    def __init__(self, reason: LinkReason) -> None:
        super().__init__(f"Bluetooth: {reason.value}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FoundStrap:
    """A device in range that offers the Heart Rate service."""

    address: str
    name: str
    signal_dbm: int | None
    """Strength of its last call; None where the system does not tell, as for a left-over link."""
    left_over: bool = False
    """Already connected to this computer, by a program that is gone or by the system."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A strap as it was just seen, with the handle that connects to it while it is fresh."""

    strap: FoundStrap
    device: BLEDevice


async def scan(
    seconds: float, on_found: Callable[[FoundStrap], None] | None = None
) -> list[FoundStrap]:
    """Look for straps for ``seconds``; strongest first, left-over links before all.

    ``on_found`` is called in this coroutine whenever a strap is new or looks different.

    Raises
    ------
    BluetoothTrouble
        When Bluetooth cannot be used.
    """
    found: dict[str, FoundStrap] = {}

    def note(strap: FoundStrap) -> None:
        known = found.get(strap.address)
        merged = replace(
            strap, left_over=strap.left_over or (known is not None and known.left_over)
        )
        found[strap.address] = merged
        if on_found is not None and merged != known:
            on_found(merged)

    adapters = await adapters_in_use()
    for sighting in await left_over_links(adapters):
        note(sighting.strap)
    async with scanning(adapters) as heard:
        deadline = asyncio.get_running_loop().time() + seconds
        while (sighting := await next_before(heard, deadline)) is not None:
            note(sighting.strap)
    if not found:
        await _ensure_usable()
    return sorted(found.values(), key=_by_nearness)


async def bluetooth_state() -> LinkReason:
    """Tell why Bluetooth cannot be used, or NONE when it can; nothing is sent on the air."""
    try:
        await answered(BleakAdapter.get(), ANSWER_S, LinkReason.UNKNOWN)
    except BluetoothTrouble as trouble:
        return trouble.reason
    return LinkReason.NONE


async def adapters_in_use() -> list[str]:
    """Name the adapters to use: each one where several are on, else bleak's own choice, "".

    Of several, bleak would take any one, and another one in the next run.

    Raises
    ------
    BluetoothTrouble
        When Bluetooth cannot be used.
    """
    try:
        # Bluetooth that cannot be used says so here, and a service that sleeps wakes up.
        await answered(BleakAdapter.get(), ANSWER_S, LinkReason.UNKNOWN)
    except BluetoothTrouble as trouble:
        if trouble.reason in UNAVAILABLE_REASONS:
            raise
        return [""]
    names = await powered_adapters()
    return names if len(names) > 1 else [""]


async def left_over_links(adapters: Sequence[str]) -> list[Sighting]:
    """List the straps that are connected already and therefore no longer call out.

    Raises
    ------
    BluetoothTrouble
        When Bluetooth cannot be used.
    """
    try:
        devices = [each for name in adapters for each in await _connected_to(name)]
    except BluetoothTrouble as trouble:
        if trouble.reason in UNAVAILABLE_REASONS:
            raise
        # A help, not a need: not every system can list its links, and the scan goes on.
        return []
    return [
        Sighting(FoundStrap(device.address, plain_name(device.name), None, left_over=True), device)
        for device in devices
    ]


async def _connected_to(name: str) -> list[BLEDevice]:
    getting = BleakAdapter.get(bluez={"adapter": name} if name else {})
    adapter = await answered(getting, ANSWER_S, LinkReason.UNKNOWN)
    listing = adapter.get_connected_devices([SERVICE_UUID])
    return await answered(listing, ANSWER_S, LinkReason.UNKNOWN)


@contextlib.asynccontextmanager
async def scanning(adapters: Sequence[str]) -> AsyncGenerator["asyncio.Queue[Sighting]", None]:
    """Listen for calling straps; what is heard meanwhile lands in the queue.

    Raises
    ------
    BluetoothTrouble
        When Bluetooth cannot be used.
    """
    heard: asyncio.Queue[Sighting] = asyncio.Queue()

    def note(device: BLEDevice, advertisement: AdvertisementData) -> None:
        heard.put_nowait(_sighting(device, advertisement))

    # The full UUID: "180d" would match nothing, and without a filter we would read what other
    # people's devices call out.
    scanners = [
        BleakScanner(note, [SERVICE_UUID], bluez={"adapter": name} if name else {})
        for name in adapters
    ]
    try:
        await _start_any(scanners)
        yield heard
    finally:
        for scanner in scanners:
            with contextlib.suppress(BluetoothTrouble):
                await answered(scanner.stop(), ANSWER_S, LinkReason.UNKNOWN)


async def _start_any(scanners: Sequence[BleakScanner]) -> None:
    """Start all; one adapter that will not search does not stop the others."""
    troubles: list[BluetoothTrouble] = []
    for scanner in scanners:
        try:
            await answered(
                scanner.start(), ANSWER_S, LinkReason.UNKNOWN, gone=LinkReason.NO_ADAPTER
            )
        except BluetoothTrouble as trouble:
            troubles.append(trouble)
    if len(troubles) == len(scanners):
        raise troubles[0]


async def next_before(heard: "asyncio.Queue[Sighting]", deadline: float) -> Sighting | None:
    """Wait for the next sighting until ``deadline`` on the loop's clock; None when it is over."""
    try:
        async with asyncio.timeout_at(deadline):
            return await heard.get()
    except TimeoutError:
        return None


async def answered(
    work: Awaitable[_T],
    seconds: float,
    otherwise: LinkReason,
    *,
    gone: LinkReason | None = None,
) -> _T:
    """Await one Bluetooth step for at most ``seconds``.

    ``otherwise`` is the reason where nothing better is known, ``gone`` the one where the object
    that was asked does not exist any more.

    Raises
    ------
    BluetoothTrouble
        For everything that can go wrong, in whichever of its many shapes.
    """
    try:
        async with asyncio.timeout(seconds):
            return await work
    except (BleakError, OSError, TimeoutError, EOFError) as trouble:
        reason = reason_of(trouble, otherwise, gone=gone)
        late = isinstance(trouble, TimeoutError) and reason is LinkReason.BUSY
        away = await why_bluez_is_away() if late else LinkReason.NONE
        reason = reason if away is LinkReason.NONE else away
        # Bluetooth that is off is asked for again every other second: not each time into the log.
        level = logging.DEBUG if reason in UNAVAILABLE_REASONS else logging.INFO
        _log.log(level, "Bluetooth: %s (%s).", reason.value, in_words(trouble))
        raise BluetoothTrouble(reason) from trouble
    except asyncio.CancelledError as cancelled:
        # Windows' Bluetooth sometimes cancels on its own; only a cancel that was asked for counts.
        if was_cancelled():
            raise
        raise BluetoothTrouble(otherwise) from cancelled
    except Exception as surprise:
        # bleak and dbus-fast also raise AssertionError, KeyError and their own plain exceptions.
        reason = reason_of(surprise, otherwise, gone=gone)
        _log.warning("Bluetooth: %s (%s).", reason.value, whole_story(surprise))
        raise BluetoothTrouble(reason) from surprise


def knows_no_such_method(trouble: BluetoothTrouble) -> bool:
    """Whether somebody answered who does not do what was asked."""
    cause = trouble.__cause__
    return isinstance(cause, BleakDBusError) and cause.dbus_error.endswith(".UnknownMethod")


def was_cancelled() -> bool:
    """Whether somebody asked the running task to stop."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def reason_of(
    trouble: BaseException, otherwise: LinkReason, *, gone: LinkReason | None = None
) -> LinkReason:
    """Name the reason behind an exception of bleak or of the system."""
    if isinstance(trouble, BleakBluetoothNotAvailableError):
        return _BY_AVAILABILITY.get(trouble.reason, LinkReason.UNKNOWN)
    if isinstance(trouble, BleakDBusError):
        return _reason_of_dbus(trouble, otherwise, gone)
    if isinstance(trouble, BleakGATTProtocolError):
        return LinkReason.NOT_PAIRED if trouble.code in _WANTS_PAIRING else otherwise
    if isinstance(trouble, BleakCharacteristicNotFoundError):
        return LinkReason.NO_HEART_RATE
    if isinstance(trouble, BleakDeviceNotFoundError):
        return LinkReason.NOT_FOUND
    if isinstance(trouble, BleakError):
        return _reason_of_words(str(trouble), otherwise)
    if isinstance(trouble, TimeoutError):  # before OSError, of which it is one
        return _BY_LATE_STEP.get(otherwise, otherwise)
    if isinstance(trouble, PermissionError):
        return LinkReason.PERMISSION_DENIED
    if isinstance(trouble, OSError | EOFError):
        # On Linux only the way to the bus raises these; on Windows any step may.
        return LinkReason.NO_BUS if sys.platform == "linux" else otherwise
    return _BY_CLASS_NAME.get(type(trouble).__name__, otherwise)


def _reason_of_dbus(
    trouble: BleakDBusError, otherwise: LinkReason, gone: LinkReason | None
) -> LinkReason:
    if trouble.dbus_error.startswith(_COULD_NOT_BE_STARTED):
        return LinkReason.NO_BLUETOOTH_SERVICE
    name = trouble.dbus_error.rpartition(".Error.")[2]
    if name in {"UnknownObject", "UnknownMethod", "UnknownInterface", "DoesNotExist"}:
        return gone or otherwise
    if name == "NotPermitted":
        words = " ".join(str(word) for word in trouble.args[1:]).casefold()
        return LinkReason.NOT_PAIRED if "paired" in words else otherwise
    return _BY_DBUS_NAME.get(name, otherwise)


def _reason_of_words(words: str, otherwise: LinkReason) -> LinkReason:
    """Read what bleak only says in words."""
    text = words.casefold()
    if "not found" in text and "adapter" in text:
        return LinkReason.NO_ADAPTER
    if "not found" in text and "device" in text:
        return LinkReason.NOT_FOUND
    if "access denied" in text:
        return LinkReason.PERMISSION_DENIED
    return otherwise


_Unavailable = BleakBluetoothNotAvailableReason

_BY_AVAILABILITY = {
    _Unavailable.NO_BLUETOOTH: LinkReason.NO_ADAPTER,
    _Unavailable.NO_BLE_CENTRAL_ROLE: LinkReason.NO_ADAPTER,
    _Unavailable.POWERED_OFF: LinkReason.POWERED_OFF,
    _Unavailable.DENIED_BY_USER: LinkReason.PERMISSION_DENIED,
    _Unavailable.DENIED_BY_SYSTEM: LinkReason.PERMISSION_DENIED,
    _Unavailable.DENIED_BY_UNKNOWN: LinkReason.PERMISSION_DENIED,
}

_COULD_NOT_BE_STARTED = (
    "org.freedesktop.systemd1.",
    "org.freedesktop.DBus.Error.Spawn.",
    "org.freedesktop.DBus.Error.TimedOut",
)
"""How the names of errors begin where the bus tried to start the Bluetooth service on demand."""

_BY_DBUS_NAME = {
    "ServiceUnknown": LinkReason.NO_BLUETOOTH_SERVICE,
    "NameHasNoOwner": LinkReason.NO_BLUETOOTH_SERVICE,
    "Disconnected": LinkReason.NO_BUS,
    "AccessDenied": LinkReason.PERMISSION_DENIED,
    "NotAuthorized": LinkReason.PERMISSION_DENIED,
    "NotReady": LinkReason.POWERED_OFF,
    "InProgress": LinkReason.BUSY,
    "AuthenticationFailed": LinkReason.NOT_PAIRED,
    "AuthenticationCanceled": LinkReason.NOT_PAIRED,
    "AuthenticationRejected": LinkReason.NOT_PAIRED,
    "AuthenticationTimeout": LinkReason.NOT_PAIRED,
}
"""By the last part of a D-Bus error name."""

_BY_CLASS_NAME = {
    "AuthError": LinkReason.PERMISSION_DENIED,
    "InvalidAddressError": LinkReason.NO_BUS,
}
"""What dbus-fast raises by itself; it exists on Linux only, so it is known by name."""

_BY_LATE_STEP = {
    LinkReason.CONNECT_FAILED: LinkReason.CONNECT_TIMEOUT,
    LinkReason.UNKNOWN: LinkReason.BUSY,
}
"""A step that took too long: a strap that does not answer, or a system that does not."""

_WANTS_PAIRING = {
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHORIZATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION_KEY_SIZE,
}


async def _ensure_usable() -> None:
    """Bluetooth that is switched off during a scan ends it without a word; ask afterwards."""
    reason = await bluetooth_state()
    if reason in UNAVAILABLE_REASONS:
        raise BluetoothTrouble(reason)


def _sighting(device: BLEDevice, advertisement: AdvertisementData) -> Sighting:
    # ±127 stands for "not known" on one system or another.
    signal_dbm = advertisement.rssi if -127 < advertisement.rssi < 127 else None
    name = plain_name(device.name or advertisement.local_name)
    return Sighting(FoundStrap(device.address, name, signal_dbm), device)


def _by_nearness(strap: FoundStrap) -> tuple[bool, int, str]:
    weakest = -128
    signal_dbm = weakest if strap.signal_dbm is None else strap.signal_dbm
    return (not strap.left_over, -signal_dbm, strap.address)
