"""A session without a window: what ``biobreath --demo`` does where no window can open."""

import asyncio

import numpy as np

from biobreath.clock import SessionClock
from biobreath.commands.output import say
from biobreath.commands.ticking import Tick, with_ticks
from biobreath.practice.pacer import BreathPhase
from biobreath.practice.patterns import LONG_OUT
from biobreath.session.live import Reading
from biobreath.session.sitting import Sitting
from biobreath.signal.swing import breath_swings_bpm

SECONDS = 30.0
_WORD = {
    BreathPhase.INHALE: "in",
    BreathPhase.HOLD_FULL: "rest",
    BreathPhase.EXHALE: "out",
    BreathPhase.HOLD_EMPTY: "rest",
}


def run(why: str, seconds: float = SECONDS, speed: float = 1.0) -> int:
    """Sit for ``seconds`` with the demo heart, and tell what the heart did and why it is unseen."""
    say(f"{why}\nSo here is a session of {seconds:.0f} seconds without one, with the demo heart.")
    say(
        f"Breathe with it if you like: in for {LONG_OUT.inhale_s:.0f}, out for "
        f"{LONG_OUT.exhale_s:.0f}. Small and slow is enough.\n"
    )
    sitting = asyncio.run(_sit(seconds, speed))
    for line in summary_lines(sitting):
        say(line)
    return 0


async def _sit(seconds: float, speed: float) -> Sitting:
    from biobreath.sensors.people import Person
    from biobreath.sensors.simulated import SimulatedSensor

    clock = SessionClock(speed)
    sitting = Sitting(clock, lambda _fact: None, LONG_OUT, seconds)
    sensor = SimulatedSensor(0, sitting.fullness_for_demo, person=Person())
    phase: BreathPhase | None = None
    async for step in with_ticks(sensor, clock, seconds):
        if not isinstance(step, Tick):
            sitting.feed(step)
            continue
        cue = sitting.pacer.at(step.t)
        if cue.phase is not phase:
            phase = cue.phase
            say(_line(step.t, _WORD[phase], sitting.live.reading(step.t)))
    sitting.live.finish()
    return sitting


def _line(t: float, word: str, reading: Reading) -> str:
    heart = reading.heart_rate_bpm
    told = "" if heart is None else f"   the demo heart beats {heart:.0f} times a minute"
    return f"  {int(t) // 60}:{int(t) % 60:02d}   {word:4}{told}"


def summary_lines(sitting: Sitting) -> list[str]:
    """Say what the demo heart did; what is not known is not said."""
    track = sitting.live.heart
    times, nn_ms = track.all_series()
    lines = [f"\n{len(track.beats)} heartbeats."]
    if not nn_ms.size:
        return lines
    rates = 60_000.0 / nn_ms
    lines.append(f"The heart went between {rates.min():.0f} and {rates.max():.0f} a minute.")
    borders = sitting.live.guide.inhale_starts(0.0, float(times[-1]))
    accepted = np.ones(times.size, dtype=np.bool_)
    swings = breath_swings_bpm(times, rates, accepted, borders)
    if np.isfinite(swings).any():
        lines.append(f"With each breath it moved by about {np.nanmean(swings):.0f} a minute.")
    return lines
