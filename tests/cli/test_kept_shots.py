"""Cuts that a project keeps, used by `shots` and `fix` without looking for them again."""

import json

import pytest

from granite_studio import formats
from granite_studio.core.cues import derive
from granite_studio.core.document import CueOverride, Document, Media, Segment, Word
from granite_studio.core.files import fingerprint
from granite_studio.core.shots import Film
from granite_studio.core.styles import style
from granite_studio.media.values import Shots
from granite_studio.pipeline import shots as keeping
from granite_studio.store.project import Project
from tests.media.test_shots import film

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
    assert "1 of 1 cues mended" in told
    assert "00:00:04,000 --> " in out.read_text("utf-8")


def test_a_project_without_cuts_says_so(command, tmp_path):
    path = tmp_path / "empty.gstudio"
    Project.create(path, document=Document()).close()
    code, _, told = command("shots", path)
    assert code == 2
    assert "“empty.gstudio” keeps no shot changes" in told


def test_cuts_are_kept_in_a_project_and_cut_by(command, tmp_path):
    video = film(tmp_path / "film.mp4", {57}, 120)
    said = "When I was finished with the stairs he asked me to stay and there was nobody else."
    words = tuple(Word(n, text, 300 * n, 300 * n + 280) for n, text in enumerate(said.split(), 1))
    media = Media(video.name, 4800, fingerprint(video))
    document = Document((Segment(90, words),), media=media, next_id=100)
    path, out = tmp_path / "other name.gstudio", tmp_path / "a.srt"
    Project.create(path, document=document, media_path=video).close()
    for source, times in ((video, (2280,)), (path, (2280,)), (tmp_path / "l.txt", (1400,))):
        (tmp_path / "l.txt").write_text("1.4\n", encoding="utf-8")
        code, out_text, told = command("shots", source, "--into", path)
        assert (code, out_text) == (0, "")
        assert told == "granite-studio: 1 cuts are in other name.gstudio.\n"
        with Project.open(path, read_only=True) as project:
            assert keeping.kept(project, media.fingerprint) == Shots(times, 25.0)
        assert command("cut", path, "-o", out, "--overwrite")[0] == 0
        cues = derive(document, style(), Film.of(times, 25))
        assert cues != derive(document, style())
        assert [cue.text for cue in formats.load(out).cues] == [cue.text for cue in cues]
    assert command("shots", path)[1] == "# 25 frames a second\n1.400\n"


def test_a_project_without_cuts_is_looked_at(command, tmp_path):
    video = film(tmp_path / "film.mp4", {50}, 120)
    path = tmp_path / "other name.gstudio"
    document = Document(media=Media(video.name, 4800, fingerprint(video)))
    Project.create(path, document=document, media_path=video).close()
    assert command("shots", path)[:2] == (0, "# 25 frames a second\n2.000\n")
    with Project.open(path, read_only=True) as project:
        assert keeping.kept(project, fingerprint(video)) is None


def test_cuts_of_another_recording_are_not_kept(command, video, project, tmp_path):
    other = tmp_path / "other.mp4"
    other.write_bytes(b"another film")
    listed = tmp_path / "list.txt"
    listed.write_text("1.0\n", encoding="utf-8")
    empty = tmp_path / "empty.gstudio"
    Project.create(empty, document=Document()).close()
    for source, into, sentence in (
        (other, project, "has not the recording of “film.gstudio”"),
        (empty, project, "has not the recording of “film.gstudio”"),
        (listed, empty, "has no recording that could have cuts"),
        (listed, tmp_path / "none.gstudio", "There is no project at"),
        (tmp_path / "none.txt", project, "is not there"),
    ):
        code, out, told = command("shots", source, "--into", into)
        assert (code, out) == (2, "")
        assert sentence in told
    assert command("shots", project)[1] == LISTED


