"""What a sitting sounds like: opened beside the window, which never waits for a sound card."""

import threading
from collections.abc import Callable

from biobreath.session.sitting import Sitting
from biobreath.settings import Settings
from biobreath.sound.bed import Bed
from biobreath.ui.bridge import Bridge

NO_SOUND = "No sound output was found. The breath goes on quietly."


class Sounding:
    """Sound for one sitting at a time."""

    def __init__(self, bridge: Bridge, notice: Callable[[str], None]) -> None:
        self._bridge = bridge
        self._notice = notice
        self.muted = False
        """Whether everything is silent for a while; tones and bed go on unheard."""
        self._stop: Callable[[], None] = _nothing

    def begin(self, sitting: Sitting, settings: Settings) -> None:
        """Let ``sitting`` be heard, if the person wants to hear anything."""
        self.end()
        bed = Bed(settings.bed)
        if not settings.volume_percent or not (settings.tones or bed is not Bed.NONE):
            return
        over = threading.Event()
        opened = threading.Thread(
            target=self._play, args=(sitting, settings, over), name="sound", daemon=True
        )
        self._stop = over.set
        opened.start()

    def end(self) -> None:
        """Grow silent."""
        stop, self._stop = self._stop, _nothing
        stop()

    def _play(self, sitting: Sitting, settings: Settings, over: threading.Event) -> None:
        """Open the output, wait for the end, close it; in a thread of its own."""
        from biobreath.sound.player import Mixer, NoSound, Player, SoundWish

        wish = SoundWish(settings.tones, Bed(settings.bed), settings.volume_percent / 100.0)
        mixer = Mixer(sitting.cue_for_sound, sitting.now, wish, lambda: self.muted)
        try:
            player = Player(mixer)
        except NoSound:
            self._bridge.hand_over(lambda: self._notice(NO_SOUND))
            return
        over.wait()
        player.close()


def _nothing() -> None:
    """Stop nothing: there is no sound."""
