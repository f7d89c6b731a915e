"""A stand-in for Linux's Bluetooth service: straps that exist on a private message bus only.

It owns ``org.bluez`` on a ``dbus-daemon`` of its own, so that an unmodified bleak, in this process
or in a child, talks to it as to a real one. It runs in its own thread; every call here may come
from any other thread and is done when it returns. ::

    with private_bus() as address, StandIn(address) as bluez:
        strap = bluez.add_strap("Polar H10 1234", "AA:BB:CC:DD:EE:01", battery=80)
        ...                                  # start the program under test
        strap.wait_until_notifying()
        strap.send([1024, 998])              # one packet, RR in 1/1024 s, oldest first
        strap.start_beating(cycle([900, 950]), every_s=0.05)
        assert received == strap.sent_rr_ms()

``private_bus`` sets ``DBUS_SYSTEM_BUS_ADDRESS`` for this process and the children that it starts
meanwhile, and skips the test where there is no ``dbus-daemon``.

A strap: ``send``, ``send_bytes``, ``start_beating``, ``stop_beating`` · ``connected``,
``notifying``, ``wait_until_notifying``, ``wait_until_disconnected`` · ``truth`` (every packet with
its fate), ``delivered`` (the payloads that went out), ``sent_rr_ms`` · faults: ``drop_link``,
``go_out_of_range``, ``come_back``, ``mute``, ``unmute``, ``be_held_by_the_system``,
``vanish`` (the system forgets it without a word).

The service: ``add_strap``, ``add_other_device`` · faults: ``power(on=False)``, ``remove_adapter``,
``add_adapter``, ``stop``/``start`` (orderly or not: a crash says nothing), ``slow(member, s)``,
``refuse(member, error, text)``, ``heal`` · habits: ``add_another_adapter``,
``forgets_after_search`` · ``calls``, a list of (path, member).
"""

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from biobreath import polar_measurement
from biobreath.events import StreamKind
from biobreath.heart_rate_service import (
    BATTERY_UUID,
    FIRMWARE_UUID,
    MANUFACTURER_UUID,
    MEASUREMENT_UUID,
    MODEL_UUID,
    MS_PER_TICK,
    SERVICE_UUID,
    decode,
    encode,
)
from biobreath.polar_measurement import Command, Offer, Reply

if sys.platform == "linux":  # elsewhere dbus-fast is not installed, and private_bus skips
    from dbus_fast import Message, MessageType, Variant
    from dbus_fast.aio import MessageBus

BATTERY_SERVICE_UUID = "0000180f-0000-1000-8000-00805f9b34fb"
DEVICE_INFORMATION_UUID = "0000180a-0000-1000-8000-00805f9b34fb"
DESCRIPTION = (MANUFACTURER_UUID, MODEL_UUID, FIRMWARE_UUID)

BLUEZ = "org.bluez"
ADAPTER = "org.bluez.Adapter1"
DEVICE = "org.bluez.Device1"
SERVICE = "org.bluez.GattService1"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"
PROPERTIES = "org.freedesktop.DBus.Properties"
OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"
ADAPTER_PATH = "/org/bluez/hci0"

CALLS_EVERY_S = 0.05
"""How often an idle strap calls out."""

