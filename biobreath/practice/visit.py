"""A visit: the part of a practice one is in, since when, and what is said in it by now."""

from dataclasses import dataclass, field

from biobreath.practice.phases import Line, Phase


@dataclass(slots=True)
class Visit:
    """One part on the way, with a time that can stand still."""

    phase: Phase
    since: float
    length_s: float | None
    """None where it waits for the person."""
    lines: tuple[Line, ...]
    notice: str = ""
    questions_answered: set[int] = field(default_factory=set[int])
    rests_since: float | None = None
    """Since when its time stands still; None while it goes on."""

    @property
    def resting(self) -> bool:
        """Whether its time stands still."""
        return self.rests_since is not None

    def elapsed_s(self, now: float) -> float:
        """Return how long it has been going on, without pauses, in s."""
        return (now if self.rests_since is None else self.rests_since) - self.since

    def said(self, now: float) -> tuple[str, ...]:
        """Return the sentences said so far, in order."""
        elapsed = self.elapsed_s(now)
        return tuple(line.text for line in self.lines if line.at_s <= elapsed)

    def over_at(self, now: float) -> float | None:
        """Return when it was over; None while it goes on, or waits for the person."""
        if self.length_s is None or self.elapsed_s(now) < self.length_s:
            return None
        return self.since + self.length_s

    def say_instead(self, now: float, lines: tuple[Line, ...]) -> None:
        """Say these from ``now`` on; what was said stays said, and is not said twice."""
        elapsed = self.elapsed_s(now)
        said = tuple(line for line in self.lines if line.at_s <= elapsed)
        texts = {line.text for line in said}
        self.lines = said + tuple(
            line for line in lines if line.at_s > elapsed and line.text not in texts
        )

    def rest(self, now: float) -> None:
        """Let its time stand still."""
        if self.rests_since is None:
            self.rests_since = now

    def go_on(self, now: float) -> None:
        """Let its time go on where it stood."""
        if self.rests_since is not None:
            self.since += now - self.rests_since
            self.rests_since = None
