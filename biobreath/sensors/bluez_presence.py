"""Whether BlueZ runs at all, asked without starting it."""

import asyncio
import sys

ANSWER_S = 2.0


async def bluez_is_missing() -> bool:
    """Tell whether nobody answers for BlueZ; False where that cannot be known.

    A bus that can start services holds every question to one that cannot start (a computer without
    Bluetooth under systemd) for 25 s. This question starts nothing.
    """
    if sys.platform != "linux":
        return False
    try:
        async with asyncio.timeout(ANSWER_S):
            return not await _name_has_owner("org.bluez")
    except Exception:  # noqa: BLE001  dbus-fast raises all kinds; then this is not the reason
        return False


async def _name_has_owner(name: str) -> bool:
    from dbus_fast import BusType, Message
    from dbus_fast.aio import MessageBus

    bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    try:
        asked = Message(
            destination="org.freedesktop.DBus",
            path="/org/freedesktop/DBus",
            interface="org.freedesktop.DBus",
            member="NameHasOwner",
            signature="s",
            body=[name],
        )
        reply = await bus.call(asked)
        return bool(reply.body[0])
    finally:
        bus.disconnect()
