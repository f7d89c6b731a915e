"""Finding the pace: all at once, or in pieces on several days, which the library puts together."""

import logging
from collections.abc import Sequence
from dataclasses import replace

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
from biobreath.signal.signal_state import PAUSED_SHARE
from biobreath.store.library import Library, SittingRow, SittingState
from biobreath.store.schema import LibraryError
from biobreath.store.summary import Summary
from biobreath.ui.finder_card import FinderShown
from biobreath.ui.window import Window

_log = logging.getLogger(__name__)
_KINDS = {"recording": "file"}
"""How the library calls a heart, where the settings call it otherwise."""


class PaceFinding:
    """The card that offers a search, the sittings that it begins, and how far one is.

    How far it is is read in the window's thread, and by a look back in another.
    """

    def __init__(self, ways: Ways, library: Library, memory: Memory) -> None:
        self._ways = ways
        self._library = library
        self._memory = memory
        self._read: dict[str, tuple[float, StepEnd] | None] = {}
        """What was sat, by the name of the sitting: one that has ended never changes."""

    def connect(self, window: Window) -> None:
        """Listen to the card; it is made anew with every theme."""
        window.breathe.find_pace.connect(self.begin_all)
        window.breathe.find_step.connect(self.begin_step)

    def show(self) -> None:
        """Show how far the search is; nothing where it would ask for what is not good."""
        # It asks for breaths slower than the gentle one, and for a rhythm that means something.
        flags = self._memory.profile.flags
        shown = None if flags & {GENTLE_BREATH, HRV_OFF} else self._shown()
        self._ways.window.breathe.show_finder(shown)

    def _shown(self) -> FinderShown:
        if self._heart() == NO_HEART:
            return FinderShown(step_words.NO_HEART)
        if self._today() in self._hard_days():
            return FinderShown(step_words.HARD_DAY)
        search = self._search()
        return FinderShown(
            step_words.offer_sentence(search),
            "The next, 2 min" if search.steps else "In pieces, 2 min",
        )

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

    def told(self, row: SittingRow, summary: Summary) -> StepTold | None:
        """Return what there is to say of a sitting with one step; None for another sitting."""
        if row.practice != PRACTICE:
            return None
        steps = self._steps(replace(row, summary=summary))
        return told_of(steps, self._hard_days(), row.id)

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
        return hard_days(self._memory.entries, self._memory.history)

    def _steps(self, newly: SittingRow | None = None) -> list[PaceStep]:
        """Return every step that was sat, in order; ``newly`` is one whose row is known better."""
        try:
            rows = self._library.sittings()
        except LibraryError as error:
            _log.warning("the steps of the search could not be read: %s", error)
            return []
        found: list[PaceStep] = []
        for listed in sorted(rows, key=lambda row: row.id):
            row = newly if newly is not None and newly.id == listed.id else listed
            if row.practice == PRACTICE and row.state is not SittingState.RECORDING:
                found += self._step(row)
        return found

    def _step(self, row: SittingRow) -> list[PaceStep]:
        if row.uuid not in self._read:
            try:
                self._read[row.uuid] = step_in(self._library.facts(row.id), row.duration_s)
            except LibraryError as error:
                _log.warning("sitting %d could not be read: %s", row.id, error)
                return []
        if (sat := self._read[row.uuid]) is None:
            return []
        day = local_day(row.started.utc_ms / 1000, row.started.utc_offset_s)
        heart = row.source.partition(":")[0]
        return [PaceStep(row.id, day, heart, *sat, readable=_is_readable(row))]


def _is_readable(row: SittingRow) -> bool:
    """Tell whether its beats say anything of the heart's rhythm, as far as that is known yet."""
    summary = row.summary
    if not summary.metrics_version:
        return row.beats > 0
    known = summary.rmssd_ms is not None and summary.corrected_share is not None
    return known and (summary.corrected_share or 0.0) <= PAUSED_SHARE
