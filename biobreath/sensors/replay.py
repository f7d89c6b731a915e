"""A recording as a sensor: its facts again, at their times."""

from collections.abc import AsyncGenerator, Sequence
from typing import get_args

from biobreath.clock import Clock
from biobreath.events import (
    Event,
    HeartRateMeasurement,
    LinkChanged,
    LinkReason,
    LinkState,
    SensorEvent,
)


class ReplaySensor:
    """Yields stored facts unchanged, each when its time has come.

    A recording without a LinkChanged (a text file) gets a first one; the last fact is always
    LinkChanged(ENDED).
    """

    def __init__(self, facts: Sequence[Event], name: str = "recording") -> None:
        self._facts = facts
        self._name = name

    @property
    def name(self) -> str:
        """What the person calls it."""
        return self._name

    async def stream(self, clock: Clock) -> AsyncGenerator[Event, None]:
        """Yield the facts of the recording at their times on ``clock``."""
        # What the person did at the very start comes before the sensor's first word.
        sensed = (f for f in self._facts if isinstance(f, LinkChanged | HeartRateMeasurement))
        if not isinstance(next(sensed, None), LinkChanged):
            yield LinkChanged(0.0, LinkState.RECEIVING, device_name=self._name)
        last_t = 0.0
        for fact in self._facts:
            if fact.t > clock.now():
                await clock.sleep(fact.t - clock.now())
            last_t = max(last_t, fact.t)
            yield fact
        last = self._facts[-1] if self._facts else None
        if not (isinstance(last, LinkChanged) and last.state is LinkState.ENDED):
            yield LinkChanged(last_t, LinkState.ENDED, LinkReason.RECORDING_ENDED, self._name)


def heart_only(facts: Sequence[Event]) -> list[Event]:
    """Leave out what a person did in a recording: this sitting has a guide of its own."""
    return [fact for fact in facts if isinstance(fact, get_args(SensorEvent))]
