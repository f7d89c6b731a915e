"""The simulated person: an honest answer to the guide, the same for the same seed."""

import asyncio
import math
from contextlib import aclosing
from dataclasses import replace

import numpy as np
import pytest

from biobreath.clock import SessionClock, VirtualClock
from biobreath.events import HeartRateMeasurement, LinkChanged, LinkState
from biobreath.heart_rate_service import decode
from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import paced
from biobreath.sensors.heart_model import (
    STEP_S,
    HeartModel,
    Person,
    RateModel,
    Resonator,
    person_of,
)
from biobreath.sensors.simulated import SimulatedSensor

QUIET = Person(mayer_bpm=0.0, slow_waves_bpm=0.0, jitter_ms=0.0, stress=0.0)


def guide(breaths_per_minute, inhale_share=0.4):
    pacer = Pacer(paced(breaths_per_minute, inhale_share))
    return lambda t: pacer.at(t).fullness


def sine(breaths_per_minute):
    return lambda t: 0.5 - 0.5 * math.cos(2 * math.pi * breaths_per_minute / 60 * t)


def no_guide(_t):
    return None


async def facts(sensor, seconds, clock=None):
    clock = VirtualClock() if clock is None else clock
    found = []
    async with aclosing(sensor.stream(clock)) as stream:
        async for fact in stream:
            if fact.t > seconds:
                return found
            found.append(fact)
    raise AssertionError("a simulated heart never ends")


def told(sensor, seconds, clock=None):
    return asyncio.run(facts(sensor, seconds, clock))


def intervals(sensor, seconds):
    return np.concatenate(
        [f.rr_ms for f in told(sensor, seconds) if isinstance(f, HeartRateMeasurement)]
    )


def rates(person, breath_at, seconds, seed=1, skip_s=0.0):
    """Return beat times (s) and heart rates (bpm) of the model."""
    beats = HeartModel(person, seed, breath_at).advance(seconds)
    times = np.array([beat.ticks for beat in beats]) / 1024
    kept = times[1:] > skip_s
    return times[1:][kept], 60 / np.diff(times)[kept]


def swing_bpm(person, breaths_per_minute, **kwargs):
    times, rate = rates(person, guide(breaths_per_minute), 480, skip_s=180, **kwargs)
    cycle_s = 60 / breaths_per_minute
    starts = np.arange(180, 480 - cycle_s, cycle_s)
    return np.mean([np.ptp(rate[(times >= a) & (times < a + cycle_s)]) for a in starts])


def following(times, rate, breaths_per_minute):
    """Return the share of the rate's movement at the guide's frequency."""
    angle = 2 * np.pi * breaths_per_minute / 60 * times
    columns = np.column_stack([np.ones_like(times), np.cos(angle), np.sin(angle)])
    left = rate - columns @ np.linalg.lstsq(columns, rate, rcond=None)[0]
    return 1 - np.var(left) / np.var(rate)


def test_it_says_first_that_it_looks_for_the_strap_and_then_that_beats_come():
    found = told(SimulatedSensor(1), 20)
    links = [fact for fact in found if isinstance(fact, LinkChanged)]
    assert [link.state for link in links] == [LinkState.SEARCHING, LinkState.RECEIVING]
    assert {link.device_name for link in links} == {"demo heart"}
    assert found[0] is links[0]
    assert found[1] is links[1]
    assert isinstance(found[2], HeartRateMeasurement)
    assert SimulatedSensor(1).name == "demo heart"


def test_packets_come_about_once_a_second_with_bytes_as_a_strap_sends_them():
    found = [f for f in told(SimulatedSensor(2), 300) if isinstance(f, HeartRateMeasurement)]
    arrivals = np.array([fact.t for fact in found])
    assert np.all(np.diff(arrivals) > 0.5)
    assert np.mean(np.diff(arrivals)) == pytest.approx(1.0, abs=0.01)
    assert {len(fact.rr_ms) for fact in found} <= {0, 1, 2, 3, 4}
    for fact in found:
        assert decode(fact.t, fact.payload) == fact
        assert fact.contact is True
    assert all(40 < fact.heart_rate_bpm < 120 for fact in found[5:])


def test_the_newest_interval_of_a_packet_is_never_from_the_future():
    t = None
    for fact in told(SimulatedSensor(2), 200):
        if isinstance(fact, HeartRateMeasurement) and fact.rr_ms:
            t = fact.t if t is None else t + sum(fact.rr_ms) / 1000
            assert t < fact.t + 1.2


def test_the_same_seed_and_guide_give_the_same_bytes_at_any_speed():
    sensor = lambda: SimulatedSensor(7, guide(6))  # noqa: E731
    virtual = told(sensor(), 30)
    assert told(sensor(), 30) == virtual
    assert told(sensor(), 30, SessionClock(speed=60.0)) == virtual


def test_another_seed_is_another_person():
    assert person_of(1) != person_of(2)
    assert not np.array_equal(intervals(SimulatedSensor(1), 60), intervals(SimulatedSensor(2), 60))


def test_people_are_adults_within_the_ranges_that_were_measured():
    people = [person_of(seed) for seed in range(300)]
    assert all(4.5 <= p.resonance_per_minute <= 6.5 for p in people)
    assert all(3 <= p.amplitude_bpm <= 12 for p in people)
    young = np.mean([p.amplitude_bpm for p in people if p.age < 35])
    assert young > 1.3 * np.mean([p.amplitude_bpm for p in people if p.age > 60])


