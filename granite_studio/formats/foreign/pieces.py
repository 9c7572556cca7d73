"""What every reader of other tools' transcripts gives, and how it becomes a document.

Such files tell of pieces: a word, or a text of several, with times where the tool knew them. What
has no times shares the time of its neighbours or what is known of the stretch that it stands in,
and its words are `estimated`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from operator import attrgetter

from granite_studio.core.document import Document, Span
from granite_studio.core.edits.fitting import shared
from granite_studio.core.edits.heard import IMPORTED
from granite_studio.core.heard import HeardTurn, HeardWord
from granite_studio.core.unspaced import words_of
from granite_studio.formats.base import Source, unreadable
from granite_studio.formats.foreign.annotations import PLAIN, Annotation, annotated
from granite_studio.formats.turns import by_voice, document_of

MOST_WORDS = 1_000_000
"""More than anybody says in four days without a pause."""
MOST_SIGNS = 16_000_000
MOST_SPEAKERS = 1_000
LONGEST_TEXT = 200
"""Signs that are put to a word which has more letters than this stand alone instead."""
WORD_MS = 1_000
"""A word without times lasts no longer, however long the hole is that it stands in."""
SIGN_MS = 75
"""How long a letter of speech is where nothing says when the text ends."""
NEAR = 8
"""How many words are looked ahead for one that two texts have in common."""

_NOT_SPEECH = frozenset(
    {"%hesitation", "[blank_audio]", "<unk>", "[unk]", "<eps>", "<sil>", "[*]", "<|nospeech|>"}
)
"""What tools write where they heard no word."""
_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
_LANGUAGES = {
    "arabic": "ar",
    "chinese": "zh",
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "finnish": "fi",
    "french": "fr",
    "german": "de",
    "hindi": "hi",
    "italian": "it",
    "japanese": "ja",
    "korean": "ko",
    "norwegian": "no",
    "polish": "pl",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "swedish": "sv",
    "turkish": "tr",
    "ukrainian": "uk",
}
"""The names that some tools give in place of tags."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or a text of several: times in ms or None where nobody knows them."""

    text: str
    start: int | None = None
    end: int | None = None
    speaker: str | None = None
    confidence: float | None = None
    annotation: Annotation = PLAIN


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces that follow one another, and what is known of them together."""

    pieces: tuple[Piece, ...]
    start: int | None = None
    end: int | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a file says. With `paragraphs` each stretch is one, or several where there are long
    pauses in it; else voices make them. `is_ours` says that a person has seen it: each stretch is
    one whatever is in it.
    """

    stretches: tuple[Stretch, ...]
    language: str = ""
    paragraphs: bool = False
    is_ours: bool = False
    untranscribed: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Word(HeardWord):
    """A word and what is said of it."""

    annotation: Annotation = PLAIN


def document_from(transcript: Transcript, source: Source) -> Document:
    """The document. Raises `FormatError` for one without words, or with impossibly many."""
    stretches = list(transcript.stretches)
    if not transcript.is_ours:  # else a person wrote it, or let it stand
        stretches = [_spoken(stretch) for stretch in stretches]
    _refuse_too_much(stretches, source)
    language = source.language or _tag(transcript.language)
    turns = list(_turns(stretches) if transcript.paragraphs else by_voice(_said(stretches)))
    if not any(turn.words for turn in turns):
        raise unreadable(source.name, "has no words in it", "choose another file")
    document = document_of(turns, language=language)
    if transcript.paragraphs:
        document = _as_told(document, turns, transcript)
    return document


def _as_told(document: Document, turns: Iterable[HeardTurn], transcript: Transcript) -> Document:
    """The document with what the file says of its words, and of speech without any."""
    said = sorted((turn for turn in turns if turn.words), key=lambda turn: turn.words[0].start)
    words = iter(sorted(document.words(), key=attrgetter("id")))  # as they were given
    paragraphs = [list(zip(islice(words, len(t.words)), t.words, strict=True)) for t in said]
    if transcript.is_ours:
        holders = {segment.words[0].id: segment for segment in document}
        segments = (
            replace(holders[pairs[0][0].id], words=tuple(word for word, _ in pairs))
            for pairs in paragraphs
        )
        ordered = tuple(sorted(segments, key=attrgetter("start")))
        document = replace(document, segments=ordered, untranscribed=transcript.untranscribed)
    return annotated(
        document,
        [
            [(word, given.annotation if isinstance(given, _Word) else PLAIN) for word, given in p]
            for p in paragraphs
        ],
    )


