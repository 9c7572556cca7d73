"""Rolling backups of a project, kept apart from it in the person's data folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from granite_studio.core.errors import ProjectError
from granite_studio.core.files import sync_file, sync_folder
from granite_studio.store import database, places

EVERY_S = 600.0
"""How long a changed project may go without a new backup."""
KEPT_LATEST = 5
KEPT_DAYS = 7

_NAME = re.compile(r"(\d{8})-(\d{12})-(\d{1,18})-([0-9a-f]{8})\.gstudio")


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    """One backup: when it was made (UTC, as text), of which revision of which project."""

    day: str
    time: str
    revision: int
    project: str
    path: Path

    @property
    def made(self) -> str:
        return (
            f"{self.day[:4]}-{self.day[4:6]}-{self.day[6:]} {self.time[:2]}:{self.time[2:4]} UTC"
        )


def folder_of(project: Path) -> Path:
    """Where the backups of the project at this path lie; it need not be there yet."""
    key = hashlib.sha256(os.fsencode(project)).hexdigest()[:20]
    return places.backups_dir() / key


def newest_first(project: Path) -> list[Backup]:
    """The backups that are there, the latest first; none where the folder cannot be read."""
    try:
        folder = folder_of(project)
        return sorted(filter(None, map(_backup, folder.iterdir())), reverse=True)
    except (OSError, ProjectError):
        return []


def make(connection: sqlite3.Connection, path: Path, *, project: str, revision: int) -> bool:
    """Copy the project unless its newest backup is of this revision or too young.

    `project` is its own name for itself: another may have stood at this path before. Raises
    `OSError`, `sqlite3.Error` or `ProjectError`; the project is not touched by it.
    """
    now = time.time()
    kept = [backup for backup in newest_first(path) if backup.project == project]
    if kept and (
        kept[0].revision == revision or 0 <= now - kept[0].path.stat().st_mtime < EVERY_S
    ):
        return False
    folder = folder_of(path)
    folder.mkdir(parents=True, exist_ok=True)
    # To the microsecond: two projects made at one path in one second must not change places.
    stamp = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now))}{int(now % 1 * 1e6):06d}"
    target = folder / f"{stamp}-{revision}-{project}.gstudio"
    part = folder / "part"
    copy_database(connection, part)
    os.replace(part, target)
    sync_folder(folder)
    made = newest_first(path)
    for backup in set(made) - keep(made):
        backup.path.unlink()
    return True


def copy_database(connection: sqlite3.Connection, target: Path) -> None:
    """Write a durable copy of the open database to a new file; on failure there is none."""
    with contextlib.suppress(FileNotFoundError):
        target.unlink()
    try:
        with contextlib.closing(database.connect_new(target)) as copy:
            connection.backup(copy)
        with target.open("r+b") as file:  # the copy has no log, so that nothing looks for one
            file.seek(database.MODE_OFFSET)
            file.write(database.MODE_WITHOUT_LOG)
        sync_file(target)
    except BaseException:
        with contextlib.suppress(OSError):
            target.unlink()
        raise


def keep(made: Iterable[Backup]) -> set[Backup]:
    """The backups worth keeping: the latest, and the last of each day."""
    known = sorted(made, reverse=True)
    days: dict[str, Backup] = {}
    for backup in known:
        days.setdefault(backup.day, backup)
    return {*known[:KEPT_LATEST], *list(days.values())[:KEPT_DAYS]}


def _backup(path: Path) -> Backup | None:
    found = _NAME.fullmatch(path.name)
    return Backup(found[1], found[2], int(found[3]), found[4], path) if found else None
