"""The breath as sound: smooth, distinct for in and out, and where the shape is."""

import random
from dataclasses import replace

import numpy as np
import pytest
from scipy import signal

from biobreath.app.hearing import NO_SOUND
from biobreath.practice.pacer import Pacer
from biobreath.practice.patterns import GENTLE, LONG_OUT, paced
from biobreath.session.sitting import Sitting
from biobreath.settings import Settings
from biobreath.sound.bed import Bed, bed
from biobreath.sound.bell import bell
from biobreath.sound.player import FADE_S, Mixer, NoSound, Player, SoundWish
from biobreath.sound.timeline import JUMP_S, Timeline
from biobreath.sound.tones import IN_HZ, OUT_HZ, SAMPLE_RATE_HZ, BreathTones, loudness

FS = SAMPLE_RATE_HZ
QUIET = 10 ** (-60 / 20)


def rendered(cue_at, seconds, block=1000):
    tones = BreathTones(cue_at)
    starts = np.arange(0, seconds * FS, block)
    return np.concatenate([tones.render(s / FS, (s + block) / FS, block) for s in starts])


def clicks(sound):
    """Return the loudest moment of what no note and no swell of one can hold: above 3 kHz."""
    high = signal.butter(4, 3000, "highpass", fs=FS, output="sos")
    return np.abs(signal.sosfilt(high, sound)).max()


def test_a_session_with_pauses_and_changes_of_pace_has_no_click():
    pacer = Pacer(LONG_OUT)
    slower = pacer.retuned(31.7, paced(4.5))
    gentle = slower.retuned(55.2, GENTLE)

    def cue_at(t):
        if 20.03 < t < 24.6:
            return None
        return (gentle if t >= 55.2 else slower if t >= 31.7 else pacer).at(t)

    assert clicks(rendered(cue_at, 80.0)) < QUIET


def test_a_note_that_begins_at_once_would_be_heard_as_a_click():
    t = np.arange(FS) / FS
    assert clicks(0.16 * np.cos(2 * np.pi * 264 * t)) > QUIET


def test_in_and_out_are_told_apart_by_their_notes():
    sound = rendered(Pacer(LONG_OUT).at, 10.0)

    def loudest_hz(part):
        strength = np.abs(np.fft.rfft(part * np.hanning(part.size)))
        return np.fft.rfftfreq(part.size, 1 / FS)[np.argmax(strength)]

    inhale, exhale = sound[: 4 * FS], sound[4 * FS : 10 * FS]
    assert min(abs(loudest_hz(inhale) - hz) for hz in IN_HZ) < 2
    assert min(abs(loudest_hz(exhale) - hz) for hz in OUT_HZ) < 2


def test_it_is_silent_at_the_turns_in_a_hold_and_at_rest():
    pacer = Pacer(replace(LONG_OUT, hold_empty_s=2.0))
    for t in (0.0, 4.0, 10.0, 11.0, 11.99):
        assert loudness(pacer.at(t)) == pytest.approx((0, 0, 0, 0), abs=1e-9)
    assert loudness(None) == (0, 0, 0, 0)
    assert not rendered(lambda _t: None, 0.5).any()


def test_blocks_of_any_size_make_the_same_sound():
    cue_at = Pacer(LONG_OUT).at
    whole, parts = rendered(cue_at, 8.0, 128), rendered(cue_at, 8.0, 1280)
    length = min(whole.size, parts.size)
    assert np.abs(whole[:length] - parts[:length]).max() < 1e-3


@pytest.mark.parametrize("kind", [Bed.BROOK, Bed.WIND, Bed.RAIN, Bed.SEA, Bed.PAD])
def test_a_bed_loops_without_a_seam(kind):
    loop = bed(kind)
    around = np.concatenate([loop[-2000:], loop[:2000]])
    step = np.abs(np.diff(around))
    assert step[1999] <= np.percentile(np.abs(np.diff(loop)), 99.99)
    assert np.abs(loop).max() < 0.5
    assert np.array_equal(loop, bed(kind))


def sea_of(cue_at, seconds):
    """Return the slow sea in a sitting, at full volume, from silence on."""
    clock = iter(np.arange(0, 10_000, 882 / FS))
    mixer = Mixer(cue_at, lambda: float(next(clock)), SoundWish(bed=Bed.SEA, volume=1.0))
    return np.concatenate([mixer.render(882) for _ in range(round(seconds * FS / 882))])


def test_the_sea_has_no_click_where_the_breath_is_paused_or_changed():
    pacer = Pacer(LONG_OUT)
    gentle = pacer.retuned(31.7, GENTLE)

    def cue_at(t):
        if 12.03 < t < 16.6:
            return None
        return (gentle if t >= 31.7 else pacer).at(t)

    assert clicks(sea_of(cue_at, 40.0)) < QUIET


def test_the_sea_would_click_if_its_waves_began_at_once(monkeypatch):
    monkeypatch.setattr("biobreath.sound.swell.QUICKEST_S", 1e-6)
    monkeypatch.setattr("biobreath.sound.swell.KNOT_SAMPLES", 1)

    def cue_at(t):
        return Pacer(LONG_OUT).at(4.0 if t % 0.5 < 0.25 else 0.0)

    assert clicks(sea_of(cue_at, 6.0)) > QUIET


