"""A script put to its recording in the window: said first, heard, committed in one step."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
import soundfile
from docx import Document as Word
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from granite_studio.app import Program
from granite_studio.core.document import Document, Media
from granite_studio.core.files import fingerprint
from granite_studio.core.matching import from_text
from granite_studio.store.project import Project
from granite_studio.ui.dialogs.align_text import AlignPanel
from granite_studio.ui.studio import Studio

RATE = 16_000
SECONDS = 12
TRUTH = json.loads(
    (Path(__file__).parents[1] / "data" / "sample" / "interview.words.json").read_text("utf-8")
)["words"]
SAID = [word for word in TRUTH if word["end"] < SECONDS]
LONG = 60_000


@pytest.fixture(scope="session")
def interview(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first seconds of the bundled interview."""
    with resources.as_file(resources.files("granite_studio.resources") / "samples") as folder:
        sound, _ = soundfile.read(folder / "interview.flac", dtype="int16")
    path = tmp_path_factory.mktemp("media") / "interview.wav"
    soundfile.write(path, sound[: SECONDS * RATE], RATE)
    return path


def open_interview(
    qtbot: QtBot, studio: Studio, recording: Path, folder: Path, document: Document
) -> None:
    """Open a project of the interview that holds this text."""
    media = Media(recording.name, SECONDS * 1000, fingerprint(recording))
    path = folder / "interview.gstudio"
    with Project.create(path, document=replace(document, media=media), media_path=recording):
        pass
    with qtbot.waitSignals([studio.opening.opened, studio.recording.settled], timeout=20_000):
        studio.opening.open_project(path)
    qtbot.waitUntil(lambda: not studio.recording.is_reading)


@pytest.fixture
def recorded(qtbot: QtBot, studio: Studio, interview: Path, tmp_path: Path) -> Studio:
    """The whole program with an empty project of the interview."""
    open_interview(qtbot, studio, interview, tmp_path, Document())
    return studio


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "script.txt"
    path.write_text("HELEN: " + " ".join(word["w"] for word in SAID), encoding="utf-8")
    return path


def opened_panel(program: Program) -> AlignPanel:
    program.frame.actions.refresh()
    program.frame.actions.actions["edit.align_text"].trigger()
    panel = program.studio.window.findChild(AlignPanel)
    assert isinstance(panel, AlignPanel)
    return panel


def run(qtbot: QtBot, studio: Studio, panel: AlignPanel) -> str:
    with qtbot.waitSignal(studio.matching.ended, timeout=LONG) as ended:
        qtbot.mouseClick(panel._start, Qt.MouseButton.LeftButton)
        assert panel.isHidden()
    return str(ended.args[0])


def late(document: Document) -> list[float]:
    """By how many ms the starts of words that were found are wrong."""
    words = list(document.words())
    assert [word.text for word in words] == [word["w"] for word in SAID]
    return [
        abs(word.start - 1000 * said["start"])
        for word, said in zip(words, SAID, strict=True)
        if not word.estimated
    ]


def test_a_script_becomes_the_transcript_with_its_times(
    qtbot: QtBot, program: Program, recorded: Studio, script: Path
) -> None:
    panel = opened_panel(program)
    assert not panel._start.isEnabled()
    panel.choose(script)
    assert panel.note.startswith("The text of “script.txt” becomes the transcript.")
    shown: list[str] = []
    recorded.matching.progress.connect(lambda _p: shown.append(recorded.window.job_bar.text))
    assert run(qtbot, recorded, panel) == "finished"
    document = recorded.session.document
    errors = late(document)
    assert len(errors) > 0.6 * len(SAID)
    assert np.median(errors) < 100
    assert document.speakers[0].name == "HELEN"
    assert document.media is not None
    assert f"of {len(SAID)} words were found in the sound" in recorded.window.job_bar.text
    assert shown
    assert recorded.session.undo_label == "Align the text"
    recorded.session.undo()
    assert recorded.session.document.segments == ()


