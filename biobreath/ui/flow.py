"""A layout that puts widgets side by side and goes on in the next line where the room ends."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Items at their size hint, left to right, line under line; never wider than its room.

    Every line begins ``hang`` px left of the room: buttons with room for their ring then stand
    under the words. ``centred`` lines stand in the middle of the room instead.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        spacing: int = 0,
        hang: int = 0,
        *,
        centred: bool = False,
    ) -> None:
        super().__init__(parent)
        self._hang = hang
        self._centred = centred
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item; Qt calls this from ``addWidget``."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, or None beyond the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out, or return None beyond the last."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Return none: the rows are as wide as their widgets."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at ``width``, until something in them changes."""
        if width not in self._heights:
            self._heights[width] = self._lay(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def invalidate(self) -> None:
        """Forget the heights: Qt calls this when an item is another size, comes or goes."""
        self._heights.clear()
        super().invalidate()

    def minimumSize(self) -> QSize:
        """Return the size of the largest item: everything else can go below it."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def sizeHint(self) -> QSize:
        """Return the size of one line."""
        hints = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def setGeometry(self, rect: QRect) -> None:
        """Put every item in its place."""
        super().setGeometry(rect)
        self._lay(rect, move=True)

    def _lay(self, rect: QRect, *, move: bool) -> int:
        top = rect.y()
        for line in self._lines(rect.width() + self._hang):
            left = rect.x() - self._hang
            if self._centred:
                left += max(0, rect.width() + self._hang - self._width_of(line)) // 2
            if move:
                self._place(line, left, top)
            top += max(item.sizeHint().height() for item in line) + self.spacing()
        return max(0, top - self.spacing() - rect.y())

    def _lines(self, room: int) -> Iterator[list[QLayoutItem]]:
        """Yield what stands in one line, line after line; what is hidden stands in none."""
        line: list[QLayoutItem] = []
        for item in self._items:
            if item.isEmpty():
                continue
            if line and self._width_of([*line, item]) > room:
                yield line
                line = []
            line.append(item)
        if line:
            yield line

    def _width_of(self, line: Sequence[QLayoutItem]) -> int:
        return sum(item.sizeHint().width() for item in line) + self.spacing() * (len(line) - 1)

    def _place(self, line: Sequence[QLayoutItem], left: int, top: int) -> None:
        tallest = max(item.sizeHint().height() for item in line)
        for item in line:
            size = item.sizeHint()
            item.setGeometry(QRect(QPoint(left, top + (tallest - size.height()) // 2), size))
            left += size.width() + self.spacing()
