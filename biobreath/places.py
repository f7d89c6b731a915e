"""Where things are: the program's own assets, and the person's data, settings and logs."""

import os
from pathlib import Path

import platformdirs

_APP = "biobreath"


def assets() -> Path:
    """Return the folder of fonts, icons and texts: inside the wheel, or beside the package."""
    inside = Path(__file__).parent / "assets"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "assets"


def _home(kind: str, default: str) -> Path:
    override = os.environ.get("BIOBREATH_HOME")
    return Path(override) / kind if override else Path(default)


def data_dir() -> Path:
    """Return the folder of the library of sittings."""
    return _home("data", platformdirs.user_data_dir(_APP, appauthor=False))


def config_dir() -> Path:
    """Return the folder of the settings."""
    return _home("config", platformdirs.user_config_dir(_APP, appauthor=False))


def state_dir() -> Path:
    """Return the folder of the logs."""
    return _home("state", platformdirs.user_state_dir(_APP, appauthor=False))


def library_path() -> Path:
    """Return the file that holds every sitting."""
    return data_dir() / "library.db"


def packs_dir() -> Path:
    """Return the folder of practices that the person added; it need not be there."""
    return data_dir() / "packs"


def calm_dir() -> Path:
    """Return the folder of the person's own picture and kind voice; it need not be there."""
    return data_dir() / "calm"


def audio_dirs() -> tuple[Path, ...]:
    """Return where recorded sentences may lie: the person's own first, then the program's."""
    return packs_dir() / "audio", assets() / "audio"


def settings_path() -> Path:
    """Return the settings file."""
    return config_dir() / "settings.toml"


def log_path() -> Path:
    """Return the log file; it holds no notes and no full device addresses."""
    return state_dir() / "biobreath.log"


def private_dir(path: Path) -> Path:
    """Make a folder that only this person can open, and return it."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path
