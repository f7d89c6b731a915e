"""What can go wrong with a simulated heart, its strap and the air between, to order.

Each fault has a stream of chance of its own: ordering one never moves a beat or another fault.
"""

import math
from dataclasses import dataclass

from biobreath.sensors.chance import Stream, stream_of

MOST_JITTER_S = 1.5


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of session time in which a share (0-1) of what could go wrong does."""

    start_s: float = 0.0
    length_s: float = math.inf
    share: float = 1.0

    def __post_init__(self) -> None:
        if not (self.start_s >= 0.0 and self.length_s > 0.0):
            raise ValueError("A fault begins at 0 s or later and lasts longer than 0 s.")
        if not 0.0 <= self.share <= 1.0:
            raise ValueError("The share of a fault is between 0 and 1.")

    def covers(self, t: float) -> bool:
        """Whether ``t`` lies in it."""
        return self.start_s <= t < self.start_s + self.length_s


Spells = tuple[Spell, ...]
"""Where two overlap the greater share holds."""


def often(share: float) -> Spells:
    """Return a fault of the whole sitting."""
    return (Spell(share=share),)


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong, when, and how often; nothing by default.

    Of the heart and of what the strap sees, shares are of beats; of the air, shares of packets
    (``dropouts``, ``duplicates``, ``garbage``) or of the time (``contact_loss``, ``link_loss``,
    ``stalls``), which then comes in bouts. Everything but beats is looked at once a second.
    """

    ventricular: Spells = ()
    """Beats that come early and leave the sinus node alone: a full pause. 0.5 is bigeminy."""
    atrial: Spells = ()
    """Beats that come early and start the sinus node anew, so that later beats move."""
    run_length: int = 1
    """How many premature beats come in a row."""
    missed: Spells = ()
    """Beats that the strap does not see: two intervals become one."""
    extra: Spells = ()
    """Beats that the strap sees and that are none: one interval becomes two."""
    contact_loss: Spells = ()
    """Packets without beats, with the contact bit cleared; afterwards intervals begin anew."""
    rate_is_held: bool = True
    """Without contact the rate field stays as it was; else it is 0."""
    dropouts: Spells = ()
    """Packets that are lost on the air, with their beats."""
    link_loss: Spells = ()
    """The link is gone, and comes back."""
    stalls: Spells = ()
    """Packets are held up and come all at once at the end."""
    duplicates: Spells = ()
    """Packets that come twice."""
    garbage: Spells = ()
    """Bytes that are no measurement come behind a packet."""
    jitter_s: float = 0.0
    """Arrivals vary by ± this, on top of the hundredths of a second of any strap."""
    battery_percent: int | None = None
    """The battery at the start; at 0 the strap is gone for good. None: the strap tells nothing."""
    battery_falls_per_minute: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.jitter_s <= MOST_JITTER_S:
            raise ValueError(f"Arrivals vary by 0 to {MOST_JITTER_S:g} s.")
        if self.battery_percent is not None and not 0 < self.battery_percent <= 100:
            raise ValueError("A battery has 1 to 100 percent.")
        if not self.battery_falls_per_minute >= 0.0:
            raise ValueError("A battery does not fill by itself.")
        if not 1 <= self.run_length <= 20:
            raise ValueError("A run has 1 to 20 premature beats.")


NO_FAULTS = Faults()


def share_at(spells: Spells, t: float) -> float:
    """Return what share of a fault is ordered at ``t``."""
    return max((spell.share for spell in spells if spell.covers(t)), default=0.0)


class Lot:
    """Draws for each beat or packet whether it is struck; one draw each, whatever is ordered."""

    def __init__(self, spells: Spells, seed: int, stream: Stream) -> None:
        self._spells = spells
        self.rng = stream_of(seed, stream)

    def falls(self, t: float) -> bool:
        """Draw for what happens at ``t``."""
        return bool(self._spells) and self.rng.random() < share_at(self._spells, t)

    def leads(self, t: float, length: int) -> bool:
        """Draw whether the beat at ``t`` is followed by so many that make up the share."""
        if not self._spells:
            return False
        share = share_at(self._spells, t)
        return self.rng.random() * length * (1.0 - share) < share


class Bouts:
    """A trouble that comes and goes, looked at once a second.

    A spell with the share 1 is one bout; with less, bouts of ``mean_s`` make up that share of it.
    """

    def __init__(self, spells: Spells, seed: int, stream: Stream, mean_s: float) -> None:
        self._spells = spells
        self._rng = stream_of(seed, stream)
        self._mean_s = mean_s
        self._is_on = False

    def is_on(self, t: float) -> bool:
        """Step on by a second to ``t``."""
        if not self._spells:
            return False
        share = share_at(self._spells, t)
        chance = self._rng.random()
        if share in (0.0, 1.0):
            self._is_on = share == 1.0
            return self._is_on
        begins = min(1.0, share / (1.0 - share) / self._mean_s)
        ends = begins * (1.0 - share) / share
        self._is_on = chance >= ends if self._is_on else chance < begins
        return self._is_on
