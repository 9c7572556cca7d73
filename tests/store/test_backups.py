"""Backups are made when they are due, when something changed, and few are kept."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from granite_studio.store import backups
from granite_studio.store.project import Project
from tests.store.pictures import paragraphs, picture


def type_into(project: Project, text: str) -> None:
    before = project.history.document
    project.record(before, project.history.commit(paragraphs(text), "Type"))
    project.flush()


def age(backup: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(backup, (then, then))


def test_opening_a_project_makes_the_first_backup(place: Path) -> None:
    with Project.create(place, document=paragraphs("one")):
        pass
    (backup,) = backups.newest_first(place)
    with Project.open(backup.path, read_only=True) as copy:
        assert copy.history.document == paragraphs("one")


def test_a_young_backup_is_enough(place: Path) -> None:
    with Project.create(place, document=paragraphs("one")) as project:
        type_into(project, "two")
    Project.open(place).close()
    assert len(backups.newest_first(place)) == 1


def test_an_old_backup_is_enough_when_nothing_changed(place: Path) -> None:
    Project.create(place, document=paragraphs("one")).close()
    age(backups.newest_first(place)[0].path, 2 * backups.EVERY_S)
    Project.open(place).close()
    assert len(backups.newest_first(place)) == 1


def test_an_old_backup_of_a_changed_project_gets_a_successor(place: Path) -> None:
    with Project.create(place, document=paragraphs("one")) as project:
        type_into(project, "two")
        expected = picture(project.history)
    age(backups.newest_first(place)[0].path, 2 * backups.EVERY_S)
    Project.open(place).close()
    newest, _ = backups.newest_first(place)
    with Project.open(newest.path, read_only=True) as copy:
        assert picture(copy.history) == expected


def test_a_long_session_is_backed_up_while_it_lasts(place: Path) -> None:
    with Project.create(place, document=paragraphs("one")) as project:
        type_into(project, "two")
        age(backups.newest_first(place)[0].path, 2 * backups.EVERY_S)
        type_into(project, "three")
        project.close()
        assert len(backups.newest_first(place)) == 2


def test_a_project_is_saved_where_no_backup_can_be_made(
    place: Path, own_folders: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own_folders.write_text("a file where the folder should be")
    with Project.create(place, document=paragraphs("one")) as project:
        type_into(project, "two")
    with Project.open(place) as project:
        assert project.history.document == paragraphs("two")
    assert "upkeep failed" in caplog.text


def test_the_latest_five_and_the_last_of_seven_days_are_kept() -> None:
    noon = datetime(2026, 3, 20, 12, tzinfo=UTC)
    times = [noon - timedelta(hours=hours) for hours in range(0, 24 * 12, 6)]
    made = [
        backups.Backup(f"{at:%Y%m%d}", f"{at:%H%M%S}", number, "00000000", Path())
        for number, at in enumerate(times)
    ]
    assert sorted(f"{backup.day}-{backup.time[:2]}" for backup in backups.keep(made)) == [
        "20260314-18",
        "20260315-18",
        "20260316-18",
        "20260317-18",
        "20260318-18",
        "20260319-12",
        "20260319-18",
        "20260320-00",
        "20260320-06",
        "20260320-12",
    ]


def test_a_new_project_where_an_old_one_was_has_backups_of_its_own(place: Path) -> None:
    Project.create(place, document=paragraphs("old")).close()
    place.unlink()
    with Project.create(place, document=paragraphs("new")) as project:
        assert project.notices == ()
    assert len(backups.newest_first(place)) == 2
    place.write_bytes(b"")
    with Project.open(place) as project:
        assert project.history.document == paragraphs("new")


def test_a_project_that_is_older_than_its_backup_says_so(place: Path) -> None:
    with Project.create(place, document=paragraphs("one")) as project:
        project.flush()
    old = place.read_bytes()
    with Project.open(place) as project:
        type_into(project, "two")
    age(backups.newest_first(place)[0].path, 2 * backups.EVERY_S)
    Project.open(place).close()
    place.write_bytes(old)
    with Project.open(place) as project:
        newest = backups.newest_first(place)[0]
        assert "older than its backup of" in project.notices[0]
        assert str(newest.path) in project.notices[0]


def test_a_conflict_copy_beside_the_project_is_named(place: Path) -> None:
    Project.create(place, document=paragraphs("one")).close()
    name = "talk (Anna's conflicted copy 2026-03-20).gstudio"
    place.with_name(name).write_bytes(place.read_bytes())
    with Project.open(place) as project:
        assert f"“{name}” beside this project" in project.notices[0]


def test_what_is_not_kept_goes(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "EVERY_S", 0.0)
    with Project.create(place, document=paragraphs("one")) as project:
        for number in range(9):
            type_into(project, f"t{number}")
    kept = backups.newest_first(place)
    assert 1 <= len(kept) <= backups.KEPT_LATEST
    assert len(os.listdir(backups.folder_of(place))) == len(kept)
