"""A whole record in numbers, for researchers: through the same beats as a live sitting."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biobreath.events import Event
from biobreath.session.heart_track import HeartTrack
from biobreath.session.live import LiveSession
from biobreath.signal import coherence, hrv, respiration, spectrum
from biobreath.signal.beats import JudgedBeat, Verdict
from biobreath.signal.mended import CorrectedRun, measured_runs, mended_hrv

Floats = NDArray[np.float64]

TREND_WINDOW_S = 300.0
TREND_STEP_S = 60.0
TREND_LEAST_SHARE = 0.5
"""A window with less of its time in accepted intervals tells nothing."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """HRV of the five minutes before ``t`` (s); ``nan`` is "not known"."""

    t: float
    mean_hr_bpm: float
    sdnn_ms: float
    rmssd_ms: float


@dataclass(frozen=True, slots=True)
class RecordAnalysis:
    """HRV of a whole record (SCIENCE: Task Force 1996 definitions); ``nan`` is "not known".

    Units are in the names; ``corrected_share`` and ``coherence`` are 0-1. ``rmssd_ms`` and
    ``sdnn_ms`` estimate what corrected beats took (`signal.mended`), ``rmssd_measured_ms`` and
    ``sdnn_measured_ms`` leave it out like the other numbers; where nothing was corrected they are
    the same.
    """

    beats: int
    duration_s: float
    gaps: int
    corrected_share: float
    mean_hr_bpm: float
    sdnn_ms: float
    sdnn_measured_ms: float
    rmssd_ms: float
    rmssd_measured_ms: float
    sdsd_ms: float
    pnn50_percent: float
    sd1_ms: float
    sd2_ms: float
    vlf_ms2: float
    lf_ms2: float
    hf_ms2: float
    lf_peak_hz: float
    hf_peak_hz: float
    sample_entropy: float
    dfa_alpha1: float
    coherence: float
    breaths_per_minute: float


def analyse(facts: Sequence[Event], *, raw: bool = False) -> tuple[RecordAnalysis, HeartTrack]:
    """Compute every number of a record; ``raw`` takes each interval as it is.

    Returns the numbers and the judged beats they were made of.
    """
    live = LiveSession()
    for fact in facts:
        live.feed(fact)
    live.finish()
    track = _uncorrected(live.heart) if raw else live.heart
    return _numbers(track), track


def trend(track: HeartTrack) -> list[TrendPoint]:
    """Return how a record went: five minutes at a time, a point a minute."""
    if not track.beats:
        return []
    begun_s, ended_s = track.beats[0].t - track.beats[0].rr_ms / 1000.0, track.beats[-1].t
    count = int((ended_s - begun_s - TREND_WINDOW_S) // TREND_STEP_S) + 1
    ends = (begun_s + TREND_WINDOW_S + i * TREND_STEP_S for i in range(count))
    return [_trend_point(t, track.runs_between(t - TREND_WINDOW_S, t)) for t in ends]


def _trend_point(t: float, corrected: list[CorrectedRun]) -> TrendPoint:
    runs = measured_runs(corrected)
    if sum(float(run.sum()) for run in runs) < TREND_LEAST_SHARE * TREND_WINDOW_S * 1000.0:
        return TrendPoint(t, math.nan, math.nan, math.nan)
    return TrendPoint(t, hrv.mean_heart_rate_bpm(runs), *mended_hrv(corrected))


def _uncorrected(track: HeartTrack) -> HeartTrack:
    plain = HeartTrack()
    for beat in track.beats:
        plain.add(
            JudgedBeat(beat.index, beat.t, beat.rr_ms, beat.segment, Verdict.NORMAL, (beat.rr_ms,))
        )
    return plain


def _numbers(track: HeartTrack) -> RecordAnalysis:
    corrected = track.all_runs()
    runs = measured_runs(corrected)
    mended = mended_hrv(corrected)
    t_s, nn_ms = track.all_series()
    bands = spectrum.bands(t_s, nn_ms)
    first_s = track.beats[0].t - track.beats[0].rr_ms / 1000.0 if track.beats else 0.0
    share = track.corrected_share(-math.inf)
    return RecordAnalysis(
        beats=len(track.beats),
        duration_s=track.beats[-1].t - first_s if track.beats else 0.0,
        gaps=track.beats[-1].segment - track.beats[0].segment if track.beats else 0,
        corrected_share=math.nan if share is None else share,
        mean_hr_bpm=hrv.mean_heart_rate_bpm(runs),
        sdnn_ms=mended.sdnn_ms,
        sdnn_measured_ms=hrv.sdnn_ms(runs),
        rmssd_ms=mended.rmssd_ms,
        rmssd_measured_ms=hrv.rmssd_ms(runs),
        sdsd_ms=hrv.sdsd_ms(runs),
        pnn50_percent=hrv.pnn50_percent(runs),
        sd1_ms=hrv.sd1_ms(runs),
        sd2_ms=hrv.sd2_ms(runs),
        vlf_ms2=bands.vlf_ms2,
        lf_ms2=bands.lf_ms2,
        hf_ms2=bands.hf_ms2,
        lf_peak_hz=bands.lf_peak_hz,
        hf_peak_hz=bands.hf_peak_hz,
        sample_entropy=hrv.sample_entropy(runs),
        dfa_alpha1=hrv.dfa_alpha1(runs),
        coherence=coherence.coherence_of_record(t_s, nn_ms),
        breaths_per_minute=respiration.breathing_rate_of_record(t_s, nn_ms),
    )
