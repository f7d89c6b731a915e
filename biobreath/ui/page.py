"""A page beside the rail: one column with the screen's margin, scrolled where it is too long."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from biobreath.ui import theme as look
from biobreath.ui.parts import label
from biobreath.ui.scrolled import Scrolled


class Page(Scrolled):
    """One column of cards under a title; nothing is ever cut."""

    def __init__(self, title: str = "", above: str = "") -> None:
        super().__init__()
        inside = QWidget()
        self.column = QVBoxLayout(inside)
        margin = look.SCREEN_MARGIN
        self.column.setContentsMargins(margin, margin - 16, margin, 20)
        self.column.setSpacing(look.GAP)
        self.above = label(above, look.TEXT_PX, tone="soft")
        self.title = label(title, look.TITLE_PX, 700)
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.above)
        head.addWidget(self.title)
        self.above.setVisible(bool(above))
        self.column.addLayout(head)
        self.setWidget(inside)

    def first_focus(self) -> QWidget | None:
        """Return the one thing to do on this page; it has the focus when the page opens."""
        return None


def into_view(widget: QWidget) -> None:
    """Scroll what ``widget`` stands on so that it is seen, once everything has its place."""
    QTimer.singleShot(0, widget, lambda: _scroll_to(widget))


def _scroll_to(widget: QWidget) -> None:
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        above.ensureWidgetVisible(widget)


def focus_on(widget: QWidget) -> None:
    """Give ``widget`` the keys, and let it be seen."""
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    into_view(widget)
