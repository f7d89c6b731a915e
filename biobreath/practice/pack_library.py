"""Every practice there is: those of the program in the person's language, and those they added."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from biobreath.practice.pack_check import Known, reference_problems
from biobreath.practice.pack_reading import (
    LARGEST_BYTES,
    BadPack,
    Problem,
    header_of,
    read_practice,
    table_of,
)
from biobreath.practice.packs import Pack
from biobreath.practice.structure import differences

_log = logging.getLogger(__name__)

ORIGINAL = "en"
"""The language that every pack is there in."""
ORDER = (
    "core.mindful-breath",
    "core.somatic-tracking",
    "core.somatic-tracking-short",
    "core.positive-affect",
    "core.graded-exposure",
    "core.motor-imagery",
    "core.pain-lesson-alarm",
)
_MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be used, and why."""

    file: str
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        more = len(self.problems) - 1
        rest = f" (and {more} more)" if more > 0 else ""
        return f"{self.file}: {self.problems[0]}{rest}"


@dataclass(frozen=True, slots=True)
class PackLibrary:
    """The practices, in the order in which they are offered, and the files that were refused."""

    packs: tuple[Pack, ...]
    refused: tuple[Refused, ...] = ()

    def pack(self, pack_id: str) -> Pack | None:
        """Return the practice of that id."""
        return next((pack for pack in self.packs if pack.id == pack_id), None)


def load_packs(content: Path, own_packs: Path, known: Known, lang: str = ORIGINAL) -> PackLibrary:
    """Read all practices; what is wrong with one keeps no other away.

    Parameters
    ----------
    content
        The folder of the program's content, with a folder a language.
    own_packs
        The folder of packs that the person added; it need not be there.
    known
        What packs may refer to; the practices themselves are added.
    lang
        A pack that has no translation, or one that does not fit, is there in English.
    """
    shipped, odd = _shipped(content / ORIGINAL)
    refused, ours = [*odd], dict(shipped)
    if lang != ORIGINAL:
        ours |= _translations(content / lang, ours, refused)
    theirs: dict[str, Pack] = {}
    for pack_id, pack in _read_all(own_packs, refused, own=False):
        if pack_id in ours or pack_id in theirs:
            problem = Problem("header", f"there is a practice “{pack_id}” already")
            refused.append(Refused(pack_id, (problem,)))
        else:
            theirs[pack_id] = pack
    everything = ours | theirs
    names = Known(known.patterns, known.scales, known.stops, known.refs, tuple(everything))
    kept: list[Pack] = []
    for pack in sorted(everything.values(), key=_place):
        if problems := reference_problems(pack, names):
            refused.append(Refused(pack.id, tuple(problems)))
        else:
            kept.append(pack)
    for one in refused:
        _log.warning("a pack was left out: %s", one)
    return PackLibrary(tuple(kept), tuple(refused))


@cache
def _shipped(folder: Path) -> tuple[tuple[tuple[str, Pack], ...], tuple[Refused, ...]]:
    """Read what comes with the program once: it does not change while the program runs."""
    refused: list[Refused] = []
    return tuple(_read_all(folder, refused, own=True)), tuple(refused)


def _place(pack: Pack) -> tuple[bool, int, str]:
    at = ORDER.index(pack.id) if pack.id in ORDER else len(ORDER)
    return (not pack.own, at, pack.title)


def _read_all(folder: Path, refused: list[Refused], *, own: bool) -> Iterable[tuple[str, Pack]]:
    for path in _files(folder):
        try:
            content = read_at_most(path)
            if own and header_of(table_of(content)).kind != "practice":
                continue
            pack = read_practice(content, own=own)
        except BadPack as bad:
            refused.append(Refused(path.name, bad.problems))
        except OSError as error:
            problem = Problem("", f"the file cannot be read ({error.strerror})")
            refused.append(Refused(path.name, (problem,)))
        else:
            yield pack.id, pack


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.glob("*.toml") if path.is_file())[:_MOST_FILES]
    except OSError:
        return []


def read_at_most(path: Path) -> bytes:
    """Read a file, or so much of it that it is seen to be too large."""
    with path.open("rb") as file:
        return file.read(LARGEST_BYTES + 1)


def _translations(
    folder: Path, originals: Mapping[str, Pack], refused: list[Refused]
) -> dict[str, Pack]:
    found: dict[str, Pack] = {}
    for pack_id, pack in _read_all(folder, refused, own=True):
        original = originals.get(pack_id)
        if original is None:
            continue
        odd = differences(original, pack)
        if odd:
            refused.append(Refused(pack_id, tuple(Problem("translation", one) for one in odd)))
        else:
            found[pack_id] = pack
    return found


# --- what a person may do ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lock:
    """Why a practice is not on offer now, in one kind sentence, and what is there instead."""

    sentence: str
    instead: str = ""


_NEEDS_A_CHECK = (
    "Please let a health worker look at this pain first, and say so under “About me”. This practice"
    " waits for you."
)
_BLOCKED = (
    "You told us that looking closely at the body, or at movement, may be too much just now."
    " Another practice may be kinder. You can change this under “About me”."
)

_AFTER_LAST_TIME = (
    "Last time it felt far away or too much. Something kinder comes first; then this practice is"
    " here again."
)


def lock_of(pack: Pack, flags: frozenset[str], lately: frozenset[str] = frozenset()) -> Lock | None:
    """Return why a practice is kept away; None where it is open.

    ``lately`` are flags that the last sitting set for the next one only.
    """
    if any(flag in lately - flags for flag in pack.blocked_by):
        return Lock(_AFTER_LAST_TIME, pack.soften_with)
    if any(flag in flags for flag in pack.blocked_by):
        needs = "pain_checked" in pack.needs_flags and "pain_checked" not in flags
        return Lock(_NEEDS_A_CHECK if needs else _BLOCKED, pack.soften_with)
    if any(flag not in flags for flag in pack.needs_flags):
        return Lock(_NEEDS_A_CHECK, pack.soften_with)
    return None
