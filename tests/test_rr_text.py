"""Text recordings are read exactly, and what is no interval is never taken for one."""

import math
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobreath.store.rr_record import LONGEST_INTERVAL_MS, Gap, RrRecord, Unit
from biobreath.store.rr_text import parse_rr_text, read_rr_text, rr_text
from biobreath.store.unreadable import UnreadableRecording

DATA = Path(__file__).parent / "data"
REAL = ["936", "1020", "1078", "1054", "983", "990", "1001", "1010", "985", "970", "960", "975"]


def parsed(text, encoding="utf-8"):
    return parse_rr_text(text.encode(encoding))


def test_one_column_in_ms_is_kept_as_written():
    found = parsed("936\n1020.5\n1078.125\n")
    assert found.rr_ms.tolist() == [936.0, 1020.5, 1078.125]
    assert found.unit is Unit.MS
    assert found.beat_times_s == pytest.approx([0.936, 1.9565, 3.034625])
    assert (found.arrival_s, found.gaps, found.skipped) == (None, (), 0)


def test_seconds_become_ms_without_rounding():
    found = parsed("0.8828125\n1.001\n0.57\n8.6e-1\n")
    assert found.rr_ms.tolist() == [882.8125, 1001.0, 570.0, 860.0]
    assert found.unit is Unit.S


@pytest.mark.parametrize(
    "text",
    [
        "0,936\n1,0205\n1,078\n",
        "936,0\n1020,5\n1078\n",
        "RR (s)\n0.936\n1.0205\n1.078\n",
        "# made by a strap\n\n936.0\n% and so on\n1020.5\n1078\n",
        "\ufeff936\r\n1020.5\r\n1078\r\n",
        "936\r1020.5\r1078",
        "936 1020.5 1078 ",
        '"936"\n"1020.5"\n"1078"\n',
        "1;936\n2;1020,5\n3;1078\n",
        "936\t60\n1020.5\t60\n1078\t60\n",
        "RR-Intervalle\n936\n1020.5\n1078\n",
    ],
)
def test_the_common_ways_to_write_intervals_are_one(text):
    found = parsed(text)
    assert found.rr_ms.tolist() == [936.0, 1020.5, 1078.0]
    assert found.skipped == 0


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-8-sig"])
def test_every_encoding_of_plain_text_is_read(encoding):
    found = parsed("# Gürtel\n936\n1020\n", encoding)
    assert found.rr_ms.tolist() == [936.0, 1020.0]


def test_intervals_that_rise_are_still_intervals():
    assert parsed("700\n720\n740\n").rr_ms.tolist() == [700.0, 720.0, 740.0]


def test_a_list_in_few_lines_is_read():
    found = parsed("812 822 832 842 800\n812 833 801 799 800\n")
    assert found.rr_ms.size == 10
    assert parsed("812, 822, 832, 842").rr_ms.size == 4


def test_times_of_beats_are_kept():
    times = np.cumsum([float(v) for v in REAL]) / 1000 + 5
    rows = [f"{t:.3f}\t{rr}" for t, rr in zip(times, REAL, strict=True)]
    found = parsed("\n".join(rows))
    assert found.are_times_written
    assert found.arrival_s is None
    assert found.beat_times_s == pytest.approx(times)


def test_times_of_the_beat_before_are_moved_to_the_end_of_the_interval():
    ends = np.cumsum([float(v) for v in REAL]) / 1000
    rows = [
        f"{t - float(rr) / 1000:.3f} {float(rr) / 1000}" for t, rr in zip(ends, REAL, strict=True)
    ]
    found = parsed("\n".join(rows))
    assert found.are_times_written
    assert found.beat_times_s == pytest.approx(ends)


def test_times_in_ms_and_two_whole_numbers_are_told_from_a_decimal_comma():
    ends = np.cumsum([int(v) for v in REAL])
    found = parsed("\n".join(f"{t},{rr}" for t, rr in zip(ends, REAL, strict=True)))
    assert found.rr_ms.tolist() == [float(v) for v in REAL]
    assert found.beat_times_s == pytest.approx(ends / 1000)


def test_a_hole_in_written_times_is_a_gap():
    ends = np.cumsum([float(v) for v in REAL]) / 1000
    ends[6:] += 20
    found = parsed("\n".join(f"{t:.3f};{rr}" for t, rr in zip(ends, REAL, strict=True)))
    assert found.segment.tolist() == [0] * 6 + [1] * 6
    assert found.gaps == (Gap(pytest.approx(ends[5]), pytest.approx(20.0)),)


def test_arrivals_stay_arrivals():
    found = parsed("arrival_s,rr_ms\n0.2212,936\n1.2566,1020\n2.2460,1078\n2.2460,1054\n")
    assert found.arrival_s.tolist() == [0.2212, 1.2566, 2.2460, 2.2460]
    assert not found.are_times_written
    assert found.beat_times_s[-1] == pytest.approx(4.088)


