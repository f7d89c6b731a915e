"""The recorder: one thread that writes to the library, facts of a sitting about once a second.

Facts and entries of the journal are given from any thread and wait in one queue until a commit
holds them. When the disk refuses, they go on waiting, in order, and every second is tried again.
"""

import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import replace
from enum import StrEnum
from itertools import islice
from pathlib import Path

from biobreath.clock import WallTime
from biobreath.events import Event
from biobreath.store import journal
from biobreath.store.pen import Pen
from biobreath.store.schema import LibraryError, writing
from biobreath.store.summary import Summary
from biobreath.store.tasks import (
    Begin,
    Delete,
    End,
    Erase,
    EraseAll,
    Gap,
    SetSummary,
    SittingStart,
    Task,
)

_log = logging.getLogger(__name__)

COMMIT_EVERY_S = 0.8
"""So long the disk rests between two commits, but for what is urgent; a fact waits no longer. A
killed process loses at most a second; the rest of it is for a disk and a processor that are busy. A
strap speaks once a second: its packets are written when they come, while the processor is awake."""

MOST_WAITING = 1_000_000
"""Facts held while the disk refuses, days of a sitting. Then what came first is kept, what comes
after is counted, and a gap is written in its place."""

_BATCH = 10_000
_LAST_COMMIT_S = 1.0


class RecorderState(StrEnum):
    """How the recording stands."""

    RECORDING = "recording"
    WAITING = "waiting"
    """The disk refuses; facts are held in memory and tried again each second."""
    OFF = "off"
    """No sitting is open."""


