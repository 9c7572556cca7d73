"""The one thread that writes a project: a queue of transactions that is never given up."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from granite_studio.core.errors import ProjectError

log = logging.getLogger(__name__)

Write = Callable[[sqlite3.Connection], None]
Answer = TypeVar("Answer")

_CLOSED = "This project is closed; open it again to make changes."
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0
_LOOK_UP_S = 1.0
"""How often an idle thread looks whether the program has ended without closing the project."""


def _over(*_told: object) -> Any:
    raise ProjectError(_CLOSED)


class Writer:
    """Runs writes in order, each one a transaction, and tries a refused one until it is durable.

    `connect` opens the file; `explain` turns a failure into the sentence that `told` hears,
    which hears None after each durable transaction; `idle` runs at the start and whenever the
    queue has emptied. All four are called on the thread.
    """

    def __init__(
        self,
        *,
        connect: Callable[[], sqlite3.Connection],
        explain: Callable[[Exception], ProjectError],
        told: Callable[[ProjectError | None], None],
        idle: Write,
        name: str,
    ) -> None:
        self._connect, self._explain, self._told, self._idle = connect, explain, told, idle
        self._condition = threading.Condition()
        self._queue: deque[Write] = deque()
        self._questions: deque[tuple[Callable[..., Any], Future[Any]]] = deque()
        self._put = self._done = self._tries = self._failed_try = 0
        self._error: ProjectError | None = None
        self._retry_at = 0.0
        self._pause = _FIRST_PAUSE_S
        self._is_rested = False
        self._has_ended = False
        self._is_closing = False
        self._connection: sqlite3.Connection | None = None
        self._thread = threading.Thread(target=self._run, name=name)
        self._thread.start()

    def put(self, write: Write) -> None:
        """Queue one transaction and return at once. Also tries refused ones again now."""
        with self._condition:
            if self._is_closing:
                raise ProjectError(_CLOSED)
            self._queue.append(write)
            self._put += 1
            self._retry_at = 0.0
            self._condition.notify_all()

    def ask(self, question: Callable[[sqlite3.Connection, tuple[Write, ...]], Answer]) -> Answer:
        """Run this between two transactions and return its answer.

        It gets the connection and the writes that still wait, which it may replay elsewhere.
        """
        answer: Future[Answer] = Future()
        with self._condition:
            if self._is_closing:
                raise ProjectError(_CLOSED)
            self._questions.append((question, answer))
            self._condition.notify_all()
        return answer.result()

    def flush(self) -> None:
        """Wait until everything put so far is durable; `ProjectError` if the disk refuses it."""
        with self._condition:
            wanted, seen = self._put, self._tries
            self._retry_at = 0.0
            self._condition.notify_all()
            self._condition.wait_for(
                lambda: self._done >= wanted or self._failed_try > seen or self._has_ended
            )
            if self._done < wanted:
                raise ProjectError(str(self._error or _CLOSED))

    def close(self) -> None:
        """End the thread, giving up what is not durable by now; `flush` first."""
        with self._condition:
            self._is_closing = True
            self._condition.notify_all()
        self._thread.join()
        # Its project and it would keep one another until the collector looks at them.
        self._connect = self._explain = self._told = self._idle = _over

    def _run(self) -> None:
        while (task := self._next()) is not None:
            task()
        with self._condition:
            self._is_closing = True
            self._has_ended = True
            for _, answer in self._questions:
                answer.set_exception(ProjectError(_CLOSED))
            self._condition.notify_all()
        self._disconnect()

    def _next(self) -> Callable[[], None] | None:
        """The next thing to do, waiting for it; None when it is time to end."""
        with self._condition:
            while True:
                if self._questions:
                    return self._answer
                has_ended = not threading.main_thread().is_alive()
                if self._is_closing or (has_ended and (not self._queue or self._error)):
                    return None
                wait = _LOOK_UP_S
                if self._queue:
                    wait = min(wait, self._retry_at - time.monotonic())
                    if wait <= 0:
                        return self._write
                elif not self._is_rested:
                    self._is_rested = True
                    return self._rest
                self._condition.wait(wait)

    def _write(self) -> None:
        with self._condition:
            write = self._queue[0]
            self._tries += 1
            self._is_rested = False
        try:
            self._transact(write)
        except Exception as error:
            log.warning("a transaction failed", exc_info=True)
            self._disconnect()
            self._refused(self._explain(error))
            return
        self._tell(None)
        with self._condition:
            self._queue.popleft()
            self._done += 1
            self._error = None
            self._retry_at, self._pause = 0.0, _FIRST_PAUSE_S
            self._condition.notify_all()

    def _refused(self, error: ProjectError) -> None:
        self._tell(error)
        with self._condition:
            self._error = error
            self._failed_try = self._tries
            self._retry_at = time.monotonic() + self._pause
            self._pause = min(_LONGEST_PAUSE_S, 2 * self._pause)
            self._condition.notify_all()

    def _tell(self, error: ProjectError | None) -> None:
        try:
            self._told(error)
        except Exception:
            log.warning("the listener failed", exc_info=True)

    def _rest(self) -> None:
        """Upkeep. Its failure loses nothing, and is tried again after the next change."""
        try:
            self._idle(self._connected())
        except Exception:
            log.warning("the upkeep failed", exc_info=True)
            self._disconnect()

    def _answer(self) -> None:
        with self._condition:
            question, answer = self._questions.popleft()
            waiting = tuple(self._queue)
        try:
            answer.set_result(question(self._connected(), waiting))
        except BaseException as error:
            log.debug("a question failed", exc_info=True)
            answer.set_exception(error)

    def _transact(self, write: Write) -> None:
        connection = self._connected()
        connection.execute("BEGIN IMMEDIATE")
        try:
            write(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _disconnect(self) -> None:
        """Let the file go, with its log folded in where the disk allows."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with contextlib.suppress(sqlite3.Error):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with contextlib.suppress(sqlite3.Error):
            connection.close()
