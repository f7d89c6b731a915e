"""The window: a rail and one page at a time; in a sitting only the sitting."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from biobreath.practice.ladder_rules import LadderIdea
from biobreath.practice.profile import Question
from biobreath.practice.safety import Safety
from biobreath.session.practice_sitting import PracticeSitting
from biobreath.session.sitting import Sitting
from biobreath.settings import Settings
from biobreath.ui.about import About
from biobreath.ui.about_me import AboutMe
from biobreath.ui.breathe import Breathe
from biobreath.ui.breathing_view import BreathingView
from biobreath.ui.fade import fade_from
from biobreath.ui.grounding import Grounding
from biobreath.ui.heart_panel import HeartPanel
from biobreath.ui.ladder_page import LadderPage
from biobreath.ui.lessons_page import LessonsPage, LessonView
from biobreath.ui.look_back import LookBack
from biobreath.ui.more_help import MoreHelp
from biobreath.ui.practice_view import PracticeView, Scene
from biobreath.ui.practices import Practices
from biobreath.ui.rail import Rail
from biobreath.ui.sitting_page import SittingPage
from biobreath.ui.small_wins import SmallWins
from biobreath.ui.theme import Theme
from biobreath.ui.today import Today

SMALLEST = (900, 600)
_ON_RAIL = {
    "sitting": "look_back",
    "about_me": "practices",
    "ladder": "practices",
    "lessons": "practices",
    "lesson": "practices",
}
"""Where the rail says one is, on a page that it does not name."""


@dataclass(frozen=True, slots=True)
class Words:
    """Texts that come from outside the window."""

    safety: Safety
    library: Path
    questions: tuple[Question, ...] = ()
    ideas: tuple[LadderIdea, ...] = ()
    wins: tuple[str, ...] = ()


class Window(QMainWindow):
    """Builds the pages and changes between them; what they ask for goes out as signals."""

    place_chosen = Signal(str)
    closing = Signal()

    def __init__(self, theme: Theme, settings: Settings, words: Words) -> None:
        super().__init__()
        self._words = words
        self.little_motion = False
        self.setWindowTitle("biobreath")
        self.setMinimumSize(*SMALLEST)
        self.resize(settings.window_width, settings.window_height)
        self._rebuild(theme, settings)

    def _rebuild(self, theme: Theme, settings: Settings) -> None:
        self.theme = theme
        self.rail = Rail(theme, self.place_chosen.emit)
        self.today = Today(theme)
        self.breathe = Breathe(theme, settings)
        self.practices = Practices(theme)
        self.practice = PracticeView(theme)
        self.about_me = AboutMe(theme, self._words.questions)
        self.lessons = LessonsPage(theme)
        self.lesson = LessonView(theme)
        self.ladder = LadderPage(theme, self._words.ideas)
        self.heart = HeartPanel(theme)
        self.look_back = LookBack(theme)
        self.sitting_page = SittingPage(theme)
        self.small_wins = SmallWins(theme, self._words.wins)
        self.more_help = MoreHelp(theme, self._words.safety)
        self.about = About(theme, self._words.safety.disclaimer, self._words.library)
        self.breathing = BreathingView(
            theme, show_words=settings.show_words, display=settings.display
        )
        self.grounding = Grounding(theme, self._words.safety.ground)
        self._places: dict[str, QWidget] = {
            "today": self.today,
            "breathe": self.breathe,
            "practices": self.practices,
            "practice": self.practice,
            "about_me": self.about_me,
            "ladder": self.ladder,
            "lessons": self.lessons,
            "lesson": self.lesson,
            "heart": self.heart,
            "look_back": self.look_back,
            "sitting": self.sitting_page,
            "small_wins": self.small_wins,
            "more_help": self.more_help,
            "about": self.about,
            "breathing": self.breathing,
            "grounding": self.grounding,
        }
        self._stack = QStackedWidget()
        for page in self._places.values():
            self._stack.addWidget(page)
        self._inside = inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self._stack, 1)
        self.setCentralWidget(inside)
        self.rail.fit(self.width())

    def dress(self, theme: Theme, settings: Settings) -> None:
        """Put on another theme: every page is made anew."""
        self._rebuild(theme, settings)

    @property
    def place(self) -> str:
        """Where one is."""
        current = self._stack.currentWidget()
        return next(name for name, page in self._places.items() if page is current)

    def go(self, place: str) -> None:
        """Go to a place; the one thing to do there has the focus."""
        page = self._places[place]
        in_sitting = place in ("breathing", "grounding", "practice")
        # Out of a practice one may look at the ladder, and comes back into it.
        in_sitting = in_sitting or (place == "ladder" and self.practice.player is not None)
        changes = self.isVisible() and page is not self._stack.currentWidget()
        if changes and not self.little_motion:
            fade_from(self._inside)
        self.rail.setVisible(not in_sitting)
        self._stack.setCurrentWidget(page)
        if not in_sitting:
            self.rail.choose(_ON_RAIL.get(place, place))
        self._focus(page)

    def _focus(self, page: QWidget) -> None:
        first: Callable[[], QWidget | None] | None = getattr(page, "first_focus", None)
        wanted = page if first is None else first() or page
        # After the page has been laid out, else Qt gives the focus to the first button it finds.
        QTimer.singleShot(0, wanted, wanted.setFocus)

    def show_sitting(self, sitting: Sitting, source_label: str) -> None:
        """Begin to show a sitting."""
        self.breathing.show_sitting(sitting, source_label)
        self.go("breathing")

    def show_practice(self, playing: PracticeSitting, scene: Scene) -> None:
        """Begin to show a practice."""
        self.practice.show_practice(playing, scene)
        self.go("practice")

    def say_heart(self, sentences: Sequence[str]) -> None:
        """Say where the heart comes from, wherever that is shown."""
        self.rail.say_heart(sentences[0])
        self.today.show_heart(" ".join(sentences))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the rail to the width."""
        super().resizeEvent(event)
        self.rail.fit(self.width())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the sitting be closed before the window goes."""
        self.closing.emit()
        super().closeEvent(event)
