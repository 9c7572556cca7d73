"""What was said at the foot of the window and in banners stands until a person does something."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from granite_studio.core import edits
from granite_studio.core.document import Document, Media
from granite_studio.core.files import fingerprint
from granite_studio.store.project import Project
from granite_studio.ui.studio import Studio

TOLD = "Files that were not opened: 2."


def tell(studio: Studio) -> None:
    studio.window.job_bar.show_notice(TOLD)
    studio.window.banners.show_banner("action", TOLD, kind="bad")


def told(studio: Studio) -> tuple[bool, bool]:
    bar, banners = studio.window.job_bar, studio.window.banners
    return TOLD in bar.text, banners.text("action") == TOLD


def test_a_length_that_the_recording_tells_by_itself_leaves_what_was_said(
    qtbot: QtBot, studio: Studio, tone: Path
) -> None:
    media = Media(tone.name, 0, fingerprint(tone))
    path = tone.with_suffix(".gstudio")
    with qtbot.waitSignal(studio.session.changed, timeout=20_000):
        studio.session.show(Project.create(path, document=Document(media=media), media_path=tone))
        tell(studio)
    assert studio.session.document.media is not None
    assert studio.session.document.media.duration == 4000
    assert told(studio) == (True, True)
    studio.session.undo()
    assert told(studio) == (False, False)


def test_what_a_run_and_what_alignment_add_leave_what_was_said(opened: Studio) -> None:
    session = opened.session
    tell(opened)
    session.begin("hear")
    session.commit(edits.set_language(session.document, "de"), "Hear", "hear")
    assert told(opened) == (True, True)
    session.commit(edits.retype(session.document, 0, "The old wall"), "Type")
    assert told(opened) == (False, False)
    tell(opened)
    session.amend(edits.retype(session.document, 0, "The new wall"), "Align words")
    assert told(opened) == (True, True)
    session.end("hear")