_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>custom</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  {services}
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@contextlib.contextmanager
def private_bus(*, never_starts: bool = False) -> Iterator[str]:
    """Run a message bus of our own and make it this process's system bus; give its address.

    ``never_starts`` lets it try to start the Bluetooth service on demand, in vain and for long, as
    under systemd on a computer without Bluetooth.
    """
    program = shutil.which("dbus-daemon")
    if sys.platform != "linux" or program is None:
        pytest.skip("needs Linux and dbus-daemon (Debian: the package dbus)")
    # A short path: a socket's name may have 107 characters, and pytest's folders are long.
    folder = Path(tempfile.mkdtemp(prefix="bb-"))
    config = folder / "bus.conf"
    if never_starts:
        service = "[D-BUS Service]\nName=org.bluez\nExec=/bin/sleep 60\n"
        (folder / "org.bluez.service").write_text(service)
    services = f"<servicedir>{folder}</servicedir>" if never_starts else ""
    config.write_text(_CONFIG.format(socket=folder / "bus", services=services))
    daemon = subprocess.Popen(
        [program, f"--config-file={config}", "--nofork", "--nopidfile", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    before = os.environ.get("DBUS_SYSTEM_BUS_ADDRESS")
    try:
        address = daemon.stdout.readline().strip()
        assert address, "dbus-daemon did not start"
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = address
        yield address
    finally:
        if before is None:
            os.environ.pop("DBUS_SYSTEM_BUS_ADDRESS", None)
        else:
            os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = before
        daemon.terminate()
        daemon.wait(5)
        daemon.stdout.close()
        shutil.rmtree(folder, ignore_errors=True)


def wait_until(condition: Callable[[], bool], timeout_s: float = 5.0, what: str = "") -> None:
    """Wait in a thread without a loop until ``condition`` holds."""
    deadline = time.monotonic() + timeout_s
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"waited {timeout_s} s in vain: {what or condition}"
        pause.wait(0.005)


@dataclass(frozen=True, slots=True)
class Sent:
    """One packet and its fate."""

    t: float
    payload: bytes
    delivered: bool
    """Whether the strap was connected, subscribed to, in range and not mute."""


@dataclass
class PolarService:
    """The measurement service of a Polar strap: what it offers, what was started."""

    ecg: bool = True
    acceleration: bool = True
    offers: dict = field(
        default_factory=lambda: {
            StreamKind.POLAR_ACCELERATION: Offer((25, 50, 100, 200), (16,), (2, 4, 8)),
            StreamKind.POLAR_ECG: Offer((130,), (14,)),
        }
    )
    refuses: int = 0
    """The error that every command is answered with."""
    streaming: dict[int, bytes] = field(default_factory=dict)
    """By kind of stream: the settings it was started with."""
    commands: list[bytes] = field(default_factory=list)

    def answer(self, command: bytes) -> list[bytes]:
        self.commands.append(command)
        what, kind = command[0], command[1]
        if self.refuses:
            return [polar_measurement.encode_reply(Reply(what, kind, self.refuses))]
        if what == Command.SETTINGS:
            reply = polar_measurement.offer_reply(StreamKind(kind), self.offers[kind])
            return [polar_measurement.encode_reply(reply)]
        if what == Command.START:
            self.streaming[kind] = command[2:]
        else:
            self.streaming.pop(kind, None)
        return [polar_measurement.encode_reply(Reply(what, kind, 0))]


@dataclass(eq=False)
class Strap:
    """A device in the neighbourhood; see the module for what it can do."""

    bluez: "StandIn"
    name: str
    address: str
    uuids: list[str]
    battery: int | None
    rssi: int
    in_range: bool = True
    muted: bool = False
    connected: bool = False
    listening: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By characteristic: bus connections that asked for notifications. As with the real service
    they outlive the link, and each that is still open brings one copy of every packet (bleak's
    issue 2002)."""
    known: bool = False
    """Whether the service has an object for it, as it has once it was seen."""
    truth: list[Sent] = field(default_factory=list)
    connections: int = 0
    waiting: list = field(default_factory=list)
    beating: asyncio.Task | None = None
    description: tuple[str, ...] = ()
    """Manufacturer, model and firmware, for a strap that tells them."""

    polar: "PolarService | None" = None
    adapter: str = "hci0"
    """The adapter that it is in reach of."""

    @property
    def listeners(self) -> set[str]:
        return self.listening[MEASUREMENT_UUID]

    @property
    def path(self) -> str:
        return f"{self.adapter_path}/dev_{self.address.replace(':', '_')}"

    @property
    def adapter_path(self) -> str:
        return f"/org/bluez/{self.adapter}"

    @property
    def notifying(self) -> bool:
        return self.connected and bool(self.listeners)

    @property
    def delivered(self) -> list[bytes]:
        return [packet.payload for packet in self.truth if packet.delivered]

    def read(self, uuid: str) -> bytes:
        """Return what the strap answers when it is asked for a characteristic."""
        if uuid == BATTERY_UUID:
            return bytes([self.battery])
        if uuid == MEASUREMENT_UUID:
            raise PermissionError("beats are told and not read")
        if uuid == polar_measurement.CONTROL_UUID:
            return polar_measurement.encode_features(
                polar_measurement.Features(self.polar.ecg, self.polar.acceleration)
            )
        return self.description[DESCRIPTION.index(uuid)].encode()

    def sent_rr_ms(self) -> list[float]:
        return [rr for payload in self.delivered for rr in decode(0.0, payload).rr_ms]

    def send(
        self,
        rr_ticks: Sequence[int] = (),
        *,
        heart_rate_bpm: int = 60,
        contact: bool | None = None,
    ) -> bytes:
        return self.send_bytes(encode(heart_rate_bpm, rr_ticks, contact=contact))

    def send_bytes(self, payload: bytes) -> bytes:
        self.bluez.do(lambda: self.bluez.notify(self, payload))
        return payload

    def send_frame(self, payload: bytes) -> None:
        """Send one frame of a stream to whoever listens."""
        self.bluez.do(lambda: self.bluez.tell(self, polar_measurement.DATA_UUID, payload))

    def start_beating(self, rr_ticks: Iterable[int], every_s: float) -> None:
        """Send one packet with one RR at every turn, whoever listens."""

        async def beat() -> None:
            for ticks in rr_ticks:
                rate = round(60_000 / (ticks * MS_PER_TICK))
                self.bluez.notify(self, encode(rate, [ticks]))
                await asyncio.sleep(every_s)

        def start() -> None:
            self.beating = asyncio.get_running_loop().create_task(beat())

        self.bluez.do(start)

    def stop_beating(self) -> None:
        self.bluez.do(lambda: self.beating and self.beating.cancel())

    def wait_until_notifying(self, timeout_s: float = 10.0) -> None:
        wait_until(lambda: self.notifying, timeout_s, f"{self.name} is subscribed to")

    def wait_until_disconnected(self, timeout_s: float = 10.0) -> None:
        wait_until(lambda: not self.connected, timeout_s, f"{self.name} is left")

    def drop_link(self) -> None:
        self.bluez.do(lambda: self.bluez.unlink(self))

    def go_out_of_range(self, supervision_s: float = 0.2) -> None:
        """Send nothing more; the system notices after the supervision time."""

        def leave() -> None:
            self.in_range = False
            asyncio.get_running_loop().call_later(supervision_s, self.bluez.unlink, self)

        self.bluez.do(leave)

    def come_back(self) -> None:
        """Be in range again; a call that was still waiting for it goes through."""

        def return_() -> None:
            self.in_range = True
            waiting, self.waiting[:] = list(self.waiting), []
            for message in waiting:
                self.bluez.serve_connect(message, self)

        self.bluez.do(return_)

    def mute(self) -> None:
        self.bluez.do(lambda: setattr(self, "muted", True))

    def unmute(self) -> None:
        self.bluez.do(lambda: setattr(self, "muted", False))

    def be_held_by_the_system(self) -> None:
        """Let the system itself connect, as after pairing in its settings."""
        self.bluez.do(lambda: self.bluez.hold(self))

    def vanish(self) -> None:
        self.bluez.do(lambda: self.bluez.forget(self, orderly=False))


class StandIn:
    """``org.bluez`` on the bus at ``address``; see the module for what it can do."""

    def __init__(self, address: str, *, adapter: bool = True, powered: bool = True) -> None:
        self.address = address
        self.calls: list[tuple[str, str]] = []
        self.straps: list[Strap] = []
        self.forgets_after_search = False
        """Whether devices that are not connected are forgotten as soon as a search ends."""
        self._powered = powered
        self._discoverers: set[tuple[str, str]] = set()
        """Who searches with which adapter."""
        self._objects: dict[str, dict[str, dict]] = {}
        self._delays: dict[str, float] = {}
        self._refusals: dict[str, tuple[str, str]] = {}
        self._signals_on = True
        self._has_adapter = adapter
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="org.bluez stand-in")

    # The outside: any thread.

    def __enter__(self) -> "StandIn":
        self._thread.start()
        assert self._ready.wait(5), "the stand-in did not start"
        return self

    def __exit__(self, *_exc: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(5)

    def do(self, work: Callable[[], object]) -> None:
        """Run ``work`` in the stand-in's own thread and wait for it."""

        async def worked() -> None:
            work()

        asyncio.run_coroutine_threadsafe(worked(), self._loop).result(5)

    def add_strap(
        self,
        name: str,
        address: str,
        *,
        battery: int | None = None,
        rssi: int = -60,
        in_range: bool = True,
        left_over: bool = False,
        description: tuple[str, ...] = (),
        polar: PolarService | None = None,
        adapter: str = "hci0",
    ) -> Strap:
        """Put a strap into the neighbourhood; ``left_over``: the system holds its link."""
        strap = Strap(self, name, address, [SERVICE_UUID], battery, rssi, in_range)
        strap.description = description
        strap.polar = polar
        strap.adapter = adapter
        if battery is not None:
            strap.uuids.append(BATTERY_SERVICE_UUID)
        self.do(lambda: self._add(strap, left_over=left_over))
        return strap

    def add_other_device(self, name: str, address: str, uuids: Sequence[str] = ()) -> Strap:
        """Put somebody's headphones or television into the neighbourhood."""
        device = Strap(self, name, address, list(uuids), None, -40)
        self.do(lambda: self._add(device, left_over=False))
        return device

    def power(self, *, on: bool) -> None:
        self.do(lambda: self._power(on))

    def remove_adapter(self, *, orderly: bool = True) -> None:
        self.do(lambda: self._forget_all(orderly=orderly))

    def add_adapter(self) -> None:
        self.do(self._plug_in)

    def add_another_adapter(self, name: str, *, powered: bool = True) -> None:
        """Plug in one more, which stays as it is whatever happens to the first."""
        self.do(lambda: self._plug_in(f"/org/bluez/{name}", powered=powered))

    def stop(self, *, orderly: bool = True) -> None:
        """End the service: ``orderly`` says goodbye to every object, a crash says nothing."""

        async def stopped() -> None:
            self._forget_all(orderly=orderly)
            await self._bus.release_name(BLUEZ)

        asyncio.run_coroutine_threadsafe(stopped(), self._loop).result(5)

    def start(self, *, announce: bool = True) -> None:
        """Start the service again; without ``announce`` nobody is told of its adapter."""

        async def started() -> None:
            self._signals_on = announce
            self._plug_in()
            self._signals_on = True
            await self._bus.request_name(BLUEZ)

        asyncio.run_coroutine_threadsafe(started(), self._loop).result(5)

    def slow(self, member: str, seconds: float) -> None:
        self.do(lambda: self._delays.update({member: seconds}))

    def refuse(self, member: str, error: str, text: str = "") -> None:
        self.do(lambda: self._refusals.update({member: (error, text)}))

    def heal(self) -> None:
        """Take back every ``slow`` and ``refuse``."""
        self.do(lambda: (self._delays.clear(), self._refusals.clear()))

    # The inside: the stand-in's thread only.

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        self._bus = await MessageBus(bus_address=self.address).connect()
        self._bus.add_message_handler(self._on_message)
        await self._bus.call(
            Message(
                destination="org.freedesktop.DBus",
                path="/org/freedesktop/DBus",
                interface="org.freedesktop.DBus",
                member="AddMatch",
                signature="s",
                body=["type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"],
            )
        )
        if self._has_adapter:
            self._plug_in()
        await self._bus.request_name(BLUEZ)
        calling = self._loop.create_task(self._call_out())
        self._ready.set()
        await self._over.wait()
        tasks = [calling, *(strap.beating for strap in self.straps if strap.beating)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._bus.disconnect()
        with contextlib.suppress(Exception):
            await self._bus.wait_for_disconnect()

    async def _call_out(self) -> None:
        """Let every idle strap in range be heard while somebody listens."""
        turn = 0
        while True:
            turn += 1
            searched = {path for _who, path in self._discoverers if path in self._objects}
            for strap in self.straps:
                if strap.adapter_path in searched and strap.in_range and not strap.connected:
                    self._show(strap, strap.rssi + turn % 2)
            await asyncio.sleep(CALLS_EVERY_S)

    def _show(self, strap: Strap, rssi: int) -> None:
        if strap.known:
            self._change(strap.path, DEVICE, RSSI=("n", rssi))
        else:
            strap.known = True
            self._add_object(strap.path, DEVICE, **self._device_properties(strap, rssi))

    def _device_properties(self, strap: Strap, rssi: int | None) -> dict:
        properties = {
            "Address": ("s", strap.address),
            "AddressType": ("s", "public"),
            "Name": ("s", strap.name),
            "Alias": ("s", strap.name or strap.address.replace(":", "-")),
            "Adapter": ("o", strap.adapter_path),
            "UUIDs": ("as", strap.uuids),
            "Paired": ("b", False),
            "Trusted": ("b", False),
            "Blocked": ("b", False),
            "Connected": ("b", strap.connected),
            "ServicesResolved": ("b", strap.connected),
        }
        if not strap.name:
            del properties["Name"]
        if rssi is not None:
            properties["RSSI"] = ("n", rssi)
        return properties

    def _add(self, strap: Strap, *, left_over: bool) -> None:
        self.straps.append(strap)
        if left_over:
            strap.known = strap.connected = True
            self._add_object(strap.path, DEVICE, **self._device_properties(strap, None))
            self._resolve(strap)

    def _plug_in(self, path: str = ADAPTER_PATH, *, powered: bool | None = None) -> None:
        self._add_object(
            path,
            ADAPTER,
            Address=("s", "00:11:22:33:44:55"),
            Name=("s", "stand-in"),
            Alias=("s", "stand-in"),
            Powered=("b", self._powered if powered is None else powered),
            Discovering=("b", False),
            UUIDs=("as", []),
            Roles=("as", ["central", "peripheral"]),
        )

    def _power(self, on: bool) -> None:
        if not on:
            for strap in self.straps:
                self.unlink(strap)
        self._powered = on
        if not on:
            self._discoverers.clear()
        if ADAPTER_PATH in self._objects:
            self._change(
                ADAPTER_PATH, ADAPTER, Powered=("b", on), Discovering=("b", bool(self._discoverers))
            )

    def _forget_all(self, *, orderly: bool) -> None:
        for strap in self.straps:
            self.forget(strap, orderly=orderly)
        self._discoverers.clear()
        self._signals_on = orderly
        if ADAPTER_PATH in self._objects:
            self._remove_object(ADAPTER_PATH)
        self._signals_on = True

    def _forget_found(self, adapter_path: str) -> None:
        for strap in self.straps:
            if strap.known and strap.adapter_path == adapter_path and not strap.connected:
                self.forget(strap, orderly=True)

    def forget(self, strap: Strap, *, orderly: bool) -> None:
        self._signals_on = orderly
        self.unlink(strap)
        if strap.known:
            self._remove_object(strap.path)
        strap.known = False
        strap.listening.clear()
        self._signals_on = True

    def unlink(self, strap: Strap) -> None:
        """End the link, and whatever waited for it."""
        for message in strap.waiting:
            self._answer_error(message, "org.bluez.Error.Failed", "le-connection-abort-by-local")
        strap.waiting.clear()
        if not strap.connected:
            return
        strap.connected = False
        for path in [path for path in self._objects if path.startswith(f"{strap.path}/")]:
            self._remove_object(path)
        self._change(strap.path, DEVICE, ServicesResolved=("b", False), Connected=("b", False))

    def _link(self, strap: Strap) -> None:
        strap.connected = True
        strap.connections += 1
        self._change(strap.path, DEVICE, Connected=("b", True))

    def hold(self, strap: Strap) -> None:
        self._show(strap, strap.rssi)
        self._link(strap)
        self._resolve(strap)

    def _resolve(self, strap: Strap) -> None:
        if not strap.connected or strap.path not in self._objects:
            return
        if SERVICE_UUID in strap.uuids:
            self._add_service(strap, "0010", SERVICE_UUID, {MEASUREMENT_UUID: ["notify"]})
        if strap.battery is not None:
            self._add_service(strap, "0020", BATTERY_SERVICE_UUID, {BATTERY_UUID: ["read"]})
        if strap.description:
            reads = {uuid: ["read"] for uuid in DESCRIPTION}
            self._add_service(strap, "0030", DEVICE_INFORMATION_UUID, reads)
        if strap.polar is not None:
            strap.polar.streaming.clear()
            flags = {
                polar_measurement.CONTROL_UUID: ["read", "write", "indicate"],
                polar_measurement.DATA_UUID: ["notify"],
            }
            self._add_service(strap, "0040", polar_measurement.SERVICE_UUID, flags)
        self._change(strap.path, DEVICE, ServicesResolved=("b", True))

    def _add_service(
        self, strap: Strap, handle: str, service_uuid: str, characteristics: dict[str, list[str]]
    ) -> None:
        service = f"{strap.path}/service{handle}"
        self._add_object(
            service,
            SERVICE,
            UUID=("s", service_uuid),
            Device=("o", strap.path),
            Primary=("b", True),
        )
        for number, (uuid, flags) in enumerate(characteristics.items(), 1):
            self._add_object(
                f"{service}/char{int(handle, 16) + number:04x}",
                CHARACTERISTIC,
                UUID=("s", uuid),
                Service=("o", service),
                Value=("ay", b""),
                Notifying=("b", False),
                Flags=("as", flags),
                MTU=("q", 23),
            )

    def notify(self, strap: Strap, payload: bytes) -> None:
        """Let ``strap`` send ``payload`` and write down what becomes of it."""
        goes_out = strap.notifying and strap.in_range and not strap.muted
        strap.truth.append(Sent(time.monotonic(), payload, goes_out))
        if goes_out:
            self.tell(strap, MEASUREMENT_UUID, payload)

    def tell(self, strap: Strap, uuid: str, payload: bytes) -> None:
        """Send one value to everyone who listens to a characteristic."""
        for path, interfaces in list(self._objects.items()):
            told = interfaces.get(CHARACTERISTIC)
            if told is not None and path.startswith(strap.path) and told["UUID"].value == uuid:
                for _listener in strap.listening[uuid]:
                    self._change(path, CHARACTERISTIC, Value=("ay", payload))

    # D-Bus.

    def _add_object(self, path: str, interface: str, **properties: tuple) -> None:
        variants = {name: Variant(*value) for name, value in properties.items()}
        self._objects.setdefault(path, {})[interface] = variants
        self._signal(
            "/", OBJECT_MANAGER, "InterfacesAdded", "oa{sa{sv}}", path, {interface: variants}
        )

    def _remove_object(self, path: str) -> None:
        interfaces = list(self._objects.pop(path, {}))
        self._signal("/", OBJECT_MANAGER, "InterfacesRemoved", "oas", path, interfaces)

    def _change(self, path: str, interface: str, **properties: tuple) -> None:
        variants = {name: Variant(*value) for name, value in properties.items()}
        if path in self._objects:
            self._objects[path][interface].update(variants)
            self._signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", interface, variants, [])

    def _signal(
        self, path: str, interface: str, member: str, signature: str, *body: object
    ) -> None:
        if self._signals_on:
            self._bus.send(Message.new_signal(path, interface, member, signature, list(body)))

    def _answer(self, message: object, signature: str = "", body: Sequence[object] = ()) -> None:
        self._bus.send(Message.new_method_return(message, signature, list(body)))

    def _answer_error(self, message: object, error: str, text: str) -> None:
        self._bus.send(Message.new_error(message, error, text))

    def _on_message(self, message) -> bool | None:
        if message.member == "NameOwnerChanged" and not message.body[2]:
            self._discoverers = {d for d in self._discoverers if d[0] != message.body[0]}
            for strap in self.straps:
                for listeners in strap.listening.values():
                    listeners.discard(message.body[0])
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        member = message.member
        self.calls.append((message.path, member))
        if member in self._refusals:
            self._answer_error(message, *self._refusals[member])
        elif member in self._delays:
            self._loop.call_later(self._delays[member], self._serve_call, message)
        else:
            self._serve_call(message)
        return True

    def _serve_call(self, message) -> None:
        if message.member == "GetManagedObjects":
            self._answer(message, "a{oa{sa{sv}}}", [self._objects])
            return
        strap = next((s for s in self.straps if message.path.startswith(s.path)), None)
        if message.path not in self._objects:
            self._answer_error(
                message, "org.freedesktop.DBus.Error.UnknownObject", "no such object"
            )
        elif ADAPTER in self._objects[message.path]:
            self._serve_adapter(message)
        else:
            self._serve_strap(message, strap)

    def _serve_adapter(self, message) -> None:
        path = message.path
        powered = self._objects[path][ADAPTER]["Powered"].value
        search = (message.sender, path)
        if message.member in {"StartDiscovery", "SetDiscoveryFilter"} and not powered:
            self._answer_error(message, "org.bluez.Error.NotReady", "Resource Not Ready")
            return
        if message.member == "StartDiscovery" and search in self._discoverers:
            # As the real service: each client can only start one discovery.
            self._answer_error(
                message, "org.bluez.Error.InProgress", "Operation already in progress"
            )
            return
        if message.member in {"StartDiscovery", "StopDiscovery"}:
            if message.member == "StartDiscovery":
                self._discoverers.add(search)
            else:
                self._discoverers.discard(search)
            searched = any(each == path for _who, each in self._discoverers)
            self._change(path, ADAPTER, Discovering=("b", searched))
            if self.forgets_after_search and not searched:
                self._forget_found(path)
        # The filter is taken and not kept: another program's scan could widen it at any time.
        self._answer(message)

    def _serve_strap(self, message, strap: Strap) -> None:
        match message.member:
            case "Connect":
                self.serve_connect(message, strap)
            case "Disconnect":
                self.unlink(strap)
                self._answer(message)
            case "StartNotify" if message.sender in strap.listening[self._uuid(message)]:
                self._answer_error(message, "org.bluez.Error.InProgress", "In Progress")
            case "StartNotify":
                self._answer(message)
                strap.listening[self._uuid(message)].add(message.sender)
            case "StopNotify":
                strap.listening[self._uuid(message)].discard(message.sender)
                self._answer(message)
            case "ReadValue":
                try:
                    self._answer(message, "ay", [strap.read(self._uuid(message))])
                except PermissionError:
                    self._answer_error(
                        message, "org.bluez.Error.NotPermitted", "Read not permitted"
                    )
            case "WriteValue" if strap.polar is not None:
                self._answer(message)
                for reply in strap.polar.answer(bytes(message.body[0])):
                    self.tell(strap, polar_measurement.CONTROL_UUID, reply)
            case _:
                self._answer(message)

    def _uuid(self, message) -> str:
        return self._objects[message.path][CHARACTERISTIC]["UUID"].value

    def serve_connect(self, message, strap: Strap) -> None:
        if not self._objects[strap.adapter_path][ADAPTER]["Powered"].value:
            self._answer_error(message, "org.bluez.Error.NotReady", "Resource Not Ready")
        elif not strap.in_range:
            strap.waiting.append(message)
        else:
            self._link(strap)
            self._answer(message)
            self._loop.call_later(0.01, self._resolve, strap)
