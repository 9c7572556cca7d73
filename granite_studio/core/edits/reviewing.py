"""A person's answers to findings: another wording, or that it is right as it is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from granite_studio.core import audit, doubts
from granite_studio.core.document import Document, Finding, Segment, Span, Word, joined
from granite_studio.core.edits.places import Place
from granite_studio.core.edits.speakers import merge_speakers
from granite_studio.core.edits.text import replace_text
from granite_studio.core.edits.times import confirm
from granite_studio.core.unspaced import words_of

SAME_SPEAKER = "same-speaker"
"""The kind of a question whether two speakers are one; its alternatives are their names."""
ABOUT_WORDS = frozenset({doubts.KIND, audit.NO_SPEECH, audit.PACE, audit.LOOP})
"""Kinds of findings that say something of the words in their span. The others are about what is
missing there, about a window as a whole, or about a translation."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that follow one another by one speaker, and the gaps around them."""

    start: Place
    end: Place
    words: tuple[Word, ...]


def take_alternative(document: Document, finding: Finding, number: int) -> Document:
    """Write what else may have been said, by its number from 1, over the doubted words.

    A person chose the words, so that no machine changes them; they are timed as typed ones are.
    Of two speakers who are one, this is the name under which both go on. The finding goes.
    ValueError if it is not the document's, has no such alternative, or if its words or speakers
    are gone.
    """
    rest = _without(document, finding)
    if not 1 <= number <= len(finding.alternatives):
        raise ValueError(f"there is no alternative {number}")
    if finding.kind == SAME_SPEAKER:
        return _one_speaker(rest, finding.alternatives, finding.alternatives[number - 1])
    texts = words_of(finding.alternatives[number - 1])
    place = words_at(document, finding.span)
    if not texts or place is None:
        raise ValueError("there are no words to write, or none to write over")
    start, end = place
    after = replace_text(rest, start, end, joined(texts))
    return confirm(after, start, Place(start.row, start.word + len(texts)))


def dismiss(document: Document, finding: Finding) -> Document:
    """Say that it is right as it is: the finding goes.

    What it says of words a person then vouches for, so that no machine changes or doubts them
    again. ValueError if the finding is not the document's.
    """
    after = _without(document, finding)
    if finding.kind in ABOUT_WORDS and (place := words_at(document, finding.span)):
        after = confirm(after, *place)
    return after


def unanswered(document: Document, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of the findings that still ask something.

    One about words has its answer once a person wrote or confirmed all of them, or took them out;
    one about two speakers once a person named or merged one of them.
    """
    segments = document.segments
    reached = _reached(segments)
    names = {speaker.name for speaker in document.speakers}

    def is_open(finding: Finding) -> bool:
        if finding.kind == SAME_SPEAKER:
            return names.issuperset(finding.alternatives)
        if finding.kind not in ABOUT_WORDS:
            return True
        runs = list(_runs(segments, reached, finding.span))
        return bool(runs) and not any(all(word.touched for word in run.words) for run in runs)

    return tuple(filter(is_open, findings))


def words_at(document: Document, span: Span) -> tuple[Place, Place] | None:
    """The words whose middles lie in a stretch, as the gaps around them; None without any.

    Where people speak at once they are those of the paragraph that has most of them there, and of
    paragraphs of the same speaker in which these words go on.
    """
    runs = list(_runs(document.segments, _reached(document.segments), span))
    if not runs:
        return None
    most = max(runs, key=lambda run: len(run.words))
    return most.start, most.end


def stretch_to_hear(document: Document, span: Span) -> Span:
    """What to hear again for a finding: an engine needs more than the one word in doubt.

    The paragraphs that its words are in, and at least the stretch itself.
    """
    place = words_at(document, span)
    if place is None:
        return span
    first, last = document.segments[place[0].row], document.segments[place[1].row]
    return Span(min(span.start, first.start), max(span.end, last.end))


def _one_speaker(document: Document, names: Sequence[str], kept: str) -> Document:
    ids = {speaker.name: speaker.id for speaker in document.speakers}
    if not ids.keys() >= set(names):
        raise ValueError("these speakers are no more")
    for name in names:
        document = merge_speakers(document, ids[name], ids[kept])
    return document


def _without(document: Document, finding: Finding) -> Document:
    if finding not in document.findings:
        raise ValueError("this finding is not in the transcript")
    return replace(document, findings=tuple(f for f in document.findings if f != finding))


def _reached(segments: Sequence[Segment]) -> list[int]:
    """The latest end of each paragraph and all before it."""
    return list(accumulate((segment.end for segment in segments), max))


def _runs(segments: Sequence[Segment], reached: Sequence[int], span: Span) -> Iterator[_Run]:
    """The words whose middles lie in the span, in stretches by one speaker each."""
    end = max(span.end, span.start + 1)  # a word may have no length
    run: _Run | None = None
    for row in range(bisect_left(reached, span.start), len(segments)):
        words = segments[row].words
        if words[0].start >= end:
            break
        first, last = (bisect_left(words, edge, key=_middle) for edge in (span.start, end))
        if first == last:
            continue
        found = _Run(Place(row, first), Place(row, last), words[first:last])
        if run is not None and _goes_on(segments, run.end, found.start):
            run = _Run(run.start, found.end, run.words + found.words)
            continue
        if run is not None:
            yield run
        run = found
    if run is not None:
        yield run


def _middle(word: Word) -> int:
    return (word.start + word.end) // 2


def _goes_on(segments: Sequence[Segment], end: Place, start: Place) -> bool:
    """Whether the same person goes on in the next paragraph, without a word in between."""
    before, after = segments[end.row], segments[start.row]
    is_next = end == Place(start.row - 1, len(before.words)) and start.word == 0
    return is_next and before.speaker == after.speaker
