"""Finding my pace in pieces: a pace a day, put together when the last one was sat."""

import uuid
from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeClock, facts_of
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from biobreath import heart_rate_service as hrs
from biobreath import places
from biobreath.app.pace_finding import PaceFinding
from biobreath.app.program import Program
from biobreath.clock import wall_time
from biobreath.commands import import_sittings
from biobreath.events import Paused
from biobreath.practice.entries import Dated, FlagsTold, HardDay
from biobreath.practice.hard_days import hard_days
from biobreath.practice.pace_steps import (
    MOST_DAYS,
    PRACTICE,
    PaceSearch,
    PaceStep,
    StepEnd,
    StepTold,
    search_of,
    step_in,
    told_of,
)
from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import LONG_OUT
from biobreath.practice.profile import GENTLE_BREATH, HRV_OFF
from biobreath.practice.protocols import STEPS_PER_MINUTE, one_step
from biobreath.sensors.people import person_of
from biobreath.sensors.simulated import SimulatedSensor
from biobreath.session.pace_finder import find_pace_in_steps, whole_breaths
from biobreath.session.review import review
from biobreath.session.sitting import Sitting
from biobreath.session.step_words import OFFER, offer_sentence, step_sentence
from biobreath.signal.resonance import LEAST_STEP_BREATHS, NoResonance
from biobreath.store.library import Library
from biobreath.store.recorder import Recorder
from biobreath.store.tasks import SittingStart
from biobreath.store.transfer import write_biobreath
from biobreath.ui import theme as look
from biobreath.ui.pace_picture import PacePicture

DAY_MS = 86_400_000
SEED = 9


def sat(*acts, until_s=1000.0, per_minute=6.0):
    """Sit a step in which a person does something at some moments; return facts and length."""
    clock, facts = FakeClock(), []
    sitting = Sitting(clock, facts.append, LONG_OUT, 0.0, protocol=one_step(per_minute))
    left = sorted(acts)
    while not sitting.may_close() and clock.t < until_s:
        clock.t += 0.5
        if left and clock.t >= left[0][0]:
            getattr(sitting, left.pop(0)[1])()
        sitting.tick()
    return facts, clock.t


def test_a_step_that_was_sat_to_its_end_is_whole_and_takes_two_minutes():
    facts, duration_s = sat()
    assert step_in(facts, duration_s) == (6.0, StepEnd.WHOLE)
    assert duration_s == pytest.approx(120.0, abs=1.0)


@pytest.mark.parametrize("per_minute", STEPS_PER_MINUTE)
def test_every_pace_of_the_search_is_told_from_its_facts(per_minute):
    assert step_in(*sat(per_minute=per_minute)) == (per_minute, StepEnd.WHOLE)


def test_a_rest_on_the_way_is_no_part_of_a_step():
    acts = (30.0, "pause"), (60.0, "go_on")
    assert step_in(*sat(*acts)) == (6.0, StepEnd.WHOLE)
    assert step_in(*sat(*acts, until_s=130.0)) == (6.0, StepEnd.LEFT)
    assert step_in(*sat((30.0, "pause"), until_s=400.0)) == (6.0, StepEnd.LEFT)


def test_a_lighter_breath_says_that_the_pace_was_not_comfortable():
    assert step_in(*sat((40.0, "easier"), until_s=300.0)) == (6.0, StepEnd.LIGHTER)


def test_a_lighter_breath_asked_for_while_the_guide_rests_is_one_too():
    acts = (40.0, "pause"), (45.0, "easier")
    assert step_in(*sat(*acts, until_s=60.0)) == (6.0, StepEnd.LIGHTER)


def test_another_sitting_holds_no_step():
    clock, facts = FakeClock(), []
    Sitting(clock, facts.append, LONG_OUT, 60.0)
    assert step_in(facts, 60.0) is None
    assert step_in([], 0.0) is None


# -- the search --------------------------------------------------------------------------------


def step(number, rate, *, day=None, end=StepEnd.WHOLE, heart="strap", readable=True):
    return PaceStep(number, number if day is None else day, heart, rate, end, readable)


def searched(*steps, hard=frozenset(), today=None):
    return search_of(steps, hard, "strap", today)


