"""The look, measured."""

import itertools

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from biobreath.ui import theme as look
from biobreath.ui.flow import Flow
from biobreath.ui.parts import PillButton, label
from biobreath.ui.theme import BEDTIME, CONTRAST, DARK, LIGHT, THEMES, chosen


def luminance(value):
    channels = QColor(value).getRgbF()[:3]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """WCAG 2 contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK, CONTRAST, BEDTIME], ids=lambda theme: theme.name)
def test_every_text_can_be_read(theme):
    inks = (theme.ink, theme.soft_ink)
    grounds = (theme.paper, theme.card, theme.hover)
    for ink, ground in itertools.product(inks, grounds):
        assert contrast(ink, ground) >= 4.5, (ink, ground)
    assert contrast(theme.on_breath, theme.breath) >= 4.5
    assert contrast(theme.breath, theme.paper) >= 4.5
    assert contrast(theme.ink, theme.breath_pale) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK, CONTRAST, BEDTIME], ids=lambda theme: theme.name)
def test_lines_and_rings_can_be_seen(theme):
    for ground in (theme.paper, theme.card):
        assert contrast(theme.heart, ground) >= 3.0
        assert contrast(theme.outline, ground) >= 3.0


@pytest.mark.parametrize("theme", [LIGHT, DARK, CONTRAST, BEDTIME], ids=lambda theme: theme.name)
def test_no_colour_is_red(theme):
    for name in ("breath", "heart", "ink", "soft_ink"):
        hue = QColor(getattr(theme, name)).hslHue()
        saturated = QColor(getattr(theme, name)).hslSaturationF() > 0.3
        assert not (saturated and (hue >= 345 or hue <= 15))


@pytest.mark.usefixtures("qapp")
def test_a_theme_is_found_by_its_name_and_the_system_gives_one():
    assert chosen("dark") is DARK
    assert chosen("system") in THEMES.values()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda t: t.name)
@pytest.mark.parametrize(
    ("tone", "ink"), [("ink", "ink"), ("soft", "soft_ink"), ("brand", "breath")]
)
def test_a_label_is_written_in_the_ink_of_its_tone(qapp, qtbot, theme, tone, ink):
    look.apply(qapp, theme)
    written = label("Small and slow", tone=tone)
    qtbot.addWidget(written)
    drawn = written.palette().color(written.foregroundRole())
    assert drawn == QColor(getattr(theme, ink))


def test_words_are_as_high_as_what_they_say_now_asks(qtbot):
    text = label("Short.")
    qtbot.addWidget(text)
    short = text.heightForWidth(300)
    text.setText("Long enough for several lines. " * 6)
    long = text.heightForWidth(300)
    text.setFont(look.font(look.TITLE_PX))
    assert short < long < text.heightForWidth(300)


def test_a_flowing_row_is_as_high_as_what_stands_in_it_now(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    flow = Flow(QWidget(window))
    pills = [PillButton("A choice", LIGHT) for _ in range(6)]
    for pill in pills:
        flow.addWidget(pill)
    window.show()
    lines = flow.heightForWidth(300)
    for pill in pills[1:]:
        pill.hide()
    assert flow.heightForWidth(300) < lines
