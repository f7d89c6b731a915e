"""The version of BlueZ, asked within a limit."""

import asyncio
import logging
import re
import sys

_log = logging.getLogger(__name__)

BLUEZ_VERSION_S = 3.0
_LEAST_BLUEZ = (5, 55)
"""What bleak asks for."""


async def settle_bluez_version() -> None:
    """Answer bleak's question for the version of BlueZ ourselves, within a limit.

    bleak runs ``bluetoothctl --version`` at the first connection without one; worse, once that was
    interrupted every later connection waits for its answer for ever. Bluetooth that is too old is
    not worth that: after the limit it counts as recent enough.
    """
    if sys.platform != "linux":
        return
    try:
        from bleak.backends.bluezdbus.version import BlueZFeatures
    except ImportError:  # bleak's own business; another version may ask in another way
        return
    if not BlueZFeatures.checked_bluez_version:
        BlueZFeatures.supported_version = await _bluez_is_recent()
        BlueZFeatures.checked_bluez_version = True


async def _bluez_is_recent() -> bool:
    """Tell whether BlueZ is as new as bleak needs; True where it does not say."""
    try:
        asked = await asyncio.create_subprocess_exec(
            "bluetoothctl", "--version", stdout=asyncio.subprocess.PIPE
        )
    except OSError:
        return True
    try:
        async with asyncio.timeout(BLUEZ_VERSION_S):
            told, _ = await asked.communicate()
    except TimeoutError:
        _log.warning("bluetoothctl does not answer; assuming a recent BlueZ.")
        return True
    finally:
        if asked.returncode is None:
            asked.kill()
            await asked.wait()
    version = re.search(rb"(\d+)\.(\d+)", told)
    return version is None or tuple(map(int, version.groups())) >= _LEAST_BLUEZ
