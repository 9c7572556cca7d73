"""One cue of several that follow one another, or of the words in a stretch of time."""

from __future__ import annotations

from collections.abc import Sequence

from granite_studio.core.cues import Cue
from granite_studio.core.document import CueOverride, Document, Span


def merged(document: Document, chosen: Sequence[Cue], cues: Sequence[Cue]) -> CueOverride | None:
    """The cue made by hand of all these, which are some of the document's `cues`; None where
    words of another one stand between theirs, for it would take them too."""
    reading = {word.id: place for place, word in enumerate(document.words())}
    first = min((cue.first for cue in chosen), key=reading.__getitem__)
    last = max((cue.last for cue in chosen), key=reading.__getitem__)
    within = range(reading[first], reading[last] + 1)
    swallowed = sum(reading[cue.first] in within for cue in cues)
    return CueOverride(first, last) if swallowed == len(chosen) else None


def spanned(document: Document, span: Span) -> CueOverride | None:
    """The cue made by hand of the words in this stretch, at its times; None where there are none,
    or where words from outside stand between them, as somebody says who speaks meanwhile."""
    words = list(document.words())
    inside = [
        place
        for place, word in enumerate(words)
        if span.start <= (word.start + word.end) / 2 < span.end
    ]
    if not inside or inside[-1] - inside[0] != len(inside) - 1:
        return None
    return CueOverride(words[inside[0]].id, words[inside[-1]].id, span.start, span.end)
