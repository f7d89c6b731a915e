"""The screen of a practice: it shows where the player is, and takes every key to it."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from biobreath.practice.phases import PhaseType
from biobreath.practice.player import Player
from biobreath.session.practice_sitting import PracticeSitting
from biobreath.ui import theme as look
from biobreath.ui.acts import Acts
from biobreath.ui.asking import Asking, chosen_part
from biobreath.ui.calm_picture import CalmPicture
from biobreath.ui.flow import Flow
from biobreath.ui.frame_clock import FrameClock
from biobreath.ui.moving_screen import MovingScreen
from biobreath.ui.parts import SOUND_IS_OFF, KeyHint, MuteHint, label
from biobreath.ui.practice_questions import GameQuestion
from biobreath.ui.practice_stage import Centred, PracticeStage
from biobreath.ui.question import InTheMiddle, Question
from biobreath.ui.scene import Scene
from biobreath.ui.shapes import LITTLE_MOTION
from biobreath.ui.step_asking import StepAsking
from biobreath.ui.theme import Theme

_LOOK_MS = 100
_PATCHY = "patchy: that is the strap, not you"


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


class PracticeView(MovingScreen):
    """One part at a time; the four keys of care at the foot, in every part."""

    ended = Signal()
    edit_ladder = Signal()
    mute_turned = Signal()
    """The person wants silence, or sound again."""
    waits = Signal()
    """What went on by itself has given way to something that waits; eyes may have been closed."""
    said = Signal(str, str)
    """A sentence or a question has just come, and what leads over to it; the voice may read it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._playing: PracticeSitting | None = None
        self._scene: Scene | None = None
        acts = Acts(
            self._tell,
            self._go_on,
            self._easier,
            self.edit_ladder.emit,
            self._stop,
            self._stop_no_more,
        )
        self.brave = StepAsking(theme, acts)
        self._asking = Asking(theme, acts, self.brave)
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
        self.brave.begin()
        self._shown, self._stopping = None, False
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
        player = playing.player
        before = player.visits, player.card
        playing.tick()
        by_itself = before != (player.visits, player.card)
        if player.over:
            self.ended.emit()
            return
        key = (player.visits, player.card, self._stopping)
        if key != self._shown:
            self._shown = key
            self._show(playing)
            if by_itself and self._question is not None:
                self.waits.emit()
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
        if self._scene is not None:
            self.brave.note_in_mind(player, self._scene)
        self._title.setText(_where(player))
        self._notice.setText("" if player.card else player.notice or self.brave.in_mind(player))
        self._notice.setVisible(bool(self._notice.text()))
        question = self._question_for(playing)
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

    def _question_for(self, playing: PracticeSitting) -> Question | None:
        if self._scene is None:
            return None
        return self._asking.question(playing, self._scene, stopping=self._stopping)

    def _show_stage(self, playing: PracticeSitting) -> None:
        scene = self._scene
        phase = playing.player.phase
        shape = scene.shape if scene is not None else "disc"
        plain = phase.type is not PhaseType.BREATHE and phase.mode != "watch" and not phase.read
        self._stage = PracticeStage(
            self._theme,
            playing.sitting,
            shape=shape if phase.type is PhaseType.BREATHE else "",
            picture=chosen_part(playing.player) if phase.mode == "watch" else "",
            still=shape == LITTLE_MOTION,
            calm=_calm_picture(self._theme, scene) if plain else None,
            big=playing.player.flare,
        )
        self._stage.said.lead = self._notice.text()
        self._stage.said.said.connect(self.said)
        self._middle.addWidget(self._stage)
        self.setFocus()
        self.move_while_seen()

    def _tell(self, act: Callable[[float], None]) -> None:
        """Tell the player something at the time it happens, and show what follows."""
        if self._playing is not None:
            act(self._playing.now())
            self.refresh()

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
        if self._playing is None or self._playing.player.card is not None or self._stopping:
            return
        if self._question is not None and self._question.half_answered:
            self._question.answered.emit()
            return
        self._playing.player.go_on(self._playing.now())
        self.refresh()

    def _easier(self) -> None:
        if (player := self.player) is not None:
            self._leave_stops()
            self._tell(player.easier)

    def _ground(self) -> None:
        if (player := self.player) is not None:
            self._leave_stops()
            self._tell(player.ground)

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
            self._tell(lambda now: player.stop(now, stop_id))

    def _close(self) -> None:
        if (player := self.player) is not None:
            self._tell(player.close)

    # -- seen or not seen ------------------------------------------------------------------

    def move_while_seen(self) -> None:
        """Move only where somebody can see it."""
        if self._stage is not None and self.seen:
            self._frames.start()
        else:
            self._frames.stop()

    def first_focus(self) -> QWidget:
        """Return what takes the keys."""
        return self if self._question is None else self._question.first_focus()
