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
from biobreath.sensors.breath_model import STEP_S, Lungs, depth_of
from biobreath.sensors.heart_model import HeartModel, RateModel, Resonator
from biobreath.sensors.people import (
    FLARE,
    PEOPLE,
    RESTED,
    STRESSED,
    Person,
    on_day,
    person_like,
    person_of,
)
from biobreath.sensors.simulated import SimulatedSensor, simulate
from biobreath.sensors.simulated_faults import Faults
from biobreath.signal.coherence import coherence_of_record

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


class CountingClock(VirtualClock):
    """Notes how often it was waited for."""

    def __init__(self):
        super().__init__()
        self.waits = 0

    async def sleep(self, seconds):
        self.waits += 1
        await super().sleep(seconds)


def test_the_processor_is_woken_once_for_a_packet():
    clock = CountingClock()
    packets = [f for f in told(SimulatedSensor(2), 300, clock) if hasattr(f, "rr_ms")]
    # Beside it it looks once in five seconds whether packets still come.
    assert clock.waits <= 1.25 * len(packets)


def test_the_guide_is_asked_about_the_two_seconds_before_the_present_and_never_about_the_future():
    clock = VirtualClock()
    ages = []

    def breath_at(t):
        ages.append(clock.now() - t)
        return 0.5

    told(SimulatedSensor(4, breath_at, faults=Faults(jitter_s=1.5)), 300, clock)
    assert min(ages) >= 0.0
    assert max(ages) <= 2.0


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


def expected_gain(person, breaths_per_minute):
    """Return what the published equations answer to a breath of constant depth."""
    hz, resonance_hz = breaths_per_minute / 60, person.resonance_per_minute / 60
    reflex = 1 / (1 + 1j * person.resonance_q * (hz / resonance_hz - resonance_hz / hz))
    direct = 1 / (1 + 1j * hz / 0.35)
    return abs((1 - person.direct_share) * reflex + person.direct_share * direct)


def measured_gain(person, breaths_per_minute, seconds=600):
    """Return the same of the model, after level and gain have settled."""
    person = replace(person, mayer_bpm=0.0, slow_waves_bpm=0.0, stress=0.0)
    model = RateModel(person, sine(breaths_per_minute), np.random.default_rng(0))
    rate = np.array([model.step(i * STEP_S) for i in range(int(seconds / STEP_S))])
    late = rate[-int(120 / STEP_S) :]
    angle = 2 * np.pi * breaths_per_minute / 60 * np.arange(late.size) * STEP_S
    columns = np.column_stack([np.ones_like(angle), np.cos(angle), np.sin(angle)])
    fit = np.linalg.lstsq(columns, late, rcond=None)[0]
    calm_bpm = 1.25 * person.amplitude_bpm * depth_of(breaths_per_minute / 60)
    return np.hypot(fit[1], fit[2]) / calm_bpm


@pytest.mark.parametrize("breaths_per_minute", [3.0, 4.0, 5.0, 6.0, 7.0, 9.0, 12.0, 15.0])
def test_the_swing_follows_the_published_equations(breaths_per_minute):
    expected = expected_gain(QUIET, breaths_per_minute)
    assert measured_gain(QUIET, breaths_per_minute) == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize("seed", [1, 2, 9])
def test_a_breath_moves_the_heart_most_at_the_resonance(seed):
    person = person_of(seed)
    paces = person.resonance_per_minute + np.array([-0.2, -0.1, 0.0, 0.1, 0.2])
    curve = np.polyfit(paces, [measured_gain(person, pace) for pace in paces], 2)
    peak = -curve[1] / (2 * curve[0])
    assert peak == pytest.approx(person.resonance_per_minute, abs=0.1)


def test_above_a_corner_the_answer_falls_as_hirsch_and_bishop_found():
    paces = np.array([5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0, 10.0, 12.5, 16.0, 20.0])
    gain_db = 20 * np.log10([measured_gain(Person(), pace, 480) for pace in paces])
    top = int(np.argmax(gain_db))
    corner = np.interp(3.0, gain_db.max() - gain_db[top:], paces[top:])
    fall = np.polyfit(np.log10(paces[paces >= 8]), gain_db[paces >= 8], 1)[0]
    assert corner == pytest.approx(7.2, abs=1.5)
    assert fall == pytest.approx(-21, abs=3.4)


def test_a_young_heart_swings_by_twenty_in_slow_breathing():
    swings = [swing_bpm(PEOPLE["young"], pace) for pace in (4.5, 5.0, 5.5, 6.0)]
    assert np.mean(swings) == pytest.approx(20, abs=5)


def test_the_older_the_smaller_and_the_fitter_the_larger_is_the_swing():
    ages = [person_like(age=age).amplitude_bpm for age in (20, 40, 60, 80)]
    assert ages == sorted(ages, reverse=True)
    fit = [person_like(fitness=fitness) for fitness in (0.0, 0.5, 1.0)]
    assert [p.amplitude_bpm for p in fit] == sorted(p.amplitude_bpm for p in fit)
    assert [p.resting_rate_bpm for p in fit] == [76.0, 62.0, 48.0]
    assert fit[1].amplitude_bpm == pytest.approx(Person().amplitude_bpm, rel=0.05)


