"""What may be asked or shown between practices: a check-in, a follow-up, a card of support."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from biobreath.app.about_person import AboutPerson
from biobreath.app.memory import Memory
from biobreath.clock import WallTime, wall_time
from biobreath.practice.asked_later import due_later
from biobreath.practice.calm import of_the_day
from biobreath.practice.entries import (
    DAILY,
    FOLLOW_UP,
    WEEKLY,
    FollowUpAsked,
    Preferred,
    RatingGiven,
    SupportDismissed,
    SupportShown,
    WinNamed,
)
from biobreath.practice.scales import Scale, plain_scale
from biobreath.practice.support import due
from biobreath.practice.trends import (
    SCALES,
    Trend,
    points_before,
    points_of,
    sleep_and_peace,
    trend,
)
from biobreath.practice.wins import Kept, crumbs, days_of_this_week, local_day, moments_of, wins

SLEEP, PAIN = "sleep", "pain_week"
WEEKLY_SCALES = ("peace_week", "fear_week", "doing", SLEEP)
CHANGE = "change"
_CHANGE_EVERY_S = 28 * 86_400.0
_PAIN_EVERY_S = 6 * 86_400.0
"""Once a week at most: being asked about pain often does nobody good."""
_TOLD_LATELY_S = 7 * 86_400.0
_WANTED = "asked"
_NIGHTS = "sleep_and_peace"
_CURIOUS = "curious_put_away"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question between practices: what is asked, with which scales, and what it belongs to."""

    ask: str
    scales: tuple[Scale, ...]
    when: str
    about: str = ""
    uuid: str = ""
    session_id: int | None = None
    """The sitting that it is about."""


