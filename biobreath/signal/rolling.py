"""Time-domain HRV over a moving window, beat by beat: the same numbers as ``hrv``, at any length.

Every sum is kept in whole numbers, in which a float interval is exact, so what was added and taken
away a hundred thousand times leaves nothing behind. A beat costs the same after a day as at first.
"""

import math
from collections import deque
from dataclasses import dataclass

from biobreath.signal.hrv import long_axis_ms

_SCALE = 1 << 52
"""An interval of 1 ms and more is a whole multiple of 2⁻⁵² ms."""
_PNN_MS = 50.0


@dataclass(frozen=True, slots=True)
class _Beat:
    t: float
    nn: int
    step: int | None
    """Difference to the interval before, None where none may be taken."""
    is_large: bool


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
        self._before: int | None = None
        self._sum = self._squares = 0
        self._steps = self._step_sum = self._step_squares = self._large = 0

    def add(self, t: float, nn_ms: float) -> None:
        """Take the next accepted interval (ms, at least 1), which ended at ``t`` (s)."""
        nn = int(nn_ms * _SCALE)
        step = None if self._before is None else nn - self._before
        self._before = nn
        is_large = step is not None and abs(step) > _PNN_MS * _SCALE
        self._count(_Beat(t, nn, step, is_large), 1)
        self.forget_until(t - self._window_s)

    def break_run(self) -> None:
        """Take no difference from the next interval to the one before: a gap or a rejected beat."""
        self._before = None

    def forget_until(self, t: float) -> None:
        """Drop what ended at ``t`` or before; a difference goes with its first interval."""
        while self._beats and self._beats[0].t <= t:
            self._count(self._beats[0], -1)
            if self._beats and self._beats[0].step is not None:
                first = self._beats[0]
                self._count(first, -1)
                self._count(_Beat(first.t, first.nn, None, is_large=False), 1, left=True)

    def _count(self, beat: _Beat, sign: int, *, left: bool = False) -> None:
        if sign < 0:
            self._beats.popleft()
        elif left:
            self._beats.appendleft(beat)
        else:
            self._beats.append(beat)
        self._sum += sign * beat.nn
        self._squares += sign * beat.nn * beat.nn
        if beat.step is not None:
            self._steps += sign
            self._step_sum += sign * beat.step
            self._step_squares += sign * beat.step * beat.step
            self._large += sign * beat.is_large

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


def _root(squares: int, n: int) -> float:
    # Division of whole numbers rounds once, at the end.
    return math.sqrt(squares / (n * _SCALE * _SCALE)) if n else math.nan


def _deviation(n: int, total: int, squares: int) -> float:
    if n < 2:
        return math.nan
    return math.sqrt((n * squares - total * total) / (n * (n - 1) * _SCALE * _SCALE))
