"""The times that stand beside intervals in a text: of the beats, or of their arrival."""

import math
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from biobreath.store.rr_cells import NUMBER, moment_in

Floats = NDArray[np.float64]

_HALF_A_DAY_S = 43_200.0
_BEAT_TOLERANCE_S = 0.006
"""Times may be rounded to 1/100 s."""
_LARGEST_TIME = 1e19


def written_times(
    texts: Sequence[str | None], rr_ms: Floats
) -> tuple[Floats | None, datetime | None]:
    """Return the written times in s, and the date and time of the first where there is one."""
    if all(text is None for text in texts):
        return None, None
    moments = [None if text is None else moment_in(text) for text in texts]
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
    if text is None or not NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if abs(value) <= _LARGEST_TIME else None


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


def as_beat_times(written_s: Floats, rr_ms: Floats) -> Floats | None:
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
