"""A damaged project comes back, the damaged file is kept, and nobody is sent round in circles."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from granite_studio.core.errors import ProjectError
from granite_studio.store import backups, recovery
from granite_studio.store.project import Project
from tests.store.pictures import heard, paragraphs, picture, with_everything, with_text

PAGE = 4096


def worked_on(place: Path) -> Project:
    """A closed project with history, results and a version, and one good backup of it."""
    document = with_everything()
    with Project.create(place, document=document) as project:
        for number in range(30):
            before = project.history.document
            step = project.history.commit(with_text(before, number % 3, f"t{number}" * 40), "Type")
            project.record(before, step, [heard(f"key {number}")])
        project.name_version("V")
    Project.open(place).close()  # makes the backup: the first one was too young
    return project


@pytest.fixture(autouse=True)
def always_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "EVERY_S", 0.0)


def kept_aside(place: Path) -> list[str]:
    return [name for name in os.listdir(place.parent) if " damaged " in name]


def test_a_flip_in_any_page_loses_nothing(place: Path) -> None:
    expected = picture(worked_on(place).history)
    sound = place.read_bytes()
    for page in range(len(sound) // PAGE):
        for offset in (0, 7, PAGE // 2, PAGE - 40):
            data = bytearray(sound)
            data[page * PAGE + offset] ^= 0x55
            place.write_bytes(data)
            with Project.open(place) as project:
                assert picture(project.history) == expected, (page, offset)
                if project.is_read_only:
                    assert (page, offset) == (0, 60)  # the version, which says "newer"
            for name in kept_aside(place):
                place.with_name(name).unlink()
    assert os.listdir(place.parent) == [place.name]


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9])
def test_a_truncated_file_comes_back(place: Path, share: float) -> None:
    expected = picture(worked_on(place).history)
    os.truncate(place, int(place.stat().st_size * share))
    damaged = place.read_bytes()
    with Project.open(place) as project:
        assert picture(project.history) == expected
        assert not project.is_read_only
        assert "was damaged" in project.notices[0]
        (aside,) = kept_aside(place)
        assert f"“{aside}”" in project.notices[0]
        assert place.with_name(aside).read_bytes() == damaged
    with Project.open(place) as project:
        assert project.notices == ()
        assert picture(project.history) == expected


@pytest.mark.parametrize("page", range(8))
def test_a_zeroed_page_comes_back(place: Path, page: int) -> None:
    expected = picture(worked_on(place).history)
    data = bytearray(place.read_bytes())
    data[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
    place.write_bytes(data)
    with Project.open(place) as project:
        assert picture(project.history) == expected


def test_a_broken_index_costs_no_edit_since_the_backup(place: Path) -> None:
    worked_on(place)
    with Project.open(place) as project:
        before = project.history.document
        project.record(before, project.history.commit(with_text(before, 0, "after"), "Type"))
        project.flush()
        expected = picture(project.history)
    shutil.rmtree(backups.folder_of(place))
    connection = sqlite3.connect(place)
    root = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name='sqlite_autoindex_segment_1'"
    ).fetchone()[0]
    connection.close()
    data = bytearray(place.read_bytes())
    data[(root - 1) * PAGE + 200 : root * PAGE] = bytes(PAGE - 200)
    place.write_bytes(data)
    with Project.open(place) as project:
        assert "everything in it could be saved" in project.notices[0]
        assert picture(project.history) == expected


def test_a_bad_backup_is_passed_over(place: Path) -> None:
    worked_on(place)
    expected = picture(Project.open(place, read_only=True).history)
    good = backups.newest_first(place)[0].path
    bad = good.with_name("20990101-000000000000-9999-00000000.gstudio")
    bad.write_bytes(good.read_bytes()[:-5000])
    place.write_bytes(b"")
    with Project.open(place) as project:
        assert picture(project.history) == expected


def test_without_any_backup_the_damaged_file_is_left_alone(place: Path) -> None:
    worked_on(place)
    shutil.rmtree(backups.folder_of(place))
    os.truncate(place, 5000)
    for _ in range(2):
        with pytest.raises(ProjectError, match="no backup of it; it was left as it is"):
            Project.open(place)
    assert os.listdir(place.parent) == [place.name]
    assert place.stat().st_size == 5000


def test_a_damaged_project_is_not_mended_by_one_who_only_reads(place: Path) -> None:
    worked_on(place)
    os.truncate(place, 5000)
    with pytest.raises(ProjectError, match="mended when it can be opened for writing"):
        Project.open(place, read_only=True)
    assert os.listdir(place.parent) == [place.name]


def test_a_damaged_project_with_a_log_is_kept_with_its_log(place: Path) -> None:
    worked_on(place)
    project = Project.open(place)
    project.record(project.history.document, project.history.commit(paragraphs("new"), "Type"))
    project.flush()
    main, log = place.read_bytes(), Path(f"{place}-wal").read_bytes()
    project.close()
    place.write_bytes(main[:PAGE] + bytes(len(main) - PAGE))
    Path(f"{place}-wal").write_bytes(log)
    with Project.open(place) as project:
        names = kept_aside(place)
        assert sorted(name[-4:] for name in names) == ["-wal", "udio"]
        assert not project.is_read_only
    assert not Path(f"{place}-wal").exists()


def test_a_lost_log_opens_at_the_last_checkpoint(place: Path) -> None:
    worked_on(place)
    expected = picture(Project.open(place, read_only=True).history)
    main = place.read_bytes()
    with Project.open(place) as project:
        project.record(project.history.document, project.history.commit(paragraphs("new"), "Type"))
        project.flush()
    place.write_bytes(main)
    Path(f"{place}-shm").write_bytes(b"stale" * 999)
    with Project.open(place) as project:
        assert picture(project.history) == expected


def test_a_log_with_a_torn_end_opens_at_the_last_whole_commit(place: Path) -> None:
    with Project.create(place, document=paragraphs("one")) as project:
        project.record(project.history.document, project.history.commit(paragraphs("two"), "A"))
        project.flush()
        expected = picture(project.history)
        size = Path(f"{place}-wal").stat().st_size
        project.record(project.history.document, project.history.commit(paragraphs("tri"), "B"))
        project.flush()
        copy = place.with_name("copy.gstudio")
        shutil.copyfile(place, copy)
        log = Path(f"{place}-wal").read_bytes()
    Path(f"{copy}-wal").write_bytes(log[: size + 100])
    with Project.open(copy) as project:
        assert picture(project.history) == expected


RECOVER = """
import os, signal, sys
from pathlib import Path
from granite_studio.store import backups
from granite_studio.store.project import Project
backups.EVERY_S = 0.0
count = 0
def count_down(*_):
    global count
    count += 1
    if count == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
