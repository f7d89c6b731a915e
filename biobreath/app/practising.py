"""A practice in a sitting: how it begins for this person, and what stays of it."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace

from biobreath.app import own_calm
from biobreath.app.about_person import id_of
from biobreath.app.memory import Memory, now_utc_s
from biobreath.app.offers import Offers
from biobreath.clock import WallTime, wall_time
from biobreath.events import Answered, CarriedOver, Event, PracticeBegan, PracticeEvent, Stopped
from biobreath.practice import ladder as ladders
from biobreath.practice.carried import Carried, carried
from biobreath.practice.display import Display
from biobreath.practice.entries import (
    Crumb,
    Entry,
    HardDay,
    ImageryDone,
    LadderWritten,
    Preferred,
    SafetyWords,
)
from biobreath.practice.hard_days import FLARE
from biobreath.practice.imagery import ImagerySitting
from biobreath.practice.ladder_words import Learned, learned_in
from biobreath.practice.looked_back import LookedBackOn, looked_back_on
from biobreath.practice.pack_reading import BadPack, read_practice
from biobreath.practice.packs import Pack
from biobreath.practice.past import past_of
from biobreath.practice.person import Person
from biobreath.practice.pictures import VIEWS
from biobreath.practice.player import Player
from biobreath.practice.profile import Profile
from biobreath.session.practice_sitting import PracticeSitting
from biobreath.session.sitting import Sitting
from biobreath.settings import Settings
from biobreath.ui.calm_card import OWN
from biobreath.ui.scene import Scene

_log = logging.getLogger(__name__)

_IN_EARNEST_S = 20.0
"""Who only looks at the gentle way of a hard day has left it by then."""
EASY_PRACTICE = "core.somatic-tracking"
"""Whose easy way the three minutes of a hard day are."""
NO_HEART = "none"
_RESTING_LEVEL = 1
"""A part of the body that rests after a rise is only watched."""


class Practising:
    """Between the practices, what is known of the person, and a sitting; in the window's thread."""

    def __init__(self, memory: Memory, offers: Offers) -> None:
        self._memory = memory
        self._offers = offers
        self._facts: list[Event] = []
        self._began: WallTime = wall_time()
        self.uuid = ""

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
        profile = self._memory.profile
        self._facts, self._began = [], wall_time()

        def record(fact: PracticeEvent) -> None:
            self._facts.append(fact)
            sitting.note(fact)

        levels = {
            part: min(_RESTING_LEVEL, one.level) if one.waiting(now_utc_s()) else one.level
            for part, one in self._memory.standings(pack).items()
        }
        person = Person(
            flags=profile.flags,
            display=Display(settings.display),
            safety_words=tuple(one.text for one in profile.safety_words if one.active),
            has_sensor=has_heart,
            has_sound=has_sound,
            history=tuple(self._memory.history),
            imagery_levels=levels,
        )
        player = Player(
            pack,
            self._memory.content.shared(settings.my_pace or None),
            person,
            self._carried(pack, profile),
            record,
            sitting.now(),
            now_utc_s=now_utc_s(),
            minutes=minutes,
            flare=flare,
        )
        return PracticeSitting(sitting, player)

    def _carried(self, pack: Pack, profile: Profile) -> Carried:
        found = carried(self._memory.history, pack.id)
        lighter = profile.preferences.get("pattern", "")
        return replace(found, pattern=found.pattern or lighter) if lighter else found

    def scene(self, source_label: str, settings: Settings) -> Scene:
        """Return what the screen of a practice needs."""
        scenes = self._memory.content.calm.scenes
        return Scene(
            scales=self._memory.content.scales,
            safety=self._memory.content.safety,
            titles={pack.id: pack.title for pack in self._memory.content.library.packs},
            source_label=source_label,
            shape=settings.shape,
            ladder=self._memory.ladder(),
            today=self._memory.ladder_today(),
            calm_scene=next((one for one in scenes if one.id == settings.calm_scene), None),
            own_picture=own_calm.picture() if settings.calm_scene == OWN else None,
        )

    def ended(
        self, playing: PracticeSitting, attempt: ladders.Attempt | None
    ) -> Callable[[int | None], None]:
        """Return what keeps what stays of a practice, once the number of its sitting is known.

        Steps, levels, wins, reasons, preferences: all as they are now, whatever begins meanwhile.
        """
        stays = list(self._stays(playing, attempt))
        uuid, began, facts = self.uuid, self._began, self._facts

        def keep(session_id: int | None) -> None:
            for entry in stays:
                self._memory.write(entry, session_id)
            past = past_of(session_id or 0, uuid, began.utc_ms / 1000, facts, began.utc_offset_s)
            if past is not None:
                self._memory.sat(past)

        return keep

    def _stays(self, playing: PracticeSitting, attempt: ladders.Attempt | None) -> Iterable[Entry]:
        player = playing.player
        if attempt is not None:
            yield LadderWritten(ladders.StepTried(attempt))
        if (done := self._imagery_done(player)) is not None:
            yield done
        for text in player.kept:
            yield SafetyWords(id_of(text), text, source=player.pack.id)
        if player.pack.tool == "positive_affect":
            yield from (Crumb(note) for note in player.notes)
        if self._was_hard(player):
            yield HardDay()
        yield from self._offers.keep_next(player.pack.id, player.suggestion)
        if any(f == CarriedOver(f.t, "pattern", "gentle") for f in self._of_rules()):
            yield Preferred("pattern", "gentle")

    def _was_hard(self, player: Player) -> bool:
        """Tell whether it was a hard day: it was said, or its gentle way was taken in earnest."""
        said = any(isinstance(fact, Answered) and FLARE in fact.options for fact in self._facts)
        lasted_s = self._facts[-1].t - self._facts[0].t if self._facts else 0.0
        return said or (player.flare and lasted_s >= _IN_EARNEST_S)

    def _of_rules(self) -> list[CarriedOver]:
        """Return what rules changed for next time: after a stop it is for the next time only."""
        stopped = any(isinstance(fact, Stopped) for fact in self._facts)
        return [] if stopped else [f for f in self._facts if isinstance(f, CarriedOver)]

    def _imagery_done(self, player: Player) -> ImageryDone | None:
        level = player.imagery_level
        chosen = [one for ids in player.told.answers.values() for one in ids if one in VIEWS]
        if player.pack.imagery is None or level is None or not chosen:
            return None
        rated = player.told.ratings
        done = ImagerySitting(
            t=now_utc_s(),
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
            found = self._memory.content.library.pack(began.pack)
            if found is None:
                return None
            pack = found
        level, learned = self._done_in(session_id)
        return looked_back_on(pack, past, level, learned, self._memory.profile.flags)

    def _done_in(self, session_id: int) -> tuple[int | None, Learned | None]:
        """Return the level that was practised in a sitting, and what its step taught."""
        level: int | None = None
        learned: Learned | None = None
        for dated in [one for one in self._memory.entries if one.session_id == session_id]:
            match dated.entry:
                case ImageryDone(sitting=sitting):
                    level = sitting.level
                case LadderWritten(entry=ladders.StepTried(attempt=attempt)):
                    ladder = self._memory.ladder()
                    step = None if ladder is None else ladder.step(attempt.step_id)
                    learned = learned_in("" if step is None else step.text, attempt)
                case _:
                    pass
        return level, learned
