"""Random bytes through every decoder of what comes from the air; sensible packets come out exactly.

    python benchmarks/fuzz_decoders.py [--packets 10000000] [--workers 2]

A third of the packets are random bytes, a third are good ones with some bytes changed, a third are
good ones that have to come back exactly as they went in.
"""

import argparse
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable

from biobreath import heart_rate_service as heart
from biobreath import polar_measurement as polar
from biobreath.events import StreamKind
from biobreath.polar_measurement import MalformedFrame, Offer, Reply

TICK_MS = heart.MS_PER_TICK
BLOCK = 20_000


def main() -> int:
    """Fuzz and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packets", type=int, default=10_000_000)
    parser.add_argument("--workers", type=int, default=2)
    wish = parser.parse_args()
    blocks = range(wish.packets // BLOCK)
    begun = time.perf_counter()
    total: Counter[tuple[str, str]] = Counter()
    with multiprocessing.Pool(wish.workers) as pool:
        for counted in pool.imap_unordered(_block, blocks):
            total += counted
    print(f"{sum(total.values())} packets in {time.perf_counter() - begun:.0f} s\n")
    print("| decoder | decoded | refused by the typed error | exact | anything else |")
    print("|---|---|---|---|---|")
    for name in DECODERS:
        counts = [total[name, kind] for kind in ("decoded", "refused", "exact", "else")]
        print(f"| {name} | " + " | ".join(str(count) for count in counts) + " |")
    return 1 if any(kind == "else" and n for (_, kind), n in total.items()) else 0


def _block(seed: int) -> Counter[tuple[str, str]]:
    chance = random.Random(seed)
    counted: Counter[tuple[str, str]] = Counter()
    names = list(DECODERS)
    for number in range(BLOCK):
        name = names[number % len(names)]
        counted[name, DECODERS[name](chance, number // len(names) % 3)] += 1
    return counted


def _fate(decode: Callable[[bytes], object], payload: bytes, error: type[Exception]) -> str:
    try:
        decode(payload)
    except error:
        return "refused"
    except Exception as surprise:  # noqa: BLE001 - it is what is looked for
        print("!", decode, payload.hex(), repr(surprise), flush=True)
        return "else"
    return "decoded"


def _spoiled(chance: random.Random, payload: bytes) -> bytes:
    data = bytearray(payload)
    for _ in range(chance.randint(1, 3)):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: chance.randint(0, len(data))] if chance.random() < 0.5 else data)


def _noise(chance: random.Random) -> bytes:
    length = 600 if chance.random() < 0.01 else 32
    return chance.randbytes(chance.randint(0, length))


def _measurement(chance: random.Random, way: int) -> str:
    def decode(payload: bytes) -> object:
        return heart.decode(0.0, payload)

    if way == 0:
        return _fate(decode, _noise(chance), heart.MalformedPacket)
    rate = chance.randint(0, 400)
    ticks = [chance.randint(1, 65_535) for _ in range(chance.randint(0, 9))]
    contact = chance.choice([None, True, False])
    payload = heart.encode(rate, ticks, contact=contact)
    if way == 1:
        return _fate(decode, _spoiled(chance, payload), heart.MalformedPacket)
    told = heart.decode(0.0, payload)
    same = told.rr_ms == tuple(t * TICK_MS for t in ticks) and told.contact is contact
    return "exact" if same and told.heart_rate_bpm == (rate or None) else "else"


def _frame(chance: random.Random, way: int) -> str:
    if way == 0:
        # Random bytes with a head that is known get further than any others.
        head = bytes([chance.choice([0, 2])]) if chance.random() < 0.5 else b""
        return _fate(polar.decode, head + _noise(chance), MalformedFrame)
    stamp = chance.getrandbits(64)
    count = chance.randint(1, 40)
    if chance.random() < 0.5:
        uv = tuple(chance.randint(-8_388_608, 8_388_607) for _ in range(count))
        payload, sent = polar.encode_ecg(stamp, uv), polar.EcgFrame(stamp, uv)
    else:
        mg = tuple(tuple(chance.randint(-32_768, 32_767) for _ in "xyz") for _ in range(count))
        payload, sent = polar.encode_acceleration(stamp, mg), polar.AccelerationFrame(stamp, mg)
    if way == 1:
        return _fate(polar.decode, _spoiled(chance, payload), MalformedFrame)
    return "exact" if polar.decode(payload) == sent else "else"


def _reply(chance: random.Random, way: int) -> str:
    if way == 0:
        head = b"\xf0" if chance.random() < 0.5 else b""
        return _fate(polar.decode_reply, head + _noise(chance), MalformedFrame)
    sent = Reply(
        *(chance.randint(0, 255) for _ in range(3)),
        more=chance.random() < 0.5,
        parameters=chance.randbytes(chance.randint(0, 30)),
    )
    payload = polar.encode_reply(sent)
    if way == 1:
        return _fate(polar.decode_reply, _spoiled(chance, payload), MalformedFrame)
    return "exact" if polar.decode_reply(payload) == sent else "else"


def _offer(chance: random.Random, way: int) -> str:
    def decode(payload: bytes) -> object:
        return polar.acceleration_settings(polar.offer([Reply(1, 2, 0, parameters=payload)]))

    if way == 0:
        return _fate(decode, _noise(chance), MalformedFrame)
    sent = Offer(
        *(tuple(chance.randint(0, 65_535) for _ in range(chance.randint(1, 4))) for _ in range(3))
    )
    reply = polar.offer_reply(StreamKind.POLAR_ACCELERATION, sent)
    if way == 1:
        return _fate(decode, _spoiled(chance, reply.parameters), MalformedFrame)
    return "exact" if polar.offer([reply]) == sent else "else"


def _features(chance: random.Random, way: int) -> str:
    if way == 0:
        head = b"\x0f" if chance.random() < 0.5 else b""
        return _fate(polar.features, head + _noise(chance), MalformedFrame)
    sent = polar.Features(chance.random() < 0.5, chance.random() < 0.5)
    payload = polar.encode_features(sent)
    if way == 1:
        return _fate(polar.features, _spoiled(chance, payload), MalformedFrame)
    return "exact" if polar.features(payload) == sent else "else"


DECODERS: dict[str, Callable[[random.Random, int], str]] = {
    "heart rate measurement (0x2A37)": _measurement,
    "Polar data frame": _frame,
    "Polar reply": _reply,
    "Polar settings offered": _offer,
    "Polar features": _features,
}

if __name__ == "__main__":
    raise SystemExit(main())
