"""Between practices: wins, a minute for the week, one question later, quiet cards of support."""

import json

import pytest
from packs import content
from PySide6.QtCore import Qt

from biobreath import places
from biobreath.app.program import Program
from biobreath.clock import WallTime
from biobreath.events import PracticeBegan, PracticeEnded, Rated, Stopped
from biobreath.practice.entries import (
    FollowUpAsked,
    LadderWritten,
    Preferred,
    RatingGiven,
    SupportDismissed,
    SupportShown,
    WinNamed,
)
from biobreath.practice.ladder import Attempt, StepTried
from biobreath.practice.trends import Turn
from biobreath.settings import Settings, save
from biobreath.store.recorder import Recorder
from biobreath.store.tasks import SittingStart
from biobreath.ui import theme as look
from biobreath.ui.check_in_card import CheckInCard
from biobreath.ui.more_help import SupportCard
from biobreath.ui.parts import PillButton
from biobreath.ui.trend_picture import TrendPicture
from biobreath.ui.welcome_card import WelcomeCard

NOW_MS = 1_795_545_600_000
DAY_MS = 86_400_000
OFFSET_S = -9 * 3600
"""Far from UTC: 24 November, 9:40 by the clock on this person's wall."""
ENTER = Qt.Key.Key_Return


class Library:
    """Writes sittings and entries of the past."""

    def __init__(self):
        self.recorder = Recorder(places.library_path())
        self.recorder.start()
        self.count = 0

    def sitting(self, days_ago, facts, pack="core.graded-exposure"):
        self.count += 1
        wall = WallTime(round(NOW_MS - days_ago * DAY_MS), OFFSET_S, "")
        uuid = f"{self.count:08d}-1111-4111-8111-111111111111"
        self.recorder.begin(SittingStart(uuid, wall, pack, "none", "0.1.0"))
        text = content().library.pack(pack).text
        self.recorder.add(PracticeBegan(0.0, pack, "1.0.0", "en", 600.0, (), "wave", text))
        for fact in facts:
            self.recorder.add(fact)
        self.recorder.end(600.0)
        return self.recorder.wait_begun(10.0)

    def step(self, days_ago):
        """A brave step that was taken, with its sitting."""
        session_id = self.sitting(days_ago, [DONE])
        self.write(days_ago, LadderWritten(StepTried(Attempt("one", 0.0))), session_id)

    def rating(self, days_ago, scale, value, when="weekly"):
        self.write(days_ago, RatingGiven(scale, value, when))

    def write(self, days_ago, entry, session_id=None):
        wall = WallTime(round(NOW_MS - days_ago * DAY_MS), OFFSET_S, "")
        self.recorder.write(entry.kind, entry.to_table(), wall, session_id)

    def close(self):
        assert self.recorder.close(10.0)


DONE = PracticeEnded(600.0, "done")


@pytest.fixture
def opened(qapp, qtbot, monkeypatch):
    """Return a way to open the program on this day, with this past."""
    for room in ("checking_in", "memory", "practising", "program", "starting"):
        monkeypatch.setattr(
            f"biobreath.app.{room}.wall_time", lambda: WallTime(NOW_MS, OFFSET_S, "")
        )
    look.load_fonts()
    made = []

    def open_with(tell=lambda _library: None, *, welcomed=True):
        save(places.settings_path(), Settings(source="none"))
        library = Library()
        tell(library)
        if welcomed:
            library.write(30, Preferred("welcome", "seen"))
        library.close()
        program = Program(qapp)
        program.open()
        qtbot.addWidget(program.window)
        made.append(program)
        return program

    yield open_with
    for program in made:
        program.close()


def press(qtbot, page, text):
    """Press the button of that name with the keys."""
    named = [button for button in page.findChildren(PillButton) if button.text() == text]
    button = next(button for button in named if not button.isHidden())
    qtbot.waitUntil(button.isVisible)
    qtbot.keyClick(button, ENTER)


def entries(program, kind):
    return [d.entry for d in program.memory.entries if isinstance(d.entry, kind)]


