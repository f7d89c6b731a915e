"""The pages around the practices, between what they ask for and what is known."""

from dataclasses import dataclass, replace
from functools import partial

from biobreath import places
from biobreath.app.about_person import AboutPerson
from biobreath.app.checking_in import Asked, CheckingIn
from biobreath.app.hearing import Hearing
from biobreath.app.memory import LADDER_PRACTICE, Memory
from biobreath.app.offers import Offers
from biobreath.app.practising import Practising
from biobreath.app.ways import Ways
from biobreath.practice.entries import LadderWritten
from biobreath.practice.ladder import Entry
from biobreath.practice.patterns import GENTLE
from biobreath.practice.profile import GENTLE_BREATH
from biobreath.ui.check_in_card import CheckInCard
from biobreath.ui.more_help import SupportCard
from biobreath.ui.welcome_card import WelcomeCard
from biobreath.ui.window import Window

_WELCOME = "welcome"
"""Stands for the first card of all, which has words of its own."""


@dataclass
class PracticePages:
    """Fills the pages and keeps what they tell; holds nothing but what is being asked."""

    ways: Ways
    memory: Memory
    offers: Offers
    about_person: AboutPerson
    practising: Practising
    checking_in: CheckingIn
    hearing: Hearing
    _asked: Asked | None = None
    _quiet: Asked | str | None = None
    """What stands on Today: a question, or the words of a card of support or of welcome."""

    def connect(self, window: Window) -> None:
        """Listen to the pages of ``window``; they are made anew with every theme."""
        go = self.ways.go
        window.practices.length_chosen.connect(self._length_chosen)
        window.practices.speaking_turned.connect(self._speaking_turned)
        window.practices.sound_turned.connect(self._sound_turned)
        window.practices.about_me_wanted.connect(lambda: go("about_me"))
        window.practices.ladder_wanted.connect(lambda: go("ladder"))
        window.practices.lessons_wanted.connect(lambda: go("lessons"))
        window.practice.edit_ladder.connect(lambda: go("ladder"))
        window.today.curious_put_away.connect(self.checking_in.curious_put_away)
        window.small_wins.win_named.connect(self._win_named)
        window.small_wins.check_in.connect(self._check_in)
        window.small_wins.night_wanted.connect(self._ask_night)
        window.small_wins.pain_turned.connect(self._pain_turned)
        window.small_wins.nights_turned.connect(self._nights_turned)
        window.small_wins.answered.connect(self._checked_in)
        window.lessons.opened.connect(self.open_lesson)
        window.lessons.back.connect(lambda: go("practices"))
        window.lesson.back.connect(lambda: go("lessons"))
        window.lesson.kept.connect(self.about_person.add_reason)
        window.lesson.thought.connect(self.about_person.lesson_thought)
        window.lesson.done.connect(self._lesson_done)
        window.ladder.changed.connect(self._ladder_changed)
        window.ladder.begin.connect(self._take_step)
        window.ladder.back.connect(self._leave_ladder)
        window.about_me.answered.connect(self._answered)
        window.about_me.reason_added.connect(self._reason_added)
        window.about_me.reason_removed.connect(self._reason_removed)
        window.about_me.lighter_turned.connect(self._lighter_turned)
        window.more_help.contact_added.connect(self._contact_added)
        window.more_help.contact_removed.connect(self._contact_removed)
        window.about_me.back.connect(lambda: go("practices"))

    def fill(self, place: str) -> None:
        """Put on a page what is known now."""
        match place:
            case "today":
                self.show_quiet_card()
                self._show_small_things()
            case "small_wins":
                self._show_small_wins()
            case "practices":
                self._show_practices()
            case "about_me":
                self._show_about_me()
            case "more_help":
                self._show_contacts()
            case "ladder":
                self._show_ladder()
            case "lessons":
                lessons, read = self.memory.content.lessons, self.about_person.lessons_read()
                self.ways.window.lessons.show_lessons(lessons, read)
            case _:
                pass

    # -- practices -------------------------------------------------------------------------

    def _show_practices(self) -> None:
        page, settings = self.ways.window.practices, self.ways.settings
        page.show_length(settings.practice_minutes)
        recorded = any(folder.is_dir() for folder in places.audio_dirs())
        page.show_speaking(there=self.hearing.voice.there or recorded, on=settings.speak)
        page.show_sound(on=settings.practice_sound)
        cards = self.offers.cards(settings.practice_minutes)
        page.show_practices(cards, self.offers.trouble())

    def _length_chosen(self, minutes: int) -> None:
        self.ways.choose(replace(self.ways.settings, practice_minutes=minutes))
        self._show_practices()

    def _sound_turned(self, on: bool) -> None:  # noqa: FBT001  a slot
        self.ways.choose(replace(self.ways.settings, practice_sound=on))

    def _speaking_turned(self, on: bool) -> None:  # noqa: FBT001  a slot
        self.ways.choose(replace(self.ways.settings, speak=on))

    # -- lessons and ladder ----------------------------------------------------------------

    def open_lesson(self, lesson_id: str) -> None:
        """Show a lesson from its beginning."""
        content = self.memory.content
        lesson = next((one for one in content.lessons if one.id == lesson_id), None)
        if lesson is not None:
            self.ways.window.lesson.show_lesson(lesson, content.references)
            self.ways.go("lesson")

    def _lesson_done(self, lesson_id: str) -> None:
        self.about_person.lesson_read(lesson_id)
        self.ways.go("lessons")

    def _show_ladder(self) -> None:
        ladder, today = self.memory.ladder(), self.memory.ladder_today()
        if ladder is not None and today is not None:
            self.ways.window.ladder.show_ladder(ladder, today)

    def _take_step(self) -> None:
        """Begin the practice of brave steps, or go back into it."""
        if self.ways.playing is None:
            self.ways.begin_practice(LADDER_PRACTICE, self.ways.settings.practice_minutes)
        else:
            self._leave_ladder()

    def _leave_ladder(self) -> None:
        """Go back to where one came from: the practice under way, or the page of practices."""
        if self.ways.playing is None:
            self.ways.go("practices")
        else:
            scene = self.practising.scene("", self.ways.settings)
            self.ways.window.practice.show_scene(scene)
            self.ways.window.go("practice")

    def _ladder_changed(self, entry: Entry) -> None:
        self.memory.write(LadderWritten(entry))
        self._show_ladder()

    # -- small wins ------------------------------------------------------------------------

    def _show_small_wins(self) -> None:
        page, checking_in = self.ways.window.small_wins, self.checking_in
        page.show_days(checking_in.days())
        page.show_ways(night=checking_in.night() is not None, pain=checking_in.asks_pain)
        page.show_trends(checking_in.trends())
        page.show_nights(checking_in.nights_and_peace(), wanted=checking_in.compares_nights)
        kept = [[one.text for one in each] for each in (checking_in.wins(), checking_in.crumbs())]
        page.show_kept(*kept)
        page.say_kept("")

    def _win_named(self, text: str) -> None:
        self.checking_in.win(text)
        self._show_small_wins()
        self.ways.window.small_wins.say_kept(text)

    def _check_in(self) -> None:
        self._ask(self.checking_in.weekly())

    def _ask_night(self) -> None:
        self._ask(self.checking_in.night())

    def _ask(self, asked: Asked | None) -> None:
        self._asked = asked
        if asked is not None:
            self.ways.window.small_wins.begin_check_in(asked.scales)

    def _checked_in(self, values: dict[str, int | None]) -> None:
        asked, self._asked = self._asked, None
        if asked is not None and values:
            self.checking_in.answer(asked, values)
        self._show_small_wins()
        self.ways.window.small_wins.end_check_in()

    def _pain_turned(self, on: bool) -> None:  # noqa: FBT001  a slot
        self.checking_in.turn_pain(on=on)
        self._show_small_wins()

    def _nights_turned(self, on: bool) -> None:  # noqa: FBT001  a slot
        self.checking_in.turn_nights(on=on)
        self._show_small_wins()

    # -- one quiet card on Today -----------------------------------------------------------

    def show_quiet_card(self) -> None:
        """Show at most one card: a question after a practice, or a way to more help.

        One that stands there stays until it is answered or put away; no other comes meanwhile.
        """
        window = self.ways.window
        if window.today.has_quiet:
            return
        if self._quiet is None:
            self._quiet = self._next_quiet()
        if isinstance(self._quiet, Asked):
            card = CheckInCard(window.theme)
            card.answered.connect(partial(self._followed_up, self._quiet))
            window.today.show_quiet(card)
            card.begin(self._quiet.scales, self._quiet.ask)
        elif self._quiet is _WELCOME:
            welcome = WelcomeCard(window.theme, self.memory.content.safety.disclaimer.strip())
            welcome.questions.connect(self._questions_wanted)
            welcome.not_now.connect(self._welcomed)
            window.today.show_quiet(welcome)
        elif self._quiet is not None:
            help_card = SupportCard(window.theme, self._quiet)
            help_card.ideas.connect(self._ideas_wanted)
            help_card.not_now.connect(self._support_put_away)
            window.today.show_quiet(help_card)

    def _show_small_things(self) -> None:
        """Show something new only where no question stands: one thing at a time."""
        today = self.ways.window.today
        today.show_new("" if today.has_quiet else self.checking_in.curious())
        today.show_own_line(self.checking_in.own_line())

    def _next_quiet(self) -> Asked | str | None:
        """Return what is due, and keep that it was shown: neither comes a second time.

        The welcome stays until it was answered or put away.
        """
        if not self.about_person.was_welcomed:
            return _WELCOME
        if (asked := self.checking_in.follow_up()) is not None:
            self.checking_in.was_asked(asked)
            return asked
        if (support := self.checking_in.support()) is not None:
            trigger_id, words = support
            self.checking_in.support_was_shown(trigger_id)
            return words
        return self.checking_in.night_of_somebody_who_tells()

    def _questions_wanted(self) -> None:
        self._welcomed()
        self.ways.go("about_me")

    def _welcomed(self) -> None:
        self.about_person.welcomed()
        self._put_away_quiet()

    def _put_away_quiet(self) -> None:
        self._quiet = None
        self.ways.window.today.show_quiet(None)

    def forget(self) -> None:
        """Know of nothing that was asked or shown: everything was taken away."""
        self._asked = None
        self._put_away_quiet()

    def _followed_up(self, asked: Asked, values: dict[str, int | None]) -> None:
        self.checking_in.answer(asked, values)
        self._put_away_quiet()

    def _ideas_wanted(self) -> None:
        self._put_away_quiet()
        self.ways.go("more_help")

    def _support_put_away(self) -> None:
        self.checking_in.support_was_put_away()
        self._put_away_quiet()

    # -- about me --------------------------------------------------------------------------

    def _show_about_me(self) -> None:
        page = self.ways.window.about_me
        page.show_answers(self.about_person.answers())
        page.show_reasons(self.about_person.reasons())
        page.show_lighter(on=self.memory.profile.preferences.get("pattern") == GENTLE.id)

    def _answered(self, question_id: str, value: bool | None) -> None:  # noqa: FBT001  a slot
        before = self.memory.profile.flags
        self.about_person.answer(question_id, value)
        if GENTLE_BREATH in self.memory.profile.flags - before:
            self.ways.breathe_gently()

    def _lighter_turned(self, on: bool) -> None:  # noqa: FBT001  a slot
        self.about_person.prefer_lighter(on=on)

    def _reason_added(self, text: str) -> None:
        self.about_person.add_reason(text)
        self._show_about_me()

    def _reason_removed(self, reason_id: str) -> None:
        self.about_person.remove_reason(reason_id)
        self._show_about_me()

    # -- more help -------------------------------------------------------------------------

    def _show_contacts(self) -> None:
        self.ways.window.more_help.contacts.show_lines(self.about_person.contacts())

    def _contact_added(self, text: str) -> None:
        self.about_person.add_contact(text)
        self._show_contacts()

    def _contact_removed(self, contact_id: str) -> None:
        self.about_person.remove_contact(contact_id)
        self._show_contacts()
