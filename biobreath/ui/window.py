"""The window: a rail and one page at a time; in a sitting only the sitting."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCloseEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from biobreath.settings import Settings
from biobreath.ui import theme as look
from biobreath.ui.quiet_line import QuietLine
from biobreath.ui.theme import Theme

if TYPE_CHECKING:
    from biobreath.session.practice_sitting import PracticeSitting
    from biobreath.session.sitting import Sitting
    from biobreath.ui.pages import Words
    from biobreath.ui.scene import Scene

SMALLEST = (900, 600)
IN_SITTING = ("breathing", "grounding", "practice")
_ON_RAIL = {
    "sitting": "look_back",
    "about_me": "practices",
    "ladder": "practices",
    "lessons": "practices",
    "lesson": "practices",
}
"""Where the rail says one is, on a page that it does not name."""


class Window(QMainWindow):
    """Builds the pages and changes between them; what they ask for goes out as signals."""

    place_chosen = Signal(str)
    closing = Signal()

    def __init__(self, theme: Theme, settings: Settings, words: "Words | None" = None) -> None:
        """Make an empty window; it is there before what fills it has been loaded."""
        super().__init__()
        self.theme = theme
        self.little_motion = False
        self.setWindowTitle("biobreath")
        self.setMinimumSize(*SMALLEST)
        self.resize(settings.window_width, settings.window_height)
        # Not every screen has a key of its own that closes a window.
        QShortcut(QKeySequence("Ctrl+Q"), self, self.close)
        if words is None:
            self._show_name()
        else:
            self.furnish(settings, words)

    def _show_name(self) -> None:
        name = QLabel("biobreath")
        name.setFont(look.font(look.TITLE_PX, 700))
        look.tint(name, "brand")
        name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setCentralWidget(name)

    def furnish(self, settings: Settings, words: "Words") -> None:
        """Load and build the pages."""
        self._words = words
        self._rebuild(self.theme, settings)

    def _rebuild(self, theme: Theme, settings: Settings) -> None:
        # Not above: all of the program's rooms hang on the pages.
        from biobreath.ui.pages import Pages

        self.theme = theme
        pages = Pages(theme, settings, self._words, self.place_chosen.emit)
        self.rail = pages.rail
        self.today = pages.today
        self.breathe = pages.breathe
        self.practices = pages.practices
        self.practice = pages.practice
        self.about_me = pages.about_me
        self.lessons = pages.lessons
        self.lesson = pages.lesson
        self.ladder = pages.ladder
        self.heart = pages.heart
        self.look_back = pages.look_back
        self.sitting_page = pages.sitting_page
        self.small_wins = pages.small_wins
        self.more_help = pages.more_help
        self.about = pages.about
        self.breathing = pages.breathing
        self.grounding = pages.grounding
        self._places = pages.places
        self._stack = QStackedWidget()
        for page in self._places.values():
            self._stack.addWidget(page)
        self._inside = inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self._stack, 1)
        self._line = QuietLine()
        beside.addWidget(self._line)
        row.addLayout(beside, 1)
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
        in_sitting = place in IN_SITTING
        # Out of a practice one may look at the ladder, and comes back into it.
        in_sitting = in_sitting or (place == "ladder" and self.practice.player is not None)
        changes = self.isVisible() and page is not self._stack.currentWidget()
        if changes and not self.little_motion:
            from biobreath.ui.fade import fade_from

            fade_from(self._inside)
        if page is not self._stack.currentWidget():
            self._line.say("")
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

    def show_sitting(self, sitting: "Sitting", source_label: str) -> None:
        """Begin to show a sitting."""
        self.breathing.show_sitting(sitting, source_label)
        self.go("breathing")

    def show_practice(self, playing: "PracticeSitting", scene: "Scene") -> None:
        """Begin to show a practice."""
        self.practice.show_practice(playing, scene)
        self.go("practice")

    def show_muted(self, *, muted: bool) -> None:
        """Say wherever one sits whether everything is silent."""
        for screen in (self.breathing, self.grounding, self.practice):
            screen.show_muted(muted=muted)

    def say(self, sentence: str) -> None:
        """Show a quiet line wherever one is, until one goes on or there is nothing more to say.

        The breathing screen has a place of its own for it.
        """
        self.breathing.say(sentence)
        self._line.say("" if self.place == "breathing" else sentence)
        if sentence:
            self.announce(sentence)

    def announce(self, sentence: str) -> None:
        """Tell a sentence to a screen reader."""
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def say_heart(self, sentences: Sequence[str]) -> None:
        """Say where the heart comes from, wherever that is shown."""
        self.rail.say_heart(sentences[0])
        self.today.show_heart(" ".join(sentences))
        self.heart.show_line(" ".join(sentences[1:]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand what nobody took to the screen one sits at: its keys work whatever has the focus."""
        super().keyPressEvent(event)
        focused = self.focusWidget()
        page = self._places.get(self.place)
        outside = page is None or not focused or not page.isAncestorOf(focused)
        if page is not None and page is not focused and outside and self.place in IN_SITTING:
            page.keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the rail to the width."""
        super().resizeEvent(event)
        if hasattr(self, "rail"):
            self.rail.fit(self.width())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the sitting be closed before the window goes."""
        self.closing.emit()
        super().closeEvent(event)
