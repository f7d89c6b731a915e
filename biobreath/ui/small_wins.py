"""Small wins: what went well, how the weeks have been in words, and a minute to check in."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from biobreath.practice.scales import Scale
from biobreath.practice.trends import Trend, Turn, Week
from biobreath.ui import theme as look
from biobreath.ui.page import Page
from biobreath.ui.parts import Card, PillButton, clear, label, row_of, rows_of
from biobreath.ui.question import WordsLine
from biobreath.ui.rating_scale import RatingScale
from biobreath.ui.theme import Theme, colour

_MOST_SHOWN = 12
_TOP = 10.0


class SmallWins(Page):
    """Words first; nothing is counted, and a day without anything is not there."""

    win_named = Signal(str)
    check_in = Signal()
    answered = Signal(object)
    """Scale by scale, a number or None: the check-in is over."""

    def __init__(self, theme: Theme, ideas: Sequence[str]) -> None:
        super().__init__("Small wins")
        self._theme = theme
        self._days = label("", tone="soft")
        self.column.addWidget(self._days)
        self.column.addWidget(self._new_card(ideas))
        self._check = CheckInCard(theme)
        self._check.answered.connect(self.answered)
        self._check.hide()
        self._begin = PillButton("A minute for the week", theme)
        self._begin.clicked.connect(self.check_in)
        self.column.addLayout(row_of(self._begin))
        self.column.addWidget(self._check)
        self._weeks = QVBoxLayout()
        self._weeks.setSpacing(look.GAP - 8)
        self.column.addLayout(self._weeks)
        self._kept = QVBoxLayout()
        self._kept.setSpacing(look.GAP - 8)
        self.column.addLayout(self._kept)
        self.column.addStretch()

    def _new_card(self, ideas: Sequence[str]) -> Card:
        card = Card(self._theme)
        card.column.addWidget(label("What went well, however small?", look.CARD_TITLE_PX, 700))
        buttons = [PillButton(idea, self._theme) for idea in ideas]
        for idea, button in zip(ideas, buttons, strict=True):
            button.clicked.connect(lambda _checked=False, idea=idea: self.win_named.emit(idea))
        card.column.addLayout(rows_of(buttons, 860))
        self.words = WordsLine(self._theme, "A small win", "In your own words, if you like")
        self.words.returnPressed.connect(self._own)
        card.column.addWidget(self.words)
        return card

    def _own(self) -> None:
        text = self.words.text().strip()
        if text:
            self.words.clear()
            self.win_named.emit(text)

    def show_days(self, days: Sequence[str]) -> None:
        """Name the days of the last week that had something."""
        self._days.setText(" ".join(f"●  {day}   " for day in days))
        self._days.setVisible(bool(days))

    def show_kept(self, wins: Sequence[str], crumbs: Sequence[str]) -> None:
        """Show what was kept, newest first."""
        clear(self._kept)
        for title, texts in (("Kept", wins), ("Good crumbs", crumbs)):
            if texts:
                card = Card(self._theme)
                card.column.addWidget(label(title, look.CARD_TITLE_PX, 700))
                for text in texts[:_MOST_SHOWN]:
                    card.column.addWidget(label(text))
                self._kept.addWidget(card)

    def show_trends(self, trends: Sequence[Trend]) -> None:
        """Show how the weeks have been: words first, with a soft picture where there is one."""
        clear(self._weeks)
        told = [trend for trend in trends if trend.turn is not Turn.OPEN]
        if not told:
            self._weeks.addWidget(label(trends[0].sentence if trends else "", tone="soft"))
            return
        for trend in told:
            card = Card(self._theme)
            sentence = trend.sentence[:1].upper() + trend.sentence[1:]
            card.column.addWidget(label(sentence, look.TEXT_PX, 600))
            for helped in trend.helped:
                card.column.addWidget(label(helped, tone="soft"))
            card.column.addWidget(TrendPicture(self._theme, trend.weeks))
            self._weeks.addWidget(card)

    def begin_check_in(self, scales: Sequence[Scale]) -> None:
        """Ask, one scale after another."""
        self._begin.hide()
        self._check.show()
        self._check.begin(scales)

    def end_check_in(self) -> None:
        """Put the questions away."""
        self._check.hide()
        self._begin.show()
        self._begin.setFocus()

    def first_focus(self) -> QWidget:
        """Return the check-in."""
        return self._begin


class CheckInCard(Card):
    """Scales one after another; each may be skipped, and all of them may be left."""

    answered = Signal(object)

    def __init__(self, theme: Theme, title: str = "") -> None:
        super().__init__(theme)
        self._values: dict[str, int | None] = {}
        self._left: list[Scale] = []
        self._title = label(title, look.CARD_TITLE_PX, 700)
        self._title.setVisible(bool(title))
        self._scale = RatingScale(theme)
        self._scale.answered.connect(self._next)
        leave = PillButton("Not now", theme)
        leave.clicked.connect(self._leave)
        self.column.addWidget(self._title)
        self.column.addWidget(self._scale)
        self.column.addLayout(row_of(leave))

    def begin(self, scales: Sequence[Scale], title: str = "") -> None:
        """Ask from the beginning."""
        if title:
            self._title.setText(title)
            self._title.show()
        self._values, self._left = {}, list(scales)
        self._ask()

    def _ask(self) -> None:
        scale = self._left[0]
        self._scale.ask(
            *(scale.ask, scale.low, scale.high, scale.lowest, scale.highest),
            step=scale.step,
            words=scale.words,
        )
        self._scale.first_focus().setFocus()

    def _next(self, value: int | None) -> None:
        if not self._left:
            return
        self._values[self._left.pop(0).id] = value
        if self._left:
            self._ask()
        else:
            self.answered.emit(dict(self._values))

    def _leave(self) -> None:
        """Keep what was answered so far; the rest was skipped."""
        self._left = []
        self.answered.emit(dict(self._values))


class TrendPicture(QWidget):
    """Weeks as a soft band with a line in it; no numbers, no arrow, no goal."""

    def __init__(self, theme: Theme, weeks: Sequence[Week]) -> None:
        super().__init__()
        self._theme = theme
        self._weeks = tuple(weeks)
        self.setMinimumHeight(96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("A soft picture of these weeks")

    def sizeHint(self) -> QSize:
        """Return a calm strip."""
        return QSize(480, 96)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint band and line; weeks without an answer are simply not there."""
        if len(self._weeks) < 2:
            return
        box = QRectF(self.rect()).adjusted(6, 6, -6, -6)
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(theme.breath_pale))
            painter.drawPath(self._band(box))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(theme.breath), 3))
            painter.drawPath(self._line(box))

    def _at(self, box: QRectF, week: Week, value: float) -> QPointF:
        first, last = self._weeks[0].number, self._weeks[-1].number
        x = box.left() + box.width() * (week.number - first) / max(1, last - first)
        return QPointF(x, box.bottom() - box.height() * value / _TOP)

    def _line(self, box: QRectF) -> QPainterPath:
        path = QPainterPath(self._at(box, self._weeks[0], self._weeks[0].median))
        for week in self._weeks[1:]:
            path.lineTo(self._at(box, week, week.median))
        return path

    def _band(self, box: QRectF) -> QPainterPath:
        path = QPainterPath(self._at(box, self._weeks[0], self._weeks[0].low))
        for week in self._weeks[1:]:
            path.lineTo(self._at(box, week, week.low))
        for week in reversed(self._weeks):
            path.lineTo(self._at(box, week, week.high))
        path.closeSubpath()
        return path
