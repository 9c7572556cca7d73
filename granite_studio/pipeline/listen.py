"""From a recording to words, a window at a time: find speech, cut, hear, say what was missed."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar

from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document, Finding, Span
from granite_studio.core.errors import EngineError
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.engines import catalog
from granite_studio.engines.base import Heartbeat, Options, Transcript
from granite_studio.engines.serving import EngineProcess, Loaded
from granite_studio.media.client import MediaReader
from granite_studio.media.loudness import gain_for
from granite_studio.media.values import End, SoundWindow, SpeechProgress
from granite_studio.workers.child import WorkerDied, WorkerFailed, WorkerHung

_TRIES = 2
_MISSED_MS = 1500
"""Speech this long in which no word begins or ends is speech without text."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to hear: a recording, with which engine, all of it or a span; times in ms.

    `again` asks for windows anew that were heard before, and lets their machine words give way.
    """

    media: Path
    fingerprint: str
    duration: int
    engine: str
    model: str | None
    options: Options
    span: Span | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is, in ms of the recording."""

    done_ms: int
    total_ms: int
    message: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """A window that could not be heard, twice."""

    KIND: ClassVar[str] = "window-failed"

    span: Span
    message: str

    @property
    def finding(self) -> Finding:
        return Finding(self.KIND, self.span, self.message)


def listen(
    task: Task,
    reader: MediaReader,
    engine: EngineProcess,
    cancel: CancelToken,
    *,
    done: Container[str] = (),
) -> Iterator[Heard | Failed | Progress]:
    """Hear the recording; one `Heard` or `Failed` a window, with `Progress` in between.

    Windows whose key is in `done` are passed over unless the task says `again`: their words are
    in the document already. Raises `MediaError`, `EngineError` or `Cancelled`; a lost engine
    process costs one window at most, after it was tried again in a fresh one.
    """
    entry = catalog.find(task.engine)
    catalog.check(entry, task.options)
    longest_ms = round(entry.capabilities.window_s * 1000)
    first, last = (task.span.start, task.span.end) if task.span else (0, task.duration)
    total = max(0, last - first)
    device = ""
    yield Progress(0, total, "Reading the recording")
    events = reader.windows(
        task.media, cancel, longest_ms=longest_ms, start=first, end=last if task.span else None
    )
    for window in events:
        cancel.check()
        if isinstance(window, SpeechProgress):
            continue
        if isinstance(window, End):
            break
        key = key_of(task, entry, window.span)
        if key in done and not task.again:
            yield Progress(min(total, window.span.end - first), total, "Resuming", device)
            continue
        for event in _hear(task, entry, window, key, engine, cancel):
            if isinstance(event, Loaded):
                device = event.device
            elif isinstance(event, Heartbeat):
                reached = window.span.start + event.fraction * (
                    window.span.end - window.span.start
                )
                yield Progress(min(total, round(reached) - first), total, "Hearing", device)
            else:
                yield event
        yield Progress(min(total, window.span.end - first), total, "Hearing", device)
    yield Progress(total, total, "Done", device)


def standing(document: Document, results: Iterable[Heard]) -> frozenset[str]:
    """Keys of the windows that need no hearing: there is text in them, or they had no words.

    After an undo a result is still in the project, but its words are gone from the text.
    """
    middles = sorted((word.start + word.end) // 2 for word in document.words())

    def stands(heard: Heard) -> bool:
        first = bisect_left(middles, heard.span.start)
        has_text = first < len(middles) and middles[first] < heard.span.end
        return has_text or not any(turn.words for turn in heard.turns)

    return frozenset(heard.key for heard in results if stands(heard))


def key_of(task: Task, entry: catalog.Entry, span: Span) -> str:
    """Under which name the result of this window is kept."""
    asked = (task.fingerprint, entry.name, entry.revision, task.model, task.options, span)
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:32]


def settings_of(task: Task) -> dict[str, object]:
    """What a run was asked, to be kept with its results; plain JSON values."""
    entry = catalog.find(task.engine)
    return {
        "engine": entry.name,
        "revision": entry.revision,
        "model": task.model,
        "options": asdict(task.options),
        "span_ms": [task.span.start, task.span.end] if task.span else None,
        "again": task.again,
    }


def run_name(task: Task) -> str:
    """Under which name a run is known: its settings in the project, its journal without one."""
    entry = catalog.find(task.engine)
    asked = (task.fingerprint, entry.name, entry.revision, task.model, task.options, task.span)
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:32]


def _hear(
    task: Task,
    entry: catalog.Entry,
    window: SoundWindow,
    key: str,
    engine: EngineProcess,
    cancel: CancelToken,
) -> Iterator[Loaded | Heartbeat | Heard | Failed]:
    raised = (window.samples * gain_for(window.samples)).astype("<i2")
    sound = [(0, raised.tobytes())]
    for attempt in range(_TRIES):
        try:
            for event in engine.hear(entry.name, sound, task.options, cancel, model=task.model):
                if isinstance(event, Transcript):
                    yield _heard(task, entry, window, key, event)
                else:
                    yield event
            return
        except (WorkerDied, WorkerHung, WorkerFailed) as error:
            if attempt == _TRIES - 1:
                yield Failed(window.span, f"This stretch could not be heard: {error}")


def _heard(
    task: Task, entry: catalog.Entry, window: SoundWindow, key: str, transcript: Transcript
) -> Heard:
    """Turn seconds of the window into milliseconds of the recording, and note what was missed."""
    if transcript.text and not transcript.turns:
        raise EngineError(f"{entry.title} gave text without times, which needs aligning first.")
    turns = tuple(
        HeardTurn(
            tuple(
                HeardWord(
                    word.text,
                    _clamp(window.span.start + round(word.start_s * 1000), window.span),
                    _clamp(window.span.start + round(word.end_s * 1000), window.span),
                    word.confidence,
                )
                for word in turn.words
            ),
            turn.speaker,
        )
        for turn in transcript.turns
    )
    words = [word for turn in turns for word in turn.words]
    missed = unheard(window.speech, words)
    return Heard(window.span, turns, entry.use, key, task.again, missed)


def unheard(speech: tuple[Span, ...], words: list[HeardWord]) -> tuple[Span, ...]:
    """Stretches of speech, long enough to hold words, that no word lies in."""
    edges = sorted((word.start, word.end) for word in words)
    missed = []
    for span in speech:
        at = span.start
        for start, end in edges:
            if end <= at:
                continue
            if start >= span.end:
                break
            if start - at >= _MISSED_MS:
                missed.append(Span(at, start))
            at = max(at, end)
        if span.end - at >= _MISSED_MS:
            missed.append(Span(at, span.end))
    return tuple(missed)


def _clamp(ms: int, span: Span) -> int:
    return min(max(ms, span.start), span.end)
