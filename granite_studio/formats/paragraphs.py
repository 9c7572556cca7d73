"""A document as the running text that people read: paragraphs, time codes and gaps in order."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from granite_studio.core.cues import Cue
from granite_studio.core.document import Document, Segment, Span, Word, joined, spaced
from granite_studio.core.emphasis import TAGS, Emphasised, Tags, shared_tags
from granite_studio.core.timing import clock
from granite_studio.formats.base import Content


@dataclass(frozen=True, slots=True)
class Run:
    """Text that looks alike, with the words in it."""

    text: str
    tags: Tags
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that are all quoted, or none; `text` brings the space that parts it from the piece
    before.

    `time` is the time code to show in front of them, or nothing; `notes` belong to the last of
    the `words`; `label` says what the quote is about. `looks` says how each word looks, or nothing
    where all are plain.
    """

    text: str
    time: str = ""
    marked: bool = False
    notes: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    looks: tuple[Tags, ...] = ()
    label: str = ""

    def runs(self, known: Collection[str] = TAGS) -> Iterator[Run]:
        """The text, without the space in front, in runs of one look as far as tags are known."""
        signs: list[tuple[Tags, str, tuple[Word, ...]]] = []
        before = ""
        now: Tags = ()
        for place, word in enumerate(self.words):
            tags = self.looks[place] if self.looks else ()
            look = tuple(tag for tag in tags if tag in known)
            if before and spaced(before, word.text):
                signs.append((shared_tags(now, look), " ", ()))
            signs.append((look, word.text, (word,)))
            before, now = word.text, look
        for tags, group in groupby(signs, key=lambda sign: sign[0]):
            run = list(group)
            words = tuple(word for _, _, said in run for word in said)
            yield Run("".join(text for _, text, _ in run), tags, words)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text of a cue that looks alike; `quote` says what the quote is about that it belongs to, or
    is None; `notes` belong to its end."""

    text: str
    tags: Tags = ()
    quote: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What one speaker says. `speaker` is the name, empty where it is not known.

    `number` counts the document's speakers from 0, so that each can have a colour.
    """

    pieces: tuple[Piece, ...]
    time: str = ""
    speaker: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """Speech that nobody has written down yet, with its times as they are shown."""

    start: str
    end: str
    span: Span


def seconds(ms: int) -> str:
    """A time as transcripts show it, in whole seconds: 01:02:03."""
    return clock(ms).partition(".")[0]


def flow(content: Content) -> Iterator[Paragraph | Gap]:
    """The document's paragraphs and gaps, in the order of their start."""
    document = content.as_document()
    marks = _Marks.of(document, content.marks_every)
    speakers = {speaker.id: place for place, speaker in enumerate(document.speakers)}
    gaps = sorted(document.untranscribed, key=lambda span: span.start)
    written = 0
    for segment in document:
        while written < len(gaps) and gaps[written].start < segment.start:
            yield _gap(gaps[written])
            written += 1
        number = speakers.get(segment.speaker) if segment.speaker is not None else None
        yield Paragraph(
            marks.pieces(segment),
            seconds(segment.start) if content.marks_every == 0 else "",
            "" if number is None else document.speakers[number].name,
            number or 0,
        )
    yield from map(_gap, gaps[written:])


def _gap(span: Span) -> Gap:
    return Gap(seconds(span.start), seconds(span.end), span)


@dataclass(slots=True)
class _Marks:
    """What stands at single words: looks, highlights, notes and the time codes of every N
    minutes."""

    every: int
    highlighted: dict[int, str] = field(default_factory=dict)
    notes: dict[int, list[str]] = field(default_factory=dict)
    due: int = 0
    looks: Emphasised | None = None

    @classmethod
    def of(cls, document: Document, every: int | None) -> _Marks:
        marks = cls(every or 0, looks=Emphasised(document) if document.emphases else None)
        for note in document.notes:
            marks.notes.setdefault(note.word, []).append(note.text)
        ends: dict[int, dict[int, str]] = {}
        for mark in document.highlights:
            ends.setdefault(mark.first, {})[mark.last] = mark.label
        opened: dict[int, str] = {}
        for word in document.words() if ends else ():
            opened |= ends.get(word.id, {})
            if opened:
                marks.highlighted[word.id] = next(reversed(opened.values()))
            opened.pop(word.id, None)
        return marks

    def pieces(self, segment: Segment) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        words: list[Word] = []
        before = ""
        time = ""
        marked: str | None = None
        for word in segment.words:
            is_due = self.every > 0 and word.start >= self.due
            label = self.highlighted.get(word.id)
            if words and (is_due or label != marked):
                pieces.append(self._piece(before, words, time, marked))
                before, words, time = words[-1].text, [], ""
            if is_due:
                time, self.due = seconds(word.start), (word.start // self.every + 1) * self.every
            marked = label
            words.append(word)
            if word.id in self.notes:
                pieces.append(self._piece(before, words, time, marked, tuple(self.notes[word.id])))
                before, words, time = words[-1].text, [], ""
        if words:
            pieces.append(self._piece(before, words, time, marked))
        return tuple(pieces)

    def _piece(
        self,
        before: str,
        words: list[Word],
        time: str,
        label: str | None,
        notes: tuple[str, ...] = (),
    ) -> Piece:
        """These words behind that one; nothing is before the first of a paragraph. The `label`
        is None where they are no quote."""
        gap = " " if before and spaced(before, words[0].text) else ""
        text = gap + joined(word.text for word in words)
        looks = tuple(self.looks.tags(word.id) for word in words) if self.looks else ()
        looks = looks if any(looks) else ()
        is_quote = label is not None
        return Piece(text, time, is_quote, notes, tuple(words), looks, label or "")


class CueMarks:
    """What stands at the words of a document, for cues that show it."""

    def __init__(self, document: Document) -> None:
        self._marks = _Marks.of(document, None)
        self._words = list(document.words())
        self._place = {word.id: place for place, word in enumerate(self._words)}

    def stretches(self, cue: Cue) -> Iterator[Stretch]:
        """The text of a cue, lines parted by a newline. What stands beside the words, as a dash
        does, looks as the text around it."""
        words = self._words[self._place[cue.first] : self._place[cue.last] + 1]
        signs = iter([(sign, word) for word in words for sign in word.text])
        ends = {word.id: len(word.text) for word in words}
        awaited = next(signs, None)
        now = _Look()
        text, shown = "", now
        for sign in cue.text:
            is_said = awaited is not None and sign == awaited[0]
            follows = self._look(awaited[1]) if awaited else _Look()
            look = follows if is_said else now.shared(follows)
            if text and look != shown:
                yield Stretch(text, shown.tags, shown.quote)
                text = ""
            text, shown = text + sign, look
            if is_said and awaited is not None:
                word, now, awaited = awaited[1], follows, next(signs, None)
                ends[word.id] -= 1
                if not ends[word.id] and (notes := self._marks.notes.get(word.id)):
                    yield Stretch(text, shown.tags, shown.quote, tuple(notes))
                    text = ""
        if text:
            yield Stretch(text, shown.tags, shown.quote)

    def _look(self, word: Word) -> _Look:
        tags = self._marks.looks.tags(word.id) if self._marks.looks else ()
        return _Look(tags, self._marks.highlighted.get(word.id))


@dataclass(frozen=True, slots=True)
class _Look:
    """How a word of a cue looks, and what the quote is about that it belongs to, or None."""

    tags: Tags = ()
    quote: str | None = None

    def shared(self, behind: _Look) -> _Look:
        quote = self.quote if self.quote == behind.quote else None
        return _Look(shared_tags(self.tags, behind.tags), quote)
