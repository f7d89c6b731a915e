"""Cards: something to read or to choose before a practice goes on."""

from dataclasses import dataclass
from enum import StrEnum


class CardKind(StrEnum):
    """What a card is about."""

    RED_FLAGS = "red_flags"
    SUPPORT = "support"
    EMERGENCY = "red_flags.emergency"
    OFFER = "offer"
    """A choice between two ways; ``Card.target`` is the one that is offered."""


@dataclass(frozen=True, slots=True)
class Card:
    """Something to read or to choose before it goes on; time stands still meanwhile."""

    kind: CardKind
    text: str = ""
    target: str = ""
