"""The way around, at the left; icons alone where the window is small."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from biobreath.ui import theme as look
from biobreath.ui.parts import draw_focus_ring, label
from biobreath.ui.theme import Theme, colour

WIDE_PX = 208
NARROW_PX = 80


def wide_px() -> int:
    """Return how wide the rail with its words is, at the size of the text."""
    return max(WIDE_PX, look.scaled(150) + 58)


@dataclass(frozen=True, slots=True)
class Place:
    """A screen one can go to."""

    id: str
    name: str


PLACES = (
    Place("today", "Today"),
    Place("breathe", "Breathe"),
    Place("practices", "Practices"),
    Place("heart", "Your heart"),
    Place("look_back", "Look back"),
    Place("small_wins", "Small wins"),
    Place("more_help", "More help"),
    Place("about", "About"),
)


class RailButton(QPushButton):
    """One way to go, with an icon of round strokes."""

    def __init__(self, place: Place, theme: Theme) -> None:
        super().__init__(place.name)
        self._place = place
        self._theme = theme
        self.narrow = False
        self.setCheckable(True)
        self.setFont(look.font(look.TEXT_PX, 600))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.tip(self, place.name)

    def sizeHint(self) -> QSize:
        """Return a target that stiff hands can hit."""
        return QSize(NARROW_PX - 16 if self.narrow else wide_px() - 16, max(56, look.scaled(44)))

    def minimumSizeHint(self) -> QSize:
        """Return the same as the size hint."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter do what Space does, and the arrows go from place to place."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint icon and name; the chosen one on a card."""
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            shape = QRectF(self.rect()).adjusted(8, 2, -8, -2)
            if self.isChecked() or self.underMouse():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour(theme.card if self.isChecked() else theme.hover))
                painter.drawRoundedRect(shape, 14, 14)
            ink = colour(theme.ink if self.isChecked() else theme.soft_ink)
            painter.setPen(QPen(ink, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            left = shape.center().x() - 11 if self.narrow else shape.left() + 16
            painter.translate(left, shape.center().y() - 11)
            painter.drawPath(icon(self._place.id))
            painter.resetTransform()
            painter.setPen(ink)
            if not self.narrow:
                words = shape.adjusted(52, 0, 0, 0)
                painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.text())
            if self.hasFocus():
                draw_focus_ring(painter, shape.adjusted(6, 6, -6, -6), 10, theme)


class Rail(QWidget):
    """Name of the program, the places, and where the heart comes from."""

    def __init__(self, theme: Theme, go: Callable[[str], None]) -> None:
        super().__init__()
        self._buttons: dict[str, RailButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 32, 8, 24)
        column.setSpacing(0)
        self._brand = label("biobreath", 22, 700, tone="brand", wrap=False)
        self._brand.setContentsMargins(24, 0, 0, 24)
        column.addWidget(self._brand)
        for number, place in enumerate(PLACES, 1):
            button = RailButton(place, theme)
            # While one sits the rail is not there, and neither are its keys.
            button.setShortcut(f"Ctrl+{number}")
            look.tip(button, f"{place.name}  (Ctrl {number})")
            button.clicked.connect(lambda _checked=False, to=place.id: go(to))
            column.addWidget(button)
            self._buttons[place.id] = button
        column.addStretch()
        self._heart = label("", look.SMALL_PX, tone="soft")
        self._here = label("Everything stays here", look.SMALL_PX, tone="soft")
        for line in (self._heart, self._here):
            line.setContentsMargins(24, 0, 0, 0)
            column.addWidget(line)
        self.setFixedWidth(wide_px())

    def say_heart(self, sentence: str) -> None:
        """Say where the heart comes from."""
        self._heart.setText(sentence)

    def choose(self, place_id: str) -> None:
        """Show which place one is at."""
        for name, button in self._buttons.items():
            button.setChecked(name == place_id)

    def fit(self, window_width: int) -> None:
        """Become icons alone in a small window."""
        narrow = window_width < 832 + wide_px()
        self.setFixedWidth(NARROW_PX if narrow else wide_px())
        for part in (self._brand, self._heart, self._here):
            part.setVisible(not narrow)
        for button in self._buttons.values():
            button.narrow = narrow
            button.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Nothing is cut: the words below wrap."""
        for line in (self._heart, self._here):
            line.setMaximumWidth(max(60, self.width() - 16))


def _polyline(path: QPainterPath, points: Sequence[tuple[float, float]]) -> None:
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)


def icon(place_id: str) -> QPainterPath:
    """Draw a place's icon on 22 × 22 px, of round strokes."""
    path = QPainterPath()
    if place_id == "today":
        _polyline(path, [(3, 10), (11, 3), (19, 10), (19, 19), (14, 19), (14, 13)])
        _polyline(path, [(14, 13), (8, 13), (8, 19), (3, 19), (3, 10)])
    elif place_id == "breathe":
        path.addEllipse(2, 2, 18, 18)
        path.addEllipse(7, 7, 8, 8)
    elif place_id == "practices":
        for x, y in ((3, 3), (12, 3), (3, 12), (12, 12)):
            path.addRoundedRect(x, y, 7, 7, 2.5, 2.5)
    elif place_id == "heart":
        path.moveTo(11, 19)
        path.cubicTo(1, 12, 1, 4, 6.5, 4)
        path.cubicTo(9, 4, 10.5, 5.5, 11, 7)
        path.cubicTo(11.5, 5.5, 13, 4, 15.5, 4)
        path.cubicTo(21, 4, 21, 12, 11, 19)
    elif place_id == "small_wins":
        for x, y, r in ((6, 15, 3.2), (15.5, 15, 3.2), (10.8, 6.5, 3.2)):
            path.addEllipse(QPointF(x, y), r, r)
    elif place_id == "more_help":
        path.addEllipse(2, 2, 18, 18)
        path.addEllipse(7.5, 7.5, 7, 7)
        for x, y in ((5, 5), (17, 5), (5, 17), (17, 17)):
            _polyline(path, [(x, y), (8.5 if x < 11 else 13.5, 8.5 if y < 11 else 13.5)])
    elif place_id == "look_back":
        _polyline(path, [(3, 14), (8, 9), (12, 12), (19, 4)])
        _polyline(path, [(3, 19), (19, 19)])
    else:
        path.addEllipse(2, 2, 18, 18)
        _polyline(path, [(11, 10), (11, 16)])
        path.addEllipse(10.6, 6.2, 0.8, 0.8)
    return path
