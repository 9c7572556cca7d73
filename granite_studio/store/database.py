"""The SQLite file of a project: its tables, how it is opened, checked, and what went wrong."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

from granite_studio.core.errors import ProjectError
from granite_studio.store.codec import DamagedError
from granite_studio.store.filesystems import is_network

APPLICATION_ID = 0x47535430  # "GST0"
VERSION = 1
MODE_OFFSET = 18
"""Where the file says whether it is used with a write-ahead log."""
MODE_WITHOUT_LOG = b"\x01\x01"
_LARGEST_VALUE = 256 << 20
"""Bytes of one value: a splice of four million words. More is an attack."""

_TABLES = (
    "CREATE TABLE document (id INTEGER PRIMARY KEY, data BLOB NOT NULL, sum INTEGER NOT NULL) "
    "STRICT",
    "CREATE TABLE segment (document INTEGER NOT NULL, row INTEGER NOT NULL, data BLOB NOT NULL, "
    "sum INTEGER NOT NULL, PRIMARY KEY (document, row)) STRICT",
    "CREATE TABLE log (seq INTEGER PRIMARY KEY, step INTEGER NOT NULL, data BLOB NOT NULL, "
    "sum INTEGER NOT NULL) STRICT",
    "CREATE TABLE result (key BLOB PRIMARY KEY, data BLOB NOT NULL, sum INTEGER NOT NULL) STRICT",
    "CREATE TABLE stage (name BLOB NOT NULL, key BLOB NOT NULL, data BLOB NOT NULL, "
    "sum INTEGER NOT NULL, PRIMARY KEY (name, key)) STRICT",
    "CREATE TABLE state (name TEXT PRIMARY KEY, data BLOB NOT NULL, sum INTEGER NOT NULL) STRICT",
)


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_UNWRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)

_PASSING = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    *_UNWRITABLE,
)


def side_files(path: Path) -> tuple[Path, ...]:
    """What SQLite may keep beside the file while it is open, or after a crash."""
    return tuple(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))


class ForeignError(ProjectError):
    """The file is something else, and always was."""


def create_tables(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={VERSION}")
    for table in _TABLES:
        connection.execute(table)


def connect_new(path: Path) -> sqlite3.Connection:
    """A connection to build a file with that nobody else sees yet: fast, and not crash-safe."""
    connection = _connect(path, "rwc")
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    return connection


def connect_writer(path: Path) -> sqlite3.Connection:
    """A connection whose every commit is on the disk when it returns. For one thread at a time."""
    connection = _connect(path, "rw")
    try:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA fullfsync=ON")
        connection.execute("PRAGMA checkpoint_fullfsync=ON")
        if is_network(path):
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")  # no shared memory meanwhile
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("PRAGMA locking_mode=NORMAL")
        else:
            connection.execute("PRAGMA journal_mode=WAL")  # stays DELETE where that cannot be
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def reading(path: Path, *, is_live: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection that never changes the file or its folder, wherever that lies.

    All that is read through it is of one moment, whatever another process commits meanwhile.
    `is_live` says that this very process has the file open for writing.
    """
    with contextlib.ExitStack() as stack:
        connection = _connect(path, "ro") if is_live else _connect_reader(path, stack)
        stack.callback(connection.close)
        connection.execute("BEGIN")
        yield connection


def moment(path: Path) -> tuple[tuple[int, int] | None, ...]:
    """What is different once another process has written: times and sizes of all its files."""
    found: list[tuple[int, int] | None] = []
    for file in (path, *side_files(path)):
        try:
            stat = file.stat()
        except OSError:
            found.append(None)
        else:
            found.append((stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def _connect_reader(path: Path, stack: contextlib.ExitStack) -> sqlite3.Connection:
    logs = [log for log in side_files(path) if not log.name.endswith("-shm") and log.exists()]
    if not logs and _is_wal(path):
        return _connect(path, "ro&immutable=1")  # closed: SQLite would leave side files behind
    try:
        return _opened(_connect(path, "ro"))
    except sqlite3.OperationalError as error:
        if not logs or error.sqlite_errorcode & 0xFF not in _UNWRITABLE:
            raise
    # What a crash left can only be replayed by who may write, so it is replayed in a copy.
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="granite-")))
    for file in (path, *logs):
        shutil.copyfile(file, folder / f"copy{file.name[len(path.name) :]}")
    return _opened(_connect(folder / "copy", "rw"))


