"""A child process for dangerous or heavy work, which may die without harm to the program."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import types
import weakref
from collections.abc import Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import StudioError
from granite_studio.workers import inside, plain
from granite_studio.workers.inside import Message, Order
from granite_studio.workers.limits import Limits

POLL_S = 0.05
CANCEL_S = 2.0
TICK_S = 0.25
STOPPED_S = 2.0
SILENT_S = 90.0
"""Loading a library from a slow disk keeps Python's lock, and with it the heartbeat, for long."""
TAIL_BYTES = 4000

_starting = threading.Lock()


class WorkerError(StudioError):
    """A child process failed. `log_tail` is the end of what it left in its log."""

    log_tail: str = ""


class WorkerDied(WorkerError):  # noqa: N818
    """The child process ended in the middle of its work; the next run starts a fresh one."""


class WorkerHung(WorkerError):  # noqa: N818
    """The child process gave no sign of life and was killed; the next run starts a fresh one."""


class WorkerFailed(WorkerError):  # noqa: N818
    """The child's code raised something nobody foresaw; the process is still good."""


class _Watch:
    """How long the child has been silent, counted in ticks so that a suspended computer or a
    changed clock adds nothing, and only while somebody waits for it."""

    def __init__(self) -> None:
        self.waiting = False
        self.quiet_s = 0.0
        self.since_sign = 0.0
        self.since_event = 0.0
        self.verdict = ""

    def wait_for(self, quiet_s: float) -> None:
        self.quiet_s = quiet_s
        self.since_sign = self.since_event = 0.0
        self.waiting = True

    def heard(self, kind: str) -> None:
        self.since_sign = 0.0
        if kind != "beat":
            self.since_event = 0.0

    def judge(self, pid: int) -> str:
        """Why the child must go, or nothing. Called once a tick."""
        if not self.waiting:
            return ""
        self.since_sign += TICK_S
        self.since_event += TICK_S
        if self.since_sign >= STOPPED_S and _is_stopped(pid):
            return "was stopped from outside"
        if self.since_sign >= SILENT_S:
            return "gave no sign of life"
        if self.since_event >= self.quiet_s:
            return f"did not get on for {self.quiet_s:.0f} s"
        return ""


class _Child:
    """One process, its pipes and the thread that starts, watches and outlives it.

    The kernel kills the process when the *thread* that started it ends, so that thread must not
    be one that belongs to a caller.
    """

    def __init__(self, order: Order, name: str) -> None:
        context = multiprocessing.get_context("spawn")
        requests, self.requests = context.Pipe(duplex=False)
        self.events, events = context.Pipe(duplex=False)
        self.process: BaseProcess = context.Process(
            target=inside.main, args=(order, requests, events), name=name, daemon=True
        )
        self.watch = _Watch()
        self._started = threading.Event()
        self._failure: OSError | None = None
        threading.Thread(
            target=self._guard, args=(requests, events), name=f"{name} guard", daemon=True
        ).start()
        self._started.wait()
        if self._failure is not None:
            raise self._failure

    def _guard(self, requests: Connection, events: Connection) -> None:
        try:
            with _starting:
                _start_without_main(self.process)
        except OSError as error:
            self._failure = error
        finally:
            requests.close()
            events.close()
            self._started.set()
        if self._failure is None:
            while not wait([self.process.sentinel], TICK_S):
                self.watch.verdict = self.watch.verdict or self.watch.judge(self.process.pid or 0)
                if self.watch.verdict:
                    self.process.kill()

    def send(self, message: Message) -> None:
        self.requests.send_bytes(pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL))

    def receive(self) -> Message | None:
        """The next message, or None when none came within a moment. EOFError: it is dead."""
        if not self.events.poll(POLL_S):
            return None
        message: Message = plain.loads(self.events.recv_bytes())
        self.watch.heard(message[0])
        return message

    def end(self) -> int | None:
        """Make sure that it is gone and say how it ended."""
        _end(self.process, self.requests, self.events)
        return self.process.exitcode


