"""What the air between a simulated strap and us does to each packet."""

from dataclasses import dataclass

import numpy as np

from biobreath.sensors.chance import Stream, normals, stream_of
from biobreath.sensors.simulated_faults import Bouts, Faults, Lot

ARRIVAL_SPREAD_S, MOST_ARRIVAL_S = 0.03, 0.2
"""Any strap's packets arrive a little after they were sent."""
LINK_LOSS_S, STALL_S = 20.0, 4.0
"""How long links are gone and packets held up on average, where a share of the time is ordered."""
_LONGEST_STRAY = 24


@dataclass(frozen=True, slots=True)
class Passage:
    """What becomes of one packet."""

    arrival_s: float
    link_is_gone: bool = False
    is_lost: bool = False
    is_held: bool = False
    copies: int = 1
    stray: bytes | None = None
    """Bytes that come behind it and are no measurement of this heart."""


class Air:
    """Decides for packet after packet; each fault draws from its own chance."""

    def __init__(self, faults: Faults, seed: int) -> None:
        self._arrival = normals(stream_of(seed, Stream.ARRIVAL))
        self._jitter = stream_of(seed, Stream.JITTER)
        self._most_late_s = 2.0 * faults.jitter_s
        self._gone = Bouts(faults.link_loss, seed, Stream.LINK, LINK_LOSS_S)
        self._stall = Bouts(faults.stalls, seed, Stream.STALL, STALL_S)
        self._dropout = Lot(faults.dropouts, seed, Stream.DROPOUT)
        self._duplicate = Lot(faults.duplicates, seed, Stream.DUPLICATE)
        self._garbage = Lot(faults.garbage, seed, Stream.GARBAGE)
        self._last_arrival_s = 0.0

    def carry(self, sent_s: float) -> Passage:
        """Decide about the packet that is sent at ``sent_s``."""
        link_is_gone = self._gone.is_on(sent_s)
        is_held = self._stall.is_on(sent_s)
        is_lost = self._dropout.falls(sent_s)
        copies = 2 if self._duplicate.falls(sent_s) else 1
        stray = _stray_bytes(self._garbage.rng) if self._garbage.falls(sent_s) else None
        arrival_s = sent_s + self._late_s()
        if not (link_is_gone or is_held or is_lost):
            # Packets never overtake each other.
            arrival_s = self._last_arrival_s = max(arrival_s, self._last_arrival_s)
        return Passage(arrival_s, link_is_gone, is_lost, is_held, copies, stray)

    def _late_s(self) -> float:
        late_s = min(MOST_ARRIVAL_S, ARRIVAL_SPREAD_S * abs(next(self._arrival)))
        # Nothing comes before it was sent: ± s around a mean delay of as much.
        return late_s + self._most_late_s * self._jitter.random() if self._most_late_s else late_s


def _stray_bytes(rng: np.random.Generator) -> bytes:
    """Return nothing, too little, or anything."""
    length = int(rng.integers(0, _LONGEST_STRAY + 1))
    return rng.bytes(length) if rng.random() < 0.5 else rng.bytes(length % 2)
