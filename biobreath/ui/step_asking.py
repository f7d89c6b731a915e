"""A brave step on the screen: picked, predicted, done, learned from, and the next one planned."""

from functools import partial

from biobreath.practice.brave_step import BraveStep
from biobreath.practice.ladder import Plan
from biobreath.practice.phases import Phase
from biobreath.practice.player import Player
from biobreath.practice.scales import plain_scale
from biobreath.ui.acts import Acts
from biobreath.ui.question import Question
from biobreath.ui.scene import Scene
from biobreath.ui.step_questions import Act, Learn, PickStep, PlanNext, Predict
from biobreath.ui.theme import Theme

_PICTURED = "ladder.current"


class StepAsking:
    """Makes the questions about a step, and remembers what was told of it."""

    def __init__(self, theme: Theme, acts: Acts) -> None:
        self._theme = theme
        self._acts = acts
        self.step = BraveStep()

    def begin(self) -> None:
        """Forget the step of the sitting before."""
        self.step = BraveStep()

    def question(self, player: Player, scene: Scene, phase: Phase) -> Question:
        """Return what a part about a step asks."""
        scale = scene.scales.get(phase.scale) or plain_scale(phase.scale or "sure")
        tell = self._acts.tell
        match phase.do:
            case "pick":
                return self._pick(player, scene, phase)
            case "predict":
                guess = Predict(self._theme, phase, scale)
                guess.answered.connect(
                    lambda: tell(lambda now: self._predicted(now, guess, player))
                )
                return guess
            case "act":
                act = Act(self._theme, phase, self.step.step)
                act.began.connect(self._began_to_act)
                act.done.connect(lambda: tell(player.go_on))
                return act
            case "learn":
                learn = Learn(self._theme, phase, self.step.prediction, scale)
                learn.answered.connect(lambda: tell(lambda now: self._learned(now, learn, player)))
                return learn
            case _:
                plan = PlanNext(self._theme, phase)
                plan.planned.connect(partial(self._planned, player))
                return plan

    def _pick(self, player: Player, scene: Scene, phase: Phase) -> Question:
        assert scene.today is not None
        made = PickStep(self._theme, phase, scene.today)
        made.picked.connect(partial(self._picked, player, scene))
        made.in_mind.connect(self._acts.easier)
        made.edit_ladder.connect(self._acts.edit_ladder)
        return made

    def _picked(self, player: Player, scene: Scene, step_id: str) -> None:
        step = None if scene.ladder is None else scene.ladder.step(step_id)
        if step is None:
            return
        self.step = BraveStep(step=step, varied=scene.is_variation(step))
        player.tell_value("step.fear", step.fear)
        self._acts.tell(player.go_on)

    def _predicted(self, now: float, made: Predict, player: Player) -> None:
        self.step = self.step.changed(prediction=made.guess, sure_before=made.sure)
        player.tell_rating(now, player.phase.scale, made.sure)
        player.go_on(now)

    def _began_to_act(self) -> None:
        # A step that is stopped on the way was a step.
        self.step = self.step.changed(acted=True)

    def _learned(self, now: float, made: Learn, player: Player) -> None:
        self.step = self.step.changed(
            came_true=made.came_true, surprise=made.surprise, sure_after=made.sure
        )
        player.tell_rating(now, player.phase.scale, made.sure)
        player.go_on(now)

    def _planned(self, player: Player, plan: Plan | None) -> None:
        self.step = self.step.changed(plan=plan)
        self._acts.tell(player.go_on)

    # -- in the mind -----------------------------------------------------------------------

    def note_in_mind(self, player: Player, scene: Scene) -> None:
        """In the practice of brave steps the easy way is a step in the mind, whatever led there."""
        if player.pack.ladder is None or scene.ladder is None:
            return
        if player.card is None and player.phase.id == player.pack.easier:
            self.step = self.step.changed(step=self.step.step or scene.step_at_hand, imagined=True)

    def in_mind(self, player: Player) -> str:
        """Return the step that is to be pictured, where a part is about it."""
        step = self.step.step
        pictures = player.phase.picture == _PICTURED and player.card is None
        return step.text if pictures and step is not None else ""