class Worker:
    """Runs requests in a child process, one at a time, from any thread.

    `target` names "package.module:function"; the child calls that function once and gets the
    handler, which takes a request and a `CancelToken` and yields events. Requests and events are
    plain picklable values. The process starts with the first run, stays warm, and is started
    anew after it died. `name` begins sentences ("The media reader").
    """

    def __init__(
        self,
        target: str,
        *,
        name: str,
        limits: Limits | None = None,
        log_path: Path | None = None,
    ) -> None:
        self.name = name
        self._order = Order(target, limits or Limits(), log_path, os.getpid())
        self._child: _Child | None = None
        self._finalizer: weakref.finalize[..., Worker] | None = None
        self._busy = threading.Lock()
        self._number = 0

    @property
    def pid(self) -> int | None:
        """The living process, or None."""
        return self._child.process.pid if self._child else None

    def run(self, request: Any, cancel: CancelToken, *, quiet_s: float) -> Iterator[Any]:
        """Yield the handler's events as they come.

        Raises the `StudioError` that the handler raised; `Cancelled` at most 2 s after the token
        was set; `WorkerDied` when the process ended, `WorkerHung` when it was stopped, or yielded
        nothing for `quiet_s` seconds; `WorkerFailed` for any other exception of the handler.
        A consumer that stops early cancels the request. RuntimeError if a run is going on.
        """
        if not self._busy.acquire(blocking=False):
            raise RuntimeError(f"{self.name} does one thing at a time")
        try:
            yield from self._run(request, cancel, quiet_s)
        finally:
            self._busy.release()

    def close(self) -> None:
        """End the process now; a run that is going on ends with `WorkerDied`, or `Cancelled` if
        it was cancelled. A later run starts another process."""
        child = self._child
        if child is not None:
            child.process.kill()
        # Pipes are closed by who reads them: a number that another file took over meanwhile
        # would be read in its place.
        if self._busy.acquire(blocking=False):
            self._discard()
            self._busy.release()

    def _discard(self) -> None:
        if self._finalizer is not None:
            self._finalizer()
        self._child = self._finalizer = None

    def _run(self, request: Any, cancel: CancelToken, quiet_s: float) -> Iterator[Any]:
        cancel.check()
        child = self._living()
        self._number += 1
        child.watch.wait_for(quiet_s)
        finished = False
        try:
            child.send(("run", self._number, request))
            while not cancel.is_cancelled:
                message = child.receive()
                if message is None or message[1] != self._number:
                    continue
                kind, _, value = message
                if kind == "event":
                    child.watch.waiting = False  # the consumer may take its time
                    yield value
                    child.watch.wait_for(quiet_s)
                    continue
                finished = True
                self._conclude(kind, value)
                return
            raise Cancelled
        except (EOFError, OSError, pickle.UnpicklingError):
            finished = True
            error = self._obituary(child)
            cancel.check()
            raise error from None
        finally:
            if not finished:
                self._call_off(child)
            child.watch.waiting = False

    def _living(self) -> _Child:
        if self._child is not None and not self._child.process.is_alive():
            self._discard()
        if self._child is None:
            try:
                child = _Child(self._order, self.name)
            except OSError as error:
                raise WorkerDied(f"{self.name} could not be started: {error.strerror}.") from None
            self._child = child
            self._finalizer = weakref.finalize(
                self, _end, child.process, child.requests, child.events
            )
        return self._child

    def _conclude(self, kind: str, value: Any) -> None:
        if kind == inside.CANCELLED:
            raise Cancelled
        if kind == inside.RAISED:
            raise value
        if kind == inside.BROKE:
            raise self._with_tail(WorkerFailed(f"{self.name} met an error of its own ({value})."))

    def _call_off(self, child: _Child) -> None:
        """Tell the child that nobody wants this run; kill it when it does not answer in time."""
        deadline = time.monotonic() + CANCEL_S
        child.watch.wait_for(CANCEL_S)
        try:
            child.send(("cancel", self._number, None))
            while time.monotonic() < deadline:
                message = child.receive()
                if message and message[1] == self._number and message[0] != "event":
                    return
        except (EOFError, OSError, pickle.UnpicklingError):
            pass  # dead already, which is as good as an answer
        self._discard()

    def _obituary(self, child: _Child) -> WorkerError:
        code = child.end()
        verdict = child.watch.verdict
        self._discard()
        if verdict:
            return self._with_tail(WorkerHung(f"{self.name} {verdict} and was ended; try again."))
        return self._with_tail(
            WorkerDied(f"{self.name} stopped unexpectedly ({_cause(code)}); try again.")
        )

    def _with_tail(self, error: WorkerError) -> WorkerError:
        path = self._order.log_path
        if path is not None and path.is_file():
            with path.open("rb") as log:
                log.seek(max(0, path.stat().st_size - TAIL_BYTES))
                error.log_tail = log.read().decode(errors="replace")
        return error


def _start_without_main(process: BaseProcess) -> None:
    """Start it without letting it import the script that runs here.

    `multiprocessing` would run that script again in the child, which is slow for a test runner
    and endless for a script without a guard; the child needs nothing of it.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        process.start()
    finally:
        sys.modules["__main__"] = main


def _end(process: BaseProcess, requests: Connection, events: Connection) -> None:
    requests.close()
    process.kill()
    process.join(2)
    events.close()


def _is_stopped(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[:1] in (["T"], ["t"])


def _cause(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    if -code == signal.SIGKILL:
        return f"{name}; perhaps the computer ran out of memory"
    if name == "SIGXCPU":
        return f"{name}; it worked for longer than it may"
    return name
