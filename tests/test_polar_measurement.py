"""The bytes of a Polar strap: complete, exact, and not to be broken by anything."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from biobreath.events import StreamKind
from biobreath.polar_measurement import (
    ECG_SETTINGS,
    AccelerationFrame,
    Command,
    EcgFrame,
    Features,
    MalformedFrame,
    Offer,
    Reply,
    ReplyError,
    StreamSettings,
    acceleration_settings,
    ask_settings,
    decode,
    decode_reply,
    encode_acceleration,
    encode_ecg,
    encode_features,
    encode_reply,
    features,
    offer,
    offer_reply,
    start,
    stop,
)

ECG, ACCELERATION = StreamKind.POLAR_ECG, StreamKind.POLAR_ACCELERATION

# The examples of the public specification, as an H10 says them.
H10_FEATURES = "0f05" + "00" * 15
H10_ACCELERATION = "f0010200000004190032006400c800010110000203020004000800"
H10_ECG = "f0010000000001820001010e00"
H10_STARTED = "f00202000001"
H10_STOPPED = "f003020000"
H10_FRAME = "02ea54a2428b4552080145ffe4ffb50345ffe4ffb803"

sensor_ns = st.integers(0, 2**64 - 1)
settings_16_bit = st.lists(st.integers(0, 0xFFFF), max_size=20).map(tuple)


def said(text):
    return bytes.fromhex(text)


def whole(bits):
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


# ---- Control point


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        (H10_FEATURES, Features(ecg=True, acceleration=True)),
        ("0f6e" + "00" * 15, Features(ecg=False, acceleration=True)),  # an arm band
        ("0f01", Features(ecg=True, acceleration=False)),
        ("0f00", Features(ecg=False, acceleration=False)),
    ],
)
def test_what_a_strap_can_stream_is_read(payload, told):
    assert features(said(payload)) == told


@pytest.mark.parametrize("payload", ["", "0f", "f005", "000f", "0f05" + "00" * 511])
def test_what_is_no_list_of_features_is_refused(payload):
    with pytest.raises(MalformedFrame):
        features(said(payload))


def test_commands_are_the_bytes_of_the_specification():
    eight_g = StreamSettings(sample_rate_hz=200, resolution_bit=16, range_g=8)
    assert ask_settings(ACCELERATION) == said("0102")
    assert ask_settings(ECG) == said("0100")
    assert start(ACCELERATION, eight_g) == said("02020001c8000101100002010800")
    assert start(ECG, ECG_SETTINGS) == said("02000001820001010e00")
    assert stop(ACCELERATION) == said("0302")


def test_the_settings_of_a_real_strap_are_read():
    reply = decode_reply(said(H10_ACCELERATION))
    assert reply.answers(Command.SETTINGS, ACCELERATION)
    assert not reply.answers(Command.START, ACCELERATION)
    assert not reply.answers(Command.SETTINGS, ECG)
    assert offer([reply]) == Offer((25, 50, 100, 200), (16,), (2, 4, 8))
    assert offer([decode_reply(said(H10_ECG))]) == Offer((130,), (14,))


def test_fifty_a_second_at_eight_g_is_chosen():
    offered = offer([decode_reply(said(H10_ACCELERATION))])
    assert acceleration_settings(offered) == StreamSettings(50, 16, 8)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (Offer((52,), (16,), (4,)), StreamSettings(52, 16, 4)),
        (Offer((26, 104), (14, 12), (2, 16)), StreamSettings(26, 14, 2)),
        (Offer((100,)), StreamSettings(100)),
    ],
)
def test_what_is_nearest_is_chosen_and_what_is_not_offered_is_not_asked_for(offered, chosen):
    assert acceleration_settings(offered) == chosen


@pytest.mark.parametrize("rates", [(), (0,)])
def test_a_strap_without_a_sample_rate_cannot_stream(rates):
    with pytest.raises(MalformedFrame):
        acceleration_settings(Offer(sample_rates_hz=rates))


@pytest.mark.parametrize(
    ("payload", "reply"),
    [
        (H10_STARTED, Reply(Command.START, ACCELERATION, ReplyError.NONE, parameters=b"\x01")),
        (H10_STOPPED, Reply(Command.STOP, ACCELERATION, ReplyError.NONE)),
        ("f003020600", Reply(Command.STOP, ACCELERATION, ReplyError.ALREADY_IN_STATE)),
        ("f002020a", Reply(Command.START, ACCELERATION, ReplyError.INVALID_MTU)),
        ("f00907fe", Reply(9, 7, 254)),  # numbers nobody knows stay numbers
    ],
)
def test_success_and_refusal_are_told_apart(payload, reply):
    assert decode_reply(said(payload)) == reply


@pytest.mark.parametrize("payload", ["", "f00202", "0f0202000001", "f0" + "00" * 512])
def test_what_is_no_reply_is_refused(payload):
    with pytest.raises(MalformedFrame):
        decode_reply(said(payload))


def test_an_answer_in_two_pieces_is_put_together():
    first, second = (
        decode_reply(said("f001020001" + "00021a")),
        decode_reply(said("f001020000" + "003400")),
    )
    assert (first.more, second.more) == (True, False)
    assert offer([first, second]) == Offer(sample_rates_hz=(26, 52))


def test_settings_after_one_that_nobody_knows_are_not_read():
    reply = Reply(Command.SETTINGS, ACCELERATION, 0, parameters=said("00013200" + "630199"))
    assert offer([reply]) == Offer(sample_rates_hz=(50,))


@pytest.mark.parametrize("parameters", ["00", "0000", "000132", "0002320019", "06010203"])
def test_a_list_of_settings_that_ends_too_early_is_refused(parameters):
    with pytest.raises(MalformedFrame):
        offer([Reply(Command.SETTINGS, ACCELERATION, 0, parameters=said(parameters))])


@pytest.mark.parametrize("replies", [[], [Reply(1, 2, 3)], [Reply(1, 2, 0)] * 99])
def test_a_refusal_offers_nothing(replies):
    with pytest.raises(MalformedFrame):
        offer(replies)


@given(rates=settings_16_bit, resolutions=settings_16_bit, ranges=settings_16_bit)
def test_what_a_strap_offers_is_read_exactly(rates, resolutions, ranges):
    offered = Offer(rates, resolutions, ranges)
    reply = offer_reply(ACCELERATION, offered)
    assert decode_reply(encode_reply(reply)) == reply
    assert offer([reply]) == offered


@given(st.builds(Features, ecg=st.booleans(), acceleration=st.booleans()))
def test_features_survive_the_air(told):
    assert features(encode_features(told)) == told


@given(st.binary(max_size=520) | st.binary(max_size=40).map(b"\xf0\x01\x02\x00\x00".__add__))
@example(said("f00102000000ff"))
def test_any_bytes_are_a_reply_or_refused(payload):
    for read in (features, decode_reply):
        try:
            read(payload)
        except MalformedFrame:
            continue
    try:
        told = offer([decode_reply(payload)])
        assert acceleration_settings(told).sample_rate_hz > 0
    except MalformedFrame:
        return


# ---- Data frames


def test_a_real_frame_weighs_one_g():
    frame = decode(said(H10_FRAME))
    assert frame == AccelerationFrame(599618164814402794, ((-187, -28, 949), (-187, -28, 952)))
    assert math.dist((0, 0, 0), frame.samples_mg[0]) == pytest.approx(1000, rel=0.05)


@pytest.mark.parametrize(("frame_type", "bits"), [(0, 8), (1, 16), (2, 24)])
@given(sensor_ns=sensor_ns, data=st.data())
def test_acceleration_survives_the_air(frame_type, bits, sensor_ns, data):
    axis = whole(bits)
    samples = data.draw(st.lists(st.tuples(axis, axis, axis), min_size=1, max_size=50))
    payload = encode_acceleration(sensor_ns, samples, frame_type)
    assert decode(payload) == AccelerationFrame(sensor_ns, tuple(samples))
    assert len(payload) == 10 + len(samples) * 3 * bits // 8


@given(sensor_ns=sensor_ns, samples=st.lists(whole(24), min_size=1, max_size=160))
def test_ecg_survives_the_air(sensor_ns, samples):
    assert decode(encode_ecg(sensor_ns, samples)) == EcgFrame(sensor_ns, tuple(samples))


@pytest.mark.parametrize(
    "payload",
    [
        "",
        H10_FRAME[:18],  # not even a header
        H10_FRAME[:20],  # no sample
        H10_FRAME[:-2],  # ends within a sample
        H10_FRAME[:-4],  # ends within a sample, between two axes
        "02" + "00" * 8 + "80" + "00" * 6,  # compressed
        "02" + "00" * 8 + "03" + "00" * 12,
        "00" + "00" * 8 + "01" + "00" * 3,
        "01" + "00" * 8 + "00" + "00" * 12,  # light, of an arm band
        "02" + "00" * 8 + "01" + "00" * 504,  # longer than any attribute
    ],
)
def test_what_is_no_plain_frame_is_refused(payload):
    with pytest.raises(MalformedFrame):
        decode(said(payload))


heads = st.sampled_from([b"\x02" + bytes(8) + bytes([kind]) for kind in (0, 1, 2)])


@given(st.binary(max_size=600) | st.builds(bytes.__add__, heads, st.binary(max_size=520)))
def test_any_bytes_are_a_frame_or_refused(payload):
    try:
        frame = decode(payload)
    except MalformedFrame:
        return
    assert 0 <= frame.sensor_ns < 2**64
    samples = frame.samples_uv if isinstance(frame, EcgFrame) else frame.samples_mg
    assert 0 < len(samples) <= 502 / 3
