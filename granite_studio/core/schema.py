"""A document as JSON-able values and back: the transcript format that other programs may read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from granite_studio.core.document import (
    CueOverride,
    Document,
    Emphasis,
    Highlight,
    Note,
    Segment,
    Speaker,
    Translation,
    Word,
    tokens,
)
from granite_studio.core.errors import FormatError
from granite_studio.core.schema_items import (
    LANES,
    LONGEST_MS,
    Fields,
    Values,
    emphasis_from,
    engine_from,
    engine_values,
    finding_from,
    finding_values,
    media_from,
    media_values,
    nonsense,
    override_from,
    span_values,
    speaker_values,
    translation_from,
)

FORMAT = "granite-studio"
VERSION = 1
LARGEST_ID = 2**53


def to_dict(document: Document) -> Values:
    """Write the document out: integers are milliseconds, optional keys are absent when empty."""
    extras = _Extras.load(document.extras)
    values: Values = {"format": FORMAT, "version": VERSION, "media": None}
    if document.media:
        values["media"] = _with(media_values(document.media), extras.media)
    values["language"] = document.language
    values["engines"] = [engine_values(engine) for engine in document.engines]
    values["speakers"] = [speaker_values(speaker) for speaker in document.speakers]
    values["segments"] = [_segment_values(segment, extras) for segment in document.segments]
    values["untranscribed"] = [span_values(span) for span in document.untranscribed]
    values["findings"] = [finding_values(finding) for finding in document.findings]
    for name in ("cue_overrides", "emphases", "highlights", "notes", "translations"):
        if items := getattr(document, name):
            values[name] = [LANES[name][0](item) for item in items]
    values["next_id"] = document.next_id
    return _with(values, extras.top)


def from_dict(values: object) -> Document:
    """Read what `to_dict` wrote, or what another program wrote in its likeness.

    Times out of order are mended, ids that are missing or used twice are given anew, and facts
    about words that are not there are dropped. Unknown fields are kept in `Document.extras`.
    Raises `FormatError` for what is not such a transcript.
    """
    top = Fields(values, "the file")
    if top.values.get("format") != FORMAT:
        raise FormatError("This JSON file is not a Granite Studio transcript.")
    if top.whole("version", VERSION) > VERSION:
        raise FormatError(
            "This transcript comes from a newer Granite Studio; update the program to open it."
        )
    try:
        return _Builder(top).document()
    except RecursionError as error:
        raise FormatError("This JSON file is nested too deeply to be a transcript.") from error


@dataclass(slots=True)
class _Extras:
    """Unknown fields of a JSON transcript; those of segments and words by id."""

    top: Values = field(default_factory=dict)
    media: Values = field(default_factory=dict)
    segments: dict[str, Values] = field(default_factory=dict)
    words: dict[str, Values] = field(default_factory=dict)

    @classmethod
    def load(cls, text: str) -> _Extras:
        if not text:
            return cls()
        try:
            parts = json.loads(text)
            return cls(*(dict(parts[name]) for name in ("top", "media", "segments", "words")))
        except (ValueError, TypeError, KeyError, RecursionError):
            return cls()  # a project file from elsewhere; nothing of ours depends on it

    def dump(self) -> str:
        if not (self.top or self.media or self.segments or self.words):
            return ""
        parts = {
            "top": self.top,
            "media": self.media,
            "segments": self.segments,
            "words": self.words,
        }
        return json.dumps(parts, separators=(",", ":"))


@lru_cache(8)
def unknown_fields(extras: str) -> int:
    """How many fields `Document.extras` holds that are not ours."""
    known = _Extras.load(extras)
    inner = (*known.segments.values(), *known.words.values())
    return sum(len(each) for each in (known.top, known.media, *inner) if isinstance(each, dict))


def _with(known: Values, unknown: object) -> Values:
    if isinstance(unknown, dict):
        known.update((name, value) for name, value in unknown.items() if name not in known)
    return known


def _segment_values(segment: Segment, extras: _Extras) -> Values:
    values: Values = {
        "id": segment.id,
        "speaker": segment.speaker,
        "start_ms": segment.start,
        "end_ms": segment.end,
        "words": [_word_values(word, extras) for word in segment.words],
    }
    return _with(values, extras.segments.get(str(segment.id))) if extras.segments else values


def _word_values(word: Word, extras: _Extras) -> Values:
    values: Values = {
        "id": word.id,
        "text": word.text,
        "start_ms": word.start,
        "end_ms": word.end,
        "confidence": word.confidence,
        "source": word.source,
        "touched": word.touched,
    }
    if word.estimated:
        values["estimated"] = True
    return _with(values, extras.words.get(str(word.id))) if extras.words else values


_TOP = frozenset({"format", "version", "media", "language", "segments", "next_id", *LANES})
_MEDIA = frozenset(("name", "duration_ms", "fingerprint"))
_SEGMENT = frozenset(("id", "speaker", "start_ms", "end_ms", "words"))
_WORD = frozenset(
    ("id", "text", "start_ms", "end_ms", "confidence", "source", "touched", "estimated")
)


class _Builder:
    """One reading of a transcript: gives ids, mends times and gathers unknown fields."""

    def __init__(self, top: Fields) -> None:
        self._top = top
        self._extras = _Extras()
        self._used: set[int] = set()
        self._next = max(1, *self._ids_given(), *self._stated_next())
        self._words: dict[object, int] = {}
        self._segments: dict[object, int] = {}
        self._speakers: dict[object, int] = {}
        self._new_speakers: list[Speaker] = []

    def document(self) -> Document:
        top = self._top
        media = None
        if top.values.get("media") is not None:
            fields = Fields(top.values["media"], "media")
            media = media_from(fields)
            self._extras.media = _unknown(fields, _MEDIA)
        self._extras.top = _unknown(top, _TOP)
        for fields in top.objects("speakers"):
            self._add_speaker(fields.values.get("id"), _line(fields.text("name")))
        segments = sorted(self._read_segments(), key=lambda segment: segment.start)
        document = Document(
            segments=tuple(segments),
            speakers=tuple(self._new_speakers),
            language=_line(top.text("language", "en")) or "en",
            media=media,
            engines=tuple(engine_from(fields) for fields in top.objects("engines")),
            untranscribed=tuple(fields.span() for fields in top.objects("untranscribed")),
            findings=tuple(finding_from(fields) for fields in top.objects("findings")),
            cue_overrides=tuple(self._overrides()),
            emphases=tuple(self._emphases()),
            highlights=tuple(self._highlights()),
            notes=tuple(self._notes()),
            translations=tuple(self._translations()),
            extras=self._extras.dump(),
        )
        return replace(document, next_id=self._next)  # after everything above drew from it

    def _ids_given(self) -> Iterator[int]:
        """One more than each id in the file, so that a fresh id is never one that comes later."""
        for name in ("speakers", "segments", "highlights", "notes"):
            for fields in self._top.objects(name):
                yield _id(fields.values.get("id")) + 1
                if name == "segments" and fields.values.get("words"):
                    words = [word for word in fields.items("words") if isinstance(word, dict)]
                    yield max((_id(word.get("id")) for word in words), default=0) + 1

    def _stated_next(self) -> Iterator[int]:
        yield _id(self._top.values.get("next_id"))

    def _give(self, raw: object, names: dict[object, int] | None = None) -> int:
        """The id for what the file calls `raw`: the same number where it is still free."""
        given = _id(raw)
        if not given or given in self._used:
            given = self._next
            self._next += 1
        self._used.add(given)
        if names is not None and type(raw) in (int, str):
            names.setdefault(raw, given)
        return given

    def _add_speaker(self, raw: object, name: str) -> None:
        self._new_speakers.append(Speaker(self._give(raw, self._speakers), name))

    def _speaker_of(self, fields: Fields) -> int | None:
        raw = fields.values.get("speaker")
        if type(raw) not in (int, str):
            return None
        if isinstance(raw, str) and raw not in self._speakers and _line(raw):
            self._add_speaker(raw, _line(raw))  # named by other programs, not listed
        return self._speakers.get(raw)

    def _read_segments(self) -> Iterator[Segment]:
        for fields in self._top.objects("segments"):
            given = self._give(fields.values.get("id"), self._segments)
            words = tuple(self._read_words(fields))
            if not words:
                continue
            if unknown := _unknown(fields, _SEGMENT):
                self._extras.segments[str(given)] = unknown
            yield Segment(given, words, self._speaker_of(fields))

    def _read_words(self, segment: Fields) -> Iterator[Word]:
        """The words in the order of the text, each from where the one before it ends."""
        if segment.values.get("words") is None:
            raise nonsense(f"{segment.where}.words", "a list")
        entries = [
            (fields, texts, fields.time("start_ms"), fields.time("end_ms"))
            for fields in segment.objects("words")
            if (texts := tokens(fields.text("text")))
        ]
        reached = 0
        for number, (fields, texts, start, end) in enumerate(entries):
            following = entries[number + 1][2] if number + 1 < len(entries) else LONGEST_MS
            start = max(start, reached)
            end = max(start, end if following < start else min(end, following))
            for part, text in enumerate(texts):
                yield self._word(
                    fields,
                    text,
                    start + (end - start) * part // len(texts),
                    start + (end - start) * (part + 1) // len(texts),
                    part=part,
                    estimated=len(texts) > 1,
                )
                reached = end

    def _word(
        self, fields: Fields, text: str, start: int, end: int, *, part: int, estimated: bool
    ) -> Word:
        given = self._give(None) if part else self._give(fields.values.get("id"), self._words)
        if not part and (unknown := _unknown(fields, _WORD)):
            self._extras.words[str(given)] = unknown
        return Word(
            given,
            text,
            start,
            end,
            _confidence(fields.values.get("confidence")),
            _line(fields.text("source", "")),
            fields.flag("touched"),
            fields.flag("estimated") or estimated,
        )

    def _overrides(self) -> Iterator[CueOverride]:
        for fields in self._top.objects("cue_overrides"):
            read = override_from(fields)
            first, last = self._words.get(read.first), self._words.get(read.last)
            if first is None or last is None:
                continue
            breaks = None
            if read.breaks is not None:
                breaks = tuple(self._words[word] for word in read.breaks if word in self._words)
            start, end = read.start, read.end
            if start is not None and end is not None:
                end = max(start, end)
            yield CueOverride(first, last, start, end, breaks, _line(read.settings))

    def _emphases(self) -> Iterator[Emphasis]:
        for fields in self._top.objects("emphases"):
            read = emphasis_from(fields)
            first, last = self._words.get(read.first), self._words.get(read.last)
            if first is not None and last is not None:
                yield Emphasis(first, last, read.tag)

    def _highlights(self) -> Iterator[Highlight]:
        for fields in self._top.objects("highlights"):
            first = self._words.get(fields.whole("first"))
            last = self._words.get(fields.whole("last"))
            if first is not None and last is not None:
                given = self._give(fields.values.get("id"))
                yield Highlight(given, first, last, fields.text("label", ""))

    def _notes(self) -> Iterator[Note]:
        for fields in self._top.objects("notes"):
            word = self._words.get(fields.whole("word"))
            if word is not None:
                yield Note(self._give(fields.values.get("id")), word, fields.text("text"))

    def _translations(self) -> Iterator[Translation]:
        for fields in self._top.objects("translations"):
            read = translation_from(fields)
            texts = {
                text.segment: replace(text, segment=self._segments[text.segment])
                for text in read.texts
                if text.segment in self._segments
            }
            yield Translation(read.language, tuple(texts.values()))


def _id(raw: object) -> int:
    """This as an id, or 0 if it cannot be one."""
    return raw if type(raw) is int and 0 < raw <= LARGEST_ID else 0


def _confidence(raw: object) -> float | None:
    """A share of certainty from 0 to 1, or None for anything else."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 <= raw <= 1:
        return None
    return float(raw)


def _line(text: str) -> str:
    """This text as one line that can be shown."""
    return " ".join(tokens(text))


def _unknown(fields: Fields, known: frozenset[str]) -> Values:
    if fields.values.keys() <= known:
        return {}
    return {name: value for name, value in fields.values.items() if name not in known}
