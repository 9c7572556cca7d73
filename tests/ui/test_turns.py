"""Who speaks when, out of an RTTM file: opened by itself, and put onto the words of a project."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from granite_studio.app import Program
from granite_studio.core.edits import is_waiting
from granite_studio.ui.studio import Studio

TURNS = (
    "SPEAKER tone 1 0.050 0.850 <NA> <NA> anna_berg <NA> <NA>\n"
    "SPEAKER tone 1 0.890 1.500 <NA> <NA> Mara <NA> <NA>\n"
)
"""Of the opened project's words the first four, and the next ten; the last four lie in none."""


def chosen(program: Program, path: Path) -> None:
    """Choose this file in the dialog of the action."""
    program.frame.actions.refresh()
    program.frame.actions.actions["speakers.turns"].trigger()
    dialog = program.studio.window.findChild(QFileDialog)
    assert dialog is not None
    dialog.filesSelected.emit([str(path)])
    dialog.close()


def picture(studio: Studio) -> list[tuple[str, str]]:
    document = studio.session.document
    names = {speaker.id: speaker.name for speaker in document.speakers}
    return [(names.get(part.speaker or 0, ""), part.text) for part in document]


def test_the_words_of_a_project_get_the_speakers_of_turns_in_one_step(
    qtbot: QtBot, program: Program, opened: Studio, tmp_path: Path
) -> None:
    before = opened.session.document
    path = tmp_path / "tone.rttm"
    path.write_text(TURNS)
    with qtbot.waitSignal(opened.session.changed, timeout=10_000):
        chosen(program, path)
    assert picture(opened) == [
        ("Anna Berg", "The sea wall was"),
        ("Mara", "built in March. How much did it cost so far?"),
        ("Anna Berg", "About four million pounds."),
    ]
    assert [speaker.name for speaker in opened.session.document.speakers] == ["Anna Berg", "Mara"]
    assert opened.window.job_bar.text.startswith(
        "Speakers from tone.rttm: 10 of 18 words changed theirs. Words in no turn kept theirs: 4."
    )
    assert opened.session.undo_label == "Speakers from RTTM"
    opened.session.undo()
    assert opened.session.document == before


def test_a_file_that_tells_of_no_turns_is_answered_with_a_sentence(
    qtbot: QtBot, program: Program, opened: Studio, tmp_path: Path
) -> None:
    before = opened.session.document
    path = tmp_path / "tone.rttm"
    path.write_text("anything\n")
    chosen(program, path)
    banners = opened.window.banners
    told = "“tone.rttm” has no SPEAKER line in it; choose an RTTM file."
    qtbot.waitUntil(lambda: banners.text("turns") == told)
    assert opened.session.document is before
    path.write_text(TURNS)
    with qtbot.waitSignal(opened.session.changed, timeout=10_000):
        chosen(program, path)
    assert banners.text("turns") == ""


def test_turns_for_a_project_that_was_closed_meanwhile_are_let_go(
    qtbot: QtBot, opened: Studio, tmp_path: Path
) -> None:
    path = tmp_path / "tone.rttm"
    path.write_text(TURNS)
    opened.project.read_turns(path)
    opened.project.close()
    qtbot.waitUntil(lambda: not opened.project._jobs.active)
    assert opened.session.document.segments == ()


def test_turns_are_opened_as_paragraphs_that_wait_for_their_words(
    qtbot: QtBot, studio: Studio, tone: Path
) -> None:
    path = tone.with_suffix(".rttm")
    path.write_text(TURNS)
    with qtbot.waitSignal(studio.opening.opened, timeout=20_000):
        studio.window.open_requested.emit([path])
    assert picture(studio) == [("anna_berg", "…"), ("Mara", "…")]
    assert all(map(is_waiting, studio.session.document))
    assert studio.session.media_path == tone
    assert studio.session.project is not None
    (told,) = studio.session.project.notices
    assert told.startswith("It is known who speaks when, but not what is said")