def test_a_small_win_is_named_by_a_press_or_in_own_words(opened, qtbot):
    program = opened()
    program.go("small_wins")
    page = program.window.small_wins
    press(qtbot, page, "A calmer minute")
    assert "Kept: A calmer minute" in opened_text(page)
    qtbot.keyClicks(page.words, "Fed the birds")
    qtbot.keyClick(page.words, ENTER)
    assert {kept.text for kept in program.checking_in.wins()} == {
        "A calmer minute",
        "Fed the birds",
    }
    assert program.checking_in.days() == ("Tuesday",)
    assert entries(program, WinNamed) == [
        WinNamed(chip="A calmer minute"),
        WinNamed(text="Fed the birds"),
    ]


def test_something_else_leads_to_own_words_and_keeps_nothing(opened, qtbot):
    program = opened()
    program.go("small_wins")
    page = program.window.small_wins
    press(qtbot, page, "Something else")
    qtbot.waitUntil(lambda: program.window.focusWidget() is page.words)
    assert entries(program, WinNamed) == []


def test_the_night_is_asked_about_once_a_day_and_only_where_one_presses(opened, qtbot):
    program = opened(lambda library: library.rating(1, "sleep", 2, "daily"))
    program.go("small_wins")
    page = program.window.small_wins
    assert page._check.isHidden()
    press(qtbot, page, "How was the night?")
    qtbot.keyClicks(page._check.first_focus(), "4")
    qtbot.keyClick(page._check.first_focus(), ENTER)
    assert entries(program, RatingGiven)[-1] == RatingGiven("sleep", 4, "daily")
    assert page.night.isHidden()
    assert "sleep" not in [scale.id for scale in program.checking_in.weekly().scales]


def test_five_bad_nights_bring_the_card_about_sleep(opened):
    def slept(library):
        for day in range(1, 6):
            library.rating(day, "sleep", 3, "daily")

    (shown,) = entries(opened(slept), SupportShown)
    assert shown.trigger_id == "sleep_low"


def test_pain_is_asked_about_only_where_it_was_chosen_and_is_folded_away(opened, qtbot):
    def tell(library):
        for week in range(5):
            library.rating(36 - 7 * week, "pain_week", 6)

    program = opened(tell)
    program.go("small_wins")
    page = program.window.small_wins
    assert "pain_week" not in [scale.id for scale in program.checking_in.weekly().scales]
    assert page.findChildren(TrendPicture) == []
    press(qtbot, page, "Ask about pain too")
    assert program.checking_in.weekly().scales[-1].id == "pain_week"
    (picture,) = page.findChildren(TrendPicture)
    assert not picture.isVisible()
    press(qtbot, page, "Pain")
    qtbot.waitUntil(picture.isVisible)
    press(qtbot, page, "Leave pain out")
    assert "pain_week" not in [scale.id for scale in program.checking_in.weekly().scales]


def test_pain_is_asked_about_once_a_week_at_most(opened):
    program = opened()
    checking_in = program.checking_in
    checking_in.turn_pain(on=True)
    asked = checking_in.weekly()
    assert asked.scales[-1].id == "pain_week"
    checking_in.answer(asked, {})
    assert "pain_week" not in [scale.id for scale in checking_in.weekly().scales]


def test_the_night_comes_by_itself_only_to_who_told_of_one_lately(opened, qtbot):
    def told(library):
        library.rating(1, "sleep", 6, "daily")

    program = opened(told)
    card = program.window.today.findChild(CheckInCard)
    assert "night" in opened_text(card) or "sleep" in opened_text(card)
    press(qtbot, card, "Not now")
    assert entries(program, RatingGiven)[-1] == RatingGiven("sleep", None, "daily")
    program.go("today")
    qtbot.waitUntil(lambda: program.window.today.findChild(CheckInCard) is None)


@pytest.mark.parametrize(("days_ago", "value"), [(9, 6), (1, None)])
def test_who_lets_the_night_be_is_left_alone(opened, days_ago, value):
    program = opened(lambda library: library.rating(days_ago, "sleep", value, "daily"))
    assert program.window.today.findChild(CheckInCard) is None


# --- the first opening -------------------------------------------------------------------------


@pytest.mark.parametrize(("way", "place"), [("Answer them", "about_me"), ("Not now", "today")])
def test_the_first_card_says_what_this_is_not_and_stands_in_nobodys_way(opened, qtbot, way, place):
    program = opened(welcomed=False)
    today = program.window.today
    card = today.findChild(WelcomeCard)
    assert "does not find, measure, treat or cure" in opened_text(card)
    qtbot.waitUntil(lambda: program.window.focusWidget() is today.first_focus())
    program.go("look_back")
    program.go("today")
    press(qtbot, today.findChild(WelcomeCard), way)
    assert program.window.place == place
    assert program.about_person.was_welcomed
    program.go("today")
    qtbot.waitUntil(lambda: today.findChild(WelcomeCard) is None)


