"""The strap through an unmodified bleak, against the stand-in on a private bus."""

import asyncio
import gc
import stat
import sys
from contextlib import aclosing
from dataclasses import replace
from itertools import count

import pytest
from bluez_stand_in import StandIn, private_bus
from strap_rig import (
    CALM,
    CONNECTING,
    HERS,
    LINK_LOST,
    NO_DATA,
    QUICK,
    RECEIVING,
    SEARCHING,
    TWIN,
    begin_receiving,
    following,
    hers,
    in_order,
)

from biobreath.clock import SessionClock
from biobreath.events import (
    BatteryRead,
    DeviceDescribed,
    HeartRateMeasurement,
    LinkChanged,
    LinkReason,
    LinkState,
    PacketForm,
    PacketRefused,
)
from biobreath.sensors.bluez_version import _bluez_is_recent, settle_bluez_version
from biobreath.sensors.finder import left_over_links
from biobreath.sensors.listening import (
    PACKETS_WITHOUT_CONTACT,
    Listening,
    PacketBudget,
    StrapTimings,
    StreamPatience,
    pause_after,
)
from biobreath.sensors.strap import StrapSensor


@pytest.fixture
def bluez():
    with private_bus() as address, StandIn(address) as stand_in:
        yield stand_in


def test_every_interval_arrives_exactly_and_in_order(bluez):
    strap = bluez.add_strap("Polar H10 1234", HERS, battery=80)

    async def sit():
        async with following(hers()) as heard:
            await heard.until(lambda: strap.notifying)
            packets = [(1024,), (), (998, 1003), (700, 1, 65535), tuple(range(600, 609))]
            for ticks in packets * 20:
                strap.send(ticks)
            await heard.until(lambda: len(heard.packets) == 100)
            await heard.until(lambda: heard.of(BatteryRead))
            return heard

    heard = asyncio.run(sit())
    assert heard.payloads == strap.delivered
    assert heard.rr_ms == strap.sent_rr_ms()
    assert heard.links == [SEARCHING, CONNECTING, RECEIVING]
    assert heard.events[0] == LinkChanged(heard.events[0].t, LinkState.SEARCHING)
    assert heard.of(LinkChanged)[-1].device_name == "Polar H10 1234"
    assert heard.of(LinkChanged)[-1].t == heard.packets[0].t
    assert [battery.percent for battery in heard.of(BatteryRead)] == [80]
    assert heard.packets[0].form is PacketForm.HEART_RATE_SERVICE
    assert not strap.connected


def test_being_connected_is_not_yet_receiving(bluez):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        async with following(hers(QUICK)) as heard:
            await heard.until(lambda: strap.notifying)
            await heard.until_link(*NO_DATA)
            return heard.links

    assert asyncio.run(sit()) == [SEARCHING, CONNECTING, NO_DATA]


def test_a_lost_link_comes_back_and_no_beat_is_lost_or_doubled(bluez):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        async with following(hers()) as heard:
            strap.start_beating(count(800), every_s=0.02)
            for turn in range(1, 4):
                await heard.until(lambda: strap.notifying)
                await heard.until(lambda turn=turn: heard.links.count(RECEIVING) == turn)
                enough = len(heard.packets) + 10
                await heard.until(lambda enough=enough: len(heard.packets) >= enough)
                strap.drop_link()
                await heard.until(lambda turn=turn: heard.links.count(LINK_LOST) == turn)
            strap.stop_beating()
            await heard.until(lambda: heard.payloads == strap.delivered)
            return heard

    heard = asyncio.run(sit())
    assert heard.links[:7] == [SEARCHING, *[CONNECTING, RECEIVING, LINK_LOST] * 2]
    assert heard.payloads == strap.delivered
    assert strap.connections >= 3


def test_a_strap_out_of_range_is_waited_for(bluez):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        async with following(hers()) as heard:
            await begin_receiving(heard, strap)
            strap.go_out_of_range()
            await heard.until_link(LinkState.SEARCHING, LinkReason.NOT_FOUND)
            strap.come_back()
            await begin_receiving(heard, strap)
            return heard.links

    links = asyncio.run(sit())
    assert links[:4] == [SEARCHING, CONNECTING, RECEIVING, LINK_LOST]
    assert links[-3:] == [(LinkState.SEARCHING, LinkReason.NOT_FOUND), CONNECTING, RECEIVING]


