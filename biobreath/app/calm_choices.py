"""Between the card of what calms a person, the files that they bring, and the settings."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from biobreath.app import own_calm
from biobreath.settings import Settings
from biobreath.sound.clips import Clips
from biobreath.ui.calm_card import NOTHING, OWN
from biobreath.ui.window import Window


class CalmChoices:
    """Asks for files, keeps copies of them, and shows what there is; used in the window's thread.

    Parameters
    ----------
    window, settings
        Tell what they are now.
    choose
        Takes new settings.
    clips
        Plays the kind voice.
    """

    def __init__(
        self,
        window: Callable[[], Window],
        settings: Callable[[], Settings],
        choose: Callable[[Settings], None],
        clips: Clips,
    ) -> None:
        self._window, self._settings, self._choose, self._clips = window, settings, choose, clips

    def connect(self, window: Window) -> None:
        """Listen to the card of ``window``; it is made anew with every theme."""
        card = window.about_me.calm
        card.scene_chosen.connect(self._scene_chosen)
        card.picture_wanted.connect(self._ask_for_picture)
        card.voice_wanted.connect(self._ask_for_voice)
        card.voice_heard.connect(self.hear_voice)
        card.taken_away.connect(self._take_away)

    def show(self, trouble: str = "") -> None:
        """Show what is chosen and what there is; ``trouble`` says what could not be done."""
        card = self._window().about_me.calm
        picture, voice = own_calm.picture() is not None, own_calm.voice() is not None
        card.show_choice(self._settings().calm_scene, picture=picture, voice=voice)
        card.say(trouble)

    def _choose_scene(self, scene: str) -> None:
        self._choose(replace(self._settings(), calm_scene=scene))

    def _scene_chosen(self, scene: str) -> None:
        if scene == OWN and own_calm.picture() is None:
            self._ask_for_picture()
        else:
            self._choose_scene(scene)
            self.show()

    def _ask_for_picture(self) -> None:
        path = self._asked("Choose a picture", own_calm.PICTURES)
        if path is None:
            self.show()
        else:
            self.take_picture(path)

    def take_picture(self, path: Path) -> None:
        """Use a picture of the person's own, if it can be read."""
        trouble = own_calm.take_picture(path)
        if not trouble:
            self._choose_scene(OWN)
        self.show(trouble)

    def _ask_for_voice(self) -> None:
        path = self._asked("Choose a recording", own_calm.VOICES)
        if path is not None:
            self.show(own_calm.take_voice(path))

    def _asked(self, title: str, kinds: str) -> Path | None:
        path, _ = QFileDialog.getOpenFileName(self._window(), title, str(Path.home()), kinds)
        return Path(path) if path else None

    def hear_voice(self) -> bool:
        """Play the kind voice; False where there is none."""
        voice = own_calm.voice()
        if voice is None:
            return False
        self._clips.play(voice, self._settings().volume_percent / 100)
        return True

    def _take_away(self) -> None:
        self._clips.stop()
        own_calm.take_away()
        if self._settings().calm_scene == OWN:
            self._choose_scene(NOTHING)
        self.show()
