"""The guide's words, said for closed eyes: beside the window, one at a time or not at all."""

import threading
from collections.abc import Callable

from biobreath.practice.pacer import BreathPhase
from biobreath.session import words
from biobreath.session.sitting import Sitting
from biobreath.settings import Settings
from biobreath.sound.cues import Turns
from biobreath.sound.voice import Voice, Word, starts_in_s
from biobreath.ui.bridge import Bridge

NO_VOICE = "The voice cannot be heard just now. The breath goes on."
LOOK_S = 0.05
HANGS_S = 6.0
"""A word that is still being said after so long never will be; a voice may start slowly once."""
MOST_TROUBLES = 2
"""So many words in a row that nobody heard, and the voice is left in peace for this sitting."""


class Cues:
    """The words of one sitting; whoever owns it looks again and again."""

    def __init__(
        self, sitting: Sitting, voice: Voice, may: Callable[[], bool], ahead_s: float
    ) -> None:
        """``may`` tells whether a word may be said; ``ahead_s`` is how early one is begun."""
        self._sitting = sitting
        self._voice = voice
        self._may = may
        self._ahead_s = ahead_s
        self._turns = Turns()
        self._word: Word | None = None
        self._begun_s = 0.0
        self._troubles = 0

    @property
    def given_up(self) -> bool:
        """Whether the voice does not speak."""
        return self._troubles >= MOST_TROUBLES or not self._voice.there

    def look(self) -> None:
        """Say what is due now."""
        sitting, now = self._sitting, self._sitting.now()
        here = sitting.cue_for_sound(now)
        self._mind_the_word(now, resting=here is None)
        due = self._turns.due(here, sitting.cue_for_sound(now + self._ahead_s))
        if due is None or self._is_the_end(due):
            return
        word = self._voice.say_if_free(words.breath_part(due), self._may)
        if word is not None:
            self._word, self._begun_s = word, now

    def _mind_the_word(self, now: float, *, resting: bool) -> None:
        """Look after the word that is being said: it ends, hangs, or the guide comes to rest."""
        word = self._word
        if word is None:
            return
        if word.over:
            self._troubles = self._troubles + 1 if word.unheard else 0
            self._word = None
        elif now - self._begun_s > HANGS_S:
            self._troubles += 1
            self._word = None
            word.cut()
        elif resting:
            self._word = None
            word.cut()

    def _is_the_end(self, due: BreathPhase) -> bool:
        """Tell whether the in-breath that comes is one after the last."""
        left_s = self._sitting.left_s()
        return due is BreathPhase.INHALE and left_s is not None and left_s <= self._ahead_s


class Speaking:
    """Cues for one sitting at a time, in a thread of their own."""

    def __init__(
        self,
        bridge: Bridge,
        voice: Voice,
        notice: Callable[[str], None],
        may: Callable[[], bool],
    ) -> None:
        """``may`` tells whether a word may be said now; it is asked from another thread."""
        self._bridge = bridge
        self._voice = voice
        self._notice = notice
        self._may = may
        self._over = threading.Event()

    def begin(self, sitting: Sitting, settings: Settings) -> None:
        """Let the guide of ``sitting`` be heard in words, if the person wants it.

        A replay is looked at, not breathed with, and may run quicker than anybody speaks.
        """
        self._over.set()
        if not settings.spoken or not sitting.guided or not self._voice.there:
            return
        over = self._over = threading.Event()
        threading.Thread(target=self._speak, args=(sitting, over), name="cues", daemon=True).start()

    def end(self) -> None:
        """Say no more."""
        self._over.set()
        self._voice.be_silent()

    def _speak(self, sitting: Sitting, over: threading.Event) -> None:
        cues = Cues(sitting, self._voice, lambda: self._may() and not over.is_set(), starts_in_s())
        while not over.wait(LOOK_S):
            cues.look()
            if cues.given_up:
                self._bridge.hand_over(lambda: self._notice(NO_VOICE))
                return
