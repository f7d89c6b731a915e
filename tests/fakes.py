"""Small true things that stand in for big ones: a clock that is set, a heart written down."""

from biobreath.events import Event, LinkChanged, LinkState
from biobreath.heart_rate_service import decode, encode


class FakeClock:
    """A clock that the test sets; whoever sleeps moves it."""

    is_virtual = True

    def __init__(self, t: float = 0.0) -> None:
        self.t = t

    def now(self) -> float:
        return self.t

    async def sleep(self, seconds: float) -> None:
        self.t += max(0.0, seconds)


def packets(rr_ms, start_s: float = 1.0):
    """Return strap packets, one an interval, each arriving with its beat."""
    t = start_s
    made = []
    for rr in rr_ms:
        t += rr / 1000.0
        made.append(decode(t, encode(round(60_000 / rr), [round(rr * 1.024)])))
    return made


def receiving(t: float = 0.0, name: str = "demo heart") -> LinkChanged:
    """Return the fact that a strap is being heard."""
    return LinkChanged(t, LinkState.RECEIVING, device_name=name)


def breathing_rr(minutes: float, breaths_per_minute: float = 6.0, swing_bpm: float = 12.0):
    """Return intervals (ms) of a heart that follows a slow breath, without any noise."""
    import math

    t, made = 0.0, []
    while t < minutes * 60.0:
        phase = 2.0 * math.pi * t * breaths_per_minute / 60.0
        rate = 65.0 - swing_bpm / 2.0 * math.cos(phase)
        rr = 60_000.0 / rate
        made.append(rr)
        t += rr / 1000.0
    return made


def facts_of(rr_ms, pacer=None, start_s: float = 0.0) -> list[Event]:
    """Return the facts of a sitting with these intervals and, if given, this guide."""
    guide = [] if pacer is None else [pacer.changed(start_s)]
    return [*guide, receiving(start_s), *packets(rr_ms, start_s)]
