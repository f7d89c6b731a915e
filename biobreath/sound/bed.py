"""A sound bed made of noise or of soft notes: a brook, a wind, rain, a slow sea, a warm tone.

No recording, no licence, no seam.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from biobreath.sound.tones import SAMPLE_RATE_HZ

Samples = NDArray[np.float32]

LOOP_S = 23.0
LOUD = 0.05
"""RMS of a bed: under the tones, over the room."""


class Bed(StrEnum):
    """What sounds under the breath."""

    NONE = "none"
    BROOK = "brook"
    WIND = "wind"
    RAIN = "rain"
    SEA = "sea"
    PAD = "warm-pad"


_BANDS: dict[Bed, tuple[float, float, float]] = {
    Bed.BROOK: (180.0, 2400.0, 0.75),
    Bed.WIND: (60.0, 600.0, 1.0),
    Bed.RAIN: (600.0, 7000.0, 0.4),
    Bed.SEA: (60.0, 900.0, 1.0),
}
"""Lowest and highest frequency (Hz), and how amplitude falls with frequency (1/f to this power)."""

_NOTES_HZ = (110.0, 164.8, 220.0)
"""A fifth and an octave: nothing that leads anywhere."""

_SWAY: dict[Bed, float] = {Bed.BROOK: 0.3, Bed.WIND: 0.5, Bed.RAIN: 0.1, Bed.SEA: 0.2, Bed.PAD: 0.4}
"""How much (0-1) the loudness wanders."""

BREATHES: dict[Bed, float] = {Bed.SEA: 0.7}
"""Whose waves come and go with the breath, and how much (0-1) quieter they are between."""


def bed(kind: Bed, sample_rate_hz: int = SAMPLE_RATE_HZ) -> Samples:
    """Return one loop; its end meets its beginning, as every part is periodic in it."""
    samples = round(LOOP_S * sample_rate_hz)
    if kind is Bed.NONE:
        return np.zeros(samples, dtype=np.float32)
    rng = np.random.default_rng([*kind.value.encode()])
    if kind is Bed.PAD:
        noise = _notes(samples)
    else:
        low, high, fall = _BANDS[kind]
        noise = _noise(rng, samples, sample_rate_hz, (low, high, fall))
    sway = _noise(rng, samples, sample_rate_hz, (1.0 / LOOP_S, 0.5, 1.0))
    sway = 1.0 + _SWAY[kind] * np.clip(sway / np.std(sway), -2, 2) / 2
    mixed = noise * sway
    return (LOUD * mixed / np.std(mixed)).astype(np.float32)


def _notes(samples: int) -> NDArray[np.float64]:
    """Return soft notes, each a whole number of waves in the loop; the higher the softer."""
    turn = 2 * np.pi * np.arange(samples) / samples
    waves = [(round(hz * LOOP_S), _NOTES_HZ[0] / hz) for hz in _NOTES_HZ]
    return np.sum([loud * np.sin(count * turn) for count, loud in waves], axis=0)


def _noise(
    rng: np.random.Generator, samples: int, rate_hz: int, band: tuple[float, float, float]
) -> NDArray[np.float64]:
    low, high, fall = band
    hz = np.fft.rfftfreq(samples, 1.0 / rate_hz)
    edges = 1.0 / (1.0 + (low / np.maximum(hz, 1e-9)) ** 4) / (1.0 + (hz / high) ** 4)
    size = edges * np.maximum(hz, 1e-9) ** -fall
    size[0] = 0.0
    return np.fft.irfft(size * np.exp(2j * np.pi * rng.random(hz.size)), samples)
