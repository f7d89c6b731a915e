"""Something that may be higher than the screen: it scrolls there, on whatever it lies on."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from biobreath.ui import theme as look


class Scrolled(QScrollArea):
    """Has no frame and no ground of its own, and takes no focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setStyleSheet(look.THIN_BAR)
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def setWidget(self, widget: QWidget) -> None:  # noqa: N802
        """Hold ``widget`` in place of what was held before."""
        super().setWidget(widget)
        widget.setAutoFillBackground(False)  # Qt has just given it a ground