def test_a_short_silence_is_shown_and_heals_on_the_same_link(bluez):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        async with following(hers(replace(QUICK, drop_after_s=5.0))) as heard:
            await begin_receiving(heard, strap)
            await heard.until_link(*NO_DATA)
            strap.send([1000])
            await heard.until(lambda: heard.links.count(RECEIVING) == 2)
            return heard.links

    assert in_order(asyncio.run(sit()), CONNECTING, RECEIVING, NO_DATA, RECEIVING)
    assert strap.connections == 1


def test_a_mute_strap_is_given_up_and_connected_anew(bluez):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        async with following(hers(QUICK)) as heard:
            await begin_receiving(heard, strap)
            strap.mute()
            await heard.until(lambda: strap.connections == 2)
            strap.unmute()
            await begin_receiving(heard, strap)
            return heard.links

    links = asyncio.run(sit())
    assert in_order(links, RECEIVING, NO_DATA, (LinkState.LOST, LinkReason.NO_DATA))
    assert links[-1] == RECEIVING


def test_a_service_that_crashes_without_a_word_is_healed_by_the_watchdog(bluez):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        # Nothing is asked in the silence: that would tell sooner.
        async with following(hers(replace(QUICK, ask_after_s=60.0))) as heard:
            await begin_receiving(heard, strap)
            bluez.stop(orderly=False)
            await heard.until_link(LinkState.UNAVAILABLE, LinkReason.NO_BLUETOOTH_SERVICE)
            bluez.start(announce=False)
            await begin_receiving(heard, strap)
            return heard.links

    links = asyncio.run(sit())
    assert in_order(
        links,
        RECEIVING,
        NO_DATA,
        (LinkState.LOST, LinkReason.NO_DATA),
        (LinkState.UNAVAILABLE, LinkReason.NO_BLUETOOTH_SERVICE),
    )
    assert links[-1] == RECEIVING


def test_a_strap_tells_what_it_is(bluez):
    made = ("Polar Electro Oy", "H10\x00", "5.0.0")
    strap = bluez.add_strap("Strap", HERS, battery=15, description=made)

    async def sit():
        async with following(hers()) as heard:
            await begin_receiving(heard, strap)
            await heard.until(lambda: heard.of(DeviceDescribed))
            strap.drop_link()
            await begin_receiving(heard, strap)
            await heard.until(lambda: len(heard.of(DeviceDescribed)) == 2)
            return heard

    heard = asyncio.run(sit())
    told = heard.of(DeviceDescribed)[0]
    assert (told.manufacturer, told.model, told.firmware) == ("Polar Electro Oy", "H10", "5.0.0")
    assert [told.percent for told in heard.of(BatteryRead)] == [15]


@pytest.mark.parametrize("battery", [80, None], ids=["with a battery to ask for", "without"])
def test_a_dead_line_is_noticed_long_before_the_watchdog(bluez, battery):
    strap = bluez.add_strap("Strap", HERS, battery=battery)
    patient = replace(QUICK, ask_after_s=0.1, silent_after_s=30.0, drop_after_s=60.0)

    async def sit():
        async with following(hers(patient)) as heard:
            await begin_receiving(heard, strap)
            bluez.stop(orderly=False)
            bluez.start(announce=False)
            await begin_receiving(heard, strap)
            return heard.links

    links = asyncio.run(sit())
    assert in_order(links, RECEIVING, (LinkState.LOST, LinkReason.NO_DATA), RECEIVING)


@pytest.mark.parametrize("battery", [80, None], ids=["with a battery to ask for", "without"])
def test_a_strap_that_answers_in_its_silence_keeps_its_link(bluez, battery):
    strap = bluez.add_strap("Strap", HERS, battery=battery)
    at_the_start = 0 if battery is None else 1
    patient = replace(QUICK, ask_after_s=0.1, silent_after_s=30.0, drop_after_s=60.0)

    def asked():
        return sum(member == "ReadValue" for _, member in bluez.calls)

    async def sit():
        async with following(hers(patient)) as heard:
            await begin_receiving(heard, strap)
            await heard.until(lambda: asked() == at_the_start + 1)
            strap.send([990])
            await heard.until(lambda: heard.rr_ms[-1:] == [990 * 125 / 128])
            await heard.until(lambda: asked() == at_the_start + 2)
            return heard.links

    assert asyncio.run(sit())[-1] == RECEIVING
    assert strap.connections == 1


