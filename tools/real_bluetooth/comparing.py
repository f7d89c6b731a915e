"""What the strap sent against what arrived: lost, doubled, foreign. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TypeVar

_T = TypeVar("_T", int, bytes)


class Fate(StrEnum):
    """What became of a packet, as the strap knows it."""

    NOTIFIED = "notified"
    """Sent to somebody who had subscribed, over a link in range."""
    OUT_OF_RANGE = "out of range"
    """Sent, but nobody was near enough to hear it."""
    NOT_SUBSCRIBED = "not subscribed"
    """Never sent: no link, or nobody who wanted it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two rows of things differ."""

    sent: int
    received: int
    lost: tuple[int, ...]
    """Which of those sent (by their place in the row) are not among those received in order."""
    doubled: int
    """Received once too often, or in the wrong place."""
    foreign: int
    """Received, though never sent."""

    @property
    def is_whole(self) -> bool:
        """Whether everything arrived exactly once and in order."""
        return not self.lost and self.nothing_added

    @property
    def nothing_added(self) -> bool:
        """Whether nothing arrived twice, in the wrong place, or from nowhere."""
        return self.doubled == 0 and self.foreign == 0


def compare(sent: Sequence[_T], received: Sequence[_T]) -> Comparison:
    """Lay what was received along what was sent."""
    blocks = SequenceMatcher(None, sent, received, autojunk=False).get_matching_blocks()
    matched_sent = {block.a + i for block in blocks for i in range(block.size)}
    matched_received = {block.b + i for block in blocks for i in range(block.size)}
    extra = [item for place, item in enumerate(received) if place not in matched_received]
    known = set(sent)
    return Comparison(
        sent=len(sent),
        received=len(received),
        lost=tuple(place for place in range(len(sent)) if place not in matched_sent),
        doubled=sum(item in known for item in extra),
        foreign=sum(item not in known for item in extra),
    )
