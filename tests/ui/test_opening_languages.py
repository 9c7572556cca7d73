"""Subtitles that are opened in the window are in the language that their file says."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from granite_studio.ui.studio import Studio

CUE = "00:01.000 --> 00:02.500\nGuten Morgen.\n"


@pytest.mark.parametrize(
    ("head", "language"), [("WEBVTT\nLanguage: de\n\n", "de"), ("WEBVTT\n\n", "en")]
)
def test_a_project_is_in_the_language_of_its_subtitles(
    qtbot: QtBot, studio: Studio, tone: Path, head: str, language: str
) -> None:
    subtitles = tone.with_name("tone.vtt")
    subtitles.write_text(head + CUE)
    with qtbot.waitSignal(studio.opening.opened, timeout=20_000):
        studio.window.open_requested.emit([subtitles])
    qtbot.waitUntil(lambda: not studio.opening.is_busy)
    assert studio.session.project is not None
    assert studio.session.document.language == language
    assert studio.session.project.notices == ()