def test_a_service_that_cannot_be_asked_for_beats_is_not_taken_for_dead(bluez):
    strap = bluez.add_strap("Strap", HERS)
    bluez.refuse("ReadValue", "org.freedesktop.DBus.Error.UnknownMethod", "no such method")
    patient = replace(QUICK, ask_after_s=0.1, silent_after_s=30.0, drop_after_s=60.0)

    async def sit():
        async with following(hers(patient)) as heard:
            await begin_receiving(heard, strap)
            await heard.until(lambda: "ReadValue" in [member for _, member in bluez.calls])
            await begin_receiving(heard, strap)

    asyncio.run(sit())
    assert strap.connections == 1


def test_a_service_that_restarts_between_two_packets_is_healed_too(bluez):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        async with following(hers(QUICK)) as heard:
            await begin_receiving(heard, strap)
            bluez.stop(orderly=False)
            bluez.start(announce=False)
            await begin_receiving(heard, strap)
            return heard.links

    links = asyncio.run(sit())
    assert in_order(links, RECEIVING, (LinkState.LOST, LinkReason.NO_DATA))
    assert links[-1] == RECEIVING


def test_a_system_that_forgets_what_it_found_is_connected_to_during_the_search(bluez):
    strap = bluez.add_strap("Strap", HERS)
    bluez.forgets_after_search = True

    async def sit():
        async with following(hers()) as heard:
            await begin_receiving(heard, strap)
            strap.drop_link()
            await begin_receiving(heard, strap)
            return heard.links

    links = asyncio.run(sit())
    assert links.count((LinkState.SEARCHING, LinkReason.NOT_FOUND)) == 1, "it is learned once"


def test_of_several_adapters_each_one_that_is_on_is_searched_with(bluez):
    bluez.add_another_adapter("hci1", powered=False)
    bluez.add_another_adapter("hci2")
    hidden = bluez.add_strap("Behind the desk", TWIN, adapter="hci1")
    strap = bluez.add_strap("Strap", HERS, adapter="hci2")

    async def sit(sensor):
        async with following(sensor) as heard:
            await begin_receiving(heard, strap)

    asyncio.run(sit(hers()))
    strap.be_held_by_the_system()
    bluez.calls.clear()
    asyncio.run(sit(hers()))
    assert "StartDiscovery" not in [member for _, member in bluez.calls]
    assert not hidden.known


def test_a_service_that_is_restarted_in_order_loses_the_link_for_a_moment(bluez):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        async with following(hers()) as heard:
            await begin_receiving(heard, strap)
            bluez.stop()
            await heard.until(lambda: heard.links[-1][0] is LinkState.UNAVAILABLE)
            bluez.start()
            await begin_receiving(heard, strap)
            return heard.links

    links = asyncio.run(sit())
    assert LINK_LOST in links
    assert links[-1] == RECEIVING


def test_a_device_that_the_system_forgets_without_a_word_is_found_again(bluez):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        async with following(hers(QUICK)) as heard:
            await begin_receiving(heard, strap)
            strap.vanish()
            await begin_receiving(heard, strap)
            return heard.links

    assert asyncio.run(sit())[-1] == RECEIVING


@pytest.mark.parametrize(
    ("break_it", "mend_it", "reason"),
    [
        (lambda b: b.power(on=False), lambda b: b.power(on=True), LinkReason.POWERED_OFF),
        (lambda b: b.remove_adapter(), lambda b: b.add_adapter(), LinkReason.NO_ADAPTER),
    ],
    ids=["switched off", "unplugged"],
)
def test_bluetooth_that_goes_away_and_returns(bluez, break_it, mend_it, reason):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        async with following(hers()) as heard:
            await begin_receiving(heard, strap)
            break_it(bluez)
            await heard.until_link(LinkState.UNAVAILABLE, reason)
            mend_it(bluez)
            await begin_receiving(heard, strap)
            return heard.links

    links = asyncio.run(sit())
    assert links[3:5] == [LINK_LOST, (LinkState.UNAVAILABLE, reason)]
    assert links[-3:] == [SEARCHING, CONNECTING, RECEIVING]