def test_the_sensor_logger_of_a_strap_is_read():
    found = parsed(
        "Phone timestamp;RR-interval [ms]\n"
        "2026-04-24T23:59:59.500;937\n2026-04-25T00:00:00.500;1012\n2026-04-25T00:00:01.600;990\n"
    )
    assert found.rr_ms.tolist() == [937.0, 1012.0, 990.0]
    assert found.arrival_s == pytest.approx([0.0, 1.0, 2.1])
    assert found.started == datetime.fromisoformat("2026-04-24T23:59:59.500")


def test_a_diary_of_events_gives_its_intervals_and_no_other_numbers():
    found = parsed(
        "event,value,timestamp\nPacerRate,6,2026-04-24T14:10:15\n"
        "InterBeatInterval,812,2026-04-24T14:10:16\n"
        "HeartRateVariability,31.5,2026-04-24T14:10:16\n"
        "Annotation,I coughed, twice,2026-04-24T14:10:16\n"
        "InterBeatInterval,833,2026-04-24T14:10:17\n"
    )
    assert found.rr_ms.tolist() == [812.0, 833.0]
    assert found.segment.tolist() == [0, 0]
    assert found.skipped == 0


def test_dates_with_zones_and_times_of_day_are_arrivals_too():
    zoned = parsed(
        "date,rr,since start\n2026-04-24 14:10:16 +0000,812,0\n2026-04-24 14:10:17 +0000,822,1000\n"
    )
    assert zoned.arrival_s.tolist() == [0.0, 1.0]
    night = parsed("23:59:59.5;812\n00:00:00.4;822\n00:00:01.4;830\n")
    assert night.arrival_s == pytest.approx([0.0, 0.9, 1.9])


def test_line_numbers_are_not_times():
    found = parsed("\n".join(f"{i} {rr}" for i, rr in enumerate(REAL)))
    assert found.rr_ms.size == len(REAL)
    assert found.arrival_s is None
    assert not found.are_times_written


def test_seconds_since_an_epoch_become_seconds_since_the_start():
    found = parsed("unix,rr\n1750000000.1,812\n1750000001.1,822\n1750000001.9,830\n")
    assert found.arrival_s is None or found.arrival_s[0] == 0.0
    named = parsed("timestamp,rr\n1750000000100,812\n1750000001100,822\n1750000002300,830\n")
    assert named.arrival_s == pytest.approx([0.0, 1.0, 2.2])


def test_beat_times_alone_become_intervals():
    times = [0.25] + [0.25 + 0.8 * k for k in range(1, 15)]
    rows = "".join(f"{t:.6f},N\n" for t in times)
    found = parsed("t_s,label\n" + rows)
    assert found.rr_ms == pytest.approx(np.full(14, 800.0))
    assert found.beat_times_s == pytest.approx(times[1:])
    assert found.skipped == 0


def test_what_is_far_too_long_is_a_gap_and_never_an_interval():
    found = parsed("800\n810\n225000\n790\n5000\n5001\n800\n")
    assert found.rr_ms.tolist() == [800.0, 810.0, 790.0, 5000.0, 800.0]
    assert found.segment.tolist() == [0, 0, 1, 1, 2]
    assert found.gaps == (Gap(1.61, 225.0), Gap(pytest.approx(232.4), pytest.approx(5.001)))
    assert found.beat_times_s[2] == pytest.approx(1.61 + 225 + 0.79)


def test_a_gap_before_the_first_beat_does_not_delay_it():
    found = parsed("451.0234375\n0.8828125\n0.890625\n")
    assert found.gaps == (Gap(0.0, 451.0234375),)
    assert found.segment.tolist() == [0, 0]
    assert found.beat_times_s[0] == pytest.approx(0.8828125)


def test_a_token_that_is_no_number_breaks_the_run_and_is_counted():
    found = parsed("800\n@\n@\n810\n0\n-5\n805\nnan\n1e9999\n800\n812\n799\n801\n")
    assert found.rr_ms.tolist() == [800.0, 810.0, 805.0, 800.0, 812.0, 799.0, 801.0]
    assert found.segment.tolist() == [0, 1, 2, 3, 3, 3, 3]
    assert found.skipped == 6
    assert all(math.isnan(gap.length_s) for gap in found.gaps)


def test_short_and_long_intervals_within_reach_of_a_heart_are_left_to_the_judge():
    assert parsed("800\n120\n3200\n4900\n805\n").rr_ms.tolist() == [800, 120, 3200, 4900, 805]


def test_lost_contact_is_a_gap():
    found = parsed("duration,offline\n812,0\n2012,1\n822,0\n")
    assert found.rr_ms.tolist() == [812.0, 822.0]
    assert found.gaps == (Gap(0.812, 2.012),)


