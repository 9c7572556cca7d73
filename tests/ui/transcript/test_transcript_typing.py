"""Typing with real keys on a real project: what is on screen and what is in the document."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from tests.ui.transcript.conftest import Desk

Make = Callable[..., Desk]
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_each_segment_is_a_paragraph(desk: Make) -> None:
    d = desk("Anna: the cat sat", "Ben: on the mat")
    assert d.picture == "|the cat sat\non the mat"


def test_typing_in_a_word_changes_that_word_alone(desk: Make) -> None:
    d = desk("the cat sat")
    d.at("ca|t")
    d.type("r")
    assert d.said == ["the cart sat"]
    words = d.document.segments[0].words
    assert [(w.id, w.touched, w.start) for w in words] == [
        (101, False, 1000),
        (102, True, 1400),
        (103, False, 1800),
    ]


def test_a_space_typed_at_the_end_stays_while_the_caret_is_there(desk: Make) -> None:
    d = desk("the cat", "sat down")
    d.at("cat|")
    d.type(" ")
    assert (d.picture, d.said[0]) == ("the cat |\nsat down", "the cat")
    d.type("and")
    assert (d.picture, d.said[0]) == ("the cat and|\nsat down", "the cat and")


def test_spare_spaces_go_when_the_caret_leaves(desk: Make) -> None:
    d = desk("the cat", "sat down")
    d.at("the| cat")
    d.type("  ")
    assert d.shown[0] == "the   cat"
    d.press(Qt.Key.Key_Down)
    assert d.shown[0] == "the cat"
    assert d.steps == []


def test_a_word_is_one_step_of_undo(desk: Make) -> None:
    d = desk("the cat")
    d.at("cat|")
    d.type(" sat down")
    assert d.steps == ["Correct text", "Correct text"]
    d.press(Qt.Key.Key_Z, CTRL)
    assert d.picture == "the cat sat|"
    d.press(Qt.Key.Key_Z, CTRL)
    assert d.picture == "the cat|"
    d.press(Qt.Key.Key_Y, CTRL)
    assert d.picture == "the cat sat|"


def test_moving_the_caret_ends_a_step(desk: Make) -> None:
    d = desk("cat")
    d.at("cat|")
    d.type("s")
    d.press(Qt.Key.Key_Left)
    d.press(Qt.Key.Key_Right)
    d.type("x")
    d.press(Qt.Key.Key_Z, CTRL)
    assert d.said == ["cats"]


def test_rubbing_out_and_deleting_work_inside_a_paragraph(desk: Make) -> None:
    d = desk("the cat sat")
    d.at("the| cat")
    d.press(Qt.Key.Key_Delete)
    assert d.said == ["thecat sat"]
    d.press(Qt.Key.Key_Backspace, times=3)
    assert d.said == ["cat sat"]


def test_a_word_is_deleted_at_once_with_control(desk: Make) -> None:
    d = desk("the cat sat")
    d.at("the cat |sat")
    d.press(Qt.Key.Key_Backspace, CTRL)
    assert d.said == ["the sat"]


def test_typing_over_a_selection_replaces_it(desk: Make) -> None:
    d = desk("the cat sat")
    d.at("the [cat] sat")
    d.type("dog")
    assert d.picture == "the dog| sat"
    assert d.said == ["the dog sat"]


def test_typing_over_paragraphs_joins_them(desk: Make) -> None:
    d = desk("the cat sat", "on a mat", "and slept")
    d.at("the c[at sat\non a mat\nand sl]ept")
    d.type("x")
    assert d.picture == "the cx|ept"
    assert d.said == ["the cxept"]


def test_deleting_across_paragraphs_joins_them(desk: Make) -> None:
    d = desk("the cat sat", "on a mat")
    d.at("the cat[ sat\non a] mat")
    d.press(Qt.Key.Key_Delete)
    assert d.picture == "the cat| mat"
    assert d.said == ["the cat mat"]
    assert d.document.segments[0].words[-1].id == 106


def test_two_halves_of_words_meet(desk: Make) -> None:
    d = desk("the cat sat", "on a mat")
    d.at("the c[at sat\non a m]at")
    d.press(Qt.Key.Key_Backspace)
    assert d.picture == "the c|at"
    assert d.said == ["the cat"]


def test_enter_splits_before_the_word_behind_the_caret(desk: Make) -> None:
    d = desk("the cat sat")
    d.at("the |cat")
    d.press(Qt.Key.Key_Return)
    assert d.picture == "the\n|cat sat"
    assert d.said == ["the", "cat sat"]
    d.press(Qt.Key.Key_Z, CTRL)
    assert d.said == ["the cat sat"]


def test_enter_inside_a_word_splits_at_the_nearer_end(desk: Make) -> None:
    d = desk("the cats sat")
    d.at("cat|s")
    d.press(Qt.Key.Key_Enter)
    assert d.said == ["the cats", "sat"]
    d = desk("the cats sat")
    d.at("c|ats")
    d.press(Qt.Key.Key_Return, SHIFT)
    assert d.said == ["the", "cats sat"]


def test_enter_at_the_end_opens_a_paragraph_to_write(desk: Make) -> None:
    d = desk("Anna: the cat", "Ben: sat down")
    d.at("cat|")
    d.press(Qt.Key.Key_Return)
    assert (d.picture, d.said) == ("the cat\n|\nsat down", ["the cat", "sat down"])
    d.type("on a")
    assert d.picture == "the cat\non a|\nsat down"
    assert d.said == ["the cat", "on a", "sat down"]
    made = d.document.segments[1]
    assert made.speaker == 51
    assert d.document.segments[0].end <= made.start <= made.end <= d.document.segments[2].start


def test_a_paragraph_that_nobody_wrote_goes_when_the_caret_leaves(desk: Make) -> None:
    d = desk("the cat", "sat down")
    d.at("cat|")
    d.press(Qt.Key.Key_Return)
    d.press(Qt.Key.Key_Down)
    assert d.picture == "the cat\n|sat down"
    assert d.steps == []


def test_undo_takes_an_unwritten_paragraph_away_first(desk: Make) -> None:
    d = desk("the cat")
    d.at("cat|")
    d.type("s")
    d.press(Qt.Key.Key_Return)
    d.press(Qt.Key.Key_Z, CTRL)
    assert d.picture == "the cats|"
    d.press(Qt.Key.Key_Z, CTRL)
    assert d.picture == "the cat|"


def test_backspace_at_the_start_joins_with_the_paragraph_before(desk: Make) -> None:
    d = desk("Anna: the cat", "Ben: sat down")
    d.at("|sat")
    d.press(Qt.Key.Key_Backspace)
    assert d.picture == "the cat |sat down"
    assert d.said == ["the cat sat down"]
    assert d.steps == ["Join paragraphs"]


def test_delete_at_the_end_joins_with_the_paragraph_after(desk: Make) -> None:
    d = desk("the cat", "sat down")
    d.at("cat|")
    d.press(Qt.Key.Key_Delete)
    assert d.picture == "the cat| sat down"
    assert d.said == ["the cat sat down"]


def test_a_paragraph_without_text_is_gone_and_can_be_written_anew(desk: Make) -> None:
    d = desk("Anna: the cat", "Ben: sat down", "Anna: and slept")
    d.at("[sat down]")
    d.press(Qt.Key.Key_Delete)
    assert (d.picture, d.said) == ("the cat\n|\nand slept", ["the cat", "and slept"])
    d.type("lay")
    assert d.said == ["the cat", "lay", "and slept"]
    assert (d.document.segments[1].speaker, d.document.segments[1].start) == (52, 2700)


def test_backspace_in_an_emptied_paragraph_leaves_it(desk: Make) -> None:
    d = desk("the cat", "x", "and slept")
    d.at("x|")
    d.press(Qt.Key.Key_Backspace, times=2)
    assert d.picture == "the cat|\nand slept"


def test_an_empty_transcript_is_written_from_nothing(desk: Make) -> None:
    d = desk()
    d.player.seek(5000)
    d.type("one two")
    d.press(Qt.Key.Key_Return)
    d.player.seek(9000)
    d.type("three")
    assert d.said == ["one two", "three"]
    assert [s.start for s in d.document.segments] == [5000, 9000]


def test_deleting_everything_leaves_an_empty_transcript(desk: Make) -> None:
    d = desk("the cat", "sat down")
    d.press(Qt.Key.Key_A, CTRL)
    d.press(Qt.Key.Key_Delete)
    assert (d.picture, d.said) == ("|", [])
    d.press(Qt.Key.Key_Z, CTRL)
    assert d.said == d.shown == ["the cat", "sat down"]


def test_what_an_input_method_commits_is_typed(desk: Make) -> None:
    d = desk("the cat")
    d.at("cat|")
    composing = QInputMethodEvent("ka", [])
    QApplication.sendEvent(d.view, composing)
    assert d.said == ["the cat"]
    done = QInputMethodEvent()
    done.setCommitString("か")
    QApplication.sendEvent(d.view, done)
    assert d.said == ["the catか"]


def test_japanese_words_stay_apart_though_no_space_says_so(desk: Make) -> None:
    d = desk("海 の 壁")
    assert d.shown == ["海の壁"]
    d.at("の壁|")
    d.type("x")
    assert [w.text for w in d.document.segments[0].words] == ["海", "の", "壁x"]


def test_signs_beyond_the_basic_plane_count_as_qt_counts_them(desk: Make) -> None:
    d = desk("a 😀😀 b", "c")
    d.view.moveCursor(d.view.textCursor().MoveOperation.EndOfBlock)
    d.type("x")
    d.press(Qt.Key.Key_Left, times=2)
    d.press(Qt.Key.Key_Return)
    assert d.said == ["a 😀😀", "bx", "c"]


def test_a_tab_leaves_the_transcript(desk: Make) -> None:
    d = desk("the cat")
    d.press(Qt.Key.Key_Tab)
    assert d.said == ["the cat"]


def test_a_project_for_reading_can_be_read_but_not_changed(desk: Make) -> None:
    d = desk("the cat sat")
    d.session.show(None)
    assert d.view.isReadOnly()
    d.type("x")
    d.view.split_here()
    assert d.shown == [""]