def _spoken(stretch: Stretch) -> Stretch:
    pieces = tuple(p for p in stretch.pieces if p.text.strip().lower() not in _NOT_SPEECH)
    return stretch if len(pieces) == len(stretch.pieces) else replace(stretch, pieces=pieces)


def _refuse_too_much(stretches: Iterable[Stretch], source: Source) -> None:
    speakers: set[str | None] = set()
    signs = 0
    for stretch in stretches:
        signs += sum(len(piece.text) for piece in stretch.pieces)
        speakers.update((stretch.speaker, *(piece.speaker for piece in stretch.pieces)))
    if len(speakers) > MOST_SPEAKERS:
        raise unreadable(
            source.name,
            f"names more than {MOST_SPEAKERS:,} speakers",
            "check that it is the transcript of one recording",
        )
    words = 0
    if signs <= MOST_SIGNS:
        words = sum(len(p.text.split()) for stretch in stretches for p in stretch.pieces)
    if signs > MOST_SIGNS or words > MOST_WORDS:
        raise unreadable(
            source.name,
            f"has more than {MOST_WORDS:,} words",
            "check that it is the transcript of one recording",
        )


def _tag(language: str) -> str:
    known = _LANGUAGES.get(language.lower(), language.replace("_", "-"))
    return known if len(known) <= 35 and _TAG.fullmatch(known) else ""


def _said(stretches: Sequence[Stretch]) -> Iterator[tuple[str | None, HeardWord]]:
    for words in _timed(stretches):
        yield from words


def _turns(stretches: Sequence[Stretch]) -> Iterator[HeardTurn]:
    """A turn for each stretch; one of several voices is as many."""
    for said in _timed(stretches):
        said.sort(key=lambda item: item[1].start)
        for speaker, words in groupby(said, key=lambda item: item[0]):
            yield HeardTurn(tuple(word for _, word in words), speaker)


def _timed(stretches: Sequence[Stretch]) -> Iterator[list[tuple[str | None, HeardWord]]]:
    """The words of each stretch. One that does not know when it begins follows the one before."""
    reached = 0
    starts = [_first_start(stretch) for stretch in stretches]
    for stretch, own, following in zip(stretches, starts, _following(starts), strict=True):
        start = stretch.start
        if start is None:
            start = reached if own is None else min(reached, own)
        words = list(_timed_words(stretch, start, following))
        reached = words[-1][1].end if words else reached
        yield words


def _first_start(stretch: Stretch) -> int | None:
    times = (stretch.start, *(piece.start for piece in stretch.pieces))
    return next((time for time in times if time is not None), None)


def _following(starts: Sequence[int | None]) -> list[int | None]:
    """For each stretch the start of the next one that knows it."""
    following: list[int | None] = []
    known: int | None = None
    for start in reversed(starts):
        following.append(known)
        known = known if start is None else start
    return following[::-1]


def _timed_words(
    stretch: Stretch, start: int, following: int | None
) -> Iterator[tuple[str | None, HeardWord]]:
    """The words of a stretch with their speakers. A piece without one is said by whom the piece
    before is, or by the speaker of the stretch."""
    timing = _Timing(start)
    speaker = stretch.speaker
    for piece in stretch.pieces:
        speaker = piece.speaker or stretch.speaker or speaker
        yield from timing.take(piece, speaker)
    yield from timing.finish(stretch.end, following)


class _Timing:
    """Gives times to pieces that have none, while they come by."""

    def __init__(self, start: int) -> None:
        self._reached = start
        self._waiting: list[tuple[Piece, str | None]] = []

    def take(self, piece: Piece, speaker: str | None) -> Iterator[tuple[str | None, HeardWord]]:
        if piece.start is not None:
            yield from self._place(piece.start)
            self._reached = piece.start
        if piece.start is not None and piece.end is not None:
            self._reached = max(piece.start, piece.end)
            yield from _words(piece, speaker, piece.start, self._reached)
        else:
            self._waiting.append((piece, speaker))
            if piece.end is not None:
                yield from self._place(piece.end)

    def finish(
        self, end: int | None, following: int | None
    ) -> Iterator[tuple[str | None, HeardWord]]:
        """The words that wait still, up to the end of the stretch or else at a likely pace."""
        if end is None:
            signs = sum(len(piece.text) + 1 for piece, _ in self._waiting)
            end = self._reached + SIGN_MS * signs
            if following is not None and following > self._reached:
                end = min(end, following)
        yield from self._place(end)

    def _place(self, end: int) -> Iterator[tuple[str | None, HeardWord]]:
        """Share the time up to `end` out among the pieces that wait."""
        if not self._waiting:
            return
        texts = [piece.text for piece, _ in self._waiting]
        most = sum(max(WORD_MS * len(text.split()), 2 * SIGN_MS * len(text)) for text in texts)
        end = min(max(end, self._reached), self._reached + most)
        times = shared(texts, self._reached, end)
        for (piece, speaker), (start, stop) in zip(self._waiting, times, strict=True):
            yield from _words(piece, speaker, start, stop, estimated=True)
        self._reached = end
        self._waiting = []


