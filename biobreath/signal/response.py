"""What the heart did: free breathing before against free breathing after, with honest limits.

A heart never stands still. A difference counts as one only beyond what short measurements of the
same heart usually differ by; inside that it is "about the same".
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_S = 45.0
"""Less free breathing than this tells nothing."""
_RMSSD_LIMITS = ((30.0, 0.64, 1.45), (60.0, 0.72, 1.33), (120.0, 0.81, 1.22))
"""By length of the measurement (s): how far a short RMSSD lies from one of five minutes, as ratios
(95 % limits of agreement over 200 windows of long records). Between lengths on a logarithm."""
LEAST_CHANGE_BPM = 1.5
"""A difference smaller than this is nothing that anybody could feel or care for."""
_PIECE_S = 15.0
_WANDERS = 2.0
"""Differences beyond so many standard errors of the wandering are more than it usually wanders."""


class Change(StrEnum):
    """How a value after compares with the one before."""

    LOWER = "lower"
    SAME = "same"
    HIGHER = "higher"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of free breathing: times of beats (s) and accepted intervals (ms), as arrays."""

    t_s: Floats
    nn_ms: Floats
    rmssd_ms: float

    @property
    def length_s(self) -> float:
        """Sum of the intervals in s."""
        return float(self.nn_ms.sum()) / 1000.0

    @property
    def heart_rate_bpm(self) -> float:
        """60000 / mean interval."""
        return 60_000.0 / float(self.nn_ms.mean()) if self.nn_ms.size else math.nan


@dataclass(frozen=True, slots=True)
class Response:
    """Heart rate (bpm) and RMSSD (ms) before and after, and whether they really changed."""

    heart_rate_before_bpm: float
    heart_rate_after_bpm: float
    heart_rate: Change
    rmssd_before_ms: float
    rmssd_after_ms: float
    rmssd: Change


def response(before: Stretch, after: Stretch) -> Response:
    """Compare two stretches of free breathing, each of 45 s at least (better 60-120 s).

    Heart rate counts as changed beyond 1.5 bpm and twice its own wandering, RMSSD beyond the
    limits of agreement of its length. ``UNKNOWN`` where a stretch is too short.
    """
    enough = min(before.length_s, after.length_s) >= LEAST_S
    return Response(
        before.heart_rate_bpm,
        after.heart_rate_bpm,
        _rate_change(before, after) if enough else Change.UNKNOWN,
        before.rmssd_ms,
        after.rmssd_ms,
        _rmssd_change(before, after) if enough else Change.UNKNOWN,
    )


def rmssd_limits(length_s: float) -> tuple[float, float]:
    """Return the ratios between which RMSSD of so many seconds is no real change."""
    lengths, low, high = zip(*_RMSSD_LIMITS, strict=True)
    at = math.log(length_s)
    known = np.log(lengths)
    return (
        math.exp(float(np.interp(at, known, np.log(low)))),
        math.exp(float(np.interp(at, known, np.log(high)))),
    )


def wandering_bpm(stretch: Stretch) -> float:
    """Return the standard error (bpm) of the mean rate: from how its pieces of 15 s differ."""
    first_s = float(stretch.t_s[0]) if stretch.t_s.size else 0.0
    piece = ((stretch.t_s - first_s) // _PIECE_S).astype(int)
    rates = [60_000.0 / float(stretch.nn_ms[piece == p].mean()) for p in np.unique(piece)]
    if len(rates) < 2:
        return math.nan
    return float(np.std(rates, ddof=1)) / math.sqrt(len(rates))


def _rate_change(before: Stretch, after: Stretch) -> Change:
    wandering = math.hypot(wandering_bpm(before), wandering_bpm(after))
    difference = after.heart_rate_bpm - before.heart_rate_bpm
    if not math.isfinite(difference + wandering):
        return Change.UNKNOWN
    limit = max(LEAST_CHANGE_BPM, _WANDERS * wandering)
    return _side(difference, -limit, limit)


def _rmssd_change(before: Stretch, after: Stretch) -> Change:
    if not (before.rmssd_ms > 0 and after.rmssd_ms > 0):
        return Change.UNKNOWN
    low, high = rmssd_limits(min(before.length_s, after.length_s))
    return _side(after.rmssd_ms / before.rmssd_ms, low, high)


def _side(value: float, low: float, high: float) -> Change:
    if value < low:
        return Change.LOWER
    return Change.HIGHER if value > high else Change.SAME
