"""Reading practices: bytes from anyone become a ``Pack``, or plain words on what is wrong.

A pack is data: no code, no address is opened, no file beside it is read.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from biobreath.practice.display import Display
from biobreath.practice.follow_up import FollowUp
from biobreath.practice.imagery import ImageryRules
from biobreath.practice.ladder_rules import LadderIdea, LadderRules
from biobreath.practice.packs import FLAGS, KINDS, SCHEMA, Header, LookedBack, Pack, Review
from biobreath.practice.phase_reading import one_of, phase_of, rule_of
from biobreath.practice.phases import Phase, PhaseType
from biobreath.practice.plain_tables import (
    BadTable,
    Table,
    as_table,
    inner,
    number,
    several,
    whole,
    words,
    yes,
)
from biobreath.practice.rules import About, Rule

LARGEST_BYTES = 256_000
MOST_PHASES = 60
MOST_RULES = 40
_LONGEST_ID = 80

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and in which part of the pack."""

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words}" if self.place else self.words


class BadPack(ValueError):  # noqa: N818
    """A pack that cannot be used; ``problems`` says why, each in plain words."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def table_of(content: bytes) -> Table:
    """Read the bytes of a pack as a table; raise ``BadPack``."""
    if len(content) > LARGEST_BYTES:
        raise BadPack([Problem("", f"the file is larger than {LARGEST_BYTES // 1000} kB")])
    try:
        return tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadPack([Problem("", "the file is not UTF-8 text")]) from error
    except tomllib.TOMLDecodeError as error:
        raise BadPack([Problem("", f"the file is not TOML: {error}")]) from error
    except (ValueError, RecursionError) as error:
        raise BadPack([Problem("", "the file is not TOML that can be read")]) from error


def header_of(table: Table) -> Header:
    """Read what every pack says of itself; raise ``BadPack``."""
    trouble = _Trouble()
    with_place = trouble.guard("header")
    found = with_place(lambda: _header(table))
    trouble.raise_any()
    assert found is not None
    return found


def _header(table: Table) -> Header:
    schema = words(table, "schema", most=_LONGEST_ID)
    if schema != SCHEMA:
        raise BadTable(f"“schema” is “{schema}”, and this program reads “{SCHEMA}”")
    return Header(
        kind=one_of(table, "kind", KINDS),
        id=_id(table, "id"),
        version=words(table, "version", most=40),
        lang=words(table, "lang", most=20),
        title=words(table, "title", most=80),
        licence=words(table, "licence", most=80),
    )


def _id(table: Table, key: str, *, empty: bool = False) -> str:
    found = words(table, key, most=_LONGEST_ID, empty=empty)
    if any(not (c.isascii() and (c.isalnum() or c in "._-#")) for c in found):
        raise BadTable(f"“{key}” may have letters, figures, dots and dashes only")
    return found


def _ids(table: Table, key: str, most: int = 60) -> tuple[str, ...]:
    if key not in table:
        return ()
    return tuple(_id({key: item}, key) for item in several(table, key, most))


def _flags(table: Table, key: str) -> tuple[str, ...]:
    found = _ids(table, key)
    for flag in found:
        if flag not in FLAGS:
            raise BadTable(f"“{key}” names “{flag}”, which nobody is asked about")
    return found


class _Trouble:
    """Collects what is wrong, so that a writer sees it all at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def guard(self, place: str) -> Callable[[Callable[[], T]], T | None]:
        """Return a way to read something at ``place`` that notes what is wrong."""

        def reading(read: Callable[[], T]) -> T | None:
            try:
                return read()
            except (BadTable, ValueError, TypeError, OverflowError) as error:
                self.note(place, str(error))
                return None

        return reading

    def note(self, place: str, sentence: str) -> None:
        self.problems.append(Problem(place, sentence))

    def raise_any(self) -> None:
        if self.problems:
            raise BadPack(self.problems)


def read_practice(content: bytes, *, own: bool = False) -> Pack:
    """Read a practice.

    Raises
    ------
    BadPack
        With everything that is wrong, each with its place.
    """
    table = table_of(content)
    header = header_of(table)
    if header.kind != "practice":
        raise BadPack([Problem("header", f"this is a pack of {header.kind}, not a practice")])
    trouble = _Trouble()
    phases = _phases(table, trouble)
    rules = _each(table, "rule", MOST_RULES, rule_of, trouble)
    follow_ups = _each(table, "follow_up", 10, FollowUp.from_table, trouble)
    ideas = _each(table, "ladder_idea", 20, LadderIdea.from_table, trouble)
    ladder = _maybe(table, "ladder", LadderRules.from_table, trouble)
    imagery = _maybe(table, "imagery_level", ImageryRules.from_table, trouble)
    looked_back = _maybe(table, "review", _looked_back, trouble) or LookedBack()
    known = trouble.guard("header")(lambda: _with_header(table, header))
    trouble.raise_any()
    assert known is not None
    pack = Pack(
        **known,
        phases=phases,
        rules=rules,
        follow_ups=follow_ups,
        ideas=ideas,
        ladder=ladder,
        imagery=imagery,
        looked_back=looked_back,
        own=own,
        text=content.decode("utf-8"),
    )
    _check_links(pack, trouble)
    trouble.raise_any()
    return pack


