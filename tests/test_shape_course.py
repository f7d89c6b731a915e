"""Whatever a person does, the shape never jumps, and each part of the breath is told once."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobreath.practice.patterns import GENTLE, LONG_OUT, Pattern
from biobreath.session.sitting import Sitting
from biobreath.ui import theme as look
from biobreath.ui.shapes import SHAPES
from tests.fakes import FakeClock

BOX = Pattern("box", 4.0, 4.0, 4.0, 4.0)
SIGH = Pattern("sigh", 3.0, 6.0, top_s=1.0)
PATTERNS = (LONG_OUT, GENTLE, BOX, SIGH, LONG_OUT.at_rate(3.0), LONG_OUT.at_rate(12.0))
FASTEST = 3.1416 / 2 / 1.0
"""A whole breath in at least a second: the shape's fullness moves so much in a second."""

acts = st.sampled_from(["pause", "go_on", "easier", "ground", "back", *range(len(PATTERNS))])


def do(sitting, act):
    if isinstance(act, int):
        sitting.retune(PATTERNS[act])
    else:
        {
            "pause": sitting.pause,
            "go_on": sitting.go_on,
            "easier": sitting.easier,
            "ground": sitting.ground,
            "back": sitting.back_to_breathing,
        }[act]()


@pytest.mark.usefixtures("qapp")
@settings(max_examples=30)
@given(
    st.sampled_from(PATTERNS),
    st.booleans(),
    st.lists(st.tuples(st.integers(1, 500), acts), max_size=12),
)
def test_no_act_makes_the_shape_jump_or_tells_a_part_twice(pattern, ramp, course):
    clock = FakeClock()
    sitting = Sitting(clock, lambda _fact: None, pattern, 0.0, ramp=ramp)
    shape = SHAPES["disc"](sitting, look.LIGHT)
    shape.resize(300, 300)
    told = []
    shape.setAccessibleDescription = lambda text: told.append((clock.t, text.split(",")[0]))
    full = sitting.cue().fullness
    for frames, act in course:
        for _ in range(frames):
            clock.t += 1 / 60
            sitting.tick()
            shape.advance()
            assert abs(sitting.cue().fullness - full) <= FASTEST / 60 + 1e-6
            full = sitting.cue().fullness
        # What an act brought aside, no word is taken back or told again within the shortest part.
        assert all(after[0] - before[0] > 0.4 for before, after in pairwise(told[2:]))
        assert all(after[1] != before[1] for before, after in pairwise(told))
        del told[:-1]
        do(sitting, act)
