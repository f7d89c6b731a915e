"""How the verbs speak: results to stdout, trouble to stderr in one plain sentence."""

import contextlib
import json
import math
import os
import sys
from typing import Any, TextIO

_UNSEEN = {code: "�" for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"}
"""Names come from the air and from files: they must not move a terminal's cursor."""


class CannotDo(Exception):  # noqa: N818
    """The verb could not be done; its text is one plain sentence for a person. Exit code 1."""


class WrongUse(Exception):  # noqa: N818
    """The words of the command do not fit together; exit code 2."""


def say(text: str = "") -> None:
    """Print a line at once, so that who reads along sees it.

    Raises
    ------
    BrokenPipeError
        When who read along has stopped reading.
    CannotDo
        When it cannot be written, because the disk is full for example.
    """
    try:
        _write(sys.stdout, text)
    except BrokenPipeError:
        forget_output()
        raise
    except OSError as error:
        forget_output()
        raise CannotDo(f"The output cannot be written: {error.strerror}.") from error


def say_json(value: object) -> None:
    """Print one JSON value on a line of its own; unknown numbers become null."""
    say(json.dumps(_blank_unknown(value), ensure_ascii=False, allow_nan=False))


def complain(sentence: str) -> None:
    """Print one sentence to stderr."""
    with contextlib.suppress(OSError):  # nobody is left to tell
        _write(sys.stderr, sentence)


def forget_output() -> None:
    """Let what is still to be printed go nowhere; at its exit, too, Python would try again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(stream: TextIO | None, text: str) -> None:
    if stream is not None:  # a window without a console has none
        stream.write(text.translate(_UNSEEN) + "\n")
        stream.flush()


def _blank_unknown(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _blank_unknown(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return [_blank_unknown(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return value
