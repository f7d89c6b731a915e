"""The Polar Measurement Data service: commands, replies and data frames, decoded and encoded.

A strap that has it (Polar H10) streams chest acceleration and ECG. Formats are those of Polar's
public "Polar Measurement Data Specification for 3rd Party"; compressed frames, which the H10 does
not send, are refused. Every byte comes from the air and is hostile.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from biobreath.events import StreamKind

SERVICE_UUID = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL_UUID = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
"""Read: what can be streamed. Write: a command. Indicate: its reply."""
DATA_UUID = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"
"""Notify: data frames."""

LONGEST_PAYLOAD = 512
"""No attribute value is longer (Bluetooth Core, Vol 3, Part F, 3.2.9)."""
LONGEST_ANSWER = 8
"""More replies than this to one command are no answer."""

WANTED_RATE_HZ = 50
"""Enough for breath (below 1 Hz) and for telling movement (above 3 Hz), and little to send."""
WANTED_RANGE_G = 8
"""A knock or a cough does not clip, and breathing is still many steps of the sensor."""
WANTED_RESOLUTION_BIT = 16

_FEATURES = 0x0F
_REPLY = 0xF0
_KIND_MASK = 0x3F
_HEADER = struct.Struct("<BQB")
_ACCELERATION_BYTES = {0: 1, 1: 2, 2: 3}
"""Bytes of one axis for each plain frame type."""
_ECG_BYTES = 3


class MalformedFrame(ValueError):  # noqa: N818
    """The bytes are nothing that this service says."""


class Command(IntEnum):
    """What the control point can be asked."""

    SETTINGS = 1
    START = 2
    STOP = 3


class ReplyError(IntEnum):
    """Why a command was refused, as far as it matters here; any other number stays a number."""

    NONE = 0
    ALREADY_IN_STATE = 6
    """Started while it streams already, or stopped while it does not."""
    INVALID_MTU = 10
    """The link's packets are too small: at least 232 bytes are asked for."""


class _Setting(IntEnum):
    """Types of settings."""

    SAMPLE_RATE = 0
    RESOLUTION = 1
    RANGE = 2


_SETTING_BYTES = {0: 2, 1: 2, 2: 2, 3: 4, 4: 1, 5: 4, 6: 16}
"""Bytes of one value; types from 3 on (finer range, channels, factor, security) are not used."""


@dataclass(frozen=True, slots=True)
class Features:
    """What the strap can stream."""

    ecg: bool
    acceleration: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """The settings a strap offers for one kind of stream, in its own order."""

    sample_rates_hz: tuple[int, ...] = ()
    resolutions_bit: tuple[int, ...] = ()
    ranges_g: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """What a stream is started with; a setting that the strap does not know is None."""

    sample_rate_hz: int
    resolution_bit: int | None = None
    range_g: int | None = None


ECG_SETTINGS = StreamSettings(sample_rate_hz=130, resolution_bit=14)
"""The only ones an H10 offers."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the control point answered; ``error`` 0 is success.

    With ``more`` the parameters go on in another reply. ``kind`` is a number because a strap may
    speak of streams that nobody here knows.
    """

    command: int
    kind: int
    error: int
    more: bool = False
    parameters: bytes = b""

    def answers(self, command: Command, kind: StreamKind) -> bool:
        """Whether this is about that very command, refused or not."""
        return self.command == command and self.kind == kind


@dataclass(frozen=True, slots=True)
class AccelerationFrame:
    """Samples (x, y, z) in milli-g, gravity included, oldest first; never empty.

    ``sensor_ns`` is the strap's clock at the last sample: only its differences mean something.
    """

    sensor_ns: int
    samples_mg: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class EcgFrame:
    """Samples in µV, oldest first; never empty. ``sensor_ns`` as in AccelerationFrame."""

    sensor_ns: int
    samples_uv: tuple[int, ...]


# ---- Control point


def features(payload: bytes) -> Features:
    """Read the value of the control point.

    Raises
    ------
    MalformedFrame
        When it is no list of features.
    """
    if not 2 <= len(payload) <= LONGEST_PAYLOAD or payload[0] != _FEATURES:
        raise MalformedFrame("The control point does not tell its features.")
    mask = payload[1]
    return Features(
        ecg=bool(mask >> StreamKind.POLAR_ECG & 1),
        acceleration=bool(mask >> StreamKind.POLAR_ACCELERATION & 1),
    )


def ask_settings(kind: StreamKind) -> bytes:
    """Return the command that asks which settings a stream offers."""
    return bytes([Command.SETTINGS, kind])


def start(kind: StreamKind, settings: StreamSettings) -> bytes:
    """Return the command that starts a stream."""
    return bytes([Command.START, kind]) + _encoded_offer(
        Offer(
            (settings.sample_rate_hz,),
            () if settings.resolution_bit is None else (settings.resolution_bit,),
            () if settings.range_g is None else (settings.range_g,),
        )
    )


def stop(kind: StreamKind) -> bytes:
    """Return the command that stops a stream."""
    return bytes([Command.STOP, kind])


def decode_reply(payload: bytes) -> Reply:
    """Read one indication of the control point.

    Raises
    ------
    MalformedFrame
        When it is no reply to a command.
    """
    if not 4 <= len(payload) <= LONGEST_PAYLOAD or payload[0] != _REPLY:
        raise MalformedFrame("The control point said something that is no reply.")
    return Reply(
        command=payload[1],
        kind=payload[2],
        error=payload[3],
        # A refusal may end before the byte that tells whether more follows.
        more=len(payload) > 4 and payload[4] != 0,
        parameters=payload[5:],
    )