def test_without_a_bus_the_reason_is_said_and_the_search_goes_on(monkeypatch):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")

    async def sit():
        async with following(hers()) as heard:
            await heard.until_link(LinkState.UNAVAILABLE, LinkReason.NO_BUS)
            with private_bus() as address, StandIn(address) as late:
                strap = late.add_strap("Strap", HERS)
                await begin_receiving(heard, strap)
            return heard.links

    assert asyncio.run(sit()) == [
        SEARCHING,
        (LinkState.UNAVAILABLE, LinkReason.NO_BUS),
        SEARCHING,
        CONNECTING,
        RECEIVING,
    ]


def test_a_bus_that_dies_and_comes_back(monkeypatch):
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")

    async def sit():
        async with following(hers()) as heard:
            for _ in range(2):
                with private_bus() as address, StandIn(address) as bluez:
                    await begin_receiving(heard, bluez.add_strap("Strap", HERS))
                await heard.until(lambda: heard.links[-1][1] is LinkReason.NO_BUS)
            return heard.links

    links = asyncio.run(sit())
    assert links.count(RECEIVING) == 2
    assert links.count(LINK_LOST) == 2


def test_a_twin_with_the_same_name_is_a_stranger(bluez):
    strap = bluez.add_strap("Polar H10 1234", HERS)

    async def sit():
        sensor = StrapSensor(None, timings=CALM)
        async with following(sensor) as heard:
            await begin_receiving(heard, strap)
            twin = bluez.add_strap("Polar H10 1234", TWIN, rssi=-20)
            strap.go_out_of_range()
            await heard.until_link(LinkState.SEARCHING, LinkReason.NOT_FOUND)
            assert twin.connections == 0
            assert sensor.address == HERS
            strap.come_back()
            await begin_receiving(heard, strap)
            return twin

    assert asyncio.run(sit()).connections == 0


def test_without_an_address_the_nearest_strap_is_taken(bluez):
    far = bluez.add_strap("Far", HERS, rssi=-80)
    near = bluez.add_strap("Near", TWIN, rssi=-50)
    sensor = StrapSensor(None, timings=CALM)
    assert sensor.name == "Heart-rate strap"

    async def sit():
        async with following(sensor) as heard:
            await begin_receiving(heard, near)

    asyncio.run(sit())
    assert sensor.name == "Near"
    assert far.connections == 0


def test_garbage_is_kept_aside_and_the_beats_go_on(bluez):
    strap = bluez.add_strap("Strap", HERS)
    garbage = [b"", b"\x10", b"\x01\x50", b"\x08\x50\x00", bytes(513)]

    async def sit():
        async with following(hers()) as heard:
            await begin_receiving(heard, strap)
            for payload in garbage:
                strap.send_bytes(payload)
            strap.send([900])
            await heard.until(lambda: heard.rr_ms[-1:] == [900 * 125 / 128])
            return heard

    heard = asyncio.run(sit())
    assert [refused.payload for refused in heard.of(PacketRefused)] == [
        payload[:512] for payload in garbage
    ]
    assert heard.links == [SEARCHING, CONNECTING, RECEIVING]


def test_nothing_but_garbage_is_silence(bluez):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        async with following(hers(QUICK)) as heard:
            await heard.until(lambda: strap.notifying)
            strap.send_bytes(b"\x10")
            await heard.until_link(*NO_DATA)
            return heard.links

    assert RECEIVING not in asyncio.run(sit())


def test_a_strap_that_left_the_skin_is_hinted_at(bluez):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        async with following(hers()) as heard:
            await begin_receiving(heard, strap)
            for _ in range(PACKETS_WITHOUT_CONTACT):
                strap.send([], heart_rate_bpm=0, contact=False)
            await heard.until_link(LinkState.SILENT, LinkReason.NO_CONTACT)
            strap.send([1000], contact=False)
            await heard.until(lambda: heard.links.count(RECEIVING) == 2)

    asyncio.run(sit())


@pytest.mark.parametrize(
    ("member", "error", "text", "reason"),
    [
        (
            "Connect",
            "org.bluez.Error.Failed",
            "le-connection-refused",
            LinkReason.CONNECT_FAILED,
        ),
        ("StartNotify", "org.bluez.Error.NotPermitted", "Not paired", LinkReason.NOT_PAIRED),
        (
            "StartNotify",
            "org.bluez.Error.Failed",
            "Operation failed with ATT error: 0x05",
            LinkReason.NOT_PAIRED,
        ),
    ],
)
def test_a_refused_connection_says_why_and_is_tried_again(bluez, member, error, text, reason):
    strap = bluez.add_strap("Strap", HERS)
    bluez.refuse(member, error, text)

    async def sit():
        async with following(hers()) as heard:
            await heard.until_link(LinkState.SEARCHING, reason)
            bluez.heal()
            await begin_receiving(heard, strap)
            return heard.links

    assert asyncio.run(sit())[:3] == [SEARCHING, CONNECTING, (LinkState.SEARCHING, reason)]


