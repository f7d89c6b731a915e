"""The breath as sound: a rising pair of notes for "in", a lower, longer one for "out".

Every note sounds all the time at a loudness that follows the breath, so nothing ever begins or ends
abruptly; loudness is asked of the guide a few hundred times a second and drawn straight between.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from biobreath.practice.pacer import BreathCue, BreathPhase

Samples = NDArray[np.float32]
CueAt = Callable[[float], BreathCue | None]
"""Where the guide's breath is at a session time in s; None while it rests."""

SAMPLE_RATE_HZ = 44_100
CONTROL_SAMPLES = 128
"""Loudness is asked for every 2.9 ms."""
IN_HZ = (264.0, 396.0)
"""A fifth, C4 and G4: "in" opens upwards."""
OUT_HZ = (198.0, 132.0)
"""A fifth below, G3 and C3: "out" settles downwards."""
LOUDEST = 0.16
"""Amplitude of one note at its loudest; all together stay far from the limit of 1."""
QUICKEST_S = 0.04
"""A note comes and goes no quicker than this, also when the guide is paused in the middle."""

_NOTES_HZ = np.array([*IN_HZ, *OUT_HZ])


def loudness(cue: BreathCue | None) -> tuple[float, float, float, float]:
    """Return how loud (0-1) each note is at a moment of the breath: two for "in", two for "out".

    The second note of each pair comes with the fullness of the breath, so that the ear knows how
    far it is; all are silent at the turns, where the other pair takes over, and while it rests.
    """
    if cue is None or cue.phase in (BreathPhase.HOLD_FULL, BreathPhase.HOLD_EMPTY):
        return (0.0, 0.0, 0.0, 0.0)
    if cue.phase in (BreathPhase.INHALE, BreathPhase.TOP):
        swell = math.sin(math.pi * cue.done**0.8) ** 2
        return (swell * (1.0 - 0.5 * cue.fullness), swell * cue.fullness, 0.0, 0.0)
    # The out-breath is loudest early, and then takes its time to fade.
    swell = math.sin(math.pi * cue.done**0.6) ** 2
    return (0.0, 0.0, swell * cue.fullness, swell * (1.0 - 0.5 * cue.fullness))


class BreathTones:
    """Renders the tones block by block; one block follows the other without a seam.

    Examples
    --------
    >>> BreathTones(lambda t: None).render(0.0, 1.0, 441).shape
    (441,)
    """

    def __init__(self, cue_at: CueAt, sample_rate_hz: int = SAMPLE_RATE_HZ) -> None:
        self._cue_at = cue_at
        self._rate_hz = sample_rate_hz
        self._phase = np.zeros(len(_NOTES_HZ))
        self._loud = np.zeros(len(_NOTES_HZ))
        self._step = CONTROL_SAMPLES / (QUICKEST_S * sample_rate_hz)

    def render(self, from_s: float, to_s: float, samples: int) -> Samples:
        """Return so many samples, the first at session time ``from_s``, the last before ``to_s``.

        The times only say where the breath is; the pitch never changes with them.
        """
        knots = np.append(np.arange(0, samples, CONTROL_SAMPLES), samples)
        loud = np.empty((len(knots), len(_NOTES_HZ)))
        loud[0] = self._loud
        for i, share in enumerate(knots[1:] / samples, 1):
            self._loud = self._nearer(loudness(self._cue_at(from_s + share * (to_s - from_s))))
            loud[i] = self._loud
        at = np.arange(samples)
        mixed = np.zeros(samples)
        if not loud.any():
            self._phase = (self._phase + samples * _NOTES_HZ / self._rate_hz) % 1.0
            return mixed.astype(np.float32)
        for note, hz in enumerate(_NOTES_HZ):
            turns = self._phase[note] + at * (hz / self._rate_hz)
            mixed += np.interp(at, knots, loud[:, note]) * np.sin(2.0 * np.pi * turns)
            self._phase[note] = (self._phase[note] + samples * hz / self._rate_hz) % 1.0
        return (LOUDEST * mixed).astype(np.float32)

    def _nearer(self, wanted: tuple[float, ...]) -> NDArray[np.float64]:
        away = np.array(wanted) - self._loud
        return self._loud + np.clip(away, -self._step, self._step)
