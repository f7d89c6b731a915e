"""Moves of one stretch of beats that are made for its newest beats at once and later for the rest.

A strap whose intervals are longer than time itself lets its line be moved again and again, each
time from the same beat on. Moving hours of beats a thousand times would cost ever more; only the
last minutes are looked at meanwhile. What is moved late is moved step by step all the same, so that
every time is the same to the last bit.
"""

from dataclasses import dataclass, replace

import numpy as np

from biobreath.signal.beats import JudgedBeat, Verdict
from biobreath.signal.time_base import GapFound


def moved_by(gap: GapFound, beat: JudgedBeat) -> JudgedBeat:
    """Return the beat where it stands now that the gap is known."""
    if beat.index < gap.first_index:
        return beat
    # The gap may lie between the halves of an extra beat: then their sum is no interval any more.
    torn = beat.index == gap.first_index and beat.verdict is Verdict.EXTRA and bool(beat.nn_ms)
    fits = beat.fits and not torn
    return replace(beat, t=beat.t + gap.shift_s, segment=gap.segment, fits=fits)


@dataclass(frozen=True, slots=True)
class _Block:
    """Beats from one position up to another; how many of the moves they have made."""

    start: int
    end: int
    made: int


class LateMoves:
    """Moves that all begin with the beat at ``position``, not yet made by those before ``end``."""

    def __init__(self, position: int, first: JudgedBeat) -> None:
        self.position = self.end = position
        self.first = first
        """The beat at ``position``, which makes every move at once."""
        self._moves: list[GapFound] = []
        self._blocks: list[_Block] = []

    def leave_until(self, end: int) -> None:
        """Leave the beats up to this position behind from now on."""
        if end > self.end:
            self._blocks.append(_Block(self.end, end, len(self._moves)))
            self.end = end

    def move(self, gap: GapFound) -> None:
        """Note a move."""
        self._moves.append(gap)
        self.first = moved_by(gap, self.first)

    def moved(self, beats: list[JudgedBeat]) -> list[JudgedBeat]:
        """Return the beats from ``position`` up to ``end`` where they stand after every move."""
        made: list[JudgedBeat] = []
        for block in self._blocks:
            late = beats[block.start : block.end]
            t = np.array([beat.t for beat in late])
            for gap in self._moves[block.made :]:
                t += gap.shift_s
            segment = self._moves[-1].segment
            made += (
                JudgedBeat(b.index, at, b.rr_ms, segment, b.verdict, b.nn_ms, b.fits)
                for b, at in zip(late, t.tolist(), strict=True)
            )
        made[0] = self.first
        return made
