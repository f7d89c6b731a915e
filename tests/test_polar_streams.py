"""Chest movement and ECG beside the beats, through an unmodified bleak, and onto the disk."""

import asyncio

import pytest
from bluez_stand_in import PolarService, StandIn, private_bus
from strap_rig import CALM, HERS, RECEIVING, begin_receiving, following

from biobreath import places
from biobreath.clock import WallTime
from biobreath.events import HeartRateMeasurement, PacketRefused, StreamFrame, StreamKind
from biobreath.polar_measurement import Reply, encode_acceleration, encode_ecg, encode_reply
from biobreath.sensors.polar_streams import MOST_UNREADABLE
from biobreath.sensors.strap import StrapSensor
from biobreath.store.library import Library
from biobreath.store.recorder import Recorder
from biobreath.store.tasks import SittingStart

ACCELERATION, ECG = StreamKind.POLAR_ACCELERATION, StreamKind.POLAR_ECG
STILL = [(0, 0, 1000)] * 20


@pytest.fixture
def bluez():
    with private_bus() as address, StandIn(address) as stand_in:
        yield stand_in


def polar_strap(bluez, **changes):
    polar = PolarService(**changes)
    return bluez.add_strap("Polar H10 1", HERS, battery=70, polar=polar), polar


def sensor(*streams):
    return StrapSensor(HERS, timings=CALM, streams=streams)


def test_movement_is_started_at_fifty_a_second_and_its_frames_arrive_as_they_came(bluez):
    strap, polar = polar_strap(bluez)
    frames = [encode_acceleration(n * 400_000_000, STILL) for n in range(1, 6)]

    async def sit():
        async with following(sensor(ACCELERATION)) as heard:
            await begin_receiving(heard, strap)
            await heard.until(lambda: ACCELERATION in polar.streaming)
            for frame in frames:
                strap.send_frame(frame)
                strap.send([900])
            await heard.until(lambda: len(heard.of(StreamFrame)) == 5)
            await heard.until(lambda: heard.payloads == strap.delivered)
            return heard

    heard = asyncio.run(sit())
    told = heard.of(StreamFrame)
    assert [frame.payload for frame in told] == frames
    assert {(frame.kind, frame.sample_rate_hz) for frame in told} == {(ACCELERATION, 50.0)}
    assert polar.commands[1].hex() == "020200013200010110000201" + "0800"
    assert polar.streaming == {}, "left in order, the strap streams no more"
    assert not strap.connected


def test_ecg_is_streamed_only_when_it_is_asked_for(bluez):
    strap, polar = polar_strap(bluez)

    async def sit(*streams):
        async with following(sensor(*streams)) as heard:
            await begin_receiving(heard, strap)
            await heard.until(lambda: set(streams) == set(polar.streaming))
            if ECG in streams:
                strap.send_frame(encode_ecg(1, range(-50, 50)))
                await heard.until(lambda: heard.of(StreamFrame))
            return heard.of(StreamFrame)

    assert asyncio.run(sit(ACCELERATION)) == []
    (frame,) = asyncio.run(sit(ACCELERATION, ECG))
    assert (frame.kind, frame.sample_rate_hz) == (ECG, 130.0)


@pytest.mark.parametrize(
    "trouble",
    [
        lambda strap, _bluez: setattr(strap.polar, "refuses", 9),
        lambda strap, _bluez: setattr(strap.polar, "acceleration", False),
        lambda strap, _bluez: setattr(strap.polar, "answer", lambda _command: [b"", b"\xf0"]),
        lambda strap, _bluez: setattr(strap.polar, "answer", lambda _command: []),
        lambda _strap, bluez: bluez.refuse(
            "WriteValue", "org.bluez.Error.Failed", "ATT error: 0x05"
        ),
        lambda _strap, bluez: bluez.slow("WriteValue", 30.0),
    ],
    ids=["refused", "not offered", "garbage", "no answer", "must be paired", "slow"],
)
def test_a_strap_that_will_not_stream_costs_no_beat(bluez, trouble):
    strap, _ = polar_strap(bluez)
    trouble(strap, bluez)

    async def sit():
        async with following(sensor(ACCELERATION, ECG)) as heard:
            await begin_receiving(heard, strap)
            for rr in range(20):
                strap.send([900 + rr])
            await heard.until(lambda: heard.payloads == strap.delivered)
            return heard

    heard = asyncio.run(sit())
    assert heard.of(StreamFrame) == []
    assert heard.links[-1] == RECEIVING
    assert strap.connections == 1


