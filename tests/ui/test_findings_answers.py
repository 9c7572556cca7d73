"""Findings stepped through and answered by keys, buttons and menu, in the whole window."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from granite_studio.app import Program
from granite_studio.core import edits
from granite_studio.core.document import Finding, Segment, Span, Word
from granite_studio.core.edits import Place
from granite_studio.ui.studio import Studio

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
TIMES = {"The": 100, "sea": 700, "wall": 1300, "cost": 1900, "so": 2500, "much.": 3100}
WALL = Finding(
    "doubt", Span(1300, 1700), "Perhaps “hall”: two engines say so.", ("hall", "wall & wire")
)
COST = Finding("doubt", Span(1900, 2300), "Perhaps “lost”: two engines say so.", ("lost",))
MUCH = Finding("text-without-speech", Span(3100, 3500), "There is text here.")
LOST = Finding("window-failed", Span(3700, 3900), "This stretch could not be heard.")
GAP = Span(1720, 1880)


@pytest.fixture
def doubted(qtbot: QtBot, opened: Studio) -> Studio:
    """Words slow enough for subtitles, two doubts, and between them speech without text."""
    words = tuple(
        Word(300 + n, text, at, at + 400, 0.9, "granite")
        for n, (text, at) in enumerate(TIMES.items())
    )
    segments = (Segment(290, words[:3], 1), Segment(291, words[3:], 2))
    document = replace(opened.session.document, segments=segments, next_id=400)
    document = edits.set_untranscribed(document, [GAP])
    with qtbot.waitSignal(opened.subtitles.changed):
        opened.session.commit(edits.set_findings(document, [WALL, COST, MUCH, LOST]), "Look")
    assert all(row.can_be_kept for row in opened.findings.rows), opened.findings.rows
    opened.transcript.setFocus()
    return opened


def press(studio: Studio, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    QTest.keyClick(studio.transcript, key, modifier or Qt.KeyboardModifier.NoModifier)


def action(studio: Studio, name: str) -> QAction:
    return next(found for found in studio.window.actions() if found.objectName() == name)


def words(studio: Studio) -> list[str]:
    return [word.text for word in studio.session.document.words()]


def touched(studio: Studio) -> list[str]:
    return [word.text for word in studio.session.document.words() if word.touched]


def labels(studio: Studio) -> list[str]:
    buttons = studio.findings.findChildren(QPushButton)
    return [button.text() for button in buttons if button.isVisible()]


def findings_of(studio: Studio) -> list[str]:
    return [row.text for row in studio.findings.rows if row.can_be_kept]


def test_a_finding_is_brought_into_sight_with_its_words_and_its_answers(
    qtbot: QtBot, doubted: Studio
) -> None:
    press(doubted, Qt.Key.Key_F8)
    assert doubted.findings.isVisible()
    assert doubted.transcript.hasFocus()
    assert doubted.transcript.selection == (Place(0, 2), Place(0, 3))
    assert doubted.transcript.textCursor().selectedText() == "wall"
    qtbot.waitUntil(lambda: labels(doubted)[2:3] == ["Right as it is"])
    assert labels(doubted) == [
        *("1   hall", "2   wall && wire", "Right as it is", "Play", "Hear again")
    ]


def test_the_playback_begins_a_little_before_the_doubted_word(doubted: Studio) -> None:
    doubted.playback.rewind_ms = 300
    press(doubted, Qt.Key.Key_F8)
    assert doubted.playback.position == 700  # 1000 ms, and there the start of the word


def test_one_key_a_doubt_and_the_list_goes_on_by_itself(qtbot: QtBot, doubted: Studio) -> None:
    take = action(doubted, "review.take_1")
    press(doubted, Qt.Key.Key_F8)
    qtbot.waitUntil(take.isEnabled)
    press(doubted, Qt.Key.Key_1, CTRL_SHIFT)
    assert words(doubted)[:4] == ["The", "sea", "hall", "cost"]
    assert doubted.findings.chosen is not None
    assert doubted.findings.chosen.text == "Speech without text, 0.2 s"
    press(doubted, Qt.Key.Key_F7)
    assert doubted.session.document.untranscribed == ()
    assert doubted.findings.chosen.finding == COST
    assert doubted.transcript.textCursor().selectedText() == "cost"
    press(doubted, Qt.Key.Key_F7)
    press(doubted, Qt.Key.Key_F7)
    press(doubted, Qt.Key.Key_F7)
    assert touched(doubted) == ["hall", "cost", "much."]
    assert findings_of(doubted) == []
    assert doubted.session.document.findings == ()


def test_an_answer_is_one_step_to_undo(qtbot: QtBot, doubted: Studio) -> None:
    doubted.findings.go_to_next()
    before = doubted.session.document
    take = action(doubted, "review.take_2")
    qtbot.waitUntil(take.isEnabled)
    assert take.text() == "Write “wall && wire”"
    take.trigger()
    assert words(doubted)[2:5] == ["wall", "&", "wire"]
    doubted.session.undo()
    assert doubted.session.document == before
    assert "Perhaps “hall”: two engines say so." in findings_of(doubted)


def test_a_button_takes_its_alternative(qtbot: QtBot, doubted: Studio) -> None:
    doubted.findings.go_to_next()
    doubted.window.show_findings(focus=False)
    button = next(
        button
        for button in doubted.findings.findChildren(QPushButton)
        if button.accessibleName() == "hall"
    )
    qtbot.waitUntil(button.isEnabled)
    assert button.toolTip().startswith("Write “hall” (Ctrl+Shift+1)")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert words(doubted)[2] == "hall"


def test_typing_over_a_doubt_answers_it_and_chooses_nothing_unseen(
    qtbot: QtBot, doubted: Studio
) -> None:
    press(doubted, Qt.Key.Key_F8)
    QTest.keyClicks(doubted.transcript, "well")
    with qtbot.waitSignal(doubted.subtitles.changed):
        press(doubted, Qt.Key.Key_Space)
    assert findings_of(doubted)[0] == "Speech without text, 0.2 s"
    assert doubted.findings.chosen is None
    press(doubted, Qt.Key.Key_F8)
    assert doubted.findings.chosen is not None
    assert doubted.findings.chosen.is_gap


def test_what_lacks_text_can_be_left_without_and_has_no_alternatives(
    qtbot: QtBot, doubted: Studio
) -> None:
    doubted.window.show_findings()
    for _ in range(2):
        doubted.findings.go_to_next()
    qtbot.waitUntil(lambda: labels(doubted) == ["Leave it without text", "Play", "Hear again"])


def test_a_fault_of_a_cue_has_no_answers(opened: Studio) -> None:
    opened.window.show_findings()
    fault = opened.findings.rows[0]
    assert not fault.can_be_kept
    opened.findings.go_to_next()
    assert opened.findings.chosen == fault
    assert opened.playback.position == fault.start
    assert labels(opened) == []


def test_an_arrow_key_in_the_list_shows_the_answers(doubted: Studio) -> None:
    doubted.window.show_findings()
    doubted.findings.go_to_next()
    before = doubted.playback.position
    QTest.keyClick(doubted.window.focusWidget(), Qt.Key.Key_Down)
    assert doubted.findings.chosen is not None
    assert doubted.findings.chosen.is_gap
    assert doubted.playback.position == before


def test_the_place_of_a_finding_is_played_to_its_end(qtbot: QtBot, doubted: Studio) -> None:
    doubted.playback.rewind_ms = 0
    doubted.findings.go_to_next()
    play = action(doubted, "review.play")
    qtbot.waitUntil(play.isEnabled)
    play.trigger()
    qtbot.waitUntil(lambda: doubted.playback.is_playing)
    qtbot.waitUntil(lambda: not doubted.playback.is_playing)
    assert doubted.playback.position == WALL.span.end + 500


def test_hearing_a_finding_again_takes_in_its_paragraph(
    qtbot: QtBot, doubted: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Span | None] = []
    monkeypatch.setattr(
        "granite_studio.ui.engine_deeds._hear", lambda _studio, span: asked.append(span)
    )
    doubted.findings.go_to_next()
    hear = action(doubted, "review.hear")
    qtbot.waitUntil(hear.isEnabled)
    hear.trigger()
    assert asked == [Span(100, 1700)]


def test_without_a_chosen_finding_nothing_can_be_answered(
    program: Program, doubted: Studio
) -> None:
    actions = program.frame.actions
    actions.refresh()
    names = ("review.take_1", "review.keep", "review.play", "review.hear")
    assert [actions.actions[name].isEnabled() for name in names] == [False] * 4
    assert not actions.actions["review.take_1"].isVisible()


def test_two_speakers_become_one_by_one_key(qtbot: QtBot, doubted: Studio) -> None:
    first, second = (speaker.name for speaker in doubted.session.document.speakers[:2])
    question = Finding("same-speaker", Span(0, 600), "May be one person.", (first, second))
    doubted.session.commit(edits.add_finding(doubted.session.document, question), "Hear")
    doubted.playback.seek(0)
    doubted.findings.go_to_previous()
    while doubted.findings.chosen is None or doubted.findings.chosen.finding != question:
        doubted.findings.go_to_previous()
    doubted.window.show_findings(focus=False)
    take = action(doubted, "review.take_2")
    qtbot.waitUntil(take.isEnabled)
    assert take.text() == f"Both are “{second}”"
    assert labels(doubted)[:3] == [f"1   {first}", f"2   {second}", "They are two"]
    press(doubted, Qt.Key.Key_2, CTRL_SHIFT)
    names = [speaker.name for speaker in doubted.session.document.speakers]
    assert second in names
    assert first not in names
    assert doubted.session.undo_label == f"Both are “{second}”"
