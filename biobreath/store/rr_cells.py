"""What one cell of a text says: a number as it is written, or a moment."""

import re
from datetime import datetime

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2}):([0-9]{2}(?:[.,][0-9]+)?)")
SHORTEST_MIDDLE_S, LONGEST_MIDDLE_S = 0.2, 3.0
"""The middle interval of a person: 20 to 300 beats a minute."""


def number_in(cell: str, *, decimal_comma: bool) -> str | None:
    """Return the number in a cell as text, with a decimal point; None where there is none."""
    text = cell.strip().strip('"')
    if decimal_comma:
        text = text.replace(",", ".", 1)
    return text if NUMBER.fullmatch(text) else None


def moment_in(text: str) -> datetime | float | None:
    """Read a date with a time, or a time of day in s."""
    clock = _CLOCK.fullmatch(text)
    if clock is not None:
        hours, minutes, seconds = clock.groups()
        return int(hours) * 3600.0 + int(minutes) * 60.0 + float(seconds.replace(",", "."))
    if len(text) < 16 or text[4:5] not in "-/":
        return None
    try:
        return datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
