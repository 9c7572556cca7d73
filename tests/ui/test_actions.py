"""One table of actions: nothing twice, nothing without a hand, all of it reachable."""

from itertools import combinations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from granite_studio.app import Program
from granite_studio.core.document import Span
from granite_studio.core.errors import ProjectError
from granite_studio.ui import theme
from granite_studio.ui.acting import CONTEXTS, FILE, MENUS, WINDOW, Action
from granite_studio.ui.action_set import tool_tip
from granite_studio.ui.actions import ACTIONS
from granite_studio.ui.dialogs.hear_options import HearOptions
from granite_studio.ui.dialogs.models_page import ModelsPage
from granite_studio.ui.studio import Studio

ROW = {row.id: row for row in ACTIONS}


def keys_of(action: str) -> set[str]:
    return {sequence for _, sequence in ROW[action].keys}


def test_no_id_is_given_twice() -> None:
    assert len(ROW) == len(ACTIONS)


def test_no_key_means_two_things_in_one_place() -> None:
    taken = [
        (context, QKeySequence(sequence).toString(), row.id)
        for row in ACTIONS
        for context, sequence in row.keys
    ]
    clashes = [
        (one, other)
        for one, other in combinations(taken, 2)
        if one[1] == other[1] and (one[0] == other[0] or WINDOW in (one[0], other[0]))
    ]
    assert clashes == []


@pytest.mark.parametrize("row", ACTIONS, ids=lambda row: row.id)
def test_every_row_can_be_called_and_is_in_a_menu(row: Action) -> None:
    assert callable(row.call) or row.fill is not None
    assert row.menu in MENUS
    assert row.text
    for context, sequence in row.keys:
        assert context in CONTEXTS
        assert QKeySequence(sequence).toString(), sequence


def test_every_icon_is_in_the_set(dressed: QApplication) -> None:
    for row in ACTIONS:
        if row.icon:
            assert not theme.icon(row.icon).pixmap(16, 16).toImage().isNull(), row.icon


def test_the_hands_stay_on_the_keys_that_transcribers_know() -> None:
    assert keys_of("listen.play") == {"Ctrl+Space", "Esc", "Space"}
    assert keys_of("listen.back") == {"F1"}
    assert keys_of("listen.forward") == {"F2"}
    assert keys_of("listen.slower") == {"F3"}
    assert keys_of("listen.faster") == {"F4"}
    assert keys_of("edit.split") == {"Return"}
    assert keys_of("speakers.new") == {"Ctrl+R"}
    assert keys_of("speakers.assign_3") == {"Ctrl+3"}
    assert keys_of("listen.go_to") == {"Ctrl+K", "Ctrl+G"}
    assert keys_of("review.next") == {"F8"}
    assert keys_of("listen.hear") == {"F9"}


def test_a_tip_names_the_key() -> None:
    assert tool_tip(ROW["listen.back"]) == "Back 5 seconds (F1)"


def test_the_menus_stand_in_order_and_hold_every_action(program: Program) -> None:
    bar = program.studio.window.menuBar()
    menus = [action.menu() for action in bar.actions()]
    titles = [menu.title().replace("&", "") for menu in menus if isinstance(menu, QMenu)]
    assert titles == [name.replace("&", "") for name in MENUS]
    listed = [
        action.objectName()
        for menu in menus
        if isinstance(menu, QMenu)
        for action in menu.actions()
        if not action.isSeparator()
    ]
    assert listed == [row.id for row in ACTIONS]


def test_with_nothing_open_only_what_makes_sense_can_be_done(program: Program) -> None:
    enabled = {name for name, a in program.frame.actions.actions.items() if a.isEnabled()}
    assert {"file.open", "file.sample", "file.quit", "view.palette", "view.dark"} <= enabled
    assert not enabled & {"listen.play", "edit.undo", "listen.hear", "file.export", "edit.split"}


def test_an_open_project_can_be_played_heard_and_changed(program: Program, opened: Studio) -> None:
    actions = program.frame.actions
    actions.refresh()
    enabled = {name for name, action in actions.actions.items() if action.isEnabled()}
    assert {"listen.play", "listen.hear", "file.export", "edit.split", "cues.split"} <= enabled
    assert "edit.undo" not in enabled
    assert actions.actions["speakers.assign_1"].text() == "Anna Berg"
    assert not actions.actions["speakers.assign_3"].isVisible()