def test_a_connection_that_takes_too_long_is_tried_again(bluez):
    strap = bluez.add_strap("Strap", HERS)
    bluez.slow("Connect", 30.0)

    async def sit():
        async with following(hers()) as heard:
            await heard.until_link(LinkState.SEARCHING, LinkReason.CONNECT_TIMEOUT)
            bluez.heal()
            await begin_receiving(heard, strap)

    asyncio.run(sit())


@pytest.mark.parametrize(
    "trouble",
    [
        lambda b: b.slow("ReadValue", 30.0),
        lambda b: b.refuse("ReadValue", "org.bluez.Error.InProgress"),
        lambda b: b.refuse("ReadValue", "org.bluez.Error.NotPermitted", "Not paired"),
        lambda b: setattr(b.straps[0], "battery", 255),
    ],
    ids=["never answers", "polls for ever", "not paired", "impossible"],
)
def test_a_battery_that_cannot_be_read_costs_no_beat(bluez, trouble):
    strap = bluez.add_strap("Strap", HERS, battery=50)
    trouble(bluez)

    async def sit():
        async with following(hers()) as heard:
            await heard.until(lambda: strap.notifying)
            strap.start_beating(count(800), every_s=0.02)
            await heard.until(lambda: len(heard.packets) > 25)
            strap.stop_beating()
            await heard.until(lambda: heard.payloads == strap.delivered)
            return heard

    heard = asyncio.run(sit())
    assert heard.of(BatteryRead) == []
    assert heard.links == [SEARCHING, CONNECTING, RECEIVING]
    assert heard.payloads == strap.delivered


def test_a_link_that_a_dead_program_left_is_adopted(bluez):
    strap = bluez.add_strap("Strap", HERS, left_over=True)

    async def sit():
        async with following(hers()) as heard:
            await begin_receiving(heard, strap)

    asyncio.run(sit())
    assert ("/org/bluez/hci0", "StartDiscovery") not in bluez.calls
    assert not strap.connected


def test_a_link_that_the_system_makes_meanwhile_is_adopted(bluez):
    strap = bluez.add_strap("Strap", HERS)
    bluez.refuse("Connect", "org.bluez.Error.Failed", "le-connection-refused")

    async def sit():
        async with following(hers()) as heard:
            await heard.until_link(LinkState.SEARCHING, LinkReason.CONNECT_FAILED)
            strap.be_held_by_the_system()
            await begin_receiving(heard, strap)

    asyncio.run(sit())
    assert strap.connections == 1


def test_bluetooth_that_is_switched_off_during_the_search_is_not_a_strap_out_of_range(bluez):
    async def sit():
        async with following(hers()) as heard:
            await heard.until(lambda: ("/org/bluez/hci0", "StartDiscovery") in bluez.calls)
            bluez.power(on=False)
            await heard.until_link(LinkState.UNAVAILABLE, LinkReason.POWERED_OFF)
            return heard.links

    assert asyncio.run(sit()) == [SEARCHING, (LinkState.UNAVAILABLE, LinkReason.POWERED_OFF)]


def test_a_steady_link_is_renewed_without_a_pause(bluez):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        timings = replace(QUICK, silent_after_s=0.2, drop_after_s=5.0, backoff_s=(60.0,))
        async with following(hers(timings)) as heard:
            strap.start_beating(count(800), every_s=0.02)
            await heard.until(lambda: heard.packets and heard.packets[-1].t > 0.5)
            strap.drop_link()
            await heard.until(lambda: strap.connections == 2)

    asyncio.run(sit())


def test_the_watchdog_goes_by_the_clock_of_the_sitting(bluez):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        events = hers(replace(QUICK, silent_after_s=0.1)).stream(SessionClock(speed=0.5))
        async with aclosing(events), asyncio.timeout(20):
            async for event in events:
                if isinstance(event, LinkChanged) and event.state is LinkState.SILENT:
                    break

    asyncio.run(sit())
    assert strap.connections == 1


