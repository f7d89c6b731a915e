"""A recording as a sensor: the same facts, the same numbers."""

import asyncio

import pytest
from fakes import FakeClock, breathing_rr, facts_of, packets

from biobreath.clock import VirtualClock, WallTime
from biobreath.events import Event, LinkChanged, LinkReason, LinkState, PacketRefused
from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import LONG_OUT
from biobreath.sensors.replay import ReplaySensor
from biobreath.session.live import LiveSession
from biobreath.session.review import readings
from biobreath.store.library import Library
from biobreath.store.recorder import Recorder
from biobreath.store.tasks import SittingStart


def played(facts, clock=None) -> list[Event]:
    async def play():
        return [event async for event in ReplaySensor(facts).stream(clock or VirtualClock())]

    return asyncio.run(play())


def kept_and_read(tmp_path, facts) -> list[Event]:
    recorder = Recorder(tmp_path / "library.db")
    recorder.start()
    recorder.begin(
        SittingStart("0" * 36, WallTime(0, 0, ""), "paced_breathing", "simulated:1", "0.1")
    )
    for fact in facts:
        recorder.add(fact)
    recorder.end(facts[-1].t)
    assert recorder.close(10.0)
    library = Library(tmp_path / "library.db")
    return library.facts(library.sittings()[0].id)


def test_a_stored_sitting_gives_bit_equal_facts_and_the_same_readings(tmp_path):
    facts = [
        *facts_of(breathing_rr(2, swing_bpm=9.7), Pacer(LONG_OUT, 0.1 + 0.2)),
        PacketRefused(121.0, b"\x01"),
        LinkChanged(122.5, LinkState.LOST, LinkReason.LINK_LOST, "Gürtel"),
    ]
    stored = kept_and_read(tmp_path, facts)
    assert stored == facts
    replayed = played(stored)
    assert replayed[:-1] == facts
    assert replayed[-1].reason is LinkReason.RECORDING_ENDED
    before = list(readings(facts, LiveSession()))
    assert list(readings(replayed[:-1], LiveSession())) == before


def test_a_recording_that_ended_ends_once():
    facts = [*facts_of([1000.0] * 3), LinkChanged(4.0, LinkState.ENDED, LinkReason.STOPPED)]
    assert played(facts) == facts


def test_a_text_recording_begins_with_its_name():
    facts = packets([1000.0] * 3)
    first = played(facts)[0]
    assert first == LinkChanged(0.0, LinkState.RECEIVING, device_name="recording")


def test_facts_come_at_their_times():
    clock = FakeClock()

    async def play():
        stream = ReplaySensor(facts_of([1000.0] * 5)).stream(clock)
        return [(event.t, clock.now()) async for event in stream]

    seen = asyncio.run(play())
    assert all(now == pytest.approx(t) or now > t for t, now in seen)
    assert clock.now() == pytest.approx(seen[-1][0])