def test_a_speaker_who_was_just_added_has_a_key(
    qtbot: QtBot, program: Program, opened: Studio
) -> None:
    third = program.frame.actions.actions["speakers.assign_3"]
    opened.transcript.new_speaker_here()
    qtbot.waitUntil(third.isVisible)
    opened.transcript.selectAll()
    QTest.keyClick(opened.transcript, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    speakers = {segment.speaker for segment in opened.session.document.segments}
    assert speakers == {opened.session.document.speakers[2].id}


def test_a_selected_stretch_becomes_one_cue_and_can_be_zoomed_to(
    qtbot: QtBot, program: Program, opened: Studio
) -> None:
    actions = program.frame.actions.actions
    assert not actions["cues.make"].isEnabled()
    opened.timeline._desk.select_span(Span(100, 900))
    qtbot.waitUntil(actions["cues.make"].isEnabled)
    actions["view.zoom_selection"].trigger()
    assert opened.timeline.shown == Span(20, 980)
    with qtbot.waitSignal(opened.subtitles.changed):
        actions["cues.make"].trigger()
    cue = opened.subtitles.cues[0]
    assert (cue.start, cue.end, cue.text) == (100, 900, "The sea wall was")


def test_the_timeline_can_be_told_not_to_follow(program: Program, opened: Studio) -> None:
    follow = program.frame.actions.actions["view.follow"]
    follow.trigger()
    program.frame.actions.refresh()
    assert not opened.timeline.is_following
    assert not follow.isChecked()


def test_a_copied_quote_is_said_at_the_foot(program: Program, opened: Studio) -> None:
    program.frame.actions.actions["edit.quote"].trigger()
    assert "copied" in opened.window.job_bar.text


def test_undo_says_what_it_takes_back(qtbot: QtBot, program: Program, opened: Studio) -> None:
    undo = program.frame.actions.actions["edit.undo"]
    opened.transcript.new_speaker_here()
    qtbot.waitUntil(undo.isEnabled)
    assert undo.text() == "Undo: New speaker"


def test_a_key_for_the_window_works_while_typing(qtbot: QtBot, opened: Studio) -> None:
    opened.transcript.setFocus()
    QTest.keyClick(opened.transcript, Qt.Key.Key_F2)
    assert opened.playback.position == 4000  # five seconds on is past the end
    QTest.keyClick(opened.transcript, Qt.Key.Key_F4)
    assert opened.playback.rate == pytest.approx(1.1)


def test_escape_plays_in_the_transcript_only(qtbot: QtBot, opened: Studio) -> None:
    opened.timeline.setFocus()
    QTest.keyClick(opened.window.focusWidget(), Qt.Key.Key_Escape)
    assert not opened.playback.is_playing
    opened.transcript.setFocus()
    QTest.keyClick(opened.transcript, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: opened.playback.is_playing)


def test_one_key_can_mean_another_thing_in_another_panel(qtbot: QtBot, opened: Studio) -> None:
    rows = len(opened.session.document.segments)
    opened.playback.seek(300)
    opened.transcript.setFocus()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(opened.transcript, Qt.Key.Key_M, both)
    assert len(opened.session.document.segments) == rows - 1
    opened.cues.setFocus()
    QTest.keyClick(opened.window.focusWidget(), Qt.Key.Key_M, both)
    assert len(opened.session.document.segments) == rows - 1
    assert len(opened.session.document.cue_overrides) == 1


def test_an_engine_that_is_not_ready_is_said_beside_the_way_to_change_it(
    program: Program, opened: Studio
) -> None:
    opened.settings.change(engine="granite-plus")
    program.frame.actions.actions["listen.hear"].trigger()
    banners = opened.window.banners
    assert "Granite Speech 4.1 Plus needs its model" in banners.text("engine")
    (change,) = banners.findChildren(QPushButton)
    QTest.mouseClick(change, Qt.MouseButton.LeftButton)
    assert opened.window.findChild(HearOptions).isVisible()


def test_what_cannot_be_done_is_said_in_a_banner(program: Program, opened: Studio) -> None:
    def refuse() -> None:
        raise ProjectError("The disk is full; make room.")

    row = Action("test.refused", FILE, "Refused", lambda _studio: refuse(), lambda _studio: True)
    program.frame.actions._run(row)
    assert opened.window.banners.text("action") == "The disk is full; make room."


def test_the_menu_of_engines_leads_to_what_is_missing(program: Program, opened: Studio) -> None:
    menu = program.frame.actions.submenu("listen.engine")
    menu.aboutToShow.emit()
    rows = {action.text(): action for action in menu.actions()}
    assert rows["The best that is ready"].isChecked()
    rows["Draft (PocketSphinx, English)"].trigger()
    assert opened.settings.now.engine == "draft"
    missing = rows["Granite Speech 4.1 NAR (not ready) …"]
    assert missing.isEnabled()
    assert "needs its model" in missing.toolTip()
    missing.trigger()
    assert opened.settings.now.engine == "draft"
    page = opened.window.findChild(ModelsPage)
    assert page.isVisible()
    assert page.window().focusWidget() is page.cards["granite-nar"].button("download")
