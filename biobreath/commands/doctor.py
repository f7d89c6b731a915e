"""``biobreath doctor``: what this computer has, and what to do where something is missing."""

import asyncio
import importlib.metadata
import platform
import shutil
import sys
from dataclasses import dataclass

from biobreath import __version__, places
from biobreath.commands.output import say, say_json
from biobreath.events import LinkReason
from biobreath.session.words import trouble_sentence
from biobreath.store.library import Library
from biobreath.store.schema import LibraryError
from biobreath.system_libraries import window_trouble

LEAST_FREE_MB = 200
_PACKAGES = ("PySide6-Essentials", "pyqtgraph", "numpy", "scipy", "bleak")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: fine, or with what to do."""

    what: str
    fine: bool
    text: str


def run(*, as_json: bool) -> int:
    """Look at everything the program needs; 0 when it can run here, 1 when something stops it.

    No Bluetooth is no reason to fail: breathing works without a strap.
    """
    findings = [
        *(_versions(), _packages(), _qt_pair(), _window(), _bluetooth()),
        *(_library(), _disk(), _places()),
    ]
    if as_json:
        say_json([{"what": f.what, "fine": f.fine, "text": f.text} for f in findings])
    else:
        for finding in findings:
            say(f"{'ok  ' if finding.fine else 'look'}  {finding.what}: {finding.text}")
    stopping = {"packages", "Qt and Python", "library"}
    return 1 if any(not f.fine and f.what in stopping for f in findings) else 0


def _versions() -> Finding:
    text = f"biobreath {__version__}, Python {platform.python_version()}, {platform.platform()}"
    return Finding("versions", fine=True, text=text)


def _packages() -> Finding:
    found: list[str] = []
    missing: list[str] = []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Finding("packages", fine=False, text=f"missing: {', '.join(missing)}")
    return Finding("packages", fine=True, text=", ".join(found))


def bad_qt_pair() -> str:
    """Say why this Qt must not run on this Python; nothing where it may.

    PySide6 6.12 on Python 3.11 loses a reference to None and True on every call and ends the
    process within minutes.
    """
    try:
        version = importlib.metadata.version("PySide6-Essentials")
    except importlib.metadata.PackageNotFoundError:
        return ""
    major, minor = (int(part) for part in version.split(".")[:2])
    if sys.version_info < (3, 12) and (major, minor) >= (6, 12):
        return (
            f"PySide6 {version} does not work with Python {platform.python_version()}: "
            "please install PySide6-Essentials below 6.12, or use Python 3.12 or newer."
        )
    return ""


def _qt_pair() -> Finding:
    trouble = bad_qt_pair()
    return Finding("Qt and Python", fine=not trouble, text=trouble or "they go together")


def _window() -> Finding:
    trouble = window_trouble()
    return Finding("window", fine=not trouble, text=trouble or "a window can open here")


def _bluetooth() -> Finding:
    from biobreath.sensors.finder import bluetooth_state

    reason = asyncio.run(bluetooth_state())
    if reason is LinkReason.NONE:
        return Finding("Bluetooth", fine=True, text="ready for a strap")
    return Finding("Bluetooth", fine=False, text=trouble_sentence(reason))


def _library() -> Finding:
    path = places.library_path()
    if not path.exists():
        return Finding("library", fine=True, text=f"no sittings yet; they will be in {path}")
    try:
        faults = Library(path).integrity()
        count = len(Library(path).sittings())
        sittings = "1 sitting" if count == 1 else f"{count} sittings"
    except LibraryError as error:
        return Finding("library", fine=False, text=str(error))
    if faults:
        return Finding("library", fine=False, text="; ".join(faults[:3]))
    return Finding("library", fine=True, text=f"{sittings}, whole, in {path}")


def _disk() -> Finding:
    folder = places.data_dir()
    while not folder.exists():
        folder = folder.parent
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    fine = free_mb >= LEAST_FREE_MB
    text = f"{free_mb} MB free" + ("" if fine else "; a sitting may not be kept")
    return Finding("disk", fine=fine, text=text)


def _places() -> Finding:
    settings, log = places.settings_path(), places.log_path()
    return Finding("places", fine=True, text=f"settings in {settings}, log in {log}")
