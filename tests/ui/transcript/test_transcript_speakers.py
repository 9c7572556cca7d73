"""Who says what: keys, the menu over a name, and words that change hands."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QMenu

from granite_studio.core.edits import Place
from granite_studio.ui import theme
from granite_studio.ui.transcript.surface import TranscriptView
from tests.ui.transcript.conftest import Desk

Make = Callable[..., Desk]


def who(d: Desk) -> list[str]:
    """Each paragraph with its speaker's name."""
    speakers: dict[int | None, str] = {s.id: s.name for s in d.document.speakers}
    return [f"{speakers.get(s.speaker, '?')}: {s.text}" for s in d.document.segments]


def choose(menu: QMenu, text: str) -> None:
    next(a for a in menu.actions() if a.text().split("\t")[0] == text).trigger()


def answer(view: TranscriptView, name: str) -> QInputDialog:
    """Give the dialog that asks for a name this one."""
    dialog = view.findChild(QInputDialog)
    assert isinstance(dialog, QInputDialog)
    asked = dialog
    asked.setTextValue(name)
    asked.accept()
    return asked


def test_a_speaker_is_assigned_by_number(desk: Make) -> None:
    d = desk("Anna: one", "Ben: two", "three")
    d.at("th|ree")
    d.view.assign(2)
    d.view.assign(7)
    assert who(d) == ["Anna: one", "Ben: two", "Ben: three"]
    d.view.assign_nobody()
    assert who(d)[2] == "?: three"


def test_all_selected_paragraphs_are_assigned(desk: Make) -> None:
    d = desk("Anna: one", "Ben: two", "Ben: three", "Ben: four")
    d.at("t[wo\nth]ree")
    d.view.assign(1)
    assert who(d) == ["Anna: one", "Anna: two", "Anna: three", "Ben: four"]
    assert d.steps == ["Assign speaker"]


def test_somebody_new_speaks_from_the_caret_on(desk: Make) -> None:
    d = desk("Anna: one two three")
    d.at("one |two")
    d.view.new_speaker_here()
    assert who(d) == ["Anna: one", "Speaker 2: two three"]
    assert d.picture == "one\n|two three"


def test_a_new_speaker_at_a_paragraphs_start_takes_all_of_it(desk: Make) -> None:
    d = desk("Anna: one", "Anna: two")
    d.at("|two")
    d.view.new_speaker_here()
    assert who(d) == ["Anna: one", "Speaker 2: two"]


def test_a_sentences_tail_moves_to_the_next_speaker(desk: Make) -> None:
    d = desk("Anna: one two three", "Ben: four")
    d.at("one |two")
    d.view.move_tail_to_next()
    assert who(d) == ["Anna: one", "Ben: two three four"]
    assert d.picture == "one\n|two three four"


def test_a_sentences_head_moves_to_the_speaker_before(desk: Make) -> None:
    d = desk("Anna: one", "Ben: two three four")
    d.at("two| three")
    d.view.move_head_to_previous()
    assert who(d) == ["Anna: one two", "Ben: three four"]
    assert d.picture == "one two|\nthree four"


def test_the_menu_lists_the_speakers_with_their_keys(desk: Make) -> None:
    d = desk("Anna & Co: one", "Ben: two")
    menu = d.view.speaker_menu((0,))
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts == [
        "Anna && Co\tCtrl+1",
        "Ben\tCtrl+2",
        "New speaker …",
        "Rename Anna && Co everywhere …",
        "Unknown speaker",
    ]
    assert menu.actions()[0].isChecked()
    choose(menu, "Ben")
    assert who(d) == ["Ben: one", "Ben: two"]


def test_a_new_speaker_is_asked_for_by_name(desk: Make) -> None:
    d = desk("Anna: one", "Ben: two")
    choose(d.view.speaker_menu((1,)), "New speaker …")
    answer(d.view, "Cleo")
    assert who(d) == ["Anna: one", "Cleo: two"]


def test_an_empty_name_changes_nothing(desk: Make) -> None:
    d = desk("Anna: one")
    choose(d.view.speaker_menu((0,)), "New speaker …")
    answer(d.view, "  ")
    assert d.steps == []


def test_a_speaker_is_renamed_everywhere(desk: Make) -> None:
    d = desk("Anna: one", "Ben: two", "Anna: three")
    d.view.rename_speaker_here()
    answer(d.view, "Anna Berg")
    assert who(d) == ["Anna Berg: one", "Ben: two", "Anna Berg: three"]
    assert d.steps == ["Rename speaker"]


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_click_on_the_name_opens_the_menu(desk: Make) -> None:
    d = desk("Anna: one", "Ben: two")
    zones = d.view._style.zones(
        d.view._header(1),
        d.view._layout.blockBoundingRect(d.view._block_of(1)),
        d.view._head_height(1),
    )
    point: QPoint = zones["name"].center().toPoint()
    assert d.view.zone_under(QPointF(point)) == (1, "name")
    assert d.view.tip_at(QPointF(point)) == "Change who speaks"
    QTest.mouseClick(d.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    menu = d.view.findChild(QMenu)
    assert isinstance(menu, QMenu)
    assert menu.isVisible()
    menu.close()
    assert d.picture == "|one\ntwo"


def test_words_are_confirmed_and_quotes_marked(desk: Make) -> None:
    d = desk("Anna: one two three")
    d.at("one t|wo")
    d.view.confirm_selection()
    assert [w.touched for w in d.document.segments[0].words] == [False, True, False]
    d.at("[two three]")
    d.view.mark_quote()
    assert [(h.first, h.last) for h in d.document.highlights] == [(102, 103)]


def test_the_context_menu_offers_what_can_be_done(desk: Make) -> None:
    d = desk("Anna: one two", "Ben: three")
    enabled = {a.text(): a.isEnabled() for a in d.view.context_menu().actions()}
    assert enabled["Play from here"]
    assert not enabled["Copy"]
    d.at("[one]")
    choose(d.view.context_menu(), "Cut")
    assert d.said == ["two", "three"]


def test_nothing_changes_hands_in_a_project_for_reading(desk: Make) -> None:
    d = desk("Anna: one two", "Ben: three")
    d.session.show(None)
    for command in (
        d.view.new_speaker_here,
        d.view.rename_speaker_here,
        d.view.move_tail_to_next,
        d.view.move_head_to_previous,
        d.view.confirm_selection,
        d.view.mark_quote,
        d.view.merge_with_next,
        d.view.delete_selection,
    ):
        command()
    assert d.document.segments == ()


def test_marked_quotes_lie_on_a_ground_of_their_own(desk: Make) -> None:
    d = desk("Anna: one two three", "Ben: four", "Anna: five six")
    d.at("[two three\nfour\nfive]")
    d.view.mark_quote()
    d.at("|one")
    image = d.view.grab().toImage()

    def ground(row: int, word: int) -> bool:
        corner = d.view._word_rect(Place(row, word)).topLeft() + QPoint(12, 27)
        return image.pixelColor(corner) == theme.current().line

    found = [[ground(row, word) for word in range(n)] for row, n in enumerate((3, 1, 2))]
    assert found == [[False, True, True], [True], [True, False]]
    d.at("one |two")
    d.press(Qt.Key.Key_Return)
    assert [len(d.view._quotes.get(row, ())) for row in range(4)] == [0, 1, 1, 1]


def test_what_is_read_out_says_who_speaks(desk: Make) -> None:
    d = desk("Anna: one", "Ben: two")
    d.at("tw|o")
    assert d.view.accessibleName() == "Transcript"
    assert d.view.accessibleDescription() == "Ben, 00:00:02"
