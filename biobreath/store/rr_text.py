"""Recordings of heartbeat intervals as text, of whatever kind: read without rounding, and written.

One column or many, in s or ms, with or without times; from Kubios, Elite HRV, HRV Logger, Polar
Sensor Logger, OpenHRV, PhysioNet. Real files are dirty: what is not an interval is counted, never
guessed, and what is far too long to be one is a gap.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import islice, pairwise
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes; a day of intervals takes about 1 MB."""
MOST_INTERVALS = 2_000_000
LONGEST_INTERVAL_MS = 5000.0
"""An interval longer than this is no beat but a gap; up to it, its verdict is not ours to give."""

_LONGEST_LINE = 1_000_000
_HOLE_SHARE = 0.5
"""With beat times as written: a beat that is later than its interval says, by this share of it,
follows a gap. Less is no beat."""
_HALF_A_DAY_S = 43_200.0
_LONGEST_GAP_S = 7 * 86_400.0
_SHORTEST_MIDDLE_S, _LONGEST_MIDDLE_S = 0.2, 3.0
"""The middle interval of a person: 20 to 300 beats a minute."""
_BEAT_TOLERANCE_S = 0.006
"""Times may be rounded to 1/100 s."""
_LARGEST_TIME = 1e19
_LOOKED_AT = 400
_MANY_LINES = 10
_FLAT_CELLS = 4

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_RR_NAME = re.compile(
    r"(?:^|[^a-z])(?:rr|r-r|rri|ibi|ibis|nn|nni|interbeatinterval|intervals?|duration)(?:[^a-z]|$)"
)
_TIME_NAME = re.compile(r"time|date|arrival|elapsed|since|(?:^|[^a-z])(?:t|ts|sec)(?:[^a-z]|$)")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2}):([0-9]{2}(?:[.,][0-9]+)?)")
_COMMENTS = ("#", "%", "//")
_OTHER_EVENTS = {"pacerrate", "hrvtarget", "heartratevariability", "annotation", "biofeedback"}


class UnreadableRecording(ValueError):  # noqa: N818
    """There are no heartbeat intervals to be had from it; the text is one plain sentence."""


class Unit(StrEnum):
    """The unit in which a file gives its intervals."""

    MS = "ms"
    S = "s"


@dataclass(frozen=True, slots=True)
class Gap:
    """Beats are missing from ``t`` (s, on the clock of the beat times) for ``length_s``.

    ``length_s`` is ``nan`` where a line that was not understood may have held beats.
    """

    t: float
    length_s: float


@dataclass(frozen=True, slots=True, eq=False)
class RrRecord:
    """The intervals of a file, exactly as written; the arrays have shape (n,) and are read-only.

    ``rr_ms`` are the raw intervals in ms. ``segment`` counts up where intervals are not adjacent.
    ``beat_times_s`` are the times of the beats: as written (``are_times_written``), else the
    running sum of the intervals and the gaps between them. ``arrival_s`` are the times at which
    the intervals arrived, if the file has those; ``nan`` where one is missing. What precedes the
    first interval is a gap at 0 that the running sum leaves out.
    ``skipped`` is how many lines were not understood, ``started`` the first date and time.
    """

    rr_ms: Floats
    segment: NDArray[np.int64]
    beat_times_s: Floats
    are_times_written: bool
    arrival_s: Floats | None
    gaps: tuple[Gap, ...]
    skipped: int
    unit: Unit
    started: datetime | None


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
    lines = _content(_decoded(data))
    if not lines:
        raise UnreadableRecording("This file is empty.")
    layout = _layout(lines)
    rows = list(islice(_rows(lines, layout), MOST_INTERVALS + 1))
    if len(rows) > MOST_INTERVALS:
        raise UnreadableRecording("This file holds more heartbeats than a recording can have.")
    if layout.rr is None:
        rows = _intervals_of_beat_times(rows)
    return _record(rows)


def rr_text(rr_ms: Iterable[float]) -> str:
    """Write intervals in ms as text, one a line and no head, so that reading gives them back."""
    return "".join(f"{_shortest(value)}\n" for value in rr_ms)


