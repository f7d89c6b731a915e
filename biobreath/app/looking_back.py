"""Reads sittings for the window; a long one is worked out beside it, and can be left."""

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from biobreath.app.keeper import Keeper
from biobreath.app.pace_finding import PaceFinding
from biobreath.events import Event
from biobreath.practice.looked_back import LookedBackOn
from biobreath.session import words
from biobreath.session.review import review, with_pace_of_steps
from biobreath.store.library import Library, SittingRow, SittingState
from biobreath.store.schema import LibraryError
from biobreath.ui.bridge import Bridge
from biobreath.ui.look_back import SittingLine
from biobreath.ui.sitting_page import SittingSeen

_log = logging.getLogger(__name__)

_UNREADABLE = "Something in it cannot be read. It stays in the library as it is."

Shown = Callable[[SittingSeen], None]
Told = Callable[[int, str, float, Sequence[Event]], LookedBackOn | None]
"""Puts a sitting with a practice into words: its number, uuid, beginning (UTC s) and facts."""


class LookingBack:
    """The library as the window sees it."""

    def __init__(
        self,
        library: Library,
        keeper: Keeper,
        bridge: Bridge,
        told: Told,
        pace_finding: PaceFinding,
        flags: Callable[[], Collection[str]] = frozenset,
    ) -> None:
        self._told = told
        self._pace_finding = pace_finding
        self._flags = flags
        self._library = library
        self._keeper = keeper
        self._bridge = bridge
        self.trouble = ""
        """Why the sittings could not be listed when they were last asked for."""
        self._wanted = 0
        """Counts up with every look; an older one finds itself unwanted and stops."""

    def _sittings(self) -> list[SittingRow]:
        self.trouble = ""
        try:
            return self._library.sittings()
        except LibraryError as error:
            _log.warning("the sittings could not be listed: %s", error)
            self.trouble = f"Your sittings cannot be shown just now. {error}"
            return []

    def count(self) -> int:
        """Return how many sittings there are."""
        return len(self._sittings())

    def lines(self) -> list[SittingLine]:
        """Return the sittings in words, newest first."""
        return [
            SittingLine(row.id, words.when(row.started), _what(row)) for row in self._sittings()
        ]

    def facts(self, session_id: int) -> Sequence[Event]:
        """Return the facts of a sitting; nothing where it cannot be read."""
        try:
            return self._library.facts(session_id)
        except LibraryError as error:
            _log.warning("sitting %d could not be read: %s", session_id, error)
            return []

    def stop(self) -> None:
        """Leave the look under way."""
        self._wanted += 1

    def open(
        self,
        session_id: int,
        shown: Shown,
        progressed: Callable[[float], None],
        unreadable: Callable[[str], None],
    ) -> None:
        """Work a sitting out beside the window; the other three are called in the window.

        ``unreadable`` gets the sentence that says why the sitting cannot be shown.
        """
        self._wanted += 1
        number = self._wanted

        def wanted() -> bool:
            return number == self._wanted

        def go_on(share: float) -> bool:
            self._bridge.hand_over(lambda: progressed(share) if wanted() else None)
            return wanted()

        def work() -> None:
            try:
                seen = self._see(session_id, go_on)
            except InterruptedError:
                return
            except Exception as error:  # noqa: BLE001  whatever it was, the window must not wait
                _log.warning("sitting %d cannot be shown", session_id, exc_info=error)
                sentence = str(error) if isinstance(error, LibraryError) else _UNREADABLE
                self._bridge.hand_over(lambda: unreadable(sentence) if wanted() else None)
            else:
                self._bridge.hand_over(lambda: shown(seen) if wanted() else None)

        threading.Thread(target=work, name="look back", daemon=True).start()

    def _see(self, session_id: int, go_on: Callable[[float], bool]) -> SittingSeen:
        row = self._library.sitting(session_id)
        facts = self._library.facts(session_id)
        found = review(facts, go_on)
        if row.summary != found.summary:
            self._keeper.sum_up(session_id, found.summary)
        # It was as long as the list says, to its end and not to its last fact.
        found = replace(found, duration_s=max(found.duration_s, row.duration_s))
        step = self._pace_finding.told(session_id, row.practice)
        if step is not None and step.counts and self._pace_finding.tells(step.search):
            found = with_pace_of_steps(found, self._pace_finding.facts(step.search))
        return SittingSeen(
            session_id=session_id,
            when=words.when(row.started),
            source=words.source(row.source, row.device_name),
            recovered=row.state is SittingState.RECOVERED,
            review=found,
            step=step,
            told=self._told(session_id, row.uuid, row.started.utc_ms / 1000, facts),
            heart_hidden="hide_heart" in (flags := self._flags()),
            rhythm_off="hrv_off" in flags,
        )


def _what(row: SittingRow) -> str:
    recovered = " · kept up to its last second" if row.state is SittingState.RECOVERED else ""
    heart = words.source(row.source, row.device_name) if row.beats else "without a heart"
    return f"{words.length(row.duration_s)} · {heart}{recovered}"