class SleepingClock(SessionClock):
    """A clock that goes on while the machine sleeps."""

    slept_s = 0.0

    def now(self):
        return super().now() + self.slept_s


def test_a_machine_that_slept_finds_its_strap_again_and_marks_the_gap(bluez):
    strap = bluez.add_strap("Strap", HERS)
    clock = SleepingClock()

    async def sit():
        async with following(hers(QUICK), clock=clock) as heard:
            await begin_receiving(heard, strap)
            clock.slept_s = 600.0
            await begin_receiving(heard, strap)
            return heard

    heard = asyncio.run(sit())
    assert in_order(heard.links, RECEIVING, NO_DATA, RECEIVING)
    assert heard.packets[-1].t > 600
    assert heard.payloads == strap.delivered


def test_a_flood_is_cut(bluez, monkeypatch, caplog):
    strap = bluez.add_strap("Strap", HERS)
    monkeypatch.setattr(
        "biobreath.sensors.strap.PacketBudget", lambda: PacketBudget(per_s=0.0, burst=3.0)
    )

    async def sit():
        async with following(hers()) as heard:
            await heard.until(lambda: strap.notifying)
            for ticks in range(900, 910):
                strap.send([ticks])
            await heard.until(lambda: "far too much" in caplog.text)
            return heard

    assert asyncio.run(sit()).payloads == strap.delivered[:3]


@pytest.mark.parametrize(
    ("surprise", "reason"),
    [
        (ValueError(f"strange {HERS}"), LinkReason.UNKNOWN),
        (asyncio.CancelledError(), LinkReason.CONNECT_FAILED),
    ],
)
def test_a_surprise_costs_one_attempt_and_not_the_sitting(
    bluez, monkeypatch, caplog, surprise, reason
):
    strap = bluez.add_strap("Strap", HERS)

    times = iter([surprise])

    async def surprised(adapters):
        for trouble in times:
            raise trouble
        return await left_over_links(adapters)

    monkeypatch.setattr("biobreath.sensors.strap_finding.left_over_links", surprised)

    async def sit():
        async with following(hers()) as heard:
            await heard.until_link(LinkState.SEARCHING, reason)
            await begin_receiving(heard, strap)

    asyncio.run(sit())
    assert HERS not in caplog.text


def test_a_fault_of_our_own_is_not_hidden(monkeypatch):
    async def fault(_supervisor):
        raise RuntimeError("fault")

    monkeypatch.setattr("biobreath.sensors.strap._Supervisor.run", fault)

    async def sit():
        return [event async for event in hers().stream(SessionClock())]

    with pytest.raises(RuntimeError, match="fault"):
        asyncio.run(sit())


def test_a_slow_reader_gets_everything_with_the_times_of_arrival(bluez):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        clock = SessionClock()
        events = hers().stream(clock)
        heard = []
        async with aclosing(events), asyncio.timeout(20):
            while (event := await anext(events)) and not (
                isinstance(event, LinkChanged) and event.state is LinkState.CONNECTING
            ):
                pass
            while not strap.notifying:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            for ticks in range(600, 900):
                strap.send([ticks])
            await asyncio.sleep(0.2)
            late = clock.now()
            while len(heard) < 300:
                if isinstance(event := await anext(events), HeartRateMeasurement):
                    heard.append(event)
        return heard, late

    heard, late = asyncio.run(sit())
    assert [event.payload for event in heard] == strap.delivered
    assert heard[-1].t < late


def test_a_stop_does_not_wait_for_a_service_that_hangs(bluez):
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        async with following(hers()) as heard:
            await begin_receiving(heard, strap)
            bluez.slow("Disconnect", 30.0)
            begun = asyncio.get_running_loop().time()
        return asyncio.get_running_loop().time() - begun

    assert asyncio.run(sit()) < CALM.stop_s


@pytest.mark.parametrize("member", ["StartDiscovery", "Connect", "StartNotify"])
def test_a_stop_at_any_step_leaves_no_link(bluez, member):
    strap = bluez.add_strap("Strap", HERS)
    bluez.slow(member, 0.3)

    async def sit():
        async with following(hers()) as heard:
            await heard.until(lambda: any(call[1] == member for call in bluez.calls))
            bluez.heal()
        return asyncio.all_tasks() - {asyncio.current_task()}

    left = [task for task in asyncio.run(sit()) if "_Supervisor" in repr(task)]
    assert left == []
    strap.wait_until_disconnected()


