"""The player: one pure machine that leads through any practice, with time as a parameter.

Every answer and every turn becomes a fact; the window shows where it is and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence

from biobreath.events import (
    CarriedOver,
    PhaseEntered,
    PracticeBegan,
    PracticeEnded,
    PracticeEvent,
    Stopped,
)
from biobreath.practice.cards import Card, CardKind
from biobreath.practice.carried import Carried
from biobreath.practice.course import Course
from biobreath.practice.display import Display
from biobreath.practice.packs import Pack
from biobreath.practice.past import PastCarried
from biobreath.practice.patterns import Pattern
from biobreath.practice.person import Person, Shared
from biobreath.practice.phases import CLOSE, GROUND, REST, Line, Option, Phase, PhaseType
from biobreath.practice.rule_engine import Told
from biobreath.practice.rules import Change, Rule
from biobreath.practice.stops import Stop
from biobreath.practice.tailoring import Tailoring
from biobreath.practice.telling import Telling
from biobreath.practice.visit import Visit

MOST_VISITS = 80
"""Parts of one sitting; then it rests and closes, whatever the pack says."""
_QUIET = "small_and_quiet"
_SEEN = PastCarried("red_flags", "seen")
"""The card about signs that need a health worker was shown: it is not shown before again."""


class Player:
    """One sitting with one practice.

    Parameters
    ----------
    pack, shared, person
        What is played, for whom.
    carried
        What earlier sittings change in this one.
    record
        Takes every fact.
    now
        The session time in s at which it begins; every method takes the time it happens at.
    now_utc_s
        The wall clock at the beginning, for what must have happened lately.
    minutes
        How long it is to be; None is all of it.
    flare
        Three quiet minutes on a hard day: the easy way, and no question.
    """

    def __init__(
        self,
        pack: Pack,
        shared: Shared,
        person: Person,
        carried: Carried,
        record: Callable[[PracticeEvent], None],
        now: float,
        *,
        now_utc_s: float = 0.0,
        minutes: float | None = None,
        flare: bool = False,
    ) -> None:
        self.pack = pack
        self.flare = flare
        self._shared = shared
        self._carried = carried
        self._record = record
        self._telling = Telling(record)
        self._tailoring = Tailoring(pack, shared, person, carried, minutes)
        self._course = Course(pack, person, carried, self.told, flare=flare, now_utc_s=now_utc_s)
        self._paced_left_s = self._tailoring.most_paced_s()
        self.card: Card | None = None
        self._after_card: Callable[[float], None] = self._nothing
        self.how: str | None = None
        self.suggestion = ""
        self._stopped = ""
        self._visits = 0
        self._visit = Visit(pack.phases[0], now, None, ())
        planned_s = 60.0 * (minutes if minutes is not None else pack.minutes)
        self._record(
            PracticeBegan(
                *(now, pack.id, pack.header.version, pack.header.lang, planned_s),
                tuple(sorted(self.flags)),
                person.display.value,
                pack.text,
            )
        )
        self._begin(now)

    # -- where it is -----------------------------------------------------------------------

    @property
    def phase(self) -> Phase:
        """The part one is in."""
        return self._visit.phase

    @property
    def flags(self) -> frozenset[str]:
        """What holds of the person, with what they told on the way."""
        return self._tailoring.flags

    @property
    def told(self) -> Told:
        """What the person told in this sitting."""
        return self._telling.told

    @property
    def kept(self) -> Sequence[str]:
        """Sentences for the person's own reasons to feel safe."""
        return self._telling.kept

    @property
    def notes(self) -> Sequence[str]:
        """What was written or taken as a small win."""
        return self._telling.notes

    @property
    def imagery_level(self) -> int | None:
        """The level of the part of the body that was chosen; None where there are no levels."""
        return self._course.imagery_level

    @property
    def notice(self) -> str:
        """A sentence that leads over into this part; empty for none."""
        return self._visit.notice

    @property
    def over(self) -> bool:
        """Whether the sitting has ended; then ``how`` says in which way."""
        return self.how is not None

    @property
    def paused(self) -> bool:
        """Whether the person let it rest."""
        return self._visit.resting

    @property
    def stops(self) -> tuple[Stop, ...]:
        """The reasons to stop, always at hand."""
        return self._shared.stops

    @property
    def asks_for_easier(self) -> bool:
        """Whether it was stopped for a reason after which the next time is easier."""
        found = next((stop for stop in self.stops if stop.id == self._stopped), None)
        return found is not None and any(change.what == "easier" for change in found.changes)

    @property
    def visits(self) -> int:
        """How many parts have been entered."""
        return self._visits

    @property
    def place(self) -> tuple[int, int] | None:
        """Which part of how many on the usual way; None beside it, where nobody can know."""
        return self._course.place(self.phase)

    def elapsed_s(self, now: float) -> float:
        """Return how long this part has been going on, without pauses, in s."""
        return self._visit.elapsed_s(now)

    def length_s(self) -> float | None:
        """Return how long this part is, in s; None where it waits for the person."""
        return self._visit.length_s

    def said(self, now: float) -> tuple[str, ...]:
        """Return the sentences said so far in this part, in order."""
        return self._visit.said(now)

    def asks_for_a_kind_voice(self, sentence: str) -> bool:
        """Tell whether a sentence is one beside which the person's own kind voice belongs."""
        lines = self._visit.lines
        own = any(line.source and line.text == sentence for line in lines)
        return own or (self.phase.id == GROUND and sentence == lines[-1].text)

    def display(self, *, patchy: bool = False) -> Display:
        """Return how much of the heart is shown in this part; nothing beside a card."""
        if self.card is not None:
            return Display.HIDDEN
        return self._tailoring.display(self.phase, patchy=patchy)

    def pattern(self, now: float) -> Pattern | None:
        """Return the breath to be guided; None where the breath is free."""
        left_s = self._paced_left_s
        if self.over or (left_s is not None and self.elapsed_s(now) >= left_s):
            return None
        return self._tailoring.pattern(self.phase)

    # -- beginning -------------------------------------------------------------------------

    def _begin(self, now: float) -> None:
        if self.flare:
            self._enter(self.pack.easier, now)
            return
        first = self.pack.phases[0]
        self._enter(self._course.fitting(first), now)
        seen = any(_SEEN in past.carried for past in self._course.before)
        if self._tailoring.unchecked() and not seen:
            self._record(CarriedOver(now, *_SEEN))
            self._show(Card(CardKind.RED_FLAGS), now, self._nothing)
        elif self._carried.goto and self.pack.has(self._carried.goto):
            self._offer(self._carried.goto, "", now)

    def _nothing(self, _now: float) -> None:
        """Go on where one is."""

    # -- going on --------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Let what time brings happen: a part is over, or waits no longer for an answer."""
        while not (self.over or self.paused or self.card is not None):
            phase, ended = self.phase, self._visit.over_at(now)
            if ended is None:
                return
            if phase.timeout is not None:
                self.choose(ended, (phase.timeout.pick,))
            else:
                self._leave(ended)

    def go_on(self, now: float) -> None:
        """Go past this part; what was not answered is skipped, which is no answer and never 0."""
        if self._waits(now) or self.phase.asks_for_safety:
            return
        if self.phase.type is PhaseType.RATING:
            self.rate(now, {})
        elif self.phase.do == "pick" and "step.fear" not in self.told.values:
            # Without a step there is nothing to predict or do: in the mind there is.
            self._enter(self.pack.easier, now)
        else:
            self._leave(now)

    def _waits(self, now: float) -> bool:
        """Go on with a card, if there is one; nothing else happens before."""
        if self.over:
            return True
        if self.card is not None:
            self.dismiss(now)
            return True
        if self.paused:
            self.resume(now)
        return False

    def pause(self, now: float) -> None:
        """Let it rest where it is."""
        if not self.over:
            self._visit.rest(now)

    def resume(self, now: float) -> None:
        """Go on where it rested."""
        if self.card is None:
            self._visit.go_on(now)

    def easier(self, now: float) -> None:
        """Take the easy way of this practice; from there on, rest."""
        if self._warns(now):
            return
        self._take_away_card(now)
        if not self.over:
            target = REST if self.phase.id == self.pack.easier else self.pack.easier
            if self.phase.id != target:
                self._enter(target, now)

    def ground(self, now: float) -> None:
        """Come back to the room."""
        if self._warns(now):
            return
        self._take_away_card(now)
        if not self.over and self.phase.id != GROUND:
            self._enter(GROUND, now)

    def stop(self, now: float, stop_id: str) -> None:
        """Stop for a reason; where it leads and what changes next time, the reason says."""
        self._take_away_card(now)
        found = next((stop for stop in self.stops if stop.id == stop_id), None)
        if self.over or found is None:
            return
        self._stopped = found.id
        self._record(Stopped(now, found.id))
        self._change(found.changes, now)
        if found.show:
            self._show(Card(CardKind.EMERGENCY, found.tell), now, self._end)
        elif found.quiet_s:
            told = (Line(0.0, found.tell),)
            title = "Small and quiet"
            quiet = Phase(_QUIET, PhaseType.TIMER, title, seconds=found.quiet_s, lines=told)
            self._enter_phase(quiet, now)
        else:
            self._enter(found.goto, now, found.tell)

    def close(self, now: float) -> None:
        """End at once; nothing is asked."""
        self._take_away_card(now)
        if not self.over:
            self._end(now, closed=True)

    def _warns(self, now: float) -> bool:
        """Go where a card about care leads, if one is shown: no key leads round it."""
        card = self.card
        leads_on = self._after_card != self._nothing
        if card is None or card.kind is CardKind.OFFER or not leads_on:
            return False
        self.dismiss(now)
        return True

    def _take_away_card(self, now: float) -> None:
        self.card = None
        self.resume(now)

    # -- answers ---------------------------------------------------------------------------

    def rate(self, now: float, values: Mapping[str, int | None]) -> None:
        """Answer the scales of this part; what is not among ``values`` was skipped."""
        if self._is_not(PhaseType.RATING):
            return
        for scale in self.phase.scales:
            self._telling.rate(now, self.phase, scale, values.get(scale))
        self._leave(now)

    def choose(self, now: float, option_ids: Sequence[str], own: str = "") -> None:
        """Choose an option, or several where several may be."""
        if self._is_not(PhaseType.CHOICE):
            return
        options = self._telling.choose(now, self.phase, option_ids, own)
        for option in options:
            self._set_flags(option.set_flags, now)
        self._go_with(options[0] if options and not self.phase.many else None, now)

    def _go_with(self, option: Option | None, now: float) -> None:
        if option is None:
            self._leave(now)
        elif option.stop:
            self.stop(now, option.stop)
        elif option.show:
            kind = CardKind(option.show)
            self._show(Card(kind, option.say), now, lambda at: self._leave(at, option.goto))
        else:
            self._leave(now, option.goto, option.say)

    def _set_flags(self, flags: Sequence[str], now: float) -> None:
        for flag in flags:
            self._tailoring.add_flag(flag)
            self._record(CarriedOver(now, "flag", flag))

    def mark(self, now: float, regions: Sequence[str], qualities: Sequence[str] = ()) -> None:
        """Show places on the body, with what the feeling there is like."""
        if self._is_not(PhaseType.BODY_MAP):
            return
        self._telling.mark(now, self.phase, regions, qualities)
        self._leave(now)

    def write(self, now: float, texts: Sequence[str]) -> None:
        """Write something down, or take sentences that were offered."""
        if self._is_not(PhaseType.JOURNAL):
            return
        self._telling.write(now, self.phase, texts)
        self._leave(now)

    def answer(self, now: float, question: int, option: int) -> None:
        """Answer a question to think about, once; the part goes on only when the person does."""
        if self._is_not(PhaseType.QUIZ) or question in self._visit.questions_answered:
            return
        self._visit.questions_answered.add(question)
        self._telling.think(now, self.phase, question, option)

    def tell_game(self, now: float, told: Sequence[str]) -> None:
        """Tell how a game went; it changes nothing and is folded away afterwards."""
        if not self.over and self.phase.mode == "laterality":
            self._telling.play(now, self.phase, told)

    def tell_value(self, name: str, value: float | None) -> None:
        """Tell a value that rules may look at, such as the fear of the step that was picked."""
        if value is not None:
            self.told.values[name] = value

    def tell_rating(self, now: float, scale: str, value: int | None) -> None:
        """Tell a number that a part of the ladder asked for."""
        if not self.over:
            self._telling.rate(now, self.phase, scale, value)

    def _is_not(self, kind: PhaseType) -> bool:
        return self.over or self.card is not None or self.phase.type is not kind

    def tell_sound(self, now: float, *, heard: bool) -> None:
        """Tell whether the practice's own sound is heard; no sentence is about one that is not."""
        if self.over or heard == self._tailoring.has_sound:
            return
        self._tailoring.has_sound = heard
        _length_s, lines = self._tailoring.length_s(self.phase)
        self._visit.say_instead(now, lines)

    # -- cards -----------------------------------------------------------------------------

    def _show(self, card: Card, now: float, then: Callable[[float], None]) -> None:
        self.pause(now)
        self.card, self._after_card = card, then

    def _offer(self, target: str, say: str, now: float) -> None:
        self._show(Card(CardKind.OFFER, say, target), now, self._nothing)

    def dismiss(self, now: float) -> None:
        """Go on after a card; an offer is not taken."""
        if self.card is None:
            return
        then, self._after_card = self._after_card, self._nothing
        self._take_away_card(now)
        then(now)

    def accept(self, now: float) -> None:
        """Take what a card offers: a part of this practice, or another practice after this one."""
        if self.card is None or self.card.kind is not CardKind.OFFER:
            return
        target = self.card.target
        if self.pack.has(target):
            self._take_away_card(now)
            self._enter(target, now)
        else:
            self.suggestion = target
            self.dismiss(now)

    # -- from part to part -----------------------------------------------------------------

    def _leave(self, now: float, goto: str = "", say: str = "") -> None:
        """Leave this part: its rules come first, then what was chosen, then the next in order."""
        left = self.phase
        if left.id == _QUIET:
            self._end(now)
            return
        if self._paced_left_s is not None and left.type is PhaseType.BREATHE:
            self._paced_left_s = max(0.0, self._paced_left_s - self.elapsed_s(now))
        led = self._rules(left, now) if self._visits < MOST_VISITS else None
        if led is None:
            self._go(goto or self._course.following(left), now, say)
            return
        then = led.then
        said = then.say or say
        target = then.goto or goto or self._course.following(left)
        if then.offer:
            self._show(Card(CardKind.OFFER, said, then.offer), now, lambda at: self._go(target, at))
        elif then.show:
            kind = CardKind(then.show)
            self._show(Card(kind, said), now, lambda at: self._go(target, at))
        else:
            self._go(target, now, said)

    def _rules(self, left: Phase, now: float) -> Rule | None:
        """Let the rules of a part fire; return the one that leads on."""
        fired = self._course.fired(left)
        for rule in fired:
            self._change(rule.then.changes, now)
            self.suggestion = rule.then.suggest or self.suggestion
        return fired[0] if fired else None

    def _change(self, changes: Sequence[Change], now: float) -> None:
        for change in changes:
            self._record(CarriedOver(now, change.what, change.value))

    def _go(self, target: str, now: float, say: str = "") -> None:
        if not target:
            self._end(now)
        elif self._visits >= MOST_VISITS:
            self._wind_up(now)
        else:
            self._enter(target, now, say)

    def _wind_up(self, now: float) -> None:
        """Rest, then close, whatever the pack wants: a sitting comes to an end."""
        if self._visits == MOST_VISITS:
            self._enter_phase(self.pack.phase(REST), now)
        elif self._visits == MOST_VISITS + 1 and self.pack.has(CLOSE):
            self._enter_phase(self.pack.phase(CLOSE), now)
        else:
            self._end(now)

    def _enter(self, phase_id: str, now: float, notice: str = "") -> None:
        if self._visits > MOST_VISITS:
            self._wind_up(now)
            return
        fitting = self._course.fitting(self.pack.phase(phase_id))
        if not fitting:
            self._end(now)
        else:
            self._enter_phase(self.pack.phase(fitting), now, notice)

    def _enter_phase(self, phase: Phase, now: float, notice: str = "") -> None:
        self._visits += 1
        length_s, lines = self._tailoring.length_s(phase)
        self._visit = Visit(phase, now, length_s, lines, notice)
        self._record(PhaseEntered(now, phase.id))

    def _end(self, now: float, *, closed: bool = False) -> None:
        if self.over:
            return
        if self._stopped:
            self.how = f"stopped:{self._stopped}"
        else:
            self.how = "closed" if closed else "done"
        self.card = None
        self._record(PracticeEnded(now, self.how))
