"""A person with a heart and a breath, as equations: the same seed and guide, the same beats.

The heart integrates its rate and beats whenever a whole cycle is full (IPFM). The rate swings with
the lungs through a resonator, the baroreflex, and more directly through a low pass; slow waves,
tension and calm move it too. Sources: Hirsch & Bishop 1981 (swing against breathing rate),
deBoer et al. 1987 (baroreflex resonance), and the measurements of this project.
"""

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from biobreath.sensors.breath_model import STEP_S, Guide, Lungs
from biobreath.sensors.chance import Stream, normals, stream_of
from biobreath.sensors.people import Person
from biobreath.sensors.simulated_faults import NO_FAULTS, Faults, Lot

TICKS_PER_SECOND = 1024
DELAY_STEPS = 10
"""The heart answers the lungs 0.3 s later."""
LOW_PASS_HZ = 0.35
SLOW_WAVES = 6
SLOW_WAVE_S = np.geomspace(4.0, 53.0, SLOW_WAVES)
"""Correlation times of the waves below 0.04 Hz."""
CALMING_GUIDED_S, CALMING_FREE_S = 150.0, 400.0
RATE_SETTLES_S, GAIN_SETTLES_S = 120.0, 150.0
REFRACTORY_S = 0.25
TIRED_CYCLES = 0.5
"""A sinus beat sooner than this after a ventricular one does not come about."""
LATE_AFTER_ATRIAL = 0.05
"""An atrial beat sets the sinus node back to a little before the start of its cycle."""
_NOISE_BLOCK = 512


class BeatKind(StrEnum):
    """What a beat is in truth."""

    SINUS = "sinus"
    VENTRICULAR = "ventricular"
    ATRIAL = "atrial"
    SPURIOUS = "spurious"
    """The strap's invention: no beat at all."""


@dataclass(frozen=True, slots=True)
class ModelBeat:
    """A beat of the heart, in whole 1/1024 s since the model's start of time."""

    ticks: int
    kind: BeatKind


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


class RateModel:
    """The heart rate of one person, step by step."""

    def __init__(self, person: Person, guide: Guide, rng: np.random.Generator) -> None:
        lungs_rng, noise_rng = rng.spawn(2)
        self._person = person
        self._lungs = Lungs(person, guide, lungs_rng)
        self._volumes: deque[float] = deque([0.0] * DELAY_STEPS, DELAY_STEPS)
        resonance_hz = person.resonance_per_minute / 60.0
        self._reflex = Resonator(resonance_hz, person.resonance_q)
        self._low_pass = 0.0
        self._low_pass_gain = 1.0 - math.exp(-2.0 * math.pi * LOW_PASS_HZ * STEP_S)
        self._other_waves = _waves_no_breath_makes(person, noise_rng)
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
        return min(200.0, max(30.0, self._level + swing + next(self._other_waves)))

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


def _waves_no_breath_makes(person: Person, rng: np.random.Generator) -> Iterator[float]:
    """Yield them step by step, in bpm: slow ones, and those of the reflex by itself (Mayer)."""
    noise = _normals(rng)
    keeps = np.exp(-STEP_S / SLOW_WAVE_S).tolist()
    scale = person.slow_waves_bpm / math.sqrt(SLOW_WAVES)
    turns = [(keep, scale * math.sqrt(1.0 - keep * keep)) for keep in keeps]
    waves = [scale * x for x in next(noise)[:SLOW_WAVES]]
    resonance_hz = person.resonance_per_minute / 60.0
    mayer = Resonator(resonance_hz, person.resonance_q)
    bandwidth = math.pi * STEP_S * resonance_hz / person.resonance_q
    mayer_scale = person.mayer_bpm / math.sqrt(bandwidth)
    for _ in range(int(60 / STEP_S)):
        mayer.step(mayer_scale * next(noise)[-1])
    for row in noise:  # its last is for the reflex
        waves = [
            keep * wave + push * by
            for (keep, push), wave, by in zip(turns, waves, row, strict=False)
        ]
        yield sum(waves) + mayer.step(mayer_scale * row[-1])


def _normals(rng: np.random.Generator) -> Iterator[list[float]]:
    """Yield the noise of each step; drawn in blocks of one size, so steps never depend on pace."""
    while True:
        yield from rng.standard_normal((_NOISE_BLOCK, SLOW_WAVES + 1)).tolist()


