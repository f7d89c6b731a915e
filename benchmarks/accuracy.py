"""How true the numbers are: HRV, coherence and breathing rate against what is known.

    python -m benchmarks accuracy [--data FOLDER]

Definitions are written out plainly here, sharing nothing with the program.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.hearts import breathing_heart, followed, judged, with_faults
from benchmarks.report import Floats, Row, find, intervals_of, progress
from biobreath.signal import hrv, respiration, spectrum
from biobreath.signal.beats import judge
from biobreath.signal.coherence import rhythm_coherence
from biobreath.signal.mended import corrected_runs, mended_rmssd_ms
from biobreath.signal.rolling import RollingHrv
from biobreath.signal.time_base import TimedBeat

WINDOWS_S = (20, 30, 45, 64, 90, 120)


# Definitions


def plain_time_domain(nn: Sequence[float]) -> dict[str, float]:
    """Return the time domain by its formulas, summed exactly."""
    d = [b - a for a, b in pairwise(nn)]
    sdnn, sdsd = _sd(nn), _sd(d)
    return {
        "mean_heart_rate_bpm": 60_000.0 * len(nn) / math.fsum(nn),
        "sdnn_ms": sdnn,
        "rmssd_ms": math.sqrt(math.fsum(v * v for v in d) / len(d)),
        "sdsd_ms": sdsd,
        "pnn50_percent": 100.0 * sum(abs(v) > 50.0 for v in d) / len(d),
        "sd1_ms": sdsd / math.sqrt(2.0),
        "sd2_ms": math.sqrt(2.0 * sdnn**2 - sdsd**2 / 2.0),
    }


def _sd(values: Sequence[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (len(values) - 1))


def plain_entropy(nn: Sequence[float]) -> float:
    """Return the sample entropy, every pair of templates compared."""
    r = 0.2 * _sd(nn)
    x = np.array(nn)
    threes = np.lib.stride_tricks.sliding_window_view(x, 3)
    near = np.abs(threes[:, None, :] - threes[None, :, :]) <= r
    two = near[:, :, :2].all(axis=2).sum() - len(threes)
    three = near.all(axis=2).sum() - len(threes)
    return -math.log(three / two)


def plain_alpha1(nn: Sequence[float]) -> float:
    """Return α1 with a polynomial fit in each window."""
    profile = np.cumsum(np.array(nn) - np.mean(nn))
    fluctuation: list[float] = []
    for n in range(4, 17):
        x = np.arange(n)
        squares: list[float] = []
        for start in range(0, profile.size - n + 1, n):
            part = profile[start : start + n]
            squares += ((part - np.polyval(np.polyfit(x, part, 1), x)) ** 2).tolist()
        fluctuation.append(math.sqrt(math.fsum(squares) / len(squares)))
    return float(np.polyfit(np.log(range(4, 17)), np.log(fluctuation), 1)[0])


def sine_series(
    hz: float, amplitude_ms: float, seconds: float, mean_ms: float
) -> tuple[Floats, Floats]:
    """Return beats whose interval is mean + amplitude·sin(2π·hz·t) at the time each ends."""
    t, times, intervals = 0.0, [], []
    while t < seconds:
        rr = mean_ms
        for _ in range(200):
            wave = math.sin(2 * math.pi * hz * (t + rr / 1000))
            rr = 0.5 * rr + 0.5 * (mean_ms + amplitude_ms * wave)
        t += rr / 1000
        times.append(t)
        intervals.append(rr)
    return np.array(times), np.array(intervals)


def gain(hz: float) -> float:
    """Return the detrending's gain in closed form."""
    k = spectrum.SMOOTHNESS**2 * (2 - 2 * math.cos(2 * math.pi * hz / 4.0)) ** 2
    return k / (1 + k)


# HRV


def hrv_rows(folder: Path) -> Iterator[Row]:
    """Hold HRV against its definitions."""
    progress("HRV against its definitions")
    series = [intervals_of(path)[:1500] for path in _real(folder)]
    series += [np.random.default_rng(s).normal(850, 60, 600) for s in range(4)]
    worst = max(_worst_time_domain(nn) for nn in series)
    yield _bar("time domain, Poincaré: largest relative error", worst, 1e-9)
    entropy = max(_off(hrv.sample_entropy([nn]), plain_entropy(nn.tolist())) for nn in series)
    yield _bar("sample entropy", entropy, 1e-9)
    alpha = max(_off(hrv.dfa_alpha1([nn]), plain_alpha1(nn.tolist())) for nn in series)
    yield _bar("DFA α1", alpha, 1e-6)
    yield from _against_tools(series[0])
    progress("band powers of sines")
    powers = [
        (_power_error(hz, amplitude_ms), hz, amplitude_ms)
        for hz in (0.05, 0.06, 0.08, 0.1, 0.12, 0.135, 0.165, 0.2, 0.24, 0.28, 0.32, 0.35)
        for amplitude_ms in (5.0, 20.0, 50.0, 100.0, 150.0)
    ]
    error, hz, amplitude_ms = max(powers)
    yield Row(
        "band power of sines, 0.05-0.35 Hz, 5-150 ms, heart 60 and 70",
        "≤ 0.5 %",
        f"median {100 * float(np.median([p[0] for p in powers])):.2f} %, worst {100 * error:.2f} %",
        error <= 0.005,
        f"worst at {hz} Hz, {amplitude_ms:.0f} ms; within 0.015 Hz of 0.15 Hz a sine lies in "
        "both bands and is left out",
    )
    yield _streaming(folder)
    yield _streaming_mended(folder)


