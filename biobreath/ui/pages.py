"""All pages of the window, built together; loading them loads the rooms below."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from biobreath.practice.calm import CalmScene
from biobreath.practice.ladder_rules import LadderIdea
from biobreath.practice.profile import Question
from biobreath.practice.safety import Safety
from biobreath.settings import Settings
from biobreath.ui.about import About
from biobreath.ui.about_me import AboutMe
from biobreath.ui.breathe import Breathe
from biobreath.ui.breathing_view import BreathingView
from biobreath.ui.grounding import Grounding
from biobreath.ui.heart_panel import HeartPanel
from biobreath.ui.ladder_page import LadderPage
from biobreath.ui.lessons_page import LessonsPage, LessonView
from biobreath.ui.look_back import LookBack
from biobreath.ui.more_help import MoreHelp
from biobreath.ui.practice_view import PracticeView
from biobreath.ui.practices import Practices
from biobreath.ui.rail import Rail
from biobreath.ui.sitting_page import SittingPage
from biobreath.ui.small_wins import SmallWins
from biobreath.ui.theme import Theme
from biobreath.ui.today import Today


@dataclass(frozen=True, slots=True)
class Words:
    """Texts that come from outside the window."""

    safety: Safety
    library: Path
    questions: tuple[Question, ...] = ()
    ideas: tuple[LadderIdea, ...] = ()
    wins: tuple[str, ...] = ()
    scenes: tuple[CalmScene, ...] = ()


class Pages:
    """Every page once, and by its name in ``places``."""

    def __init__(
        self, theme: Theme, settings: Settings, words: Words, go: Callable[[str], None]
    ) -> None:
        self.rail = Rail(theme, go)
        self.today = Today(theme)
        self.breathe = Breathe(theme, settings)
        self.practices = Practices(theme)
        self.practice = PracticeView(theme)
        self.about_me = AboutMe(theme, words.questions, words.scenes)
        self.lessons = LessonsPage(theme)
        self.lesson = LessonView(theme)
        self.ladder = LadderPage(theme, words.ideas)
        self.heart = HeartPanel(theme)
        self.look_back = LookBack(theme)
        self.sitting_page = SittingPage(theme)
        self.small_wins = SmallWins(theme, words.wins)
        self.more_help = MoreHelp(theme, words.safety)
        self.about = About(theme, words.safety.disclaimer, words.library)
        self.breathing = BreathingView(
            theme, show_words=settings.show_words, display=settings.display
        )
        self.grounding = Grounding(theme, words.safety.ground)
        self.places: dict[str, QWidget] = {
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
