"""The lessons on how pain works, and where what they say comes from."""

import logging
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from biobreath.practice.pack_reading import BadPack, table_of
from biobreath.practice.phase_reading import one_of, question_of
from biobreath.practice.phases import Question
from biobreath.practice.plain_tables import BadTable, Table, as_table, number, several, words

_log = logging.getLogger(__name__)

_LONGEST_TEXT = 4000


class Certainty(StrEnum):
    """How sure the field is of what a lesson says."""

    FIRM = "firm"
    FAIR = "fair"
    EARLY = "early"

    @property
    def words(self) -> str:
        """Say it plainly."""
        return {"firm": "well known", "fair": "fairly sure", "early": "early days"}[self.value]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson; a source is the id of a reference, or words of its own."""

    id: str
    title: str
    minutes: float
    certainty: Certainty
    points: tuple[str, ...]
    paragraphs: tuple[str, ...]
    checks: tuple[Question, ...]
    sources: tuple[str, ...]

    @classmethod
    def from_table(cls, table: Table) -> "Lesson":
        """Read one ``[[lesson]]``; raise ``BadTable`` in plain words."""
        paragraphs = _paragraphs(table)
        return cls(
            id=words(table, "id", most=40),
            title=words(table, "title", most=80),
            minutes=number(table, "minutes", 1, 30),
            certainty=Certainty(one_of(table, "certainty", tuple(Certainty))),
            points=tuple(words({"points": p}, "points") for p in several(table, "points", 8)),
            paragraphs=paragraphs,
            checks=tuple(question_of(each) for each in _tables(table, "check", 5)),
            sources=tuple(words(each, "cite") for each in _tables(table, "source", 12)),
        )


def _tables(table: Table, key: str, most: int) -> list[Table]:
    return [as_table(item, key) for item in several(table, key, most)] if key in table else []


def _paragraphs(table: Table) -> tuple[str, ...]:
    text = table.get("text")
    if not isinstance(text, str) or len(text) > _LONGEST_TEXT:
        raise BadTable("“text” is missing, or is no text that a lesson could have")
    parts = (words({"text": part}, "text", most=_LONGEST_TEXT) for part in text.split("\n\n"))
    return tuple(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Reference:
    """One source: how it is cited, where it lies, and what it says in plain words."""

    cite: str
    address: str
    says: str


def lessons_of(table: Table) -> tuple[Lesson, ...]:
    """Read all lessons; raise ``BadTable`` that names the lesson."""
    found: list[Lesson] = []
    for place, item in enumerate(several(table, "lesson", 60), 1):
        try:
            found.append(Lesson.from_table(as_table(item, "a lesson")))
        except BadTable as error:
            raise BadTable(f"lesson {place}: {error}") from error
    ids = [lesson.id for lesson in found]
    if len(ids) != len(set(ids)):
        raise BadTable("there are two lessons of one name")
    return tuple(found)


def references_of(table: Table) -> dict[str, Reference]:
    """Read the sources by their ids; raise ``BadTable``."""
    found: dict[str, Reference] = {}
    for name, item in as_table(table.get("ref"), "“ref”").items():
        each = as_table(item, f"“{name}”")
        found[name] = Reference(
            words(each, "cite"), words(each, "url", most=1000), words(each, "says")
        )
    return found


def load_lessons(path: Path) -> tuple[Lesson, ...]:
    """Read the lessons; none where they cannot be read, with a line in the log."""
    try:
        return lessons_of(table_of(path.read_bytes()))
    except (OSError, BadPack, BadTable) as error:
        _log.warning("the lessons could not be read (%s)", error)
        return ()


def load_references(path: Path) -> dict[str, Reference]:
    """Read the sources; none where they cannot be read, with a line in the log."""
    try:
        return references_of(table_of(path.read_bytes()))
    except (OSError, BadPack, BadTable) as error:
        _log.warning("the sources could not be read (%s)", error)
        return {}
