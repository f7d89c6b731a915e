"""Scanning through an unmodified bleak, against the stand-in on a private bus."""

import asyncio
from itertools import pairwise

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)
from bluez_stand_in import StandIn, private_bus
from hypothesis import given
from hypothesis import strategies as st

from biobreath.addresses import LONGEST_NAME, last_digits, plain_name, redacted
from biobreath.events import LinkReason
from biobreath.sensors.finder import (
    BluetoothTrouble,
    FoundStrap,
    answered,
    bluetooth_state,
    reason_of,
    scan,
)

FIRST = "AA:BB:CC:DD:EE:01"
SECOND = "AA:BB:CC:DD:EE:02"


@pytest.fixture
def bluez():
    with private_bus() as address, StandIn(address) as stand_in:
        yield stand_in


def reason_of_scan() -> LinkReason:
    with pytest.raises(BluetoothTrouble) as trouble:
        asyncio.run(scan(0.2))
    return trouble.value.reason


def test_a_scan_finds_straps_by_what_they_offer_and_nothing_else(bluez):
    bluez.add_strap("Unheard-of brand", FIRST, rssi=-70)
    bluez.add_strap("Polar H10 1234", SECOND, rssi=-50)
    bluez.add_other_device("Polar headphones", "11:11:11:11:11:11")
    bluez.add_other_device(
        "HRM lookalike", "11:11:11:11:11:12", ["0000180f-0000-1000-8000-00805f9b34fb"]
    )
    found = asyncio.run(scan(0.3))
    assert [strap.address for strap in found] == [SECOND, FIRST]
    assert [strap.name for strap in found] == ["Polar H10 1234", "Unheard-of brand"]
    assert [round(strap.signal_dbm, -1) for strap in found] == [-50, -70]
    assert not any(strap.left_over for strap in found)


def test_a_scan_tells_of_each_strap_as_it_appears(bluez):
    bluez.add_strap("Strap", FIRST)
    told = []
    found = asyncio.run(scan(0.3, told.append))
    assert told[0].address == FIRST
    assert all(one != other for one, other in pairwise(told))
    assert found == told[-1:]


def test_a_link_that_a_dead_program_left_is_found_although_it_does_not_call(bluez):
    bluez.add_strap("Held", FIRST, left_over=True)
    bluez.add_strap("Free", SECOND)
    found = asyncio.run(scan(0.3))
    assert found[0] == FoundStrap(FIRST, "Held", None, left_over=True)
    assert found[1].address == SECOND


def test_a_system_that_cannot_list_its_links_is_scanned_all_the_same(bluez, monkeypatch):
    async def cannot(*_args, **_options):
        raise NotImplementedError

    bluez.add_strap("Free", FIRST)
    monkeypatch.setattr("bleak.BleakAdapter.get_connected_devices", cannot)
    assert [strap.address for strap in asyncio.run(scan(0.2))] == [FIRST]


def test_an_empty_room_is_no_trouble(bluez):
    assert asyncio.run(scan(0.1)) == []
    assert ("/org/bluez/hci0", "StopDiscovery") in bluez.calls


def test_a_name_from_the_air_is_one_plain_line(bluez):
    bluez.add_strap("evil\x1b[31m\u202eparts\nrow " + "x" * 200, FIRST)
    bluez.add_strap("", SECOND)
    names = {strap.address: strap.name for strap in asyncio.run(scan(0.3))}
    assert names[FIRST].startswith("evil[31mparts row xxx")
    assert len(names[FIRST]) == LONGEST_NAME
    assert names[SECOND] == ""


@pytest.mark.usefixtures("bluez")
def test_usable_bluetooth_is_said_to_be_so():
    assert asyncio.run(bluetooth_state()) is LinkReason.NONE


def test_no_adapter(bluez):
    bluez.remove_adapter()
    assert reason_of_scan() is LinkReason.NO_ADAPTER
    assert asyncio.run(bluetooth_state()) is LinkReason.NO_ADAPTER


def test_bluetooth_switched_off(bluez):
    bluez.power(on=False)
    assert reason_of_scan() is LinkReason.POWERED_OFF
    assert asyncio.run(bluetooth_state()) is LinkReason.POWERED_OFF


