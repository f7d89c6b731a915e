"""Which session time a block of sound belongs to: smooth, and never far from the clock.

A sound card pulls blocks by its own crystal, in bursts. Following the clock at each pull would make
the breath shiver; counting samples alone would drift away. So samples are counted, and the count
leans towards the clock by a little each block.
"""

from dataclasses import dataclass

JUMP_S = 0.25
"""Further away than this the sound was held up, and goes on where the breath is."""
LEAN = 0.02
"""How much of the distance one block takes back."""


@dataclass(slots=True)
class Timeline:
    """The session time at the end of what has been rendered."""

    rate_hz: float
    ahead_s: float
    """How long rendered sound waits before it is heard."""
    _end_s: float | None = None

    def block(self, now_s: float, samples: int) -> tuple[float, float]:
        """Return the session times (s) of the first sample and of the end of the next block."""
        due_s = now_s + self.ahead_s
        if self._end_s is None or abs(due_s - self._end_s) > JUMP_S:
            self._end_s = due_s
        begin_s = self._end_s
        self._end_s = begin_s + samples / self.rate_hz + LEAN * (due_s - begin_s)
        return begin_s, self._end_s