def _opened(connection: sqlite3.Connection) -> sqlite3.Connection:
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _is_wal(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(MODE_OFFSET)
        return file.read(2) == b"\x02\x02"


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    place = str(path).replace("\\", "/") if os.name == "nt" else os.fsencode(path)
    quoted = urllib.parse.quote(place)
    if not quoted.startswith("/"):
        quoted = f"/{quoted}"
    connection = sqlite3.connect(
        f"file://{quoted}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=5,
        check_same_thread=False,
    )
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.execute("PRAGMA mmap_size=0")
    if sys.version_info >= (3, 12):
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
    return connection


def check(connection: sqlite3.Connection, name: str) -> int:
    """Look the file over and return its schema version.

    Raises `ForeignError` for a sound file of another program, and `DamagedError` for one that is
    broken or holds what this program never writes (triggers and views would run on our watch).
    """
    try:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        rows = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        found = {sql for kind, _, sql in rows if kind == "table"}
        strange = [name for kind, name, sql in rows if not _is_known(kind, sql, version)]
        sound = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.Error as error:
        raise_if_damaged(error)
        raise
    if sound and rows and not ours and not set(_TABLES) <= found:
        raise ForeignError(f"“{name}” belongs to another program; choose a project file.")
    if not sound or strange or not set(_TABLES) <= found:
        raise DamagedError("quick_check" if not sound else f"its schema: {strange!r:.200}")
    return version


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether this program knows all that the file may hold."""
    return bool(connection.execute("PRAGMA user_version").fetchone()[0] <= VERSION)


def refuse_views(connection: sqlite3.Connection) -> None:
    """Raise `DamagedError` if a name of ours is no plain table: reading it might never end."""
    kinds = dict(connection.execute("SELECT name, type || rootpage FROM sqlite_master"))
    for name in ("document", "segment", "log", "result", "stage", "state"):
        if not str(kinds.get(name, "")).startswith("table") or kinds[name] == "table0":
            raise DamagedError(f"{name} is no table")


def raise_if_damaged(error: sqlite3.Error) -> None:
    """Raise `DamagedError` unless the failure may pass: a busy file, a disk that is away."""
    if (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF not in _PASSING:
        raise DamagedError(str(error)) from error


def _is_known(kind: str, sql: str | None, version: int) -> bool:
    if kind == "index":
        return sql is None or version > VERSION
    if kind != "table":
        return False
    return sql in _TABLES or (version > VERSION and "VIRTUAL" not in str(sql).upper())


def refusal(path: Path, error: Exception) -> ProjectError:
    """The sentence for a write that failed: which file, why, and what to do."""
    if isinstance(error, ProjectError):
        return error
    kind = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    number = error.errno if isinstance(error, OSError) else None
    if kind == sqlite3.SQLITE_FULL or number in _FULL or _is_full(path):
        why = "the disk is full; free some space there"
    elif kind in _UNWRITABLE or number in (errno.EACCES, errno.EPERM, errno.EROFS):
        why = "its folder cannot be written; make it writable or choose another place"
    elif kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        why = "another program is using it; close that program"
    elif kind in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        why = "the file is damaged; save the project in another place"
    else:
        why = f"the disk refuses it ({error}); choose another place"
    return ProjectError(f"“{path}” cannot be saved because {why}.")


def _is_full(path: Path) -> bool:
    """SQLite calls some full disks (quotas, network disks) an input/output error."""
    try:
        return shutil.disk_usage(path.parent).free < 1 << 16
    except OSError:
        return False
