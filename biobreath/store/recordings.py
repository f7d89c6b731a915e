"""Recordings from anywhere: a ``.biobreath`` file or RR text, as the facts a sensor would tell."""

import math
from pathlib import Path

from biobreath.events import Event, HeartRateMeasurement
from biobreath.heart_rate_service import from_beat_times, from_intervals
from biobreath.store.rr_text import RrRecord, UnreadableRecording, read_rr_text
from biobreath.store.schema import LibraryError
from biobreath.store.transfer import read_biobreath

_SQLITE_HEAD = b"SQLite format 3\x00"


def read_recording(path: Path) -> list[Event]:
    """Read a recording or an RR text file as facts.

    Raises
    ------
    UnreadableRecording
        With one plain sentence on what is wrong with the file.
    """
    try:
        with path.open("rb") as file:
            head = file.read(len(_SQLITE_HEAD))
        if head == _SQLITE_HEAD:
            return read_biobreath(path)[1]
        return facts_of(read_rr_text(path))
    except FileNotFoundError:
        raise UnreadableRecording(f"There is no file “{path}”.") from None
    except IsADirectoryError:
        raise UnreadableRecording(f"“{path}” is a folder, not a recording.") from None
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise UnreadableRecording(f"“{path}” cannot be read: {why}.") from error
    except (UnreadableRecording, LibraryError) as error:
        raise UnreadableRecording(f"{path.name}: {error}") from error


def facts_of(record: RrRecord) -> list[Event]:
    """Turn intervals of a text file into the facts a sensor would have told.

    Arrivals stay arrivals, several at one moment are one packet; without arrivals the beat times
    are those of the file, so that its gaps stay gaps.
    """
    if record.arrival_s is None:
        times = record.beat_times_s
        return [
            from_beat_times(float(t), [(float(t), float(rr))])
            for t, rr in zip(times, record.rr_ms, strict=True)
        ]
    packets: list[HeartRateMeasurement] = []
    waiting: list[float] = []
    moment = math.nan
    for t, rr in zip(record.arrival_s, record.rr_ms, strict=True):
        if waiting and t != moment:
            packets.append(from_intervals(moment, waiting))
            waiting = []
        moment = float(t)
        waiting.append(float(rr))
    if waiting:
        packets.append(from_intervals(moment, waiting))
    return list(packets)
