"""What the person chose: frozen values, kept as TOML."""

import logging
import math
import os
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import tomli_w

from biobreath.places import private_dir

FORMAT = 1

_log = logging.getLogger(__name__)

SUITED = -1
"""A practice as long as suits, by how it went so far."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the program remembers between two openings.

    ``source`` is ``simulated``, ``strap``, ``recording`` or ``none``. ``strap_address`` is what
    the system calls the strap, ``recording`` the path of a file.
    ``pattern`` is the id of a shipped pattern, or ``own``, which the shares and holds describe;
    ``breaths_per_minute`` is the rate of either. ``my_pace`` is the rate that the pace finder
    found, 0 where it has not.
    With ``follow_me`` the guide begins at the person's own rate, with ``compare`` a minute of free
    breathing stands before and after it.
    ``keep_ecg`` also records the ECG of a strap that streams it.
    ``tones`` and ``bed`` are what is heard in a sitting, at ``volume_percent``; with ``spoken`` the
    system's voice says the guide's words as well.
    ``display`` is ``hidden``, ``ambient``, ``wave`` or ``numbers``: how much of the heart a
    sitting shows; ``shape`` is what breathes, ``bar`` for little motion.
    """

    theme: str = "system"
    usual_theme: str = "system"
    """What is put on again after the dim colours of the night."""
    source: str = "simulated"
    strap_address: str = ""
    strap_name: str = ""
    keep_ecg: bool = False
    recording: str = ""
    pattern: str = "long-out"
    breaths_per_minute: float = 6.0
    inhale_share: float = 0.4
    hold_full_s: float = 0.0
    hold_empty_s: float = 0.0
    my_pace: float = 0.0
    follow_me: bool = False
    compare: bool = False
    minutes: int = 5
    display: str = "wave"
    shape: str = "disc"
    show_words: bool = True
    show_own_breath: bool = False
    tones: bool = False
    spoken: bool = False
    bed: str = "none"
    volume_percent: int = 50
    speak: bool = False
    """Whether practices are read aloud by the system's voice."""
    calm_scene: str = "none"
    """The quiet picture above the words of a practice; ``own`` is the person's own."""
    practice_sound: bool = False
    """Whether a practice brings its own sound along."""
    quiet_on_hard_days: bool = False
    """Whether the three minutes of a hard day begin in silence, as they last ended."""
    text_percent: int = 100
    practice_minutes: int = SUITED
    """How long practices are to be; 0 is all of each, ``SUITED`` as they suit."""
    window_width: int = 1280
    window_height: int = 800
    unknown: dict[str, Any] = field(default_factory=dict[str, Any], compare=False)
    """Keys of a newer version: kept, so that going back and forth loses nothing."""


_CHOICES: dict[str, tuple[str, ...]] = {
    "theme": ("system", "light", "dark", "contrast", "bedtime"),
    "usual_theme": ("system", "light", "dark", "contrast"),
    "source": ("simulated", "strap", "recording", "none"),
    "display": ("hidden", "ambient", "wave", "numbers"),
    "shape": ("disc", "horizon", "bar"),
    "bed": ("none", "brook", "wind", "rain", "sea", "warm-pad"),
}
_RANGES: dict[str, tuple[float, float]] = {
    "breaths_per_minute": (3.0, 12.0),
    "inhale_share": (0.3, 0.6),
    "hold_full_s": (0.0, 8.0),
    "hold_empty_s": (0.0, 8.0),
    "my_pace": (0.0, 12.0),
    "minutes": (1, 60),
    "practice_minutes": (SUITED, 60),
    "volume_percent": (0, 100),
    "text_percent": (100, 200),
    "window_width": (900, 10_000),
    "window_height": (600, 10_000),
}

Migration = Callable[[dict[str, Any]], dict[str, Any]]

MIGRATIONS: dict[int, Migration] = {}
"""From format n to n + 1. Empty as long as format 1 is the newest."""


def load(path: Path) -> Settings:
    """Read the settings; a missing or broken file gives the defaults, a broken value its default.

    A broken file is kept beside as ``*.broken`` before anything overwrites it.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        _log.warning("settings could not be read (%s); starting with the defaults", error)
        _set_aside(path)
        return Settings()
    return from_table(table)


def from_table(table: dict[str, Any]) -> Settings:
    """Make settings of a TOML table of any format up to this one."""
    stored = table.pop("format", FORMAT)
    version = stored if isinstance(stored, int) else FORMAT
    while version in MIGRATIONS:
        table = MIGRATIONS[version](table)
        version += 1
    known = {f.name for f in fields(Settings)} - {"unknown"}
    values = {key: value for key, value in table.items() if key in known and _fits(key, value)}
    unknown = {key: value for key, value in table.items() if key not in known}
    if version > FORMAT:
        unknown["format"] = version  # what a newer program wrote stays its own
    return replace(Settings(), **values, unknown=unknown)


def save(path: Path, settings: Settings) -> None:
    """Write the settings whole or not at all, for this person's eyes only.

    Raises
    ------
    OSError
        When the folder cannot be written.
    """
    private_dir(path.parent)
    table = {f.name: getattr(settings, f.name) for f in fields(settings) if f.name != "unknown"}
    table |= {"format": FORMAT} | settings.unknown
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".settings-")
    try:
        with os.fdopen(handle, "wb") as file:
            tomli_w.dump(table, file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _fits(key: str, value: object) -> bool:
    default = getattr(Settings(), key)
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, str):
        return isinstance(value, str) and value in _CHOICES.get(key, (value,))
    if not isinstance(value, int if isinstance(default, int) else int | float):
        return False
    low, high = _RANGES[key]
    return math.isfinite(value) and low <= value <= high


def _set_aside(path: Path) -> None:
    try:
        path.replace(path.with_suffix(".toml.broken"))
    except OSError as error:
        _log.warning("the broken settings could not be set aside (%s)", error)
