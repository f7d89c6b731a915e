"""Spoken cues: every turn of the breath once, never while it rests, never two words at once."""

import sys
import threading
from dataclasses import replace
from itertools import pairwise

import pytest
from fakes import FakeClock
from hypothesis import given
from hypothesis import strategies as st

from biobreath import places
from biobreath.app.program import Program
from biobreath.app.speaking import HANGS_S, MOST_TROUBLES, NO_VOICE, Cues
from biobreath.practice.pacer import BreathPhase, Pacer
from biobreath.practice.patterns import GENTLE, LONG_OUT, Pattern
from biobreath.session.sitting import Sitting
from biobreath.settings import Settings, load, save
from biobreath.sound.cues import LATEST_S, SHORTEST_S, Turns
from biobreath.ui import theme as look

LOOK_S = 0.05
AHEAD_S = 0.2
IN, OUT = BreathPhase.INHALE, BreathPhase.EXHALE
FULL, EMPTY = BreathPhase.HOLD_FULL, BreathPhase.HOLD_EMPTY
BOX = Pattern("box", 4.0, 4.0, 4.0, 4.0)
SIGH = Pattern("sigh", 3.0, 8.0, top_s=1.5)


class Listener:
    """Looks at a sitting as the program does, and writes down what is told and what truly comes."""

    def __init__(self, pattern=LONG_OUT, **kinds):
        self.clock = FakeClock()
        self.sitting = Sitting(self.clock, lambda _fact: None, pattern, 0.0, **kinds)
        self.turns = Turns()
        self.told, self.came = [], []

    def listen(self, seconds):
        for _ in range(round(seconds / LOOK_S)):
            self.look()
            self.clock.t += LOOK_S

    def look(self):
        t = self.clock.t
        here = self.sitting.cue_for_sound(t)
        told = self.turns.due(here, self.sitting.cue_for_sound(t + AHEAD_S))
        if told is not None:
            assert here is not None
            self.told.append((t, told))
        if here is not None and (not self.came or self.came[-1][1] is not here.phase):
            self.came.append((t, here.phase))

    @property
    def words(self):
        return [phase for _, phase in self.told]

    @property
    def parts(self):
        return [phase for _, phase in self.came]


def test_each_turn_is_told_a_little_before_it_comes():
    listener = Listener()
    listener.listen(33.0)
    assert listener.words == [IN, OUT, IN, OUT, IN, OUT, IN]
    for (told_s, _), (came_s, _) in list(zip(listener.told, listener.came, strict=True))[1:]:
        assert came_s - AHEAD_S - LOOK_S <= told_s <= came_s


def test_holds_and_the_sip_of_a_sigh_are_told_as_well():
    box, sigh = Listener(BOX), Listener(SIGH)
    box.listen(17.0)
    sigh.listen(12.0)
    assert box.words == [IN, FULL, OUT, EMPTY, IN]
    assert sigh.words == [IN, BreathPhase.TOP, OUT]


def test_a_part_too_short_for_a_word_is_left_out():
    listener = Listener(Pattern("quick", 3.0, 3.0, hold_full_s=SHORTEST_S - 0.2))
    listener.listen(14.5)
    assert listener.words == [IN, OUT, IN, OUT, IN]


def test_a_hold_shorter_than_the_lead_does_not_tell_the_out_breath_twice():
    listener = Listener(Pattern("blink", 3.0, 3.0, hold_full_s=0.1))
    listener.listen(6.5)
    assert listener.words == [IN, OUT, IN]


def test_nothing_is_told_while_the_guide_rests():
    listener = Listener()
    listener.listen(2.0)
    listener.sitting.pause()
    listener.listen(60.0)
    assert listener.words == [IN]
    listener.sitting.go_on()
    listener.listen(2.5)
    assert listener.words == [IN, OUT]


