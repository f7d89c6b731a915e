"""``biobreath assess``: at which pace heart and breath go together."""

from collections.abc import Sequence
from pathlib import Path

from biobreath.commands.output import CannotDo, say, say_json
from biobreath.commands.sources import read_file, read_sitting, session_number
from biobreath.events import Event
from biobreath.practice.protocols import PROTOCOLS, Protocol
from biobreath.session.pace_finder import find_pace
from biobreath.session.words import no_pace_sentence, pace_found_sentence
from biobreath.signal.resonance import Resonance


def run(source: str, protocol_id: str, *, as_json: bool) -> int:
    """Find the pace in a recording, or let a simulated person breathe the protocol.

    Returns 0 also where there is no result: the reason is told.

    Raises
    ------
    CannotDo
        When the recording cannot be read.
    WrongUse
        When the simulated person cannot be made.
    """
    protocol = PROTOCOLS[protocol_id]()
    found = find_pace(_facts(source, protocol), protocol)
    if as_json:
        say_json(answer(found))
    elif found.reason is None:
        say(pace_found_sentence(found))
    else:
        say(no_pace_sentence(found.reason))
    return 0


def answer(found: Resonance) -> dict[str, object]:
    """Return the JSON object: null where not known, with the reason."""
    return {
        "resonance_breaths_per_minute": found.breaths_per_minute,
        "low": found.low,
        "high": found.high,
        "level": found.level,
        "reason": None if found.reason is None else found.reason.value,
    }


def _facts(source: str, protocol: Protocol) -> Sequence[Event]:
    kind = source.partition(":")[0]
    if kind.partition("?")[0] == "simulated":
        return _simulated(source.removeprefix("simulated").removeprefix(":"), protocol)
    if (session_id := session_number(source)) is not None:
        return read_sitting(session_id)
    facts = read_file(Path(source))
    if not facts:
        raise CannotDo(f"“{source}” holds no heartbeats.")
    return facts


def _simulated(order: str, protocol: Protocol) -> list[Event]:
    from biobreath.commands.heart_options import demo_heart

    sensor = demo_heart(order, protocol.fullness)
    facts = [*protocol.facts(0.0), *sensor.told(protocol.duration_s + 3.0)]
    return sorted(facts, key=lambda fact: fact.t)
