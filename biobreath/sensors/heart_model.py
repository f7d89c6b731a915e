"""A person with a heart and a breath, as equations: the same seed and guide, the same beats.

The heart integrates its rate and beats whenever a whole cycle is full (IPFM). The rate swings with
the lungs through a resonator, the baroreflex, and more directly through a low pass; slow waves,
tension and calm move it too. Sources: Hirsch & Bishop 1981 (swing against breathing rate),
deBoer et al. 1987 (baroreflex resonance), and the measurements of this project.
"""

import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

Guide = Callable[[float], float | None]
"""Fullness (0-1) that the guide shows at a time in s; None while there is no guide."""

TICKS_PER_SECOND = 1024
STEP_S = 1 / 32
"""A binary fraction, so that the grid of steps is exact."""
DELAY_STEPS = 10
"""The heart answers the lungs 0.3 s later."""
LOW_PASS_HZ = 0.35
JOINING_S = 3.0
"""How fast a person joins a guide, or leaves it."""
SLOW_WAVES = 6
SLOW_WAVE_S = np.geomspace(4.0, 53.0, SLOW_WAVES)
"""Correlation times of the waves below 0.04 Hz."""
CALMING_GUIDED_S, CALMING_FREE_S = 150.0, 400.0
RATE_SETTLES_S, GAIN_SETTLES_S = 120.0, 150.0
REFRACTORY_S = 0.25
_NOISE_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Person:
    """Who is simulated; the defaults are an adult of middle age in good health.

    ``amplitude_bpm`` is half the heart-rate swing of a breath at 6/min in rest, at resonance.
    ``adherence`` (0-1) is how much of the breath follows the guide. ``stress`` (0-1) is where
    tension starts; it fades, faster with a guide. ``posture`` is 0 lying, 1 standing.
    """

    age: int = 45
    resonance_per_minute: float = 5.6
    resonance_q: float = 2.0
    amplitude_bpm: float = 7.4
    direct_share: float = 0.18
    resting_rate_bpm: float = 62.0
    own_breaths_per_minute: float = 14.0
    inhale_share: float = 0.42
    adherence: float = 1.0
    stress: float = 0.5
    posture: float = 0.0
    mayer_bpm: float = 1.2
    slow_waves_bpm: float = 1.7
    jitter_ms: float = 4.0


def person_of(seed: int) -> Person:
    """Return the person that a seed stands for; people differ as adults do."""
    rng = np.random.default_rng([seed, 0])
    age = int(rng.integers(20, 76))
    typical_bpm = 9.0 - 0.07 * (age - 20)
    return Person(
        age=age,
        resonance_per_minute=float(rng.uniform(4.6, 6.4)),
        resonance_q=float(rng.uniform(1.5, 2.5)),
        amplitude_bpm=float(np.clip(typical_bpm * np.exp(rng.normal(0, 0.25)), 3.0, 12.0)),
        direct_share=float(rng.uniform(0.1, 0.25)),
        resting_rate_bpm=float(rng.uniform(56, 72)),
        own_breaths_per_minute=float(rng.uniform(12, 16)),
        inhale_share=float(rng.uniform(0.4, 0.5)),
        adherence=float(rng.uniform(0.9, 1.0)),
        stress=float(rng.uniform(0.3, 0.8)),
        mayer_bpm=float(rng.uniform(1.0, 1.5)),
        slow_waves_bpm=float(rng.uniform(1.5, 2.0)),
        jitter_ms=float(rng.uniform(3.0, 6.0)),
    )


@dataclass(frozen=True, slots=True)
class ModelBeat:
    """A beat that the sensor saw, in whole 1/1024 s since the model's start of time."""

    ticks: int
    ectopic: bool


class Resonator:
    """y″ + (ω₀/Q)y′ + ω₀²y = (ω₀/Q)v′ in steps: gain 1 and phase 0 at its frequency."""

    def __init__(self, frequency_hz: float, q: float) -> None:
        k = math.tan(math.pi * frequency_hz * STEP_S)
        norm = 1.0 / (1.0 + k / q + k * k)
        self._b = k / q * norm
        self._a1 = 2.0 * (k * k - 1.0) * norm
        self._a2 = (1.0 - k / q + k * k) * norm
        self._s1 = self._s2 = 0.0

    def step(self, x: float) -> float:
        """Take the input of one step, return the output."""
        y = self._b * x + self._s1
        self._s1 = self._s2 - self._a1 * y
        self._s2 = -self._b * x - self._a2 * y
        return y


