"""No command writes over what it reads, over what is there unasked, or through a link."""

import pytest

from granite_studio.core.document import Document, Segment, Word
from granite_studio.store.project import Project

SRT = "1\n00:00:01,000 --> 00:00:02,500\nGood morning\n\n"
OLD = b"precious"


@pytest.fixture
def srt(tmp_path):
    path = tmp_path / "a.srt"
    path.write_text(SRT)
    return path


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "talk.gstudio"
    words = (Word(1, "Good", 1000, 1400), Word(2, "morning.", 1500, 2500))
    Project.create(path, document=Document((Segment(3, words),), next_id=4)).close()
    return path


@pytest.fixture
def asked(srt, project):
    """The arguments of each command that writes a file, but for its output."""
    return {
        "convert": ("convert", srt),
        "export": ("export", project, "-o"),
        "cut": ("cut", project, "-o"),
        "fix": ("fix", srt, "-o"),
        "report": ("check", srt, "--report"),
    }


@pytest.mark.parametrize("name", ["convert", "export", "cut", "fix", "report"])
def test_a_file_that_is_there_is_replaced_where_that_is_asked_for(command, asked, tmp_path, name):
    out = tmp_path / ("out.html" if name == "report" else "out.srt")
    out.write_bytes(OLD)
    code, _, told = command(*asked[name], out)
    assert code == 2
    assert f"“{out.name}” is there already; add --overwrite to replace it" in told
    assert out.read_bytes() == OLD
    assert command(*asked[name], out, "--overwrite")[0] in (0, 1)
    assert OLD not in out.read_bytes()


@pytest.mark.parametrize("name", ["convert", "fix"])
def test_what_is_read_is_never_written(command, asked, srt, tmp_path, name):
    link = tmp_path / "link.srt"
    link.symlink_to(srt)
    for out in (srt, link):
        code, _, told = command(*asked[name], out, "--overwrite")
        assert code == 2
        assert "is what is read" in told
    assert srt.read_text() == SRT


@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_replaced_and_what_it_names_is_left_alone(command, srt, tmp_path, there):
    far, link = tmp_path / "far.vtt", tmp_path / "out.vtt"
    if there:
        far.write_bytes(OLD)
    link.symlink_to(far)
    assert command("convert", srt, link)[0] == 2
    assert command("convert", srt, link, "--overwrite")[0] == 0
    assert not link.is_symlink()
    assert link.read_text().startswith("WEBVTT")
    assert far.exists() == there
    assert not there or far.read_bytes() == OLD


def test_a_project_is_never_replaced(command, srt, project):
    before = project.read_bytes()
    for more in ((), ("--overwrite",)):
        code, _, told = command("convert", srt, project, *more)
        assert code == 2
        assert "is there already" in told
    assert project.read_bytes() == before


def test_a_run_replaces_what_it_wrote_itself_and_nothing_else(command, interview, tmp_path):
    out, other = tmp_path / "a.srt", tmp_path / "b.srt"
    run = ("transcribe", interview, "-o")
    assert command(*run, out)[0] in (0, 1)
    first = out.read_bytes()
    assert command(*run, out)[0] in (0, 1)
    assert out.read_bytes() == first
    for path in (out, other):
        path.write_bytes(OLD)
        code, _, told = command(*run, path)
        assert code == 2
        assert "is there already; add --overwrite" in told
        assert path.read_bytes() == OLD
    assert command(*run, out, "--overwrite")[0] in (0, 1)
    assert out.read_bytes() == first
