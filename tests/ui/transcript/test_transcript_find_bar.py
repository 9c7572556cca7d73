"""Find and replace in the bar above the text."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from granite_studio.ui.transcript.find_bar import FindBar
from tests.ui.transcript.conftest import Desk

Make = Callable[..., Desk]


@pytest.fixture
def bar(desk: Make, qtbot: QtBot) -> Callable[..., tuple[Desk, FindBar]]:
    def make(*paragraphs: str) -> tuple[Desk, FindBar]:
        d = desk(*paragraphs)
        made = FindBar(d.view)
        qtbot.addWidget(made)
        return d, made

    return make


Bars = Callable[..., tuple[Desk, FindBar]]


def look_for(d: Desk, bar: FindBar, text: str) -> None:
    bar.open_find()
    bar.query.clear()
    QTest.keyClicks(bar.query, text)
    d.qtbot.waitUntil(lambda: not bar._is_stale)


def test_what_is_typed_is_found_from_the_caret_on(bar: Bars) -> None:
    d, b = bar("a cat", "the cat", "cats")
    d.at("the |cat")
    look_for(d, b, "cat")
    assert d.picture == "a cat\nthe [cat]\ncats"
    assert b.count.text() == "2 of 3"


def test_enter_goes_round(bar: Bars) -> None:
    d, b = bar("a cat", "the cat")
    look_for(d, b, "cat")
    QTest.keyClick(b.query, Qt.Key.Key_Return)
    assert (d.picture, b.count.text()) == ("a cat\nthe [cat]", "2 of 2")
    QTest.keyClick(b.query, Qt.Key.Key_Return)
    assert (d.picture, b.count.text()) == ("a [cat]\nthe cat", "1 of 2")
    b.find_previous()
    assert b.count.text() == "2 of 2"


def test_the_search_goes_on_from_where_the_caret_is_put(bar: Bars) -> None:
    d, b = bar("cat one", "cat two", "cat three")
    look_for(d, b, "cat")
    d.at("tw|o")
    assert b.count.text() == "3 found"
    b.find_next()
    assert b.count.text() == "3 of 3"


def test_case_and_whole_words_count_when_asked(bar: Bars) -> None:
    d, b = bar("Cat cats cat")
    look_for(d, b, "cat")
    assert b.count.text() == "1 of 3"
    b.match_case.click()
    d.qtbot.waitUntil(lambda: not b._is_stale)
    assert b.count.text().endswith("of 2")
    b.whole_words.click()
    d.qtbot.waitUntil(lambda: not b._is_stale)
    assert (d.picture, b.count.text()) == ("Cat cats [cat]", "1 of 1")


def test_a_pattern_that_makes_no_sense_is_said(bar: Bars) -> None:
    d, b = bar("a cat")
    b.open_find()
    b.regex.click()
    look_for(d, b, "(")
    assert b.count.text() == "Not a pattern"
    look_for(d, b, "c.t")
    assert b.count.text() == "1 of 1"
    look_for(d, b, "dog")
    assert b.count.text() == "Not found"
    assert not b.next_button.isEnabled()


def test_one_place_is_replaced_and_the_next_one_shown(bar: Bars) -> None:
    d, b = bar("cat cat cat")
    b.open_replace()
    look_for(d, b, "cat")
    b.open_replace()
    b.replacement.setText("big cat")
    QTest.keyClick(b.replacement, Qt.Key.Key_Return)
    assert d.picture == "big cat [cat] cat"
    assert d.said == ["big cat cat cat"]
    assert d.document.segments[0].words[-1].id == 103


def test_all_places_are_replaced_in_one_step(bar: Bars) -> None:
    d, b = bar("a cat", "the cat", "dog")
    look_for(d, b, "cat")
    b.replacement.setText("cow")
    b.replace_all()
    assert d.said == ["a cow", "the cow", "dog"]
    assert b.count.text() == "2 replaced"
    assert d.steps == ["Replace all"]
    d.view.undo()
    assert d.said == d.shown == ["a cat", "the cat", "dog"]


def test_the_count_follows_what_is_typed_in_the_text(bar: Bars) -> None:
    d, b = bar("a cat", "the dog")
    look_for(d, b, "cat")
    d.at("dog|")
    d.type(" cat")
    d.qtbot.waitUntil(lambda: not b._is_stale)
    assert b.count.text() == "2 found"
    assert d.picture == "a cat\nthe dog cat|"


def test_a_selection_is_what_is_looked_for(bar: Bars) -> None:
    d, b = bar("the cat sat", "a cat")
    d.at("the [cat]")
    b.open_find()
    assert (b.query.text(), b.count.text()) == ("cat", "1 of 2")


def test_escape_closes_the_bar_and_goes_back_to_the_text(bar: Bars) -> None:
    d, b = bar("a cat")
    look_for(d, b, "cat")
    QTest.keyClick(b.query, Qt.Key.Key_Escape)
    assert not b.isVisible()
    assert d.view._matches == {}
    assert d.picture == "a [cat]"


def test_keys_in_the_bar_do_not_reach_the_text(bar: Bars) -> None:
    d, b = bar("a cat", "dog")
    look_for(d, b, "cat")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_F2):
        QTest.keyClick(b.query, key)
    assert d.picture == "a [cat]\ndog"


def test_finding_the_next_without_a_text_asks_for_one(bar: Bars) -> None:
    _, b = bar("a cat")
    b.find_next()
    assert b.isVisible()


def test_signs_beyond_the_basic_plane_are_found_where_they_are(bar: Bars) -> None:
    d, b = bar("😀 cat")
    b.open_find()
    b.query.setText("cat")
    d.qtbot.waitUntil(lambda: not b._is_stale)
    assert d.view.textCursor().selectedText() == "cat"
