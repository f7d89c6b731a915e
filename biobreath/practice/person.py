"""The person for whom a practice is played, and what all practices have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from biobreath.practice.display import Display
from biobreath.practice.past import PastSitting
from biobreath.practice.patterns import Pattern
from biobreath.practice.phases import Line
from biobreath.practice.stops import Stop


@dataclass(frozen=True, slots=True)
class Shared:
    """What all practices have in common."""

    stops: tuple[Stop, ...]
    ground: tuple[Line, ...]
    patterns: Mapping[str, Pattern | None]
    """By id; None for free breathing. ``mine`` is there when a pace was found."""


@dataclass(frozen=True, slots=True)
class Person:
    """What the player is told of the person."""

    flags: frozenset[str] = frozenset()
    display: Display = Display.WAVE
    safety_words: tuple[str, ...] = ()
    has_sensor: bool = False
    has_sound: bool = False
    """Whether the sound that the practice brings along is heard."""
    history: tuple[PastSitting, ...] = ()
    imagery_levels: Mapping[str, int] = field(default_factory=dict[str, int])
    """How far each part of the body is, with "" for those that were never practised."""
