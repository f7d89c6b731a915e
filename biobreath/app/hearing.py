"""All that is heard in a sitting: tones and bed, spoken turns, recordings, the voice that reads."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from biobreath import places
from biobreath.app.sounding import Sounding
from biobreath.app.speaking import Speaking
from biobreath.app.ways import Ways
from biobreath.practice.packs import Pack
from biobreath.session.sitting import Sitting
from biobreath.sound.bed import Bed
from biobreath.sound.clips import Clips, find_clip
from biobreath.sound.player import SoundWish
from biobreath.sound.voice import Voice, voice_command
from biobreath.ui.bridge import Bridge
from biobreath.ui.parts import SOUND_IS_OFF
from biobreath.ui.window import Window

NO_SOUND = "No sound output was found. The breath goes on quietly."
_SOFT_BELL = "soft"
"""The one bell that packs may name; any other name is no bell."""


class Hearing:
    """Lets one sitting at a time be heard, and makes all of it silent with one key.

    Parameters
    ----------
    clips
        Plays recordings.
    kind_voice
        Plays the voice that the person brought along; False where there is none.
    """

    def __init__(
        self, ways: Ways, bridge: Bridge, clips: Clips, kind_voice: Callable[[], bool]
    ) -> None:
        self._ways = ways
        self._kind_voice = kind_voice
        self.clips = clips
        self.voice = Voice(voice_command())
        self.sound = Sounding(bridge, self._no_sound)
        self._no_output = False
        """Whether this sitting found no sound output."""
        self.cues = Speaking(bridge, self.voice, ways.notice, self.may_cue)

    def connect(self, window: Window) -> None:
        """Listen to the screens of a sitting; they are made anew with every theme."""
        window.practice.said.connect(self.say)
        window.practice.waits.connect(self.sound.ring)
        for view in (window.breathing, window.grounding, window.practice):
            view.mute_turned.connect(self._turn_mute)

    def prepare(self) -> None:
        """Begin unmuted: M is of the moment. Only who wanted silence on a hard day has it again."""
        self._no_output = False
        self.mute(muted=self._on_a_hard_day and self._ways.settings.quiet_on_hard_days)

    @property
    def _on_a_hard_day(self) -> bool:
        playing = self._ways.playing
        return playing is not None and playing.player.flare

    def begin(self, sitting: Sitting) -> None:
        """Let ``sitting`` be heard as the person chose."""
        self.sound.begin(sitting, self._wish())
        self.cues.begin(sitting, self._ways.settings)

    def end(self) -> None:
        """Let nothing be heard any more."""
        self.sound.end()
        self.cues.end()

    def end_reading(self) -> None:
        """Break off what is being read aloud: the practice is over."""
        self.voice.be_silent()
        self.clips.stop()

    def brings_sound(self, pack: Pack, *, flare: bool) -> bool:
        """Tell whether a practice is heard with the sound that it brings along.

        On a hard day it is, without any choice before: listening asks less than looking.
        """
        settings = self._ways.settings
        wanted = (flare or settings.practice_sound) and settings.volume_percent > 0
        return wanted and pack.bed in set(Bed) - {Bed.NONE}

    def _wish(self) -> SoundWish:
        """Return what is to be heard: with what a practice brings along, where wanted."""
        settings, playing = self._ways.settings, self._ways.playing
        wish = SoundWish(settings.tones, Bed(settings.bed), settings.volume_percent / 100)
        if playing is None:
            return wish
        pack, flare = playing.player.pack, playing.player.flare
        bed = Bed(pack.bed) if self.brings_sound(pack, flare=flare) else wish.bed
        # A hard day is no day for a bell.
        bell = settings.practice_sound and pack.bell == _SOFT_BELL and not flare
        return replace(wish, bed=bed, bell=bell)

    def _tell_player(self) -> None:
        """Let no sentence be about a sound that nobody hears."""
        playing = self._ways.playing
        if playing is None:
            return
        player = playing.player
        brought = self.brings_sound(player.pack, flare=player.flare)
        heard = brought and not self._no_output and not self.sound.muted
        player.tell_sound(playing.now(), heard=heard)

    def _no_sound(self) -> None:
        self._no_output = True
        self._tell_player()
        self._ways.notice(NO_SOUND)

    # -- reading aloud ---------------------------------------------------------------------

    def say(self, sentence: str, lead: str = "") -> None:
        """Let a sentence be heard: by whoever recorded it, else by the system's voice.

        Nobody recorded the ``lead``, such as the reply to a reason to stop: the voice says both.
        """
        settings = self._ways.settings
        if self.sound.muted or self._says_it_kindly(sentence) or not settings.speak:
            return
        self.clips.stop()
        clip = None if lead and self.voice.there else self._clip(sentence)
        if clip is None:
            self.voice.say(f"{lead} {sentence}".strip())
        else:
            self.clips.play(clip, settings.volume_percent / 100)
            self.voice.be_silent()  # last: no cue begins any more while a recording is played

    def _says_it_kindly(self, sentence: str) -> bool:
        """Let the voice that the person brought along be heard where it belongs."""
        playing = self._ways.playing
        if playing is None or not playing.player.asks_for_a_kind_voice(sentence):
            return False
        if heard := self._kind_voice():
            self.voice.be_silent()
        return heard

    def _clip(self, sentence: str) -> Path | None:
        if self._ways.playing is None:
            return None
        player = self._ways.playing.player
        said = [line.text for line in player.phase.lines]
        if sentence not in said:
            return None
        number = said.index(sentence) + 1
        return find_clip(places.audio_dirs(), player.pack.id, player.phase.id, number)

    def may_cue(self) -> bool:
        """Tell whether the guide may be heard in words now; safe from any thread."""
        return not (self.sound.muted or self.clips.playing)

    # -- silence ---------------------------------------------------------------------------

    def _turn_mute(self) -> None:
        """Make everything silent at once, or let it be heard again as it was."""
        muted = not self.sound.muted
        self.mute(muted=muted)
        self._ways.window.announce(SOUND_IS_OFF if muted else "sound is on")
        if self._on_a_hard_day:
            self._ways.choose(replace(self._ways.settings, quiet_on_hard_days=muted))

    def mute(self, *, muted: bool) -> None:
        """Make everything silent, or let it be heard again."""
        self.sound.muted = muted
        if muted:
            self.end_reading()
        self._tell_player()
        self._ways.window.show_muted(muted=muted)