def _against_tools(nn: Floats) -> Iterator[Row]:
    """Compare RMSSD and SDNN with public tools, where they are installed."""
    rr_ms = np.round(nn)
    ours = {"rmssd": hrv.rmssd_ms([rr_ms]), "sdnn": hrv.sdnn_ms([rr_ms])}
    for name, tool in (("neurokit2", _by_neurokit), ("hrv-analysis", _by_hrv_analysis)):
        try:
            theirs = tool(rr_ms)
        except (ImportError, TypeError):
            continue  # not installed, or its own imports fail on this Python
        off = max(_off(ours[which], theirs[which]) for which in ours)
        yield Row(f"RMSSD and SDNN against {name}", "", f"{off:.1e}")


def _by_neurokit(rr_ms: Floats) -> dict[str, float]:
    import neurokit2

    peaks = np.concatenate(([0], np.cumsum(rr_ms))).astype(int)
    found = neurokit2.hrv_time(peaks, sampling_rate=1000)
    return {"rmssd": float(found["HRV_RMSSD"].iloc[0]), "sdnn": float(found["HRV_SDNN"].iloc[0])}


def _by_hrv_analysis(rr_ms: Floats) -> dict[str, float]:
    from hrvanalysis import get_time_domain_features

    return get_time_domain_features(rr_ms.tolist())


def _bar(what: str, error: float, bar: float) -> Row:
    return Row(what, f"≤ {bar:.0e}", f"{error:.1e}", error <= bar)


def _off(found: float, truth: float) -> float:
    return abs(found - truth) / max(1e-12, abs(truth))


def _worst_time_domain(nn: Floats) -> float:
    truth = plain_time_domain(nn.tolist())
    return max(_off(getattr(hrv, name)([nn]), value) for name, value in truth.items())


def _power_error(hz: float, amplitude_ms: float) -> float:
    worst = 0.0
    for mean_ms in (1000.0, 857.0):
        found = spectrum.bands(*sine_series(hz, amplitude_ms, 600.0, mean_ms))
        power = found.lf_ms2 if hz < 0.15 else found.hf_ms2
        worst = max(worst, _off(power, amplitude_ms**2 / 2 * gain(hz) ** 2))
    return worst


def _streaming(folder: Path) -> Row:
    """Compare beat by beat with the batch on the same window, over 100 000 beats."""
    progress("beat by beat against the whole")
    path = max(_real(folder), key=lambda p: intervals_of(p).size)
    nn = np.resize(intervals_of(path), 100_000)
    t_s = np.cumsum(nn) / 1000.0
    rolling, worst = RollingHrv(300.0), 0.0
    for i, (t, one) in enumerate(zip(t_s.tolist(), nn.tolist(), strict=True)):
        rolling.add(t, one)
        if i % 997 == 996 or i == nn.size - 1:
            window = nn[(t_s > t - 300.0) & (t_s <= t)]
            worst = max(
                worst,
                *(
                    _off(getattr(rolling, name), getattr(hrv, name)([window]))
                    for name in ("mean_heart_rate_bpm", "sdnn_ms", "rmssd_ms", "sdsd_ms", "sd2_ms")
                ),
            )
    return _bar(f"streaming against batch, {nn.size} beats, {t_s[-1] / 3600:.0f} h", worst, 1e-9)


def _streaming_mended(folder: Path) -> Row:
    """The same through faults of a sensor, RMSSD with what they took estimated."""
    path = max(_real(folder), key=lambda p: intervals_of(p).size)
    spoilt, _ = with_faults(intervals_of(path), 1, 0.02, ("missed", "extra", "ectopic"))
    beats, rolling, worst = judged(np.resize(spoilt, 100_000)), RollingHrv(300.0), 0.0
    for i, beat in enumerate(beats):
        if not (beat.measured or beat.known_in_sum):
            rolling.break_run()
            continue
        for nn_ms in beat.nn_ms:
            if beat.measured:
                rolling.add(beat.t, nn_ms)
            else:
                rolling.add_lost(nn_ms)
        if i % 997 > 990 and beat.measured and beat.nn_ms:
            window = [b for b in beats[max(0, i - 1250) : i + 1] if b.t > beat.t - 300.0]
            truth = mended_rmssd_ms(corrected_runs(window))
            worst = max(worst, _off(rolling.mended_rmssd_ms, truth))
    return _bar(f"the same for RMSSD with {len(beats)} beats, 2 % of them faults", worst, 1e-9)


