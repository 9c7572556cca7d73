"""From a recording to words, a window at a time: find speech, cut, hear, say what was missed."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from granite_studio.core.audit import audit, unheard
from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document, EngineUse, Finding, Span
from granite_studio.core.heard import Heard, HeardTurn, HeardWord
from granite_studio.engines import catalog
from granite_studio.engines.base import (
    Doubt,
    Emissions,
    Heartbeat,
    Options,
    Transcript,
)
from granite_studio.engines.serving import EngineProcess, Loaded
from granite_studio.media.client import MediaReader
from granite_studio.media.values import End, SoundWindow
from granite_studio.pipeline import again
from granite_studio.pipeline.asking import Lost, answers, pcm
from granite_studio.pipeline.carrying import Leads
from granite_studio.pipeline.reading import Reach, sound_of
from granite_studio.pipeline.results import DOUBTFUL, Failed, Passed, Progress, Result

_PADDED, _FEWEST = 0.03, 4
_POOL_MS = 3_600_000
"""At most so much sound waits, that windows of like length can be heard together."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to hear: a recording, with which engine, all of it or a span; times in ms.

    `model` is the folder of the engine's model, or the name that its server knows; `revision`
    names the weights, and is the engine's own where it brings its model. `again` asks for windows
    anew that were heard before, and lets their machine words give way. `window_s` is the longest
    window in seconds where that is less than the engine can take, else 0. With a `channel` that
    one alone is heard, as the sound of one person. What ends before `first` is heard last.
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
    window_s: float = 0.0
    channel: int | None = None
    first: int = 0

    @property
    def use(self) -> EngineUse:
        """The engine and the weights that this task hears with."""
        usual = catalog.find(self.engine).use
        return replace(usual, revision=self.revision) if self.revision else usual

    @property
    def longest_ms(self) -> int:
        """The longest window that is heard at once."""
        most = catalog.find(self.engine).capabilities.window_s
        return round(1000 * min(most, self.window_s or most))

    @property
    def lane(self) -> str:
        """The name of the person on the channel, or nothing where all are heard together."""
        return "" if self.channel is None else f"Speaker {self.channel + 1}"

    @property
    def stretch(self) -> Span:
        """What of the recording is heard."""
        return self.span or Span(0, self.duration)