def test_a_stream_begun_late_in_a_sitting_begins_there():
    clock = VirtualClock()
    asyncio.run(clock.sleep(300.4))
    found = told(SimulatedSensor(1), 310, clock)
    assert found[0].t == 300.0
    assert all(fact.t >= 300.0 for fact in found)


def test_the_heart_swings_widely_in_slow_breathing_and_little_in_quick_breathing():
    assert swing_bpm(Person(), 6) == pytest.approx(15, abs=2.5)
    assert swing_bpm(Person(), 12) < 8
    times, rate = rates(Person(), sine(15), 480, skip_s=180)
    starts = np.arange(180, 476, 4)
    assert np.mean([np.ptp(rate[(times >= a) & (times < a + 4)]) for a in starts]) < 6


def expected_amplitude_bpm(person, breaths_per_minute):
    """Return what the published equations give for a calm, guided person."""
    hz, resonance_hz = breaths_per_minute / 60, person.resonance_per_minute / 60
    reflex = 1 / (1 + 1j * person.resonance_q * (hz / resonance_hz - resonance_hz / hz))
    direct = 1 / (1 + 1j * hz / 0.35)
    answer = (1 - person.direct_share) * reflex + person.direct_share * direct
    return 1.25 * person.amplitude_bpm * abs(answer) * (0.1 / hz) ** 0.25


@pytest.mark.parametrize("breaths_per_minute", [4.0, 5.0, 6.0, 7.0, 9.0, 15.0])
def test_the_swing_follows_the_published_equations(breaths_per_minute):
    model = RateModel(QUIET, sine(breaths_per_minute), np.random.default_rng(0))
    rate = np.array([model.step(i * STEP_S) for i in range(int(900 / STEP_S))])[-5760:]
    amplitude = np.ptp(rate) / 2
    expected = expected_amplitude_bpm(QUIET, breaths_per_minute)
    assert amplitude == pytest.approx(expected, rel=0.15)


@pytest.mark.parametrize("resonance", [4.6, 5.5, 6.4])
def test_the_resonator_answers_most_at_its_frequency(resonance):
    paces = np.arange(resonance - 0.5, resonance + 0.51, 0.05)
    answers = []
    for pace in paces:
        resonator = Resonator(resonance / 60, 2.0)
        steps = np.arange(int(240 / STEP_S)) * STEP_S
        out = [resonator.step(x) for x in np.sin(2 * np.pi * pace / 60 * steps).tolist()]
        answers.append(max(out[-2000:]))
    assert paces[int(np.argmax(answers))] == pytest.approx(resonance, abs=0.1)
    assert max(answers) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("seed", range(4))
def test_a_person_who_ignores_the_guide_does_not_look_guided(seed):
    person = replace(person_of(seed), adherence=0.0)
    with_guide = rates(person, guide(6), 300, seed)
    assert following(*with_guide, 6) < 0.15
    assert np.array_equal(with_guide[1], rates(person, no_guide, 300, seed)[1])


@pytest.mark.parametrize("seed", range(4))
def test_a_person_who_follows_the_guide_looks_guided(seed):
    times, rate = rates(person_of(seed), guide(6), 300, seed, skip_s=120)
    assert following(times, rate, 6) > 0.35


def test_half_the_adherence_is_about_half_the_swing():
    whole = rates(QUIET, guide(6), 480, skip_s=240)
    half = rates(replace(QUIET, adherence=0.5), guide(6), 480, skip_s=240)
    ratio = np.std(half[1]) / np.std(whole[1])
    assert 0.35 < ratio < 0.65


def test_tension_fades_while_the_breath_is_guided():
    times, rate = rates(Person(stress=1.0, resting_rate_bpm=65.0), guide(6), 480)
    assert np.mean(rate[times < 20]) == pytest.approx(82, abs=4)
    assert np.mean(rate[times > 440]) == pytest.approx(66, abs=3)


def test_the_rest_between_guides_is_breathed_freely():
    stops = lambda t: guide(6)(t) if t < 240 else None  # noqa: E731
    times, rate = rates(QUIET, stops, 420)
    guided, free = rate[(times > 150) & (times < 240)], rate[times > 300]
    assert np.ptp(free) < 0.6 * np.ptp(guided)


def test_premature_and_missed_beats_come_as_often_as_ordered():
    beats = HeartModel(QUIET, 5, no_guide, ectopics_share=0.05).advance(1800)
    assert np.mean([beat.ectopic for beat in beats]) == pytest.approx(0.05, abs=0.015)
    whole = len(HeartModel(QUIET, 5, no_guide).advance(1800))
    seen = len(HeartModel(QUIET, 5, no_guide, missed_share=0.1).advance(1800))
    assert seen / whole == pytest.approx(0.9, abs=0.02)


def test_a_sensor_with_faults_ordered_has_them_in_its_intervals():
    clean = intervals(SimulatedSensor(3, person=QUIET), 300)
    faulty = intervals(
        SimulatedSensor(3, person=QUIET, ectopics_share=0.05, missed_share=0.02), 300
    )
    assert np.max(clean) < 1.3 * np.median(clean)
    assert np.max(faulty) > 1.7 * np.median(clean)
    assert np.min(faulty) < 0.8 * np.median(clean)