def test_a_turn_that_was_told_before_a_rest_is_not_told_after_it():
    listener = Listener()
    listener.listen(3.95)
    assert listener.words == [IN, OUT]
    listener.sitting.ground()
    listener.listen(30.0)
    listener.sitting.back_to_breathing()
    listener.listen(6.0)
    assert listener.words == [IN, OUT, IN]


def test_a_slower_pace_right_before_a_turn_does_not_take_the_word_back():
    listener = Listener()
    listener.listen(3.9)
    listener.sitting.retune(LONG_OUT.at_rate(3.0))
    listener.listen(2.0)
    assert listener.words == [IN, OUT]


def test_a_practice_that_leads_again_begins_with_in():
    listener = Listener(led=True)
    listener.sitting.lead(LONG_OUT)
    listener.listen(2.0)
    listener.sitting.lead(None)
    listener.listen(20.0)
    listener.sitting.lead(LONG_OUT)
    listener.listen(2.0)
    assert listener.words == [IN, IN]


def test_free_breathing_is_left_in_peace():
    listener = Listener(free_s=20.0)
    listener.listen(19.0)
    assert listener.words == []
    listener.clock.t = 20.5
    listener.sitting.tick()
    listener.listen(2.0)
    assert listener.words == [IN]


def test_who_listens_late_hears_nothing_of_a_breath_under_way():
    listener = Listener()
    listener.clock.t = LATEST_S + 0.1
    listener.listen(2.0)
    assert listener.words == []


def test_a_computer_that_slept_goes_on_with_the_next_turn():
    listener = Listener()
    listener.listen(3.95)
    listener.clock.t = 103.0
    listener.listen(1.5)
    assert listener.words == [IN, OUT, OUT]


def test_a_guide_that_slows_by_itself_is_told_once_a_turn():
    listener = Listener(LONG_OUT, ramp=True)
    listener.clock.t = 45.5
    for _ in range(600):
        listener.sitting.tick()
        listener.listen(0.5)
    assert listener.sitting.pacer.pattern.breaths_per_minute == pytest.approx(6.0)
    assert agree(listener)


acts = st.lists(
    st.tuples(
        st.floats(0.05, 9.0),
        st.sampled_from(["pause", "go_on", "ground", "back", "pace", "nothing"]),
        st.floats(3.0, 12.0),
    ),
    max_size=14,
)
breaths = st.builds(
    lambda rate, share, full, empty: Pattern("any", share, 1 - share, full, empty).stretched(rate),
    st.floats(3.0, 9.0),
    st.floats(0.35, 0.6),
    st.sampled_from([0.0, 0.05, 0.5]),
    st.sampled_from([0.0, 0.5]),
)
QUICKEST = 8.0
"""The quickest pace (a minute) that is chosen here."""


def do(sitting, act, rate):
    grounded = sitting._grounded_at is not None
    if act == "ground" and not grounded:
        sitting.ground()
    elif act == "back" and grounded:
        sitting.back_to_breathing()
    elif grounded:
        return
    elif act == "pause":
        sitting.pause()
    elif act == "go_on":
        sitting.go_on()
    elif act == "pace":
        sitting.retune(sitting.pacer.pattern.at_rate(min(rate, QUICKEST)))


def agree(listener):
    """Tell whether all turns that came were told, in order; the last may be told already."""
    came, told = listener.parts, listener.words
    return told == came or told[:-1] == came


@given(breaths, acts)
def test_every_turn_is_told_once_whatever_the_person_does(pattern, course):
    listener = Listener(pattern)
    for seconds, act, rate in course:
        listener.listen(seconds)
        do(listener.sitting, act, rate)
    listener.listen(8.0)
    assert in_order(listener)
    quickest = pattern.stretched(max(QUICKEST, pattern.breaths_per_minute))
    if min(part for part in parts_s(quickest) if part) >= SHORTEST_S:
        assert agree(listener)


def parts_s(pattern):
    return (pattern.inhale_s, pattern.hold_full_s, pattern.exhale_s, pattern.hold_empty_s)


