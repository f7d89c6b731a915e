"""The window's program: made, opened, and closed again."""

import sys

from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from biobreath import faults, places, settings
from biobreath.ui import theme as look
from biobreath.ui.window import Window

_SEEN_WITHIN_MS = 400
"""How long is waited for a window to be seen; a screen that is asleep shows none."""


def run(*, demo: bool = False, quit_after_s: float | None = None) -> int:
    """Open the window and stay until it is closed; return the exit code."""
    faults.write_log(places.log_path())
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    QGuiApplication.setApplicationDisplayName("biobreath")
    QGuiApplication.setDesktopFileName("biobreath")
    window = first_window(app)
    # After the window is seen: the rooms of the program take half a second to load.
    from biobreath.app.program import Program
    from biobreath.app.signals import closed_by_signals
    from biobreath.app.tidying import Tidying

    program = Program(app, window)
    faults.catch_all(program.fault)
    program.open(demo=demo)
    tidying = Tidying()
    program.sitting_over = tidying.all_of_it
    program.prepared = tidying.leave_alone
    if quit_after_s is not None:
        QTimer.singleShot(round(quit_after_s * 1000), program.window.close)
    with closed_by_signals(program.window.close):
        code = app.exec()
    program.close()
    tidying.stop()
    return code


def first_window(app: QApplication) -> Window:
    """Show a window with the program's name and nothing else, and return it once it is seen."""
    look.load_fonts()
    kept = settings.load(places.settings_path())
    theme = look.chosen(kept.theme)
    look.set_text_percent(kept.text_percent)
    look.apply(app, theme)
    window = Window(theme, kept)
    window.show()
    waited = QElapsedTimer()
    waited.start()
    handle = window.windowHandle()
    while not handle.isExposed() and waited.elapsed() < _SEEN_WITHIN_MS:
        app.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents, 20)
    app.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    return window
