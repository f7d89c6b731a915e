"""Recordings of heartbeat intervals as text, of whatever kind: read without rounding, and written.

One column or many, in s or ms, with or without times; from Kubios, Elite HRV, HRV Logger, Polar
Sensor Logger, OpenHRV, PhysioNet. Real files are dirty: what is not an interval is counted, never
guessed, and what is far too long to be one is a gap.
"""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from biobreath.store.rr_layout import content_lines, decoded, layout_of
from biobreath.store.rr_record import RrRecord, record_of
from biobreath.store.rr_rows import intervals_of_beat_times, rows_of
from biobreath.store.unreadable import UnreadableRecording

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes; a day of intervals takes about 1 MB."""
MOST_INTERVALS = 2_000_000


def read_rr_text(path: Path) -> RrRecord:
    """Read a text file of heartbeat intervals.

    Raises
    ------
    UnreadableRecording
        When the file cannot be opened, is too large, or holds no heartbeat intervals.
    """
    try:
        if not path.is_file():
            raise UnreadableRecording(f"There is no file at {path}.")
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, UnreadableRecording):
            raise
        raise UnreadableRecording(f"The file {path} could not be opened.") from error
    return parse_rr_text(data)


def parse_rr_text(data: bytes) -> RrRecord:
    """Read the bytes of a text of heartbeat intervals.

    Intervals are told in ms; the unit of the text is known by the size of its numbers. Anything
    above 5 s is a gap of that length; 0, negative numbers and lines that are not understood break
    the run of adjacent intervals, and the lines are counted.

    Raises
    ------
    UnreadableRecording
        When there are no heartbeat intervals in it; the message is one plain sentence.
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableRecording("This file is larger than any recording; it was not read.")
    lines = content_lines(decoded(data))
    if not lines:
        raise UnreadableRecording("This file is empty.")
    layout = layout_of(lines)
    rows = list(islice(rows_of(lines, layout), MOST_INTERVALS + 1))
    if len(rows) > MOST_INTERVALS:
        raise UnreadableRecording("This file holds more heartbeats than a recording can have.")
    if layout.rr is None:
        rows = intervals_of_beat_times(rows)
    return record_of(rows)


def rr_text(rr_ms: Iterable[float]) -> str:
    """Write intervals in ms as text, one a line and no head, so that reading gives them back."""
    return "".join(f"{_shortest(value)}\n" for value in rr_ms)


def _shortest(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
