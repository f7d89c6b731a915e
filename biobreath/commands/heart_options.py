"""The demo heart as the command line orders it: ``SEED?day=flare&person=athlete&missed=0.02``."""

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from biobreath.commands.output import WrongUse
from biobreath.sensors.breath_model import Guide
from biobreath.sensors.people import DAYS, PEOPLE, Person, person_of
from biobreath.sensors.simulated import SimulatedSensor
from biobreath.sensors.simulated_faults import MOST_JITTER_S, Faults, Spell, Spells

_T = TypeVar("_T")

VENTRICULAR_IN_ECTOPICS = 0.6
"""``ectopics`` is a mixture: three in five premature beats are ventricular."""
_NUMBER = r"[0-9]{1,6}(?:\.[0-9]{1,6})?"
_SPELL = re.compile(rf"(?:(?P<of>{_NUMBER})@)?(?P<start>{_NUMBER})\+(?P<length>{_NUMBER})")


def demo_heart(text: str, breath_at: Guide) -> SimulatedSensor:
    """Make the heart that ``SEED?name=value&…`` orders; both parts may be missing.

    Raises
    ------
    WrongUse
        With one plain sentence on the first thing that makes no sense.
    """
    seed_text, _, options_text = text.partition("?")
    seed = _seed(seed_text)
    options = _options(options_text)
    try:
        person = _person(seed, options)
        day = _one_of(DAYS, "day", options.pop("day")) if "day" in options else None
        faults = _faults(options)
    except ValueError as error:
        raise WrongUse(str(error)) from None
    if options:
        raise WrongUse(f"The demo heart has no option “{next(iter(options))}”.")
    return SimulatedSensor(seed, breath_at, person=person, day=day, faults=faults)


def _seed(text: str) -> int:
    if text and not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise WrongUse(
            f"The seed of the simulated heart is a whole number of 1 to 18 digits, not “{text}”."
        )
    return int(text or 0)


def _options(text: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for part in filter(None, text.split("&")):
        name, equals, value = part.partition("=")
        if not (equals and value):
            raise WrongUse(f"An option of the demo heart is NAME=VALUE, not “{part}”.")
        if name in options:
            raise WrongUse(f"The option “{name}” of the demo heart is there twice.")
        options[name] = value
    return options


def _person(seed: int, options: dict[str, str]) -> Person:
    person = person_of(seed)
    if "person" in options:
        person = _one_of(PEOPLE, "person", options.pop("person"))
    return replace(
        person,
        adherence=_number(options, "adherence", person.adherence, 0.0, 1.0),
        follows_until_s=_number(options, "follows", person.follows_until_s, 0.0, math.inf),
        resonance_per_minute=_number(options, "resonance", person.resonance_per_minute, 4.0, 7.0),
    )


def _faults(options: dict[str, str]) -> Faults:
    mixed = _spells(options, "ectopics")
    battery = _number(options, "battery", 0, 1, 100)
    return Faults(
        ventricular=_spells(options, "ventricular") + _part(mixed, VENTRICULAR_IN_ECTOPICS),
        atrial=_spells(options, "atrial") + _part(mixed, 1.0 - VENTRICULAR_IN_ECTOPICS),
        run_length=int(_number(options, "run", 1, 1, 20)),
        missed=_spells(options, "missed"),
        extra=_spells(options, "extra"),
        contact_loss=_spells(options, "nocontact"),
        dropouts=_spells(options, "dropout"),
        link_loss=_spells(options, "linkloss"),
        stalls=_spells(options, "stall"),
        duplicates=_spells(options, "duplicate"),
        garbage=_spells(options, "garbage"),
        jitter_s=_number(options, "jitter", 0.0, 0.0, MOST_JITTER_S),
        battery_percent=int(battery) or None,
    )


def _part(spells: Spells, share: float) -> Spells:
    return tuple(replace(spell, share=spell.share * share) for spell in spells)


def _spells(options: dict[str, str], name: str) -> Spells:
    """Read ``0.05``, ``60+10`` (at 60 s for 10 s) and ``0.5@60+10``, several with commas."""
    text = options.pop(name, None)
    return () if text is None else tuple(_spell(name, part) for part in text.split(","))


def _spell(name: str, text: str) -> Spell:
    if re.fullmatch(_NUMBER, text):
        return Spell(share=float(text))
    found = _SPELL.fullmatch(text)
    if found is None:
        raise WrongUse(
            f"“{name}” takes a share such as 0.05, or a start and a length in s such as 60+10,"
            f" not “{text}”."
        )
    return Spell(float(found["start"]), float(found["length"]), float(found["of"] or 1.0))


def _one_of(known: Mapping[str, _T], name: str, value: str) -> _T:
    if value not in known:
        *most, last = known
        names = f"{', '.join(most)} or {last}"
        raise WrongUse(f"“{name}” of the demo heart is {names}, not “{value}”.")
    return known[value]


def _number(
    options: dict[str, str], name: str, otherwise: float, least: float, most: float
) -> float:
    text = options.pop(name, None)
    if text is None:
        return otherwise
    value = float(text) if re.fullmatch(_NUMBER, text) else math.nan
    if not least <= value <= most:
        limits = f"from {least:g}" + (f" to {most:g}" if most < math.inf else "")
        raise WrongUse(f"“{name}” of the demo heart is a number {limits}, not “{text}”.")
    return value
