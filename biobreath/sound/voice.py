"""The system's own voice, where there is one: it reads what is on the screen, and nothing else.

Every system brings a command that speaks; a library would bring another hundred megabytes.
"""

import contextlib
import logging
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

_log = logging.getLogger(__name__)

_WINDOWS = (
    "Add-Type -AssemblyName System.Speech;"
    "$v = New-Object System.Speech.Synthesis.SpeechSynthesizer; $v.Rate = -2;"
    "$v.Speak([Console]::In.ReadToEnd())"
)
_COMMANDS: dict[str, Sequence[Sequence[str]]] = {
    "linux": (("spd-say", "--wait", "--rate", "-30", "--pipe-mode"), ("espeak-ng", "-s", "130")),
    "darwin": (("say", "-r", "140", "-f", "-"),),
    "win32": (("powershell", "-NoProfile", "-NonInteractive", "-Command", _WINDOWS),),
}
"""A calm pace; the words come on standard input, so that no word can be taken for an option."""


_STARTS_IN_S = {"win32": 0.6}
STARTS_IN_S = 0.2
"""How long a voice takes from being asked to being heard: to start, and to open the output.

espeak-ng has its first samples after 5 ms; the output takes the rest. PowerShell loads its speech
first (not measured, an estimate).
"""


def starts_in_s(platform: str = sys.platform) -> float:
    """Return how long before its time a word is begun on this system, in s."""
    return _STARTS_IN_S.get(platform, STARTS_IN_S)


def voice_command(platform: str = sys.platform) -> tuple[str, ...]:
    """Return the command that speaks on this system; empty where there is none."""
    for command in _COMMANDS.get(platform, ()):
        found = shutil.which(command[0])
        if found is not None:
            return (found, *command[1:])
    return ()


_STOPS: dict[str, Sequence[str]] = {"spd-say": ("--stop",)}
"""How what is being said is stopped where the command only hands it on to somebody who speaks."""
_STOPS_WITHIN_S = 0.5


class Word:
    """Something that is being said, or was."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._cut = False

    @property
    def over(self) -> bool:
        """Whether it is no longer being said."""
        return self._process.poll() is not None

    @property
    def unheard(self) -> bool:
        """Whether the voice gave up by itself."""
        return self.over and not self._cut and self._process.returncode != 0

    def cut(self) -> None:
        """Stop in the middle; a command that does not listen is ended."""
        self._cut = True
        self._process.terminate()
        try:
            self._process.wait(timeout=_STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Voice:
    """Says one thing at a time, from whatever thread.

    What is read aloud takes the place of what is being said; a cue waits for nothing and is left
    out instead.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._speaking: Word | None = None
        self._lock = threading.Lock()

    @property
    def there(self) -> bool:
        """Whether there is a voice at all."""
        return bool(self._command)

    def say(self, text: str) -> None:
        """Begin to say ``text``; a voice that cannot is silent from then on."""
        with self._lock:
            self._hush()
            self._begin(text)

    def say_if_free(self, text: str, may: Callable[[], bool]) -> Word | None:
        """Begin to say ``text`` if nothing else is being said and it ``may`` be; else None.

        ``may`` is asked when nobody else can begin any more.
        """
        with self._lock:
            busy = self._speaking is not None and not self._speaking.over
            return None if busy or not may() else self._begin(text)

    def be_silent(self) -> None:
        """Stop in the middle of the word."""
        with self._lock:
            self._hush()

    def _begin(self, text: str) -> Word | None:
        if not self._command:
            return None
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            _log.warning("the voice cannot be used: %s", error.strerror)
            self._command = ()
            return None
        self._speaking = Word(process)
        if process.stdin is not None:
            # A voice that ends at once takes no words.
            with contextlib.suppress(OSError):
                process.stdin.write(text.encode() + b"\n")
            with contextlib.suppress(OSError):
                process.stdin.close()
        return self._speaking

    def _hush(self) -> None:
        speaking, self._speaking = self._speaking, None
        if speaking is None or speaking.over:
            return
        speaking.cut()
        if self._command and (stop := _STOPS.get(Path(self._command[0]).name)):
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(
                    (self._command[0], *stop),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    timeout=_STOPS_WITHIN_S,
                    check=False,
                )
