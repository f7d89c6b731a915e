"""The player: every practice comes to its end, nobody hears what is not for them."""

from dataclasses import replace

import pytest
from packs import LEVELS, SMALL, Walk, content

from biobreath.events import (
    Answered,
    CarriedOver,
    Noted,
    PhaseEntered,
    PracticeBegan,
    PracticeEnded,
    Quizzed,
    Rated,
    Stopped,
)
from biobreath.practice.cards import CardKind
from biobreath.practice.carried import Carried, carried
from biobreath.practice.display import Display
from biobreath.practice.pack_reading import read_practice
from biobreath.practice.packs import FLAGS
from biobreath.practice.past import PastRating, PastSitting
from biobreath.practice.patterns import GENTLE, LONG_OUT
from biobreath.practice.person import Person
from biobreath.practice.phases import PhaseType
from biobreath.practice.player import MOST_VISITS, Player

PRACTICES = [pack.id for pack in content().library.packs]
GATED = "it is not a sign of new harm"
WALKS = 60
"""Of each practice here; ``benchmarks/practices.py`` takes 2 000 and more."""


def player_of(pack, *flags, carried=None, record=None, **named):
    person = named.pop("person", None) or Person(
        flags=frozenset(flags), display=Display.NUMBERS, has_sensor=True, imagery_levels={"": 4}
    )
    facts = [] if record is None else record
    return Player(
        pack, content().shared(None), person, carried or Carried(), facts.append, 0.0, **named
    )


@pytest.fixture
def small():
    return read_practice(SMALL.encode())


@pytest.fixture
def facts():
    return []


@pytest.fixture
def playing(small, facts):
    return player_of(small, record=facts)


def onward(player, now=0.0):
    """Go on; what asks about signs that need a health worker is answered, and the first step is."""
    if player.card is None and player.phase.asks_for_safety:
        player.choose(now, [player.phase.options[0].id])
        return
    if player.phase.do == "pick":
        player.tell_value("step.fear", 3.0)
    player.go_on(now)


def to(player, phase_id, now=0.0):
    """Go on until the part of that name."""
    for _ in range(40):
        if player.phase.id == phase_id:
            return
        onward(player, now)
    raise AssertionError(f"never at {phase_id}")


# --- whole sittings ----------------------------------------------------------------------------