def test_the_quickest_pace_comes_first_and_the_slowest_last():
    search = PaceSearch()
    for number, rate in enumerate(STEPS_PER_MINUTE):
        assert search.next_per_minute == rate
        assert not search.over
        search = search.with_step(step(number, rate))
    assert search.over


@pytest.mark.parametrize(
    "other",
    [
        step(2, 6.0, end=StepEnd.LEFT),
        step(2, 6.0, heart="simulated"),
        step(2, 6.0, readable=False),
        step(2, 6.0, day=7),
    ],
    ids=["left", "another heart", "not readable", "a hard day"],
)
def test_some_steps_are_no_part_of_the_search(other):
    search = searched(step(1, 6.5), other, hard=frozenset({7}))
    assert [one.per_minute for one in search.steps] == [6.5]
    assert search.next_per_minute == 6.0


def test_slower_paces_than_one_that_was_not_comfortable_are_not_asked_for():
    quick = [step(n, rate) for n, rate in enumerate(STEPS_PER_MINUTE[:4])]
    search = searched(*quick, step(5, 4.5, end=StepEnd.LIGHTER))
    assert search.over
    assert PaceFinding.tells(search)
    few = searched(*quick[:2], step(5, 5.5, end=StepEnd.LIGHTER))
    assert few.over
    assert not PaceFinding.tells(few)


def test_that_a_pace_was_not_comfortable_holds_also_where_no_heart_was_heard():
    unheard = step(2, 6.0, end=StepEnd.LIGHTER, readable=False)
    assert searched(step(1, 6.5), unheard).over


def test_a_search_that_is_over_or_long_ago_gives_way_to_a_new_one():
    whole = [step(n, rate) for n, rate in enumerate(STEPS_PER_MINUTE)]
    assert PaceFinding.tells(searched(*whole))
    assert searched(*whole, today=5) == PaceSearch()
    assert searched(*whole, step(9, 6.5)).steps == (step(9, 6.5),)
    old = step(1, 6.5, day=1)
    assert searched(old, today=1 + MOST_DAYS).steps == (old,)
    assert searched(old, today=2 + MOST_DAYS).steps == ()
    late = step(2, 6.0, day=2 + MOST_DAYS)
    assert searched(old, late).steps == (late,)


ends = st.sampled_from(StepEnd)
anything = st.lists(
    st.builds(
        PaceStep,
        st.integers(0, 99),
        st.integers(0, 200),
        st.sampled_from(["strap", "simulated"]),
        st.sampled_from(STEPS_PER_MINUTE),
        ends,
        st.booleans(),
    ),
    max_size=30,
)


@given(anything, st.frozensets(st.integers(0, 200), max_size=5), st.integers(0, 200))
def test_whatever_was_sat_a_search_is_of_one_heart_and_has_each_pace_once(steps, hard, today):
    search = search_of(steps, hard, "strap", today)
    rates = [one.per_minute for one in search.steps]
    assert len(set(rates)) == len(rates)
    assert search.next_per_minute in set(STEPS_PER_MINUTE) - set(rates)  # there is always a next
    for one in search.steps:
        assert (one.heart, one.end, one.readable) == ("strap", StepEnd.WHOLE, True)
        assert one.day not in hard
    assert not offer_sentence(search).startswith("None")


def test_a_step_is_told_as_of_its_day_whatever_came_later():
    steps = [step(n, rate) for n, rate in enumerate(STEPS_PER_MINUTE)]
    told = told_of(steps, frozenset(), 1, today=4)
    assert told.counts
    assert len(told.search.steps) == 2
    assert told.search.next_per_minute == 5.5
    assert told_of(steps, frozenset({1}), 1, today=4).hard_day
    assert told_of(steps, frozenset(), 77, today=4) is None


def test_only_the_newest_step_says_what_is_next_and_not_for_ever():
    steps = [step(n, rate) for n, rate in enumerate(STEPS_PER_MINUTE)]
    assert told_of(steps[:2], frozenset(), 1, today=4).goes_on
    assert not told_of(steps[:3], frozenset(), 1, today=4).goes_on
    assert not told_of(steps, frozenset(), 4, today=4).goes_on  # the search is over
    assert not told_of(steps[:2], frozenset(), 1, today=2 + MOST_DAYS).goes_on


