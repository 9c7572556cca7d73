"""Everything the program can do, found by a few letters."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from granite_studio.app import Program
from granite_studio.ui.palette import fuzzy
from granite_studio.ui.studio import Studio


def ranked(query: str, *texts: str) -> list[str]:
    scores = {text: fuzzy(query, text) for text in texts}
    found = [(score, text) for text, score in scores.items() if score is not None]
    return [text for _, text in sorted(found, reverse=True)]


def test_all_letters_must_come_in_their_order() -> None:
    assert ranked("nsp", "New speaker", "Split", "Open") == ["New speaker"]


def test_starts_of_words_come_first() -> None:
    assert ranked("sp", "Despite", "Split", "Save a copy")[0] == "Split"
    assert ranked("fa", "Find an action", "Safari") == ["Find an action", "Safari"]


def test_spaces_and_capitals_do_not_matter() -> None:
    assert fuzzy("new SPEAKER", "New speaker from here") is not None


@pytest.fixture
def field(qtbot: QtBot, studio: Studio) -> QLineEdit:
    """The palette's field, opened by its key."""
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(studio.window, Qt.Key.Key_P, both)
    qtbot.waitUntil(studio.palette.isVisible)
    return studio.palette.findChildren(QLineEdit)[0]


def test_typing_and_enter_do_it(qtbot: QtBot, studio: Studio, field: QLineEdit) -> None:
    QTest.keyClicks(field, "dark")
    assert studio.palette.shown[0] == "view.dark"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert studio.settings.now.theme == "dark"
    assert not studio.palette.isVisible()


def test_the_arrows_choose(qtbot: QtBot, studio: Studio, field: QLineEdit) -> None:
    QTest.keyClicks(field, "light")
    assert studio.palette.shown[0] == "view.light"
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert studio.settings.now.theme == "light"


def test_what_cannot_be_done_now_comes_last(studio: Studio, field: QLineEdit) -> None:
    shown = list(studio.palette.shown)
    assert shown.index("file.open") < shown.index("edit.undo")


def test_escape_closes_it(qtbot: QtBot, studio: Studio, field: QLineEdit) -> None:
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not studio.palette.isVisible()


def test_every_action_is_in_it(program: Program, studio: Studio, field: QLineEdit) -> None:
    expected = {
        row.id for row in program.frame.actions.table if row.fill is None and not row.hides
    }
    assert set(studio.palette.shown) == expected - {"view.palette"}
