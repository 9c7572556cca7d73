"""Editing times on the timeline with the mouse."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from granite_studio.core import edits
from granite_studio.core.document import CueOverride, Document, Word
from granite_studio.store.project import Project
from tests.ui.timelines import ALT, ANNA, BEN, CONTROL, CONVERSATION, SHIFT, Desktop, talk


@pytest.fixture
def desktop(qtbot: QtBot, tmp_path: Path, dressed: QApplication) -> Iterator[Desktop]:
    made = Desktop(tmp_path)
    qtbot.addWidget(made.timeline)
    with qtbot.waitExposed(made.timeline):
        pass
    made.scale(5)
    yield made
    made.close()


def times(document: Document, row: int) -> list[tuple[str, int, int]]:
    return [(word.text, word.start, word.end) for word in document.segments[row].words]


def word(desktop: Desktop, row: int, number: int) -> Word:
    return desktop.document.segments[row].words[number]


def texts(document: Document) -> list[str]:
    return [segment.text for segment in document.segments]


def cursor(desktop: Desktop, point: QPoint) -> Qt.CursorShape:
    from PySide6.QtCore import QEvent

    desktop.mouse(QEvent.Type.MouseMove, point, Qt.MouseButton.NoButton)
    shape: Qt.CursorShape = desktop.viewport.cursor().shape()
    return shape


# words


def test_dragging_the_edge_of_a_word_retimes_it(desktop: Desktop) -> None:
    desktop.drag(desktop.at(1700, 0), desktop.at(1600, 0), SHIFT)

    assert times(desktop.document, 0)[2] == ("that", 1600, 2000)
    assert word(desktop, 0, 2).touched


def test_one_drag_is_one_step_of_undo(desktop: Desktop) -> None:
    desktop.drag(desktop.at(1700, 0), desktop.at(1600, 0), SHIFT)
    desktop.drag(desktop.at(1600, 0), desktop.at(1650, 0), SHIFT)

    desktop.session.undo()
    assert times(desktop.document, 0)[2] == ("that", 1600, 2000)
    desktop.session.undo()
    assert desktop.document.segments == CONVERSATION.segments


def test_words_that_touch_are_parted_at_another_moment(desktop: Desktop) -> None:
    desktop.drag(desktop.at(2500, 1), desktop.at(2700, 1), SHIFT)

    assert times(desktop.document, 1)[:2] == [("Who", 2200, 2700), ("pays", 2700, 3000)]


def test_alt_leaves_the_neighbour_where_it_is(desktop: Desktop) -> None:
    desktop.drag(desktop.at(2500, 1), desktop.at(2700, 1), SHIFT | ALT)

    assert times(desktop.document, 1)[:2] == [("Who", 2200, 2500), ("pays", 2700, 3000)]


def test_a_word_keeps_some_length_and_stays_behind_the_one_before(desktop: Desktop) -> None:
    desktop.drag(desktop.at(1700, 0), desktop.at(2600, 0), SHIFT)
    assert times(desktop.document, 0)[2] == ("that", 1980, 2000)

    desktop.drag(desktop.at(1985, 0), desktop.at(200, 0), SHIFT)
    assert times(desktop.document, 0)[2] == ("that", 1500, 2000)


def test_an_edge_snaps_to_the_word_of_another_lane(desktop: Desktop) -> None:
    desktop.drag(desktop.at(2000, 0), desktop.at(2185, 0))

    assert times(desktop.document, 0)[2] == ("that", 1700, 2200)


def test_an_edge_snaps_to_the_quietest_moment_near(desktop: Desktop) -> None:
    desktop.timeline.set_peaks(talk(quiet=(3760, 3776)))

    desktop.drag(desktop.at(3400, 1), desktop.at(3790, 1))

    assert times(desktop.document, 1)[2] == ("you?", 3000, 3768)


def test_shift_turns_snapping_off(desktop: Desktop) -> None:
    desktop.timeline.set_peaks(talk(quiet=(3760, 3776)))

    desktop.drag(desktop.at(3400, 1), desktop.at(3790, 1), SHIFT)

    assert times(desktop.document, 1)[2] == ("you?", 3000, 3790)


def test_nothing_is_committed_before_the_button_is_let_go(desktop: Desktop) -> None:
    desktop.drag(desktop.at(1700, 0), desktop.at(1600, 0), SHIFT, drop=False)

    assert desktop.document.segments == CONVERSATION.segments
    assert times(desktop.timeline._desk.content.text.document, 0)[2] == ("that", 1600, 2000)
    assert desktop.timeline._desk.readout == "00:00:01.600  (-0.100 s)"


def test_escape_takes_a_drag_back(desktop: Desktop, qtbot: QtBot) -> None:
    before = desktop.view.grab().toImage()
    desktop.drag(desktop.at(1700, 0), desktop.at(1600, 0), drop=False)
    assert desktop.view.grab().toImage() != before

    QTest.keyClick(desktop.view, Qt.Key.Key_Escape)
    desktop.viewport.unsetCursor()

    assert desktop.document.segments == CONVERSATION.segments
    assert desktop.session.undo_label is None
    assert desktop.view.grab().toImage() == before


def test_a_machine_may_add_words_in_the_middle_of_a_drag(desktop: Desktop) -> None:
    desktop.drag(desktop.at(2200, 1), desktop.at(2100, 1), SHIFT, drop=False)
    desktop.session.commit(edits.split(desktop.document, edits.Place(0, 1)), "Heard")

    desktop.mouse(*released(desktop, desktop.at(2100, 1)))

    assert times(desktop.document, 2)[0] == ("Who", 2100, 2500)


def test_a_drag_ends_when_its_word_goes(desktop: Desktop) -> None:
    desktop.drag(desktop.at(2200, 1), desktop.at(2100, 1), SHIFT, drop=False)
    desktop.session.commit(edits.retype(desktop.document, 1, ""), "Delete")
    after = desktop.document

    desktop.mouse(*released(desktop, desktop.at(2100, 1)))

    assert desktop.document is after


def released(desktop: Desktop, point: QPoint) -> tuple:  # type: ignore[type-arg]
    from PySide6.QtCore import QEvent

    return QEvent.Type.MouseButtonRelease, point, Qt.MouseButton.LeftButton, SHIFT


def test_shift_and_control_click_set_start_and_end_of_the_chosen_word(desktop: Desktop) -> None:
    desktop.double_click(desktop.at(4300, 2))

    desktop.click(desktop.at(3900), SHIFT)
    desktop.click(desktop.at(4800), CONTROL)

    assert times(desktop.document, 2) == [("Nobody.", 3900, 4800)]


# turns


def test_dragging_the_border_of_turns_moves_words_over_it(desktop: Desktop) -> None:
    desktop.scale(12)
    desktop.drag(desktop.at(2200, 1), desktop.at(2760, 1))

    assert texts(desktop.document)[:2] == ["We know that Who pays", "you?"]
    assert [segment.speaker for segment in desktop.document.segments] == [ANNA, BEN, None]


def test_the_border_can_be_dragged_the_other_way(desktop: Desktop) -> None:
    desktop.scale(12)
    desktop.drag(desktop.at(2200, 1), desktop.at(1800, 1))

    assert texts(desktop.document)[:2] == ["We know", "that Who pays you?"]


def test_a_turn_keeps_its_last_word(desktop: Desktop) -> None:
    desktop.scale(12)
    desktop.drag(desktop.at(2200, 1), desktop.at(5000, 1))

    assert texts(desktop.document)[:2] == ["We know that Who pays", "you?"]


def test_what_will_move_and_to_whom_is_said_while_dragging(desktop: Desktop) -> None:
    desktop.scale(12)
    desktop.drag(desktop.at(2200, 1), desktop.at(2760, 1), drop=False)

    assert desktop.timeline._desk.readout == "“Who pays” → Anna"


# cues


def cues(desktop: Desktop) -> list[tuple[int, int]]:
    return [(cue.start, cue.end) for cue in desktop.timeline._desk.content.cues.items]


def test_dragging_the_edge_of_a_cue_fixes_its_time(desktop: Desktop, qtbot: QtBot) -> None:
    last = desktop.timeline._desk.content.cues.items[-1]
    desktop.drag(desktop.at(last.start, "cues"), desktop.at(3800, "cues"), SHIFT)

    assert desktop.document.cue_overrides == (CueOverride(last.first, last.last, start=3800),)
    assert cues(desktop)[-1][0] == 3800
    qtbot.waitUntil(lambda: desktop.timeline._desk.content.cues.items[-1].fixed)
    assert cues(desktop)[-1][0] == 3800


def test_the_other_edge_of_a_fixed_cue_keeps_its_time(desktop: Desktop, qtbot: QtBot) -> None:
    last = desktop.timeline._desk.content.cues.items[-1]
    desktop.drag(desktop.at(last.start, "cues"), desktop.at(3800, "cues"), SHIFT)
    desktop.scale(10)
    desktop.drag(desktop.at(last.end, "cues"), desktop.at(7000, "cues"), SHIFT)

    assert desktop.document.cue_overrides == (
        CueOverride(last.first, last.last, start=3800, end=7000),
    )


def test_a_cue_stops_at_its_neighbour(desktop: Desktop) -> None:
    before, last = desktop.timeline._desk.content.cues.items[-2:]
    desktop.drag(desktop.at(last.start, "cues"), desktop.at(500, "cues"), SHIFT)

    assert cues(desktop)[-1][0] == before.end


def test_escape_takes_the_drag_of_a_cue_back(desktop: Desktop, qtbot: QtBot) -> None:
    before = cues(desktop)
    last = before[-1]
    desktop.drag(desktop.at(last[0], "cues"), desktop.at(3800, "cues"), drop=False)
    assert cues(desktop) != before

    QTest.keyClick(desktop.view, Qt.Key.Key_Escape)

    assert cues(desktop) == before
    assert desktop.document is not None
    assert desktop.document.cue_overrides == ()


def test_return_makes_a_cue_of_the_selected_span(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.drag(desktop.at(1650), desktop.at(2900), SHIFT)

    QTest.keyClick(desktop.view, Qt.Key.Key_Return)

    assert desktop.document.cue_overrides == (CueOverride(13, 22, 1650, 2900),)
    assert desktop.timeline.span is None


def test_return_over_silence_makes_nothing(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.drag(desktop.at(3500), desktop.at(3900), SHIFT)

    with qtbot.waitSignal(desktop.timeline.refused):
        assert not desktop.timeline.make_cue()
    assert desktop.document.cue_overrides == ()


# what a drag will do is seen before


def test_cursors_tell_what_a_drag_will_do(desktop: Desktop) -> None:
    assert cursor(desktop, desktop.at(1700, 0)) is Qt.CursorShape.SizeHorCursor
    assert cursor(desktop, desktop.at(1850, 0)) is Qt.CursorShape.ArrowCursor
    assert cursor(desktop, desktop.at(1000, "ruler")) is Qt.CursorShape.PointingHandCursor
    desktop.scale(12)
    assert cursor(desktop, desktop.at(2200, 1)) is Qt.CursorShape.SplitHCursor


def test_a_project_for_reading_only_cannot_be_dragged_about(
    desktop: Desktop, tmp_path: Path
) -> None:
    desktop.session.close()
    desktop.session.show(Project.open(tmp_path / "talk.gstudio", read_only=True))
    desktop.scale(5)

    assert cursor(desktop, desktop.at(1700, 0)) is Qt.CursorShape.ArrowCursor
    desktop.drag(desktop.at(1700, 0), desktop.at(1600, 0))
    desktop.drag(desktop.at(4000, "cues"), desktop.at(3800, "cues"))

    assert desktop.document.segments == CONVERSATION.segments
    assert desktop.document.cue_overrides == ()


def test_held_beyond_the_edge_a_drag_scrolls_on(desktop: Desktop, qtbot: QtBot) -> None:
    start, end = desktop.at(4000), desktop.at(6000)
    desktop.drag(start, end, SHIFT, drop=False)

    qtbot.waitUntil(lambda: desktop.view.start > 2000)
    desktop.mouse(*released(desktop, end))

    assert desktop.timeline.span is not None
    assert desktop.timeline.span.start == 4000
    assert desktop.timeline.span.end > 8000
