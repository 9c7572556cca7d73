"""Only one writes: whoever comes second reads, and is told who has the project."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from granite_studio.core.errors import ProjectError
from granite_studio.store import filesystems, lock
from granite_studio.store.lock import Lock
from granite_studio.store.project import Project
from tests.store.pictures import paragraphs

HOLD = """
import sys
from pathlib import Path
from granite_studio.store.project import Project
project = Project.open(Path(sys.argv[1]))
print(project.is_read_only, flush=True)
sys.stdin.read()
project.close()
"""


def hold(place: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    assert child.stdout.readline() == "False\n"
    return child


def end(child: subprocess.Popen[str]) -> None:
    child.communicate("")


def test_a_second_opener_reads_and_is_told_who_has_the_project(place: Path) -> None:
    Project.create(place, document=paragraphs("one")).close()
    with Project.open(place) as first, Project.open(place) as second:
        assert not first.is_read_only
        assert second.is_read_only
        assert second.history.document == paragraphs("one")
        assert "Another window" in second.read_only_reason
        assert not second.can_take_over
        assert "“talk.gstudio”" in second.read_only_reason
    with Project.open(place) as third:
        assert not third.is_read_only


def test_another_process_is_named_and_lets_go_when_it_closes(place: Path) -> None:
    Project.create(place, document=paragraphs("one")).close()
    child = hold(place)
    with Project.open(place) as project:
        assert project.is_read_only
        assert f"(process {child.pid})" in project.read_only_reason
        assert project.history.document == paragraphs("one")
    end(child)
    with Project.open(place) as project:
        assert not project.is_read_only
    assert os.listdir(place.parent) == [place.name]


def test_a_lock_dies_with_its_process(place: Path) -> None:
    Project.create(place, document=paragraphs("one")).close()
    child = hold(place)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert place.with_name("talk.gstudio-lock").exists()
    with Project.open(place) as project:
        assert not project.is_read_only


def test_a_reader_does_not_disturb_the_writer(place: Path) -> None:
    with Project.create(place, document=paragraphs("one")) as project:
        Project.open(place, read_only=True).close()
        before = project.history.document
        project.record(before, project.history.commit(paragraphs("two"), "Type"))
        project.flush()
        Project.open(place, read_only=True).close()
    with Project.open(place) as project:
        assert project.history.document == paragraphs("two")


def left_by(place: Path, **holder: object) -> Path:
    path = place.with_name(place.name + "-lock")
    path.write_text(json.dumps(holder))
    return path


def test_a_lock_that_another_computer_left_is_respected_until_taken_over(place: Path) -> None:
    Project.create(place, document=paragraphs("one")).close()
    left_by(place, pid=1, host="somewhere-else", time=1_700_000_000)
    with Project.open(place) as project:
        assert project.is_read_only
        assert "“somewhere-else”" in project.read_only_reason
        assert "since 2023-11-1" in project.read_only_reason
        assert project.can_take_over
    with Project.open(place, take_over=True) as project:
        assert not project.is_read_only
    with Project.open(place) as project:
        assert not project.is_read_only


def test_a_file_server_knows_that_the_other_computer_is_gone(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Project.create(place, document=paragraphs("one")).close()
    left_by(place, pid=1, host="somewhere-else", time=1_700_000_000)
    monkeypatch.setattr(lock, "is_network", lambda path: True)
    with Project.open(place) as project:
        assert not project.is_read_only


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff" * 99, b'{"pid": "x", "host": 7}'])
def test_nonsense_in_a_lock_file_keeps_nobody_out(place: Path, content: bytes) -> None:
    Project.create(place, document=paragraphs("one")).close()
    place.with_name(place.name + "-lock").write_bytes(content)
    with Project.open(place, take_over=True) as project:
        assert not project.is_read_only


def dead_pid() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


@pytest.mark.parametrize(
    ("pid", "host", "is_held"),
    [
        (os.getppid(), socket.gethostname(), True),
        (dead_pid(), socket.gethostname(), False),
        (7, "somewhere-else", True),
        (-1, socket.gethostname(), False),
        (2**70, socket.gethostname(), False),
    ],
)
def test_where_locks_are_unknown_the_holder_is_looked_for(
    place: Path, monkeypatch: pytest.MonkeyPatch, pid: int, host: str, is_held: bool
) -> None:
    monkeypatch.setattr(lock, "_grab", lambda handle: None)
    left_by(place, pid=pid, host=host, time=1)
    if is_held:
        with pytest.raises(lock.LockedError):
            Lock.take(place)
    else:
        Lock.take(place).release()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, so that a person without rights can be played."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)
        Path(folder).chmod(0o755)


AS_SOMEBODY_ELSE = """
import os, sys
from pathlib import Path
from granite_studio.store.project import Project, project_path_for
os.environ["XDG_DATA_HOME"] = sys.argv[2]
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
project = Project.open(Path(sys.argv[1]))
print(project.is_read_only)
print(project.read_only_reason)
print(project.history.document.segments[0].text, len(project.history.steps))
print(project_path_for(Path(sys.argv[1]).with_name("new.wav")))
project.close()
"""


@pytest.mark.parametrize("was_killed", [False, True])
def test_a_project_in_a_folder_that_cannot_be_written_is_read(
    open_folder: Path, tmp_path: Path, was_killed: bool
) -> None:
    place = open_folder / "talk.gstudio"
    with Project.create(tmp_path / "talk.gstudio", document=paragraphs("one")) as project:
        project.record(project.history.document, project.history.commit(paragraphs("two"), "Type"))
        project.flush()
        for suffix in ("", "-wal") if was_killed else ():
            data = Path(f"{project.path}{suffix}").read_bytes()
            Path(f"{place}{suffix}").write_bytes(data)
    if not was_killed:
        place.write_bytes((tmp_path / "talk.gstudio").read_bytes())
    place.chmod(0o666)
    home = open_folder / "home"
    home.mkdir()
    home.chmod(0o777)
    before = sorted(os.listdir(open_folder))
    open_folder.chmod(0o555)
    child = subprocess.run(
        [sys.executable, "-c", AS_SOMEBODY_ELSE, str(place), str(home)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.stderr == ""
    read_only, reason, text, project_path = child.stdout.splitlines()
    assert read_only == "True"
    assert f"“{open_folder}” cannot be written" in reason
    assert text == "two 2"
    assert project_path.startswith(f"{home}/granite-studio/projects/new-")
    assert sorted(os.listdir(open_folder)) == before


def test_a_write_protected_project_is_read(open_folder: Path, tmp_path: Path) -> None:
    place = open_folder / "talk.gstudio"
    Project.create(tmp_path / "talk.gstudio", document=paragraphs("one")).close()
    place.write_bytes((tmp_path / "talk.gstudio").read_bytes())
    place.chmod(0o444)
    (open_folder / "home").mkdir()
    for folder in (open_folder, open_folder / "home"):
        folder.chmod(0o777)
    child = subprocess.run(
        [sys.executable, "-c", AS_SOMEBODY_ELSE, str(place), str(open_folder / "home")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.stderr == ""
    assert child.stdout.startswith("True\n“talk.gstudio” is write-protected")
    assert sorted(os.listdir(open_folder)) == ["home", "talk.gstudio"]


FORGETFUL = """
import sys
from pathlib import Path
from granite_studio.store.project import Project
from tests.store.pictures import paragraphs
project = Project.create(Path(sys.argv[1]), document=paragraphs("one"))
project.record(project.history.document, project.history.commit(paragraphs("two"), "Type"))
"""


def test_a_program_that_ends_without_closing_ends_and_has_saved(place: Path) -> None:
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", FORGETFUL, str(place)], check=True, cwd=root, timeout=60)
    with Project.open(place) as project:
        assert project.history.document == paragraphs("two")


MOUNTS = """
22 1 0:20 / / rw - ext4 /dev/sda1 rw
40 22 0:40 / /mnt/big\\040disk rw,relatime shared:7 - nfs4 server:/x rw
41 22 0:41 / /mnt/local rw - ext4 /dev/sdb1 rw
42 41 0:42 / /mnt/local/cloud rw - fuse.rclone cloud: rw
nonsense
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/anna/x", "ext4"),
        ("/mnt/big disk/x", "nfs4"),
        ("/mnt/local/x", "ext4"),
        ("/mnt/local/cloud/deep/x", "fuse.rclone"),
        ("/mnt/localhost/x", "ext4"),
    ],
)
def test_the_file_system_is_the_deepest_mount_above_a_path(path: str, kind: str) -> None:
    assert filesystems.kind_of(Path(path), MOUNTS) == kind


