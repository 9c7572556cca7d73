"""What stands between a path and an open project: a name, a lock, a sound file, its content."""

from __future__ import annotations

import contextlib
import glob
import hashlib
import os
import sqlite3
import time
from pathlib import Path

from granite_studio.core.errors import MediaError, ProjectError
from granite_studio.core.history import History
from granite_studio.store import backups, database, media_link, places, recovery, rows
from granite_studio.store.codec import DamagedError
from granite_studio.store.lock import Lock, LockedError
from granite_studio.store.media_link import MediaLink
from granite_studio.store.rows import Version

SUFFIX = ".gstudio"
_LONGEST_NAME = 255 - len("-journal")
_TRIES = 5
_MEANWHILE = 0.1
"""Seconds between two looks at a file that another process is changing."""


class Opened:
    """What opening a file found, step by step."""

    def __init__(self) -> None:
        self.lock: Lock | None = None
        self.history = History()
        self.link: MediaLink | None = None
        self.media_path: Path | None = None
        self.versions: tuple[Version, ...] = ()
        self.reason = ""
        self.can_take_over = False
        self.notices: list[str] = []

    def take_lock(self, path: Path, take_over: bool) -> None:
        """Lock the project and complete what a killed program began, or say why that cannot be."""
        if not recovery.whole_of(path).exists():
            _refuse_what_is_no_file(path)
            if not os.access(path, os.W_OK):
                self.reason = (
                    f"“{path.name}” is write-protected, so it is open for reading only; "
                    "save it elsewhere to make changes."
                )
                return
        try:
            self.lock = Lock.take(path, take_over=take_over)
            recovery.finish(path)
        except LockedError as held:
            self.reason = str(held)
            self.can_take_over = held.is_left
        except OSError as error:
            self.let_go()
            self.reason = (
                f"“{path.parent}” cannot be written ({error.strerror}), so the project is open "
                "for reading only; save it elsewhere to make changes."
            )

    def load(self, path: Path) -> None:
        """Read the file, mending it first if it is damaged and may be written."""
        _refuse_what_is_no_file(path)
        try:
            self._load_between_writes(path)
        except DamagedError as damage:
            if not self.lock:
                raise ProjectError(
                    f"“{path}” is damaged or not a project; "
                    "a damaged one is mended when it can be opened for writing."
                ) from damage
            self._restore(path, damage)
        except (OSError, sqlite3.Error) as error:
            raise ProjectError(f"“{path}” cannot be opened ({error}).") from error

    def find_media(self, path: Path) -> MediaLink | None:
        """Look for the recording; returns the new link if it was found in another place."""
        if self.link is None:
            return None
        found = media_link.find(self.link, path)
        self.media_path = found.path
        if found.path is None:
            return None
        if found.is_changed:
            self.notices.append(
                f"The recording “{found.path.name}” has changed since it was transcribed, "
                "so the times of the words may not fit."
            )
        elif str(found.path) != self.link.absolute:
            with contextlib.suppress(MediaError):  # it went away again; the old link stays
                return media_link.link_to(found.path, path)
        return None

    def let_go(self) -> None:
        if self.lock:
            self.lock.release()
            self.lock = None

    def _load_between_writes(self, path: Path) -> None:
        """Read again what failed while another process opened, changed or closed the file."""
        for _ in range(_TRIES):
            before = database.moment(path)
            try:
                return self._load(path)
            except (DamagedError, OSError, sqlite3.Error):
                if self.lock or database.moment(path) == before:
                    raise
                time.sleep(_MEANWHILE)
        return self._load(path)

    def _load(self, path: Path) -> None:
        try:
            with database.reading(path) as connection:
                version = database.check(connection, path.name)
                self.history = rows.read_history(connection)
                self.link = media_link.link_from(rows.read_state(connection, "media"))
                self.versions = rows.read_versions(connection)
                self._look_for_later(path, connection)
        except sqlite3.Error as error:
            database.raise_if_damaged(error)
            raise
        if version > database.VERSION:
            self.let_go()
            self.reason = (
                f"“{path.name}” was made by a newer Granite Studio, so it is open for reading "
                "only; update the program to make changes."
            )

    def _look_for_later(self, path: Path, connection: sqlite3.Connection) -> None:
        """Say when the file lies behind what is known of it: a log was lost, or a copy lies by."""
        name, revision = rows.read_name(connection), rows.read_position(connection).revision
        for backup in backups.newest_first(path):
            if backup.project == name and backup.revision > revision:
                self.notices.append(
                    f"“{path.name}” is older than its backup of {backup.made}; "
                    f"if something is missing, open “{backup.path}”."
                )
                break
        for other in path.parent.glob(f"{glob.escape(path.stem)}*{SUFFIX}"):
            if "conflict" in other.name.lower() and other != path:
                self.notices.append(
                    f"“{other.name}” beside this project was made by a program that synchronises "
                    "folders; open it to see what differs."
                )

    def _restore(self, path: Path, damage: DamagedError) -> None:
        try:
            told = recovery.restore(path)
            if told is None:
                raise ProjectError(_is_damaged(path)) from damage
            self.notices.append(told)
            self._load(path)
        except DamagedError as error:
            raise ProjectError(_is_damaged(path)) from error
        except (OSError, sqlite3.Error) as error:
            raise database.refusal(path, error) from error