def test_cuts_beyond_the_end_of_the_film_are_left_out_and_counted(command, project, tmp_path):
    listed = tmp_path / "list.txt"
    listed.write_text("1.0\n8.999\n9.0\n70\n", encoding="utf-8")
    out = tmp_path / "out.txt"
    code, _, told = command("shots", listed, "--into", project, "-o", out)
    assert code == 0
    assert "Cuts left out, since they come after the film's end: 2." in told
    assert "2 cuts are in film.gstudio." in told
    assert out.read_text("utf-8") == "# 25 frames a second\n1.000\n8.999\n"
    listed.write_text("70\n80\n", encoding="utf-8")
    code, _, told = command("shots", listed, "--into", project)
    assert code == 2
    assert "All 2 shot changes come after the film's end at 0:09" in told
    assert command("shots", project)[1] == out.read_text("utf-8")


def test_a_project_is_judged_by_those_cuts_of_a_list_that_are_in_its_film(
    command, project, tmp_path
):
    listed = tmp_path / "list.txt"
    listed.write_text("1.0\n70\n", encoding="utf-8")
    told = command("check", project, "--shots", listed)[2]
    left = "granite-studio: Cuts left out, since they come after the film's end: 1.\n"
    assert told.startswith(left)
    srt = tmp_path / "a.srt"
    srt.write_text("1\n00:00:01,000 --> 00:00:03,000\nGood morning.\n", encoding="utf-8")
    assert "left out" not in command("check", srt, "--shots", listed)[2]


def test_a_project_is_checked_and_mended_by_the_cuts_that_it_keeps(command, video, tmp_path):
    words = tuple(Word(n, "word", 400 * n, 400 * n + 380) for n in range(1, 30))
    media = Media(video.name, 13_000, fingerprint(video))
    hand = (CueOverride(1, 14, 400, 5917),)
    document = Document((Segment(90, words),), media=media, cue_overrides=hand, next_id=100)
    path, out, page = (tmp_path / name for name in ("film.gstudio", "a.srt", "a.html"))
    with Project.create(path, document=document, media_path=video) as made:
        keeping.keep(made, fingerprint(video), Shots((500, 6000), 25.0))
    guide = ("--style", "netflix-en")
    code, told, _ = command("check", path, *guide, "--json", "--report", page)
    found = [each["rule"] for each in json.loads(told)["findings"]]
    assert (code, set(found)) == (1, {"shot_frames"})
    assert "Frames beside a shot change" in page.read_text("utf-8")
    assert command("check", path)[0] == 0
    code, told, _ = command("fix", path, *guide, "-o", out)
    assert code == 0
    assert "By the shot change it begins" in told
    assert command("check", out, *guide, "--shots", path)[0] == 0
    assert command("check", out, *guide, "--shots", video)[0] == 0
    assert command("cut", path, *guide, "--anew", "-o", out, "--overwrite")[0] == 0
    assert command("check", out, *guide, "--shots", path)[0] == 0


def test_what_is_written_of_a_project_is_cut_by_the_cuts_that_it_keeps(command, video, tmp_path):
    said = "When I was finished with the stairs he asked me to stay and there was nobody else."
    words = tuple(Word(n, text, 300 * n, 300 * n + 280) for n, text in enumerate(said.split(), 1))
    media = Media(video.name, 9000, fingerprint(video))
    document = Document((Segment(90, words),), media=media, next_id=100)
    path, out = tmp_path / "film.gstudio", tmp_path / "a.srt"
    with Project.create(path, document=document, media_path=video) as made:
        keeping.keep(made, fingerprint(video), Shots((2300,), 25.0))
    cues = derive(document, style(), Film.of([2300], 25))
    assert cues != derive(document, style())
    for name in ("export", "cut", "fix"):
        assert command(name, path, "-o", out, "--overwrite")[0] in (0, 1)
        texts = [cue.text for cue in formats.load(out).cues]
        assert texts == [cue.text for cue in cues]
    assert json.loads(command("check", path, "--json")[1])["cues"] == len(cues)
    listed = tmp_path / "other.shots"
    listed.write_text("1.400\n", encoding="utf-8")
    assert command("cut", path, "--shots", listed, "-o", out, "--overwrite")[0] == 0
    others = [cue.text for cue in derive(document, style(), Film.of([1400], 25))]
    assert [cue.text for cue in formats.load(out).cues] == others != texts