def _shortest(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


# From bytes to lines


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    head = data[:4096]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        # ASCII in two bytes a character: every other byte is NUL.
        if head and head[offset::2].count(0) > 0.8 * len(head) / 2 > head[1 - offset :: 2].count(0):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _content(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith(_COMMENTS)]


# What the columns are


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a line is read: its separator, the decimal mark, and which cell is what.

    ``rr`` is None where there are only beat times. ``separator`` "" is any blank space. ``flat``
    is a list of intervals, several a line. ``first`` is the first line that may hold an interval.
    """

    separator: str
    decimal_comma: bool
    rr: int | None = 0
    time: int | None = None
    event: int | None = None
    offline: int | None = None
    flat: bool = False
    first: int = 0


def _layout(lines: Sequence[str]) -> _Layout:
    sample = lines[:_LOOKED_AT]
    separator, decimal_comma = _separator(sample)
    cells = [_cells(line, separator) for line in sample]
    for index, row in enumerate(cells):
        named = _named(row, index, separator, decimal_comma=decimal_comma)
        if named is not None:
            return _with_time(named, cells)
    return _unnamed(cells, separator, decimal_comma=decimal_comma)


def _separator(sample: Sequence[str]) -> tuple[str, bool]:
    digits = [line for line in sample if any(c.isdigit() for c in line)]
    for mark in (";", "\t"):
        if sum(mark in line for line in digits) > len(digits) / 2:
            rest = "".join(digits).replace(mark, " ")
            return mark, "," in rest and "." not in rest
    if not digits or sum("," in line for line in digits) <= len(digits) / 2:
        return "", False
    if any("," in line for line in sample if line not in digits):
        return ",", False  # a head of several names
    return ("", True) if _comma_is_decimal(digits) else (",", False)


def _comma_is_decimal(lines: Sequence[str]) -> bool:
    """Tell '0,882' (one number) from '12,882' (a time and an interval): times only rise."""
    if any("." in line or ", " in line for line in lines):
        return False
    if any(line.count(",") > 1 and not any(c.isspace() for c in line) for line in lines):
        return False
    before = [line.split(",")[0] for line in lines if "," in line]
    rising = [int(text) for text in before if text.isdecimal() and len(text) < 19]
    rises = len(rising) > 2 and all(a <= b for a, b in pairwise(rising))
    return not (rises and rising[-1] > _LONGEST_MIDDLE_S)


def _cells(line: str, separator: str) -> list[str]:
    parts = line.split(separator) if separator else line.split()
    return [part.strip().strip('"') for part in parts[:64]]


def _named(
    row: Sequence[str], index: int, separator: str, *, decimal_comma: bool
) -> _Layout | None:
    """Read a head line; None where it names no intervals."""
    names = [cell.lower() for cell in row]
    first = index + 1
    if names[:3] == ["event", "value", "timestamp"]:
        return _Layout(separator, decimal_comma, rr=1, time=2, event=0, first=first)
    rr = next((i for i, name in enumerate(names) if _RR_NAME.search(name)), None)
    if rr is None or _number(row[rr], decimal_comma=decimal_comma) is not None:
        return None
    time = next((i for i, n in enumerate(names) if i != rr and _TIME_NAME.search(n)), None)
    offline = names.index("offline") if "offline" in names else None
    return _Layout(separator, decimal_comma, rr, time, offline=offline, first=first)


def _with_time(layout: _Layout, cells: Sequence[Sequence[str]]) -> _Layout:
    """Find the times of a table whose head names only the intervals."""
    if layout.time is not None or layout.rr is None:
        return layout
    columns = _columns(cells[layout.first :], decimal_comma=layout.decimal_comma)
    others = {i: c for i, c in columns.items() if i != layout.rr}
    time = next((i for i, column in others.items() if _only_rises(column)), None)
    return replace(layout, time=time)


def _unnamed(cells: Sequence[Sequence[str]], separator: str, *, decimal_comma: bool) -> _Layout:
    """Tell by their numbers which column holds the intervals and which the times."""
    plain = _Layout(separator, decimal_comma, first=int(_is_head(cells[0])))
    columns = _columns(cells, decimal_comma=decimal_comma)
    rising = [i for i, column in columns.items() if _only_rises(column)]
    dated = next((i for i in range(3) if _is_dated(cells, i)), None)
    time = dated if dated is not None else (rising[0] if rising else None)
    likely = [i for i, column in columns.items() if _like_intervals(column)]
    steady = [i for i in likely if i not in rising]
    if not steady and len(cells) < _MANY_LINES:
        # A handful of intervals may well rise; beside others, what rises first is the time.
        steady = [i for i in likely if i != time] or likely
    many = _FLAT_CELLS if len(cells) > 1 else 2
    if len(columns) >= many and len(steady) == len(columns):
        return replace(plain, flat=True)
    if steady:
        return replace(plain, rr=steady[0], time=time if time != steady[0] else None)
    if time is None or time == dated:
        return plain
    others_are_numbers = any(i != time for i in columns)
    if others_are_numbers or not _like_intervals(_steps(columns[time])):
        raise UnreadableRecording("This file holds a signal, but no heartbeat intervals.")
    return replace(plain, rr=None, time=time)


def _is_head(cells: Sequence[str]) -> bool:
    """Tell whether the first line names things: letters, and not one digit."""
    text = "".join(cells)
    return any(c.isalpha() for c in text) and not any(c.isdigit() for c in text)


def _columns(cells: Sequence[Sequence[str]], *, decimal_comma: bool) -> dict[int, list[float]]:
    """Return the columns that hold numbers in at least half of the lines."""
    found: dict[int, list[float]] = {}
    for row in cells:
        for i, cell in enumerate(row):
            text = _number(cell, decimal_comma=decimal_comma)
            if text is not None:
                found.setdefault(i, []).append(float(text))
    return {i: column for i, column in sorted(found.items()) if 2 * len(column) >= len(cells)}


def _only_rises(column: Sequence[float]) -> bool:
    return len(column) > 2 and column[-1] > column[0] and all(a <= b for a, b in pairwise(column))


def _like_intervals(column: Sequence[float]) -> bool:
    """Tell whether numbers may be intervals in s or in ms; heart rates are neither."""
    positive = [value for value in column if value > 0]
    if 2 * len(positive) < len(column) or not positive:
        return False
    middle = median(positive)
    return _SHORTEST_MIDDLE_S <= middle <= _LONGEST_MIDDLE_S or (
        _SHORTEST_MIDDLE_S <= middle / 1000.0 <= _LONGEST_MIDDLE_S
    )


def _steps(column: Sequence[float]) -> list[float]:
    return [b - a for a, b in pairwise(column) if b > a]


def _is_dated(cells: Sequence[Sequence[str]], column: int) -> bool:
    told = [row[column] for row in cells if len(row) > column]
    return bool(told) and 2 * sum(_moment(text) is not None for text in told) >= len(told)


# From lines to intervals


@dataclass(frozen=True, slots=True)
class _Row:
    """What a line says: an interval as text with the decimal point, and its time if any.

    ``text`` is None where the line was not understood; ``lost`` marks an interval without contact.
    """

    text: str | None
    time: str | None = None
    lost: bool = False


def _rows(lines: Sequence[str], layout: _Layout) -> Iterator[_Row]:
    others = (layout.time, layout.event, layout.offline)
    bare = layout.rr == 0 and others == (None, None, None) and not layout.flat
    for line in lines[layout.first :]:
        if len(line) > _LONGEST_LINE:
            yield _Row(None)
        elif bare:
            # What most files are, read in half the time; an empty first cell is no number.
            first = line.split(layout.separator or None, 1)[0]
            yield _Row(_number(first, decimal_comma=layout.decimal_comma))
        elif layout.flat:
            parts = line.split(layout.separator) if layout.separator else line.split()
            numbers = (_number(p, decimal_comma=layout.decimal_comma) for p in parts if p.strip())
            yield from (_Row(text) for text in numbers)
        else:
            row = _row(_cells(line, layout.separator), layout)
            if row is not None:
                yield row


def _row(cells: Sequence[str], layout: _Layout) -> _Row | None:
    """Read one line of a table; None for a line that speaks of something else."""
    if layout.event is not None and cells[layout.event].lower() != "interbeatinterval":
        return None if cells[layout.event].lower() in _OTHER_EVENTS else _Row(None)
    time = _cell(cells, layout.time)
    wanted = _cell(cells, layout.time if layout.rr is None else layout.rr)
    text = None if wanted is None else _number(wanted, decimal_comma=layout.decimal_comma)
    if time is not None and layout.decimal_comma and _moment(time) is None:
        time = time.replace(",", ".")
    return _Row(text, time, lost=_cell(cells, layout.offline) == "1")


def _cell(cells: Sequence[str], index: int | None) -> str | None:
    return cells[index] if index is not None and index < len(cells) else None


def _number(cell: str, *, decimal_comma: bool) -> str | None:
    text = cell.strip().strip('"')
    if decimal_comma:
        text = text.replace(",", ".", 1)
    return text if _NUMBER.fullmatch(text) else None


def _intervals_of_beat_times(rows: Sequence[_Row]) -> list[_Row]:
    """Turn beat times into intervals; the first beat ends none."""
    found: list[_Row] = []
    before: Decimal | None = None
    for row in rows:
        if row.text is None:
            found.append(row)
            continue
        here = Decimal(row.text)
        if before is not None:
            found.append(_Row(str(here - before), row.text))
        before = here
    return found


@dataclass(slots=True)
class _Growing:
    """The record while it is read."""

    rr_ms: list[float] = field(default_factory=list[float])
    segment: list[int] = field(default_factory=list[int])
    waited_s: list[float] = field(default_factory=list[float])
    """How long the gap before each interval was."""
    times: list[str | None] = field(default_factory=list[str | None])
    gaps: list[tuple[int, float]] = field(default_factory=list[tuple[int, float]])
    """The number of intervals before each gap, and its length in s."""
    skipped: int = 0
    broken: bool = False
    pending_s: float = 0.0

    def add(self, value_ms: float, time: str | None) -> None:
        fresh = self.broken and bool(self.rr_ms)
        self.segment.append((self.segment[-1] if self.segment else 0) + fresh)
        self.waited_s.append(self.pending_s if self.rr_ms else 0.0)
        self.rr_ms.append(value_ms)
        self.times.append(time)
        self.broken = False
        self.pending_s = 0.0

    def skip(self) -> None:
        self.skipped += 1
        if not self.broken and self.rr_ms:
            self.gaps.append((len(self.rr_ms), math.nan))
        self.broken = True

    def wait(self, length_s: float) -> None:
        self.gaps.append((len(self.rr_ms), length_s))
        self.pending_s += length_s
        self.broken = True


def _record(rows: Sequence[_Row]) -> RrRecord:
    unit = _unit(rows)
    growing = _Growing()
    for row in rows:
        value_ms = _in_ms(row.text, unit)
        if value_ms is None or not 0 < value_ms <= _LONGEST_GAP_S * 1000.0:
            growing.skip()
        elif row.lost or value_ms > LONGEST_INTERVAL_MS:
            growing.wait(value_ms / 1000.0)
        else:
            growing.add(value_ms, row.time)
    if not growing.rr_ms or growing.skipped > max(3, len(growing.rr_ms)):
        raise UnreadableRecording("This file holds no heartbeat intervals.")
    return _finished(growing, unit)


def _unit(rows: Sequence[_Row]) -> Unit:
    """Tell s from ms by the middle of the numbers."""
    values = [float(row.text) for row in rows if row.text is not None]
    positive = [value for value in values if 0 < value < math.inf]
    if not positive:
        raise UnreadableRecording("This file holds no heartbeat intervals.")
    middle = median(positive)
    if _SHORTEST_MIDDLE_S <= middle <= _LONGEST_MIDDLE_S:
        return Unit.S
    if _SHORTEST_MIDDLE_S <= middle / 1000.0 <= _LONGEST_MIDDLE_S:
        return Unit.MS
    raise UnreadableRecording("The numbers in this file do not look like heartbeat intervals.")


def _in_ms(text: str | None, unit: Unit) -> float | None:
    if text is None:
        return None
    if unit is Unit.MS:
        return float(text)
    # Shifting the decimal point in the text rounds once; multiplying would round twice.
    if "e" in text or "E" in text:
        return float(Decimal(text).scaleb(3))
    return float(f"{text}e3")


def _finished(growing: _Growing, unit: Unit) -> RrRecord:
    rr_ms = np.array(growing.rr_ms)
    segment = np.array(growing.segment, dtype=np.int64)
    written_s, started = _written_times(growing.times, rr_ms)
    times_s = None if written_s is None else _as_beat_times(written_s, rr_ms)
    arrival_s = written_s if times_s is None else None
    is_written = times_s is not None
    if times_s is None:
        times_s = np.cumsum(rr_ms) / 1000.0 + np.cumsum(growing.waited_s)
    gaps = [Gap(float(times_s[n - 1]) if n else 0.0, length) for n, length in growing.gaps]
    if is_written:
        holes = _holes(times_s, rr_ms, segment)
        gaps += [Gap(float(times_s[i - 1]), length) for i, length in holes]
        for i, _ in holes:
            segment[i:] += 1
    for array in (rr_ms, segment, times_s, arrival_s):
        if array is not None:
            array.flags.writeable = False
    ordered = tuple(sorted(gaps, key=lambda gap: gap.t))
    return RrRecord(
        rr_ms, segment, times_s, is_written, arrival_s, ordered, growing.skipped, unit, started
    )


def _holes(
    beat_times_s: Floats, rr_ms: Floats, segment: NDArray[np.int64]
) -> list[tuple[int, float]]:
    """Find gaps that only the written times tell: the place of the beat after, and the length."""
    late_s = np.diff(beat_times_s) - rr_ms[1:] / 1000.0
    told = np.diff(segment) > 0
    places = np.flatnonzero((late_s > _HOLE_SHARE * rr_ms[1:] / 1000.0) & ~told) + 1
    return [(int(i), float(late_s[i - 1])) for i in places]


# Times


def _written_times(
    texts: Sequence[str | None], rr_ms: Floats
) -> tuple[Floats | None, datetime | None]:
    """Return the written times in s, and the date and time of the first where there is one."""
    if all(text is None for text in texts):
        return None, None
    moments = [None if text is None else _moment(text) for text in texts]
    if 2 * sum(moment is not None for moment in moments) > len(moments):
        return _since_first(moments)
    numbers = [_plain_time(text) for text in texts]
    if 2 * sum(number is not None for number in numbers) <= len(numbers):
        return None, None
    told = np.array([math.nan if number is None else number for number in numbers])
    scale = _ticks_a_second(told, rr_ms)
    if scale is None:
        return None, None
    first = next(number for number in numbers if number is not None)
    if first / scale > 1e6:  # seconds since an epoch, not since the start
        told = told - first
    return told / scale, None


def _plain_time(text: str | None) -> float | None:
    if text is None or not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if abs(value) <= _LARGEST_TIME else None


def _moment(text: str) -> datetime | float | None:
    """Read a date with a time, or a time of day in s."""
    clock = _CLOCK.fullmatch(text)
    if clock is not None:
        hours, minutes, seconds = clock.groups()
        return int(hours) * 3600.0 + int(minutes) * 60.0 + float(seconds.replace(",", "."))
    if len(text) < 16 or text[4:5] not in "-/":
        return None
    try:
        return datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None


def _since_first(
    moments: Sequence[datetime | float | None],
) -> tuple[Floats | None, datetime | None]:
    first = next(moment for moment in moments if moment is not None)
    seconds: list[float] = []
    midnights_s, before_s = 0.0, -math.inf
    for moment in moments:
        if isinstance(moment, datetime) and isinstance(first, datetime):
            if (moment.tzinfo is None) != (first.tzinfo is None):
                return None, None
            seconds.append((moment - first).total_seconds())
        elif isinstance(moment, float) and isinstance(first, float):
            # A time of day begins again at midnight; a small step back is no midnight.
            if before_s - moment > _HALF_A_DAY_S:
                midnights_s += 86_400.0
            before_s = moment
            seconds.append(moment - first + midnights_s)
        else:
            seconds.append(math.nan)
    return np.array(seconds), first if isinstance(first, datetime) else None


def _ticks_a_second(told: Floats, rr_ms: Floats) -> float | None:
    """Tell the unit of a column of times by how it moves beside the intervals."""
    steps = np.diff(told)
    if steps.size and bool(np.all(steps == 1.0)):
        return None  # line numbers
    moved = steps[steps > 0]
    if not moved.size or moved.size < 0.1 * steps.size:
        return None
    step = float(np.median(moved)) / (float(np.median(rr_ms)) / 1000.0)
    return next((scale for scale in (1.0, 1e3, 1e6, 1e9) if 0.4 <= step / scale <= 20.0), None)


def _as_beat_times(written_s: Floats, rr_ms: Floats) -> Floats | None:
    """Return the times at which intervals ended; None where the times are arrivals.

    Times of beats move by the very interval, before or after; arrivals jitter by tens of ms.
    """
    steps = np.diff(written_s)
    if not steps.size or not bool(np.all(np.isfinite(steps))) or bool(np.any(steps <= 0)):
        return None
    rr_s = rr_ms / 1000.0
    if float(np.median(np.abs(steps - rr_s[1:]))) <= _BEAT_TOLERANCE_S:
        return written_s
    if float(np.median(np.abs(steps - rr_s[:-1]))) <= _BEAT_TOLERANCE_S:
        return written_s + rr_s
    return None
