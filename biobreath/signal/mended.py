"""RMSSD of a record that was corrected: differences lost to a fault, estimated from what is known.

Where one beat was missed, or came early and its pause made up for it, two intervals x₁ and x₂ are
known in sum only, between two that were measured, x₀ and x₃. Three successive differences are lost
with them. With the third difference Δ = x₃ − 3x₂ + 3x₁ − x₀ the sum of their squares is

    (s/2 − x₀)² + (x₃ − s/2)² − (x₃ − x₀)²/6 + Δ²/6,   s = x₁ + x₂,

exactly, and all but the last term is known. For Δ² stands its mean over all four measured
intervals in a row of the same record. Leaving the three out instead, as RMSSD of measured
differences has to, is off by chance: in slow breathing few differences make most of the sum.

Without a corrected beat this is RMSSD, bit by bit.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biobreath.signal import hrv
from biobreath.signal.beats import JudgedBeat

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST_FOURS = 16
"""With fewer third differences their mean says too little, and lost differences are left out."""
TWO_LOST = 2
"""So many intervals between two measured ones are known in sum."""


@dataclass(frozen=True, slots=True)
class CorrectedRun:
    """Corrected intervals in a row, in ms, and which of them were measured; shape (n,).

    Two that were not, between such that were, are known in their sum. A gap, or a correction of
    another kind, ends the row.
    """

    nn_ms: Floats
    measured: Flags

    def parts(self) -> list[Floats]:
        """Return the runs of measured intervals within."""
        at = np.flatnonzero(self.measured)
        if not at.size:
            return []
        return np.split(self.nn_ms[at], np.flatnonzero(np.diff(at) > 1) + 1)


def corrected_runs(judged: Iterable[JudgedBeat]) -> list[CorrectedRun]:
    """Return what `mended_rmssd_ms` takes, of judged beats."""
    rows: list[list[tuple[float, bool]]] = []
    segment: int | None = None
    for beat in judged:
        if not (beat.measured or beat.known_in_sum):
            segment = None
            continue
        if beat.segment != segment:
            rows.append([])
            segment = beat.segment
        rows[-1] += [(nn_ms, beat.measured) for nn_ms in beat.nn_ms]
    return [CorrectedRun(*map(np.array, zip(*row, strict=True))) for row in rows if row]


def measured_runs(runs: Sequence[CorrectedRun]) -> list[Floats]:
    """Return the runs of adjacent measured intervals (ms), as `hrv` takes them."""
    return [part for run in runs for part in run.parts()]


def mended_rmssd_ms(runs: Sequence[CorrectedRun]) -> float:
    """Return RMSSD (ms) with the differences beside corrected beats estimated.

    ``nan`` without a measured difference; `hrv.rmssd_ms` of the measured intervals where nothing
    was corrected, or where too little was measured to estimate from.

    Parameters
    ----------
    runs
        Corrected intervals, as `corrected_runs` or a sitting's heart gives them.
    """
    measured = measured_runs(runs)
    plain = hrv.rmssd_ms(measured)
    known = np.concatenate([np.empty(0), *(_known_squares(run) for run in runs)])
    bends = np.concatenate([np.empty(0), *(np.diff(part, 3) for part in measured)])
    if not known.size or bends.size < LEAST_FOURS or math.isnan(plain):
        return plain
    steps = sum(part.size - 1 for part in measured)
    squares = steps * plain**2 + float(np.sum(known + np.mean(np.square(bends)) / 6.0))
    return math.sqrt(squares / (steps + 3 * known.size))


def _known_squares(run: CorrectedRun) -> Floats:
    """Return what is known of the squares of three lost differences, for each two lost intervals.

    With the mean of Δ²/6 it is what they are expected to be.
    """
    at = np.flatnonzero(run.measured)
    i = at[:-1][np.diff(at) == TWO_LOST + 1]
    first, last = run.nn_ms[i], run.nn_ms[i + 3]
    half = (run.nn_ms[i + 1] + run.nn_ms[i + 2]) / 2.0
    return (half - first) ** 2 + (last - half) ** 2 - (last - first) ** 2 / 6.0
