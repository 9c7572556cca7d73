"""Cuts that a project keeps, used by `shots` and `fix` without looking for them again."""

import json

import pytest

from granite_studio import formats
from granite_studio.core.cues import derive
from granite_studio.core.document import Document, Media, Segment, Word
from granite_studio.core.files import fingerprint
from granite_studio.core.styles import style
from granite_studio.media.values import Shots
from granite_studio.pipeline import shots as keeping
from granite_studio.store.project import Project

LISTED = "# 25 frames a second\n4.000\n"


@pytest.fixture
def video(tmp_path):
    """What nobody could decode: whoever gives its cuts did not look."""
    path = tmp_path / "film.mp4"
    path.write_bytes(b"no film at all")
    return path


@pytest.fixture
def project(video):
    path = video.with_suffix(".gstudio")
    document = Document(media=Media(video.name, 9000, fingerprint(video)))
    with Project.create(path, document=document, media_path=video) as made:
        keeping.keep(made, fingerprint(video), Shots((4000,), 25.0))
    return path


def test_kept_cuts_are_listed_of_the_project_and_of_its_recording(command, video, project):
    assert command("shots", project)[:2] == (0, LISTED)
    assert command("shots", video)[:2] == (0, LISTED)


def test_a_recording_without_a_project_is_looked_at(command, video):
    code, out, told = command("shots", video)
    assert (code, out) == (2, "")
    assert "damaged or not a recording" in told


def test_subtitles_are_put_by_the_cuts_of_a_project(command, project, tmp_path):
    srt = tmp_path / "a.srt"
    srt.write_text("1\n00:00:04,200 --> 00:00:07,000\nGood morning.\n", encoding="utf-8")
    out = tmp_path / "b.srt"
    code, _, told = command("fix", srt, "-o", out, "--shots", project, "--style", "netflix-en")
    assert code == 0, told
    assert "1 cues put by 1 cuts" in told
    assert "00:00:04,000 --> " in out.read_text("utf-8")


def test_a_project_without_cuts_says_so(command, tmp_path):
    path = tmp_path / "empty.gstudio"
    Project.create(path, document=Document()).close()
    code, _, told = command("shots", path)
    assert code == 2
    assert "“empty.gstudio” keeps no shot changes" in told


def test_what_is_written_of_a_project_is_cut_by_the_cuts_that_it_keeps(command, video, tmp_path):
    said = "When I was finished with the stairs he asked me to stay and there was nobody else."
    words = tuple(Word(n, text, 300 * n, 300 * n + 280) for n, text in enumerate(said.split(), 1))
    media = Media(video.name, 9000, fingerprint(video))
    document = Document((Segment(90, words),), media=media, next_id=100)
    path, out = tmp_path / "film.gstudio", tmp_path / "a.srt"
    with Project.create(path, document=document, media_path=video) as made:
        keeping.keep(made, fingerprint(video), Shots((2300,), 25.0))
    cues = derive(document, style(), (2300,))
    assert cues != derive(document, style())
    for name in ("export", "cut", "fix"):
        assert command(name, path, "-o", out)[0] in (0, 1)
        texts = [cue.text for cue in formats.load(out).cues]
        assert texts == [cue.text for cue in cues]
    assert json.loads(command("check", path, "--json")[1])["cues"] == len(cues)
    listed = tmp_path / "other.shots"
    listed.write_text("1.400\n", encoding="utf-8")
    assert command("cut", path, "--shots", listed, "-o", out)[0] == 0
    others = [cue.text for cue in derive(document, style(), (1400,))]
    assert [cue.text for cue in formats.load(out).cues] == others != texts
