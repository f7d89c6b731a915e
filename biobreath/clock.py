"""Clocks: seconds since the sitting began, real, hurried, or as fast as the work goes."""

import asyncio
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Protocol


class Clock(Protocol):
    """Session time in seconds, and a way to wait for it."""

    @property
    def is_virtual(self) -> bool:
        """Whether time stands still while work is done."""
        ...

    def now(self) -> float:
        """Seconds since the sitting began."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for ``seconds`` of session time."""
        ...


def boot_seconds() -> float:
    """Seconds that go on in suspend where the system has such a clock, else monotonic seconds.

    Linux's CLOCK_MONOTONIC stops while the machine sleeps and CLOCK_BOOTTIME does not. On macOS
    CLOCK_MONOTONIC_RAW goes on (clock_gettime(3)), and ``time.monotonic``, which counts by
    mach_absolute_time, does not. On Windows ``time.monotonic`` goes on.
    """
    return time.monotonic() if _GOES_ON is None else time.clock_gettime(_GOES_ON)


def clock_that_goes_on(system: str = sys.platform) -> int | None:
    """Return the number of the clock to read on ``system``, None for the plain one."""
    name = {"linux": "CLOCK_BOOTTIME", "darwin": "CLOCK_MONOTONIC_RAW"}.get(system, "")
    return getattr(time, name, None)


_GOES_ON = clock_that_goes_on()
"""Looked up once: the frame clock asks every few milliseconds."""


class SessionClock:
    """Real time since it was made, times ``speed``."""

    is_virtual = False

    def __init__(self, speed: float = 1.0) -> None:
        if not speed > 0:
            raise ValueError("The speed of a session clock is above 0.")
        self._speed = speed
        self._origin = boot_seconds()

    def now(self) -> float:
        """Seconds of session time since the clock was made."""
        return (boot_seconds() - self._origin) * self._speed

    async def sleep(self, seconds: float) -> None:
        """Wait for ``seconds`` of session time."""
        await asyncio.sleep(max(0.0, seconds) / self._speed)


class VirtualClock:
    """A clock for one task that moves only by being waited for: as fast as the work goes."""

    is_virtual = True

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        """Seconds of session time waited so far."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Let ``seconds`` pass at once, giving other tasks a turn."""
        self._now += max(0.0, seconds)
        await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class WallTime:
    """The calendar moment at which a sitting began, with the offset that was in force."""

    utc_ms: int
    utc_offset_s: int
    tz_name: str

    def local(self) -> datetime:
        """Return the moment as the clock on the wall showed it."""
        zone = timezone(timedelta(seconds=self.utc_offset_s))
        return datetime.fromtimestamp(self.utc_ms / 1000, zone)

    def day_began_utc_s(self) -> float:
        """Return the last midnight here, in UTC seconds, also where clocks were changed since."""
        local = self.local()
        into_s = local.hour * 3600 + local.minute * 60 + local.second
        began = self.utc_ms // 1000 - into_s
        if time.localtime(self.utc_ms / 1000).tm_gmtoff != self.utc_offset_s:
            return float(began)  # a moment told by another clock than this computer's
        return float(began + self.utc_offset_s - time.localtime(began).tm_gmtoff)


def wall_time() -> WallTime:
    """Read the calendar: once, at the start of a sitting; durations never come from here."""
    now = datetime.now().astimezone()  # noqa: TID251
    offset = now.utcoffset()
    return WallTime(
        utc_ms=round(now.timestamp() * 1000),
        utc_offset_s=round(offset.total_seconds()) if offset else 0,
        tz_name=now.tzname() or "",
    )
