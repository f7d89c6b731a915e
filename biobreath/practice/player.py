"""The player: one pure machine that leads through any practice, with time as a parameter.

Every answer and every turn becomes a fact; the window shows where it is and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from biobreath.events import (
    Answered,
    BodyMarked,
    CarriedOver,
    Noted,
    PhaseEntered,
    PracticeBegan,
    PracticeEnded,
    PracticeEvent,
    Quizzed,
    Rated,
    Stopped,
)
from biobreath.practice.carried import Carried
from biobreath.practice.display import Display, effective, least
from biobreath.practice.packs import Pack
from biobreath.practice.past import PastCarried, PastSitting
from biobreath.practice.patterns import GENTLE, LONG_OUT, Pattern
from biobreath.practice.phases import Line, Option, Phase, PhaseType
from biobreath.practice.rule_engine import Told, fires
from biobreath.practice.rules import Change, Rule
from biobreath.practice.stops import Stop
from biobreath.practice.timing import laid_out, lines_for, share_for, timed

MOST_VISITS = 80
"""Parts of one sitting; then it rests and closes, whatever the pack says."""
GENTLE_MOST_S = 300.0
"""How long somebody who breathes gently is paced in one sitting, if they do not choose more."""
GROUND, REST, CLOSE = "ground", "rest", "close"
SENSOR_FLAG = "sensor"
"""What the sentences about the heart need; not told by the person but by the strap."""
SOUND_FLAG = "sound"
"""What the sentences about the practice's own sound need."""
_QUIET = "small_and_quiet"
_GROUND_TAIL_S = 14.0
_SEEN = PastCarried("red_flags", "seen")
"""The card about signs that need a health worker was shown: it is not shown before again."""
_QUESTIONS = (
    PhaseType.RATING,
    PhaseType.CHOICE,
    PhaseType.QUIZ,
    PhaseType.JOURNAL,
    PhaseType.BODY_MAP,
    PhaseType.LADDER_STEP,
)


class CardKind(StrEnum):
    """What a card is about."""

    RED_FLAGS = "red_flags"
    SUPPORT = "support"
    EMERGENCY = "red_flags.emergency"
    OFFER = "offer"
    """A choice between two ways; ``Card.target`` is the one that is offered."""