def test_a_person_is_built_with_the_resonance_and_adherence_that_were_ordered():
    person = person_like(resonance_per_minute=4.8, adherence=0.3)
    assert (person.resonance_per_minute, person.adherence) == (4.8, 0.3)


def test_the_extremes_are_as_far_apart_as_people_are():
    swings = {name: swing_bpm(PEOPLE[name], 6) for name in ("flat", "older", "athlete")}
    assert swings["flat"] < 4 < 8 < swings["older"] < 15 < 20 < swings["athlete"]


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


def coherence(times, rate):
    return coherence_of_record(times, 60000 / rate)


def test_ignoring_the_guide_never_makes_a_rhythm_coherent():
    people = [replace(person_of(seed), adherence=0.0) for seed in range(10)]
    ignored = [coherence(*rates(p, guide(6), 300, i)) for i, p in enumerate(people)]
    followed = [coherence(*rates(person_of(i), guide(6), 300, i, skip_s=60)) for i in range(10)]
    assert max(ignored) < 0.45
    assert np.mean(followed) > 0.7


@pytest.mark.parametrize("seed", range(4))
def test_a_person_who_follows_the_guide_looks_guided(seed):
    times, rate = rates(person_of(seed), guide(6), 300, seed, skip_s=120)
    assert following(times, rate, 6) > 0.35


def test_half_the_adherence_is_about_half_the_swing():
    whole = rates(QUIET, guide(6), 480, skip_s=240)
    half = rates(replace(QUIET, adherence=0.5), guide(6), 480, skip_s=240)
    ratio = np.std(half[1]) / np.std(whole[1])
    assert 0.35 < ratio < 0.65


def test_a_person_can_stop_following_in_the_middle():
    quiet = replace(QUIET, follows_until_s=180.0)
    times, rate = rates(quiet, guide(6), 360)
    assert np.ptp(rate[times > 240]) < 0.6 * np.ptp(rate[(times > 90) & (times < 180)])
    _, faithful = rates(QUIET, guide(6), 360)
    until = int(np.sum(times < 179))
    assert np.array_equal(rate[:until], faithful[:until])


@pytest.mark.parametrize(
    ("breath_at", "cycle_s", "variation"), [(sine(6), 10.0, 0.02), (no_guide, 60 / 14, 0.08)]
)
def test_breaths_vary_in_length_as_those_of_people_do(breath_at, cycle_s, variation):
    lungs = Lungs(Person(own_breaths_per_minute=14.0), breath_at, np.random.default_rng(1))
    volume = np.array([lungs.at(i * STEP_S) for i in range(int(1800 / STEP_S))])
    is_empty = (volume[1:-1] < -0.5) & (volume[1:-1] < volume[:-2]) & (volume[1:-1] <= volume[2:])
    empty_s = np.nonzero(is_empty)[0] * STEP_S
    lengths = np.diff(empty_s[empty_s > 30])
    assert np.mean(lengths) == pytest.approx(cycle_s, rel=0.02)
    assert np.std(lengths) / cycle_s == pytest.approx(variation, rel=0.25)


def test_days_differ_in_rate_swing_and_breath():
    def sits(day):
        person = on_day(Person(), day)
        times, rate = rates(person, guide(6), 480)
        return np.mean(rate[times < 30]), np.mean(rate[times > 420]), swing_bpm(person, 6)

    rested, stressed, flare = sits(RESTED), sits(STRESSED), sits(FLARE)
    assert rested[0] < 67 < 77 < flare[0] < stressed[0] + 5
    assert stressed[0] - stressed[1] > 12
    assert flare[1] > rested[1] + 5
    assert flare[2] < 0.6 * rested[2]


def test_a_simulation_at_once_tells_what_the_sensor_tells():
    sensor = SimulatedSensor(4, guide(6), day=STRESSED)
    assert list(simulate(person_of(4), STRESSED, guide=guide(6), seconds=60, seed=4).events) == (
        told(sensor, 60)
    )


def test_tension_fades_while_the_breath_is_guided():
    times, rate = rates(Person(stress=1.0, resting_rate_bpm=65.0), guide(6), 480)
    assert np.mean(rate[times < 20]) == pytest.approx(82, abs=4)
    assert np.mean(rate[times > 440]) == pytest.approx(66, abs=3)


def test_the_rest_between_guides_is_breathed_freely():
    stops = lambda t: guide(6)(t) if t < 240 else None  # noqa: E731
    times, rate = rates(QUIET, stops, 420)
    guided, free = rate[(times > 150) & (times < 240)], rate[times > 300]
    assert np.ptp(free) < 0.6 * np.ptp(guided)
