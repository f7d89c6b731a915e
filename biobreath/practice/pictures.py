"""The drawn pictures of body parts: which there are, and which side, turn and skin one shows."""

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Left or right, as the person in the picture has it."""

    LEFT = "left"
    RIGHT = "right"


ROTATIONS = (0, 90, 180, 270)
"""Degrees, clockwise."""
TONES = 5
"""How many skins a picture can have."""

VIEWS = {
    "hand": ("back", "palm"),
    "foot": ("top", "sole"),
    "back": ("turn", "bend"),
    "neck": ("turn", "tilt"),
}
"""The drawings of each part; every one is drawn as a right one and mirrored for the left."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A body part as it is shown: ``rotation`` in degrees clockwise, ``tone`` from 0."""

    part: str
    view: str
    side: Side
    rotation: int
    tone: int

    @property
    def id(self) -> str:
        """A name for records, such as ``hand-back-left-90``."""
        return f"{self.part}-{self.view}-{self.side}-{self.rotation}"

    @property
    def file(self) -> str:
        """The drawing in the assets, of the right side and upright."""
        return f"pictures/{self.part}-{self.view}.svg"