def project_path_for(media: Path) -> Path:
    """Where the project of this recording belongs: beside it, or in the data folder."""
    media = Path(os.path.abspath(media))
    beside = media.with_name(_shortened(media.stem))
    if beside.exists() and not _is_project_of(beside, media):
        beside = media.with_name(_shortened(media.name))  # talk.mp3 and talk.wav
    if os.access(media.parent, os.W_OK):
        return beside
    key = hashlib.sha256(os.fsencode(media)).hexdigest()[:8]
    apart = places.projects_dir() / _shortened(f"{media.stem}-{key}")
    if beside.exists() and not apart.exists():
        return beside
    return apart


def _shortened(stem: str) -> str:
    """A file name for this stem that leaves room for what SQLite appends."""
    room = _LONGEST_NAME - len(SUFFIX)
    data = os.fsencode(stem)
    if len(data) > room:
        key = hashlib.sha256(data).hexdigest()[:8]
        stem = data[: room - 9].decode("utf-8", "ignore") + "-" + key
    return stem + SUFFIX


def _is_project_of(project: Path, media: Path) -> bool:
    """Whether this file is a project of the recording of that name, as far as can be told."""
    try:
        with database.reading(project) as connection:
            link = media_link.link_from(rows.read_state(connection, "media"))
    except (DamagedError, OSError, sqlite3.Error):
        return True
    return link is None or Path(link.absolute).name == media.name


def usable(path: Path) -> Path:
    """The full path behind links, with a name that leaves room for SQLite's own files."""
    try:
        full = Path(os.path.realpath(path))
        if len(os.fsencode(full.name)) > _LONGEST_NAME:
            raise ProjectError(f"The name “{full.name}” is too long; choose a shorter one.")
    except (OSError, ValueError) as error:
        raise ProjectError(f"“{path}” is not a possible path ({error}).") from error
    return full


def _refuse_what_is_no_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise ProjectError(f"“{path}” is a folder; choose a project file.")
        if not path.exists():
            raise ProjectError(f"There is no project at “{path}”; it may have been moved.")
        if not path.is_file():
            raise ProjectError(f"“{path}” is not a file; choose a project file.")
    except OSError as error:
        raise ProjectError(f"“{path}” cannot be opened ({error.strerror}).") from error


def _is_damaged(path: Path) -> str:
    return (
        f"“{path}” is damaged or not a Granite Studio project, and there is no backup of it; "
        "it was left as it is."
    )
