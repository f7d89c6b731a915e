"""The streams of chance of a simulated heart: each thing that varies has its own."""

from collections.abc import Iterator
from enum import IntEnum

import numpy as np

_BLOCK = 256


class Stream(IntEnum):
    """What varies; a number once given stays, or a seed would stand for another heart."""

    PERSON = 0
    HEART = 1
    ARRIVAL = 2
    VENTRICULAR = 10
    ATRIAL = 11
    MISSED = 12
    EXTRA = 13
    CONTACT = 14
    DROPOUT = 15
    LINK = 16
    STALL = 17
    DUPLICATE = 18
    GARBAGE = 19
    JITTER = 20


def stream_of(seed: int, stream: Stream) -> np.random.Generator:
    """Return the chance of one thing for a seed, which is 0 or above."""
    return np.random.default_rng([seed, stream])


def normals(rng: np.random.Generator) -> Iterator[float]:
    """Yield standard normal numbers one by one, the same that ``rng`` would be asked for.

    Drawn in blocks: a question once a second finds numpy's code gone from the processor's cache.
    """
    while True:
        yield from rng.standard_normal(_BLOCK).tolist()
