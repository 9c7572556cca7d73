"""New times for the words of an edited paragraph, from what the encoder heard of its sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from granite_studio.core import edits
from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document, Span, Word
from granite_studio.core.errors import EngineError
from granite_studio.engines import catalog
from granite_studio.engines.base import Emissions, Transcript
from granite_studio.engines.granite.alignment import align
from granite_studio.engines.serving import EngineProcess
from granite_studio.media.client import MediaReader
from granite_studio.pipeline.asking import Lost
from granite_studio.pipeline.emissions import Kept, find, keep
from granite_studio.pipeline.listen import Task
from granite_studio.pipeline.paragraphs import ask, windows_of
from granite_studio.pipeline.results import Progress

REACH = 2000
"""So many ms outside a paragraph its words may be found, where nobody else speaks."""

_BLANK, _NEVER = 0, 255


@dataclass(frozen=True, slots=True)
class Aligned:
    """Where words of a paragraph sound, by their ids; `estimated` are those that it hides."""

    segment_id: int
    times: Mapping[int, Span]
    estimated: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Missing:
    """Of this paragraph nothing is kept, or too little."""

    segment_id: int


def span_of(document: Document, row: int) -> Span:
    """The time in which words of this paragraph may be found."""
    segment = document.segments[row]
    before = document.segments[row - 1].end if row else 0
    start = max(min(before, segment.start), segment.start - REACH)
    end = segment.end + REACH
    if row + 1 < len(document.segments):
        end = min(max(document.segments[row + 1].start, segment.end), end)
    return Span(start, end)


def find_words(document: Document, row: int, kept: Sequence[Kept]) -> Aligned:
    """Where the words of a paragraph sound.

    `kept` are the emissions around it, in order. Words whose time a person set or vouched for
    stay, and so do those in whose time nothing is kept; the words between two that stay are looked
    for between them. Words that the sound does not show come between their neighbours, as
    estimates. Half a minute takes a fiftieth of a second, five minutes a third of one.
    """
    kept = [window for window in kept if _kind(window) == _kind(kept[0])]
    segment, room = document.segments[row], span_of(document, row)
    times: dict[int, Span] = {}
    estimated: set[int] = set()
    words = list(enumerate(segment.words))
    for moves, group in groupby(words, key=lambda item: _moves(item[1], kept)):
        run = list(group)
        if not moves:
            continue
        first, last = run[0][0], run[-1][0]
        start = segment.words[first - 1].end if first else room.start
        end = segment.words[last + 1].start if last + 1 < len(words) else room.end
        sound = _sound(kept, Span(start, end))
        if sound is None:
            continue
        for (_, word), timed in zip(
            run, align([word.text for _, word in run], sound.emissions), strict=True
        ):
            times[word.id] = Span(
                sound.span.start + round(timed.start_s * 1000),
                sound.span.start + round(timed.end_s * 1000),
            )
            if timed.estimated:
                estimated.add(word.id)
    return Aligned(segment.id, times, frozenset(estimated))


def is_covered(document: Document, row: int, kept: Sequence[Kept]) -> bool:
    """Whether there are emissions for all words of a paragraph that may move."""
    return all(edits.is_settled(w) or _moves(w, kept) for w in document.segments[row].words)


def applied(document: Document, event: Aligned) -> Document:
    """The document with these times; as it is where the paragraph went meanwhile."""
    try:
        row = document.row_of(event.segment_id)
    except KeyError:
        return document
    return edits.align_words(document, row, event.times, estimated=event.estimated)


def realign_kept(
    document: Document,
    segment_ids: Iterable[int],
    folder: Path,
    fingerprint: str,
    cancel: CancelToken,
) -> Iterator[Aligned | Missing]:
    """Find the words of these paragraphs in what is kept in the cache folder."""
    for segment_id in segment_ids:
        cancel.check()
        row = document.row_of(segment_id)
        kept = find(folder, fingerprint, span_of(document, row))
        if is_covered(document, row, kept):
            yield find_words(document, row, kept)
        else:
            yield Missing(segment_id)


def realign_heard(
    task: Task,
    document: Document,
    segment_ids: Iterable[int],
    folder: Path,
    reader: MediaReader,
    engine: EngineProcess,
    cancel: CancelToken,
) -> Iterator[Aligned | Progress]:
    """Let the engine hear these paragraphs, keep what its encoder heard, and find the words.

    Raises `EngineError` for an engine that does not tell, `MediaError` and `Cancelled`.
    """
    for segment_id in segment_ids:
        row, kept = document.row_of(segment_id), []
        for event in measure(task, document, row, reader, engine, cancel):
            if isinstance(event, Kept):
                kept.append(event)
                keep(folder, task.fingerprint, task.use.revision, event.span, event.emissions)
            else:
                yield event
        yield find_words(document, row, sorted(kept, key=lambda window: window.span.start))


def measure(
    task: Task,
    document: Document,
    row: int,
    reader: MediaReader,
    engine: EngineProcess,
    cancel: CancelToken,
) -> Iterator[Kept | Progress]:
    """Let the engine hear the sound of one paragraph, for what its encoder hears alone.

    Raises `EngineError` for an engine that does not tell, `MediaError` and `Cancelled`.
    """
    entry = catalog.find(task.engine)
    spans = windows_of(document, row, round(entry.capabilities.window_s * 1000))
    for event in ask(task, spans, reader, engine, cancel):
        if isinstance(event, Transcript):
            if event.emissions is None:
                raise EngineError(
                    f"{entry.title} does not tell where in the sound words are; choose one of the "
                    "Granite engines that run on this machine."
                )
            yield Kept(spans[event.index], event.emissions)
        elif isinstance(event, Lost):
            raise EngineError(f"The sound of this paragraph could not be heard: {event.message}")
        else:
            yield event


def _moves(word: Word, kept: Sequence[Kept]) -> bool:
    middle = (word.start + word.end) // 2
    heard = any(window.span.start <= middle <= window.span.end for window in kept)
    return heard and not edits.is_settled(word)


def _sound(kept: Sequence[Kept], span: Span) -> Kept | None:
    """What was heard in this stretch as one window; between two windows there was no speech.

    Windows but the first are laid on its frames, which moves them by half a frame at most.
    """
    near = [window for window in kept if window.span.overlaps(span)]
    if not near:
        return None
    frame_s, classes = _kind(near[0])
    frame_ms, origin = frame_s * 1000, near[0].span.start
    begin = origin + round(max(0, span.start - origin) / frame_ms) * frame_ms
    frames = int((min(span.end, near[-1].span.end) - begin) / frame_ms)
    if frames < 1:
        return None
    levels = np.full((frames, classes), _NEVER, np.uint8)
    levels[:, _BLANK] = 0
    for window in near:
        heard = window.emissions.levels
        offset = round((window.span.start - begin) / frame_ms)
        first, last = max(0, offset), min(frames, offset + len(heard))
        if first < last:
            levels[first:last] = heard[first - offset : last - offset]
    start = round(begin)
    return Kept(Span(start, start + round(frames * frame_ms)), Emissions(levels, frame_s))


def _kind(window: Kept) -> tuple[float, int]:
    """Frame length and number of classes: the same for all windows of one model."""
    return window.emissions.frame_s, window.emissions.levels.shape[1]
