"""What the machine is made of, fetched into a folder of its own: nothing is installed but QEMU.

Debian packages are downloaded and unpacked, never installed, so this computer's own Bluetooth is
not touched. Bumble goes into a folder that only the machine's strap sees.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import start
from tools.real_bluetooth.machine import QEMU, Kernel

BUMBLE = "bumble==0.0.236"
INSIDE = ("bluez", "busybox-static", "dbus")
KERNEL = "linux-image-amd64"
USR_MERGED = ("bin", "sbin", "lib", "lib64")


class Lacking(Exception):  # noqa: N818
    """Something is missing that cannot be fetched; the text says what to do."""


def ensure_qemu() -> None:
    """Install QEMU where we may, after saying so.

    Raises
    ------
    Lacking
        When it is not there, with the line to type.
    """
    if not sys.platform.startswith("linux") or not shutil.which("apt-get"):
        raise Lacking("This needs Debian on x86-64: its kernel and packages make the machine.")
    if shutil.which(QEMU):
        return
    print("The virtual machine needs QEMU, which this system lacks.", flush=True)
    if not start.provide(["qemu-system-x86"]) or not shutil.which(QEMU):
        raise Lacking("Then run this again.")


def packages(cache: Path) -> Path:
    """Return a folder with the programs of the machine that this system does not have."""
    return once(cache / "packages", lambda folder: _unpack(_absent(INSIDE), folder))


def kernel(cache: Path) -> Kernel:
    """Return Debian's own kernel, with its modules readable."""
    folder = once(cache / "kernel", lambda folder: _unpack([_kernel_package()], folder))
    image = next((folder / "boot").glob("vmlinuz-*"))
    return Kernel(image, folder / "usr" / "lib" / "modules" / image.name.removeprefix("vmlinuz-"))


def bumble(cache: Path, python: Path) -> Path:
    """Return a folder with Bumble for this Python."""

    def install(folder: Path) -> None:
        print(f"Fetching {BUMBLE}.", flush=True)
        _call(str(python), "-m", "pip", "install", "--quiet", "--target", str(folder), BUMBLE)

    tag = _call(str(python), "-c", "import sys; print(sys.implementation.cache_tag)").strip()
    return once(cache / f"{BUMBLE.replace('==', '-')}-{tag}", install)


def busybox(packages: Path) -> Path:
    """Return the one program of the memory disk: this system's own, or the one fetched.

    Raises
    ------
    Lacking
        When there is none that needs no libraries.
    """
    for path in (packages / "usr/bin/busybox", Path("/usr/bin/busybox"), Path("/bin/busybox")):
        if path.exists():
            return path
    raise Lacking("Please install with:\n\n    sudo apt install busybox-static\n")


def once(folder: Path, fill: Callable[[Path], None]) -> Path:
    """Fill a folder that is not there yet; one that was interrupted is filled anew."""
    if not folder.exists():
        unfinished = folder.with_name(f"{folder.name}-unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        fill(unfinished)
        unfinished.rename(folder)
    return folder


# --- Debian packages -----------------------------------------------------------------------


def newly_installed(simulation: str) -> list[str]:
    """Return what apt-get would install, without what it would only bring up to date."""
    return re.findall(r"^Inst (\S+) \(", simulation, re.MULTILINE)


def _absent(names: Sequence[str]) -> list[str]:
    return newly_installed(
        _call("apt-get", "install", "--simulate", "--no-install-recommends", *names)
    )


def _kernel_package() -> str:
    told = _call("apt-cache", "depends", "--no-recommends", "--no-suggests", KERNEL)
    name = re.search(r"Depends: (linux-image-\S+)", told)
    if name is None:
        raise Lacking(f"apt does not know {KERNEL}: this needs the sources of Debian on x86-64.")
    return name.group(1)


def _unpack(names: Sequence[str], folder: Path) -> None:
    """Download packages and lay them out as on a system where /bin and /lib are in /usr."""
    if not names:
        return
    print(f"Fetching with apt-get, without installing: {' '.join(names)}", flush=True)
    downloads = folder / "downloads"
    downloads.mkdir()
    _call("apt-get", "download", "-q", *names, folder=downloads)
    for package in sorted(downloads.glob("*.deb")):
        _call("dpkg-deb", "--extract", str(package), str(folder))
    shutil.rmtree(downloads)
    for name in USR_MERGED:
        merge_into_usr(folder, name)


def merge_into_usr(folder: Path, name: str) -> None:
    """Move what a package has in ``name`` to the place of the same name in usr."""
    if (folder / name).is_dir():
        shutil.copytree(folder / name, folder / "usr" / name, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(folder / name)


def _call(*command: str, folder: Path | None = None) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Lacking(f"This did not work: {' '.join(command)}\n{done.stderr.strip()}")
    return done.stdout