def test_the_second_stream_of_a_sensor_stays_with_its_strap(bluez):
    strap = bluez.add_strap("Strap", HERS)
    sensor = StrapSensor(None, timings=CALM)

    async def sit():
        async with following(sensor) as heard:
            await begin_receiving(heard, strap)
        twin = bluez.add_strap("Strap", TWIN, rssi=-20)
        before = len(strap.truth)
        async with following(sensor) as again:
            await again.until(lambda: strap.notifying)
            strap.send([1000])
            await again.until(lambda: len(again.packets) == len(strap.truth) - before)
        assert twin.connections == 0

    asyncio.run(sit())


def test_a_bluetoothctl_that_hangs_does_not_hang_the_strap(bluez, tmp_path, monkeypatch):
    from bleak.backends.bluezdbus.version import BlueZFeatures

    program = tmp_path / "bluetoothctl"
    program.write_text("#!/bin/sh\nexec sleep 5\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(BlueZFeatures, "checked_bluez_version", False)
    monkeypatch.setattr("biobreath.sensors.bluez_version.BLUEZ_VERSION_S", 0.2)
    strap = bluez.add_strap("Strap", HERS)

    async def sit():
        async with following(hers()) as heard:
            await begin_receiving(heard, strap)

    asyncio.run(sit())
    gc.collect()  # a program left running would complain here


@pytest.mark.parametrize(
    ("says", "recent"),
    [("bluetoothctl: 5.66", True), ("5.54", False), ("6.1", True), ("no idea", True), (None, True)],
)
def test_bluez_counts_as_recent_unless_it_says_otherwise(tmp_path, monkeypatch, says, recent):
    if says is not None:
        program = tmp_path / "bluetoothctl"
        program.write_text(f"#!/bin/sh\necho '{says}'\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert asyncio.run(_bluez_is_recent()) is recent


@pytest.mark.parametrize("otherwise", ["another system", "another bleak"])
def test_the_question_for_the_version_is_linux_and_bleak_only(monkeypatch, otherwise):
    if otherwise == "another system":
        monkeypatch.setattr("biobreath.sensors.bluez_version.sys.platform", "win32")
    else:
        monkeypatch.setitem(sys.modules, "bleak.backends.bluezdbus.version", None)
    asyncio.run(settle_bluez_version())


def test_pauses_grow_and_stay():
    timings = StrapTimings()
    assert [pause_after(n, timings) for n in range(7)] == [0, 0.5, 1, 2, 4, 4, 4]


def test_who_only_looked_looks_again_soon():
    timings = StrapTimings()
    assert [pause_after(n, timings, only_looked=True) for n in range(6)] == [0, 0.5, 1, 2, 2, 2]


def test_a_link_is_judged_by_its_packets():
    listening = Listening(StrapTimings(), fresh_at=100.0)
    assert not listening.is_silent(104.9)
    assert listening.is_silent(105.0)
    assert not listening.is_over(109.9)
    assert listening.is_over(110.0)
    assert listening.next_look_s(101.0) == pytest.approx(4.0)
    assert listening.next_look_s(106.0) == pytest.approx(4.0)
    assert listening.next_look_s(200.0) > 0
    assert not listening.was_steady()
    for t in range(110, 116):
        packet = HeartRateMeasurement(float(t), PacketForm.HEART_RATE_SERVICE, b"", (900.0,))
        assert listening.hear(packet) == RECEIVING
    assert listening.was_steady()


def test_streams_are_asked_for_until_that_seems_to_cost_links():
    patience = StreamPatience()
    patience.weigh(5.0, flowed=False)
    assert patience.asks, "once is chance"
    patience.weigh(60.0, flowed=False)
    patience.weigh(5.0, flowed=False)
    assert not patience.asks
    patience.weigh(60.0, flowed=False)
    assert not patience.asks
    patience.weigh(400.0, flowed=False)
    assert patience.asks, "a strap that held for long is asked again"
    for _ in range(9):
        patience.weigh(5.0, flowed=True)
    assert patience.asks, "a link that is lost while a stream flows is just lost"


def test_a_burst_passes_and_a_flood_does_not():
    budget = PacketBudget()
    assert all(budget.allows(1.0) for _ in range(3000))
    assert not budget.allows(1.0)
    assert budget.allows(2.0)
