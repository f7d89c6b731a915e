"""A rhythm that nothing foresees pauses what is shown; breath, however strong, does not."""

import json

import numpy as np
import pytest

from biobreath.cli import main
from biobreath.heart_rate_service import from_beat_times
from biobreath.practice.protocols import sliding
from biobreath.session.live import LiveSession
from biobreath.session.pace_finder import find_pace
from biobreath.signal.coherence import CoherenceState
from biobreath.signal.irregularity import is_irregular
from biobreath.signal.resonance import NoResonance
from biobreath.signal.signal_state import SignalReason, SignalState, signal_state
from biobreath.ui.breathing_texts import answer


def irregular_rr(seed, mean_ms=780.0, spread=0.2, beats=400):
    """Intervals that know nothing of each other, none below half of the mean."""
    rng = np.random.default_rng(seed)
    shape = (1.6 * spread) ** -2
    drawn = mean_ms * (1 + (rng.gamma(shape, 1 / shape, beats) - 1) / 1.6)
    return np.maximum(drawn, mean_ms / 2)


def breathing(seed, rate, swing, pace, jitter_ms, seconds=64.0):
    rng = np.random.default_rng(seed)
    t, rr_ms = 0.0, []
    while t < seconds:
        bpm = rate + swing / 2 * np.sin(2 * np.pi * pace / 60 * t)
        rr_ms.append(60_000.0 / bpm + rng.normal(0, jitter_ms))
        t += rr_ms[-1] / 1000
    return np.array(rr_ms)


def fed(rr_ms):
    live, t = LiveSession(), 0.0
    for rr in rr_ms.tolist():
        t += rr / 1000
        live.feed(from_beat_times(t, [(t, rr)]))
    live.finish()
    return live.reading(t)


@pytest.mark.parametrize("spread", [0.17, 0.22, 0.28])
def test_intervals_that_know_nothing_of_each_other_are_irregular(spread):
    windows = [irregular_rr(seed, spread=spread)[-80:] for seed in range(20)]
    assert np.mean([is_irregular(rr, np.ones(80, bool)) for rr in windows]) >= 0.9


@pytest.mark.parametrize("rate", [50, 65, 80, 95])
@pytest.mark.parametrize("pace", [3.5, 6.0, 8.0, 12.0, 20.0])
def test_no_breath_is_irregular(rate, pace):
    for swing in (2, 10, 25, 40):
        if swing < 0.6 * rate:
            rr_ms = breathing(rate + swing, rate, swing, pace, 10.0)
            assert not is_irregular(rr_ms, np.ones(rr_ms.size, bool))


def test_a_breath_that_steps_by_half_in_one_beat_is_not_irregular():
    breath = [1131.0, 1100, 1060, 1010, 960, 850, 740, 660, 612]
    rng = np.random.default_rng(1)
    rr_ms = np.array(breath * 8) + rng.normal(0, 15, 72)
    assert not is_irregular(rr_ms, np.ones(72, bool))


def test_premature_beats_now_and_then_are_not_an_irregular_rhythm():
    rng = np.random.default_rng(2)
    rr_ms = 800 + rng.normal(0, 10, 90)
    for at in range(7, 88, 11):
        rr_ms[at : at + 2] = 520, 1080
    reading = fed(rr_ms)
    assert reading.signal_reason is SignalReason.SOME_CORRECTED
    assert reading.coherence is not None


def test_few_intervals_tell_nothing():
    assert not is_irregular(irregular_rr(0)[:30], np.ones(30, bool))


def test_an_irregular_rhythm_pauses_and_says_it_is_about_the_signal():
    readings = [fed(irregular_rr(seed)) for seed in range(6)]
    assert {reading.signal for reading in readings} == {SignalState.PAUSED}
    assert {reading.coherence_state for reading in readings} == {CoherenceState.PAUSED}
    assert SignalReason.IRREGULAR in {reading.signal_reason for reading in readings}
    for reading in readings:
        assert reading.heart_rate_bpm is not None
        assert (reading.swing_bpm, reading.coherence, reading.rmssd_ms) == (None, None, None)
        assert "not you" in answer(reading)


def test_slow_breathing_of_real_people_is_never_paused(data):
    rr_ms = np.loadtxt(data / "rr" / "polar_h10_slow_breathing.csv", delimiter=",", skiprows=1)
    reading = fed(rr_ms[:, 1])
    assert reading.signal is SignalState.GOOD


def test_many_corrected_beats_are_the_first_reason():
    assert signal_state(0.3, irregular=True)[1] is SignalReason.MANY_CORRECTED
    assert signal_state(0.1, irregular=True) == (SignalState.PAUSED, SignalReason.IRREGULAR)


def test_no_pace_is_told_from_an_irregular_rhythm(tmp_path, capsys):
    path = tmp_path / "rr.txt"
    rr_ms = irregular_rr(3, beats=1150)
    path.write_text("\n".join(f"{rr:.1f}" for rr in rr_ms))
    assert main(["assess", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["resonance_breaths_per_minute"] is None
    assert told["reason"] == NoResonance.UNSURE_BEATS.value
    assert find_pace([], sliding()).reason is NoResonance.TOO_FEW_BREATHS
