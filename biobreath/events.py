"""Facts: what happened in a sitting, frozen, each with its time on the session clock.

``t`` is in seconds since the sitting began. Facts cross threads by reference; nobody changes one.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class LinkState(StrEnum):
    """How the line to the heart stands."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    RECEIVING = "receiving"
    """Packets arrived within the last seconds; the only state that may be called connected."""
    SILENT = "silent"
    """The link is up but nothing has arrived for some seconds."""
    LOST = "lost"
    """Packets came before and stopped; we are on the way back."""
    UNAVAILABLE = "unavailable"
    """Bluetooth itself cannot be used right now; we keep trying."""
    ENDED = "ended"
    """The recording is over, or the person stopped."""


class LinkReason(StrEnum):
    """Why the link is in its state; the window turns each into one kind sentence."""

    NONE = "none"
    NO_BUS = "no_bus"
    NO_BLUETOOTH_SERVICE = "no_bluetooth_service"
    NO_ADAPTER = "no_adapter"
    POWERED_OFF = "powered_off"
    PERMISSION_DENIED = "permission_denied"
    BUSY = "busy"
    NOT_FOUND = "not_found"
    CONNECT_FAILED = "connect_failed"
    CONNECT_TIMEOUT = "connect_timeout"
    NOT_PAIRED = "not_paired"
    NO_HEART_RATE = "no_heart_rate"
    LINK_LOST = "link_lost"
    NO_DATA = "no_data"
    NO_CONTACT = "no_contact"
    BEATS_MISSING = "beats_missing"
    """A recording cannot be read here, or leaves beats out."""
    RECORDING_ENDED = "recording_ended"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


class PacketForm(IntEnum):
    """How the payload of a measurement is encoded; stored beside the bytes."""

    HEART_RATE_SERVICE = 0
    """The bytes of Bluetooth characteristic 0x2A37, exactly as they came."""
    INTERVALS = 1
    """Little-endian float64 RR intervals in ms: from a file, never on the air."""
    BEAT_TIMES = 2
    """Little-endian float64 pairs (beat time in s, RR in ms): a file with its own beat times."""


class StreamKind(IntEnum):
    """What a stream's frames hold and how they are encoded; stored beside the bytes.

    The first numbers are Polar's own for its streams.
    """

    POLAR_ECG = 0
    """Polar Measurement Data frames of the electrocardiogram, exactly as they came."""
    POLAR_ACCELERATION = 2
    """Polar Measurement Data frames of the chest's acceleration, exactly as they came."""


