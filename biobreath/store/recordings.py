"""Recordings from anywhere: a ``.biobreath`` file or RR text, as the facts a sensor would tell."""

import math
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biobreath.events import Event, LinkChanged, LinkReason, LinkState
from biobreath.heart_rate_service import from_beat_times, from_intervals
from biobreath.store.rr_record import RrRecord
from biobreath.store.rr_text import read_rr_text
from biobreath.store.schema import LibraryError
from biobreath.store.transfer import read_biobreath
from biobreath.store.unreadable import UnreadableRecording

Floats = NDArray[np.float64]

_SQLITE_HEAD = b"SQLite format 3\x00"
_SET_BACK_S = 1.0
"""Arrivals that are out of order by less are only jitter."""


def read_recording(path: Path) -> list[Event]:
    """Read a recording or an RR text file as facts.

    Raises
    ------
    UnreadableRecording
        With one plain sentence on what is wrong with the file.
    """
    with told_plainly(path):
        if is_library_file(path):
            return read_biobreath(path)[1]
        return facts_of(read_rr_text(path))


@contextmanager
def told_plainly(path: Path) -> Generator[None]:
    """Turn whatever goes wrong with a file into one plain sentence that names it.

    Raises
    ------
    UnreadableRecording
        With that sentence.
    """
    try:
        _refuse_what_is_no_file(path)
        yield
    except FileNotFoundError:
        raise UnreadableRecording(f"There is no file “{path}”.") from None
    except IsADirectoryError:
        raise UnreadableRecording(f"“{path}” is a folder, not a recording.") from None
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise UnreadableRecording(f"“{path}” cannot be read: {why}.") from error
    except (UnreadableRecording, LibraryError) as error:
        raise UnreadableRecording(f"{path.name}: {error}") from error


def _refuse_what_is_no_file(path: Path) -> None:
    if path.is_dir():
        raise IsADirectoryError
    if path.exists() and not path.is_file():
        # A pipe that nobody writes to would be waited for without an end.
        raise UnreadableRecording("This is no ordinary file.")


def is_library_file(path: Path) -> bool:
    """Tell by its first bytes whether a file is a ``.biobreath``, whatever its name.

    Raises
    ------
    OSError
        When it cannot be opened.
    """
    with path.open("rb") as file:
        return file.read(len(_SQLITE_HEAD)) == _SQLITE_HEAD


def facts_of(record: RrRecord) -> list[Event]:
    """Turn intervals of a text file into the facts a sensor would have told.

    Arrivals stay arrivals, several at one moment are one packet; without arrivals the beat times
    are those of the file, so that its gaps stay gaps. Where the file breaks its run of intervals,
    the line to the heart is told to have broken, too.
    """
    moments_s = record.beat_times_s if record.arrival_s is None else _filled(record)
    new_segment = np.diff(record.segment) != 0
    # Intervals that arrived at one moment without a break between them are one packet.
    borders = [0, *(np.flatnonzero(new_segment | (np.diff(moments_s) != 0)) + 1).tolist()]
    broken = set((np.flatnonzero(new_segment) + 1).tolist())
    # Plain lists: a day is a hundred thousand packets, and numpy would cost more for each.
    moments, rr_ms = moments_s.tolist(), record.rr_ms.tolist()
    beats = list(zip(record.beat_times_s.tolist(), rr_ms, strict=True))
    facts: list[Event] = []
    for first, beyond in zip(borders, [*borders[1:], len(rr_ms)], strict=True):
        moment = moments[first]
        if first in broken:
            facts += _broken(moments[first - 1], moment)
        if record.arrival_s is None:
            facts.append(from_beat_times(moment, beats[first:beyond]))
        else:
            facts.append(from_intervals(moment, rr_ms[first:beyond]))
    return facts


def _broken(last: float, next_one: float) -> list[Event]:
    missing = LinkReason.BEATS_MISSING
    return [
        LinkChanged(last, LinkState.SILENT, missing),
        LinkChanged(max(last, next_one), LinkState.RECEIVING),
    ]


def _filled(record: RrRecord) -> Floats:
    """Return when each interval arrived; one that does not say it came its length after the last.

    Arrivals never step back: order in the file comes first. So does one that comes after a clock
    was set back, and all that follow it go on from there.
    """
    assert record.arrival_s is not None
    arrival_s = record.arrival_s.copy()
    known = np.flatnonzero(np.isfinite(arrival_s))
    beat_s = np.cumsum(record.rr_ms) / 1000.0
    first = int(known[0])
    arrival_s[:first] = arrival_s[first] - (beat_s[first] - beat_s[:first])
    for i in range(first + 1, arrival_s.size):
        if not math.isfinite(arrival_s[i]):
            arrival_s[i] = arrival_s[i - 1] + record.rr_ms[i] / 1000.0
    steps_s = np.diff(arrival_s)
    set_back = np.flatnonzero(steps_s < -_SET_BACK_S)
    later_s = np.zeros(arrival_s.size)
    later_s[set_back + 1] = record.rr_ms[set_back + 1] / 1000.0 - steps_s[set_back]
    arrival_s += np.cumsum(later_s)
    return np.maximum.accumulate(arrival_s)
