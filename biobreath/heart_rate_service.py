"""The Bluetooth Heart Rate Measurement (characteristic 0x2A37), decoded and encoded.

Layout (Heart Rate Service 1.0): flags, heart rate in 8 or 16 bits, energy in kJ when flagged, then
RR intervals of 1/1024 s, oldest first, to the end. Every byte comes from the air and is hostile.
"""

import struct
from collections.abc import Sequence

from biobreath.events import HeartRateMeasurement, PacketForm

SERVICE_UUID = "0000180d-0000-1000-8000-00805f9b34fb"
MEASUREMENT_UUID = "00002a37-0000-1000-8000-00805f9b34fb"
BATTERY_UUID = "00002a19-0000-1000-8000-00805f9b34fb"
MANUFACTURER_UUID = "00002a29-0000-1000-8000-00805f9b34fb"
MODEL_UUID = "00002a24-0000-1000-8000-00805f9b34fb"
FIRMWARE_UUID = "00002a26-0000-1000-8000-00805f9b34fb"

_RATE_IS_16_BIT = 0x01
_CONTACT_DETECTED = 0x02
_CONTACT_SUPPORTED = 0x04
_HAS_ENERGY = 0x08
_HAS_RR = 0x10

LONGEST_PAYLOAD = 512
"""No attribute value is longer (Bluetooth Core, Vol 3, Part F, 3.2.9)."""

MS_PER_TICK = 125 / 128
"""One 1/1024 s in ms; a dyadic fraction, so sums of intervals stay exact in a float."""


LONGEST_STORED_MS = 1e10
"""Sixteen weeks: a stored interval or moment beyond it belongs to no sitting."""


class MalformedPacket(ValueError):  # noqa: N818
    """The bytes are no heart-rate measurement."""


def decode(t: float, payload: bytes) -> HeartRateMeasurement:
    """Read one 0x2A37 value that arrived at ``t``.

    A rate of 0 becomes None and an RR of 0 is left out: straps send both for "no beat known".
    Reserved flag bits and an odd last byte are ignored.

    Raises
    ------
    MalformedPacket
        When the bytes end before the fields that their flags promise, or are too many.
    """
    if not 2 <= len(payload) <= LONGEST_PAYLOAD:
        raise MalformedPacket(f"A heart-rate packet cannot have {len(payload)} bytes.")
    flags = payload[0]
    position = 3 if flags & _RATE_IS_16_BIT else 2
    rate = int.from_bytes(payload[1:position], "little")
    energy_kj = None
    end_of_fixed = position + (2 if flags & _HAS_ENERGY else 0)
    if len(payload) < end_of_fixed:
        raise MalformedPacket("A heart-rate packet ends before its last field.")
    if flags & _HAS_ENERGY:
        energy_kj = int.from_bytes(payload[position:end_of_fixed], "little")
    rr_ms: tuple[float, ...] = ()
    if flags & _HAS_RR:
        whole = (len(payload) - end_of_fixed) // 2
        ticks = struct.unpack_from(f"<{whole}H", payload, end_of_fixed)
        rr_ms = tuple(tick * MS_PER_TICK for tick in ticks if tick)
    contact = bool(flags & _CONTACT_DETECTED) if flags & _CONTACT_SUPPORTED else None
    return HeartRateMeasurement(
        t=t,
        form=PacketForm.HEART_RATE_SERVICE,
        payload=payload,
        rr_ms=rr_ms,
        heart_rate_bpm=rate or None,
        contact=contact,
        energy_kj=energy_kj,
    )


def encode(
    heart_rate_bpm: int,
    rr_ticks: Sequence[int] = (),
    *,
    contact: bool | None = None,
    energy_kj: int | None = None,
) -> bytes:
    """Build a 0x2A37 value, as a strap would; ``rr_ticks`` are in 1/1024 s, oldest first."""
    flags = 0
    if contact is not None:
        flags |= _CONTACT_SUPPORTED | (_CONTACT_DETECTED if contact else 0)
    body = b""
    if heart_rate_bpm > 0xFF:
        flags |= _RATE_IS_16_BIT
        body += struct.pack("<H", heart_rate_bpm)
    else:
        body += struct.pack("<B", heart_rate_bpm)
    if energy_kj is not None:
        flags |= _HAS_ENERGY
        body += struct.pack("<H", energy_kj)
    if rr_ticks:
        flags |= _HAS_RR
        body += struct.pack(f"<{len(rr_ticks)}H", *rr_ticks)
    return bytes([flags]) + body


def from_intervals(t: float, rr_ms: Sequence[float]) -> HeartRateMeasurement:
    """Make a measurement of intervals that come from a file without beat times."""
    payload = struct.pack(f"<{len(rr_ms)}d", *rr_ms)
    return decode_stored(t, PacketForm.INTERVALS, payload)


def from_beat_times(t: float, beats: Sequence[tuple[float, float]]) -> HeartRateMeasurement:
    """Make a measurement of (beat time in s, RR in ms) pairs that come from a file."""
    values = [float(value) for beat in beats for value in beat]
    payload = struct.pack(f"<{len(values)}d", *values)
    return HeartRateMeasurement(
        t, PacketForm.BEAT_TIMES, payload, tuple(values[1::2]), beat_times_s=tuple(values[0::2])
    )


def decode_stored(t: float, form: PacketForm, payload: bytes) -> HeartRateMeasurement:
    """Turn stored bytes back into the very fact that was stored.

    Raises
    ------
    MalformedPacket
        When the bytes do not fit ``form``.
    """
    if form is PacketForm.HEART_RATE_SERVICE:
        return decode(t, payload)
    width = 8 if form is PacketForm.INTERVALS else 16
    if len(payload) % width:
        raise MalformedPacket("Stored intervals end in the middle of a number.")
    values = struct.unpack(f"<{len(payload) // 8}d", payload)
    rr_ms, times = (values, ()) if form is PacketForm.INTERVALS else (values[1::2], values[0::2])
    if not all(0.0 < rr <= LONGEST_STORED_MS for rr in rr_ms):
        raise MalformedPacket("Stored intervals are not intervals.")
    if not all(abs(beat_s) <= LONGEST_STORED_MS / 1000.0 for beat_s in times):
        raise MalformedPacket("Stored beats are outside of any sitting.")
    return HeartRateMeasurement(t, form, payload, rr_ms=rr_ms, beat_times_s=times)
