"""What every source of heartbeats is."""

from collections.abc import AsyncGenerator
from typing import Protocol

from biobreath.clock import Clock
from biobreath.events import Event


class Sensor(Protocol):
    """A source of heartbeats.

    ``stream`` goes on until it is cancelled or closed; scanning, reconnecting and backing off
    happen inside. Its first event is a LinkChanged, and expected trouble is a LinkChanged with a
    reason, never an exception. Only a recording that is over ends by itself, and only a
    recording tells what a person did.
    """

    @property
    def name(self) -> str:
        """What the person calls it, in a few words."""
        ...

    def stream(self, clock: Clock) -> AsyncGenerator[Event, None]:
        """Yield facts with their times on ``clock``."""
        ...
