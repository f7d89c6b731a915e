"""A chest's breath: the wave and the rate, or no rate at all, of chests whose breath is known."""

import math

import numpy as np
import pytest
from chest_movement import FRAME, Body, chest, chest_of
from hypothesis import given, settings
from hypothesis import strategies as st

from biobreath.polar_measurement import AccelerationFrame, decode, encode_acceleration
from biobreath.signal import waves
from biobreath.signal.chest_breath import FRESH_S, BreathWave, ChestBreath, rises_with_inhale
from biobreath.signal.chest_rate import LEAST_S, breathing_rate
from biobreath.signal.sensor_clock import SensorClock

READ_EVERY_S = 5.0


class Listener:
    """Whoever shows the wave and asks for the rate every now and then."""

    def __init__(self) -> None:
        self.breath = ChestBreath()
        self.waves: list[BreathWave] = []
        self.rates: list[tuple[float, float]] = []

    def feed(self, samples, last_s, asked_hz=50.0):
        self.waves.append(self.breath.feed(samples, last_s, asked_hz))
        if not self.rates or last_s >= self.rates[-1][0] + READ_EVERY_S:
            self.rates.append((last_s, self.breath.breaths_per_minute(last_s)))

    def wave(self, segment):
        parts = [wave for wave in self.waves if wave.segment == segment]
        return np.concatenate([w.t_s for w in parts]), np.concatenate([w.value for w in parts])

    def shown(self, begin_s=LEAST_S, end_s=math.inf):
        """Return (t, rate) of what was shown in a stretch, and the share of it that was."""
        asked = [(t, rate) for t, rate in self.rates if begin_s <= t < end_s]
        told = [(t, rate) for t, rate in asked if math.isfinite(rate)]
        return told, len(told) / len(asked)


def listen(sat, frames=None):
    listener = Listener()
    for samples, last_s in sat.frames() if frames is None else frames:
        listener.feed(samples, last_s, sat.asked_hz)
    return listener


def errors(sat, listener, begin_s=LEAST_S, end_s=math.inf):
    told, share = listener.shown(begin_s, end_s)
    return np.abs([rate - sat.rate(t) for t, rate in told]), share


# ---- Rate


@pytest.mark.parametrize("pace", [4.0, 6.0, 8.0, 10.0])
def test_slow_breathing_is_told_within_a_third_of_a_breath(pace):
    sat = chest(pace, 100, seed=int(pace))
    away, share = errors(sat, listen(sat), begin_s=45)
    assert share > 0.8
    assert np.mean(away) < 0.15
    assert np.max(away) < 0.5


@pytest.mark.parametrize("pace", [12.0, 16.0, 24.0])
def test_quick_breathing_is_told_within_one_breath(pace):
    sat = chest(pace, 80, seed=int(pace), body=Body(uneven=0.08))
    away, share = errors(sat, listen(sat))
    assert share > 0.6
    assert np.max(away) < 1


@pytest.mark.parametrize(
    "body",
    [
        Body(breath_mg=2, drift_mg=1),
        Body(breath_mg=20),
        Body(heart_mg=30),
        Body(noise_mg=3),
        Body(rest_share=0.45),
        Body(rest_share=0.25, full_share=0.25),
        Body(coughs_a_minute=2),
    ],
)
def test_faint_and_deep_breaths_strong_hearts_and_coughs_make_no_difference(body):
    sat = chest(7.5, 90, seed=5, body=body)
    listener = listen(sat)
    away, share = errors(sat, listener, begin_s=45)
    assert share > 0.8
    assert np.max(away) < 0.5
    assert {wave.segment for wave in listener.waves} == {0}


@pytest.mark.parametrize("asked_hz", [25.0, 100.0, 200.0])
def test_any_sample_rate_of_a_strap_will_do(asked_hz):
    sat = chest(8, 80, seed=9, asked_hz=asked_hz)
    away, share = errors(sat, listen(sat), begin_s=45)
    assert share > 0.8
    assert np.max(away) < 0.5


def test_a_breath_that_slows_down_is_followed():
    sat = chest(lambda t: 15 - 10 * min(t / 240, 1), 240, seed=3)
    away, share = errors(sat, listen(sat))
    assert share > 0.9
    assert np.mean(away) < 0.3
    assert np.max(away) < 1


