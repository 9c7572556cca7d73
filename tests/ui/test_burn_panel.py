"""The video with its subtitles, saved from the window by the ffmpeg program."""

from __future__ import annotations

import shutil
from pathlib import Path

import av
import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from granite_studio.app import Program
from granite_studio.core import edits
from granite_studio.ui.dialogs.burn import BurnPanel
from granite_studio.ui.studio import Studio
from tests.cli.test_burning import picture
from tests.ui.test_shots import film_project, open_project

with_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")


@pytest.fixture
def shown(qtbot: QtBot, studio: Studio, tmp_path: Path) -> Studio:
    """The whole program with a film's project open."""
    open_project(qtbot, studio, film_project(tmp_path))
    return studio


def opened_panel(program: Program) -> BurnPanel:
    program.frame.actions.refresh()
    program.frame.actions.actions["file.burn"].trigger()
    panel = program.studio.window.findChild(BurnPanel)
    assert isinstance(panel, BurnPanel)
    return panel


def save(qtbot: QtBot, studio: Studio, panel: BurnPanel) -> str:
    with qtbot.waitSignal(studio.burning.ended, timeout=60_000) as ended:
        qtbot.mouseClick(panel._start, Qt.MouseButton.LeftButton)
        assert panel.isHidden()
    return str(ended.args[0])


@with_ffmpeg
def test_words_are_burnt_in_as_they_are_seen_in_the_window(
    qtbot: QtBot, program: Program, shown: Studio, tmp_path: Path
) -> None:
    panel = opened_panel(program)
    out = tmp_path / "film subtitled.mp4"
    assert panel.target == out
    seen: list[str] = []
    shown.burning.progress.connect(lambda _p: seen.append(shown.window.job_bar.text))
    assert save(qtbot, shown, panel) == "finished"
    changed = np.abs(picture(tmp_path / "film.mp4", 0.5) - picture(out, 0.5)) > 60
    assert changed.mean() > 0.003
    assert any(text.startswith("Writing ") for text in seen)
    assert shown.window.job_bar.text.startswith(f"The video is in {out}.")
    assert shown.window.job_bar.side.isHidden()
    assert list(tmp_path.glob(".~*")) == []


@with_ffmpeg
def test_the_shade_and_larger_letters_take_more_of_the_picture(
    qtbot: QtBot, program: Program, shown: Studio, tmp_path: Path
) -> None:
    changed = {}
    for size, ground in ((0, 1), (2, 1), (2, 0)):
        panel = opened_panel(program)
        panel._size.setCurrentIndex(size)
        panel._ground.setCurrentIndex(ground)
        out = tmp_path / f"{size}{ground}.mp4"
        panel.set_target(out)
        save(qtbot, shown, panel)
        before, after = picture(tmp_path / "film.mp4", 0.5), picture(out, 0.5)
        changed[size, ground] = float((np.abs(before - after) > 30).mean())
    assert changed[0, 1] < changed[2, 1] < changed[2, 0]


@with_ffmpeg
def test_a_track_is_added_and_the_pictures_stay(
    qtbot: QtBot, program: Program, shown: Studio, tmp_path: Path
) -> None:
    panel = opened_panel(program)
    panel._as_track.setChecked(True)
    assert "The pictures stay as they are." in panel.note
    save(qtbot, shown, panel)
    out = tmp_path / "film subtitled.mp4"
    with av.open(str(out)) as container:
        assert [track.language for track in container.streams.subtitles] == ["eng"]
    assert (picture(tmp_path / "film.mp4", 0.5) == picture(out, 0.5)).all()


