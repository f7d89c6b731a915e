"""Verdicts: odd beats are told from the big steps of slow breathing, and no time is lost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobreath.sensors.heart_model import HeartModel
from biobreath.sensors.people import Person
from biobreath.signal.beats import BeatJudge, Verdict, corrected_share, judge, runs_of_nn
from biobreath.signal.time_base import TimedBeat

RECORDS = ("100", "106", "119", "223")
SINUS = ("N", "L", "R")


def timed(rr_ms, segment=0):
    times = np.cumsum(rr_ms) / 1000
    return [
        TimedBeat(i, float(t), float(rr), segment)
        for i, (t, rr) in enumerate(zip(times, rr_ms, strict=True))
    ]


def verdicts(rr_ms):
    return [beat.verdict.value for beat in judge(timed(rr_ms))]


def flagged(rr_ms):
    return np.array([beat.verdict is not Verdict.NORMAL for beat in judge(timed(rr_ms))])


def labelled(data, record):
    """Return intervals (ms), which end with a premature beat, which are far from all."""
    rows = [line.split(",") for line in (data / f"mitdb_{record}.csv").read_text().split()[1:]]
    times = np.array([float(t) for t, _ in rows])
    odd = np.array([label not in SINUS for _, label in rows])
    rr_ms = np.diff(times) * 1000
    local = [np.median(rr_ms[max(0, i - 5) : i + 6]) for i in range(rr_ms.size)]
    near = np.convolve(odd, np.ones(5), "same")[1:] > 0
    return rr_ms, odd[1:] & (rr_ms < 0.85 * np.array(local)), ~near


def breathing_heart(rate, swing, breaths_per_minute, seed=0, seconds=300):
    rng = np.random.default_rng(seed)
    t, rr_ms = 0.0, []
    while t < seconds:
        phase = 2 * np.pi * breaths_per_minute / 60 * t
        bpm = rate + swing / 2 * (np.sin(phase) + 0.15 * np.sin(2 * phase)) + rng.normal(0, 0.4)
        rr_ms.append(round(61440 / bpm) * 125 / 128)
        t += rr_ms[-1] / 1000
    return np.array(rr_ms)


def test_premature_beats_of_real_hearts_are_found_and_normal_ones_left_alone(data):
    found = premature_count = false = clean_count = 0
    for record in RECORDS:
        rr_ms, premature, clean = labelled(data, record)
        odd = flagged(rr_ms)
        found += int(np.sum(odd & premature))
        premature_count += int(np.sum(premature))
        false += int(np.sum(odd & clean))
        clean_count += int(np.sum(clean))
    assert found / premature_count >= 0.97
    assert 1 - false / clean_count >= 0.999


@pytest.mark.parametrize(
    "name", ["rr/polar_h10_slow_breathing.csv", "breathing/physio_ecg2_rr_ms.txt"]
)
def test_slow_breathing_of_real_hearts_is_not_touched(data, name):
    path = data / name
    columns = np.loadtxt(path, delimiter=",", skiprows=1) if path.suffix == ".csv" else None
    rr_ms = np.loadtxt(path) if columns is None else columns[:, 1]
    assert np.mean(flagged(rr_ms)) <= 0.002


def test_big_swings_of_slow_breathing_are_left_alone():
    odd = [
        flagged(breathing_heart(rate, swing, pace))
        for rate in (55, 65, 75, 85, 95)
        for swing in (10, 20, 30, 45)
        for pace in (3.5, 5, 6, 8)
        if swing < 0.7 * rate
    ]
    assert np.mean(np.concatenate(odd)) <= 0.001


def test_a_strong_young_heart_that_follows_the_guide_is_left_alone():
    person = Person(amplitude_bpm=16.0, jitter_ms=6.0)
    guide = lambda t: 0.5 - 0.5 * np.cos(2 * np.pi * t / 10)  # noqa: E731
    ticks = [beat.ticks for beat in HeartModel(person, 3, guide).advance(420)]
    assert np.mean(flagged(np.diff(ticks) * 125 / 128)) <= 0.005


def test_one_step_of_slow_breathing_in_a_single_beat_is_normal():
    breath = [1010, 960, 850, 740, 660, 612, 1131, 1120, 1080, 1040]
    assert set(verdicts(breath * 6)) == {"normal"}


def test_dropped_beats_that_go_on_are_a_rhythm_and_so_is_the_way_back():
    # Every second beat blocked for a while: twice the interval, as if each were missed.
    quick = [900.0, 940.0, 880.0, 920.0] * 6
    slow = [1690.0, 1730.0, 1760.0, 1700.0] * 5
    told = verdicts(quick + slow + quick)
    assert told == ["normal"] * len(told)


def test_a_beat_back_to_where_the_rhythm_never_was_is_odd_and_one_within_it_is_not():
    breath = [1010, 960, 850, 740, 660, 612, 1131, 1120, 1080, 1040]
    odd = breath * 5 + breath[:4] + [740 + 660, 612] + breath[6:] + breath
    told = verdicts(odd)
    assert told[54] == "missed"
    assert [i for i, verdict in enumerate(told) if verdict != "normal"] == [54]


def test_premature_beats_in_a_restless_rhythm_are_expected_once_they_come_often():
    rng = np.random.default_rng(2)
    rr_ms = []
    for _ in range(120):
        length = 780 * np.exp(rng.normal(0, 0.07))
        rr_ms += [length * 0.72, length * 1.28]
    odd = flagged(np.array([800.0] * 6 + rr_ms))
    assert odd[-120:].mean() > 0.95


@given(st.lists(st.floats(-0.35, 0.35), min_size=5, max_size=60), st.integers(500, 1200))
def test_most_beats_are_judged_in_short_and_exactly_as_in_full(steps, start_ms):
    class ThoroughJudge(BeatJudge):
        def _is_plain(self):
            return False

    rr_ms = np.clip(start_ms * np.exp(np.cumsum(steps)), 250, 2900)
    court, told = ThoroughJudge(), []
    for beat in timed(rr_ms):
        told += court.feed(beat)
    assert told + court.flush() == judge(timed(rr_ms))


@pytest.mark.parametrize("source", [(65, 12, 6), (60, 20, 5), (80, 5, 14)])
def test_missed_and_extra_beats_are_found(source):
    rng = np.random.default_rng(4)
    rr_ms = breathing_heart(*source, seconds=1800)
    broken, marks = [], []
    i = 0
    while i < rr_ms.size:
        fault = (
            rng.random() < 0.03
            and i + 1 < rr_ms.size
            and (not marks or len(broken) - marks[-1][0] > 6)
        )
        if fault and rng.random() < 0.5:
            marks.append((len(broken), "missed"))
            broken.append(rr_ms[i] + rr_ms[i + 1])
            i += 2
        elif fault:
            marks.append((len(broken), "extra"))
            part = rng.uniform(0.15, 0.85)
            broken += [rr_ms[i] * part, rr_ms[i] * (1 - part)]
            i += 1
        else:
            broken.append(rr_ms[i])
            i += 1
    odd = flagged(broken)
    found = [odd[at] or (kind == "extra" and odd[at + 1]) for at, kind in marks]
    assert len(marks) > 30
    assert np.mean(found) >= 0.995


@pytest.mark.parametrize(
    ("rr_ms", "expected", "nn_ms"),
    [
        ([1600.0], ["missed"], [(800.0, 800.0)]),
        ([2400.0], ["missed"], [(800.0, 800.0, 800.0)]),
        ([500.0, 300.0], ["extra", "extra"], [(), (800.0,)]),
        ([720.0, 80.0], ["extra", "extra"], [(), (800.0,)]),
        ([560.0, 1040.0], ["ectopic", "ectopic"], [(800.0,), (800.0,)]),
        ([500.0, 480.0, 1100.0], ["ectopic"] * 3, None),
        ([4000.0], ["missed"], [(800.0,) * 5]),
        ([450.0], ["short"], [(450.0,)]),
        ([9000.0], ["noise"], [()]),
    ],
)
def test_each_kind_of_odd_beat_gets_its_verdict_and_its_intervals(rr_ms, expected, nn_ms):
    judged = judge(timed([800.0] * 6 + rr_ms + [800.0] * 4))
    odd = judged[6 : 6 + len(rr_ms)]
    assert [beat.verdict.value for beat in odd] == expected
    assert all(beat.verdict is Verdict.NORMAL for beat in judged[:6] + judged[6 + len(rr_ms) :])
    if nn_ms is not None:
        for beat, intervals in zip(odd, nn_ms, strict=True):
            assert beat.nn_ms == pytest.approx(intervals)


def test_bigeminy_stays_ectopic_however_long_it_lasts():
    judged = judge(timed([800.0] * 5 + [560.0, 1040.0] * 40 + [800.0] * 5))
    assert {beat.verdict for beat in judged[5:85]} == {Verdict.ECTOPIC}
    corrected = [nn for beat in judged[5:85] for nn in beat.nn_ms]
    assert np.allclose(corrected, 800.0)


def test_where_premature_beats_are_frequent_a_long_interval_is_the_pause_of_an_early_one():
    often = [740.0] * 12 + [540.0, 940.0, 740.0] * 12
    assert verdicts([*often, 700.0, 620.0, 1400.0, 740.0, 740.0, 740.0])[-5:-3] == ["ectopic"] * 2
    rarely = [740.0] * 48
    assert verdicts([*rarely, 700.0, 620.0, 1400.0, 740.0, 740.0, 740.0])[-4] == "missed"


def test_a_rhythm_that_changed_for_good_is_believed_after_a_few_beats():
    judged = verdicts([1700.0] * 10 + [900.0] * 20)
    assert judged[-12:] == ["normal"] * 12


def test_a_step_to_a_slower_rate_is_no_fault():
    assert set(verdicts([700.0] * 20 + [1000.0] * 10)) == {"normal"}


def test_a_rise_that_takes_some_beats_is_no_fault():
    rise = [1000.0] * 20 + [930.0, 830.0, 730.0, 650.0, 620.0] + [610.0] * 10
    assert set(verdicts(rise)) == {"normal"}


@pytest.mark.parametrize("beats", [3, 4, 5])
def test_a_run_of_premature_beats_is_found_and_its_time_is_kept(beats):
    run = [600.0] * beats + [1100.0]
    judged = judge(timed([900.0] * 20 + run + [900.0] * 10))
    odd = [beat.index for beat in judged if beat.verdict is not Verdict.NORMAL]
    assert set(range(20, 20 + beats)) <= set(odd) <= set(range(20, 21 + beats))
    assert all(judged[i].verdict is Verdict.ECTOPIC for i in range(20, 20 + beats))
    corrected = [nn for beat in judged[20 : 21 + beats] for nn in beat.nn_ms]
    assert sum(corrected) == pytest.approx(sum(run))
    assert min(corrected) > 750


def test_a_quicker_rhythm_that_stays_is_believed_after_two_runs():
    assert (
        verdicts([1000.0] * 20 + [600.0] * 20)
        == ["normal"] * 20 + ["ectopic"] * 6 + ["normal"] * 14
    )


def test_a_heart_that_was_as_quick_a_while_ago_may_be_so_again_at_once():
    """Slow breathing the other way round: down in one beat, back little by little."""
    breath = [1131.0, 612.0, 660.0, 740.0, 850.0, 960.0, 1010.0, 1060.0]
    assert set(verdicts(breath * 12)[8:]) == {"normal"}


def test_the_first_interval_of_a_record_is_not_odd_for_being_a_little_shorter():
    assert set(verdicts([1000.0, 1160.0, 1300.0, 1250.0, 1200.0])) == {"normal"}


def test_a_verdict_is_confirmed_after_two_more_beats():
    court, newest = BeatJudge(), -1
    for beat in timed([800.0, 560.0, 1040.0, 500.0, 300.0, 1600.0] * 30):
        for judged in court.feed(beat):
            assert judged.index == newest + 1
            newest = judged.index
        assert beat.index - newest <= 2


def test_nothing_is_judged_across_a_border_of_segments():
    court = BeatJudge()
    first = timed([800.0, 800.0, 800.0, 560.0])
    second = [TimedBeat(4, 20.0, 1040.0, 1)]
    judged = [beat for item in first + second for beat in court.feed(item)]
    assert [beat.index for beat in judged] == [0, 1, 2, 3]
    assert judged + court.flush() == judge(first + second)


def test_a_new_segment_begins_with_its_own_rhythm():
    first = timed([800.0] * 6 + [500.0, 480.0, 1100.0])
    second = [TimedBeat(9 + i, 20.0 + i, 1700.0, 1) for i in range(5)]
    assert {beat.verdict for beat in judge(first + second)[9:]} == {Verdict.NORMAL}


def test_runs_break_at_corrected_beats_and_at_segments():
    beats = timed([800.0] * 4 + [1600.0] + [800.0] * 3)
    later = [TimedBeat(8 + i, 20.0 + i, 810.0, 1) for i in range(3)]
    judged = judge(beats + later)
    assert [run.tolist() for run in runs_of_nn(judged)] == [[800.0] * 4, [800.0] * 3, [810.0] * 3]
    assert corrected_share(judged) == pytest.approx(1 / 11)
    assert corrected_share([]) == 0.0
    assert runs_of_nn([]) == []


interval = st.one_of(
    st.floats(min_value=1, max_value=70_000), st.floats(min_value=300, max_value=1500)
)


@given(segments=st.lists(st.lists(interval, max_size=25), max_size=4))
def test_every_beat_is_judged_once_in_order_and_time_is_conserved(segments):
    beats, index, t = [], 0, 0.0
    for number, rr_list in enumerate(segments):
        for rr_ms in rr_list:
            t += rr_ms / 1000
            beats.append(TimedBeat(index, t, rr_ms, number))
            index += 1
    judged = judge(beats)
    assert [(b.index, b.t, b.rr_ms, b.segment) for b in judged] == [
        (b.index, b.t, b.rr_ms, b.segment) for b in beats
    ]
    counted = sum(b.rr_ms for b in judged if b.verdict is not Verdict.NOISE)
    assert sum(sum(b.nn_ms) for b in judged) == pytest.approx(counted)
    for beat in judged:
        assert beat.verdict is not Verdict.NORMAL or beat.nn_ms == (beat.rr_ms,)


def restless_steps(seed):
    """Breaths that fall and come back in one beat, each from and to another interval."""
    rng = np.random.default_rng(seed)
    rr_ms = []
    for _ in range(60):
        low, high = 612 + rng.normal(0, 40), 1131 + rng.normal(0, 60)
        fall = np.linspace(high, 0.86 * high, 4), np.linspace(0.84 * high, low, 6)
        rr_ms += [*(np.concatenate(fall) + rng.normal(0, 20, 10))]
    return np.array(rr_ms)


def test_a_step_that_came_with_earlier_breaths_is_left_alone():
    """Without the memory of steps 1.7 % of these were taken for premature beats."""
    odd = [flagged(restless_steps(seed))[50:].mean() for seed in range(6)]
    assert np.mean(odd) <= 0.006


def test_a_beat_missed_at_the_foot_of_a_step_is_found_by_the_steps_before():
    """The two intervals in one are about as long as the next of the step: 1268 ms for 1131."""
    breath = [1131, 1100, 1040, 990, 930, 860, 790, 740, 690, 650, 612]
    foot_lost = [*breath[:-2], breath[-2] + breath[-1]]
    told = verdicts(breath * 5 + foot_lost + breath * 3)
    assert [i for i, verdict in enumerate(told) if verdict != "normal"] == [64]
    assert told[64] == "missed"


def test_a_step_that_is_a_little_higher_than_the_others_hides_no_beat():
    breath = np.array([1131, 1100, 1040, 990, 930, 860, 790, 740, 690, 650, 612])
    rr_ms = [float(rr) for higher in (1.0, 1.02, 0.97, 1.04, 1.07) for rr in breath * higher]
    assert set(verdicts(rr_ms)) == {"normal"}


def feet_of_steps(rr_ms):
    """Return where a real slow breath begins to come back from its shortest interval."""
    inside = range(12, rr_ms.size - 6)
    shortest = (rr_ms[i] < 1.08 * rr_ms[i - 5 : i + 1].min() for i in inside)
    rises = (rr_ms[i + 1] > 1.1 * rr_ms[i] for i in inside)
    return [i for i, low, up in zip(inside, shortest, rises, strict=True) if low and up]


def with_early_beats(rr_ms, places, coupling):
    spoilt = rr_ms.copy()
    for i in places:
        spoilt[i] = coupling * rr_ms[i]
        spoilt[i + 1] = rr_ms[i] + rr_ms[i + 1] - spoilt[i]
    return spoilt


@pytest.mark.parametrize("coupling", [0.6, 0.65, 0.7, 0.75, 0.8])
def test_a_premature_beat_at_the_foot_of_a_real_breaths_step_is_seen(data, coupling):
    """Its pause is as long as the step and is followed by one as long: only the dip gives it away.

    By the pause alone, and by what steps came before, 24 of these 62 were seen at 0.8.
    """
    rr_ms = np.loadtxt(data / "breathing/physio_ecg2_rr_ms.txt")
    feet = feet_of_steps(rr_ms)
    assert len(feet) > 60
    seen, aside = 0, 0
    for i in feet:
        odd = flagged(with_early_beats(rr_ms, [i], coupling))
        seen += odd[i]
        aside += odd.sum() - odd[i : i + 2].sum()
    assert seen >= 0.98 * len(feet)
    assert aside == 0


def test_premature_beats_that_come_at_every_third_step_are_no_steps(data):
    rr_ms = np.loadtxt(data / "breathing/physio_ecg2_rr_ms.txt")
    places = feet_of_steps(rr_ms)[1::3]
    odd = flagged(with_early_beats(rr_ms, places, 0.72))
    assert odd[places].all()
    assert odd.sum() == 2 * len(places)


def test_an_extra_beat_too_soon_for_a_heart_is_no_premature_one():
    rr_ms = [944, 832, 730, 684, 673, 697, 585, 239, 965, 942, 923, 852]
    told = verdicts([842, 930, 950, 940, 900, *rr_ms])
    assert "ectopic" not in told
    assert told[11:13] == ["extra", "extra"]
