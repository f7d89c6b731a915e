"""One sitting as it happens: facts in, plain values out. Live, replay and review all go here."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from biobreath.events import (
    DeviceDescribed,
    Event,
    HeartRateMeasurement,
    LinkChanged,
    LinkReason,
    LinkState,
    PaceChanged,
    PacketForm,
    Paused,
    Resumed,
    StreamFrame,
)
from biobreath.practice.pacer import pacer_of
from biobreath.session.breath_track import BreathTrack
from biobreath.session.guide_track import GuideTrack, fullest_cycles
from biobreath.session.heart_track import HeartTrack
from biobreath.session.late_moves import moved_by
from biobreath.session.latency import latency_s
from biobreath.session.rhythm import Rhythm, RhythmTrack
from biobreath.signal import coherence, demodulation, swing
from biobreath.signal.beats import BeatJudge, JudgedBeat
from biobreath.signal.coherence import CoherenceState
from biobreath.signal.interval_quality import IntervalJudge, IntervalQuality
from biobreath.signal.rolling import RollingHrv
from biobreath.signal.signal_state import UNSURE, SignalReason, SignalState, signal_state
from biobreath.signal.time_base import GapFound, TimeBase, TimedBeat

Floats = NDArray[np.float64]

FRESH_S = 5.0
"""A heart rate older than this is not shown: unknown is blank."""
HEART_RATE_WINDOW_S = 8.0
RMSSD_WINDOW_S = 60.0
RMSSD_LEAST_S = 30.0
MOST_ROLLED_S = 2 * RMSSD_WINDOW_S
"""Kept at most; every reading ends the window at its own time, a beat may be told ahead of it."""
COHERENCE_WINDOW_S = 64.0
DEMODULATION_WINDOW_S = 60.0
DEMODULATION_LEAST_S = 30.0
BREATHING_WINDOW_S = 90.0
LAG_LEAST_R2 = 0.3
"""Below this the heart does not follow the guide clearly enough to have a lag."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known at session time ``t``; None is "not known", never 0.

    ``together`` is the share (0-1) of the heart rate's movement that follows the guide.
    ``lag_s`` is how far the heart's fastest moment comes after the fullest breath, corrected by
    the strap's latency and None where that is unknown. ``swing_bpm`` is peak to trough a breath:
    of breaths that were measured, else of the guide's, else of those seen in the heart itself.
    Where ``intervals`` are doubtful, nothing but the strap's own rate is told.
    """

    t: float
    link: LinkChanged | None = None
    heart_rate_bpm: float | None = None
    rmssd_ms: float | None = None
    swing_bpm: float | None = None
    coherence: float | None = None
    coherence_state: CoherenceState = CoherenceState.SETTLING
    lag_s: float | None = None
    together: float | None = None
    breaths_per_minute: float | None = None
    corrected_share: float | None = None
    intervals: IntervalQuality = IntervalQuality.UNKNOWN
    signal: SignalState = SignalState.PAUSED
    signal_reason: SignalReason = SignalReason.NO_BEATS


class LiveSession:
    """The analysis of one sitting; owned by one thread.

    Examples
    --------
    >>> live = LiveSession()
    >>> live.reading(0.0).heart_rate_bpm is None
    True
    """

    def __init__(self) -> None:
        self.heart = HeartTrack()
        self._rhythm = RhythmTrack(self.heart)
        self.guide = GuideTrack()
        self.breath = BreathTrack()
        self.link: LinkChanged | None = None
        self.moved: GapFound | None = None
        """What the last fact told of beats that were returned before it."""
        self._time_base = TimeBase()
        self._judge = BeatJudge()
        self._rolling = RollingHrv(MOST_ROLLED_S)
        self._rolling_segment = 0
        self._rolled = 0
        """How many of the heart's beats the rolling window has seen."""
        self._intervals = IntervalJudge()
        self._waiting: deque[TimedBeat] = deque()
        self._last_data_t = -math.inf
        self._strap_rate: tuple[float, int] | None = None
        self._device_name = ""
        self._latency_s: float | None = 0.0

    @property
    def latency_s(self) -> float:
        """How late the strap tells its beats, as far as its model is known, else 0."""
        return self._latency_s or 0.0

    @property
    def latency_known(self) -> bool:
        """Whether somebody measured how late this strap tells its beats."""
        return self._latency_s is not None

    @property
    def intervals(self) -> IntervalQuality:
        """What the strap's intervals are worth; files are taken as they are and stay unknown."""
        return self._intervals.quality

    @property
    def provisional(self) -> Sequence[TimedBeat]:
        """Beats that have arrived but whose verdict is not yet confirmed."""
        return self._waiting

    def feed(self, event: Event) -> list[JudgedBeat]:
        """Take one fact; return the beats whose verdict is now confirmed, in order.

        Beats that were returned before may have to move: then ``moved`` tells which.
        """
        self.moved = None
        match event:
            case HeartRateMeasurement():
                return self._measured(event)
            case LinkChanged():
                return self._linked(event)
            case DeviceDescribed():
                self._described(event)
            case StreamFrame():
                self.breath.feed(event, self.guide)
            case PaceChanged():
                self.guide.changed(event.t, pacer_of(event))
            case Paused():
                self.guide.changed(event.t, None)
            case Resumed():
                pass  # the PaceChanged that follows says how the guide goes on
            case _:
                pass
        return []

    def finish(self) -> list[JudgedBeat]:
        """Confirm what is still waiting: no more beats will come."""
        return self._confirm(self._judge.flush())

    def _measured(self, event: HeartRateMeasurement) -> list[JudgedBeat]:
        self._last_data_t = event.t
        if event.heart_rate_bpm is not None:
            self._strap_rate = (event.t, event.heart_rate_bpm)
        if event.form is PacketForm.HEART_RATE_SERVICE:
            self._intervals.feed(event.t, event.rr_ms, event.heart_rate_bpm)
        timed = self._time_base.feed(event.t, event.rr_ms, event.beat_times_s)
        confirmed: list[JudgedBeat] = []
        self.moved = timed.gap
        if timed.gap is not None:
            confirmed += (moved_by(timed.gap, b) for b in self._confirm(self._judge.flush()))
            self.heart.restamp(timed.gap)
            self._rolled = 0
        for beat in timed.beats:
            self._waiting.append(beat)
            confirmed += self._confirm(self._judge.feed(beat))
        return confirmed

    def _linked(self, event: LinkChanged) -> list[JudgedBeat]:
        self.link = event
        if event.device_name and event.device_name != self._device_name:
            self._device_name = event.device_name
            self._latency_s = latency_s(event.device_name)
        if event.state in (LinkState.LOST, LinkState.SILENT, LinkState.ENDED):
            self._time_base.interrupt()
            self._intervals.begin_again()
            return self._confirm(self._judge.flush())
        return []

    def _described(self, event: DeviceDescribed) -> None:
        """Learn the latency of a strap whose name did not tell its model."""
        if self._latency_s is None:
            self._latency_s = latency_s(f"{event.manufacturer} {event.model}")

    def _confirm(self, judged: Sequence[JudgedBeat]) -> list[JudgedBeat]:
        for beat in judged:
            self.heart.add(beat)
        while judged and self._waiting and self._waiting[0].index <= judged[-1].index:
            self._waiting.popleft()
        return list(judged)

    def reading(self, t: float) -> Reading:
        """Tell what is known at ``t``, which is not before the last fact fed."""
        fresh = t - self._last_data_t <= FRESH_S
        if not fresh or self._paused_link():
            return Reading(
                t, self.link, coherence_state=CoherenceState.PAUSED, intervals=self.intervals
            )
        doubtful = self.intervals is IntervalQuality.DOUBTFUL
        share = self.heart.corrected_share(t - COHERENCE_WINDOW_S)
        signal, reason = signal_state(share, doubtful_strap=doubtful)
        plain = Reading(
            t,
            self.link,
            heart_rate_bpm=self._rate_of_strap(t) if doubtful else self._heart_rate(t),
            corrected_share=share,
            intervals=self.intervals,
            signal=signal,
            signal_reason=reason,
        )
        if reason not in UNSURE:
            rhythm = self._rhythm.newest(with_swing=self.guide.at(t) is None)
            signal, reason = signal_state(share, irregular=rhythm.irregular)
            if reason not in UNSURE:
                return self._with_rhythm(plain, rhythm)
        paused = CoherenceState.PAUSED
        return replace(plain, coherence_state=paused, signal=signal, signal_reason=reason)

    def _paused_link(self) -> bool:
        """Whether the line says that nothing worth showing comes in."""
        if self.link is None:
            return False
        off_body = self.link.reason is LinkReason.NO_CONTACT
        return off_body or self.link.state not in (LinkState.RECEIVING, LinkState.ENDED)

    def _heart_rate(self, t: float) -> float | None:
        _, nn_ms = self.heart.since(t - HEART_RATE_WINDOW_S - self.latency_s)
        if nn_ms.size >= 3:
            return 60_000.0 / float(np.mean(nn_ms))
        return self._rate_of_strap(t)

    def _rate_of_strap(self, t: float) -> float | None:
        """Return the strap's own smoothed rate, where it is fresh."""
        if self._strap_rate is not None and t - self._strap_rate[0] <= FRESH_S:
            return float(self._strap_rate[1])
        return None

    def _with_rhythm(self, plain: Reading, rhythm: Rhythm) -> Reading:
        t = plain.t
        clean_s = self.heart.clean_seconds()
        return replace(
            plain,
            rmssd_ms=self._rmssd(t),
            coherence=_known(rhythm.coherence) if clean_s >= coherence.SETTLING_S else None,
            coherence_state=coherence.coherence_state(clean_s),
            **self._breath_values(t, rhythm),
        )

    def _rmssd(self, t: float) -> float | None:
        self._roll()
        self._rolling.forget_until(t - RMSSD_WINDOW_S)
        if self._rolling.length_s < RMSSD_LEAST_S:
            return None
        return _known(self._rolling.mended_rmssd_ms)

    def _roll(self) -> None:
        """Take the beats since the last reading into the rolling window."""
        start, beats = self.heart.newest_beats(MOST_ROLLED_S)
        if start > self._rolled or not self._rolled:
            # Nobody asked for long, or beats have moved in time.
            self._rolling = RollingHrv(MOST_ROLLED_S)
            self._rolled = start
        for beat in beats[self._rolled - start :]:
            if beat.segment != self._rolling_segment:
                self._rolling = RollingHrv(MOST_ROLLED_S)
                self._rolling_segment = beat.segment
            self._take_into_window(beat)
        self._rolled = start + len(beats)

    def _take_into_window(self, beat: JudgedBeat) -> None:
        if beat.measured:
            for nn_ms in beat.nn_ms:
                self._rolling.add(beat.t, nn_ms)
        elif beat.known_in_sum:
            for nn_ms in beat.nn_ms:
                self._rolling.add_lost(nn_ms)
        else:
            self._rolling.break_run()

    def _breath_values(self, t: float, rhythm: Rhythm) -> dict[str, float | None]:
        measured = self.breath.breaths_per_minute(t)
        if measured is not None:
            swing_bpm = self._measured_swing(t)
            values = {"breaths_per_minute": measured, "swing_bpm": swing_bpm}
            guided = self.guide.at(t) is not None
            return (self._following(t) if guided else {}) | {
                name: value for name, value in values.items() if value is not None
            }
        values = {"breaths_per_minute": _known(rhythm.breaths_per_minute)}
        if self.guide.at(t) is None:
            return values | {"swing_bpm": _known(rhythm.swing_bpm)}
        return values | self._following(t)

    def breath_swings(self, since: float, t: float) -> tuple[Floats, Floats]:
        """Return when each whole breath since ``since`` ended (s), and its swing (bpm).

        A breath that cannot be judged is left out. Breaths are the measured ones, else the guide's.
        """
        beat_t, nn_ms = self.heart.since(since)
        if self.intervals is IntervalQuality.DOUBTFUL or not beat_t.size:
            return np.array([]), np.array([])
        borders = self.breath.borders_s(since)
        if borders.size < 2:
            borders = self.guide.inhale_starts(since, t)
        found = swing.breath_swings_bpm(
            beat_t - self.latency_s, 60_000.0 / nn_ms, self.heart.accepted_since(beat_t), borders
        )
        known = np.isfinite(found)
        return borders[1:][known], found[known]

    def _measured_swing(self, t: float) -> float | None:
        """Return the swing a breath, between the borders that the chest told."""
        beat_t, nn_ms = self.heart.since(t - BREATHING_WINDOW_S)
        borders = self.breath.borders_s(t - BREATHING_WINDOW_S)
        accepted = self.heart.accepted_since(beat_t)
        rate = 60_000.0 / nn_ms
        return _known(swing.mean_swing_bpm(beat_t - self.latency_s, rate, accepted, borders))

    def _following(self, t: float) -> dict[str, float | None]:
        """Compare heart and guide, in the time of the body: the strap's latency taken out."""
        beat_t, nn_ms = self.heart.since(t - BREATHING_WINDOW_S)
        borders = self.guide.inhale_starts(t - BREATHING_WINDOW_S, t)
        rate = 60_000.0 / nn_ms
        mean = swing.mean_swing_bpm(
            beat_t - self.latency_s, rate, self.heart.accepted_since(beat_t), borders
        )
        values: dict[str, float | None] = {"swing_bpm": _known(mean)}
        if self.heart.clean_seconds() < DEMODULATION_LEAST_S:
            return values
        # A rate made of an interval belongs to the middle of that interval.
        middle_t = beat_t - nn_ms / 2000.0 - self.latency_s
        near = middle_t >= t - self.latency_s - DEMODULATION_WINDOW_S
        cycles = self.guide.cycles(middle_t[near])
        found = demodulation.demodulate(middle_t[near], rate[near], cycles)
        values["together"] = _known(found.r2)
        pacer = self.guide.at(t)
        if pacer is not None and found.r2 >= LAG_LEAST_R2 and self._latency_s is not None:
            cycle_s = pacer.pattern.cycle_s
            values["lag_s"] = _known(found.lag_cycles(fullest_cycles(pacer.pattern)) * cycle_s)
        return values


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
