"""The 0x2A37 decoder: complete, exact, and not to be broken by any bytes."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from biobreath.events import PacketForm
from biobreath.heart_rate_service import (
    MalformedPacket,
    decode,
    decode_stored,
    encode,
    from_beat_times,
    from_intervals,
)

ticks = st.lists(st.integers(1, 0xFFFF), max_size=9)


@pytest.mark.parametrize(
    ("payload", "rate", "contact", "energy", "rr_ms"),
    [
        ("0048", 72, None, None, ()),
        ("012c01", 300, None, None, ()),
        ("1048f603", 72, None, None, (1014 * 125 / 128,)),
        ("16480004", 72, True, None, (1000.0,)),
        ("14480004", 72, False, None, (1000.0,)),
        ("0248", 72, None, None, ()),  # contact seen, but not supported: not known
        ("1e48100000040002", 72, True, 16, (1000.0, 500.0)),
        ("1f480010000004", 72, True, 16, (1000.0,)),
        ("1000", None, None, None, ()),  # rate 0 is "not known"
        ("10480000f603", 72, None, None, (1014 * 125 / 128,)),  # an RR of 0 is no beat
        ("104800", 72, None, None, ()),  # an odd last byte is no interval
        ("f0480004", 72, None, None, (1000.0,)),  # reserved bits mean nothing
    ],
)
def test_every_field_is_read(payload, rate, contact, energy, rr_ms):
    fact = decode(1.25, bytes.fromhex(payload))
    assert (fact.heart_rate_bpm, fact.contact, fact.energy_kj, fact.rr_ms) == (
        rate,
        contact,
        energy,
        rr_ms,
    )
    assert fact.t == 1.25
    assert fact.payload == bytes.fromhex(payload)


@pytest.mark.parametrize("payload", ["", "00", "0148", "0848", "084810", "09480110", "00" * 513])
def test_bytes_that_end_too_early_or_never_are_refused(payload):
    with pytest.raises(MalformedPacket):
        decode(0.0, bytes.fromhex(payload))


@given(st.binary(max_size=600))
@example(b"\xff" * 20)
def test_any_bytes_decode_or_are_refused(payload):
    try:
        fact = decode(0.0, payload)
    except MalformedPacket:
        return
    assert all(0 < rr <= 64_000 for rr in fact.rr_ms)
    assert fact.heart_rate_bpm is None or 0 < fact.heart_rate_bpm <= 0xFFFF


@given(
    rate=st.integers(1, 0xFFFF),
    rr=ticks,
    contact=st.sampled_from([None, True, False]),
    energy=st.one_of(st.none(), st.integers(0, 0xFFFF)),
)
def test_what_a_strap_encodes_is_decoded_exactly(rate, rr, contact, energy):
    fact = decode(0.0, encode(rate, rr, contact=contact, energy_kj=energy))
    assert fact.heart_rate_bpm == rate
    assert [ms * 1.024 for ms in fact.rr_ms] == pytest.approx(rr, rel=1e-12)
    assert [round(ms * 1.024) for ms in fact.rr_ms] == rr
    assert (fact.contact, fact.energy_kj) == (contact, energy)
    assert decode_stored(0.0, PacketForm.HEART_RATE_SERVICE, fact.payload) == fact


@given(st.lists(st.floats(1, 1e6), max_size=8))
def test_intervals_of_a_file_are_kept_to_the_last_bit(rr_ms):
    fact = from_intervals(2.0, rr_ms)
    assert fact.rr_ms == tuple(rr_ms)
    assert decode_stored(2.0, fact.form, fact.payload) == fact


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(1, 1e6)), max_size=8))
def test_beat_times_of_a_file_are_kept_to_the_last_bit(beats):
    fact = from_beat_times(2.0, beats)
    assert list(zip(fact.beat_times_s, fact.rr_ms, strict=True)) == beats
    assert decode_stored(2.0, fact.form, fact.payload) == fact


def test_stored_bytes_of_the_wrong_length_are_refused():
    with pytest.raises(MalformedPacket):
        decode_stored(0.0, PacketForm.INTERVALS, b"123")
