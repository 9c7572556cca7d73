"""The windows of a recording in the order in which they are heard, and how far that is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Span
from granite_studio.media.client import MediaReader
from granite_studio.media.values import End, SoundWindow, SpeechProgress
from granite_studio.pipeline.carrying import Leads
from granite_studio.pipeline.results import Progress

if TYPE_CHECKING:
    from granite_studio.pipeline.listen import Task


class Reach:
    """How far a run is: what was read, less what waits to be heard. It never goes back."""

    def __init__(self, stretch: Span) -> None:
        self._stretch = stretch
        self._read = stretch.start
        self._waiting = 0
        self._done = 0

    def read(self, window: SoundWindow) -> None:
        self._read = max(self._read, window.span.end)

    def wait(self, window: SoundWindow) -> None:
        self._waiting += window.length

    def take(self, window: SoundWindow) -> None:
        self._waiting -= window.length

    def progress(self, message: str, device: str, *, begun: float = 0.0) -> Progress:
        """`begun` ms of what waits are heard already."""
        total = self._stretch.end - self._stretch.start
        reached = round(self._read - self._stretch.start - self._waiting + begun)
        self._done = min(total, max(self._done, reached))
        return Progress(self._done, total, message, device)


def sound_of(
    task: Task, reader: MediaReader, cancel: CancelToken, reach: Reach, leads: Leads
) -> Iterator[SoundWindow | SpeechProgress | End]:
    """The windows of the task, cut from its beginning on, whichever of them come first.

    So a person who asks for minute 40 gets the same windows as ever; what is before it is read
    twice. Those that a lead is made of come before all others.
    """
    read = partial(
        reader.windows,
        task.media,
        cancel,
        longest_ms=task.longest_ms,
        start=task.stretch.start,
        end=task.stretch.end if task.span else None,
        channel=task.channel,
    )
    before, later = 0, 0
    for event in read():
        if isinstance(event, End):
            end = event
        elif isinstance(event, SoundWindow) and event.span.end <= task.first:
            if leads.is_growing:
                before += 1
                yield event
                continue
            reach.read(event)
            reach.wait(event)
            later += 1
        else:
            yield event
    if later:
        with closing(read()) as events:
            for event in events:
                if isinstance(event, SoundWindow) and before:
                    before -= 1
                    continue
                if isinstance(event, SoundWindow):
                    reach.take(event)
                    later -= 1
                yield event
                if not later:
                    break
    yield end
