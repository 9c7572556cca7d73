"""Cuts kept in a project, and read from lists and projects."""

import pytest

from granite_studio.core.document import Document, Media
from granite_studio.core.errors import FormatError, MediaError, ProjectError
from granite_studio.core.files import fingerprint
from granite_studio.media.values import Shots
from granite_studio.pipeline import shots as keeping
from granite_studio.store.project import Project

CUTS = Shots((1000, 83_250), 23.976)


@pytest.fixture
def video(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"a film, as far as anybody looks at it here")
    return path


@pytest.fixture
def project(video):
    """A project beside the video, closed."""
    path = video.with_suffix(".gstudio")
    document = Document(media=Media(video.name, 90_000, fingerprint(video)))
    with Project.create(path, document=document, media_path=video) as made:
        keeping.keep(made, fingerprint(video), CUTS)
    return path


def test_what_is_kept_comes_back_for_its_recording_alone(video, project):
    with Project.open(project) as opened:
        assert keeping.kept(opened, fingerprint(video)) == CUTS
        assert keeping.kept(opened, "another") is None


def test_another_detector_looks_again_but_keeps_a_persons_list(project, monkeypatch):
    with Project.open(project) as opened:
        keeping.keep(opened, "by hand", CUTS, by_hand=True)
        keeping.keep(opened, "found", CUTS)
        monkeypatch.setattr(keeping, "VERSION", keeping.VERSION + 1)
        assert keeping.kept(opened, "found") is None
        assert keeping.kept(opened, "by hand") == CUTS


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"version": 1, "times_ms": [5, 3, 3, -1, "x", 2.5], "fps": 30}, Shots((3, 5), 30.0)),
        ({"version": 1, "times_ms": [5], "fps": "fast"}, Shots((5,), 25.0)),
        ({"version": 1, "times_ms": [5], "fps": 0}, Shots((5,), 25.0)),
        ({"version": "1", "times_ms": [5]}, None),
        ({"version": 1, "times_ms": "5"}, None),
        ([1, 2], None),
        (None, None),
    ],
)
def test_damaged_values_are_as_good_as_they_can_be(project, value, expected):
    with Project.open(project) as opened:
        opened.put_stage(keeping.STAGE, "odd", value)
        assert keeping.kept(opened, "odd") == expected


def test_they_are_found_by_the_project_and_by_its_recording(video, project):
    assert keeping.kept_beside(project) == CUTS
    assert keeping.kept_beside(video) == CUTS
    assert keeping.read_list(project) == CUTS
    video.write_bytes(b"another film of the same name")
    assert keeping.kept_beside(video) is None


def test_without_a_project_nothing_is_known(tmp_path, video):
    assert keeping.kept_beside(video) is None
    assert keeping.kept_beside(tmp_path / "none.mp4") is None
    video.with_suffix(".gstudio").write_bytes(b"no project")
    assert keeping.kept_beside(video) is None
    with pytest.raises(ProjectError):
        keeping.kept_beside(video.with_suffix(".gstudio"))


def test_cuts_beyond_the_end_of_a_film_are_left_out():
    assert keeping.within(CUTS, 83_251) == CUTS
    assert keeping.within(CUTS, 83_250) == Shots((1000,), CUTS.fps)
    assert keeping.within(CUTS, 0) == CUTS
    assert keeping.within(Shots((), 25.0), 500) == Shots((), 25.0)
    with pytest.raises(FormatError, match=r"All 2 shot changes come after .* at 0:00\b"):
        keeping.within(CUTS, 500)


def test_a_list_is_read_and_what_is_none_is_one_sentence(tmp_path):
    path = tmp_path / "cuts.txt"
    path.write_text("# 23.976 frames a second\n1.000\n83.250\n")
    assert keeping.read_list(path) == CUTS
    path.write_text("soon\n")
    with pytest.raises(FormatError, match=r"Line 1 of cuts\.txt is no time"):
        keeping.read_list(path)
    with pytest.raises((FormatError, MediaError), match="is not there"):
        keeping.read_list(tmp_path / "none.txt")
    empty = tmp_path / "empty.gstudio"
    Project.create(empty, document=Document()).close()
    with pytest.raises(FormatError, match="keeps no shot changes"):
        keeping.read_list(empty)
