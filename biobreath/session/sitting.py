"""A sitting under way: the guide, what the person does with it, and what the heart answers.

Owned by one thread. Every act becomes a fact that goes to the analysis and to the recorder alike.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from biobreath.clock import Clock
from biobreath.events import Event, Marked, PaceChanged, Paused, PersonEvent, PhaseEntered, Resumed
from biobreath.practice.pace_steps import EASIER
from biobreath.practice.pacer import BreathCue, BreathPhase, Pacer, pacer_of
from biobreath.practice.patterns import GENTLE, Pattern
from biobreath.practice.protocols import Protocol
from biobreath.practice.ramp import BREATHS_A_STEP, Ramp
from biobreath.session.guide_track import fullness_of
from biobreath.session.live import LiveSession, Reading
from biobreath.session.own_rate import OwnRate
from biobreath.signal.beats import JudgedBeat
from biobreath.signal.resampling import cubic_spline

Floats = NDArray[np.float64]

DRAWN_EVERY_S = 0.2
LEAST_FOR_A_SPLINE = 4
AT_A_TURN = 0.2
"""A breath counts as just begun for this share of its inhale: wide enough for a slow timer."""
BREATHING = "breathing"
PACE_FINDER = "pace_finder"
BEFORE = "before"
AFTER = "after"
"""Free breathing, with which the sitting can be compared."""
GROUNDING = "grounding"
RAMP_LISTENS_S = 45.0
"""So long a breath is listened to before the guide takes it up."""
LONGEST_BREATH_S = 60.0
"""Longer than any breath: a sitting ends even if its turn was missed."""


class Sitting:
    """One person sitting with one guide.

    Parameters
    ----------
    clock
        Tells the session time.
    record
        Takes every act of the person; the sensor's facts are recorded on their own way.
    pattern
        The breath to begin with.
    planned_s
        How long the person means to sit, in s; 0 is open-ended.
    free_s
        How long to breathe freely before the guide begins and after it ended, in s.
    ramp
        Begin at the person's own rate and slow down by and by.
    protocol
        A course fixed beforehand, such as the pace finder's, in place of one pattern.
    guided
        False when a recording is played again: then its own pace facts drive the guide.
    led
        A practice leads: the guide rests until ``lead`` tells it how to breathe.
    """

    def __init__(
        self,
        clock: Clock,
        record: Callable[[Event], None],
        pattern: Pattern,
        planned_s: float,
        *,
        guided: bool = True,
        free_s: float = 0.0,
        ramp: bool = False,
        protocol: Protocol | None = None,
        led: bool = False,
    ) -> None:
        self.live = LiveSession()
        self._own_rate = OwnRate()
        self._led = led
        self._free_s = free_s
        self._free_until_s: float | None = None
        self._phase = BREATHING
        self._protocol = protocol
        self._parts_done = 0
        self._ramp = Ramp(pattern) if ramp else None
        self._ramp_breath = 0
        self.planned_s = planned_s
        self.guided = guided
        self._clock = clock
        self._record = record
        self._paused_at: float | None = None
        self._resting_s = 0.0
        self._rested_before = False
        self._paused_by_person = False
        self._grounded_at: float | None = None
        self._protocol_begun_s = 0.0
        now = clock.now()
        self._pacer = Pacer(pattern, now)
        if led:
            self._paused_at = now
        elif guided and protocol is not None:
            self._protocol_begun_s = now
            self.note(PhaseEntered(now, PACE_FINDER))
            self._follow_protocol(protocol)
        elif guided and (free_s > 0 or ramp):
            self._enter_free(BEFORE, max(free_s, RAMP_LISTENS_S if ramp else 0.0))
        elif guided:
            self.note(PhaseEntered(now, BREATHING))
            self.note(self._pacer.changed(now))
        else:
            # Until the recording tells its own pace, or if it has none, the shape rests.
            self._paused_at = now

    @property
    def pacer(self) -> Pacer:
        """The guide in force; while paused, the one that will go on."""
        return self._pacer

    @property
    def guiding(self) -> Pacer | None:
        """The guide in force, None while it rests: while it is equal, so is what it foretells."""
        return None if self._paused_at is not None else self._pacer

    @property
    def paused(self) -> bool:
        """Whether the guide rests."""
        return self._paused_at is not None

    @property
    def tunable(self) -> bool:
        """Whether the person sets the pace; a replay and a course fixed beforehand have theirs."""
        return self.guided and self._protocol is None

    def now(self) -> float:
        """Return the session time."""
        return self._clock.now()

    def cue(self, t: float | None = None) -> BreathCue:
        """Tell where the breath of the guide is at ``t``, or else now."""
        return self._pacer.at(self._guide_time(self.now() if t is None else t))

    def _guide_time(self, t: float) -> float:
        return t if self._paused_at is None else self._paused_at

    def fullness_for_demo(self, t: float) -> float | None:
        """Tell the demo heart where the guide is; None while it rests. Safe from any thread."""
        # In this order: going on sets the moved pacer first, so no moment has the old one.
        paused_at = self._paused_at
        return None if paused_at is not None else self._pacer.fullness(t)

    def cue_for_sound(self, t: float) -> BreathCue | None:
        """Tell the sound where the breath will be at ``t``; None while it rests. Any thread."""
        paused_at = self._paused_at  # in this order, as above
        return None if paused_at is not None else self._pacer.at(t)

    def left_s(self) -> float | None:
        """Return how much of the planned time is left in s; None for an open end. Any thread."""
        protocol, paused_at = self._protocol, self._paused_at
        if protocol is not None and paused_at is None:
            return self._protocol_begun_s + protocol.duration_s - self.now()
        if not self.planned_s:
            return None
        rested = self._resting_s
        if paused_at is not None:
            rested += self.now() - paused_at
        return self.planned_s - (self.now() - rested)

    @property
    def free(self) -> bool:
        """Whether the person breathes freely, before or after the guide."""
        resting = self._paused_at is not None and not self._paused_by_person
        return self._free_until_s is not None or (self._led and resting)

    def lead(self, pattern: Pattern | None) -> None:
        """Breathe like this from now on; None lets the person breathe as they like."""
        now = self.now()
        if pattern is None:
            if self._paused_at is None:
                self._paused_at = now
                self.note(Paused(now))
            self._paused_by_person = False
            return
        if self._paused_at is None:
            self._pacer = self._pacer.retuned(now, pattern)
        else:
            self._pacer = Pacer(pattern, now)
            self._paused_at, self._paused_by_person = None, False
            self.note(Resumed(now))
        self.note(self._pacer.changed(now))

    def _enter_free(self, phase: str, seconds: float) -> None:
        now = self.now()
        self._phase, self._free_until_s = phase, now + seconds
        self.note(PhaseEntered(now, phase))
        if self._paused_at is None:
            self._paused_at = now
            self.note(Paused(now))

    def tick(self) -> None:
        """Let what time brings happen: free breathing ends, the guide slows, the end comes near."""
        if not self.guided or self._led or self._grounded_at is not None:
            return
        if self._protocol is not None:
            if not self._paused_by_person:
                self._follow_protocol(self._protocol)
        elif self._free_until_s is not None:
            if self._phase == BEFORE and self.now() >= self._free_until_s:
                self.go_on()
        elif self._ramp is not None and not self.paused:
            self._follow_ramp(self._ramp)

    def _follow_protocol(self, protocol: Protocol) -> None:
        """Take up every part whose time has come, as of exactly then."""
        while self._parts_done < len(protocol.parts):
            since, pacer = protocol.parts[self._parts_done]
            t = self._protocol_begun_s + since
            if t > self.now():
                return
            self._parts_done += 1
            if pacer is None:
                self._paused_at = t
                self.note(Paused(t))
                continue
            if self._paused_at is not None:
                self._paused_at = None
                self.note(Resumed(t))
            self._pacer = pacer.shifted(self._protocol_begun_s)
            self.note(self._pacer.changed(t))

    def _begin_breathing(self) -> None:
        """Begin with the guide after free breathing."""
        self._phase, self._free_until_s = BREATHING, None
        self.note(PhaseEntered(self.now(), BREATHING))
        if self._ramp is not None:
            own = self.live.reading(self.now()).breaths_per_minute
            self._pacer = Pacer(self._ramp.first(own), self.now())

    def _follow_ramp(self, ramp: Ramp) -> None:
        cue = self.cue()
        if cue.breath - self._ramp_breath < BREATHS_A_STEP:
            return
        slower = ramp.next(self._pacer.pattern)
        if slower is None:
            self._ramp = None
            return
        now = self.now()
        self._pacer = self._pacer.retuned(now, slower)
        self._ramp_breath = self._pacer.at(now).breath
        self.note(self._pacer.changed(now))

    def next_s(self) -> float:
        """Return the session time at which ``tick`` or ``may_close`` may bring something next.

        Infinite where time brings nothing. What the person does may change it.
        """
        if not self.guided or self._led or self._grounded_at is not None:
            return math.inf
        if self._protocol is not None:
            return self._next_part_s(self._protocol)
        if self._free_until_s is not None:
            return self._free_until_s
        if self.paused:
            return math.inf
        return min(self._end_s(), self._slower_s())

    def _end_s(self) -> float:
        """Return when the time is over, and after that when the breath under way is."""
        left_s, now = self.left_s(), self.now()
        if left_s is None:
            return math.inf
        if left_s > 0 or self._breathing_is_over():
            return now + max(0.0, left_s)
        return min(self._pacer.begins_s(self.cue().breath + 1), now + left_s + LONGEST_BREATH_S)

    def _slower_s(self) -> float:
        if self._ramp is None:
            return math.inf
        return self._pacer.begins_s(self._ramp_breath + BREATHS_A_STEP)

    def _next_part_s(self, protocol: Protocol) -> float:
        if self._paused_by_person:
            return math.inf
        starts = [since for since, _ in protocol.parts[self._parts_done :]]
        return self._protocol_begun_s + min([*starts, protocol.duration_s])

    def may_close(self) -> bool:
        """Whether the time is over and the last breath has been let out.

        Where the sitting is compared, free breathing follows the last breath.
        """
        if self._led or self._grounded_at is not None:
            return False  # nothing hurries who comes back to the room
        if self._protocol is not None:
            over_s = self._protocol_begun_s + self._protocol.duration_s
            return not self._paused_by_person and self.now() >= over_s
        if self._phase == AFTER and self._free_until_s is not None:
            return self.now() >= self._free_until_s
        if self._breathing_is_over() and self._free_s > 0:
            self._enter_free(AFTER, self._free_s)
            return False
        return self._breathing_is_over()

    def _breathing_is_over(self) -> bool:
        left_s = self.left_s()
        if left_s is None or left_s > 0 or self.paused:
            return False
        cue = self.cue()
        at_a_turn = cue.phase is BreathPhase.INHALE and cue.done < AT_A_TURN
        return at_a_turn or left_s < -LONGEST_BREATH_S

    def pause(self) -> None:
        """Let the guide rest where it is; the heart goes on being recorded."""
        if self._paused_at is None and self.guided:
            self._paused_by_person = True
            self._paused_at = self.now()
            self.note(Paused(self._paused_at))

    def go_on(self) -> None:
        """Go on with the breath where it rested."""
        if self._paused_at is None or not self.guided:
            return
        now = self.now()
        pause_s = now - self._paused_at
        self._resting_s += pause_s
        if self._paused_by_person:
            self._protocol_begun_s += pause_s
        self._paused_by_person = False
        self._pacer = self._pacer.shifted(pause_s)
        if self._free_until_s is not None:
            self._begin_breathing()
        self._paused_at = None
        self.note(Resumed(now))
        self.note(self._pacer.changed(now))

    def retune(self, pattern: Pattern) -> None:
        """Change the pace without a jump; while paused it takes effect when the breath goes on."""
        if not self.tunable:
            return
        self._ramp = None  # a pace that the person chose is not led away from
        now = self._guide_time(self.now())
        self._pacer = self._pacer.retuned(now, pattern)
        if not self.paused:
            self.note(self._pacer.changed(now))

    def easier(self) -> bool:
        """Take the gentler pace; False when the guide is that gentle already."""
        if self._pacer.pattern.id == GENTLE.id or not self.guided:
            return False
        if self._protocol is not None and self.paused:
            self.mark(EASIER)  # a pace is no fact before the breath goes on; that it was asked is
        self._protocol = None  # what is easier now comes before what would be found
        self.retune(GENTLE)
        return True

    def ground(self) -> None:
        """Leave the breath for a while and come back to the room."""
        self._rested_before = self.paused
        self._grounded_at = self.now()
        self.pause()
        self.note(PhaseEntered(self.now(), GROUNDING))

    def back_to_breathing(self) -> None:
        """Come back from grounding; the guide goes on, unless it rested before."""
        now = self.now()
        if self._free_until_s is not None and self._grounded_at is not None:
            self._free_until_s += now - self._grounded_at
        self._grounded_at = None
        self.note(PhaseEntered(now, self._phase))
        if not self._rested_before:
            self.go_on()

    def mark(self, label: str) -> None:
        """Mark this moment."""
        self.note(Marked(self.now(), label))

    def note(self, fact: PersonEvent) -> None:
        """Take a fact of the person, for the record and for the analysis."""
        if self.guided:
            self._record(fact)
            self.live.feed(fact)

    def feed(self, event: Event) -> list[JudgedBeat]:
        """Take a fact of the sensor; return the beats it confirmed."""
        if not self.guided:
            self._follow(event)
        return self.live.feed(event)

    def _follow(self, event: Event) -> None:
        """Let a recording's own facts drive the guide."""
        match event:
            case PaceChanged():
                self._pacer = pacer_of(event)
                self._paused_at = None
            case Paused():
                self._paused_at = event.t
            case _:
                pass

    def reading(self) -> Reading:
        """Tell what is known now."""
        return self.live.reading(self.now())

    def heart_points(self, since: float) -> tuple[Floats, Floats]:
        """Return times (s, the strap's latency taken out) and heart rates (bpm) for drawing.

        Between beats a spline gives the line a calm course through every one of them. A ``nan``
        stands between two segments, so that no line is drawn over a gap.
        """
        points = self.live.heart.points(since, self.live.latency_s, self.live.provisional)
        return smoothed(*points)

    def breath_points(self, since: float) -> tuple[Floats, Floats]:
        """Return times (s) and the person's own breath (about 0-1), empty where none is measured.

        A ``nan`` stands where the measuring began anew.
        """
        return self.live.breath.points(since)

    def own_rate(self) -> float | None:
        """Return the person's own breaths a minute as the heart tells them, asked now and then.

        None while that is not sure, and where a strap measures the breath itself.
        """
        now = self.now()
        reading = self.live.reading(now)
        measured = self.live.breath.measures(now)
        return self._own_rate.told(now, None if measured else reading.breaths_per_minute)

    def breath_swings(self, since: float) -> tuple[Floats, Floats]:
        """Return when each whole breath ended (s), and how far the heart swung in it (bpm)."""
        return self.live.breath_swings(since, self.now())

    def fullness(self, times: Floats) -> Floats:
        """Return the guide's fullness at each time: as it was, and as it will be."""
        now = self.now()
        past = self.live.guide.fullness(times[times <= now])
        ahead = times[times > now]
        if self.paused:
            return np.concatenate([past, np.full(ahead.size, math.nan)])
        return np.concatenate([past, fullness_of(self._pacer, ahead)])


def smoothed(times: Floats, rates: Floats) -> tuple[Floats, Floats]:
    """Lay a cubic spline through each stretch of ``rates`` between two ``nan``."""
    parts_t: list[Floats] = []
    parts_rate: list[Floats] = []
    for part in np.split(np.arange(times.size), np.flatnonzero(np.isnan(rates))):
        known = part[np.isfinite(rates[part])]
        t, rate = times[known], rates[known]
        if t.size >= LEAST_FOR_A_SPLINE and np.all(np.diff(t) > 0):
            even = np.append(np.arange(t[0], t[-1], DRAWN_EVERY_S), t[-1])
            t, rate = even, cubic_spline(t, rate, even)
        parts_t += [t, times[part[-1:]]]
        parts_rate += [rate, np.full(part[-1:].size, math.nan)]
    return np.concatenate(parts_t)[:-1], np.concatenate(parts_rate)[:-1]
