"""The parts of a practice as a pack writes them down: frozen, checked, and nothing but data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from biobreath.practice.display import Display

GROUND, REST, CLOSE = "ground", "rest", "close"
"""Parts by which every practice is known to ground, to rest and, mostly, to end."""


class PhaseType(StrEnum):
    """What kind of thing a part is."""

    PROMPT = "prompt"
    BREATHE = "breathe"
    TIMER = "timer"
    BODY_MAP = "body_map"
    RATING = "rating"
    CHOICE = "choice"
    LADDER_STEP = "ladder_step"
    IMAGERY = "imagery"
    QUIZ = "quiz"
    JOURNAL = "journal"


SPOKEN_WORDS_A_SECOND = 2.3
"""A calm voice."""

TYPICAL_S: Mapping[PhaseType, float] = {
    PhaseType.RATING: 20.0,
    PhaseType.CHOICE: 12.0,
    PhaseType.BODY_MAP: 25.0,
    PhaseType.JOURNAL: 30.0,
    PhaseType.QUIZ: 40.0,
    PhaseType.LADDER_STEP: 40.0,
    PhaseType.IMAGERY: 60.0,
}
"""How long parts that wait for the person usually take; only for telling the length beforehand."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, ``at_s`` s into its part.

    ``if_flag`` and ``if_not`` say for whom; ``source`` names the person's own list in its place.
    """

    at_s: float
    text: str
    if_flag: str = ""
    if_not: str = ""
    source: str = ""

    @property
    def spoken_s(self) -> float:
        """How long a calm voice takes for it."""
        return len(self.text.split()) / SPOKEN_WORDS_A_SECOND


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question, and what it does."""

    id: str
    label: str
    goto: str = ""
    say: str = ""
    show: str = ""
    stop: str = ""
    set_flags: tuple[str, ...] = ()
    input: bool = False
    """Whether there is room for the person's own words."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question to think about; ``answer`` is the option that ``why`` gives reasons for."""

    ask: str
    options: tuple[str, ...]
    answer: int
    why: str


@dataclass(frozen=True, slots=True)
class Timeout:
    """After so many s without an answer the option ``pick`` is taken."""

    seconds: float
    pick: str


COMPARISONS = (">=", "<=", "==", ">", "<")


def compare(value: float, op: str, other: float) -> bool:
    """Compare by one of the few signs that a pack may use."""
    match op:
        case ">=":
            return value >= other
        case "<=":
            return value <= other
        case "==":
            return value == other
        case ">":
            return value > other
        case "<":
            return value < other
        case _:
            raise ValueError(f"“{op}” is not a comparison")


_WHEN = re.compile(r"([a-z_]{1,40}) (>=|<=|==|>|<) (\d{1,4}(?:\.\d{1,4})?)")


@dataclass(frozen=True, slots=True)
class When:
    """A condition such as ``imagery_level >= 4``; never more than a name, a sign and a number."""

    name: str
    op: str
    value: float

    @classmethod
    def parse(cls, text: str) -> "When":
        """Read one; raise ValueError for anything else."""
        found = _WHEN.fullmatch(text)
        if found is None:
            raise ValueError(f"“when” is not understood: {text[:60]}")
        return cls(found[1], found[2], float(found[3]))

    def holds(self, values: Mapping[str, float]) -> bool:
        """Tell whether it holds; of a name that is not known it never does."""
        value = values.get(self.name)
        return value is not None and compare(value, self.op, self.value)


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of a practice. What its type has no use for is left at its default."""

    id: str
    type: PhaseType
    title: str
    seconds: float | None = None
    stretch: bool = False
    skip: bool = False
    side: bool = False
    next: str = ""
    when: When | None = None
    display: Display | None = None
    lines: tuple[Line, ...] = ()
    use: str = ""
    read: bool = False
    pattern: str = ""
    many: bool = False
    feel: str = ""
    ask: str = ""
    ask_2: str = ""
    qualities: tuple[str, ...] = ()
    qualities_max: int = 0
    outside_option: str = ""
    none_option: str = ""
    scales: tuple[str, ...] = ()
    compare_to: str = ""
    options: tuple[Option, ...] = ()
    save_as: str = ""
    timeout: Timeout | None = None
    do: str = ""
    labels: tuple[str, ...] = ()
    """The answers of a part of the ladder."""
    examples: tuple[str, ...] = ()
    scale: str = ""
    timer: str = ""
    mode: str = ""
    picture: str = ""
    picture_set: str = ""
    trials: int = 0
    seconds_each: float = 0.0
    reps: int = 0
    questions: tuple[Question, ...] = ()
    hint: str = ""
    chips: tuple[str, ...] = ()
    fields: int = 1
    win: bool = False

    @property
    def timed(self) -> bool:
        """Whether it goes on by itself."""
        return self.seconds is not None and self.mode != "laterality"

    @property
    def typical_s(self) -> float:
        """How long it takes, as far as one can know beforehand."""
        return self.seconds if self.seconds is not None else TYPICAL_S.get(self.type, 0.0)

    @property
    def asks_for_safety(self) -> bool:
        """Whether it asks about signs that need a health worker: it is answered, not skipped."""
        return any(option.show == "red_flags" for option in self.options)

    def option(self, option_id: str) -> Option | None:
        """Return the option of that id."""
        return next((option for option in self.options if option.id == option_id), None)
