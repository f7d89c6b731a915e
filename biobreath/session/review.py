"""A sitting looked at again: its facts through the same analysis, as fast as it goes."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

import numpy as np
from numpy.typing import NDArray

from biobreath.events import Event, LinkChanged, LinkState, PaceChanged, PhaseEntered
from biobreath.practice.protocols import PROTOCOLS, Protocol
from biobreath.session.live import LiveSession, Reading
from biobreath.session.pace_finder import find_pace, find_pace_in_steps, swings_by_pace
from biobreath.signal.interval_quality import IntervalQuality
from biobreath.signal.mended import mended_hrv, mended_rmssd_ms
from biobreath.signal.resonance import Resonance
from biobreath.signal.response import Response, response
from biobreath.signal.response import Stretch as FreeBreathing
from biobreath.signal.time_base import LONGEST_RR_MS
from biobreath.store.summary import Summary

Floats = NDArray[np.float64]

METRICS_VERSION = 5
"""Raised whenever a summary number would come out differently from the same facts."""

MOST_READINGS = 1200
TOGETHER_SHARE = 0.5
LEAST_GAP_S = 2.0
SETTLING_IN_S = 10.0
BEFORE, AFTER = "before", "after"
"""The phases of free breathing, as a sitting names them."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the sitting from ``start`` to ``end`` in s."""

    start: float
    end: float


@dataclass(frozen=True)
class Review:
    """What a sitting was: its line, its guided parts, its gaps, its numbers."""

    duration_s: float
    beat_t: Floats
    heart_rate_bpm: Floats
    guided: Sequence[tuple[Stretch, float]]
    """Parts with a guide, with its rate in breaths a minute."""
    gaps: Sequence[Stretch]
    together_s: float
    """How long heart and breath moved together, in s."""
    guided_s: float
    summary: Summary
    intervals: IntervalQuality = IntervalQuality.UNKNOWN
    """What the strap's intervals were worth in the end."""
    pace: Resonance | None = None
    """What the pace finder found; None where the sitting was not one."""
    pace_swings: tuple[Floats, Floats] | None = None
    """For each breath of the search its pace (a minute) and how far the heart swung (bpm)."""
    response: Response | None = None
    """Free breathing before against after; None where the sitting had none."""


def readings(facts: Iterable[Event], live: LiveSession, step_s: float = 1.0) -> Iterator[Reading]:
    """Feed ``facts`` and read what was known at every whole ``step_s`` of the sitting."""
    due = step_s
    last_t = 0.0
    for fact in facts:
        while fact.t > due:
            yield live.reading(due)
            due += step_s
        live.feed(fact)
        last_t = max(last_t, fact.t)
    live.finish()
    yield live.reading(last_t)


def review(facts: Sequence[Event], progress: Callable[[float], bool] | None = None) -> Review:
    """Look at a whole sitting.

    ``progress`` is told the share done (0-1) and answers whether to go on.

    Raises
    ------
    InterruptedError
        When ``progress`` answers no.
    """
    duration_s = max((fact.t for fact in facts), default=0.0)
    step_s = max(1.0, duration_s / MOST_READINGS)
    live = LiveSession()
    seen: list[Reading] = []
    for reading in readings(facts, live, step_s):
        seen.append(reading)
        if progress is not None and not progress(min(1.0, reading.t / max(duration_s, 1e-9))):
            raise InterruptedError("The look at this sitting was stopped.")
    beat_t, rate = live.heart.points(-math.inf, live.latency_s, ())
    guided = _guided(live, duration_s)
    together = [r for r in seen if r.together is not None and r.together >= TOGETHER_SHARE]
    protocol = _protocol(facts)
    return Review(
        duration_s=duration_s,
        beat_t=beat_t,
        heart_rate_bpm=rate,
        guided=guided,
        gaps=_gaps(live, facts, duration_s),
        together_s=len(together) * step_s,
        guided_s=sum(stretch.end - stretch.start for stretch, _ in guided),
        summary=summary(live, seen),
        intervals=live.intervals,
        pace=None if protocol is None else find_pace(facts, protocol),
        pace_swings=None if protocol is None else swings_by_pace(live, protocol),
        response=_response(live, facts, duration_s),
    )


def with_pace_of_steps(seen: Review, sittings: Sequence[Sequence[Event]]) -> Review:
    """Return the review with the pace that several sittings, a step each, tell together."""
    pace, swings = find_pace_in_steps(sittings)
    return replace(seen, pace=pace, pace_swings=swings)


