"""Recorded sentences of a pack: a kind voice in place of the system's, where somebody made one.

A clip lies as ``audio/<pack>/<phase>.<n>.ogg`` beside the packs, ``n`` counting the sentences of a
part from 1; wav, flac and mp3 do as well.
"""

import logging
import threading
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from biobreath.sound.player import BUFFER_MS, NoSound, hush_alsa
from biobreath.sound.tones import SAMPLE_RATE_HZ

_log = logging.getLogger(__name__)

KINDS = (".ogg", ".wav", ".flac", ".mp3")
LARGEST_BYTES = 4_000_000
LONGEST_S = 60.0
_FADE_SAMPLES = round(0.03 * SAMPLE_RATE_HZ)
"""A recording that is stopped ends in 30 ms: at once for the ear, and without a click."""


def find_clip(folders: Sequence[Path], pack: str, phase: str, number: int) -> Path | None:
    """Return the recording of a sentence, None where there is none.

    Names that would lead out of the folder find nothing.
    """
    if any(name in ("", ".", "..") or "/" in name or "\\" in name for name in (pack, phase)):
        return None
    for folder in folders:
        for kind in KINDS:
            path = folder / pack / f"{phase}.{number}{kind}"
            if path.is_file() and path.stat().st_size <= LARGEST_BYTES:
                return path
    return None


def samples_of(path: Path) -> NDArray[np.float32]:
    """Return a recording as samples from -1 to 1, at most a minute of it.

    Raises
    ------
    NoSound
        When it cannot be read.
    """
    try:
        import miniaudio

        decoded = miniaudio.decode(
            path.read_bytes(),
            output_format=miniaudio.SampleFormat.FLOAT32,
            nchannels=1,
            sample_rate=SAMPLE_RATE_HZ,
        )
        # The library's own types are incomplete.
        found = np.frombuffer(cast("Any", decoded).samples.tobytes(), dtype=np.float32)
    except Exception as error:
        # A stranger's file: whatever is wrong with it, the sentence stays on the screen.
        raise NoSound from error
    return found[: round(LONGEST_S * SAMPLE_RATE_HZ)]


class Clips:
    """Plays one recording at a time, beside the window."""

    def __init__(self, *, discard: bool = False) -> None:
        """``discard`` plays into nothing, for where there is no output."""
        self._discard = discard
        self._over = threading.Event()
        self._over.set()

    @property
    def playing(self) -> bool:
        """Whether a recording is being played."""
        return not self._over.is_set()

    def play(self, path: Path, volume: float = 1.0) -> None:
        """Begin to play; what was being played stops."""
        self.stop()
        over = self._over = threading.Event()
        threading.Thread(
            target=self._play, args=(path, volume, over), name="clip", daemon=True
        ).start()

    def stop(self) -> None:
        """Stop at once."""
        self._over.set()

    def _play(self, path: Path, volume: float, over: threading.Event) -> None:
        try:
            samples = samples_of(path) * np.float32(volume)
            self._sound(samples, over)
        except NoSound as error:
            _log.info("a recording cannot be heard: %s", error.__cause__)
        finally:
            over.set()

    def _sound(self, samples: NDArray[np.float32], over: threading.Event) -> None:
        try:
            import miniaudio

            hush_alsa()
            device = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=1,
                sample_rate=SAMPLE_RATE_HZ,
                buffersize_msec=BUFFER_MS,
                backends=[miniaudio.Backend.NULL] if self._discard else None,
                app_name="biobreath",
            )
        except Exception as error:
            raise NoSound from error
        with device:
            faded = threading.Event()
            blocks = slices(samples, over, faded)
            next(blocks)
            cast("Any", device).start(blocks)  # its own types are incomplete
            if over.wait(samples.size / SAMPLE_RATE_HZ + 2 * BUFFER_MS / 1000):
                faded.wait(2 * BUFFER_MS / 1000)


def slices(
    samples: NDArray[np.float32], over: threading.Event, faded: threading.Event | None = None
) -> Generator[bytes, int, None]:
    """Yield as many samples as are asked for, and silence after the last.

    Once it is ``over``, one short fade comes before the silence, and then ``faded`` is set.
    """
    at = 0
    ended = False
    wanted = yield b""
    while True:
        part = samples[at : at + wanted]
        if ended:
            part = samples[:0]
            if faded is not None:
                faded.set()
        elif over.is_set():
            ended = True
            part = part[:_FADE_SAMPLES]
            part = part * np.linspace(1.0, 0.0, part.size, dtype=np.float32)
        at += wanted
        padded = np.zeros(wanted, np.float32)
        padded[: part.size] = part
        wanted = yield padded.tobytes()
