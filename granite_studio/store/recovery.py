"""Putting a whole file in a project's place, and finding one when the project is damaged.

A file that is ready to take the project's place lies beside it under the name `-whole`; one that
is still being written under `-part`. Whoever is killed, the next to open the project finishes the
move or sweeps the part, so that each step may be repeated and none can be lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from granite_studio.core.files import sync_file, sync_folder
from granite_studio.store import backups, database, rows
from granite_studio.store.codec import DamagedError

log = logging.getLogger(__name__)


def part_of(project: Path) -> Path:
    return project.with_name(project.name + "-part")


def whole_of(project: Path) -> Path:
    return project.with_name(project.name + "-whole")


@contextlib.contextmanager
def building(
    project: Path, source: sqlite3.Connection | None = None
) -> Iterator[sqlite3.Connection]:
    """A transaction on a new file, or on a copy of `source`, that becomes the project at the end.

    Call with the project's lock held. A file that stands there gives way in one move, and stays
    as it is when anything fails.
    """
    part = part_of(project)
    try:
        if source:
            backups.copy_database(source, part)
        with contextlib.closing(database.connect_new(part)) as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
        place(project)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def place(project: Path) -> None:
    """Make the finished part the project. Call with the project's lock held."""
    sync_file(part_of(project))
    os.replace(part_of(project), whole_of(project))
    sync_folder(project.parent)
    finish(project)


def finish(project: Path) -> None:
    """Complete what a killed `place` began, and sweep what is no use any more."""
    with contextlib.suppress(FileNotFoundError):
        part_of(project).unlink()
    if not whole_of(project).exists():
        return
    for log_file in database.side_files(project):  # replayed into the new file they would ruin it
        with contextlib.suppress(FileNotFoundError):
            log_file.unlink()
    sync_folder(project.parent)  # no power cut may bring one back after the move
    os.replace(whole_of(project), project)
    sync_folder(project.parent)


def restore(project: Path) -> str | None:
    """Replace a damaged project and return the sentence to tell; None if nothing can.

    What can be read without a fault is saved whole; otherwise the newest good backup takes its
    place. The damaged file stays beside the project under a name of its own. Call with the lock
    held. Raises `OSError` or `sqlite3.Error` when the disk refuses; the project is then as it was.
    """
    part = part_of(project)
    source = "everything in it could be saved" if _rescue(project, part) else None
    if source is None:
        for backup in backups.newest_first(project):
            if is_good(backup.path):
                shutil.copyfile(backup.path, part)
                source = f"the backup of {backup.made} was put in its place"
                break
    if source is None:
        return None
    aside = _set_aside(project)
    place(project)
    return f"“{project.name}” was damaged; {source}, and the damaged file is kept as “{aside}”."


def is_good(path: Path) -> bool:
    """Whether this file is a sound project with all its history."""
    try:
        with database.reading(path) as connection:
            database.check(connection, path.name)
            rows.read_history(connection)
            rows.read_versions(connection)
    except (DamagedError, database.ForeignError, OSError, sqlite3.Error):
        log.info("%s is no good", path, exc_info=True)
        return False
    return True


def _rescue(project: Path, part: Path) -> bool:
    """Copy row by row into a new file what a broken index or page elsewhere did not reach."""
    try:
        with (
            database.reading(project) as damaged,
            contextlib.closing(database.connect_new(part)) as new,
        ):
            database.create_tables(new)
            database.refuse_views(damaged)
            for table in ("document", "segment", "log", "state", "result", "stage"):
                try:
                    for row in damaged.execute(f"SELECT * FROM {table} NOT INDEXED"):
                        marks = ",".join("?" * len(row))
                        new.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)
                except sqlite3.Error:
                    if table not in ("result", "stage"):  # those can be made again
                        raise
        if is_good(part):
            return True
    except (DamagedError, OSError, sqlite3.Error):
        log.info("%s cannot be rescued whole", project, exc_info=True)
    with contextlib.suppress(OSError):
        part.unlink()
    return False


def _set_aside(project: Path) -> str:
    """Copy the damaged file, with its log, beside the project; the same damage only once."""
    digest = hashlib.sha256()
    sources = [project, *database.side_files(project)]
    for source in sources:
        with contextlib.suppress(FileNotFoundError), source.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    stem = os.fsdecode(os.fsencode(project.stem)[:200])
    aside = project.with_name(f"{stem} damaged {digest.hexdigest()[:8]}.gstudio")
    for source in reversed(sources):
        target = aside.with_name(aside.name + source.name[len(project.name) :])
        if source.exists() and not source.name.endswith("-shm") and not target.exists():
            part = target.with_name(target.name + "~")
            shutil.copyfile(source, part)
            sync_file(part)
            os.replace(part, target)
    return aside.name
