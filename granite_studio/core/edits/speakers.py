"""Who says what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from granite_studio.core.document import Document, Segment, Speaker, tokens
from granite_studio.core.edits.places import Place, check_place, segment_at
from granite_studio.core.edits.splicing import in_line, splice

LONGEST_NAME = 80


def clean_name(name: str) -> str:
    """A speaker's name on one line, without what cannot be shown, 80 characters at most."""
    return " ".join(tokens(name))[:LONGEST_NAME].rstrip()


def add_speaker(document: Document, name: str) -> tuple[Document, Speaker]:
    """A speaker of this name: the one there is, or a new one. ValueError if nothing is left of
    the name when it is cleaned."""
    name = _named(name)
    for speaker in document.speakers:
        if speaker.name == name:
            return document, speaker
    speaker = Speaker(document.next_id, name)
    speakers = (*document.speakers, speaker)
    return replace(document, speakers=speakers, next_id=document.next_id + 1), speaker


def assign_speaker(document: Document, rows: Iterable[int], speaker_id: int | None) -> Document:
    """Say who speaks in these rows; None for nobody known."""
    _check_speaker(document, speaker_id)
    segments = list(document.segments)
    for row in set(rows):
        segment = segment_at(document, row)
        if segment.speaker != speaker_id:
            segments[row] = replace(segment, speaker=speaker_id)
    return _with_segments(document, segments)


def rename_speaker(document: Document, speaker_id: int, name: str) -> Document:
    """Give a speaker another name, everywhere. The name of another speaker makes the two one."""
    _check_speaker(document, speaker_id)
    name = _named(name)
    for speaker in document.speakers:
        if speaker.name == name:
            return merge_speakers(document, speaker_id, speaker.id)
    renamed = (
        replace(speaker, name=name) if speaker.id == speaker_id else speaker
        for speaker in document.speakers
    )
    return replace(document, speakers=tuple(renamed))


def merge_speakers(document: Document, gone: int, kept: int) -> Document:
    """Two speakers are one person: what the first says is said by the second."""
    _check_speaker(document, gone)
    _check_speaker(document, kept)
    if gone == kept:
        return document
    speakers = tuple(speaker for speaker in document.speakers if speaker.id != gone)
    segments = [
        replace(segment, speaker=kept) if segment.speaker == gone else segment
        for segment in document.segments
    ]
    return replace(_with_segments(document, segments), speakers=speakers)


def speaker_from(document: Document, place: Place, speaker_id: int | None) -> Document:
    """From this place to the end of the paragraph it is this person who speaks."""
    check_place(document, place)
    _check_speaker(document, speaker_id)
    segment = document.segments[place.row]
    if segment.speaker == speaker_id or place.word == len(segment.words):
        return document
    if place.word == 0:
        return assign_speaker(document, (place.row,), speaker_id)
    halves = (
        replace(segment, words=segment.words[: place.word]),
        Segment(document.next_id, segment.words[place.word :], speaker_id),
    )
    return splice(document, place.row, 1, halves, next_id=document.next_id + 1)


def move_boundary(document: Document, row: int, words: int) -> Document:
    """Move the border between a paragraph and the one before it by words.

    A positive number gives that many first words of `row` to the paragraph before; a negative one
    takes last words of that paragraph over. A paragraph left without words goes.
    """
    if row < 1:
        raise ValueError("the first paragraph has none before it")
    above, below = segment_at(document, row - 1), segment_at(document, row)
    line = (*above.words, *below.words)
    cut = min(max(len(above.words) + words, 0), len(line))
    if cut == len(above.words):
        return document
    halves = ((above, in_line(line[:cut])), (below, in_line(line[cut:])))
    left = [replace(segment, words=moved) for segment, moved in halves if moved]
    return splice(document, row - 1, 2, left)


def _named(name: str) -> str:
    cleaned = clean_name(name)
    if not cleaned:
        raise ValueError("a speaker needs a name")
    return cleaned


def _check_speaker(document: Document, speaker_id: int | None) -> None:
    if speaker_id is not None and document.speaker(speaker_id) is None:
        raise ValueError(f"there is no speaker {speaker_id}")


def _with_segments(document: Document, segments: list[Segment]) -> Document:
    """Rows where only the speaker changed; the same document when none did."""
    if all(a is b for a, b in zip(segments, document.segments, strict=True)):
        return document
    return replace(document, segments=tuple(segments))