def test_the_waves_come_with_the_in_breath_and_go_with_the_out_breath():
    sea = sea_of(Pacer(LONG_OUT).at, 41.0)
    t = np.arange(sea.size) / FS + 0.2  # it is rendered ahead of the moment it is heard
    full = np.abs(t % 10.0 - 4.0) < 0.7
    empty = (np.abs((t + 5.0) % 10.0 - 5.0) < 0.7) & (t > 2.0)
    assert np.std(sea[full]) > 2.0 * np.std(sea[empty])


def test_nothing_is_heard_of_no_bed():
    assert not bed(Bed.NONE).any()


def test_a_bell_comes_softly_and_dies_away():
    stroke = bell()
    silence = np.zeros(FS // 10, np.float32)
    assert clicks(np.concatenate([silence, stroke, silence])) < QUIET
    assert np.argmax(np.abs(stroke)) < 0.2 * FS
    assert np.abs(stroke[2 * FS :]).max() < 0.4 * np.abs(stroke).max() < 0.05


def belled(mixer, seconds):
    return np.concatenate([mixer.render(882) for _ in range(round(seconds * FS / 882))])


def test_a_bell_rings_at_the_beginning_and_when_it_is_told_and_never_over_itself():
    mixer = Mixer(lambda _t: None, lambda: 0.0, SoundWish(bell=True, volume=1.0))
    first = belled(mixer, 3.0)
    mixer.ring()  # while the first still sounds
    first = np.concatenate([first, belled(mixer, 3.0)])
    assert first.any()
    assert not first[round(5.1 * FS) :].any()
    mixer.ring()
    again = belled(mixer, 6.0)
    assert np.abs(again).max() == pytest.approx(np.abs(bell()).max(), rel=1e-3)
    assert clicks(np.concatenate([first, again])) < QUIET


def test_where_no_bell_is_wanted_none_rings():
    mixer = Mixer(lambda _t: None, lambda: 0.0, SoundWish(volume=1.0))
    mixer.ring()
    assert not belled(mixer, 1.0).any()


@pytest.mark.parametrize("off_ppm", [-200, 0, 200])
def test_half_an_hour_of_a_crystal_that_is_off_stays_with_the_shape(off_ppm):
    chance = random.Random(off_ppm)
    timeline = Timeline(FS, ahead_s=0.2)
    heard_s, worst = 0.0, 0.0
    ends = []
    while heard_s < 1800:
        # The card pulls when it has played a block, and the system is late by some ms.
        late_s = chance.uniform(0.0, 0.015)
        begin, end = timeline.block(heard_s + late_s, 2205)
        assert not ends or begin == ends[-1]
        ends.append(end)
        worst = max(worst, abs(begin - (heard_s + 0.2)))
        heard_s += 2205 / FS * (1 + off_ppm * 1e-6)
    assert worst < 0.03


def test_after_a_stall_the_sound_goes_on_where_the_breath_is():
    timeline = Timeline(FS, ahead_s=0.2)
    timeline.block(0.0, 441)
    begin, _ = timeline.block(10.0, 441)
    assert begin == pytest.approx(10.2)
    assert JUMP_S < 10


def test_the_mix_fades_in_and_out_and_never_clips():
    mixer = Mixer(Pacer(LONG_OUT).at, lambda: 0.0, SoundWish(tones=True, bed=Bed.RAIN, volume=1.0))
    mixed = np.concatenate([mixer.render(441) for _ in range(300)])
    assert np.abs(mixed[:441]).max() < np.abs(mixed).max() / 2
    assert np.abs(mixed).max() < 1.0
    mixer.fade_out()
    faded = np.concatenate([mixer.render(441) for _ in range(round(FADE_S * 100) + 2)])
    assert mixer.faded.is_set()
    assert not faded[-441:].any()


def test_it_plays_through_an_output_that_throws_everything_away():
    mixer = Mixer(Pacer(LONG_OUT).at, lambda: 0.0, SoundWish(tones=True))
    player = Player(mixer, discard=True)
    player.close()
    assert mixer.faded.is_set()


def test_without_an_output_it_says_so(monkeypatch):
    import miniaudio

    def none(*_args, **_kwargs):
        raise miniaudio.MiniaudioError("no device", -401)

    monkeypatch.setattr(miniaudio, "PlaybackDevice", none)
    with pytest.raises(NoSound):
        Player(Mixer(Pacer(LONG_OUT).at, lambda: 0.0, SoundWish(tones=True)))


def test_a_sitting_without_an_output_goes_on_with_one_quiet_notice(qapp, qtbot, monkeypatch):
    from biobreath.app.program import Program
    from biobreath.ui import theme as look

    monkeypatch.setattr("biobreath.sound.player.Player.__init__", _refuse)
    look.load_fonts()
    program = Program(qapp)
    qtbot.addWidget(program.window)
    program.open()
    program.choices.settings = replace(program.settings, tones=True)
    program.begin(LONG_OUT, 5)
    said = program.window.breathing._texts._notice
    qtbot.waitUntil(lambda: said.text() == NO_SOUND)
    assert isinstance(program.sitting, Sitting)
    program.close()


def _refuse(*_args, **_kwargs):
    raise NoSound


def test_sound_is_off_until_somebody_wants_it():
    settings = Settings()
    assert (settings.tones, settings.bed) == (False, "none")
