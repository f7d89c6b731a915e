"""A sensor's own clock, held against the arrival of what it stamped.

A stamp says exactly how far two samples are apart, but not when they were: the sensor counts from
a day of its own, may be set anew at any time, and runs some tens of ppm fast or slow. An arrival is
on the session clock, but late by what the link took. The least lateness of the last minute joins
the two: the link is never faster than that, and the clocks hardly part within a minute.
"""

import math
from collections import deque

WINDOW_S = 60.0
"""Lags of this stretch tell where the sensor's clock stands."""
RESET_S = 5.0
"""Stamps that jump back, or ahead of their arrival, by more than this are of a clock set anew."""
_NS = 1_000_000_000


class SensorClock:
    """Sensor time in, session time out.

    What is returned is late by the link's shortest delay (some 10 ms), no more.

    Examples
    --------
    >>> clock = SensorClock()
    >>> clock.session_s(599_616_000_000_000_000, arrival_s=10.0)
    10.0
    >>> clock.session_s(599_616_001_000_000_000, arrival_s=11.4)
    11.0
    """

    def __init__(self) -> None:
        self._first_ns = 0
        self._newest_s = -math.inf
        self._lags: deque[tuple[float, float]] = deque()
        """Arrivals with their lags, both rising: the first lag is the least of the window."""

    def session_s(self, sensor_ns: int, arrival_s: float) -> float:
        """Take one stamp and its arrival; return when it was, in s on the session clock.

        Never later than ``arrival_s``. Differences of what is returned are those of the stamps,
        except where a packet quicker than all before it moves the line back.

        Parameters
        ----------
        sensor_ns
            The sensor's clock in ns; any whole number.
        arrival_s
            When the stamp arrived, in s on the session clock, not before the one before it.
        """
        sensor_s = (sensor_ns - self._first_ns) / _NS
        if not self._lags or self._is_set_anew(sensor_s, arrival_s):
            self._first_ns, sensor_s, self._newest_s = sensor_ns, 0.0, -math.inf
            self._lags.clear()
        self._note(sensor_s, arrival_s)
        return sensor_s + self._lags[0][1]

    def _is_set_anew(self, sensor_s: float, arrival_s: float) -> bool:
        back_s = self._newest_s - sensor_s
        early_s = self._lags[0][1] - (arrival_s - sensor_s)
        return max(back_s, early_s) > RESET_S

    def _note(self, sensor_s: float, arrival_s: float) -> None:
        lag_s = arrival_s - sensor_s
        self._newest_s = max(self._newest_s, sensor_s)
        while self._lags and self._lags[-1][1] >= lag_s:
            self._lags.pop()
        self._lags.append((arrival_s, lag_s))
        while self._lags[0][0] < arrival_s - WINDOW_S:
            self._lags.popleft()