class Lungs:
    """How full the lungs are, -1 to 1 at 6 breaths a minute; slower breaths are deeper."""

    def __init__(self, person: Person, guide: Guide, rng: np.random.Generator) -> None:
        self._person = person
        self._guide = guide
        self._rng = rng
        self._share = 0.0
        """How much of the breath follows the guide now."""
        self._fullness = 0.5
        self._rose_at: float | None = None
        self._depth_wanted = self._depth = 1.0
        self._lag_s = self._lag_wanted_s = 0.35
        self._own_start = -math.inf
        self._own_cycle_s = self._own_inhale_s = self._own_depth = 1.0

    @property
    def guided_share(self) -> float:
        """How much of the breath follows the guide now, 0-1."""
        return self._share

    def at(self, t: float) -> float:
        """Return the volume at ``t``; called once for each step, in order."""
        shown = self._guide(t - self._lag_s)
        wanted = 0.0 if shown is None else self._person.adherence
        self._share += (wanted - self._share) * STEP_S / JOINING_S
        if abs(wanted - self._share) < 1e-3:
            self._share = wanted
        own = self._own(t)
        if self._share == 0.0:
            return own
        if shown is not None:
            self._watch(t, shown)
        guided = self._depth * (2.0 * self._fullness - 1.0)
        return self._share * guided + (1.0 - self._share) * own

    def _watch(self, t: float, shown: float) -> None:
        """Learn from the guide's half-way rises how fast it breathes."""
        if self._fullness < 0.5 <= shown:
            if self._rose_at is not None and 2.0 < t - self._rose_at < 30.0:
                self._depth_wanted = depth_of(1.0 / (t - self._rose_at))
            self._rose_at = t
            self._lag_wanted_s = self._rng.uniform(0.2, 0.5)
        self._fullness = shown
        self._depth += (self._depth_wanted - self._depth) * STEP_S / JOINING_S
        self._lag_s += (self._lag_wanted_s - self._lag_s) * STEP_S / 2.0

    def _own(self, t: float) -> float:
        """Return the volume of a breath that no guide leads."""
        into_s = t - self._own_start
        if into_s >= self._own_cycle_s:
            self._next_own(t)
            into_s = 0.0
        if into_s < self._own_inhale_s:
            return -self._own_depth * math.cos(math.pi * into_s / self._own_inhale_s)
        exhale_s = self._own_cycle_s - self._own_inhale_s
        return self._own_depth * math.cos(math.pi * (into_s - self._own_inhale_s) / exhale_s)

    def _next_own(self, t: float) -> None:
        varied = 1.0 + 0.08 * float(np.clip(self._rng.standard_normal(), -3, 3))
        self._own_start = t
        self._own_cycle_s = 60.0 / self._person.own_breaths_per_minute * varied
        self._own_inhale_s = self._person.inhale_share * self._own_cycle_s
        self._own_depth = depth_of(1.0 / self._own_cycle_s)


def depth_of(breaths_hz: float) -> float:
    """Return how deep a person breathes at this rate, against 6 breaths a minute."""
    return (0.1 / breaths_hz) ** 0.25


class RateModel:
    """The heart rate of one person, step by step."""

    def __init__(self, person: Person, guide: Guide, rng: np.random.Generator) -> None:
        lungs_rng, noise_rng = rng.spawn(2)
        self._person = person
        self._lungs = Lungs(person, guide, lungs_rng)
        self._volumes: deque[float] = deque([0.0] * DELAY_STEPS, DELAY_STEPS)
        resonance_hz = person.resonance_per_minute / 60.0
        self._reflex = Resonator(resonance_hz, person.resonance_q)
        self._mayer = Resonator(resonance_hz, person.resonance_q)
        bandwidth = math.pi * STEP_S * resonance_hz / person.resonance_q
        self._mayer_scale = person.mayer_bpm / math.sqrt(bandwidth)
        self._low_pass = 0.0
        self._low_pass_gain = 1.0 - math.exp(-2.0 * math.pi * LOW_PASS_HZ * STEP_S)
        self._noise = _normals(noise_rng)
        self._keep = np.exp(-STEP_S / SLOW_WAVE_S).tolist()
        scale = person.slow_waves_bpm / math.sqrt(SLOW_WAVES)
        self._push = [scale * math.sqrt(1.0 - keep * keep) for keep in self._keep]
        self._waves = [scale * x for x in next(self._noise)[:SLOW_WAVES]]
        for _ in range(int(60 / STEP_S)):
            self._mayer.step(self._mayer_scale * next(self._noise)[-1])
        self._stress = person.stress
        self._level = self._level_wanted()
        self._gain = self._gain_wanted()

    def step(self, t: float) -> float:
        """Return the rate (bpm) at ``t``, one step after the last."""
        delayed = self._volumes[0]
        self._volumes.append(self._lungs.at(t))
        self._settle()
        self._low_pass += self._low_pass_gain * (delayed - self._low_pass)
        direct = self._person.direct_share
        answer = (1.0 - direct) * self._reflex.step(delayed) + direct * self._low_pass
        swing = self._person.amplitude_bpm * self._gain * answer
        return min(200.0, max(30.0, self._level + swing + self._slow()))

    def _settle(self) -> None:
        """Let tension fade, and level and gain follow it."""
        guided = self._lungs.guided_share
        fade_s = CALMING_FREE_S + (CALMING_GUIDED_S - CALMING_FREE_S) * guided
        self._stress -= self._stress * STEP_S / fade_s
        self._level += (self._level_wanted() - self._level) * STEP_S / RATE_SETTLES_S
        self._gain += (self._gain_wanted() - self._gain) * STEP_S / GAIN_SETTLES_S

    def _level_wanted(self) -> float:
        person = self._person
        return person.resting_rate_bpm + 18.0 * self._stress + 12.0 * person.posture

    def _gain_wanted(self) -> float:
        calm = 0.25 * self._lungs.guided_share
        return 1.0 - 0.45 * self._stress - 0.4 * self._person.posture + calm

    def _slow(self) -> float:
        """Return the waves that no breath makes, in bpm."""
        *pushes, white = next(self._noise)
        self._waves = [
            keep * wave + push * noise
            for keep, wave, push, noise in zip(
                self._keep, self._waves, self._push, pushes, strict=True
            )
        ]
        return sum(self._waves) + self._mayer.step(self._mayer_scale * white)


