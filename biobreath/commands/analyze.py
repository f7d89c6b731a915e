"""``biobreath analyze``: a whole record in numbers."""

import gc
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from biobreath.commands.output import CannotDo, complain, say, say_json
from biobreath.commands.sources import read_file, read_sitting, session_number
from biobreath.events import Event
from biobreath.session.analysis import RecordAnalysis, analyse, trend
from biobreath.session.heart_track import HeartTrack

UNSURE_SHARE = 0.05

_LINES = (
    ("mean_hr_bpm", "mean heart rate", "{:.1f} a minute"),
    ("sdnn_ms", "SDNN", "{:.1f} ms"),
    ("sdnn_measured_ms", "SDNN, without corrected beats", "{:.1f} ms"),
    ("rmssd_ms", "RMSSD", "{:.1f} ms"),
    ("rmssd_measured_ms", "RMSSD, beside no corrected beat", "{:.1f} ms"),
    ("sdsd_ms", "SDSD", "{:.1f} ms"),
    ("pnn50_percent", "pNN50", "{:.1f} %"),
    ("sd1_ms", "SD1", "{:.1f} ms"),
    ("sd2_ms", "SD2", "{:.1f} ms"),
    ("vlf_ms2", "VLF power", "{:.0f} ms²"),
    ("lf_ms2", "LF power", "{:.0f} ms²"),
    ("hf_ms2", "HF power", "{:.0f} ms²"),
    ("lf_peak_hz", "LF peak", "{:.4f} Hz"),
    ("hf_peak_hz", "HF peak", "{:.4f} Hz"),
    ("sample_entropy", "sample entropy (m 2, r 0.2 SD)", "{:.3f}"),
    ("dfa_alpha1", "DFA α1 (4–16 beats)", "{:.3f}"),
    ("coherence", "rhythm coherence (64 s windows)", "{:.2f}"),
    ("breaths_per_minute", "breaths found in the heart", "{:.2f} a minute"),
)


def run(
    files: Sequence[str], *, as_json: bool, beats: bool, raw: bool, with_trend: bool = False
) -> int:
    """Analyse each file; one JSON object a line. A file that cannot be read does not stop the rest.

    Returns 1 when any file could not be read.
    """
    exit_code = 0
    for name in files:
        try:
            with nothing_to_collect():
                facts = _facts(name)
                numbers, track = analyse(facts, raw=raw)
        except CannotDo as trouble:
            complain(str(trouble))
            exit_code = 1
            continue
        if not numbers.beats:
            complain(f"“{name}” holds no beat-to-beat intervals.")
            exit_code = 1
        elif as_json:
            say_json(_object(name, numbers, track, beats=beats, with_trend=with_trend))
        else:
            _say(name, numbers, track, beats=beats, with_trend=with_trend)
    return exit_code


@contextmanager
def nothing_to_collect() -> Generator[None]:
    """Look for no garbage: a day is half a million objects that stay, and looking costs a fifth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _facts(name: str) -> Sequence[Event]:
    if (session_id := session_number(name)) is not None:
        return read_sitting(session_id)
    return read_file(Path(name))


def _object(
    name: str, numbers: RecordAnalysis, track: HeartTrack, *, beats: bool, with_trend: bool
) -> dict[str, object]:
    made: dict[str, object] = {"file": name, **asdict(numbers)}
    if beats:
        made["beat_list"] = [
            {"index": beat.index, "t": beat.t, "rr_ms": beat.rr_ms, "verdict": beat.verdict}
            for beat in track.beats
        ]
    if with_trend:
        made["trend"] = [asdict(point) for point in trend(track)]
    return made


def _say(
    name: str, numbers: RecordAnalysis, track: HeartTrack, *, beats: bool, with_trend: bool
) -> None:
    say(f"{name}: {numbers.beats} beats in {numbers.duration_s:.0f} s, {numbers.gaps} gaps")
    say(f"  {'corrected beats':34}{numbers.corrected_share * 100:.2f} %")
    if numbers.corrected_share > UNSURE_SHARE:
        say("  Many intervals were corrected: take every number below as unsure.")
    values = asdict(numbers)
    for key, title, form in _LINES:
        value = values[key]
        known = value == value  # nan is the only value unequal to itself
        say(f"  {title:34}{form.format(value) if known else 'not known'}")
    if with_trend:
        say("  minute, heart rate, SDNN and RMSSD of the five minutes before it:")
        for point in trend(track):
            told = (point.mean_hr_bpm, point.sdnn_ms, point.rmssd_ms)
            words = "\t".join(f"{value:.1f}" if value == value else "-" for value in told)
            say(f"{point.t / 60.0:.0f}\t{words}")
    if beats:
        for beat in track.beats:
            say(f"{beat.index}\t{beat.t:.3f}\t{beat.rr_ms:.3f}\t{beat.verdict}")
