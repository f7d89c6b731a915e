"""Ctrl-C and a polite kill close the window as a person would."""

import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Callable, Generator

from PySide6.QtCore import QSocketNotifier


@contextlib.contextmanager
def closed_by_signals(close: Callable[[], object]) -> Generator[None]:
    """Close the window properly on Ctrl-C and a polite kill.

    Python runs signal handlers only between its own steps, and Qt's loop makes none while it
    waits; a socket that the signal writes to wakes it without a timer that ticks for ever.
    """
    if threading.current_thread() is not threading.main_thread() or sys.platform == "win32":
        yield
        return
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.settimeout(0.0)
    before = signal.set_wakeup_fd(theirs.fileno())
    numbers = (signal.SIGINT, signal.SIGTERM)
    handlers = {number: signal.signal(number, _let_the_socket_speak) for number in numbers}
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: close())
    try:
        yield
    finally:
        notifier.setEnabled(False)
        signal.set_wakeup_fd(before)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        ours.close()
        theirs.close()


def _let_the_socket_speak(_number: int, _frame: object) -> None:
    """Do nothing here: the wakeup socket has told Qt already."""
