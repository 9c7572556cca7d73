"""Paragraphs given to an engine: their sound in windows, asked in batches, lost ones again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from granite_studio.core.cancel import CancelToken
from granite_studio.core.document import Document, Span, Word
from granite_studio.core.sentences import ends_sentence
from granite_studio.engines.base import Heartbeat, Transcript
from granite_studio.engines.serving import EngineProcess, Loaded
from granite_studio.media.client import MediaReader
from granite_studio.media.values import Block
from granite_studio.pipeline.asking import Lost, answers, pcm
from granite_studio.pipeline.listen import Task
from granite_studio.pipeline.results import Progress

MARGIN = 200
"""ms of the sound around its words that a window holds, where nobody else speaks there."""


def windows_of(document: Document, row: int, longest_ms: int) -> tuple[Span, ...]:
    """The time of a paragraph in windows of at most `longest_ms`.

    A long one is cut behind a sentence in the second half of a window, else at the longest pause
    there, else where the window is full.
    """
    words = document.segments[row].words
    groups = list(_groups(words, max(1000, longest_ms - 2 * MARGIN)))
    before = max((segment.end for segment in document.segments[:row][-1:]), default=0)
    behind = [segment.start for segment in document.segments[row + 1 :][:1]]
    spans: list[Span] = []
    for place, group in enumerate(groups):
        left = groups[place - 1][-1].end if place else before
        right = [groups[place + 1][0].start] if place + 1 < len(groups) else behind
        start, end = group[0].start, group[-1].end
        lead = min(MARGIN, max(0, start - left) // 2)
        trail = min([MARGIN, *(max(0, edge - end) // 2 for edge in right)])
        spans.append(Span(start - lead, min(end + trail, start - lead + longest_ms)))
    return tuple(spans)


def ask(
    task: Task,
    spans: Sequence[Span],
    reader: MediaReader,
    engine: EngineProcess,
    cancel: CancelToken,
) -> Iterator[Transcript | Lost | Progress]:
    """Give these stretches of the recording to the engine, with `Progress` in between.

    First one, so that something appears soon, then ever more at once, up to the number the engine
    likes. A lost process costs one window at most, after it was tried again in a fresh one. Raises
    `MediaError`, `EngineError` or `Cancelled`.
    """
    total = sum(span.end - span.start for span in spans)
    loaded, done, size, place = Loaded(""), 0, 1, 0
    yield Progress(0, total, "Starting")
    while place < len(spans):
        batch = range(place, min(place + size, len(spans)))
        sound = {index: _pcm(task, spans[index], reader, cancel) for index in batch}
        fractions = dict.fromkeys(batch, 0.0)
        for event in answers(task, sound, engine, cancel):
            if isinstance(event, Loaded):
                loaded = event
                continue
            if isinstance(event, Heartbeat):
                fractions[event.index] = event.fraction
            else:
                fractions[event.index] = 1.0
                yield event
            part = sum((spans[i].end - spans[i].start) * share for i, share in fractions.items())
            yield Progress(done + round(part), total, "Listening", loaded.device)
        done += sum(spans[index].end - spans[index].start for index in batch)
        place, size = batch.stop, min(size * 2, max(1, loaded.batch))


def _pcm(task: Task, span: Span, reader: MediaReader, cancel: CancelToken) -> bytes:
    """16-bit samples of a stretch, at the loudness that engines like."""
    events = reader.sound(task.media, cancel, start=span.start, end=span.end)
    blocks = [event.samples for event in events if isinstance(event, Block)]
    return pcm(np.concatenate([np.zeros(0, np.int16), *blocks]))


def _groups(words: Sequence[Word], longest_ms: int) -> Iterator[Sequence[Word]]:
    """Words in runs that are no longer than this, each with a word at least."""
    first = 0
    while words[-1].end - words[first].start > longest_ms:
        full = first + 1
        while full < len(words) and words[full].end - words[first].start <= longest_ms:
            full += 1
        if full == len(words):
            break
        middle = words[first].start + longest_ms // 2
        places = [n for n in range(first + 1, full + 1) if words[n - 1].end > middle] or [full]
        ends = [n for n in places if ends_sentence(words[n - 1].text)]
        cut = max(ends) if ends else max(places, key=lambda n: (_pause(words, n), n))
        yield words[first:cut]
        first = cut
    yield words[first:]


def _pause(words: Sequence[Word], place: int) -> int:
    """The silence in front of a word."""
    return words[place].start - words[place - 1].end
