"""Whatever a person does, the shape never jumps, and each part of the breath is told once."""

from itertools import pairwise

import numpy as np
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


FAR_PX = 2.0
"""A radius of at most 123 px moves by less within the 4 ms that a look ahead may be old."""


@pytest.mark.usefixtures("qapp")
@settings(max_examples=30)
@given(
    st.sampled_from(sorted(SHAPES)),
    st.sampled_from(PATTERNS),
    st.booleans(),
    st.lists(st.tuples(st.lists(st.floats(0.0, 0.2), max_size=60), acts), max_size=12),
)
def test_what_was_foreseen_is_what_is_found_when_it_is_time(kind, pattern, ramp, course):
    clock = FakeClock()
    sitting = Sitting(clock, lambda _fact: None, pattern, 0.0, ramp=ramp)
    shape = SHAPES[kind](sitting, look.LIGHT)
    shape.resize(300, 300)
    for passed, act in course:
        for seconds in passed:
            clock.t += seconds
            sitting.tick()
            shape.advance(clock.t)
            found = shape._place_at(clock.t, sitting.cue().fullness)
            step = 300 * 0.78 / 24 if kind == "bar" else 0.0
            assert abs(shape._place - found) <= FAR_PX + step
            assert shape._free == sitting.free
            assert shape._word == shape._word_now()
            assert shape._cue.phase is sitting.cue().phase
        do(sitting, act)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("kind", sorted(SHAPES))
def test_where_a_guide_foretells_nothing_the_shape_stands_still(kind, monkeypatch):
    clock = FakeClock()
    sitting = Sitting(clock, lambda _fact: None, LONG_OUT, 0.0)
    monkeypatch.setattr(sitting, "fullness", lambda times: np.full(times.size, np.nan))
    shape = SHAPES[kind](sitting, look.LIGHT)
    shape.resize(300, 300)
    for clock.t in np.arange(0.0, 12.0, 0.05).tolist():
        shape.advance(clock.t)
        assert shape._place >= 0


@pytest.mark.usefixtures("qapp")
def test_where_the_breath_is_is_asked_a_few_times_a_breath(monkeypatch):
    clock = FakeClock()
    sitting = Sitting(clock, lambda _fact: None, LONG_OUT, 0.0)
    shape = SHAPES["disc"](sitting, look.LIGHT)
    shape.resize(300, 300)
    asked = []
    cue = sitting.cue
    monkeypatch.setattr(sitting, "cue", lambda t=None: asked.append(t) or cue(t))
    for frame in range(1, 6001):
        clock.t = frame / 60
        shape.advance(clock.t)
    assert len(asked) <= 2 * 10 + 1


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
