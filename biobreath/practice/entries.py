"""What a person says outside of a practice, or about one: entries of the journal, each its kind.

Entries are stored as plain tables. What comes back is checked as a stranger's.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Protocol, cast

from biobreath.practice import ladder
from biobreath.practice.imagery import HIGHEST, ImagerySitting
from biobreath.practice.ladder_json import LAST_T, entry_from_table, entry_to_table
from biobreath.practice.plain_tables import (
    BadTable,
    Table,
    as_table,
    inner,
    maybe_number,
    number,
    several,
    whole,
    words,
    yes,
)

_log = logging.getLogger(__name__)

LONGEST_OWN = 10_000
"""Characters of what a person writes in one go."""
_LONGEST_ID = 80
_MOST_NAMES = 50

DAILY, WEEKLY, FOLLOW_UP = "daily", "weekly", "followup"
ASKED_WHEN = (DAILY, WEEKLY, FOLLOW_UP)
_FEELING = "sensation"
"""The scale that tells how strong the feeling was that one practised with."""


class _Plain:
    """An entry whose table is its fields."""

    def to_table(self) -> dict[str, object]:
        """Return the entry as a table of plain values."""
        return {name: _plain(value) for name, value in asdict(cast("Any", self)).items()}


def _plain(value: object) -> object:
    return list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)
class FlagsTold(_Plain):
    """What a person says of themselves: all ``flags`` that hold from now on, no others.

    ``told`` are the ids of the questions that were answered.
    """

    kind: ClassVar = "flags"
    flags: tuple[str, ...]
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RatingGiven(_Plain):
    """An answer to a scale outside of a practice; ``value`` is None when skipped, never 0.

    ``about`` is the id of the pack that a question some time after its practice belongs to.
    """

    kind: ClassVar = "rating"
    scale: str
    value: int | None
    when: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class WinNamed(_Plain):
    """A small win: one of the offered chips, own words, or both."""

    kind: ClassVar = "win"
    chip: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class SafetyWords(_Plain):
    """A reason to feel safe, in the person's own words or taken over from ``source``.

    A later entry with the same ``id`` takes its place; not ``active`` is put away, not erased.
    """

    kind: ClassVar = "safety_words"
    id: str
    text: str
    source: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Contact(_Plain):
    """Somebody the person can turn to, in their own words; entries follow each other by ``id``."""

    kind: ClassVar = "contact"
    id: str
    text: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Crumb(_Plain):
    """Something good, however small."""

    kind: ClassVar = "crumb"
    text: str


@dataclass(frozen=True, slots=True)
class JoyPlanned(_Plain):
    """Something small to look forward to; nobody asks later whether it was done."""

    kind: ClassVar = "joy"
    text: str


@dataclass(frozen=True, slots=True)
class FollowUpAsked(_Plain):
    """The one question some time after a sitting was shown."""

    kind: ClassVar = "follow_up"
    session_uuid: str


@dataclass(frozen=True, slots=True)
class SupportShown(_Plain):
    """A card about extra support was shown."""

    kind: ClassVar = "support_shown"
    trigger_id: str


@dataclass(frozen=True, slots=True)
class SupportDismissed(_Plain):
    """The card about extra support was put away."""

    kind: ClassVar = "support_dismissed"


@dataclass(frozen=True, slots=True)
class LadderWritten:
    """Something was written on the ladder of brave steps, or tried."""

    kind: ClassVar = "ladder"
    entry: ladder.Entry

    def to_table(self) -> dict[str, object]:
        """Return the entry as a table of plain values."""
        return entry_to_table(self.entry)


@dataclass(frozen=True, slots=True)
class ImageryDone:
    """A movement of one ``part`` of the body was practised in the mind."""

    kind: ClassVar = "imagery"
    part: str
    sitting: ImagerySitting

    def to_table(self) -> dict[str, object]:
        """Return the entry as a table of plain values."""
        return {"part": self.part, "sitting": asdict(self.sitting)}


@dataclass(frozen=True, slots=True)
class LessonRead(_Plain):
    """A lesson was read to its end."""

    kind: ClassVar = "lesson"
    lesson_id: str


@dataclass(frozen=True, slots=True)
class LessonChecked(_Plain):
    """Question number ``question`` of a lesson was answered with option number ``option``."""

    kind: ClassVar = "lesson_check"
    lesson_id: str
    question: int
    option: int


@dataclass(frozen=True, slots=True)
class Preferred(_Plain):
    """Something is to be so from now on, such as ``pattern`` ``gentle``; empty: as it was made."""

    kind: ClassVar = "preferred"
    what: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class HardDay(_Plain):
    """The person took the gentle way of a hard day, or said in a practice that it is one."""

    kind: ClassVar = "hard_day"


Entry = (
    FlagsTold
    | RatingGiven
    | WinNamed
    | SafetyWords
    | Crumb
    | Contact
    | JoyPlanned
    | FollowUpAsked
    | SupportShown
    | SupportDismissed
    | LadderWritten
    | ImageryDone
    | LessonRead
    | LessonChecked
    | Preferred
    | HardDay
)

ABOUT_A_SITTING = frozenset({RatingGiven.kind, WinNamed.kind, Crumb.kind, JoyPlanned.kind})
"""Kinds that may come in with somebody's sitting: none of them decides what a person is offered."""


# --- reading -----------------------------------------------------------------------------------


def entry_of(kind: str, value: object) -> Entry | None:
    """Read an entry; None for a kind of a later version.

    Raises
    ------
    ValueError
        In plain words, when the table is none of this kind.
    """
    read = _READERS.get(kind)
    return None if read is None else read(as_table(value, "an entry of the journal"))


