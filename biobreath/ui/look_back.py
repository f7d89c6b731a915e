"""Look back: the sittings so far, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from biobreath.ui import theme as look
from biobreath.ui.parts import draw_focus_ring, label
from biobreath.ui.theme import Theme, colour

_Index = QModelIndex | QPersistentModelIndex
_ROW_PX = 84
_NOTHING_YET = "Your sittings will be here. Nothing to do yet."


@dataclass(frozen=True, slots=True)
class SittingLine:
    """One sitting in words."""

    session_id: int
    when: str
    what: str


class _Sittings(QAbstractListModel):
    """The lines of the list."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: Sequence[SittingLine] = ()

    def show(self, lines: Sequence[SittingLine]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:  # noqa: N802
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{line.when}. {line.what}"
        return None


class _Painter(QStyledItemDelegate):
    """Paints a sitting as a sheet with two lines."""

    def __init__(self, theme: Theme, model: _Sittings, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(200, _ROW_PX + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, line = self._theme, self._model.lines[index.row()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRectF = QRectF(option.rect)  # type: ignore[attr-defined]
        sheet = rect.adjusted(8, 6, -8, -6)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)  # type: ignore[attr-defined]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(theme.hover if hovered else theme.card))
        painter.drawRoundedRect(sheet, 16, 16)
        painter.setFont(look.font(look.TEXT_PX, 700))
        painter.setPen(colour(theme.ink))
        upper = sheet.adjusted(24, 12, -24, -sheet.height() / 2)
        painter.drawText(upper, int(Qt.AlignmentFlag.AlignVCenter), line.when)
        painter.setFont(look.font(look.SMALL_PX))
        painter.setPen(colour(theme.soft_ink))
        lower = sheet.adjusted(24, sheet.height() / 2 - 2, -24, -10)
        painter.drawText(lower, int(Qt.AlignmentFlag.AlignVCenter), line.what)
        if option.state & QStyle.StateFlag.State_HasFocus:  # type: ignore[attr-defined]
            draw_focus_ring(painter, sheet.adjusted(5, 5, -5, -5), 12, theme)
        painter.restore()


class LookBack(QWidget):
    """A list that one can walk with the arrows and open with Enter."""

    opened = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        margin = look.SCREEN_MARGIN
        column.setContentsMargins(margin - 8, margin - 8, margin - 8, 32)
        column.setSpacing(look.GAP - 8)
        title = label("Look back", look.TITLE_PX, 700)
        title.setContentsMargins(8, 0, 0, 0)
        column.addWidget(title)
        self._empty = label(_NOTHING_YET, tone="soft")
        self._empty.setContentsMargins(8, 0, 0, 0)
        column.addWidget(self._empty)
        self._model = _Sittings(self)
        self._view = self._make_view(theme)
        column.addWidget(self._view, 1)
        self._rest = QWidget()
        column.addWidget(self._rest, 1)

    def _make_view(self, theme: Theme) -> QListView:
        view = QListView()
        view.setModel(self._model)
        view.setItemDelegate(_Painter(theme, self._model, view))
        view.setUniformItemSizes(True)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setAccessibleName("Your sittings")
        view.viewport().setAutoFillBackground(False)
        view.setStyleSheet("QListView { background: transparent; outline: none; }" + look.THIN_BAR)
        view.clicked.connect(self._open)
        view.activated.connect(self._open)
        return view

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._model.lines[index.row()].session_id)

    def show_sittings(self, lines: Sequence[SittingLine], trouble: str = "") -> None:
        """Show the sittings, newest first, or say in a sentence why they cannot be shown."""
        self._model.show(lines)
        self._empty.setText(trouble or _NOTHING_YET)
        self._empty.setVisible(not lines)
        self._rest.setVisible(not lines)
        self._view.setVisible(bool(lines))
        if lines:
            self._view.setCurrentIndex(self._model.index(0, 0))

    def first_focus(self) -> QWidget:
        """Return the list."""
        return self._view
