"""Facts of the sensor on their way to the window: at once, or in bunches while nobody looks.

Threads that wake each other cost more than what they do with a fact. What is unseen may wait some
seconds for others of its kind, so that a hidden window leaves the processor asleep.
"""

from collections import deque
from collections.abc import Callable

from biobreath.events import Event, HeartRateMeasurement, StreamFrame
from biobreath.session.sitting import Sitting
from biobreath.ui.bridge import Bridge

MOST_AGE_S = 9.0
"""How long the first of a bunch waits, in session time, where no look takes it sooner: an unseen
screen looks every five seconds, and one wake for both is cheaper than two."""


class Inbox:
    """Filled in the sensor's thread, emptied in the window's, in the order of the facts."""

    def __init__(self, bridge: Bridge, take: Callable[[Sitting, Event], None]) -> None:
        self._bridge = bridge
        self._take = take
        self._waiting: deque[tuple[Sitting, Event]] = deque()
        self._first_t = 0.0
        self._unhurried = False

    def put(self, sitting: Sitting, fact: Event) -> None:
        """Have ``fact`` taken in the window's thread; how the link stands never waits."""
        if not self._waiting:
            self._first_t = fact.t
        # In this order: who catches up after the question finds the fact already there.
        self._waiting.append((sitting, fact))
        is_plain = isinstance(fact, HeartRateMeasurement | StreamFrame)
        if self._unhurried and is_plain and fact.t - self._first_t < MOST_AGE_S:
            return
        self._bridge.hand_over(self.empty)

    def empty(self) -> None:
        """Take what waits; in the window's thread."""
        try:
            while self._waiting:
                self._take(*self._waiting.popleft())
        finally:
            if self._waiting:  # one could not be taken; the others need not wait for that
                self._bridge.hand_over(self.empty)

    def catch_up(self, *, seen: bool) -> None:
        """Take what waits, and from now on wait only where nobody sees it."""
        self._unhurried = not seen
        self.empty()
