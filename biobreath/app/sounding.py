"""What a sitting sounds like: opened beside the window, which never waits for a sound card."""

import threading
from collections.abc import Callable

from biobreath.session.sitting import Sitting
from biobreath.sound.player import Mixer, NoSound, Player, SoundWish
from biobreath.ui.bridge import Bridge


class Sounding:
    """Sound for one sitting at a time."""

    def __init__(self, bridge: Bridge, missing: Callable[[], None]) -> None:
        """``missing`` is called in the window's thread where there is no sound output."""
        self._bridge = bridge
        self._missing = missing
        self._mixer: Mixer | None = None
        self.muted = False
        """Whether everything is silent for a while; tones and bed go on unheard."""
        self._stop: Callable[[], None] = _nothing

    def begin(self, sitting: Sitting, wish: SoundWish) -> None:
        """Let ``sitting`` be heard, if there is anything to be heard."""
        self.end()
        if wish.silent:
            return
        over = threading.Event()
        opened = threading.Thread(
            target=self._play, args=(sitting, wish, over), name="sound", daemon=True
        )
        self._stop = over.set
        opened.start()

    def ring(self) -> None:
        """Let the bell be heard, where it is wanted."""
        if self._mixer is not None:
            self._mixer.ring()

    def end(self) -> None:
        """Grow silent."""
        stop, self._stop = self._stop, _nothing
        self._mixer = None
        stop()

    def _play(self, sitting: Sitting, wish: SoundWish, over: threading.Event) -> None:
        """Open the output, wait for the end, close it; in a thread of its own."""
        # Here, as a bed is half a second of work.
        mixer = Mixer(sitting.cue_for_sound, sitting.now, wish, lambda: self.muted)
        if not over.is_set():
            self._mixer = mixer
        try:
            player = Player(mixer)
        except NoSound:
            self._bridge.hand_over(lambda: None if over.is_set() else self._missing())
            return
        over.wait()
        player.close()


def _nothing() -> None:
    """Stop nothing: there is no sound."""
