"""Whether a rhythm is irregular all the time: then no number made of it means what it says.

Slow breathing moves the heart more than many an irregular rhythm does, but each interval lies
where its neighbours let expect it. Where they do not, and the surprise is large at most beats and
not only at a few premature ones, feedback pauses. It is said of the signal; what it may come from
is not ours to tell.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WINDOW_S = 64.0
LEAST_INTERVALS = 32
"""Fewer accepted intervals than this tell nothing."""
MOST_SURPRISE = 0.09
"""In natural logarithms, about 9 %: in every heart with a breath it stayed below this."""
MOST_SHARE = 0.6
"""Of the whole movement; what breath makes is mostly foreseen."""
_NEIGHBOURS = 3
_SD_OF_MEDIAN = 0.6745
"""The median distance of a normal distribution from its middle, in standard deviations."""


def is_irregular(nn_ms: Floats, accepted: Flags) -> bool:
    """Tell whether most intervals are far from what their neighbours let expect.

    Parameters
    ----------
    nn_ms
        About 64 s of corrected intervals in ms, of one stretch without gaps, shape (n,).
    accepted
        False where an interval was corrected: it helps to expect others, but is no surprise
        itself. Shape (n,).

    Returns
    -------
    bool
        False also where there are too few accepted intervals to know.

    Notes
    -----
    Each logarithm is fitted by the three before and the three after it, by least squares over the
    window. The surprise is the median distance from that, scaled to a standard deviation. Medians,
    so that premature beats, which are counted elsewhere, do not make a rhythm irregular.
    """
    level = np.log(nn_ms)
    middle = slice(_NEIGHBOURS, level.size - _NEIGHBOURS)
    count = int(np.count_nonzero(accepted[middle]))
    if count < LEAST_INTERVALS:
        return False
    # The best fit leaves no more than the mean of both neighbours does, and a median distance is
    # at most the root of the mean square: this spares most hearts the fit.
    bent = level[1:-1] - (level[:-2] + level[2:]) / 2.0
    if float(bent @ bent) <= count * (_SD_OF_MEDIAN * MOST_SURPRISE) ** 2:
        return False
    around = np.lib.stride_tricks.sliding_window_view(level, 2 * _NEIGHBOURS + 1)
    told = np.column_stack((np.delete(around, _NEIGHBOURS, axis=1), np.ones(len(around))))
    fit, *_ = np.linalg.lstsq(told, level[middle])
    surprise = _spread((level[middle] - told @ fit)[accepted[middle]])
    whole = _spread(level - np.median(level))
    return surprise > MOST_SURPRISE and surprise > MOST_SHARE * whole


def _spread(distances: Floats) -> float:
    return float(np.median(np.abs(distances))) / _SD_OF_MEDIAN