class HeartModel:
    """The beats of one person, as they are; what a strap makes of them is another matter.

    Premature beats are ordered by ``faults``. A ventricular one leaves the sinus node alone: the
    beat that finds the heart still tired is left out, and all others are where they would have
    been. An atrial one reaches the node, which starts again a little late, so later beats move.
    """

    def __init__(
        self,
        person: Person,
        seed: int,
        guide: Guide,
        *,
        start_s: float = 0.0,
        faults: Faults = NO_FAULTS,
    ) -> None:
        rate_rng, jitter_rng = stream_of(seed, Stream.HEART).spawn(2)
        self._rate = RateModel(person, guide, rate_rng)
        self._jitter = normals(jitter_rng)
        self._jitter_s = person.jitter_ms / 1000.0
        self._premature = _Premature(faults, seed)
        self._start_s = start_s
        self._steps = 0
        self._phase = 0.0
        """Cycles since the sinus node last fired."""
        self._last_s = -math.inf

    def advance(self, until_s: float) -> list[ModelBeat]:
        """Step on to ``until_s``; return the beats on the way, oldest first."""
        beats: list[ModelBeat] = []
        while (t := self._start_s + self._steps * STEP_S) + STEP_S <= until_s:
            self._steps += 1
            filled = self._rate.step(t + STEP_S) / 60.0 * STEP_S
            before = self._phase
            self._phase += filled
            if self._phase >= 1.0 or self._phase >= self._premature.phase:
                self._beat_in_step(t, before, filled, beats)
        return beats

    def _beat_in_step(self, t: float, before: float, filled: float, beats: list[ModelBeat]) -> None:
        """Let beat what is due in the step at ``t``, which filled so much of a cycle."""
        while self._phase >= (due := min(self._premature.phase, 1.0)):
            at_s = t + (due - before) / filled * STEP_S
            if due < 1.0:
                self._beat(at_s, self._premature.kind, beats)
                back = self._premature.came()
            else:
                self._fire(at_s, beats)
                back = 1.0
            self._phase -= back
            before -= back

    def _fire(self, t: float, beats: list[ModelBeat]) -> None:
        """Let the sinus node fire; its chance is drawn whether the heart answers or not."""
        t += self._jitter_s * next(self._jitter)
        is_blocked = self._premature.blocks()
        self._premature.next_cycle(t, is_blocked=is_blocked)
        if not is_blocked:
            self._beat(t, BeatKind.SINUS, beats)

    def _beat(self, t: float, kind: BeatKind, beats: list[ModelBeat]) -> None:
        t = self._last_s = max(t, self._last_s + REFRACTORY_S)
        beats.append(ModelBeat(round(t * TICKS_PER_SECOND), kind))


class _Premature:
    """When premature beats come, in cycles of the sinus node since it last fired.

    Each sinus beat draws once from the chance of either kind, so that a share ordered for another
    time never moves what comes now.
    """

    def __init__(self, faults: Faults, seed: int) -> None:
        self._ventricular = Lot(faults.ventricular, seed, Stream.VENTRICULAR)
        self._atrial = Lot(faults.atrial, seed, Stream.ATRIAL)
        self._run_length = faults.run_length
        self._left = 0
        """How many beats of a run are still to come."""
        self._tired_since = -math.inf
        """The phase of the last ventricular beat."""
        self.phase = math.inf
        """When the next one comes; infinite while none is planned."""
        self.kind = BeatKind.VENTRICULAR

    def blocks(self) -> bool:
        """Whether a firing of the sinus node, one cycle after its last, finds the heart tired."""
        return self.phase < math.inf or 1.0 - self._tired_since < TIRED_CYCLES

    def next_cycle(self, t: float, *, is_blocked: bool) -> None:
        """Begin the cycle of a sinus firing at ``t``; after a beat decide whether one is early."""
        self.phase -= 1.0
        self._tired_since -= 1.0
        early = self._ventricular.leads(t, self._run_length)
        early_atrial = self._atrial.leads(t, self._run_length)
        if is_blocked or not (early or early_atrial):
            return
        self.kind = BeatKind.VENTRICULAR if early else BeatKind.ATRIAL
        self._left = self._run_length
        self.phase = self._coupling(0.0)

    def came(self) -> float:
        """Go on after a premature beat; return by how much the sinus node was set back."""
        at = self.phase
        self._left -= 1
        if self.kind is BeatKind.VENTRICULAR:
            self._tired_since = at
            self.phase = self._coupling(at) if self._left else math.inf
            return 0.0
        self.phase = self._coupling(-LATE_AFTER_ATRIAL) if self._left else math.inf
        return at + LATE_AFTER_ATRIAL

    def _coupling(self, after: float) -> float:
        if self.kind is BeatKind.VENTRICULAR:
            return after + float(self._ventricular.rng.uniform(0.55, 0.75))
        return after + float(self._atrial.rng.uniform(0.65, 0.85))
