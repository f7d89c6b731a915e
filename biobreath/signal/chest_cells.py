"""Samples of an accelerometer, at whatever rate they come, as cells of 0.1 s.

A cell is the mean of its samples and how rough they are: the movement quicker than about 3 Hz, by
which a cough, a step or a knock is told from a breath.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CELLS_HZ = 10.0
LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 20.0, 1000.0
"""Samples slower than this do not fill a cell; quicker ones come from no chest."""
LONGEST_GAP_S = 2.0
"""After a longer gap, cells are counted anew."""
MOST_MG = 100_000.0
"""No chest is moved by more than 100 g: such a sample is none."""
_REAL_RATE = 0.1
"""A sensor's real rate differs from what it was asked for by up to this share; an H10's by 0.02."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A tenth of a second; ``t`` is its middle in s. Cells that no sample fell into are missing."""

    t: float
    level_mg: Floats
    """Mean acceleration, shape (3,)."""
    rough_mg: float
    """Rms of what the samples leave the mean of this cell and its two neighbours by."""


class ChestCells:
    """Samples in, cells out. A cell is told when the one after it is over.

    Blocks may be lost or come twice, and their time may go back; a block that is no block of
    acceleration tells nothing. What comes out always has finite levels, and times that rise until
    the samples' own times begin anew.
    """

    def __init__(self) -> None:
        self._last_s = -math.inf
        self._origin_s = 0.0
        self._next = 0
        """The first cell that is not told yet, counted from the origin."""
        self._t_s = np.empty(0)
        self._samples_mg = np.empty((0, 3))
        """The newest samples: of the cells that are not told yet and of the one before."""

    def feed(self, samples_mg: Floats, last_s: float, sample_rate_hz: float) -> list[Cell]:
        """Take the next block of samples.

        Parameters
        ----------
        samples_mg
            Acceleration in milli-g, oldest first, shape (n, 3). Rows that no chest could make
            are left out.
        last_s
            When the last of them was taken, in s.
        sample_rate_hz
            The rate the sensor was asked for. Its real rate is taken from the times.
        """
        if not _is_block(samples_mg, last_s, sample_rate_hz):
            return []
        back_s = self._last_s - last_s
        if 0.0 <= back_s <= LONGEST_GAP_S:
            return []  # told already, or out of order: its place is taken
        t_s = self._times(samples_mg.shape[0], last_s, 1.0 / sample_rate_hz)
        if back_s > 0.0 or t_s[0] - self._last_s > LONGEST_GAP_S:
            # Samples of an even rate then fall well inside their cells.
            self._begin(float(t_s[0]) - 0.5 / sample_rate_hz)
        fresh = (t_s > self._last_s) & np.all(np.abs(samples_mg) < MOST_MG, axis=1)
        self._t_s = np.concatenate((self._t_s, t_s[fresh]))
        self._samples_mg = np.concatenate((self._samples_mg, samples_mg[fresh]))
        self._last_s = last_s
        return self._told()

    def _times(self, count: int, last_s: float, step_s: float) -> Floats:
        """Return when each sample was taken."""
        since_s = (last_s - self._last_s) / count
        if abs(since_s / step_s - 1.0) <= _REAL_RATE:
            step_s = since_s
        return last_s - step_s * np.arange(count - 1, -1, -1, dtype=np.float64)

    def _begin(self, start_s: float) -> None:
        self._last_s, self._origin_s, self._next = -math.inf, start_s, 0
        self._t_s, self._samples_mg = self._t_s[:0], self._samples_mg[:0]

    def _told(self) -> list[Cell]:
        """Tell the cells that are over, with the cell after them."""
        if self._t_s.size == 0:
            return []
        first = self._next - 1
        place = np.floor((self._t_s - self._origin_s) * CELLS_HZ).astype(np.int64) - first
        open_place = int(place[-1])
        level, rough, count = _cells(place, self._samples_mg, open_place + 1)
        told = [
            Cell(self._origin_s + (first + k + 0.5) / CELLS_HZ, level[k], float(rough[k]))
            for k in range(1, open_place - 1)
            if count[k]
        ]
        self._next = max(self._next, first + open_place - 1)
        kept = place >= self._next - 1 - first
        self._t_s, self._samples_mg = self._t_s[kept], self._samples_mg[kept]
        return told


def _is_block(samples_mg: Floats, last_s: float, sample_rate_hz: float) -> bool:
    whole = samples_mg.ndim == 2 and samples_mg.shape[0] > 0 and samples_mg.shape[1] == 3
    known = LOWEST_RATE_HZ <= sample_rate_hz <= HIGHEST_RATE_HZ and math.isfinite(last_s)
    return whole and known


def _cells(
    place: NDArray[np.int64], samples_mg: Floats, cells: int
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return the mean of each cell, its roughness, and how many samples it has."""
    count = np.bincount(place, minlength=cells)
    each = np.maximum(count, 1)
    sums = [np.bincount(place, samples_mg[:, axis], cells) for axis in range(3)]
    level = np.stack(sums, axis=1) / each[:, None]
    present = (count > 0).astype(np.float64)
    smooth = _with_neighbours(level) / np.maximum(_with_neighbours(present[:, None]), 1.0)
    left = np.sum(np.square(samples_mg - smooth[place]), axis=1)
    return level, np.sqrt(np.bincount(place, left, cells) / each), count


def _with_neighbours(values: Floats) -> Floats:
    total = values.copy()
    total[1:] += values[:-1]
    total[:-1] += values[1:]
    return total
