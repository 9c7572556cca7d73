"""What was found out elsewhere of who speaks when, put onto words that are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from granite_studio.core.document import Document, Segment, TranslatedText, Translation, Word
from granite_studio.core.edits.anchors import join_translations
from granite_studio.core.edits.speakers import add_speaker, clean_name
from granite_studio.core.edits.splicing import splice
from granite_studio.core.edits.turns import Turn, Turns
from granite_studio.core.edits.weaving import goes_on


@dataclass(frozen=True, slots=True)
class Assigned:
    """A transcript by turns: how many of its words got another speaker, and how many lie in no
    turn and kept theirs."""

    document: Document
    changed: int
    outside: int


def assign_turns(document: Document, turns: Iterable[Turn]) -> Assigned:
    """Give every word to whom it is said by; texts, times and marks stay.

    That is the speaker of the turn that the word overlaps most, or else of the nearest one, at
    most `turns.NEAR` ms away; other words keep theirs. Where several turns fit as well, a word
    stays with its speaker, or goes where the word before it went. A name is that of a speaker who
    is there, also in other letters ("ANNA_BERG"); others are new. Paragraphs are parted where the
    speaker changes, and joined where only their speakers parted them. Speakers who lost their
    last word go.
    """
    names = _Names(document)
    ids = ((turn.span, names.id_of(turn.speaker)) for turn in turns)
    told = Turns((span, speaker) for span, speaker in ids if speaker is not None)
    parted: dict[int, list[_Part]] = {}
    changed = outside = 0
    for row, segment in enumerate(document.segments):
        said_by = [*_said_by(segment, told)]
        outside += said_by.count(None)
        known = [segment.speaker if speaker is None else speaker for speaker in said_by]
        others = len(known) - known.count(segment.speaker)
        if others:
            parted[row], changed = _parts(segment, known), changed + others
    if not parted:
        return Assigned(document, 0, outside)
    losing = {document.segments[row].speaker for row in parted}
    after = _written(*names.added(document, parted))
    return Assigned(_without_silent(after, losing), changed, outside)


@dataclass(frozen=True, slots=True)
class _Part:
    """Words of a paragraph that one person says."""

    speaker: int | None
    words: tuple[Word, ...]


Parted = Mapping[int, Sequence[_Part]]
"""The paragraphs that change, by their row."""


class _Names:
    """The speakers whom turns name, by their ids; new ones are counted down from -1."""

    def __init__(self, document: Document) -> None:
        self._ids = {speaker.name: speaker.id for speaker in document.speakers}
        self._loosely = {_loose(speaker.name): speaker.id for speaker in document.speakers}
        self._new: list[str] = []

    def id_of(self, name: str | None) -> int | None:
        """None for nobody known."""
        cleaned = clean_name(name or "")
        if not cleaned:
            return None
        if cleaned not in self._ids:
            found = self._loosely.get(_loose(cleaned))
            if found is None:
                self._new.append(cleaned)
            self._ids[cleaned] = -len(self._new) if found is None else found
        return self._ids[cleaned]

    def added(self, document: Document, parted: Parted) -> tuple[Document, Parted]:
        """The transcript with those new speakers who say something, and the ids they got."""
        ids: dict[int | None, int] = {}
        for part in (part for parts in parted.values() for part in parts):
            if part.speaker is not None and part.speaker < 0 and part.speaker not in ids:
                document, speaker = add_speaker(document, self._new[-part.speaker - 1])
                ids[part.speaker] = speaker.id
        return document, {
            row: [_Part(ids.get(part.speaker, part.speaker), part.words) for part in parts]
            for row, parts in parted.items()
        }


def _loose(name: str) -> str:
    """A name as it is compared: files that hold no blanks write underscores for them."""
    return " ".join(name.replace("_", " ").casefold().split())


def _said_by(segment: Segment, told: Turns) -> Iterable[int | None]:
    """Who says each word; None where no turn tells."""
    before: int | None = None
    for word in segment.words:
        speaker = told.speaker_of(word, (segment.speaker, before))
        before = before if speaker is None else speaker
        yield speaker


def _parts(segment: Segment, said_by: Sequence[int | None]) -> list[_Part]:
    told = zip(said_by, segment.words, strict=True)
    return [
        _Part(speaker, tuple(word for _, word in group))
        for speaker, group in groupby(told, key=lambda item: item[0])
    ]


def _written(document: Document, parted: Parted) -> Document:
    """Put the parts in the place of their paragraphs. The first of each keeps its id."""
    first, last = max(min(parted) - 1, 0), min(max(parted) + 2, len(document.segments))
    next_id = document.next_id
    pieces: list[Segment] = []
    was: dict[int, int | None] = {}
    for row in range(first, last):
        segment = document.segments[row]
        if row not in parted:
            pieces.append(segment)
        for number, part in enumerate(parted.get(row, ())):
            piece_id = next_id if number else segment.id
            next_id += 1 if number else 0
            pieces.append(Segment(piece_id, part.words, part.speaker))
            was[piece_id] = segment.speaker
        was[segment.id] = segment.speaker
    pieces.sort(key=attrgetter("start"))
    lanes = _Lanes(document)
    line = [
        group[0] if len(group) == 1 else _joined(group, document.next_id, lanes)
        for group in _groups(pieces, was)
    ]
    return splice(lanes.put_into(document), first, last - first, line, next_id=next_id)


def _groups(pieces: Iterable[Segment], was: Mapping[int, int | None]) -> list[list[Segment]]:
    """Paragraphs of one speaker in a row that only their speakers parted before."""
    groups: list[list[Segment]] = []
    said: list[Word] = []
    for piece in pieces:
        before = groups[-1][-1] if groups else None
        if (
            before is not None
            and before.speaker == piece.speaker
            and was[before.id] != was[piece.id]
            and before.end <= piece.start
            and goes_on(said, piece.start)
        ):
            groups[-1].append(piece)
            said += piece.words
        else:
            groups.append([piece])
            said = [*piece.words]
    return groups


def _joined(group: Sequence[Segment], newest: int, lanes: _Lanes) -> Segment:
    """One paragraph of several. One that was there before (its id is below `newest`) lives on."""
    kept = next((piece.id for piece in group if piece.id < newest), group[0].id)
    lanes.join(group, kept)
    return Segment(kept, tuple(word for piece in group for word in piece.words), group[0].speaker)


class _Lanes:
    """The translated texts of a transcript, by their paragraphs."""

    def __init__(self, document: Document) -> None:
        self._texts = [
            (lane, {text.segment: text for text in lane.texts}) for lane in document.translations
        ]
        self._is_changed = False

    def join(self, group: Sequence[Segment], kept: int) -> None:
        """Make one text of those of a group, in each language."""
        for lane, texts in self._texts:
            mine = [texts[piece.id] for piece in group if piece.id in texts]
            if not mine or [text.segment for text in mine] == [kept]:
                continue
            text = _one_text(group, replace(lane, texts=tuple(mine)))
            for piece in group:
                texts.pop(piece.id, None)
            texts[kept] = replace(text, segment=kept)
            self._is_changed = True

    def put_into(self, document: Document) -> Document:
        """The same document where no text was joined."""
        if not self._is_changed:
            return document
        lanes = (replace(lane, texts=tuple(texts.values())) for lane, texts in self._texts)
        return replace(document, translations=tuple(lanes))


def _one_text(group: Sequence[Segment], lane: Translation) -> TranslatedText:
    one, document = group[0], Document(translations=(lane,))
    for piece in group[1:]:
        document = replace(document, segments=(one, piece))
        document = join_translations(document, one.id, piece.id)
        one = replace(one, words=(*one.words, *piece.words))
    (text,) = document.translations[0].texts
    return text


def _without_silent(document: Document, losing: set[int | None]) -> Document:
    """Take out those of these speakers of whom no word is left."""
    said_by = {segment.speaker for segment in document.segments}
    left = tuple(s for s in document.speakers if s.id in said_by or s.id not in losing)
    return replace(document, speakers=left) if len(left) < len(document.speakers) else document
