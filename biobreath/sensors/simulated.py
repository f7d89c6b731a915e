"""The demo heart: a simulated person behind a simulated strap, byte by byte like a real one."""

import math
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from biobreath.clock import Clock
from biobreath.events import HeartRateMeasurement, SensorEvent
from biobreath.sensors.breath_model import Guide
from biobreath.sensors.people import Day, Person, on_day, person_of
from biobreath.sensors.simulated_faults import NO_FAULTS, Faults
from biobreath.sensors.simulated_link import NAME
from biobreath.sensors.simulated_strap import SimulatedStrap
from biobreath.sensors.truth import TrueBeat

LATE_START_S = 10.0
"""A stream begun within this time of the sitting tells the heart from its very start."""


def no_guide(_t: float) -> float | None:
    """Leave the breath free."""
    return None


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a simulated strap told, beside what really happened."""

    events: tuple[SensorEvent, ...]
    beats: tuple[TrueBeat, ...]
    """Every beat in order of time, with what the strap invented."""
    beat_of_interval: tuple[int | None, ...]
    """For each interval of ``packets``, in order, the index of the beat that ended it; the same
    twice where a packet came twice, None where bytes that were no packet held an interval."""

    @property
    def packets(self) -> tuple[HeartRateMeasurement, ...]:
        """Those of the events that are measurements."""
        return tuple(e for e in self.events if isinstance(e, HeartRateMeasurement))


def simulate(
    person: Person,
    day: Day | None = None,
    faults: Faults = NO_FAULTS,
    guide: Guide = no_guide,
    seconds: float = 300.0,
    seed: int = 0,
) -> Simulation:
    """Let a person sit for ``seconds``: what `SimulatedSensor` tells, at once and with the truth.

    Examples
    --------
    >>> told = simulate(Person(), seconds=30.0)
    >>> len(told.packets), {beat.kind.value for beat in told.beats}
    (29, {'sinus'})
    """
    strap = SimulatedStrap(on_day(person, day) if day else person, seed, guide, faults)
    events: list[SensorEvent] = []
    while strap.next_s() <= seconds:
        events += strap.take()
    return Simulation(tuple(events), strap.log.beats(), tuple(strap.beat_of_interval))


class SimulatedSensor:
    """A strap on a simulated person who follows the guide, or breathes freely without one.

    Parameters
    ----------
    seed
        The person and their chance. The same seed and guide give the same bytes at any speed.
    breath_at
        Fullness (0-1) of the guide at a session time (s), None while there is none. It is asked
        for every 1/32 s, up to 2 s before the present, so it has to know the recent past.
    person
        Somebody else than the one the seed stands for.
    day
        How they come to the sitting; without one, as they are.
    faults
        What goes wrong.
    """

    def __init__(
        self,
        seed: int = 0,
        breath_at: Guide | None = None,
        *,
        person: Person | None = None,
        day: Day | None = None,
        faults: Faults = NO_FAULTS,
    ) -> None:
        self.seed = seed
        person = person if person is not None else person_of(seed)
        self.person = person if day is None else on_day(person, day)
        self.faults = faults
        self._guide = breath_at or no_guide

    @property
    def name(self) -> str:
        """What the person calls it."""
        return NAME

    def told(self, seconds: float) -> list[SensorEvent]:
        """Return what the first ``seconds`` tell, at once and without a clock."""
        strap = SimulatedStrap(self.person, self.seed, self._guide, self.faults)
        events: list[SensorEvent] = []
        while strap.next_s() <= seconds:
            events += strap.take()
        return events

    async def stream(self, clock: Clock) -> AsyncGenerator[SensorEvent, None]:
        """Yield what the strap tells, stamped with the model's time."""
        now = clock.now()
        start_s = 0.0 if now < LATE_START_S else float(math.floor(now))
        strap = SimulatedStrap(self.person, self.seed, self._guide, self.faults, start_s)
        while True:
            heard_s = strap.next_heard_s()
            await clock.sleep(heard_s - clock.now())
            while strap.next_s() <= heard_s:
                for event in strap.take():
                    yield event
