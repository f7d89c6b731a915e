"""The person's own rate from their heart: near the truth when it is said, else nothing is said."""

from dataclasses import replace

import numpy as np
import pytest
from chest_movement import chest
from fakes import FakeClock, breathing_rr, packets, receiving
from hypothesis import given
from hypothesis import strategies as st
from test_breath_track import beats, frames

from biobreath.practice.display import Display
from biobreath.practice.patterns import LONG_OUT
from biobreath.sensors.breath_model import Lungs
from biobreath.sensors.people import person_of
from biobreath.sensors.simulated import simulate
from biobreath.session import words
from biobreath.session.own_rate import AGREES, MOST_APART_S, STEADY_S, OwnRate
from biobreath.session.sitting import Sitting
from biobreath.ui import theme as look
from biobreath.ui.breathing_view import BreathingView
from biobreath.ui.theme import LIGHT

LOOK_S = 3.0
WINDOW_S = 90.0
SEEDS = (0, 1, 2, 3)


@pytest.fixture
def lungs(monkeypatch):
    """Return what the lungs of simulated people truly did: times (s) and volumes."""
    seen = []
    plain = Lungs.at

    def at(self, t):
        volume = plain(self, t)
        seen.append((t, volume))
        return volume

    monkeypatch.setattr(Lungs, "at", at)
    return seen


def true_rate(seen, since, until):
    """Count the breaths between two moments, in breaths a minute."""
    t, volume = np.array([each for each in seen if since <= each[0] <= until]).T
    volume = volume - np.median(volume)
    side = np.sign(volume) * (np.abs(volume) > 0.25 * volume.std())
    known = np.flatnonzero(side)
    rises = t[known[1:][(side[known[1:]] > 0) & (side[known[:-1]] < 0)]]
    return 60 * (len(rises) - 1) / (rises[-1] - rises[0])


def sat(person, pace, seed, lungs, seconds=210.0):
    """Return what was told and what was true, every three seconds of a sitting."""
    lungs.clear()
    clock = FakeClock()
    sitting = Sitting(clock, lambda _fact: None, LONG_OUT.at_rate(pace), 0.0)
    told = simulate(person, guide=sitting.fullness_for_demo, seconds=seconds, seed=seed)
    found, due_s = [], 60.0
    for event in told.events:
        while event.t > due_s:
            clock.t = due_s
            # The beats of the last two seconds are still being judged.
            found.append((sitting.own_rate(), true_rate(lungs, due_s - WINDOW_S, due_s - 2.0)))
            due_s += LOOK_S
        clock.t = event.t
        sitting.feed(event)
    return [(rate, truth) for rate, truth in found if rate is not None], len(found)


@pytest.mark.parametrize("pace", [4.5, 6.0, 8.0])
def test_who_follows_the_guide_is_told_the_rate_they_breathe_at(pace, lungs):
    shown = 0
    for seed in SEEDS:
        found, _ = sat(replace(person_of(seed), adherence=1.0), pace, seed, lungs)
        shown += len(found)
        assert all(abs(rate - truth) <= 0.5 for rate, truth in found)
    assert shown > 20


def test_who_breathes_at_their_own_pace_is_told_that_one_and_never_the_guides(lungs):
    shown = 0
    for seed in SEEDS:
        person = replace(person_of(seed), adherence=0.0, own_breaths_per_minute=8.5)
        found, _ = sat(person, 5.0, seed, lungs)
        shown += len(found)
        assert all(abs(rate - truth) <= 0.5 for rate, truth in found)
        assert all(rate > 7 for rate, _ in found)
    assert shown > 10


def test_a_small_quick_breath_is_not_guessed(lungs):
    for seed in SEEDS:
        person = replace(person_of(seed), adherence=0.0)
        found, _ = sat(person, 6.0, seed, lungs)
        assert all(abs(rate - truth) <= 0.5 for rate, truth in found)


def test_it_is_told_after_half_a_minute_of_agreement():
    own = OwnRate()
    times = np.arange(0.0, 60.0, 0.5)
    told = [own.told(t, 6.2) for t in times]
    assert [rate for rate in told if rate is None] == [None] * round(STEADY_S / 0.5)
    assert told[-1] == 6.0


def test_one_doubt_takes_it_away():
    own = OwnRate()
    for t in np.arange(0.0, 40.0, 1.0):
        own.told(t, 6.2)
    assert own.told(40.0, None) is None
    assert own.told(41.0, 6.2) is None


def test_after_a_time_when_nobody_asked_it_begins_anew():
    own = OwnRate()
    for t in np.arange(0.0, 40.0, 1.0):
        own.told(t, 6.2)
    assert own.told(39.0 + MOST_APART_S + 1.0, 6.2) is None


