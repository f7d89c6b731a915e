"""What the screen of a practice needs beside the player."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QPixmap

from biobreath.practice.calm import CalmScene
from biobreath.practice.ladder import Ladder, Step
from biobreath.practice.ladder_advice import Move, Today
from biobreath.practice.safety import Safety
from biobreath.practice.scales import Scale


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known of the person and of all practices, for one practice on the screen."""

    scales: Mapping[str, Scale]
    safety: Safety
    titles: Mapping[str, str]
    """Titles of all practices, for offers."""
    source_label: str = ""
    shape: str = "disc"
    ladder: Ladder | None = None
    today: Today | None = None
    calm_scene: CalmScene | None = None
    own_picture: QPixmap | None = None
    """What the person likes to see above the words, where nothing else is shown."""

    @property
    def step_at_hand(self) -> Step | None:
        """The step of the ladder one is at, else the one that is advised today."""
        ladder = self.ladder
        if ladder is not None and ladder.here is not None:
            found = ladder.step(ladder.here)
            if found is not None:
                return found
        return None if self.today is None else self.today.advice.step

    def is_variation(self, step: Step) -> bool:
        """Tell whether doing this step today is the varied way that was advised."""
        advice = None if self.today is None else self.today.advice
        if advice is None or advice.step is None or advice.move is not Move.VARY:
            return False
        return advice.step.id == step.id
