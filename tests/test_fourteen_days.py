"""Fourteen days of one person, from the first fear to the third step, on the practices that ship.

Every sitting is played by the player and kept in a library; afterwards all of it is read again.
"""

import pytest
from packs import content

from biobreath.clock import WallTime
from biobreath.events import Marked, PracticeBegan
from biobreath.practice.brave_step import BraveStep
from biobreath.practice.carried import carried
from biobreath.practice.display import Display
from biobreath.practice.entries import ImageryDone, LadderWritten, RatingGiven, read_entries
from biobreath.practice.imagery import ImagerySitting, standing
from biobreath.practice.ladder import Plan, Step, StepAdded, StepTried, ladder_of
from biobreath.practice.ladder_advice import Move, today
from biobreath.practice.looked_back import looked_back_on
from biobreath.practice.pack_reading import read_practice
from biobreath.practice.past import past_of
from biobreath.practice.person import Person
from biobreath.practice.phases import PhaseType
from biobreath.practice.player import Player
from biobreath.store.library import Library
from biobreath.store.recorder import Recorder
from biobreath.store.tasks import SittingStart

DAY_S = 86_400.0
HOUR_S = 3600.0
FIRST_DAY = 1_795_392_000.0  # a midnight, UTC
EXPOSURE, IMAGERY = "core.graded-exposure", "core.motor-imagery"
STEPS = (
    Step("door", "Stand at the open door for one minute", 3),
    Step("gate", "Walk to the gate and back", 4),
    Step("corner", "Walk to the corner and back", 5),
)


class Somebody:
    """One person with a library, a calendar, and answers for every question."""

    def __init__(self, path):
        self.path = path
        self.recorder = Recorder(path)
        self.recorder.start()
        self.now = FIRST_DAY
        self.entries = []
        self.history = []
        self.rules = content().library.pack(EXPOSURE).ladder

    # -- what is known ----------------------------------------------------------------------

    def ladder(self):
        return ladder_of(
            [e.entry for e in self.entries if isinstance(e, LadderWritten)], self.rules
        )

    def today(self):
        return today(self.ladder(), self.now, self.now - self.now % DAY_S)

    def standing(self):
        told = [e.sitting for e in self.entries if isinstance(e, ImageryDone)]
        return standing(told, content().library.pack(IMAGERY).imagery)

    def write(self, entry):
        self.entries.append(entry)
        self.recorder.write(entry.kind, entry.to_table(), self.wall())

    def wall(self):
        return WallTime(round(self.now * 1000), 0, "UTC")

    def on(self, day, hour=10.0):
        self.now = FIRST_DAY + (day - 1) * DAY_S + hour * HOUR_S

    # -- a sitting --------------------------------------------------------------------------

    def play(self, practice, answers, *, choose="ok", stop="", flare=False, level=None, fear=3):
        """Play a practice; ``answers`` are ratings by part and scale."""
        pack = content().library.pack(practice)
        uuid = f"{len(self.history):08d}-1111-4111-8111-111111111111"
        self.recorder.begin(SittingStart(uuid, self.wall(), practice, "none", "0.1.0"))
        facts = []

        def record(fact):
            facts.append(fact)
            self.recorder.add(fact)

        person = Person(
            flags=frozenset({"pain_checked"}),
            display=Display.NUMBERS,
            history=tuple(self.history),
            imagery_levels={"": 1, "hand": self.standing().level if level is None else level},
        )
        player = Player(
            pack, content().shared(None), person, carried(self.history, practice), record, 0.0,
            now_utc_s=self.now, flare=flare,
        )  # fmt: skip
        self.player, clock = player, 0.0
        while not player.over:
            clock += 5.0
            assert not player.display().has_wave or practice not in (EXPOSURE, IMAGERY)
            if player.card is not None:
                player.dismiss(clock)
            elif stop and player.phase.id == stop:
                stop = ""
                player.stop(clock, "panic")
            elif player.phase.type is PhaseType.RATING:
                wanted = answers.get(player.phase.id, {})
                player.rate(clock, {s: wanted.get(s) for s in player.phase.scales})
            elif player.phase.type is PhaseType.CHOICE:
                player.choose(clock, [choose])
            else:
                if player.phase.do == "pick":
                    player.tell_value("step.fear", float(fear))
                player.go_on(clock)
        self.recorder.end(clock)
        self.history.append(past_of(len(self.history) + 1, uuid, self.now, facts))
        self.now += clock
        return player

    def step(self, step_id, *, fear=(4, 2), sensation=(3, 3), sure=(70, 60), plan=None, **named):
        """Take a step of the ladder, and keep what came of it."""
        answers = {
            "before": {"fear": fear[0], "sensation": sensation[0]},
            "after": {"fear": fear[1], "sensation": sensation[1], "confidence": 5},
        }
        step = self.ladder().step(step_id)
        player = self.play(EXPOSURE, answers, fear=step.fear, **named)
        brave = BraveStep(step=step, acted=True, prediction="I will have to lie down").changed(
            sure_before=sure[0], sure_after=sure[1], came_true=0, plan=plan
        )
        attempt = brave.attempt(
            self.now, player.told.ratings, stopped=player.how.startswith("stopped")
        )
        self.write(LadderWritten(StepTried(attempt)))

    def imagine(self, before, check, after, fear):
        answers = {
            "before": {"sensation": before, "fear": 3},
            "check": {"sensation": check},
            "after": {"sensation": after, "fear": fear, "vivid": 5},
        }
        level = self.standing().level
        self.play(IMAGERY, answers, choose="hand")
        rated = self.player.told.ratings
        done = ImagerySitting(
            self.now, level, rated.get(("before", "sensation")), rated.get(("check", "sensation")),
            rated.get(("after", "sensation")), rated.get(("after", "fear")),
        )  # fmt: skip
        self.write(ImageryDone("hand", done))


