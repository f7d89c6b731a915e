"""The window's program: made, opened, and closed again."""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from biobreath import faults, places
from biobreath.app.program import Program
from biobreath.app.signals import closed_by_signals
from biobreath.ui import theme as look


def run(*, demo: bool = False, quit_after_s: float | None = None) -> int:
    """Open the window and stay until it is closed; return the exit code."""
    faults.write_log(places.log_path())
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    QGuiApplication.setApplicationDisplayName("biobreath")
    QGuiApplication.setDesktopFileName("biobreath")
    look.load_fonts()
    program = Program(app)
    faults.catch_all(program.fault)
    program.open(demo=demo)
    if quit_after_s is not None:
        QTimer.singleShot(round(quit_after_s * 1000), program.window.close)
    with closed_by_signals(program.window.close):
        code = app.exec()
    program.close()
    return code
