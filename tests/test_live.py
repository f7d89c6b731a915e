"""A sitting as it happens: what is known, and what is honestly not."""

import math

import numpy as np
import pytest
from fakes import breathing_rr, facts_of, packets, receiving

from biobreath.events import DeviceDescribed, LinkChanged, LinkReason, LinkState, Paused
from biobreath.heart_rate_service import from_beat_times
from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import LONG_OUT, Pattern
from biobreath.sensors.people import person_of
from biobreath.sensors.simulated import simulate
from biobreath.sensors.simulated_faults import Faults, often
from biobreath.session.live import RMSSD_WINDOW_S, LiveSession
from biobreath.session.review import readings
from biobreath.signal import hrv
from biobreath.signal.coherence import CoherenceState, rhythm_coherence
from biobreath.signal.mended import measured_runs, mended_rmssd_ms
from biobreath.signal.respiration import breathing_rate
from biobreath.signal.swing import swing_from_heart

EVEN = Pattern("even", 5.0, 5.0)


def live_after(facts):
    live = LiveSession()
    for fact in facts:
        live.feed(fact)
    return live


def test_before_anything_came_everything_is_blank():
    reading = LiveSession().reading(0.0)
    assert reading.heart_rate_bpm is None
    assert reading.rmssd_ms is None
    assert reading.coherence_state is CoherenceState.PAUSED


def test_every_beat_is_confirmed_once_and_in_order():
    live = LiveSession()
    confirmed = []
    for fact in facts_of(breathing_rr(2)):
        confirmed += live.feed(fact)
    confirmed += live.finish()
    assert [beat.index for beat in confirmed] == list(range(len(breathing_rr(2))))


def test_a_verdict_comes_within_two_beats():
    live = LiveSession()
    told = 0
    for count, packet in enumerate(packets(breathing_rr(1)), start=1):
        told += len(live.feed(packet))
        assert count - told <= 2
        assert len(live.provisional) == count - told


def test_slow_breathing_shows_its_rate_swing_and_togetherness():
    facts = facts_of(breathing_rr(3, swing_bpm=12.0), Pacer(EVEN))
    reading = live_after(facts).reading(180.0)
    assert reading.heart_rate_bpm == pytest.approx(65.0, abs=6.5)
    assert reading.breaths_per_minute == pytest.approx(6.0, abs=0.2)
    assert reading.swing_bpm == pytest.approx(12.0, rel=0.1)
    assert reading.together > 0.9
    assert reading.coherence > 0.8
    assert reading.coherence_state is CoherenceState.READY
    # The heart is fastest half a breath after an inhale began: at the fullest breath, no lag.
    assert reading.lag_s == pytest.approx(0.0, abs=0.6)


def test_without_a_guide_the_swing_comes_from_the_breath_found_in_the_heart():
    reading = live_after(facts_of(breathing_rr(3, swing_bpm=12.0))).reading(180.0)
    assert reading.swing_bpm == pytest.approx(12.0, rel=0.1)
    assert reading.together is None
    assert reading.lag_s is None


def test_the_rhythm_settles_before_it_is_told():
    states = {}
    for reading in readings(facts_of(breathing_rr(2), Pacer(EVEN)), LiveSession()):
        states[round(reading.t)] = reading
    assert states[20].coherence is None
    assert states[20].rmssd_ms is None
    assert states[40].coherence_state is CoherenceState.SETTLING
    assert states[55].coherence is not None
    assert states[80].coherence_state is CoherenceState.READY


def test_a_strap_that_falls_silent_leaves_a_blank_not_an_old_number():
    live = live_after(facts_of(breathing_rr(2), Pacer(EVEN)))
    assert live.reading(121.0).heart_rate_bpm is not None
    assert live.reading(127.0).heart_rate_bpm is None
    assert live.reading(127.0).coherence_state is CoherenceState.PAUSED


def test_after_a_lost_link_the_windows_begin_again():
    live = live_after(facts_of(breathing_rr(2), Pacer(EVEN)))
    live.feed(LinkChanged(121.0, LinkState.LOST, LinkReason.LINK_LOST))
    assert live.reading(122.0).heart_rate_bpm is None
    live.feed(receiving(140.0))
    for packet in packets(breathing_rr(0.4), 140.0):
        live.feed(packet)
    reading = live.reading(164.0)
    assert reading.heart_rate_bpm is not None
    assert reading.rmssd_ms is None
    assert reading.coherence is None
    assert reading.coherence_state is CoherenceState.SETTLING
    segments = {beat.segment for beat in live.heart.beats}
    assert len(segments) == 2


