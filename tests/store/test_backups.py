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
    with Project.open(backup, read_only=True) as copy:
        assert copy.history.document == paragraphs("one")


def test_a_young_backup_is_enough(place: Path) -> None:
    with Project.create(place, document=paragraphs("one")) as project:
        type_into(project, "two")
    Project.open(place).close()
    assert len(backups.newest_first(place)) == 1


def test_an_old_backup_is_enough_when_nothing_changed(place: Path) -> None:
    Project.create(place, document=paragraphs("one")).close()
    age(backups.newest_first(place)[0], 2 * backups.EVERY_S)
    Project.open(place).close()
    assert len(backups.newest_first(place)) == 1


def test_an_old_backup_of_a_changed_project_gets_a_successor(place: Path) -> None:
    with Project.create(place, document=paragraphs("one")) as project:
        type_into(project, "two")
        expected = picture(project.history)
    age(backups.newest_first(place)[0], 2 * backups.EVERY_S)
    Project.open(place).close()
    newest, _ = backups.newest_first(place)
    with Project.open(newest, read_only=True) as copy:
        assert picture(copy.history) == expected


def test_a_long_session_is_backed_up_while_it_lasts(place: Path) -> None:
    with Project.create(place, document=paragraphs("one")) as project:
        type_into(project, "two")
        age(backups.newest_first(place)[0], 2 * backups.EVERY_S)
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
    names = [f"{at:%Y%m%d-%H%M%S}-{number}.gstudio" for number, at in enumerate(times)]
    kept = backups.keep([*names, "notes.txt", "20260320-120000-1.gstudio-part"])
    assert sorted(name[:11] for name in kept) == [
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


def test_what_is_not_kept_goes(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "EVERY_S", 0.0)
    with Project.create(place, document=paragraphs("one")) as project:
        for number in range(9):
            type_into(project, f"t{number}")
    kept = backups.newest_first(place)
    assert 1 <= len(kept) <= backups.KEPT_LATEST
    assert len(os.listdir(backups.folder_of(place))) == len(kept)
