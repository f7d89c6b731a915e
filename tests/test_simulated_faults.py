"""What goes wrong with the simulated heart goes wrong as ordered, and nothing else does."""

import asyncio
from collections import Counter
from contextlib import aclosing
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobreath.clock import SessionClock, VirtualClock
from biobreath.events import (
    BatteryRead,
    HeartRateMeasurement,
    LinkChanged,
    LinkReason,
    LinkState,
    PacketRefused,
)
from biobreath.sensors import listening, simulated_link
from biobreath.sensors.heart_model import BeatKind, HeartModel
from biobreath.sensors.people import Person, person_of
from biobreath.sensors.simulated import SimulatedSensor, no_guide, simulate
from biobreath.sensors.simulated_faults import NO_FAULTS, Faults, Spell, often
from biobreath.sensors.truth import BeatFate
from biobreath.session.live import LiveSession

QUIET = Person(mayer_bpm=0.0, slow_waves_bpm=0.0, jitter_ms=0.0, stress=0.0)
AT_60 = (Spell(60.0, 10.0),)
EVERYTHING = Faults(
    ventricular=often(0.03),
    atrial=often(0.02),
    missed=often(0.02),
    extra=often(0.03),
    contact_loss=often(0.03),
    dropouts=often(0.03),
    link_loss=often(0.03),
    stalls=often(0.05),
    duplicates=often(0.02),
    garbage=often(0.03),
    jitter_s=1.5,
    battery_percent=50,
)

SPELL_FIELDS = [f.name for f in fields(Faults) if isinstance(getattr(EVERYTHING, f.name), tuple)]


def told(faults, seconds=180.0, seed=1, person=QUIET):
    return simulate(person, None, faults, seconds=seconds, seed=seed)


def of_kind(simulation, kind):
    return [event for event in simulation.events if isinstance(event, kind)]


def links(simulation):
    return [(e.t, e.state, e.reason) for e in of_kind(simulation, LinkChanged)]


def intervals(simulation):
    return [rr for packet in simulation.packets for rr in packet.rr_ms]


def true_ticks(simulation):
    return [beat.ticks for beat in simulation.beats if beat.kind is not BeatKind.SPURIOUS]


def kinds(simulation):
    return Counter(beat.kind for beat in simulation.beats)


def fates(simulation):
    return Counter(beat.fate for beat in simulation.beats)


def test_without_faults_every_beat_but_the_first_arrives():
    simulation = told(NO_FAULTS)
    first, *rest = simulation.beats
    assert first.fate is BeatFate.BEGAN
    assert {beat.fate for beat in rest[:-3]} == {BeatFate.ARRIVED}
    assert {beat.kind for beat in simulation.beats} == {BeatKind.SINUS}
    assert np.all(np.diff([beat.ticks for beat in rest]) == [b.interval_ticks for b in rest[1:]])


@pytest.mark.parametrize("seed", range(3))
def test_the_truth_names_the_beat_of_every_interval_that_arrived(seed):
    simulation = told(EVERYTHING, 600.0, seed)
    heard = list(zip(intervals(simulation), simulation.beat_of_interval, strict=True))
    assert all(
        simulation.beats[beat].interval_ticks * 125 / 128 == rr
        and simulation.beats[beat].fate is BeatFate.ARRIVED
        for rr, beat in heard
        if beat is not None
    )
    arrived = {i for i, b in enumerate(simulation.beats) if b.fate is BeatFate.ARRIVED}
    assert {beat for _, beat in heard if beat is not None} == arrived
    assert {*fates(simulation)} >= {*BeatFate} - {BeatFate.ON_ITS_WAY}
    assert {*kinds(simulation)} == {*BeatKind}
    ticks = [beat.ticks for beat in simulation.beats]
    assert ticks == sorted(ticks)
    times = [event.t for event in simulation.events]
    assert times == sorted(times)


