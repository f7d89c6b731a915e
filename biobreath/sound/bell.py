"""A soft bell made of a few waves that die away: for closed eyes, when something waits."""

import numpy as np
from numpy.typing import NDArray

from biobreath.sound.tones import SAMPLE_RATE_HZ

BELL_S = 5.0
LOUDEST = 0.1
"""Amplitude at its loudest: under the tones of the breath."""
_COMES_S = 0.06
_GOES_S = 0.5
_PARTIALS = ((330.0, 1.0, 1.6), (661.0, 0.4, 1.0), (924.0, 0.12, 0.6))
"""Frequency (Hz), loudness, and the time (s) in which it falls to a third: high ones go first."""


def bell(sample_rate_hz: int = SAMPLE_RATE_HZ) -> NDArray[np.float32]:
    """Return one stroke, from silence to silence."""
    t = np.arange(round(BELL_S * sample_rate_hz)) / sample_rate_hz
    waves = [
        loud * np.exp(-t / falls_s) * np.sin(2 * np.pi * hz * t) for hz, loud, falls_s in _PARTIALS
    ]
    comes = 0.5 - 0.5 * np.cos(np.pi * np.clip(t / _COMES_S, 0.0, 1.0))
    goes = 0.5 - 0.5 * np.cos(np.pi * np.clip((BELL_S - t) / _GOES_S, 0.0, 1.0))
    stroke = np.sum(waves, axis=0) * comes * goes
    return (LOUDEST * stroke / np.abs(stroke).max()).astype(np.float32)
