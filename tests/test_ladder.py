"""A ladder of brave steps: put together from entries, and what it suggests, number by number."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_ladder_rules import LADDER

from biobreath.practice.entries import Dated, LadderWritten, RatingGiven, ladder_told
from biobreath.practice.ladder import (
    Attempt,
    Ladder,
    Plan,
    Reply,
    Step,
    StepAdded,
    StepEdited,
    StepRemoved,
    StepsOrdered,
    StepSplit,
    StepTried,
    ladder_of,
)
from biobreath.practice.ladder_advice import (
    Move,
    met,
    rests_until,
    suggested,
    today,
    what_next,
)
from biobreath.practice.ladder_json import entry_from_table, entry_to_table
from biobreath.practice.ladder_rules import LadderRules
from biobreath.practice.ladder_words import (
    Rung,
    ladder_map,
    learned,
    learned_so_far,
    sure_words,
    ways_to_split,
)

RULES = LadderRules.from_table(LADDER)
HOUR = 3600.0
DAY = 24 * HOUR
DAY_0 = 20_000 * DAY
NOON = DAY_0 + 12 * HOUR


def step(name, fear):
    return Step(name, f"do {name}", fear)


THREE = [StepAdded(step("a", 2)), StepAdded(step("b", 4)), StepAdded(step("c", 6))]


def tried(step_id, days_ago=2.0, **said):
    return StepTried(Attempt(step_id, NOON - days_ago * DAY, **said))


def ladder(*entries):
    return ladder_of([*THREE, *entries], RULES)


def move(*entries, now=NOON):
    advice = suggested(ladder(*entries), now, DAY_0)
    return advice.move, advice.step and advice.step.id


# ---- putting together


def test_steps_find_their_place_by_their_fear_or_where_the_person_puts_them():
    found = ladder(StepAdded(step("d", 3)), StepAdded(step("e", 9), above="a"))
    assert [one.id for one in found.steps] == ["a", "e", "d", "b", "c"]


def test_the_order_is_the_persons_own():
    found = ladder(StepsOrdered(("c", "a", "b")))
    assert [one.id for one in found.steps] == ["c", "a", "b"]
    assert ladder(StepsOrdered(("c", "a"))).steps == ladder().steps


def test_a_ladder_holds_twelve_steps_and_asks_for_five():
    many = ladder_of([StepAdded(step(f"s{i}", 3)) for i in range(15)], RULES)
    assert (len(many.steps), many.room, many.wanted) == (12, 0, 0)
    assert (ladder().room, ladder().wanted) == (9, 2)


def test_a_removed_step_keeps_what_was_learned_and_never_gives_its_id_away():
    found = ladder(tried("b", prediction="It locks."), StepRemoved("b"), StepAdded(step("b", 1)))
    assert [one.id for one in found.steps] == ["a", "c"]
    assert learned(found)[0].step_text == "do b"
    assert found.here == "a"


def test_a_try_is_remembered_with_the_step_as_it_read_then():
    found = ladder(tried("a", prediction="x"), StepEdited(Step("a", "walk ten minutes", 3)))
    assert found.steps[0].text == "walk ten minutes"
    assert learned(found)[0].step_text == "do a"


def test_a_split_step_gives_its_place_to_its_parts():
    found = ladder(tried("b"), StepSplit("b", (step("b1", 2), step("b2", 3))))
    assert [one.id for one in found.steps] == ["a", "b1", "b2", "c"]
    assert found.here == "b1"
    assert what_next(found, NOON).step == step("b1", 2)


@pytest.mark.parametrize(
    "parts", [(), ("x",), ("x", "x"), ("a", "x"), ("b", "x"), tuple(f"p{i}" for i in range(11))]
)
def test_a_split_that_cannot_be_leaves_the_ladder_as_it_was(parts):
    assert ladder(StepSplit("b", tuple(step(one, 2) for one in parts))) == ladder()


def test_entries_about_unknown_steps_change_nothing():
    entries = (tried("zz"), StepRemoved("zz"), StepEdited(step("zz", 1)), StepSplit("zz", ()))
    assert ladder(*entries) == ladder()


# ---- suggesting


def test_an_empty_ladder_asks_for_one_small_thing():
    found = today(Ladder(RULES), NOON, DAY_0)
    assert (found.offered, found.advice.move) == ((), Move.BUILD)


@pytest.mark.parametrize(
    ("fears", "first"),
    [((1, 2, 4), 2), ((1, 4, 5), 4), ((0, 1, 6), 1), ((5, 6), 5), ((3,), 3)],
)
def test_the_first_step_feels_like_two_to_four_or_is_the_nearest_to_it(fears, first):
    found = ladder_of([StepAdded(step(f"s{f}", f)) for f in fears], RULES)
    advice = suggested(found, NOON, DAY_0)
    assert (advice.move, advice.step.fear) == (Move.START, first)


def test_nothing_above_six_is_offered_and_a_ladder_of_big_steps_is_cut():
    big = ladder_of([StepAdded(step("x", 7)), StepAdded(step("y", 8))], RULES)
    found = today(big, NOON, DAY_0)
    assert (found.offered, found.advice.move, found.advice.step.id) == ((), Move.SPLIT, "x")
    mixed = today(ladder(StepAdded(step("d", 6.5))), NOON, DAY_0)
    assert [one.id for one in mixed.offered] == ["a", "b", "c"]


CALM = {"fear_after": 3}
A_CALM_TWICE = (tried("a", 4, **CALM), tried("a", 3, **CALM))
FELL_BY_30 = {"sure_before": 80, "sure_after": 50, "fear_after": 6}
FELL_BY_29 = {"sure_before": 80, "sure_after": 51, "fear_after": 6}
FELL_IN_FEAR = {"sure_before": 90, "sure_after": 0, "fear_after": 7}
UP_TABLE = [
    ("two calm tries", [CALM, CALM], (Move.UP, "b")),
    ("one is not enough", [CALM], (Move.SAME, "a")),
    ("fear 4 is not calm", [CALM, {"fear_after": 4}], (Move.SAME, "a")),
    ("the last two count", [{"fear_after": 6}, CALM, CALM], (Move.UP, "b")),
    ("in a row", [CALM, {"fear_after": 5}, CALM], (Move.SAME, "a")),
    ("a guess fell by 30", [FELL_BY_30] * 2, (Move.UP, "b")),
    ("a guess fell by 29", [FELL_BY_29] * 2, (Move.SAME, "a")),
    ("a guess fell, all else skipped", [{"sure_before": 30, "sure_after": 0}] * 2, (Move.UP, "b")),
    ("skipped is not calm", [CALM, {}], (Move.SAME, "a")),
    ("half a guess is none", [{"sure_before": 90}, {"sure_before": 90}], (Move.SAME, "a")),
    ("a stopped try is not calm", [CALM, {**CALM, "stopped": True}], (Move.SAME, "a")),
    ("in the mind it does not count", [CALM, {**CALM, "imagined": True}], (Move.SAME, "a")),
    ("three calm tries", [CALM] * 3, (Move.VARY, "a")),
    ("three calm, one in a new way", [CALM, {**CALM, "varied": True}, CALM], (Move.UP, "b")),
    ("fear 7 goes down", [{"fear_after": 7}], (Move.SPLIT, "a")),
    ("fear 6 stays", [{"fear_after": 6}], (Move.SAME, "a")),
    ("fear 7 with a fallen guess", [FELL_IN_FEAR] * 2, (Move.SPLIT, "a")),
    ("one stop", [{"stopped": True}], (Move.SAME, "a")),
    ("two stops", [{"stopped": True}] * 2, (Move.SPLIT, "a")),
]  # fmt: skip


@pytest.mark.parametrize(("says", "tries", "expected"), UP_TABLE, ids=[row[0] for row in UP_TABLE])
def test_what_comes_next(says, tries, expected):
    entries = [tried("a", 6 - i, **said) for i, said in enumerate(tries)]
    assert move(*entries) == expected, says


PLANS = [
    (Plan.SAME, [CALM, CALM], (Move.SAME, "b")),
    (Plan.VARY, [CALM], (Move.VARY, "b")),
    (Plan.UP, [CALM], (Move.SAME, "b")),
    (Plan.UP, [CALM, CALM], (Move.UP, "c")),
    (Plan.UP, [CALM] * 3, (Move.UP, "c")),
    (Plan.DOWN, [CALM, CALM], (Move.DOWN, "a")),
    (None, [CALM, CALM], (Move.UP, "c")),
    (Plan.UP, [{"fear_after": 7}], (Move.DOWN, "a")),
    (Plan.SAME, [{"fear_after": 7}], (Move.DOWN, "a")),
    (Plan.SAME, [{"stopped": True}] * 2, (Move.SPLIT, "b")),
]


@pytest.mark.parametrize(("plan", "tries", "expected"), PLANS)
def test_a_plan_is_kept_where_nothing_was_too_much_and_up_waits_until_it_is_ready(
    plan, tries, expected
):
    entries = [tried("b", 6 - i, plan=plan, **said) for i, said in enumerate(tries)]
    assert move(*entries) == expected


def test_a_plan_to_go_down_from_the_lowest_step_stays():
    assert move(tried("a", plan=Plan.DOWN)) == (Move.SAME, "a")


RISE = {"sensation_before": 2, "sensation_after": 4}
OTHER_NUMBERS = [
    ("start_fear", (5, 6), [], (Move.START, "c")),
    ("max_start_fear", 3, [("a", CALM)] * 2, (Move.SPLIT, "b")),
    ("repeat_before_up", 3, [("a", CALM)] * 2, (Move.SAME, "a")),
    ("up_fear_max", 2, [("a", CALM)] * 2, (Move.SAME, "a")),
    ("up_prediction_drop", 31, [("a", FELL_BY_30)] * 2, (Move.SAME, "a")),
    ("up_times", 3, [("a", CALM)] * 2, (Move.SAME, "a")),
    ("vary_fear_max", 2, [("a", CALM)] * 3, (Move.UP, "b")),
    ("vary_times", 2, [("a", CALM)] * 2, (Move.VARY, "a")),
    ("down_fear_min", 6, [("b", {"fear_after": 6})], (Move.DOWN, "a")),
    ("split_stops", 1, [("a", {"stopped": True})], (Move.SPLIT, "a")),
    ("split_days", 1, [("a", {"stopped": True})] * 2, (Move.SAME, "a")),
    ("rest_rise", 2, [("a", RISE)], (Move.SAME, "a")),
    ("rest_hours", 72, [("a", {**RISE, "sensation_after": 5})], (Move.REST, None)),
]


@pytest.mark.parametrize(("name", "value", "tries", "expected"), OTHER_NUMBERS)
def test_every_number_is_the_packs_and_none_is_built_in(name, value, tries, expected):
    rules = replace(RULES, **{name: value})
    entries = [tried(step_id, 2.5 - i / 10, **said) for i, (step_id, said) in enumerate(tries)]
    advice = suggested(ladder_of([*THREE, *entries], rules), NOON, DAY_0)
    assert (advice.move, advice.step and advice.step.id) == expected


def test_the_size_of_a_ladder_and_of_a_day_are_the_packs_too():
    small = replace(RULES, steps_min=2, steps_max=3, per_day_max=1)
    found = ladder_of([*THREE, StepAdded(step("d", 1)), tried("a", 0.1)], small)
    assert (len(found.steps), found.wanted) == (3, 0)
    assert suggested(found, NOON, DAY_0).move is Move.ENOUGH


def test_fear_of_seven_leads_one_step_down():
    assert move(tried("c", fear_after=7)) == (Move.DOWN, "b")
    assert move(tried("b", fear_after=10)) == (Move.DOWN, "a")


def test_two_stops_count_for_fourteen_days():
    both = (tried("a", 14, stopped=True), tried("a", 3, stopped=True))
    assert move(*both) == (Move.SPLIT, "a")
    assert move(tried("a", 14.01, stopped=True), both[1]) == (Move.SAME, "a")


def test_a_next_step_that_was_stopped_twice_is_cut_before_it_is_suggested():
    stops = (tried("b", 8, stopped=True), tried("b", 7, stopped=True))
    assert move(*stops, *A_CALM_TWICE) == (Move.SPLIT, "b")


def test_a_next_step_above_six_is_cut_or_rated_anew_before_it_is_suggested():
    calm = A_CALM_TWICE
    assert move(*calm, StepEdited(step("b", 7))) == (Move.SPLIT, "b")
    assert move(*calm, StepEdited(step("b", 7)), StepEdited(step("b", 6))) == (Move.UP, "b")


def test_one_step_up_passes_what_is_at_ease_but_not_what_was_hard_again():
    b_calm = (tried("b", 9, **CALM), tried("b", 8, **CALM))
    assert move(*b_calm, *A_CALM_TWICE) == (Move.UP, "c")
    hard_again = tried("b", 7, fear_after=7)
    assert move(*b_calm, hard_again, *A_CALM_TWICE) == (Move.UP, "b")


def test_at_the_top_a_new_way_is_suggested():
    assert move(tried("c", 4, **CALM), tried("c", 3, **CALM)) == (Move.VARY, "c")


@pytest.mark.parametrize(
    ("rise", "hours", "rests"),
    [(3, 1, True), (3, 23.9, True), (3, 24, False), (2, 1, False), (None, 1, False)],
)
def test_a_rise_of_three_rests_for_a_day(rise, hours, rests):
    after = None if rise is None else 2 + rise
    entry = StepTried(Attempt("a", NOON, sensation_before=2, sensation_after=after))
    found = today(ladder(entry), NOON + hours * HOUR, NOON + hours * HOUR)
    assert (found.advice.move is Move.REST) is rests
    if rests:
        assert (found.offered, found.advice.until) == ((), NOON + DAY)


def test_a_rest_is_never_longer_than_a_day_whatever_the_clock_did():
    far = StepTried(Attempt("a", NOON + 1000 * DAY, sensation_before=0, sensation_after=9))
    assert rests_until(ladder(far), NOON) is None


def test_after_a_rise_nothing_goes_up():
    rise = tried("a", 2, fear_after=0, sensation_before=1, sensation_after=4)
    assert move(tried("a", 3, **CALM), rise) == (Move.SAME, "a")


def test_a_day_holds_two_steps_and_the_next_morning_holds_two_more():
    two = (tried("a", 0.1, **CALM), tried("a", 0.05, imagined=True))
    found = today(ladder(*two), NOON, DAY_0)
    assert (found.offered, found.advice.move) == ((), Move.ENOUGH)
    assert today(ladder(*two[:1]), NOON, DAY_0).offered
    assert today(ladder(*two), NOON + DAY, DAY_0 + DAY).offered


def test_every_suggestion_has_one_kind_sentence():
    for entries in ((), A_CALM_TWICE, (tried("c", fear_after=9),), (tried("a", stopped=True),)):
        reason = suggested(ladder(*entries), NOON, DAY_0).reason
        assert 20 < len(reason) < 110
        assert not set(reason.lower().split()) & {"failed", "should", "must", "score", "only"}


# ---- looking at it


def test_the_map_marks_what_was_met_and_a_hard_day_takes_nothing_away():
    found = ladder(*A_CALM_TWICE, tried("a", 2.5, fear_after=8), tried("b", 2))
    rungs = ladder_map(found, "b")
    assert [line.rung for line in rungs] == [Rung.MET, Rung.TRIED, Rung.AHEAD]
    assert [line.here for line in rungs] == [False, True, False]
    assert met(found, "a")


def test_what_was_feared_stands_beside_what_happened_newest_first():
    found = ladder(
        tried("a", 3, prediction="My back will lock.", sure_before=80, came_true=0),
        tried("a", 2, prediction="It will hurt all day.", sure_after=10, surprise="Ten minutes."),
        tried("a", 1),
    )
    newest, oldest = learned(found)
    assert (newest.feared, newest.happened, newest.surprise) == (
        "It will hurt all day.",
        "",
        "Ten minutes.",
    )
    assert (newest.sure, newest.sure_now) == ("", "hardly sure of it")
    assert (oldest.sure, oldest.happened) == ("quite sure of it", "It did not happen.")


@pytest.mark.parametrize(
    ("sure", "words"),
    [(None, ""), (10, "hardly"), (40, "a little"), (60, "half"), (80, "quite"), (90, "certain")],
)
def test_how_sure_is_a_word(sure, words):
    assert sure_words(sure).startswith(words)


def test_what_the_guesses_have_in_common_is_told_once_there_are_three():
    def told(*answers):
        return learned_so_far(ladder(*(tried("a", came_true=answer) for answer in answers)))

    assert told(0, 0, None) == ""
    assert "hardly ever" in told(0, 0, 1)
    assert "less often" in told(0, 0, 3)
    assert "you are here" in told(3, 3, 0)


def test_a_step_can_be_cut_in_three_ways():
    assert (
        ways_to_split(Step("a", "Walk to the gate.", 7))[0] == "Walk to the gate, for half as long"
    )


# ---- storing

IDS = st.sampled_from(["a", "b", "c", "d", "e", "f"])
MAYBE_TEN = st.none() | st.integers(0, 10)
MAYBE_HUNDRED = st.none() | st.integers(0, 100)
TEXTS = st.sampled_from(["walk", "bend down", "tea with a friend"])
STEPS = st.builds(Step, IDS, TEXTS, st.integers(0, 10), st.none() | st.integers(1, 600))
ATTEMPTS = st.builds(
    Attempt,
    step_id=IDS,
    t=st.integers(0, 20).map(lambda slot: NOON - 5 * DAY + slot * 7 * HOUR),
    prediction=st.sampled_from(["", "It locks."]),
    sure_before=MAYBE_HUNDRED,
    came_true=st.none() | st.integers(0, 3),
    surprise=st.sampled_from(["", "Nothing."]),
    sure_after=MAYBE_HUNDRED,
    fear_before=MAYBE_TEN,
    fear_after=MAYBE_TEN,
    sensation_before=MAYBE_TEN,
    sensation_after=MAYBE_TEN,
    stopped=st.booleans(),
    varied=st.booleans(),
    imagined=st.booleans(),
    plan=st.none() | st.sampled_from(Plan),
)
ENTRIES = st.one_of(
    st.builds(StepAdded, STEPS, st.none() | IDS),
    st.builds(StepEdited, STEPS),
    st.builds(StepRemoved, IDS),
    st.builds(StepsOrdered, st.permutations(["a", "b", "c"]).map(tuple)),
    st.builds(StepSplit, IDS, st.lists(STEPS, max_size=3).map(tuple)),
    st.builds(StepTried, ATTEMPTS),
    st.builds(StepTried, ATTEMPTS),
)
LADDERS = st.lists(ENTRIES, max_size=20)


@given(ENTRIES)
@settings(max_examples=100)
def test_an_entry_comes_back_from_the_store_as_it_was(entry):
    assert entry_from_table(json.loads(json.dumps(entry_to_table(entry)))) == entry


NAMES = st.sampled_from(["do", "step", "id", "text", "fear", "added", "\x00", ""])
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner),
    max_leaves=8,
)


@given(JSON)
@settings(max_examples=100)
def test_anything_else_from_the_store_is_refused_in_plain_words(value):
    with pytest.raises(ValueError, match=r"."):
        entry_from_table(value)


@given(ENTRIES, st.data())
@settings(max_examples=100)
def test_a_damaged_entry_is_refused_or_read_within_its_limits(entry, data):
    table = entry_to_table(entry)
    inner = next((v for v in table.values() if isinstance(v, dict)), table)
    inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(JSON)
    try:
        read = entry_from_table(table)
    except ValueError:
        return
    assert entry_from_table(entry_to_table(read)) == read


def test_long_and_odd_texts_from_the_store_are_kept_out():
    def added(text):
        return entry_from_table({"do": "added", "step": {"id": "a", "text": text, "fear": 1}})

    assert added(" a\x00b\n\u202ec ").step.text == "a b c"
    with pytest.raises(ValueError, match="longer than"):
        added("x" * 500)


# ---- what always holds


@given(LADDERS, st.integers(0, 30))
@settings(max_examples=100)
def test_nothing_is_ever_suggested_that_the_rules_forbid(entries, hours):
    found = ladder_of([*THREE, *entries], RULES)
    now = NOON - 2 * DAY + hours * HOUR
    offer = today(found, now, now - now % DAY)
    assert len(found.steps) <= RULES.steps_max
    assert len({one.id for one in found.steps}) == len(found.steps)
    assert all(one.fear <= RULES.max_start_fear for one in offer.offered)
    advice = offer.advice
    if advice.move in (Move.START, Move.SAME, Move.VARY, Move.UP, Move.DOWN):
        assert advice.step in offer.offered
    done_today = [t for t in found.trials if now - now % DAY <= t.attempt.t < now - now % DAY + DAY]
    if len(done_today) >= RULES.per_day_max:
        assert not offer.offered
    here = found.attempts(found.here) if found.here else ()
    if here and (here[-1].sensation_rise or 0) >= RULES.rest_rise:
        assert advice.move is not Move.UP
    if here and (here[-1].fear_after or 0) >= RULES.down_fear_min:
        assert advice.move not in (Move.UP, Move.SAME, Move.VARY)


@given(LADDERS, st.integers(0, 20))
@settings(max_examples=100)
def test_every_rest_lasts_its_day(entries, at):
    found = ladder_of([*THREE, *entries], RULES)
    for trial in found.trials:
        if (trial.attempt.sensation_rise or 0) >= RULES.rest_rise:
            now = trial.attempt.t + min(at, 23) * HOUR
            assert not today(found, now, now).offered


# ---- fourteen days


def test_a_person_climbs_from_a_first_fear_to_the_third_step_in_fourteen_days():
    """The fear of a step falls by two with each try; the first try of the second is hard."""
    entries = list(THREE)
    fear = {"a": 4, "b": 6, "c": 7}
    path, fear_told = [], []
    for day in range(14):
        began = DAY_0 + day * DAY
        for visit in range(3):
            now = began + (9 + 4 * visit) * HOUR
            offer = today(ladder_of(entries, RULES), now, began)
            if not offer.offered:
                path.append(offer.advice.move)
                continue
            chosen = offer.advice.step.id
            path.append(chosen)
            hard = chosen == "b" and 8 not in fear_told
            fear[chosen] = 8 if hard else max(1, fear[chosen] - 2)
            fear_told.append(fear[chosen])
            said = Attempt(
                chosen,
                now,
                prediction="My back will lock.",
                sure_before=80,
                sure_after=70,
                fear_after=fear[chosen],
                sensation_before=3,
                sensation_after=6 if hard else 3,
                varied=offer.advice.move is Move.VARY,
            )
            stored = json.loads(json.dumps(entry_to_table(StepTried(said))))
            entries.append(entry_from_table(stored))
    found = ladder_of(entries, RULES)
    in_real = [one for one in path if isinstance(one, str) and one in "abc"]
    assert in_real[0] == "a"

    assert met(found, "c")
    assert in_real.index("a") < in_real.index("b") < in_real.index("c")
    assert path.count(Move.ENOUGH) >= 9
    hard_at = next(i for i, t in enumerate(found.trials) if t.attempt.fear_after == 8)
    assert Move.REST in path
    assert found.trials[hard_at + 1].attempt.step_id == "a"
    assert found.trials[hard_at + 1].attempt.t >= found.trials[hard_at].attempt.t + 24 * HOUR
    assert all(line.rung is Rung.MET for line in ladder_map(found))


def test_a_ladder_is_the_same_from_the_same_entries():
    entries = [*THREE, *A_CALM_TWICE]
    assert ladder_of(entries, RULES) == replace(ladder_of(entries, RULES))


# ---- what is told a day later, and stops on the way


def test_a_feeling_that_rose_a_day_later_brings_a_day_of_rest_and_then_the_same_step():
    calm = {"fear_after": 2, "sensation_before": 2, "sensation_after": 2}
    told = Reply(NOON - 2 * HOUR, 5)
    tries = [tried("a", 3, **calm), tried("a", 1, **calm, reply=told)]
    assert move(*tries) == (Move.REST, None)
    assert move(*tries, now=NOON + 23 * HOUR) == (Move.SAME, "a")
    unmoved = [tried("a", 3, **calm), tried("a", 1, **calm, reply=replace(told, sensation=4))]
    assert move(*unmoved) == (Move.UP, "b")
    skipped = [tried("a", 3, **calm), tried("a", 1, **calm, reply=replace(told, sensation=None))]
    assert move(*skipped) == (Move.UP, "b")


def test_the_reply_is_found_by_the_sitting_it_is_about_and_not_written_with_the_try():
    def dated(t, entry, session):
        return Dated(t, entry, session_id=session)

    entries = [
        dated(0, LadderWritten(THREE[0]), None),
        dated(1, LadderWritten(tried("a", 3)), 7),
        dated(2, LadderWritten(tried("a", 2)), 8),
        dated(3, RatingGiven("sensation", 9, "followup", "core.graded-exposure"), 8),
        dated(4, RatingGiven("fear", 9, "followup", "core.graded-exposure"), 8),
        dated(5, RatingGiven("sensation", 1, "daily"), 7),
    ]
    _added, first, second = ladder_told(entries)
    assert first.attempt.reply is None
    assert second.attempt.reply == Reply(3, 9)
    assert "reply" not in json.dumps(entry_to_table(second))


def test_a_stop_that_asks_for_something_easier_leads_one_step_down():
    assert move(tried("b", stopped=True, was_much=True)) == (Move.DOWN, "a")
    assert move(tried("b", stopped=True)) == (Move.SAME, "b")
    assert move(tried("a", stopped=True, was_much=True)) == (Move.SPLIT, "a")
    twice = [tried("b", 3, stopped=True, was_much=True), tried("b", stopped=True, was_much=True)]
    assert move(*twice) == (Move.SPLIT, "b")
