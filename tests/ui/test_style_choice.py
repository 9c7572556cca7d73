"""A person's own styles in the whole window: chosen, edited while in use, and lost."""

from dataclasses import replace

from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from granite_studio.app import Program
from granite_studio.core.styles import style
from granite_studio.store import places
from granite_studio.ui.dialogs.quality_panel import QualityPanel
from granite_studio.ui.dialogs.styles_panel import StylesPanel
from granite_studio.ui.studio import Studio


def box_of(studio: Studio) -> QComboBox:
    box = studio.cues.findChild(QComboBox)
    assert isinstance(box, QComboBox)
    return box


def test_an_own_style_can_be_chosen_wherever_there_is_a_choice(
    program: Program, opened: Studio
) -> None:
    opened.styles.duplicate("bbc", "R&D house")
    assert box_of(opened).findData("r-d-house") == 2
    menu = program.frame.actions.submenu("cues.style")
    menu.aboutToShow.emit()
    rows = {action.text(): action for action in menu.actions()}
    assert "R&&D house" in rows
    netflix = rows["Netflix"].menu()
    assert "German, children" in [action.text() for action in netflix.actions()]
    rows["R&&D house"].trigger()
    assert opened.subtitles.style == opened.styles.now.get("r-d-house")
    assert box_of(opened).currentText() == "R&D house"
    for name in ("export", "preferences"):
        boxes = opened.show_dialog(name).findChildren(QComboBox)
        (found,) = [box for box in boxes if box.findData("bbc") >= 0]
        assert found.currentText() == "R&D house"


def test_cues_follow_the_style_in_use_while_it_is_edited(qtbot: QtBot, opened: Studio) -> None:
    own = opened.styles.duplicate("general", "House")
    opened.settings.change(style="house")
    with qtbot.waitSignal(opened.subtitles.changed):
        opened.styles.keep(replace(own, cpl=20))
    assert all(len(line) <= 20 for cue in opened.subtitles.cues for line in cue.lines)


def test_a_style_that_is_gone_is_told_and_the_general_one_is_used(opened: Studio) -> None:
    banners = opened.window.banners
    opened.settings.change(style="vertical")
    assert banners.text("styles") == ""
    opened.settings.change(style="lost")
    assert opened.subtitles.style == style()
    assert box_of(opened).currentData() == "general"
    assert "There is no subtitle style “lost” any more" in banners.text("styles")
    opened.settings.change(style="bbc")
    assert banners.text("styles") == ""


def test_a_file_that_is_no_style_is_told(opened: Studio) -> None:
    places.styles_dir().mkdir()
    (places.styles_dir() / "bad.toml").write_text("nonsense")
    opened.styles.duplicate("bbc", "House")
    assert "“bad.toml” is left out." in opened.window.banners.text("styles")
    assert "house" in opened.styles.now


def test_the_dialogs_open_from_the_menu_and_leave_nothing_behind(
    qtbot: QtBot, program: Program, opened: Studio
) -> None:
    actions = program.frame.actions
    actions.refresh()
    for name, kind in (("cues.edit_styles", StylesPanel), ("cues.quality", QualityPanel)):
        for _ in range(2):
            actions.actions[name].trigger()
            (panel,) = opened.window.findChildren(kind)
            assert panel.isVisible()
            panel.close()
            qtbot.waitUntil(lambda kind=kind: not opened.window.findChildren(kind))


def test_the_report_needs_cues(program: Program) -> None:
    program.frame.actions.refresh()
    assert not program.frame.actions.actions["cues.quality"].isEnabled()
    assert program.frame.actions.actions["cues.edit_styles"].isEnabled()