@pytest.fixture
def lived(tmp_path):
    """Live the fourteen days; what the practices say on the way is looked at on the way."""
    one = Somebody(tmp_path / "library.db")

    # Day 1: a ladder, and two easy tries of the first step. More than two there are not a day.
    one.on(1)
    assert one.today().advice.move is Move.BUILD
    for step in STEPS:
        one.write(LadderWritten(StepAdded(step)))
    assert (one.today().advice.move, one.today().advice.step.id) == (Move.START, "door")
    one.step("door")
    assert one.today().advice.move is Move.SAME
    one.step("door")
    assert one.today().advice.move is Move.ENOUGH
    assert one.today().offered == ()

    # Day 2: two good tries speak for one step up. The day after is asked about, once.
    one.on(2)
    assert (one.today().advice.move, one.today().advice.step.id) == (Move.UP, "gate")
    (follow_up,) = content().library.pack(EXPOSURE).follow_ups
    ended = one.history[0].ended_utc_s
    assert not follow_up.due(ended_utc_s=ended, now_utc_s=ended + 23 * HOUR_S, asked=0)
    assert follow_up.due(ended_utc_s=ended, now_utc_s=ended + 24 * HOUR_S, asked=0)
    assert not follow_up.due(ended_utc_s=ended, now_utc_s=ended + 25 * HOUR_S, asked=1)
    one.write(RatingGiven("sensation", 3, "followup", EXPOSURE))
    one.step("gate", sensation=(3, 6))  # it rose by three: the body rests
    assert one.today().advice.move is Move.REST
    one.on(3, 9.0)
    assert one.today().advice.move is Move.REST

    # Day 3 later: the same step. Day 4: a flare, nothing is asked and nothing is tried.
    one.on(3, 14.0)
    assert (one.today().advice.move, one.today().advice.step.id) == (Move.SAME, "gate")
    one.on(4)
    flare = one.play("core.somatic-tracking", {}, flare=True)
    assert flare.how == "done"
    assert flare.told.ratings == {}

    # Day 5: too much in the middle. Next time no heart, a short sitting, and the step is easier.
    one.on(5)
    one.step("gate", fear=(5, 8), stop="act", plan=None)
    next_time = carried(one.history, "core.mindful-breath")
    assert next_time.flags == {"hide_heart", "short_sessions"}
    assert (one.today().advice.move, one.today().advice.step.id) == (Move.DOWN, "door")
    one.on(6)
    breath = one.play("core.mindful-breath", {"before": {"peace": 3}, "after": {"peace": 5}},
                      choose="good")  # fmt: skip
    assert "hide_heart" in breath.flags
    assert carried(one.history, "core.mindful-breath").flags == set()

    # Days 7 and 8: the door twice more, then the gate again.
    for day in (7, 8):
        one.on(day)
        one.step("door", fear=(3, 2))
    assert (one.today().advice.move, one.today().advice.step.id) != (Move.DOWN, "door")

    # Days 8 to 10: the movement in the mind. A rise waits a day and goes a level down.
    one.on(8, 18.0)
    one.imagine(3, 3, 3, 2)
    one.on(9)
    one.imagine(3, 3, 3, 2)
    assert one.standing().level == 2
    one.on(9, 18.0)
    one.imagine(3, 5, 5, 3)
    assert one.player.phase.id == "close"
    assert (one.standing().level, one.standing().waiting(one.now)) == (1, True)
    assert not one.standing().waiting(one.now + 24 * HOUR_S)

    # Days 10 to 12: the gate, until it has lost its hold; then the corner.
    for day in (10, 11):
        one.on(day)
        one.step("gate", fear=(4, 2), sure=(70, 30))
    one.on(12)
    assert (one.today().advice.move, one.today().advice.step.id) == (Move.UP, "corner")
    one.step("corner", fear=(5, 3), plan=Plan.SAME)
    one.on(14)
    assert (one.today().advice.move, one.today().advice.step.id) == (Move.SAME, "corner")
    one.step("corner", fear=(4, 2))
    assert one.recorder.close(20.0)
    return one