def _with_header(table: Table, header: Header) -> dict[str, Any]:
    sensor: Table = inner(table, "sensor") if "sensor" in table else {}
    audio: Table = inner(table, "audio") if "audio" in table else {}
    review: Table = inner(table, "clinical_review") if "clinical_review" in table else {}
    return {
        "header": header,
        "tool": _id(table, "tool", empty=True),
        "summary": words(table, "summary", most=300),
        "minutes": number(table, "minutes", 0.5, 60),
        "level": whole(table, "level", 1, 3) if "level" in table else 1,
        "easier": _id(table, "easier"),
        "authors": _sentences(table, "authors"),
        "review_state": Review(
            words(review, "status", empty=True) or "needs clinical review",
            words(review, "by", empty=True),
            words(review, "on", empty=True),
        ),
        "evidence": _ids(table, "evidence"),
        "needs_flags": _flags(table, "needs_flags"),
        "asks_flags": _flags(table, "asks_flags"),
        "blocked_by": _flags(table, "blocked_by"),
        "soften_with": _id(table, "soften_with", empty=True),
        "lessons": _ids(table, "lessons"),
        "uses_sensor": sensor.get("use", "none") == "optional",
        "display": Display(one_of(sensor, "display", tuple(Display), default="hidden")),
        "baseline_phase": _id(sensor, "baseline_phase", empty=True),
        "record": yes(sensor, "record"),
        "bed": _id(audio, "bed", empty=True),
        "voice": yes(audio, "voice"),
        "bell": _id(audio, "bell", empty=True),
    }


def _sentences(table: Table, key: str, most: int = 60) -> tuple[str, ...]:
    if key not in table:
        return ()
    return tuple(words({key: item}, key) for item in several(table, key, most))


def _looked_back(table: Table) -> LookedBack:
    return LookedBack(
        first=_sentences(table, "first"),
        then=_sentences(table, "then"),
        folded=_sentences(table, "folded"),
        words=words(table, "words", empty=True),
    )


def _maybe(table: Table, key: str, read: Callable[[Table], T], trouble: _Trouble) -> T | None:
    if key not in table:
        return None
    return trouble.guard(key)(lambda: read(inner(table, key)))


def _each(
    table: Table, key: str, most: int, read: Callable[[Table], T], trouble: _Trouble
) -> tuple[T, ...]:
    if key not in table:
        return ()
    items = trouble.guard(key)(lambda: several(table, key, most)) or ()
    found: list[T] = []
    for place, item in enumerate(items, 1):
        name = f"{key} {place}"
        one = _read_at(name, item, read, trouble)
        if one is not None:
            found.append(one)
    return tuple(found)


def _read_at(name: str, item: object, read: Callable[[Table], T], trouble: _Trouble) -> T | None:
    return trouble.guard(name)(lambda: read(as_table(item, name)))


def _phases(table: Table, trouble: _Trouble) -> tuple[Phase, ...]:
    items = trouble.guard("phase")(lambda: several(table, "phase", MOST_PHASES)) or ()
    found = [_read_at(_place(item, i), item, phase_of, trouble) for i, item in enumerate(items, 1)]
    if not items:
        trouble.note("", "there is no phase")
    return tuple(phase for phase in found if phase is not None)


def _place(item: object, number: int) -> str:
    name = cast("Table", item).get("id") if isinstance(item, Mapping) else None
    return f"phase “{name[:_LONGEST_ID]}”" if isinstance(name, str) else f"phase {number}"


# --- links -------------------------------------------------------------------------------------


def _check_links(pack: Pack, trouble: _Trouble) -> None:
    ids = [phase.id for phase in pack.phases]
    for phase_id in sorted({one for one in ids if ids.count(one) > 1}):
        trouble.note(f"phase “{phase_id}”", "there are two phases of this name")
    if all(phase.side for phase in pack.phases):
        trouble.note("", "every phase is a side path")
    for need in ("ground", "rest", pack.easier):
        if need not in ids:
            trouble.note("header", f"there is no phase “{need}”, and every practice needs one")
    for phase in pack.phases:
        for name in _leads_to(phase):
            if name and name not in ids:
                trouble.note(f"phase “{phase.id}”", f"it leads to “{name}”, which is not there")
    for place, rule in enumerate(pack.rules, 1):
        named = {"after": rule.after, "goto": rule.then.goto, "from": rule.condition.earlier}
        for key, name in named.items():
            if name and name not in ids:
                trouble.note(f"rule {place}", f"“{key}” is “{name}”, which is not there")
        _check_choice(pack, place, rule, trouble)
    _check_tools(pack, trouble)


def _check_choice(pack: Pack, place: int, rule: Rule, trouble: _Trouble) -> None:
    condition = rule.condition
    if condition.about is About.CHOICE and pack.has(rule.after):
        phase = pack.phase(rule.after)
        if phase.option(condition.name) is None:
            sentence = f"phase “{phase.id}” has no option “{condition.name}”"
            trouble.note(f"rule {place}", sentence)


def _leads_to(phase: Phase) -> tuple[str, ...]:
    of_set = phase.picture_set.removeprefix("choice.") if "choice." in phase.picture_set else ""
    return (phase.next, phase.compare_to, of_set, *(option.goto for option in phase.options))


def _check_tools(pack: Pack, trouble: _Trouble) -> None:
    """Refuse parts whose numbers are missing."""
    kinds = {phase.type for phase in pack.phases}
    if PhaseType.LADDER_STEP in kinds and pack.ladder is None:
        trouble.note("ladder", "there are parts of a ladder, and no [ladder] with its numbers")
    names = {phase.when.name for phase in pack.phases if phase.when is not None}
    if "imagery_level" in names and pack.imagery is None:
        trouble.note("imagery_level", "parts look at the level, and there is no [imagery_level]")