estimates = st.lists(st.one_of(st.none(), st.floats(3.0, 20.0)), max_size=60)


@given(estimates)
def test_what_is_told_is_near_every_estimate_of_the_last_half_minute(rates):
    own = OwnRate()
    for k, rate in enumerate(rates):
        told = own.told(k * 5.0, rate)
        last = rates[max(0, k - 6) : k + 1]
        if told is not None:
            assert len(last) == 7
            assert None not in last
            assert all(abs(told - each) <= AGREES + 0.25 for each in last)


def test_where_a_strap_measures_the_breath_the_heart_is_not_asked():
    breath = chest(6.0, 150, seed=3)
    streams = (frames(breath), beats(150, 6.0, swing_bpm=14))
    clock = FakeClock()
    sitting = Sitting(clock, lambda _fact: None, LONG_OUT, 0.0)
    sitting.feed(receiving(name="Strap"))
    for fact in sorted((f for stream in streams for f in stream), key=lambda f: f.t):
        clock.t = fact.t
        sitting.feed(fact)
        assert sitting.own_rate() is None
    assert sitting.reading().breaths_per_minute is not None


def test_the_words_say_where_it_is_known_from():
    assert (
        words.own_breath(6.0, own=True) == "your breath about 6 a minute, from your heart's swing"
    )
    assert words.own_breath(6.5, own=False) == (
        "the breath about 6.5 a minute, from the heart's swing"
    )
    assert words.own_breath(6.0, own=True, short=True) == (
        "your breath about 6, from your heart's swing"
    )


@pytest.fixture
def breathing(qtbot):
    """Return a screen on which somebody has breathed with the guide for three minutes."""
    look.load_fonts()
    clock = FakeClock()
    sitting = Sitting(clock, lambda _fact: None, LONG_OUT, 0.0)
    sitting.feed(receiving(name="Strap"))
    for packet in packets(breathing_rr(3.0)):
        clock.t = packet.t
        sitting.feed(packet)
    view = BreathingView(LIGHT, show_words=True, display="wave")
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    view.clock, view.shown = clock, sitting
    return view


def looked_at(view, label=""):
    """Return what is written below the curve."""
    view.show_sitting(view.shown, label)
    return view._texts._numbers.text()


def steady(view):
    """Let the rate have been steady for a while."""
    rate = view.shown.reading().breaths_per_minute
    since = view.clock.t - STEADY_S - 5.0
    for k in range(5):
        view.shown._own_rate.told(since + k * 7.0, rate)


def test_it_is_shown_only_where_it_is_wanted(breathing):
    steady(breathing)
    assert looked_at(breathing) == ""
    breathing.set_own_breath(shown=True)
    steady(breathing)
    assert looked_at(breathing) == "your breath about 6 a minute, from your heart's swing"
    breathing.leave_sitting()


def test_it_is_not_shown_while_it_is_not_sure(breathing):
    breathing.set_own_breath(shown=True)
    assert looked_at(breathing) == ""
    breathing.leave_sitting()


def test_somebody_elses_heart_is_not_called_yours(breathing):
    breathing.set_own_breath(shown=True)
    steady(breathing)
    said = looked_at(breathing, words.DEMO_HEART)
    assert said == "the breath about 6 a minute, from the heart's swing"
    breathing.leave_sitting()


def test_beside_the_numbers_it_takes_the_place_of_the_rate_with_a_decimal(breathing):
    breathing.set_own_breath(shown=True)
    breathing.set_display(Display.NUMBERS)
    steady(breathing)
    said = looked_at(breathing)
    assert said.startswith("your breath about 6 a minute, from your heart's swing")
    assert said.count("breath") == 1
    assert "heart 6" in said
    breathing.leave_sitting()


@pytest.mark.parametrize("percent", [100, 200])
def test_it_has_its_place_below_the_curve_and_is_not_cut(breathing, percent):
    look.set_text_percent(percent)
    try:
        view = BreathingView(LIGHT, show_words=True, display="wave", parent=breathing)
        view.clock, view.shown = breathing.clock, breathing.shown
        view.resize(900, 600)
        view.show()
        view.set_own_breath(shown=True)
        steady(view)
        said = looked_at(view)
        line = view._texts._numbers
        assert said.startswith("your breath about 6")
        assert line.sizeHint().width() <= line.width()
        assert line.sizeHint().height() <= line.height()
        assert line.geometry().bottom() <= view._keys._row.geometry().top()
        view.leave_sitting()
    finally:
        look.set_text_percent(100)