def test_a_model_that_was_measured_is_known_by_its_name_or_by_what_it_tells():
    live = LiveSession()
    live.feed(LinkChanged(0.0, LinkState.RECEIVING, device_name="Polar H10 1A2B3C4D"))
    assert live.latency_s == 2.6
    live = LiveSession()
    live.feed(LinkChanged(0.0, LinkState.RECEIVING, device_name="Anna's strap"))
    assert live.latency_s == 0.0
    live.feed(DeviceDescribed(1.0, "Polar Electro Oy", "H10", "5.0.0"))
    live.feed(LinkChanged(2.0, LinkState.LOST, device_name="Anna's strap"))
    assert live.latency_s == 2.6


def test_no_difference_spans_a_gap():
    live = live_after(facts_of([1000.0] * 60))
    live.feed(LinkChanged(61.5, LinkState.LOST, LinkReason.LINK_LOST))
    live.feed(receiving(70.0))
    for packet in packets([700.0] * 60, 70.0):
        live.feed(packet)
    live.finish()
    runs = measured_runs(live.heart.all_runs())
    assert [run.size for run in runs] == [60, 60]
    assert all(abs(run - run[0]).max() < 1.0 for run in runs)


def test_many_corrected_beats_pause_the_numbers_and_keep_the_rate():
    rr = [x + i % 7 for i, x in enumerate([1000.0, 1000.0, 600.0, 1400.0] * 30)]
    reading = live_after(facts_of(rr)).reading(121.0)
    assert reading.corrected_share > 0.2
    assert reading.coherence_state is CoherenceState.PAUSED
    assert reading.coherence is None
    assert reading.heart_rate_bpm == pytest.approx(60.0, abs=6.0)


def test_a_strap_without_intervals_still_tells_its_rate():
    from biobreath.heart_rate_service import decode, encode

    live = LiveSession()
    live.feed(receiving())
    for second in range(30):
        live.feed(decode(float(second), encode(72)))
    reading = live.reading(29.5)
    assert reading.heart_rate_bpm == 72.0
    assert reading.rmssd_ms is None
    assert not live.heart.beats


def test_while_the_guide_rests_nothing_is_compared_with_it():
    live = live_after(facts_of(breathing_rr(2), Pacer(EVEN)))
    live.feed(Paused(120.5))
    reading = live.reading(121.0)
    assert reading.together is None
    assert reading.lag_s is None


@pytest.mark.parametrize(
    ("name", "known"), [("Polar H10 1234", True), ("Some strap", False), ("demo heart", True)]
)
def test_the_lag_is_told_only_where_the_straps_latency_is_known(name, known):
    pacer = Pacer(EVEN)
    facts = [pacer.changed(0.0), receiving(0.0, name), *packets(breathing_rr(2), 0.0)]
    assert (live_after(facts).reading(120.0).lag_s is not None) is known


def test_a_straps_latency_is_taken_out_of_the_lag_and_of_the_drawing():
    facts = [Pacer(EVEN).changed(0.0), receiving(0.0, "Polar H10"), *packets(breathing_rr(2), 2.6)]
    live = live_after(facts)
    assert live.reading(122.0).lag_s == pytest.approx(0.0, abs=0.6)
    drawn_t, _ = live.heart.points(0.0, live.latency_s, live.provisional)
    assert drawn_t[-1] == pytest.approx(live.heart.beats[-1].t - 2.6, abs=2.5)


def test_the_analysis_does_not_depend_on_how_often_it_is_asked():
    facts = facts_of(breathing_rr(2), Pacer(LONG_OUT))
    often, seldom = LiveSession(), LiveSession()
    for fact in facts:
        often.feed(fact)
        often.reading(fact.t)
        seldom.feed(fact)
    assert often.reading(125.0) == seldom.reading(125.0)


