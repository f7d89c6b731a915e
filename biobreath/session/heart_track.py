"""The heart through a sitting: judged beats, and the corrected intervals made of them."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from biobreath.session.late_moves import LateMoves, moved_by
from biobreath.signal.beats import JudgedBeat, Verdict
from biobreath.signal.mended import CorrectedRun
from biobreath.signal.time_base import GapFound, TimedBeat

Floats = NDArray[np.float64]

NEWEST_S = 150.0
"""Beats this new move at once: nobody looks further back while a sitting goes on."""
_FEW_BEATS = 100
_NEAR_S = 1e-6


class HeartTrack:
    """Beats in order, and beside them the corrected series that metrics are computed from.

    The series conserves time: an interval that stands for two missed beats gives two points.
    """

    def __init__(self) -> None:
        self._beats: list[JudgedBeat] = []
        self._first_point: list[int] = []
        """Index of the first point of each beat, or where it would be."""
        self._newest_segment: int | None = None
        self._late: LateMoves | None = None
        """Moves that older beats still have to make."""
        self._t: list[float] = []
        self._nn_ms: list[float] = []
        self._accepted: list[bool] = []
        self._measured: list[bool] = []
        """Whether a point's interval is the distance of two true beats."""
        self._run: list[int] = []
        """Which run of intervals a point belongs to that are measured, or known in pairs."""
        self._newest_run = 0
        self._run_ended = True
        self._segment: list[int] = []
        self._segment_start = 0
        """Index of the first point of the newest segment: nothing reaches back over a gap."""
        self._cursor = 0.0
        self._clean_since = 0.0

    def add(self, beat: JudgedBeat) -> None:
        """Take the next beat in order."""
        new_segment = self._newest_segment != beat.segment
        self._newest_segment = beat.segment
        if new_segment:
            self._cursor = beat.t - beat.rr_ms / 1000.0
            self._segment_start = len(self._t)
            self._clean_since = self._cursor
        accepted = beat.verdict is Verdict.NORMAL
        goes_on = beat.measured or beat.known_in_sum
        if new_segment or self._run_ended or not goes_on:
            self._newest_run += 1
        self._run_ended = not goes_on
        self._beats.append(beat)
        self._first_point.append(len(self._t))
        if accepted:
            # A gap found between a premature beat and its pause parts what shares its time.
            self._cursor = beat.t - beat.rr_ms / 1000.0
        for nn_ms in beat.nn_ms:
            self._cursor += nn_ms / 1000.0
            self._t.append(self._cursor)
            self._nn_ms.append(nn_ms)
            self._accepted.append(accepted)
            self._measured.append(beat.measured)
            self._run.append(self._newest_run)
            self._segment.append(beat.segment)
        if not beat.nn_ms and beat.verdict is Verdict.NOISE:
            self._cursor += beat.rr_ms / 1000.0

    @property
    def beats(self) -> list[JudgedBeat]:
        """All beats in order, each where it stands now."""
        self._catch_up()
        return self._beats

    def newest_beats(self, seconds: float) -> tuple[int, list[JudgedBeat]]:
        """Return the beats of the last so many seconds, and how many there are before them."""
        newest_s = self._beats[-1].t if self._beats else 0.0
        start = self._first_after(newest_s - seconds)
        return start, self._beats[start:]

    def _first_after(self, t: float) -> int:
        """Return the index of the first beat after ``t`` (s)."""
        if self._late:
            start = bisect_right(self._beats, t, self._late.end, key=_time)
            if start > self._late.end:
                return start
            self._catch_up()
        return bisect_right(self._beats, t, key=_time)

    def restamp(self, gap: GapFound) -> None:
        """Move beats that were told too early in time into a segment of their own."""
        position = bisect_left(self._beats, gap.first_index, key=_index)
        if position == len(self._beats):
            return
        if self._late is None or self._late.position != position:
            self._catch_up()
            if not self._may_be_late(position, gap):
                self._move(position, gap)
                return
            self._late = LateMoves(position, self._beats[position])
        self._move_newest(self._late, gap)

    def _move(self, position: int, gap: GapFound) -> None:
        moved = self._beats[position:]
        before_s = moved[0].t - moved[0].rr_ms / 1000.0
        self._cut(position, bisect_left(self._t, before_s + _NEAR_S))
        for beat in moved:
            self.add(moved_by(gap, beat))

    def _may_be_late(self, position: int, gap: GapFound) -> bool:
        """Tell whether so many beats have to move that most are better moved later."""
        follows = position > 0 and self._beats[position - 1].segment == gap.segment
        return not follows and self._turn(position) > position + _FEW_BEATS

    def _turn(self, least: int) -> int:
        """Return where the newest beats begin, which are moved at once: between two normal ones."""
        beats = self._beats
        turn = bisect_left(beats, beats[-1].t - NEWEST_S, lo=least, key=_time)
        while turn > least and not (_is_normal(beats[turn]) and _is_normal(beats[turn - 1])):
            turn -= 1
        return turn

    def _move_newest(self, late: LateMoves, gap: GapFound) -> None:
        late.leave_until(self._turn(max(late.end, late.position + 1)))
        late.move(gap)
        moved = [moved_by(gap, beat) for beat in self._beats[late.end :]]
        cut = self._first_point[late.end]
        self._cut(late.end, cut)
        self._newest_segment, self._newest_run = gap.segment, self._run[cut - 1]
        for beat in moved:
            self.add(beat)
        self._segment_start = self._first_point[late.position]
        self._clean_since = late.first.t - late.first.rr_ms / 1000.0

    def _cut(self, position: int, cut: int) -> None:
        """Forget the beats from ``position`` on and the points from ``cut`` on."""
        del self._beats[position:], self._first_point[position:]
        for column in (
            self._t, self._nn_ms, self._accepted, self._measured, self._run, self._segment,
        ):  # fmt: skip
            del column[cut:]
        last = self._beats[-1] if self._beats else None
        self._newest_segment = last.segment if last else None
        self._run_ended = not (last and (last.measured or last.known_in_sum))

    def _catch_up(self) -> None:
        """Let older beats make the moves that the newest have made."""
        late, self._late = self._late, None
        if late is None:
            return
        beats = late.moved(self._beats) + self._beats[late.end :]
        self._cut(late.position, self._first_point[late.position])
        for beat in beats:
            self.add(beat)

    def _point_since(self, t: float) -> int:
        """Return the index of the first point at or after ``t``."""
        start = 0
        if self._late:
            newest = self._first_point[self._late.end]
            if self._t[newest] < t:
                start = newest
            else:
                self._catch_up()
        return bisect_left(self._t, t, start)

    def _from(self, t: float) -> int:
        return max(self._segment_start, self._point_since(t))

    def since(self, t: float) -> tuple[Floats, Floats]:
        """Return times (s) and corrected intervals (ms) since ``t``, within the newest segment."""
        start = self._from(t)
        return np.array(self._t[start:]), np.array(self._nn_ms[start:])

    def accepted_since(self, beat_t: Floats) -> NDArray[np.bool_]:
        """Return, for the times that ``since`` gave, which intervals are uncorrected."""
        start = len(self._t) - beat_t.size
        if self._late and start < self._first_point[self._late.end]:
            self._catch_up()
        return np.array(self._accepted[start:], dtype=np.bool_)

    def runs_between(self, start: float, end: float) -> list[CorrectedRun]:
        """Return the runs of intervals that ended from ``start`` to ``end``."""
        return self._runs(self._point_since(start), self._point_since(end))

    def all_runs(self) -> list[CorrectedRun]:
        """Return every run of intervals of the sitting."""
        self._catch_up()
        return self._runs(0)

    def all_series(self) -> tuple[Floats, Floats]:
        """Return times (s) and corrected intervals (ms) of the whole sitting."""
        self._catch_up()
        return np.array(self._t), np.array(self._nn_ms)

    def _runs(self, start: int, end: int | None = None) -> list[CorrectedRun]:
        cuts = np.flatnonzero(np.diff(np.array(self._run[start:end]))) + 1
        nn_ms = np.split(np.array(self._nn_ms[start:end]), cuts)
        measured = np.split(np.array(self._measured[start:end], dtype=np.bool_), cuts)
        return [CorrectedRun(*run) for run in zip(nn_ms, measured, strict=True) if run[0].size]

    @property
    def newest_s(self) -> float:
        """The time of the newest corrected interval's end, in s; 0 without one."""
        return self._t[-1] if self._t else 0.0

    def clean_seconds(self) -> float:
        """Return how long the newest segment is, in s: windows start again after a gap."""
        return max(0.0, self._cursor - self._clean_since) if self._t else 0.0

    def corrected_share(self, since: float) -> float | None:
        """Return the share (0-1) of beats since ``since`` not normal; None without beats."""
        # A beat at that very time is one of them.
        beats = self._beats[self._first_after(math.nextafter(since, -math.inf)) :]
        rejected = sum(beat.verdict is not Verdict.NORMAL for beat in beats)
        return rejected / len(beats) if beats else None

    def points(
        self, since: float, latency_s: float, waiting: Sequence[TimedBeat]
    ) -> tuple[Floats, Floats]:
        """Return times (s, less ``latency_s``) and heart rates (bpm) for drawing, gaps as ``nan``.

        Beats still waiting for their verdict are drawn at once where they look like a beat.
        """
        times: list[float] = []
        rates: list[float] = []
        start = self._point_since(since + latency_s)
        for i in range(start, len(self._t)):
            if times and self._segment[i] != self._segment[i - 1]:
                times.append(self._t[i])
                rates.append(math.nan)
            times.append(self._t[i])
            rates.append(60_000.0 / self._nn_ms[i])
        for beat in waiting:
            if self._looks_like_a_beat(beat):
                times.append(beat.t)
                rates.append(60_000.0 / beat.rr_ms)
        return np.array(times) - latency_s, np.array(rates)

    def _looks_like_a_beat(self, beat: TimedBeat) -> bool:
        if not self._nn_ms or self._segment[-1] != beat.segment:
            return False
        return 0.7 < beat.rr_ms / self._nn_ms[-1] < 1.5


def _index(beat: JudgedBeat) -> int:
    return beat.index


def _time(beat: JudgedBeat) -> float:
    return beat.t


def _is_normal(beat: JudgedBeat) -> bool:
    return beat.verdict is Verdict.NORMAL
