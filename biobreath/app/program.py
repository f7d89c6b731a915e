"""Composition root: builds the parts, connects them, owns beginning and end; nothing else does."""

import contextlib
import json
import uuid
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from biobreath import __version__, places
from biobreath import settings as stored_settings
from biobreath.app import own_calm
from biobreath.app.calm_choices import CalmChoices
from biobreath.app.checking_in import CheckingIn
from biobreath.app.copying import save_copy
from biobreath.app.hearts import SensorFor, demo_heart, strap_of
from biobreath.app.keeper import Keeper
from biobreath.app.looking_back import LookingBack
from biobreath.app.practice_pages import PracticePages
from biobreath.app.practising import EASY_PRACTICE, LADDER_PRACTICE, NO_HEART, Practising
from biobreath.app.sounding import Sounding
from biobreath.app.speaking import Speaking
from biobreath.app.strap_line import StrapLine
from biobreath.app.strap_search import StrapSearch
from biobreath.clock import SessionClock, wall_time
from biobreath.events import BatteryRead, Event, HeartRateMeasurement, LinkChanged, LinkState
from biobreath.practice.content import load_content
from biobreath.practice.display import Display, effective
from biobreath.practice.packs import Pack
from biobreath.practice.patterns import GENTLE, LONG_OUT, Pattern
from biobreath.practice.profile import GENTLE_BREATH, HRV_OFF
from biobreath.practice.protocols import Protocol, sliding
from biobreath.sensors.replay import ReplaySensor, heart_only
from biobreath.sensors.sensor import Sensor
from biobreath.sensors.thread import SensorThread
from biobreath.session import words
from biobreath.session.practice_sitting import PracticeSitting
from biobreath.session.sitting import Sitting
from biobreath.settings import Settings
from biobreath.sound.bed import Bed
from biobreath.sound.clips import Clips, find_clip
from biobreath.sound.voice import Voice, voice_command
from biobreath.store.library import Library
from biobreath.store.recorder import SittingStart
from biobreath.store.recordings import read_recording
from biobreath.store.rr_text import UnreadableRecording
from biobreath.ui import theme as look
from biobreath.ui.breathe import minutes_of, pattern_of
from biobreath.ui.bridge import Bridge
from biobreath.ui.heart_panel import heart_name
from biobreath.ui.pages import Words
from biobreath.ui.parts import SOUND_IS_OFF
from biobreath.ui.shapes import LITTLE_MOTION
from biobreath.ui.window import Window

_SAVE_AFTER_MS = 800
FREE_S = 60.0
"""How long the free breathing before and after is: long enough to compare."""
_STRAP_RESTS_AFTER_MS = 600_000
"""A strap that nobody sits with is let go: its battery is small."""
_NOT_REMOVED = (
    "The library cannot be written just now. The sitting goes as soon as it can be, if biobreath"
    " stays open."
)
_NOT_ALL_REMOVED = (
    "The library cannot be written just now. Everything goes as soon as it can be, if biobreath"
    " stays open."
)
_HEART_GONE = "“{name}” cannot be read any more. This is the demo heart."
_HEART_STAYS_HIDDEN = "The heart stays hidden, as you told us under About me."
_GENTLE_MINUTES = 5
"""At most, for who is to breathe gently (PRACTICE.md, section 2)."""
_RECORDINGS = "Recordings (*.biobreath *.txt *.csv);;All files (*)"


