"""One case, told inside the virtual machine: services, strap, program, and what happens to them.

Started as root by the machine's first process with the folder that is shared with outside. Reads
``order.json`` there, and leaves there what everybody said: ``story.jsonl`` (what was done when),
``strap.jsonl``, ``program.jsonl`` (each line with the moment it came), the library, and the logs.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOME = Path("/run/biobreath-home")
PATIENCE_S = 120.0
"""How long anything that must happen may take in a machine without hardware support."""
BEATS_BETWEEN = 12
"""So many beats are heard before the next trouble."""

BLUETOOTHD = ("/usr/libexec/bluetooth/bluetoothd", "/usr/lib/bluetooth/bluetoothd")
ADAPTER = "/org/bluez/hci0"


class StoryFailed(Exception):  # noqa: N818
    """Something that had to happen did not."""


def now() -> float:
    """Seconds since the machine started: the one time of all logs of a case."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(frozen=True)
class Line:
    """One line that a child wrote, with the moment it came."""

    t: float
    text: str

    @property
    def facts(self) -> dict[str, Any]:
        """The line as an object; empty where it is none."""
        try:
            told = json.loads(self.text)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}  # pyright: ignore[reportUnknownVariableType]


class Child:
    """A process whose every line is kept and can be waited for."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str]) -> None:
        self.lines: list[Line] = []
        self._news = threading.Condition()
        self._log = log.open("w", encoding="utf-8", buffering=1)
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log.with_suffix(".err").open("wb"),
            text=True,
            env=environment,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for text in self.process.stdout:
            line = Line(now(), text.rstrip("\n"))
            self._log.write(json.dumps({"t": line.t, "line": line.facts or line.text}) + "\n")
            with self._news:
                self.lines.append(line)
                self._news.notify_all()
        self._log.close()
        with self._news:
            self._news.notify_all()

    def wait_for(
        self, what: str, since: int, fits: Callable[[dict[str, Any]], bool], times: int = 1
    ) -> Line:
        """Wait until so many lines from number ``since`` on fit, and return the last of them.

        Raises
        ------
        StoryFailed
            When the child ends or the patience does.
        """

        def found() -> list[Line]:
            return [line for line in self.lines[since:] if fits(line.facts)][:times]

        with self._news:
            self._news.wait_for(
                lambda: len(found()) == times or not self._reader.is_alive(), PATIENCE_S
            )
            lines = found()
        if len(lines) < times:
            raise StoryFailed(f"Waited in vain for {what}.")
        return lines[-1]

    def say(self, word: str) -> None:
        """Write one line to the child."""
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def ended(self, seconds: float) -> int:
        """Wait for the end of the process and of its lines, and return its exit code.

        Raises
        ------
        StoryFailed
            When it does not end.
        """
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise StoryFailed("The program did not end in time.") from None
        self._reader.join(PATIENCE_S)
        return code


class Scene:
    """All who take part, and the deeds that the stories are made of."""

    def __init__(self, order: dict[str, Any], out: Path) -> None:
        self._order = order
        self._out = out
        self._deeds = (out / "story.jsonl").open("w", encoding="utf-8", buffering=1)
        self._environment = {
            "PATH": f"{Path(order['program']).parent}:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(HOME),
            "LANG": "C.UTF-8",
            "BIOBREATH_HOME": str(HOME),
            "PYTHONPATH": order["root"],
        }
        self._service: subprocess.Popen[bytes] | None = None
        self._children: list[Child] = []

    def note(self, deed: str, **facts: object) -> None:
        """Write down what is done, before it is done."""
        self._deeds.write(json.dumps({"t": now(), "deed": deed, **facts}) + "\n")

    # --- setting up ------------------------------------------------------------------------

    def raise_curtain(self) -> None:
        """Start the message bus, the radios, the Bluetooth service and the program."""
        self._start_bus()
        python = self._order["python"]
        self.strap = self._child(
            "strap",
            [python, "-m", "tools.real_bluetooth.bumble_strap"],
            PYTHONPATH=f"{self._order['root']}:{self._order['bumble']}",
        )
        self.strap.wait_for("the strap", 0, lambda line: line.get("event") == "ready")
        self.start_service()
        self._note_versions()
        self.note("program starts")
        self.program = self._child(
            "program",
            [
                *(self._order["program"], "monitor", "strap", "--record", "--json"),
                *("--seconds", str(self._order["seconds"])),
            ],
        )

    def _child(self, name: str, command: list[str], **environment: str) -> Child:
        log = self._out / f"{name}.jsonl"
        self._children.append(Child(command, log, {**self._environment, **environment}))
        return self._children[-1]

    def _start_bus(self) -> None:
        users = Path("/etc/passwd")
        if "messagebus:" not in users.read_text():  # dbus was not installed but only unpacked
            with users.open("a") as passwd:
                passwd.write("messagebus:x:64999:65534::/nonexistent:/usr/sbin/nologin\n")
        Path("/run/dbus").mkdir()
        told = subprocess.run(
            ["dbus-daemon", "--system", "--fork", "--nopidfile"], capture_output=True, check=False
        )
        if told.returncode:
            raise StoryFailed(f"dbus-daemon: {told.stderr.decode().strip()}")

    def start_service(self) -> None:
        """Start bluetoothd and wait until its adapter can be used."""
        self.note("bluetoothd starts")
        program = next(path for path in BLUETOOTHD if Path(path).exists())
        if self._order["trace"] and self._service is None:
            subprocess.Popen(
                ["btmon", "--write", str(self._out / "radio.btsnoop")], stdout=subprocess.DEVNULL
            )
        with (self._out / "bluetoothd.log").open("ab") as log:
            self._service = subprocess.Popen([program, "-n"], stdout=log, stderr=log)
        begun = now()
        while "boolean true" not in self._powered():
            if now() - begun > PATIENCE_S:
                raise StoryFailed("bluetoothd shows no adapter that is switched on.")
            pause(0.2)
        self.note("adapter is ready")

    def _powered(self) -> str:
        return ask_adapter("Get", "string:org.bluez.Adapter1", "string:Powered").stdout

    def _note_versions(self) -> None:
        asked = subprocess.run(
            ["bluetoothctl", "--version"], capture_output=True, text=True, check=False
        )
        libraries = subprocess.run(
            [self._order["python"], "-c", _VERSIONS],
            capture_output=True,
            text=True,
            check=True,
            env={**self._environment, "PYTHONPATH": self._order["bumble"]},
        )
        self.note(
            "versions",
            versions={
                "Linux": os.uname().release,
                "BlueZ": asked.stdout.split()[-1],
                **json.loads(libraries.stdout),
            },
        )

    # --- what can happen -------------------------------------------------------------------

    def hears(self, beats: int = BEATS_BETWEEN) -> None:
        """Wait until the program has told so many beats more."""
        since = len(self.program.lines)
        self.program.wait_for(
            f"{beats} beats", since, lambda line: line.get("event") == "beat", beats
        )

    def loses_and_finds(
        self, what: str, trouble: Callable[[], None], heal: str, *, in_silence: bool = False
    ) -> None:
        """Let the trouble happen and wait until the program receives again."""
        since = len(self.program.lines)
        self.note(what, part="trouble", in_silence=in_silence)
        trouble()
        self.note(heal, part="healed")
        self.program.wait_for(f"the link after: {heal}", since, is_receiving)

    def told_otherwise(self, since: int) -> None:
        """Wait until the program has said that it no longer receives."""
        self.program.wait_for(
            "a word on the loss",
            since,
            lambda line: line.get("event") == "link" and line.get("state") != "receiving",
        )

    def strap_does(self, command: str) -> None:
        """Let the strap do something and wait until it is done."""
        since = len(self.strap.lines)
        self.strap.say(command)
        self.strap.wait_for(command, since, lambda line: line.get("command") == command)

    def switch(self, *, on: bool) -> None:
        """Switch the adapter, as the switch of a desktop does."""
        value = f"variant:boolean:{'true' if on else 'false'}"
        told = ask_adapter("Set", "string:org.bluez.Adapter1", "string:Powered", value)
        if told.returncode:
            raise StoryFailed(f"The adapter could not be switched: {told.stderr.strip()}")

    def kill_service(self) -> None:
        """Kill bluetoothd so that it cannot say goodbye."""
        assert self._service is not None
        self._service.kill()
        self._service.wait()

    def ends_by_itself(self) -> None:
        """Wait for the end of the program, which was told how long to listen."""
        self._ends_within(self._order["seconds"] + PATIENCE_S)

    def is_stopped(self) -> None:
        """Ask the program to end, as a system does that shuts down."""
        self.note("program is asked to end")
        self.program.process.terminate()
        self._ends_within(PATIENCE_S)

    def _ends_within(self, seconds: float) -> None:
        code = self.program.ended(seconds)
        self.note("program ended", code=code)

    def lower_curtain(self) -> None:
        """End whoever is left, keep what the program wrote, and hear what the kernel has to say."""
        for child in self._children:
            child.process.kill()
            child.ended(PATIENCE_S)
        if (HOME / "data").is_dir():
            shutil.copytree(HOME / "data", self._out / "data")
        with (self._out / "kernel.log").open("wb") as log:
            subprocess.run(["dmesg"], stdout=log, check=False)


_VERSIONS = """
import importlib.metadata, json, platform
told = {name: importlib.metadata.version(name) for name in ("bleak", "dbus-fast", "bumble")}
print(json.dumps({"Python": platform.python_version(), **told}))
"""


def ask_adapter(method: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Ask the adapter for a property, or set one, as any program on the bus may."""
    command = ["dbus-send", "--system", "--print-reply", "--dest=org.bluez", ADAPTER]
    return subprocess.run(
        [*command, f"org.freedesktop.DBus.Properties.{method}", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def is_receiving(line: dict[str, Any]) -> bool:
    """Tell whether this line of the program says that packets come."""
    return line.get("event") == "link" and line.get("state") == "receiving"


def pause(seconds: float) -> None:
    """Let time pass; in here it is the radio's time, and there is nothing to wait for."""
    threading.Event().wait(seconds)


# --- the stories ---------------------------------------------------------------------------


def steady(scene: Scene) -> None:
    """Nothing happens."""
    scene.ends_by_itself()


def drop(scene: Scene) -> None:
    """The strap ends the link, goes out of range, and ends the link again."""
    scene.hears()

    def hang_up() -> None:
        scene.strap_does("hang up")

    def go_away() -> None:
        since = len(scene.program.lines)
        scene.strap_does("away")
        scene.told_otherwise(since)
        pause(8.0)
        scene.strap_does("back")

    for what, trouble, heal in (
        ("the strap hangs up", hang_up, "the strap calls again"),
        ("the strap goes out of range", go_away, "the strap is in range again"),
        ("the strap hangs up", hang_up, "the strap calls again"),
    ):
        scene.loses_and_finds(what, trouble, heal)
        scene.hears()
    scene.is_stopped()


def power(scene: Scene) -> None:
    """The adapter is switched off and on, for a short and for a longer time."""
    scene.hears()
    for seconds in (3.0, 15.0):

        def off_and_on(seconds: float = seconds) -> None:
            since = len(scene.program.lines)
            scene.switch(on=False)
            scene.told_otherwise(since)
            pause(seconds)
            scene.switch(on=True)

        scene.loses_and_finds("the adapter is switched off", off_and_on, "the adapter is on")
        scene.hears()
    scene.is_stopped()


def killed(scene: Scene) -> None:
    """The service is killed, and comes back before or long after the program knows."""
    scene.hears()
    for seconds, in_silence in ((1.0, False), (25.0, True)):

        def kill_and_start(seconds: float = seconds) -> None:
            scene.kill_service()
            pause(seconds)
            scene.start_service()

        scene.loses_and_finds(
            "bluetoothd is killed", kill_and_start, "bluetoothd is back", in_silence=in_silence
        )
        scene.hears()
    scene.is_stopped()


STORIES = {story.__name__: story for story in (steady, drop, power, killed)}


def main(out: Path) -> int:
    """Tell the story that was ordered."""
    order = json.loads((out / "order.json").read_text(encoding="utf-8"))
    HOME.mkdir()
    scene = Scene(order, out)
    try:
        scene.raise_curtain()
        STORIES[order["case"]](scene)
    except StoryFailed as trouble:
        scene.note("story failed", trouble=str(trouble))
    finally:
        scene.lower_curtain()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
