"""What the last minute or two tell of the rhythm: coherence, breathing rate, swing, irregularity.

These change slowly and cost most, so they are made anew every three seconds of heartbeats. When
that is depends on the beats alone, not on when or how often somebody asks.
"""

import math
from dataclasses import dataclass

import numpy as np

from biobreath.session.heart_track import HeartTrack
from biobreath.signal import coherence, irregularity, respiration, swing

REFRESH_S = 3.0
_REACH_S = respiration.WINDOW_S + 5.0
_NEAR_S = 1e-6


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Coherence (0-1), breathing rate (a minute), swing a breath (bpm); ``nan`` where not known.

    Where it is ``irregular`` none of them means anything.
    """

    coherence: float = math.nan
    breaths_per_minute: float = math.nan
    swing_bpm: float = math.nan
    irregular: bool = False


UNKNOWN = Rhythm()
IRREGULAR = Rhythm(irregular=True)


class RhythmTrack:
    """The newest rhythm of a heart, remembered until there are three more seconds of it."""

    def __init__(self, heart: HeartTrack) -> None:
        self._heart = heart
        self._told_for: tuple[float, float, bool] | None = None
        """The last beat that the rhythm stands on, the last gap before it, and with a swing."""
        self._rhythm = UNKNOWN

    def newest(self, *, with_swing: bool) -> Rhythm:
        """Return the rhythm of the newest segment, its swing only where somebody wants it."""
        beat_t, nn_ms = self._heart.since(self._heart.newest_s - _REACH_S)
        if not beat_t.size:
            return UNKNOWN
        clean_s = self._heart.clean_seconds()
        due_s = float(beat_t[-1]) - clean_s % REFRESH_S
        count = min(beat_t.size, int(np.searchsorted(beat_t, due_s - _NEAR_S)) + 1)
        begun_s = round(float(beat_t[-1]) - clean_s, 6)
        stands_on = (float(beat_t[count - 1]), begun_s, with_swing)
        if stands_on != self._told_for:
            accepted = self._heart.accepted_since(beat_t)[:count]
            self._rhythm = _of(beat_t[:count], nn_ms[:count], accepted, with_swing=with_swing)
            self._told_for = stands_on
        return self._rhythm


def _of(
    beat_t: swing.Floats, nn_ms: swing.Floats, accepted: swing.Flags, *, with_swing: bool
) -> Rhythm:
    newest = beat_t > beat_t[-1] - irregularity.WINDOW_S
    if irregularity.is_irregular(nn_ms[newest], accepted[newest]):
        return IRREGULAR
    rate = respiration.breathing_rate(beat_t, nn_ms)
    found = swing.swing_from_heart(beat_t, nn_ms, accepted, rate) if with_swing else math.nan
    return Rhythm(coherence.rhythm_coherence(beat_t, nn_ms), rate, found)
