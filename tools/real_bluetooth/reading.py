"""What a case left in its folder, as evidence."""

import json
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

from tools.real_bluetooth.comparing import Fate
from tools.real_bluetooth.judging import Evidence, Packet, Recording, Said, Trouble

LISTENER_GOES = ("adapter is switched off", "bluetoothd is killed", "program is asked to end")
"""Deeds after which a linked strap sends to nobody."""


def evidence(out: Path, exported: Path, seconds: float) -> Evidence:
    """Read everything; ``seconds`` is how long the program was told to listen."""
    strap = [told["line"] for told in _lines(out / "strap.jsonl")]
    program = [told for told in _lines(out / "program.jsonl") if isinstance(told["line"], dict)]
    story = _lines(out / "story.jsonl")
    links = [
        Said(told["t"], told["line"]["state"], told["line"]["reason"])
        for told in program
        if told["line"]["event"] == "link"
    ]
    deaf = [deed["t"] for deed in story if deed["deed"].endswith(LISTENER_GOES)]
    # No line is printed before its time, so the promptest one shows when the sitting began.
    prompt = [
        told["t"] - told["line"]["t"] for told in program if told["line"]["event"] == "metrics"
    ]
    if prompt:
        deaf.append(min(prompt) + seconds)
    return Evidence(
        packets=tuple(_packet(line) for line in strap if line["event"] == "packet"),
        unlinked=tuple(line["t"] for line in strap if line.get("up") is False),
        beats=tuple(told["line"]["rr_ms"] for told in program if told["line"]["event"] == "beat"),
        links=tuple(links),
        troubles=tuple(_troubles(story)),
        deaf=tuple(deaf),
        library=recording(out / "data" / "library.db"),
        exported=recording(exported),
        exit_code=next((deed["code"] for deed in story if "code" in deed), None),
        failure=next((deed["trouble"] for deed in story if "trouble" in deed), ""),
    )


def versions(out: Path) -> dict[str, str]:
    """Return what ran in the machine."""
    told = [deed["versions"] for deed in _lines(out / "story.jsonl") if "versions" in deed]
    return told[0] if told else {}


def recording(path: Path) -> Recording:
    """Read a library or an exported file without the program's own help."""
    if not path.exists():
        return Recording((), (), None)
    with closing(
        sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    ) as opened:
        packets = opened.execute("SELECT payload FROM packet ORDER BY session_id, seq").fetchall()
        events = opened.execute(
            "SELECT t_s, kind, data FROM event ORDER BY session_id, seq"
        ).fetchall()
    told = [(t, kind, json.loads(data)) for t, kind, data in events]
    return Recording(
        payloads=tuple(payload for (payload,) in packets),
        links=tuple(Said(t, d["state"], d["reason"]) for t, kind, d in told if kind == "link"),
        battery_percent=next((d["percent"] for _, kind, d in told if kind == "battery"), None),
    )


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _packet(line: dict[str, Any]) -> Packet:
    return Packet(
        line["t"], bytes.fromhex(line["payload"]), tuple(line["ticks"]), Fate(line["fate"])
    )


def _troubles(story: list[dict[str, Any]]) -> list[Trouble]:
    deeds = [deed for deed in story if "part" in deed]
    return [
        Trouble(begun["deed"], begun["t"], healed["t"], begun["in_silence"])
        for begun, healed in pairwise(deeds)
        if begun["part"] == "trouble" and healed["part"] == "healed"
    ]