def test_the_breath_of_a_real_person_is_told(data):
    table = np.loadtxt(
        data / "breathing" / "physio_ecg2_airflow_20hz.csv", delimiter=",", skiprows=1
    )[:6000]
    seconds, flow = table[:, 0] - table[0, 0], table[:, 1] - np.mean(table[:, 1])
    volume = waves.band(np.cumsum(flow), 20.0, 0.04, 3.0)
    starts = waves.rises_s(waves.band(flow, 20.0, 0.05, 0.7), 20.0, 0.25 * float(np.std(flow)))
    t = np.arange(int(seconds[-1] * 50)) / 50
    fullness = 0.5 + np.interp(t, seconds, volume) / (4 * np.std(volume))
    breaths = np.interp(t, starts, np.arange(starts.size))
    sat = chest_of(t, breaths, fullness, seed=0, body=Body(breath_mg=4))
    away, share = errors(sat, listen(sat), begin_s=70, end_s=starts[-1])
    assert share > 0.8
    assert np.mean(away) < 0.25
    assert np.max(away) < 1


@pytest.mark.parametrize(
    "body",
    [
        Body(breath_mg=0),
        Body(breath_mg=0, heart_mg=0, noise_mg=1, drift_mg=0),
        Body(breath_mg=0, heart_mg=30),
        Body(breath_mg=0, drift_mg=10),
        Body(breath_mg=0, sway_mg=3),
        Body(breath_mg=0, sway_mg=3, coughs_a_minute=3),
    ],
)
def test_where_nobody_breathes_nothing_is_told(body):
    assert listen(chest(6, 90, seed=1, body=body)).shown()[0] == []


def test_a_body_that_sways_as_much_as_it_breathes_is_rather_not_told():
    away, shares = [], []
    for seed in range(4):
        sat = chest(6.0 + 4 * seed, 90, seed, Body(sway_share=1.0))
        told, share = errors(sat, listen(sat))
        away += told.tolist()
        shares.append(share)
    assert np.max(away) < 1
    assert 0.3 < np.mean(shares) < 0.95


def test_when_breathing_stops_the_rate_goes():
    sat = chest(6, 140, seed=4, body=Body(holds_s=((80, 140),)))
    listener = listen(sat)
    assert listener.shown(60, 80)[1] == 1
    assert listener.shown(100)[0] == []


# ---- Movement


@pytest.mark.parametrize("seed", range(2))
def test_another_posture_starts_over(seed):
    sat = chest(6, 120, seed=seed, body=Body(turns_s=(50,)))
    listener = listen(sat)
    assert listener.waves[-1].segment > 0
    assert listener.shown(56, 78)[0] == []
    away, share = errors(sat, listener, begin_s=100)
    assert share > 0.7
    assert np.max(away) < 0.6


def test_walking_is_not_breathing():
    sat = chest(12, 120, seed=2, body=Body(walks_s=((40, 60),)))
    listener = listen(sat)
    assert listener.shown(44, 85)[0] == []
    away, share = errors(sat, listener, begin_s=100)
    assert share == 1
    assert np.max(away) < 1


# ---- What comes over the air


def lost(frames):
    return [frame for i, frame in enumerate(frames) if i % 20 != 7]


def twice(frames):
    return [frame for pair in zip(frames, frames, strict=True) for frame in pair]


def swapped(frames):
    return [frames[i + (i % 10 == 3) - (i % 10 == 4)] for i in range(len(frames) - 1)]


def wild(frames):
    spoilt = [(samples.copy(), last_s) for samples, last_s in frames]
    for i, (samples, _) in enumerate(spoilt):
        if i % 15 == 4:
            samples[i % FRAME, i % 3] = [32767.0, math.nan, math.inf, -1e300, 900.0][i % 5]
    return spoilt


@pytest.mark.parametrize("spoil", [lost, twice, swapped, wild])
def test_what_the_link_spoils_is_bridged(spoil):
    sat = chest(6, 90, seed=11)
    listener = listen(sat, spoil(sat.frames()))
    away, share = errors(sat, listener, begin_s=45)
    assert {wave.segment for wave in listener.waves} == {0}
    assert share > 0.8
    assert np.max(away) < 0.5


@pytest.mark.parametrize("shift_s", [-1000.0, -3.0, 5.0, 1e9])
def test_a_clock_that_jumps_starts_over(shift_s):
    sat = chest(6, 100, seed=12)
    frames = [(x, t + shift_s * (t > 40)) for x, t in sat.frames()]
    listener = listen(sat, frames)
    t, _ = listener.wave(1)
    assert {wave.segment for wave in listener.waves} == {0, 1}
    assert t[0] == pytest.approx(40 + shift_s, abs=15)
    assert listener.breath.breaths_per_minute(frames[-1][1]) == pytest.approx(6, abs=0.5)


def test_a_rate_is_not_told_of_old_samples():
    breath = ChestBreath()
    assert math.isnan(breath.breaths_per_minute(0.0))
    sat = chest(6, 80, seed=13)
    for samples, last_s in sat.frames():
        breath.feed(samples, last_s, 50.0)
    assert breath.breaths_per_minute(last_s + 1) == pytest.approx(6, abs=0.5)
    assert math.isnan(breath.breaths_per_minute(last_s + FRESH_S))
    assert math.isnan(breath.breaths_per_minute(last_s - 60))


