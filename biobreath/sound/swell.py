"""The swell of a bed that breathes: it comes with the in-breath and goes with the out-breath."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from biobreath.sound.tones import SAMPLE_RATE_HZ, CueAt

KNOT_SAMPLES = 1024
"""Where the breath is, is asked every 23 ms; in between loudness moves on a straight line."""
QUICKEST_S = 1.0
"""The whole way from quiet to loud takes no less, also where the guide stops in the middle."""
AT_REST = 0.5
"""Where it settles while nobody guides a breath."""


class Swell:
    """Renders how loud (0-1) a bed is, block after block without a step.

    Parameters
    ----------
    cue_at
        Tells where the breath is.
    depth
        How much quieter it is at the end of the out-breath, 0-1.
    """

    def __init__(self, cue_at: CueAt, depth: float) -> None:
        self._cue_at = cue_at
        self._depth = depth
        self._height = AT_REST

    def render(self, from_s: float, to_s: float, samples: int) -> NDArray[np.float32]:
        """Return the loudness of so many samples, the first at session time ``from_s``."""
        knots = np.append(np.arange(0, samples, KNOT_SAMPLES), samples)
        heights = [self._height]
        for begin, end in pairwise(knots):
            self._move(from_s + end / samples * (to_s - from_s), int(end - begin))
            heights.append(self._height)
        height = np.interp(np.arange(samples), knots, heights)
        return (1.0 - self._depth * (1.0 - height)).astype(np.float32)

    def _move(self, t: float, samples: int) -> None:
        cue = self._cue_at(t)
        away = (AT_REST if cue is None else cue.fullness) - self._height
        most = samples / (QUICKEST_S * SAMPLE_RATE_HZ)
        self._height += min(most, max(-most, away))