def _normals(rng: np.random.Generator) -> Iterator[list[float]]:
    """Yield the noise of each step; drawn in blocks of one size, so steps never depend on pace."""
    while True:
        yield from rng.standard_normal((_NOISE_BLOCK, SLOW_WAVES + 1)).tolist()


class HeartModel:
    """The beats of one person, as a strap sees them.

    ``ectopics_share`` and ``missed_share`` (0-1 of the beats) order premature beats, three in five
    of them ventricular with a full pause, and beats that the strap does not see.
    """

    def __init__(
        self,
        person: Person,
        seed: int,
        guide: Guide,
        *,
        start_s: float = 0.0,
        ectopics_share: float = 0.0,
        missed_share: float = 0.0,
    ) -> None:
        rate_rng, self._rng = np.random.default_rng([seed, 1]).spawn(2)
        self._rate = RateModel(person, guide, rate_rng)
        self._jitter_s = person.jitter_ms / 1000.0
        self._ectopics_share = ectopics_share
        self._missed_share = missed_share
        self._start_s = start_s
        self._steps = 0
        self._phase = 0.0
        """Cycles since the last beat of the sinus node."""
        self._early: float | None = None
        """The phase at which a premature beat comes."""
        self._resets = False
        self._last_s = -math.inf

    def advance(self, until_s: float) -> list[ModelBeat]:
        """Step on to ``until_s``; return the beats on the way, oldest first."""
        beats: list[ModelBeat] = []
        while (t := self._start_s + self._steps * STEP_S) + STEP_S <= until_s:
            self._steps += 1
            self._step(t, beats)
        return beats

    def _step(self, t: float, beats: list[ModelBeat]) -> None:
        filled = self._rate.step(t + STEP_S) / 60.0 * STEP_S
        before = self._phase
        self._phase += filled
        if self._early is not None and self._phase >= self._early:
            self._beat(t + (self._early - before) / filled * STEP_S, beats, ectopic=True)
            self._early = None
            if self._resets:
                # An atrial beat reaches the sinus node, which starts again a little late.
                self._phase = -0.05
            else:
                # A ventricular beat does not: the next sinus beat finds the heart still tired.
                self._phase -= 1.0
        elif self._phase >= 1.0:
            self._phase -= 1.0
            self._beat(t + (1.0 - before) / filled * STEP_S, beats, ectopic=False)
            self._plan()

    def _plan(self) -> None:
        """Decide whether the next beat comes too early."""
        if self._ectopics_share and self._rng.random() < self._ectopics_share:
            self._resets = self._rng.random() < 0.4
            span = (0.65, 0.85) if self._resets else (0.55, 0.75)
            self._early = self._rng.uniform(*span)

    def _beat(self, t: float, beats: list[ModelBeat], *, ectopic: bool) -> None:
        t = max(t + self._jitter_s * self._rng.standard_normal(), self._last_s + REFRACTORY_S)
        self._last_s = t
        if self._missed_share and self._rng.random() < self._missed_share:
            return
        beats.append(ModelBeat(round(t * TICKS_PER_SECOND), ectopic))
