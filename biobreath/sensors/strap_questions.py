"""What a strap is asked beside its beats: its battery, what it is, whether it is still there."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol

from biobreath.addresses import plain_name
from biobreath.clock import Clock
from biobreath.events import BatteryRead, DeviceDescribed, LinkReason
from biobreath.heart_rate_service import (
    BATTERY_UUID,
    FIRMWARE_UUID,
    MANUFACTURER_UUID,
    MEASUREMENT_UUID,
    MODEL_UUID,
)
from biobreath.sensors.finder import (
    UNAVAILABLE_REASONS,
    BluetoothTrouble,
    answered,
    knows_no_such_method,
)
from biobreath.sensors.listening import Listening, StrapTimings

Tell = Callable[[BatteryRead | DeviceDescribed], None]

BATTERY_EVERY_S = 300.0
_DESCRIPTION = (MANUFACTURER_UUID, MODEL_UUID, FIRMWARE_UUID)

_NO_LINE = UNAVAILABLE_REASONS - {LinkReason.BUSY} | {LinkReason.LINK_LOST}
"""What a question fails with when there is no line to the strap any more."""


class Askable(Protocol):
    """What is needed of a connected strap."""

    async def read_gatt_char(self, char_specifier: Any) -> bytearray:  # noqa: ANN401  one of several
        """Read a value."""
        ...


class Characteristic(Protocol):
    """Something that a strap can be asked for."""

    @property
    def uuid(self) -> str:
        """What it is."""
        ...

    @property
    def properties(self) -> Collection[str]:
        """What can be done with it."""
        ...


class StrapQuestions:
    """Questions to one strap, link after link; whatever goes wrong here, the beats go on."""

    def __init__(self, timings: StrapTimings, clock: Clock) -> None:
        self._timings = timings
        self._clock = clock
        self._battery_percent: int | None = None

    async def tell_more(self, strap: Askable, tell: Tell) -> None:
        """Ask for what is good to know, once, and for the battery again and again."""
        await self._tell_battery(strap, tell)
        described = [await self._read_text(strap, uuid) for uuid in _DESCRIPTION]
        if any(described):
            tell(DeviceDescribed(self._clock.now(), *described))
        while await self._tell_battery(strap, tell):
            await self._clock.sleep(BATTERY_EVERY_S)

    async def _tell_battery(self, strap: Askable, tell: Tell) -> bool:
        level = await self._read(strap, BATTERY_UUID)
        known = len(level) >= 1 and level[0] <= 100
        if known and level[0] != self._battery_percent:
            self._battery_percent = level[0]
            tell(BatteryRead(self._clock.now(), level[0]))
        return known

    async def _read_text(self, strap: Askable, uuid: str) -> str:
        return plain_name((await self._read(strap, uuid)).decode("utf-8", "replace"))

    async def _read(self, strap: Askable, uuid: str) -> bytes:
        """Read a characteristic; nothing where there is none or it does not answer."""
        try:
            read = strap.read_gatt_char(uuid)
            return bytes(await answered(read, self._timings.read_s, LinkReason.UNKNOWN))
        except BluetoothTrouble:
            return b""

    async def ask_in_silence(
        self,
        strap: Askable,
        there: Callable[[], Sequence[Characteristic]],
        listening: Listening,
        dead: Callable[[], None],
    ) -> None:
        """Ask a strap that fell silent if it is still there, long before the watchdog bites.

        Only an answer that there is no line any more is ``dead``; a strap that is out of reach,
        or has no battery to tell of, is given its time. ``there`` tells what it can be asked for.
        """
        while True:
            wait_s = listening.fresh_at + self._timings.ask_after_s - self._clock.now()
            await self._clock.sleep(wait_s if wait_s > 0 else self._timings.ask_after_s)
            if listening.is_worth_asking(self._clock.now()):
                listening.asked = True
                asked = _question_for(there())
                if asked is not None and await self._is_dead(strap, asked):
                    dead()

    async def _is_dead(self, strap: Askable, asked: Characteristic) -> bool:
        read = strap.read_gatt_char(asked)
        try:
            await answered(
                read, self._timings.read_s, LinkReason.UNKNOWN, gone=LinkReason.LINK_LOST
            )
        except BluetoothTrouble as trouble:
            if asked.uuid == MEASUREMENT_UUID and knows_no_such_method(trouble):
                return False  # There are services that only tell beats; this one answers.
            return trouble.reason in _NO_LINE
        return False


def _question_for(there: Sequence[Characteristic]) -> Characteristic | None:
    """Choose what a silent strap is asked for: its battery, or whatever else it lets us read.

    One that has nothing to read is asked for its beats: it says no, and so that it is there. Beats
    that could be read are not asked for, as they would count twice.
    """
    beats = [each for each in there if each.uuid == MEASUREMENT_UUID]
    readable = [each for each in there if "read" in each.properties]
    others = [each for each in readable if each not in beats]
    battery = [each for each in others if each.uuid == BATTERY_UUID]
    choice = battery or others or ([] if readable else beats)
    return choice[0] if choice else None
