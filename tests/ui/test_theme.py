"""Two looks, and every colour of text can be read on what lies behind it."""

import subprocess
import sys

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from granite_studio.core.document import Document, Speaker
from granite_studio.ui import theme
from granite_studio.ui.theme import DARK, LIGHT, Theme

BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def brightness(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    """As WCAG 2 defines it."""
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


@BOTH
def test_words_can_be_read_on_the_page_and_on_the_frame(colours: Theme) -> None:
    words = (
        colours.text,
        colours.quiet,
        colours.accent,
        colours.red,
        colours.amber,
        colours.green,
    )
    for ink in words:
        for paper in (colours.base, colours.window):
            assert contrast(ink, paper) >= 4.5, (ink.name(), paper.name())


@BOTH
def test_names_of_speakers_can_be_read_on_the_page(colours: Theme) -> None:
    assert [n for n, ink in enumerate(colours.speakers) if contrast(ink, colours.base) < 4.5] == []


@BOTH
def test_text_can_be_read_on_everything_that_may_lie_behind_it(colours: Theme) -> None:
    for paper in (colours.selection, colours.spoken, colours.red_soft, colours.amber_soft):
        assert contrast(colours.text, paper) >= 4.5, paper.name()
    assert contrast(colours.red, colours.red_soft) >= 4.5
    assert contrast(colours.amber, colours.amber_soft) >= 4.5
    assert contrast(colours.accent_text, colours.accent) >= 4.5


@BOTH
def test_all_speakers_differ(colours: Theme) -> None:
    assert len({ink.name() for ink in colours.speakers}) == 8


def test_the_look_in_force_is_the_one_that_was_applied(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    assert theme.current() is DARK
    theme.apply(qapp, "light")
    assert theme.current() is LIGHT


def test_there_is_no_third_look(qapp: QApplication) -> None:
    with pytest.raises(ValueError, match="no theme is called 'sepia'"):
        theme.apply(qapp, "sepia")


def test_a_speaker_keeps_the_colour_of_their_place_in_the_list() -> None:
    document = Document(speakers=(Speaker(5, "Anna"), Speaker(3, "Ben")))
    assert LIGHT.speaker(document, 3) == LIGHT.speakers[1]
    assert LIGHT.speaker(document, None) == LIGHT.quiet


def test_an_icon_has_the_colour_that_was_asked_for(dressed: QApplication) -> None:
    image = theme.icon("square", QColor("#ff0000")).pixmap(16, 16).toImage()
    assert image.pixelColor(8, 8) == QColor("#ff0000")


def test_icons_are_not_loaded_before_one_is_wanted() -> None:
    code = "import sys, granite_studio.ui.theme; sys.exit('qtawesome' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@BOTH
def test_figures_can_be_read_on_a_row_that_is_selected(colours: Theme) -> None:
    for ink in (colours.text, colours.quiet, colours.red, colours.amber):
        assert contrast(colours.on_selection(ink), colours.selection) >= 4.5, ink.name()
    assert colours.on_selection(colours.red) != colours.on_selection(colours.amber)
