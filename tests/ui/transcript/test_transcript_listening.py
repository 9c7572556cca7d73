"""Clicking, following the sound, the word being spoken, tooltips and headers."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QSignalSpy, QTest

from granite_studio.core.document import Document, Segment, Span, Word
from granite_studio.core.edits import Place
from granite_studio.ui import theme
from granite_studio.ui.transcript import headers
from granite_studio.ui.transcript.spoken import spoken_at
from tests.ui.transcript.conftest import Desk, written

Make = Callable[..., Desk]
LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


def middle(d: Desk, row: int, word: int) -> QPoint:
    """Where a word is in the view."""
    return d.view._word_rect(Place(row, word)).center()


def zone(d: Desk, row: int, name: headers.Zone) -> QPoint:
    """Where a part of a header is in the view."""
    rect = d.view._layout.blockBoundingRect(d.view._block_of(row))
    zones = d.view._style.zones(d.view._header(row), rect, d.view._head_height(row))
    y = d.view.verticalScrollBar().value()
    return (zones[name].center() - QPointF(0, y)).toPoint()


def test_a_click_on_a_word_puts_the_caret_there_and_plays_from_it(desk: Make) -> None:
    d = desk("the cat sat", "down there")
    QTest.mouseClick(d.view.viewport(), LEFT, NONE, middle(d, 1, 1))
    assert d.player.position == d.document.segments[1].words[1].start
    assert d.view.textCursor().blockNumber() == 1


def test_a_click_beside_the_text_only_moves_the_caret(desk: Make) -> None:
    d = desk("the cat sat")
    beside = middle(d, 0, 2) + QPoint(200, 0)
    QTest.mouseClick(d.view.viewport(), LEFT, NONE, beside)
    assert (d.player.position, d.picture) == (0, "the cat sat|")


def test_which_click_plays_is_a_setting(desk: Make) -> None:
    d = desk("the cat sat")
    d.view.seek_on = "double-click"
    QTest.mouseClick(d.view.viewport(), LEFT, NONE, middle(d, 0, 1))
    assert d.player.position == 0
    QTest.mouseDClick(d.view.viewport(), LEFT, NONE, middle(d, 0, 1))
    assert d.player.position == 1400
    d.view.seek_on = "ctrl-click"
    QTest.mouseClick(d.view.viewport(), LEFT, NONE, middle(d, 0, 2))
    assert d.player.position == 1400
    QTest.mouseClick(d.view.viewport(), LEFT, CTRL, middle(d, 0, 2))
    assert d.player.position == 1800


def test_words_are_stepped_through_with_sound(desk: Make) -> None:
    d = desk("the cat", "sat")
    d.at("the |cat")
    d.view.next_word_with_sound()
    d.view.next_word_with_sound()
    d.view.previous_word_with_sound()
    assert d.player.played == [(2700, 3000), (2700, 3000), (1400, 1700)]
    assert d.picture == "the |cat\nsat"


@pytest.mark.parametrize(
    ("ms", "place"),
    [
        (0, None),
        (1000, Place(0, 0)),
        (1350, Place(0, 0)),
        (1400, Place(0, 1)),
        (2000, Place(0, 1)),
        (2200, None),
        (2700, Place(1, 0)),
        (99_000, None),
    ],
)
def test_a_word_counts_as_spoken_until_shortly_after_its_end(ms: int, place: Place) -> None:
    assert spoken_at(written("the cat", "sat"), ms) == place


def test_somebody_who_goes_on_speaking_is_heard_through_an_interjection() -> None:
    long = Segment(1, (Word(11, "so", 0, 200), Word(12, "on", 900, 3000)))
    short = Segment(2, (Word(13, "yes", 1000, 1200),))
    document = Document((long, short), next_id=14)
    assert spoken_at(document, 1100) == Place(1, 0)
    assert spoken_at(document, 2500) == Place(0, 1)


def test_only_the_spoken_word_is_painted_anew(desk: Make) -> None:
    d = desk("the cat sat", "down there")
    d.player.seek(1000)
    image = d.view.grab().toImage()
    assert image.pixelColor(d.view._word_rect(Place(0, 0)).topLeft() + QPoint(12, 26)) == (
        theme.current().spoken
    )
    corner = d.view._word_rect(Place(0, 1)).topLeft() + QPoint(12, 26)
    assert image.pixelColor(corner) == theme.current().base


def long_desk(desk: Make) -> Desk:
    return desk(*(f"Anna: paragraph {n} " + "word " * 40 for n in range(60)))


def test_the_view_follows_the_sound(desk: Make) -> None:
    d = long_desk(desk)
    d.player.playing = True
    d.player.seek(d.document.segments[30].start)
    assert d.view.viewport().rect().contains(d.view._word_rect(Place(30, 0)))
    assert d.picture.startswith("|")


def test_the_view_stays_where_somebody_works_while_nothing_plays(desk: Make) -> None:
    d = long_desk(desk)
    d.view.setFocus()
    d.player.seek(d.document.segments[30].start)
    assert d.view.verticalScrollBar().value() == 0


def test_the_view_goes_along_when_the_playhead_is_moved_from_elsewhere(desk: Make) -> None:
    d = long_desk(desk)
    d.view.clearFocus()
    d.player.seek(d.document.segments[30].start)
    assert d.view.viewport().rect().contains(d.view._word_rect(Place(30, 0)))
    assert d.picture.startswith("|")


def test_the_view_stays_while_somebody_types(desk: Make) -> None:
    d = long_desk(desk)
    d.view.setFocus()
    d.type("x")
    d.player.playing = True
    d.player.seek(d.document.segments[30].start)
    assert d.view.verticalScrollBar().value() == 0


def test_the_view_stays_where_somebody_scrolled_to(desk: Make) -> None:
    d = long_desk(desk)
    d.player.playing = True
    d.view.verticalScrollBar().triggerAction(
        d.view.verticalScrollBar().SliderAction.SliderPageStepAdd
    )
    there = d.view.verticalScrollBar().value()
    d.player.seek(d.document.segments[30].start)
    assert d.view.verticalScrollBar().value() == there
    d.player.playing_changed.emit(True)
    d.player.seek(d.document.segments[31].start)
    assert d.view.verticalScrollBar().value() > there


def test_a_word_tells_when_it_was_heard_and_how_surely(desk: Make) -> None:
    d = desk("the cat")
    tip = d.view.tip_at(QPointF(middle(d, 0, 1)))
    assert tip == "00:00:01.400 \u2013 00:00:01.700\nHeard by draft, 90 % sure"
    d.at("cat|")
    d.type("s")
    tip = d.view.tip_at(QPointF(middle(d, 0, 1)))
    assert tip.endswith("\nWritten or confirmed by hand")
    assert d.view.tip_at(QPointF(5, 5)) == ""


def test_a_triple_click_takes_the_paragraph_and_typing_leaves_the_next_alone(desk: Make) -> None:
    d = desk("the cat", "sat", "down")
    place = middle(d, 1, 0)
    QTest.mouseDClick(d.view.viewport(), LEFT, NONE, place)
    QTest.mouseClick(d.view.viewport(), LEFT, NONE, place)
    assert d.picture == "the cat\n[sat]\ndown"
    d.type("lay")
    assert d.picture == "the cat\nlay|\ndown"


def test_a_click_on_a_time_plays_the_paragraph(desk: Make) -> None:
    d = desk("Anna: the cat", "Anna: sat")
    QTest.mouseClick(d.view.viewport(), LEFT, NONE, zone(d, 1, "time"))
    assert (d.player.position, d.picture) == (2700, "|the cat\nsat")


def test_speech_without_text_is_said_in_front_of_the_paragraph_behind_it() -> None:
    segments = written("the cat", "sat").segments
    spans = (Span(1500, 1600), Span(2000, 12_000), Span(12_500, 14_500), Span(90_000, 100_000))
    assert headers.gaps_by_row(spans, segments) == {
        1: Span(1500, 1500 + 100 + 10_000),
        2: Span(12_500, 12_500 + 2000 + 10_000),
    }
    assert headers.gap_text(Span(0, 12_700)) == "Speech without text, 0:12"


def test_a_click_on_speech_without_text_plays_it(desk: Make) -> None:
    plain = written("the cat", "sat")
    gaps = (Span(1800, 2600), Span(9000, 9500))
    d = desk(document=Document(plain.segments, untranscribed=gaps, next_id=plain.next_id))
    QTest.mouseClick(d.view.viewport(), LEFT, NONE, zone(d, 1, "gap"))
    assert d.player.position == 1800
    last = d.view._last_gap_zone().center().toPoint()
    QTest.mouseClick(d.view.viewport(), LEFT, NONE, last)
    assert d.player.position == 9000


def test_a_header_names_the_speaker_where_somebody_else_begins() -> None:
    document = written("Anna: one", "Anna: two", "Ben: three", "four")
    said = [headers.header(document, row, None) for row in range(4)]
    assert [(h.name, h.is_turn) for h in said] == [
        ("Anna", True),
        ("Anna", False),
        ("Ben", True),
        ("Unknown speaker", True),
    ]
    assert headers.header(written("one"), 0, None).name == "Who speaks?"


def test_the_place_of_the_caret_is_told(desk: Make) -> None:
    d = desk("the cat", "sat down")
    told = QSignalSpy(d.view.place_changed)
    d.at("d|own")
    assert told.at(told.count() - 1) == [Place(1, 1)]
    assert d.view.place == Place(1, 1)
    d.at("sat|")
    assert d.view.place == Place(1, 1)
    d.at("down|")
    assert d.view.place == Place(1, 2)


def test_the_selection_is_told_in_words(desk: Make) -> None:
    d = desk("the cat sat", "down there")
    assert d.view.selection is None
    d.at("the c[at sat\nd]own")
    assert d.view.selection == (Place(0, 1), Place(1, 1))
    d.at("cat[ ]sat")
    assert d.view.selection is None
    d.at("sat[\ndown ]there")
    assert d.view.selection == (Place(1, 0), Place(1, 1))


def test_a_place_is_revealed(desk: Make) -> None:
    d = long_desk(desk)
    d.view.reveal(Place(40, 3), focus=True)
    assert d.view.place == Place(40, 3)
    assert d.view.viewport().rect().contains(d.view.cursorRect())
    with pytest.raises(ValueError, match="no paragraph 60"):
        d.view.reveal(Place(60, 0))


def test_a_hint_stands_where_there_is_not_a_word(desk: Make) -> None:
    d = desk()
    before = d.view.grab().toImage()
    d.view.set_hint("Press Hear (F9), or type while you listen.")
    assert d.view.grab().toImage() != before
    d.type("x")
    d.press(Qt.Key.Key_Left)
    d.view.set_hint("")
    after = d.view.grab().toImage()
    d.view.set_hint("Press Hear (F9), or type while you listen.")
    assert d.view.grab().toImage() == after


def test_the_lines_have_a_reading_width_and_stand_in_the_middle(desk: Make) -> None:
    d = long_desk(desk)
    d.view.resize(1400, 600)
    rect = d.view._layout.blockBoundingRect(d.view.document().begin())
    line = d.view.document().begin().layout().lineAt(0)
    assert 60 <= line.textLength() <= 80
    room = d.view.viewport().width() - rect.right()
    assert abs(rect.left() - room) <= 2
    d.view.resize(300, 600)
    assert d.view.document().begin().layout().lineAt(0).textLength() < 40


def test_larger_letters_keep_what_is_read_in_place(desk: Make) -> None:
    d = long_desk(desk)
    d.view.reveal(Place(40, 3))
    y = d.view.cursorRect().top()
    d.view.zoomIn(4)
    assert abs(d.view.cursorRect().top() - y) < 60
    assert d.view.viewport().rect().contains(d.view.cursorRect())


def test_only_what_is_seen_is_laid_out(desk: Make) -> None:
    d = long_desk(desk)
    d.view.verticalScrollBar().setValue(d.view.verticalScrollBar().maximum())
    d.view.grab()
    text = d.view.document()
    laid = [n for n in range(text.blockCount()) if text.findBlockByNumber(n).layout().lineCount()]
    assert 59 in laid
    assert len(laid) < 20
    assert d.view._layout.documentSize().height() - d.view.viewport().height() == (
        d.view.verticalScrollBar().maximum()
    )


def test_scrolling_up_does_not_jump_where_heights_were_guessed(desk: Make) -> None:
    d = desk(*("Anna: " + "wide MMMMMMMM WWWWWWWW " * 30 for _ in range(40)))
    bar = d.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    for _ in range(40):
        top = d.view.cursorForPosition(QPoint(200, 60))
        y = d.view.cursorRect(top).top()
        before = bar.value()
        bar.setValue(before - 40)
        assert d.view.cursorRect(top).top() - y in (39, 40, 41)


def test_text_from_right_to_left_can_be_selected_and_spoken(desk: Make) -> None:
    d = desk("שלום עולם abc")
    d.player.seek(1400)
    d.view.moveCursor(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor)
    rect = d.view._word_rect(Place(0, 1))
    assert rect.width() > 20
    d.view.grab()