@pytest.mark.parametrize("fault", SPELL_FIELDS)
def test_a_fault_moves_no_beat_of_the_heart(fault):
    clean = told(NO_FAULTS, person=Person())
    faulty = told(Faults(**{fault: often(0.1)}), person=Person())
    assert faulty.events != clean.events
    if fault == "atrial":
        # Each sets the sinus node back, so beats move; not before the first of them, though.
        first = next(i for i, beat in enumerate(faulty.beats) if beat.kind is BeatKind.ATRIAL)
        assert true_ticks(faulty)[:first] == true_ticks(clean)[:first]
    elif fault == "ventricular":
        sinus = {beat.ticks for beat in faulty.beats if beat.kind is BeatKind.SINUS}
        assert sinus < set(true_ticks(clean))
    else:
        assert true_ticks(faulty) == true_ticks(clean)


@pytest.mark.parametrize("fault", ["jitter_s", "battery_percent"])
def test_jitter_and_battery_move_no_beat_either(fault):
    value = {"jitter_s": 1.5, "battery_percent": 90}[fault]
    assert told(replace(NO_FAULTS, **{fault: value})).beats[:150] == told(NO_FAULTS).beats[:150]


def test_one_fault_does_not_move_another():
    one = Faults(missed=often(0.05))
    both = replace(one, extra=often(0.1), dropouts=often(0.1), ventricular=(Spell(170.0, 5.0),))

    def missed(simulation):
        return {b.ticks for b in simulation.beats if b.fate is BeatFate.UNSEEN and b.t < 165}

    assert missed(told(one)) == missed(told(both))
    assert len(missed(told(one))) > 3


def test_the_same_seed_has_the_same_faults_at_any_speed():
    async def facts(clock):
        found = []
        async with aclosing(SimulatedSensor(3, faults=EVERYTHING).stream(clock)) as stream:
            async for fact in stream:
                found.append(fact)
                if fact.t > 40:
                    break
        return found[:-1]

    virtual = asyncio.run(facts(VirtualClock()))
    assert asyncio.run(facts(SessionClock(speed=80.0))) == virtual
    assert list(told(EVERYTHING, 40, 3, person_of(3)).events) == virtual


@pytest.mark.parametrize("share", [0.02, 0.05, 0.2])
@pytest.mark.parametrize("fault", ["ventricular", "atrial"])
def test_premature_beats_are_as_large_a_share_as_ordered(fault, share):
    beats = told(Faults(**{fault: often(share)}), 3600).beats
    found = np.mean([beat.kind == fault for beat in beats])
    assert found == pytest.approx(share, abs=0.01 + 0.05 * share)


def test_a_ventricular_beat_has_a_full_pause_and_an_atrial_one_has_not():
    def after(fault):
        beats = HeartModel(QUIET, 2, no_guide, faults=Faults(**{fault: often(0.05)})).advance(900)
        ticks = np.array([beat.ticks for beat in beats])
        normal = np.median(np.diff(ticks))
        early = [i for i, beat in enumerate(beats[1:-1], 1) if beat.kind == fault]
        coupling = [(ticks[i] - ticks[i - 1]) / normal for i in early]
        both = [(ticks[i + 1] - ticks[i - 1]) / normal for i in early]
        return coupling, np.mean(both)

    coupling, both = after("ventricular")
    assert 0.5 < min(coupling) < max(coupling) < 0.8
    assert both == pytest.approx(2.0, abs=0.05)
    coupling, both = after("atrial")
    assert 0.6 < min(coupling) < max(coupling) < 0.9
    assert both == pytest.approx(1.8, abs=0.05)


def test_every_second_beat_can_be_premature():
    beats = told(Faults(ventricular=(Spell(60, 30, 0.5),))).beats
    during = [beat.kind for beat in beats if 62 < beat.t < 88]
    assert {*during[::2]} != {*during[1::2]}
    assert {*during} == {BeatKind.SINUS, BeatKind.VENTRICULAR}
    assert {beat.kind for beat in beats if not 60 <= beat.t < 92} == {BeatKind.SINUS}


