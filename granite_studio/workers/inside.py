"""The child's side of a worker: take requests off a pipe, run the handler, send what it yields."""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import logging
import os
import pickle
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from granite_studio.core.cancel import Cancelled, CancelToken
from granite_studio.core.errors import StudioError
from granite_studio.workers import limits as limiting
from granite_studio.workers.limits import Limits

BEAT_S = 0.5
LOG_BYTES = 1 << 20

Handler = Callable[[Any, CancelToken], Iterator[Any]]

# Sound goes over the pipe too, in blocks of a second: an hour costs 0.2 s there, and shared
# memory, which saves three quarters of that, is one more thing to clean up after a crash
# (resources/benchmarks/workers.py measures both).
# What goes over the pipes: a kind, the number of the run, and a value.
# To the child:   ("run", n, request)   ("cancel", n, None)
# From the child: ("beat", 0, None)     ("event", n, event)   (an outcome, n, value)
DONE, CANCELLED, RAISED, BROKE = "done", "cancelled", "raised", "broke"
Message = tuple[str, int, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """All that a child is told when it starts."""

    target: str
    limits: Limits
    log_path: Path | None
    parent: int


@dataclass(frozen=True, slots=True)
class _Run:
    number: int
    request: Any
    token: CancelToken


class _Line:
    """The way back to the parent, shared by the handler and the heartbeat."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self.busy = threading.Event()

    def send(self, message: Message) -> None:
        data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
        with self._lock:
            try:
                self._pipe.send_bytes(data)
            except OSError:
                os._exit(0)  # nobody reads any more

    def beat(self) -> None:
        """Prove for ever that the process lives; silent while there is nothing to do."""
        while True:
            self.busy.wait()
            self.send(("beat", 0, None))
            time.sleep(BEAT_S)
            _cap_log()


def main(order: Order, requests: Connection, events: Connection) -> None:
    """Serve requests until the parent closes the pipe or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limiting.die_with(order.parent)
    _redirect(order.log_path)
    limiting.apply(order.limits)
    line = _Line(events)
    runs: queue.SimpleQueue[_Run] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, runs, line), daemon=True).start()
    threading.Thread(target=line.beat, daemon=True).start()
    handler: Handler | None = None
    while True:
        run = runs.get()
        limiting.allow_cpu(order.limits)
        try:
            handler = handler or _load(order.target)
            for event in handler(run.request, run.token):
                run.token.check()
                line.send(("event", run.number, event))
            outcome: Message = (DONE, run.number, None)
        except Cancelled:
            outcome = (CANCELLED, run.number, None)
        except StudioError as error:
            outcome = (RAISED, run.number, _portable(error))
        except Exception as error:
            logging.getLogger(__name__).exception("a request failed")
            outcome = (BROKE, run.number, f"{type(error).__name__}: {error}")
        line.busy.clear()
        line.send(outcome)


def _listen(requests: Connection, runs: queue.SimpleQueue[_Run], line: _Line) -> None:
    """Take orders while the handler works, so that a cancel is heard at once.

    When this thread ends the process ends: the parent is gone or sends what nobody can read.
    """
    latest: _Run | None = None
    try:
        while True:
            kind, number, value = pickle.loads(requests.recv_bytes())
            if kind == "run":
                latest = _Run(number, value, CancelToken())
                line.busy.set()
                runs.put(latest)
            elif latest is not None and latest.number == number:
                latest.token.cancel()
    except (EOFError, OSError):
        os._exit(0)
    except Exception:
        logging.getLogger(__name__).exception("a request could not be read")
        os._exit(1)


def _load(target: str) -> Handler:
    module, _, function = target.partition(":")
    handler: Handler = getattr(importlib.import_module(module), function)()
    return handler


def _portable(error: StudioError) -> StudioError:
    """The error itself if it survives the pipe, else one of the same words."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 - whatever pickle says, the sentence must arrive
        return StudioError(str(error))
    return error


def _redirect(log_path: Path | None) -> None:
    """Send what libraries print, and the traces of crashes, to the log."""
    try:
        log = _open_log(log_path)
    except OSError:
        log = os.open(os.devnull, os.O_WRONLY)  # a full disk is no reason not to work
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    faulthandler.enable(file=2)
    logging.basicConfig(format="%(asctime)s %(process)d %(name)s %(message)s")


def _open_log(path: Path | None) -> int:
    if path is None:
        return os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError):
        if path.stat().st_size > LOG_BYTES:
            path.replace(path.with_name(path.name + ".1"))
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def _cap_log() -> None:
    """Empty the log when one process has filled it far beyond its size."""
    with contextlib.suppress(OSError):
        if os.fstat(2).st_size > 4 * LOG_BYTES:
            os.ftruncate(2, 0)
