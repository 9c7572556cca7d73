"""What of a content a format leaves out, said before it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from granite_studio.core.document import Document
from granite_studio.core.edits.heard import is_waiting
from granite_studio.core.schema import unknown_fields
from granite_studio.core.timing import short_clock
from granite_studio.formats.base import Carries, Content, Format, Kind, Part
from granite_studio.formats.cue_losses import look, of_captions, places_lost, signs_lost

_LEAST_MS = 1000
_OF_CUES = (
    Carries.NOTES
    | Carries.SHADES
    | Carries.BACKGROUNDS
    | Carries.STRIKES
    | Carries.CLASSES
    | Carries.STAMPS
    | Carries.FONTS
    | Carries.OVERRIDES
    | Carries.SHEETS
    | Carries.SECTIONS
    | Carries.HEAD
    | Carries.HEADING
    | Carries.COORDINATES
    | Carries.IDS
    | Carries.EARLY
    | Carries.BACKWARDS
)
"""What a document that is made of captions does not have."""


def losses(known: Format, content: Content, *, cut: bool = False) -> tuple[str, ...]:
    """What this format leaves out of the content, as in "3 notes"; nothing where all is kept.

    Text and times are kept, to the frame in formats of frames, unless it is said. Not counted are
    times of a document's words, since who writes subtitles does not want them, what machines think
    of their work (doubts, confidence, versions), and the recording's name and language. White is
    what letters are in subtitles. A note that no player shows does not mark speech without text.
    What becomes of times and lines of a document's cues is said on `cut` alone, which takes as
    long as cutting them does.
    """
    carries = known.carries
    if known.leaves_out:
        carries &= ~known.leaves_out(content)
    document = content.document
    if document is None:
        carries &= ~(_OF_CUES if known.kind is not Kind.CAPTIONS else Carries(0))
        parts = of_captions(content.captions, known, carries) if content.captions else iter(())
    else:
        parts = _of_document(document, known, carries, content)
    lost = [_counted(*part) for part in parts if part[0]]
    if document is None or cut:
        lost += [_counted(*part) for part in known.reshaped(content) if part[0]]
    if document:
        lost += _without_count(document, known, carries, content)
    return tuple(lost)


def sentence(known: Iterable[Format], content: Content, *, cut: bool = False) -> str:
    """What these formats leave out, those that leave out the same together; or nothing."""
    return told(((each, content) for each in known), cut=cut)


def told(files: Iterable[tuple[Format, Content]], *, cut: bool = False) -> str:
    """The same where not every format is given the same."""
    titles: dict[tuple[str, ...], list[str]] = {}
    for known, content in files:
        titles.setdefault(losses(known, content, cut=cut), []).append(known.title)
    return " ".join(
        f"Not in {_listed(names)}: {_listed(lost)}." for lost, names in titles.items() if lost
    )


def listed(known: Format, content: Content) -> str:
    """What this format leaves out, as in "3 notes and 1 quote"; or nothing."""
    lost = losses(known, content)
    return _listed(lost) if lost else ""


def untranslated(document: Document) -> str:
    """What is pinned to the words of a document, and so stays behind when a translation is
    written in its place; or nothing."""
    parts = (
        (len(document.highlights), "quote", "quotes"),
        (len(document.notes), "note", "notes"),
        (len(document.emphases), "emphasised passage", "emphasised passages"),
        (len(document.cue_overrides), "cue made by hand", "cues made by hand"),
        (unknown_fields(document.extras), "field of another program", "fields of other programs"),
    )
    lost = [_counted(*part) for part in parts if part[0]]
    return f"Not in the translation: {_listed(lost)}." if lost else ""


def _of_document(
    document: Document, known: Format, carries: Carries, content: Content
) -> Iterator[Part]:
    is_cues = known.kind is Kind.CAPTIONS
    if not known.has_words:
        said = (segment for segment in document if not is_waiting(segment))
        yield sum(len(segment.words) for segment in said), "word", "words"
    elif known.quotes_alone and document.highlights:
        outside = sum(len(segment.words) for segment in document) - _quoted(document)
        yield outside, "word outside of quotes", "words outside of quotes"
        is_cues, carries = False, carries & ~(Carries.CUES | Carries.SPEAKERS)
    if is_cues and content.speaker_names is None and known.names_in_text:
        carries &= ~Carries.SPEAKERS
    if Carries.SPEAKERS not in carries and (content.speaker_names is not False or not is_cues):
        named = {segment.speaker for segment in document} - {None}
        yield len(named), "speaker's name", "speakers' names"
    if Carries.HIGHLIGHTS not in carries:
        yield len(document.highlights), "quote", "quotes"
    elif Carries.LABELS not in carries:
        labelled = sum(bool(mark.label) for mark in document.highlights)
        yield labelled, "quote's label", "quotes' labels"
    if Carries.NOTES not in carries or known.kind is Kind.CAPTIONS:  # cues have words alone
        yield len(document.notes), "note", "notes"
    looks = sum(look(each.tag) not in carries for each in document.emphases)
    yield looks, "emphasised passage", "emphasised passages"
    yield from _of_hands(document, carries, is_cues=is_cues or Carries.CUES in carries)
    if Carries.TRANSLATIONS not in carries:
        beside = Carries.TRANSLATION in carries
        yield max(len(document.translations) - beside, 0), "translation", "translations"
    if Carries.WORD_TIMES in carries and Carries.ESTIMATES not in carries:
        guessed = sum(word.estimated for word in document.words())
        yield guessed, "mark of a guessed time", "marks of guessed times"
    if Carries.EXTRAS not in carries:
        extras = unknown_fields(document.extras)
        yield extras, "field of another program", "fields of other programs"
    if known.known_signs:
        yield signs_lost("".join(word.text for word in document.words()), known.known_signs)


def _of_hands(document: Document, carries: Carries, *, is_cues: bool) -> Iterator[Part]:
    """What is lost of cues made by hand, where cues are written and where they are not."""
    hands = document.cue_overrides
    if not is_cues:
        yield len(hands), "cue made by hand", "cues made by hand"
        return
    yield from places_lost([(hand.settings, None) for hand in hands], carries)
    if Carries.LINES not in carries:
        broken = sum(bool(hand.breaks) for hand in hands)
        yield broken, "cue's line breaks", "cues' line breaks"


def _quoted(document: Document) -> int:
    """How many words are in a quote."""
    places = {word.id: place for place, word in enumerate(document.words())}
    ends = sorted(sorted((places[mark.first], places[mark.last])) for mark in document.highlights)
    count = reached = 0
    for first, last in ends:
        count += max(last + 1 - max(first, reached), 0)
        reached = max(reached, last + 1)
    return count


def _without_count(
    document: Document, known: Format, carries: Carries, content: Content
) -> Iterator[str]:
    if document.is_draft and Carries.DRAFT not in carries:
        yield "the remark that this is a draft"
    shows_gaps = content.mark_gaps and known.kind is Kind.CAPTIONS
    if document.untranscribed and not shows_gaps and Carries.UNTRANSCRIBED not in carries:
        length = sum(span.end - span.start for span in document.untranscribed)
        yield f"the marks on speech without text ({short_clock(max(length, _LEAST_MS))})"


def _counted(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _listed(parts: Sequence[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last
