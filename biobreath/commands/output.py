"""How the verbs speak: results to stdout, trouble to stderr in one plain sentence."""

import json
import math
import sys
from typing import Any


class CannotDo(Exception):  # noqa: N818
    """The verb could not be done; its text is one plain sentence for a person. Exit code 1."""


class WrongUse(Exception):  # noqa: N818
    """The words of the command do not fit together; exit code 2."""


def say(text: str = "") -> None:
    """Print a line at once, so that who reads along sees it."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_json(value: object) -> None:
    """Print one JSON value on a line of its own; unknown numbers become null."""
    say(json.dumps(_blank_unknown(value), ensure_ascii=False, allow_nan=False))


def complain(sentence: str) -> None:
    """Print one sentence to stderr."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def _blank_unknown(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _blank_unknown(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return [_blank_unknown(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return value
