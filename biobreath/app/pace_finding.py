"""Finding the pace: all at once, or in pieces on several days, which the library puts together."""

import logging
from collections.abc import Sequence

from biobreath.app.memory import Memory
from biobreath.app.practising import NO_HEART
from biobreath.app.ways import Ways
from biobreath.clock import wall_time
from biobreath.events import Event
from biobreath.practice.hard_days import hard_days
from biobreath.practice.pace_steps import (
    PRACTICE,
    PaceSearch,
    PaceStep,
    StepEnd,
    StepTold,
    search_of,
    step_in,
    told_of,
)
from biobreath.practice.patterns import LONG_OUT
from biobreath.practice.profile import GENTLE_BREATH, HRV_OFF
from biobreath.practice.protocols import Protocol, one_step, sliding
from biobreath.practice.wins import local_day
from biobreath.session import step_words
from biobreath.session.pace_finder import whole_breaths
from biobreath.signal.resonance import LEAST_STEP_BREATHS, LEAST_STEPS
from biobreath.store.library import Library, SittingRow, SittingState
from biobreath.store.schema import LibraryError
from biobreath.ui.finder_card import FinderShown
from biobreath.ui.window import Window

_log = logging.getLogger(__name__)
_KINDS = {"recording": "file"}
"""How the library calls a heart, where the settings call it otherwise."""
_Sat = tuple[float, StepEnd, bool]
"""Which pace was sat, how that ended, and whether enough of it can be read."""


class PaceFinding:
    """The card that offers a search, the sittings that it begins, and how far one is.

    How far it is is read in the window's thread, and by a look back in another.
    """

    def __init__(self, ways: Ways, library: Library, memory: Memory) -> None:
        self._ways = ways
        self._library = library
        self._memory = memory
        self._read: dict[str, _Sat | None] = {}
        """What was sat, by the name of the sitting: one that has ended never changes."""

    def connect(self, window: Window) -> None:
        """Listen to the card; it is made anew with every theme."""
        window.breathe.find_pace.connect(self.begin_all)
        window.breathe.find_step.connect(self.begin_step)

    def show(self) -> None:
        """Show how far the search is; nothing where it would ask for what is not good."""
        self._ways.window.breathe.show_finder(self._shown() if self._is_good() else None)

    def _is_good(self) -> bool:
        """Tell whether a search asks for nothing that somebody told us to be careful with.

        It asks for breaths slower than the gentle one, and for a rhythm that means something.
        """
        return not self._memory.profile.flags & {GENTLE_BREATH, HRV_OFF}

    def _shown(self) -> FinderShown:
        if self._heart() == NO_HEART:
            return FinderShown(step_words.NO_HEART)
        if self._today() in self._hard_days():
            return FinderShown(step_words.HARD_DAY)
        search = self._search()
        return FinderShown(step_words.offer_sentence(search), step_words.button(search))

    def begin_all(self) -> None:
        """Begin the search that is one sitting."""
        self._begin(sliding())

    def begin_step(self) -> None:
        """Begin the next piece of the search."""
        if (per_minute := self._search().next_per_minute) is not None:
            self._begin(one_step(per_minute))

    def _begin(self, course: Protocol) -> None:
        first = course.parts[0][1]
        self._ways.begin(LONG_OUT if first is None else first.pattern, 0, protocol=course)

    # -- how far it is ---------------------------------------------------------------------

    def told(self, session_id: int, practice: str) -> StepTold | None:
        """Return what there is to say of a sitting with one step; None for another sitting.

        There is nothing to say either where a search is not offered any more.
        """
        if practice != PRACTICE or not self._is_good():
            return None
        return told_of(self._steps(), self._hard_days(), session_id, self._today())

    @staticmethod
    def tells(search: PaceSearch) -> bool:
        """Tell whether a search is over and there is enough for an answer."""
        return search.over and len(search.steps) >= LEAST_STEPS

    def facts(self, search: PaceSearch) -> list[Sequence[Event]]:
        """Return the facts of every step of a search.

        Raises
        ------
        LibraryError
            When one cannot be read.
        """
        return [self._library.facts(step.session_id) for step in search.steps]

    def _search(self) -> PaceSearch:
        return search_of(self._steps(), self._hard_days(), self._heart(), self._today())

    def _heart(self) -> str:
        source = self._ways.settings.source
        return _KINDS.get(source, source)

    def _today(self) -> int:
        wall = wall_time()
        return local_day(wall.utc_ms / 1000, wall.utc_offset_s)

    def _hard_days(self) -> frozenset[int]:
        return hard_days(self._memory.entries)

    def _steps(self) -> list[PaceStep]:
        """Return every step that was sat, in order."""
        try:
            rows = self._library.sittings()
        except LibraryError as error:
            _log.warning("the steps of the search could not be read: %s", error)
            return []
        # A clock that was set back changes nothing: numbers are given in order.
        sat = sorted((row for row in rows if row.practice == PRACTICE), key=lambda row: row.id)
        found = [self._step(row) for row in sat if row.state is not SittingState.RECORDING]
        return [step for step in found if step is not None]

    def _step(self, row: SittingRow) -> PaceStep | None:
        if row.uuid not in self._read:
            try:
                self._read[row.uuid] = _read(self._library.facts(row.id), row.duration_s)
            except LibraryError as error:
                _log.warning("sitting %d could not be read: %s", row.id, error)
                return None
        if (sat := self._read[row.uuid]) is None:
            return None
        day = local_day(row.started.utc_ms / 1000, row.started.utc_offset_s)
        return PaceStep(row.id, day, row.source.partition(":")[0], *sat)


def _read(facts: Sequence[Event], duration_s: float) -> _Sat | None:
    """Return what was sat; None where no step was."""
    step = step_in(facts, duration_s)
    return None if step is None else (*step, whole_breaths(facts) >= LEAST_STEP_BREATHS)
