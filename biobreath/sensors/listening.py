"""How a strap's link is judged by its packets, and when to try again: times in, answers out."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from biobreath.events import HeartRateMeasurement, LinkReason, LinkState

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StrapTimings:
    """How long each step may take, and when silence is a loss."""

    scan_s: float = 10.0
    choose_s: float = 3.0
    """Without an address: how long straps are compared before the strongest is taken."""
    connect_s: tuple[float, ...] = (6.0, 12.0, 20.0)
    """Limits of the first, second … attempt in a row: a strap that is slow gets its time, and one
    that walked away while it was called does not hold up the search."""
    subscribe_s: float = 10.0
    read_s: float = 5.0
    disconnect_s: float = 4.0
    stop_s: float = 5.0
    """How long a stop may take in all; then the rest is left to the system."""
    ask_after_s: float = 2.5
    """After so much silence the strap is asked something: a dead line says so at once."""
    silent_after_s: float = 5.0
    drop_after_s: float = 10.0
    backoff_s: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0)
    """Waits after the first, second … failure in a row; the last one repeats for ever."""
    look_again_s: float = 2.0
    """The longest wait where nothing failed: no strap in sight, Bluetooth off."""


PACKETS_WITHOUT_CONTACT = 5
"""So many packets in a row without beats and without contact make a hint."""


@dataclass(slots=True)
class Listening:
    """What the packets of one link say about it: decided from their times, without clock or radio.

    The system's "connected" is not asked: a crashed Bluetooth service stays "connected" for ever.
    """

    timings: StrapTimings
    fresh_at: float
    """When the last good packet came; before the first one, when we began to listen."""
    first_at: float | None = None
    without_beats: int = 0
    asked: bool = False
    """Whether the strap was asked in this silence if it is still there."""

    def hear(self, measurement: HeartRateMeasurement) -> tuple[LinkState, LinkReason]:
        """Take in a good packet and say how the link stands."""
        self.fresh_at = measurement.t
        self.asked = False
        if self.first_at is None:
            self.first_at = measurement.t
        # The contact bit alone proves nothing (some straps send it wrong in every other
        # connection); together with missing beats it is worth a hint.
        if measurement.contact is False and not measurement.rr_ms:
            self.without_beats += 1
        else:
            self.without_beats = 0
        if self.without_beats >= PACKETS_WITHOUT_CONTACT:
            return LinkState.SILENT, LinkReason.NO_CONTACT
        return LinkState.RECEIVING, LinkReason.NONE

    def is_worth_asking(self, t: float) -> bool:
        """Whether the silence is long enough to ask, once, if the line still exists."""
        return not self.asked and t - self.fresh_at >= self.timings.ask_after_s

    def is_silent(self, t: float) -> bool:
        """Whether so much time went by that the person should know."""
        return t - self.fresh_at >= self.timings.silent_after_s

    def is_over(self, t: float) -> bool:
        """Whether the link should be given up and made anew."""
        return t - self.fresh_at >= self.timings.drop_after_s

    def next_look_s(self, t: float) -> float:
        """How long to wait for a packet before looking again."""
        limit = self.timings.drop_after_s if self.is_silent(t) else self.timings.silent_after_s
        return max(0.01, self.fresh_at + limit - t)

    def was_steady(self) -> bool:
        """Whether packets came for a while, and not just one or two."""
        return self.first_at is not None and (
            self.fresh_at - self.first_at >= self.timings.silent_after_s
        )


@dataclass(slots=True)
class PacketBudget:
    """A limit on packets that no strap reaches: a burst after a stall passes, a flood does not."""

    per_s: float = 50.0
    burst: float = 3000.0
    was_exceeded: bool = False
    _left: float = float("inf")
    _t: float = 0.0

    def allows(self, t: float) -> bool:
        """Whether the packet that came at ``t`` is still within the budget."""
        self._left = min(self.burst, self._left + (t - self._t) * self.per_s)
        self._t = t
        if self._left < 1.0:
            if not self.was_exceeded:
                _log.warning("The strap sends far too much; the excess is dropped.")
            self.was_exceeded = True
            return False
        self._left -= 1.0
        return True


@dataclass(slots=True)
class StreamPatience:
    """Whether a strap is asked for more than its beats: that must never cost a beat.

    A link that ends soon, before any stream came, may have ended because of the asking: some
    firmware hangs up on who is not paired, and the system's attempt to pair can take half a minute.
    """

    soon_s: float = 40.0
    forgiven_after_s: float = 300.0
    most_mishaps: int = 2
    mishaps: int = 0

    @property
    def asks(self) -> bool:
        """Whether to ask on the next link."""
        return self.mishaps < self.most_mishaps

    def weigh(self, lasted_s: float, *, flowed: bool) -> None:
        """Take in how long a link lasted, and whether a stream came on it."""
        if flowed or lasted_s >= self.forgiven_after_s:
            self.mishaps = 0
        elif lasted_s < self.soon_s:
            self.mishaps += 1


def nth(values: Sequence[float], n: int) -> float:
    """Return the value at position ``n``, and the last one for ever after."""
    return values[min(n, len(values) - 1)]


def pause_after(failures: int, timings: StrapTimings, *, only_looked: bool = False) -> float:
    """Seconds to wait after so many failures in a row; none after a good link was lost.

    ``only_looked``: no strap was in sight or Bluetooth was off, and nobody is hurried by looking
    again.
    """
    if failures == 0:
        return 0.0
    pause_s = nth(timings.backoff_s, failures - 1)
    return min(pause_s, timings.look_again_s) if only_looked else pause_s
