"""From a recording to words, a window at a time: find speech, cut, hear, say what was missed."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import ClassVar

from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document, EngineUse, Finding, Span
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.engines import catalog
from granite_studio.engines.base import Doubt, Emissions, Heartbeat, Options, Transcript
from granite_studio.engines.serving import EngineProcess, Loaded
from granite_studio.media.client import MediaReader
from granite_studio.media.loudness import gain_for
from granite_studio.media.values import End, SoundWindow, SpeechProgress
from granite_studio.workers.child import WorkerDied, WorkerFailed, WorkerHung

_LOST = (WorkerDied, WorkerHung, WorkerFailed)
_MISSED_MS = 1500
"""Speech this long in which no word begins or ends is speech without text."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to hear: a recording, with which engine, all of it or a span; times in ms.

    `model` is the folder of the engine's model, or the name that its server knows; `revision`
    names the weights, and is the engine's own where it brings its model. `again` asks for windows
    anew that were heard before, and lets their machine words give way.
    """

    media: Path
    fingerprint: str
    duration: int
    engine: str
    model: str | None
    options: Options
    span: Span | None = None
    again: bool = False
    revision: str = ""
    device: str = "auto"

    @property
    def use(self) -> EngineUse:
        """The engine and the weights that this task hears with."""
        usual = catalog.find(self.engine).use
        return replace(usual, revision=self.revision) if self.revision else usual


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


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A window whose text is there, and worth a second look."""

    KIND: ClassVar[str] = "window-doubtful"

    span: Span
    doubt: Doubt

    @property
    def finding(self) -> Finding:
        return Finding(self.KIND, self.span, _DOUBTS[self.doubt])


FINDINGS = frozenset({Failed.KIND, Doubtful.KIND})
"""Kinds of findings that hearing makes; a new run over the same sound replaces them."""

