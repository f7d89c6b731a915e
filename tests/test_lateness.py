"""Late for a while or late for good: what the lags of packets prove."""

import numpy as np
import pytest

from biobreath.signal.lateness import Lateness


def feed(lateness, lags, *, every_s=1.0, start=0, since=0):
    """Feed packets of one beat each; return what was told, as (packet, step)."""
    told = []
    for i, lag_s in enumerate(lags, start):
        lateness.add(i * every_s, lag_s, i)
        step = lateness.step(since)
        if step is not None:
            told.append((i, step))
    return told


def test_packets_that_are_late_for_good_are_a_step_at_the_first_of_them():
    (packet, step), *_ = feed(Lateness(), [0.5] * 100 + [4.5] * 10)
    assert packet - 100 <= 5
    assert step.first_index == 100
    assert step.late_s == pytest.approx(4.0, abs=0.2)


def test_one_packet_proves_nothing_however_late_it_is_and_however_long_nothing_follows():
    lateness = Lateness()
    assert feed(lateness, [0.5] * 100 + [500.0]) == []
    assert feed(lateness, [0.5] * 10, start=1000) == []
    assert not lateness.suspicious


def test_a_burst_proves_nothing():
    lateness = Lateness()
    assert feed(lateness, [0.5] * 100) == []
    for i in range(30):
        lateness.add(130.0, 30.5 - i, 100 + i)
        assert lateness.step(0) is None
    assert feed(lateness, [0.5] * 10, start=131) == []


def test_a_level_that_rises_slowly_is_a_drift_and_no_step():
    lateness = Lateness()
    assert feed(lateness, np.linspace(0.0, 3.0, 36_000)) == []
    assert 2.0 < lateness.drift_s < 3.0


def test_the_less_even_a_link_is_the_more_proof_it_needs():
    delays = []
    for spread_s in (0.03, 1.5, 5.0):
        rng = np.random.default_rng(1)
        lags = rng.uniform(0, 2 * spread_s, 1100) + np.where(np.arange(1100) < 1000, 0.0, 6.0)
        (packet, step), *_ = feed(Lateness(), lags)
        assert abs(step.first_index - 1000) < 5
        delays.append(packet - 1000)
    assert delays == sorted(delays)
    assert delays[0] <= 4
    assert delays[-1] > 8


def test_after_a_move_lags_are_at_home_and_nothing_is_told_again():
    lateness = Lateness()
    (_, step), *_ = feed(lateness, [0.5] * 100 + [4.5] * 5)
    lateness.move(step.first_index, step.late_s)
    assert not lateness.suspicious
    assert feed(lateness, [0.5] * 50, start=105, since=100) == []
    assert lateness.late_s(100) == pytest.approx(0.0, abs=0.05)


def test_two_steps_close_together_are_told_one_after_the_other():
    lateness = Lateness()
    lags = [0.5] * 100 + [5.5] * 3 + [15.5] * 5
    (_, first), *_ = feed(lateness, lags)
    assert (first.first_index, first.late_s) == (100, pytest.approx(5.0, abs=0.5))


def test_packets_below_all_before_them_are_early_by_the_better_of_two():
    lateness = Lateness()
    feed(lateness, [0.5] * 20)
    feed(lateness, [-1.5, -2.5], start=20)
    assert lateness.early_s() == pytest.approx(2.0)
    assert Lateness().early_s() == 0.0