def _name(table: Table, key: str, *, empty: bool = False) -> str:
    return words(table, key, most=_LONGEST_ID, empty=empty)


def _names(table: Table, key: str) -> tuple[str, ...]:
    return tuple(_name({key: item}, key) for item in several(table, key, _MOST_NAMES))


def _own(table: Table, key: str, *, empty: bool = False) -> str:
    return words(table, key, most=LONGEST_OWN, empty=empty)


def _rating(table: Table) -> RatingGiven:
    when = _name(table, "when")
    if when not in ASKED_WHEN:
        raise BadTable(f"“{when}” is no time at which a scale is asked")
    value = None if table.get("value") is None else whole(table, "value", 0, 100)
    return RatingGiven(_name(table, "scale"), value, when, _name(table, "about", empty=True))


def _win(table: Table) -> WinNamed:
    win = WinNamed(_own(table, "chip", empty=True), _own(table, "text", empty=True))
    if not (win.chip or win.text):
        raise BadTable("a win has a name")
    return win


def _imagery(table: Table) -> ImageryDone:
    said = inner(table, "sitting")
    sitting = ImagerySitting(
        t=number(said, "t", 0, LAST_T),
        level=whole(said, "level", 0, HIGHEST),
        sensation_before=maybe_number(said, "sensation_before", 0, 10),
        sensation_check=maybe_number(said, "sensation_check", 0, 10),
        sensation_after=maybe_number(said, "sensation_after", 0, 10),
        fear_after=maybe_number(said, "fear_after", 0, 10),
    )
    return ImageryDone(_name(table, "part"), sitting)


_READERS: Mapping[str, Callable[[Table], Entry]] = {
    FlagsTold.kind: lambda t: FlagsTold(_names(t, "flags"), _names(t, "told")),
    RatingGiven.kind: _rating,
    WinNamed.kind: _win,
    SafetyWords.kind: lambda t: SafetyWords(
        _name(t, "id"),
        _own(t, "text"),
        _name(t, "source", empty=True),
        yes({"active": True, **t}, "active"),
    ),
    Contact.kind: lambda t: Contact(
        _name(t, "id"), _own(t, "text"), yes({"active": True, **t}, "active")
    ),
    Crumb.kind: lambda t: Crumb(_own(t, "text")),
    JoyPlanned.kind: lambda t: JoyPlanned(_own(t, "text")),
    FollowUpAsked.kind: lambda t: FollowUpAsked(_name(t, "session_uuid")),
    SupportShown.kind: lambda t: SupportShown(_name(t, "trigger_id")),
    SupportDismissed.kind: lambda _t: SupportDismissed(),
    LadderWritten.kind: lambda t: LadderWritten(entry_from_table(t)),
    ImageryDone.kind: _imagery,
    LessonRead.kind: lambda t: LessonRead(_name(t, "lesson_id")),
    LessonChecked.kind: lambda t: LessonChecked(
        _name(t, "lesson_id"), whole(t, "question", 0, 99), whole(t, "option", 0, 99)
    ),
    Preferred.kind: lambda t: Preferred(_name(t, "what"), _name(t, "value", empty=True)),
    HardDay.kind: lambda _t: HardDay(),
}


# --- entries with their moment ------------------------------------------------------------------


class Row(Protocol):
    """A row of the journal, as a library gives it."""

    @property
    def id(self) -> int:
        """Its number."""
        ...

    @property
    def session_id(self) -> int | None:
        """The sitting it is about, None where it is about none."""
        ...

    @property
    def written_ms(self) -> int:
        """When it was written: UTC, Unix ms."""
        ...

    @property
    def utc_offset_s(self) -> int:
        """The offset that was in force."""
        ...

    @property
    def kind(self) -> str:
        """What kind of entry it is."""
        ...

    @property
    def body(self) -> Mapping[str, object]:
        """Its table."""
        ...


@dataclass(frozen=True, slots=True)
class Dated:
    """An entry with its moment (UTC seconds), the offset in force there, and its number.

    ``session_id`` is the sitting that it is about.
    """

    utc_s: float
    entry: Entry
    utc_offset_s: int = 0
    id: int = 0
    session_id: int | None = None


def read_entries(rows: Iterable[Row]) -> list[Dated]:
    """Read the rows of a journal in their order; one that makes no sense hides no other."""
    found: list[Dated] = []
    for row in rows:
        try:
            entry = entry_of(row.kind, row.body)
        except ValueError:
            # Its words are private, and so may be the sentence about them.
            _log.warning("entry %d of the journal makes no sense and was left out", row.id)
            continue
        if entry is not None:
            found.append(
                Dated(row.written_ms / 1000, entry, row.utc_offset_s, row.id, row.session_id)
            )
    return found


def ladder_told(entries: Iterable[Dated]) -> list[ladder.Entry]:
    """Return what was written on the ladder, each try with what was told about it later."""
    told = list(entries)
    replies: dict[int | None, ladder.Reply] = {
        dated.session_id: ladder.Reply(dated.utc_s, dated.entry.value)
        for dated in told
        if isinstance(dated.entry, RatingGiven)
        and dated.entry.when == FOLLOW_UP
        and dated.entry.scale == _FEELING
        and dated.session_id is not None
    }
    found: list[ladder.Entry] = []
    for dated in told:
        match dated.entry:
            case LadderWritten(ladder.StepTried(attempt)):
                reply = replies.get(dated.session_id)
                found.append(ladder.StepTried(replace(attempt, reply=reply)))
            case LadderWritten(entry):
                found.append(entry)
            case _:
                pass
    return found
