"""The pace finder's answer: one analysis for a sitting, a recording and a file without a guide."""

import math
from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from biobreath.events import Event, HeartRateMeasurement, PaceChanged
from biobreath.practice.protocols import STEP_S, STEPS_PER_MINUTE, Protocol, one_step
from biobreath.session.live import LiveSession
from biobreath.signal.interval_quality import IntervalQuality
from biobreath.signal.irregularity import LEAST_INTERVALS, WINDOW_S, is_irregular
from biobreath.signal.resonance import (
    DELAY_SD_S,
    LEAST_STEP_BREATHS,
    LEAST_STEPS,
    BreathWaves,
    NoResonance,
    Resonance,
    breath_waves,
    followed_slide,
    followed_steps,
    sliding_resonance,
    stepped_resonance,
)
from biobreath.signal.signal_state import UNSURE, signal_state
from biobreath.signal.swing import breath_swings_bpm
from biobreath.signal.unknown_start import Breaths, resonance_with_start

Floats = NDArray[np.float64]

_A_STEP = one_step(STEPS_PER_MINUTE[0])
"""Of every rate the stretches of a step are taken alike."""
UNKNOWN_LATENCY_SD_S = 0.8
"""How far an unknown strap's latency may be off: those that were measured lie at 0.4-2.6 s."""
SETTLING_S = 30.0
"""The first part of a step, in which the heart finds into its rate."""


def find_pace(facts: Sequence[Event], protocol: Protocol) -> Resonance:
    """Tell at which rate heart and breath went together.

    A recording without a guide most likely begins the protocol with its first beat; when it truly
    began is found together with the pace (`signal.unknown_start`).
    """
    told = any(isinstance(fact, PaceChanged) for fact in facts)
    live = _heard(facts if told else _with_guide(facts, protocol))
    if (unread := _unread(live)) is not None:
        return Resonance(reason=unread)
    slides = protocol.id == "sliding"
    if not told:
        first_s = live.heart.beats[0].rr_ms / 1000.0
        return resonance_with_start(partial(_begun, live, protocol), first_s, slides=slides)
    waves = _waves(live, protocol)
    if not waves.per_minute.size:
        return Resonance(reason=NoResonance.TOO_FEW_BREATHS)
    return (sliding_resonance if slides else stepped_resonance)(waves, _delay_sd_s([live]))


def find_pace_in_steps(
    sittings: Sequence[Sequence[Event]],
) -> tuple[Resonance, tuple[Floats, Floats]]:
    """Tell the pace from steps that were sittings of their own, and the swing of each breath.

    ``sittings`` are their facts. A sitting of which `whole_breaths` are too few is left out.

    Returns
    -------
    Resonance
        As of one sitting with all steps; its reason is that of what could not be read where too
        few steps are left.
    tuple
        The pace (a minute) of each breath, and how far the heart swung in it (bpm).
    """
    lives = [_heard(facts) for facts in sittings]
    unread = [_unread(live) for live in lives]
    read = [
        (live, waves)
        for live, waves in zip(lives, map(_waves_of_step, lives), strict=True)
        if np.isfinite(waves.r2).sum() >= LEAST_STEP_BREATHS
    ]
    swings = [swings_by_pace(live, _A_STEP) for live, _ in read]
    pace = np.concatenate([np.empty(0), *(rates for rates, _ in swings)])
    swing_bpm = np.concatenate([np.empty(0), *(swing for _, swing in swings)])
    found = stepped_resonance(
        _joined([waves for _, waves in read]),
        _delay_sd_s(live for live, _ in read),
        LEAST_STEPS * LEAST_STEP_BREATHS,
    )
    if found.reason is NoResonance.TOO_FEW_BREATHS:
        found = Resonance(reason=next(filter(None, unread), found.reason))
    return found, (pace, swing_bpm)


def whole_breaths(facts: Sequence[Event]) -> int:
    """Return how many breaths of a step that was a sitting of its own tell of its pace."""
    return int(np.isfinite(_waves_of_step(_heard(facts)).r2).sum())


def _waves_of_step(live: LiveSession) -> BreathWaves:
    return _joined([]) if _unread(live) is not None else _waves(live, _A_STEP)


def _heard(facts: Iterable[Event]) -> LiveSession:
    live = LiveSession()
    for fact in facts:
        live.feed(fact)
    live.finish()
    return live


def _unread(live: LiveSession) -> NoResonance | None:
    """Say why a sitting tells nothing of the pace; None where it does."""
    if live.intervals in (IntervalQuality.DOUBTFUL, IntervalQuality.RATE_ONLY):
        return NoResonance.BAD_SIGNAL
    if _is_mostly_unsure(live):
        return NoResonance.UNSURE_BEATS
    return None if live.heart.beats else NoResonance.TOO_FEW_BREATHS


def _delay_sd_s(lives: Iterable[LiveSession]) -> float:
    known = all(live.latency_known for live in lives)
    return DELAY_SD_S if known else UNKNOWN_LATENCY_SD_S


