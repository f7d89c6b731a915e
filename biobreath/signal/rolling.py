"""Time-domain HRV over a moving window, beat by beat: the same numbers as ``hrv``, at any length.

Every sum is kept in whole numbers, in which a float interval is exact, so what was added and taken
away a hundred thousand times leaves nothing behind. A beat costs the same after a day as at first.
"""

import math
from collections import deque
from dataclasses import dataclass

from biobreath.signal.hrv import long_axis_ms
from biobreath.signal.mended import LEAST_FOURS, TWO_LOST

_SCALE = 1 << 52
"""An interval of 1 ms and more is a whole multiple of 2⁻⁵² ms."""
_PNN_MS = 50.0
_REACH = 2
"""A third difference begins so many intervals, and one, before its last."""


@dataclass(slots=True)
class _Beat:
    """A measured interval with what reaches back from it, None where nothing may."""

    t: float
    nn: int
    step: int | None = None
    """Difference to the interval before."""
    bend: int | None = None
    """Third difference: of this interval and the three before."""
    mended: int | None = None
    """Twelve times what is known of the squares of three differences lost before it."""


class RollingHrv:
    """HRV of the last ``window_s`` seconds of accepted intervals (SCIENCE: Task Force 1996).

    Examples
    --------
    >>> rolling = RollingHrv(60.0)
    >>> for t, nn_ms in ((1.0, 1000.0), (2.1, 1100.0), (3.1, 1000.0)):
    ...     rolling.add(t, nn_ms)
    >>> round(rolling.rmssd_ms, 6)
    100.0
    """

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._beats: deque[_Beat] = deque()
        self._goes_on = False
        """Whether the next interval follows the newest, or what was lost after it."""
        self._lost = self._lost_sum = 0
        """How many intervals after the newest are known only in their sum, and that sum."""
        self._sum = self._squares = 0
        self._steps = self._step_sum = self._step_squares = self._large = 0
        self._bends = self._bend_squares = self._mends = self._mended = 0

    def add(self, t: float, nn_ms: float) -> None:
        """Take the next accepted interval (ms, at least 1), which ended at ``t`` (s)."""
        beats, new = self._beats, _Beat(t, int(nn_ms * _SCALE))
        if self._goes_on and beats:
            before = beats[-1]
            if not self._lost:
                new.step = new.nn - before.nn
                new.bend = self._bend(new.step)
            elif self._lost == TWO_LOST:
                new.mended = _known_squares(before.nn, self._lost_sum, new.nn)
        self.break_run()
        self._goes_on = True
        beats.append(new)
        self._sum += new.nn
        self._squares += new.nn * new.nn
        self._count_step(new, 1)
        self._count_bend(new, 1)
        self.forget_until(t - self._window_s)

    def add_lost(self, nn_ms: float) -> None:
        """Take a corrected interval (ms) of which only the sum with its neighbour was measured."""
        self._lost += 1
        self._lost_sum += int(nn_ms * _SCALE)

    def break_run(self) -> None:
        """Take no difference from the next interval to the one before: a gap or a rejected beat."""
        self._goes_on = False
        self._lost = self._lost_sum = 0

    def forget_until(self, t: float) -> None:
        """Drop what ended at ``t`` or before; a difference goes with its first interval."""
        beats = self._beats
        while beats and beats[0].t <= t:
            first = beats.popleft()
            self._sum -= first.nn
            self._squares -= first.nn * first.nn
            if beats:
                self._count_step(beats[0], -1)
                beats[0].step = beats[0].mended = None
            if len(beats) > _REACH:
                self._count_bend(beats[_REACH], -1)
                beats[_REACH].bend = None

    def _bend(self, step: int) -> int | None:
        """Return the third difference that ends with this step."""
        if len(self._beats) <= _REACH:
            return None
        before, first = self._beats[-1].step, self._beats[-2].step
        return None if before is None or first is None else step - 2 * before + first

    def _count_step(self, beat: _Beat, sign: int) -> None:
        if beat.step is not None:
            self._steps += sign
            self._step_sum += sign * beat.step
            self._step_squares += sign * beat.step * beat.step
            self._large += sign * (abs(beat.step) > _PNN_MS * _SCALE)
        if beat.mended is not None:
            self._mends += sign
            self._mended += sign * beat.mended

    def _count_bend(self, beat: _Beat, sign: int) -> None:
        if beat.bend is not None:
            self._bends += sign
            self._bend_squares += sign * beat.bend * beat.bend

    @property
    def count(self) -> int:
        """How many intervals the window holds."""
        return len(self._beats)

    @property
    def length_s(self) -> float:
        """Sum of the intervals in s."""
        return self._sum / (1000 * _SCALE)

    @property
    def mean_heart_rate_bpm(self) -> float:
        """60000 / mean interval; ``nan`` without intervals."""
        return 60_000.0 * self.count / (self._sum / _SCALE) if self._beats else math.nan

    @property
    def rmssd_ms(self) -> float:
        """Root mean square of successive differences, in ms."""
        return _root(self._step_squares, self._steps)

    @property
    def mended_rmssd_ms(self) -> float:
        """RMSSD with the differences beside corrected beats estimated (`mended`), in ms."""
        if not self._steps or not self._mends or self._bends < LEAST_FOURS:
            return self.rmssd_ms
        # All times twelve times the number of bends, so that whole numbers stay whole.
        squares = self._bends * (12 * self._step_squares + self._mended)
        squares += 2 * self._mends * self._bend_squares
        return _root(squares, 12 * self._bends * (self._steps + 3 * self._mends))

    @property
    def sdnn_ms(self) -> float:
        """Standard deviation of the intervals (ddof = 1), in ms."""
        return _deviation(self.count, self._sum, self._squares)

    @property
    def sdsd_ms(self) -> float:
        """Standard deviation of successive differences (ddof = 1), in ms."""
        return _deviation(self._steps, self._step_sum, self._step_squares)

    @property
    def pnn50_percent(self) -> float:
        """Share of successive differences above 50 ms, in percent of the differences."""
        return 100.0 * self._large / self._steps if self._steps else math.nan

    @property
    def sd1_ms(self) -> float:
        """Width of the Poincaré cloud: SDSD / √2, in ms."""
        return self.sdsd_ms / math.sqrt(2.0)

    @property
    def sd2_ms(self) -> float:
        """Length of the Poincaré cloud: √(2·SDNN² − SD1²), in ms."""
        return long_axis_ms(self.sdnn_ms, self.sd1_ms)


def _known_squares(first: int, both: int, last: int) -> int:
    """Return twelve times what is known of three squared differences (see `mended`)."""
    return 3 * (both - 2 * first) ** 2 + 3 * (2 * last - both) ** 2 - 2 * (last - first) ** 2


def _root(squares: int, n: int) -> float:
    # Division of whole numbers rounds once, at the end.
    return math.sqrt(squares / (n * _SCALE * _SCALE)) if n else math.nan


def _deviation(n: int, total: int, squares: int) -> float:
    if n < 2:
        return math.nan
    return math.sqrt((n * squares - total * total) / (n * (n - 1) * _SCALE * _SCALE))