def in_order(listener):
    """Tell whether what was told is what came, with some left out."""
    ahead = iter([*listener.parts, listener.words[-1] if listener.words else IN])
    return all(word in ahead for word in listener.words)


@given(
    st.lists(
        st.tuples(st.floats(0.05, 6.0), st.sampled_from([LONG_OUT, GENTLE, BOX, SIGH, None])),
        max_size=16,
    )
)
def test_whatever_a_practice_leads_to_nothing_is_told_twice_in_a_row(course):
    listener = Listener(led=True)
    since = 0
    for seconds, pattern in course:
        listener.sitting.lead(pattern)
        if pattern is None:
            since = len(listener.words)
        listener.listen(seconds)
        # A second sip may truly come in one breath, as the breath changes its shape and back.
        words = [word for word in listener.words[since:] if word is not BreathPhase.TOP]
        assert pattern is not None or len(listener.words) == since
        assert all(word is not following for word, following in pairwise(words))


@pytest.mark.parametrize("rate", [3.0, 6.0, 12.0])
def test_a_quarter_of_an_hour_misses_no_turn(rate):
    pacer = Pacer(LONG_OUT.at_rate(rate))
    turns = Turns()
    told = [
        turns.due(pacer.at(k * LOOK_S), pacer.at(k * LOOK_S + AHEAD_S))
        for k in range(round(900 / LOOK_S))
    ]
    assert sum(each is not None for each in told) == pytest.approx(2 * 15 * rate, abs=1)


class HeardWord:
    """A word that is over when the test says so."""

    def __init__(self, text):
        self.text, self.over, self.unheard, self.was_cut = text, False, False, False

    def cut(self):
        self.over = self.was_cut = True


class HeardVoice:
    """A voice that writes down what it is asked to say."""

    there = True

    def __init__(self, *, lasts=False, broken=False):
        self.words, self.lasts, self.broken = [], lasts, broken

    def say_if_free(self, text, may):
        if not may() or (self.words and not self.words[-1].over):
            return None
        word = HeardWord(text)
        word.over, word.unheard = not self.lasts, self.broken
        self.words.append(word)
        return word

    @property
    def said(self):
        return [word.text for word in self.words]


def heard(voice, sitting, clock, seconds, may=lambda: True):
    cues = Cues(sitting, voice, may, AHEAD_S)
    for _ in range(round(seconds / LOOK_S)):
        cues.look()
        clock.t += LOOK_S
        if cues.given_up:
            break
    return cues


def plain_sitting(pattern=LONG_OUT, planned_s=0.0):
    clock = FakeClock()
    return Sitting(clock, lambda _fact: None, pattern, planned_s), clock


def test_the_words_are_those_of_the_shape():
    sitting, clock = plain_sitting(BOX)
    voice = HeardVoice()
    heard(voice, sitting, clock, 15.0)
    assert voice.said == ["in", "rest", "out", "rest"]


def test_a_word_is_left_out_while_another_is_being_said_and_never_comes_late():
    sitting, clock = plain_sitting()
    voice = HeardVoice(lasts=True)
    heard(voice, sitting, clock, 5.0)
    assert voice.said == ["in"]
    voice.words[0].over = True
    heard(voice, sitting, clock, 4.0)
    assert voice.said == ["in"]


def test_a_word_stops_when_the_guide_comes_to_rest():
    sitting, clock = plain_sitting()
    voice = HeardVoice(lasts=True)
    cues = heard(voice, sitting, clock, 0.2)
    sitting.pause()
    cues.look()
    assert voice.words[0].was_cut


def test_after_the_last_out_breath_nobody_is_told_to_breathe_in():
    sitting, clock = plain_sitting(planned_s=20.0)
    voice = HeardVoice()
    heard(voice, sitting, clock, 20.5)
    assert voice.said == ["in", "out", "in", "out"]
    assert sitting.may_close()


