"""Both radios: the machine's adapter on /dev/vhci, and a strap with a heart that never stops.

Runs inside the virtual machine. Every packet goes to stdout as a JSON line with its fate, which is
the truth that the program is compared with. Commands come on stdin, one a line: ``hang up`` (the
strap ends the link), ``away`` and ``back`` (out of range, and in range again).
"""

# Bumble is no part of the project's environment, so its types are not known to the checker.
# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false

import asyncio
import json
import math
import random
import sys
import time
from collections.abc import Iterator

from bumble.controller import Controller
from bumble.core import UUID, AdvertisingData, PhysicalTransport
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, Service
from bumble.hci import (
    HCI_LE_SET_PRIVACY_MODE_COMMAND,
    Address,
    HCI_ErrorCode,
    HCI_StatusReturnParameters,
    LeFeatureMask,
)
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport import open_transport
from bumble.transport.common import AsyncPipeSink

from tools.real_bluetooth.comparing import Fate

ADAPTER_ADDRESS = "02:00:00:00:00:01"
STRAP_ADDRESS = "C0:00:00:00:00:02"
STRAP_NAME = "Made-up strap"
BATTERY_PERCENT = 80

HEART_RATE, MEASUREMENT = UUID.from_16_bits(0x180D), UUID.from_16_bits(0x2A37)
BATTERY, BATTERY_LEVEL = UUID.from_16_bits(0x180F), UUID.from_16_bits(0x2A19)

PACKET_EVERY_S = 1.0
SUPERVISION_S = 2.0
"""How long a link lives without a word from the other side."""
CALLS_EVERY_MS = 250.0