EVENTS = {"open", "os.rename", "os.remove", "os.truncate", "shutil.copyfile", "sqlite3.connect"}
sys.addaudithook(lambda event, arguments: count_down() if event in EVENTS else None)
Project.open(Path(sys.argv[1])).close()
"""


@pytest.mark.kill
def test_killed_at_any_moment_of_a_recovery_the_next_one_completes_it(place: Path) -> None:
    worked_on(place)
    expected = picture(Project.open(place, read_only=True).history)
    damaged = place.read_bytes()[:20_000]
    for moment in range(1, 200):
        place.write_bytes(damaged)
        child = subprocess.run(
            [sys.executable, "-c", RECOVER, str(place), str(moment)],
            stderr=subprocess.PIPE,
            check=False,
        )
        assert child.returncode in (0, -signal.SIGKILL), child.stderr
        with Project.open(place) as project:
            assert picture(project.history) == expected
            assert not project.is_read_only
        asides = kept_aside(place)
        assert len([name for name in asides if name.endswith(".gstudio")]) == 1, asides
        for name in asides:
            place.with_name(name).unlink()
        assert os.listdir(place.parent) == [place.name]
        if child.returncode == 0:
            break
    assert moment > 15, "the recovery was never interrupted in its middle"
    assert child.returncode == 0


def test_a_finished_file_takes_the_place_even_where_no_project_is(place: Path) -> None:
    other = place.with_name("other.gstudio")
    Project.create(other, document=paragraphs("whole")).close()
    other.rename(recovery.whole_of(place))
    recovery.part_of(place).write_bytes(b"half")
    with Project.open(place) as project:
        assert project.history.document == paragraphs("whole")
    assert os.listdir(place.parent) == [place.name]
