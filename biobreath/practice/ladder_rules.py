"""The numbers of a ladder of brave steps, as a pack's ``[ladder]`` table gives them."""

from dataclasses import dataclass

from biobreath.practice.plain_tables import Table, inner, number, several, whole, words

_TOP = 10
"""The top of the scales of fear and sensation."""
_YEAR = 366


@dataclass(frozen=True, slots=True)
class LadderRules:
    """When a ladder goes up, stays, goes down or rests.

    Fear and sensation are 0-10, the surety of a guess is 0-100. ``*_times`` are tries in a row.
    """

    start_fear: tuple[float, float]
    """A first step feels like this."""
    max_start_fear: float
    """Nothing above this is offered; it is cut into smaller steps first."""
    steps_min: int
    steps_max: int
    repeat_before_up: int
    up_fear_max: float
    up_prediction_drop: float
    up_times: int
    vary_fear_max: float
    vary_times: int
    down_fear_min: float
    split_stops: int
    split_days: float
    rest_rise: float
    rest_hours: float
    per_day_max: int

    @classmethod
    def from_table(cls, table: Table) -> "LadderRules":
        """Read ``[ladder]``; raise ValueError in plain words where it makes no sense."""
        up, vary = inner(table, "up_when"), inner(table, "vary_when")
        down, split = inner(table, "down_when"), inner(table, "split_when")
        rest = inner(table, "rest_when")
        rules = cls(
            start_fear=_range(table),
            max_start_fear=number(table, "max_start_fear", 0, _TOP),
            steps_min=whole(table, "steps_min", 1, 50),
            steps_max=whole(table, "steps_max", 1, 50),
            repeat_before_up=whole(table, "repeat_before_up", 1, 20),
            up_fear_max=number(up, "fear_after_max", 0, _TOP),
            up_prediction_drop=number(up, "or_prediction_drop", 1, 100),
            up_times=whole(up, "times", 1, 20),
            vary_fear_max=number(vary, "fear_after_max", 0, _TOP),
            vary_times=whole(vary, "times", 1, 20),
            down_fear_min=number(down, "fear_after_min", 0, _TOP),
            split_stops=whole(split, "stops", 1, 20),
            split_days=number(split, "days", 1, _YEAR),
            rest_rise=number(rest, "sensation_rise", 1, _TOP),
            rest_hours=number(rest, "hours", 1, 24 * 14),
            per_day_max=whole(table, "per_day_max", 1, 20),
        )
        return rules._checked()

    def _checked(self) -> "LadderRules":
        if self.steps_min > self.steps_max:
            raise ValueError("“steps_min” is above “steps_max”")
        if self.start_fear[1] > self.max_start_fear:
            raise ValueError("“start_fear” reaches above “max_start_fear”")
        if max(self.up_fear_max, self.vary_fear_max) >= self.down_fear_min:
            raise ValueError("a ladder cannot go up and down after the same fear")
        return self


def _range(table: Table) -> tuple[float, float]:
    ends = several(table, "start_fear", 2)
    if len(ends) != 2:
        raise ValueError("“start_fear” needs two numbers")
    named = {"start_fear": ends[0], "start_fear (end)": ends[1]}
    low, high = (number(named, key, 0, _TOP) for key in named)
    if low > high:
        raise ValueError("“start_fear” goes from the higher to the lower number")
    return low, high


@dataclass(frozen=True, slots=True)
class LadderIdea:
    """A ladder to begin from, so that nobody starts at an empty page; it rates no fear."""

    group: str
    steps: tuple[str, ...]

    @classmethod
    def from_table(cls, table: Table) -> "LadderIdea":
        """Read one ``[[ladder_idea]]``."""
        texts = several(table, "steps", 50)
        steps = tuple(words({"steps": text}, "steps") for text in texts)
        if not steps:
            raise ValueError("“steps” is empty")
        return cls(words(table, "group", most=60), steps)