@with_ffmpeg
def test_writing_can_be_stopped_and_leaves_nothing(
    qtbot: QtBot, program: Program, shown: Studio, tmp_path: Path
) -> None:
    panel = opened_panel(program)
    with qtbot.waitSignal(shown.burning.started):
        qtbot.mouseClick(panel._start, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(shown.burning.ended, timeout=30_000) as ended:
        shown.window.job_bar.side.stop_pressed.emit()
    assert ended.args == ["cancelled"]
    assert not (tmp_path / "film subtitled.mp4").exists()
    assert list(tmp_path.glob(".~*")) == []
    assert shown.window.job_bar.text.startswith("Stopped; no video was written.")


@with_ffmpeg
def test_what_viewers_do_not_get_is_said(program: Program, shown: Studio) -> None:
    session = shown.session
    session.commit(edits.add_note(session.document, edits.Place(0, 0), "check"), "note")
    panel = opened_panel(program)
    assert "Not in the pictures: 2 speakers' names and 1 note." in panel.note
    panel._as_track.setChecked(True)
    assert "Not in a track of .mp4: 2 speakers' names and 1 note." in panel.note
    panel._speakers.setChecked(True)
    panel._look()
    assert "Not in a track of .mp4: 1 note." in panel.note


@with_ffmpeg
def test_characters_that_no_font_has_are_said(
    qtbot: QtBot, program: Program, shown: Studio
) -> None:
    session = shown.session
    session.commit(edits.retype(session.document, 0, "So \U0010fffd it"), "typing")
    panel = opened_panel(program)
    assert save(qtbot, shown, panel) == "finished"
    assert "U+10FFFD" in shown.window.banners.text("shapeless")
    session.commit(edits.retype(session.document, 0, "So it"), "typing")
    assert save(qtbot, shown, opened_panel(program)) == "finished"
    assert shown.window.banners.text("shapeless") == ""


def test_without_ffmpeg_it_says_how_to_get_it(
    program: Program, shown: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    panel = opened_panel(program)
    assert panel.note.startswith("Videos are written by ffmpeg, which is not here; install it")
    assert not panel._start.isEnabled()


@with_ffmpeg
def test_what_stands_against_it_is_said(program: Program, shown: Studio, tmp_path: Path) -> None:
    panel = opened_panel(program)
    panel.set_target(tmp_path / "film.mp4")
    assert "is the video itself" in panel.note
    panel.set_target(tmp_path / "film.wmv")
    assert "end its name in .mp4" in panel.note
    assert not panel._start.isEnabled()
    (tmp_path / "old.mp4").write_bytes(b"old")
    panel.set_target(tmp_path / "old.mp4")
    assert "old.mp4 will be replaced." in panel.note
    assert panel._start.isEnabled()


def test_the_name_follows_the_kind_of_video(
    qtbot: QtBot, program: Program, shown: Studio, tmp_path: Path
) -> None:
    panel = opened_panel(program)
    assert panel.target == tmp_path / "film subtitled.mp4"
    panel.close()
    (tmp_path / "film.mp4").rename(tmp_path / "film.avi")
    with qtbot.waitSignal(shown.recording.settled, timeout=20_000):
        shown.project.relink(tmp_path / "film.avi")
    assert opened_panel(program).target == tmp_path / "film subtitled.mkv"


def test_a_choice_for_names_is_one_of_the_settings(
    qtbot: QtBot, program: Program, shown: Studio
) -> None:
    panel = opened_panel(program)
    before = shown.settings.now.names_in_text
    panel._speakers.click()
    assert shown.settings.now.names_in_text is not before
    qtbot.waitUntil(lambda: not panel._later.isActive())
    assert panel._speakers.isChecked() is not before


def test_letters_that_have_no_room_are_told(program: Program, shown: Studio) -> None:
    words = edits.retype(shown.session.document, 0, "a sea wall that is as long as a line can be")
    shown.session.commit(words, "Type")
    shown.subtitles._derive()
    panel = opened_panel(program)
    panel._size.setCurrentIndex(2)
    assert "The letters are made smaller" in panel.note
    panel._size.setCurrentIndex(0)
    assert "The letters are made smaller" not in panel.note


def test_sound_alone_has_no_pictures_to_save(program: Program, opened: Studio) -> None:
    program.frame.actions.refresh()
    action = program.frame.actions.actions["file.burn"]
    assert not action.isEnabled()
    assert action.toolTip().endswith("This recording has no pictures.")
