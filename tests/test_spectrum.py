"""Band powers are those of the waves that were put in."""

import math
from pathlib import Path

import numpy as np
import pytest

from biobreath.signal import spectrum
from biobreath.signal.resampling import cubic_spline, segments

DATA = Path(__file__).parent / "data"


def sine(hz, amplitude_ms, seconds=600.0, mean_ms=1000.0, start_s=0.0):
    """Beats whose interval is exactly mean + amplitude·sin(2π·hz·t) at the time each ends."""
    t, times, intervals = 0.0, [], []
    while t < seconds:
        rr = mean_ms
        for _ in range(200):
            rr = 0.5 * rr + 0.5 * (
                mean_ms + amplitude_ms * math.sin(2 * math.pi * hz * (t + rr / 1000))
            )
        t += rr / 1000
        times.append(t + start_s)
        intervals.append(rr)
    return np.array(times), np.array(intervals)


def gain(hz):
    """What the detrending leaves of an amplitude, in closed form."""
    k = 500.0**2 * (2 - 2 * math.cos(2 * math.pi * hz / 4.0)) ** 2
    return k / (1 + k)


def band_of(found, hz):
    return found.lf_ms2 if hz < 0.15 else found.hf_ms2


def test_the_truth_anchor():
    found = spectrum.bands(*sine(0.1, 50.0))
    assert found.lf_ms2 == pytest.approx(1233.7, rel=0.001)
    assert found.hf_ms2 < 0.01
    assert found.lf_peak_hz == pytest.approx(0.1, abs=2e-4)


@pytest.mark.parametrize("amplitude_ms", [5.0, 50.0, 150.0])
@pytest.mark.parametrize("hz", [0.05, 0.0625, 0.08, 0.13, 0.18, 0.22, 0.27, 0.31, 0.35])
def test_a_sine_has_its_power_within_half_a_percent(hz, amplitude_ms):
    for seconds, mean_ms in ((330.0, 1000.0), (600.0, 850.0), (600.0, 700.0)):
        found = spectrum.bands(*sine(hz, amplitude_ms, seconds, mean_ms))
        expected = amplitude_ms**2 / 2 * gain(hz) ** 2
        assert band_of(found, hz) == pytest.approx(expected, rel=0.005)
        peak = found.lf_peak_hz if hz < 0.15 else found.hf_peak_hz
        assert peak == pytest.approx(hz, abs=3e-4)


def test_a_slow_heart_keeps_its_hf_too():
    found = spectrum.bands(*sine(0.33, 40.0, 600.0, 1200.0))
    assert found.hf_ms2 == pytest.approx(800 * gain(0.33) ** 2, rel=0.005)


@pytest.mark.parametrize("hz", [0.01, 0.0355, 0.0667, 0.2])
def test_detrending_has_the_gain_of_its_formula(hz):
    t = np.arange(0, 2000, 0.25)
    wave = np.sin(2 * np.pi * hz * t)
    middle = slice(2000, -2000)
    left = spectrum.detrended(wave)[middle]
    assert np.std(left) / np.std(wave[middle]) == pytest.approx(gain(hz), abs=0.002)


def test_the_gain_is_that_of_the_books():
    assert gain(0.0355) ** 2 == pytest.approx(0.5, abs=0.01)
    assert gain(0.0667) == pytest.approx(0.968, abs=0.001)


def test_a_steady_heart_has_no_power():
    t = np.arange(1, 400, dtype=float)
    found = spectrum.bands(t, np.full(t.size, 1000.0))
    assert found.vlf_ms2 == pytest.approx(0, abs=1e-12)
    assert found.hf_ms2 == pytest.approx(0, abs=1e-12)
    assert math.isnan(found.lf_peak_hz)
    assert math.isnan(found.hf_peak_hz)


def test_too_little_is_not_known():
    found = spectrum.bands(*sine(0.1, 50.0, 50.0))
    assert all(
        math.isnan(value) for value in (found.lf_ms2, found.hf_ms2, found.vlf_ms2, found.lf_peak_hz)
    )
    empty = spectrum.bands(np.empty(0), np.empty(0))
    assert math.isnan(empty.lf_ms2)


def test_time_may_begin_anywhere():
    here = spectrum.bands(*sine(0.1, 50.0))
    t, nn = sine(0.1, 50.0)
    there = spectrum.bands(t + 86_400.0, nn)
    assert there.lf_ms2 == pytest.approx(here.lf_ms2, rel=1e-6)


def test_a_gap_adds_no_power():
    t, nn = sine(0.1, 50.0, 1300.0)
    first, second = t < 640, t > 660
    keep = first | second
    whole = spectrum.bands(t, nn)
    torn = spectrum.bands(t[keep], nn[keep])
    assert len(segments(t[keep], nn[keep])) == 2
    assert torn.lf_ms2 == pytest.approx(whole.lf_ms2, rel=0.002)
    assert torn.hf_ms2 == pytest.approx(whole.hf_ms2, abs=0.05)


def test_a_scrap_between_gaps_is_left_out():
    t, nn = sine(0.1, 50.0, 600.0)
    wild = np.array([640.0, 641.0, 642.0]), np.array([1000.0, 400.0, 1900.0])
    with_scrap = np.concatenate((t, wild[0])), np.concatenate((nn, wild[1]))
    assert spectrum.bands(*with_scrap) == spectrum.bands(t, nn)


def test_a_window_of_a_stream_gives_what_the_same_window_of_the_record_gives():
    rr = np.loadtxt(DATA / "rr" / "healthy_000_first_2h_ms.txt")
    t = np.cumsum(rr) / 1000
    inside = (t > 3000) & (t <= 3300)
    record = spectrum.bands(t[inside], rr[inside])
    stream = spectrum.bands(np.cumsum(rr[inside]) / 1000, rr[inside])
    assert stream.lf_ms2 == pytest.approx(record.lf_ms2, rel=1e-9)
    assert stream.hf_ms2 == pytest.approx(record.hf_ms2, rel=1e-9)


def test_a_falling_density_has_no_peak():
    hz = np.linspace(0, 2, 500)
    assert math.isnan(spectrum.peak_hz(hz, 1 / (1 + hz), 0.04, 0.15))


def test_band_edges_are_interpolated():
    hz = np.array([0.0, 1.0, 2.0])
    assert spectrum.band_power(hz, np.array([0.0, 1.0, 2.0]), 0.5, 1.5) == pytest.approx(1.0)


@pytest.mark.parametrize("count", [4, 3000])
def test_both_solvers_give_the_same_curve(count):
    """Short curves are solved by hand, long ones by scipy."""
    rng = np.random.default_rng(1)
    t = np.cumsum(rng.uniform(0.6, 1.2, 5000))
    values = rng.normal(size=5000)
    at = np.linspace(t[2400] - 3, t[2400] + 3, 50)
    near = slice(2400 - 150, 2400 + 150)
    long = cubic_spline(t, values, at)
    short = cubic_spline(t[near], values[near], at)
    assert np.allclose(long, short, rtol=0, atol=1e-12)
    assert np.allclose(cubic_spline(t[:count], values[:count], t[:count]), values[:count])
