"""The video's own tracks, as the dialog that saves it tells what becomes of them."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import av
import pytest
from pytestqt.qtbot import QtBot

from granite_studio.app import Program
from granite_studio.core.document import Media
from granite_studio.core.files import fingerprint
from granite_studio.store.project import Project
from granite_studio.ui.studio import Studio
from tests.media.test_shots import film
from tests.ui.conftest import transcript
from tests.ui.test_burn_panel import opened_panel, save
from tests.ui.test_shots import open_project

pytestmark = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")


@pytest.fixture
def shown(qtbot: QtBot, studio: Studio, tmp_path: Path) -> Studio:
    """The whole program with a project of a film that has an English track, and FLAC for sound."""
    bare, video = film(tmp_path / "bare.mp4", {25}, 100), tmp_path / "film.mkv"
    text = tmp_path / "old.srt"
    text.write_text("1\n00:00:00,100 --> 00:00:00,900\nOld.\n")
    sound = ["-f", "lavfi", "-i", "sine=duration=4"]
    codecs = ["-c:v", "copy", "-c:a", "flac", "-c:s", "srt", "-metadata:s:s", "language=eng"]
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", bare, "-i", text, *sound]
    maps = ["-map", "0:v", "-map", "2:a", "-map", "1:s"]
    subprocess.run([*command, *maps, *codecs, video], check=True)
    document = replace(transcript(), media=Media(video.name, 4000, fingerprint(video)))
    path = tmp_path / "film.gstudio"
    with Project.create(path, document=document, media_path=video):
        pass
    open_project(qtbot, studio, path)
    return studio


def test_a_track_of_the_same_language_can_be_left_out(
    qtbot: QtBot, program: Program, shown: Studio, tmp_path: Path
) -> None:
    panel = opened_panel(program)
    assert panel._replaces.isHidden()
    panel._as_track.setChecked(True)
    assert not panel._replaces.isHidden()
    assert "In the same language a track is there and stays: eng (subrip)." in panel.note
    panel._replaces.click()
    assert "The new track stands in the place of eng (subrip)." in panel.note
    assert not panel._replaces.isHidden()
    assert save(qtbot, shown, panel) == "finished"
    with av.open(str(tmp_path / "film subtitled.mkv")) as container:
        assert [track.language for track in container.streams.subtitles] == ["eng"]


def test_what_was_asked_for_one_language_is_not_asked_for_another(
    program: Program, shown: Studio
) -> None:
    panel = opened_panel(program)
    panel._as_track.setChecked(True)
    panel._replaces.click()
    panel._language.addItem("Japanese", "ja")
    panel._language.setCurrentIndex(panel._language.count() - 1)
    assert panel._replaces.isHidden()
    assert "to be replaced" not in panel.note


def test_what_becomes_of_sound_and_tracks_is_said_before(
    program: Program, shown: Studio, tmp_path: Path
) -> None:
    panel = opened_panel(program)
    panel.set_target(tmp_path / "new.mp4")
    assert "The sound (flac) becomes AAC, since not every player has it in .mp4." in panel.note
    assert "do not lie over the new subtitles: the tracks eng (subrip)." in panel.note
    panel.set_target(tmp_path / "new.mkv")
    assert "becomes AAC" not in panel.note
