"""Another text in place of the one that is there."""

from __future__ import annotations

from dataclasses import replace

from granite_studio.core.document import Document, Segment


def supersede(document: Document, text: Document) -> Document:
    """The transcript with the words, speakers, cues and marks of another one in place of its own.

    It stays that of its recording. What was found about the old words goes with them.
    """
    by = document.next_id - 1  # ids are never given twice
    speakers = tuple(replace(speaker, id=speaker.id + by) for speaker in text.speakers)
    overrides = (
        replace(
            hand,
            first=hand.first + by,
            last=hand.last + by,
            breaks=None if hand.breaks is None else tuple(place + by for place in hand.breaks),
        )
        for hand in text.cue_overrides
    )
    emphases = (
        replace(each, first=each.first + by, last=each.last + by) for each in text.emphases
    )
    highlights = (
        replace(mark, id=mark.id + by, first=mark.first + by, last=mark.last + by)
        for mark in text.highlights
    )
    notes = (replace(note, id=note.id + by, word=note.word + by) for note in text.notes)
    translations = (
        replace(
            lane,
            texts=tuple(replace(each, segment=each.segment + by) for each in lane.texts),
        )
        for lane in text.translations
    )
    return replace(
        text,
        segments=tuple(_renumbered(segment, by) for segment in text.segments),
        speakers=speakers,
        media=document.media,
        cue_overrides=tuple(overrides),
        emphases=tuple(emphases),
        highlights=tuple(highlights),
        notes=tuple(notes),
        translations=tuple(translations),
        next_id=text.next_id + by,
        untranscribed=(),
        findings=(),
    )


def _renumbered(segment: Segment, by: int) -> Segment:
    words = tuple(replace(word, id=word.id + by) for word in segment.words)
    speaker = None if segment.speaker is None else segment.speaker + by
    return Segment(segment.id + by, words, speaker)
