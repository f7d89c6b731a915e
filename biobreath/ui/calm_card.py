"""What calms me: a picture behind the words of a practice, and a kind voice."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from biobreath.practice.calm import CalmScene
from biobreath.ui import theme as look
from biobreath.ui.flow import Flow
from biobreath.ui.option_button import ROOM
from biobreath.ui.parts import Card, PillButton, label
from biobreath.ui.theme import Theme

NOTHING, OWN = "none", "own"
_ABOUT = (
    "A quiet picture above the words of a practice, and a recording of a voice that you like: it is"
    " played with your own reasons to feel safe, and when you ground yourself. Both stay on this"
    " computer."
)


class CalmCard(Card):
    """Choices only: files are chosen and kept by the program."""

    scene_chosen = Signal(str)
    picture_wanted = Signal()
    voice_wanted = Signal()
    voice_heard = Signal()
    taken_away = Signal()

    def __init__(self, theme: Theme, scenes: Sequence[CalmScene]) -> None:
        super().__init__(theme)
        self.column.addWidget(label("What calms me", look.CARD_TITLE_PX, 700))
        self.column.addWidget(label(_ABOUT, tone="soft"))
        self._scenes: dict[str, PillButton] = {}
        pictures = Flow(hang=int(ROOM))
        named = [(NOTHING, "No picture"), *((one.id, one.name) for one in scenes)]
        for scene_id, name in [*named, (OWN, "My own picture")]:
            pill = PillButton(name, theme)
            pill.setCheckable(True)
            pill.setAccessibleName(f"{name}: the picture above the words")
            pill.clicked.connect(lambda _checked=False, one=scene_id: self._choose(one))
            self._scenes[scene_id] = pill
            pictures.addWidget(pill)
        self.column.addLayout(pictures)
        ways = Flow(hang=int(ROOM))
        self.hear = PillButton("Hear the voice", theme)
        self.away = PillButton("Take picture and voice away", theme)
        other = PillButton("Another picture", theme)
        voice = PillButton("Choose a kind voice", theme)
        for pill, signal in (
            (other, self.picture_wanted),
            (voice, self.voice_wanted),
            (self.hear, self.voice_heard),
            (self.away, self.taken_away),
        ):
            pill.clicked.connect(signal)
            ways.addWidget(pill)
        self._other = other
        self.column.addLayout(ways)
        self._trouble = label("", tone="soft")
        self._trouble.hide()
        self.column.addWidget(self._trouble)

    def _choose(self, scene_id: str) -> None:
        self.scene_chosen.emit(scene_id)

    def show_choice(self, scene_id: str, *, picture: bool, voice: bool) -> None:
        """Show what is chosen, and whether there are a picture and a voice of one's own."""
        for one, pill in self._scenes.items():
            pill.setChecked(one == scene_id)
        self._other.setVisible(picture)
        self.hear.setVisible(voice)
        self.away.setVisible(picture or voice)
        self.say("")

    def say(self, sentence: str) -> None:
        """Say what could not be done; nothing without it."""
        self._trouble.setText(sentence)
        self._trouble.setVisible(bool(sentence))
