"""What a person tells in a practice: every answer becomes a fact, and is there for the rules."""

from collections.abc import Callable, Sequence

from biobreath.events import Answered, BodyMarked, Noted, PracticeEvent, Quizzed, Rated
from biobreath.practice.phases import Option, Phase
from biobreath.practice.rule_engine import Told


class Telling:
    """Keeps what is told in one sitting; where it leads, the player says."""

    def __init__(self, record: Callable[[PracticeEvent], None]) -> None:
        self._record = record
        self.told = Told()
        self.kept: list[str] = []
        """Sentences for the person's own reasons to feel safe."""
        self.notes: list[str] = []
        """What was written or taken as a small win."""

    def rate(self, now: float, phase: Phase, scale: str, value: int | None) -> None:
        """Answer one scale; None was skipped, which is no answer and never 0."""
        self.told.ratings[phase.id, scale] = value
        self._record(Rated(now, scale, value, phase.id))

    def choose(self, now: float, phase: Phase, option_ids: Sequence[str], own: str) -> list[Option]:
        """Choose; return the options that count."""
        options = [found for one in option_ids if (found := phase.option(one)) is not None]
        options = options if phase.many else options[:1]
        ids = tuple(option.id for option in options)
        self.told.answers[phase.id] = ids
        self._record(Answered(now, phase.id, ids, own))
        if phase.save_as:
            self.kept += [own if one.input and own else one.label for one in options if _keeps(one)]
        return options

    def mark(
        self, now: float, phase: Phase, regions: Sequence[str], qualities: Sequence[str]
    ) -> None:
        """Show places on the body, with what the feeling there is like."""
        kept = tuple(one for one in qualities if one in phase.qualities)[: phase.qualities_max]
        places = tuple(regions) if phase.many else tuple(regions[:1])
        self._record(BodyMarked(now, phase.id, phase.feel, places, kept))

    def write(self, now: float, phase: Phase, texts: Sequence[str]) -> None:
        """Write something down, or take sentences that were offered."""
        kept = [text.strip() for text in texts if text.strip()]
        for text in kept:
            self._record(Noted(now, phase.id, text, phase.win))
        if phase.save_as:
            self.kept += kept
        if phase.win:
            self.notes += kept

    def think(self, now: float, phase: Phase, question: int, option: int) -> None:
        """Answer a question to think about."""
        self._record(Quizzed(now, phase.id, question, option))

    def play(self, now: float, phase: Phase, told: Sequence[str]) -> None:
        """Tell how a game went; no rule looks at it."""
        self._record(Answered(now, phase.id, tuple(told)))


def _keeps(option: Option) -> bool:
    """Tell whether a choice is worth keeping: not to be sure yet is no reason to feel safe."""
    return option.id != "unsure"
