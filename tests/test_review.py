"""A sitting looked at again."""

import numpy as np
import pytest
from fakes import breathing_rr, facts_of, packets, receiving

from biobreath.events import LinkChanged, LinkReason, LinkState, Paused, Resumed
from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import Pattern
from biobreath.session.live import LiveSession
from biobreath.session.review import Stretch, readings, review

EVEN = Pattern("even", 5.0, 5.0)


def test_an_empty_sitting_is_blank_and_no_fault():
    found = review([])
    assert found.duration_s == 0.0
    assert found.beat_t.size == 0
    assert found.summary.hr_mean_bpm is None
    assert found.summary.corrected_share is None


def test_a_guided_sitting_tells_how_long_heart_and_breath_moved_together():
    found = review(facts_of(breathing_rr(4), Pacer(EVEN)))
    assert found.guided_s == pytest.approx(240.0, abs=2.0)
    assert found.together_s > 180.0
    assert found.summary.breaths_per_minute == pytest.approx(6.0, abs=0.2)
    assert found.summary.swing_bpm == pytest.approx(12.0, rel=0.1)
    assert found.gaps == []


def test_a_pause_is_not_guided():
    pacer = Pacer(EVEN)
    facts = facts_of(breathing_rr(3), pacer)
    facts += [Paused(60.0), Resumed(90.0), pacer.shifted(30.0).changed(90.0)]
    found = review(sorted(facts, key=lambda fact: fact.t))
    assert [stretch for stretch, _ in found.guided] == [
        Stretch(0.0, 60.0),
        Stretch(90.0, found.duration_s),
    ]


def test_a_lost_strap_is_a_gap_with_its_length():
    facts = [
        *facts_of(breathing_rr(1)),
        LinkChanged(62.0, LinkState.LOST, LinkReason.LINK_LOST),
        receiving(88.0),
        *packets(breathing_rr(1), 88.0),
    ]
    (gap,) = review(facts).gaps
    assert gap.start == pytest.approx(60.0, abs=1.5)
    assert gap.end == pytest.approx(88.0, abs=1.0)


def test_a_strap_that_never_came_back_is_a_gap_until_the_end():
    facts = [
        *facts_of(breathing_rr(1)),
        LinkChanged(62.0, LinkState.LOST, LinkReason.LINK_LOST),
        Paused(100.0),
    ]
    (gap,) = review(facts).gaps
    assert gap.end == 100.0


def test_an_interval_of_many_seconds_is_a_gap():
    (gap,) = review(facts_of([1000.0] * 30 + [20_000.0] + [1000.0] * 30)).gaps
    assert gap.end - gap.start == pytest.approx(20.0, abs=0.01)


def test_a_look_can_be_left_on_the_way():
    told = []

    def enough(share):
        told.append(share)
        return share < 0.5

    with pytest.raises(InterruptedError):
        review(facts_of(breathing_rr(3)), enough)
    assert 0.5 <= told[-1] < 0.6


def test_review_reads_exactly_what_was_read_live():
    facts = facts_of(breathing_rr(3), Pacer(EVEN))
    live, seen = LiveSession(), []
    due = 1.0
    for fact in facts:
        while fact.t > due:
            seen.append(live.reading(due))
            due += 1.0
        live.feed(fact)
    again = list(readings(facts, LiveSession()))
    assert again[: len(seen)] == seen


def test_free_breathing_before_is_compared_with_after():
    from biobreath.events import Paused, PhaseEntered
    from biobreath.session.words import response_sentence
    from biobreath.signal.response import Change

    def rr(rate_bpm, seconds, seed):
        rng = np.random.default_rng(seed)
        return list(60_000 / rate_bpm + rng.normal(0, 20, int(seconds * rate_bpm / 60)))

    beats = facts_of([*rr(80, 70, 1), *rr(75, 120, 2), *rr(68, 70, 3)])
    phases = [PhaseEntered(0.0, "before"), PhaseEntered(70.0, "breathing"), Paused(190.0)]
    after = PhaseEntered(190.5, "after")
    facts = sorted([*beats, *phases, after], key=lambda fact: fact.t)
    found = review(facts).response
    assert found.heart_rate is Change.LOWER
    assert found.heart_rate_before_bpm == pytest.approx(80, abs=1)
    assert found.heart_rate_after_bpm == pytest.approx(68, abs=1)
    assert "slower" in response_sentence(found)
    assert review(beats).response is None
    assert response_sentence(None) == ""