def summary(live: LiveSession, seen: Sequence[Reading]) -> Summary:
    """Sum up a sitting: whole-record HRV, medians of what was read on the way.

    Of a strap whose intervals are doubtful only the rate is told.
    """
    if live.intervals is IntervalQuality.DOUBTFUL:
        return Summary(
            hr_mean_bpm=_median(r.heart_rate_bpm for r in seen), metrics_version=METRICS_VERSION
        )
    mended = mended_hrv(live.heart.all_runs())
    _, nn_ms = live.heart.all_series()
    return Summary(
        hr_mean_bpm=_known(60_000.0 / float(np.mean(nn_ms))) if nn_ms.size else None,
        rmssd_ms=_known(mended.rmssd_ms),
        sdnn_ms=_known(mended.sdnn_ms),
        swing_bpm=_median(r.swing_bpm for r in seen),
        coherence=_median(r.coherence for r in seen),
        breaths_per_minute=_median(r.breaths_per_minute for r in seen),
        corrected_share=live.heart.corrected_share(-math.inf),
        metrics_version=METRICS_VERSION,
    )


def _protocol(facts: Sequence[Event]) -> Protocol | None:
    paces = (fact.pattern for fact in facts if isinstance(fact, PaceChanged))
    protocol_id = next((pattern for pattern in paces if pattern in PROTOCOLS), None)
    return None if protocol_id is None else PROTOCOLS[protocol_id]()


def _response(live: LiveSession, facts: Sequence[Event], duration_s: float) -> Response | None:
    """Compare the free breathing before the guide with that after it."""
    entered = [fact for fact in facts if isinstance(fact, PhaseEntered)]
    spans: dict[str, Stretch] = {}
    for fact, follower in zip_longest(entered, entered[1:]):
        spans[fact.phase] = Stretch(fact.t, duration_s if follower is None else follower.t)
    doubtful = live.intervals is IntervalQuality.DOUBTFUL
    if BEFORE not in spans or AFTER not in spans or doubtful:
        return None
    return response(*(_free(live, spans[phase]) for phase in (BEFORE, AFTER)))


def _free(live: LiveSession, span: Stretch) -> FreeBreathing:
    """Return the beats of a stretch; after the guide, the first moments still belong to it."""
    start = span.start + SETTLING_IN_S
    t_s, nn_ms = live.heart.all_series()
    inside = (t_s >= start + live.latency_s) & (t_s < span.end + live.latency_s)
    runs = live.heart.runs_between(start + live.latency_s, span.end + live.latency_s)
    return FreeBreathing(t_s[inside], nn_ms[inside], mended_rmssd_ms(runs))


def _guided(live: LiveSession, duration_s: float) -> list[tuple[Stretch, float]]:
    parts: list[tuple[Stretch, float]] = []
    for start, end, pacer in live.guide.spans:
        stretch = Stretch(start, min(end, duration_s))
        if pacer is None or stretch.end <= stretch.start:
            continue
        rate = pacer.pattern.breaths_per_minute
        if parts and math.isclose(parts[-1][1], rate) and parts[-1][0].end == start:
            parts[-1] = (Stretch(parts[-1][0].start, stretch.end), rate)
        else:
            parts.append((stretch, rate))
    return parts


def _gaps(live: LiveSession, facts: Sequence[Event], duration_s: float) -> list[Stretch]:
    """Find where beats are missing: between segments, and where a lost line ends the sitting."""
    # A single "interval" of many seconds is a stretch without beats, too.
    silences = [b for b in live.heart.beats if b.rr_ms > LONGEST_RR_MS]
    found = [Stretch(b.t - b.rr_ms / 1000.0, b.t) for b in silences]
    for before, after in pairwise(live.heart.beats):
        missing = Stretch(before.t, after.t - after.rr_ms / 1000.0)
        if before.segment != after.segment and missing.end - missing.start >= LEAST_GAP_S:
            found.append(missing)
    link = next((f for f in reversed(facts) if isinstance(f, LinkChanged)), None)
    lost = link is not None and link.state not in (LinkState.RECEIVING, LinkState.ENDED)
    if lost and live.heart.beats and duration_s - live.heart.beats[-1].t >= LEAST_GAP_S:
        found.append(Stretch(live.heart.beats[-1].t, duration_s))
    return sorted(found, key=lambda gap: gap.start)


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