class Program:
    """Every part of the program, and the ways between them."""

    def __init__(self, app: QApplication, window: Window | None = None) -> None:
        """Build the parts; ``window`` is an empty one that is on the screen already."""
        self._app = app
        self.settings = stored_settings.load(places.settings_path())
        self.bridge = Bridge()
        self.keeper = Keeper(places.library_path(), self.bridge)
        self.sensors = SensorThread()
        self.sound = Sounding(self.bridge, self._notice)
        self.voice = Voice(voice_command())
        self.clips = Clips()
        self.cues = Speaking(self.bridge, self.voice, self._notice, self._may_cue)
        self.line = StrapLine(self.sensors, self._line_changed)
        self._strap_says: dict[type, str] = {}
        self._idle = QTimer()
        self._idle.setSingleShot(True)
        self._idle.setInterval(_STRAP_RESTS_AFTER_MS)
        self._idle.timeout.connect(self._rest_strap)
        self.sitting: Sitting | None = None
        theme = look.chosen(self.settings.theme)
        look.set_text_percent(self.settings.text_percent)
        look.apply(app, theme)
        # Practices in the system's language where somebody translated them, else in English.
        lang = QLocale.system().name().partition("_")[0]
        content = load_content(places.assets(), places.packs_dir(), lang)
        ladder = content.library.pack(LADDER_PRACTICE)
        ideas = () if ladder is None else ladder.ideas
        about = Words(
            content.safety,
            places.library_path(),
            content.questions,
            ideas,
            content.calm.wins,
            content.calm.scenes,
        )
        self.window = window or Window(theme, self.settings)
        self.window.furnish(self.settings, about)
        self.library = Library(places.library_path())
        self.practising = Practising(content, self.library, self.keeper)
        self.checking_in = CheckingIn(self.practising)
        self._calm = CalmChoices(
            lambda: self.window, lambda: self.settings, self._chosen, self.clips
        )
        self._pages = PracticePages(self, self.practising, self.checking_in)
        self.looking_back = LookingBack(
            self.library,
            self.keeper,
            self.bridge,
            self.practising.looked_back_on,
            lambda: self.practising.profile.flags,
        )
        self._playing: PracticeSitting | None = None
        self._heart_gone = ""
        """The recording that was to be the heart and cannot be read any more, until it is said."""
        self.sitting_over: Callable[[], None] = _nothing
        """Called when a sitting has ended and nothing moves on the screen."""
        self.search = StrapSearch(self.sensors, self.bridge)
        self._saving = QTimer()
        self._saving.setSingleShot(True)
        self._saving.setInterval(_SAVE_AFTER_MS)
        self._saving.timeout.connect(self._save)
        self._closed = False
        self.window.little_motion = self.settings.shape == LITTLE_MOTION
        self.window.place_chosen.connect(self.go)
        self.window.closing.connect(self.close)
        self._connect_pages()

    # -- beginning and end -----------------------------------------------------------------

    def open(self, *, demo: bool = False) -> None:
        """Show the window; with ``demo`` breathe with the demo heart at once."""
        self.sensors.start()
        self.keeper.start()
        self.keeper.on_notice = self._notice
        self._refresh()
        if demo:
            self.window.show()
            self.begin(pattern_of(self.settings), self.settings.minutes, demo=True)
        else:
            self._watch_strap()
            self._pages.show_quiet_card()
            self.window.go("today")
            self.window.show()

    def close(self) -> None:
        """End the sitting, let the strap go, write everything down. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self.window.hide()
        self.window.breathing.leave_sitting()
        self.looking_back.stop()
        self._idle.stop()
        self.sound.end()
        self.cues.end()
        self._end_practice()(None)
        sitting, self.sitting = self.sitting, None
        self.search.stop()
        self.line.rest()
        self.sensors.close()
        if sitting is not None and sitting.guided:
            self.keeper.end(sitting.now(), lambda _session_id, _sentence: None)
        self.keeper.close()
        size = self.window.size()
        self.settings = replace(
            self.settings, window_width=size.width(), window_height=size.height()
        )
        self._save()

    def fault(self) -> None:
        """Tell once that something broke; called from any thread."""
        self.bridge.hand_over(
            lambda: self._notice(
                "Something went wrong inside; it is written down in the log. Your sitting goes on."
            )
        )

    def _notice(self, sentence: str) -> None:
        self.window.breathing.say(sentence)

    # -- pages -----------------------------------------------------------------------------

    def _connect_pages(self) -> None:
        window = self.window
        window.today.begin.connect(self._begin_planned)
        window.today.begin_gently.connect(self._begin_gently)
        self._calm.connect(window)
        window.today.dim_turned.connect(self._dim)
        window.today.choose_heart.connect(lambda: self.go("heart"))
        window.breathe.begin.connect(self._begin_planned)
        window.breathe.changed.connect(self._chosen)
        window.breathe.find_pace.connect(self._find_pace)
        window.sitting_page.pace_kept.connect(self._keep_pace)
        window.sitting_page.removed.connect(self._remove)
        window.sitting_page.copy_wanted.connect(self._save_copy)
        window.about.all_removed.connect(self._remove_everything)
        window.heart.search.connect(self._look_for_straps)
        window.heart.strap_chosen.connect(self._take_strap)
        window.heart.ecg_chosen.connect(self._keep_ecg)
        window.heart.demo_chosen.connect(lambda: self._take_source("simulated"))
        window.heart.none_chosen.connect(lambda: self._take_source(NO_HEART))
        window.practices.begin.connect(self.begin_practice)
        window.practices.length_chosen.connect(self._length_chosen)
        window.practice.ended.connect(self.end)
        window.practices.speaking_turned.connect(self._speaking_turned)
        window.practices.sound_turned.connect(self._sound_turned)
        window.practice.said.connect(self._say)
        for view in (window.breathing, window.grounding, window.practice):
            view.mute_turned.connect(self._turn_mute)
        window.heart.recording_wanted.connect(self._ask_for_recording)
        window.look_back.opened.connect(self._open_sitting)
        window.sitting_page.replay.connect(self._replay)
        window.sitting_page.done.connect(lambda: self.go("look_back"))
        window.breathing.ended.connect(self.end)
        window.breathing.grounding.connect(self._ground)
        window.breathing.display_chosen.connect(self._display_chosen)
        window.breathing.pace_chosen.connect(self._pace_chosen)
        window.grounding.back.connect(self._back_to_breathing)
        window.grounding.ended.connect(self.end)
        self._pages.connect(window)

    def go(self, place: str) -> None:
        """Go to a page, with what is known now on it."""
        self.looking_back.stop()
        self.window.about.rest()
        self._refresh()
        self._pages.fill(place)
        if place == "look_back":
            lines = self.looking_back.lines()
            self.window.look_back.show_sittings(lines, self.looking_back.trouble)
        elif place == "practices":
            self._show_practices()
        elif place == "about_me":
            self._calm.show()
        self.window.go(place)

    def _show_practices(self) -> None:
        minutes = self.settings.practice_minutes
        page = self.window.practices
        page.show_length(minutes)
        there = self.voice.there or any(folder.is_dir() for folder in places.audio_dirs())
        page.show_speaking(there=there, on=self.settings.speak)
        page.show_sound(on=self.settings.practice_sound)
        page.show_practices(self.practising.cards(minutes), self.practising.trouble())

    def take_step(self) -> None:
        """Begin the practice of brave steps, or go back into it."""
        if self._playing is None:
            self.begin_practice(LADDER_PRACTICE, self.settings.practice_minutes)
        else:
            self.leave_ladder()

    def leave_ladder(self) -> None:
        """Go back to where one came from: the practice under way, or the page of practices."""
        if self._playing is None:
            self.go("practices")
        else:
            self.window.practice.show_scene(self.practising.scene("", self.settings))
            self.window.go("practice")

    def _sound_turned(self, on: bool) -> None:  # noqa: FBT001  a slot
        self._chosen(replace(self.settings, practice_sound=on))

    def _speaking_turned(self, on: bool) -> None:  # noqa: FBT001  a slot
        self._chosen(replace(self.settings, speak=on))

    def _say(self, sentence: str, lead: str = "") -> None:
        """Let a sentence be heard: by whoever recorded it, else by the system's voice.

        Nobody recorded the ``lead``, such as the reply to a reason to stop: the voice says both.
        """
        if self.sound.muted or self._says_it_kindly(sentence) or not self.settings.speak:
            return
        self.clips.stop()
        clip = None if lead and self.voice.there else self._clip(sentence)
        if clip is None:
            self.voice.say(f"{lead} {sentence}".strip())
        else:
            self.clips.play(clip, self.settings.volume_percent / 100)
            self.voice.be_silent()  # last: no cue begins any more while a recording is played

    def _says_it_kindly(self, sentence: str) -> bool:
        """Let the voice that the person brought along be heard where it belongs."""
        playing = self._playing
        if playing is None or not playing.player.asks_for_a_kind_voice(sentence):
            return False
        if heard := self._calm.hear_voice():
            self.voice.be_silent()
        return heard

    def _may_cue(self) -> bool:
        """Tell whether the guide may be heard in words now; safe from any thread."""
        return not (self.sound.muted or self.clips.playing)

    def _turn_mute(self) -> None:
        """Make everything silent at once, or let it be heard again as it was."""
        self._mute(muted=not self.sound.muted)
        self.window.announce(SOUND_IS_OFF if self.sound.muted else "sound is on")

    def _mute(self, *, muted: bool) -> None:
        self.sound.muted = muted
        if muted:
            self.clips.stop()
            self.voice.be_silent()
        self.window.show_muted(muted=muted)

    def _clip(self, sentence: str) -> Path | None:
        if self._playing is None:
            return None
        player = self._playing.player
        said = [line.text for line in player.phase.lines]
        if sentence not in said:
            return None
        number = said.index(sentence) + 1
        return find_clip(places.audio_dirs(), player.pack.id, player.phase.id, number)

    def _refresh(self) -> None:
        settings = self.settings
        pattern = pattern_of(settings)
        self.window.today.show_day(wall_time(), self.looking_back.count())
        self.window.today.show_plan(pattern, minutes_of(settings))
        self.window.breathe.show_voice(there=self.voice.there)
        self.window.heart.show_choice(settings)
        # It asks for breaths slower than the gentle one, and for a rhythm that means something.
        flags = self.practising.profile.flags
        self.window.breathe.show_finder(shown=not flags & {GENTLE_BREATH, HRV_OFF})
        self._say_heart()

    def _say_heart(self) -> None:
        name = heart_name(self.settings).removeprefix("the ")
        said = list(self._strap_says.values()) if self.settings.source == "strap" else []
        self.window.say_heart([name[:1].upper() + name[1:] + ("." if said else ""), *said])

    # -- settings --------------------------------------------------------------------------

    def _chosen(self, settings: Settings) -> None:
        dress_changed = _dress_of(settings) != _dress_of(self.settings)
        size_changed = settings.text_percent != self.settings.text_percent
        heart_changed = _heart_of(settings) != _heart_of(self.settings)
        self.settings = settings
        if heart_changed:
            self._watch_strap()
        self._saving.start()
        if dress_changed:
            # The page that asked is being replaced: let its signal return first.
            QTimer.singleShot(0, self.window, lambda: self._dress(size_changed=size_changed))
        else:
            self.window.breathe.show_settings(settings)
            self.window.breathing.set_display(self._display())
            self.window.breathing.set_words(shown=settings.show_words)
            self.window.breathing.set_own_breath(shown=self._own_breath)
            self.window.little_motion = settings.shape == LITTLE_MOTION
            self._refresh()

    def _dress(self, *, size_changed: bool = False) -> None:
        theme = look.chosen(self.settings.theme)
        look.set_text_percent(self.settings.text_percent)
        look.apply(self._app, theme)
        place = self.window.place
        self.window.dress(theme, self.settings)
        self._connect_pages()
        page = self.window.breathe
        focus = page.focus_size if size_changed else page.focus_theme
        if place == "today":
            focus = self.window.today.focus_dim
        self.go("today" if place == "today" else "breathe")
        # The finger stays where it was, or the next Enter would begin a sitting.
        QTimer.singleShot(0, self.window, focus)

    def _dim(self, on: bool) -> None:  # noqa: FBT001  a slot
        """Put on the dim colours of the night, or the usual ones again."""
        settings = self.settings
        if on:
            self._chosen(replace(settings, theme=look.BEDTIME.name, usual_theme=settings.theme))
        else:
            self._chosen(replace(settings, theme=settings.usual_theme))

    def _display_chosen(self, display: str) -> None:
        self._chosen(replace(self.settings, display=display))
        if self._display() != display:
            self.window.breathing.say_briefly(_HEART_STAYS_HIDDEN)

    def _display(self) -> Display:
        """Return how much of the heart is shown: what was chosen, and no more than told."""
        chosen = Display(self.settings.display)
        return effective(chosen, chosen, self.practising.profile.flags)

    @property
    def _own_breath(self) -> bool:
        """Whether the person's own rate is told: not where it would be read from such a rhythm."""
        return self.settings.show_own_breath and HRV_OFF not in self.practising.profile.flags

    def breathe_gently(self) -> None:
        """Plan the lighter breath and five minutes at most, until the person chooses otherwise."""
        rate = GENTLE.breaths_per_minute
        gentle = replace(self.settings, pattern=GENTLE.id, breaths_per_minute=rate)
        self._chosen(replace(gentle, minutes=min(_GENTLE_MINUTES, self.settings.minutes)))

    def _pace_chosen(self, breaths_per_minute: float) -> None:
        self._chosen(replace(self.settings, breaths_per_minute=round(breaths_per_minute, 1)))

    def _save(self) -> None:
        self._saving.stop()
        # A disk that keeps no settings is no reason to trouble a person who breathes.
        with contextlib.suppress(OSError):
            stored_settings.save(places.settings_path(), self.settings)

    # -- straps ----------------------------------------------------------------------------

    def _watch_strap(self) -> None:
        """Open the line to the strap that is remembered, or close it where another is the heart."""
        if self.sitting is not None:
            return
        self._strap_says = {}
        self.search.stop()
        if self.settings.source == "strap":
            self.line.watch(strap_of(self.settings))
            self._idle.start()
        else:
            self.line.rest()

    def _rest_strap(self) -> None:
        if self.sitting is None:
            self.line.rest()
            self._strap_says = {LinkChanged: "We look for it when you begin."}
            self._say_heart()

    def _line_changed(self, number: int, fact: Event) -> None:
        """Hear it in the sensor thread; say it in the window's."""
        self.bridge.hand_over(lambda: self._say_line(number, fact))

    def _say_line(self, number: int, fact: Event) -> None:
        if number != self.line.number:
            return
        match fact:
            case LinkChanged(state=LinkState.RECEIVING):
                self._strap_says[LinkChanged] = "It is connected."
            case LinkChanged():
                self._strap_says[LinkChanged] = words.link_sentence(fact, "it")
            case BatteryRead():
                self._strap_says[BatteryRead] = words.battery_sentence(fact.percent)
            case _:
                return
        self._say_heart()

    def _look_for_straps(self) -> None:
        panel = self.window.heart
        panel.searching()
        # A strap that is connected does not call out, and one scan at a time is enough.
        self.line.rest()
        self._strap_says = {}
        self._say_heart()
        last = self.settings.strap_address
        self.search.start(
            found=lambda straps: self.window.heart.found(straps, last), over=self._search_over
        )

    def _search_over(self, sentence: str) -> None:
        self.window.heart.search_over(sentence)
        if not self.line.open and not self._closed:
            self._watch_strap()

    def _take_strap(self, address: str, name: str) -> None:
        self._chosen(replace(self.settings, source="strap", strap_address=address, strap_name=name))
        if not self.line.open:
            # The same one as before; the search need not go on.
            self._watch_strap()
        self.go("today")

    def _keep_ecg(self, keep: bool) -> None:  # noqa: FBT001 - a signal's value
        self._chosen(replace(self.settings, keep_ecg=keep))

    def _take_source(self, source: str) -> None:
        self._chosen(replace(self.settings, source=source))
        self.go("today")

    def _length_chosen(self, minutes: int) -> None:
        self._chosen(replace(self.settings, practice_minutes=minutes))
        self._show_practices()

    def _ask_for_recording(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self.window, "Open a recording", str(Path.home()), _RECORDINGS
        )
        if path:
            self.take_recording(Path(path))

    def take_recording(self, path: Path) -> None:
        """Use a file as the heart, if it can be read."""
        try:
            facts = read_recording(path)
        except UnreadableRecording as error:
            self.window.heart.say_trouble(str(error))
            return
        if not any(isinstance(fact, HeartRateMeasurement) for fact in facts):
            self.window.heart.say_trouble(f"“{path.name}” holds no heartbeats.")
            return
        self._chosen(replace(self.settings, source="recording", recording=str(path)))
        self.go("today")

    def _heart(self, *, demo: bool) -> tuple[str, SensorFor | None]:
        """Return where the heart will come from, as the library calls it, and how to listen.

        The strap needs no listening to: its line is open.
        """
        settings = self.settings
        if not demo and settings.source in ("strap", NO_HEART):
            return settings.source, None
        if not demo and settings.source == "recording":
            path = Path(settings.recording)
            try:
                facts = heart_only(read_recording(path))
            except UnreadableRecording:
                self.settings = replace(settings, source="simulated")
                self._heart_gone = path.name
            else:
                return f"file:{path.name}", lambda _sitting: ReplaySensor(facts, path.name)
        seed = uuid.uuid4().int % 1_000_000
        return f"simulated:{seed}", lambda sitting: demo_heart(seed, sitting)

    # -- a sitting -------------------------------------------------------------------------

    def _begin_gently(self) -> None:
        """Begin three soft minutes on a hard day: nothing is asked."""
        self.begin_practice(EASY_PRACTICE, 0, flare=True)

    def _begin_planned(self) -> None:
        self.begin(pattern_of(self.settings), minutes_of(self.settings), planned=True)

    def _find_pace(self) -> None:
        course = sliding()
        first = course.parts[0][1]
        pattern = LONG_OUT if first is None else first.pattern
        self.begin(pattern, 0, protocol=course)

    def _keep_pace(self, breaths_per_minute: float) -> None:
        pace = breaths_per_minute
        self._chosen(replace(self.settings, my_pace=pace, pattern="mine", breaths_per_minute=pace))

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
        clock = SessionClock()
        practice = "paced_breathing" if protocol is None else "pace_finder"
        source, sensor_for = self._keep_from_now(practice, demo=demo)
        sitting = Sitting(
            clock,
            self.keeper.add,
            pattern,
            minutes * 60.0,
            free_s=FREE_S if planned and self.settings.compare else 0.0,
            ramp=planned and self.settings.follow_me,
            protocol=protocol,
        )
        label = "" if source == "strap" else words.source(source)
        sensor = None if sensor_for is None else sensor_for(sitting)
        self._sit(sitting, sensor, clock, source, label)

    def _keep_from_now(self, practice: str, *, demo: bool = False) -> tuple[str, SensorFor | None]:
        """Begin to keep a sitting; return where its heart comes from, and how to listen to it."""
        source, sensor_for = self._heart(demo=demo)
        self.practising.uuid = str(uuid.uuid4())
        self.keeper.begin(
            SittingStart(
                uuid=self.practising.uuid,
                wall=wall_time(),
                practice=practice,
                source=source,
                app_version=__version__,
                settings_json=_settings_json(self.settings),
            )
        )
        return source, sensor_for

    def begin_practice(self, pack_id: str, minutes: int, *, flare: bool = False) -> None:
        """Begin a practice, ``minutes`` long (0: all of it); ``flare`` for a hard day."""
        pack = self.practising.content.library.pack(pack_id)
        if self.sitting is not None or pack is None:
            return
        clock = SessionClock()
        source, sensor_for = self._keep_from_now(pack.id)
        sitting = Sitting(clock, self.keeper.add, LONG_OUT, 0.0, led=True)
        self._playing = self.practising.begin(
            pack,
            sitting,
            self.settings,
            minutes=self.practising.minutes_for(pack, minutes),
            flare=flare,
            has_heart=source != NO_HEART,
            has_sound=self._brings_sound(pack),
        )
        label = "" if source == "strap" else words.source(source)
        sensor = None if sensor_for is None else sensor_for(sitting)
        self._sit(sitting, sensor, clock, source, label, keep=pack.record)

    def _sit(
        self,
        sitting: Sitting,
        sensor: Sensor | None,
        clock: SessionClock,
        source: str,
        label: str,
        *,
        keep: bool = True,
    ) -> None:
        if source == "strap" and not self.line.open:
            self._watch_strap()
        self.sitting = sitting
        self._mute(muted=False)
        self.window.breathing.set_display(self._display())
        self.window.breathing.set_own_breath(shown=self._own_breath)
        self.window.breathing.set_shape(self.settings.shape)

        def sink(event: Event) -> None:
            # What a strap still says while it is let go belongs to no sitting.
            if sitting is not self.sitting:
                return
            # The disk before the window: what the window never shows is still kept.
            if keep:
                self.keeper.add(event)
            self.bridge.hand_over(lambda: self._sensed(sitting, event))

        if self._playing is None:
            self.window.show_sitting(sitting, label)
            if self._heart_gone:
                self.window.breathing.say_briefly(_HEART_GONE.format(name=self._heart_gone))
                self._heart_gone = ""
        else:
            self.window.show_practice(self._playing, self.practising.scene(label, self.settings))
        self.sound.begin(sitting, self._heard_settings())
        self.cues.begin(sitting, self.settings)
        if source == "strap":
            self.line.join(sink, clock)
            return
        self.line.rest()
        if sensor is not None:
            self.sensors.listen(sensor, clock, sink)

    def _brings_sound(self, pack: Pack) -> bool:
        """Tell whether a practice is heard with the sound that it brings along."""
        settings = self.settings
        wanted = settings.practice_sound and settings.volume_percent > 0
        return wanted and pack.bed in set(Bed) - {Bed.NONE}

    def _heard_settings(self) -> Settings:
        """Return the settings of the sound: with what a practice brings along, where wanted."""
        playing = self._playing
        if playing is None or not self._brings_sound(playing.player.pack):
            return self.settings
        return replace(self.settings, bed=playing.player.pack.bed)

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

    def end(self) -> None:
        """End the sitting and show it whole."""
        sitting, self.sitting = self.sitting, None
        if sitting is None:
            return
        kept = self._end_practice()
        t = sitting.now()
        self.sound.end()
        self.cues.end()
        self.window.breathing.leave_sitting()
        self.window.grounding.leave()
        if self.line.open:
            self.line.leave()
            self._idle.start()
        else:
            self.sensors.let_go()
            self._watch_strap()
        if not sitting.guided:
            self.window.go("sitting")
            return
        self.window.sitting_page.show_progress(0.0)
        self.window.go("sitting")
        self.looking_back.stop()

        def ended(session_id: int | None, sentence: str) -> None:
            kept(session_id)
            self._ended(session_id, sentence)

        self.keeper.end(t, ended)

    def _end_practice(self) -> Callable[[int | None], None]:
        """End the practice under way, if there is one; return what keeps the rest of it."""
        playing, self._playing = self._playing, None
        if playing is None:
            return lambda _session_id: None
        player = playing.player
        player.close(playing.now())
        attempt = self.window.practice.step.attempt(
            wall_time().utc_ms / 1000,
            player.told.ratings,
            stopped=(player.how or "").startswith("stopped"),
            was_much=player.asks_for_easier,
        )
        self.window.practice.leave_practice()
        self.voice.be_silent()
        self.clips.stop()
        return lambda session_id: self.practising.keep(playing, attempt, session_id)

    def _ended(self, session_id: int | None, sentence: str) -> None:
        """Show the sitting that was just kept, unless the person has gone on meanwhile."""
        self.sitting_over()
        if self.sitting is not None or not self.window.sitting_page.waiting:
            return
        if session_id is None:
            self.window.sitting_page.show_trouble("You sat.", sentence)
        else:
            self._open_sitting(session_id)

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

    # -- looking back ----------------------------------------------------------------------

    def _open_sitting(self, session_id: int) -> None:
        page = self.window.sitting_page
        page.show_progress(0.0)
        self.window.go("sitting")
        self.looking_back.open(
            session_id,
            shown=page.show_sitting,
            progressed=page.show_progress,
            unreadable=lambda sentence: page.show_trouble(
                "This sitting cannot be shown.", sentence
            ),
        )

    def _remove(self, session_id: int) -> None:
        def removed(done: bool) -> None:  # noqa: FBT001  a callback
            if done:
                # What was told in it is not known any more either.
                self.practising.forget_what_was_read()
                self.go("look_back")
            else:
                self.window.sitting_page.show_trouble("It is still there.", _NOT_REMOVED)

        self.keeper.remove(session_id, removed)

    def _save_copy(self, session_id: int) -> None:
        page = self.window.sitting_page
        library = places.library_path()
        page.say(save_copy(self.window, library, session_id, has_heart=page.has_heart))

    def _remove_everything(self) -> None:
        """Take every sitting, every word and every choice away, and begin as on the first day."""

        def gone(done: bool) -> None:  # noqa: FBT001  a callback
            if not done:
                self.window.about.rest(_NOT_ALL_REMOVED)
                return
            self.practising.forget_what_was_read()
            self._pages.forget()
            own_calm.take_away()
            look_of_it = {"theme": self.settings.theme, "text_percent": self.settings.text_percent}
            self._chosen(replace(Settings(), **look_of_it))
            self._save()
            self.go("today")

        if self.sitting is None:
            self.keeper.erase_all(gone)

    def _replay(self, session_id: int, speed: float) -> None:
        if self.sitting is not None:
            return
        facts = self.looking_back.facts(session_id)
        clock = SessionClock(speed)
        sitting = Sitting(clock, _forget, pattern_of(self.settings), 0.0, guided=False)
        label = "replay" if speed == 1.0 else f"replay ×{speed:.0f}"
        self._sit(sitting, ReplaySensor(facts, label), clock, "session", label, keep=False)


def _nothing() -> None:
    """Do nothing: nobody asked to be told."""


def _dress_of(settings: Settings) -> tuple[str, int]:
    return settings.theme, settings.text_percent


def _heart_of(settings: Settings) -> tuple[str, str, bool]:
    return settings.source, settings.strap_address, settings.keep_ecg


def _forget(_fact: Event) -> None:
    """Keep nothing: a replay is there already."""


def _settings_json(settings: Settings) -> str:
    """Return the settings of a sitting, without anything that names a device or a person."""
    kept = asdict(settings)
    for key in ("strap_address", "strap_name", "recording", "unknown"):
        del kept[key]
    return json.dumps(kept)
