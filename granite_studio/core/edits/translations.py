"""What paragraphs say in another language, written by a machine or by a person."""

from __future__ import annotations

from dataclasses import replace

from granite_studio.core.document import Document, TranslatedText, Translation, joined
from granite_studio.core.translation import mark_of, texts_in
from granite_studio.core.unspaced import words_of


def set_translation(document: Document, segment_id: int, language: str, text: str) -> Document:
    """A person says what this paragraph is in another language (a BCP 47 tag).

    No machine changes it again; an empty text takes it away. ValueError for a paragraph that is
    not there or an empty tag.
    """
    words = next((s.words for s in document.segments if s.id == segment_id), None)
    if words is None or not language:
        raise ValueError(f"there is no paragraph {segment_id} to translate to {language!r}")
    shown = joined(words_of(text))
    old = texts_in(document, language).get(segment_id)
    if shown == (old.text if old else ""):
        return document
    new = TranslatedText(segment_id, shown, mark_of(words), touched=True) if shown else None
    return _put(document, language, segment_id, new)


def add_translation(
    document: Document, segment_id: int, language: str, text: str, *, source: str
) -> Document:
    """A machine says so; `source` is the mark of the words that it translated.

    What a person wrote stays, and nothing happens to a paragraph that went meanwhile.
    """
    shown = joined(words_of(text))
    old = texts_in(document, language).get(segment_id)
    new = TranslatedText(segment_id, shown, source)
    if not shown or (old and old.touched) or old == new:
        return document
    if all(segment.id != segment_id for segment in document.segments):
        return document
    return _put(document, language, segment_id, new)


def _put(
    document: Document, language: str, segment_id: int, new: TranslatedText | None
) -> Document:
    """Give a paragraph this text, in the place of the one it has; the last one takes the lane."""
    lanes = {lane.language: lane for lane in document.translations}
    texts = texts_in(document, language)
    if new is None:
        texts.pop(segment_id, None)
    else:
        texts[segment_id] = new
    if texts:
        lanes[language] = Translation(language, tuple(texts.values()))
    else:
        lanes.pop(language, None)
    return replace(document, translations=tuple(lanes.values()))
