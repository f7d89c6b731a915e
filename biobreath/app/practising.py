"""Practices as the program knows them: who may do what, how one begins, what stays of it."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from biobreath.app import own_calm
from biobreath.app.keeper import Keeper
from biobreath.clock import WallTime, wall_time
from biobreath.events import CarriedOver, Event, PracticeBegan, PracticeEvent
from biobreath.practice import ladder as ladders
from biobreath.practice.carried import Carried, carried
from biobreath.practice.content import Content
from biobreath.practice.display import Display
from biobreath.practice.dose import Dose, dose
from biobreath.practice.entries import (
    Contact,
    Crumb,
    Dated,
    Entry,
    FlagsTold,
    ImageryDone,
    LadderWritten,
    LessonChecked,
    LessonRead,
    Preferred,
    SafetyWords,
    ladder_told,
    read_entries,
)
from biobreath.practice.imagery import ImagerySitting, Standing, standing
from biobreath.practice.ladder import Ladder, ladder_of
from biobreath.practice.ladder_advice import Today, today
from biobreath.practice.ladder_words import Learned, learned_in
from biobreath.practice.looked_back import LookedBackOn, looked_back_on
from biobreath.practice.pack_library import lock_of
from biobreath.practice.pack_reading import BadPack, read_practice
from biobreath.practice.packs import Pack
from biobreath.practice.past import PastSitting, past_of
from biobreath.practice.person import Person
from biobreath.practice.pictures import VIEWS
from biobreath.practice.player import Player
from biobreath.practice.profile import Profile, answers_to_flags, profile_of
from biobreath.practice.timing import length_s, share_for, share_for_breath
from biobreath.session.practice_sitting import PracticeSitting
from biobreath.session.sitting import Sitting
from biobreath.settings import SUITED, Settings
from biobreath.store.library import Library
from biobreath.store.schema import LibraryError
from biobreath.ui.calm_card import OWN
from biobreath.ui.practice_view import Scene
from biobreath.ui.practices import PracticeCard

_log = logging.getLogger(__name__)

LADDER_PRACTICE = "core.graded-exposure"
EASY_PRACTICE = "core.somatic-tracking"
"""Whose easy way the three minutes of a hard day are."""
NO_HEART = "none"
_WELCOMED = "welcome"
_NEXT = "next_practice"
_KEPT_FOR_NOW = "Kept for you since last time."
_DOSED = "mindful_breath"
_RESTING_LEVEL = 1
"""A part of the body that rests after a rise is only watched."""


@dataclass(slots=True)
class _Known:
    """What the library tells, read once; what is written meanwhile is added."""

    entries: list[Dated]
    history: list[PastSitting]


class Practising:
    """Between the practices, the library and the window; owned by the window's thread."""

    def __init__(self, content: Content, library: Library, keeper: Keeper) -> None:
        self.content = content
        self._library = library
        self._keeper = keeper
        self._cache: _Known | None = None
        self._facts: list[Event] = []
        self._began: WallTime = wall_time()
        self.uuid = ""

    # -- what is known ---------------------------------------------------------------------

    def _known(self) -> _Known:
        if self._cache is None:
            try:
                entries = read_entries(self._library.journal())
                sittings = self._library.practice_sittings()
            except LibraryError as error:
                _log.warning("the journal could not be read: %s", error)
                return _Known([], [])
            history = [
                past_of(
                    row.id, row.uuid, row.started.utc_ms / 1000, facts, row.started.utc_offset_s
                )
                for row, facts in sittings
            ]
            self._cache = _Known(entries, [past for past in history if past is not None])
        return self._cache

    def forget_what_was_read(self) -> None:
        """Read the library anew at the next look: something was taken out of it."""
        self._cache = None

    @property
    def profile(self) -> Profile:
        """What holds of the person now."""
        return profile_of(self._known().entries)

    @property
    def history(self) -> Sequence[PastSitting]:
        """Every sitting with a practice, oldest first."""
        return self._known().history

    @property
    def entries(self) -> Sequence[Dated]:
        """Everything that was written, oldest first."""
        return self._known().entries

    def write(self, entry: Entry, session_id: int | None = None) -> None:
        """Write something into the journal; it holds at once."""
        wall = wall_time()
        known = self._known()
        self._keeper.write(entry.kind, entry.to_table(), wall, session_id)
        dated = Dated(wall.utc_ms / 1000, entry, wall.utc_offset_s, session_id=session_id)
        known.entries.append(dated)

    def ladder(self) -> Ladder | None:
        """Return the person's ladder; None where no practice has one."""
        pack = self.content.library.pack(LADDER_PRACTICE)
        if pack is None or pack.ladder is None:
            return None
        return ladder_of(ladder_told(self.entries), pack.ladder)

    def ladder_today(self) -> Today | None:
        """Return what the ladder offers today."""
        ladder = self.ladder()
        if ladder is None:
            return None
        wall = wall_time()
        return today(ladder, wall.utc_ms / 1000, wall.day_began_utc_s())

    def standings(self, pack: Pack) -> dict[str, Standing]:
        """Return how far each part of the body is in the practice of imagery."""
        if pack.imagery is None:
            return {}
        told = [d.entry for d in self.entries if isinstance(d.entry, ImageryDone)]
        return {
            part: standing((one.sitting for one in told if one.part == part), pack.imagery)
            for part in VIEWS
        }

    # -- what is offered -------------------------------------------------------------------

    def cards(self, minutes: int) -> list[PracticeCard]:
        """Return every practice as the page shows it."""
        flags = self.profile.flags
        cards = [self._card(pack, flags, minutes) for pack in self.content.library.packs]
        # What was wanted next time stands first.
        return sorted(cards, key=lambda card: card.id != self._wanted_next)

    @property
    def _wanted_next(self) -> str:
        return self.profile.preferences.get(_NEXT, "")

    def _keep_next(self, began: str, suggested: str) -> Iterable[Entry]:
        """Keep which practice may come next; one that was begun is no longer to come."""
        if suggested and suggested != self._wanted_next:
            yield Preferred(_NEXT, suggested)
        elif began == self._wanted_next:
            yield Preferred(_NEXT)

    def _card(self, pack: Pack, flags: frozenset[str], minutes: int) -> PracticeCard:
        lock = lock_of(pack, flags, self._lately(pack))
        instead = None if lock is None else self._open_instead(lock.instead, flags)
        asked, suited = self.minutes_for(pack, minutes), self._dose(pack, minutes)
        share = share_for(pack, asked, halved="short_sessions" in flags, flags=flags)
        about = round(length_s(pack, share, flags) / 60)
        advice = self.ladder_today() if pack.ladder is not None and lock is None else None
        return PracticeCard(
            id=pack.id,
            title=pack.title,
            summary=pack.summary,
            length=f"about {about} minutes",
            locked="" if lock is None else lock.sentence,
            instead="" if instead is None else instead.id,
            instead_title="" if instead is None else instead.title,
            reviewed=pack.review_state.signed,
            own=pack.own,
            has_ladder=pack.ladder is not None,
            hint=self._hint(pack, suited, advice),
            longer=tuple(
                (round(self._with_breath_s(pack, m) / 60), f"{m} minutes with the breath")
                for m in suited.offers
            ),
        )

    def _hint(self, pack: Pack, suited: Dose, advice: Today | None) -> str:
        if pack.id == self._wanted_next:
            return _KEPT_FOR_NOW
        return suited.reason if advice is None else advice.advice.reason

    def minutes_for(self, pack: Pack, minutes: int) -> float | None:
        """Return how long a practice is to be, in minutes; None is all of it.

        What suits is the practice as it was made, but for slow breathing: that begins with little.
        """
        if minutes != SUITED:
            return minutes or None
        suited = self._dose(pack, minutes)
        return self._with_breath_s(pack, suited.minutes) / 60 if suited.minutes else None

    def _dose(self, pack: Pack, minutes: int) -> Dose:
        if pack.tool != _DOSED or minutes != SUITED:
            return Dose(0, "")
        length_of = partial(self._with_breath_s, pack)
        return dose(self.history, pack.id, self._now_utc_s(), length_of)

    def _with_breath_s(self, pack: Pack, minutes: int) -> float:
        """Return how long a practice is with so many minutes of guided breath, in s."""
        flags = self.profile.flags
        return length_s(pack, share_for_breath(pack, minutes, flags), flags)

    def _open_instead(self, pack_id: str, flags: frozenset[str]) -> Pack | None:
        """Return what is offered in place of a locked practice: the first that is open itself."""
        seen: set[str] = set()
        while pack_id and pack_id not in seen:
            seen.add(pack_id)
            pack = self.content.library.pack(pack_id)
            if pack is None:
                return None
            lock = lock_of(pack, flags, self._lately(pack))
            if lock is None:
                return pack
            pack_id = lock.instead
        return None

    def _lately(self, pack: Pack) -> frozenset[str]:
        """Return the flags that the last sitting set for the next one."""
        return carried(self.history, pack.id).flags

    def trouble(self) -> list[str]:
        """Return which packs of one's own could not be read, and why."""
        return [str(refused) for refused in self.content.library.refused]

    # -- a sitting -------------------------------------------------------------------------

    def begin(
        self,
        pack: Pack,
        sitting: Sitting,
        settings: Settings,
        *,
        minutes: float | None,
        flare: bool,
        has_heart: bool,
        has_sound: bool = False,
    ) -> PracticeSitting:
        """Begin a practice in a sitting that waits to be led."""
        profile = self.profile
        self._facts, self._began = [], wall_time()

        def record(fact: PracticeEvent) -> None:
            self._facts.append(fact)
            sitting.note(fact)

        levels = {
            part: min(_RESTING_LEVEL, one.level) if one.waiting(self._now_utc_s()) else one.level
            for part, one in self.standings(pack).items()
        }
        person = Person(
            flags=profile.flags,
            display=Display(settings.display),
            safety_words=tuple(one.text for one in profile.safety_words if one.active),
            has_sensor=has_heart,
            has_sound=has_sound,
            history=tuple(self.history),
            imagery_levels=levels,
        )
        player = Player(
            pack,
            self.content.shared(settings.my_pace or None),
            person,
            self._carried(pack, profile),
            record,
            sitting.now(),
            now_utc_s=self._now_utc_s(),
            minutes=minutes,
            flare=flare,
        )
        return PracticeSitting(sitting, player)

    def _carried(self, pack: Pack, profile: Profile) -> Carried:
        found = carried(self.history, pack.id)
        lighter = profile.preferences.get("pattern", "")
        return replace(found, pattern=found.pattern or lighter) if lighter else found

    def scene(self, source_label: str, settings: Settings) -> Scene:
        """Return what the screen of a practice needs."""
        scenes = self.content.calm.scenes
        return Scene(
            scales=self.content.scales,
            safety=self.content.safety,
            titles={pack.id: pack.title for pack in self.content.library.packs},
            source_label=source_label,
            shape=settings.shape,
            ladder=self.ladder(),
            today=self.ladder_today(),
            calm_scene=next((one for one in scenes if one.id == settings.calm_scene), None),
            own_picture=own_calm.picture() if settings.calm_scene == OWN else None,
        )

    def _now_utc_s(self) -> float:
        return wall_time().utc_ms / 1000

    def keep(
        self, playing: PracticeSitting, attempt: ladders.Attempt | None, session_id: int | None
    ) -> None:
        """Keep what stays of a practice that ended: steps, levels, wins, reasons, preferences."""
        for entry in self._stays(playing, attempt):
            self.write(entry, session_id)
        began = self._began
        past = past_of(
            session_id or 0, self.uuid, began.utc_ms / 1000, self._facts, began.utc_offset_s
        )
        if past is not None:
            self._known().history.append(past)

    def _stays(self, playing: PracticeSitting, attempt: ladders.Attempt | None) -> Iterable[Entry]:
        player = playing.player
        if attempt is not None:
            yield LadderWritten(ladders.StepTried(attempt))
        if (done := self._imagery_done(player)) is not None:
            yield done
        for text in player.kept:
            yield SafetyWords(_own_id(text), text, source=player.pack.id)
        if player.pack.tool == "positive_affect":
            yield from (Crumb(note) for note in player.notes)
        yield from self._keep_next(player.pack.id, player.suggestion)
        if any(f == CarriedOver(f.t, "pattern", "gentle") for f in self._of_rules()):
            yield Preferred("pattern", "gentle")

    def _of_rules(self) -> list[CarriedOver]:
        """Return what rules changed for next time: after a stop it is for the next time only."""
        stopped = any(type(fact).__name__ == "Stopped" for fact in self._facts)
        return [] if stopped else [f for f in self._facts if isinstance(f, CarriedOver)]

    def _imagery_done(self, player: Player) -> ImageryDone | None:
        level = player.imagery_level
        chosen = [one for ids in player.told.answers.values() for one in ids if one in VIEWS]
        if player.pack.imagery is None or level is None or not chosen:
            return None
        rated = player.told.ratings
        done = ImagerySitting(
            t=self._now_utc_s(),
            level=level,
            sensation_before=rated.get(("before", "sensation")),
            sensation_check=rated.get(("check", "sensation")),
            sensation_after=rated.get(("after", "sensation")),
            fear_after=rated.get(("after", "fear")),
        )
        return ImageryDone(chosen[0], done)

    # -- looking back ----------------------------------------------------------------------

    def looked_back_on(
        self, session_id: int, uuid: str, started_utc_s: float, facts: Iterable[Event]
    ) -> LookedBackOn | None:
        """Put a sitting into words by the pack that was played; safe from any thread."""
        told = list(facts)
        began = next((fact for fact in told if isinstance(fact, PracticeBegan)), None)
        past = past_of(session_id, uuid, started_utc_s, told)
        if began is None or past is None:
            return None
        try:
            pack = read_practice(began.text.encode())
        except BadPack as error:
            _log.warning("the pack of a sitting could not be read: %s", error)
            found = self.content.library.pack(began.pack)
            if found is None:
                return None
            pack = found
        level, learned = self._done_in(session_id)
        return looked_back_on(pack, past, level, learned, self.profile.flags)

    def _done_in(self, session_id: int) -> tuple[int | None, Learned | None]:
        """Return the level that was practised in a sitting, and what its step taught."""
        level: int | None = None
        learned: Learned | None = None
        for dated in [one for one in self.entries if one.session_id == session_id]:
            match dated.entry:
                case ImageryDone(sitting=sitting):
                    level = sitting.level
                case LadderWritten(entry=ladders.StepTried(attempt=attempt)):
                    ladder = self.ladder()
                    step = None if ladder is None else ladder.step(attempt.step_id)
                    learned = learned_in("" if step is None else step.text, attempt)
                case _:
                    pass
        return level, learned

    # -- lessons ---------------------------------------------------------------------------

    def lessons_read(self) -> frozenset[str]:
        """Return which lessons were read to their end."""
        told = (dated.entry for dated in self.entries)
        return frozenset(entry.lesson_id for entry in told if isinstance(entry, LessonRead))

    def lesson_read(self, lesson_id: str) -> None:
        """Keep that a lesson was read."""
        self.write(LessonRead(lesson_id))

    def lesson_thought(self, lesson_id: str, question: int, option: int) -> None:
        """Keep an answer of a lesson; it is for the person only and counts for nothing."""
        self.write(LessonChecked(lesson_id, question, option))

    # -- about me --------------------------------------------------------------------------

    def answers(self) -> dict[str, bool | None]:
        """Return what the person answered so far, by question."""
        said = {"yes": True, "no": False, "rather_not": None}
        told = (one.partition("=") for one in self.profile.told)
        return {question: said[word] for question, _, word in told if word in said}

    def answer(self, question_id: str, value: bool | None) -> None:  # noqa: FBT001  an answer
        """Keep an answer; what follows from all answers together holds from now on."""
        answers = {**self.answers(), question_id: value}
        flags = answers_to_flags(self.content.questions, answers)
        words = {True: "yes", False: "no", None: "rather_not"}
        self.tell_flags(flags, [f"{one}={words[said]}" for one, said in answers.items()])

    def tell_flags(self, flags: Iterable[str], told: Iterable[str]) -> None:
        """Keep what the person told of themselves."""
        self.write(FlagsTold(tuple(sorted(flags)), tuple(sorted(told))))

    @property
    def was_welcomed(self) -> bool:
        """Whether the first card of all was answered, or put away."""
        profile = self.profile
        return bool(profile.told or profile.preferences.get(_WELCOMED))

    def welcomed(self) -> None:
        """Keep that the first card need not come again."""
        self.write(Preferred(_WELCOMED, "seen"))

    def reasons(self) -> list[tuple[str, str]]:
        """Return the person's own reasons to feel safe, by id and words."""
        return [(one.id, one.text) for one in self.profile.safety_words if one.active]

    def add_reason(self, text: str) -> None:
        """Keep a reason to feel safe."""
        self.write(SafetyWords(_own_id(text), text, source="about_me"))

    def remove_reason(self, reason_id: str) -> None:
        """Put a reason away."""
        found = next((one for one in self.profile.safety_words if one.id == reason_id), None)
        if found is not None:
            self.write(replace(found, active=False))

    def contacts(self) -> list[tuple[str, str]]:
        """Return the people to turn to, by id and words."""
        return [(one.id, one.text) for one in self.profile.contacts]

    def add_contact(self, text: str) -> None:
        """Keep somebody to turn to."""
        self.write(Contact(_own_id(text), text))

    def remove_contact(self, contact_id: str) -> None:
        """Put a contact away."""
        found = next((one for one in self.profile.contacts if one.id == contact_id), None)
        if found is not None:
            self.write(replace(found, active=False))

    def prefer_lighter(self, *, on: bool) -> None:
        """Begin with the lighter pace from now on, or as it was made."""
        self.write(Preferred("pattern", "gentle" if on else ""))


def _own_id(text: str) -> str:
    """Return an id by which the same sentence is kept once."""
    from hashlib import sha256

    return sha256(text.casefold().encode()).hexdigest()[:32]