def test_the_log_is_not_shared_memory_on_a_network_disk(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Project.create(place, document=paragraphs("one")).close()
    Project.open(place).close()
    monkeypatch.setattr("granite_studio.store.database.is_network", lambda path: True)
    with Project.open(place) as project:
        project.record(project.history.document, project.history.commit(paragraphs("two"), "Type"))
        project.flush()
        assert not place.with_name("talk.gstudio-wal").exists()
        assert not place.with_name("talk.gstudio-shm").exists()
        assert project.results() == {}
        with Project.open(place, read_only=True) as second:
            assert second.history.document == paragraphs("two")
    monkeypatch.undo()
    with Project.open(place) as project:
        assert project.history.document == paragraphs("two")


def test_a_project_replaced_under_us_is_told_and_not_written_into(place: Path) -> None:
    told: list[ProjectError | None] = []
    other = place.with_name("other.gstudio")
    Project.create(other, document=paragraphs("other")).close()
    project = Project.create(place, document=paragraphs("one"))
    project.record(project.history.document, project.history.commit(paragraphs("two"), "Type"))
    project.flush()
    project.on_saved = told.append
    os.replace(other, place)
    project.record(project.history.document, project.history.commit(paragraphs("three"), "Type"))
    with pytest.raises(ProjectError, match="replaced or removed"):
        project.flush()
    assert "save the project elsewhere" in str(told[0])
    with pytest.raises(ProjectError, match="replaced or removed"):
        project.close()
    saved = place.with_name("saved.gstudio")
    project.save_as(saved)
    project.close(abandon=True)
    with Project.open(saved) as copy:
        assert copy.history.document == paragraphs("three")
        assert len(copy.history.steps) == 3
