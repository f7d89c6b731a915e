"""What BlueZ says of itself, asked beside bleak; nothing is started by asking."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from biobreath.events import LinkReason

ANSWER_S = 2.0
KERNEL_BLUETOOTH = Path("/sys/class/bluetooth")
"""There where Linux knows of a Bluetooth adapter; systemd starts BlueZ only then."""

_ADAPTER = "org.bluez.Adapter1"


async def why_bluez_is_away() -> LinkReason:
    """Tell why nobody answers for BlueZ; NONE where somebody does, or that cannot be known.

    A bus that can start services holds every question to one that cannot start (a computer without
    Bluetooth under systemd) for 25 s. This question starts nothing.
    """
    bus = "org.freedesktop.DBus"
    has_owner = await _asked(bus, "/org/freedesktop/DBus", bus, "NameHasOwner", "org.bluez")
    if has_owner is not False:
        return LinkReason.NONE
    return _why_it_does_not_start()


def _why_it_does_not_start() -> LinkReason:
    there = KERNEL_BLUETOOTH.exists()
    return LinkReason.NO_BLUETOOTH_SERVICE if there else LinkReason.NO_ADAPTER


async def powered_adapters() -> list[str]:
    """Name the adapters that are on and can call straps, hci0 first; none where nobody tells."""
    told = await _asked("org.bluez", "/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")
    objects: dict[str, dict[str, dict[str, Any]]] = told or {}
    return sorted(
        path.rpartition("/")[2]
        for path, held in objects.items()
        if _ADAPTER in held and _is_ready(held[_ADAPTER])
    )


def _is_ready(told: dict[str, Any]) -> bool:
    powered, roles = told.get("Powered"), told.get("Roles")
    is_on = powered is not None and bool(powered.value)
    return is_on and (roles is None or "central" in roles.value)


async def _asked(destination: str, path: str, interface: str, member: str, *body: str) -> Any:  # noqa: ANN401
    """Ask one question, whose parts are words; None where there is no answer, for any reason."""
    if sys.platform != "linux":
        return None
    from dbus_fast import BusType, Message, MessageFlag, MessageType
    from dbus_fast.aio import MessageBus

    question = Message(
        destination=destination,
        path=path,
        interface=interface,
        member=member,
        signature="s" * len(body),
        body=list(body),
        flags=MessageFlag.NO_AUTOSTART,
    )
    try:
        bus = MessageBus(bus_type=BusType.SYSTEM)
        try:
            async with asyncio.timeout(ANSWER_S):
                await bus.connect()
                reply = await bus.call(question)
        finally:
            bus.disconnect()
    except Exception:  # noqa: BLE001  dbus-fast raises all kinds; then nothing is known
        return None
    is_answer = reply.message_type is MessageType.METHOD_RETURN
    return reply.body[0] if is_answer and reply.body else None