def now() -> float:
    """Seconds since the machine started: the one time of all logs of a case."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def tell(event: str, **facts: object) -> None:
    """Write one line of the log."""
    print(json.dumps({"t": now(), "event": event, **facts}), flush=True)


def intervals(seed: int) -> Iterator[int]:
    """Yield the intervals (1/1024 s) of a calm heart that breathes; every fifth comes twice.

    Equal intervals in a row are genuine: a program that removes copies by their value loses some.
    """
    chance = random.Random(seed)
    begun_s = 0.0
    ticks = 900
    for number in range(1, sys.maxsize):
        if number % 5:
            breath = math.sin(2.0 * math.pi * begun_s / 10.0)
            ticks = round(880 + 55 * breath + chance.uniform(-12.0, 12.0))
        begun_s += ticks / 1024
        yield ticks


class Air(LocalLink):
    """What is between the two radios."""

    clear = True

    def send_acl_data(self, sender_controller, destination_address, _transport, data) -> None:  # noqa: ANN001
        """Carry data to the controller that is linked with the sender.

        Bumble names the sender by its random address, the kernel connects with its public one:
        take the one that the receiver has a link with.
        """
        receiver = self.find_le_controller(destination_address)
        if not self.clear or receiver is None:
            return
        for address in (sender_controller.random_address, sender_controller.public_address):
            if address in receiver.le_connections:
                asyncio.get_running_loop().call_soon(
                    receiver.on_link_acl_data, address, PhysicalTransport.LE, data
                )
                return

    def send_advertising_pdu(self, sender_controller, packet) -> None:  # noqa: ANN001
        """Carry a call, unless the strap is out of range."""
        if self.clear:
            super().send_advertising_pdu(sender_controller, packet)

    def send_ll_control_pdu(self, sender_address, receiver_address, packet) -> None:  # noqa: ANN001
        """Carry a message between the radios themselves, unless the strap is out of range."""
        if self.clear and self.find_le_controller(receiver_address) is not None:
            super().send_ll_control_pdu(sender_address, receiver_address, packet)

    def cut(self) -> None:
        """End every link at both sides, as when its supervision time has passed."""
        for controller in self.controllers:
            for connection in list(controller.le_connections.values()):
                controller.on_le_disconnected(connection, HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)


class Adapter(Controller):
    """The machine's radio: a plain adapter of Bluetooth 4.2 that claims no more than it does.

    Bumble's own claims LL Privacy but announces links in the old way. The kernel then waits in
    vain for the new way, holds the link for a failed one after 4 s, and can never end it.
    """

    le_features = (
        LeFeatureMask.LE_ENCRYPTION
        | LeFeatureMask.CONNECTION_PARAMETERS_REQUEST_PROCEDURE
        | LeFeatureMask.EXTENDED_REJECT_INDICATION
        | LeFeatureMask.PERIPHERAL_INITIATED_FEATURE_EXCHANGE
    )
    supported_commands = Controller.supported_commands - {HCI_LE_SET_PRIVACY_MODE_COMMAND}

    def on_hci_reset_command(self, _command: object) -> HCI_StatusReturnParameters:
        """Stop looking and calling, and let every link go."""
        self.le_scan_enable = 0
        self.pending_le_connection = None
        self.le_legacy_advertiser.stop()
        self.link.cut()
        return HCI_StatusReturnParameters(HCI_ErrorCode.SUCCESS)


class Strap:
    """A peripheral with the Heart Rate service."""

    def __init__(self, air: Air) -> None:
        self._air = air
        radio = Controller("strap", link=air)
        self._device = Device(
            name=STRAP_NAME,
            address=Address(STRAP_ADDRESS),
            host=Host(radio, AsyncPipeSink(radio)),
        )
        self._measurement = Characteristic(
            MEASUREMENT, Characteristic.Properties.NOTIFY, Characteristic.Permissions(0)
        )
        level = Characteristic(
            BATTERY_LEVEL,
            Characteristic.Properties.READ,
            Characteristic.READABLE,
            bytes([BATTERY_PERCENT]),
        )
        self._device.add_services(
            [Service(HEART_RATE, [self._measurement]), Service(BATTERY, [level])]
        )
        self._subscribed = False
        self._connection: Connection | None = None
        self._measurement.on(Characteristic.EVENT_SUBSCRIPTION, self._on_subscription)
        self._device.on(Device.EVENT_CONNECTION, self._on_connection)

    async def start(self) -> None:
        """Switch the radio on and call out."""
        await self._device.power_on()
        await self._device.start_advertising(
            auto_restart=True,
            advertising_interval_min=CALLS_EVERY_MS,
            advertising_interval_max=CALLS_EVERY_MS,
            advertising_data=bytes(
                AdvertisingData(
                    [
                        (AdvertisingData.FLAGS, bytes([0x06])),
                        (
                            AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
                            bytes(HEART_RATE),
                        ),
                        (AdvertisingData.COMPLETE_LOCAL_NAME, STRAP_NAME.encode()),
                    ]
                )
            ),
        )
        tell("ready")

    def _on_connection(self, connection: Connection) -> None:
        self._connection = connection
        tell("link", up=True)
        connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)

    def _on_disconnection(self, reason: int) -> None:
        self._connection = None
        self._subscribed = False
        tell("link", up=False, reason=int(reason))

    def _on_subscription(self, _bearer: object, notify: bool, _indicate: bool) -> None:  # noqa: FBT001
        self._subscribed = notify
        tell("subscription", on=notify)

    async def beat(self) -> None:
        """Send a packet a second with the intervals that ended in it, for ever."""
        heart = intervals(seed=1)
        upcoming = next(heart)
        ends_at = now() + upcoming / 1024
        while True:
            await asyncio.sleep(PACKET_EVERY_S)
            ended: list[int] = []
            while ends_at <= now():
                ended.append(upcoming)
                upcoming = next(heart)
                ends_at += upcoming / 1024
            await self._send(ended)

    async def _send(self, ended: list[int]) -> None:
        rate = round(60 * 1024 / ended[-1]) if ended else 0
        payload = bytes([0x10 if ended else 0x00, rate])
        payload += b"".join(ticks.to_bytes(2, "little") for ticks in ended)
        fate = self._fate()
        tell("packet", payload=payload.hex(), ticks=ended, fate=fate)
        if self._connection is not None and fate is not Fate.NOT_SUBSCRIBED:
            await self._device.notify_subscriber(self._connection, self._measurement, payload)

    def _fate(self) -> Fate:
        if not self._subscribed:
            return Fate.NOT_SUBSCRIBED
        return Fate.NOTIFIED if self._air.clear else Fate.OUT_OF_RANGE

    async def obey(self, command: str) -> None:
        """Do what the story asks for."""
        match command:
            case "hang up" if self._connection is not None:
                await self._connection.disconnect()
            case "away":
                self._air.clear = False
                await asyncio.sleep(SUPERVISION_S)
                self._air.cut()
            case "back":
                self._air.clear = True
            case _:
                tell("refused", command=command)
                return
        tell("done", command=command)


async def main() -> None:
    """Be both radios until stdin ends."""
    air = Air()
    async with await open_transport("vhci") as computer:
        adapter = Adapter("adapter", computer.source, computer.sink, air, ADAPTER_ADDRESS)
        strap = Strap(air)
        await strap.start()
        beating = asyncio.create_task(strap.beat())
        commands = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(commands), sys.stdin
        )
        while line := await commands.readline():
            await strap.obey(line.decode().strip())
        beating.cancel()
        del adapter


if __name__ == "__main__":
    asyncio.run(main())
