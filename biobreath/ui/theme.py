"""The look, in one place: colours, sizes and type."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from biobreath import places

FAMILY = "Atkinson Hyperlegible Next"

TITLE_PX = 34
CARD_TITLE_PX = 20
TEXT_PX = 18
SMALL_PX = 16
WORD_PX = 36

SCREEN_MARGIN = 64
CARD_PADDING = 32
CARD_RADIUS = 20
GAP = 24
TARGET_PX = 48
LINE_WIDTH_PX = 620
"""About 70 characters of text: longer lines are hard to follow with tired eyes."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours. Teal is the breath, amber the heart; everything else is ink on paper."""

    name: str
    paper: str
    card: str
    ink: str
    soft_ink: str
    line: str
    outline: str
    """Edge of something that can be pressed."""
    hover: str
    breath: str
    breath_pale: str
    heart: str
    on_breath: str
    """Ink on a filled teal shape."""


LIGHT = Theme(
    name="light",
    paper="#F5F2EC",
    card="#FFFFFF",
    ink="#22313A",
    soft_ink="#55646C",
    line="#E2DDD3",
    outline="#8E8779",
    hover="#ECE7DD",
    breath="#18767B",
    breath_pale="#CFE6E4",
    heart="#BE7618",
    on_breath="#FFFFFF",
)
DARK = Theme(
    name="dark",
    paper="#12191D",
    card="#1B252A",
    ink="#ECE7DC",
    soft_ink="#9FB0B6",
    line="#2A363C",
    outline="#66777F",
    hover="#223037",
    breath="#63C3BC",
    breath_pale="#1F4547",
    heart="#E9B565",
    on_breath="#12191D",
)
CONTRAST = Theme(
    name="contrast",
    paper="#000000",
    card="#0B0F11",
    ink="#FFFFFF",
    soft_ink="#E3E8EA",
    line="#8A979C",
    outline="#B4BFC3",
    hover="#22292C",
    breath="#7FE3DC",
    breath_pale="#24595A",
    heart="#FFC766",
    on_breath="#000000",
)
BEDTIME = Theme(
    name="bedtime",
    paper="#0B0A09",
    card="#141210",
    ink="#B9A58C",
    soft_ink="#948472",
    line="#26211C",
    outline="#6B5F52",
    hover="#1E1A16",
    breath="#3F8E88",
    breath_pale="#17322F",
    heart="#B0803A",
    on_breath="#0B0A09",
)
"""For the hour before sleep: warm, and with half the light of the night's colours."""
THEMES = {theme.name: theme for theme in (LIGHT, DARK, CONTRAST, BEDTIME)}


def chosen(name: str) -> Theme:
    """Return the theme by its name; ``system`` follows the desktop where it says something."""
    if name in THEMES:
        return THEMES[name]
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def colour(value: str, alpha: float = 1.0) -> QColor:
    """Make a colour of a token, ``alpha`` from 0 (clear) to 1."""
    made = QColor(value)
    made.setAlphaF(alpha)
    return made


def load_fonts() -> None:
    """Make the program's own font known to Qt; without it the system's font is used."""
    for path in sorted((places.assets() / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(path))


_text = {"percent": 100}


def set_text_percent(percent: int) -> None:
    """Write everything so large from now on; what is there already must be made anew."""
    _text["percent"] = percent


def scaled(size_px: float) -> int:
    """Return a size that goes along with the size of the text, in px."""
    return round(size_px * _text["percent"] / 100)


def text_is_large() -> bool:
    """Tell whether cards had better stand below each other than side by side."""
    return _text["percent"] > 130


def font(size_px: int, weight: int = 400) -> QFont:
    """Return the program's font; weights are 400, 600 and 700."""
    made = QFont(FAMILY)
    made.setPixelSize(scaled(size_px))
    made.setWeight(QFont.Weight(weight))
    return made


def apply(app: QApplication, theme: Theme) -> None:
    """Dress the whole program in ``theme``."""
    app.setFont(font(TEXT_PX))
    palette = QPalette()
    for role, value in (
        (QPalette.ColorRole.Window, theme.paper),
        (QPalette.ColorRole.Base, theme.card),
        (QPalette.ColorRole.AlternateBase, theme.hover),
        (QPalette.ColorRole.Button, theme.card),
        (QPalette.ColorRole.Mid, theme.line),
        (QPalette.ColorRole.WindowText, theme.ink),
        (QPalette.ColorRole.Text, theme.ink),
        (QPalette.ColorRole.ButtonText, theme.ink),
        (QPalette.ColorRole.PlaceholderText, theme.soft_ink),
        (QPalette.ColorRole.ToolTipBase, theme.card),
        (QPalette.ColorRole.ToolTipText, theme.ink),
        (QPalette.ColorRole.Highlight, theme.breath),
        (QPalette.ColorRole.HighlightedText, theme.on_breath),
        (QPalette.ColorRole.Accent, theme.breath),
    ):
        palette.setColor(role, QColor(value))
    app.setPalette(palette)
    QToolTip.setPalette(palette)


_TONES = {
    "ink": QPalette.ColorRole.WindowText,
    "soft": QPalette.ColorRole.PlaceholderText,
    "brand": QPalette.ColorRole.Highlight,
}


def tint(widget: QWidget, tone: str) -> None:
    """Write in ``ink``, ``soft`` or ``brand``, in whichever theme the program is dressed.

    The palette does it: with a style sheet for the whole program Qt dresses every widget anew
    each time that anything it stands in is put somewhere, which made a window four times as dear.
    """
    widget.setForegroundRole(_TONES[tone])


THIN_BAR = """
    QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
    QScrollBar::handle:vertical {
        background: palette(mid); border-radius: 6px; min-height: 48px;
    }
    QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
    QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
"""How one scrolls; a style sheet draws it better than own painting would."""

TIP = """
    QToolTip { background: palette(base); color: palette(window-text);
        border: 1px solid palette(mid); padding: 6px; }
"""
"""The words beside a pointer that rests, in the sheet of the widget that they are about."""


def tip(widget: QWidget, text: str) -> None:
    """Let ``text`` be read where the pointer rests on ``widget``, which has no other sheet."""
    widget.setToolTip(text)
    widget.setStyleSheet(TIP)
