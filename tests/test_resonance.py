"""The pace finder: found where there is a resonance, and a reason where there is none."""

import json
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from biobreath.cli import main
from biobreath.events import HeartRateMeasurement, PaceChanged, PacketForm
from biobreath.heart_rate_service import from_beat_times
from biobreath.practice.protocols import SLIDING_BREATHS, sliding, stepped
from biobreath.sensors.heart_model import HeartModel
from biobreath.sensors.people import PEOPLE, person_of
from biobreath.sensors.simulated import SimulatedSensor
from biobreath.sensors.simulated_faults import Faults, Spell
from biobreath.session.pace_finder import find_pace
from biobreath.signal.resonance import NoResonance, breath_waves, sliding_resonance


def facts_of(protocol, seed=0, person=None, **wishes):
    sensor = SimulatedSensor(seed, protocol.fullness, person=person or person_of(seed), **wishes)
    told = [*protocol.facts(0.0), *sensor.told(protocol.duration_s + 3.0)]
    return sorted(told, key=lambda fact: fact.t)


def test_the_slide_is_the_published_one():
    protocol = sliding()
    pacers = [pacer for _, pacer in protocol.parts]
    assert len(pacers) == SLIDING_BREATHS
    assert pacers[0].pattern.breaths_per_minute == pytest.approx(6.75)
    assert pacers[-1].pattern.breaths_per_minute == pytest.approx(4.27, abs=0.02)
    assert protocol.duration_s == pytest.approx(895, abs=3)
    steps = np.diff([pacer.pattern.cycle_s for pacer in pacers])
    assert steps == pytest.approx(0.06704)


@pytest.mark.parametrize("protocol", [sliding(), stepped()], ids=lambda p: p.id)
def test_a_protocol_never_jumps_while_it_guides(protocol):
    times = np.arange(0, protocol.duration_s, 0.02)
    fullness = [protocol.fullness(t) for t in times]
    steps = [abs(b - a) for a, b in pairwise(fullness) if None not in (a, b)]
    assert max(steps) < 0.02
    assert protocol.fullness(-1.0) is protocol.fullness(protocol.duration_s + 1) is None


def test_the_resonance_of_simulated_people_is_found_with_its_interval():
    seeds = range(8)
    found = {seed: find_pace(facts_of(sliding(), seed), sliding()) for seed in seeds}
    errors = {s: r.breaths_per_minute - person_of(s).resonance_per_minute for s, r in found.items()}
    assert max(map(abs, errors.values())) < 0.5
    assert sum(abs(error) < 0.25 for error in errors.values()) >= 6
    inside = [r.low <= person_of(s).resonance_per_minute <= r.high for s, r in found.items()]
    assert sum(inside) >= 6


def test_steps_find_it_too():
    found = find_pace(facts_of(stepped(), 4), stepped())
    assert found.breaths_per_minute == pytest.approx(person_of(4).resonance_per_minute, abs=0.5)


def test_premature_beats_do_not_lead_it_astray():
    facts = facts_of(
        sliding(), 3, faults=Faults(ventricular=(Spell(share=0.03),), atrial=(Spell(share=0.02),))
    )
    found = find_pace(facts, sliding())
    assert found.breaths_per_minute == pytest.approx(person_of(3).resonance_per_minute, abs=0.5)


def test_who_ignores_the_guide_gets_a_reason_and_no_pace():
    found = find_pace(facts_of(sliding(), 5, person=PEOPLE["ignoring"]), sliding())
    assert found.reason is NoResonance.NOT_FOLLOWED
    assert found.breaths_per_minute is found.low is found.high is None


def test_a_heart_that_hardly_moves_is_not_read():
    found = find_pace(facts_of(sliding(), 5, person=PEOPLE["flat"]), sliding())
    assert found.reason in (NoResonance.FLAT, NoResonance.NOT_FOLLOWED) or found.level is not None


