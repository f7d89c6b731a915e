"""A breathing wave and a breathing rate from the accelerometer of a chest strap, as it streams.

Breathing tilts the strap by some thousandths of a turn, and gravity along its axes with it. What is
slow is gravity and is taken away; what is quick is movement, and a chest that moves tells nothing
of its breath. Which end of the wave is full is not known from the chest alone:
``rises_with_inhale`` asks a guide.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biobreath.signal import waves
from biobreath.signal.chest_cells import CELLS_HZ, Cell, ChestCells
from biobreath.signal.chest_rate import WINDOW_S, breath_axis, breathing_rate

Floats = NDArray[np.float64]

FIRST_WAVE_S = 10.0
"""So much of a still chest has to be known before its wave is told."""
FRESH_S = 3.0
"""A rate is not told when the newest samples are older than this."""
BRIDGE_S = 2.0
"""A cough or a lost frame of up to this long is bridged by a straight line."""
MOST_BRIDGED = 0.15
"""Above this share of bridged time no rate is told."""
GRAVITY_S = 10.0
"""Gravity follows the mean of about this long. A little of a slow breath goes with it, which makes
the wave early: by 0.5 s at 4 a minute, 0.2 s at 6."""
TURNED_MG = 120.0
"""A level this far from gravity (7 degrees) is another posture: no breath tilts so far."""
CALM_S, SETTLED_S = 0.6, 2.0
"""A chest is still when it was not rough for so long, and did not turn for so long."""
ROUGH_LEAST_MG, ROUGH_MOST_MG = 45.0, 100.0
_ROUGH_TIMES = 4.0
"""The heart shakes the chest too, one more than another: rough is this many times the usual."""
_ROUGH_LEARN = 0.01
LEAST_GUIDED = 200
"""Points; at 10 a second 20 s."""
ALIKE = 0.6
"""A wave and a guide that correlate less than this do not belong together for certain."""
_TURN_CELLS = 5
_AXIS_EVERY = 10

_SMOOTH: Floats = waves.hann(16)[1:] / np.sum(waves.hann(16)[1:])
"""1.5 s, symmetric: it takes the heartbeat away and shifts nothing."""
_AHEAD = _SMOOTH.size // 2
_KEPT = int(WINDOW_S * CELLS_HZ)


@dataclass(frozen=True, slots=True, eq=False)
class BreathWave:
    """New points of the wave, every 0.1 s; ``value`` is in milli-g about its own middle.

    Within a segment points follow each other without a hole and keep their sign; across segments
    neither is so. An empty wave has the segment of the next point.
    """

    t_s: Floats
    value: Floats
    segment: int


class _Stretch:
    """What is known of a chest since it is still: the newest minute, and gravity."""

    def __init__(self) -> None:
        self.cells = 0
        """How many were added."""
        self.newest_t = -math.inf
        self._level = np.zeros((_KEPT, 3))
        self._swing = np.zeros((_KEPT, 3))
        """The same without gravity."""
        self._bridged = np.zeros(_KEPT, dtype=np.bool_)
        self._gravity = np.zeros(3)

    @property
    def _filled(self) -> int:
        return min(self.cells, _KEPT)

    @property
    def level_mg(self) -> Floats:
        """The newest minute, shape (n, 3)."""
        return self._level[_KEPT - self._filled :]

    @property
    def bridged_share(self) -> float:
        """The share of the newest minute that nobody measured."""
        return float(np.sum(self._bridged)) / max(self._filled, 1)

    def smooth_mg(self) -> Floats:
        """Return the chest's swing in the middle of the newest 1.5 s, without the heart's."""
        return _SMOOTH @ self._swing[-_SMOOTH.size :]

    def missing(self, t: float) -> int:
        """Return how many cells there should have been between the newest and one at ``t``."""
        return round((t - self.newest_t) * CELLS_HZ) - 1 if self.cells else 0

    def is_another_posture(self, level_mg: Floats) -> bool:
        """Tell whether half a second that ends with this level is far from gravity."""
        if self.cells < _TURN_CELLS:
            return False
        mean = (np.sum(self._level[1 - _TURN_CELLS :], axis=0) + level_mg) / _TURN_CELLS
        return float(np.linalg.norm(mean - self._gravity)) > TURNED_MG

    def add(self, t: float, level_mg: Floats, *, bridged: bool) -> None:
        """Add the next cell."""
        self.newest_t = t
        self.cells += 1
        share = max(1.0 / self.cells, 1.0 / (GRAVITY_S * CELLS_HZ))
        self._gravity = self._gravity + share * (level_mg - self._gravity)
        for kept in (self._level, self._swing, self._bridged):
            kept[:-1] = kept[1:]
        self._level[-1] = level_mg
        self._swing[-1] = level_mg - self._gravity
        self._bridged[-1] = bridged


class ChestBreath:
    """Acceleration in, breath out: 0.9 s late, besides what the samples wait for their frame.

    A lost frame, one told twice, a wild value or a cough is bridged. After a longer hole, another
    posture or a walk it starts over: a new segment, and half a minute without a rate.
    """

    def __init__(self) -> None:
        self._cells = ChestCells()
        self._known = _Stretch()
        self._segment = 0
        self._axis: Floats | None = None
        self._usual_mg = ROUGH_LEAST_MG / _ROUGH_TIMES
        self._still_t = -math.inf
        """From then on the chest is still, as far as is known."""
        self._seen_t = -math.inf
        self._rate: tuple[float, float] = (-math.inf, math.nan)
        """The newest cell that a rate was made of, and the rate."""

    def feed(self, samples_mg: Floats, last_s: float, sample_rate_hz: float) -> BreathWave:
        """Take the next block of samples and return what is new of the wave.

        Parameters
        ----------
        samples_mg
            Acceleration in milli-g, oldest first, shape (n, 3).
        last_s
            When the last of them was taken, in s.
        sample_rate_hz
            The rate the sensor was asked for.
        """
        points = [
            (self._segment, t, value)
            for cell in self._cells.feed(samples_mg, last_s, sample_rate_hz)
            for t, value in self._take(cell)
        ]
        new = np.array([(t, value) for segment, t, value in points if segment == self._segment])
        t_s, value = new.reshape(-1, 2).T
        return BreathWave(t_s, value, self._segment)

    def breaths_per_minute(self, now_s: float) -> float:
        """Return the mean rate of the minute before ``now_s``, or of what is known of it.

        ``nan`` for "not sure": in the first half minute of a segment, while the chest moves or
        nothing comes, and wherever no breath stands out.
        """
        newest_t = self._known.newest_t
        if abs(now_s - self._seen_t) > FRESH_S or self._seen_t - newest_t > BRIDGE_S:
            return math.nan
        if self._rate[0] != newest_t:
            sure = self._known.bridged_share <= MOST_BRIDGED
            self._rate = (newest_t, breathing_rate(self._known.level_mg) if sure else math.nan)
        return self._rate[1]

    def _take(self, cell: Cell) -> list[tuple[float, float]]:
        """Take one cell; return the points (t, value) of the wave that are now known."""
        if cell.t < self._seen_t:
            self._start_over(still_t=-math.inf)
        self._seen_t = cell.t
        if not self._is_still(cell):
            return []
        if self._known.is_another_posture(cell.level_mg):
            self._start_over(still_t=cell.t + SETTLED_S)
            return []
        if self._known.missing(cell.t) > BRIDGE_S * CELLS_HZ:
            self._start_over(still_t=cell.t)
        return self._bridge_to(cell)

    def _start_over(self, still_t: float) -> None:
        self._known = _Stretch()
        self._segment += 1
        self._still_t = still_t

    def _is_still(self, cell: Cell) -> bool:
        limit_mg = min(max(ROUGH_LEAST_MG, _ROUGH_TIMES * self._usual_mg), ROUGH_MOST_MG)
        if cell.rough_mg > limit_mg:
            self._still_t = max(self._still_t, cell.t + CALM_S)
        if cell.t < self._still_t:
            return False
        self._usual_mg += _ROUGH_LEARN * (cell.rough_mg - self._usual_mg)
        return True

    def _bridge_to(self, cell: Cell) -> list[tuple[float, float]]:
        """Add a cell, and a straight line to it where cells are missing."""
        missing = self._known.missing(cell.t)
        before = self._known.level_mg[-1] if missing else cell.level_mg
        slope = (cell.level_mg - before) / (missing + 1)
        points: list[tuple[float, float]] = []
        for k in range(missing, -1, -1):
            self._known.add(cell.t - k / CELLS_HZ, cell.level_mg - k * slope, bridged=k > 0)
            points += self._point()
        return points

    def _point(self) -> list[tuple[float, float]]:
        """Return the point whose smoothing has just become whole."""
        if self._known.cells < FIRST_WAVE_S * CELLS_HZ:
            return []
        if self._axis is None or self._known.cells % _AXIS_EVERY == 0:
            self._axis = _turned_like(breath_axis(self._known.level_mg), self._axis)
        along = float(self._known.smooth_mg() @ self._axis)
        return [(self._known.newest_t - _AHEAD / CELLS_HZ, along)]


def _turned_like(axis: Floats, before: Floats | None) -> Floats:
    """Return that end of an axis which lies nearer to the one before."""
    return -axis if before is not None and float(axis @ before) < 0.0 else axis


def rises_with_inhale(value: Floats, fullness: Floats) -> bool | None:
    """Tell which end of a wave is full, by a guide that was breathed along with.

    Parameters
    ----------
    value
        A wave of one segment at even times, shape (n,).
    fullness
        How full the guide was at these times (0-1), ``nan`` where it rested, shape (n,). A person
        follows a guide by some tenths of a second; take it that much earlier where it is quick.

    Returns
    -------
    bool or None
        True where the wave rises with an inhale, False where it falls, None for "not sure": the
        guide was not followed, or too little of it is known.
    """
    known = np.isfinite(value) & np.isfinite(fullness)
    wave, guide = value[known], fullness[known]
    if wave.size < LEAST_GUIDED:
        return None
    wave = waves.without_drift(wave)
    guide = waves.without_drift(guide)
    both = math.sqrt(float(wave @ wave) * float(guide @ guide))
    alike = float(wave @ guide) / both if both > 0.0 else 0.0
    return alike > 0.0 if abs(alike) >= ALIKE else None
