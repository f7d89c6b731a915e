"""Samples fall into cells of a tenth of a second, whatever the blocks they come in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobreath.signal.chest_cells import LONGEST_GAP_S, ChestCells

RATE_HZ = 50.0


def samples(seconds, seed=0):
    rng = np.random.default_rng(seed)
    return np.array([0.0, 0.0, 1000.0]) + rng.normal(0, 2, (int(seconds * RATE_HZ), 3))


def fed(all_samples, lengths, start_s=100.0):
    told, place, cells = ChestCells(), 0, []
    for length in lengths:
        block = all_samples[place : place + length]
        place += len(block)
        cells += told.feed(block, start_s + (place - 1) / RATE_HZ, RATE_HZ)
    return cells


def test_a_cell_is_the_mean_of_its_samples_and_is_told_when_the_next_is_over():
    all_samples = samples(3)
    cells = fed(all_samples, [50, 50, 50], start_s=100.01)
    assert [cell.t for cell in cells] == pytest.approx(100.05 + 0.1 * np.arange(28))
    means = all_samples[:140].reshape(-1, 5, 3).mean(axis=1)
    assert np.allclose([cell.level_mg for cell in cells], means)


@given(st.lists(st.integers(1, 60), min_size=4, max_size=8))
@settings(max_examples=30)
def test_how_samples_are_put_into_blocks_changes_nothing(lengths):
    all_samples = samples(sum(lengths) / RATE_HZ)
    one_by_one = fed(all_samples, [1] * len(all_samples))
    cells = fed(all_samples, lengths)
    assert [cell.t for cell in cells] == pytest.approx([cell.t for cell in one_by_one])
    for cell, other in zip(cells, one_by_one, strict=True):
        assert np.allclose(cell.level_mg, other.level_mg)
        assert cell.rough_mg == pytest.approx(other.rough_mg)


def test_slow_movement_is_smooth_and_quick_movement_is_rough():
    t = np.arange(0, 20, 1 / RATE_HZ)
    breath = np.outer(20 * np.sin(2 * np.pi * 0.4 * t), [1, 0, 0])
    shake = np.outer(100 * np.sin(2 * np.pi * 6 * t), [0, 1, 0])
    assert max(cell.rough_mg for cell in fed(breath, [36] * 27)) < 3
    assert min(cell.rough_mg for cell in fed(breath + shake, [36] * 27)) > 40


def test_a_rate_that_is_not_quite_what_was_asked_for_is_taken_from_the_times():
    told, cells = ChestCells(), []
    t = np.arange(3600) / 50.91
    for i in range(0, 3600, 36):
        block = np.outer(t[i : i + 36], [1000.0, 0, 0])
        cells += told.feed(block, float(t[i + 35]), RATE_HZ)
    away = [cell.level_mg[0] / 1000 - cell.t for cell in cells[10:]]
    assert np.max(np.abs(away)) < 0.011


def test_a_lost_block_leaves_a_hole_and_a_long_loss_begins_anew():
    all_samples = samples(20)
    told = ChestCells()
    first = told.feed(all_samples[:50], 1.0, RATE_HZ)
    hole = told.feed(all_samples[:50], 3.0, RATE_HZ)
    anew = told.feed(all_samples[:50], 5.0 + LONGEST_GAP_S, RATE_HZ)
    assert hole[-1].t - first[-1].t == pytest.approx(2.0)
    assert np.diff([cell.t for cell in first + hole]).max() == pytest.approx(1.1)
    assert anew[0].t == pytest.approx(4.01 + LONGEST_GAP_S + 0.05)


@pytest.mark.parametrize("block", [np.empty((0, 3)), np.zeros((5, 2)), np.zeros(3)])
def test_what_is_no_block_tells_nothing(block):
    told = ChestCells()
    assert told.feed(block, 1.0, RATE_HZ) == []
    assert told.feed(np.full((50, 3), np.nan), 1.0, RATE_HZ) == []
    assert told.feed(samples(1), 2.0, 0.001) == []
    assert told.feed(samples(1), float("nan"), RATE_HZ) == []