def test_a_file_without_a_guide_begins_the_protocol_with_its_first_beat(tmp_path, capsys):
    facts = facts_of(sliding(), 6)
    rr = [r for f in facts if isinstance(f, HeartRateMeasurement) for r in f.rr_ms]
    # The simulated heart's first interval begins some tenths of a second after the guide.
    path = tmp_path / "slide.txt"
    path.write_text("\n".join(f"{r:.3f}" for r in rr))
    assert main(["assess", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"resonance_breaths_per_minute", "low", "high", "level", "reason"}
    truth = person_of(6).resonance_per_minute
    assert told["resonance_breaths_per_minute"] == pytest.approx(truth, abs=1.0)


@cache
def heart_under(protocol, seed, person):
    return HeartModel(person, seed, protocol.fullness).advance(protocol.duration_s)


def file_of(seed, protocol, missing, person=None):
    """Return beats as a file without a guide has them, without the first intervals."""
    beats = heart_under(protocol, seed, person or person_of(seed))
    rr_ms = np.diff([0, *(beat.ticks for beat in beats)])[missing:] * 125 / 128
    times = np.cumsum(rr_ms) / 1000
    return [
        from_beat_times(t, [(t, rr)]) for t, rr in zip(times.tolist(), rr_ms.tolist(), strict=True)
    ]


@pytest.mark.parametrize("protocol", [sliding(), stepped()], ids=lambda p: p.id)
def test_when_the_guide_of_a_file_began_is_found_with_the_pace(protocol):
    """A second moves the answer by one a minute, where the start is taken as it seems."""
    for missing in (0, 1, 17):
        found = {seed: find_pace(file_of(seed, protocol, missing), protocol) for seed in range(4)}
        true = {seed: person_of(seed).resonance_per_minute for seed in found}
        errors = [r.breaths_per_minute - true[seed] for seed, r in found.items()]
        assert sum(abs(error) <= 0.5 for error in errors) >= 3, missing
        assert abs(np.mean(errors)) < 0.25, missing
        assert sum(r.low <= true[seed] <= r.high for seed, r in found.items()) >= 2, missing


def test_an_unknown_start_makes_the_answer_less_sure():
    protocol = sliding()
    told = [*protocol.facts(0.0), *file_of(1, protocol, 0)]
    with_guide = find_pace(sorted(told, key=lambda fact: fact.t), protocol)
    without = find_pace(file_of(1, protocol, 17), protocol)
    assert without.high - without.low > with_guide.high - with_guide.low
    assert without.level < with_guide.level


@pytest.mark.parametrize("missing", [0, 17])
def test_a_file_of_who_ignored_the_guide_gets_a_reason_whenever_it_began(missing):
    found = find_pace(file_of(5, sliding(), missing, PEOPLE["ignoring"]), sliding())
    assert found.reason is NoResonance.NOT_FOLLOWED
    assert found.breaths_per_minute is None


def test_too_short_a_recording_says_so(capsys, tmp_path):
    path = tmp_path / "short.txt"
    path.write_text("\n".join(["900", "950", "880"] * 20))
    assert main(["assess", str(path)]) == 0
    assert "too few whole breaths" in capsys.readouterr().out
    assert main(["assess", str(tmp_path / "none.txt")]) == 1
    assert main(["assess", "simulated:x", "--json"]) == 2


def test_a_shift_in_time_changes_nothing():
    facts = facts_of(sliding(), 2)
    beats = [f for f in facts if isinstance(f, HeartRateMeasurement)]
    rr = np.array([r for f in beats for r in f.rr_ms])
    t = np.cumsum(rr) / 1000
    starts = np.array([since for since, _ in sliding().parts] + [sliding().duration_s])
    accepted = np.ones(t.size, bool)
    here = sliding_resonance(breath_waves(t, 60_000 / rr, accepted, starts))
    there = sliding_resonance(breath_waves(t + 5000, 60_000 / rr, accepted, starts + 5000))
    assert here.breaths_per_minute == pytest.approx(there.breaths_per_minute, abs=1e-6)
    assert sum(isinstance(f, PaceChanged) for f in facts) == SLIDING_BREATHS
    assert beats[0].form is PacketForm.HEART_RATE_SERVICE
