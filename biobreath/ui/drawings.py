"""The drawings of the assets on the screen: coloured, mirrored, turned, and kept."""

import re
from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPixmap
from PySide6.QtSvg import QSvgRenderer

from biobreath import places
from biobreath.practice.pictures import Picture, Side
from biobreath.ui.theme import Theme, colour

_DRAWN: tuple[str, ...] = ("#d6a17c", "#c68d66", "#8f5f42", "#efd0ba", "#e2b695", "#5b4636")
"""Skin, shade, line, nail, palm and hair as they stand in the drawings."""
_SKINS = (
    _DRAWN,
    ("#f1cfb4", "#e3b796", "#a9775a", "#fbe9dd", "#f6dcc8", "#b08d5f"),
    ("#b9825a", "#a36e49", "#6b4027", "#e0b798", "#cf9e7a", "#4a3a30"),
    ("#8a5a3b", "#76492e", "#4a2a19", "#c99b7a", "#bb8a66", "#463730"),
    ("#673f2b", "#523222", "#31190f", "#b38769", "#a9785a", "#3d3230"),
)

_BODY, _BODY_EDGE, _BODY_LINE = "#eae5da", "#cdc5b5", "#d8d1c3"


@lru_cache(maxsize=32)
def _text(file: str) -> str:
    return (places.assets() / file).read_text(encoding="utf-8")


def _renderer(file: str, inks: dict[str, str]) -> QSvgRenderer:
    """Return a drawing with its colours exchanged, all at once: a new one may be another's old."""
    drawn = re.sub(r"#[0-9a-f]{6}", lambda found: inks.get(found[0], found[0]), _text(file))
    return QSvgRenderer(QByteArray(drawn.encode()))


@lru_cache(maxsize=64)
def picture_pixmap(picture: Picture, side_px: int, pixel_ratio: float) -> QPixmap:
    """Return a picture of the game in a square of ``side_px``, mirrored, turned and coloured."""
    pixels = max(1, round(side_px * pixel_ratio))
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(pixels / 2, pixels / 2)
        painter.rotate(picture.rotation)
        if picture.side is Side.LEFT:
            painter.scale(-1, 1)
        inks = dict(zip(_DRAWN, _SKINS[picture.tone], strict=True))
        box = QRectF(-pixels / 2, -pixels / 2, pixels, pixels)
        _renderer(picture.file, inks).render(painter, box)
    pixmap.setDevicePixelRatio(pixel_ratio)
    return pixmap


def body_renderer(file: str, theme: Theme) -> QSvgRenderer:
    """Return a body of the map in the colours of the theme."""
    inks = {_BODY: theme.hover, _BODY_EDGE: theme.outline, _BODY_LINE: _between(theme)}
    return _renderer(file, inks)


def _between(theme: Theme) -> str:
    """Return a line colour half way from the body to its edge: there, but not in the way."""
    one, other = colour(theme.hover), colour(theme.outline)
    mixed = QColor(
        (one.red() + other.red()) // 2,
        (one.green() + other.green()) // 2,
        (one.blue() + other.blue()) // 2,
    )
    return mixed.name()


@lru_cache(maxsize=8)
def outline(file: str) -> QPainterPath:
    """Return the first path of a drawing: one closed line of cubic curves, as all of ours are."""
    found = re.search(r' d="M([^"MZ]+)Z"', _text(file))
    if found is None:
        raise ValueError(f"{file} does not begin with one closed path")
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", found[1])]
    points = [QPointF(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    path = QPainterPath(points[0])
    for one, other, end in zip(points[1::3], points[2::3], points[3::3], strict=True):
        path.cubicTo(one, other, end)
    path.closeSubpath()
    return path