def test_nothing_is_said_that_may_not_be():
    sitting, clock = plain_sitting()
    voice = HeardVoice()
    heard(voice, sitting, clock, 12.0, may=lambda: False)
    assert voice.said == []


def test_a_voice_that_gives_up_is_left_in_peace():
    sitting, clock = plain_sitting()
    voice = HeardVoice(broken=True)
    cues = heard(voice, sitting, clock, 3.0)
    assert not cues.given_up
    voice = HeardVoice(broken=True)
    assert heard(voice, sitting, clock, 9.0).given_up


def test_a_voice_that_hangs_is_ended_and_left_in_peace():
    sitting, clock = plain_sitting()
    voice = HeardVoice(lasts=True)
    cues = heard(voice, sitting, clock, 2 * HANGS_S + 12.0)
    assert cues.given_up
    assert len(voice.words) == MOST_TROUBLES
    assert all(word.was_cut for word in voice.words)


def test_one_bad_word_is_forgiven():
    sitting, clock = plain_sitting()
    voice = HeardVoice(broken=True)
    cues = Cues(sitting, voice, lambda: True, AHEAD_S)
    for _ in range(round(40 / LOOK_S)):
        cues.look()
        voice.broken = len(voice.words) % 2 == 0
        clock.t += LOOK_S
    assert not cues.given_up


@pytest.fixture
def program(qapp, qtbot, monkeypatch, tmp_path):
    """Return a program whose system has a voice that writes down what it says."""
    paper = tmp_path / "said.txt"
    code = f"import sys; open({str(paper)!r}, 'a').write(sys.stdin.read())"
    command = (sys.executable, "-c", code)
    monkeypatch.setattr("biobreath.app.hearing.voice_command", lambda: command)
    look.load_fonts()
    made = Program(qapp)
    made.paper = paper
    made.open()
    qtbot.addWidget(made.window)
    yield made
    made.close()


def test_the_voice_is_offered_where_there_is_one_and_kept(program):
    page = program.window.breathe
    assert page._spoken_row.isVisibleTo(page)
    assert not program.settings.spoken
    page._spoken._pills["yes"].click()
    assert program.settings.spoken
    program.choices.save()
    assert load(places.settings_path()).spoken


def test_without_a_voice_the_choice_is_not_there(qapp, qtbot, monkeypatch):
    monkeypatch.setattr("biobreath.app.hearing.voice_command", lambda: ())
    look.load_fonts()
    save(places.settings_path(), Settings(spoken=True))
    program = Program(qapp)
    qtbot.addWidget(program.window)
    program.open()
    page = program.window.breathe
    assert not page._spoken_row.isVisibleTo(page)
    program.begin(LONG_OUT, 5)
    assert program.window.breathing._texts._notice.text() == ""
    program.close()


def test_a_sitting_with_the_voice_begins_with_in(program, qtbot):
    program.choices.settings = replace(program.settings, spoken=True)
    program.begin(LONG_OUT, 5)
    qtbot.waitUntil(lambda: program.paper.exists() and program.paper.read_text() != "")
    assert program.paper.read_text() == "in\n"


def test_a_voice_that_is_gone_leaves_the_sitting_going_with_one_quiet_notice(program, qtbot):
    program.hearing.voice._command = ("/nowhere/voice",)
    program.choices.settings = replace(program.settings, spoken=True)
    program.begin(LONG_OUT, 5)
    said = program.window.breathing._texts._notice
    qtbot.waitUntil(lambda: said.text() == NO_VOICE)
    assert program.sitting is not None
    assert program.sitting.cue().phase is IN


def test_a_replay_is_not_spoken(program):
    program.choices.settings = replace(program.settings, spoken=True)
    sitting = Sitting(FakeClock(), lambda _fact: None, LONG_OUT, 0.0, guided=False)
    program.hearing.cues.begin(sitting, program.settings)
    assert not any(thread.name == "cues" for thread in threading.enumerate())
