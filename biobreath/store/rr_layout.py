"""How a text of intervals is laid out: its lines, its separator, and what its columns are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from biobreath.store.rr_cells import (
    LONGEST_MIDDLE_S,
    SHORTEST_MIDDLE_S,
    moment_in,
    number_in,
)
from biobreath.store.unreadable import UnreadableRecording

_LOOKED_AT = 400
_MANY_LINES = 10
_FLAT_CELLS = 4
_RR_NAME = re.compile(
    r"(?:^|[^a-z])(?:rr|r-r|rri|ibi|ibis|nn|nni|interbeatinterval|intervals?|duration)(?:[^a-z]|$)"
)
_TIME_NAME = re.compile(r"time|date|arrival|elapsed|since|(?:^|[^a-z])(?:t|ts|sec)(?:[^a-z]|$)")
_COMMENTS = ("#", "%", "//")


def decoded(data: bytes) -> str:
    """Return the text of a file, in whichever of the usual encodings it is written."""
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


def content_lines(text: str) -> list[str]:
    """Return the lines that hold something and are no comment."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith(_COMMENTS)]


@dataclass(frozen=True, slots=True)
class Layout:
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


def layout_of(lines: Sequence[str]) -> Layout:
    """Tell by the first lines how all of them are to be read."""
    sample = lines[:_LOOKED_AT]
    separator, decimal_comma = _separator(sample)
    cells = [cells_of(line, separator) for line in sample]
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
    return not (rises and rising[-1] > LONGEST_MIDDLE_S)


def cells_of(line: str, separator: str) -> list[str]:
    """Return the cells of a line; beyond the 64th nobody looks."""
    parts = line.split(separator) if separator else line.split()
    return [part.strip().strip('"') for part in parts[:64]]


def _named(row: Sequence[str], index: int, separator: str, *, decimal_comma: bool) -> Layout | None:
    """Read a head line; None where it names no intervals."""
    names = [cell.lower() for cell in row]
    first = index + 1
    if names[:3] == ["event", "value", "timestamp"]:
        return Layout(separator, decimal_comma, rr=1, time=2, event=0, first=first)
    rr = next((i for i, name in enumerate(names) if _RR_NAME.search(name)), None)
    if rr is None or number_in(row[rr], decimal_comma=decimal_comma) is not None:
        return None
    time = next((i for i, n in enumerate(names) if i != rr and _TIME_NAME.search(n)), None)
    offline = names.index("offline") if "offline" in names else None
    return Layout(separator, decimal_comma, rr, time, offline=offline, first=first)


def _with_time(layout: Layout, cells: Sequence[Sequence[str]]) -> Layout:
    """Find the times of a table whose head names only the intervals."""
    if layout.time is not None or layout.rr is None:
        return layout
    columns = _columns(cells[layout.first :], decimal_comma=layout.decimal_comma)
    others = {i: c for i, c in columns.items() if i != layout.rr}
    time = next((i for i, column in others.items() if _only_rises(column)), None)
    return replace(layout, time=time)


def _unnamed(cells: Sequence[Sequence[str]], separator: str, *, decimal_comma: bool) -> Layout:
    """Tell by their numbers which column holds the intervals and which the times."""
    plain = Layout(separator, decimal_comma, first=int(_is_head(cells[0])))
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
            text = number_in(cell, decimal_comma=decimal_comma)
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
    return SHORTEST_MIDDLE_S <= middle <= LONGEST_MIDDLE_S or (
        SHORTEST_MIDDLE_S <= middle / 1000.0 <= LONGEST_MIDDLE_S
    )


def _steps(column: Sequence[float]) -> list[float]:
    return [b - a for a, b in pairwise(column) if b > a]


def _is_dated(cells: Sequence[Sequence[str]], column: int) -> bool:
    told = [row[column] for row in cells if len(row) > column]
    return bool(told) and 2 * sum(moment_in(text) is not None for text in told) >= len(told)
