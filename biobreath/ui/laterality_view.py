"""The left and right game on the screen: one picture, two answers, all the time there is."""

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from biobreath.practice.pictures import Picture, Side
from biobreath.ui import theme as look
from biobreath.ui.drawings import picture_pixmap
from biobreath.ui.parts import PillButton, Text
from biobreath.ui.theme import Theme

_ASK = {
    "hand": "Is this a left or a right hand?",
    "foot": "Is this a left or a right foot?",
    "back-turn": "Is this person turning to their left or right?",
    "back-bend": "Is this person bending to their left or right?",
    "neck-turn": "Is this head turned to its own left or right?",
    "neck-tilt": "Is this head tilted to its own left or right?",
}
_KEYS = {Qt.Key.Key_Left: Side.LEFT, Qt.Key.Key_Right: Side.RIGHT}


def question(picture: Picture) -> str:
    """Return what is asked about a picture."""
    return _ASK.get(picture.part) or _ASK[f"{picture.part}-{picture.view}"]


class LateralityView(QWidget):
    """A picture, big and calm; the arrow keys or the two buttons answer. No clock, no score."""

    answered = Signal(str)
    """``left`` or ``right``."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._ask = Text()
        self._ask.setTextFormat(Qt.TextFormat.PlainText)
        self._ask.setFont(look.font(look.CARD_TITLE_PX, 600))
        self._ask.setWordWrap(True)
        self._ask.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture = _PictureBox()
        self.buttons = {
            Side.LEFT: PillButton("←  Left", theme),
            Side.RIGHT: PillButton("Right  →", theme),
        }
        row = QHBoxLayout()
        row.setSpacing(look.GAP)
        row.addStretch()
        for side, button in self.buttons.items():
            button.setAccessibleName(side.value)
            button.clicked.connect(lambda _checked=False, side=side: self._answer(side))
            button.installEventFilter(self)
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._ask)
        column.addWidget(self.picture, 1)
        column.addLayout(row)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_picture(None)

    def show_picture(self, picture: Picture | None) -> None:
        """Show a picture, or none between them and at the end."""
        asked = "" if picture is None else question(picture)
        self._ask.setText(asked)
        self.setAccessibleName(f"{asked} Press the left or the right arrow." if asked else "")
        self.picture.show_picture(picture)
        for button in self.buttons.values():
            button.setEnabled(picture is not None)

    def _answer(self, side: Side) -> None:
        if self.picture.shown is not None:
            self.answered.emit(side.value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer by the arrow keys; all others belong to the screen."""
        if not self._took(event):
            super().keyPressEvent(event)

    def _took(self, event: QKeyEvent) -> bool:
        side = _KEYS.get(Qt.Key(event.key()))
        if side is not None and not event.isAutoRepeat():
            self._answer(side)
        return side is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows answer on the buttons too, where Qt would move the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._took(event)
        return super().eventFilter(watched, event)


class _PictureBox(QWidget):
    """One picture, as large as it is good to look at."""

    _MOST = 420

    def __init__(self) -> None:
        super().__init__()
        self.shown: Picture | None = None
        self.setMinimumSize(120, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """Return the size at which every drawing can be read with ease."""
        return QSize(360, 360)

    def show_picture(self, picture: Picture | None) -> None:
        """Show a picture; nothing moves."""
        self.shown = picture
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture in the middle."""
        if self.shown is None:
            return
        side = min(self.width(), self.height(), self._MOST)
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        with QPainter(self) as painter:
            pixmap = picture_pixmap(self.shown, side, self.devicePixelRatioF())
            painter.drawPixmap(box.topLeft(), pixmap)
