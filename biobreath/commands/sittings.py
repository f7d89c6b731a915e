"""``biobreath sessions``: the sittings so far, newest first."""

from biobreath import places
from biobreath.commands.output import CannotDo, say, say_json
from biobreath.session import words
from biobreath.store.library import Library, SittingRow, recover
from biobreath.store.schema import LibraryError


def run(*, as_json: bool) -> int:
    """List the sittings; one that a killed program left open is marked recovered first.

    Raises
    ------
    CannotDo
        When the library cannot be read.
    """
    path = places.library_path()
    try:
        recover(path)
        rows = Library(path).sittings()
    except LibraryError as error:
        raise CannotDo(str(error)) from error
    if as_json:
        say_json([_object(row) for row in rows])
        return 0
    for row in rows:
        length = words.length(row.duration_s)
        state = "" if row.state == "closed" else f"   ({row.state})"
        what = f"{length}   {row.beats} beats   {words.source(row.source, row.device_name)}"
        say(f"{row.id}   {words.when(row.started)}   {what}{state}")
    if not rows:
        say("No sittings yet.")
    return 0


def _object(row: SittingRow) -> dict[str, object]:
    return {
        "id": row.id,
        "started": row.started.local().isoformat(timespec="milliseconds"),
        "duration_s": row.duration_s,
        "state": row.state,
        "source": row.source,
        "beats": row.beats,
        "practice": row.practice,
    }
