"""What may be shown and written of a Bluetooth device: a plain name, four digits, no more.

Names and addresses come from the air: they are other people's words, and sometimes other people's
devices.
"""

import re
import traceback
import unicodedata

LONGEST_NAME = 40
"""Longer names are cut: a name is for a list, and the sender chooses its length."""

_ADDRESS = re.compile(
    r"(?:[0-9a-f]{2}[:_-]){4}(?P<fifth>[0-9a-f]{2})[:_-](?P<sixth>[0-9a-f]{2})"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{8}(?P<tail>[0-9a-f]{4})",
    re.IGNORECASE,
)
"""A device address as Linux and Windows write it, or the UUID that stands for it on a Mac."""


def plain_name(raw: str | None) -> str:
    """Turn a name from the air into one short line without control or direction characters."""
    composed = unicodedata.normalize("NFC", raw or "")
    # Categories C* are control, format (direction marks among them), surrogate and unassigned;
    # Z* are blanks, of which line and paragraph separators would break a list.
    visible = "".join(
        " " if unicodedata.category(c)[0] == "Z" or c in "\t\n\r" else c
        for c in composed
        if unicodedata.category(c)[0] != "C" or c in "\t\n\r"
    )
    return " ".join(visible.split())[:LONGEST_NAME].rstrip()


def last_digits(address: str) -> str:
    """Give the last four digits of an address: enough to tell two straps of one person apart."""
    return re.sub(r"[^0-9A-Za-z]", "", address)[-4:].upper()


def redacted(text: str) -> str:
    """Return ``text`` with every device address in it reduced to its last four digits."""
    return _ADDRESS.sub(lambda found: f"…{last_digits(found.group())}", text)


def in_words(trouble: BaseException) -> str:
    """Name an exception in one line that may be logged."""
    return f"{type(trouble).__name__}: {redacted(str(trouble))}"


def whole_story(surprise: BaseException) -> str:
    """Tell where an exception came from, in lines that may be logged."""
    return redacted("".join(traceback.format_exception(surprise)))


def same_address(one: str, other: str) -> bool:
    """Whether two spellings name the same device."""
    return one.casefold() == other.casefold()
