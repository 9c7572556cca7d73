"""Run a generator on a thread of its own, so that leaving it never waits for the network."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from granite_studio.core.cancel import CancelToken

POLL_S = 0.1
LEAVE_S = 0.5

T = TypeVar("T")


def apart(
    work: Callable[[CancelToken], Iterator[T]], cancel: CancelToken, *, name: str
) -> Iterator[T]:
    """Yield what `work` yields, raise what it raises, and `Cancelled` well within a second of the
    token being set, even while `work` hangs in a call that cannot be interrupted.

    `work` gets a token of its own, set as soon as nobody listens any more. It has to look at it
    after every call that may have hung, before it changes anything.
    """
    token = CancelToken()
    said: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()

    def run() -> None:
        try:
            for item in work(token):
                said.put(("item", item))
            said.put(("end", None))
        except BaseException as error:  # noqa: BLE001 - raised again where somebody listens
            said.put(("error", error))

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    try:
        while True:
            cancel.check()
            try:
                kind, value = said.get(timeout=POLL_S)
            except queue.Empty:
                continue
            if kind == "error":
                raise value
            if kind == "end":
                return
            yield value
    finally:
        token.cancel()
        thread.join(LEAVE_S)  # mostly it ends at once, and its files are closed when we return
