"""How long work learns that nobody wants it any more."""

from __future__ import annotations

import threading
from typing import Protocol


class Cancelled(Exception):  # noqa: N818 - an outcome, not an error
    """The work stopped because a person asked."""


class Flag(Protocol):
    """What a token needs from `threading.Event` or `multiprocessing.Event`."""

    def set(self) -> None: ...
    def is_set(self) -> bool: ...


class CancelToken:
    """Set once from any thread; long work calls `check` between its steps."""

    def __init__(self, flag: Flag | None = None) -> None:
        self._flag = flag or threading.Event()

    def cancel(self) -> None:
        self._flag.set()

    @property
    def is_cancelled(self) -> bool:
        return self._flag.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if the work is no longer wanted."""
        if self.is_cancelled:
            raise Cancelled