_DOUBTS = {
    Doubt.LOOP: "The text began to repeat itself here and was cut; hear this stretch again.",
    Doubt.CUT_OFF: "The text reached its greatest length here; some of it may be missing.",
    Doubt.TIMES: "The model's own word times disagree with the sound here; check them.",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A window that waits for its words."""

    window: SoundWindow
    key: str

    @property
    def length(self) -> int:
        return self.window.length


def listen(
    task: Task,
    reader: MediaReader,
    engine: EngineProcess,
    cancel: CancelToken,
    *,
    done: Container[str] = (),
    keep: Callable[[Span, Emissions], None] | None = None,
    earlier: Callable[[str], Heard | None] | None = None,
) -> Iterator[Result | Passed | Failed | Progress]:
    """Hear the recording; one `Result`, `Passed` or `Failed` a window, with `Progress` in between.

    Windows are given to the engine as soon as no other one is ready to be read, as many at once as
    it likes, of like length. Windows whose key is in `done` are passed over unless the
    task says `again`: their words are in the document already. `keep` is given what the encoder
    heard of each window, and `earlier` gives what a window that is passed over was heard as, where
    its speakers can be carried on. Raises `MediaError`, `EngineError` or `Cancelled`; a lost
    engine process costs one window at most, after it was tried again in a fresh one.
    """
    entry = catalog.find(task.engine)
    catalog.check(entry, task.options)
    length = task.stretch.end - task.stretch.start
    reach = Reach(task.stretch)
    loaded = Loaded("")
    waiting: list[_Asked] = []
    # A stretch that is heard again would have clips of its own, whose labels mean other people
    # than those of the whole recording.
    leads = Leads(wanted=task.options.carried and task.channel is None and not task.again)
    yield reach.progress("Reading the recording", "")
    for event in sound_of(task, reader, cancel, reach, leads):
        cancel.check()
        is_sound = isinstance(event, SoundWindow)
        if isinstance(event, SoundWindow):
            reach.read(event)
            key = key_of(task, event.span)
            if key in done and not task.again:
                if earlier and (heard := earlier(key)):
                    leads.take(heard, event)
                yield Passed(event.span, key, event.overlap_ms)
                yield reach.progress("Resuming", loaded.device)
                continue
            waiting.append(_Asked(event, key))
            reach.wait(event)
        # Progress says that no window is ready, so those that wait are heard meanwhile.
        while waiting and (
            not is_sound or leads.is_growing or len(waiting) >= _most(task, loaded)
        ):
            together = _alike(waiting, 1 if leads.is_growing else loaded.batch)
            waiting = [asked for asked in waiting if asked not in together]
            loaded = yield from _hear(task, together, loaded, engine, cancel, keep, reach, leads)
            if not isinstance(event, End):
                break
    yield Progress(length, length, "Done", loaded.device)


def _most(task: Task, loaded: Loaded) -> int:
    """How many windows wait at most: eight batches, but no more than an hour of sound."""
    return max(loaded.batch, min(8 * loaded.batch, _POOL_MS // task.longest_ms))


def _alike(waiting: Sequence[_Asked], size: int) -> list[_Asked]:
    """The windows to hear next: the one that waits longest, with those nearest to it in length.

    An engine fills up the shorter ones of a batch with silence; a fifth of its work would be that
    if windows were taken as they come. Where a whole batch would have more than `_PADDED` of it,
    a smaller one is taken, down to a quarter or `_FEWEST`.
    """
    ranked = sorted(waiting, key=lambda asked: asked.length)
    place, most = ranked.index(waiting[0]), min(size, len(ranked))
    best: list[_Asked] = []
    least = min(most, max(_FEWEST, size // 4))
    for count in range(most, least - 1, -1):
        firsts = range(max(0, place - count + 1), min(place, len(ranked) - count) + 1)
        batch = min((ranked[first : first + count] for first in firsts), key=_padding)
        if not best or _padding(batch) < _padding(best):
            best = batch
        if _padding(best) <= _PADDED:
            break
    return best


def _padding(batch: Sequence[_Asked]) -> float:
    """What share of a batch, in order of length, is silence that fills up the shorter ones."""
    return 1 - sum(asked.length for asked in batch) / (batch[-1].length * len(batch) or 1)


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
        "window_s": task.window_s,
        "engine": task.engine,
        "revision": task.use.revision,
        "model": task.model,
        "options": asdict(task.options),
        "span_ms": [task.span.start, task.span.end] if task.span else None,
        "again": task.again,
        "channel": task.channel,
    }


def run_name(*tasks: Task) -> str:
    """Under which name a run is known: its settings in the project, its journal without one."""
    return _digest(*((*_asked(task), task.span) for task in tasks))


def _asked(task: Task) -> tuple[object, ...]:
    """What words depend on. Where a model lies and what it runs on is not among it."""
    model = task.model if task.options.server else None
    asked = (task.fingerprint, task.engine, task.use.revision, model, task.options)
    carried = ("carried",) if task.options.carried else ()
    return (*asked, *carried) if task.channel is None else (*asked, *carried, task.channel)


def _digest(*values: object) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()[:32]


def _hear(
    task: Task,
    asked: Sequence[_Asked],
    loaded: Loaded,
    engine: EngineProcess,
    cancel: CancelToken,
    keep: Callable[[Span, Emissions], None] | None,
    reach: Reach,
    leads: Leads,
) -> Generator[Result | Failed | Progress, None, Loaded]:
    """Hear windows together, and those that went wrong once more in parts. Returns what the
    engine said of itself."""
    left = dict(enumerate(asked))
    sound = {index: pcm(window.window.samples) for index, window in left.items()}
    fractions = dict.fromkeys(left, 0.0)
    doubtful: list[tuple[_Asked, Result]] = []
    for event in answers(task, sound, engine, cancel, leads.lead):
        if isinstance(event, Loaded):
            loaded = event
            continue
        if isinstance(event, Heartbeat):
            fractions[event.index] = event.fraction
        else:
            answered = left.pop(event.index)
            reach.take(answered.window)
            result = _told(task, answered, event, keep)
            if isinstance(result, Failed):
                yield result
            elif again.is_worth_it(result):
                doubtful.append((answered, result))
            else:
                yield _carried(result, answered, leads)
        begun = sum(window.length * fractions[index] for index, window in left.items())
        yield reach.progress("Hearing", loaded.device, begun=begun)
    for window, result in doubtful:
        better = _again(task, window, result, engine, cancel)
        yield _carried(result, window, leads) if better is result else better
    return loaded


def _carried(result: Result, asked: _Asked, leads: Leads) -> Result:
    """A window that was heard after a lead, with the labels that it shares with all others."""
    leads.take(result.heard, asked.window)
    return replace(result, carried=leads.carried)


def _told(
    task: Task,
    asked: _Asked,
    event: Transcript | Lost,
    keep: Callable[[Span, Emissions], None] | None,
) -> Result | Failed:
    span = asked.window.span
    if isinstance(event, Lost):
        return Failed(span, f"This stretch could not be heard: {event.message}")
    if keep is not None and event.emissions is not None:
        keep(span, event.emissions)
    return _result(task, asked, event)


def _again(
    task: Task, asked: _Asked, first: Result, engine: EngineProcess, cancel: CancelToken
) -> Result:
    """Hear a window that went wrong in parts; gives the better hearing."""
    parts = again.parts(asked.window)
    sound = {number: pcm(part.samples) for number, part in enumerate(parts)}
    found = [
        _result(task, _Asked(parts[event.index], ""), event)
        for event in answers(task, sound, engine, cancel)
        if isinstance(event, Transcript)
    ]
    result = again.better(first, found) if found and len(found) == len(parts) else first
    return first if result is first else replace(result, overlap_ms=first.overlap_ms)


def _result(task: Task, asked: _Asked, transcript: Transcript) -> Result:
    """Turn seconds of the window into milliseconds of the recording, and note what was missed."""
    window = asked.window
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
            task.lane or turn.speaker,
        )
        for turn in transcript.turns
    )
    words = [word for turn in turns for word in turn.words]
    missed = unheard(window.speech, words)
    heard = Heard(window.span, turns, task.use, asked.key, task.again, missed, task.lane)
    doubts = (Finding(DOUBTFUL, window.span, _DOUBTS[doubt]) for doubt in transcript.doubts)
    audited = audit(window.speech, words, window.span, language=task.options.language)
    findings = (*doubts, *audited)
    return Result(heard, transcript.voices, findings, window.overlap_ms)


def _clamp(ms: int, span: Span) -> int:
    return min(max(ms, span.start), span.end)
