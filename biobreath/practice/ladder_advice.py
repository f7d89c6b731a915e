"""What a ladder suggests today, with its reason in one kind sentence; the person always chooses."""

from dataclasses import dataclass
from enum import StrEnum

from biobreath.practice.ladder import Attempt, Ladder, Plan, Step
from biobreath.practice.ladder_rules import LadderRules

_HOUR_S = 3600.0
_DAY_S = 86_400.0
_LONGEST_DAY_S = 25 * _HOUR_S
"""The one on which clocks are put back."""


class Move(StrEnum):
    """What may come next."""

    BUILD = "build"
    """There is no step yet."""
    START = "start"
    SAME = "same"
    VARY = "vary"
    """The same step in a new place or way."""
    UP = "up"
    DOWN = "down"
    SPLIT = "split"
    """Cut the step into smaller ones, or rate it anew."""
    REST = "rest"
    """Rest until ``Advice.until``."""
    ENOUGH = "enough"
    """As many steps as one day holds."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One suggestion: which move, with which step, and why. ``until`` is UTC seconds."""

    move: Move
    step: Step | None
    reason: str
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """What is on offer today: the steps that may be picked, and the one that is suggested."""

    offered: tuple[Step, ...]
    advice: Advice

    @property
    def suggested_id(self) -> str | None:
        """The step that is suggested for trying; one that is to be cut first is not."""
        step = self.advice.step
        return None if step is None or self.advice.move is Move.SPLIT else step.id


def today(ladder: Ladder, now: float, day_began: float) -> Today:
    """Say what is on offer at ``now``; ``day_began`` is the last midnight here (both UTC s).

    Nothing is offered while the body rests and once the day holds its steps.
    """
    advice = suggested(ladder, now, day_began)
    if advice.move in (Move.BUILD, Move.REST, Move.ENOUGH):
        return Today((), advice)
    return Today(within_reach(ladder), advice)


def within_reach(ladder: Ladder) -> tuple[Step, ...]:
    """Return the steps that may be picked: none above the fear at which a step is cut first."""
    return tuple(step for step in ladder.steps if step.fear <= ladder.rules.max_start_fear)


def suggested(ladder: Ladder, now: float, day_began: float) -> Advice:
    """Return the suggestion at ``now``, with rest and the limit of a day before everything."""
    if not ladder.steps:
        return Advice(Move.BUILD, None, "A ladder begins with one small thing you would like back.")
    until = rests_until(ladder, now)
    if until is not None:
        return Advice(Move.REST, None, _REASONS[Move.REST], until)
    if steps_taken(ladder, day_began) >= ladder.rules.per_day_max:
        return Advice(Move.ENOUGH, None, _REASONS[Move.ENOUGH], day_began + _DAY_S)
    return what_next(ladder, now)


def rests_until(ladder: Ladder, now: float) -> float | None:
    """Return when a rest after a strong rise ends (UTC s); None when there is none.

    A try that a changed clock put far ahead binds nobody: the rest is only ever so long.
    """
    rules = ladder.rules
    rest_s = rules.rest_hours * _HOUR_S
    tries = [trial.attempt for trial in ladder.trials]
    risen = [one.t for one in tries if _rose_by(one.sensation_rise, rules)]
    risen += [one.reply.t for one in tries if one.reply and _rose_by(one.later_rise, rules)]
    ends = [t + rest_s for t in risen if abs(now - t) < rest_s]
    return max(ends, default=None)


def steps_taken(ladder: Ladder, day_began: float) -> int:
    """Count the tries of the day that began at ``day_began``; a step in the mind counts too."""
    times = (trial.attempt.t for trial in ladder.trials)
    return sum(1 for t in times if day_began <= t < day_began + _LONGEST_DAY_S)


def rose(attempt: Attempt, rules: LadderRules) -> bool:
    """Tell whether the feeling grew so much, then or later, that the body is given a rest."""
    return _rose_by(attempt.sensation_rise, rules) or _rose_by(attempt.later_rise, rules)


def _rose_by(rise: float | None, rules: LadderRules) -> bool:
    return rise is not None and rise >= rules.rest_rise


def went_well(attempt: Attempt, rules: LadderRules) -> bool:
    """Tell whether a try speaks for one step up: little fear, or a guess that lost its hold."""
    drop, fear = attempt.prediction_drop, attempt.fear_after
    calm = fear is not None and fear <= rules.up_fear_max
    learned = drop is not None and drop >= rules.up_prediction_drop
    return (calm or learned) and not _too_much(attempt, rules)


def _too_much(attempt: Attempt, rules: LadderRules) -> bool:
    fear = attempt.fear_after
    return attempt.stopped or rose(attempt, rules) or (fear is not None and _high(fear, rules))


def _high(fear: float, rules: LadderRules) -> bool:
    return fear >= rules.down_fear_min


def ready_for_more(ladder: Ladder, step_id: str) -> bool:
    """Tell whether the last tries of a step speak for the next one."""
    rules = ladder.rules
    tries = ladder.attempts(step_id)
    last = tries[-rules.up_times :]
    enough = len(tries) >= rules.repeat_before_up and len(last) == rules.up_times
    return enough and all(went_well(one, rules) for one in last)


