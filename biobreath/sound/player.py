"""Plays tones and bed on the system's own output; without one the sitting is silent and goes on."""

import contextlib
import ctypes
import logging
import sys
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from biobreath.sound.bed import BREATHES, Bed, bed
from biobreath.sound.bell import bell
from biobreath.sound.swell import Swell
from biobreath.sound.timeline import Timeline
from biobreath.sound.tones import SAMPLE_RATE_HZ, BreathTones, CueAt

_log = logging.getLogger(__name__)

BUFFER_MS = 200
"""The window may be busy for so long without a drop-out."""
FADE_S = 0.4
MUTING_S = 0.1
"""Who wants silence wants it now; quicker still would be heard as a click."""


@dataclass(frozen=True, slots=True)
class SoundWish:
    """What is to be heard; ``volume`` is 0-1."""

    tones: bool = False
    bed: Bed = Bed.NONE
    volume: float = 0.5
    bell: bool = False
    """Whether a soft bell rings at the beginning, and when it is told to."""

    @property
    def silent(self) -> bool:
        """Whether nothing is to be heard at all."""
        wanted = self.tones or self.bed is not Bed.NONE or self.bell
        return not wanted or self.volume <= 0


class NoSound(Exception):  # noqa: N818
    """There is no sound output, or it cannot be used."""


class Mixer:
    """Renders what the device asks for, in whatever thread it asks."""

    def __init__(
        self,
        cue_at: CueAt,
        now: Callable[[], float],
        wish: SoundWish,
        muted: Callable[[], bool] = lambda: False,
    ) -> None:
        """``muted`` tells whether all is to be silent for a while; asked in the sound's thread."""
        self._now = now
        self._muted = muted
        self._wish = wish
        self._tones = BreathTones(cue_at)
        self._bed = bed(wish.bed)
        depth = BREATHES.get(wish.bed)
        self._swell = None if depth is None else Swell(cue_at, depth)
        self._bell = bell() if wish.bell else None
        self._bell_at = 0 if wish.bell else None
        self._at = 0
        self._timeline = Timeline(SAMPLE_RATE_HZ, BUFFER_MS / 1000.0)
        self._level = 0.0
        self._wanted = wish.volume
        self.faded = threading.Event()
        """Set once silence after ``fade_out`` has been rendered."""

    def fade_out(self) -> None:
        """Grow silent."""
        self._wanted = 0.0

    def ring(self) -> None:
        """Let the bell be heard, where it is wanted; one that still sounds is left to die away."""
        if self._bell is not None and self._bell_at is None:
            self._bell_at = 0

    def render(self, samples: int) -> np.ndarray:
        """Return the next mono samples, -1 to 1."""
        begin_s, end_s = self._timeline.block(self._now(), samples)
        mixed = np.take(self._bed, np.arange(self._at, self._at + samples), mode="wrap")
        self._at = (self._at + samples) % len(self._bed)
        if self._swell is not None:
            mixed = mixed * self._swell.render(begin_s, end_s, samples)
        self._add_bell(mixed)
        if self._wish.tones:
            mixed = mixed + self._tones.render(begin_s, end_s, samples)
        return mixed * self._gain(samples)

    def _add_bell(self, mixed: np.ndarray) -> None:
        at = self._bell_at
        if self._bell is None or at is None:
            return
        part = self._bell[at : at + mixed.size]
        mixed[: part.size] += part
        self._bell_at = at + part.size if at + part.size < self._bell.size else None

    def _gain(self, samples: int) -> np.ndarray:
        """Move towards the wanted level, no quicker than the whole way in ``FADE_S``."""
        muted = self._muted()
        step = samples / ((MUTING_S if muted else FADE_S) * SAMPLE_RATE_HZ)
        away = (0.0 if muted else self._wanted) - self._level
        new = self._level + min(step, max(-step, away))
        ramp = np.linspace(self._level, new, samples, endpoint=False, dtype=np.float32)
        if self._wanted == 0.0 == self._level:
            self.faded.set()
        self._level = new
        return ramp


class Player:
    """One open output while a sitting sounds.

    Raises
    ------
    NoSound
        When there is no output.
    """

    def __init__(self, mixer: Mixer, *, discard: bool = False) -> None:
        self._mixer = mixer
        try:
            import miniaudio

            hush_alsa()
            backends = [miniaudio.Backend.NULL] if discard else None
            self._device = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=1,
                sample_rate=SAMPLE_RATE_HZ,
                buffersize_msec=BUFFER_MS,
                backends=backends,
                app_name="biobreath",
            )
            blocks = self._blocks()
            next(blocks)
            cast("Any", self._device).start(blocks)  # its own types are incomplete
        except Exception as error:
            # The library raises its own error; a broken driver or a missing library raises others.
            _log.info("no sound: %s", error)
            raise NoSound from error

    def _blocks(self) -> Generator[bytes, int, None]:
        samples = yield b""
        while True:
            samples = yield self._mixer.render(samples).astype("<f4").tobytes()

    def close(self) -> None:
        """Fade out and let the output go; takes about half a second."""
        self._mixer.fade_out()
        self._mixer.faded.wait(FADE_S + 1.0)
        with contextlib.suppress(Exception):
            self._device.close()


_AlsaHandler = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)


@_AlsaHandler
def _say_nothing(_file: bytes, _line: int, _function: bytes, _error: int, _text: bytes) -> None:
    """Take what ALSA would print into the terminal of everyone without a sound card."""


def hush_alsa() -> None:
    """Keep ALSA from printing into the terminal."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_say_nothing)
