"""``biobreath export``: one sitting as a file of its own."""

from pathlib import Path

from biobreath import places
from biobreath.commands.output import CannotDo, say
from biobreath.events import HeartRateMeasurement
from biobreath.store.library import Library
from biobreath.store.rr_text import rr_text
from biobreath.store.schema import LibraryError
from biobreath.store.transfer import NOTE, write_biobreath, write_whole

_ENDING = {"biobreath": ".biobreath", "rr": ".txt"}


def run(session_id: int, form: str, output: str | None, *, with_words: bool = True) -> int:
    """Write a sitting: ``biobreath`` keeps every fact, ``rr`` the raw intervals in ms.

    Without ``with_words`` what the person wrote or told of themselves stays at home.

    Raises
    ------
    CannotDo
        When the sitting is not there or the file cannot be written.
    """
    library = places.library_path()
    try:
        started = Library(library).sitting(session_id).started.local()
        target = Path(output or f"biobreath-{started:%Y-%m-%d-%H%M}-{session_id}{_ENDING[form]}")
        if form == "biobreath":
            write_biobreath(library, session_id, target, with_words=with_words)
        else:
            _write_rr(library, session_id, target)
    except LibraryError as error:
        raise CannotDo(str(error)) from error
    except OSError as error:
        raise CannotDo(f"“{output or Path.cwd()}” cannot be written: {error.strerror}.") from error
    say(str(target))
    return 0


def _write_rr(library: Path, session_id: int, target: Path) -> None:
    facts = Library(library).facts(session_id)
    raw = [rr for f in facts if isinstance(f, HeartRateMeasurement) for rr in f.rr_ms]
    if not raw:
        raise CannotDo("This sitting holds no beat-to-beat intervals.")
    head = f"# {NOTE} Intervals in ms.\n"
    write_whole(target, (head + rr_text(raw)).encode("utf-8"), library)
