"""What is known of the person: everything they wrote and every practice that was, read once."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from biobreath.app.keeper import Keeper
from biobreath.clock import wall_time
from biobreath.practice.content import Content
from biobreath.practice.entries import Dated, Entry, HardDay, ImageryDone, ladder_told, read_entries
from biobreath.practice.imagery import Standing, standing
from biobreath.practice.ladder import Ladder, ladder_of
from biobreath.practice.ladder_advice import Today, today
from biobreath.practice.packs import Pack
from biobreath.practice.past import PastSitting, past_of
from biobreath.practice.pictures import VIEWS
from biobreath.practice.profile import Profile, profile_of
from biobreath.store.library import Library
from biobreath.store.schema import LibraryError

_log = logging.getLogger(__name__)

LADDER_PRACTICE = "core.graded-exposure"


@dataclass(slots=True)
class _Known:
    """What the library tells, read once; what is written meanwhile is added."""

    entries: list[Dated]
    history: list[PastSitting]


class Memory:
    """Reads the journal and the practices of the library, and writes into the journal.

    It is written to in the window's thread; a long look back reads it in another.
    """

    def __init__(self, content: Content, library: Library, keeper: Keeper) -> None:
        self.content = content
        self._library = library
        self._keeper = keeper
        self._known: _Known | None = None
        # Without it a look back that reads while something is written could put older words in
        # the place of what was just added.
        self._reading = threading.RLock()

    def _all(self) -> _Known:
        with self._reading:
            if self._known is None:
                try:
                    self._known = self._read()
                except LibraryError as error:
                    _log.warning("the journal could not be read: %s", error)
                    return _Known([], [])
            return self._known

    def _read(self) -> _Known:
        entries = read_entries(self._library.journal())
        history = [
            past_of(row.id, row.uuid, row.started.utc_ms / 1000, facts, row.started.utc_offset_s)
            for row, facts in self._library.practice_sittings()
        ]
        return _Known(entries, [past for past in history if past is not None])

    def forget_what_was_read(self) -> None:
        """Read the library anew at the next look: something was taken out of it."""
        with self._reading:
            self._known = None

    @property
    def profile(self) -> Profile:
        """What holds of the person now."""
        return profile_of(self.entries)

    @property
    def history(self) -> Sequence[PastSitting]:
        """Every sitting with a practice, oldest first."""
        return self._all().history

    @property
    def entries(self) -> Sequence[Dated]:
        """Everything that was written, oldest first."""
        return self._all().entries

    def write(self, entry: Entry, session_id: int | None = None) -> None:
        """Write something into the journal; it holds at once."""
        wall = wall_time()
        with self._reading:
            known = self._all()
            quiet = isinstance(entry, HardDay)
            self._keeper.write(entry.kind, entry.to_table(), wall, session_id, quiet=quiet)
            dated = Dated(wall.utc_ms / 1000, entry, wall.utc_offset_s, session_id=session_id)
            known.entries.append(dated)

    def sat(self, past: PastSitting) -> None:
        """Know of a sitting that just ended."""
        with self._reading:
            self._all().history.append(past)

    # -- what follows from it --------------------------------------------------------------

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


def now_utc_s() -> float:
    """Return the wall clock, in s."""
    return wall_time().utc_ms / 1000
