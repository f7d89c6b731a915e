"""``biobreath scan``: the straps in range."""

import asyncio

from biobreath.commands.output import CannotDo, say, say_json
from biobreath.session.words import length, trouble_sentence


def run(seconds: float, *, as_json: bool) -> int:
    """Look for straps and list them.

    Raises
    ------
    CannotDo
        When Bluetooth cannot be used, with what to do.
    """
    from biobreath.sensors.finder import BluetoothTrouble, scan

    if not as_json:
        say(f"Looking for straps for {length(seconds)}…")
    try:
        straps = asyncio.run(scan(seconds))
    except BluetoothTrouble as trouble:
        raise CannotDo(trouble_sentence(trouble.reason)) from trouble
    if as_json:
        say_json(
            [{"address": s.address, "name": s.name, "signal_dbm": s.signal_dbm} for s in straps]
        )
        return 0
    for strap in straps:
        signal = "" if strap.signal_dbm is None else f"{strap.signal_dbm} dBm"
        signal = "connected" if strap.left_over else signal
        say(f"{strap.address}   {signal:>10}   {strap.name or 'without a name'}")
    if not straps:
        say("No strap in range. Wear it, with a little water under the pads.")
    return 0
