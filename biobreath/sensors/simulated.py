"""The demo heart: a simulated person behind a simulated strap, byte by byte like a real one."""

import math
from collections import deque
from collections.abc import AsyncGenerator

import numpy as np

from biobreath.clock import Clock
from biobreath.events import HeartRateMeasurement, LinkChanged, LinkState, SensorEvent
from biobreath.heart_rate_service import decode, encode
from biobreath.sensors.heart_model import TICKS_PER_SECOND, Guide, HeartModel, Person, person_of

NAME = "demo heart"
PACKET_S = 1.0
ARRIVAL_JITTER_S = 0.03
MOST_JITTER_S = 0.2
LATE_START_S = 10.0
"""A stream begun within this time of the sitting tells the heart from its very start."""
RATE_BEATS = 4
"""The heart-rate field is a mean over so many intervals, as straps smooth it."""


def _no_guide(_t: float) -> float | None:
    return None


class SimulatedSensor:
    """A strap on a simulated person who follows the guide, or breathes freely without one.

    Parameters
    ----------
    seed
        The person and their chance. The same seed and guide give the same bytes at any speed.
    breath_at
        Fullness (0-1) of the guide at a session time (s), None while there is none. It is asked
        for every 1/32 s, up to 1.5 s before the present, so it has to know the recent past.
    person
        Somebody else than the one the seed stands for.
    ectopics_share, missed_share
        Share (0-1) of beats that come too early, and that the strap does not see.
    """

    def __init__(
        self,
        seed: int = 0,
        breath_at: Guide | None = None,
        *,
        person: Person | None = None,
        ectopics_share: float = 0.0,
        missed_share: float = 0.0,
    ) -> None:
        self.seed = seed
        self.person = person if person is not None else person_of(seed)
        self._guide = breath_at or _no_guide
        self._ectopics_share = ectopics_share
        self._missed_share = missed_share

    @property
    def name(self) -> str:
        """What the person calls it."""
        return NAME

    async def stream(self, clock: Clock) -> AsyncGenerator[SensorEvent, None]:
        """Yield packets about once a second, stamped with the model's time."""
        now = clock.now()
        start_s = 0.0 if now < LATE_START_S else float(math.floor(now))
        strap = _Strap(self._heart(start_s), start_s, np.random.default_rng([self.seed, 2]))
        yield LinkChanged(start_s, LinkState.SEARCHING, device_name=NAME)
        packet = strap.next_packet_s()
        await clock.sleep(packet - clock.now())
        yield LinkChanged(packet, LinkState.RECEIVING, device_name=NAME)
        while True:
            yield strap.packet(packet)
            packet = strap.next_packet_s()
            await clock.sleep(packet - clock.now())

    def _heart(self, start_s: float) -> HeartModel:
        return HeartModel(
            self.person,
            self.seed,
            self._guide,
            start_s=start_s,
            ectopics_share=self._ectopics_share,
            missed_share=self._missed_share,
        )


class _Strap:
    """Collects beats and puts what is known into a packet, once a second."""

    def __init__(self, heart: HeartModel, start_s: float, rng: np.random.Generator) -> None:
        self._heart = heart
        self._rng = rng
        self._sent_s = start_s
        self._waiting: deque[int] = deque()
        self._last_ticks: int | None = None
        self._recent: deque[int] = deque(maxlen=RATE_BEATS)

    def next_packet_s(self) -> float:
        """Return when the next packet arrives, s."""
        self._sent_s += PACKET_S
        jitter_s = abs(self._rng.normal(0.0, ARRIVAL_JITTER_S))
        return self._sent_s + min(MOST_JITTER_S, jitter_s)

    def packet(self, arrival_s: float) -> HeartRateMeasurement:
        """Return the packet that was sent a moment before ``arrival_s``."""
        self._waiting.extend(beat.ticks for beat in self._heart.advance(self._sent_s))
        intervals = list(self._intervals(self._sent_s * TICKS_PER_SECOND))
        self._recent.extend(intervals)
        mean = sum(self._recent) / len(self._recent) if self._recent else math.inf
        rate = round(60 * TICKS_PER_SECOND / mean)
        return decode(arrival_s, encode(rate, intervals, contact=True))

    def _intervals(self, until_ticks: float) -> list[int]:
        found: list[int] = []
        while self._waiting and self._waiting[0] <= until_ticks:
            ticks = self._waiting.popleft()
            if self._last_ticks is not None:
                found.append(ticks - self._last_ticks)
            self._last_ticks = ticks
        return found
