"""A person's own ladder of brave steps, put together from what was written and tried."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from biobreath.practice.ladder_rules import LadderRules


class Plan(StrEnum):
    """What a person planned for next time, in the order in which packs ask it."""

    SAME = "same"
    VARY = "vary"
    """The same step in a new place or way."""
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try. ``fear`` 0-10 is the person's own guess, ``seconds`` how long it takes."""

    id: str
    text: str
    fear: float
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person told at ``t`` (UTC seconds), some time after a try; None was skipped."""

    t: float
    sensation: float | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a step, at ``t`` (UTC seconds). What was skipped is None.

    ``sure_*`` (0-100) is how sure the person was that the guess comes true; ``came_true`` is 0 no,
    1 a little, 2 partly, 3 yes. ``varied`` was in a new place or way, ``imagined`` in the mind.
    ``was_much`` was stopped for a reason that asks for something easier next time.
    """

    step_id: str
    t: float
    prediction: str = ""
    sure_before: float | None = None
    came_true: int | None = None
    surprise: str = ""
    sure_after: float | None = None
    fear_before: float | None = None
    fear_after: float | None = None
    sensation_before: float | None = None
    sensation_after: float | None = None
    stopped: bool = False
    varied: bool = False
    imagined: bool = False
    was_much: bool = False
    plan: Plan | None = None
    reply: "Reply | None" = None
    """What was told about it later; written down by itself, not with the try."""

    @property
    def sensation_rise(self) -> float | None:
        """How much stronger the feeling was afterwards; None where it is not known."""
        return _difference(self.sensation_after, self.sensation_before)

    @property
    def later_rise(self) -> float | None:
        """How much stronger it was when it was asked about again; None where it is not known."""
        told = None if self.reply is None else self.reply.sensation
        return _difference(told, self.sensation_before)

    @property
    def prediction_drop(self) -> float | None:
        """How much less sure of the guess the person is now; None where it is not known."""
        return _difference(self.sure_before, self.sure_after)


def _difference(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


@dataclass(frozen=True, slots=True)
class StepAdded:
    """A step was written, just above ``above`` (None: where its fear belongs)."""

    step: Step
    above: str | None = None


@dataclass(frozen=True, slots=True)
class StepEdited:
    """A step was worded or rated anew; its tries stay with it."""

    step: Step


@dataclass(frozen=True, slots=True)
class StepRemoved:
    """A step was taken off the ladder; what was learned from it stays."""

    step_id: str


@dataclass(frozen=True, slots=True)
class StepsOrdered:
    """The person put the steps in order, easiest first."""

    step_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepSplit:
    """A step was cut into smaller ones, easiest first, each with an id of its own.

    The last may well read like the step that was cut: it is then the goal, and begins anew.
    """

    step_id: str
    parts: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class StepTried:
    """A step was tried."""

    attempt: Attempt


Entry = StepAdded | StepEdited | StepRemoved | StepsOrdered | StepSplit | StepTried


@dataclass(frozen=True, slots=True)
class Trial:
    """A try with the step as it read then."""

    step: Step
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps on the ladder, easiest first, and every try in the order it was written down."""

    rules: LadderRules
    steps: tuple[Step, ...] = ()
    trials: tuple[Trial, ...] = ()
    here: str | None = None
    """Where the person stands: the step tried last, or what took its place."""
    gone: frozenset[str] = frozenset()
    """Ids of steps that were taken off or cut: the tries of one step must not fall to another."""

    @property
    def room(self) -> int:
        """How many steps may still be added."""
        return self.rules.steps_max - len(self.steps)

    @property
    def wanted(self) -> int:
        """How many steps more make a good ladder; it works without them."""
        return max(0, self.rules.steps_min - len(self.steps))

    def step(self, step_id: str) -> Step | None:
        """Return a step that is on the ladder."""
        return next((step for step in self.steps if step.id == step_id), None)

    def place(self, step_id: str) -> int:
        """Return how many steps are easier than this one."""
        return next(i for i, step in enumerate(self.steps) if step.id == step_id)

    def attempts(self, step_id: str) -> tuple[Attempt, ...]:
        """Return the tries of a step in real life, oldest first."""
        tried = (trial.attempt for trial in self.trials)
        return tuple(a for a in tried if a.step_id == step_id and not a.imagined)

    def with_entry(self, entry: Entry) -> "Ladder":
        """Return the ladder after ``entry``; what does not fit leaves it as it was."""
        match entry:
            case StepAdded(step, above):
                return self._added(step, above)
            case StepEdited(step):
                return self._edited(step)
            case StepRemoved(step_id):
                return self._removed(step_id)
            case StepsOrdered(step_ids):
                return self._ordered(step_ids)
            case StepSplit(step_id, parts):
                return self._split(step_id, parts)
            case StepTried(attempt):
                return self._tried(attempt)

    def _tried(self, attempt: Attempt) -> "Ladder":
        step = self.step(attempt.step_id)
        if step is None:
            return self
        here = self.here if attempt.imagined else step.id
        return replace(self, trials=(*self.trials, Trial(step, attempt)), here=here)

    def _used(self, step_id: str) -> bool:
        return step_id in self.gone or self.step(step_id) is not None

    def _added(self, step: Step, above: str | None) -> "Ladder":
        if self.room < 1 or self._used(step.id):
            return self
        if above is not None and self.step(above) is not None:
            at = self.place(above) + 1
        else:
            easier = [i for i, other in enumerate(self.steps) if other.fear <= step.fear]
            at = easier[-1] + 1 if easier else 0
        return replace(self, steps=(*self.steps[:at], step, *self.steps[at:]))

    def _edited(self, step: Step) -> "Ladder":
        steps = tuple(step if step.id == old.id else old for old in self.steps)
        return replace(self, steps=steps)

    def _removed(self, step_id: str) -> "Ladder":
        if self.step(step_id) is None:
            return self
        at = self.place(step_id)
        steps = self.steps[:at] + self.steps[at + 1 :]
        heir = steps[max(0, at - 1)].id if steps else None
        here = heir if self.here == step_id else self.here
        return replace(self, steps=steps, here=here, gone=self.gone | {step_id})

    def _ordered(self, step_ids: tuple[str, ...]) -> "Ladder":
        if sorted(step_ids) != sorted(step.id for step in self.steps):
            return self
        known = {step.id: step for step in self.steps}
        return replace(self, steps=tuple(known[step_id] for step_id in step_ids))

    def can_split(self, step_id: str, parts: Iterable[Step]) -> bool:
        """Tell whether ``parts`` may take the place of a step."""
        ids = [part.id for part in parts]
        return (
            self.step(step_id) is not None
            and 2 <= len(ids) <= self.room + 1
            and len(ids) == len(set(ids))
            and not any(self._used(one) for one in ids)
        )

    def _split(self, step_id: str, parts: tuple[Step, ...]) -> "Ladder":
        if not self.can_split(step_id, parts):
            return self
        at = self.place(step_id)
        steps = (*self.steps[:at], *parts, *self.steps[at + 1 :])
        here = parts[0].id if self.here == step_id else self.here
        return replace(self, steps=steps, here=here, gone=self.gone | {step_id})


def ladder_of(entries: Iterable[Entry], rules: LadderRules) -> Ladder:
    """Put a ladder together from all its entries, oldest first."""
    ladder = Ladder(rules)
    for entry in entries:
        ladder = ladder.with_entry(entry)
    return ladder
