"""RMSSD and SDNN of a record that was corrected: what a fault took, estimated from what is known.

Where one beat was missed, or came early and its pause made up for it, two intervals x₁ and x₂ are
known in sum only, between two that were measured, x₀ and x₃. Three successive differences are lost
with them. With the third difference Δ = x₃ − 3x₂ + 3x₁ − x₀ the sum of their squares is

    (s/2 − x₀)² + (x₃ − s/2)² − (x₃ − x₀)²/6 + Δ²/6,   s = x₁ + x₂,

exactly, and all but the last term is known. For Δ² stands its mean over all four measured
intervals in a row of the same record. Leaving the three out instead, as RMSSD of measured
differences has to, is off by chance: in slow breathing few differences make most of the sum.

SDNN misses the two intervals themselves. Their mean is known exactly, and of their distance

    (x₂ − x₁)² = (x₃ − x₀ − Δ)²/9,

in which Δ, as often above as below nothing, leaves ((x₃ − x₀)² + Δ²)/9.

Without a corrected beat these are RMSSD and SDNN, bit by bit.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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
    """Return what `mended_rmssd_ms` and `mended_sdnn_ms` take, of judged beats."""
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


class MendedHrv(NamedTuple):
    """Both measures of the same runs, in ms."""

    sdnn_ms: float
    rmssd_ms: float


def mended_hrv(runs: Sequence[CorrectedRun]) -> MendedHrv:
    """Return `mended_sdnn_ms` and `mended_rmssd_ms` for the work of one."""
    known = _known(runs)
    return MendedHrv(_sdnn_ms(known), _rmssd_ms(known))


def mended_rmssd_ms(runs: Sequence[CorrectedRun]) -> float:
    """Return RMSSD (ms) with the differences beside corrected beats estimated.

    ``nan`` without a measured difference; `hrv.rmssd_ms` of the measured intervals where nothing
    was corrected, or where too little was measured to estimate from.

    Parameters
    ----------
    runs
        Corrected intervals, as `corrected_runs` or a sitting's heart gives them.
    """
    return _rmssd_ms(_known(runs))


def mended_sdnn_ms(runs: Sequence[CorrectedRun]) -> float:
    """Return SDNN (ms, ddof = 1) with intervals known only in their sum beside measured ones.

    ``nan`` below two measured intervals; `hrv.sdnn_ms` of these where nothing was corrected, or
    where too little was measured to estimate from.

    Parameters
    ----------
    runs
        Corrected intervals, as `corrected_runs` or a sitting's heart gives them.
    """
    return _sdnn_ms(_known(runs))


class _Known(NamedTuple):
    """The runs of measured intervals and, for each two known in sum, half of it and its neighbours.

    All in ms; ``bend`` is the mean squared third difference in ms², ``nan`` where nothing was lost
    or too little measured.
    """

    measured: list[Floats]
    first: Floats
    half: Floats
    last: Floats
    bend: float


def _known(runs: Sequence[CorrectedRun]) -> _Known:
    measured = measured_runs(runs)
    lost = [part for part in map(_lost, runs) if part is not None]
    if not lost:
        return _Known(measured, np.empty(0), np.empty(0), np.empty(0), math.nan)
    first, half, last = (np.concatenate(parts) for parts in zip(*lost, strict=True))
    bends = np.concatenate([np.empty(0), *(np.diff(part, 3) for part in measured)])
    bend = float(np.mean(np.square(bends))) if bends.size >= LEAST_FOURS else math.nan
    return _Known(measured, first, half, last, bend)


def _lost(run: CorrectedRun) -> tuple[Floats, Floats, Floats] | None:
    """Return half of each sum and what was measured before and after it; None without one."""
    at, nn_ms = np.flatnonzero(run.measured), run.nn_ms
    i = at[:-1][np.diff(at) == TWO_LOST + 1]
    return (nn_ms[i], (nn_ms[i + 1] + nn_ms[i + 2]) / 2.0, nn_ms[i + 3]) if i.size else None


def _rmssd_ms(known: _Known) -> float:
    plain = hrv.rmssd_ms(known.measured)
    if math.isnan(known.bend) or math.isnan(plain):
        return plain
    _, first, half, last, bend = known
    steps = sum(part.size - 1 for part in known.measured)
    # With the mean of Δ²/6 it is what the three lost squares are expected to be.
    lost = (half - first) ** 2 + (last - half) ** 2 - (last - first) ** 2 / 6.0 + bend / 6.0
    return math.sqrt((steps * plain**2 + float(np.sum(lost))) / (steps + 3 * half.size))


def _sdnn_ms(known: _Known) -> float:
    plain = hrv.sdnn_ms(known.measured)
    if math.isnan(known.bend) or math.isnan(plain):
        return plain
    measured, first, half, last, bend = known
    every = np.concatenate((*measured, half, half))
    apart = float(np.sum(np.square(last - first) + bend)) / 18.0
    squares = float(np.sum(np.square(every - np.mean(every)))) + apart
    return math.sqrt(squares / (every.size - 1))