@pytest.mark.parametrize("fault", ["ventricular", "atrial"])
def test_premature_beats_can_come_in_runs(fault):
    beats = told(Faults(**{fault: often(0.1)}, run_length=4), 900).beats
    words = "".join("n" if beat.kind is BeatKind.SINUS else "x" for beat in beats)
    runs = [len(run) for run in words.split("n") if run][:-1]
    assert len(runs) > 10
    assert {length % 4 for length in runs} == {0}


def test_missed_beats_join_two_intervals():
    simulation = told(Faults(missed=often(0.1)), 900)
    unseen = fates(simulation)[BeatFate.UNSEEN]
    assert unseen / len(simulation.beats) == pytest.approx(0.1, abs=0.02)
    assert max(intervals(simulation)) > 1.8 * np.median(intervals(simulation))
    assert len(intervals(simulation)) + unseen + 1 == pytest.approx(len(simulation.beats), abs=3)


def test_extra_beats_cut_an_interval_in_two():
    simulation = told(Faults(extra=often(0.1)), 900)
    heard = intervals(simulation)
    assert kinds(simulation)[BeatKind.SPURIOUS] / len(simulation.beats) == pytest.approx(
        0.1, abs=0.03
    )
    assert min(heard) >= 200
    assert sum(heard) == pytest.approx(sum(intervals(told(NO_FAULTS, 900))), rel=0.002)


def test_without_contact_packets_are_bare_and_intervals_begin_anew():
    simulation = told(Faults(contact_loss=AT_60))
    bare = [p for p in simulation.packets if p.contact is False]
    assert [round(p.t - 0.1) for p in bare] == list(range(61, 71))
    assert {p.rr_ms for p in bare} == {()}
    assert len({p.heart_rate_bpm for p in bare}) == 1
    unseen = [beat.t for beat in simulation.beats if beat.fate is BeatFate.UNSEEN]
    assert 60 < min(unseen) < max(unseen) < 70
    assert fates(simulation)[BeatFate.BEGAN] == 2
    hint = (LinkState.SILENT, LinkReason.NO_CONTACT)
    assert hint in [(state, reason) for _, state, reason in links(simulation)]


def test_without_contact_the_rate_can_be_zero_too():
    simulation = told(Faults(contact_loss=AT_60, rate_is_held=False))
    assert {p.heart_rate_bpm for p in simulation.packets if p.contact is False} == {None}


def test_packets_lost_on_the_air_leave_a_true_gap():
    simulation = told(Faults(dropouts=(Spell(60, 4),)))
    lost = [beat for beat in simulation.beats if beat.fate is BeatFate.LOST]
    assert 59 < lost[0].t < lost[-1].t < 63
    whole = sum(intervals(told(NO_FAULTS)))
    missing_ms = sum(beat.interval_ticks for beat in lost) * 125 / 128
    assert sum(intervals(simulation)) == pytest.approx(whole - missing_ms)
    assert max(intervals(simulation)) < 1.1 * np.median(intervals(simulation))
    assert len(links(simulation)) == 2


def test_long_silence_is_told_as_of_a_real_strap():
    simulation = told(Faults(dropouts=(Spell(60, 20),)))
    states = [(state, reason) for _, state, reason in links(simulation)[2:]]
    assert states == [
        (LinkState.SILENT, LinkReason.NO_DATA),
        (LinkState.LOST, LinkReason.NO_DATA),
        (LinkState.RECEIVING, LinkReason.NONE),
    ]
    limits = listening.StrapTimings()
    assert limits.silent_after_s == simulated_link.SILENT_AFTER_S
    assert limits.drop_after_s == simulated_link.GONE_AFTER_S
    assert simulated_link.PACKETS_WITHOUT_CONTACT == listening.PACKETS_WITHOUT_CONTACT


def test_a_lost_link_comes_back_after_a_true_gap():
    simulation = told(Faults(link_loss=AT_60))
    (_, lost, why), (back_s, back, _) = links(simulation)[2:]
    assert (lost, why, back) == (LinkState.LOST, LinkReason.LINK_LOST, LinkState.RECEIVING)
    assert 70 <= back_s < 70.5
    assert not [p for p in simulation.packets if 60.5 < p.t < 70]
    assert fates(simulation)[BeatFate.LOST] == pytest.approx(10, abs=2)