class Recorder:
    """Writes sittings to one library, one after another, from a thread of its own.

    Every method may be called from any thread. ``on_state`` is called on the writer thread.
    """

    def __init__(
        self, library_path: Path, on_state: Callable[[RecorderState], None] = lambda _state: None
    ) -> None:
        self._path = library_path
        self._on_state = on_state
        self._state = RecorderState.OFF
        self._changed = threading.Condition()
        self._queue: deque[Task] = deque()
        self._done = 0  # tasks that a commit has taken from the queue
        self._urgent = 0  # tasks up to this one do not wait for the second to pass
        self._begun = 0  # the task that began the latest sitting
        self._gap: Gap | None = None
        self._lost = 0
        self._session_id: int | None = None
        self._refusal: LibraryError | None = None
        self._failing = False
        self._closing = False
        self._abandoned = False
        self._opened: Future[None] = Future()
        # A daemon, so that a process which forgets close() still ends; close() joins it.
        self._thread = threading.Thread(target=self._run, name="biobreath-recorder", daemon=True)

    def start(self) -> None:
        """Open the library and begin to write.

        Raises
        ------
        LibraryBusy
            When another process is recording.
        LibraryError
            When the library cannot be opened for writing; the text says why.
        """
        self._thread.start()
        self._opened.result()

    @property
    def state(self) -> RecorderState:
        """How the recording stands."""
        return self._state

    @property
    def session_id(self) -> int | None:
        """The number of the latest sitting, None until its beginning is on the disk."""
        return self._session_id

    @property
    def lost(self) -> int:
        """How many facts could not be kept: no sitting was open, or too many were waiting."""
        return self._lost

    def begin(self, start: SittingStart) -> None:
        """Open a sitting; what is added from now on belongs to it."""
        with self._changed:
            self._session_id = None
            self._refusal = None
            self._begun = self._give(Begin(start), urgent=True)

    def wait_begun(self, timeout_s: float) -> int | None:
        """Wait until the latest sitting is on the disk; return its number, None if not yet.

        Raises
        ------
        LibraryError
            When the library refuses the sitting, because it is already there.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._done >= self._begun, timeout_s)
            if self._refusal is not None:
                raise self._refusal
            return self._session_id

    def add(self, event: Event) -> None:
        """Give one fact of the open sitting to be written within a second."""
        with self._changed:
            if len(self._queue) < MOST_WAITING and not self._closing:
                self._give(event)
                return
            self._lost += 1
            started = self._gap or Gap(event.t, event.t, 0)
            self._gap = replace(started, until_s=event.t, facts=started.facts + 1)

    def end(self, t: float, summary: Summary | None = None) -> None:
        """Close the open sitting at session time ``t``."""
        with self._changed:
            self._give(End(t, summary), urgent=True)

    def set_summary(self, session_id: int, summary: Summary) -> None:
        """Write the numbers of a sitting, also of one long closed."""
        with self._changed:
            self._give(SetSummary(session_id, summary), urgent=True)

    def delete(self, session_id: int) -> None:
        """Really delete a sitting with all its facts and notes, in the backups as well.

        Deleting the sitting that is being recorded stops recording it. While another one is being
        recorded, torn remains may lie in the file until its end.
        """
        with self._changed:
            self._give(Delete(session_id), urgent=True)

    def write(
        self,
        kind: str,
        body: Mapping[str, object],
        wall: WallTime,
        session_id: int | None = None,
    ) -> None:
        """Write an entry into the journal, about a sitting where ``session_id`` names one.

        Raises
        ------
        TypeError, ValueError
            When the body is no table of plain values; what is on the disk stays as it is.
        """
        entry = journal.draft(kind, body, wall, session_id)
        with self._changed:
            if self._closing:
                self._lost += 1
                return
            self._give(entry, urgent=True)

    def erase(self, entry_id: int) -> None:
        """Really erase one entry of the journal, in the backups as well, as ``delete`` does."""
        with self._changed:
            self._give(Erase(entry_id), urgent=True)

    def erase_all(self) -> None:
        """Really erase every sitting and the whole journal, with all backups.

        A sitting that is being recorded is recorded no more.
        """
        with self._changed:
            self._give(EraseAll(), urgent=True)

    def flush(self, timeout_s: float) -> bool:
        """Wait until everything given so far is on the disk; False if it is not yet."""
        with self._changed:
            given = self._urgent = self._given()
            self._changed.notify_all()
            return self._changed.wait_for(lambda: self._done >= given, timeout_s)

    def close(self, timeout_s: float) -> bool:
        """Write what is left and end the thread; False if something could not be written.

        A sitting that was not ended stays open on the disk; the next opener calls it recovered.
        """
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.ident is None:
            return not self._queue
        self._thread.join(timeout_s)
        with self._changed:
            self._abandoned = True
            self._changed.notify_all()
        self._thread.join(_LAST_COMMIT_S)
        return not self._queue

    # --- the queue, under the lock -------------------------------------------------------------

    def _given(self) -> int:
        return self._done + len(self._queue)

    def _give(self, task: Task, *, urgent: bool = False) -> int:
        was_empty = not self._queue
        if self._gap is not None:
            gap, self._gap = self._gap, None
            self._queue.append(gap)
        self._queue.append(task)
        if urgent:
            self._urgent = self._given()
        # Who waits for the time to pass need not know of one fact more.
        if urgent or was_empty or len(self._queue) == _BATCH:
            self._changed.notify_all()
        return self._given()

    def _is_due(self) -> bool:
        if self._failing:
            return self._abandoned
        return self._closing or self._done < self._urgent or len(self._queue) >= _BATCH

    # --- the writer thread ---------------------------------------------------------------------

    def _run(self) -> None:
        with ExitStack() as stack:
            try:
                connection = stack.enter_context(writing(self._path))
            except Exception as error:  # noqa: BLE001  start() raises it to its caller
                self._opened.set_exception(error)
                return
            stack.callback(self._tell, RecorderState.OFF)
            self._opened.set_result(None)
            self._serve(Pen(connection, self._path))

    def _serve(self, pen: Pen) -> None:
        while batch := self._next_batch():
            try:
                pen.write(batch)
            except Exception as error:  # noqa: BLE001  without this thread nothing is kept at all
                if not self._failing:
                    known = isinstance(error, sqlite3.Error)
                    unknown = None if known else error
                    _log.warning("The disk refuses; facts are held: %r", error, exc_info=unknown)
                self._failing = True
                self._tell(RecorderState.WAITING)
                continue
            self._failing = False
            is_open = pen.sitting is not None
            self._tell(RecorderState.RECORDING if is_open else RecorderState.OFF)
            self._take_away(len(batch), pen)

    def _next_batch(self) -> list[Task]:
        rests_until = time.monotonic() + COMMIT_EVERY_S
        with self._changed:
            # Without a timeout: an idle window does not wake the processor.
            self._changed.wait_for(lambda: self._queue or self._closing)
            left_s = rests_until - time.monotonic()
            if left_s > 0:
                self._changed.wait_for(self._is_due, left_s)
            return [] if self._abandoned else list(islice(self._queue, _BATCH))

    def _take_away(self, count: int, pen: Pen) -> None:
        with self._changed:
            for _ in range(count):
                self._queue.popleft()
            self._done += count
            self._lost += pen.unwritten
            if self._done >= self._begun:
                self._session_id = pen.session_id
                self._refusal = pen.refusal
            self._changed.notify_all()

    def _tell(self, state: RecorderState) -> None:
        if state is self._state:
            return
        self._state = state
        try:
            self._on_state(state)
        except Exception:  # noqa: BLE001  whoever listens, the recording goes on
            _log.exception("Telling how the recording stands went wrong.")
