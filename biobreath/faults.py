"""What happens when something of ours breaks: it is written down, told once, and life goes on."""

import faulthandler
import logging
import logging.handlers
import os
import sys
import threading
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import cast

from biobreath.addresses import redacted
from biobreath.places import private_dir

_log = logging.getLogger("biobreath")

_LOG_BYTES = 1_000_000
_LOG_FILES = 3

_crashes: TextIOWrapper | None = None


def write_log(path: Path) -> None:
    """Send the log to a file of its own; without such a file the program runs all the same."""
    try:
        private_dir(path.parent)
        handler = _Private(path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8")
        _write_crashes(path.with_name("crash.txt"))
    except OSError:
        return
    handler.setFormatter(_Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)


def _write_crashes(path: Path) -> None:
    """Let the interpreter's last words go to a file that is never turned over.

    It keeps the bare number of the file: the log's own, once turned over, would be whatever file
    was opened next, even the library.
    """
    global _crashes  # faulthandler needs it open until the process ends
    if _crashes is not None:
        _crashes.close()
    _crashes = _private_append(path, "a", "utf-8")
    faulthandler.enable(_crashes, all_threads=True)


def _private_append(path: Path, mode: str, encoding: str | None) -> TextIOWrapper:
    handle = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    return cast("TextIOWrapper", os.fdopen(handle, mode, encoding=encoding))


class _Private(logging.handlers.RotatingFileHandler):
    """A log that only this person can read, also after it has been turned over."""

    def _open(self) -> TextIOWrapper:
        return _private_append(Path(self.baseFilename), self.mode, self.encoding)


class _Discreet(logging.Formatter):
    """Leaves no full device address in a line, whoever wrote it."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


def catch_all(tell: Callable[[], None]) -> None:
    """Log every fault that nobody caught, in any thread; ``tell`` is called for the first only.

    A fault in painting comes back with every frame, so the same one is logged once.
    """
    seen: set[tuple[str, int]] = set()

    def caught(
        kind: type[BaseException], fault: BaseException, where: TracebackType | None
    ) -> None:
        place = _place(where)
        if place in seen:
            return
        _log.error("a fault nobody caught", exc_info=(kind, fault, where))
        if not seen:
            tell()
        seen.add(place)

    def caught_in_thread(hook: threading.ExceptHookArgs) -> None:
        if hook.exc_value is not None:
            caught(hook.exc_type, hook.exc_value, hook.exc_traceback)

    sys.excepthook = caught
    threading.excepthook = caught_in_thread


def _place(where: TracebackType | None) -> tuple[str, int]:
    """Return file and line where the fault began."""
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    return ("", 0) if where is None else (where.tb_frame.f_code.co_filename, where.tb_lineno)