def met(ladder: Ladder, step_id: str) -> bool:
    """Tell whether a step was ever ready for more; a hard day later takes nothing away."""
    rules = ladder.rules
    tries = ladder.attempts(step_id)
    for end in range(max(rules.repeat_before_up, rules.up_times), len(tries) + 1):
        if all(went_well(one, rules) for one in tries[end - rules.up_times : end]):
            return True
    return False


def needs_splitting(ladder: Ladder, step_id: str, now: float) -> bool:
    """Tell whether a step was stopped so often of late that smaller ones would be kinder."""
    rules = ladder.rules
    since = now - rules.split_days * _DAY_S
    stops = (a for a in ladder.attempts(step_id) if a.stopped and since <= a.t)
    return sum(1 for _ in stops) >= rules.split_stops


def what_next(ladder: Ladder, now: float) -> Advice:
    """Return the move that the tries so far speak for, whatever the day has held.

    What was too much comes first, then the person's own plan, then what the tries say. A plan to
    go up waits until the tries speak for it.
    """
    here = None if ladder.here is None else ladder.step(ladder.here)
    if here is None or not ladder.attempts(here.id):
        return _begin(ladder, here, now)
    last = ladder.attempts(here.id)[-1]
    if last.fear_after is not None and _high(last.fear_after, ladder.rules):
        return _down(ladder, here)
    if last.was_much and not needs_splitting(ladder, here.id, now):
        return _down(ladder, here)
    if needs_splitting(ladder, here.id, now) or here.fear > ladder.rules.max_start_fear:
        return _split(here)
    if last.plan in (Plan.SAME, Plan.VARY):
        return Advice(Move(last.plan), here, _PLANNED)
    if last.plan is Plan.DOWN and (easier := _easier(ladder, here)) is not None:
        return Advice(Move.DOWN, easier, _PLANNED)
    if _settled_in_one_way(ladder, here.id) and last.plan is not Plan.UP:
        return _advice(Move.VARY, here)
    if ready_for_more(ladder, here.id):
        return _up(ladder, here, now)
    return Advice(Move.SAME, here, _why_same(last, ladder.rules))


def _begin(ladder: Ladder, here: Step | None, now: float) -> Advice:
    """Suggest a step that was never tried: the one in place of another, or a first one."""
    step = here if here is not None else _first(ladder)
    if step.fear > ladder.rules.max_start_fear or needs_splitting(ladder, step.id, now):
        return _split(step)
    low, high = ladder.rules.start_fear
    fits = low <= step.fear <= high
    reason = "This one feels like a good size to begin with." if fits else _REASONS[Move.START]
    return Advice(Move.START, step, reason)


def _first(ladder: Ladder) -> Step:
    """Return the easiest step of a good size, else the one nearest to it."""
    low, high = ladder.rules.start_fear
    return min(ladder.steps, key=lambda step: max(low - step.fear, step.fear - high, 0.0))


def _down(ladder: Ladder, here: Step) -> Advice:
    easier = _easier(ladder, here)
    return _split(here) if easier is None else _advice(Move.DOWN, easier)


def _easier(ladder: Ladder, here: Step) -> Step | None:
    """Return the nearest step below that may be picked."""
    reach = ladder.rules.max_start_fear
    below = [step for step in ladder.steps[: ladder.place(here.id)] if step.fear <= reach]
    return below[-1] if below else None


def _up(ladder: Ladder, here: Step, now: float) -> Advice:
    """Suggest the nearest step above that is not at ease yet."""
    above = ladder.steps[ladder.place(here.id) + 1 :]
    step = next((one for one in above if not ready_for_more(ladder, one.id)), None)
    if step is None:
        return Advice(Move.VARY, here, _TOP)
    if step.fear > ladder.rules.max_start_fear or needs_splitting(ladder, step.id, now):
        return _split(step)
    return _advice(Move.UP, step)


def _settled_in_one_way(ladder: Ladder, step_id: str) -> bool:
    """Tell whether the last tries were all at ease and all done in the same place and way."""
    rules = ladder.rules
    last = ladder.attempts(step_id)[-rules.vary_times :]
    return len(last) == rules.vary_times and all(
        a.fear_after is not None
        and a.fear_after <= rules.vary_fear_max
        and not a.varied
        and not _too_much(a, rules)
        for a in last
    )


def _split(step: Step) -> Advice:
    return _advice(Move.SPLIT, step)


def _advice(move: Move, step: Step) -> Advice:
    return Advice(move, step, _REASONS[move])


def _why_same(last: Attempt, rules: LadderRules) -> str:
    if last.stopped:
        return "Stopping was listening. The same step is here whenever you like."
    if rose(last, rules):
        return "Your body spoke up last time, so the same step again, softly."
    return "Steps work by repeating, so the same one again is a good choice."


_PLANNED = "This is what you planned last time. You can always change your mind."
_TOP = "You know this ladder well. A new place or way, or a new step, could be next."
_REASONS = {
    Move.START: "This is the nearest to a gentle beginning. You can always write an easier one.",
    Move.VARY: "This one feels familiar now. A new place or a new way lets it sink in.",
    Move.UP: "You have met this step more than once, so the next one may be ready for you.",
    Move.DOWN: "That was a lot last time. One step lower gives your alarm some room.",
    Move.SPLIT: "That is a big one. Could we cut it in half: shorter, slower, or with help nearby?",
    Move.REST: "Your body spoke up after the last step, so a day of rest comes first.",
    Move.ENOUGH: "That is plenty for today. Your brain files it away while you rest.",
}
