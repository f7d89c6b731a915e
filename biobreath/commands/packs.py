"""``biobreath packs check``: what a writer of packs wants to know."""

from collections.abc import Iterable
from pathlib import Path

from biobreath import places
from biobreath.commands.output import CannotDo, say, say_json
from biobreath.practice.content import known_content
from biobreath.practice.pack_check import Checked, check
from biobreath.practice.pack_library import read_at_most


def run(path: str, *, as_json: bool) -> int:
    """Check one pack, or every pack of a folder; return 1 where something is to be mended.

    Raises
    ------
    CannotDo
        When there is nothing to read.
    """
    known = known_content(places.assets())
    results = [check(str(file), _content(file), known) for file in _files(Path(path))]
    for result in results:
        if as_json:
            say_json(_plain(result))
        else:
            _say(result)
    return 1 if any(result.problems for result in results) else 0


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(path.rglob("*.toml"))
        if not found:
            raise CannotDo(f"There is no pack in “{path}”.")
        return found
    if not path.exists():
        raise CannotDo(f"There is no file “{path}”.")
    return [path]


def _content(file: Path) -> bytes:
    try:
        return read_at_most(file)
    except OSError as error:
        raise CannotDo(f"“{file}” cannot be read: {error.strerror}.") from error


def _say(result: Checked) -> None:
    if not result.problems:
        say(f"{result.name}: good ({result.kind}, reading grade {max(0.0, result.grade):.1f})")
        return
    say(f"{result.name}: {_count(result.problems)}")
    for problem in result.problems:
        say(f"  {problem}")


def _count(problems: Iterable[object]) -> str:
    number = len(tuple(problems))
    return "one thing to mend" if number == 1 else f"{number} things to mend"


def _plain(result: Checked) -> dict[str, object]:
    return {
        "file": result.name,
        "kind": result.kind,
        "reading_grade": result.grade,
        "problems": [{"place": one.place, "words": one.words} for one in result.problems],
    }
