"""Files that are dropped on the window go where a person means them to go."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from granite_studio import formats
from granite_studio.core.document import Document, Media
from granite_studio.core.files import fingerprint
from granite_studio.media.values import Shots
from granite_studio.store.project import Project
from granite_studio.ui.dialogs.align_text import AlignPanel
from granite_studio.ui.dialogs.returning import ReturnPanel
from granite_studio.ui.studio import Studio
from tests.ui.conftest import transcript

TURNS = "SPEAKER tone 1 0.000 4.000 <NA> <NA> Mara <NA> <NA>\n"
SRT = "1\n00:00:00,500 --> 00:00:01,500\nGood morning.\n"


def drop(studio: Studio, *paths: Path) -> None:
    studio.window.open_requested.emit(list(paths))


def question(studio: Studio) -> QMessageBox:
    (box,) = (box for box in studio.window.findChildren(QMessageBox) if box.isVisible())
    return box


def press(qtbot: QtBot, box: QMessageBox, text: str) -> None:
    (button,) = (button for button in box.buttons() if button.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def name_of(studio: Studio) -> str:
    assert studio.session.project is not None
    return studio.session.project.path.name


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def made(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return made


@pytest.fixture
def unheard(qtbot: QtBot, studio: Studio, tone: Path) -> Studio:
    """The whole program with a recording open of which nothing is written down."""
    with qtbot.waitSignals([studio.opening.opened, studio.recording.settled], timeout=20_000):
        drop(studio, tone)
    qtbot.waitUntil(lambda: not studio.recording.is_reading)
    return studio


def test_turns_give_the_words_of_the_open_project_their_speakers(
    qtbot: QtBot, opened: Studio, write: Callable[[str, str], Path]
) -> None:
    project = opened.session.project
    with qtbot.waitSignal(opened.session.changed, timeout=10_000):
        drop(opened, write("a.rttm", TURNS))
    assert opened.session.project is project
    assert [speaker.name for speaker in opened.session.document.speakers] == ["Mara"]
    assert opened.window.job_bar.text.startswith("Speakers from a.rttm: 18 of 18 words")
    opened.session.undo()
    assert opened.session.document.speakers[0].name == "Anna Berg"


def test_a_list_of_shot_changes_is_the_open_projects(
    opened: Studio, write: Callable[[str, str], Path]
) -> None:
    for name, times in (("cuts.txt", "1.5\n3\n"), ("cuts.shots", "2\n")):
        drop(opened, write(name, times))
        count = len(times.split())
        assert opened.window.job_bar.text.startswith(f"{count} shot changes were imported")
    assert opened.shots.known == Shots((2000,), 25.0)
    drop(opened, write("odd.shots", "soon\n"))
    assert "Line 1 of odd.shots is no time" in opened.window.banners.text("shots")


def test_shot_changes_without_a_project_wait_for_one(
    studio: Studio, write: Callable[[str, str], Path]
) -> None:
    drop(studio, write("cuts.txt", "1.5\n3\n"))
    told = "Open the recording that “cuts.txt” belongs to, then drop it once more."
    assert studio.window.job_bar.text.startswith(told)
    assert not studio.opening.is_busy


def test_a_project_that_cannot_be_changed_says_so(
    qtbot: QtBot, studio: Studio, project_file: Path, write: Callable[[str, str], Path]
) -> None:
    studio.session.show(Project.open(project_file, read_only=True))
    for path in (write("a.rttm", TURNS), write("cuts.txt", "1.5\n")):
        drop(studio, path)
        told = f"This project cannot be changed, so nothing was taken from “{path.name}”."
        assert studio.window.job_bar.text.startswith(told)


def test_a_word_file_may_be_brought_back_or_opened(
    qtbot: QtBot, opened: Studio, tmp_path: Path
) -> None:
    path = tmp_path / "edited.docx"
    formats.save(path, formats.Content(document=opened.session.document))
    drop(opened, path)
    box = question(opened)
    assert box.text() == "Was “edited.docx” exported from this project?"
    press(qtbot, box, "Show its changes")
    panel = opened.window.findChild(ReturnPanel)
    assert panel is not None
    panel.close()
    drop(opened, path)
    with qtbot.waitSignal(opened.opening.waiting):
        press(qtbot, question(opened), "Open it by itself")
    qtbot.waitUntil(lambda: not opened.opening.is_busy)


def test_the_recording_of_a_project_that_lost_it_may_be_dropped(
    qtbot: QtBot, studio: Studio, tone: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "elsewhere" / "moved.wav"
    moved.parent.mkdir()
    document = replace(transcript(), media=Media("tone.wav", 4000, fingerprint(tone)))
    path = tmp_path / "lost.gstudio"
    with Project.create(path, document=document, media_path=tone):
        pass
    shutil.move(tone, moved)
    studio.session.show(Project.open(path))
    assert studio.session.media_path is None
    drop(studio, moved)
    box = question(studio)
    assert box.text() == "Is “moved.wav” the recording of this project?"
    press(qtbot, box, "Use it here")
    assert studio.session.media_path == moved
    assert name_of(studio) == "lost.gstudio"
    qtbot.waitUntil(lambda: not studio.recording.is_reading)


def test_a_text_may_be_put_to_a_recording_without_words(
    qtbot: QtBot, unheard: Studio, write: Callable[[str, str], Path]
) -> None:
    path = write("script.txt", "Good morning.\n")
    drop(unheard, path)
    box = question(unheard)
    assert box.text() == "What is “script.txt” to this recording?"
    press(qtbot, box, "Put it to the sound …")
    panel = unheard.window.findChild(AlignPanel)
    assert isinstance(panel, AlignPanel)
    assert panel.note.startswith("The text of “script.txt” becomes the transcript.")
    panel.close()


def test_subtitles_may_be_opened_with_the_recording_that_is_open(
    qtbot: QtBot, unheard: Studio, tone: Path, write: Callable[[str, str], Path]
) -> None:
    drop(unheard, write("other name.srt", SRT))
    with qtbot.waitSignal(unheard.opening.opened, timeout=20_000):
        press(qtbot, question(unheard), "Open it with this recording")
    assert name_of(unheard) == "tone 2.gstudio"
    assert unheard.session.media_path == tone
    assert [cue.text for cue in unheard.subtitles.cues] == ["Good morning."]


def test_turns_of_a_recording_without_words_are_opened_with_it(
    qtbot: QtBot, unheard: Studio, tone: Path, write: Callable[[str, str], Path]
) -> None:
    with qtbot.waitSignal(unheard.opening.opened, timeout=20_000):
        drop(unheard, write("a.rttm", TURNS))
    assert unheard.session.media_path == tone
    assert [segment.text for segment in unheard.session.document] == ["…"]


def test_subtitles_dropped_on_a_transcript_are_another_project(
    qtbot: QtBot, opened: Studio, tmp_path: Path, write: Callable[[str, str], Path]
) -> None:
    write("talk.srt", SRT)
    shutil.copyfile(tmp_path / "tone.wav", tmp_path / "talk.wav")
    with qtbot.waitSignal(opened.opening.opened, timeout=20_000):
        drop(opened, tmp_path / "talk.srt")
    assert name_of(opened) == "talk.gstudio"


def test_what_is_open_is_not_opened_again(opened: Studio, tone: Path, project_file: Path) -> None:
    project = opened.session.project
    for path in (tone, project_file):
        opened.window.job_bar.show_notice("")
        drop(opened, path)
        assert opened.window.job_bar.text.startswith("This is open already.")
    assert opened.session.project is project
    assert not opened.opening.is_busy


def test_of_several_files_one_is_opened_and_the_rest_is_told(
    qtbot: QtBot, studio: Studio, tone: Path, write: Callable[[str, str], Path]
) -> None:
    paths = [write("a.srt", SRT), tone.with_name("b.gstudio"), tone.with_name("c.wav")]
    Project.create(paths[1], document=Document()).close()
    shutil.copyfile(tone, paths[2])
    with qtbot.waitSignal(studio.opening.opened, timeout=20_000):
        drop(studio, *paths)
    assert studio.session.media_path == paths[2]
    assert [cue.text for cue in studio.subtitles.cues] == ["Good morning."]
    told = "A window holds one project at a time; files that were not opened: 1."
    qtbot.waitUntil(lambda: studio.window.job_bar.text.startswith(told))
