"""A virtual machine that shares this computer's files read-only, and nothing else of it.

Its first process is a shell script in a memory disk of a few megabytes. The root is this
computer's own file system over 9p, so that the very same Python and environment run inside, with
unpacked packages and a memory file system laid over it: whatever is written is gone at the end.
"""

import lzma
import re
import shlex
import stat
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MODULES = ("virtio_pci", "9pnet_virtio", "9p", "overlay", "cmac", "bluetooth", "hci_vhci")
QEMU = "qemu-system-x86_64"
MEGABYTES = 1024
OUT = "/mnt/out"
"""Where the machine sees the folder that it shares with outside."""


@dataclass(frozen=True)
class Kernel:
    """An unpacked kernel package."""

    image: Path
    modules: Path
    """The folder that holds its modules, in any depth."""


class MachineFailed(Exception):  # noqa: N818
    """The machine did not come to its end; the text says why."""


# --- the memory disk -----------------------------------------------------------------------


def needed_modules(names: Iterable[str], depends: Mapping[str, list[str]]) -> list[str]:
    """Return the modules with all that they need, in an order in which they can be loaded.

    Modules that ``depends`` does not know are built into the kernel.
    """
    order: list[str] = []

    def add(name: str) -> None:
        if name in order or name not in depends:
            return
        for needed in depends[name]:
            add(needed)
        order.append(name)

    for name in names:
        add(name.replace("-", "_"))
    return order


def depends_of(module: bytes) -> list[str]:
    """Read from a module's own bytes which others it needs."""
    told = re.search(rb"\0depends=([^\0]*)\0", module)
    names = told.group(1).decode().split(",") if told else []
    return [name.replace("-", "_") for name in names if name]


def modules_of(kernel: Kernel) -> dict[str, bytes]:
    """Return the modules that the machine loads, in their order."""
    files = [*kernel.modules.rglob("*.ko"), *kernel.modules.rglob("*.ko.xz")]
    found = {path.name.partition(".")[0].replace("-", "_"): path for path in files}
    read: dict[str, bytes] = {}
    depends: dict[str, list[str]] = {}
    waiting = [name for name in MODULES if name in found]
    while waiting:
        name = waiting.pop()
        read[name] = _unpacked(found[name])
        depends[name] = depends_of(read[name])
        waiting += [other for other in depends[name] if other in found and other not in read]
    return {name: read[name] for name in needed_modules(MODULES, depends)}


def _unpacked(module: Path) -> bytes:
    # Newer Debians keep them packed.
    content = module.read_bytes()
    return lzma.decompress(content) if module.suffix == ".xz" else content


def cpio(files: Mapping[str, bytes]) -> bytes:
    """Pack executable files into an archive as the kernel reads it (the form "newc")."""
    folders = {str(parent) for name in files for parent in PurePosixPath(name).parents} - {"."}
    entries = [(name, stat.S_IFDIR | 0o755, b"") for name in sorted(folders)]
    entries += [(name, stat.S_IFREG | 0o755, content) for name, content in files.items()]
    entries.append(("TRAILER!!!", 0, b""))
    return b"".join(_cpio_entry(number, *entry) for number, entry in enumerate(entries, 1))


def _cpio_entry(number: int, name: str, mode: int, content: bytes) -> bytes:
    # inode, mode, owner, group, links, time, size, device (2), device of the node (2), name, sum
    fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
    return _to_four(head) + _to_four(content)


def _to_four(content: bytes) -> bytes:
    return content + b"\0" * (-len(content) % 4)


_FIRST_PROCESS = """#!/busybox sh
export PATH=/bin
/busybox mkdir -p /bin /proc /sys /dev /host /packages /fresh /whole
/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in {modules}; do insmod /modules/$module.ko || echo "no module $module"; done
how=trans=virtio,version=9p2000.L,msize=262144
mount -t 9p -o ro,cache=loose,$how host /host
mount -t 9p -o ro,cache=loose,$how packages /packages
mount -t tmpfs fresh /fresh
mkdir /fresh/upper /fresh/work
mount -t overlay -o lowerdir=/packages:/host,upperdir=/fresh/upper,workdir=/fresh/work all /whole
mkdir -p /whole/proc /whole/sys /whole/dev /whole/run /whole/mnt /whole/var/lib/bluetooth
for place in proc sys dev; do mount --bind /$place /whole/$place; done
for place in run mnt var/lib/bluetooth; do mount -t tmpfs own /whole/$place; done
mkdir -p /whole/dev/shm /whole{out}
mount -t tmpfs shm /whole/dev/shm
mount -t 9p -o $how out /whole{out}
echo "machine is up"
cd /whole && chroot /whole /bin/sh -c {command}
echo "machine is done: $?"
sync
reboot -f
"""


def first_process(modules: Iterable[str], command: str) -> str:
    """Return the script that makes the machine and runs ``command`` in it."""
    return _FIRST_PROCESS.format(modules=" ".join(modules), out=OUT, command=shlex.quote(command))


def memory_disk(kernel: Kernel, busybox: Path, command: str) -> bytes:
    """Return the memory disk that the machine starts from."""
    modules = modules_of(kernel)
    files = {f"modules/{name}.ko": content for name, content in modules.items()}
    files["busybox"] = busybox.read_bytes()
    files["init"] = first_process(modules, command).encode()
    return cpio(files)


# --- the machine ---------------------------------------------------------------------------


def qemu_command(kernel: Kernel, disk: Path, packages: Path, out: Path) -> list[str]:
    """Return the command that runs the machine until it stops itself."""
    return [
        *(QEMU, "-nodefaults", "-no-reboot", "-display", "none", "-serial", "stdio"),
        *("-accel", "tcg", "-cpu", "max", "-smp", "2", "-m", str(MEGABYTES)),
        *("-kernel", str(kernel.image), "-initrd", str(disk)),
        *("-append", "console=ttyS0 quiet panic=-1 rdinit=/init"),
        *_shared("host", Path("/"), "readonly=on,multidevs=remap"),
        *_shared("packages", packages, "readonly=on"),
        *_shared("out", out, "readonly=off"),
    ]


def _shared(tag: str, folder: Path, how: str) -> tuple[str, str]:
    path = str(folder).replace(",", ",,")
    return "-virtfs", f"local,path={path},mount_tag={tag},security_model=none,{how}"


def run(command: list[str], console: Path, limit_s: float) -> None:
    """Run the machine; what its console says goes to a file.

    Raises
    ------
    MachineFailed
        When it does not start, or does not stop within the limit.
    """
    with console.open("wb") as log:
        try:
            code = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=limit_s,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            raise MachineFailed(f"The machine was still running after {limit_s:.0f} s.") from None
    told = console.read_text(encoding="utf-8", errors="replace")
    if code or "machine is done: 0" not in told:
        raise MachineFailed("The machine stopped early; its console said:\n" + told[-2000:])
