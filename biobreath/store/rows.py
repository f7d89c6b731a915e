"""Facts as rows: how a fact becomes a row of the library, and how it comes back."""

import json
import math
import struct
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, cast

from biobreath.events import (
    Answered,
    BatteryRead,
    BodyMarked,
    CarriedOver,
    DeviceDescribed,
    Event,
    HeartRateMeasurement,
    LinkChanged,
    LinkReason,
    LinkState,
    Marked,
    Noted,
    PaceChanged,
    PacketForm,
    PacketRefused,
    Paused,
    PhaseEntered,
    PracticeBegan,
    PracticeEnded,
    Quizzed,
    Rated,
    Resumed,
    Stopped,
    StreamFrame,
    StreamKind,
)
from biobreath.heart_rate_service import MalformedPacket, decode_stored

REFUSED = -1
"""The form of a packet that was no heart-rate measurement."""

_FIRST_STREAM = 16
"""Forms from here on are frames of a stream: this and its kind. The rate stands before a frame."""
_RATE_HZ = struct.Struct("<d")

LONGEST_SITTING_S = 1e7
"""Sixteen weeks; a recording is not longer."""
FASTEST_STREAM_HZ = 100_000.0
SHORTEST_BREATH_S = 0.5
LONGEST_BREATH_S = 600.0

_DAY_S = 86_400
_FIRST_MS = -62_135_596_800_000 + _DAY_S * 1000
_LAST_MS = 253_402_300_799_999 - _DAY_S * 1000
"""Years 1 to 9999, less a day for the offset: Python's calendar ends there."""

GAP = "gap"
"""An event that no reader turns into a fact: so many facts could not be kept here."""


class PacketRow(NamedTuple):
    """One packet as it is stored."""

    t_s: float
    form: int
    payload: bytes


class EventRow(NamedTuple):
    """One event as it is stored."""

    t_s: float
    kind: str
    data: str


def encode(fact: Event) -> PacketRow | EventRow:
    """Turn a fact into the row that is stored.

    Raises
    ------
    ValueError
        When its time is no finite number.
    """
    if not math.isfinite(fact.t):
        raise ValueError("A fact has a finite time.")
    match fact:
        case HeartRateMeasurement():
            return PacketRow(fact.t, int(fact.form), fact.payload)
        case PacketRefused():
            return PacketRow(fact.t, REFUSED, fact.payload)
        case StreamFrame():
            payload = _RATE_HZ.pack(fact.sample_rate_hz) + fact.payload
            return PacketRow(fact.t, _FIRST_STREAM + fact.kind, payload)
        case _:
            kind = _KIND_OF[type(fact)]
            data = {name: _plain(getattr(fact, name)) for name in _FIELDS[kind]}
            return EventRow(fact.t, kind, json.dumps(data))


def decode_packet(row: PacketRow) -> Event:
    """Turn a stored packet into its fact; bytes that cannot be read become ``PacketRefused``."""
    try:
        _check_time(row.t_s)
        if row.form >= _FIRST_STREAM:
            return _stream_frame(row)
        return decode_stored(row.t_s, PacketForm(row.form), row.payload)
    except (MalformedPacket, ValueError, struct.error):
        return PacketRefused(row.t_s, row.payload)


def _stream_frame(row: PacketRow) -> StreamFrame:
    (rate_hz,) = _RATE_HZ.unpack_from(row.payload)
    if not 0 < rate_hz <= FASTEST_STREAM_HZ:
        raise ValueError("A stream has a rate.")
    kind = StreamKind(row.form - _FIRST_STREAM)
    return StreamFrame(row.t_s, kind, rate_hz, row.payload[_RATE_HZ.size :])


def decode_event(row: EventRow) -> Event | None:
    """Turn a stored event into its fact; None for a kind or content this program cannot read."""
    if row.kind not in _KINDS:
        return None
    try:
        _check_time(row.t_s)
        short = len(row.data) <= _OFTEN_AGAIN
        values = (_again if short else _values)(row.kind, row.data)
        fact = _KINDS[row.kind](row.t_s, **values)
        if isinstance(fact, PaceChanged):
            _check_pace(fact)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return fact


def _check_time(t_s: float) -> None:
    """Refuse a time outside of any sitting: what follows it would never come to an end."""
    if not abs(t_s) <= LONGEST_SITTING_S:
        raise ValueError("No sitting has this moment.")


