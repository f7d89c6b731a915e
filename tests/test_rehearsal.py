"""Before the first sitting a small one is gone through, so that nothing is loaded in between."""

import subprocess
import sys
from dataclasses import fields

from biobreath.session.rehearsal import rehearse
from biobreath.signal.coherence import CoherenceState
from biobreath.signal.signal_state import SignalState

_A_SITTING = """
import sys
from biobreath.polar_measurement import encode_acceleration
from biobreath.events import StreamFrame, StreamKind
from biobreath.practice.patterns import LONG_OUT
from biobreath.sensors.people import Person
from biobreath.sensors.simulated import simulate
from biobreath.session.rehearsal import rehearse
from biobreath.session.sitting import Sitting

class Clock:
    t = 0.0
    def now(self):
        return self.t

clock = Clock()
told = simulate(Person(), seconds=150.0)
if sys.argv[1] == "rehearsed":
    rehearse()
there = set(sys.modules)
sitting = Sitting(clock, lambda fact: None, LONG_OUT, 0.0)
for packet in told.packets:
    clock.t = packet.t
    sitting.feed(packet)
    samples = [(round(packet.t) % 10, 0, 1000)] * 25
    payload = encode_acceleration(round(packet.t * 1e9), samples)
    if packet.t < 60:
        sitting.feed(StreamFrame(packet.t, StreamKind.POLAR_ACCELERATION, 25.0, payload))
    sitting.own_rate(), sitting.heart_points(0.0), sitting.breath_points(0.0)
print(sorted(name.partition(".")[0] for name in set(sys.modules) - there))
"""


def loaded_while_sitting(how):
    run = subprocess.run(
        [sys.executable, "-c", _A_SITTING, how],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return run.stdout.strip()


def test_a_rehearsal_ends_where_nothing_is_unknown():
    told = rehearse()
    unknown = {f.name for f in fields(told) if getattr(told, f.name) is None}
    assert unknown == {"link"}  # nobody was connected
    assert told.coherence_state is CoherenceState.READY
    assert told.signal is SignalState.GOOD
    assert told.corrected_share == 0.0  # the early beat is over a minute ago


def test_a_rehearsal_tells_the_same_every_time():
    assert rehearse() == rehearse()


def test_a_sitting_loads_nothing_more_after_a_rehearsal():
    assert "numpy" in loaded_while_sitting("unrehearsed")
    assert loaded_while_sitting("rehearsed") == "[]"
