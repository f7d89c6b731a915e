"""Keeps sittings where it can, and says in one sentence where it cannot; breathing goes on."""

import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from biobreath.clock import WallTime
from biobreath.events import Event
from biobreath.store.recorder import Recorder, RecorderState
from biobreath.store.schema import LibraryBusy, LibraryError
from biobreath.store.summary import Summary
from biobreath.store.tasks import SittingStart
from biobreath.ui.bridge import Bridge

_log = logging.getLogger(__name__)

_BUSY = "Another biobreath is open and keeps its sittings. This one will not be kept."
_WAITING = "The disk is full or locked. We hold this sitting and try again every second."
_HELD = (
    "The disk is full or locked, so this sitting is not on it yet. It is written as soon as there"
    " is room, if biobreath stays open."
)
_NOT_KEPT = "This sitting could not be kept."
_NOT_WRITTEN = "What you just wrote could not be kept: the library cannot be written right now."
_BEGIN_S = 3.0
_GONE_S = 10.0
"""Every page is written anew; half a second where the library holds 150 MB."""
_CLOSE_S = 10.0


class Keeper:
    """The recorder as the window knows it: never an exception, a notice instead."""

    def __init__(self, library: Path, bridge: Bridge) -> None:
        self._library = library
        self._bridge = bridge
        self._recorder: Recorder | None = None
        self._trouble = ""
        self._says_waiting = False
        self.on_notice: Callable[[str], None] = _nobody_listens

    def start(self) -> None:
        """Open the library; what stands in the way is said when a sitting begins."""
        recorder = Recorder(self._library, on_state=self._state_changed)
        try:
            recorder.start()
        except LibraryBusy:
            self._trouble = _BUSY
        except LibraryError as error:
            _log.warning("the library could not be opened: %s", error)
            self._trouble = f"{error} This sitting will not be kept."
        else:
            self._recorder = recorder
            self._trouble = ""

    def _state_changed(self, state: RecorderState) -> None:
        """Hear it in the writer's thread; say it in the window's."""
        waits = state is RecorderState.WAITING
        # Only what was said of the disk is taken back: other sentences stand in the same place.
        if waits or self._says_waiting:
            self._says_waiting = waits
            sentence = _WAITING if waits else ""
            self._bridge.hand_over(lambda: self.on_notice(sentence))

    def begin(self, start: SittingStart) -> None:
        """Begin a sitting; one more try to open the library if that failed before."""
        recorder = self._opened()
        if recorder is not None:
            recorder.begin(start)
        # The breathing screen is not there yet; it comes first.
        trouble = self._trouble
        self._bridge.hand_over(lambda: self.on_notice(trouble))

    def add(self, fact: Event) -> None:
        """Keep a fact; safe from any thread."""
        if self._recorder is not None:
            self._recorder.add(fact)

    def end(self, t: float, kept: Callable[[int | None, str], None]) -> None:
        """End the sitting; ``kept`` is called in the window's thread once it is known how it went.

        It gets the number of the sitting in the library, or None and a sentence that says why not.
        """
        recorder, trouble = self._recorder, self._trouble
        if recorder is None:
            self._bridge.hand_over(lambda: kept(None, trouble or _NOT_KEPT))
            return
        recorder.end(t)

        def wait() -> None:
            session_id, sentence = _wait_for(recorder)
            self._bridge.hand_over(lambda: kept(session_id, sentence))

        # A disk that refuses may take seconds to say so; the window does not wait with it.
        threading.Thread(target=wait, name="sitting ends", daemon=True).start()

    def sum_up(self, session_id: int, summary: Summary) -> None:
        """Write the summary numbers beside a sitting."""
        if self._recorder is not None:
            self._recorder.set_summary(session_id, summary)

    def write(
        self,
        kind: str,
        body: Mapping[str, object],
        wall: WallTime,
        session_id: int | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        """Write an entry into the journal, about a sitting where ``session_id`` names one.

        Where it cannot be kept the person is told, but not of what they did not write (``quiet``).
        """
        recorder = self._opened()
        if recorder is None:
            if not quiet:
                self._bridge.hand_over(lambda: self.on_notice(_NOT_WRITTEN))
            return
        recorder.write(kind, body, wall, session_id)

    def remove(self, session_id: int, removed: Callable[[bool], None]) -> None:
        """Take a sitting out of the library for good; ``removed`` is told in the window's thread.

        It gets False where the library cannot be written just now.
        """
        self._take_out(lambda recorder: recorder.delete(session_id), removed)

    def erase(self, entry_id: int, erased: Callable[[bool], None]) -> None:
        """Erase an entry of the journal for good; ``erased`` is told as by ``remove``."""
        self._take_out(lambda recorder: recorder.erase(entry_id), erased)

    def erase_all(self, erased: Callable[[bool], None]) -> None:
        """Erase every sitting and the journal for good; ``erased`` is told as by ``remove``."""
        self._take_out(Recorder.erase_all, erased)

    def _take_out(self, take: Callable[[Recorder], None], told: Callable[[bool], None]) -> None:
        recorder = self._opened()
        if recorder is None:
            self._bridge.hand_over(lambda: told(False))  # noqa: FBT003  a callback
            return
        take(recorder)

        def wait() -> None:
            done = recorder.flush(_GONE_S)
            self._bridge.hand_over(lambda: told(done))

        threading.Thread(target=wait, name="something goes", daemon=True).start()

    def _opened(self) -> Recorder | None:
        """Return the recorder; one more try to open the library if that failed before."""
        if self._recorder is None:
            self.start()
        return self._recorder

    def close(self) -> None:
        """Write everything down and let the library go."""
        recorder, self._recorder = self._recorder, None
        if recorder is not None and not recorder.close(_CLOSE_S):
            _log.error("the last facts could not be written; is the disk full?")


def _wait_for(recorder: Recorder) -> tuple[int | None, str]:
    try:
        session_id = recorder.wait_begun(_BEGIN_S)
    except LibraryError as error:
        _log.warning("the sitting could not be begun: %s", error)
        return None, _NOT_KEPT
    if session_id is None or not recorder.flush(_BEGIN_S):
        return None, _HELD
    return session_id, ""


def _nobody_listens(_sentence: str) -> None:
    """Say nothing: there is no window yet."""
