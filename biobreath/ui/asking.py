"""The question that belongs to where a practice is, and the way of its answer to the player."""

from collections.abc import Callable
from functools import partial

from biobreath.practice.cards import Card
from biobreath.practice.phases import Phase, PhaseType
from biobreath.practice.player import Player
from biobreath.session.practice_sitting import PracticeSitting
from biobreath.ui.acts import Acts
from biobreath.ui.practice_cards import CardQuestion, StopQuestion
from biobreath.ui.practice_questions import (
    BodyQuestion,
    ChoiceQuestion,
    GameQuestion,
    JournalQuestion,
    QuizQuestion,
    RatingQuestion,
)
from biobreath.ui.question import Question
from biobreath.ui.scene import Scene
from biobreath.ui.step_asking import StepAsking
from biobreath.ui.theme import Theme

_PARTS = {"hand": "hand", "foot": "foot", "back": "back", "neck": "neck"}


def chosen_part(player: Player) -> str:
    """Return the part of the body that was chosen, where pictures are of one."""
    chosen = player.told.answers.get(player.phase.picture_set.removeprefix("choice."), ())
    return _PARTS.get(chosen[0] if chosen else "", "hand")


class Asking:
    """Makes questions; it holds none and asks nothing itself."""

    def __init__(self, theme: Theme, acts: Acts, brave: StepAsking) -> None:
        self._theme = theme
        self._acts = acts
        self._brave = brave

    def question(
        self, playing: PracticeSitting, scene: Scene, *, stopping: bool
    ) -> Question | None:
        """Return what is asked where the player is now; None where nothing is."""
        player = playing.player
        if stopping:
            return self._stop(player)
        if player.card is not None:
            return self._card(player, player.card, scene)
        phase = player.phase
        makers: dict[PhaseType, Callable[[PracticeSitting, Scene, Phase], Question]] = {
            PhaseType.RATING: self._rating,
            PhaseType.CHOICE: self._choice,
            PhaseType.BODY_MAP: self._body,
            PhaseType.JOURNAL: self._journal,
            PhaseType.QUIZ: self._quiz,
            PhaseType.LADDER_STEP: self._step,
        }
        if phase.mode == "laterality":
            return self._game(playing, phase)
        make = makers.get(phase.type)
        question = None if make is None else make(playing, scene, phase)
        if question is not None:
            question.skipped.connect(self._acts.go_on)
        return question

    def _stop(self, player: Player) -> Question:
        made = StopQuestion(self._theme, player.stops)
        made.stopped.connect(self._acts.stop)
        made.answered.connect(self._acts.stop_no_more)
        return made

    def _card(self, player: Player, card: Card, scene: Scene) -> Question:
        target = scene.titles.get(card.target, "")
        if player.pack.has(card.target):
            target = player.pack.phase(card.target).title
        made = CardQuestion(self._theme, card, scene.safety, target)
        made.answered.connect(lambda: self._acts.tell(player.dismiss))
        made.accepted.connect(lambda: self._acts.tell(player.accept))
        return made

    def _rating(self, playing: PracticeSitting, scene: Scene, phase: Phase) -> Question:
        made = RatingQuestion(self._theme, phase, scene.scales)
        self._answers(made, lambda now: playing.player.rate(now, made.values))
        return made

    def _choice(self, playing: PracticeSitting, _scene: Scene, phase: Phase) -> Question:
        made = ChoiceQuestion(self._theme, phase)
        self._answers(made, lambda now: playing.player.choose(now, made.chosen, made.own))
        return made

    def _body(self, playing: PracticeSitting, _scene: Scene, phase: Phase) -> Question:
        outside = "anchor_outside" in playing.player.flags
        made = BodyQuestion(self._theme, phase, outside_first=outside)
        self._answers(made, lambda now: playing.player.mark(now, made.places, made.qualities))
        return made

    def _journal(self, playing: PracticeSitting, _scene: Scene, phase: Phase) -> Question:
        made = JournalQuestion(self._theme, phase)
        self._answers(made, lambda now: playing.player.write(now, made.texts))
        return made

    def _answers(self, made: Question, act: Callable[[float], None]) -> None:
        """Let the player know once there is an answer."""
        made.answered.connect(lambda: self._acts.tell(act))

    def _quiz(self, playing: PracticeSitting, _scene: Scene, phase: Phase) -> Question:
        made = QuizQuestion(self._theme, phase)
        made.thought.connect(partial(self._thought, playing))
        made.answered.connect(self._acts.go_on)
        return made

    def _thought(self, playing: PracticeSitting, question: int, option: int) -> None:
        playing.player.answer(playing.now(), question, option)

    def _game(self, playing: PracticeSitting, phase: Phase) -> Question:
        made = GameQuestion(self._theme, phase, chosen_part(playing.player), playing.now)
        made.answered.connect(partial(self._played, playing, made))
        return made

    def _played(self, playing: PracticeSitting, made: GameQuestion) -> None:
        playing.player.tell_game(playing.now(), made.game.result().told())
        self._acts.go_on()

    def _step(self, playing: PracticeSitting, scene: Scene, phase: Phase) -> Question:
        return self._brave.question(playing.player, scene, phase)