def swings_by_pace(live: LiveSession, protocol: Protocol) -> tuple[Floats, Floats]:
    """Return the pace (a minute) of each breath of the search, and how far the heart swung (bpm).

    ``live`` has heard the whole sitting. A breath that cannot be judged is left out.
    """
    t_s, nn_ms = live.heart.all_series()
    if not t_s.size:
        return np.array([]), np.array([])
    accepted = live.heart.accepted_since(t_s)
    paces, swings = [np.empty(0)], [np.empty(0)]
    for starts in _stretches(live, protocol):
        if starts.size > 1:
            paces.append(60.0 / np.diff(starts))
            swings.append(
                breath_swings_bpm(t_s - live.latency_s, 60_000.0 / nn_ms, accepted, starts)
            )
    pace, swing = np.concatenate(paces), np.concatenate(swings)
    known = np.isfinite(swing)
    return pace[known], swing[known]


def _begun(live: LiveSession, protocol: Protocol, earlier_s: float) -> Breaths | NoResonance:
    """Return the followed breaths if the guide began so much earlier than was told."""
    waves = _waves(live, protocol, earlier_s)
    if not waves.per_minute.size:
        return NoResonance.TOO_FEW_BREATHS
    followed = (followed_slide if protocol.id == "sliding" else followed_steps)(waves)
    if isinstance(followed, NoResonance):
        return followed
    begun_s = live.guide.spans[0][0] - earlier_s
    share = followed.wave.size / waves.wave.size
    return Breaths(followed, followed.middle_s - begun_s, share)


def _is_mostly_unsure(live: LiveSession) -> bool:
    """Tell whether feedback would have been paused more often than not."""
    t_s, nn_ms = live.heart.all_series()
    if not t_s.size:
        return False
    accepted = live.heart.accepted_since(t_s)
    ends = np.arange(t_s[0], t_s[-1], WINDOW_S / 2)[1:] + WINDOW_S / 2
    unsure: list[bool] = []
    for first, beyond in zip(
        np.searchsorted(t_s, ends - WINDOW_S), np.searchsorted(t_s, ends), strict=True
    ):
        near = slice(first, beyond)
        if beyond - first >= LEAST_INTERVALS:
            share = 1.0 - float(np.mean(accepted[near]))
            irregular = is_irregular(nn_ms[near], accepted[near])
            unsure.append(signal_state(share, irregular=irregular)[1] in UNSURE)
    return 2 * sum(unsure) > len(unsure)


def _with_guide(facts: Sequence[Event], protocol: Protocol) -> Iterable[Event]:
    first = next((f for f in facts if isinstance(f, HeartRateMeasurement) and f.rr_ms), None)
    if first is None:
        return facts
    # The first beat is the one with which the first interval begins.
    ended_s = first.beat_times_s[0] if first.beat_times_s else first.t
    intervals = first.rr_ms[:1] if first.beat_times_s else first.rr_ms
    begun_s = ended_s - sum(intervals) / 1000.0
    return sorted([*facts, *protocol.facts(begun_s)], key=lambda fact: fact.t)


def _waves(live: LiveSession, protocol: Protocol, earlier_s: float = 0.0) -> BreathWaves:
    """Take the waves of every stretch of breaths without a rest between.

    ``earlier_s`` is how much earlier the guide began than was told.
    """
    t_s, nn_ms = live.heart.all_series()
    if not t_s.size:
        return _joined([])
    accepted = live.heart.accepted_since(t_s)
    middle_s = t_s - nn_ms / 2000.0 - live.latency_s
    found = [
        breath_waves(middle_s, 60_000.0 / nn_ms, accepted, starts - earlier_s)
        for starts in _stretches(live, protocol)
        if starts.size > 1
    ]
    return _joined(found)


def _stretches(live: LiveSession, protocol: Protocol) -> list[Floats]:
    """Return where breaths begin (and the last ends), one array a stretch, in s."""
    # What was breathed after the person left the search, such as an easier pace, is not of it.
    spans = [
        (since, until, pacer)
        for since, until, pacer in live.guide.spans
        if pacer is not None and pacer.pattern.id == protocol.id
    ]
    steps = protocol.id != "sliding"
    stretches: list[list[float]] = []
    last_end = None
    for since, until, pacer in spans:
        end = min(until, since + STEP_S) if steps else until
        begin = since + (SETTLING_S if steps else 0.0)
        cycle_s = pacer.pattern.cycle_s
        first = math.ceil(round(pacer.cycles(begin), 6))
        last = math.floor(round(pacer.cycles(end), 6)) if math.isfinite(end) else first + 1
        starts = [pacer.origin_s + cycle_s * k for k in range(first, last + 1)]
        follows = last_end is not None and abs(begin - last_end) < 1.0
        if follows and not steps:
            stretches[-1] += starts[1:]
        else:
            stretches.append(starts)
        last_end = end
    return [np.array(starts) for starts in stretches]


def _joined(parts: Sequence[BreathWaves]) -> BreathWaves:
    return BreathWaves(
        np.concatenate([np.empty(0), *(part.per_minute for part in parts)]),
        np.concatenate([np.empty(0, complex), *(part.wave for part in parts)]),
        np.concatenate([np.empty(0), *(part.r2 for part in parts)]),
        np.concatenate([np.empty(0), *(part.middle_s for part in parts)]),
    )
