"""Peaks, bands and crossings of even series."""

import math

import numpy as np
import pytest

from biobreath.signal import waves

T = np.arange(600) / 10


def test_a_peak_is_found_between_the_points_of_a_spectrum():
    wave = np.sin(2 * np.pi * 0.1037 * T) * waves.hann(T.size)
    density = np.abs(np.fft.rfft(wave, 2048)) ** 2
    hz = np.fft.rfftfreq(2048, 0.1)
    assert waves.peak_hz(density, hz, 0.05, 0.7) == pytest.approx(0.1037, abs=2e-4)
    assert math.isnan(waves.peak_hz(np.ones(hz.size), hz, 0.05, 0.7))


@pytest.mark.parametrize("high_hz", [-1e14, 0.0, 0.04, math.nan])
def test_between_no_frequencies_there_is_no_peak(high_hz):
    density = np.random.default_rng(0).random(300)
    assert math.isnan(waves.peak_hz(density, np.fft.rfftfreq(598, 0.1), 4.9999, 4.9))
    assert not waves.peak_hz(density, np.fft.rfftfreq(598, 0.1), 0.05, high_hz) < 0.03


def test_power_counts_both_ends():
    assert waves.power(np.ones(11), np.arange(11.0), 2.0, 4.0) == 3.0


def test_a_band_leaves_what_is_inside_of_each_column():
    slow, quick = np.sin(2 * np.pi * 0.1 * T), np.sin(2 * np.pi * 1.0 * T)
    both = np.stack([slow + quick, quick], axis=1)
    assert waves.band(both, 10.0, 0.05, 0.7) == pytest.approx(
        np.stack([slow, np.zeros(600)], axis=1), abs=1e-9
    )


def test_a_parabola_is_drift():
    drift = 3 - 0.2 * T + 0.01 * T**2
    assert waves.without_drift(np.stack([drift, 2 * drift], axis=1)) == pytest.approx(0, abs=1e-9)


def test_a_wave_that_trembles_about_its_middle_rises_once():
    trembling = np.array([-1, -0.1, 0.1, -0.1, 0.1, 1, 0.1, -0.1, 0.2, 1, -1, 1.0])
    assert waves.rises_s(trembling, 1.0, 0.5).tolist() == [5.0, 11.0]
