"""Which way lines run that are burnt into a video."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.cli.test_burning import picture
from tests.cli.test_burning_tracks import film, subtitles

pytestmark = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
RIGHT_TO_LEFT, LEFT_TO_RIGHT = "\u200f", "\u200e"


@pytest.mark.parametrize(
    "line", ["האם זה עובד?", "- שלום לך.", "אני אוהב את HTML.", "<i>- מה</i> (12:30)?"]
)
def test_lines_have_the_direction_of_their_first_letter(command, tmp_path, line):
    source = film(tmp_path / "film.mp4", "-s", "640x360", sound=False)
    shown = {
        mark: burnt(command, source, tmp_path / "out.mp4", f"{mark}{line}{mark}")
        for mark in ("", RIGHT_TO_LEFT, LEFT_TO_RIGHT)
    }
    assert (shown[""] == shown[RIGHT_TO_LEFT]).all()
    assert (np.abs(shown[""] - shown[LEFT_TO_RIGHT]) > 60).any()


def test_both_voices_of_a_dialogue_begin_at_the_right(command, tmp_path):
    source = film(tmp_path / "film.mp4", "-s", "640x360", sound=False)
    lines = ("- שלום לך.", "- Fine, thanks.")
    marked = (f"{RIGHT_TO_LEFT}{lines[0]}{RIGHT_TO_LEFT}", lines[1])
    plain, wanted = (
        burnt(command, source, tmp_path / "out.mp4", "\n".join(text)) for text in (lines, marked)
    )
    assert (plain == wanted).all()


def burnt(command, source: Path, out: Path, text: str) -> np.ndarray:
    """The lower third of a film with this text in it."""
    code, _, told = command(
        "burn", source, subtitles(out.with_suffix(".srt"), text), "-o", out, "--overwrite"
    )
    assert code == 0, told
    return picture(out, 0.5)