# Coherence


def coherence_rows(folder: Path) -> Iterator[Row]:
    """Tell slow breathing from rest by coherence alone."""
    progress("coherence, slow breathing against rest")
    slow, rest = _real_slow(folder), _real_rest(folder)
    people = range(24)
    slow_people = [followed(seed, 4.5 + seed % 4 * 0.5) for seed in people]
    rest_people = [followed(seed, None) for seed in people]
    for length_s in WINDOWS_S:
        real = roc_area(_windows(slow, length_s), _windows(rest, length_s))
        simulated = roc_area(_windows(slow_people, length_s), _windows(rest_people, length_s))
        judged = length_s == 64
        yield Row(
            f"area under ROC, {length_s} s",
            "≥ 0.97" if judged else "",
            f"real {real:.3f}, simulated {simulated:.3f}",
            min(real, simulated) >= 0.97 if judged else None,
            "the program's own window; below 30 s it tells nothing" if judged else "",
        )
    ignoring = [np.mean(_windows([followed(s, 6.0, adherence=0.0)], 64)) for s in people]
    without = [np.mean(_windows([one], 64)) for one in rest_people]
    raised = float(np.mean(ignoring) - np.mean(without))
    yield Row(
        "coherence of who ignores the guide, less that of rest",
        "never raised; < 0.45",
        f"{raised:+.3f}; mean {np.mean(ignoring):.2f}, highest person {max(ignoring):.2f}",
        bool(raised <= 0.005 and np.mean(ignoring) < 0.45),
    )


def _windows(series: Sequence[Floats], length_s: float) -> Floats:
    """Return the coherence of windows of that length, every 20 s."""
    found: list[float] = []
    for nn in series:
        t_s = np.cumsum(nn) / 1000.0
        for end in np.arange(length_s + 4, t_s[-1], 20.0):
            inside = (t_s <= end) & (t_s > end - length_s - 1.0)
            found.append(_coherence(t_s[inside], nn[inside], length_s))
    values = np.array(found)
    return values[np.isfinite(values)]


def _coherence(t_s: Floats, nn: Floats, length_s: float) -> float:
    """Return the coherence of a window of any length; 64 s by the program itself."""
    if length_s == 64:
        return rhythm_coherence(t_s, nn)
    return _any_coherence(t_s, nn)


def _any_coherence(t_s: Floats, nn: Floats) -> float:
    grid = np.arange(t_s[0], t_s[-1], 0.5)
    level = np.interp(grid, t_s, nn)
    level = level - np.polyval(np.polyfit(grid - grid[0], level, 1), grid - grid[0])
    power = np.abs(np.fft.rfft(level * np.hanning(level.size + 1)[:-1], 2048)) ** 2
    hz = np.arange(power.size) * 2.0 / 2048
    middle = (hz >= 0.04) & (hz <= 0.26)
    peak = hz[middle][np.argmax(power[middle])]
    whole = power[(hz >= 0.0033) & (hz <= 0.4)].sum()
    return float(power[np.abs(hz - peak) <= 0.015].sum() / whole) if whole > 0 else math.nan


def roc_area(high: Floats, low: Floats) -> float:
    """Return the chance that one of ``high`` exceeds one of ``low``."""
    place = np.searchsorted(np.sort(low), high, side="left")
    ties = np.searchsorted(np.sort(low), high, side="right") - place
    return float(np.mean(place + ties / 2) / low.size)


# Breathing rate


def respiration_rows(folder: Path) -> Iterator[Row]:
    """Hold the breathing rate from intervals against what was breathed."""
    progress("breathing rate from intervals")
    for name, paces, bar, swing in (
        ("4-10 a minute", np.arange(4.0, 10.1, 0.5), 0.3, (4.0, 8.0, 14.0)),
        ("10-24 a minute", np.arange(11.0, 24.1, 1.0), 1.0, (3.0, 5.0, 8.0)),
    ):
        made = [
            (pace, breathing_heart(pace, swing_bpm=bpm, seed=seed))
            for pace in paces
            for bpm in swing
            for seed in range(6)
        ]
        yield _respiration(f"made hearts, {name}", made, bar)
    people = [(pace, _timed(followed(s, pace))) for s in range(12) for pace in (4.5, 5.5, 6.0, 7.0)]
    yield _respiration("simulated people who follow, 4.5-7", people, 0.3)
    rest = [(math.nan, breathing_heart(15 + s % 5, swing_bpm=1.0, seed=s)) for s in range(60)]
    shown = [respiration.breathing_rate(*heart) for _, heart in rest]
    told = [(15 + s % 5, rate) for s, rate in enumerate(shown) if math.isfinite(rate)]
    wrong = sum(abs(rate - truth) > 1 for truth, rate in told)
    yield Row(
        "rest with a faint breath (1 bpm): wrong by > 1 of all",
        "≤ 1 %",
        f"{wrong} of {len(rest)} ({len(told)} shown)",
        wrong <= 0.01 * len(rest),
        "abstains",
    )
    yield from _against_airflow(folder)


