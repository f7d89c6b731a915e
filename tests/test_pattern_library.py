"""The patterns that come with the program, and what becomes of broken ones."""

import pytest

from biobreath.practice.pattern_library import BadPattern, _pattern, load_patterns, shipped
from biobreath.practice.patterns import GENTLE, LONG_OUT
from biobreath.settings import Settings
from biobreath.ui.breathe import minutes_of, offered, pattern_of


def test_the_default_is_a_long_out_breath_without_holds():
    assert pattern_of(Settings()) == LONG_OUT
    assert shipped()[0].pattern is None, "free breathing comes first"


@pytest.mark.parametrize("offer", [o for o in shipped() if o.pattern], ids=lambda o: o.id)
def test_every_pattern_can_be_breathed_at_its_own_pace(offer):
    pattern = offer.pattern
    assert 3.0 <= pattern.breaths_per_minute <= 12.0
    chosen = Settings(pattern=offer.id, breaths_per_minute=round(pattern.breaths_per_minute, 1))
    assert pattern_of(chosen) == pattern
    if offer.level < 3:
        assert pattern.hold_full_s == pattern.hold_empty_s == 0, "holds are for those who ask"


def test_a_pattern_at_another_pace_keeps_its_shape():
    slower = pattern_of(Settings(pattern="sigh", breaths_per_minute=5.0))
    assert slower.cycle_s == pytest.approx(12.0)
    assert slower.top_s / slower.inhale_s == pytest.approx(1 / 3)


def test_my_pace_is_offered_once_it_was_found_and_kept_within_its_ends():
    assert "mine" not in [offer.id for offer in offered(Settings())]
    found = Settings(pattern="mine", my_pace=5.4, breaths_per_minute=5.4)
    assert "mine" in [offer.id for offer in offered(found)]
    assert pattern_of(found).breaths_per_minute == pytest.approx(5.4)
    wild = Settings(pattern="mine", my_pace=12.0, breaths_per_minute=12.0)
    assert pattern_of(wild).breaths_per_minute == pytest.approx(7.0)


def test_an_own_breath_has_its_shares_and_rests_and_always_moves():
    own = Settings(
        pattern="own", breaths_per_minute=5.0, inhale_share=0.5, hold_full_s=1.0, hold_empty_s=8.0
    )
    pattern = pattern_of(own)
    assert pattern.cycle_s == pytest.approx(12.0)
    assert (pattern.hold_full_s, pattern.hold_empty_s) == (1.0, 3.0)
    assert pattern.inhale_s == pattern.exhale_s > 3.9


def test_a_pattern_that_is_good_for_a_few_minutes_ends_the_sitting_then():
    assert minutes_of(Settings(pattern="sigh", minutes=20)) == 5
    assert minutes_of(Settings(pattern="long-out", minutes=20)) == 20


@pytest.mark.parametrize(
    "text",
    ["", "pattern = 3", "[[pattern]]\nid = 'x'", "not toml [", "[[pattern]]\nsteps = 'x'\nid='y'"],
)
def test_without_readable_patterns_two_are_still_there(tmp_path, text):
    path = tmp_path / "patterns.toml"
    path.write_text(text)
    assert [offer.pattern for offer in load_patterns(path)] == [LONG_OUT, GENTLE]
    assert len(load_patterns(tmp_path / "none.toml")) == 2


@pytest.mark.parametrize(
    "steps",
    [
        [{"do": "out", "s": 4.0}, {"do": "in", "s": 4.0}],
        [{"do": "in", "s": 4.0}, {"do": "in", "s": 4.0}, {"do": "out", "s": 4.0}],
        [{"do": "in", "s": 4.0}, {"do": "out", "s": float("nan")}],
        [{"do": "in", "s": -1.0}, {"do": "out", "s": 4.0}],
        [{"do": "in", "s": 1e9}, {"do": "out", "s": 4.0}],
        [{"do": "gasp", "s": 1.0}],
    ],
)
def test_steps_that_are_no_breath_are_refused(steps):
    with pytest.raises(BadPattern):
        _pattern("odd", steps)
