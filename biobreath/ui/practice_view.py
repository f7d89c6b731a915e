"""The screen of a practice: it shows where the player is, and takes every key to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from biobreath.practice.brave_step import BraveStep
from biobreath.practice.calm import CalmScene
from biobreath.practice.ladder import Ladder, Plan
from biobreath.practice.ladder_advice import Move, Today
from biobreath.practice.phases import Phase, PhaseType
from biobreath.practice.player import Player
from biobreath.practice.safety import Safety
from biobreath.practice.scales import Scale, plain_scale
from biobreath.session.practice_sitting import PracticeSitting
from biobreath.ui import theme as look
from biobreath.ui.calm_picture import CalmPicture
from biobreath.ui.flow import Flow
from biobreath.ui.frame_clock import FrameClock
from biobreath.ui.parts import SOUND_IS_OFF, KeyHint, MuteHint, label
from biobreath.ui.practice_cards import CardQuestion, StopQuestion
from biobreath.ui.practice_questions import (
    BodyQuestion,
    ChoiceQuestion,
    GameQuestion,
    JournalQuestion,
    QuizQuestion,
    RatingQuestion,
)
from biobreath.ui.practice_stage import Centred, PracticeStage
from biobreath.ui.question import InTheMiddle, Question
from biobreath.ui.shapes import LITTLE_MOTION
from biobreath.ui.sight import Sight
from biobreath.ui.step_questions import Act, Learn, PickStep, PlanNext, Predict
from biobreath.ui.theme import Theme

_LOOK_MS = 100
_PATCHY = "patchy: that is the strap, not you"
_LADDER_PICTURE = "ladder.current"
_PARTS = {"hand": "hand", "foot": "foot", "back": "back", "neck": "neck"}


@dataclass(frozen=True, slots=True)
class Scene:
    """What the screen needs beside the player."""

    scales: Mapping[str, Scale]
    safety: Safety
    titles: Mapping[str, str]
    """Titles of all practices, for offers."""
    source_label: str = ""
    shape: str = "disc"
    ladder: Ladder | None = None
    today: Today | None = None
    calm_scene: CalmScene | None = None
    own_picture: QPixmap | None = None
    """What the person likes to see above the words, where nothing else is shown."""


def _where(player: Player) -> str:
    """Name the practice and the part, and how far it is where that can be said."""
    named = [player.pack.title, player.phase.title]
    if (place := player.place) is not None:
        named.append(f"{place[0]} of {place[1]}")
    return " · ".join(named)


def _calm_picture(theme: Theme, scene: Scene | None) -> CalmPicture | None:
    if scene is None or (scene.calm_scene is None and scene.own_picture is None):
        return None
    return CalmPicture(theme, scene.calm_scene, scene.own_picture)


class PracticeView(QWidget):
    """One part at a time; the four keys of care at the foot, in every part."""

    ended = Signal()
    edit_ladder = Signal()
    mute_turned = Signal()
    """The person wants silence, or sound again."""
    said = Signal(str, str)
    """A sentence or a question has just come, and what leads over to it; the voice may read it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._playing: PracticeSitting | None = None
        self._scene: Scene | None = None
        self.step = BraveStep()
        self._shown: object = None
        self._stage: PracticeStage | None = None
        self._question: Question | None = None
        self._stopping = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Practice")
        self._title = label("", look.TEXT_PX, tone="soft")
        self._source = label("", look.SMALL_PX, tone="soft", wrap=False)
        self._muted = label(SOUND_IS_OFF, look.SMALL_PX, tone="soft", wrap=False)
        self._muted.hide()
        self._patchy = label(_PATCHY, look.SMALL_PX, tone="soft", wrap=False)
        self._patchy.hide()
        self._notice = Centred(look.CARD_TITLE_PX, "ink", 600)
        self._middle = QVBoxLayout()
        self._frames = FrameClock(self._on_frame, self)
        self._sight = Sight(self, self._move_while_seen)
        self._slowly = QTimer(self)
        self._slowly.setInterval(_LOOK_MS)
        self._slowly.timeout.connect(self.refresh)
        self._lay()

    def _lay(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 20, 0, 16)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(look.GAP)
        head.setContentsMargins(36, 0, 36, 0)
        head.addWidget(self._title, 1)
        right = QVBoxLayout()
        right.setSpacing(0)
        for line in (self._source, self._muted, self._patchy):
            right.addWidget(line, 0, Qt.AlignmentFlag.AlignRight)
        head.addLayout(right)
        column.addLayout(head)
        notice = QHBoxLayout()
        notice.setContentsMargins(look.SCREEN_MARGIN, 0, look.SCREEN_MARGIN, 0)
        notice.addWidget(self._notice)
        column.addLayout(notice)
        column.addLayout(self._middle, 1)
        foot = Flow(spacing=4, centred=True)
        theme = self._theme
        self._pause = KeyHint("Space", "pause", theme, self._pause_or_go_on)
        self._skip = KeyHint("N", "go on", theme, self._go_on)
        self._mute = MuteHint(theme, self.mute_turned.emit)
        self.hints = (
            self._pause,
            self._skip,
            KeyHint("E", "easier", theme, self._easier),
            KeyHint("G", "ground me", theme, self._ground),
            KeyHint("S", "feels wrong", theme, self._ask_stop),
            self._mute,
            KeyHint("Esc", "stop", theme, self._close),
        )
        for hint in self.hints:
            foot.addWidget(hint)
        foot_row = QHBoxLayout()
        foot_row.setContentsMargins(8, 0, 8, 0)
        foot_row.addLayout(foot)
        column.addLayout(foot_row)

    # -- a practice comes and goes ---------------------------------------------------------

    def show_practice(self, playing: PracticeSitting, scene: Scene) -> None:
        """Begin to show a practice."""
        self._playing, self._scene = playing, scene
        self.step, self._shown, self._stopping = BraveStep(), None, False
        self._source.setText(scene.source_label)
        self._slowly.start()
        self.refresh()

    def leave_practice(self) -> None:
        """Stop moving: the sitting is over."""
        self._frames.stop()
        self._slowly.stop()
        self._playing = None
        self._clear()

    @property
    def player(self) -> Player | None:
        """Who leads, while a practice is shown."""
        return None if self._playing is None else self._playing.player

    def show_muted(self, *, muted: bool) -> None:
        """Say that everything is silent, or that it is heard again."""
        self._mute.show_muted(muted=muted)
        self._muted.setVisible(muted)

    def show_scene(self, scene: Scene) -> None:
        """Take up a ladder that was changed meanwhile; the part is shown anew."""
        self._scene, self._shown = scene, None
        self.refresh()

    def beat_arrived(self) -> None:
        """Take the newest beats into the picture."""
        if self._stage is not None and self.isVisible():
            self._stage.beat_arrived()

    def refresh(self) -> None:
        """Look where the player is, and show that."""
        playing = self._playing
        if playing is None:
            return
        playing.tick()
        player = playing.player
        if player.over:
            self.ended.emit()
            return
        key = (player.visits, player.card, self._stopping)
        if key != self._shown:
            self._shown = key
            self._show(playing)
        self._pause.say("go on" if player.paused else "pause")
        if self._stage is not None:
            said = player.said(playing.now())
            self._stage.said.show_said(said, all_of_it=player.phase.read)
            patchy = player.display().has_wave and playing.patchy
            self._stage.show_wave(shown=player.display(patchy=patchy).has_wave)
            self._patchy.setVisible(patchy)

    def _on_frame(self) -> None:
        if self._stage is not None:
            self._stage.advance()

    # -- what is shown ---------------------------------------------------------------------

    def _clear(self) -> None:
        while (item := self._middle.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._stage = self._question = None
        self._patchy.hide()
        self._frames.stop()

    def _show(self, playing: PracticeSitting) -> None:
        self._clear()
        player = playing.player
        self._note_mind_step(player)
        self._title.setText(_where(player))
        self._notice.setText("" if player.card else player.notice or self._step_in_mind(player))
        self._notice.setVisible(bool(self._notice.text()))
        question = self._make_question(playing)
        asks = question is not None and player.card is None and player.phase.asks_for_safety
        self._skip.setVisible(player.card is None and not self._stopping and not asks)
        for hint in self.hints[1:-1]:
            hint.show_control(needed=question is not None and question.writes)
        # Where nothing runs, Space is for what has the keys: it chooses, marks, begins.
        self._pause.setVisible(question is None or question.rests_with_space)
        if question is None:
            self._show_stage(playing)
            return
        self._question = question
        holder = InTheMiddle()
        holder.hold(question)
        self._middle.addWidget(holder)
        first = question.first_focus()
        QTimer.singleShot(0, first, first.setFocus)
        question.asks.connect(self._asked_more)
        self.said.emit(question.spoken, "" if player.card else player.notice)

    def _asked_more(self, text: str) -> None:
        self.said.emit(text, "")

    def _step_in_mind(self, player: Player) -> str:
        """Return the step that is to be pictured, where a part is about it."""
        step = self.step.step
        pictures = player.phase.picture == _LADDER_PICTURE and player.card is None
        return step.text if pictures and step is not None else ""

    def _show_stage(self, playing: PracticeSitting) -> None:
        scene = self._scene
        phase = playing.player.phase
        shape = scene.shape if scene is not None else "disc"
        plain = phase.type is not PhaseType.BREATHE and phase.mode != "watch" and not phase.read
        self._stage = PracticeStage(
            self._theme,
            playing.sitting,
            shape=shape if phase.type is PhaseType.BREATHE else "",
            picture=self._part(playing.player) if phase.mode == "watch" else "",
            still=shape == LITTLE_MOTION,
            calm=_calm_picture(self._theme, scene) if plain else None,
            big=playing.player.flare,
        )
        self._stage.said.lead = self._notice.text()
        self._stage.said.said.connect(self.said)
        self._middle.addWidget(self._stage)
        self.setFocus()
        self._move_while_seen()

    def _part(self, player: Player) -> str:
        chosen = player.told.answers.get(player.phase.picture_set.removeprefix("choice."), ())
        return _PARTS.get(chosen[0] if chosen else "", "hand")

    def _make_question(self, playing: PracticeSitting) -> Question | None:
        player, scene = playing.player, self._scene
        if scene is None:
            return None
        if self._stopping:
            return self._stop_question(player)
        if player.card is not None:
            return self._card(player, scene)
        phase = player.phase
        makers: dict[PhaseType, Callable[[PracticeSitting, Scene, Phase], Question]] = {
            PhaseType.RATING: self._rating,
            PhaseType.CHOICE: self._choice,
            PhaseType.BODY_MAP: self._body,
            PhaseType.JOURNAL: self._journal,
            PhaseType.QUIZ: self._quiz,
            PhaseType.LADDER_STEP: self._ladder_step,
        }
        if phase.mode == "laterality":
            return self._game(playing, phase)
        make = makers.get(phase.type)
        question = None if make is None else make(playing, scene, phase)
        if question is not None:
            question.skipped.connect(self._go_on)
        return question

    def _stop_question(self, player: Player) -> Question:
        made = StopQuestion(self._theme, player.stops)
        made.stopped.connect(self._stop)
        made.answered.connect(self._stop_no_more)
        return made

    def _card(self, player: Player, scene: Scene) -> Question:
        card = player.card
        assert card is not None
        target = scene.titles.get(card.target, "")
        if player.pack.has(card.target):
            target = player.pack.phase(card.target).title
        made = CardQuestion(self._theme, card, scene.safety, target)
        made.answered.connect(self._tell(lambda now: player.dismiss(now)))
        made.accepted.connect(self._tell(lambda now: player.accept(now)))
        return made

    def _tell(self, act: Callable[[float], None]) -> Callable[[], None]:
        """Return a slot that tells the player something, at the time it happens."""

        def told() -> None:
            if self._playing is not None:
                act(self._playing.now())
                self.refresh()

        return told

    def _rating(self, playing: PracticeSitting, scene: Scene, phase: Phase) -> Question:
        made = RatingQuestion(self._theme, phase, scene.scales)
        made.answered.connect(self._tell(lambda now: playing.player.rate(now, made.values)))
        return made

    def _choice(self, playing: PracticeSitting, _scene: Scene, phase: Phase) -> Question:
        made = ChoiceQuestion(self._theme, phase)
        made.answered.connect(
            self._tell(lambda now: playing.player.choose(now, made.chosen, made.own))
        )
        return made

    def _body(self, playing: PracticeSitting, _scene: Scene, phase: Phase) -> Question:
        outside = "anchor_outside" in playing.player.flags
        made = BodyQuestion(self._theme, phase, outside_first=outside)
        made.answered.connect(
            self._tell(lambda now: playing.player.mark(now, made.places, made.qualities))
        )
        return made

    def _journal(self, playing: PracticeSitting, _scene: Scene, phase: Phase) -> Question:
        made = JournalQuestion(self._theme, phase)
        made.answered.connect(self._tell(lambda now: playing.player.write(now, made.texts)))
        return made

    def _quiz(self, playing: PracticeSitting, _scene: Scene, phase: Phase) -> Question:
        made = QuizQuestion(self._theme, phase)
        made.thought.connect(partial(self._thought, playing))
        made.answered.connect(self._go_on)
        return made

    def _thought(self, playing: PracticeSitting, question: int, option: int) -> None:
        playing.player.answer(playing.now(), question, option)

    def _game(self, playing: PracticeSitting, phase: Phase) -> Question:
        made = GameQuestion(self._theme, phase, self._part(playing.player), playing.now)
        made.answered.connect(partial(self._played, playing, made))
        return made

    def _played(self, playing: PracticeSitting, made: GameQuestion) -> None:
        playing.player.tell_game(playing.now(), made.game.result().told())
        self._go_on()

    # -- a brave step ----------------------------------------------------------------------

    def _ladder_step(self, playing: PracticeSitting, scene: Scene, phase: Phase) -> Question:
        theme, player = self._theme, playing.player
        scale = scene.scales.get(phase.scale) or plain_scale(phase.scale or "sure")
        match phase.do:
            case "pick":
                return self._pick(player, scene, phase)
            case "predict":
                guess = Predict(theme, phase, scale)
                guess.answered.connect(self._tell(lambda now: self._predicted(now, guess, player)))
                return guess
            case "act":
                act = Act(theme, phase, self.step.step)
                act.began.connect(self._began_to_act)
                act.done.connect(self._tell(player.go_on))
                return act
            case "learn":
                learn = Learn(theme, phase, self.step.prediction, scale)
                learn.answered.connect(self._tell(lambda now: self._learned(now, learn, player)))
                return learn
            case _:
                plan = PlanNext(theme, phase)
                plan.planned.connect(partial(self._planned, player))
                return plan

    def _pick(self, player: Player, scene: Scene, phase: Phase) -> Question:
        assert scene.today is not None
        made = PickStep(self._theme, phase, scene.today)
        made.picked.connect(partial(self._picked, player, scene))
        made.in_mind.connect(self._easier)
        made.edit_ladder.connect(self.edit_ladder)
        return made

    def _picked(self, player: Player, scene: Scene, step_id: str) -> None:
        step = None if scene.ladder is None else scene.ladder.step(step_id)
        if step is None:
            return
        advice = None if scene.today is None else scene.today.advice
        suggested = advice is not None and advice.step is not None and advice.step.id == step.id
        varied = suggested and advice is not None and advice.move is Move.VARY
        self.step = BraveStep(step=step, varied=varied)
        player.tell_value("step.fear", step.fear)
        self._tell(player.go_on)()

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
        self._tell(player.go_on)()

    # -- keys ------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take what no question needs: Space, N, E, G, S, M and Esc, with Ctrl while one writes."""
        acts: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Space: self._pause_or_go_on,
            Qt.Key.Key_N: self._go_on,
            Qt.Key.Key_Right: self._go_on,
            Qt.Key.Key_E: self._easier,
            Qt.Key.Key_G: self._ground,
            Qt.Key.Key_S: self._ask_stop,
            Qt.Key.Key_M: self.mute_turned.emit,
            Qt.Key.Key_Escape: self._close,
        }
        act = acts.get(event.key())
        if act is None:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            act()

    def _pause_or_go_on(self) -> None:
        if self._playing is not None and self._playing.player.card is None:
            self._playing.pause_or_go_on()
            if isinstance(self._question, GameQuestion):
                self._question.rest(resting=self._playing.player.paused)
            self.refresh()

    def _go_on(self) -> None:
        if self._playing is not None and self._playing.player.card is None and not self._stopping:
            self._playing.player.go_on(self._playing.now())
            self.refresh()

    def _easier(self) -> None:
        if (player := self.player) is not None:
            self._leave_stops()
            self._tell(player.easier)()

    def _note_mind_step(self, player: Player) -> None:
        """In the practice of brave steps the easy way is a step in the mind, whatever led there."""
        scene = self._scene
        if player.pack.ladder is None or scene is None or scene.ladder is None:
            return
        if player.card is not None or player.phase.id != player.pack.easier:
            return
        step = self.step.step
        if step is None and scene.ladder.here is not None:
            step = scene.ladder.step(scene.ladder.here)
        if step is None and scene.today is not None:
            step = scene.today.advice.step
        self.step = self.step.changed(step=step, imagined=True)

    def _ground(self) -> None:
        if (player := self.player) is not None:
            self._leave_stops()
            self._tell(player.ground)()

    def _ask_stop(self) -> None:
        if self._playing is not None and not self._stopping:
            self._stopping = True
            self._playing.player.pause(self._playing.now())
            self.refresh()

    def _leave_stops(self) -> None:
        self._stopping = False

    def _stop_no_more(self) -> None:
        self._stopping = False
        if self._playing is not None:
            self._playing.player.resume(self._playing.now())
        self.refresh()

    def _stop(self, stop_id: str) -> None:
        if (player := self.player) is not None:
            self._stopping = False
            self._tell(lambda now: player.stop(now, stop_id))()

    def _close(self) -> None:
        if (player := self.player) is not None:
            self._tell(player.close)()

    # -- seen or not seen ------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to move, until the window is minimised."""
        super().showEvent(event)
        self._sight.shown()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop moving: nobody can see it."""
        super().hideEvent(event)
        self._sight.hidden()

    def _move_while_seen(self) -> None:
        if self._stage is not None and self._sight.clear:
            self._frames.start()
        else:
            self._frames.stop()

    def first_focus(self) -> QWidget:
        """Return what takes the keys."""
        return self if self._question is None else self._question.first_focus()
