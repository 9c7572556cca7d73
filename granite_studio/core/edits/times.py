"""Setting the times of words and paragraphs by hand or by the sound, and confirming words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from granite_studio.core.document import Document, Segment, Span, Word
from granite_studio.core.edits.places import Place, parts, segment_at, word_after
from granite_studio.core.edits.splicing import splice


def retime_word(document: Document, place: Place, start: int, end: int) -> Document:
    """Set when the word behind this place is spoken, as far as its neighbours leave room.

    A time set by a person is no estimate, and no machine changes the word again.
    """
    if start > end:
        raise ValueError(f"a word cannot run from {start} to {end} ms")
    word = word_after(document, place)
    segment = document.segments[place.row]
    floor = segment.words[place.word - 1].end if place.word else 0
    rest = segment.words[place.word + 1 :]
    start = max(start, floor)
    end = max(end, floor)
    if rest:
        start, end = min(start, rest[0].start), min(end, rest[0].start)
    if (start, end) == (word.start, word.end):
        return document
    timed = replace(word, start=start, end=end, touched=True, estimated=False)
    words = (*segment.words[: place.word], timed, *rest)
    return splice(document, place.row, 1, (replace(segment, words=words),))


def retime_segment(document: Document, row: int, start: int, end: int) -> Document:
    """Move and stretch a paragraph to these times; its words keep their share of it.

    A paragraph that is only moved keeps the exact lengths of its words; in a stretched one they
    become estimates. Its words may still be heard again.
    """
    if not 0 <= start <= end:
        raise ValueError(f"a paragraph cannot run from {start} to {end} ms")
    segment = segment_at(document, row)
    if (start, end) == (segment.start, segment.end):
        return document
    return splice(document, row, 1, (_scaled(segment, start, end),))


def confirm(document: Document, start: Place, end: Place) -> Document:
    """A person vouches for these words: no machine changes them again."""
    result = document
    for row, first, last in parts(document, start, end):
        segment = document.segments[row]
        chosen = segment.words[first:last]
        if all(word.touched for word in chosen):
            continue
        confirmed = (word if word.touched else replace(word, touched=True) for word in chosen)
        words = (*segment.words[:first], *confirmed, *segment.words[last:])
        result = splice(result, row, 1, (replace(segment, words=words),))
    return result


def is_settled(word: Word) -> bool:
    """Whether a person vouches for this word's time too: it was measured, or set by hand."""
    return word.touched and not word.estimated


def align_words(
    document: Document,
    row: int,
    times: Mapping[int, Span],
    *,
    estimated: Collection[int] = (),
) -> Document:
    """Give words of a paragraph, by their ids, the times at which they were found in the sound.

    Settled words and those that are not named stay where they are, and the others keep between
    them. Texts, and who touched them, stay too. `estimated` are those that were not found.
    """
    timed = aligned(segment_at(document, row), times, estimated)
    return splice(document, row, 1, (timed,))


def aligned(
    segment: Segment, times: Mapping[int, Span], estimated: Collection[int] = ()
) -> Segment:
    """The paragraph that `align_words` makes of this one."""
    stays = [is_settled(word) or word.id not in times for word in segment.words]
    words: list[Word] = []
    reached = 0
    for place, word in enumerate(segment.words):
        if not stays[place]:
            behind = (
                w.start for w, s in zip(segment.words[place:], stays[place:], strict=True) if s
            )
            found = times[word.id]
            latest = next(behind, max(found.end, reached))
            start = min(max(found.start, reached), latest)
            end = min(max(found.end, start), latest)
            word = replace(word, start=start, end=end, estimated=word.id in estimated)
        words.append(word)
        reached = word.end
    return replace(segment, words=tuple(words))


def _scaled(segment: Segment, start: int, end: int) -> Segment:
    old = segment.end - segment.start
    new = end - start

    def moved(time: int) -> int:
        return start + ((time - segment.start) * new // old if old else 0)

    def scaled(word: Word) -> Word:
        return replace(
            word,
            start=moved(word.start),
            end=moved(word.end) if old or word is not segment.words[-1] else end,
            estimated=word.estimated or new != old,
        )

    return replace(segment, words=tuple(scaled(word) for word in segment.words))
