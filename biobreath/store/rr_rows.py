"""What the lines of a text say: an interval each, with its time where there is one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from biobreath.store.rr_cells import moment_in, number_in
from biobreath.store.rr_layout import Layout, cells_of

LONGEST_LINE = 1_000_000
_OTHER_EVENTS = {"pacerrate", "hrvtarget", "heartratevariability", "annotation", "biofeedback"}


@dataclass(frozen=True, slots=True)
class Row:
    """What a line says: an interval as text with the decimal point, and its time if any.

    ``text`` is None where the line was not understood; ``lost`` marks an interval without contact.
    """

    text: str | None
    time: str | None = None
    lost: bool = False


def rows_of(lines: Sequence[str], layout: Layout) -> Iterator[Row]:
    """Read the lines of a text one after another."""
    others = (layout.time, layout.event, layout.offline)
    bare = layout.rr == 0 and others == (None, None, None) and not layout.flat
    for line in lines[layout.first :]:
        if len(line) > LONGEST_LINE:
            yield Row(None)
        elif bare:
            # What most files are, read in half the time; an empty first cell is no number.
            first = line.split(layout.separator or None, 1)[0]
            yield Row(number_in(first, decimal_comma=layout.decimal_comma))
        elif layout.flat:
            parts = line.split(layout.separator) if layout.separator else line.split()
            numbers = (number_in(p, decimal_comma=layout.decimal_comma) for p in parts if p.strip())
            yield from (Row(text) for text in numbers)
        else:
            row = _row(cells_of(line, layout.separator), layout)
            if row is not None:
                yield row


def _row(cells: Sequence[str], layout: Layout) -> Row | None:
    """Read one line of a table; None for a line that speaks of something else."""
    if layout.event is not None and cells[layout.event].lower() != "interbeatinterval":
        return None if cells[layout.event].lower() in _OTHER_EVENTS else Row(None)
    time = _cell(cells, layout.time)
    wanted = _cell(cells, layout.time if layout.rr is None else layout.rr)
    text = None if wanted is None else number_in(wanted, decimal_comma=layout.decimal_comma)
    if time is not None and layout.decimal_comma and moment_in(time) is None:
        time = time.replace(",", ".")
    return Row(text, time, lost=_cell(cells, layout.offline) == "1")


def _cell(cells: Sequence[str], index: int | None) -> str | None:
    return cells[index] if index is not None and index < len(cells) else None


def intervals_of_beat_times(rows: Sequence[Row]) -> list[Row]:
    """Turn beat times into intervals; the first beat ends none."""
    found: list[Row] = []
    before: Decimal | None = None
    for row in rows:
        if row.text is None:
            found.append(row)
            continue
        here = Decimal(row.text)
        if before is not None:
            found.append(Row(str(here - before), row.text))
        before = here
    return found
