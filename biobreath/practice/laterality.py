"""The left and right game: pictures one after another, no clock to be seen, nothing to win."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TypeVar

from biobreath.practice.pictures import ROTATIONS, TONES, VIEWS, Picture, Side
from biobreath.practice.plain_tables import Table, number, whole

T = TypeVar("T")

_LONGEST_RUN = 3
"""Never more pictures of one side in a row: a longer run looks like a trick."""
_DEALS = 200
_TOLD = ("shown", "answered", "right", "median_ms")


@dataclass(frozen=True, slots=True)
class GameRules:
    """How many pictures, and after how many seconds one gives way to the next."""

    trials: int
    seconds_each: float

    @classmethod
    def from_table(cls, table: Table) -> "GameRules":
        """Read them from the phase of the pack; raise ValueError in plain words."""
        return cls(whole(table, "trials", 1, 100), number(table, "seconds_each", 1, 120))


def deal(part: str, trials: int, seed: int) -> tuple[Picture, ...]:
    """Deal pictures of ``part``: left and right, every turn, view and skin alike often."""
    if part not in VIEWS:
        raise ValueError(f"there are no pictures of “{part}”")
    chance = random.Random(seed)
    best = _dealt(part, trials, chance)
    for _ in range(_DEALS):
        if _longest_run(best) <= _LONGEST_RUN:
            break
        best = _dealt(part, trials, chance)
    return best


def _dealt(part: str, trials: int, chance: random.Random) -> tuple[Picture, ...]:
    cells = _cells(trials, chance)
    views = _balanced(VIEWS[part], trials, chance)
    tones = _balanced(range(TONES), trials, chance)
    return tuple(
        Picture(part, view, side, turn, tone)
        for (side, turn), view, tone in zip(cells, views, tones, strict=True)
    )


def _cells(trials: int, chance: random.Random) -> list[tuple[Side, int]]:
    """Return sides with turns: every pair alike often, and the rest as even as it can be."""
    every = [(side, turn) for turn in ROTATIONS for side in Side]
    whole_rounds, rest = divmod(trials, len(every))
    sides = _balanced(tuple(Side), rest, chance)
    turns = _balanced(ROTATIONS, rest, chance)
    cells = every * whole_rounds + list(zip(sides, turns, strict=True))
    chance.shuffle(cells)
    return cells


def _balanced(values: Sequence[T], count: int, chance: random.Random) -> list[T]:
    """Return ``count`` of ``values`` in any order, each as often as the others or once more."""
    whole_rounds, rest = divmod(count, len(values))
    found = list(values) * whole_rounds + chance.sample(list(values), rest)
    chance.shuffle(found)
    return found


def _longest_run(pictures: Sequence[Picture]) -> int:
    longest = run = 0
    last: Side | None = None
    for picture in pictures:
        run = run + 1 if picture.side is last else 1
        last = picture.side
        longest = max(longest, run)
    return longest


@dataclass(frozen=True, slots=True)
class Answer:
    """What was pressed, after how many seconds; None for a picture that gave way by itself."""

    side: Side | None
    after_s: float


@dataclass(frozen=True, slots=True)
class Game:
    """A game under way. Times are seconds on any clock that only goes forward."""

    rules: GameRules
    pictures: tuple[Picture, ...]
    shown_at: float
    answers: tuple[Answer, ...] = ()

    @property
    def current(self) -> Picture | None:
        """The picture to look at; None when all were shown."""
        at = len(self.answers)
        return self.pictures[at] if at < len(self.pictures) else None

    @property
    def over(self) -> bool:
        """Whether all pictures were shown."""
        return self.current is None

    def answer(self, t: float, side: Side) -> "Game":
        """Return the game after an answer at ``t``; one that comes too late is none."""
        game = self.at(t)
        if game is not self or game.over:
            return game
        return self._next(Answer(side, max(0.0, t - self.shown_at)), t)

    def at(self, t: float) -> "Game":
        """Return the game at ``t``: a picture that was up long enough gives way to the next."""
        if self.over or t - self.shown_at < self.rules.seconds_each:
            return self
        return self._next(Answer(None, self.rules.seconds_each), t)

    def resumed(self, t: float) -> "Game":
        """Return the game going on at ``t`` after a pause, with all the time for its picture."""
        return replace(self, shown_at=t)

    def _next(self, answer: Answer, t: float) -> "Game":
        return replace(self, answers=(*self.answers, answer), shown_at=t)

    def result(self) -> "GameResult":
        """Return what there is to see of it afterwards, folded away."""
        seen = list(zip(self.pictures, self.answers, strict=False))
        given = [(picture, answer) for picture, answer in seen if answer.side is not None]
        right = [answer.after_s for picture, answer in given if answer.side is picture.side]
        return GameResult(
            shown=len(seen),
            answered=len(given),
            share_right=len(right) / len(given) if given else None,
            median_ms=round(1000 * median(right)) if right else None,
        )


@dataclass(frozen=True, slots=True)
class GameResult:
    """A game, looked back at: ``share_right`` of the answers, ``median_ms`` of the right ones."""

    shown: int
    answered: int
    share_right: float | None
    median_ms: int | None

    def told(self) -> tuple[str, ...]:
        """Return it as what is kept of an answered question."""
        numbers = (self.shown, self.answered, self.right, self.median_ms)
        named = zip(_TOLD, numbers, strict=True)
        return tuple(f"{name}={number}" for name, number in named if number is not None)

    @classmethod
    def from_told(cls, told: Sequence[str]) -> "GameResult | None":
        """Read what was kept; None for anything else."""
        pairs = [one.partition("=") for one in told]
        numbers = {name: int(value) for name, _, value in pairs if value.isdecimal()}
        if not {"shown", "answered", "right"} <= numbers.keys():
            return None
        answered, right = numbers["answered"], numbers["right"]
        share = right / answered if answered else None
        return cls(numbers["shown"], answered, share, numbers.get("median_ms"))

    @property
    def right(self) -> int:
        """How many answers were as the picture was drawn."""
        return 0 if self.share_right is None else round(self.share_right * self.answered)

    words = (
        "A game, not a test. Left and right answers depend on sleep, medicine and mood too, "
        "so they say little about your body."
    )


def begin(part: str, rules: GameRules, seed: int, t: float) -> Game:
    """Return a game whose first picture is up at ``t``; the same seed deals the same pictures."""
    return Game(rules, deal(part, rules.trials, seed), t)