def _timed(nn: Floats) -> tuple[Floats, Floats]:
    return np.cumsum(nn) / 1000.0, nn


def _respiration(name: str, made: Sequence[tuple[float, tuple[Floats, Floats]]], bar: float) -> Row:
    errors: list[float] = []
    windows = 0
    for pace, (t_s, nn) in made:
        for end in np.arange(92.0, t_s[-1] + 1, 30.0):
            inside = t_s <= end
            rate = respiration.breathing_rate(t_s[inside], nn[inside])
            windows += 1
            if math.isfinite(rate):
                errors.append(abs(rate - pace))
    return _error_row(name, np.array(errors), windows, bar)


def _error_row(name: str, off: Floats, windows: int, bar: float) -> Row:
    wrong = float(np.mean(off > 1.0))
    return Row(
        f"{name}: mean error",
        f"≤ {bar}; wrong by > 1: ≤ 1 %",
        f"{off.mean():.2f}, p95 {np.percentile(off, 95):.2f}; wrong {100 * wrong:.1f} %",
        bool(off.mean() <= bar and wrong <= 0.01),
        f"shown in {100 * off.size / windows:.0f} % of windows",
    )


def _against_airflow(folder: Path) -> Iterator[Row]:
    flows, rr = find(folder, "*_airflow_20hz.csv"), find(folder, "*ecg2_rr_ms.txt")
    if not (flows and rr):
        return
    starts = _airflow_breaths(flows[0])
    middles, rates = respiration.breathing_rates(*_timed(intervals_of(rr[0])))
    errors: list[float] = []
    for middle, rate in zip(middles, rates, strict=True):
        near = (starts[1:] > middle - 45) & (starts[:-1] < middle + 45)
        if math.isfinite(rate):
            errors.append(abs(rate - 60 / float(np.mean(np.diff(starts)[near]))))
    yield _error_row("a real person against airflow, 8", np.array(errors), middles.size, 0.3)


def _airflow_breaths(path: Path) -> Floats:
    t, flow = np.loadtxt(path, delimiter=",", skiprows=1).T
    waves = np.fft.rfft(flow - flow.mean())
    hz = np.fft.rfftfreq(flow.size, 0.05)
    waves[(hz < 0.05) | (hz > 0.7)] = 0
    flow = np.fft.irfft(waves, flow.size)
    side = np.sign(flow) * (np.abs(flow) > 0.25 * flow.std())
    places = np.flatnonzero(side)
    return t[places[1:][(side[places[1:]] > 0) & (side[places[:-1]] < 0)]]


# Records


def _real(folder: Path) -> list[Path]:
    return [
        path
        for pattern in ("healthy_*.txt", "nsr*.txt", "*h10*.csv", "*_rr_ms.txt")
        for path in find(folder, pattern)
    ]


def _real_slow(folder: Path) -> list[Floats]:
    names = [*find(folder, "*h10*.csv"), *find(folder, "*ecg2_rr_ms.txt")]
    return [_corrected(intervals_of(path)) for path in names]


def _real_rest(folder: Path) -> list[Floats]:
    """Return hours of people who did not breathe to a guide, five minutes out of each half hour."""
    parts: list[Floats] = []
    for path in [*find(folder, "healthy_*.txt"), *find(folder, "nsr*.txt")]:
        nn = _corrected(intervals_of(path))
        minutes = np.cumsum(nn) / 60_000.0
        parts += [
            nn[(minutes >= m) & (minutes < m + 5)] for m in range(5, int(minutes[-1]) - 5, 30)
        ]
    return [part for part in parts if part.size > 200]


def _corrected(rr: Floats) -> Floats:
    t = np.cumsum(rr) / 1000.0
    beats = [TimedBeat(i, float(t[i]), float(rr[i]), 0) for i in range(rr.size)]
    return np.array([nn for beat in judge(beats) for nn in beat.nn_ms])


TABLES: dict[str, Callable[[Path], Iterator[Row]]] = {
    "HRV against its definitions (§2)": hrv_rows,
    "Coherence (§3)": coherence_rows,
    "Breathing rate from intervals (§8)": respiration_rows,
}
