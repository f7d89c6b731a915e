"""What the practices have in common, read from the content once."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from biobreath.practice.calm import CalmWords, load_calm
from biobreath.practice.lessons import Lesson, Reference, load_lessons, load_references
from biobreath.practice.pack_check import Known
from biobreath.practice.pack_library import PackLibrary, load_packs
from biobreath.practice.pack_reading import BadPack, table_of
from biobreath.practice.pattern_library import PatternOffer, load_patterns
from biobreath.practice.patterns import Pattern
from biobreath.practice.person import Shared
from biobreath.practice.phases import Line
from biobreath.practice.plain_tables import BadTable, Table, as_table, several
from biobreath.practice.profile import Question
from biobreath.practice.safety import Safety, load_safety
from biobreath.practice.scales import Scale, load_scales
from biobreath.practice.stops import Stop, stops_of
from biobreath.practice.support import Trigger, triggers_of

_log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that a practice is played with."""

    library: PackLibrary
    scales: dict[str, Scale]
    safety: Safety
    stops: tuple[Stop, ...]
    offers: tuple[PatternOffer, ...]
    questions: tuple[Question, ...] = ()
    """What a person may be asked about themselves."""
    lessons: tuple[Lesson, ...] = ()
    references: Mapping[str, Reference] = field(default_factory=dict[str, Reference])
    triggers: tuple[Trigger, ...] = ()
    calm: CalmWords = field(default_factory=CalmWords)

    def shared(self, my_pace: float | None) -> Shared:
        """Return what every player needs; ``my_pace`` is the pace the person found (per minute)."""
        patterns: dict[str, Pattern | None] = {}
        for offer in self.offers:
            if offer.own_pace is None:
                patterns[offer.id] = offer.pattern
            elif my_pace is not None:
                patterns[offer.id] = offer.own_pace.pattern(my_pace, offer.id)
        ground = tuple(Line(line.at_s, line.text) for line in self.safety.ground)
        return Shared(self.stops, ground, patterns)


def load_content(assets: Path, own_packs: Path, lang: str = "en") -> Content:
    """Read the content; whatever cannot be read is left out, with a line in the log."""
    fixed, known = _fixed(assets / "content" / "en")
    return replace(fixed, library=load_packs(assets / "content", own_packs, known, lang))


@cache
def _fixed(folder: Path) -> tuple[Content, Known]:
    """Read what comes with the program once, and what packs may refer to; no packs yet."""
    stops = stops_of(_rows(folder / "safety.toml", "stop", Stop.from_table))
    offers = load_patterns(folder / "patterns.toml")
    scales = load_scales(folder / "scales.toml")
    fixed = Content(
        PackLibrary(()),
        scales,
        load_safety(folder / "safety.toml"),
        stops,
        offers,
        tuple(_rows(folder / "safety.toml", "question", Question.from_table)),
        load_lessons(folder / "lessons.toml"),
        load_references(folder / "refs.toml"),
        triggers=_triggers(folder / "safety.toml"),
        calm=load_calm(folder / "calm.toml"),
    )
    return fixed, _known(folder, offers, scales, stops)


def known_content(assets: Path) -> Known:
    """Return what a pack may refer to: what the checker of packs looks things up in."""
    content = load_content(assets, assets / "no packs of their own")
    folder = assets / "content" / "en"
    known = _known(folder, content.offers, content.scales, content.stops)
    packs = tuple(pack.id for pack in content.library.packs)
    return Known(known.patterns, known.scales, known.stops, known.refs, packs)


def _known(
    folder: Path,
    offers: tuple[PatternOffer, ...],
    scales: dict[str, Scale],
    stops: tuple[Stop, ...],
) -> Known:
    return Known(
        patterns=tuple(offer.id for offer in offers),
        scales=tuple(scales),
        stops=tuple(stop.id for stop in stops),
        refs=_ref_ids(folder / "refs.toml"),
    )


def _triggers(path: Path) -> tuple[Trigger, ...]:
    table = _table(path)
    try:
        return () if table is None else triggers_of(table)
    except ValueError as error:
        _log.warning("the cards of support could not be read (%s)", error)
        return ()


def _ref_ids(path: Path) -> tuple[str, ...]:
    table = _table(path)
    return tuple(as_table(table.get("ref", {}), "ref")) if table is not None else ()


def _table(path: Path) -> Table | None:
    try:
        return table_of(path.read_bytes())
    except (OSError, BadPack) as error:
        _log.warning("%s could not be read (%s)", path.name, error)
        return None


def _rows(path: Path, key: str, read: Callable[[Table], T]) -> list[T]:
    table = _table(path)
    found: list[T] = []
    if table is None:
        return found
    try:
        items = several(table, key, 100)
    except BadTable:
        return found
    for item in items:
        try:
            found.append(read(as_table(item, key)))
        except ValueError as error:
            _log.warning("%s: something was left out: %s", path.name, error)
    return found
