"""Composition root: builds the parts, connects them, owns beginning and end; nothing else does."""

from collections.abc import Callable

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication

from biobreath import places
from biobreath import settings as stored_settings
from biobreath.app.about_person import AboutPerson
from biobreath.app.calm_choices import CalmChoices
from biobreath.app.checking_in import CheckingIn
from biobreath.app.choices import Choices
from biobreath.app.hearing import Hearing
from biobreath.app.heart_choice import HeartChoice
from biobreath.app.inbox import Inbox
from biobreath.app.keeper import Keeper
from biobreath.app.kept_sittings import KeptSittings
from biobreath.app.looking_back import LookingBack
from biobreath.app.memory import LADDER_PRACTICE, Memory
from biobreath.app.offers import Offers
from biobreath.app.pace_finding import PaceFinding
from biobreath.app.practice_pages import PracticePages
from biobreath.app.practising import EASY_PRACTICE, NO_HEART, Practising
from biobreath.app.preparing import prepare
from biobreath.app.starting import Start, Starting
from biobreath.app.strap_watch import StrapWatch
from biobreath.clock import wall_time
from biobreath.events import Event, HeartRateMeasurement, LinkChanged, LinkState
from biobreath.practice.content import Content, load_content
from biobreath.practice.patterns import Pattern
from biobreath.practice.protocols import Protocol
from biobreath.sensors.thread import SensorThread, Sink
from biobreath.session.practice_sitting import PracticeSitting
from biobreath.session.sitting import Sitting
from biobreath.settings import Settings
from biobreath.sound.clips import Clips
from biobreath.store.library import Library
from biobreath.ui import theme as look
from biobreath.ui.breathe import minutes_of, pattern_of
from biobreath.ui.bridge import Bridge
from biobreath.ui.pages import Words
from biobreath.ui.shapes import LITTLE_MOTION
from biobreath.ui.window import Window

_PREPARES_MS = 500
"""So long after the first page: it has been painted, and nobody is on the way further yet."""
_SOMETHING_BROKE = (
    "Something went wrong inside; it is written down in the log. Your sitting goes on."
)