def test_a_stall_ends_in_a_burst_that_has_lost_nothing():
    simulation = told(Faults(stalls=(Spell(60, 4),)))
    burst = [p for p in simulation.packets if 60.5 < p.t < 64.5]
    assert len(burst) == 5
    assert len({p.t for p in burst}) == 1
    assert intervals(simulation) == intervals(told(NO_FAULTS))


def test_a_stall_that_is_too_long_costs_the_link_and_what_was_held_up():
    simulation = told(Faults(stalls=(Spell(60, 14),)))
    assert LinkState.LOST in [state for _, state, _ in links(simulation)]
    assert fates(simulation)[BeatFate.LOST] > 7


def test_jitter_spreads_arrivals_and_loses_nothing():
    simulation = told(Faults(jitter_s=1.5), 600)
    late = [p.t - i for i, p in enumerate(simulation.packets, 1)]
    assert 0 <= min(late) < 0.6
    assert 2.4 < max(late) < 3.3
    heard = intervals(simulation)
    assert heard == intervals(told(NO_FAULTS, 600))[: len(heard)]


def test_packets_can_come_twice():
    simulation = told(Faults(duplicates=AT_60))
    packets = simulation.packets
    assert sum(packets[i] == packets[i - 1] for i in range(1, len(packets))) == 10


def test_garbage_comes_between_the_packets_and_takes_none_away():
    simulation = told(Faults(garbage=often(0.5)), 600)
    assert len(of_kind(simulation, PacketRefused)) > 20
    assert None in simulation.beat_of_interval
    heard = zip(intervals(simulation), simulation.beat_of_interval, strict=True)
    assert [rr for rr, beat in heard if beat is not None] == intervals(told(NO_FAULTS, 600))


def test_a_battery_falls_and_at_its_end_the_strap_is_gone():
    simulation = told(Faults(battery_percent=3), 300)
    levels = [(round(e.t, -1), e.percent) for e in of_kind(simulation, BatteryRead)]
    assert levels == [(0, 3), (60, 2), (120, 1)]
    assert links(simulation)[-1] == (180.0, LinkState.LOST, LinkReason.LINK_LOST)
    assert not [p for p in simulation.packets if p.t > 181]


def test_a_share_of_the_time_comes_in_bouts():
    simulation = told(Faults(contact_loss=often(0.2)), 7200)
    off = np.array([p.contact is False for p in simulation.packets])
    assert np.mean(off) == pytest.approx(0.2, abs=0.05)
    assert np.sum(off) / np.sum(np.diff(off.astype(int)) == 1) == pytest.approx(8, abs=2)


def test_a_heart_that_no_strap_sees_for_a_minute_has_no_interval_of_a_minute():
    simulation = told(Faults(missed=(Spell(30, 70),)))
    assert max(intervals(simulation)) < 64000
    assert fates(simulation)[BeatFate.BEGAN] == 2


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Spell(share=1.5),
        lambda: Spell(-1.0),
        lambda: Spell(0.0, 0.0),
        lambda: Faults(jitter_s=2.0),
        lambda: Faults(battery_percent=0),
        lambda: Faults(battery_falls_per_minute=-1.0),
        lambda: Faults(run_length=0),
    ],
)
def test_orders_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"\.$"):
        wrong()


SPELLS = st.lists(
    st.builds(Spell, st.integers(0, 90), st.integers(1, 60), st.floats(0, 1)), max_size=2
).map(tuple)


@settings(max_examples=25)
@given(
    st.fixed_dictionaries(dict.fromkeys(SPELL_FIELDS, SPELLS)),
    st.floats(0, 1.5),
    st.integers(1, 5),
)
def test_whatever_is_ordered_a_sitting_survives_it(spells, jitter_s, run_length):
    simulation = told(Faults(**spells, jitter_s=jitter_s, run_length=run_length), 100, 2)
    live = LiveSession()
    for event in simulation.events:
        live.feed(event)
        if isinstance(event, HeartRateMeasurement):
            assert event.t <= 100
    live.finish()
    live.reading(100.0)
