"""The clipboard: plain text out, plain text in, and words that keep their times."""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication

from tests.ui.transcript.conftest import Desk

Make = Callable[..., Desk]
CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_line_is_pasted_into_a_paragraph(desk: Make) -> None:
    d = desk("the cat sat")
    QGuiApplication.clipboard().setText("  big\told ")
    d.at("the |cat")
    d.press(Qt.Key.Key_V, CTRL)
    assert d.picture == "the big old| cat sat"
    assert d.said == ["the big old cat sat"]
    assert d.steps == ["Paste"]


def test_lines_are_pasted_as_paragraphs(desk: Make) -> None:
    d = desk("Anna: the cat sat", "Ben: down")
    QGuiApplication.clipboard().setText("one\r\n\r\ntwo\nthree\n")
    d.at("the cat| sat")
    d.press(Qt.Key.Key_V, CTRL)
    assert d.picture == "the cat one\ntwo\nthree| sat\ndown"
    assert d.said == ["the cat one", "two", "three sat", "down"]
    d.press(Qt.Key.Key_Z, CTRL)
    assert d.said == d.shown == ["the cat sat", "down"]


def test_text_pasted_inside_a_word_becomes_part_of_it(desk: Make) -> None:
    d = desk("the cat sat")
    QGuiApplication.clipboard().setText("x\ny")
    d.at("c|at")
    d.press(Qt.Key.Key_V, CTRL)
    assert d.picture == "the cx\ny|at sat"


def test_a_selection_over_paragraphs_is_pasted_over(desk: Make) -> None:
    d = desk("the cat sat", "on a mat", "and slept")
    QGuiApplication.clipboard().setText("ran")
    d.at("the cat [sat\non a mat\nand] slept")
    d.press(Qt.Key.Key_V, CTRL)
    assert d.picture == "the cat ran| slept"


def test_lines_are_pasted_where_a_paragraph_is_open(desk: Make) -> None:
    d = desk("the cat", "down")
    QGuiApplication.clipboard().setText("one\ntwo")
    d.at("cat|")
    d.press(Qt.Key.Key_Return)
    d.press(Qt.Key.Key_V, CTRL)
    assert d.picture == "the cat\none\ntwo|\ndown"
    assert d.said == ["the cat", "one", "two", "down"]


def test_an_empty_transcript_takes_a_paste(desk: Make) -> None:
    d = desk()
    QGuiApplication.clipboard().setText("one two\nthree")
    d.press(Qt.Key.Key_V, CTRL)
    assert d.said == d.shown == ["one two", "three"]


def test_only_the_plain_text_of_a_rich_clipboard_is_taken(desk: Make) -> None:
    d = desk("the cat")
    data = QMimeData()
    data.setHtml("<b>bold</b>")
    assert not d.view.canInsertFromMimeData(data)
    data.setText("plain")
    d.at("cat|")
    d.view.insertFromMimeData(data)
    assert d.said == ["the cat plain"]
    assert d.view.document().begin().charFormat().fontWeight() < 700


def test_copied_paragraphs_are_plain_lines(desk: Make) -> None:
    d = desk("Anna: the cat", "Ben: sat down")
    d.press(Qt.Key.Key_A, CTRL)
    d.press(Qt.Key.Key_C, CTRL)
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == "the cat\nsat down"
    assert not data.hasHtml()


def test_words_cut_and_put_back_keep_their_times(desk: Make) -> None:
    d = desk("the big cat sat")
    d.at("the [big cat ]sat")
    d.press(Qt.Key.Key_X, CTRL)
    assert d.picture == "the |sat"
    d.press(Qt.Key.Key_V, CTRL)
    assert d.picture == "the big cat| sat"
    words = d.document.segments[0].words
    assert [w.start for w in words] == [1000, 1400, 1800, 2200]
    assert not words[1].estimated


def test_whole_paragraphs_cut_leave_room_to_write(desk: Make) -> None:
    d = desk("one", "two", "three", "four")
    d.at("[two\nthree]")
    d.press(Qt.Key.Key_X, CTRL)
    assert (d.picture, d.said) == ("one\n|\nfour", ["one", "four"])
    d.press(Qt.Key.Key_V, CTRL)
    assert d.picture == "one\ntwo\nthree|\nfour"


def test_a_quote_says_who_and_when(desk: Make) -> None:
    d = desk("Anna Berg: the cat sat", "Ben: down")
    d.at("the [cat s]at")
    d.view.copy_quote()
    assert QGuiApplication.clipboard().text() == "“cat sat” (Anna Berg, 00:00:01)"


def test_a_quote_without_speaker_says_when(desk: Make) -> None:
    d = desk("the cat sat")
    d.view.copy_quote()
    assert QGuiApplication.clipboard().text() == "“the cat sat” (00:00:01)"


def test_a_quote_is_written_as_the_person_likes(desk: Make) -> None:
    d = desk("Anna Berg: the cat sat")
    d.view.quote_form = "{speaker}: »{text}« [{media}]"
    d.view.copy_quote()
    assert QGuiApplication.clipboard().text() == "Anna Berg: »the cat sat« [sea-wall.wav]"
