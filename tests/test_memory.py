"""What is known of the person: no word is lost to a look in another thread."""

import threading

from packs import content

from biobreath.app.memory import Memory
from biobreath.practice.entries import WinNamed


class Keeper:
    """Keeps nothing: only what is known meanwhile counts here."""

    def write(self, *_entry, quiet=False):
        pass


class SlowLibrary:
    """An empty library; whoever reads it in another thread is overtaken if that is possible."""

    def __init__(self):
        self.reading, self.written = threading.Event(), threading.Event()

    def journal(self):
        if threading.current_thread() is not threading.main_thread():
            self.reading.set()
            self.written.wait(0.3)
        return []

    def practice_sittings(self):
        return []


def test_a_look_back_that_reads_slowly_takes_nothing_away_that_was_written_meanwhile():
    library = SlowLibrary()
    memory = Memory(content(), library, Keeper())
    look_back = threading.Thread(target=lambda: memory.entries)
    look_back.start()
    assert library.reading.wait(10.0)
    memory.write(WinNamed(text="I went to the window"))
    library.written.set()
    look_back.join(10.0)
    assert [dated.entry.text for dated in memory.entries] == ["I went to the window"]


def test_what_was_taken_out_is_not_known_again():
    memory = Memory(content(), SlowLibrary(), Keeper())
    memory.write(WinNamed(text="tea"))
    memory.forget_what_was_read()
    assert list(memory.entries) == []
