"""What a transcript is: segments of timed words and the facts anchored to them, all immutable."""

# Full-width signs look like others on purpose.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_SPACE = re.compile(r"[ \t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_FIRST_UNSPACED = "\u2e80"
_UNSPACED = (
    "\u2e80-\u303f"  # CJK radicals and punctuation
    "\u3040-\u30ff"  # kana
    "\u3400-\u9fff"  # ideographs
    "\uf900-\ufaff"
    "\uff00-\uffef"  # full-width forms
    "\U00020000-\U0003ffff"
)
WIDE_OPENING = "「『【〈《［｛（〔｢"
WIDE_CLOSING = "、。，．！？：；」』）】〉》］｝〕｡､｣"
"""Full-width signs have a blank of their own in front or behind."""
_GAP = "\uffff"
"""Stands between words until it is known whether a space does. It is not a character."""
_NEEDLESS = re.compile(
    f"{_GAP}(?:(?<=[{WIDE_CLOSING}]{_GAP})(?=[^{_GAP}])|(?<=[^{_GAP}]{_GAP})(?=[{WIDE_OPENING}])"
    f"|(?<=[{_UNSPACED}]{_GAP})(?=[{_UNSPACED}]))"
)


def tokens(text: str) -> list[str]:
    """Split text into words. No-break spaces stay inside a word; what cannot be shown is dropped.

    Every text from outside (typed, pasted, imported, heard) passes here before it is a `Word`.
    """
    if text.isprintable():  # of all spaces it has the common one alone
        return text.split()
    return [word for word in _SPACE.split(_UNSHOWABLE.sub("", text)) if word]


def spaced(before: str, after: str) -> bool:
    """Whether a space stands between these two words: not between two Japanese or Chinese ones,
    nor behind a full-width sign that closes or before one that opens."""
    return not _NEEDLESS.search(before[-1:] + _GAP + after[:1])


def joined(texts: Iterable[str]) -> str:
    """Write words out as running text."""
    words = list(texts)
    line = " ".join(words)
    if line.isascii() or max(line) < _FIRST_UNSPACED:
        return line
    return _NEEDLESS.sub("", _GAP.join(words)).replace(_GAP, " ")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the recording in milliseconds, end excluded."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span cannot run from {self.start} to {self.end} ms")

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Word:
    """One word with its time in the media in milliseconds.

    `source` names the engine and pass that gave it ("draft", "typed", "import", ...);
    `touched` says that a person wrote or confirmed it, so that no machine changes it again;
    `estimated` says that its times were interpolated, not measured.
    """

    id: int
    text: str
    start: int
    end: int
    confidence: float | None = None
    source: str = ""
    touched: bool = False
    estimated: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"word {self.text!r} runs from {self.start} to {self.end} ms")
        if self.text and self.text.isprintable() and " " not in self.text:
            return  # the common case, three times as quick as the patterns
        if not self.text or _SPACE.search(self.text) or _UNSHOWABLE.search(self.text):
            raise ValueError(f"{self.text!r} is not one word")


