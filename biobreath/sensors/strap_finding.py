"""How the person's strap is found: on the air, or among the links that the system still holds."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

from biobreath.addresses import last_digits, same_address
from biobreath.events import LinkReason
from biobreath.sensors.finder import (
    UNAVAILABLE_REASONS,
    BluetoothTrouble,
    Sighting,
    adapters_in_use,
    bluetooth_state,
    left_over_links,
    next_before,
    scanning,
)
from biobreath.sensors.listening import StrapTimings

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Wanted:
    """Which strap it is; an address once known never changes, whoever else has the same name."""

    address: str | None
    name: str

    def settle_on(self, sighting: Sighting) -> None:
        """Take this strap, and no other from now on."""
        if self.address is None:
            self.address = sighting.strap.address
            _log.info("Took the strap …%s.", last_digits(self.address))
        self.name = self.name or sighting.strap.name

    def is_it(self, sighting: Sighting) -> bool:
        """Tell whether it is the strap that is meant."""
        return self.address is not None and same_address(self.address, sighting.strap.address)


class StrapFinding:
    """Finds one strap again and again, and remembers how this system wants to be asked."""

    def __init__(self, wanted: Wanted, timings: StrapTimings, begun: Callable[[], None]) -> None:
        """``begun`` is called whenever a scan has begun: Bluetooth can be used."""
        self._wanted = wanted
        self._timings = timings
        self._begun = begun
        self.trusts_left_over = True
        """Whether a link that the system still holds may be the strap."""
        self.connects_in_search = False
        """Whether the system forgets devices as soon as the search ends."""

    async def find(self, search: contextlib.AsyncExitStack) -> Sighting:
        """Find the strap; ``search`` still goes on where the system forgets what it found."""
        adapters = await adapters_in_use()
        links = await left_over_links(adapters)
        if self.trusts_left_over and (known := self._left_over_among(links)) is not None:
            return self._settled(known)
        heard = await search.enter_async_context(scanning(adapters))
        self._begun()
        sighting = await self._sighted(heard)
        if sighting is None or not self.connects_in_search:
            # Most radios connect better when they do not listen for others.
            await search.aclose()
        if sighting is None:
            sighting = self._left_over_among(await left_over_links(adapters))
        if sighting is None:
            raise BluetoothTrouble(await self._why_not_found())
        return self._settled(sighting)

    def _left_over_among(self, links: list[Sighting]) -> Sighting | None:
        if self._wanted.address is None:
            return links[0] if len(links) == 1 else None
        return next((link for link in links if self._wanted.is_it(link)), None)

    async def _sighted(self, heard: asyncio.Queue[Sighting]) -> Sighting | None:
        """Wait for the wanted strap; where none is wanted yet, take the strongest of a moment."""
        begun = asyncio.get_running_loop().time()
        best: Sighting | None = None
        while True:
            wait_s = self._timings.scan_s if best is None else self._timings.choose_s
            sighting = await next_before(heard, begun + wait_s)
            if sighting is None:
                return best
            if self._wanted.is_it(sighting):
                return sighting
            if self._wanted.address is None and _is_stronger(sighting, best):
                best = sighting

    async def _why_not_found(self) -> LinkReason:
        """Bluetooth that is switched off during a scan ends it without a word."""
        reason = await bluetooth_state()
        return reason if reason in UNAVAILABLE_REASONS else LinkReason.NOT_FOUND

    def _settled(self, sighting: Sighting) -> Sighting:
        self._wanted.settle_on(sighting)
        return sighting


def _is_stronger(sighting: Sighting, best: Sighting | None) -> bool:
    if best is None or best.strap.signal_dbm is None:
        return True
    signal_dbm = sighting.strap.signal_dbm
    return signal_dbm is not None and signal_dbm > best.strap.signal_dbm
