"""The sittings that are kept: shown again, copied, taken away."""

from biobreath import places
from biobreath.app.choices import Choices
from biobreath.app.copying import save_copy
from biobreath.app.keeper import Keeper
from biobreath.app.looking_back import LookingBack
from biobreath.app.memory import Memory
from biobreath.app.own_calm import take_away
from biobreath.app.practice_pages import PracticePages
from biobreath.app.ways import Ways
from biobreath.settings import Settings
from biobreath.ui.window import Window

_NOT_REMOVED = (
    "The library cannot be written just now. The sitting goes as soon as it can be, if biobreath"
    " stays open."
)
_NOT_ALL_REMOVED = (
    "The library cannot be written just now. Everything goes as soon as it can be, if biobreath"
    " stays open."
)


class KeptSittings:
    """The pages of sittings that were, and what a person does with them."""

    def __init__(
        self,
        ways: Ways,
        keeper: Keeper,
        looking_back: LookingBack,
        memory: Memory,
        pages: PracticePages,
        choices: Choices,
    ) -> None:
        self._ways = ways
        self._keeper = keeper
        self._looking_back = looking_back
        self._memory = memory
        self._pages = pages
        self._choices = choices
        self._awaited = False
        """Whether the page waits for the sitting that just ended, and for no other."""

    def connect(self, window: Window) -> None:
        """Listen to the pages of sittings; they are made anew with every theme."""
        window.look_back.opened.connect(self.open)
        window.sitting_page.removed.connect(self._remove)
        window.sitting_page.copy_wanted.connect(self._save_copy)
        window.sitting_page.done.connect(lambda: self._ways.go("look_back"))
        window.about.all_removed.connect(self.remove_everything)

    def show(self) -> None:
        """List the sittings."""
        lines = self._looking_back.lines()
        self._ways.window.look_back.show_sittings(lines, self._looking_back.trouble)

    def open(self, session_id: int) -> None:
        """Show a sitting."""
        self._awaited = False
        page = self._ways.window.sitting_page
        page.show_progress(0.0)
        self._ways.window.go("sitting")
        self._looking_back.open(
            session_id,
            shown=page.show_sitting,
            progressed=page.show_progress,
            unreadable=lambda sentence: page.show_trouble(
                "This sitting cannot be shown.", sentence
            ),
        )

    def wait(self) -> None:
        """Show that the sitting that just ended is being worked out."""
        self._awaited = True
        self._ways.window.sitting_page.show_progress(0.0)
        self._ways.window.go("sitting")
        self._looking_back.stop()

    def show_ended(self, session_id: int | None, sentence: str) -> None:
        """Show the sitting that was just kept, unless the person has gone on meanwhile."""
        self._ways.sitting_over()
        waits = self._awaited and self._ways.window.sitting_page.waiting
        if self._ways.sitting is not None or not waits:
            return
        if session_id is None:
            self._ways.window.sitting_page.show_trouble("You sat.", sentence)
        else:
            self.open(session_id)

    def _remove(self, session_id: int) -> None:
        def removed(done: bool) -> None:  # noqa: FBT001  a callback
            if done:
                # What was told in it is not known any more either.
                self._memory.forget_what_was_read()
                self._ways.go("look_back")
            else:
                self._ways.window.sitting_page.show_trouble("It is still there.", _NOT_REMOVED)

        self._keeper.remove(session_id, removed)

    def _save_copy(self, session_id: int) -> None:
        page = self._ways.window.sitting_page
        library = places.library_path()
        page.say(save_copy(self._ways.window, library, session_id, has_heart=page.has_heart))

    def remove_everything(self) -> None:
        """Take every sitting, every word and every choice away, and begin as on the first day."""

        def gone(done: bool) -> None:  # noqa: FBT001  a callback
            if not done:
                self._ways.window.about.rest(_NOT_ALL_REMOVED)
                return
            self._memory.forget_what_was_read()
            self._pages.forget()
            take_away()
            kept = self._ways.settings
            self._ways.choose(Settings(theme=kept.theme, text_percent=kept.text_percent))
            self._choices.save()
            self._ways.go("today")

        if self._ways.sitting is None:
            self._keeper.erase_all(gone)
