"""Windows read ahead of whoever hears them, so that reading and hearing do not wait in turn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing

from granite_studio.core.cancel import CancelToken
from granite_studio.media.values import End, SoundWindow, SpeechProgress
from granite_studio.workers.apart import apart

MOST_MS = 20 * 60_000
"""So much sound is kept ready at most: 38 MB."""

_POLL_S = 0.05

Event = SoundWindow | SpeechProgress | End
Read = Callable[[CancelToken], Generator[Event, None, None]]


def ahead(read: Read, cancel: CancelToken, *, most_ms: int = MOST_MS) -> Iterator[Event]:
    """The events of `read`, which runs in a thread of its own, in the same order.

    A pipe holds far less than a window, so a child that reads would otherwise stand still while a
    window is heard. Progress is passed on only while no window is ready: then is the time to hear
    those that were taken. What `read` raises is raised here, after the events before it, and
    `Cancelled` when `cancel` is set. Whoever stops early ends the thread.
    """
    shelf = _Shelf(most_ms)

    def work(stop: CancelToken) -> Iterator[Event]:
        with closing(read(stop)) as events:
            for event in events:
                shelf.put(event, stop)
                yield event

    for event in apart(work, cancel, name="Reading ahead"):
        shelf.take(event)
        if not (isinstance(event, SpeechProgress) and shelf.holds_sound):
            yield event


class _Shelf:
    """How much sound was read and not yet taken."""

    def __init__(self, most_ms: int) -> None:
        self._most_ms = most_ms
        self._held_ms = 0
        self._taken = threading.Condition()

    @property
    def holds_sound(self) -> bool:
        return self._held_ms > 0

    def put(self, event: Event, stop: CancelToken) -> None:
        """Wait until there is room. Raises `Cancelled` when nobody will take anything any more."""
        with self._taken:
            while self._held_ms >= self._most_ms:
                stop.check()
                self._taken.wait(_POLL_S)
            self._held_ms += _length(event)

    def take(self, event: Event) -> None:
        with self._taken:
            self._held_ms -= _length(event)
            self._taken.notify()


def _length(event: Event) -> int:
    return event.span.end - event.span.start if isinstance(event, SoundWindow) else 0
