"""What paragraphs say in another language, written by a machine or by a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from granite_studio.core.document import Document, TranslatedText, Translation, joined
from granite_studio.core.translation import mark_of, texts_in
from granite_studio.core.unspaced import words_of


def set_translation(document: Document, segment_id: int, language: str, text: str) -> Document:
    """A person says what this paragraph is in another language (a BCP 47 tag).

    No machine changes it again; an empty text takes it away. ValueError for a paragraph that is
    not there or an empty tag.
    """
    return set_translations(document, language, {segment_id: text})


def set_translations(document: Document, language: str, texts: Mapping[int, str]) -> Document:
    """The same for many paragraphs at once, by their ids."""
    words = {segment.id: segment.words for segment in document}
    here = texts_in(document, language)
    before = dict(here)
    for segment_id, text in texts.items():
        if segment_id not in words or not language:
            raise ValueError(f"there is no paragraph {segment_id} to translate to {language!r}")
        shown, old = joined(words_of(text)), here.get(segment_id)
        if not shown:
            here.pop(segment_id, None)
        elif old is None or shown != old.text:
            mark = mark_of(words[segment_id])
            here[segment_id] = TranslatedText(segment_id, shown, mark, touched=True)
    return document if here == before else _with_lane(document, language, here)


def add_translation(
    document: Document, segment_id: int, language: str, text: str, *, source: str
) -> Document:
    """A machine says so; `source` is the mark of the words that it translated.

    What a person wrote stays, and nothing happens to a paragraph that went meanwhile.
    """
    shown = joined(words_of(text))
    texts = texts_in(document, language)
    old = texts.get(segment_id)
    new = TranslatedText(segment_id, shown, source)
    if not shown or (old and old.touched) or old == new:
        return document
    if all(segment.id != segment_id for segment in document.segments):
        return document
    return _with_lane(document, language, texts | {segment_id: new})


def _with_lane(document: Document, language: str, texts: Mapping[int, TranslatedText]) -> Document:
    """Make these the texts in this language, by their paragraphs; none takes the lane."""
    lanes = {lane.language: lane for lane in document.translations}
    if texts:
        lanes[language] = Translation(language, tuple(texts.values()))
    else:
        lanes.pop(language, None)
    return replace(document, translations=tuple(lanes.values()))
