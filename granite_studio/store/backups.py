"""Rolling backups of a project, kept apart from it in the person's data folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path

from granite_studio.core.errors import ProjectError
from granite_studio.core.files import sync_file, sync_folder
from granite_studio.store import database, places

EVERY_S = 600.0
"""How long a changed project may go without a new backup."""
KEPT_LATEST = 5
KEPT_DAYS = 7

_NAME = re.compile(r"(\d{8})-(\d{6})-(\d+)\.gstudio")


def folder_of(project: Path) -> Path:
    """Where the backups of the project at this path lie; it need not be there yet."""
    key = hashlib.sha256(os.fsencode(project)).hexdigest()[:20]
    return places.backups_dir() / key


def newest_first(project: Path) -> list[Path]:
    """The backups that are there, the latest first; none where the folder cannot be read."""
    try:
        names = os.listdir(folder_of(project))
    except (OSError, ProjectError):
        return []
    return [folder_of(project) / name for name in sorted(filter(_NAME.fullmatch, names))[::-1]]


def make(connection: sqlite3.Connection, project: Path, revision: int) -> bool:
    """Copy the project unless the newest backup is of this revision or too young.

    Raises `OSError`, `sqlite3.Error` or `ProjectError`; the project is not touched by it.
    """
    kept = newest_first(project)
    now = time.time()
    if kept:
        if _revision(kept[0]) == revision:
            return False
        if 0 <= now - kept[0].stat().st_mtime < EVERY_S:
            return False
    folder = folder_of(project)
    folder.mkdir(parents=True, exist_ok=True)
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now))
    target = folder / f"{stamp}-{revision}.gstudio"
    part = folder / f"{target.name}-part"
    copy_database(connection, part)
    os.replace(part, target)
    sync_folder(folder)
    for name in sorted({path.name for path in newest_first(project)} - keep(os.listdir(folder))):
        (folder / name).unlink()
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


def keep(names: Iterable[str]) -> set[str]:
    """Of these backup names, the ones worth keeping: the latest, and the last of each day."""
    known = sorted(filter(_NAME.fullmatch, names), reverse=True)
    days: dict[str, str] = {}
    for name in known:
        days.setdefault(name[:8], name)
    return {*known[:KEPT_LATEST], *list(days.values())[:KEPT_DAYS]}


def _revision(backup: Path) -> int:
    found = _NAME.fullmatch(backup.name)
    return int(found[3]) if found else -1
