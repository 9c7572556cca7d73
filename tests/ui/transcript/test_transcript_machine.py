"""Words from the machine, and every other change from outside, while a person is in the text."""

import gc
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QTextCursor
from PySide6.QtWidgets import QApplication

from granite_studio.core import edits
from granite_studio.core.document import EngineUse, Span
from granite_studio.core.edits import Place
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.services.session import Session
from granite_studio.ui.transcript.surface import TranscriptView
from tests.ui.transcript.conftest import Desk, written

Make = Callable[..., Desk]
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def heard(text: str, start: int, speaker: str | None = None) -> Heard:
    """Words of 200 ms, one after another."""
    words = tuple(
        HeardWord(word, start + 200 * n, start + 200 * n + 200, 0.8)
        for n, word in enumerate(text.split())
    )
    span = Span(start, start + 200 * len(words))
    return Heard(span, (HeardTurn(words, speaker),), EngineUse("draft"), key=f"{start}")


def put(session: Session, said: Heard, label: str, run: str) -> None:
    session.commit(edits.apply_heard(session.document, said), label, run, heard=[said])


def test_machine_words_grow_an_empty_transcript(desk: Make) -> None:
    d = desk()
    put(d.session, heard("one two", 1000), "Hear", "run")
    put(d.session, heard("three", 9000), "Hear", "run")
    assert d.shown == d.said == ["one two", "three"]


def test_words_heard_elsewhere_leave_the_caret_alone(desk: Make) -> None:
    d = desk("the cat sat", "down there")
    d.at("ca|t")
    d.type("r")
    put(d.session, heard("much later", 40_000), "Hear", "run")
    put(d.session, heard("before", 0), "Hear", "run")
    d.type("t")
    assert d.shown == d.said
    assert d.picture == "before the cart|t sat\ndown there\nmuch later"


def test_words_heard_in_the_same_paragraph_do_not_run_into_what_is_typed(desk: Make) -> None:
    d = desk("the cat")
    d.at("cat|")
    d.type(" s")
    joined = edits.insert(d.document, Place(0, 3), "and slept")
    d.session.commit(joined, "Hear")
    assert d.picture == "the cat s| and slept"
    d.type("at ")
    joined = edits.insert(d.document, Place(0, 0), "see")
    d.session.commit(joined, "Hear")
    assert d.picture == "see the cat sat | and slept"
    d.type("down")
    assert d.said == ["see the cat sat down and slept"]


def test_a_space_just_typed_survives_words_behind_it(desk: Make) -> None:
    d = desk("the cat")
    d.at("cat|")
    d.type(" ")
    d.session.commit(edits.insert(d.document, Place(0, 2), "slept"), "Hear")
    assert d.picture == "the cat | slept"


def test_a_paragraph_not_yet_written_stays_open(desk: Make) -> None:
    d = desk("the cat", "down there")
    d.at("cat|")
    d.press(Qt.Key.Key_Return)
    d.session.commit(edits.retype(d.document, 0, "a the cat"), "Hear")
    d.session.commit(edits.retype(d.document, 1, "down by there"), "Hear")
    both = edits.retype(edits.retype(d.document, 0, "the cat"), 1, "down")
    d.session.commit(both, "Hear")
    assert d.picture == "the cat\n|\ndown"
    d.type("x")
    assert d.said == ["the cat", "x", "down"]


def test_composing_goes_on_when_words_arrive_before_the_caret(desk: Make) -> None:
    d = desk("the cat")
    d.at("cat|")
    QApplication.sendEvent(d.view, QInputMethodEvent("ka", []))
    d.session.commit(edits.insert(d.document, Place(0, 0), "see"), "Hear")
    layout = d.view.document().begin().layout()
    assert (layout.preeditAreaPosition(), layout.preeditAreaText()) == (11, "ka")
    done = QInputMethodEvent()
    done.setCommitString("か")
    QApplication.sendEvent(d.view, done)
    assert d.said == ["see the catか"]


def test_a_selection_stays_on_its_words_when_paragraphs_join_and_part(desk: Make) -> None:
    d = desk("the cat sat", "down there", "and slept")
    d.at("[there\nand] slept")
    d.session.commit(edits.merge(d.document, 1), "Join")
    assert d.picture == "the cat sat\ndown [there and] slept"
    d.session.commit(edits.split(d.document, Place(1, 1)), "Split")
    assert d.picture == "the cat sat\ndown\n[there and] slept"


def test_only_changed_paragraphs_are_written_anew(desk: Make) -> None:
    d = desk("one", "two", "three", "four")
    changes: list[tuple[int, int, int]] = []
    d.view.document().contentsChange.connect(lambda *change: changes.append(change))
    after = edits.retype(edits.retype(d.document, 0, "onex"), 3, "fours")
    d.session.commit(after, "Change")
    assert sorted(changes) == [(3, 0, 1), (18, 0, 1)]


def test_a_change_of_speakers_rewrites_no_text(desk: Make) -> None:
    d = desk("Anna: one", "Ben: two", "Anna: three")
    changes: list[tuple[int, int, int]] = []
    d.view.document().contentsChange.connect(lambda *change: changes.append(change))
    d.session.commit(edits.merge_speakers(d.document, 52, 51), "Same person")
    assert changes == []


