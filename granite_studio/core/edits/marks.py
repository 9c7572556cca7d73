"""Facts beside the words: cues made by hand, quotes, notes, findings, language and recording."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from granite_studio.core.document import (
    CueOverride,
    Document,
    Finding,
    Highlight,
    Media,
    Note,
    Span,
)
from granite_studio.core.edits.places import Place, check_range, word_after

Mark = TypeVar("Mark", Highlight, Note)


def fix_cue(document: Document, override: CueOverride) -> Document:
    """Make these words one cue, whatever the style says.

    Takes the place of every override that shares a word with it. ValueError where the words are
    not there in this order, or where times or line breaks make no sense.
    """
    start, end = override.start, override.end
    if (start or 0) < 0 or (end is not None and end <= (start or 0)):
        raise ValueError(f"a cue cannot run from {start} to {end} ms")
    for index, old in enumerate(document.cue_overrides):
        # Dragging an edge comes here many times a second: no look through all words.
        if old.first == override.first and old.last == override.last:
            if old == override:
                return document
            if override.breaks and override.breaks != old.breaks:
                break
            fixed = list(document.cue_overrides)
            fixed[index] = override
            return replace(document, cue_overrides=tuple(fixed))
    reading = [word.id for segment in document.segments for word in segment.words]
    first, last = _extent(reading, override)
    if not set(override.breaks or ()) <= set(reading[first:last]):
        raise ValueError("a line can only begin behind a word of the cue")
    rivals = _sharing(document.cue_overrides, reading, first, last)
    kept = (old for old in document.cue_overrides if old.first not in rivals)
    return replace(document, cue_overrides=(*kept, override))


def fix_cues(document: Document, overrides: Iterable[CueOverride]) -> Document:
    """The same for many cues at once, none of which shares a word with another; those of which
    the words are not there in this order, one behind the other, are left out."""
    place = {word.id: at for at, word in enumerate(document.words())}
    made = {
        (each.first, each.last): each
        for each in overrides
        if place.get(each.first, 0) <= place.get(each.last, -1)
    }
    starts = sorted(place[first] for first, _ in made)
    ends = sorted(place[last] for _, last in made)
    kept: list[CueOverride] = []
    for old in document.cue_overrides:
        same = made.pop((old.first, old.last), None)
        # None shares a word where as many begin before its end as end before its beginning.
        is_rival = bisect_right(starts, place[old.last]) > bisect_left(ends, place[old.first])
        if same or not is_rival:
            kept.append(same or old)
    fixed = (*kept, *made.values())
    return document if fixed == document.cue_overrides else replace(document, cue_overrides=fixed)


def release_cue(document: Document, *first_word_ids: int) -> Document:
    """Let the style cut the cues that begin with these words."""
    gone = set(first_word_ids)
    kept = tuple(o for o in document.cue_overrides if o.first not in gone)
    if len(kept) == len(document.cue_overrides):
        return document
    return replace(document, cue_overrides=kept)


def add_highlight(document: Document, start: Place, end: Place, label: str = "") -> Document:
    """Mark the words of a range as a quote."""
    check_range(document, start, end)
    rows = document.segments
    while start.row < end.row and start.word == len(rows[start.row].words):
        start = Place(start.row + 1, 0)
    while end.row > start.row and end.word == 0:
        end = Place(end.row - 1, len(rows[end.row - 1].words))
    if start == end:
        raise ValueError("a quote needs a word")
    first = word_after(document, start)
    last = rows[end.row].words[end.word - 1]
    highlight = Highlight(document.next_id, first.id, last.id, label)
    return replace(
        document,
        highlights=(*document.highlights, highlight),
        next_id=document.next_id + 1,
    )


def label_highlight(document: Document, highlight_id: int, label: str) -> Document:
    """Say what a quote is about."""
    quote = _with_id(document.highlights, highlight_id)
    if quote.label == label:
        return document
    quotes = (replace(h, label=label) if h is quote else h for h in document.highlights)
    return replace(document, highlights=tuple(quotes))


def remove_highlight(document: Document, highlight_id: int) -> Document:
    """Take the mark off a quote."""
    gone = _with_id(document.highlights, highlight_id)
    return replace(document, highlights=tuple(h for h in document.highlights if h is not gone))


def add_note(document: Document, place: Place, text: str) -> Document:
    """Pin a remark to the word behind this place."""
    note = Note(document.next_id, word_after(document, place).id, text)
    return replace(document, notes=(*document.notes, note), next_id=document.next_id + 1)


def change_note(document: Document, note_id: int, text: str) -> Document:
    """Write a remark anew."""
    note = _with_id(document.notes, note_id)
    if note.text == text:
        return document
    notes = (replace(n, text=text) if n is note else n for n in document.notes)
    return replace(document, notes=tuple(notes))


def remove_note(document: Document, note_id: int) -> Document:
    """Take a remark away."""
    gone = _with_id(document.notes, note_id)
    return replace(document, notes=tuple(n for n in document.notes if n is not gone))


def set_untranscribed(document: Document, spans: Iterable[Span]) -> Document:
    """Say where there is speech without text."""
    untranscribed = tuple(spans)
    if untranscribed == document.untranscribed:
        return document
    return replace(document, untranscribed=untranscribed)


def add_untranscribed(document: Document, span: Span) -> Document:
    """Say that nothing was heard in this stretch, where there are no words in it."""
    words = (word for word in document.words() if word.start < span.end)
    if span in document.untranscribed or any(word.end > span.start for word in words):
        return document
    spans = sorted((*document.untranscribed, span), key=lambda each: (each.start, each.end))
    return set_untranscribed(document, spans)


def set_findings(document: Document, findings: Iterable[Finding]) -> Document:
    """Say what is worth a look, in place of all that was said before."""
    found = tuple(findings)
    return document if found == document.findings else replace(document, findings=found)


def add_finding(document: Document, finding: Finding) -> Document:
    """Add something worth a look, once."""
    if finding in document.findings:
        return document
    return replace(document, findings=(*document.findings, finding))


def set_language(document: Document, tag: str) -> Document:
    """Say what language is spoken, as a BCP 47 tag."""
    return document if tag == document.language else replace(document, language=tag)


def set_media(document: Document, media: Media | None) -> Document:
    """Say which recording the words belong to."""
    return document if media == document.media else replace(document, media=media)


def _with_id(items: tuple[Mark, ...], item_id: int) -> Mark:
    for item in items:
        if item.id == item_id:
            return item
    raise ValueError(f"there is no mark {item_id}")


def _extent(reading: list[int], override: CueOverride) -> tuple[int, int]:
    """Where the first and the last word of an override stand in the reading order."""
    try:
        first = reading.index(override.first)
        return first, reading.index(override.last, first)
    except ValueError:
        raise ValueError("the words of the cue are not in the transcript in this order") from None


def _sharing(
    overrides: tuple[CueOverride, ...], reading: list[int], first: int, last: int
) -> set[int]:
    """The first words of overrides that share a word with the stretch from first to last."""
    if not overrides:
        return set()
    inside = set(reading[first : last + 1])
    sharing = {o.first for o in overrides if o.first in inside or o.last in inside}
    begins = {o.first for o in overrides}
    ends = {o.last for o in overrides}
    for word_id in reversed(reading[:first]):
        if word_id in ends:
            break
        if word_id in begins:
            sharing.add(word_id)  # it begins before the stretch and does not end before it
            break
    return sharing