@dataclass(frozen=True, slots=True)
class Segment:
    """A paragraph: words by one speaker, in order, never empty. The id survives edits and undo."""

    id: int
    words: tuple[Word, ...]
    speaker: int | None = None

    def __post_init__(self) -> None:
        if not self.words:
            raise ValueError("a segment needs a word")
        reached = 0
        for word in self.words:
            if word.start < reached:
                raise ValueError(f"word {word.text!r} starts before the one in front of it ends")
            reached = word.end

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end

    @property
    def text(self) -> str:
        return joined(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks. Segments name the id, so one rename shows everywhere."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class CueOverride:
    """A cue made by hand: these words, first to last, are one cue whatever the style says.

    `start` and `end` are hand-set times in ms or None for derived ones; `breaks` are the ids of
    the words after which a new line begins, or None to let the style break lines; `settings`
    are WebVTT cue settings (position, line, align).
    """

    first: int
    last: int
    start: int | None = None
    end: int | None = None
    breaks: tuple[int, ...] | None = None
    settings: str = ""


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Words that look different in subtitles, from one to another.

    `tag` is "i", "b", "u" or a colour of WebVTT's as "c.yellow"; see `core.emphasis.TAGS`.
    """

    first: int
    last: int
    tag: str


@dataclass(frozen=True, slots=True)
class Highlight:
    """A marked quote, from one word to another."""

    id: int
    first: int
    last: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark pinned to a word."""

    id: int
    word: int
    text: str


@dataclass(frozen=True, slots=True)
class TranslatedText:
    """A segment, by its id, in another language.

    `source` is the `core.translation.mark_of` the words that were translated, so that a text
    whose paragraph changed since can be told; empty where nobody knows. `touched` says that a
    person wrote it, so that no machine changes it.
    """

    segment: int
    text: str
    source: str = ""
    touched: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    """One other language, as a BCP 47 tag, with one text at most for each segment."""

    language: str
    texts: tuple[TranslatedText, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth a look: a kind ("window-failed", "doubt", ...) and a sentence.

    `alternatives` are what else may have been said in the span, the likeliest first.
    """

    kind: str
    span: Span
    message: str
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Media:
    """Which recording the words belong to. Its path is the project's business, not the text's."""

    name: str
    duration: int
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class EngineUse:
    """Which engine gave words, so that exports can say what kind of text this is."""

    name: str
    revision: str = ""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """The whole transcript of one recording. Segments stand in order of their start.

    `next_id` is larger than every id in use: words, segments, speakers, highlights and notes
    draw from this one counter, and an id is never given twice. `extras` is what a JSON transcript
    carried beyond all this, as JSON text that only `core.schema` reads and writes back.
    """

    segments: tuple[Segment, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    language: str = "en"
    media: Media | None = None
    engines: tuple[EngineUse, ...] = ()
    untranscribed: tuple[Span, ...] = ()
    findings: tuple[Finding, ...] = ()
    cue_overrides: tuple[CueOverride, ...] = ()
    emphases: tuple[Emphasis, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    notes: tuple[Note, ...] = ()
    translations: tuple[Translation, ...] = ()
    next_id: int = 1
    extras: str = ""

    def __iter__(self) -> Iterator[Segment]:
        return iter(self.segments)

    def words(self) -> Iterator[Word]:
        for segment in self.segments:
            yield from segment.words

    def row_of(self, segment_id: int) -> int:
        """Where the segment with this id stands; KeyError if it is gone."""
        for row, segment in enumerate(self.segments):
            if segment.id == segment_id:
                return row
        raise KeyError(segment_id)

    def speaker(self, speaker_id: int | None) -> Speaker | None:
        return next((s for s in self.speakers if s.id == speaker_id), None)

    @property
    def is_draft(self) -> bool:
        """Whether any of the words came from a draft engine."""
        return any(engine.draft for engine in self.engines)


@dataclass(frozen=True, slots=True)
class Change:
    """Rows that differ between two documents: `removed` rows from `first` became `inserted`.

    `head` says that something other than the segments (speakers, findings, cues ...) differs.
    """

    first: int
    removed: int
    inserted: int
    head: bool = False


def difference(before: Document, after: Document) -> Change:
    """Find the changed rows. Segments that an edit leaves alone are the same objects."""
    old, new = before.segments, after.segments
    head, tail = alike(old, new)
    return Change(
        head, len(old) - head - tail, len(new) - head - tail, _heads_differ(before, after)
    )


def alike(old: Sequence[object], new: Sequence[object]) -> tuple[int, int]:
    """How many items are equal at the front and, beyond those, at the back.

    For two tuples, or two lists, that share most of their items. Comparing slices is ten times
    quicker than a loop, and an item that both hold is never looked into.
    """
    shorter = min(len(old), len(new))
    head = _equal(old, new, shorter)
    rest = shorter - head
    return head, _equal(old[len(old) - rest :][::-1], new[len(new) - rest :][::-1], rest)


def _equal(old: Sequence[object], new: Sequence[object], most: int) -> int:
    """How many of the first `most` items are equal, by halving."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _heads_differ(before: Document, after: Document) -> bool:
    return (
        before.speakers is not after.speakers
        or before.language != after.language
        or before.media != after.media
        or before.engines != after.engines
        or before.untranscribed is not after.untranscribed
        or before.findings is not after.findings
        or before.cue_overrides is not after.cue_overrides
        or before.emphases is not after.emphases
        or before.highlights is not after.highlights
        or before.notes is not after.notes
        or before.translations is not after.translations
    )