def test_text_that_is_there_gives_way_once_that_was_said(
    qtbot: QtBot, program: Program, opened: Studio, tmp_path: Path
) -> None:
    before = opened.session.document
    script = tmp_path / "new.txt"
    script.write_text("The sea wall was made in March.\nHow much did it cost?\n", encoding="utf-8")
    panel = opened_panel(program)
    panel.choose(script)
    assert "3 paragraphs that are here give way to the text of “new.txt”" in panel.note
    panel._by.setCurrentIndex(panel._by.findText("By the words that are here, at once"))
    assert "recording is heard" not in panel.note
    assert run(qtbot, opened, panel) == "finished"
    document = opened.session.document
    assert [segment.text for segment in document] == [
        "The sea wall was made in March.",
        "How much did it cost?",
    ]
    old = {word.text: word for word in before.words()}
    new = {word.text: word for word in document.words()}
    assert (new["March."].start, new["March."].end) == (old["March."].start, old["March."].end)
    assert new["made"].estimated
    ids = {word.id for word in before.words()}
    assert not ids & {word.id for word in document.words()}
    opened.session.undo()
    assert opened.session.document == before


def test_headings_of_a_script_are_left_out_and_counted(
    qtbot: QtBot, program: Program, opened: Studio, tmp_path: Path
) -> None:
    page = Word()
    page.add_heading("The sea wall", level=0)
    page.add_heading("First part", level=1)
    page.add_paragraph("The sea wall was built in March.")
    page.save(str(tmp_path / "script.docx"))
    panel = opened_panel(program)
    panel.choose(tmp_path / "script.docx")
    panel._by.setCurrentIndex(panel._by.findText("By the words that are here, at once"))
    assert run(qtbot, opened, panel) == "finished"
    assert opened.session.document.segments[0].text == "The sea wall was built in March."
    assert opened.window.job_bar.text.startswith(
        "7 of 7 words were found in the sound. Headings left out, which nobody says: 2."
    )


def test_the_transcript_itself_gets_the_times_that_are_heard(
    qtbot: QtBot, program: Program, interview: Path, tmp_path: Path
) -> None:
    studio = program.studio
    text = from_text(" ".join(word["w"] for word in SAID))
    open_interview(qtbot, studio, interview, tmp_path, text)
    panel = opened_panel(program)
    panel._of_here.setChecked(True)
    assert panel.note.startswith("No word changes.")
    assert run(qtbot, studio, panel) == "finished"
    assert [word.id for word in studio.session.document.words()] == [w.id for w in text.words()]
    assert np.median(late(studio.session.document)) < 100


def test_a_text_of_something_else_is_told_and_can_be_taken_back(
    qtbot: QtBot, program: Program, opened: Studio, tmp_path: Path
) -> None:
    before = opened.session.document
    other = tmp_path / "other.txt"
    other.write_text("Quarterly figures exceeded expectations throughout.", encoding="utf-8")
    panel = opened_panel(program)
    panel.choose(other)
    panel._by.setCurrentIndex(1)
    run(qtbot, opened, panel)
    assert "may be that of another recording" in opened.window.banners.text("matching")
    opened.session.undo()
    assert opened.session.document == before


def test_an_empty_text_is_one_sentence_and_changes_nothing(
    qtbot: QtBot, program: Program, opened: Studio, tmp_path: Path
) -> None:
    before = opened.session.document
    empty = tmp_path / "empty.txt"
    empty.write_text(" \n", encoding="utf-8")
    panel = opened_panel(program)
    panel.choose(empty)
    assert run(qtbot, opened, panel) == "failed"
    assert "holds no words" in opened.window.banners.text("matching")
    assert opened.session.document is before


def test_it_can_be_stopped_and_nothing_changes(
    qtbot: QtBot, program: Program, recorded: Studio, script: Path
) -> None:
    panel = opened_panel(program)
    panel.choose(script)
    with qtbot.waitSignal(recorded.matching.started):
        qtbot.mouseClick(panel._start, Qt.MouseButton.LeftButton)
    program.frame.actions.refresh()
    assert not program.frame.actions.actions["listen.hear"].isEnabled()
    with qtbot.waitSignal(recorded.matching.ended, timeout=LONG) as ended:
        recorded.window.job_bar.stop_pressed.emit()
    assert ended.args == ["cancelled"]
    assert recorded.session.document.segments == ()
    assert recorded.window.job_bar.text.startswith("Stopped; the text is as it was.")


def test_what_cannot_be_done_is_said_before(
    qtbot: QtBot, program: Program, opened: Studio
) -> None:
    panel = opened_panel(program)
    panel.choose(Path("/nowhere/none.txt"))
    assert panel.note == "There is no such file; choose another one."
    assert not panel._start.isEnabled()
    opened.settings.change(engine="granite-plus")
    panel._of_here.setChecked(True)
    qtbot.waitUntil(lambda: "Granite Speech 4.1 Plus needs its model" in panel.note)
    assert not panel._start.isEnabled()