class Program:
    """Every part of the program, and the ways between them."""

    def __init__(self, app: QApplication, window: Window | None = None) -> None:
        """Build the parts; ``window`` is an empty one that is on the screen already."""
        settings = stored_settings.load(places.settings_path())
        theme = look.chosen(settings.theme)
        look.set_text_percent(settings.text_percent)
        look.apply(app, theme)
        # Practices in the system's language where somebody translated them, else in English.
        lang = QLocale.system().name().partition("_")[0]
        content = load_content(places.assets(), places.packs_dir(), lang)
        self.window = window or Window(theme, settings)
        self.window.furnish(settings, _words(content))
        self.bridge = Bridge()
        self.inbox = Inbox(self.bridge, self._sensed)
        self.keeper = Keeper(places.library_path(), self.bridge)
        self.sensors = SensorThread()
        self.library = Library(places.library_path())
        self.memory = Memory(content, self.library, self.keeper)
        self.about_person = AboutPerson(self.memory)
        self.offers = Offers(self.memory)
        self.practising = Practising(self.memory, self.offers)
        self.checking_in = CheckingIn(self.memory, self.about_person)
        self.choices = Choices(app, self, settings, self.memory)
        self.strap = StrapWatch(self, self.sensors, self.bridge)
        self.heart = HeartChoice(self, self.strap)
        clips = Clips()
        self.calm = CalmChoices(
            lambda: self.window, lambda: self.settings, self.choices.choose, clips
        )
        self.hearing = Hearing(self, self.bridge, clips, self.calm.hear_voice)
        self.pages = PracticePages(
            self,
            self.memory,
            self.offers,
            self.about_person,
            self.practising,
            self.checking_in,
            self.hearing,
        )
        self.pace_finding = PaceFinding(self, self.library, self.memory)
        self.looking_back = LookingBack(
            self.library,
            self.keeper,
            self.bridge,
            self.practising.looked_back_on,
            self.pace_finding,
            lambda: self.memory.profile.flags,
        )
        self.starting = Starting(self, self.keeper, self.heart, self.practising, self.looking_back)
        self.kept = KeptSittings(
            self, self.keeper, self.looking_back, self.memory, self.pages, self.choices
        )
        self.sitting: Sitting | None = None
        self.playing: PracticeSitting | None = None
        self.sitting_over: Callable[[], None] = _nothing
        self.prepared: Callable[[], None] = _nothing
        """Called once, when all that sittings need is loaded."""
        self._is_prepared = False
        self._staying: list[Callable[[int | None], None]] = []
        """What keeps the rest of practices whose sitting is just being written."""
        self._closed = False
        self.window.little_motion = settings.shape == LITTLE_MOTION
        self.window.place_chosen.connect(self.go)
        self.window.closing.connect(self.close)
        self.connect_pages()

    # -- beginning and end -----------------------------------------------------------------

    def open(self, *, demo: bool = False) -> None:
        """Show the window; with ``demo`` breathe with the demo heart at once."""
        self.sensors.start()
        self.keeper.start()
        self.keeper.on_notice = self.notice
        self.refresh()
        if demo:
            self.window.show()
            self.begin(pattern_of(self.settings), self.settings.minutes, demo=True)
        else:
            self.watch_strap()
            self.pages.show_quiet_card()
            self.window.go("today")
            self.window.show()
            QTimer.singleShot(_PREPARES_MS, self.window, self._prepare)

    def _prepare(self) -> None:
        """Load what the first sitting needs, at the latest when it begins."""
        if not self._is_prepared:
            self._is_prepared = True
            prepare()
            self.prepared()

    def close(self) -> None:
        """End the sitting, let the strap go, write everything down. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self.window.breathing.leave_sitting()
        self.window.hide()
        self.looking_back.stop()
        self.hearing.end()
        if (stays := self._end_practice()) is not None:
            self._staying.append(stays)
        # Also of a sitting whose end is just being written: nobody hears of that any more.
        for keep in self._staying:
            keep(None)
        sitting, self.sitting = self.sitting, None
        self.strap.close()
        self.sensors.close()
        if sitting is not None and sitting.guided:
            self.keeper.end(sitting.now(), lambda _session_id, _sentence: None)
        self.keeper.close()
        self.choices.close()

    def fault(self) -> None:
        """Tell once that something broke; called from any thread."""
        self.bridge.hand_over(lambda: self.notice(_SOMETHING_BROKE))

    # -- what the parts ask for ------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """What the person chose."""
        return self.choices.settings

    def choose(self, settings: Settings) -> None:
        """Take new settings: they hold at once and are kept."""
        self.choices.choose(settings)

    def breathe_gently(self) -> None:
        """Plan the lighter breath, as somebody told us to be careful."""
        self.choices.breathe_gently()

    def watch_strap(self) -> None:
        """Open the line to the strap that is remembered, or close it."""
        self.strap.watch()

    def notice(self, sentence: str) -> None:
        """Show a quiet line, wherever one is."""
        self.window.say(sentence)

    # -- pages -----------------------------------------------------------------------------

    def connect_pages(self) -> None:
        """Listen to the pages; they are made anew with every theme."""
        window = self.window
        for part in (
            self.choices,
            self.strap,
            self.heart,
            self.calm,
            self.hearing,
            self.pages,
            self.kept,
            self.pace_finding,
        ):
            part.connect(window)
        window.today.begin.connect(self.begin_planned)
        window.today.begin_gently.connect(self.begin_gently)
        window.today.choose_heart.connect(lambda: self.go("heart"))
        window.breathe.begin.connect(self.begin_planned)
        window.sitting_page.replay.connect(self._replay)
        window.practices.begin.connect(self.begin_practice)
        window.practice.ended.connect(self.end)
        window.breathing.ended.connect(self.end)
        window.breathing.grounding.connect(self._ground)
        window.breathing.catching_up.connect(self._catch_up)
        window.grounding.back.connect(self._back_to_breathing)
        window.grounding.ended.connect(self.end)

    def go(self, place: str) -> None:
        """Go to a page, with what is known now on it."""
        self.looking_back.stop()
        self.window.about.rest()
        self.refresh()
        self.pages.fill(place)
        if place == "look_back":
            self.kept.show()
        elif place == "breathe":
            self.pace_finding.show()
        elif place == "about_me":
            self.calm.show()
        self.window.go(place)

    def refresh(self) -> None:
        """Show on the pages what is known and chosen now."""
        settings = self.settings
        pattern = pattern_of(settings)
        self.window.today.show_day(wall_time(), self.looking_back.count())
        self.window.today.show_plan(pattern, minutes_of(settings))
        self.window.breathe.show_voice(there=self.hearing.voice.there)
        self.window.heart.show_choice(settings)
        self.strap.say()

    # -- a sitting begins ------------------------------------------------------------------

    def begin_gently(self) -> None:
        """Begin three soft minutes on a hard day: nothing is asked."""
        self.begin_practice(EASY_PRACTICE, 0, flare=True)

    def begin_planned(self) -> None:
        """Begin to breathe as the person set it up."""
        self.begin(pattern_of(self.settings), minutes_of(self.settings), planned=True)

    def begin(
        self,
        pattern: Pattern,
        minutes: int,
        *,
        demo: bool = False,
        planned: bool = False,
        protocol: Protocol | None = None,
    ) -> None:
        """Begin a sitting; ``planned`` as the person set it up, else the breath alone."""
        if self.sitting is not None:
            return
        self._prepare()
        start = self.starting.breath(
            pattern, minutes, demo=demo, planned=planned, protocol=protocol
        )
        self._sit(start)

    def begin_practice(self, pack_id: str, minutes: int, *, flare: bool = False) -> None:
        """Begin a practice, ``minutes`` long (0: all of it); ``flare`` for a hard day."""
        pack = self.memory.content.library.pack(pack_id)
        if self.sitting is not None or pack is None:
            return
        self._prepare()
        start = self.starting.practice(pack)
        self.playing = self.practising.begin(
            pack,
            start.sitting,
            self.settings,
            minutes=self.offers.minutes_for(pack, minutes),
            flare=flare,
            has_heart=start.source != NO_HEART,
            has_sound=self.hearing.brings_sound(pack, flare=flare),
        )
        self._sit(start)

    def _replay(self, session_id: int, speed: float) -> None:
        if self.sitting is None:
            self._prepare()
            self._sit(self.starting.replay(session_id, speed))

    def _sit(self, start: Start) -> None:
        if start.source == "strap" and not self.strap.open:
            self.watch_strap()
        self.sitting = start.sitting
        self.inbox.catch_up(seen=True)
        self.hearing.prepare()
        self._show_sitting(start.sitting, start.label)
        self.hearing.begin(start.sitting)
        sink = self._sink(start.sitting, keep=start.keep)
        if start.source == "strap":
            self.strap.join(sink, start.clock)
            return
        self.strap.rest()
        if start.sensor is not None:
            self.sensors.listen(start.sensor, start.clock, sink)

    def _show_sitting(self, sitting: Sitting, label: str) -> None:
        self.choices.show_heart()
        self.window.breathing.set_shape(self.settings.shape)
        if self.playing is not None:
            self.window.show_practice(self.playing, self.practising.scene(label, self.settings))
            return
        self.window.show_sitting(sitting, label)
        if trouble := self.heart.trouble():
            self.window.breathing.say_briefly(trouble)

    # -- a sitting goes on -----------------------------------------------------------------

    def _sink(self, sitting: Sitting, *, keep: bool) -> Sink:
        """Return what takes the facts of ``sitting``, in the sensor thread."""

        def sink(event: Event) -> None:
            # What a strap still says while it is let go belongs to no sitting.
            if sitting is not self.sitting:
                return
            # The disk before the window: what the window never shows is still kept.
            if keep:
                self.keeper.add(event)
            self.inbox.put(sitting, event)

        return sink

    def _sensed(self, sitting: Sitting, event: Event) -> None:
        if sitting is not self.sitting:
            return
        sitting.feed(event)
        if isinstance(event, HeartRateMeasurement):
            self.window.breathing.beat_arrived()
            self.window.practice.beat_arrived()
        elif isinstance(event, LinkChanged):
            self.window.breathing.link_changed()
        over = isinstance(event, LinkChanged) and event.state is LinkState.ENDED
        if over and not sitting.guided:
            self.end()

    def _catch_up(self, seen: bool) -> None:  # noqa: FBT001  a slot
        self.inbox.catch_up(seen=seen)

    def _ground(self) -> None:
        if self.sitting is not None:
            self.sitting.ground()
            self.window.grounding.begin()
            self.window.go("grounding")

    def _back_to_breathing(self) -> None:
        if self.sitting is not None:
            self.sitting.back_to_breathing()
            self.window.grounding.leave()
            self.window.breathing.come_back()
            self.window.go("breathing")

    # -- a sitting ends --------------------------------------------------------------------

    def end(self) -> None:
        """End the sitting and show it whole."""
        sitting, self.sitting = self.sitting, None
        if sitting is None:
            return
        stays = self._end_practice()
        if stays is not None:
            self._staying.append(stays)
        t = sitting.now()
        self.hearing.end()
        self.window.breathing.leave_sitting()
        self.window.grounding.leave()
        if self.strap.open:
            self.strap.leave()
        else:
            self.sensors.let_go()
            self.watch_strap()
        if not sitting.guided:
            self.window.go("sitting")
            return
        self.kept.wait()

        def ended(session_id: int | None, sentence: str) -> None:
            if stays is not None and stays in self._staying:
                self._staying.remove(stays)
                stays(session_id)
            self.kept.show_ended(session_id, sentence)

        self.keeper.end(t, ended)

    def _end_practice(self) -> Callable[[int | None], None] | None:
        """End the practice under way, if there is one; return what keeps the rest of it."""
        playing, self.playing = self.playing, None
        if playing is None:
            return None
        player = playing.player
        player.close(playing.now())
        attempt = self.window.practice.brave.step.attempt(
            wall_time().utc_ms / 1000,
            player.told.ratings,
            stopped=(player.how or "").startswith("stopped"),
            was_much=player.asks_for_easier,
        )
        self.window.practice.leave_practice()
        self.hearing.end_reading()
        return self.practising.ended(playing, attempt)


def _nothing() -> None:
    """Do nothing: nobody asked to be told."""


def _words(content: Content) -> Words:
    """Return what the pages say that comes from the content."""
    ladder = content.library.pack(LADDER_PRACTICE)
    ideas = () if ladder is None else ladder.ideas
    return Words(
        content.safety,
        places.library_path(),
        content.questions,
        ideas,
        content.calm.wins,
        content.calm.scenes,
    )
