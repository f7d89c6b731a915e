"""One brave step of a sitting, from its guess to what was learned."""

from dataclasses import dataclass, replace

from biobreath.practice.ladder import Attempt, Plan, Step


@dataclass(frozen=True, slots=True)
class BraveStep:
    """What has been told of today's step; it becomes an ``Attempt`` once something was done."""

    step: Step | None = None
    acted: bool = False
    imagined: bool = False
    varied: bool = False
    prediction: str = ""
    sure_before: float | None = None
    came_true: int | None = None
    surprise: str = ""
    sure_after: float | None = None
    plan: Plan | None = None

    def changed(self, **told: object) -> "BraveStep":
        """Return the same with what was told."""
        return replace(self, **told)  # pyright: ignore[reportArgumentType]

    def attempt(
        self,
        t: float,
        ratings: dict[tuple[str, str], float | None],
        *,
        stopped: bool,
        was_much: bool = False,
    ) -> Attempt | None:
        """Return what goes on the ladder at ``t`` (UTC s); None where no step was begun.

        ``ratings`` are those of the sitting, by part and scale; ``was_much`` was stopped for a
        reason that asks for something easier.
        """
        if self.step is None or not (self.acted or self.imagined):
            return None
        return Attempt(
            step_id=self.step.id,
            t=t,
            prediction=self.prediction,
            sure_before=self.sure_before,
            came_true=self.came_true,
            surprise=self.surprise,
            sure_after=self.sure_after,
            fear_before=ratings.get(("before", "fear")),
            fear_after=ratings.get(("after", "fear")),
            sensation_before=ratings.get(("before", "sensation")),
            sensation_after=ratings.get(("after", "sensation")),
            stopped=stopped,
            varied=self.varied,
            imagined=self.imagined and not self.acted,
            was_much=was_much,
            plan=self.plan,
        )