def test_what_helped_before_is_said_once_in_a_harder_month(opened):
    def tell(library):
        library.write(3, WinNamed(chip="Laughed"))
        for week in range(5):
            for scale, values in (("peace_week", (7, 7, 7, 7, 3)), ("fear_week", (3, 3, 3, 3, 7))):
                library.rating(30 - 7 * week, scale, values[week])

    peace, fear, *_ = opened(tell).checking_in.trends()
    assert peace.turn is fear.turn is Turn.HARDER
    assert (peace.helped, fear.helped) == (("Laughed",), ())
    assert "here is what helped before" not in fear.sentence


def test_an_evening_is_a_dot_on_the_day_it_was_here(opened):
    # Monday 20:20 here, when it was Tuesday morning in UTC.
    program = opened(lambda library: library.sitting(0.555, [DONE]))
    assert program.checking_in.days() == ("Monday",)


def test_the_minute_for_the_week_is_answered_by_keys_and_skipped_is_none(opened, qtbot):
    program = opened()
    program.go("small_wins")
    page = program.window.small_wins
    qtbot.waitUntil(lambda: program.window.focusWidget() is page.first_focus())
    qtbot.keyClick(program.window.focusWidget(), ENTER)
    for keys in ("7", "", "4", "6"):
        widget = program.window.focusWidget()
        qtbot.keyClicks(widget, keys)
        qtbot.keyClick(widget, ENTER)
    told = {one.scale: one.value for one in entries(program, RatingGiven)}
    assert told == {"peace_week": 7, "fear_week": None, "doing": 4, "sleep": 6}
    assert not page._check.isVisible()


def test_the_weeks_are_told_in_words_once_there_are_some(opened):
    def tell(library):
        for week, peace in enumerate((3, 3, 4, 6, 7)):
            library.rating(30 - 7 * week, "peace_week", peace)

    program = opened(tell)
    program.go("small_wins")
    page = program.window.small_wins
    (peace, *others) = program.checking_in.trends()
    assert peace.sentence.startswith("peace: ")
    assert "more" in peace.sentence
    assert all(other.turn.value == "open" for other in others)
    assert len(page.findChildren(TrendPicture)) == 1
    assert opened_text(page).count("%") == 0


def opened_text(page):
    from PySide6.QtWidgets import QLabel

    return " ".join(label.text() for label in page.findChildren(QLabel))


def test_before_there_are_three_weeks_nothing_is_said_about_them(opened):
    program = opened(lambda library: library.rating(1, "peace_week", 9))
    program.go("small_wins")
    assert "a few more check-ins and a picture will appear" in opened_text(
        program.window.small_wins
    )


# --- one question later ------------------------------------------------------------------------


@pytest.mark.parametrize(("days_ago", "asked"), [(0.5, False), (1.2, True), (4.0, False)])
def test_the_day_after_a_step_it_is_asked_once_how_it_went(opened, qtbot, days_ago, asked):
    program = opened(lambda library: library.step(days_ago))
    card = program.window.today.findChild(CheckInCard)
    assert (card is not None) is asked
    if not asked:
        return
    assert len(entries(program, FollowUpAsked)) == 1
    for keys in ("3", "2"):
        numbers = card._scale.numbers
        qtbot.keyClicks(numbers, keys)
        qtbot.keyClick(numbers, ENTER)
    told = {(one.scale, one.value, one.about) for one in entries(program, RatingGiven)}
    assert told == {("sensation", 3, "core.graded-exposure"), ("fear", 2, "core.graded-exposure")}
    assert program.checking_in.follow_up() is None


@pytest.mark.parametrize(("after", "asked"), [(3, False), (5, True)])
def test_imagery_is_asked_about_only_where_the_ache_rose(opened, after, asked):
    rated = [Rated(1.0, "sensation", 3, "before"), Rated(2.0, "sensation", after, "after"), DONE]
    program = opened(lambda library: library.sitting(0.1, rated, "core.motor-imagery"))
    assert bool(entries(program, FollowUpAsked)) is asked


def numbers_of(program):
    return program.window.today.findChild(CheckInCard).first_focus()