class BreathSource(StrEnum):
    """What measured a breath."""

    CHEST_MOVEMENT = "chest_movement"
    """The accelerometer of a chest strap."""


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The line to the heart is in another state."""

    t: float
    state: LinkState
    reason: LinkReason = LinkReason.NONE
    device_name: str = ""


@dataclass(frozen=True, slots=True)
class HeartRateMeasurement:
    """One packet: raw intervals, oldest first, with the moment it arrived.

    ``rr_ms`` is never rounded: 1/1024 s is a whole multiple of 125/128 ms, exact in a float.
    ``form`` and ``payload`` are what is stored; everything else can be decoded from them.
    """

    t: float
    form: PacketForm
    payload: bytes
    rr_ms: tuple[float, ...] = ()
    heart_rate_bpm: int | None = None
    contact: bool | None = None
    energy_kj: int | None = None
    beat_times_s: tuple[float, ...] = ()
    """Beat times known from a file (``BEAT_TIMES``); empty where arrivals must tell."""


@dataclass(frozen=True, slots=True)
class PacketRefused:
    """Bytes arrived that are no heart-rate measurement; kept, but nothing is made of them."""

    t: float
    payload: bytes


@dataclass(frozen=True, slots=True)
class StreamFrame:
    """A piece of a sensor's stream, with the moment it arrived.

    ``kind`` and ``payload`` are what is stored, with ``sample_rate_hz``: the rate that the stream
    was started with, which the bytes do not tell. A strap's real rate is some percent off.
    """

    t: float
    kind: StreamKind
    sample_rate_hz: float
    payload: bytes


@dataclass(frozen=True, slots=True)
class BreathSample:
    """Where the breath was at ``t``, as a sensor measured it; derived, so never stored.

    ``value`` follows how full the breath is, in a unit and from a middle of the source's own:
    only its shape means something. A source of flow must sum it up to volume first. It rises
    with an inhale where ``rises_with_inhale`` is True and falls where it is False; None is "not
    known", as for a chest's movement without a guide to compare with. A line never joins samples
    of two ``segment`` numbers, nor two sources.
    """

    t: float
    value: float
    source: BreathSource
    segment: int
    rises_with_inhale: bool | None = None


@dataclass(frozen=True, slots=True)
class BatteryRead:
    """The strap told its battery level."""

    t: float
    percent: int


@dataclass(frozen=True, slots=True)
class DeviceDescribed:
    """The strap told what it is; empty where it did not."""

    t: float
    manufacturer: str = ""
    model: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True)
class PaceChanged:
    """The guide breathes differently from now on; this describes it completely.

    ``origin_s`` is the session time at which an inhale begins.
    """

    t: float
    pattern: str
    origin_s: float
    inhale_s: float
    hold_full_s: float
    exhale_s: float
    hold_empty_s: float
    top_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Paused:
    """The person paused the guide; the heart is still recorded."""

    t: float


@dataclass(frozen=True, slots=True)
class Resumed:
    """The person goes on; a PaceChanged with the moved origin follows."""

    t: float


@dataclass(frozen=True, slots=True)
class PhaseEntered:
    """A part of the sitting began."""

    t: float
    phase: str


@dataclass(frozen=True, slots=True)
class Marked:
    """The person marked this moment."""

    t: float
    label: str


@dataclass(frozen=True, slots=True)
class Rated:
    """The person answered a 0-10 question; ``value`` is None when skipped, never 0.

    ``phase`` is the part of a practice that asked.
    """

    t: float
    scale: str
    value: int | None
    phase: str = ""


@dataclass(frozen=True, slots=True)
class PracticeBegan:
    """A guided practice began; ``text`` is the pack itself, so that it can be read as it was heard.

    ``flags`` are what the person told of themselves, ``display`` how much of the heart they want
    to see at most, as both stood then.
    """

    t: float
    pack: str
    version: str
    lang: str
    planned_s: float
    flags: tuple[str, ...] = ()
    display: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """The person chose ``options`` of a question, with ``own`` words where there was room."""

    t: float
    phase: str
    options: tuple[str, ...]
    own: str = ""


@dataclass(frozen=True, slots=True)
class BodyMarked:
    """The person showed places on the body, or a place outside of it (``outside``)."""

    t: float
    phase: str
    feel: str
    regions: tuple[str, ...]
    qualities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Noted:
    """The person wrote something or took one of the offered sentences; ``win`` is a small win."""

    t: float
    phase: str
    text: str
    win: bool = False


@dataclass(frozen=True, slots=True)
class Quizzed:
    """The person answered question number ``question`` with option number ``option``."""

    t: float
    phase: str
    question: int
    option: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The person stopped for a reason that safety.toml names."""

    t: float
    stop: str


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """Something will be different next time: ``what`` and how, such as ``pattern`` ``gentle``."""

    t: float
    what: str
    value: str


@dataclass(frozen=True, slots=True)
class PracticeEnded:
    """A guided practice is over; ``how`` is ``done``, ``closed`` or ``stopped:`` and the reason."""

    t: float
    how: str


SensorEvent = (
    LinkChanged | HeartRateMeasurement | PacketRefused | StreamFrame | BatteryRead | DeviceDescribed
)
"""What a sensor says."""

PracticeEvent = (
    PracticeBegan
    | Answered
    | BodyMarked
    | Noted
    | Quizzed
    | Stopped
    | CarriedOver
    | PracticeEnded
    | Rated
    | PhaseEntered
)
"""What is known of a guided practice."""

PersonEvent = PaceChanged | Paused | Resumed | Marked | PracticeEvent
"""What the person does."""

Event = SensorEvent | PersonEvent
"""Everything that is stored of a sitting."""
