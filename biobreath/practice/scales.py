"""The questions that are answered with a number, as the content words them."""

import logging
from dataclasses import dataclass
from pathlib import Path

from biobreath.practice.pack_reading import BadPack, table_of
from biobreath.practice.plain_tables import BadTable, Table, as_table, several, whole, words

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scale:
    """One question; ``words`` names every number where the ends alone would not do.

    Any of them may be skipped, which is None and never 0.
    """

    id: str
    ask: str
    low: str
    high: str
    lowest: int = 0
    highest: int = 10
    step: int = 1
    words: tuple[str, ...] = ()
    off: bool = False
    """Whether it is only asked where the person switched it on."""

    @classmethod
    def from_table(cls, table: Table) -> "Scale":
        """Read one ``[[scale]]``; raise ``BadTable`` in plain words."""
        named = tuple(
            words({"words": item}, "words", most=60)
            for item in (several(table, "words", 20) if "words" in table else ())
        )
        lowest, highest = whole(table, "min", -100, 100), whole(table, "max", -100, 100)
        step = whole(table, "step", 1, 100) if "step" in table else 1
        if highest <= lowest or (highest - lowest) % step:
            raise BadTable("“min”, “max” and “step” do not go together")
        if named and len(named) != (highest - lowest) // step + 1:
            raise BadTable("“words” needs one for every number")
        return cls(
            id=words(table, "id", most=40),
            ask=words(table, "ask"),
            low=words(table, "low", most=80, empty=bool(named)),
            high=words(table, "high", most=80, empty=bool(named)),
            lowest=lowest,
            highest=highest,
            step=step,
            words=named,
            off=words(table, "default", most=20, empty=True) == "off",
        )

    @property
    def values(self) -> tuple[int, ...]:
        """Every number that may be chosen."""
        return tuple(range(self.lowest, self.highest + 1, self.step))


def load_scales(path: Path) -> dict[str, Scale]:
    """Read the scales by their ids; what cannot be read is left out and written to the log."""
    try:
        items = several(table_of(path.read_bytes()), "scale", 100)
    except (OSError, BadPack, BadTable) as error:
        _log.warning("the scales could not be read (%s)", error)
        return {}
    found: dict[str, Scale] = {}
    for item in items:
        try:
            scale = Scale.from_table(as_table(item, "a scale"))
        except BadTable as error:
            _log.warning("a scale was left out: %s", error)
        else:
            found[scale.id] = scale
    return found


def plain_scale(scale_id: str) -> Scale:
    """Return a scale for an id that no content words."""
    return Scale(scale_id, f"How much {scale_id.replace('_', ' ')} right now?", "None", "Very much")