def offer(replies: Sequence[Reply]) -> Offer:
    """Read the settings that the replies to one ``ask_settings`` tell together.

    Types of settings that nobody here knows end the reading: their width is not known either.

    Raises
    ------
    MalformedFrame
        When the command was refused or the list ends in the middle of a setting.
    """
    if not 1 <= len(replies) <= LONGEST_ANSWER or any(reply.error for reply in replies):
        raise MalformedFrame("The strap did not tell its settings.")
    told = b"".join(reply.parameters for reply in replies)
    found: dict[int, tuple[int, ...]] = {}
    position = 0
    while position < len(told) and told[position] in _SETTING_BYTES:
        width = _SETTING_BYTES[told[position]]
        count = int.from_bytes(told[position + 1 : position + 2], "little")
        values = told[position + 2 : position + 2 + count * width]
        if not count or len(values) < count * width:
            raise MalformedFrame("A list of settings ends before its last value.")
        found[told[position]] = tuple(_integers(values, width, signed=False))
        position += 2 + count * width
    return Offer(
        found.get(_Setting.SAMPLE_RATE, ()),
        found.get(_Setting.RESOLUTION, ()),
        found.get(_Setting.RANGE, ()),
    )


def acceleration_settings(offered: Offer) -> StreamSettings:
    """Choose, of what is offered, what is nearest to 50 Hz, ±8 g and 16 bit.

    Raises
    ------
    MalformedFrame
        When no sample rate is offered.
    """
    rate_hz = _nearest(offered.sample_rates_hz, WANTED_RATE_HZ)
    if not rate_hz:
        raise MalformedFrame("The strap offers no sample rate.")
    return StreamSettings(
        sample_rate_hz=rate_hz,
        resolution_bit=_nearest(offered.resolutions_bit, WANTED_RESOLUTION_BIT),
        range_g=_nearest(offered.ranges_g, WANTED_RANGE_G),
    )


def _nearest(offered: Sequence[int], wanted: int) -> int | None:
    return min(offered, key=lambda value: abs(value - wanted), default=None)


# ---- Data frames


def decode(payload: bytes) -> AccelerationFrame | EcgFrame:
    """Read one data frame.

    Raises
    ------
    MalformedFrame
        When it is neither plain acceleration nor ECG, has no sample, or ends within one.
    """
    if not _HEADER.size < len(payload) <= LONGEST_PAYLOAD:
        raise MalformedFrame(f"A data frame cannot have {len(payload)} bytes.")
    kind, sensor_ns, frame_type = _HEADER.unpack_from(payload)
    body = payload[_HEADER.size :]
    kind &= _KIND_MASK
    if kind == StreamKind.POLAR_ACCELERATION and frame_type in _ACCELERATION_BYTES:
        axes = iter(_integers(body, _ACCELERATION_BYTES[frame_type], values_a_sample=3))
        return AccelerationFrame(sensor_ns, tuple(zip(axes, axes, axes, strict=True)))
    if kind == StreamKind.POLAR_ECG and frame_type == 0:
        return EcgFrame(sensor_ns, tuple(_integers(body, _ECG_BYTES)))
    raise MalformedFrame(f"Frames of kind {kind}, type {frame_type} are not known.")


def _integers(
    body: bytes, width: int, *, values_a_sample: int = 1, signed: bool = True
) -> list[int]:
    """Cut little-endian integers of ``width`` bytes."""
    if len(body) % (width * values_a_sample):
        raise MalformedFrame("A data frame ends in the middle of a sample.")
    return [
        int.from_bytes(body[i : i + width], "little", signed=signed)
        for i in range(0, len(body), width)
    ]


# ---- What a strap says: for tests and for a strap made of software


def encode_acceleration(
    sensor_ns: int, samples_mg: Iterable[Sequence[int]], frame_type: Literal[0, 1, 2] = 1
) -> bytes:
    """Build a frame of (x, y, z) in milli-g, as a strap would."""
    width = _ACCELERATION_BYTES[frame_type]
    header = _HEADER.pack(StreamKind.POLAR_ACCELERATION, sensor_ns, frame_type)
    axes = (axis for sample in samples_mg for axis in sample)
    return header + b"".join(axis.to_bytes(width, "little", signed=True) for axis in axes)


def encode_ecg(sensor_ns: int, samples_uv: Iterable[int]) -> bytes:
    """Build a frame of µV, as a strap would."""
    header = _HEADER.pack(StreamKind.POLAR_ECG, sensor_ns, 0)
    return header + b"".join(uv.to_bytes(_ECG_BYTES, "little", signed=True) for uv in samples_uv)


def encode_features(told: Features) -> bytes:
    """Build the value of the control point, with the 15 reserved bytes of a real one."""
    ecg = told.ecg << StreamKind.POLAR_ECG
    return bytes([_FEATURES, ecg | told.acceleration << StreamKind.POLAR_ACCELERATION]) + bytes(15)


def encode_reply(reply: Reply) -> bytes:
    """Build an indication of the control point."""
    head = bytes([_REPLY, reply.command, reply.kind, reply.error, reply.more])
    return head + reply.parameters


def offer_reply(kind: StreamKind, offered: Offer) -> Reply:
    """Answer ``ask_settings`` in one piece."""
    return Reply(Command.SETTINGS, kind, ReplyError.NONE, parameters=_encoded_offer(offered))


def _encoded_offer(offered: Offer) -> bytes:
    lists = {
        _Setting.SAMPLE_RATE: offered.sample_rates_hz,
        _Setting.RESOLUTION: offered.resolutions_bit,
        _Setting.RANGE: offered.ranges_g,
    }
    return b"".join(
        struct.pack(f"<BB{len(values)}H", setting, len(values), *values)
        for setting, values in lists.items()
        if values
    )
