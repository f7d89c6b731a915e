"""Choosing a place of the body: on two figures, from a list, or nowhere in the body at all."""

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from biobreath.practice import body
from biobreath.ui import theme as look
from biobreath.ui.body_figures import BodyFigures
from biobreath.ui.option_button import ROOM, OptionButton
from biobreath.ui.parts import KeyHint, label
from biobreath.ui.theme import Theme

OUTSIDE = "outside"
NOWHERE = "none"
_SHORTEST_PX, _TALLEST_PX = 320, 640
_BESIDE_PX = 640
"""So wide that words and figures stand beside each other, at the usual size of the text."""


class BodyMap(QWidget):
    """One place, or many; ``changed`` tells that something else is chosen now.

    Words stand at the left, the figures at the right; above each other where it is narrow. What
    asks goes into ``above``, what follows into ``below``.
    """

    changed = Signal()

    def __init__(
        self,
        theme: Theme,
        *,
        many: bool = False,
        outside_option: str = "",
        none_option: str = "",
    ) -> None:
        super().__init__()
        self._many = many
        self._chosen: tuple[str, ...] = ()
        self._instead = ""
        self.figures = BodyFigures(theme)
        self.list = _PlaceList(theme)
        self.hint = KeyHint("L", "choose from a list", theme, self.switch)
        self._where = label("", look.TEXT_PX, 600)
        self._at = label("", look.SMALL_PX, tone="soft")
        self.options: dict[str, OptionButton] = {}
        # First, so that Tab goes from the figures to what stands below the words.
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.figures)
        self._stack.addWidget(self.list)
        self._stack.setMinimumHeight(_SHORTEST_PX)
        self.above, self.below = QVBoxLayout(), QVBoxLayout()
        self._top, self._rest = QWidget(self), QWidget(self)
        self._beside: bool | None = None
        self._grid = QGridLayout(self)
        self._lay(theme, {OUTSIDE: outside_option, NOWHERE: none_option})
        self.figures.pressed.connect(self.press)
        self.figures.pointed.connect(self._refresh)
        self.list.pressed.connect(self.press)
        self.setFocusProxy(self.figures)
        self._refresh()

    def _lay(self, theme: Theme, options: dict[str, str]) -> None:
        top = QVBoxLayout(self._top)
        top.setContentsMargins(int(ROOM), 0, 0, 0)
        top.addStretch(1)
        top.addLayout(self.above)
        rest = QVBoxLayout(self._rest)
        rest.setContentsMargins(0, 0, 0, 0)
        rest.setSpacing(4)
        where = QVBoxLayout()
        where.setContentsMargins(int(ROOM), 12, 0, 4)
        where.addWidget(self._where)
        ways = QHBoxLayout()
        ways.addSpacing(-10)  # the key stands on the edge of the words
        ways.addWidget(self.hint)
        ways.addWidget(self._at, 1)
        where.addLayout(ways)
        rest.addLayout(where)
        for key, text in options.items():
            if text:
                button = OptionButton(text, theme)
                button.clicked.connect(lambda _checked=False, key=key: self.press(key))
                self.options[key] = button
                rest.addWidget(button)
        rest.addLayout(self.below)
        rest.addStretch(1)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(look.GAP)
        self._place(beside=True)

    def _place(self, *, beside: bool) -> None:
        """Put the figures beside the words, or between what asks and what follows."""
        if beside is self._beside:
            return
        self._beside = beside
        for part in (self._top, self._stack, self._rest):
            self._grid.removeWidget(part)
        for row in range(3):
            self._grid.setRowStretch(row, 0)
        self._grid.addWidget(self._top, 0, 0)
        if beside:
            self._grid.addWidget(self._rest, 1, 0)
            self._grid.addWidget(self._stack, 0, 1, 2, 1, Qt.AlignmentFlag.AlignTop)
            self._grid.setRowStretch(0, 1)
            self._grid.setRowStretch(1, 2)
        else:
            self._grid.addWidget(self._stack, 1, 0)
            self._grid.addWidget(self._rest, 2, 0)
        for side in (0, 1):
            self._grid.setColumnStretch(side, 1 if beside or side == 0 else 0)
        self.updateGeometry()

    def show_choice(self, *, shown: bool) -> None:
        """Show the figures and what leads to them, or only where the choice fell."""
        for part in (self._top, self._stack, self.hint, self._at, *self.options.values()):
            part.setVisible(shown)
        # A hidden column would still take its share of the width.
        self._grid.setColumnStretch(1, 1 if shown and self._beside else 0)

    def fit(self, room_px: int) -> None:
        """Make the figures as tall as there is room on the screen."""
        self._stack.setFixedHeight(min(_TALLEST_PX, max(_SHORTEST_PX, room_px)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand above each other where it is narrow."""
        super().resizeEvent(event)
        self._place(beside=self.width() >= look.scaled(_BESIDE_PX))

    # ---- what is chosen

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the chosen places, in the order in which they were chosen."""
        return self._chosen

    @property
    def instead(self) -> str:
        """``outside`` or ``none`` where that was chosen instead of a place."""
        return self._instead

    def choose(self, region_ids: tuple[str, ...], instead: str = "") -> None:
        """Show an earlier choice; unknown places are left out."""
        known = {one.id for one in body.REGIONS}
        kept = tuple(one for one in region_ids if one in known)
        self._chosen = kept if self._many else kept[:1]
        self._instead = instead if instead in self.options else ""
        self._show()

    def press(self, key: str) -> None:
        """Choose a place or what stands instead of one; pressing it again lets it go."""
        if key in self.options:
            self._instead = "" if self._instead == key else key
            self._chosen = ()
        else:
            rest = tuple(one for one in self._chosen if one != key)
            added = () if key in self._chosen else (key,)
            self._chosen = (*(rest if self._many else ()), *added)
            self._instead = ""
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self.figures.show_chosen(self._chosen)
        self.list.show_chosen(self._chosen)
        for key, button in self.options.items():
            button.setChecked(key == self._instead)
        self._refresh()

    def _refresh(self) -> None:
        names = [body.region(one).name for one in self._chosen]
        self._where.setText(f"Where: {'; '.join(names)}" if names else "Where: nothing chosen yet")
        if self._instead:
            self._where.setText("Where: outside the body")
        if self._instead == NOWHERE:
            self._where.setText("Where: nowhere in the body, and that is all right")
        region = self.figures.pointed_at if self.lists_hidden else None
        self._at.setText("" if region is None else region.name)

    # ---- figures or list

    @property
    def lists_hidden(self) -> bool:
        """Whether the figures are to be seen, not the list."""
        return self._stack.currentWidget() is self.figures

    def switch(self) -> None:
        """Go from the figures to the list, or back; what is chosen stays."""
        shown: QWidget = self.list if self.lists_hidden else self.figures
        self._stack.setCurrentWidget(shown)
        self.setFocusProxy(shown)
        self.hint.setText("choose from a list" if self.lists_hidden else "choose on the body")
        self.hint.setAccessibleName(f"{self.hint.text()}, key L")
        self.hint.updateGeometry()
        self.list.go_to(self.figures.spot.region_id)
        shown.setFocus()
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let L change between figures and list."""
        if event.key() == Qt.Key.Key_L and not self.hint.isHidden():
            self.switch()
        else:
            super().keyPressEvent(event)


class _PlaceList(QListWidget):
    """Every place by its name; Space or Enter chooses."""

    pressed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Places of the body. Space chooses.")
        self.setFont(look.font(look.TEXT_PX))
        self.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setStyleSheet(_list_style(theme))
        for region in body.REGIONS:
            item = QListWidgetItem(region.name)
            item.setData(Qt.ItemDataRole.UserRole, region.id)
            item.setSizeHint(QSize(0, max(look.TARGET_PX, self.fontMetrics().height() + 20)))
            self.addItem(item)
        self.itemClicked.connect(self._press)
        self.go_to(body.REGIONS[0].id)

    def show_chosen(self, region_ids: tuple[str, ...]) -> None:
        """Mark the chosen places, by colour and by a sign."""
        with QSignalBlocker(self):
            for row in range(self.count()):
                item = self.item(row)
                region = body.region(str(item.data(Qt.ItemDataRole.UserRole)))
                chosen = region.id in region_ids
                item.setSelected(chosen)
                item.setText(f"✓  {region.name}" if chosen else region.name)
                spoken = f"{region.name}, chosen" if chosen else region.name
                item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)

    def go_to(self, region_id: str) -> None:
        """Put the keys on a place."""
        with QSignalBlocker(self):
            row = next(i for i, region in enumerate(body.REGIONS) if region.id == region_id)
            index = self.model().index(row, 0)
            still = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(index, still)
            self.scrollToItem(self.item(row), QAbstractItemView.ScrollHint.PositionAtCenter)

    def _press(self, item: QListWidgetItem) -> None:
        self.pressed.emit(str(item.data(Qt.ItemDataRole.UserRole)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by Space and Enter; move by the arrows; all letters belong to the screen."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._press(self.currentItem())
        elif event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)


def _list_style(theme: Theme) -> str:
    return f"""
    QListWidget {{ background: {theme.card}; color: {theme.ink}; border: none;
        border-radius: {look.CARD_RADIUS}px; padding: 12px; outline: none; }}
    QListWidget::item {{ padding: 0 16px; border-radius: 12px; border: 3px solid transparent; }}
    QListWidget::item:hover {{ background: {theme.hover}; }}
    QListWidget::item:selected {{ background: {theme.breath_pale}; color: {theme.ink}; }}
    QListWidget::item:focus {{ border: 3px solid {theme.heart}; }}
    {look.THIN_BAR}"""