def test_a_hard_day_is_the_one_on_the_persons_own_calendar():
    evening = 10 * 86_400 + 23 * 3600.0
    assert hard_days([Dated(evening, HardDay(), utc_offset_s=7200)]) == {11}
    assert hard_days([]) == frozenset()


# -- the answer --------------------------------------------------------------------------------


def heard(per_minute, seed=SEED, told_s=123.0):
    """Return the facts of one step, breathed with a simulated heart."""
    course = one_step(per_minute)
    person = person_of(SEED)
    sensor = SimulatedSensor(seed, course.fullness, person=person)
    facts = [*course.facts(0.0), *sensor.told(told_s)]
    return sorted(facts, key=lambda fact: fact.t)


def days(rates=STEPS_PER_MINUTE):
    return [heard(rate, seed=SEED + 100 * day) for day, rate in enumerate(rates)]


def test_five_days_tell_the_pace_that_one_sitting_would():
    found, (pace, swing_bpm) = find_pace_in_steps(days())
    truth = person_of(SEED).resonance_per_minute
    assert found.breaths_per_minute == pytest.approx(truth, abs=0.4)
    assert found.low <= truth <= found.high
    assert {round(rate, 3) for rate in pace} == set(STEPS_PER_MINUTE)
    assert swing_bpm.shape == pace.shape
    assert swing_bpm.min() > 0


def test_a_day_that_cannot_be_read_is_left_out_and_too_few_days_say_why():
    truth = person_of(SEED).resonance_per_minute
    without_beats = list(one_step(4.5).facts(0.0))
    four = [*days(STEPS_PER_MINUTE[:4]), without_beats]
    assert find_pace_in_steps(four)[0].breaths_per_minute == pytest.approx(truth, abs=0.5)
    found, (pace, _) = find_pace_in_steps([without_beats])
    assert found.reason is NoResonance.TOO_FEW_BREATHS
    assert pace.size == 0


def test_a_rest_or_a_lost_strap_leaves_too_few_breaths_and_a_whole_piece_enough():
    assert [whole_breaths(facts) for facts in days()] == [7, 7, 6, 5, 4]
    lost = [fact for fact in heard(6.0) if fact.t < 45.0]
    assert whole_breaths(lost) == 0
    rested = [Paused(60.0), Pacer(one_step(6.0).parts[0][1].pattern, 75.0).changed(75.0)]
    paused = sorted([*heard(6.0), *rested], key=lambda fact: fact.t)
    assert whole_breaths(paused) < LEAST_STEP_BREATHS


def test_what_counts_as_a_piece_is_enough_for_an_answer():
    def cut(facts):
        """Lose the strap when just enough breaths were heard."""
        heard_so_far = ([fact for fact in facts if fact.t < t] for t in range(60, 121))
        return next(few for few in heard_so_far if whole_breaths(few) >= LEAST_STEP_BREATHS)

    pieces = [cut(facts) for facts in days()]
    truth = person_of(SEED).resonance_per_minute
    for least in (pieces, pieces[:4]):
        found, _ = find_pace_in_steps(least)
        assert found.breaths_per_minute == pytest.approx(truth, abs=0.5)


def test_a_rhythm_that_tells_nothing_of_the_breath_is_no_piece():
    rng = np.random.default_rng(1)
    rr_ms = np.clip(np.exp(rng.normal(np.log(800), 0.17, 150)), 400, 1600)
    facts = [*one_step(6.0).facts(0.0), *facts_of(rr_ms.tolist())]
    assert whole_breaths(sorted(facts, key=lambda fact: fact.t)) == 0


def test_one_step_alone_has_no_answer_and_nothing_is_said_to_be_missing():
    assert review(heard(6.0)).pace is None


# -- in the window -----------------------------------------------------------------------------


def keep(per_minute, days_ago, source="simulated:1", seed=SEED, facts=None):
    """Put a step into the library, as the program would have ``days_ago``."""
    now = wall_time()
    wall = replace(now, utc_ms=now.utc_ms - days_ago * DAY_MS)
    recorder = Recorder(places.library_path())
    recorder.start()
    recorder.begin(SittingStart(str(uuid.uuid4()), wall, PRACTICE, source, "0.1"))
    told = heard(per_minute, seed) if facts is None else facts
    for fact in told:
        recorder.add(fact)
    recorder.end(max(120.0, told[-1].t))
    session_id = recorder.wait_begun(10.0)
    assert recorder.close(10.0)
    return session_id


