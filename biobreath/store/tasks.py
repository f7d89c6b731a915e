"""What waits for the writer of the library: facts, beginnings and ends, what is to be taken out."""

from dataclasses import dataclass

from biobreath.clock import WallTime
from biobreath.events import Event
from biobreath.store import journal
from biobreath.store.summary import Summary


@dataclass(frozen=True, slots=True)
class SittingStart:
    """What is known of a sitting when it begins."""

    uuid: str
    wall: WallTime
    practice: str
    source: str
    app_version: str
    device_name: str = ""
    device_id: str = ""
    settings_json: str = "{}"
    boot_id: str = ""


@dataclass(frozen=True, slots=True)
class Begin:
    """Open a sitting."""

    start: SittingStart


@dataclass(frozen=True, slots=True)
class End:
    """Close the open sitting at session time ``t``."""

    t: float
    summary: Summary | None


@dataclass(frozen=True, slots=True)
class SetSummary:
    """Write the numbers of a sitting."""

    session_id: int
    summary: Summary


@dataclass(frozen=True, slots=True)
class Delete:
    """Take a sitting out for good."""

    session_id: int


@dataclass(frozen=True, slots=True)
class Erase:
    """Take an entry of the journal out for good."""

    entry_id: int


@dataclass(frozen=True, slots=True)
class EraseAll:
    """Take everything out for good."""


@dataclass(frozen=True, slots=True)
class Gap:
    """So many facts between two session times could not be held."""

    t: float
    until_s: float
    facts: int


Task = Begin | End | SetSummary | Delete | Erase | EraseAll | Gap | journal.Draft | Event