def test_the_view_stays_on_its_paragraph_when_words_come_in_above(desk: Make) -> None:
    d = desk(*(f"Anna: paragraph {n} " + "word " * 40 for n in range(60)))
    d.view.reveal(Place(40, 0))
    d.view.moveCursor(QTextCursor.MoveOperation.Start)
    d.view.verticalScrollBar().setValue(3000)
    first = d.view.cursorForPosition(d.view.viewport().rect().topLeft() / 1)
    text, y = first.block().text(), d.view.cursorRect(first).top()
    more = edits.insert(d.document, Place(0, 0), "\n".join(["more words " * 30] * 5))
    d.session.commit(more, "Hear")
    again = d.view.cursorForPosition(d.view.viewport().rect().topLeft() / 1)
    assert again.block().text() == text
    assert abs(d.view.cursorRect(again).top() - y) <= 1


def test_undo_shows_where_it_changed_something(desk: Make) -> None:
    d = desk(*(f"Anna: paragraph {n} " + "word " * 40 for n in range(60)))
    d.view.reveal(Place(50, 1))
    d.type("x")
    d.view.reveal(Place(0, 0))
    d.press(Qt.Key.Key_Z, CTRL)
    assert d.view.place.row == 50
    assert d.view.viewport().rect().contains(d.view.cursorRect())


def test_another_project_is_shown_from_its_start(desk: Make) -> None:
    d, other = desk("the cat", "sat"), desk("elsewhere")
    d.at("sa|t")
    project = other.session.project
    other.session._project = None
    d.session.show(project)
    assert d.picture == "|elsewhere"


KEYS: list[Callable[[Desk, random.Random], object]] = [
    lambda d, r: d.type(r.choice(["a", "b ", " ", "c", "日", "é"])),
    lambda d, r: d.press(Qt.Key.Key_Backspace, times=r.randint(1, 3)),
    lambda d, r: d.press(Qt.Key.Key_Delete, times=r.randint(1, 3)),
    lambda d, r: d.press(Qt.Key.Key_Backspace, CTRL),
    lambda d, r: d.press(Qt.Key.Key_Return),
    lambda d, r: d.press(r.choice([Qt.Key.Key_Left, Qt.Key.Key_Right]), times=r.randint(1, 8)),
    lambda d, r: d.press(r.choice([Qt.Key.Key_Up, Qt.Key.Key_Down])),
    lambda d, r: d.press(r.choice([Qt.Key.Key_Home, Qt.Key.Key_End])),
    lambda d, r: d.press(
        r.choice([Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Down]), SHIFT, r.randint(1, 12)
    ),
    lambda d, r: d.press(Qt.Key.Key_Z, CTRL),
    lambda d, r: d.press(Qt.Key.Key_Y, CTRL),
    lambda d, r: d.press(Qt.Key.Key_X, CTRL),
    lambda d, r: d.press(Qt.Key.Key_V, CTRL),
    lambda d, r: QGuiApplication.clipboard().setText(r.choice(["p", "p q", "p\nq", "\n"])),
    lambda d, r: put(d.session, heard("m n", r.randrange(0, 60_000, 500)), "Hear", "run"),
    lambda d, r: d.view.move_tail_to_next(),
    lambda d, r: d.view.move_head_to_previous(),
    lambda d, r: d.view.new_speaker_here(),
    lambda d, r: d.view.setTextCursor(QTextCursor(d.view.document())),
]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_pressed_the_view_says_what_the_document_says(desk: Make, seed: int) -> None:
    chance = random.Random(seed)
    texts = (" ".join(chance.choices("abcdefgh", k=chance.randint(1, 5))) for _ in range(6))
    d = desk(document=written(*(f"Anna: {text}" for text in texts)))
    QGuiApplication.clipboard().setText("p")
    for number in range(150):
        act = chance.choice(KEYS)
        act(d, chance)
        lines = [line for line in d.shown if line.strip()]
        said = [" ".join(line.split()) for line in lines]
        context = f"seed {seed}, step {number}"
        assert [s.replace(" ", "") for s in said] == [s.replace(" ", "") for s in d.said], context
        cursor = d.view.textCursor()
        ends = (cursor.block().text(), d.view.document().findBlock(cursor.anchor()).text())
        assert all(line in d.said for line in lines if line not in ends), context
        assert d.view._blank is None or d.shown[d.view._blank].strip() == "", context


def test_transcripts_come_and_go(desk: Make) -> None:
    d = desk("the cat", "sat")
    for _ in range(20):
        view = TranscriptView(d.session, d.player)
        view.resize(500, 400)
        view.grab()
        view.itself = view  # type: ignore[attr-defined]
        del view
        gc.collect()
    assert d.shown == ["the cat", "sat"]


def test_hearing_a_paragraph_again_leaves_what_is_typed_in_it(desk: Make) -> None:
    d = desk("the cat sat")
    d.at("ca|t")
    d.type("r")
    again = replace(heard("a kart sad", 1000), again=True, span=Span(900, 2300))
    put(d.session, again, "Hear again", "again")
    assert d.shown == d.said
    assert "cart" in d.said[0]
    assert "car|t" in d.picture
    d.type("x")
    assert "carxt" in d.said[0]
