"""The strip on top: the time can be typed, the speed chosen, the volume drawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from granite_studio.ui.actions import ACTIONS
from granite_studio.ui.player.media_bar import MediaBar
from granite_studio.ui.player.playback import Playback


@pytest.fixture
def playback(dressed: QApplication, tone: Path) -> Iterator[Playback]:
    made = Playback()
    made.open(tone, duration=4000)
    yield made
    made.open(None)


@pytest.fixture
def bar(qtbot: QtBot, playback: Playback) -> MediaBar:
    made = MediaBar(playback, {row.id: QAction(row.text) for row in ACTIONS})
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def type_time(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_it_shows_the_moment_and_the_length(bar: MediaBar, playback: Playback) -> None:
    playback.seek(1234)
    assert bar.time_field.text() == "00:00:01.234"
    assert "/ 0:04" in [label.text() for label in bar.findChildren(type(bar._length))]


def test_a_typed_time_is_gone_to(qtbot: QtBot, bar: MediaBar, playback: Playback) -> None:
    type_time(qtbot, bar.time_field, "0:02.5")
    assert playback.position == 2500
    assert not bar.time_field.hasFocus()
    assert bar.time_field.text() == "00:00:02.500"


def test_nonsense_goes_nowhere_and_can_be_typed_over(
    qtbot: QtBot, bar: MediaBar, playback: Playback
) -> None:
    type_time(qtbot, bar.time_field, "soon")
    assert playback.position == 0
    assert bar.time_field.selectedText() == "soon"


def test_escape_gives_up_typing(qtbot: QtBot, bar: MediaBar, playback: Playback) -> None:
    bar.time_field.edit()
    QTest.keyClicks(bar.time_field, "9")
    QTest.keyClick(bar.time_field, Qt.Key.Key_Escape)
    assert bar.time_field.text() == "00:00:00.000"


def test_typing_is_not_disturbed_by_playing(bar: MediaBar, playback: Playback) -> None:
    bar.time_field.edit()
    bar.time_field.setText("0:03")
    playback.seek(1000)
    assert bar.time_field.text() == "0:03"


def test_a_speed_can_be_chosen_and_is_shown(bar: MediaBar, playback: Playback) -> None:
    button = next(
        b for b in bar.findChildren(QToolButton) if b.text() == "1\N{MULTIPLICATION SIGN}"
    )
    half = next(choice for choice in button.menu().actions() if choice.data() == 0.5)
    half.trigger()
    assert playback.rate == 0.5
    assert button.text() == "0.5\N{MULTIPLICATION SIGN}"
    assert half.isChecked()


def test_the_volume_follows_the_hand(qtbot: QtBot, bar: MediaBar, playback: Playback) -> None:
    slider = bar.findChildren(QSlider)[0]
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert playback.volume == 0


def test_everything_in_it_has_a_name_for_those_who_cannot_see_it(bar: MediaBar) -> None:
    parts = [*bar.findChildren(QToolButton), bar.time_field, bar.findChildren(QSlider)[0]]
    assert [part for part in parts if not part.accessibleName()] == []