def test_points_for_drawing_break_at_a_gap():
    live = live_after(facts_of([1000.0] * 20))
    live.feed(LinkChanged(21.0, LinkState.LOST, LinkReason.LINK_LOST))
    live.feed(receiving(40.0))
    for packet in packets([1000.0] * 20, 40.0):
        live.feed(packet)
    _, rates = live.heart.points(0.0, 0.0, live.provisional)
    assert sum(math.isnan(rate) for rate in rates) == 1


def test_a_rest_of_the_guide_is_no_breath():
    from biobreath.events import Paused
    from biobreath.practice.pacer import Pacer
    from biobreath.practice.patterns import LONG_OUT

    live = LiveSession()
    live.feed(Pacer(LONG_OUT).changed(0.0))
    live.feed(Paused(60.0))
    live.feed(Pacer(LONG_OUT, 90.0).changed(90.0))
    t, swings = [], []
    # Over the rest the rate drifts by 15; in each breath it hardly moves.
    rr = [60_000 / (60 + (0 if i < 60 else min(15, (i - 60) / 2))) + i % 7 for i in range(160)]
    for fact in facts_of(rr):
        live.feed(fact)
    t, swings = live.breath_swings(0.0, 150.0)
    assert swings.size > 4
    assert swings.max() < 8
    assert not any(60.0 < end <= 90.0 for end in t)


def newest_segment_s(heart):
    """Return when the beats began between which none is missing."""
    newest = (beat.t for beat in heart.beats if beat.segment == heart.beats[-1].segment)
    return next(newest, math.inf)


def test_the_rolling_rmssd_is_that_of_the_window_through_faults_and_gaps():
    faults = Faults(
        ventricular=often(0.03), missed=often(0.02), extra=often(0.02), link_loss=often(0.02),
        dropouts=often(0.02), jitter_s=1.0,
    )  # fmt: skip
    told = simulate(person_of(3), None, faults, seconds=1200.0, seed=3)
    live, compared, mended = LiveSession(), 0, 0
    for fact in told.events:
        live.feed(fact)
        reading = live.reading(fact.t)
        runs = live.heart.runs_between(
            max(newest_segment_s(live.heart), fact.t - RMSSD_WINDOW_S + 1e-9), math.inf
        )
        if reading.rmssd_ms is not None:
            assert reading.rmssd_ms == pytest.approx(mended_rmssd_ms(runs), rel=1e-9)
            mended += mended_rmssd_ms(runs) != hrv.rmssd_ms(measured_runs(runs))
            compared += 1
    assert compared > 200
    assert mended > 50
    assert live.heart.beats[-1].segment > 3


def test_after_a_day_a_reading_is_that_of_the_same_window_alone():
    rr_ms = breathing_rr(5, swing_bpm=9.0)
    live, t = LiveSession(), 0.0
    live.feed(receiving())
    for _ in range(288):
        for rr in rr_ms:
            t += rr / 1000.0
            live.feed(from_beat_times(t, [(t, rr)]))
    told = live.reading(t)
    assert len(live.heart.beats) > 90_000
    times, nn_ms = live.heart.all_series()
    minute = nn_ms[times >= t - RMSSD_WINDOW_S + 1e-6]
    assert told.rmssd_ms == pytest.approx(hrv.rmssd_ms([minute]), rel=1e-9)
    # The slow numbers stand on the beats up to three seconds ago; time begins anew for the window.
    windows = [(times[:end][-150:] - times[-200], nn_ms[:end][-150:]) for end in range(-4, 0)]
    windows.append((times[-150:] - times[-200], nn_ms[-150:]))
    for name, of_window in (
        ("coherence", rhythm_coherence),
        ("breaths_per_minute", breathing_rate),
        ("swing_bpm", lambda t_s, nn: swing_from_heart(t_s, nn, np.ones(nn.size, dtype=bool))),
    ):
        alone = [of_window(*window) for window in windows]
        assert any(getattr(told, name) == pytest.approx(one, rel=1e-9) for one in alone), name


def test_the_rhythm_is_made_anew_by_heartbeats_and_not_by_questions():
    facts = facts_of(breathing_rr(4, swing_bpm=9.0))
    often, seldom = LiveSession(), LiveSession()
    changes = set()
    for fact in facts:
        often.feed(fact)
        seldom.feed(fact)
        for _ in range(3):
            changes.add(often.reading(fact.t).coherence)
    assert often.reading(facts[-1].t) == seldom.reading(facts[-1].t)
    assert 55 <= len(changes) <= 75
