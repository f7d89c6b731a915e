"""A line moved again and again: moving old beats later changes nothing, and costs little."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobreath.events import HeartRateMeasurement, PacketForm
from biobreath.session import heart_track
from biobreath.session.heart_track import HeartTrack
from biobreath.session.live import LiveSession


class PlainTrack(HeartTrack):
    """Moves every beat at once."""

    def _may_be_late(self, _position, _gap):
        return False


def longer_than_time(seed, packets, longer):
    """Return packets of a strap whose intervals are longer than time, with faults and gaps."""
    rng = np.random.default_rng(seed)
    t, told = 0.0, []
    for _ in range(packets):
        rr = 900 + 80 * np.sin(0.63 * t) + rng.normal(0, 25)
        shares = [(1.0,)] * 50 + [(2.0,), (0.4, 0.6), (0.6, 1.4), (1.0, 1.0, 1.0), (7.0,)]
        rr_ms = [round(rr * share * 1.024) / 1.024 for share in shares[rng.integers(len(shares))]]
        t += sum(rr_ms) / 1000 / longer + (rng.uniform(2, 30) if rng.random() < 0.004 else 0.0)
        late_s = rng.uniform(0, 0.3 if rng.random() < 0.97 else 3.0)
        told.append((float(t + late_s), tuple(float(x) for x in rr_ms)))
    return [
        HeartRateMeasurement(t, PacketForm.HEART_RATE_SERVICE, b"", rr_ms)
        for t, rr_ms in sorted(told)
    ]


def sitting(track):
    live = LiveSession()
    live.heart = live._rhythm._heart = track
    return live


def seen(track, since):
    t, nn_ms = track.since(since)
    return (
        t.tolist(), nn_ms.tolist(), track.accepted_since(t).tolist(), track.clean_seconds(),
        track.corrected_share(since), [x.tolist() for x in track.points(since, 0.0, ())[:1]],
    )  # fmt: skip


def whole(track):
    runs = [(run.nn_ms.tolist(), run.measured.tolist()) for run in track.all_runs()]
    return track.beats, [x.tolist() for x in track.all_series()], runs


@given(
    st.integers(0, 10_000), st.sampled_from([0.97, 1.02, 1.1, 1.3]), st.sampled_from([5, 40, 9999])
)
@settings(max_examples=15, deadline=None)
def test_moving_old_beats_later_gives_the_same_to_the_last_bit(seed, longer, every):
    plain, late = sitting(PlainTrack()), sitting(HeartTrack())
    rng = np.random.default_rng(seed)
    for i, packet in enumerate(longer_than_time(seed, 700, longer)):
        assert plain.feed(packet) == late.feed(packet)
        if i % every == 0:
            assert plain.reading(packet.t) == late.reading(packet.t)
            since = packet.t - rng.choice([20.0, 90.0, 140.0, 160.0, 600.0])
            assert seen(plain.heart, since) == seen(late.heart, since)
    assert plain.finish() == late.finish()
    assert whole(plain.heart) == whole(late.heart)


@pytest.fixture
def moved_beats(monkeypatch):
    """Return how many beats are moved, counted as they are."""
    moved = []
    move = heart_track.moved_by
    monkeypatch.setattr(heart_track, "moved_by", lambda gap, b: moved.append(1) or move(gap, b))
    return moved


def test_twice_the_beats_cost_about_twice_the_moves(moved_beats):
    counts = []
    for packets in (1000, 2000, 4000):
        live = LiveSession()
        moved_beats.clear()
        for packet in longer_than_time(1, packets, 1.3):
            live.feed(packet)
        live.finish()
        assert len(live.heart.beats) > packets
        counts.append(len(moved_beats))
    assert all(after < 2.6 * before for before, after in pairwise(counts))