class CheckingIn:
    """Reads and writes the journal for everything that is asked outside of a practice."""

    def __init__(self, memory: Memory, about_person: AboutPerson) -> None:
        self._memory = memory
        self._about_person = about_person

    # -- questions -------------------------------------------------------------------------

    def follow_up(self) -> Asked | None:
        """Return the one question some time after a practice, if it is time for it."""
        known = self._memory
        pack_of = known.content.library.pack
        found = due_later(pack_of, known.history, known.entries, _now(wall_time()))
        if found is None:
            return None
        scales = tuple(self._scale(one) for one in found.follow_up.scales)
        past = found.past
        return Asked(
            found.follow_up.ask, scales, FOLLOW_UP, past.pack, past.uuid, past.session_id or None
        )

    def _scale(self, scale_id: str) -> Scale:
        return self._memory.content.scales.get(scale_id) or plain_scale(scale_id)

    def weekly(self) -> Asked:
        """Return the weekly check-in; now and then with how it is overall, pain where wanted."""
        ids = [one for one in WEEKLY_SCALES if one != SLEEP or self.night() is not None]
        if self.asks_pain and self._since(PAIN) > _PAIN_EVERY_S:
            ids.append(PAIN)
        if self._since(CHANGE) > _CHANGE_EVERY_S and self._memory.history:
            ids.append(CHANGE)
        return Asked("", tuple(self._scale(one) for one in ids), WEEKLY)

    def night(self) -> Asked | None:
        """Return the question about the night; None where it was asked today."""
        wall = wall_time()
        today = local_day(_now(wall), wall.utc_offset_s)
        asked_today = any(
            isinstance(dated.entry, RatingGiven)
            and dated.entry.scale == SLEEP
            and local_day(dated.utc_s, dated.utc_offset_s) == today
            for dated in self._memory.entries
        )
        return None if asked_today else Asked("", (self._scale(SLEEP),), DAILY)

    def night_of_somebody_who_tells(self) -> Asked | None:
        """Return the question about the night, for whoever told of one in the last week."""
        told = [utc_s for utc_s, value in self._asked_about(SLEEP) if value is not None]
        if not told or _now(wall_time()) - max(told) > _TOLD_LATELY_S:
            return None
        return self.night()

    @property
    def asks_pain(self) -> bool:
        """Whether the person wants to be asked about pain; nobody is unless they chose it."""
        return self._memory.profile.preferences.get(PAIN) == _WANTED

    def turn_pain(self, *, on: bool) -> None:
        """Ask about pain from now on, or no more."""
        self._memory.write(Preferred(PAIN, _WANTED if on else ""))

    @property
    def compares_nights(self) -> bool:
        """Whether the person wants to know if peace goes with sleep; nobody is told unasked."""
        return self._memory.profile.preferences.get(_NIGHTS) == _WANTED

    def turn_nights(self, *, on: bool) -> None:
        """Look from now on whether peace goes with sleep, or no more."""
        self._memory.write(Preferred(_NIGHTS, _WANTED if on else ""))

    def nights_and_peace(self) -> str:
        """Say that peace was often higher after better sleep, where that is so and asked for."""
        slept = points_of(self._memory.entries, SLEEP)
        felt = points_before(self._memory.history, "peace")
        return sleep_and_peace(slept, felt, wanted=self.compares_nights)

    def _since(self, scale_id: str) -> float:
        """Return how long ago a scale was asked, in s, whether it was answered or not."""
        asked = [utc_s for utc_s, _value in self._asked_about(scale_id)]
        return _now(wall_time()) - max(asked) if asked else float("inf")

    def _asked_about(self, scale_id: str) -> list[tuple[float, int | None]]:
        """Return when a scale was asked (UTC s), with the answers."""
        return [
            (dated.utc_s, dated.entry.value)
            for dated in self._memory.entries
            if isinstance(dated.entry, RatingGiven) and dated.entry.scale == scale_id
        ]

    def was_asked(self, asked: Asked) -> None:
        """Keep that a question was shown: it is shown once."""
        if asked.uuid:
            self._memory.write(FollowUpAsked(asked.uuid))

    def answer(self, asked: Asked, values: Mapping[str, int | None]) -> None:
        """Keep the answers; what was skipped is None."""
        for scale in asked.scales:
            given = RatingGiven(scale.id, values.get(scale.id), asked.when, asked.about)
            self._memory.write(given, asked.session_id)

    # -- support ---------------------------------------------------------------------------

    def support(self) -> tuple[str, str] | None:
        """Return the card of support that is due: its id and its words."""
        memory = self._memory
        found = due(
            memory.content.triggers,
            memory.history,
            memory.entries,
            memory.entries,
            _now(wall_time()),
        )
        return None if found is None else (found.id, found.text)

    def support_was_put_away(self) -> None:
        """Keep that the card was put away."""
        self._memory.write(SupportDismissed())

    def support_was_shown(self, trigger_id: str) -> None:
        """Keep that a card was shown: it comes back in two weeks at the earliest."""
        self._memory.write(SupportShown(trigger_id))

    # -- something new, and words of one's own -----------------------------------------------

    def curious(self) -> str:
        """Return something new to try, one a day; nothing before the first sitting or once away."""
        known = self._memory
        today = _today()
        if not known.history or known.profile.preferences.get(_CURIOUS) == str(today):
            return ""
        return of_the_day(known.content.calm.curious, today)

    def curious_put_away(self) -> None:
        """Show nothing new any more today."""
        self._memory.write(Preferred(_CURIOUS, str(_today())))

    def own_line(self) -> str:
        """Return one of the person's own reasons to feel safe, another one each day."""
        reasons = [text for _id, text in self._about_person.reasons()]
        return of_the_day(reasons, _today())

    # -- what went well --------------------------------------------------------------------

    def win(self, text: str) -> None:
        """Keep a small win: one of those on offer, or own words."""
        offered = text in self._memory.content.calm.wins
        self._memory.write(WinNamed(chip=text) if offered else WinNamed(text=text))

    def wins(self) -> tuple[Kept, ...]:
        """Return small wins, newest first."""
        return wins(self._memory.entries, self._memory.history)

    def crumbs(self) -> tuple[Kept, ...]:
        """Return good crumbs, newest first."""
        return crumbs(self._memory.entries)

    def days(self) -> tuple[str, ...]:
        """Return the days of the last seven that had something, by name; no others."""
        wall = wall_time()
        moments = moments_of(self._memory.entries, self._memory.history)
        found = days_of_this_week(moments, _now(wall), wall.utc_offset_s)
        return tuple(f"{day:%A}" for day in found)

    def trends(self) -> Sequence[Trend]:
        """Return what is told of the weeks, peace first, and pain last where it is asked about."""
        wall, helped = wall_time(), self.wins()
        found: list[Trend] = []
        for scale in SCALES.values():
            if scale.id == PAIN and not self.asks_pain:
                continue
            points = points_of(self._memory.entries, scale.id)
            found.append(trend(scale, points, helped, _now(wall), wall.utc_offset_s))
            # What helped before is the same for all of them: said once is enough.
            helped = () if found[-1].helped else helped
        return found


def _today() -> int:
    wall = wall_time()
    return local_day(_now(wall), wall.utc_offset_s)


def _now(wall: WallTime) -> float:
    return wall.utc_ms / 1000