def test_a_question_that_one_only_passes_by_stays_and_is_not_answered(opened, qtbot):
    program = opened(lambda library: library.step(1.2))
    numbers = numbers_of(program)
    numbers.setFocus()
    qtbot.keyClick(numbers, Qt.Key.Key_Tab)
    program.go("breathe")
    program.go("today")
    assert numbers_of(program) is numbers
    assert entries(program, RatingGiven) == []
    assert len(entries(program, FollowUpAsked)) == 1


def test_a_question_is_still_there_in_another_theme(opened):
    program = opened(lambda library: library.step(1.2))
    before = numbers_of(program)
    program.choices.dress()
    program.go("today")
    assert numbers_of(program) is not before
    assert len(entries(program, FollowUpAsked)) == 1


def test_a_question_is_put_away_by_the_keys_and_the_keys_go_to_begin(opened, qtbot):
    program = opened(lambda library: library.step(1.2))
    card = program.window.today.findChild(CheckInCard)
    press(qtbot, card, "Not now")
    assert [one.value for one in entries(program, RatingGiven)] == [None, None]
    assert program.window.focusWidget() is program.window.today.first_focus()
    qtbot.waitUntil(lambda: program.window.today.findChild(CheckInCard) is None)


def test_there_is_one_card_at_a_time(opened, qtbot):
    def both(library):
        strong(library)
        library.step(1.2)

    program = opened(both)
    today = program.window.today
    card = today.findChild(CheckInCard)
    program.go("today")
    assert today.findChild(SupportCard) is None
    assert entries(program, SupportShown) == []
    press(qtbot, card, "Not now")
    program.go("today")
    assert today.findChild(SupportCard) is not None


# --- support -----------------------------------------------------------------------------------


def strong(library):
    for day in (1, 3, 5):
        library.sitting(
            day + 3, [Rated(1.0, "sensation", 9, "before"), DONE], "core.mindful-breath"
        )


def test_three_strong_days_bring_one_quiet_card_and_not_again(opened, qtbot):
    program = opened(strong)
    card = program.window.today.findChild(SupportCard)
    assert card is not None
    (shown,) = entries(program, SupportShown)
    assert shown.trigger_id == "high_pain"
    assert program.checking_in.support() is None
    ideas = next(b for b in card.findChildren(PillButton) if b.text() == "Some ideas")
    qtbot.keyClick(ideas, ENTER)
    assert program.window.place == "more_help"


def test_people_to_turn_to_are_kept_and_put_away_by_keys(opened, qtbot):
    program = opened()
    program.go("more_help")
    card = program.window.more_help.contacts
    card.words.setFocus()
    qtbot.keyClicks(card.words, "  Sam, 555 0100 ")
    qtbot.keyClick(card.words, ENTER)
    qtbot.keyClick(card.words, ENTER)  # nothing written: nothing kept
    assert [text for _id, text in program.about_person.contacts()] == ["Sam, 555 0100"]
    remove = next(b for b in card.findChildren(PillButton) if b.text() == "Remove")
    assert remove.accessibleName() == "Remove: Sam, 555 0100"
    qtbot.keyClick(remove, ENTER)
    assert program.about_person.contacts() == []
    assert program.window.focusWidget() is card.words


def test_a_card_goes_at_a_press(opened, qtbot):
    program = opened(strong)
    card = program.window.today.findChild(SupportCard)
    not_now = next(b for b in card.findChildren(PillButton) if b.text() == "Not now")
    qtbot.keyClick(not_now, ENTER)
    qtbot.waitUntil(lambda: program.window.today.findChild(SupportCard) is None)
    assert len(entries(program, SupportDismissed)) == 1


def test_two_stops_bring_the_card_about_somebody_beside_one(opened):
    def stopped(library):
        for day in (3, 8):
            library.sitting(day, [Stopped(5.0, "panic"), DONE], "core.mindful-breath")

    (shown,) = entries(opened(stopped), SupportShown)
    assert shown.trigger_id == "stops"


def test_the_journal_is_plain_to_read(opened):
    program = opened()
    program.checking_in.win("Fed the birds")
    program.keeper.close()
    import sqlite3

    written = sqlite3.connect(places.library_path()).execute("SELECT body FROM journal").fetchall()
    assert json.loads(written[-1][0])["text"] == "Fed the birds"
