"""What the command line can listen to: a strap, the demo heart, a recording, a text file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from biobreath import places
from biobreath.commands.output import CannotDo
from biobreath.events import Event, StreamKind
from biobreath.sensors.replay import ReplaySensor
from biobreath.sensors.sensor import Sensor
from biobreath.store.library import Library
from biobreath.store.recordings import read_recording
from biobreath.store.schema import LibraryError
from biobreath.store.unreadable import UnreadableRecording

BreathAt = Callable[[float], float | None]


@dataclass(frozen=True)
class Source:
    """A sensor with what the library should know of it."""

    sensor: Sensor
    kind: str
    """``strap``, ``simulated:SEED`` with its options, ``session:ID`` or ``file:NAME``."""
    live: bool
    """Whether it only runs in real time."""
    facts: Sequence[Event] = ()


def open_source(text: str, breath_at: BreathAt, *, ecg: bool = False) -> Source:
    """Turn the word SOURCE of the command line into something to listen to.

    ``ecg`` asks a strap that has an electrocardiogram to stream it, too.

    Raises
    ------
    CannotDo
        When the file or sitting cannot be read.
    WrongUse
        When the word itself makes no sense.
    """
    kind, _, rest = text.partition(":")
    if kind == "strap":
        from biobreath.sensors.strap import StrapSensor

        streams = [StreamKind.POLAR_ACCELERATION, *([StreamKind.POLAR_ECG] if ecg else [])]
        return Source(StrapSensor(rest or None, streams=streams), "strap", live=True)
    if kind.partition("?")[0] == "simulated":
        return _simulated(text.removeprefix("simulated").removeprefix(":"), breath_at)
    if (session_id := session_number(text)) is not None:
        facts = read_sitting(session_id)
        return Source(ReplaySensor(facts), text, live=False, facts=facts)
    facts = read_file(Path(text))
    name = Path(text).name
    return Source(ReplaySensor(facts, name), f"file:{name}", live=False, facts=facts)


def session_number(text: str) -> int | None:
    """Return the number of ``session:NUMBER``; None for any other word."""
    kind, _, number = text.partition(":")
    if kind != "session" or not (number.isascii() and number.isdigit()):
        return None
    # One digit more than a library can count to: no such sitting, and no more to be said.
    return int(number[:19])


def _simulated(order: str, breath_at: BreathAt) -> Source:
    from biobreath.commands.heart_options import demo_heart

    sensor = demo_heart(order, breath_at)
    _, question, options = order.partition("?")
    return Source(sensor, f"simulated:{sensor.seed}{question}{options}", live=False)


def read_sitting(session_id: int) -> list[Event]:
    """Read the facts of a sitting of the library.

    Raises
    ------
    CannotDo
        When there is no such sitting.
    """
    try:
        return Library(places.library_path()).facts(session_id)
    except LibraryError as error:
        raise CannotDo(str(error)) from error


def read_file(path: Path) -> list[Event]:
    """Read a recording or an RR text file as facts.

    Raises
    ------
    CannotDo
        With one plain sentence on what is wrong with the file.
    """
    try:
        return read_recording(path)
    except UnreadableRecording as error:
        raise CannotDo(str(error)) from error