@pytest.fixture
def made(qapp, qtbot):
    """Make a program after what is in the library was put there."""
    programs = []

    def make():
        look.load_fonts()
        program = Program(qapp)
        programs.append(program)
        qtbot.addWidget(program.window)
        program.open()
        program.go("breathe")
        return program

    yield make
    for program in programs:
        program.close()


def shown(program):
    card = program.window.breathe._finder
    return card._text.text(), [b.text() for b in (card._step, card._all) if not b.isHidden()]


def text_of(program, qtbot, session_id):
    page = program.window.sitting_page
    program.kept.open(session_id)
    qtbot.waitUntil(page._text.isVisible)
    return page._text.text()


def test_a_new_search_is_offered_in_pieces_and_all_at_once(made):
    assert shown(made()) == (OFFER, ["In pieces, 2 min", "All at once, 15 min"])


def test_the_next_piece_begins_a_sitting_of_two_minutes_at_its_pace(made, qtbot):
    keep(6.5, 1)
    program = made()
    text, buttons = shown(program)
    assert text.startswith("One of five paces is done. The next is 6 a minute")
    assert buttons == ["The next, 2 min", "All at once, 15 min"]
    program.window.breathe._finder._step.click()
    assert program.sitting.pacer.pattern.breaths_per_minute == pytest.approx(6.0)
    assert 115.0 < program.sitting.left_s() <= 120.0
    assert not program.sitting.tunable
    qtbot.keyClick(program.window.breathing, Qt.Key.Key_Escape)
    page = program.window.sitting_page
    qtbot.waitUntil(page._text.isVisible)
    assert "This pace may come again" in page._text.text()
    assert Library(places.library_path()).sittings()[0].practice == PRACTICE
    program.go("breathe")
    assert shown(program)[0] == text  # nothing was lost, and nothing counted


def test_a_lighter_breath_ends_the_search_kindly(made, qtbot):
    keep(6.5, 1)
    program = made()
    program.window.breathe._finder._step.click()
    qtbot.keyClick(program.window.breathing, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: len(program.sitting.live.heart.beats) > 0, timeout=15_000)
    program.end()
    page = program.window.sitting_page
    qtbot.waitUntil(page._text.isVisible)
    assert "A comfortable pace is the better one" in page._text.text()
    assert page._keep.isHidden()
    program.go("breathe")
    assert shown(program)[0] == OFFER


def test_each_piece_says_what_is_next_and_the_last_one_has_the_answer(made, qtbot):
    ids = [
        keep(rate, 9 - 2 * day, seed=SEED + 100 * day) for day, rate in enumerate(STEPS_PER_MINUTE)
    ]
    program = made()
    said = text_of(program, qtbot, ids[1])
    assert "This was 6 a minute, the second of five paces." in said
    assert "next" not in said  # it was, and is not any more
    page = program.window.sitting_page
    assert page._keep.isHidden()
    said = text_of(program, qtbot, ids[-1])
    assert "This was the last of five paces. Heart and breath went together best" in said
    assert page._keep.isVisible()
    shown_first = page._picture.itemAt(0).widget()
    assert isinstance(shown_first, PacePicture)  # the heart's line is of the last piece alone
    page._keep.click()
    truth = person_of(SEED).resonance_per_minute
    assert program.settings.my_pace == pytest.approx(truth, abs=0.5)
    program.go("breathe")
    assert shown(program)[0] == OFFER  # it may be looked for anew, and nobody asks for it


def take_the_gentle_way(program, qtbot):
    """Begin it, end it, wait for all that stays of it, and go to the card."""
    program.begin_gently()
    program.end()
    qtbot.waitUntil(lambda: not program._staying)
    program.go("breathe")


def test_a_hard_day_that_cannot_be_kept_is_no_trouble_of_the_person(made, qapp, qtbot, monkeypatch):
    monkeypatch.setattr("biobreath.app.practising._IN_EARNEST_S", 0.0)
    made()
    second = made()  # the first holds the library
    said = []
    second.keeper.on_notice = said.append
    take_the_gentle_way(second, qtbot)
    qapp.processEvents()
    assert len(second.memory.entries) == 1
    assert not any("wrote" in sentence for sentence in said)


