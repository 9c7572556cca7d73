"""The picture, and the words over it or in its place."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from granite_studio.ui import theme
from granite_studio.ui.studio import Studio


def shot(studio: Studio) -> QImage:
    return studio.video.grab().toImage()


def colours_in(image: QImage) -> set[str]:
    points = ((x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2))
    return {image.pixelColor(x, y).name() for x, y in points}


def test_sound_alone_shows_the_words_in_large_letters(qtbot: QtBot, opened: Studio) -> None:
    opened.playback.seek(0)
    before = shot(opened)
    assert len(colours_in(before)) < 5, "calm before the first word"
    opened.playback.seek(300)
    assert shot(opened) != before
    assert opened.session.document.speakers[0].name == "Anna Berg"
    assert theme.current().speakers[0].name() in colours_in(shot(opened))


def test_film_is_shown_with_the_words_over_it(qtbot: QtBot, opened: Studio, film: Path) -> None:
    opened.playback.open(film, duration=4000)
    qtbot.waitUntil(lambda: opened.video.has_frame)
    opened.playback.seek(90)  # before the first cue
    qtbot.waitUntil(
        lambda: shot(opened).pixelColor(opened.video.rect().center()).red() in (7, 8, 9)
    )
    plain = colours_in(shot(opened))
    opened.playback.seek(1000)
    qtbot.waitUntil(
        lambda: abs(shot(opened).pixelColor(opened.video.rect().center()).red() - 100) < 4
    )
    assert "#ffffff" not in plain
    assert "#ffffff" in colours_in(shot(opened)), "the cue"


def test_the_picture_goes_with_the_film(qtbot: QtBot, opened: Studio, film: Path) -> None:
    opened.playback.open(film)
    qtbot.waitUntil(lambda: opened.video.has_frame)
    opened.playback.open(None)
    assert not opened.video.has_frame


def test_a_click_plays(qtbot: QtBot, opened: Studio) -> None:
    QTest.mouseClick(opened.video, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.playback.is_playing)
    opened.playback.pause()
