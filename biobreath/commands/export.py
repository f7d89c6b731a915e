"""``biobreath export``: one sitting as a file of its own."""

from pathlib import Path

from biobreath import places
from biobreath.commands.output import CannotDo, say
from biobreath.store.library import Library
from biobreath.store.schema import LibraryError
from biobreath.store.transfer import file_name, write_biobreath, write_rr

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
        row = Library(library).sitting(session_id)
        target = Path(output or file_name(row, _ENDING[form]))
        if form == "biobreath":
            write_biobreath(library, session_id, target, with_words=with_words)
        else:
            write_rr(library, session_id, target)
    except LibraryError as error:
        raise CannotDo(str(error)) from error
    except OSError as error:
        raise CannotDo(f"“{output or Path.cwd()}” cannot be written: {error.strerror}.") from error
    say(str(target))
    return 0
