"""What of a content a format leaves out, said before it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from granite_studio.core.captions import Block, Captions
from granite_studio.core.document import Document
from granite_studio.core.timing import short_clock
from granite_studio.formats.base import Carries, Content, Format, Kind

_VOICE = re.compile(r"<v[\s.]")
_TAG = re.compile(r"<(?!/|v[\s.>]|\d)[^<>]")
_FONT = re.compile(r"<font\s[^<>]*\b(?:face|size)\s*=", re.IGNORECASE)
_LEAST_MS = 1000

Part = tuple[Carries, int, str, str]
"""What has to be carried, how often it is there, and its name, for one and for more."""


def losses(known: Format, content: Content) -> tuple[str, ...]:
    """What this format leaves out of the content, as in "3 notes"; nothing where all is kept.

    Text and times are always kept. Times of single words are not counted: who writes subtitles
    does not want them. A note that no player shows does not mark speech without text.
    """
    document, captions = content.document, content.captions
    parts = list(
        _of_document(document, known, content) if document else _of_captions(captions, known)
    )
    carries = known.carries
    if document and known.kind is Kind.CAPTIONS:
        carries &= ~Carries.NOTES  # cues are made of the words alone
    lost = [
        f"{count} {one if count == 1 else more}"
        for needed, count, one, more in parts
        if count and needed not in carries
    ]
    shows_gaps = content.mark_gaps and known.kind is Kind.CAPTIONS
    is_carried = shows_gaps or Carries.UNTRANSCRIBED in known.carries
    if document and document.untranscribed and not is_carried:
        length = sum(span.end - span.start for span in document.untranscribed)
        lost.append(f"the marks on speech without text ({short_clock(max(length, _LEAST_MS))})")
    return tuple(lost)


def sentence(known: Iterable[Format], content: Content) -> str:
    """What these formats leave out, those that leave out the same together; or nothing."""
    titles: dict[tuple[str, ...], list[str]] = {}
    for each in known:
        titles.setdefault(losses(each, content), []).append(each.title)
    return " ".join(
        f"Not in {_listed(names)}: {_listed(lost)}." for lost, names in titles.items() if lost
    )


def _of_document(document: Document, known: Format, content: Content) -> Iterator[Part]:
    named = {segment.speaker for segment in document} - {None}
    placed = sum(bool(hand.settings) for hand in document.cue_overrides)
    if content.speaker_names or known.kind is not Kind.CAPTIONS:
        yield Carries.SPEAKERS, len(named), "speaker's name", "speakers' names"
    yield Carries.HIGHLIGHTS, len(document.highlights), "quote", "quotes"
    if Carries.HIGHLIGHTS in known.carries:
        labelled = sum(bool(mark.label) for mark in document.highlights)
        yield Carries.LABELS, labelled, "quote's label", "quotes' labels"
    yield Carries.NOTES, len(document.notes), "note", "notes"
    simple = ("i", "b") if Carries.ITALICS in known.carries else ()
    looks = sum(each.tag not in simple for each in document.emphases)
    yield Carries.STYLING, looks, "emphasised passage", "emphasised passages"
    if known.kind is Kind.CAPTIONS:
        yield Carries.PLACEMENT, placed, "cue's place", "cues' places"


def _of_captions(captions: Captions | None, known: Format) -> Iterator[Part]:
    items = captions.items if captions else ()
    cues = captions.cues if captions else ()
    kinds = [item.kind for item in items if isinstance(item, Block)]
    placed = sum(bool(cue.settings or cue.alignment or cue.coordinates) for cue in cues)
    voices = sum(bool(_VOICE.search(cue.text)) for cue in cues)
    styled = sum(bool(_TAG.search(cue.text)) for cue in cues)
    yield Carries.SPEAKERS, voices, "cue's speaker", "cues' speakers"
    yield Carries.STYLING, styled, "cue's styling", "cues' styling"
    if Carries.STYLING in known.carries:
        fonts = sum(bool(_FONT.search(cue.text)) for cue in cues)
        yield Carries.FONTS, fonts, "cue's typeface or size", "cues' typefaces or sizes"
        overrides = sum("<ass \\" in cue.text for cue in cues)
        yield Carries.OVERRIDES, overrides, "cue's ASS override", "cues' ASS overrides"
    yield Carries.PLACEMENT, placed, "cue's place", "cues' places"
    if Carries.PLACEMENT in known.carries:
        exact = sum(bool(cue.coordinates) for cue in cues)
        yield Carries.COORDINATES, exact, "cue's coordinates", "cues' coordinates"
    yield Carries.NOTES, kinds.count("NOTE"), "note", "notes"
    sheets = kinds.count("STYLE") + kinds.count("REGION")
    yield Carries.SHEETS, sheets, "block of styles", "blocks of styles"
    others = len(kinds) - kinds.count("NOTE") - sheets
    yield Carries.SECTIONS, others, "section or line of ASS", "sections and lines of ASS"


def _listed(parts: Sequence[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last
