"""The person's own breath, as a strap's accelerometer measured it."""

import logging
import math
from collections import deque
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from biobreath.events import BreathSample, BreathSource, StreamFrame, StreamKind
from biobreath.polar_measurement import AccelerationFrame, MalformedFrame, decode
from biobreath.session.guide_track import GuideTrack
from biobreath.signal.chest_breath import ChestBreath, rises_with_inhale
from biobreath.signal.sensor_clock import SensorClock
from biobreath.signal.waves import rises_s, without_drift

Floats = NDArray[np.float64]

_log = logging.getLogger(__name__)

POINTS_HZ = 10.0
KEPT_S = 180.0
FRESH_S = 5.0
"""Without a sample for so long, nothing is measured any more."""
_MARGIN = 0.3
"""A rise counts when the wave was this share of its deviation below its middle before."""
_SIGN_EVERY = 50
_SIGN_POINTS = 600
_FOLLOWED_LATE_S = 0.35
"""People follow a guide by about so much."""


class BreathTrack:
    """Frames in; a wave, a rate and the borders of breaths out. Empty where nothing is measured."""

    def __init__(self) -> None:
        self._clock = SensorClock()
        self._chest = ChestBreath()
        self._samples: deque[BreathSample] = deque(maxlen=round(KEPT_S * POINTS_HZ))
        self._rises_with_inhale: bool | None = None
        self._since_sign = 0

    def feed(self, frame: StreamFrame, guide: GuideTrack) -> None:
        """Take a frame of acceleration; ``guide`` tells which end of the wave is an inhale."""
        if frame.kind is not StreamKind.POLAR_ACCELERATION:
            return
        try:
            told = decode(frame.payload)
        except MalformedFrame:
            _log.info("A stored frame could not be read.")
            return
        if not isinstance(told, AccelerationFrame):
            return
        last_s = self._clock.session_s(told.sensor_ns, frame.t)
        samples_mg = np.array(told.samples_mg, dtype=np.float64)
        wave = self._chest.feed(samples_mg, last_s, frame.sample_rate_hz)
        if self._samples and self._samples[-1].segment != wave.segment:
            self._rises_with_inhale = None
        for t, value in zip(wave.t_s.tolist(), wave.value.tolist(), strict=True):
            self._samples.append(
                BreathSample(
                    t, value, BreathSource.CHEST_MOVEMENT, wave.segment, self._rises_with_inhale
                )
            )
        self._since_sign += wave.t_s.size
        if self._since_sign >= _SIGN_EVERY:
            self._since_sign = 0
            self._learn_sign(guide)

    def _learn_sign(self, guide: GuideTrack) -> None:
        newest = self._newest(_SIGN_POINTS / POINTS_HZ)
        if not newest:
            return
        t, value = _columns(newest)
        found = rises_with_inhale(value, guide.fullness(t - _FOLLOWED_LATE_S))
        if found is not None:
            self._rises_with_inhale = found

    def _newest(self, seconds: float) -> list[BreathSample]:
        """Return the samples of the newest segment, of the last ``seconds``."""
        if not self._samples:
            return []
        count = min(len(self._samples), round(seconds * POINTS_HZ))
        taken = islice(self._samples, len(self._samples) - count, None)
        return [s for s in taken if s.segment == self._samples[-1].segment]

    def measures(self, now: float) -> bool:
        """Tell whether the breath is being measured, with a sure rate or without."""
        return bool(self._samples) and now - self._samples[-1].t <= FRESH_S

    def breaths_per_minute(self, now: float) -> float | None:
        """Return the measured rate; None where nothing is measured or it is not sure."""
        rate = self._chest.breaths_per_minute(now) if self._samples else math.nan
        return rate if math.isfinite(rate) else None

    def borders_s(self, since: float) -> Floats:
        """Return one moment in each breath since ``since``, at the same point of its wave (s)."""
        newest = [s for s in self._newest(KEPT_S) if s.t >= since]
        if len(newest) < 10 * POINTS_HZ:
            return np.array([])
        t, value = _columns(newest)
        level = without_drift(value)
        if self._rises_with_inhale is False:
            level = -level
        return t[0] + rises_s(level, POINTS_HZ, _MARGIN * float(level.std()))

    def points(self, since: float) -> tuple[Floats, Floats]:
        """Return times (s) and the wave for drawing, full is up where that is known.

        A ``nan`` stands between two segments. The wave is scaled to about 0-1 by what is shown.
        """
        shown = [s for s in self._samples if s.t >= since]
        if not shown:
            return np.array([]), np.array([])
        t, value = _columns(shown)
        segment = np.array([s.segment for s in shown])
        level = -value if self._rises_with_inhale is False else value
        low, high = np.percentile(level, [2, 98])
        scaled = (level - low) / max(high - low, 1e-9)
        border = np.flatnonzero(np.diff(segment)) + 1
        return np.insert(t, border, t[border]), np.insert(scaled, border, math.nan)


def _columns(samples: list[BreathSample]) -> tuple[Floats, Floats]:
    return np.array([s.t for s in samples]), np.array([s.value for s in samples])
