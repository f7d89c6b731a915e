"""``biobreath import``: recordings from anywhere become sittings of the library."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from biobreath import __version__, places
from biobreath.clock import WallTime
from biobreath.commands.output import CannotDo, complain, say
from biobreath.events import Event, HeartRateMeasurement, PracticeBegan
from biobreath.practice import pace_steps
from biobreath.practice.entries import ABOUT_A_SITTING, Entry, entry_of
from biobreath.session.review import review
from biobreath.store.journal import JournalEntry
from biobreath.store.recorder import Recorder
from biobreath.store.recordings import facts_of, is_library_file, told_plainly
from biobreath.store.rr_text import read_rr_text
from biobreath.store.schema import LibraryError
from biobreath.store.tasks import SittingStart
from biobreath.store.transfer import read_sent
from biobreath.store.unreadable import UnreadableRecording

_WRITTEN_S = 60.0
_TEXTS = uuid.UUID("5b2f0c1e-7d43-4c0a-9a52-0d9a6f3b8e11")
"""The family of names for sittings made of text: the same bytes are the same sitting."""


def run(files: Sequence[str]) -> int:
    """Take each file into the library; one that cannot be read does not stop the rest.

    Returns 1 when any file could not be taken.

    Raises
    ------
    CannotDo
        When the library cannot be written.
    """
    recorder = Recorder(places.library_path())
    try:
        recorder.start()
    except LibraryError as error:
        raise CannotDo(str(error)) from error
    exit_code = 0
    for name in files:
        try:
            with told_plainly(Path(name)):
                session_id = _take(recorder, Path(name))
        except UnreadableRecording as trouble:
            complain(str(trouble))
            exit_code = 1
        else:
            say(f"{name}: sitting {session_id}")
    if not recorder.close(_WRITTEN_S):
        raise CannotDo("Not everything could be written: is the disk full?")
    return exit_code


def _take(recorder: Recorder, path: Path) -> int:
    start, facts, journal = _of_biobreath(path) if is_library_file(path) else _of_text(path)
    if not any(isinstance(fact, HeartRateMeasurement | PracticeBegan) for fact in facts):
        raise UnreadableRecording("It holds no heartbeats.")
    summary = review(facts).summary
    recorder.begin(start)
    session_id = recorder.wait_begun(_WRITTEN_S)
    if session_id is None:
        raise UnreadableRecording("The library could not be written: is the disk full?")
    for fact in facts:
        recorder.add(fact)
    recorder.end(max(fact.t for fact in facts), summary)
    for row in journal:
        if (entry := _about_the_sitting(row)) is not None:
            wall = WallTime(row.written_ms, row.utc_offset_s, "")
            recorder.write(entry.kind, entry.to_table(), wall, session_id)
    return session_id


def _about_the_sitting(row: JournalEntry) -> Entry | None:
    """Return what tells of the sitting; a file must not decide what a person is offered."""
    try:
        return entry_of(row.kind, row.body) if row.kind in ABOUT_A_SITTING else None
    except ValueError:
        return None


def _of_biobreath(path: Path) -> tuple[SittingStart, list[Event], list[JournalEntry]]:
    sent = read_sent(path)
    row = sent.row
    start = SittingStart(
        uuid=row.uuid,
        wall=row.started,
        # A step of somebody's search for the pace is no part of a search here.
        practice="pace_finder" if row.practice == pace_steps.PRACTICE else row.practice,
        source=row.source,
        app_version=row.app_version,
        device_name=row.device_name,
        settings_json=row.settings_json,
    )
    return start, sent.facts, sent.journal


def _of_text(path: Path) -> tuple[SittingStart, list[Event], list[JournalEntry]]:
    record = read_rr_text(path)
    written = path.stat().st_mtime
    start = SittingStart(
        uuid=str(uuid.uuid5(_TEXTS, hashlib.sha256(path.read_bytes()).hexdigest())),
        wall=_wall(record.started or datetime.fromtimestamp(written).astimezone()),
        practice="free_breathing",
        source=f"file:{path.name}",
        app_version=__version__,
    )
    return start, facts_of(record), []


def _wall(moment: datetime) -> WallTime:
    """Return the moment as a sitting's beginning; one without a zone is meant as here."""
    local = moment.astimezone() if moment.tzinfo is None else moment
    offset = local.utcoffset()
    return WallTime(
        utc_ms=round(local.timestamp() * 1000),
        utc_offset_s=round(offset.total_seconds()) if offset else 0,
        tz_name=local.tzname() or "",
    )