@dataclass(frozen=True, slots=True)
class Card:
    """Something to read or to choose before it goes on; time stands still meanwhile."""

    kind: CardKind
    text: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all practices have in common."""

    stops: tuple[Stop, ...]
    ground: tuple[Line, ...]
    patterns: Mapping[str, Pattern | None]
    """By id; None for free breathing. ``mine`` is there when a pace was found."""


@dataclass(frozen=True, slots=True)
class Person:
    """What the player is told of the person."""

    flags: frozenset[str] = frozenset()
    display: Display = Display.WAVE
    safety_words: tuple[str, ...] = ()
    has_sensor: bool = False
    has_sound: bool = False
    """Whether the sound that the practice brings along is heard."""
    history: tuple[PastSitting, ...] = ()
    imagery_levels: Mapping[str, int] = field(default_factory=dict[str, int])
    """How far each part of the body is, with "" for those that were never practised."""


@dataclass(slots=True)
class _Visit:
    """The part one is in: since when, how long it lasts, and what is said in it."""

    phase: Phase
    since: float
    length_s: float | None
    lines: tuple[Line, ...]
    notice: str = ""
    questions_answered: set[int] = field(default_factory=set[int])


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
        self._shared = shared
        self._person = person
        self._carried = carried
        self._record = record
        self._now_utc_s = now_utc_s
        self.flare = flare
        self.flags = person.flags | carried.flags
        halved = "short_sessions" in self.flags or (carried.easier > 0 and pack.imagery is None)
        self._share = share_for(pack, minutes, halved=halved, flags=self.flags)
        self._paced_left_s = self._most_paced_s()
        self.told = Told()
        self.card: Card | None = None
        self._after_card: Callable[[float], None] = self._nothing
        self.how: str | None = None
        self.suggestion = ""
        self.kept: list[str] = []
        """Sentences for the person's own reasons to feel safe."""
        self.notes: list[str] = []
        """What was written or taken as a small win."""
        self._fired: set[int] = set()
        self._stopped = ""
        self._visits = 0
        self._paused_at: float | None = None
        self._visit = _Visit(pack.phases[0], now, None, ())
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
        return self._paused_at is not None

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
        usual = [one.id for one in self.pack.phases if not one.side and self._is_meant(one)]
        if self.phase.id not in usual:
            return None
        return usual.index(self.phase.id) + 1, len(usual)

    def elapsed_s(self, now: float) -> float:
        """Return how long this part has been going on, without pauses, in s."""
        return (now if self._paused_at is None else self._paused_at) - self._visit.since

    def length_s(self) -> float | None:
        """Return how long this part is, in s; None where it waits for the person."""
        return self._visit.length_s

    def said(self, now: float) -> tuple[str, ...]:
        """Return the sentences said so far in this part, in order."""
        elapsed = self.elapsed_s(now)
        return tuple(line.text for line in self._visit.lines if line.at_s <= elapsed)

    def asks_for_a_kind_voice(self, sentence: str) -> bool:
        """Tell whether a sentence is one beside which the person's own kind voice belongs."""
        lines = self._visit.lines
        own = any(line.source and line.text == sentence for line in lines)
        return own or (self.phase.id == GROUND and sentence == lines[-1].text)

    def display(self, *, patchy: bool = False) -> Display:
        """Return how much of the heart is shown in this part; nothing beside a card."""
        if self.card is not None:
            return Display.HIDDEN
        return self._display_in(self.phase, patchy=patchy)

    def _display_in(self, phase: Phase, *, patchy: bool = False) -> Display:
        if phase.id == GROUND or not self.pack.uses_sensor:
            return Display.HIDDEN
        wanted = phase.display
        if wanted is None:
            # The heart's line belongs to learning to breathe; elsewhere a pack must ask for it.
            paced = phase.type is PhaseType.BREATHE
            wanted = self.pack.display if paced else least((self.pack.display, Display.AMBIENT))
        return effective(wanted, self._person.display, self.flags, patchy=patchy)

    def pattern(self, now: float) -> Pattern | None:
        """Return the breath to be guided; None where the breath is free."""
        phase = self.phase
        if self.over or phase.type is not PhaseType.BREATHE:
            return None
        if self._paced_left_s is not None and self.elapsed_s(now) >= self._paced_left_s:
            return None
        return self._pattern(phase.pattern)

    def _pattern(self, pattern_id: str) -> Pattern | None:
        patterns = self._shared.patterns
        found = patterns.get(pattern_id, patterns.get("long-out", LONG_OUT))
        gentle = "gentle_breath" in self.flags or self._carried.pattern == GENTLE.id
        if found is not None and gentle:
            return patterns.get(GENTLE.id) or GENTLE
        return found

    def _most_paced_s(self) -> float | None:
        most = self._carried.most_paced_s
        if "gentle_breath" in self.flags:
            most = GENTLE_MOST_S if most is None else min(most, GENTLE_MOST_S)
        return most

    # -- beginning -------------------------------------------------------------------------

    def _begin(self, now: float) -> None:
        if self.flare:
            self._enter(self.pack.easier, now)
            return
        first = self.pack.phases[0]
        self._enter(self._fitting(first), now)
        unchecked = [flag for flag in self.pack.asks_flags if flag not in self.flags]
        same = (past for past in self._person.history if past.pack == self.pack.id)
        if unchecked and not any(_SEEN in past.carried for past in same):
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
            phase, length_s = self.phase, self._visit.length_s
            if length_s is None or self.elapsed_s(now) < length_s:
                return
            ended = self._visit.since + length_s
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
        if not (self.over or self.paused):
            self._paused_at = now

    def resume(self, now: float) -> None:
        """Go on where it rested."""
        if self._paused_at is not None and self.card is None:
            self._visit.since += now - self._paused_at
            self._paused_at = None

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
            self._rated(now, scale, values.get(scale))
        self._leave(now)

    def _rated(self, now: float, scale: str, value: int | None) -> None:
        phase = self.phase.id
        self.told.ratings[phase, scale] = value
        self._record(Rated(now, scale, value, phase))

    def choose(self, now: float, option_ids: Sequence[str], own: str = "") -> None:
        """Choose an option, or several where several may be."""
        if self._is_not(PhaseType.CHOICE):
            return
        phase = self.phase
        options = [found for one in option_ids if (found := phase.option(one)) is not None]
        options = options if phase.many else options[:1]
        ids = tuple(option.id for option in options)
        self.told.answers[phase.id] = ids
        self._record(Answered(now, phase.id, ids, own))
        if phase.save_as:
            self.kept += [own if one.input and own else one.label for one in options if _keeps(one)]
        for option in options:
            self._set_flags(option.set_flags, now)
        self._go_with(options[0] if options and not phase.many else None, now)

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
            self.flags = self.flags | {flag}
            self._record(CarriedOver(now, "flag", flag))

    def mark(self, now: float, regions: Sequence[str], qualities: Sequence[str] = ()) -> None:
        """Show places on the body, with what the feeling there is like."""
        if self._is_not(PhaseType.BODY_MAP):
            return
        phase = self.phase
        kept = tuple(one for one in qualities if one in phase.qualities)[: phase.qualities_max]
        places = tuple(regions) if phase.many else tuple(regions[:1])
        self._record(BodyMarked(now, phase.id, phase.feel, places, kept))
        self._leave(now)

    def write(self, now: float, texts: Sequence[str]) -> None:
        """Write something down, or take sentences that were offered."""
        if self._is_not(PhaseType.JOURNAL):
            return
        phase = self.phase
        kept = [text.strip() for text in texts if text.strip()]
        for text in kept:
            self._record(Noted(now, phase.id, text, phase.win))
        if phase.save_as:
            self.kept += kept
        if phase.win:
            self.notes += kept
        self._leave(now)

    def answer(self, now: float, question: int, option: int) -> None:
        """Answer a question to think about, once; the part goes on only when the person does."""
        if self._is_not(PhaseType.QUIZ) or question in self._visit.questions_answered:
            return
        self._visit.questions_answered.add(question)
        self._record(Quizzed(now, self.phase.id, question, option))

    def tell_game(self, now: float, told: Sequence[str]) -> None:
        """Tell how a game went; it changes nothing and is folded away afterwards."""
        if not self.over and self.phase.mode == "laterality":
            self._record(Answered(now, self.phase.id, tuple(told)))

    def tell_value(self, name: str, value: float | None) -> None:
        """Tell a value that rules may look at, such as the fear of the step that was picked."""
        if value is not None:
            self.told.values[name] = value

    def tell_rating(self, now: float, scale: str, value: int | None) -> None:
        """Tell a number that a part of the ladder asked for."""
        if not self.over:
            self._rated(now, scale, value)

    def _is_not(self, kind: PhaseType) -> bool:
        return self.over or self.card is not None or self.phase.type is not kind

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
            self._go(goto or self._following(left), now, say)
            return
        then = led.then
        said = then.say or say
        target = then.goto or goto or self._following(left)
        if then.offer:
            accepted_over = self._after_offer(target)
            self._show(Card(CardKind.OFFER, said, then.offer), now, accepted_over)
        elif then.show:
            kind = CardKind(then.show)
            self._show(Card(kind, said), now, lambda at: self._go(target, at))
        else:
            self._go(target, now, said)

    def _after_offer(self, target: str) -> Callable[[float], None]:
        return lambda at: self._go(target, at)

    def _rules(self, left: Phase, now: float) -> Rule | None:
        """Let the rules of a part fire, each once a sitting; return the one that leads on."""
        same = [past for past in self._person.history if past.pack == self.pack.id]
        leading: Rule | None = None
        for number, rule in enumerate(self.pack.rules):
            if rule.after != left.id or number in self._fired:
                continue
            if fires(rule, self.told, same, self._now_utc_s):
                self._fired.add(number)
                self._change(rule.then.changes, now)
                self.suggestion = rule.then.suggest or self.suggestion
                leading = leading or rule
        return leading

    def _change(self, changes: Sequence[Change], now: float) -> None:
        for change in changes:
            self._record(CarriedOver(now, change.what, change.value))

    def _following(self, phase: Phase) -> str:
        if phase.next:
            return phase.next
        ids = [one.id for one in self.pack.phases]
        rest = self.pack.phases[ids.index(phase.id) + 1 :]
        return next((one.id for one in rest if not one.side), "")

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
        fitting = self._fitting(self.pack.phase(phase_id))
        if not fitting:
            self._end(now)
        else:
            self._enter_phase(self.pack.phase(fitting), now, notice)

    def _fitting(self, phase: Phase) -> str:
        """Return the part, or the next one in order that is meant for today; empty for none."""
        seen: set[str] = set()
        while not self._is_meant(phase):
            seen.add(phase.id)
            following = self._following(phase)
            if not following or following in seen:
                return ""
            phase = self.pack.phase(following)
        return phase.id

    def _is_meant(self, phase: Phase) -> bool:
        if self.flare and phase.type in _QUESTIONS:
            return False
        level = self.imagery_level
        values = {} if level is None else {"imagery_level": float(level)}
        return phase.when is None or phase.when.holds(values)

    @property
    def imagery_level(self) -> int | None:
        """The level of the part of the body that was chosen; None where there are no levels."""
        levels = self._person.imagery_levels
        chosen = [one for ids in self.told.answers.values() for one in ids if one in levels]
        level = levels.get(chosen[0] if chosen else "")
        return None if level is None else max(0, level - self._carried.easier)

    def _enter_phase(self, phase: Phase, now: float, notice: str = "") -> None:
        self._visits += 1
        self._paused_at = None
        length_s, lines = self._length(phase)
        self._visit = _Visit(phase, now, length_s, lines, notice)
        self._record(PhaseEntered(now, phase.id))

    def _length(self, phase: Phase) -> tuple[float | None, tuple[Line, ...]]:
        seen = self._person.has_sensor and self._display_in(phase).has_wave
        told = {SENSOR_FLAG: seen, SOUND_FLAG: self._person.has_sound}
        flags = self.flags | {flag for flag, there in told.items() if there}
        if phase.use:
            lines = self._shared.ground
            return laid_out(lines[-1].at_s + _GROUND_TAIL_S, 1.0, lines)
        lines = lines_for(phase.lines, flags, self._person.safety_words)
        if phase.timeout is not None:
            return phase.timeout.seconds, lines
        if not phase.timed:
            return None, lines
        return timed(phase, self._share, self._carried.shorten, lines)

    def _end(self, now: float, *, closed: bool = False) -> None:
        if self.over:
            return
        if self._stopped:
            self.how = f"stopped:{self._stopped}"
        else:
            self.how = "closed" if closed else "done"
        self.card = None
        self._record(PracticeEnded(now, self.how))


def _keeps(option: Option) -> bool:
    """Tell whether a choice is worth keeping: not to be sure yet is no reason to feel safe."""
    return option.id != "unsure"
