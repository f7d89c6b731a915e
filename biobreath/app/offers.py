"""What is offered: every practice with its length and its hint, and what stands before it."""

from collections.abc import Iterable
from functools import partial

from biobreath.app.memory import Memory, now_utc_s
from biobreath.practice.carried import carried
from biobreath.practice.dose import Dose, dose
from biobreath.practice.entries import Entry, Preferred
from biobreath.practice.ladder_advice import Today
from biobreath.practice.pack_library import lock_of
from biobreath.practice.packs import Pack
from biobreath.practice.timing import length_s, share_for, share_for_breath
from biobreath.settings import SUITED
from biobreath.ui.practices import PracticeCard

_NEXT = "next_practice"
_KEPT_FOR_NOW = "Kept for you since last time."
_DOSED = "mindful_breath"


class Offers:
    """The practices as the page of practices shows them."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def cards(self, minutes: int) -> list[PracticeCard]:
        """Return every practice as the page shows it."""
        flags = self._memory.profile.flags
        cards = [self._card(pack, flags, minutes) for pack in self._memory.content.library.packs]
        # What was wanted next time stands first.
        return sorted(cards, key=lambda card: card.id != self._wanted_next)

    @property
    def _wanted_next(self) -> str:
        return self._memory.profile.preferences.get(_NEXT, "")

    def keep_next(self, began: str, suggested: str) -> Iterable[Entry]:
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
        advice = self._memory.ladder_today() if pack.ladder is not None and lock is None else None
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
        return dose(self._memory.history, pack.id, now_utc_s(), length_of)

    def _with_breath_s(self, pack: Pack, minutes: int) -> float:
        """Return how long a practice is with so many minutes of guided breath, in s."""
        flags = self._memory.profile.flags
        return length_s(pack, share_for_breath(pack, minutes, flags), flags)

    def _open_instead(self, pack_id: str, flags: frozenset[str]) -> Pack | None:
        """Return what is offered in place of a locked practice: the first that is open itself."""
        seen: set[str] = set()
        while pack_id and pack_id not in seen:
            seen.add(pack_id)
            pack = self._memory.content.library.pack(pack_id)
            if pack is None:
                return None
            lock = lock_of(pack, flags, self._lately(pack))
            if lock is None:
                return pack
            pack_id = lock.instead
        return None

    def _lately(self, pack: Pack) -> frozenset[str]:
        """Return the flags that the last sitting set for the next one."""
        return carried(self._memory.history, pack.id).flags

    def trouble(self) -> list[str]:
        """Return which packs of one's own could not be read, and why."""
        return [str(refused) for refused in self._memory.content.library.refused]
