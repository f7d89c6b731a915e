"""System libraries that Qt needs on Linux, and the Debian packages that hold them.

Standard library only, and readable by older Pythons: start.py asks it before anything else is
installed.
"""

import contextlib
import ctypes
import os
import sys
from collections.abc import Generator, Mapping

# Without the first group not even a windowless Qt loads; the others are for a window.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}

SCREENLESS_PLATFORMS = ("offscreen", "minimal", "vnc", "linuxfb")


def is_there(library: str) -> bool:
    """Tell whether a shared library loads."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def lacking(libraries: "Mapping[str, str]") -> "dict[str, str]":
    """Return what this system lacks of ``libraries``, with the packages that hold it."""
    if not sys.platform.startswith("linux"):
        return {}
    return {name: package for name, package in libraries.items() if not is_there(name)}


def window_trouble() -> str:
    """Say in one sentence why no window can open here; nothing where it can.

    Qt ends the whole process where it cannot open its window system, so we look first.
    """
    if not sys.platform.startswith("linux"):
        return ""
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if platform in SCREENLESS_PLATFORMS:
        return _missing(QT_LIBRARIES)
    screens = [name for name in _SCREENS if os.environ.get(name)]
    if not screens:
        return "There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)."
    libraries = X11_LIBRARIES if "DISPLAY" in screens else WAYLAND_LIBRARIES
    missing = _missing({**QT_LIBRARIES, **libraries})
    if missing or any(_answers(name) for name in screens):
        return missing
    named = " and ".join(f"{name}={os.environ[name]}" for name in screens)
    return f"The screen that is named here cannot be reached ({named})."


def _missing(libraries: "Mapping[str, str]") -> str:
    missing = lacking(libraries)
    if not missing:
        return ""
    packages = " ".join(dict.fromkeys(missing.values()))
    return "A window needs system libraries that are missing: sudo apt install " + packages


# How a screen is asked: the library, and its functions that open and close a connection.
_SCREENS = {
    "DISPLAY": ("libxcb.so.1", "xcb_connect", "xcb_disconnect"),
    "WAYLAND_DISPLAY": ("libwayland-client.so.0", "wl_display_connect", "wl_display_disconnect"),
}


def _answers(screen: str) -> bool:
    """Connect to a screen as Qt would, and let it go again."""
    name, connect, disconnect = _SCREENS[screen]
    try:
        library = ctypes.CDLL(name)
    except OSError:
        return False
    opened = getattr(library, connect)
    opened.restype = ctypes.c_void_p
    arguments = (None, None) if screen == "DISPLAY" else (None,)
    with _unheard():
        connection = ctypes.c_void_p(opened(*arguments))
    if not connection:
        return False
    # Where X11 refuses, there is a connection that says so.
    refused = screen == "DISPLAY" and bool(library.xcb_connection_has_error(connection))
    getattr(library, disconnect)(connection)
    return not refused


@contextlib.contextmanager
def _unheard() -> "Generator[None]":
    """Let the libraries of the screen say nothing; we say it in our own words."""
    try:
        kept = os.dup(2)
    except OSError:  # closed; nobody hears anything
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
