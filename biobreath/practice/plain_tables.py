"""Reading tables that others wrote: what is missing or odd is told in plain words."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

LONGEST_TEXT = 400
"""Characters of one sentence that a person types or a pack brings."""

Table = Mapping[str, Any]


class BadTable(ValueError):  # noqa: N818
    """Something in a table makes no sense; the text says what, in plain words."""


def inner(table: Table, key: str) -> Table:
    """Return the table under ``key``."""
    value = table.get(key)
    if not isinstance(value, Mapping):
        raise BadTable(f"“{key}” is missing or is not a table")
    return cast("Table", value)


def number(table: Table, key: str, low: float, high: float) -> float:
    """Return the number under ``key``, from ``low`` to ``high``."""
    value = table.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadTable(f"“{key}” is missing or is not a number")
    if not low <= value <= high:
        raise BadTable(f"“{key}” must be from {low:g} to {high:g}")
    return float(value)


def whole(table: Table, key: str, low: int, high: int) -> int:
    """Return the whole number under ``key``, from ``low`` to ``high``."""
    value = number(table, key, low, high)
    if value != int(value):
        raise BadTable(f"“{key}” must be a whole number")
    return int(value)


def maybe_number(table: Table, key: str, low: float, high: float) -> float | None:
    """Return the number under ``key``; None where it was skipped."""
    return None if table.get(key) is None else number(table, key, low, high)


def yes(table: Table, key: str) -> bool:
    """Return the yes or no under ``key``; no where nothing is said."""
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise BadTable(f"“{key}” must be true or false")
    return value


def words(table: Table, key: str, *, most: int = LONGEST_TEXT, empty: bool = False) -> str:
    """Return the text under ``key`` on one line; ``empty`` allows that there is none."""
    value = table.get(key, "" if empty else None)
    if not isinstance(value, str):
        raise BadTable(f"“{key}” is missing or is not text")
    text = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    if len(text) > most:
        raise BadTable(f"“{key}” is longer than {most} characters")
    if not (text or empty):
        raise BadTable(f"“{key}” is empty")
    return text


def several(table: Table, key: str, most: int) -> Sequence[Any]:
    """Return the list under ``key``, at most ``most`` long."""
    value = table.get(key)
    if not isinstance(value, list | tuple):
        raise BadTable(f"“{key}” is missing or is not a list")
    items = cast("Sequence[Any]", value)
    if len(items) > most:
        raise BadTable(f"“{key}” has more than {most} entries")
    return items


def as_table(value: object, name: str) -> Table:
    """Return ``value`` as a table."""
    if not isinstance(value, Mapping):
        raise BadTable(f"{name} is not a table")
    return cast("Table", value)