def test_fourteen_days_lead_from_the_first_fear_to_the_third_step(lived):
    ladder = lived.ladder()
    assert ladder.here == "corner"
    assert len(ladder.attempts("corner")) == 2
    assert [past.how for past in lived.history].count("stopped:panic") == 1


def test_all_of_it_is_read_again_as_it_was_played(lived):
    library = Library(lived.path)
    sittings = library.practice_sittings()
    assert len(sittings) == len(lived.history)
    for (row, facts), past in zip(sittings, lived.history, strict=True):
        began = next(fact for fact in facts if isinstance(fact, PracticeBegan))
        read = read_practice(began.text.encode())
        pack = content().library.pack(past.pack)
        assert (read.phases, read.rules) == (pack.phases, pack.rules)
        again = past_of(row.id, row.uuid, row.started.utc_ms / 1000, facts)
        assert (again.ratings, again.stops, again.how) == (past.ratings, past.stops, past.how)
        assert looked_back_on(read, again).title == pack.title
    told = [dated.entry for dated in read_entries(library.journal())]
    assert told == lived.entries
    entries = [entry.entry for entry in told if isinstance(entry, LadderWritten)]
    assert ladder_of(entries, lived.rules) == lived.ladder()


def test_a_pack_that_changed_since_leaves_old_sittings_as_they_were_heard(lived):
    library = Library(lived.path)
    row, facts = library.practice_sittings()[0]
    began = next(fact for fact in facts if isinstance(fact, PracticeBegan))
    later = began.text.replace("One brave step", "Another name").replace("value = 7", "value = 6")
    assert read_practice(later.encode()).title == "Another name"
    heard = read_practice(began.text.encode())
    past = past_of(row.id, row.uuid, 0.0, facts)
    assert looked_back_on(heard, past).title == "One brave step"
    assert not any(isinstance(fact, Marked) for fact in facts)
