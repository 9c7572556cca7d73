"""Frame rates that nobody said: of what is written, and of lists of cuts."""

import pytest

from granite_studio import formats
from granite_studio.core.captions import Caption, Captions
from granite_studio.core.document import Document, Media, Segment, Word
from granite_studio.core.files import fingerprint
from granite_studio.core.timing import RATES, snap
from granite_studio.store.project import Project
from tests.media.test_shots import FPS, film

SAID = "When I was finished with the stairs he asked me to stay. There was nobody else there."
WORDS = tuple(
    Word(n, text, 970 * n, 970 * n + 730) for n, text in enumerate(SAID.split(), start=1)
)
SPOKEN = Document((Segment(90, WORDS),), next_id=100, language="en")


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "a.gstudio"
    Project.create(path, document=SPOKEN).close()
    return path


@pytest.mark.parametrize(("ending", "rate"), [("scc", "29.97 DF"), ("stl", "25")])
@pytest.mark.parametrize("command_name", ["cut", "export", "fix"])
def test_cues_are_put_on_the_frames_that_the_file_counts(
    command, project, tmp_path, command_name, ending, rate
):
    out = tmp_path / f"a.{ending}"
    _, _, told = command(command_name, project, "-o", out, "--style", "netflix-en")
    assert f" count {rate} frames a second where nobody says otherwise" in told
    read = formats.load(out)
    assert read.frame_rate == RATES[rate]
    assert [each for each in read.cues if snap(each.start, RATES[rate]) != each.start] == []
    code, found, _ = command("check", out, "--style", "netflix-en")
    assert (code, found) == (0, "")


def test_who_says_a_rate_is_not_told_of_another(command, project, tmp_path):
    asked = "-o", tmp_path / "a.scc", "--frame-rate", "29.97"
    _, _, told = command("cut", project, *asked)
    assert "nobody says otherwise" not in told
    assert formats.load(tmp_path / "a.scc").frame_rate == RATES["29.97"]


def test_subtitles_without_frames_are_mended_for_those_of_the_file(command, tmp_path):
    source, out = tmp_path / "a.srt", tmp_path / "a.scc"
    cues = Caption(1000, 2990, "Good morning."), Caption(3000, 6000, "There he is.")
    formats.save(source, formats.Content(captions=Captions(cues)))
    _, _, told = command("fix", source, "-o", out, "--style", "netflix-en")
    assert "Scenarist SCC captions count 29.97 DF frames a second" in told
    assert command("check", out, "--style", "netflix-en")[:2] == (0, "")


@pytest.fixture
def shots(tmp_path):
    path = tmp_path / "cuts.txt"
    path.write_text("2.5\n4.75\n", encoding="utf-8")
    return path


GUESSED = "“cuts.txt” does not say how many frames a second its film has; 25 are assumed"


def test_a_list_of_cuts_without_a_rate_says_which_is_taken(command, project, shots, tmp_path):
    assert GUESSED in command("check", project, "--shots", shots)[2]
    assert GUESSED in command("shots", shots)[2]
    assert GUESSED not in command("check", project, "--shots", shots, "--frame-rate", "24")[2]
    shots.write_text("# 24 frames a second\n2.5\n", encoding="utf-8")
    assert command("shots", shots)[1:] == ("# 24 frames a second\n2.500\n", "")


def test_a_list_of_cuts_has_the_rate_that_the_project_knows(command, project, shots):
    with Project.open(project) as opened:
        opened.put_stage("shots", "", {"version": 0, "times_ms": [1000], "fps": 30.0})
    told = command("check", project, "--shots", shots)[2]
    assert "are assumed" not in told


def test_a_list_of_cuts_has_the_rate_of_the_film_that_it_is_kept_for(command, shots, tmp_path):
    video = film(tmp_path / "film.mp4", {57}, 150)
    path = video.with_suffix(".gstudio")
    known = Document(media=Media(video.name, 6000, fingerprint(video)))
    Project.create(path, document=known, media_path=video).close()
    _, _, told = command("shots", shots, "--into", path)
    assert "2 cuts are in film.gstudio" in told
    assert "are assumed" not in told
    assert command("shots", path)[1].startswith(f"# {FPS} frames a second\n")