def test_bluetooth_switched_off_during_a_scan_is_not_an_empty_room(bluez):
    bluez.add_strap("Strap", FIRST, in_range=False)

    async def scan_and_switch_off() -> None:
        scanning = asyncio.create_task(scan(0.4))
        await asyncio.sleep(0.1)
        bluez.power(on=False)
        await scanning

    with pytest.raises(BluetoothTrouble) as trouble:
        asyncio.run(scan_and_switch_off())
    assert trouble.value.reason is LinkReason.POWERED_OFF


@pytest.mark.parametrize(
    ("hardware", "reason"),
    [(True, LinkReason.NO_BLUETOOTH_SERVICE), (False, LinkReason.NO_ADAPTER)],
    ids=["a computer with Bluetooth", "without"],
)
def test_a_service_that_never_starts_is_not_called_busy(monkeypatch, tmp_path, hardware, reason):
    kernel = tmp_path if hardware else tmp_path / "nothing"
    monkeypatch.setattr("biobreath.sensors.bluez_bus.KERNEL_BLUETOOTH", kernel)
    monkeypatch.setattr("biobreath.sensors.finder.ANSWER_S", 0.3)
    with private_bus(never_starts=True):
        assert reason_of_scan() is reason
        assert asyncio.run(bluetooth_state()) is reason


def test_a_scan_looks_with_every_adapter_that_is_on(bluez):
    bluez.add_another_adapter("hci1")
    bluez.add_another_adapter("hci2", powered=False)
    bluez.add_strap("Left", FIRST, rssi=-50)
    bluez.add_strap("Right", SECOND, rssi=-70, adapter="hci1")
    assert [strap.name for strap in asyncio.run(scan(0.3))] == ["Left", "Right"]
    bluez.power(on=False)
    assert [strap.name for strap in asyncio.run(scan(0.3))] == ["Right"]


def test_one_adapter_that_does_not_search_leaves_the_others_to(bluez, monkeypatch):
    bluez.add_another_adapter("hci1")
    bluez.add_strap("Right", SECOND, adapter="hci1")

    async def yanked_between() -> list[str]:
        return ["hci7", "hci1"]

    monkeypatch.setattr("biobreath.sensors.finder.powered_adapters", yanked_between)
    assert [strap.name for strap in asyncio.run(scan(0.3))] == ["Right"]


def test_no_bluetooth_service():
    with private_bus():
        assert reason_of_scan() is LinkReason.NO_BLUETOOTH_SERVICE
        assert asyncio.run(bluetooth_state()) is LinkReason.NO_BLUETOOTH_SERVICE


@pytest.mark.parametrize("address", ["unix:path=/nonexistent/bus", "nonsense"])
def test_no_bus(monkeypatch, address):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    assert reason_of_scan() is LinkReason.NO_BUS
    assert asyncio.run(bluetooth_state()) is LinkReason.NO_BUS


@pytest.mark.parametrize(
    ("member", "error", "reason"),
    [
        (
            "GetManagedObjects",
            "org.freedesktop.DBus.Error.AccessDenied",
            LinkReason.PERMISSION_DENIED,
        ),
        ("StartDiscovery", "org.bluez.Error.NotAuthorized", LinkReason.PERMISSION_DENIED),
        ("StartDiscovery", "org.bluez.Error.InProgress", LinkReason.BUSY),
        ("StartDiscovery", "org.bluez.Error.NotReady", LinkReason.POWERED_OFF),
        (
            "SetDiscoveryFilter",
            "org.freedesktop.DBus.Error.UnknownObject",
            LinkReason.NO_ADAPTER,
        ),
    ],
)
def test_a_refused_scan_says_why(bluez, member, error, reason):
    bluez.refuse(member, error, "no")
    assert reason_of_scan() is reason


def test_a_service_that_does_not_answer_is_busy(bluez, monkeypatch):
    monkeypatch.setattr("biobreath.sensors.finder.ANSWER_S", 0.1)
    bluez.slow("GetManagedObjects", 5.0)
    assert reason_of_scan() is LinkReason.BUSY
    assert asyncio.run(bluetooth_state()) is LinkReason.BUSY


