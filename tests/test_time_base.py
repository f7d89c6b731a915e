"""Beat times: exact along the line, honest about what is missing."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobreath.signal.time_base import GapFound, TimeBase, TimedBeat

TICK_MS = 125 / 128


class Listener:
    """A consumer that moves its beats as it is told to."""

    def __init__(self) -> None:
        self.base = TimeBase()
        self.beats: list[TimedBeat] = []
        self.found: list[tuple[float, GapFound]] = []

    def feed(self, arrival_s, rr_ms, beat_times_s=()):
        timed = self.base.feed(arrival_s, rr_ms, beat_times_s)
        if timed.gap is not None:
            gap = timed.gap
            self.found.append((arrival_s, gap))
            for i, beat in enumerate(self.beats):
                if beat.index >= gap.first_index:
                    moved_t = beat.t + gap.shift_s
                    self.beats[i] = replace(beat, t=moved_t, segment=gap.segment)
        self.beats += timed.beats
        return timed

    @property
    def times(self):
        return np.array([beat.t for beat in self.beats])

    def gaps(self):
        """Return (index after the gap, missing s) for every stretch that no beat covers."""
        holes = zip(self.beats, self.beats[1:], strict=False)
        missing = [(b.index, b.t - b.rr_ms / 1000 - a.t) for a, b in holes]
        return [(index, s) for index, s in missing if s > 1e-6]


@dataclass(frozen=True)
class Packet:
    arrival_s: float
    rr_ms: list[float]
    first: int


def heart(rng, duration_s, rate=65.0):
    """Return beat times on the grid of a strap."""
    ticks, t = [], 0
    while t < duration_s * 1024:
        bpm = rate + 6 * np.sin(2 * np.pi * t / 10240) + rng.normal(0, 1)
        t += round(61440 / bpm)
        ticks.append(t)
    return np.array(ticks)


def told(ticks, *, ppm=0.0, jitter=lambda: 0.0, stalls=()):
    """Return the packets of a strap that tells its beats once a second, half a second late."""
    rr_ms = (np.diff(ticks, prepend=0) * TICK_MS).tolist()
    known_s = ticks / 1024 * (1 + ppm * 1e-6) + 0.5
    packets, i, last_s = [], 0, 0.0
    for second in range(1, int(known_s[-1]) + 2):
        j = int(np.searchsorted(known_s, second, side="right"))
        arrival_s = second + jitter()
        for start, end in stalls:
            arrival_s = end if start <= arrival_s < end else arrival_s
        last_s = arrival_s = max(arrival_s, last_s)
        if j > i:
            packets.append(Packet(arrival_s, rr_ms[i:j], i))
        i = j
    return packets


def listen(packets):
    listener = Listener()
    for packet in packets:
        listener.feed(packet.arrival_s, packet.rr_ms)
    return listener


def lose(packets, start, seconds):
    return [p for p in packets if not start <= p.arrival_s < start + seconds]


def test_the_newest_beat_of_the_first_packet_is_at_its_arrival():
    beats = TimeBase().feed(10.0, [1000.0, 750.0]).beats
    assert [(b.index, b.t, b.rr_ms, b.segment) for b in beats] == [
        (0, 9.25, 1000.0, 0),
        (1, 10.0, 750.0, 0),
    ]


def test_a_packet_without_beats_tells_nothing():
    assert TimeBase().feed(1.0, []).beats == ()


def test_what_is_no_positive_number_is_no_interval():
    beats = TimeBase().feed(9.0, [float("nan"), -5.0, 0.0, 800.0, float("inf")]).beats
    assert [b.rr_ms for b in beats] == [800.0]


def test_successive_beats_differ_by_exactly_their_interval_for_an_hour_with_drift_and_jitter():
    rng = np.random.default_rng(1)
    ticks = heart(rng, 3600)
    packets = told(ticks, ppm=60, jitter=lambda: abs(rng.normal(0, 0.05)))
    listener = listen(packets)
    assert listener.gaps() == []
    away = listener.times - ticks / 1024
    assert np.ptp(away) < 1e-6
    assert len({beat.segment for beat in listener.beats}) == 1


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_arrivals_that_wander_by_a_second_and_a_half_either_way_are_no_gap(seed):
    rng = np.random.default_rng(seed)
    ticks = heart(rng, 1200, rate=[60, 75, 90][seed])
    packets = told(ticks, ppm=60, jitter=lambda: rng.uniform(0, 3))
    assert listen(packets).gaps() == []


def test_a_stall_that_ends_in_a_burst_loses_nothing():
    rng = np.random.default_rng(2)
    ticks = heart(rng, 400)
    listener = listen(told(ticks, stalls=[(100, 108), (200, 204), (300, 330)]))
    assert listener.gaps() == []
    assert np.ptp(listener.times - ticks / 1024) < 1e-6


def test_a_link_that_is_late_for_a_while_is_put_right_when_it_catches_up():
    rng = np.random.default_rng(3)
    ticks = heart(rng, 300)
    packets = told(ticks)
    late = [replace(p, arrival_s=p.arrival_s + 4 * (100 < p.arrival_s < 112)) for p in packets]
    late.sort(key=lambda p: p.first)
    listener = Listener()
    clock = 0.0
    for packet in late:
        clock = max(clock, packet.arrival_s)
        listener.feed(clock, packet.rr_ms)
    assert listener.gaps() == []
    assert np.ptp(listener.times - ticks / 1024) < 1e-6


@pytest.mark.parametrize("rate", [45, 60, 75, 100])
@pytest.mark.parametrize("seconds", [3.0, 5.0, 15.0, 120.0])
def test_lost_packets_are_found_where_they_were_lost(rate, seconds):
    rng = np.random.default_rng(rate)
    ticks = heart(rng, 500, rate)
    jitter = lambda: abs(rng.normal(0, 0.05))  # noqa: E731
    packets = lose(told(ticks, jitter=jitter), 200.5, seconds)
    listener = listen(packets)
    kept = np.concatenate([np.arange(p.first, p.first + len(p.rr_ms)) for p in packets])
    hole = int(np.flatnonzero(np.diff(kept) > 1)[0]) + 1
    truth = ticks[kept] / 1024
    missing_s = truth[hole] - truth[hole - 1] - listener.beats[hole].rr_ms / 1000
    assert [index for index, _ in listener.gaps()] == [hole]
    assert listener.gaps()[0][1] == pytest.approx(missing_s, abs=0.75)
    assert np.ptp((listener.times - truth)[hole:]) < 1e-6
    segments = [beat.segment for beat in listener.beats]
    assert len(set(segments[:hole])) == len(set(segments[hole:])) == 1
    assert segments[hole - 1] != segments[hole]


def test_a_gap_is_known_within_eight_seconds_on_a_steady_link():
    rng = np.random.default_rng(5)
    packets = lose(told(heart(rng, 300)), 150.5, 4)
    gap_arrivals = [t for t, gap in listen(packets).found if gap.missing_s > 0]
    assert len(gap_arrivals) == 1
    assert gap_arrivals[0] < 154.5 + 8


def test_a_gap_on_a_jittery_link_is_found_too():
    rng = np.random.default_rng(6)
    packets = lose(told(heart(rng, 600), jitter=lambda: rng.uniform(0, 3)), 300.5, 6)
    gaps = listen(packets).gaps()
    assert len(gaps) == 1
    assert gaps[0][1] == pytest.approx(6, abs=1.5)


def test_beats_lost_one_at_a_time_do_not_add_up():
    rng = np.random.default_rng(7)
    ticks = heart(rng, 1800)
    packets = [p for p in told(ticks) if int(p.arrival_s) % 120 != 60]
    listener = listen(packets)
    kept = np.concatenate([np.arange(p.first, p.first + len(p.rr_ms)) for p in packets])
    away = listener.times - ticks[kept] / 1024
    assert abs(away[-1] - away[50]) < 3.0
    assert np.all(np.diff(listener.times) > 0)


def test_a_first_packet_that_came_late_leaves_no_beat_in_the_future():
    listener = Listener()
    listener.feed(4.0, [1000.0])
    for second in range(2, 20):
        listener.feed(float(second) if second > 4 else 4.0, [1000.0])
    assert listener.gaps() == []
    assert listener.beats[-1].t == pytest.approx(19.0)
    assert np.allclose(np.diff(listener.times), 1.0)


def test_after_an_interruption_nothing_reaches_back():
    listener = Listener()
    for second in range(1, 30):
        listener.feed(float(second), [1000.0])
    listener.base.interrupt()
    listener.base.interrupt()
    for second in range(60, 90):
        listener.feed(float(second), [1000.0])
    assert [b.segment for b in listener.beats] == [0] * 29 + [1] * 30
    assert listener.gaps() == [(29, 30.0)]


def test_old_intervals_told_again_after_an_interruption_keep_the_order():
    listener = Listener()
    listener.feed(10.0, [1000.0] * 5)
    listener.base.interrupt()
    listener.feed(11.0, [1000.0] * 5)
    assert np.all(np.diff(listener.times) > 0)


def test_an_interruption_that_lost_nothing_costs_no_time():
    listener = Listener()
    for second in range(1, 30):
        listener.feed(float(second), [1000.0])
    listener.base.interrupt()
    for second in range(30, 60):
        listener.feed(max(38.0, second), [1000.0])
    assert listener.gaps() == []
    assert listener.beats[-1].t == pytest.approx(59.0)
    assert np.allclose(np.diff(listener.times), 1.0)


def test_a_stretch_without_beats_ends_its_segment_and_its_time_counts():
    beats = TimeBase().feed(500.0, [451_000.0, 800.0, 9000.0, 790.0]).beats
    assert [b.rr_ms for b in beats] == [451_000.0, 800.0, 9000.0, 790.0]
    assert [b.segment for b in beats] == [0, 1, 1, 2]
    assert np.allclose(np.diff([b.t for b in beats]), [0.8, 9.0, 0.79])


def test_beats_after_a_stretch_without_beats_find_their_place_alone():
    listener = Listener()
    listener.feed(1.0, [1000.0])
    listener.feed(30.0, [9000.0, 1000.0])
    assert listener.times.tolist() == [1.0, 10.0, 30.0]


def test_odd_intervals_are_kept_and_their_time_counts():
    beats = TimeBase().feed(20.0, [800.0, 5.0, 3900.0, 800.0]).beats
    assert [b.segment for b in beats] == [0, 0, 0, 0]
    assert np.allclose(np.diff([b.t for b in beats]), [0.005, 3.9, 0.8])


def test_beat_times_of_a_file_are_taken_as_they_are():
    base = TimeBase()
    first = base.feed(0.0, [800.0, 810.0], [1.0, 1.81]).beats
    after = base.feed(0.0, [820.0, 800.0], [9.0, 9.8]).beats
    assert [b.t for b in (*first, *after)] == [1.0, 1.81, 9.0, 9.8]
    assert [b.segment for b in (*first, *after)] == [0, 0, 1, 1]


def test_a_file_without_arrivals_goes_along_its_running_sum():
    rng = np.random.default_rng(8)
    rr = rng.normal(800, 60, 3000)
    listener = Listener()
    for arrival_s, rr_ms in zip(np.cumsum(rr) / 1000, rr, strict=True):
        listener.feed(float(arrival_s), [float(rr_ms)])
    assert listener.found == []
    assert np.allclose(listener.times, np.cumsum(rr) / 1000)


def test_a_real_strap_has_no_gap(data):
    rows = np.loadtxt(data / "rr" / "polar_h10_slow_breathing.csv", delimiter=",", skiprows=1)
    listener = Listener()
    for arrival_s, rr_ms in rows:
        listener.feed(float(arrival_s), [float(rr_ms)])
    assert listener.gaps() == []
    assert np.max(listener.times - rows[:, 0]) < 1.0


ticks_of_a_beat = st.integers(min_value=250, max_value=2000)


@given(ticks=st.lists(ticks_of_a_beat, min_size=1, max_size=60), cuts=st.data())
def test_how_intervals_are_put_into_packets_changes_no_difference(ticks, cuts):
    rr_ms = [t * TICK_MS for t in ticks]
    ends_s = np.cumsum(rr_ms) / 1000
    listener, i = Listener(), 0
    while i < len(rr_ms):
        count = cuts.draw(st.integers(min_value=1, max_value=9))
        chunk = rr_ms[i : i + count]
        i += len(chunk)
        listener.feed(float(ends_s[i - 1]) + 0.3, chunk)
    assert [b.rr_ms for b in listener.beats] == rr_ms
    assert np.allclose(np.diff(listener.times), np.array(rr_ms[1:]) / 1000, atol=1e-9)


packet_st = st.tuples(
    st.floats(min_value=0, max_value=20),
    st.lists(st.floats(min_value=1, max_value=70_000), max_size=9),
    st.booleans(),
)


@given(packets=st.lists(packet_st, max_size=60))
def test_whatever_comes_every_interval_is_told_once_in_order_and_no_time_is_lost(packets):
    listener, arrival_s, told_rr = Listener(), 0.0, []
    for wait_s, rr_ms, interrupted in packets:
        arrival_s += wait_s
        if interrupted:
            listener.base.interrupt()
        listener.feed(arrival_s, rr_ms)
        told_rr += rr_ms
    assert [b.rr_ms for b in listener.beats] == told_rr
    assert [b.index for b in listener.beats] == list(range(len(told_rr)))
    segments = [b.segment for b in listener.beats]
    assert segments == sorted(segments)
    for a, b in zip(listener.beats, listener.beats[1:], strict=False):
        hole_s = b.t - b.rr_ms / 1000 - a.t
        assert hole_s > -1e-6
        assert a.segment != b.segment or hole_s < 1e-6
