"""The intervals of a file, exactly as written, with the gaps between them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from statistics import median

import numpy as np
from numpy.typing import NDArray

from biobreath.store.rr_cells import LONGEST_MIDDLE_S, SHORTEST_MIDDLE_S
from biobreath.store.rr_rows import Row
from biobreath.store.rr_times import Floats, as_beat_times, written_times
from biobreath.store.unreadable import UnreadableRecording

LONGEST_INTERVAL_MS = 5000.0
"""An interval longer than this is no beat but a gap; up to it, its verdict is not ours to give."""
_HOLE_SHARE = 0.5
"""With beat times as written: a beat that is later than its interval says, by this share of it,
follows a gap. Less is no beat."""
_LONGEST_GAP_S = 7 * 86_400.0


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


def record_of(rows: Sequence[Row]) -> RrRecord:
    """Put the rows of a file together: intervals, the gaps between them, and their times."""
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


def _unit(rows: Sequence[Row]) -> Unit:
    """Tell s from ms by the middle of the numbers."""
    values = [float(row.text) for row in rows if row.text is not None]
    positive = [value for value in values if 0 < value < math.inf]
    if not positive:
        raise UnreadableRecording("This file holds no heartbeat intervals.")
    middle = median(positive)
    if SHORTEST_MIDDLE_S <= middle <= LONGEST_MIDDLE_S:
        return Unit.S
    if SHORTEST_MIDDLE_S <= middle / 1000.0 <= LONGEST_MIDDLE_S:
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
    written_s, started = written_times(growing.times, rr_ms)
    times_s = None if written_s is None else as_beat_times(written_s, rr_ms)
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