def _words(
    piece: Piece, speaker: str | None, start: int, end: int, *, estimated: bool = False
) -> Iterator[tuple[str | None, HeardWord]]:
    texts = words_of(piece.text)
    times = shared(texts, start, end)
    inner = replace(piece.annotation, notes=()) if piece.annotation.notes else piece.annotation
    for number, (text, (begins, ends)) in enumerate(zip(texts, times, strict=True), 1):
        yield (
            speaker,
            _Word(
                text,
                begins,
                ends,
                piece.confidence,
                estimated=estimated or len(texts) > 1,
                source=IMPORTED,
                annotation=piece.annotation if number == len(texts) else inner,
            ),
        )


def one_after_another(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Stretches whose times are whole seconds, or not there at all, each with its own start.

    What follows a time before the next larger one shares the time between them, or less at a
    likely pace, so that what was said in the same second stays in its order.
    """
    placed: list[list[Piece]] = [[] for _ in stretches]
    group: list[tuple[int, Piece]] = []
    begun = 0

    def place(until: int | None) -> None:
        texts = [piece.text for _, piece in group]
        end = begun + SIGN_MS * sum(len(text) + 1 for text in texts)
        end = end if until is None else min(end, until)
        for (row, piece), (start, _) in zip(group, shared(texts, begun, end), strict=True):
            placed[row].append(Piece(piece.text, start, annotation=piece.annotation))

    for row, stretch in enumerate(stretches):
        for number, piece in enumerate(stretch.pieces):
            start = stretch.start if piece.start is None and not number else piece.start
            if start is not None and start > begun:
                place(start)
                group, begun = [], start
            group.append((row, piece))
    place(None)
    return [
        Stretch(tuple(pieces), speaker=stretch.speaker)
        for stretch, pieces in zip(stretches, placed, strict=True)
    ]


def attached(items: Iterable[tuple[Piece, str]]) -> list[Piece]:
    """Words with the signs put to them: each item says where it belongs.

    That is "" for a word, and for a sign "previous", "next", "both" or, to stand alone, "none".
    """
    line: list[Piece] = []
    lead, since = "", None
    for piece, side in items:
        sign = piece.text.strip()
        joins = side in ("previous", "both")
        if joins and line and not lead and len(line[-1].text) < LONGEST_TEXT:
            before = line.pop()
            whole = before.text.rstrip() + sign
            if side == "both":
                lead, since = whole, before.start
            else:
                line.append(replace(before, text=whole))
        elif side == "next" and len(lead) < LONGEST_TEXT:
            lead += sign
        else:
            start = piece.start if since is None else since
            line.append(replace(piece, text=lead + piece.text.lstrip(), start=start))
            lead, since = "", None
    return [*line, Piece(lead, since)] if lead else line


def dressed(pieces: Sequence[Piece], text: str) -> list[Piece]:
    """Bare words ("yes") with the capitals and signs that the running text gives them ("Yes,")."""
    tokens = words_of(text)
    bare = [_bare(token) for token in tokens]
    line: list[Piece] = []
    at = 0
    for piece in pieces:
        wanted = _bare(piece.text)
        place = next((at + n for n in range(NEAR) if _covers(bare, at + n, wanted)), None)
        if place is None:
            line.append(piece)
            continue
        at = place + _covers(bare, place, wanted)
        while at < len(bare) and not bare[at] and at - place < LONGEST_TEXT:
            at += 1
        line.append(replace(piece, text=" ".join(tokens[place:at])))
    return line


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _covers(bare: Sequence[str], place: int, wanted: str) -> int:
    """How many tokens from this place on make up the wanted word; 0 if they do not."""
    got = ""
    for count, token in enumerate(bare[place : place + 2 * NEAR], start=1):
        got += token
        if not wanted.startswith(got) or not wanted:
            return 0
        if got == wanted:
            return count
    return 0