def unavailable(reason: str) -> BleakError:
    return BleakBluetoothNotAvailableError("words", BleakBluetoothNotAvailableReason[reason])


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (unavailable("NO_BLE_CENTRAL_ROLE"), LinkReason.NO_ADAPTER),
        (unavailable("DENIED_BY_USER"), LinkReason.PERMISSION_DENIED),
        (unavailable("UNKNOWN"), LinkReason.UNKNOWN),
        (BleakDeviceNotFoundError(FIRST), LinkReason.NOT_FOUND),
        (BleakError("device 'dev_AA' not found"), LinkReason.NOT_FOUND),
        (BleakError("adapter 'hci0' not found"), LinkReason.NO_ADAPTER),
        (BleakError("Could not get services: Access Denied"), LinkReason.PERMISSION_DENIED),
        (BleakError("Unreachable"), LinkReason.CONNECT_FAILED),
        (BleakCharacteristicNotFoundError("2a37"), LinkReason.NO_HEART_RATE),
        (BleakGATTProtocolError(0x05), LinkReason.NOT_PAIRED),
        (BleakGATTProtocolError(0x02), LinkReason.CONNECT_FAILED),
        (BleakDBusError("org.bluez.Error.NotPermitted", ["Not paired"]), LinkReason.NOT_PAIRED),
        (BleakDBusError("org.bluez.Error.NotPermitted", []), LinkReason.CONNECT_FAILED),
        (BleakDBusError("org.bluez.Error.Failed", ["x"]), LinkReason.CONNECT_FAILED),
        (BleakDBusError("org.bluez.Error.AuthenticationFailed", []), LinkReason.NOT_PAIRED),
        *(
            (BleakDBusError(f"org.freedesktop.{name}", []), LinkReason.NO_BLUETOOTH_SERVICE)
            for name in (
                "systemd1.NoSuchUnit",
                "DBus.Error.Spawn.ChildExited",
                "DBus.Error.TimedOut",
            )
        ),
        (TimeoutError(), LinkReason.CONNECT_TIMEOUT),
        (PermissionError(), LinkReason.PERMISSION_DENIED),
        (EOFError(), LinkReason.NO_BUS),
        (AssertionError(), LinkReason.CONNECT_FAILED),
    ],
)
def test_every_trouble_of_connecting_has_a_reason(trouble, reason, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    assert reason_of(trouble, LinkReason.CONNECT_FAILED) is reason


def test_a_cancel_that_nobody_asked_for_is_a_trouble():
    async def cancelled_by_the_system() -> None:
        raise asyncio.CancelledError

    with pytest.raises(BluetoothTrouble):
        asyncio.run(answered(cancelled_by_the_system(), 1.0, LinkReason.CONNECT_FAILED))


def test_a_cancel_that_was_asked_for_stays_one():
    async def cancelled() -> None:
        step = asyncio.create_task(answered(asyncio.sleep(60), 61.0, LinkReason.UNKNOWN))
        await asyncio.sleep(0)
        step.cancel()
        await step

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())


def test_logs_never_hold_a_whole_address(caplog):
    caplog.set_level("INFO")

    async def failing(trouble: Exception) -> None:
        raise trouble

    async def fail() -> None:
        for trouble in (BleakDeviceNotFoundError(FIRST, f"address {FIRST}"), ValueError(FIRST)):
            with pytest.raises(BluetoothTrouble):
                await answered(failing(trouble), 1.0, LinkReason.UNKNOWN)

    asyncio.run(fail())
    assert "…EE01" in caplog.text
    assert "AA:BB" not in caplog.text


def test_addresses_of_every_system_are_cut_to_four_digits():
    assert redacted("dev_AA_BB_CC_DD_EE_FF gone") == "dev_…EEFF gone"
    assert redacted("at 12345678-1234-1234-1234-123456789abc") == "at …9ABC"
    assert last_digits(FIRST) == "EE01"


@given(st.text())
def test_a_plain_name_is_short_and_printable(raw):
    name = plain_name(raw)
    assert len(name) <= LONGEST_NAME
    assert name.isprintable()
    assert plain_name(name) == name
