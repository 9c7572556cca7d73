"""Emphasised words in the transcript: their fonts and colours, while the text is worked on."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QInputMethodEvent, QTextCursor, QTextLayout
from PySide6.QtWidgets import QApplication

from granite_studio.core import edits
from granite_studio.core.document import Document, Emphasis, difference
from granite_studio.core.edits import Place
from granite_studio.ui import theme
from granite_studio.ui.transcript.layout import TranscriptLayout
from granite_studio.ui.transcript.looks import Looks, told
from tests.ui.transcript.conftest import Desk, written

Make = Callable[..., Desk]


def emphasised(*emphases: Emphasis) -> Document:
    return replace(written("Anna: the sea wall", "Ben: was built here"), emphases=emphases)


def fonts(d: Desk) -> list[str]:
    """The paragraphs as their layouts have them: `<i:words>` for what is in another font."""
    d.view.grab()
    found = []
    text = d.view.document()
    for number in range(text.blockCount()):
        block = text.findBlockByNumber(number)
        line = block.text()
        for part in reversed(block.layout().formats()):
            start, end = part.start, part.start + part.length
            line = f"{line[:start]}<{kind(part)}:{line[start:end]}>{line[end:]}"
        found.append(line)
    return found


def kind(part: QTextLayout.FormatRange) -> str:
    made = part.format
    heavy = made.fontWeight() > 400
    return "i" * made.fontItalic() + "b" * heavy + "u" * made.fontUnderline()


def test_words_are_set_in_their_fonts(desk: Make) -> None:
    d = desk(document=emphasised(Emphasis(101, 102, "i"), Emphasis(102, 102, "b"),
                                 Emphasis(104, 104, "u")))  # fmt: skip
    assert fonts(d) == ["<i:the ><ib:sea> wall", "<u:was> built here"]


def test_a_passage_may_reach_over_paragraphs(desk: Make) -> None:
    d = desk(document=emphasised(Emphasis(103, 104, "i")))
    assert fonts(d) == ["the sea <i:wall>", "<i:was> built here"]


def test_a_look_is_given_and_taken_without_a_word_changing(desk: Make) -> None:
    d = desk("Anna: the sea wall", "Ben: was built here")
    given = edits.emphasize(d.document, Place(0, 1), Place(1, 1), "b")
    d.session.commit(given, "Bold")
    assert fonts(d) == ["the <b:sea wall>", "<b:was> built here"]
    d.session.commit(edits.plain(d.document, Place(0, 2), Place(0, 3)), "Plain")
    assert fonts(d) == ["the <b:sea> wall", "<b:was> built here"]
    d.session.undo()
    d.session.undo()
    assert fonts(d) == ["the sea wall", "was built here"]


def test_letters_typed_into_a_word_look_as_the_word(desk: Make) -> None:
    d = desk(document=emphasised(Emphasis(102, 102, "i")))
    d.at("se|a")
    d.type("nd")
    assert fonts(d)[0] == "the <i:senda> wall"
    d.at("|the")
    d.type("to ")
    assert fonts(d)[0] == "to the <i:senda> wall"
    assert d.said[0] == "to the senda wall"


def test_paragraphs_that_come_and_go_take_their_fonts_along(desk: Make) -> None:
    d = desk(document=emphasised(Emphasis(103, 103, "i"), Emphasis(105, 105, "b")))
    d.at("the| sea")
    d.press(Qt.Key.Key_Return)
    assert fonts(d) == ["the", "sea <i:wall>", "was <b:built> here"]
    d.at("wall|")
    d.press(Qt.Key.Key_Return)
    assert fonts(d) == ["the", "sea <i:wall>", "", "was <b:built> here"]
    d.press(Qt.Key.Key_Backspace)
    d.press(Qt.Key.Key_Delete)
    assert fonts(d) == ["the", "sea <i:wall> was <b:built> here"]
    d.session.undo()
    d.session.undo()
    assert fonts(d) == ["the sea <i:wall>", "was <b:built> here"]


def test_what_an_input_method_composes_keeps_its_own_look(desk: Make) -> None:
    d = desk(document=emphasised(Emphasis(102, 103, "i")))
    d.at("sea| wall")
    composed = QInputMethodEvent("sh", [])
    QApplication.sendEvent(d.view, composed)
    layout = d.view.document().begin().layout()
    ours = [part for part in layout.formats() if part.format.fontItalic()]
    assert [(part.start, part.length) for part in ours] == [(4, 10)]
    done = QInputMethodEvent("", [])
    done.setCommitString("shore")
    QApplication.sendEvent(d.view, done)
    assert (fonts(d)[0], d.said[0]) == ("the <i:seashore wall>", "the seashore wall")


def test_no_key_is_told_of_text_that_nobody_changed(desk: Make) -> None:
    """Fonts given while the view scrolls must not look like typing, for the next key to bring."""
    lines = [f"Anna: paragraph {n} of many words" for n in range(200)]
    document = written(*lines)
    ends = [(segment.words[0].id, segment.words[0].id) for segment in document]
    d = desk(document=replace(document, emphases=tuple(Emphasis(a, b, "b") for a, b in ends)))
    told: list[tuple[int, int, int]] = []
    d.at("paragraph 150| of")
    d.view.ensureCursorVisible()
    d.view.grab()
    d.view.document().contentsChange.connect(lambda *change: told.append(change))
    d.type("x")
    assert [change[1:] for change in told] == [(0, 1)]
    assert d.said[150] == "paragraph 150x of many words"


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", ["white", "yellow", "black", "blue"])
def test_a_colour_is_a_line_below_the_words(desk: Make, mode: str, name: str) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, mode)
    try:
        d = desk(document=emphasised(Emphasis(102, 102, f"c.{name}")))
        d.view.grab()
        image = d.view.viewport().grab().toImage()
        edge = theme.current().quiet.name()
    finally:
        theme.apply(application, "light")
    column = word_centre(d)
    seen = [image.pixelColor(column, y).name() for y in range(image.height())]
    top = seen.index(edge, d.view.cursorRect().top())
    assert seen[top + 1 : top + 3] == [QColor(name).name()] * 2
    assert seen[top + 3] == edge


def word_centre(d: Desk) -> int:
    """How far right the middle of "sea" is."""
    cursor = d.view.textCursor()
    left, right = (d.view.cursorRect(moved(cursor, place)).left() for place in (4, 7))
    return (left + right) // 2


def moved(cursor: QTextCursor, position: int) -> QTextCursor:
    cursor.setPosition(position)
    return cursor


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_looks_followed_from_edit_to_edit_are_those_of_the_document(data: st.DataObject) -> None:
    document = written("Anna: a b c d", "Ben: e f g", "Anna: h i j k", "l m")
    followed = Looks()
    followed.show(document)
    for _ in range(data.draw(st.integers(1, 12))):
        after = data.draw(st.sampled_from(EDITS))(document, data)
        followed.show(after, difference(document, after))
        document = after
        fresh = Looks()
        fresh.show(document)
        for row, segment in enumerate(document):
            assert told(followed.fonts(row, segment.text)) == told(fresh.fonts(row, segment.text))


def emphasize(document: Document, data: st.DataObject) -> Document:
    return edits.emphasize(document, *drawn_range(document, data), data.draw(FONTS))


def plain(document: Document, data: st.DataObject) -> Document:
    return edits.plain(document, *drawn_range(document, data))


def retype(document: Document, data: st.DataObject) -> Document:
    text = data.draw(st.sampled_from(["", "x", "x y z", "x\ny"]))
    start, end = drawn_range(document, data)
    after = edits.replace_text(document, start, end, text)
    return after if after.segments else document


def split(document: Document, data: st.DataObject) -> Document:
    start, _ = drawn_range(document, data)
    return edits.split(document, start) if start.word else document


def merge(document: Document, data: st.DataObject) -> Document:
    row = data.draw(st.integers(0, len(document.segments) - 1))
    return edits.merge(document, row) if row + 1 < len(document.segments) else document


EDITS = (emphasize, emphasize, plain, retype, split, merge)
FONTS = st.sampled_from(["i", "b", "u"])


def drawn_range(document: Document, data: st.DataObject) -> tuple[Place, Place]:
    """Some words of the document, at least one."""
    gaps = [(row, n) for row, segment in enumerate(document) for n in range(len(segment.words))]
    start, end = sorted((data.draw(st.sampled_from(gaps)), data.draw(st.sampled_from(gaps))))
    return Place(*start), Place(end[0], end[1] + 1)


def test_a_document_without_emphases_has_no_formats(
    desk: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(QTextLayout, "setFormats", lambda *_: asked.append(1))
    d = desk("Anna: the sea wall")
    d.at("sea|")
    d.type("s and more")
    assert fonts(d) == ["the seas and more wall"]
    assert isinstance(d.view.document().documentLayout(), TranscriptLayout)
    assert asked == []