def test_from_bytes_on_a_jittery_link_to_a_breath_on_the_session_clock():
    sat = chest(6, 90, seed=14)
    rng = np.random.default_rng(0)
    clock, breath, told = SensorClock(), ChestBreath(), []
    began_s = 1234.0
    for samples, last_s in sat.frames():
        payload = encode_acceleration(
            599_616_000 * 10**9 + round(last_s * 1e9), samples.astype(int).tolist()
        )
        arrival_s = began_s + last_s + 0.03 + rng.exponential(0.05)
        frame = decode(payload)
        assert isinstance(frame, AccelerationFrame)
        end_s = clock.session_s(frame.sensor_ns, arrival_s)
        told.append(breath.feed(np.array(frame.samples_mg, dtype=float), end_s, 50.0))
    t = np.concatenate([wave.t_s for wave in told])
    value = np.concatenate([wave.value for wave in told])
    fullness = np.interp(t - began_s, sat.t_s, sat.fullness)
    assert {wave.segment for wave in told} == {0}
    assert abs(np.corrcoef(value, fullness)[0, 1]) > 0.9
    assert breath.breaths_per_minute(end_s) == pytest.approx(sat.rate(90), abs=0.3)


block_st = st.tuples(
    st.lists(
        st.tuples(*[st.floats(width=32) | st.integers(-3000, 3000).map(float)] * 3), max_size=40
    ),
    st.floats(-5, 5) | st.floats(),
    st.sampled_from([50.0, 25.0, 200.0, 0.0, -1.0, math.nan, math.inf]),
)


@given(st.lists(block_st, max_size=30))
@settings(max_examples=40)
def test_whatever_is_fed_what_comes_out_is_finite_and_even(blocks):
    breath, t_s = ChestBreath(), 0.0
    for samples, step_s, asked_hz in blocks:
        t_s = t_s + 1.0 + step_s if math.isfinite(t_s + step_s) else step_s
        wave = breath.feed(np.array(samples, dtype=float).reshape(-1, 3), t_s, asked_hz)
        assert np.all(np.isfinite(wave.value))
        assert np.allclose(np.diff(wave.t_s), 0.1)
        rate = breath.breaths_per_minute(t_s)
        assert math.isnan(rate) or 3 <= rate <= 36


# ---- Wave


@pytest.mark.parametrize(("pace", "least"), [(4.0, 0.8), (6.0, 0.9), (15.0, 0.9)])
def test_the_wave_follows_the_breath_evenly_and_keeps_its_sign(pace, least):
    sat = chest(pace, 110, seed=21)
    t, value = listen(sat).wave(0)
    assert np.allclose(np.diff(t), 0.1)
    assert t[0] < 10
    assert t[-1] > sat.t_s[-1] - 1.7  # a frame, and 0.9 s
    fullness = np.interp(t, sat.t_s, sat.fullness)
    alike = [
        np.corrcoef(value[i : i + 400], fullness[i : i + 400])[0, 1]
        for i in range(0, t.size - 400, 200)
    ]
    assert np.min(np.abs(alike)) > least
    assert abs(np.sum(np.sign(alike))) == len(alike)


def test_a_guide_tells_which_end_of_the_wave_is_full():
    sat = chest(6, 100, seed=22, body=Body(uneven=0.02))
    t, value = listen(sat).wave(0)
    guide = np.interp(t + 0.4, sat.t_s, sat.fullness)
    found = rises_with_inhale(value, guide)
    assert found is (float(np.corrcoef(value, guide)[0, 1]) > 0)
    assert rises_with_inhale(-value, guide) is not found
    guide[:400] = math.nan
    assert rises_with_inhale(value, guide) is found


def test_a_guide_that_nobody_followed_tells_nothing():
    sat = chest(6, 100, seed=23)
    t, value = listen(sat).wave(0)
    another = 0.5 - 0.5 * np.cos(2 * np.pi * t * 9 / 60)
    assert rises_with_inhale(value, another) is None
    assert rises_with_inhale(value, np.full(t.size, 0.5)) is None
    assert rises_with_inhale(value, np.full(t.size, math.nan)) is None
    assert rises_with_inhale(value[:150], another[:150]) is None


def test_a_stretch_that_is_too_short_or_too_still_has_no_rate():
    assert math.isnan(breathing_rate(np.zeros((600, 3))))
    assert math.isnan(breathing_rate(np.zeros((0, 3))))
    t = np.arange(600) / 10
    breath = np.outer(8 * np.sin(2 * np.pi * t / 10), [0.6, 0.0, 0.8])
    assert breathing_rate(breath) == pytest.approx(6, abs=0.05)
    assert math.isnan(breathing_rate(breath[:290]))
    assert math.isnan(breathing_rate(breath / 20))