@pytest.mark.parametrize(
    ("junk", "words"),
    [
        (b"", "empty"),
        (b"\n \n# only words\n", "empty"),
        (b"\x00" * 5000, "no heartbeat"),
        (b"hello\nworld\n", "no heartbeat"),
        (bytes(range(256)) * 40, "heartbeat"),
        (b"70\n71\n72\n70\n", "do not look like"),
        (b"0\n0\n0\n", "no heartbeat"),
        (b"451000\n", "heartbeat"),
        (b"t_s,airflow\n" + b"".join(b"%.3f,-17\n" % (k / 20) for k in range(500)), "signal"),
        (b"Phone timestamp;HR [bpm];HRV [ms]\n2026-04-24T14:10:16.752;70;\n", "heartbeat"),
    ],
)
def test_a_file_without_intervals_is_refused_in_one_sentence(junk, words):
    with pytest.raises(UnreadableRecording, match=words) as refused:
        parse_rr_text(junk)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_too_much_is_refused(monkeypatch):
    monkeypatch.setattr("biobreath.store.rr_text.LARGEST_FILE", 100)
    with pytest.raises(UnreadableRecording, match="larger"):
        parse_rr_text(b"800\n" * 50)
    monkeypatch.setattr("biobreath.store.rr_text.LARGEST_FILE", 1000)
    monkeypatch.setattr("biobreath.store.rr_text.MOST_INTERVALS", 20)
    with pytest.raises(UnreadableRecording, match="more heartbeats"):
        parse_rr_text(b"800\n" * 50)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path):
    with pytest.raises(UnreadableRecording, match="no file"):
        read_rr_text(tmp_path / "none.txt")
    with pytest.raises(UnreadableRecording, match="no file"):
        read_rr_text(tmp_path)
    with pytest.raises(UnreadableRecording):
        read_rr_text(Path("a\0b"))


def test_a_record_cannot_be_changed():
    found = parsed("800\n810\n")
    with pytest.raises(ValueError, match="read-only"):
        found.rr_ms[0] = 1.0


@given(st.lists(st.floats(240, 3000), min_size=1, max_size=60))
@settings(max_examples=100)
def test_what_is_written_is_read_again(rr_ms):
    found = parsed(rr_text(rr_ms))
    rises = len(rr_ms) >= 10 and all(a <= b for a, b in pairwise(rr_ms))
    if not rises:
        assert found.rr_ms.tolist() == rr_ms
        assert set(found.segment.tolist()) == {0}


def taken(data):
    """Read bytes; None where they are refused, as every reader of foreign files may."""
    try:
        return parse_rr_text(data)
    except UnreadableRecording:
        return None


def is_sound(found: RrRecord):
    n = found.rr_ms.size
    assert n > 0
    assert found.segment.size == found.beat_times_s.size == n
    assert np.all((found.rr_ms > 0) & (found.rr_ms <= LONGEST_INTERVAL_MS))
    assert np.all(np.isfinite(found.beat_times_s))
    assert np.all(np.diff(found.segment) >= 0)
    assert found.arrival_s is None or found.arrival_s.size == n


@given(st.binary(max_size=400))
@settings(max_examples=300)
def test_any_bytes_are_read_or_refused(data):
    found = taken(data)
    if found is not None:
        is_sound(found)


pieces = st.sampled_from(
    ["800", "0.81", "812,5", "1e5", "1e400", "-3", "@", "rr", "time", "event", ";", ",", "\t", " "]
    + ["\n"] * 8
    + ["2026-04-24T14:10:16", "2026-04-24T14:10:16+01:00", "0001-01-01T00:00:00+14:00"]
    + ["23:59:59", "99:99:99", "\0", "\u0663", "\u00bd", "InterBeatInterval", "offline", "#", '"']
    + ["event,value,timestamp\n", "999999999999999999999", "5001", "\x1c", "nan", "inf", "1_0"]
)


@given(st.lists(pieces, max_size=60).map("".join))
@settings(max_examples=500)
def test_any_text_that_looks_like_a_recording_is_read_or_refused(text):
    found = taken(text.encode())
    if found is not None:
        is_sound(found)


def test_a_whole_day_is_read():
    rng = np.random.default_rng(0)
    day = "".join(f"{v / 128:.8f}\n" for v in rng.integers(70, 150, 100_000))
    assert parsed(day).rr_ms.size == 100_000


def test_the_real_recordings_are_read_whole():
    day = read_rr_text(DATA / "rr" / "nsr012_first_2h_s.txt")
    assert day.unit is Unit.S
    assert day.rr_ms[0] == 882.8125
    assert day.gaps[0] == Gap(0.0, 451.0234375)
    strap = read_rr_text(DATA / "rr" / "polar_h10_slow_breathing.csv")
    assert strap.rr_ms.size == strap.arrival_s.size == 620
    assert strap.arrival_s[0] == 0.2212
    healthy = read_rr_text(DATA / "rr" / "healthy_000_first_2h_ms.txt")
    assert (healthy.rr_ms.size, healthy.skipped) == (7800, 0)
    with pytest.raises(UnreadableRecording, match="signal"):
        read_rr_text(DATA / "breathing" / "physio_ecg2_airflow_20hz.csv")
