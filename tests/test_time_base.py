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


def gaps_told(listener):
    """Return when gaps were told, whether or not they were taken back."""
    return [arrival_s for arrival_s, gap in listener.found if gap.missing_s > 0]


def either_way(rng):
    return lambda: rng.uniform(-1.5, 1.5)


def wandering(rng, memory):
    """Return jitter that hangs together over ``memory`` packets, 1.5 s either way at most."""
    stays, level = np.exp(-1 / memory), 0.0

    def step():
        nonlocal level
        level = stays * level + rng.normal(0, 0.75 * np.sqrt(1 - stays**2))
        return float(np.clip(level, -1.5, 1.5))

    return step


JITTERS = {
    "uniform": either_way,
    "normal": lambda rng: lambda: rng.normal(0, 0.75),
    "late": lambda rng: lambda: rng.exponential(1.0),
    "hangs together": lambda rng: wandering(rng, 5),
}


@pytest.mark.parametrize("jitter", JITTERS)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_however_arrivals_vary_within_a_second_and_a_half_no_gap_is_told_ever(jitter, seed):
    rng = np.random.default_rng(seed)
    ticks = heart(rng, 3600, rate=[60, 75, 90][seed])
    listener = listen(told(ticks, ppm=[60, -100, 100][seed], jitter=JITTERS[jitter](rng)))
    assert gaps_told(listener) == []
    assert len({beat.segment for beat in listener.beats}) == 1
    assert np.ptp(listener.times - ticks / 1024) < 1e-6


def test_packets_that_overtake_each_other_are_no_gap():
    rng = np.random.default_rng(3)
    listener = Listener()
    for packet in told(heart(rng, 3600)):
        listener.feed(packet.arrival_s + rng.uniform(-1.5, 1.5), packet.rr_ms)
    assert gaps_told(listener) == []


def test_stalls_of_a_link_that_is_uneven_anyway_are_no_gap():
    rng = np.random.default_rng(4)
    stalls = [(start, start + rng.uniform(2, 8)) for start in range(60, 3600, 45)]
    listener = listen(told(heart(rng, 3600), jitter=either_way(rng), stalls=stalls))
    assert gaps_told(listener) == []


@pytest.mark.parametrize("ticks_of_a_beat", [512, 1023, 1024, 1025, 1536])
def test_a_heart_that_keeps_time_with_the_packets_has_no_gap(ticks_of_a_beat):
    ticks = np.cumsum(np.full(3600 * 1024 // ticks_of_a_beat, ticks_of_a_beat))
    assert gaps_told(listen(told(ticks, ppm=20))) == []


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


@pytest.mark.parametrize("start", [40.5, 150.5, 151.5, 152.5])
@pytest.mark.parametrize("seconds", [3, 4, 20])
def test_a_gap_is_known_within_eight_seconds_on_a_steady_link(start, seconds):
    rng = np.random.default_rng(5)
    (known_s,) = gaps_told(listen(lose(told(heart(rng, 300)), start, seconds)))
    assert known_s < start + seconds + 8


@pytest.mark.parametrize("seconds", [3, 6, 20])
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_a_gap_on_an_uneven_link_is_found_where_it_is_and_measured(seed, seconds):
    rng = np.random.default_rng(seed)
    ticks = heart(rng, 900, rate=75)
    packets = told(ticks, jitter=either_way(rng))
    packets = [p for i, p in enumerate(packets) if not 500 <= i < 500 + seconds]
    listener = listen(packets)
    hole = sum(len(p.rr_ms) for p in packets[:500])
    ((index, missing_s),) = listener.gaps()
    assert abs(index - hole) <= 3
    assert missing_s == pytest.approx(seconds, abs=1.2)
    assert gaps_told(listener)[0] < packets[500].arrival_s + 40


def holes(packets, ticks):
    """Return (first beat after it as told, missing s) for every true gap of more than 2 s."""
    kept = np.concatenate([np.arange(p.first, p.first + len(p.rr_ms)) for p in packets])
    missing_s = (ticks[kept] - np.diff(ticks, prepend=0)[kept])[1:] / 1024 - ticks[kept][:-1] / 1024
    return [(int(i) + 1, missing_s[i]) for i in np.flatnonzero(missing_s > 2)]


@pytest.mark.parametrize("seed", [0, 1])
def test_hours_of_losses_on_an_uneven_link_are_all_found_and_none_is_invented(seed):
    rng = np.random.default_rng(seed)
    ticks = heart(rng, 6 * 3600, rate=70)
    packets = told(ticks, ppm=50, jitter=either_way(rng))
    runs = [(int(at), int(at + rng.integers(3, 21))) for at in range(300, 21000, 290)]
    lost = {i for start, end in runs for i in range(start, end)}
    packets = [p for i, p in enumerate(packets) if i not in lost]
    listener = listen(packets)
    true = holes(packets, ticks)
    assert len(gaps_told(listener)) == len(listener.gaps()) == len(true) == len(runs)
    for (found, size_s), (hole, missing_s) in zip(listener.gaps(), true, strict=True):
        assert abs(found - hole) <= 8
        assert abs(size_s - missing_s) < 2.0
    for a, b in zip(listener.beats, listener.beats[1:], strict=False):
        assert a.segment != b.segment or abs((b.t - a.t) - b.rr_ms / 1000) < 1e-3 / 1024


def test_after_many_gaps_the_line_still_stands_where_it_stood():
    rng = np.random.default_rng(7)
    ticks = heart(rng, 3 * 3600)
    packets = told(ticks, jitter=either_way(rng))
    packets = [p for i, p in enumerate(packets) if i < 600 or i % 100 >= 10]
    listener = listen(packets)
    kept = np.concatenate([np.arange(p.first, p.first + len(p.rr_ms)) for p in packets])
    away = listener.times - ticks[kept] / 1024
    assert len(listener.gaps()) == len(gaps_told(listener)) > 90
    assert abs(np.median(away[-500:]) - np.median(away[:500])) < 0.5


@pytest.mark.parametrize("seed", [8, 9, 10])
def test_beats_lost_twice_within_seconds_are_two_gaps(seed):
    rng = np.random.default_rng(seed)
    ticks = heart(rng, 600, rate=75)
    packets = told(ticks, jitter=either_way(rng))
    packets = [p for i, p in enumerate(packets) if not (300 <= i < 308 or 318 <= i < 330)]
    gaps, true = listen(packets).gaps(), holes(packets, ticks)
    assert [index for index, _ in gaps] == [index for index, _ in true]
    assert [size_s for _, size_s in gaps] == pytest.approx([s for _, s in true], abs=2.0)
    assert sum(size_s for _, size_s in gaps) == pytest.approx(sum(s for _, s in true), abs=0.7)


@pytest.mark.parametrize("ppm", [-100, 100])
def test_a_clock_that_drifts_for_hours_is_no_gap_and_puts_no_beat_far_into_the_future(ppm):
    rng = np.random.default_rng(9)
    ticks = np.cumsum(rng.integers(700, 1000, 8 * 4200))
    listener = Listener()
    latest_s = -np.inf
    for packet in told(ticks, ppm=ppm):
        listener.feed(packet.arrival_s, packet.rr_ms)
        latest_s = max(latest_s, listener.beats[-1].t - packet.arrival_s)
    assert gaps_told(listener) == []
    assert latest_s < 1.5


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
