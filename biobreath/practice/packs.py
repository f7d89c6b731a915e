"""A practice as it comes from a pack: header, parts, rules, and how it is looked back on."""

from dataclasses import dataclass

from biobreath.practice.display import Display
from biobreath.practice.follow_up import FollowUp
from biobreath.practice.imagery import ImageryRules
from biobreath.practice.ladder_rules import LadderIdea, LadderRules
from biobreath.practice.phases import Phase
from biobreath.practice.rules import Rule

SCHEMA = "biobreath-pack/1"
KINDS = ("practice", "lessons", "scales", "patterns", "safety", "calm", "refs")
FLAGS = (
    "hrv_off",
    "gentle_breath",
    "hide_heart",
    "anchor_outside",
    "eyes_open",
    "short_sessions",
    "no_body_focus",
    "pain_checked",
    "no_exposure",
)
"""What a person may tell of themselves; it changes what is offered."""


@dataclass(frozen=True, slots=True)
class Review:
    """Whether a person of the field has read it: who and when, or not yet."""

    status: str
    by: str = ""
    on: str = ""

    @property
    def signed(self) -> bool:
        """Whether a real person signed it."""
        return bool(self.status == "reviewed" and self.by and self.on)


@dataclass(frozen=True, slots=True)
class Header:
    """What every pack says of itself."""

    kind: str
    id: str
    version: str
    lang: str
    title: str
    licence: str


@dataclass(frozen=True, slots=True)
class LookedBack:
    """The order in which a sitting is looked back on, with a sentence to begin with."""

    first: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """A practice. ``text`` is the pack as it was written, kept with every sitting."""

    header: Header
    tool: str
    summary: str
    minutes: float
    level: int
    easier: str
    authors: tuple[str, ...]
    review_state: Review
    evidence: tuple[str, ...]
    needs_flags: tuple[str, ...]
    asks_flags: tuple[str, ...]
    blocked_by: tuple[str, ...]
    soften_with: str
    lessons: tuple[str, ...]
    uses_sensor: bool
    display: Display
    baseline_phase: str
    record: bool
    bed: str
    voice: bool
    bell: str
    phases: tuple[Phase, ...]
    rules: tuple[Rule, ...]
    looked_back: LookedBack
    ladder: LadderRules | None = None
    ideas: tuple[LadderIdea, ...] = ()
    imagery: ImageryRules | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    own: bool = True
    """Whether it comes with the program; else it is shown with "not from biobreath"."""
    text: str = ""

    @property
    def id(self) -> str:
        """Its id, such as ``core.somatic-tracking``."""
        return self.header.id

    @property
    def title(self) -> str:
        """Its name."""
        return self.header.title

    def phase(self, phase_id: str) -> Phase:
        """Return a part; raise KeyError where there is none."""
        for phase in self.phases:
            if phase.id == phase_id:
                return phase
        raise KeyError(phase_id)

    def has(self, phase_id: str) -> bool:
        """Tell whether there is such a part."""
        return any(phase.id == phase_id for phase in self.phases)
