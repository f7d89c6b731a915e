"""The hearts a sitting can have: a strap, the demo heart, a recording."""

from collections.abc import Callable

from biobreath.events import StreamKind
from biobreath.sensors.sensor import Sensor
from biobreath.session.sitting import Sitting
from biobreath.settings import Settings

SensorFor = Callable[[Sitting], Sensor]
"""The demo heart needs the sitting, whose guide it follows; so the sitting comes first."""


def strap_of(settings: Settings) -> Sensor:
    """Return the strap that the person chose once; never another one."""
    from biobreath.sensors.strap import StrapSensor

    ecg = [StreamKind.POLAR_ECG] if settings.keep_ecg else []
    streams = [StreamKind.POLAR_ACCELERATION, *ecg]
    return StrapSensor(settings.strap_address, settings.strap_name, streams=streams)


def demo_heart(seed: int, sitting: Sitting) -> Sensor:
    """Return a middling person, whose heart answers plainly, in another mood for each seed."""
    from biobreath.sensors.people import Person
    from biobreath.sensors.simulated import SimulatedSensor

    return SimulatedSensor(seed, sitting.fullness_for_demo, person=Person())
