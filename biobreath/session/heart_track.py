"""The heart through a sitting: judged beats, and the corrected intervals made of them."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from biobreath.signal.beats import JudgedBeat, Verdict
from biobreath.signal.time_base import GapFound, TimedBeat

Floats = NDArray[np.float64]


class HeartTrack:
    """Beats in order, and beside them the corrected series that metrics are computed from.

    The series conserves time: an interval that stands for two missed beats gives two points.
    """

    def __init__(self) -> None:
        self.beats: list[JudgedBeat] = []
        self._t: list[float] = []
        self._nn_ms: list[float] = []
        self._accepted: list[bool] = []
        self._run: list[int] = []
        """Which run of adjacent accepted intervals a point belongs to."""
        self._segment: list[int] = []
        self._segment_start = 0
        """Index of the first point of the newest segment: nothing reaches back over a gap."""
        self._cursor = 0.0
        self._clean_since = 0.0

    def add(self, beat: JudgedBeat) -> None:
        """Take the next beat in order."""
        new_segment = not self.beats or self.beats[-1].segment != beat.segment
        if new_segment:
            self._cursor = beat.t - beat.rr_ms / 1000.0
            self._segment_start = len(self._t)
            self._clean_since = self._cursor
        accepted = beat.verdict is Verdict.NORMAL
        after_rejected = bool(self.beats) and self.beats[-1].verdict is not Verdict.NORMAL
        fresh_run = new_segment or not accepted or after_rejected
        run = (self._run[-1] if self._run else 0) + (1 if fresh_run else 0)
        self.beats.append(beat)
        if accepted:
            # A gap found between a premature beat and its pause parts what shares its time.
            self._cursor = beat.t - beat.rr_ms / 1000.0
        for nn_ms in beat.nn_ms:
            self._cursor += nn_ms / 1000.0
            self._t.append(self._cursor)
            self._nn_ms.append(nn_ms)
            self._accepted.append(accepted)
            self._run.append(run)
            self._segment.append(beat.segment)
        if not beat.nn_ms and beat.verdict is Verdict.NOISE:
            self._cursor += beat.rr_ms / 1000.0

    def restamp(self, gap: GapFound) -> None:
        """Move beats that were told too early in time into a segment of their own."""
        position = next((i for i, b in enumerate(self.beats) if b.index >= gap.first_index), None)
        if position is None:
            return
        moved = self.beats[position:]
        before_s = moved[0].t - moved[0].rr_ms / 1000.0
        del self.beats[position:]
        cut = bisect_left(self._t, before_s + 1e-6)
        for column in (self._t, self._nn_ms, self._accepted, self._run, self._segment):
            del column[cut:]
        for beat in moved:
            self.add(moved_by(gap, beat))

    def _from(self, t: float) -> int:
        return max(self._segment_start, bisect_left(self._t, t))

    def since(self, t: float) -> tuple[Floats, Floats]:
        """Return times (s) and corrected intervals (ms) since ``t``, within the newest segment."""
        start = self._from(t)
        return np.array(self._t[start:]), np.array(self._nn_ms[start:])

    def accepted_since(self, beat_t: Floats) -> NDArray[np.bool_]:
        """Return, for the times that ``since`` gave, which intervals are uncorrected."""
        start = len(self._t) - beat_t.size
        return np.array(self._accepted[start:], dtype=np.bool_)

    def runs_between(self, start: float, end: float) -> list[Floats]:
        """Return runs of adjacent accepted intervals (ms) that ended from ``start`` to ``end``."""
        return self._runs(bisect_left(self._t, start), bisect_left(self._t, end))

    def all_runs(self) -> list[Floats]:
        """Return every run of adjacent accepted intervals (ms) of the sitting."""
        return self._runs(0)

    def all_series(self) -> tuple[Floats, Floats]:
        """Return times (s) and corrected intervals (ms) of the whole sitting."""
        return np.array(self._t), np.array(self._nn_ms)

    def _runs(self, start: int, end: int | None = None) -> list[Floats]:
        accepted = np.array(self._accepted[start:end], dtype=np.bool_)
        nn_ms = np.array(self._nn_ms[start:end])[accepted]
        run = np.array(self._run[start:end])[accepted]
        if not nn_ms.size:
            return []
        return np.split(nn_ms, np.flatnonzero(np.diff(run)) + 1)

    @property
    def newest_s(self) -> float:
        """The time of the newest corrected interval's end, in s; 0 without one."""
        return self._t[-1] if self._t else 0.0

    def clean_seconds(self) -> float:
        """Return how long the newest segment is, in s: windows start again after a gap."""
        return max(0.0, self._cursor - self._clean_since) if self._t else 0.0

    def corrected_share(self, since: float) -> float | None:
        """Return the share (0-1) of beats since ``since`` not normal; None without beats."""
        count = rejected = 0
        for beat in reversed(self.beats):
            if beat.t < since:
                break
            count += 1
            rejected += beat.verdict is not Verdict.NORMAL
        return rejected / count if count else None

    def points(
        self, since: float, latency_s: float, waiting: Sequence[TimedBeat]
    ) -> tuple[Floats, Floats]:
        """Return times (s, less ``latency_s``) and heart rates (bpm) for drawing, gaps as ``nan``.

        Beats still waiting for their verdict are drawn at once where they look like a beat.
        """
        times: list[float] = []
        rates: list[float] = []
        start = bisect_left(self._t, since + latency_s)
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


def moved_by(gap: GapFound, beat: JudgedBeat) -> JudgedBeat:
    """Return the beat where it stands now that the gap is known."""
    if beat.index < gap.first_index:
        return beat
    return replace(beat, t=beat.t + gap.shift_s, segment=gap.segment)