def test_a_broken_frame_is_kept_aside_and_the_stream_goes_on(bluez):
    strap, polar = polar_strap(bluez)
    good = encode_acceleration(1, STILL)

    async def sit():
        async with following(sensor(ACCELERATION)) as heard:
            await begin_receiving(heard, strap)
            await heard.until(lambda: ACCELERATION in polar.streaming)
            for payload in (good[:-1], b"", encode_ecg(1, [1]), good):
                strap.send_frame(payload)
            await heard.until(lambda: heard.of(StreamFrame))
            return heard

    heard = asyncio.run(sit())
    assert [e.payload for e in heard.of(PacketRefused)] == [good[:-1], b"", encode_ecg(1, [1])]
    assert [e.payload for e in heard.of(StreamFrame)] == [good]


def test_streams_begin_again_after_a_lost_link(bluez):
    strap, polar = polar_strap(bluez)

    async def sit():
        async with following(sensor(ACCELERATION)) as heard:
            for n in range(1, 4):
                await begin_receiving(heard, strap)
                await heard.until(lambda: ACCELERATION in polar.streaming)
                strap.send_frame(encode_acceleration(n, STILL))
                await heard.until(lambda n=n: len(heard.of(StreamFrame)) == n)
                strap.drop_link()
            return heard

    heard = asyncio.run(sit())
    assert heard.payloads == strap.delivered
    assert len(heard.of(StreamFrame)) == 3


def test_a_strap_that_hangs_up_when_it_is_asked_to_stream_is_soon_asked_no_more(bluez):
    strap, polar = polar_strap(bluez)

    def hang_up(command):
        polar.commands.append(command)
        bluez.unlink(strap)
        return []

    polar.answer = hang_up

    async def sit():
        async with following(sensor(ACCELERATION, ECG)) as heard:
            await heard.until(lambda: strap.connections == 3 and strap.notifying)
            await begin_receiving(heard, strap)
            for rr in range(20):
                strap.send([900 + rr])
            await heard.until(lambda: heard.payloads[-20:] == strap.delivered[-20:])
            return heard

    assert asyncio.run(sit()).links[-1] == RECEIVING
    assert strap.connections == 3
    assert len(polar.commands) == 2, "once on each of the links that were lost"


def test_a_stream_that_is_refused_does_not_cost_the_other(bluez):
    strap, polar = polar_strap(bluez)
    answer = polar.answer

    def no_acceleration(command):
        if command[1] == ACCELERATION:
            return [encode_reply(Reply(command[0], command[1], 6))]
        return answer(command)

    polar.answer = no_acceleration

    async def sit():
        async with following(sensor(ACCELERATION, ECG)) as heard:
            await begin_receiving(heard, strap)
            await heard.until(lambda: set(polar.streaming) == {ECG})

    asyncio.run(sit())


def test_frames_in_a_form_of_their_own_are_not_asked_for_without_end(bluez):
    strap, polar = polar_strap(bluez)
    # What an arm band sends: the first sample, and then differences packed in bits.
    packed = bytes([ACCELERATION]) + bytes(8) + b"\x81" + bytes(30)

    async def sit():
        async with following(sensor(ACCELERATION)) as heard:
            await begin_receiving(heard, strap)
            await heard.until(lambda: ACCELERATION in polar.streaming)
            for _ in range(20):
                strap.send_frame(packed)
            await heard.until(lambda: ACCELERATION not in polar.streaming)
            strap.send([900])
            await heard.until(lambda: heard.payloads == strap.delivered)
            return heard

    heard = asyncio.run(sit())
    assert len(heard.of(PacketRefused)) == MOST_UNREADABLE
    assert strap.connections == 1


def test_frames_come_back_from_the_disk_bit_for_bit_and_in_order():
    facts = [
        StreamFrame(1.0, ACCELERATION, 50.0, encode_acceleration(5, STILL)),
        StreamFrame(1.5, ECG, 130.0, encode_ecg(6, [1, -2])),
        PacketRefused(1.6, b"\x00"),
    ]
    recorder = Recorder(places.library_path())
    recorder.start()
    uuid = "00000000-0000-4000-8000-000000000000"
    recorder.begin(SittingStart(uuid, WallTime(0, 0, ""), "free_breathing", "strap", "0"))
    for fact in facts:
        recorder.add(fact)
    recorder.end(2.0)
    assert recorder.close(5.0)
    library = Library(places.library_path())
    assert library.facts(1) == facts
    assert not any(isinstance(fact, HeartRateMeasurement) for fact in library.facts(1))
