"""One JSON object for each fact of a document beside its words, and fields read with suspicion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from granite_studio.core.document import (
    CueOverride,
    Emphasis,
    EngineUse,
    Finding,
    Highlight,
    Media,
    Note,
    Span,
    Speaker,
    TranslatedText,
    Translation,
)
from granite_studio.core.emphasis import TAGS
from granite_studio.core.errors import FormatError

LONGEST_MS = 10**11
"""About three years: what lies beyond is nonsense and is cut to it."""

Values = dict[str, Any]


class Fields:
    """The fields of one JSON object, each read as the type it must have or `FormatError`."""

    def __init__(self, values: object, where: str) -> None:
        if not isinstance(values, dict):
            raise nonsense(where, "an object")
        self.values: Values = values
        self.where = where

    def whole(self, name: str, default: int | None = None) -> int:
        value = self.values.get(name, default)
        if type(value) is not int:
            raise nonsense(f"{self.where}.{name}", "a whole number")
        return value

    def time(self, name: str) -> int:
        """A time in ms from 0 on; a fraction of a millisecond is rounded."""
        value = self.values.get(name)
        if type(value) is int and 0 <= value <= LONGEST_MS:
            return value
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            raise nonsense(f"{self.where}.{name}", "a time in milliseconds")
        return round(min(max(value, 0), LONGEST_MS))

    def optional_time(self, name: str) -> int | None:
        return None if self.values.get(name) is None else self.time(name)

    def text(self, name: str, default: str | None = None) -> str:
        value = self.values.get(name, default)
        if not isinstance(value, str):
            raise nonsense(f"{self.where}.{name}", "text")
        return value

    def flag(self, name: str) -> bool:
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise nonsense(f"{self.where}.{name}", "true or false")
        return value

    def items(self, name: str, default: list[object] | None = None) -> list[Any]:
        value = self.values.get(name, default)
        if not isinstance(value, list):
            raise nonsense(f"{self.where}.{name}", "a list")
        return value

    def objects(self, name: str) -> Iterator[Fields]:
        """The objects of a list that may be absent or null."""
        items = self.items(name) if self.values.get(name) is not None else []
        for number, item in enumerate(items):
            yield Fields(item, f"{name}[{number}]")

    def span(self) -> Span:
        start = self.time("start_ms")
        return Span(start, max(start, self.time("end_ms")))


def nonsense(where: str, what: str) -> FormatError:
    return FormatError(f"This is not a Granite Studio transcript: {where} should be {what}.")


def media_values(media: Media) -> Values:
    return {
        "name": media.name,
        "duration_ms": media.duration,
        "fingerprint": media.fingerprint,
    }


def media_from(fields: Fields) -> Media:
    return Media(
        fields.text("name", ""), fields.time("duration_ms"), fields.text("fingerprint", "")
    )


def engine_values(engine: EngineUse) -> Values:
    return {"name": engine.name, "revision": engine.revision, "draft": engine.draft}


def engine_from(fields: Fields) -> EngineUse:
    return EngineUse(fields.text("name"), fields.text("revision", ""), fields.flag("draft"))


def speaker_values(speaker: Speaker) -> Values:
    return {"id": speaker.id, "name": speaker.name}


def speaker_from(fields: Fields) -> Speaker:
    return Speaker(fields.whole("id"), fields.text("name"))


def span_values(span: Span) -> Values:
    return {"start_ms": span.start, "end_ms": span.end}


def finding_values(finding: Finding) -> Values:
    values: Values = {"kind": finding.kind, **span_values(finding.span)}
    values["message"] = finding.message
    if finding.alternatives:
        values["alternatives"] = list(finding.alternatives)
    return values


def finding_from(fields: Fields) -> Finding:
    alternatives = fields.items("alternatives", [])
    if not all(isinstance(text, str) for text in alternatives):
        raise nonsense(f"{fields.where}.alternatives", "texts")
    kind, message = fields.text("kind"), fields.text("message", "")
    return Finding(kind, fields.span(), message, tuple(alternatives))


def override_values(override: CueOverride) -> Values:
    values: Values = {"first": override.first, "last": override.last}
    if override.start is not None:
        values["start_ms"] = override.start
    if override.end is not None:
        values["end_ms"] = override.end
    if override.breaks is not None:
        values["breaks"] = list(override.breaks)
    if override.settings:
        values["settings"] = override.settings
    return values


def override_from(fields: Fields) -> CueOverride:
    breaks = None
    if fields.values.get("breaks") is not None:
        breaks = tuple(fields.items("breaks"))
        if any(type(word) is not int for word in breaks):
            raise nonsense(f"{fields.where}.breaks", "a list of word ids")
    return CueOverride(
        fields.whole("first"),
        fields.whole("last"),
        fields.optional_time("start_ms"),
        fields.optional_time("end_ms"),
        breaks,
        fields.text("settings", ""),
    )


def emphasis_values(emphasis: Emphasis) -> Values:
    return {"first": emphasis.first, "last": emphasis.last, "tag": emphasis.tag}


def emphasis_from(fields: Fields) -> Emphasis:
    tag = fields.text("tag")
    if tag not in TAGS:
        raise nonsense(f"{fields.where}.tag", f"one of {', '.join(TAGS)}")
    return Emphasis(fields.whole("first"), fields.whole("last"), tag)


def highlight_values(mark: Highlight) -> Values:
    return {"id": mark.id, "first": mark.first, "last": mark.last, "label": mark.label}


def highlight_from(fields: Fields) -> Highlight:
    return Highlight(
        fields.whole("id"), fields.whole("first"), fields.whole("last"), fields.text("label", "")
    )


def note_values(note: Note) -> Values:
    return {"id": note.id, "word": note.word, "text": note.text}


def note_from(fields: Fields) -> Note:
    return Note(fields.whole("id"), fields.whole("word"), fields.text("text"))


def translation_values(translation: Translation) -> Values:
    texts = [translated_values(text) for text in translation.texts]
    return {"language": translation.language, "texts": texts}


def translation_from(fields: Fields) -> Translation:
    texts = tuple(translated_from(item) for item in fields.objects("texts"))
    return Translation(fields.text("language"), texts)


def translated_values(text: TranslatedText) -> Values:
    values: Values = {"segment": text.segment, "text": text.text}
    if text.source:
        values["source"] = text.source
    if text.touched:
        values["touched"] = True
    return values


def translated_from(fields: Fields) -> TranslatedText:
    return TranslatedText(
        fields.whole("segment"),
        fields.text("text"),
        fields.text("source", ""),
        fields.flag("touched"),
    )


LANES: dict[str, tuple[Callable[[Any], Values], Callable[[Fields], Any]]] = {
    "speakers": (speaker_values, speaker_from),
    "engines": (engine_values, engine_from),
    "untranscribed": (span_values, Fields.span),
    "findings": (finding_values, finding_from),
    "cue_overrides": (override_values, override_from),
    "emphases": (emphasis_values, emphasis_from),
    "highlights": (highlight_values, highlight_from),
    "notes": (note_values, note_from),
    "translations": (translation_values, translation_from),
}
"""The document's tuples beside its segments: how an item is written and how it is read."""
