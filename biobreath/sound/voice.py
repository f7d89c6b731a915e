"""The system's own voice, where there is one: it reads what is on the screen, and nothing else.

Every system brings a command that speaks; a library would bring another hundred megabytes.
"""

import contextlib
import logging
import shutil
import subprocess
import sys
from collections.abc import Sequence

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


def voice_command(platform: str = sys.platform) -> tuple[str, ...]:
    """Return the command that speaks on this system; empty where there is none."""
    for command in _COMMANDS.get(platform, ()):
        found = shutil.which(command[0])
        if found is not None:
            return (found, *command[1:])
    return ()


class Voice:
    """Says one thing at a time; what comes next takes the place of what is being said."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._speaking: subprocess.Popen[bytes] | None = None

    @property
    def there(self) -> bool:
        """Whether there is a voice at all."""
        return bool(self._command)

    def say(self, text: str) -> None:
        """Begin to say ``text``; a voice that cannot is silent from then on."""
        self.be_silent()
        if not self._command:
            return
        try:
            self._speaking = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            _log.warning("the voice cannot be used: %s", error.strerror)
            self._command = ()
            return
        stdin = self._speaking.stdin
        if stdin is not None:
            # A voice that ends at once takes no words.
            with contextlib.suppress(OSError):
                stdin.write(text.encode() + b"\n")
            with contextlib.suppress(OSError):
                stdin.close()

    def be_silent(self) -> None:
        """Stop in the middle of the word."""
        speaking, self._speaking = self._speaking, None
        if speaking is None:
            return
        if speaking.poll() is None:
            speaking.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            speaking.wait(timeout=1.0)