_DOUBTS = {
    Doubt.LOOP: "The text began to repeat itself here and was cut; hear this stretch again.",
    Doubt.CUT_OFF: "The text reached its greatest length here; some of it may be missing.",
    Doubt.TIMES: "The model's own word times disagree with the sound here; check them.",
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A window that waits for its words."""

    window: SoundWindow
    key: str

    @property
    def length(self) -> int:
        return self.window.span.end - self.window.span.start


def listen(
    task: Task,
    reader: MediaReader,
    engine: EngineProcess,
    cancel: CancelToken,
    *,
    done: Container[str] = (),
    keep: Callable[[Span, Emissions], None] | None = None,
) -> Iterator[Heard | Doubtful | Failed | Progress]:
    """Hear the recording; one `Heard` or `Failed` a window, with `Progress` in between.

    Windows are given to the engine as they are cut: first one, so that text appears soon, then
    ever more, up to the number it likes. Windows whose key is in `done` are passed over unless the
    task says `again`: their words are in the document already. `keep` is given what the encoder
    heard of each window. Raises `MediaError`, `EngineError` or `Cancelled`; a lost engine process
    costs one window at most, after it was tried again in a fresh one.
    """
    entry = catalog.find(task.engine)
    catalog.check(entry, task.options)
    longest_ms = round(entry.capabilities.window_s * 1000)
    first, last = (task.span.start, task.span.end) if task.span else (0, task.duration)
    total = max(0, last - first)
    loaded = Loaded("")
    waiting: list[_Asked] = []
    size = 1
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
        key = key_of(task, window.span)
        if key in done and not task.again:
            yield Progress(min(total, window.span.end - first), total, "Resuming", loaded.device)
            continue
        waiting.append(_Asked(window, key))
        if len(waiting) >= size:
            loaded = yield from _hear(task, waiting, loaded, engine, cancel, keep)
            waiting, size = [], min(size * 2, loaded.batch)
    if waiting:
        loaded = yield from _hear(task, waiting, loaded, engine, cancel, keep)
    yield Progress(total, total, "Done", loaded.device)


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


def key_of(task: Task, span: Span) -> str:
    """Under which name the result of this window is kept."""
    return _digest(*_asked(task), span)


def settings_of(task: Task) -> dict[str, object]:
    """What a run was asked, to be kept with its results; plain JSON values."""
    return {
        "engine": task.engine,
        "revision": task.use.revision,
        "model": task.model,
        "options": asdict(task.options),
        "span_ms": [task.span.start, task.span.end] if task.span else None,
        "again": task.again,
    }


def run_name(task: Task) -> str:
    """Under which name a run is known: its settings in the project, its journal without one."""
    return _digest(*_asked(task), task.span)


def _asked(task: Task) -> tuple[object, ...]:
    """What words depend on. Where a model lies and what it runs on is not among it."""
    model = task.model if task.options.server else None
    return task.fingerprint, task.engine, task.use.revision, model, task.options


def _digest(*values: object) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()[:32]


def _hear(
    task: Task,
    asked: Sequence[_Asked],
    loaded: Loaded,
    engine: EngineProcess,
    cancel: CancelToken,
    keep: Callable[[Span, Emissions], None] | None,
) -> Generator[Heard | Doubtful | Failed | Progress, None, Loaded]:
    """Hear windows together; those of a lost process alone. Returns what the engine said of
    itself. Every window is tried twice before it counts as failed."""
    left = dict(enumerate(asked))
    with suppress(*_LOST):
        loaded = yield from _ask(task, left, list(left), loaded, engine, cancel, keep)
    for index in list(left):
        try:
            loaded = yield from _ask(task, left, [index], loaded, engine, cancel, keep)
        except _LOST as error:
            failed = left.pop(index)
            yield Failed(failed.window.span, f"This stretch could not be heard: {error}")
    return loaded


def _ask(
    task: Task,
    left: dict[int, _Asked],
    indices: Sequence[int],
    loaded: Loaded,
    engine: EngineProcess,
    cancel: CancelToken,
    keep: Callable[[Span, Emissions], None] | None,
) -> Generator[Heard | Doubtful | Progress, None, Loaded]:
    """One request to the engine; takes each window that is answered out of `left`."""
    sound = [(index, _pcm(left[index].window)) for index in indices]
    fractions = dict.fromkeys(indices, 0.0)
    lengths = {index: left[index].length for index in indices}
    begin = min(left[index].window.span.start for index in indices)
    first, last = (task.span.start, task.span.end) if task.span else (0, task.duration)
    for event in engine.hear(
        task.engine, sound, task.options, cancel, model=task.model, device=task.device
    ):
        if isinstance(event, Loaded):
            loaded = event
            continue
        if isinstance(event, Heartbeat):
            fractions[event.index] = event.fraction
        else:
            answered = left.pop(event.index)
            fractions[event.index] = 1.0
            if keep is not None and event.emissions is not None:
                keep(answered.window.span, event.emissions)
            yield _heard(task, answered.window, answered.key, event)
            yield from (Doubtful(answered.window.span, doubt) for doubt in event.doubts)
        reached = begin + sum(lengths[index] * fractions[index] for index in indices)
        done = min(max(0, last - first), round(reached) - first)
        yield Progress(done, max(0, last - first), "Hearing", loaded.device)
    return loaded


def _pcm(window: SoundWindow) -> bytes:
    """16-bit samples at the loudness that engines like."""
    raised = (window.samples * gain_for(window.samples)).astype("<i2")
    return raised.tobytes()


def _heard(task: Task, window: SoundWindow, key: str, transcript: Transcript) -> Heard:
    """Turn seconds of the window into milliseconds of the recording, and note what was missed."""
    turns = tuple(
        HeardTurn(
            tuple(
                HeardWord(
                    word.text,
                    _clamp(window.span.start + round(word.start_s * 1000), window.span),
                    _clamp(window.span.start + round(word.end_s * 1000), window.span),
                    word.confidence,
                    word.estimated,
                )
                for word in turn.words
            ),
            turn.speaker,
        )
        for turn in transcript.turns
    )
    words = [word for turn in turns for word in turn.words]
    missed = unheard(window.speech, words)
    return Heard(window.span, turns, task.use, key, task.again, missed)


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
