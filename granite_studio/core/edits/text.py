"""Typing, deleting, copying and pasting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, pairwise

from granite_studio.core.document import Document, Segment, Span, Word, joined
from granite_studio.core.edits.fitting import fitted
from granite_studio.core.edits.places import Place, check_range, parts, segment_at
from granite_studio.core.edits.speakers import add_speaker
from granite_studio.core.edits.splicing import in_line, splice
from granite_studio.core.unspaced import words_of

FAR = 3_600_000
"""Milliseconds that are free behind the last word when nobody knows how long the recording is."""


@dataclass(frozen=True, slots=True)
class ClipPart:
    """Words of one paragraph, with the name of who says them."""

    words: tuple[Word, ...]
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Clip:
    """What was copied out of a transcript: times and speakers travel along."""

    parts: tuple[ClipPart, ...] = ()

    @property
    def text(self) -> str:
        """The words as plain text, a line for each paragraph."""
        return "\n".join(joined(word.text for word in part.words) for part in self.parts)


def retype(document: Document, row: int, text: str) -> Document:
    """Make this the text of a paragraph. An empty text takes the paragraph out.

    Words that did not change keep their id and time; see `fitted` for the others.
    """
    segment = segment_at(document, row)
    texts = words_of(text)
    if texts == [word.text for word in segment.words]:
        return document
    if not texts:
        return splice(document, row, 1, ())
    ids = count(document.next_id)
    start, end = Place(row, 0), Place(row, len(segment.words))
    words = fitted(segment.words, texts, _between(document, start, end), ids, leads=True)
    changed = replace(segment, words=tuple(words))
    return splice(document, row, 1, (changed,), next_id=next(ids), typed=True)


def replace_text(document: Document, start: Place, end: Place, text: str) -> Document:
    """Write over a range. Paragraphs that it joins become one; each newline begins another.

    The first paragraph keeps id and speaker, and so does the last one where a newline comes
    before its rest. An empty document is written into at `Place(0, 0)`.
    """
    lines = [words_of(line) for line in text.split("\n")]
    texts = [token for line in lines for token in line]
    ids = count(document.next_id)
    if not document.segments and start == end == Place(0, 0):
        new = fitted((), texts, Span(0, _far(document, 0)), ids, leads=False)
        return _put(document, None, _cut(new, map(len, lines)), ids)
    check_range(document, start, end)
    old = [
        word
        for row, first, last in parts(document, start, end)
        for word in document.segments[row].words[first:last]
    ]
    if start.row == end.row and len(lines) == 1 and texts == [word.text for word in old]:
        return document
    room = _between(document, start, end)
    new = fitted(old, texts, room, ids, leads=start.word == 0)
    return _put(document, (start, end), _cut(new, map(len, lines)), ids)


def delete(document: Document, start: Place, end: Place) -> Document:
    """Take out the words of a range; paragraphs it reaches into become one."""
    return replace_text(document, start, end, "")


def insert(document: Document, place: Place, text: str) -> Document:
    """Write new words at a place."""
    return replace_text(document, place, place, text)


def copy(document: Document, start: Place, end: Place) -> Clip:
    """The words of a range, to `paste` elsewhere or to read as `text`."""
    found: list[ClipPart] = []
    for row, first, last in parts(document, start, end):
        segment = document.segments[row]
        speaker = document.speaker(segment.speaker)
        found.append(ClipPart(segment.words[first:last], speaker.name if speaker else None))
    return Clip(tuple(found))


def paste(document: Document, place: Place, clip: Clip) -> Document:
    """Put copied words in at a place.

    They keep their times where these fit between the words around, and are fitted like typed ones
    where they do not. Paragraphs that the clip brings whole bring their speaker too.
    """
    copied = [word for part in clip.parts for word in part.words]
    if not copied and len(clip.parts) < 2:
        return document
    speakers: list[int | None] = []
    for part in clip.parts:
        if part.speaker is None:
            speakers.append(None)
            continue
        document, speaker = add_speaker(document, part.speaker)
        speakers.append(speaker.id)
    ids = count(document.next_id)
    empty = not document.segments and place == Place(0, 0)
    room = Span(0, _far(document, 0)) if empty else _between(document, place, place)
    if _fits(copied, room):
        new = [replace(word, id=next(ids), touched=True) for word in copied]
    else:
        texts = [word.text for word in copied]
        new = fitted((), texts, room, ids, leads=place.word == 0 and not empty)
    pieces = _cut(new, [len(part.words) for part in clip.parts])
    return _put(document, None if empty else (place, place), pieces, ids, speakers)


def _cut(words: Sequence[Word], sizes: Iterable[int]) -> list[list[Word]]:
    pieces: list[list[Word]] = []
    done = 0
    for size in sizes:
        pieces.append(list(words[done : done + size]))
        done += size
    return pieces


def _put(
    document: Document,
    where: tuple[Place, Place] | None,
    lines: list[list[Word]],
    ids: Iterator[int],
    speakers: Sequence[int | None] | None = None,
) -> Document:
    """Write paragraphs over a range (None: into an empty document).

    The first joins what stands before the range and the last what stands behind it; `speakers`
    are for those in between.
    """
    owners: list[Segment | None] = [None] * len(lines)
    first, removed = 0, 0
    top: Segment | None = None
    if where:
        start, end = where
        first, removed = start.row, end.row - start.row + 1
        top, bottom = document.segments[start.row], document.segments[end.row]
        head, tail = top.words[: start.word], bottom.words[end.word :]
        if tail:
            owners[-1] = bottom
        if head or (top is not bottom and lines[0]) or (not tail and top is bottom):
            owners[0] = top
        lines = [[*head, *lines[0]], *lines[1:]]
        lines[-1] += tail
    segments: list[Segment] = []
    for index, (line, owner) in enumerate(zip(lines, owners, strict=True)):
        if not line:
            continue
        words = in_line(line)
        if owner and all(segment.id != owner.id for segment in segments):
            segments.append(replace(owner, words=words))
        else:
            like = owner or top
            speaker = like.speaker if like else None
            if speakers and owner is None:
                speaker = speakers[index]
            segments.append(Segment(next(ids), words, speaker))
    return splice(document, first, removed, segments, next_id=next(ids), typed=True)


def _fits(words: Sequence[Word], room: Span) -> bool:
    """Whether these words can keep their times between their new neighbours."""
    edges = [room.start, *(edge for word in words for edge in (word.start, word.end)), room.end]
    return all(a <= b for a, b in pairwise(edges))


def _between(document: Document, start: Place, end: Place) -> Span:
    """The time from the word before a range to the word behind it, other rows counted in."""
    segments = document.segments
    head = segments[start.row].words[: start.word]
    tail = segments[end.row].words[end.word :]
    if head:
        left = head[-1].end
    else:
        reached = segments[start.row - 1].end if start.row else 0
        left = min(reached, segments[start.row].start)
    if tail:
        right = tail[0].start
    elif end.row + 1 < len(segments):
        right = segments[end.row + 1].start
    else:
        right = _far(document, segments[end.row].end)
    return Span(left, max(left, right))


def _far(document: Document, reached: int) -> int:
    """Where the recording ends, or far away where that is not known."""
    duration = document.media.duration if document.media else 0
    return duration if duration > reached else reached + FAR
