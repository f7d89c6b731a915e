"""The breath that a strap's accelerometer measured, beside the heart and the guide."""

import math

import numpy as np
import pytest
from chest_movement import Body, chest

from biobreath.events import LinkChanged, LinkState, StreamFrame, StreamKind
from biobreath.heart_rate_service import decode, encode
from biobreath.polar_measurement import encode_acceleration, encode_ecg
from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import paced
from biobreath.session.live import LiveSession


def frames(sat, late_s=0.05):
    """Return a chest's movement as a strap sends it, stamped with a clock of its own."""
    return [
        StreamFrame(
            last_s + late_s,
            StreamKind.POLAR_ACCELERATION,
            sat.asked_hz,
            encode_acceleration(
                600_000_000_000 + round(last_s * 1e9), [tuple(map(int, s)) for s in samples]
            ),
        )
        for samples, last_s in sat.frames()
    ]


def beats(seconds, breaths_per_minute, swing_bpm):
    """Return packets of a heart that swings with the breath."""
    t, due, facts = 0.0, 1.0, []
    waiting = []
    while t < seconds:
        rate = 65 + swing_bpm / 2 * math.sin(2 * math.pi * breaths_per_minute / 60 * t)
        ticks = round(60 / rate * 1024)
        t += ticks / 1024
        waiting.append(ticks)
        if t >= due:
            facts.append(decode(t + 0.02, encode(round(rate), waiting)))
            waiting, due = [], due + 1.0
    return facts


def live_after(*streams, guide=None):
    live = LiveSession()
    live.feed(LinkChanged(0.0, LinkState.RECEIVING, device_name="Strap"))
    if guide is not None:
        live.feed(guide.changed(0.0))
    for fact in sorted((f for stream in streams for f in stream), key=lambda f: f.t):
        live.feed(fact)
    return live


@pytest.mark.parametrize("pace", [5.0, 13.0])
def test_a_measured_breath_tells_rate_and_swing_without_a_guide(pace):
    sat = chest(pace, 120, seed=3)
    live = live_after(frames(sat), beats(120, pace, swing_bpm=14))
    reading = live.reading(119.9)
    assert reading.breaths_per_minute == pytest.approx(pace, abs=0.4)
    assert reading.swing_bpm == pytest.approx(14, abs=1.5)


def test_the_breath_that_was_breathed_counts_and_not_the_one_that_was_shown():
    sat = chest(9.0, 120, seed=5)
    live = live_after(frames(sat), beats(120, 9.0, swing_bpm=12), guide=Pacer(paced(4.5)))
    reading = live.reading(119.9)
    assert reading.breaths_per_minute == pytest.approx(9.0, abs=0.4)
    assert reading.swing_bpm == pytest.approx(12, abs=1.5)


def test_a_chest_that_does_not_breathe_is_not_sure_and_the_heart_is_asked():
    sat = chest(6.0, 120, seed=2, body=Body(breath_mg=0.0))
    live = live_after(frames(sat), beats(120, 6.0, swing_bpm=14), guide=Pacer(paced(6.0)))
    assert live.breath.breaths_per_minute(119.9) is None
    assert live.reading(119.9).breaths_per_minute == pytest.approx(6.0, abs=0.3)


def test_the_wave_is_drawn_full_side_up_once_the_guide_was_followed():
    sat = chest(6.0, 120, seed=1)
    live = LiveSession()
    pacer = Pacer(paced(6.0, 0.5))
    live.feed(pacer.changed(0.0))
    phase = np.interp(np.arange(0, 120, 0.1), sat.t_s, sat.fullness)
    # The guide goes where the person goes, half a second ahead.
    guide = np.array([pacer.at(t + 0.5).fullness for t in np.arange(0, 120, 0.1)])
    followed = np.corrcoef(phase, guide)[0, 1]
    for frame in frames(sat):
        live.feed(frame)
    t, shown = live.breath.points(60.0)
    true = np.interp(t, sat.t_s, sat.fullness)
    alike = np.corrcoef(shown, true)[0, 1]
    assert abs(alike) > 0.9
    if followed > 0.8:
        assert alike > 0.9
    assert np.all(np.diff(t) >= 0)


def test_other_streams_and_broken_frames_say_nothing_of_the_breath():
    live = LiveSession()
    live.feed(StreamFrame(1.0, StreamKind.POLAR_ECG, 130.0, encode_ecg(1, [1, 2])))
    live.feed(StreamFrame(1.0, StreamKind.POLAR_ACCELERATION, 50.0, b"broken"))
    live.feed(StreamFrame(1.0, StreamKind.POLAR_ACCELERATION, 50.0, encode_ecg(1, [1, 2])))
    assert live.breath.breaths_per_minute(2.0) is None
    assert live.breath.points(0.0)[0].size == 0
    assert live.breath.borders_s(0.0).size == 0


def test_beats_alone_are_judged_as_before():
    live = live_after(beats(120, 6.0, swing_bpm=10), guide=Pacer(paced(6.0)))
    assert live.reading(120.0).breaths_per_minute == pytest.approx(6.0, abs=0.2)
    assert live.reading(120.0).swing_bpm == pytest.approx(10, abs=1)
