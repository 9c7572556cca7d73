"""What stands above a transcript in every form that people read, and what its speakers look like.

Word, OpenDocument, web pages, Markdown and paper share the title, the facts and the colours.
"""

from __future__ import annotations

import re

from granite_studio.core.document import Document
from granite_studio.formats.base import Content
from granite_studio.formats.languages import is_right_to_left, mostly_from_right
from granite_studio.formats.paragraphs import seconds

COLOURS = ("0B5394", "B45309", "00695C", "8E2D6B", "5B5BD6", "6B5900", "A61B1B", "37474F")
"""One for each speaker, readable on white and apart for colour-blind eyes."""
LIGHT_COLOURS = ("8AB8F0", "F2B36B", "6FCBBB", "E59AC6", "B3B3FF", "DCC95C", "F29C9C", "B0BEC5")
"""The same ones to be read on black."""

LANGUAGES = {
    "de": ("de-DE", "Deutsch"),
    "en": ("en-US", "English"),
    "es": ("es-ES", "Español"),
    "fr": ("fr-FR", "Français"),
    "it": ("it-IT", "Italiano"),
    "ja": ("ja-JP", "日本語"),
    "ko": ("ko-KR", "한국어"),
    "nl": ("nl-NL", "Nederlands"),
    "pl": ("pl-PL", "Polski"),
    "pt": ("pt-BR", "Português"),
    "ru": ("ru-RU", "Русский"),
    "sv": ("sv-SE", "Svenska"),
    "zh": ("zh-CN", "中文"),
}
"""What Word calls a language without a region, and what its speakers call it."""

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML file can hold."""


def clean(text: str) -> str:
    """One line without what XML cannot hold."""
    return " ".join(NOT_XML.sub("", text).split())


def is_from_right(document: Document) -> bool:
    """Whether a transcript is read from the right: by its language, or else as most letters are,
    so that a greeting in another script turns nothing around."""
    if is_right_to_left(document.language):
        return True
    return mostly_from_right("".join(word.text for word in document.words()))


def title_of(content: Content) -> str:
    """The title that is wanted, or else the recording's name."""
    media = content.as_document().media
    return clean(content.title) or clean(media.name if media else "") or content.labels.title


def facts(content: Content) -> list[tuple[str, str]]:
    """What is known of the transcript, as names and values; those without a value are left out."""
    labels, document = content.labels, content.as_document()
    language = document.language
    _, own_name = LANGUAGES.get(language.lower().partition("-")[0], ("", ""))
    found = [(labels.language, f"{own_name} ({language})" if own_name else language)]
    if media := document.media:
        found = [(labels.file, media.name), (labels.length, seconds(media.duration)), *found]
    engines = [" ".join((engine.name, engine.revision)) for engine in document.engines]
    found += [(labels.engine, ", ".join(engines)), (labels.date, content.date)]
    return [(clean(name), clean(value)) for name, value in found if clean(value)]
