"""Speech without text among cues: notes that say where it is, and cues that show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from granite_studio.core.captions import Block, Caption, Captions
from granite_studio.core.cuetext import escape
from granite_studio.core.document import Span
from granite_studio.core.showing import SHOWN
from granite_studio.core.styles import Style
from granite_studio.core.timing import clock


def with_gaps(
    cues: Sequence[Caption], spans: Iterable[Span], *, note: str, mark: str, style: Style
) -> Captions:
    """These cues by their start, and among them for each span a NOTE with its times.

    Unless `mark` is empty, cues of these words stand over each span wherever other cues, with the
    style's gap around them, leave room. One that would be short is shown for the style's shortest
    time, as far as the next cue allows; where there is less room than can be seen, there is none.
    """
    spans = sorted(spans, key=lambda span: span.start)
    items: list[tuple[int, Caption | Block]] = [
        (span.start, Block("NOTE", f"{note}: {clock(span.start)} - {clock(span.end)}"))
        for span in spans
    ]
    items += [(cue.start, cue) for cue in cues]
    for part in _free(cues, spans, style) if mark else ():
        items.append((part.start, Caption(part.start, part.end, escape(mark))))
    # Sorting is stable: a note stands in front of the cues that begin with its span.
    return Captions(tuple(item for _, item in sorted(items, key=lambda placed: placed[0])))


def _free(cues: Iterable[Caption], spans: Iterable[Span], style: Style) -> Iterator[Span]:
    """The parts of these spans, which are in order, where a cue can be shown."""
    free = _between(sorted((cue.start, cue.end) for cue in cues), style.gap_ms)
    start, limit = next(free)
    reached = 0
    for span in spans:
        while limit is not None and limit <= span.start:
            start, limit = next(free)
        while start < span.end:
            first = max(start, span.start, reached)
            last = max(span.end, first + style.min_ms)
            last = last if limit is None else min(last, limit)
            if first < span.end and last - first >= SHOWN:
                yield Span(first, last)
                reached = last + style.gap_ms
            if limit is None or limit >= span.end:
                break
            start, limit = next(free)


def _between(busy: Iterable[tuple[int, int]], gap: int) -> Iterator[tuple[int, int | None]]:
    """Where no cue is shown, `gap` away from all; the last stretch has no end."""
    reached = 0
    for start, end in busy:
        if start - gap > reached:
            yield reached, start - gap
        reached = max(reached, end + gap)
    yield reached, None
