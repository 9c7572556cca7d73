"""A disk that refuses costs nothing that was acknowledged, and editing goes on."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from granite_studio.core.errors import ProjectError
from granite_studio.store import writer
from granite_studio.store.project import Project
from tests.store.pictures import heard, paragraphs, picture, with_paragraph

LONG = "word " * 2000


@contextmanager
def no_file_beyond(size: int) -> Iterator[Callable[[], None]]:
    """Nobody can make a file longer than this, until the yielded function is called."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def lift() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield lift
    finally:
        lift()
        signal.signal(signal.SIGXFSZ, before)


def type_into(project: Project, text: str) -> None:
    before = project.history.document
    document = with_paragraph(before, len(before.segments), text)
    project.record(before, project.history.commit(document, "Type"))


def test_a_refused_edit_stays_in_memory_and_is_saved_once_there_is_room(place: Path) -> None:
    told: list[ProjectError | None] = []
    with Project.create(place, document=paragraphs("one")) as project:
        type_into(project, "kept")
        project.flush()
        acknowledged = picture(project.history)
        project.on_saved = told.append
        with no_file_beyond(place.stat().st_size + 8192) as lift:
            for _ in range(3):
                type_into(project, LONG)
            with pytest.raises(ProjectError, match=r"talk\.gstudio” cannot be saved because"):
                project.flush()
            assert {type(error) for error in told} == {ProjectError}
            with Project.open(place, read_only=True) as second:
                assert picture(second.history) == acknowledged
            lift()
            project.flush()
        assert told[-3:] == [None, None, None]
        expected = picture(project.history)
    with Project.open(place) as project:
        assert picture(project.history) == expected


def test_the_queue_tries_again_by_itself(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "_FIRST_PAUSE_S", 0.01)
    refused, saved = threading.Event(), threading.Event()
    with Project.create(place, document=paragraphs("one")) as project:
        project.flush()
        project.on_saved = lambda error: (refused if error else saved).set()
        with no_file_beyond(place.stat().st_size + 8192) as lift:
            type_into(project, LONG)
            assert refused.wait(10)
            lift()
            assert saved.wait(10)


def test_a_project_on_a_full_disk_can_be_saved_elsewhere_with_all_that_waits(
    place: Path, tmp_path: Path
) -> None:
    told = threading.Event()
    with Project.create(place, document=paragraphs("one")) as project:
        project.flush()
        project.on_saved = lambda error: told.set() if error else None
        with no_file_beyond(place.stat().st_size + 8192) as lift:
            type_into(project, LONG)
            project.put_result(heard("a"))
            assert told.wait(10)
            with pytest.raises(ProjectError, match="cannot be saved"):
                project.close()
            with pytest.raises(ProjectError, match="cannot be saved"):
                project.save_as(tmp_path / "too.gstudio")
            lift()
            project.save_as(tmp_path / "elsewhere.gstudio")
        expected = picture(project.history)
    with Project.open(tmp_path / "elsewhere.gstudio") as copy:
        assert picture(copy.history) == expected
        assert copy.results() == {"a": heard("a")}
    assert not list(tmp_path.glob("too*"))


def test_a_project_can_be_given_up(place: Path) -> None:
    project = Project.create(place, document=paragraphs("one"))
    project.flush()
    with no_file_beyond(place.stat().st_size + 8192):
        type_into(project, LONG)
        with pytest.raises(ProjectError, match="cannot be saved"):
            project.close()
        project.close(abandon=True)
    with Project.open(place) as project:
        assert project.history.document == paragraphs("one")


def test_a_project_that_cannot_be_made_leaves_nothing(place: Path) -> None:
    with no_file_beyond(2048), pytest.raises(ProjectError, match="cannot be saved"):
        Project.create(place, document=paragraphs("one"))
    assert os.listdir(place.parent) == []


def test_what_is_shown_can_be_saved_when_the_disk_has_gone(place: Path, tmp_path: Path) -> None:
    project = Project.create(place, document=paragraphs("one"))
    type_into(project, "two")
    project.flush()
    thread = project._writer
    assert thread
    thread.ask(lambda connection, waiting: thread._disconnect())  # as after an input/output error
    place.rename(tmp_path / "unplugged")
    type_into(project, "three")
    project.move_to(project.history.undo())
    with pytest.raises(ProjectError, match="replaced or removed"):
        project.flush()
    project.save_as(tmp_path / "elsewhere.gstudio")
    expected = picture(project.history)
    project.close(abandon=True)
    with Project.open(tmp_path / "elsewhere.gstudio") as copy:
        assert picture(copy.history) == expected


FILL = """
import os, sys
from pathlib import Path
from granite_studio.store.project import Project
from tests.store.pictures import paragraphs, with_paragraph, picture
place, filler = Path(sys.argv[1]), Path(sys.argv[1]).with_name("filler")
project = Project.create(place, document=paragraphs("one"))
saved = 0
def count(error):
    global saved
    saved += error is None
project.on_saved = count
def type_into(text):
    before = project.history.document
    document = with_paragraph(before, len(before.segments), text)
    project.record(before, project.history.commit(document, "Type"))
type_into("kept")
project.flush()
with filler.open("wb") as file:
    try:
        while True:
            file.write(bytes(65536))
            file.flush()
    except OSError:
        pass
for number in range(200):
    type_into(f"edit {number} " + "word " * 50)
try:
    project.flush()
    sys.exit("the disk was not full")
except Exception as error:
    print(error)
with Project.open(place, read_only=True) as second:
    assert len(second.history.steps) == saved + 1, (len(second.history.steps), saved)
filler.unlink()
project.flush()
expected = picture(project.history)
project.close()
with Project.open(place) as project:
    assert picture(project.history) == expected
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_disk_that_fills_up_while_editing_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("this machine mounts no disks")
    try:
        child = subprocess.run(
            [sys.executable, "-c", FILL, str(disk / "talk.gstudio")],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[2],
        )
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    assert child.returncode == 0, child.stderr
    assert "because the disk is full; free some space there" in child.stdout