@pytest.mark.parametrize("practice", PRACTICES)
@pytest.mark.parametrize("flag", ["", *FLAGS])
def test_every_practice_ends_whatever_the_person_answers(practice, flag):
    pack = content().library.pack(practice)
    for seed in range(WALKS // 10):
        facts = []
        player = player_of(pack, *([flag] if flag else []), record=facts)
        walk = Walk(player, f"{practice}{flag}{seed}").play()
        assert player.how == "done" or player.how.startswith(("closed", "stopped:"))
        assert isinstance(facts[0], PracticeBegan)
        assert facts[-1] == PracticeEnded(facts[-1].t, player.how)
        assert player.visits <= MOST_VISITS + 2
        times = [fact.t for fact in facts]
        assert times == sorted(times)
        if flag != "pain_checked":
            assert not any(GATED in sentence for sentence in walk.said)


@pytest.mark.parametrize("practice", PRACTICES)
def test_who_only_goes_on_comes_to_the_close(practice):
    facts = []
    player = player_of(content().library.pack(practice), record=facts)
    for _ in range(60):
        if player.over:
            break
        onward(player)
    assert player.how == "done"
    entered = [fact.phase for fact in facts if isinstance(fact, PhaseEntered)]
    assert entered[-1] == "close"
    assert all(fact.value is None for fact in facts if isinstance(fact, Rated))
    asked = {fact.phase for fact in facts if isinstance(fact, Answered)}
    assert all(player.pack.phase(phase).asks_for_safety for phase in asked)
    assert not any(isinstance(fact, Quizzed | Noted) for fact in facts)


@pytest.mark.parametrize("practice", PRACTICES)
@pytest.mark.parametrize("stop", [stop.id for stop in content().stops])
def test_every_reason_to_stop_leads_where_it_says_from_every_part(practice, stop):
    pack = content().library.pack(practice)
    reason = next(one for one in content().stops if one.id == stop)
    for phase in pack.phases:
        facts = []
        player = player_of(pack, record=facts)
        player._enter_phase(phase, 5.0)
        player.stop(6.0, stop)
        assert Stopped(6.0, stop) in facts
        told = [(f.what, f.value) for f in facts if isinstance(f, CarriedOver)]
        carried_over = {one for one in told if one[0] != "red_flags"}
        assert carried_over == {(change.what, change.value) for change in reason.changes}
        if reason.goto:
            assert player.phase.id == reason.goto
            assert player.notice == reason.tell
        elif reason.quiet_s:
            assert player.pattern(6.0) is None
            player.tick(6.0 + reason.quiet_s)
            assert player.how == f"stopped:{stop}"
        else:
            assert player.card.kind is CardKind.EMERGENCY
            player.go_on(7.0)
            assert player.how == f"stopped:{stop}"
        Walk(player, phase.id, stops=0.0).play()
        assert player.how == f"stopped:{stop}"


@pytest.mark.parametrize("practice", PRACTICES)
def test_all_keys_work_in_every_part(practice):
    pack = content().library.pack(practice)
    for phase in pack.phases:
        for key, target in (("ground", "ground"), ("easier", pack.easier)):
            player = player_of(pack)
            player._enter_phase(phase, 5.0)
            getattr(player, key)(6.0)
            assert player.phase.id == target or (key == "easier" and player.phase.id == "rest")
        player = player_of(pack)
        player._enter_phase(phase, 5.0)
        player.close(6.0)
        assert player.how == "closed"


@pytest.mark.parametrize("practice", PRACTICES)
@pytest.mark.parametrize("user", LEVELS)
@pytest.mark.parametrize("flag", ["", "hide_heart", "hrv_off"])
def test_no_heart_is_shown_above_the_allowed_level(practice, user, flag):
    pack = content().library.pack(practice)
    person = Person(flags=frozenset([flag] if flag else []), display=user, has_sensor=True)
    walk = Walk(player_of(pack, person=person), f"{practice}{user}{flag}").play()
    for phase, shown, card in walk.seen:
        assert shown.rank <= user.rank
        assert shown.rank <= (phase.display or pack.display).rank
        assert not (flag and shown.has_wave)
        if card is not None:
            assert shown is Display.HIDDEN


def test_the_heart_is_hidden_while_a_feared_step_is_taken():
    pack = content().library.pack("core.graded-exposure")
    player = player_of(pack, "pain_checked")
    to(player, "act")
    assert player.display() is Display.HIDDEN


def test_a_patchy_signal_takes_the_wave_away(playing):
    to(playing, "breathe")
    assert playing.display() is Display.WAVE
    assert playing.display(patchy=True) is Display.AMBIENT


# --- time --------------------------------------------------------------------------------------


def test_parts_follow_each_other_without_losing_time(small, facts):
    player = player_of(small, record=facts)
    player.tick(9.9)
    assert player.phase.id == "welcome"
    player.tick(12.0)
    assert player.phase.id == "before"
    assert facts[-1] == PhaseEntered(10.0, "before")


def test_a_pause_stops_the_time_of_a_part(playing):
    playing.pause(4.0)
    playing.tick(500.0)
    assert playing.phase.id == "welcome"
    assert playing.said(500.0) == ("Hello.",)
    playing.resume(500.0)
    playing.tick(505.9)
    assert playing.phase.id == "welcome"
    playing.tick(506.1)
    assert playing.phase.id == "before"


def test_a_question_that_nobody_answers_takes_its_own_answer(playing, facts):
    to(playing, "ask", 1.0)
    playing.tick(30.0)
    assert Answered(21.0, "ask", ("on",)) in facts
    assert playing.phase.id == "breathe"


@pytest.mark.parametrize("practice", PRACTICES)
@pytest.mark.parametrize("minutes", [3, 6, None])
def test_no_sentence_is_cut_however_short_the_sitting(practice, minutes):
    pack = content().library.pack(practice)
    player = player_of(pack, "short_sessions", minutes=minutes)
    for phase in pack.phases:
        player._enter_phase(phase, 0.0)
        visit = player._visit
        if visit.length_s is None:
            continue
        ends = [line.at_s + line.spoken_s for line in visit.lines]
        assert not ends or ends[-1] <= visit.length_s + 0.5
        for line, end in zip(visit.lines[1:], ends, strict=False):
            assert line.at_s >= end - 1e-9


def test_only_stretching_parts_become_shorter(small):
    short = player_of(small, minutes=1)
    to(short, "breathe")
    assert short.length_s() < 60.0
    assert player_of(small, minutes=1).length_s() == 10.0


def test_what_shook_somebody_is_shorter_next_time():
    pack = content().library.pack("core.somatic-tracking")
    usual, later = player_of(pack), player_of(pack, carried=Carried(shorten={"look": 0.5}))
    for player in (usual, later):
        player._enter_phase(pack.phase("look"), 0.0)
    assert later.length_s() < 0.75 * usual.length_s()


# --- what is said and asked --------------------------------------------------------------------


def test_a_sentence_is_only_for_whom_it_is_meant(small):
    assert player_of(small, "pain_checked").said(9.0)[1] == "You had it checked."
    assert player_of(small).said(9.0)[1] == "You are cared for."


def test_the_persons_own_reasons_are_said_in_their_place():
    pack = content().library.pack("core.somatic-tracking")
    person = Person(safety_words=("My scan was clear", "I can walk."))
    player = player_of(pack, person=person)
    player._enter_phase(pack.phase("safe"), 0.0)
    said = player.said(500.0)[-1]
    assert said == "Your own reasons to feel safe: My scan was clear. I can walk."
    player = player_of(pack, person=Person())
    player._enter_phase(pack.phase("safe"), 0.0)
    assert "own reasons" not in " ".join(player.said(500.0))


def test_who_had_no_check_reads_the_red_flags_once_before():
    pack = content().library.pack("core.somatic-tracking")
    player = player_of(pack)
    assert player.card.kind is CardKind.RED_FLAGS
    player.tick(1000.0)
    assert player.phase.id == "welcome"
    player.dismiss(1000.0)
    assert player.card is None
    assert player_of(pack, "pain_checked").card is None
    seen = replace(past("core.somatic-tracking"), carried=(("red_flags", "seen"),))
    assert player_of(pack, person=Person(history=(seen,))).card is None


def test_a_hard_day_does_not_use_up_the_card_about_signs_that_need_a_health_worker():
    pack, facts = content().library.pack("core.somatic-tracking"), []
    hard = player_of(pack, flare=True, record=facts)
    assert hard.card is None
    assert not any(isinstance(fact, CarriedOver) for fact in facts)
    first = player_of(pack, record=facts)
    assert first.card.kind is CardKind.RED_FLAGS
    assert CarriedOver(0.0, "red_flags", "seen") in facts
    assert player_of(pack, person=Person(history=(past(pack.id),))).card is not None


def test_what_asks_about_such_signs_is_answered_and_not_passed_by(playing):
    to(playing, "ask")
    playing.go_on(1.0)
    assert playing.phase.id == "ask"
    playing.choose(2.0, ["on"])
    assert playing.phase.id != "ask"


@pytest.mark.parametrize("key", ["easier", "ground", "dismiss"])
def test_no_key_leads_round_a_card_about_care(small, key):
    player = player_of(small)
    player.stop(1.0, "chest")
    getattr(player, key)(2.0)
    assert player.how == "stopped:chest"
    player = player_of(small)
    to(player, "ask")
    player.choose(1.0, ["new"])
    getattr(player, key)(2.0)
    assert player.phase.id == "close"


def test_without_a_step_there_is_one_in_the_mind():
    player = player_of(content().library.pack("core.graded-exposure"), "pain_checked")
    player._enter_phase(player.pack.phase("pick"), 0.0)
    player.go_on(1.0)
    assert player.phase.id == player.pack.easier
    player._enter_phase(player.pack.phase("pick"), 2.0)
    player.tell_value("step.fear", 3.0)
    player.go_on(3.0)
    assert player.phase.id == "predict"


@pytest.mark.parametrize("practice", PRACTICES)
def test_the_hearts_line_is_for_learning_to_breathe_and_never_for_grounding(practice):
    pack = content().library.pack(practice)
    for phase in pack.phases:
        player = player_of(pack)
        player.card = None
        player._enter_phase(phase, 0.0)
        if player.display().has_wave:
            assert phase.type is PhaseType.BREATHE
        if phase.id == "ground":
            assert player.display() is Display.HIDDEN


@pytest.mark.parametrize(
    "person",
    [
        Person(has_sensor=True, flags=frozenset({"hide_heart"})),
        Person(has_sensor=True, flags=frozenset({"hrv_off"})),
        Person(has_sensor=True, display=Display.AMBIENT),
        Person(has_sensor=False),
    ],
)
def test_nothing_is_said_about_a_heart_that_is_not_seen(person):
    pack = content().library.pack("core.mindful-breath")
    for player, says in ((player_of(pack), True), (player_of(pack, person=person), False)):
        player._enter_phase(pack.phase("paced"), 0.0)
        assert ("heart rhythm rise" in " ".join(player.said(500.0))) is says


def test_no_pack_can_tell_that_a_pain_was_checked():
    told = Carried(flags=frozenset())
    assert carried([replace(past("any"), carried=(("flag", "pain_checked"),))], "any") == told
    pack = content().library.pack("core.somatic-tracking")
    assert player_of(pack, carried=told).card.kind is CardKind.RED_FLAGS


def test_an_option_that_shows_a_card_goes_on_after_it(playing):
    to(playing, "ask")
    playing.choose(1.0, ["new"])
    assert playing.card.kind is CardKind.RED_FLAGS
    playing.dismiss(20.0)
    assert playing.phase.id == "close"


def test_what_was_skipped_is_none_and_never_zero(playing, facts):
    to(playing, "before")
    playing.rate(3.0, {"peace": 0})
    assert Rated(3.0, "fear", None, "before") in facts
    assert Rated(3.0, "peace", 0, "before") in facts


def test_answers_to_another_question_change_nothing(playing, facts):
    count = len(facts)
    playing.rate(1.0, {"fear": 3})
    playing.choose(1.0, ["on"])
    playing.mark(1.0, ["left_hand"])
    playing.write(1.0, ["word"])
    playing.answer(1.0, 0, 0)
    assert playing.phase.id == "welcome"
    assert len(facts) == count


def test_sentences_worth_keeping_are_kept(playing, facts):
    to(playing, "note")
    playing.write(1.0, ["calm", "  ", "my own "])
    assert playing.kept == ["calm", "my own"]
    assert Noted(1.0, "note", "my own", win=True) in facts


def test_a_question_to_think_about_counts_once_and_is_never_wrong():
    facts = []
    pack = content().library.pack("core.pain-lesson-alarm")
    player = player_of(pack, record=facts)
    to(player, "guess")
    player.answer(1.0, 0, 0)
    player.answer(2.0, 0, 1)
    assert [fact for fact in facts if isinstance(fact, Quizzed)] == [Quizzed(1.0, "guess", 0, 0)]
    assert player.phase.id == "guess"


# --- rules -------------------------------------------------------------------------------------


def test_a_rule_fires_once_in_a_sitting(playing, facts):
    to(playing, "after")
    playing.rate(1.0, {"fear": 8})
    assert playing.phase.id == "ground"
    assert playing.notice == "Let us come back."
    assert CarriedOver(1.0, "pattern", "gentle") in facts
    to(playing, "after", 2.0)
    playing.rate(3.0, {"fear": 9})
    assert playing.phase.id == "note"


def test_nothing_follows_from_a_question_that_was_skipped(playing):
    to(playing, "after")
    playing.rate(1.0, {})
    assert playing.phase.id == "note"


def past(pack="core.mindful-breath", **named):
    return PastSitting(
        **{
            "session_id": 1, "uuid": "u", "pack": pack, "version": "1.0.0", "started_utc_s": 0.0,
            "ended_utc_s": 600.0, "how": "done", "ratings": (), "answers": (), "stops": (),
            "carried": (),
        }
        | named
    )  # fmt: skip


@pytest.mark.parametrize(("before", "fires"), [(("air",), True), (("good",), False), (None, False)])
def test_wanting_more_air_twice_leads_to_the_lighter_pace(before, fires):
    facts = []
    pack = content().library.pack("core.mindful-breath")
    history = () if before is None else (past(answers=(("ok", before, ""),)),)
    player = player_of(pack, person=Person(history=history), record=facts)
    to(player, "ok")
    player.choose(1.0, ["air"])
    assert player.phase.id == "easier"
    assert (CarriedOver(1.0, "pattern", "gentle") in facts) is fires


def test_a_practice_that_stirs_things_up_twice_suggests_another():
    pack = content().library.pack("core.somatic-tracking")
    rise = (PastRating("fear", "before", 1), PastRating("fear", "after", 5))
    player = player_of(pack, person=Person(history=(past(pack.id, ratings=rise),)))
    player.dismiss(0.0)
    to(player, "before")
    player.rate(1.0, {"fear": 2})
    to(player, "after", 2.0)
    player.rate(3.0, {"fear": 5})
    assert player.suggestion == "core.mindful-breath"


def test_an_offer_of_another_practice_waits_for_an_answer():
    pack = content().library.pack("core.mindful-breath")
    fall = (PastRating("peace", "before", 7.0), PastRating("peace", "after", 5.0))
    player = player_of(pack, person=Person(history=(past(ratings=fall),)))
    to(player, "before")
    player.rate(1.0, {"peace": 7})
    to(player, "after", 2.0)
    player.rate(3.0, {"peace": 4})
    assert player.card.target == "core.positive-affect"
    player.accept(4.0)
    assert player.suggestion == "core.positive-affect"
    assert player.phase.id == "note"


def test_fear_before_a_step_offers_it_in_the_mind():
    pack = content().library.pack("core.graded-exposure")
    player = player_of(pack, "pain_checked")
    to(player, "before")
    player.rate(1.0, {"fear": 8})
    assert player.card.kind is CardKind.OFFER
    player.accept(2.0)
    assert player.phase.id == "smaller"


def test_a_picture_that_stirs_the_ache_goes_smaller():
    pack = content().library.pack("core.motor-imagery")
    player = player_of(pack, "pain_checked")
    to(player, "before")
    player.rate(1.0, {"sensation": 3})
    to(player, "check", 2.0)
    player.rate(3.0, {"sensation": 5})
    assert player.phase.id == "smaller"


@pytest.mark.parametrize(
    ("level", "there", "away"),
    [(0, "left_right", "whole"), (1, "watch", "left_right"), (4, "whole", "real"),
     (6, "real", "left_right")],
)  # fmt: skip
def test_the_level_of_imagery_decides_what_is_played(level, there, away):
    facts = []
    pack = content().library.pack("core.motor-imagery")
    player = player_of(pack, person=Person(imagery_levels={"": level}), record=facts)
    for _ in range(40):
        onward(player)
    entered = [fact.phase for fact in facts if isinstance(fact, PhaseEntered)]
    assert there in entered
    assert away not in entered


# --- next time ---------------------------------------------------------------------------------


def test_dizziness_makes_the_next_sitting_gentle_and_short():
    stop = next(stop for stop in content().stops if stop.id == "dizzy")
    changes = tuple((change.what, change.value) for change in stop.changes)
    next_time = carried([past(stops=("dizzy",), carried=changes)], "core.somatic-tracking")
    assert next_time == Carried(pattern="gentle", most_paced_s=300.0)
    pack = content().library.pack("core.mindful-breath")
    player = player_of(pack, carried=next_time)
    player._enter_phase(pack.phase("paced"), 0.0)
    assert player.pattern(1.0) == GENTLE
    player.tick(181.0)
    player._enter_phase(pack.phase("paced_2"), 181.0)
    assert player.pattern(200.0) == GENTLE
    assert player.pattern(181.0 + 121.0) is None


def test_what_a_stop_changed_is_over_after_a_sitting_that_went_well():
    shaken = past(stops=("panic",), carried=(("flag", "hide_heart"),))
    assert carried([shaken], "core.positive-affect").flags == {"hide_heart"}
    assert carried([shaken, past()], "core.positive-affect").flags == set()


def test_what_a_rule_changed_waits_for_the_same_practice():
    shaken = past("core.somatic-tracking", carried=(("shorten", "look:0.5"),))
    history = [shaken, past()]
    assert carried(history, "core.somatic-tracking").shorten == {"look": 0.5}
    assert carried(history, "core.mindful-breath") == Carried()


def test_a_level_easier_is_one_level_of_imagery():
    pack = content().library.pack("core.motor-imagery")
    player = player_of(pack, carried=Carried(easier=1))
    facts = []
    player = player_of(pack, carried=Carried(easier=1), record=facts)
    for _ in range(40):
        onward(player)
    assert "whole" not in [fact.phase for fact in facts if isinstance(fact, PhaseEntered)]


def test_the_plain_way_is_offered_after_a_memory_that_hurt():
    pack = content().library.pack("core.positive-affect")
    player = player_of(pack, carried=Carried(goto="comfort"))
    assert player.card.target == "comfort"
    player.accept(1.0)
    assert player.phase.id == "comfort"


# --- breath and flare --------------------------------------------------------------------------


def test_somebody_who_breathes_gently_is_never_paced_otherwise(small):
    player = player_of(small, "gentle_breath")
    to(player, "breathe")
    assert player.pattern(1.0) == GENTLE
    assert player_of(small).pattern(0.0) is None


def test_the_pace_that_was_found_is_used_where_there_is_one():
    pack = content().library.pack("core.mindful-breath")
    for pace, found in ((None, LONG_OUT.breaths_per_minute), (5.5, 5.5)):
        person = Person()
        player = Player(pack, content().shared(pace), person, Carried(), lambda _fact: None, 0.0)
        player._enter_phase(pack.phase("paced"), 0.0)
        assert player.pattern(1.0).breaths_per_minute == pytest.approx(found)


@pytest.mark.parametrize("practice", PRACTICES)
def test_on_a_hard_day_nothing_is_asked(practice):
    facts = []
    player = player_of(content().library.pack(practice), record=facts, flare=True)
    for minute in range(60):
        player.tick(60.0 * minute)
    assert player.how == "done"
    assert not any(isinstance(fact, Rated | Answered | Noted) for fact in facts)


def test_a_pack_that_goes_in_circles_is_brought_to_its_end(small, facts):
    circle = replace(small.phase("breathe"), next="welcome")
    phases = tuple(circle if one.id == "breathe" else one for one in small.phases)
    player = player_of(replace(small, phases=phases), record=facts)
    for _ in range(500):
        onward(player)
    assert player.how == "done"
    entered = [fact.phase for fact in facts if isinstance(fact, PhaseEntered)]
    assert entered[-2:] == ["rest", "close"]
    assert player.visits == MOST_VISITS + 2


def test_a_part_of_the_content_is_of_every_type():
    kinds = {phase.type for pack in content().library.packs for phase in pack.phases}
    assert kinds == set(PhaseType)