def test_a_hard_day_asks_for_nothing_and_what_was_sat_on_it_does_not_count(
    made, qtbot, monkeypatch
):
    keep(6.5, 1)
    today = keep(6.0, 0)
    program = made()
    assert shown(program)[0].startswith("Two of five paces are done.")
    take_the_gentle_way(program, qtbot)
    assert shown(program)[0].startswith("Two of five")  # who only had a look had no hard day
    monkeypatch.setattr("biobreath.app.practising._IN_EARNEST_S", 0.0)
    take_the_gentle_way(program, qtbot)
    text, buttons = shown(program)
    assert text.startswith("On a hard day")
    assert buttons == []
    assert "It was a hard day" in text_of(program, qtbot, today)
    assert program.pace_finding._search().next_per_minute == 6.0


def test_hearts_are_not_mixed_and_without_a_heart_there_is_nothing_to_look_for(made):
    keep(6.5, 1, source="strap")
    program = made()
    assert shown(program)[0] == OFFER  # the demo heart has not begun
    program.choose(replace(program.settings, source="strap"))
    program.go("breathe")
    assert shown(program)[0].startswith("One of five paces is done.")
    program.choose(replace(program.settings, source="none"))
    program.go("breathe")
    assert shown(program)[1] == []
    assert "Your heart" in shown(program)[0]


def test_a_piece_in_which_no_heart_could_be_read_comes_again(made, qtbot):
    silent = keep(6.5, 1, facts=[*one_step(6.5).facts(0.0)])
    program = made()
    assert shown(program)[0] == OFFER
    said = text_of(program, qtbot, silent)
    assert "No heartbeats were recorded. This pace may come again" in said


def test_a_piece_that_was_removed_is_asked_for_again(made, qtbot):
    keep(6.5, 2)
    second = keep(6.0, 1)
    program = made()
    said = text_of(program, qtbot, second)
    assert "This was 6 a minute, the second of five paces. The next is 5.5" in said
    program.kept._remove(second)
    qtbot.waitUntil(lambda: len(program.library.sittings()) == 1)
    program.go("breathe")
    assert "The next is 6 a minute" in shown(program)[0]


def test_a_piece_out_of_a_file_is_no_part_of_a_search_here(made, tmp_path):
    session_id = keep(6.5, 1)
    sent = tmp_path / "sent.biobreath"
    write_biobreath(places.library_path(), session_id, sent)
    program = made()
    program.kept._remove(session_id)
    program.close()
    assert import_sittings.run([str(sent)]) == 0
    (row,) = Library(places.library_path()).sittings()
    assert row.practice == "pace_finder"


@pytest.mark.parametrize("flag", [GENTLE_BREATH, HRV_OFF])
def test_where_no_search_is_offered_no_page_invites_to_go_on(made, qtbot, flag):
    first = keep(6.5, 1)
    program = made()
    program.memory.write(FlagsTold((flag,), (flag,)))
    program.go("breathe")
    assert program.window.breathe._finder.isHidden()
    assert "next" not in text_of(program, qtbot, first)


def test_a_strap_that_does_not_tell_each_beat_is_not_promised_another_try(made, qtbot):
    facts = sorted(
        [
            *one_step(6.5).facts(0.0),
            *(hrs.decode(float(t), bytes([0, 62])) for t in range(1, 120)),
        ],
        key=lambda fact: fact.t,
    )
    kept = keep(6.5, 1, facts=facts)
    said = text_of(made(), qtbot, kept)
    assert "cannot show the pace" in said
    assert "again" not in said


@pytest.mark.parametrize("end", StepEnd)
@pytest.mark.parametrize("hard_day", [True, False])
@pytest.mark.parametrize("readable", [True, False])
@pytest.mark.parametrize("per_minute", STEPS_PER_MINUTE)
def test_every_sentence_is_whole(end, hard_day, readable, per_minute):
    one = step(0, per_minute, end=end, readable=readable)
    search = PaceSearch().with_step(one)
    told = StepTold(one, search, one.tells(frozenset()), hard_day, goes_on=True)
    said = step_sentence(told, review([]))
    assert said.endswith(".")
    assert "None" not in said
    assert ("slower" in said) == (said.startswith("You took") and per_minute > 4.5)