def _check_pace(pace: PaceChanged) -> None:
    """Refuse a breath that nobody breathes: the guide would divide by it, or never end it."""
    parts = (pace.inhale_s, pace.top_s, pace.hold_full_s, pace.exhale_s, pace.hold_empty_s)
    _check_time(pace.origin_s)
    if not all(0.0 <= part <= LONGEST_BREATH_S for part in parts):
        raise ValueError("A part of a breath has a length.")
    if not SHORTEST_BREATH_S <= sum(parts) <= LONGEST_BREATH_S:
        raise ValueError("No breath is so long or so short.")
    if not (pace.inhale_s > 0 and pace.exhale_s > 0):
        raise ValueError("A breath goes in and out.")


def _values(kind: str, data: str) -> dict[str, object]:
    content = json.loads(data)
    if not isinstance(content, dict):
        raise TypeError("An event's data is an object.")
    found = cast("dict[str, object]", content)
    # A field that is not there takes its default, so that a later version may add some.
    return {name: read(found[name]) for name, read in _FIELDS[kind].items() if name in found}


# The names of phases and scales come again in every sitting: years of them are read in half the
# time. Nobody changes what is given back.
_again = lru_cache(maxsize=1024)(_values)
_OFTEN_AGAIN = 100


def _plain(value: object) -> object:
    # JSON has no words for these; a string is read back by float().
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


# --- checked values ----------------------------------------------------------------------------


def text(value: object) -> str:
    """Return ``value``, which must be text."""
    if not isinstance(value, str):
        raise TypeError("Text was expected.")
    return value


def whole(value: object) -> int:
    """Return ``value``, which must be a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("A whole number was expected.")
    return value


def number(value: object) -> float:
    """Return ``value``, which must be a number, as a float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("A number was expected.")
    return float(value)


def check_moment(utc_ms: int, utc_offset_s: int) -> None:
    """Refuse a moment or an offset that no calendar has."""
    if not (_FIRST_MS <= utc_ms <= _LAST_MS and abs(utc_offset_s) < _DAY_S):
        raise ValueError("No calendar has this moment.")


def _any_number(value: object) -> float:
    return float(value) if isinstance(value, str) else number(value)


def _whole_or_none(value: object) -> int | None:
    return None if value is None else whole(value)


def _yes(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("Yes or no was expected.")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("A list was expected.")
    return tuple(text(item) for item in cast("list[object]", value))


def _reason(value: object) -> LinkReason:
    try:
        return LinkReason(text(value))
    except ValueError:
        return LinkReason.UNKNOWN


def _state(value: object) -> LinkState:
    return LinkState(text(value))


_KINDS: dict[str, Callable[..., Event]] = {
    "link": LinkChanged,
    "battery": BatteryRead,
    "device": DeviceDescribed,
    "pace": PaceChanged,
    "paused": Paused,
    "resumed": Resumed,
    "phase": PhaseEntered,
    "mark": Marked,
    "rating": Rated,
    "practice": PracticeBegan,
    "answer": Answered,
    "body": BodyMarked,
    "note": Noted,
    "quiz": Quizzed,
    "stop": Stopped,
    "carried": CarriedOver,
    "practice_end": PracticeEnded,
}

PRACTICE_KINDS = (
    *("practice", "phase", "rating", "answer", "body", "note", "quiz", "stop", "carried"),
    "practice_end",
)
"""The kinds of events that tell of a guided practice."""

_KIND_OF = {made_by: kind for kind, made_by in _KINDS.items()}

_FIELDS: dict[str, dict[str, Callable[[object], object]]] = {
    "link": {"state": _state, "reason": _reason, "device_name": text},
    "battery": {"percent": whole},
    "device": {"manufacturer": text, "model": text, "firmware": text},
    "pace": {
        "pattern": text,
        "origin_s": _any_number,
        "inhale_s": _any_number,
        "hold_full_s": _any_number,
        "exhale_s": _any_number,
        "hold_empty_s": _any_number,
        "top_s": _any_number,
    },
    "paused": {},
    "resumed": {},
    "phase": {"phase": text},
    "mark": {"label": text},
    "rating": {"scale": text, "value": _whole_or_none, "phase": text},
    "practice": {
        "pack": text,
        "version": text,
        "lang": text,
        "planned_s": number,
        "flags": _texts,
        "display": text,
        "text": text,
    },
    "answer": {"phase": text, "options": _texts, "own": text},
    "body": {"phase": text, "feel": text, "regions": _texts, "qualities": _texts},
    "note": {"phase": text, "text": text, "win": _yes},
    "quiz": {"phase": text, "question": whole, "option": whole},
    "stop": {"stop": text},
    "carried": {"what": text, "value": text},
    "practice_end": {"how": text},
}
