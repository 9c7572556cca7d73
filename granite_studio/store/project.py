"""A project: one file that keeps a transcript, its history and everything heard so far."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from granite_studio.core.document import Document
from granite_studio.core.errors import MediaError, ProjectError
from granite_studio.core.heard import Heard
from granite_studio.core.history import History, Step
from granite_studio.store import backups, database, media_link, recovery, rows
from granite_studio.store.codec import DamagedError, pack
from granite_studio.store.lock import Lock, LockedError
from granite_studio.store.media_link import MediaLink
from granite_studio.store.opening import Opened, project_path_for, usable
from granite_studio.store.rows import Version
from granite_studio.store.writer import Write, Writer

__all__ = ["Project", "Version", "project_path_for"]

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class Project:
    """An open project file. Every change is on its way to the disk when its method returns.

    Methods may be called from any thread; `history` belongs to whoever shows the project.
    """

    on_saved: Callable[[ProjectError | None], None] | None
    """Called on the writer's thread: None after each durable transaction, or why it is not.

    It must not call back into the project, which waits for it.
    """

    def __init__(self, path: Path, opened: Opened) -> None:
        """For `create` and `open`, which are the ways in."""
        self._path = path
        self._lock = opened.lock
        self._reason = opened.reason
        self.can_take_over = opened.can_take_over
        self._versions = opened.versions
        self._link = opened.link
        self.history: History = opened.history
        self.media_path: Path | None = opened.media_path
        self.notices: tuple[str, ...] = tuple(opened.notices)
        self.on_saved = None
        self._writer: Writer | None = None
        if self._lock:
            self._identity = _identity(path)
            self._writer = Writer(
                connect=self._connect,
                explain=lambda error: database.refusal(self._path, error),
                told=self._tell,
                idle=self._upkeep,
                name=f"writer of {path.name}",
            )

    @classmethod
    def create(cls, path: Path, *, document: Document, media_path: Path | None = None) -> Project:
        """Make a new project file and open it.

        Raises `ProjectError` if one is there already or the disk refuses, `MediaError` if the
        recording cannot be read.
        """
        path = usable(path)
        opened = Opened()
        try:
            opened.lock = Lock.take(path)
            recovery.finish(path)
            if path.exists():
                raise ProjectError(f"“{path}” is there already; open it or choose another name.")
            if media_path:
                opened.link = media_link.link_to(media_path, path)
                opened.media_path = Path(opened.link.absolute)
            opened.history = History([Step(document)])
            with recovery.building(path) as connection:
                _fill(connection, opened.history, opened.link)
            return cls(path, opened)
        except LockedError as held:
            raise ProjectError(str(held)) from held
        except (OSError, sqlite3.Error) as error:
            opened.let_go()
            raise database.refusal(path, error) from error
        except BaseException:
            opened.let_go()
            raise

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, take_over: bool = False) -> Project:
        """Open a project with its history.

        It is read-only, with `read_only_reason`, when somebody else has it open, a newer program
        made it, or its folder cannot be written. `take_over` ignores a lock that another computer
        left behind, where `can_take_over` said so. Raises `ProjectError` for what is not a
        project or cannot be mended.
        """
        path = usable(path)
        opened = Opened()
        if read_only:
            opened.reason = f"“{path.name}” was opened for reading only."
        else:
            opened.take_lock(path, take_over)
        try:
            opened.load(path)
            moved = opened.find_media(path)
            project = cls(path, opened)
            if moved and project._writer:
                project._store_link(moved)
            return project
        except BaseException:
            opened.let_go()
            raise

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        return self._path

    @property
    def is_read_only(self) -> bool:
        return self._writer is None

    @property
    def read_only_reason(self) -> str:
        """Why nothing can be changed, as a sentence; empty when it can."""
        return self._reason

    def record(
        self,
        before: Document,
        step: Step,
        heard: Iterable[Heard] = (),
        *,
        undone: Sequence[Step] = (),
    ) -> None:
        """Queue the step that turned `before` into its document, and the results behind it.

        One transaction; `undone` are all that can be redone from then on. Returns at once.
        """
        at, results = _now(), [result for result in heard if result.key]

        def write(connection: sqlite3.Connection) -> None:
            below = Step(before, number=rows.read_position(connection).step)
            rows.write_steps(connection, below, (step, *undone), step, at)
            for result in results:
                rows.write_result(connection, result)

        self._put(write)

    def rewrite(self, below: Step, steps: Sequence[Step], current: Step) -> None:
        """Queue that these steps follow `below` now, and that undo is at `current`.

        One transaction. The first may have the number of `below`, and is one with it then.
        """
        at = _now()
        self._put(lambda connection: rows.write_steps(connection, below, steps, current, at))

    def move_to(self, step: Step) -> None:
        """Queue that undo or redo went to this step."""
        self._put(lambda connection: rows.move_position(connection, step.number))

    def put_result(self, heard: Heard) -> None:
        """Queue what one engine said of one window, under its key."""
        if not heard.key:
            raise ValueError("a result without a key could not be found again")
        self._put(lambda connection: rows.write_result(connection, heard))

    def results(self) -> dict[str, Heard]:
        """Everything heard so far by key."""
        return self._read_settled(rows.read_results)

    def put_stage(self, name: str, key: str, value: object) -> None:
        """Queue what another stage found (speech spans, settings of a run): anything JSON has."""
        data = pack(value)
        self._put(lambda connection: rows.write_stage(connection, name, key, data))

    def stage(self, name: str, key: str) -> Any:
        """What `put_stage` stored under this name and key, or None."""
        return self._read_settled(lambda connection: rows.read_stage(connection, name, key))

    def stages(self, name: str) -> dict[str, Any]:
        """All that `put_stage` stored under this name, by key; damaged values are left out."""
        return self._read_settled(lambda connection: rows.read_stages(connection, name))

    def name_version(self, name: str) -> Version:
        """Queue a copy of the transcript as it is now, under this name."""
        document, at = self.history.document, _now()
        number = 1 + max((version.id for version in self._versions), default=rows.BASE)
        version = Version(number, name, at)
        step = Step(document, name)
        self._put(lambda c: rows.write_document(c, number, document, step, at))
        self._versions = (*self._versions, version)
        self.history.seal()
        return version

    def versions(self) -> tuple[Version, ...]:
        """The named versions, the oldest first."""
        return self._versions

    def version_document(self, version_id: int) -> Document:
        """The transcript of a named version; `KeyError` if there is none with this id."""
        if version_id not in {version.id for version in self._versions}:
            raise KeyError(version_id)
        self.flush()
        try:
            return self._read(lambda c: rows.read_document(c, version_id)[1])
        except DamagedError as error:
            raise ProjectError(
                "This version is damaged; the transcript itself and other versions are not."
            ) from error

    def relink(self, path: Path, *, anyway: bool = False) -> None:
        """Make this the project's recording.

        Raises `MediaError` if it cannot be read and, unless `anyway`, `ProjectError` if it does
        not hold the same as the one before: the words' times would not fit.
        """
        link = media_link.link_to(path, self._path)
        if self._link and self._link.fingerprint != link.fingerprint and not anyway:
            raise ProjectError(
                f"“{path.name}” is not the recording of this project, so the times of the words "
                "may not fit; choose the right file, or use this one anyway."
            )
        self._store_link(link)
        self.media_path = Path(link.absolute)

    def save_as(self, path: Path) -> None:
        """Write a whole copy with its history to another place; this project stays open here.

        What the disk here has refused so far is in the copy. An existing file gives way.
        Raises `ProjectError` when the other place refuses, or has a project that is in use.
        """
        path = usable(path)
        if path == self._path:
            self.flush()
            return
        steps = self.history.steps
        shown = History(steps, self.history.step.number - steps[0].number)
        link = self._link
        if self.media_path:
            with contextlib.suppress(MediaError):  # its disk is away; the old link may find it
                link = media_link.link_to(self.media_path, path)

        def copy(connection: sqlite3.Connection, waiting: tuple[Write, ...] = ()) -> None:
            with recovery.building(path, connection) as new:
                for write in waiting:
                    write(new)
                if link != self._link and database.is_current(new):
                    rows.write_state(new, "media", link and media_link.link_values(link))

        try:
            lock = Lock.take(path)
            try:
                recovery.finish(path)
                try:
                    if self._writer:
                        self._writer.ask(copy)
                    else:
                        self._read(copy)
                except (ProjectError, OSError, sqlite3.Error):
                    log.warning("copying %s from memory", self._path, exc_info=True)
                    with recovery.building(path) as new:
                        _fill(new, shown, link)
            finally:
                lock.release()
        except LockedError as held:
            raise ProjectError(str(held)) from held
        except (OSError, sqlite3.Error) as error:
            raise database.refusal(path, error) from error

    def flush(self) -> None:
        """Wait until everything is durable. Raises `ProjectError` when the disk refuses."""
        if self._writer:
            self._writer.flush()
            if not _is_ours(self._path, self._identity):
                raise ProjectError(_replaced(self._path))

    def close(self, *, abandon: bool = False) -> None:
        """Write what waits, fold the log into the file and let others have the project.

        Raises `ProjectError` when the disk refuses; the project then stays open, and can be saved
        elsewhere or closed with `abandon`, which gives up what is not written.
        """
        if self._lock is None:
            return
        if not abandon:
            self.flush()
        if self._writer:
            self._writer.close()
        self._lock.release()
        self._lock = None

    def _put(self, write: Write) -> None:
        if self._writer is None:
            raise ProjectError(self._reason)

        def counted(connection: sqlite3.Connection) -> None:
            write(connection)
            rows.count_change(connection)

        self._writer.put(counted)

    def _read_settled(self, read: Callable[[sqlite3.Connection], Answer]) -> Answer:
        with contextlib.suppress(ProjectError):  # what the disk refuses can be heard again
            self.flush()
        return self._read(read)

    def _read(self, read: Callable[[sqlite3.Connection], Answer]) -> Answer:
        try:
            with database.reading(self._path, is_live=self._lock is not None) as connection:
                return read(connection)
        except (OSError, sqlite3.Error) as error:
            raise ProjectError(
                f"“{self._path}” cannot be read ({error}); check that its disk is there."
            ) from error

    def _connect(self) -> sqlite3.Connection:
        if not _is_ours(self._path, self._identity):
            raise ProjectError(_replaced(self._path))
        return database.connect_writer(self._path)

    def _tell(self, error: ProjectError | None) -> None:
        if error is None and not _is_ours(self._path, self._identity):
            error = ProjectError(_replaced(self._path))
        if listener := self.on_saved:
            listener(error)

    def _upkeep(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            rows.fold(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        name, revision = rows.read_name(connection), rows.read_position(connection).revision
        backups.make(connection, self._path, project=name, revision=revision)

    def _store_link(self, link: MediaLink) -> None:
        values = media_link.link_values(link)
        self._put(lambda connection: rows.write_state(connection, "media", values))
        self._link = link


def _fill(connection: sqlite3.Connection, history: History, link: MediaLink | None) -> None:
    """Write a new project with these steps into an empty database."""
    first, *others = history.steps
    database.create_tables(connection)
    rows.write_name(connection)
    rows.write_position(connection, rows.Position(first.number, first.number))
    rows.write_document(connection, rows.BASE, first.document, first, _now())
    if others:
        rows.write_steps(connection, first, others, history.step, _now())
    if link:
        rows.write_state(connection, "media", media_link.link_values(link))


def _replaced(path: Path) -> str:
    return (
        f"“{path}” was replaced or removed by another program; "
        "save the project elsewhere to keep your work."
    )


def _identity(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_dev, state.st_ino


def _is_ours(path: Path, identity: tuple[int, int]) -> bool:
    try:
        return _identity(path) == identity
    except FileNotFoundError:
        return False
    except OSError:
        return True  # an unreachable server is not a replaced file


def _now() -> int:
    return time.time_ns() // 1_000_000
