"""A sitting in miniature, gone through before the first real one.

Half a minute into a sitting, and again later, the analysis uses something for the first time: a
Fourier transform, a fit, a picture of the chest's movement. What that needs is then read from the
disk, some milliseconds a piece, and frames come late. After a rehearsal all of it is there.
"""

import math
from dataclasses import dataclass

import numpy as np

from biobreath.events import Event, HeartRateMeasurement, StreamFrame, StreamKind
from biobreath.heart_rate_service import decode, encode
from biobreath.polar_measurement import encode_acceleration
from biobreath.practice.patterns import LONG_OUT
from biobreath.session.live import Reading
from biobreath.session.sitting import Sitting

_LASTS_S = 95
"""Until everything is told that a sitting can tell."""
_ASKED_AT_S = (40, 66, 70, _LASTS_S)
_CHEST_S = 45
"""So long a strap tells the breath, too; after that the heart alone has to."""
_CHEST_HZ = 25.0
_EARLY_BEAT_S = 10
_SHOWN_S = 60.0
_BREATH_RAD_S = 2 * math.pi / LONG_OUT.cycle_s


@dataclass(slots=True)
class _SetClock:
    """A clock that is set by hand."""

    t: float = 0.0
    is_virtual = True

    def now(self) -> float:
        return self.t

    async def sleep(self, seconds: float) -> None:
        self.t += seconds


def rehearse() -> Reading:
    """Go through a sitting with a made-up heart and chest, of which nothing is kept.

    Returns
    -------
    Reading
        What was told at its end; there, nothing is unknown any more.
    """
    clock = _SetClock()
    sitting = Sitting(clock, _forget, LONG_OUT, 0.0)
    for second in range(1, _LASTS_S + 1):
        clock.t = float(second)
        sitting.feed(_packet(second))
        if second <= _CHEST_S:
            sitting.feed(_frame(second))
        if second in _ASKED_AT_S:
            _ask(sitting)
    told = sitting.reading()
    sitting.pause()  # without a guide, breaths are looked for in the heart
    _ask(sitting)
    return told


def _ask(sitting: Sitting) -> None:
    """Ask all that a screen asks."""
    since = sitting.now() - _SHOWN_S
    sitting.reading()
    sitting.own_rate()
    sitting.heart_points(since)
    sitting.breath_points(since)
    sitting.breath_swings(since)
    sitting.fullness(np.arange(since, sitting.now() + LONG_OUT.cycle_s, 0.2))


def _packet(second: int) -> HeartRateMeasurement:
    """Return one beat that swings with the breath; one comes early and the next one late."""
    early = {_EARLY_BEAT_S: -300, _EARLY_BEAT_S + 1: 300}.get(second, 0)
    ticks = 1024 + round(60 * math.sin(_BREATH_RAD_S * second)) + early
    return decode(float(second), encode(60, [ticks]))


def _frame(second: int) -> StreamFrame:
    """Return a second of a chest that a breath tilts to and fro."""
    times = second - 1 + np.arange(1, _CHEST_HZ + 1) / _CHEST_HZ
    tilts_mg = np.rint(15 * np.sin(_BREATH_RAD_S * times)).astype(int)
    samples_mg = [(tilt, 0, 1000) for tilt in tilts_mg.tolist()]
    payload = encode_acceleration(second * 1_000_000_000, samples_mg)
    return StreamFrame(float(second), StreamKind.POLAR_ACCELERATION, _CHEST_HZ, payload)


def _forget(_fact: Event) -> None:
    """Keep nothing."""
